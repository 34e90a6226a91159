//! Questions of the demonstration that are with colleagues: given, answered, and waiting for somebody who is invited.

use super::Programme;
use crate::act::{Errand, assign};
use crate::demo::cast::{PRIYA, TOM, actor};
use crate::domain::catalogue::Section;
use crate::store::assignee::Named;

/// Who is invited to the first supplier.
const ALEX: &str = "alex.green@wardlight.example.com";

impl Programme<'_> {
    /// Gives them, after people were invited.
    pub(super) async fn colleagues(&self) -> anyhow::Result<()> {
        let note = "You looked after the toolkit last year. Can you take this one? The certificate is on the shared drive.";
        self.ask(PRIYA, "C2A-1003", (Section::DataSecurity, "ds-protection-measures"), (TOM, note)).await?;
        self.ask(PRIYA, "C2A-1003", (Section::Cis2Conformance, "cx-request-protection"), (TOM, "")).await?;
        self.ask(PRIYA, "C2A-1003", (Section::ServiceManagement, "sm-desk-phone"), (ALEX, "Welcome! Start here.")).await?;
        self.ask(TOM, "C2A-1003", (Section::ClinicalRisk, "cr-plan"), (PRIYA, "You have the approved version.")).await
    }

    async fn ask(
        &self,
        email: &str,
        reference: &str,
        (section, question): (Section, &str),
        (to, note): (&str, &str),
    ) -> anyhow::Result<()> {
        let to = Named::Address(to.to_owned(), String::new());
        let errand = Errand { section, question: question.to_owned(), to, note: note.to_owned() };
        assign(self.db, self.rules, &actor(self.db, email).await?, (reference, &errand), self.ago(1, 15)?).await?;
        Ok(())
    }
}
