//! First answers of a product that can still be improved: what the coach has something to say about.

use chrono::{DateTime, Duration, Utc};

use super::Programme;
use crate::demo::cast::{HELEN, PRIYA, TOM};
use crate::domain::answer::Value;
use crate::domain::catalogue::Section;
use crate::domain::product::Product;

const INCIDENTS: &str = "The desk sets severity 1 to 5 and answers in 30 minutes to 3 days, day and night: it is staffed 24/7. \
    Customers hear of faults and of planned work by email and on the status page. Who passes clinical faults on to the Clinical \
    Safety Officer is TBC.";
const HOURS: &str = "Weekdays 8am to 6pm. Closed at weekends and on bank holidays.";
const NOTICE: &str = "We tell our customers in the release notes two weeks before each release. The drafts are at \
    https://intranet/releases for whoever wants to look at them early.";
const WALKTHROUGH: &str = "The user presses the Care Identity button and signs in at CIS2. Our server exchanges the code with its \
    client secret, checks the signature, issuer and audience of the ID token and opens the start page. The user then chooses a ward, \
    and the product shows who works on it today. Signing in takes about ten seconds with a security key and a little longer with a \
    smartcard.";

const NO_ACCESS: &str = "Staff write on paper until they can sign in again. The team leader can hand out an emergency account for \
    the shift, and everybody is told about it when they start work with us.";

impl Programme<'_> {
    /// Sends a section in which one answer could be fuller.
    pub(super) async fn send_first_words(&self, product: Product, at: DateTime<Utc>) -> anyhow::Result<Product> {
        let section = Section::ClinicalRisk;
        let product = self.answer(HELEN, product, (section, usize::MAX), at).await?;
        let words = ("cr-loss-of-access", Value::Text(NO_ACCESS.to_owned()), at + Duration::minutes(20));
        let product = self.change(HELEN, &product, section, words).await?;
        self.send(HELEN, &product, section, at + Duration::minutes(40)).await
    }

    /// Answers a section in words that leave some things out and contradict each other.
    pub(super) async fn first_words(&self, product: Product) -> anyhow::Result<()> {
        let section = Section::ServiceManagement;
        let mut product = self.answer(TOM, product, (section, usize::MAX), self.ago(2, 10)?).await?;
        let words = [("sm-support-hours", HOURS), ("sm-incident-process", INCIDENTS), ("sm-change-notice", NOTICE)];
        for (minute, (key, text)) in (5..).zip(words) {
            let at = self.ago(2, 10)? + Duration::minutes(minute);
            product = self.change(TOM, &product, section, (key, Value::Text(text.to_owned()), at)).await?;
        }
        let walkthrough = ("cx-signin-walkthrough", Value::Text(WALKTHROUGH.to_owned()), self.ago(2, 11)?);
        self.change(PRIYA, &product, Section::Cis2Conformance, walkthrough).await?;
        Ok(())
    }
}
