//! What people of the demonstration typed and did not save: a draft, one that collides with a colleague's answer, and a post
//! whose log-in had run out.

use chrono::Duration;

use super::Programme;
use crate::demo::cast::{PRIYA, TOM, actor};
use crate::domain::answer::Value;
use crate::domain::catalogue::Section;
use crate::store::draft::Typed;

const PRODUCT: &str = "C2A-1003";

impl Programme<'_> {
    /// Types it.
    pub(super) async fn typed(&self) -> anyhow::Result<()> {
        let tom = actor(self.db, TOM).await?;
        let draft = async |section: Section, question: &str, fields: &[(&str, &str)], started_from: &str| {
            let typed = Typed {
                place: format!("/products/{}/sections/{section}/questions/{question}", PRODUCT.to_lowercase()),
                body: encoded(fields),
                started_from: started_from.to_owned(),
                files: Vec::new(),
            };
            self.db.keep_draft(&tom, typed, self.now - Duration::hours(20)).await
        };
        let product = self.db.visible(&tom).product(PRODUCT).await?;
        let edition = product.answers.get("cx-signin-walkthrough").map_or(0, |answer| answer.edition).to_string();
        let question = "cx-architecture";
        let text = "The user presses the Care Identity button. Our server makes a fresh state and nonce";
        let fields = [("edition-cx-signin-walkthrough", edition.as_str()), ("answer-cx-signin-walkthrough", text)];
        draft(Section::Cis2Conformance, question, &fields, "").await?;

        let saved = "Weekdays 8am to 6pm by the service desk. At night by the on-call engineer, who answers within 30 minutes.";
        let change = ("sm-support-hours", Value::Text(saved.to_owned()), self.ago(1, 15)?);
        self.change(PRIYA, &product, Section::ServiceManagement, change).await?;
        let text = "Weekdays 8am to 6pm by the service desk. On weekends by the on-call engineer, who answers within 15 minutes.";
        let fields = [("edition-sm-support-hours", "0"), ("answer-sm-support-hours", text)];
        draft(Section::ServiceManagement, "sm-desk-phone", &fields, "{\"sm-support-hours\":[0,null]}").await?;

        let fields = [("subject", "Test data for the rota"), ("text", "Which test users can we use for the rota in INT?")];
        let place = format!("/products/{}/messages", PRODUCT.to_lowercase());
        let typed = Typed { place, body: encoded(&fields), ..Typed::default() };
        self.db.keep_post("a log-in of the demonstration", tom.person(), typed, self.now).await?;
        self.db.claim_kept(tom.person(), None, self.now).await?;
        Ok(())
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
