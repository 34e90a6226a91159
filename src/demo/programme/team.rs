//! Beside the products of the demonstration: what each reviews and how much, an interest, saved views, an invitation.

use anyhow::Context;

use super::Programme;
use crate::demo::cast::{AMINA, GRACE, PRIYA, SAM, TOM, actor};
use crate::domain::account::Place;
use crate::domain::catalogue::Section;
use crate::store::reviewer::ReviewerFacts;

impl Programme<'_> {
    /// Sets it, after everything that the reviewers did.
    pub(super) async fn team(&self) -> anyhow::Result<()> {
        let (amina, sam, grace) = (actor(self.db, AMINA).await?, actor(self.db, SAM).await?, actor(self.db, GRACE).await?);
        let usual = [Section::DataSecurity, Section::ClinicalRisk, Section::ServiceManagement].into();
        self.db.set_reviewer(&grace, amina.person(), &ReviewerFacts { skills: usual, a_week: Some(8) }, self.now).await?;
        let technical = [Section::CoreConformance, Section::Cis2Conformance].into();
        self.db.set_reviewer(&sam, sam.person(), &ReviewerFacts { skills: technical, a_week: None }, self.now).await?;
        let medibridge = *self.organisations.get(1).context("three organisations")?;
        let reason = "I wrote the sign-in of their theatre system before I came to the NHS.";
        self.db.declare_interest(&sam, (sam.person(), medibridge), reason, self.now).await?;
        for (who, name, address) in [
            (&grace, "Late and nobody’s", "/queue?assigned=nobody&due=overdue"),
            (&grace, "With us", "/products?turn=team"),
            (&amina, "Clinical risk", "/queue?section=clinical-risk"),
        ] {
            self.db.add_view(who, (name, address), self.now).await?;
        }
        Ok(())
    }

    /// One invitation and one forgotten password that are still open.
    pub(super) async fn invitations(&self) -> anyhow::Result<()> {
        let priya = actor(self.db, PRIYA).await?;
        let organisation = *self.organisations.first().context("an organisation")?;
        let who = ("Alex Green", "alex.green@wardlight.example.com");
        self.db.invite(&priya, who, &Place::Supplier(organisation, crate::domain::actor::Membership::Editor), self.now).await?;
        Ok(self.db.ask_reset(TOM, self.now).await?)
    }
}
