//! Evidence of the demonstration that has a history: a certificate that was replaced, and one that has run out.

use anyhow::Context;
use chrono::{DateTime, Days, Utc};

use super::Programme;
use crate::demo::answers::evidence;
use crate::domain::answer::Value;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::product::Product;

impl Programme<'_> {
    /// Puts the certificate of the next period in the place of the one that is there.
    pub(super) async fn renew_certificate(&self, email: &str, product: &Product, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let file = evidence("iso27001-certificate.pdf", "ISO/IEC 27001 certificate, renewed", self.files).await?;
        let expires_on = london_date(at).checked_add_days(Days::new(700));
        let value = Value::Files { files: vec![file], expires_on };
        self.change(email, product, Section::DataSecurity, ("ds-isms-certificate", value, at)).await
    }

    /// Cyber Essentials as a product gave it that has waited a while: run out the day before.
    pub(super) async fn run_out(&self, email: &str, product: &Product, at: DateTime<Utc>) -> anyhow::Result<()> {
        let held = Value::Choice("basic".to_owned());
        let product = self.change(email, product, Section::DataSecurity, ("ds-cyber-essentials", held, at)).await?;
        let ended = london_date(self.now).pred_opt().context("a date")?;
        let key = "ds-cyber-essentials-expires-on";
        self.change(email, &product, Section::DataSecurity, (key, Value::Date(ended), at)).await?;
        Ok(())
    }
}
