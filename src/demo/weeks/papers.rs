//! From a passed test to live: certificate, agreement, going live, and what changes afterwards.

use std::collections::BTreeSet;

use anyhow::Context;
use chrono::{DateTime, Duration, Utc};

use super::agenda::Deed;
use super::simulation::Simulation;
use super::work::Work;
use crate::demo::cast::GRACE;
use crate::domain::agreement::AgreementState;
use crate::domain::agreement::command::AgreementCommand;
use crate::domain::calendar::london_date;
use crate::domain::certificate::{CertificateCommand, CertificateState};
use crate::domain::command::Command;
use crate::domain::live::facts::DEPLOYMENT_DAYS;
use crate::domain::live::{Altered, LiveCommand, Touched};
use crate::domain::product::Product;
use crate::issue::Replacing;

use super::team::Colleague;

impl Simulation<'_> {
    /// A reviewer who is at work; without one nothing happens on that day.
    fn somebody(&self, p: &Product, at: DateTime<Utc>) -> Option<&Colleague> {
        self.free_reviewer(p, None, london_date(at))
    }

    /// A reviewer issues the certificate.
    pub(super) async fn certificate(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?;
        let Some(colleague) = self.somebody(p, at) else { return Ok(()) };
        let issued = self.programme.issuer.issue(&colleague.actor, (&p.reference, &Replacing::default()), at).await?;
        work.product = Some(issued);
        Ok(())
    }

    /// A certificate in doubt holds, or another one takes its place.
    pub(super) async fn doubt(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?.clone();
        let Some(colleague) = self.somebody(&p, at) else { return Ok(()) };
        let number = p.certificate().map(|c| c.content.number.clone()).context("a certificate")?;
        work.product = Some(if work.dice.chance(0.4) {
            let replacing = Replacing { number, reason: "The sign-in was changed, and the certificate says so now.".to_owned() };
            self.programme.issuer.issue(&colleague.actor, (&p.reference, &replacing), at).await?
        } else {
            let reason = "The change was shown in a call and touches nothing that was tested.".to_owned();
            let command = Command::Certificate(CertificateCommand::Keep { number, reason });
            self.programme.act(colleague.own.email, &p, command, at).await?
        });
        Ok(())
    }

    /// The supplier says who signs.
    pub(super) async fn signatory(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let firm = self.firm(work)?;
        work.product = Some(firm.programme.name_officer(firm.owner, work.product()?, at).await?);
        Ok(())
    }

    /// A reviewer issues the agreement.
    pub(super) async fn agreement_issue(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?;
        let Some(colleague) = self.somebody(p, at) else { return Ok(()) };
        work.product = Some(self.programme.issue_paper(colleague.own.email, p, at).await?);
        Ok(())
    }

    /// The supplier sends the signed copy.
    pub(super) async fn signature(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let firm = self.firm(work)?;
        work.product = Some(firm.programme.sign(firm.owner, work.product()?, at).await?);
        Ok(())
    }

    /// A reviewer accepts the signed copy, or sends it back.
    pub(super) async fn signed_copy(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?.clone();
        let Some(colleague) = self.somebody(&p, at) else { return Ok(()) };
        let email = colleague.own.email;
        work.product = Some(if work.dice.chance(0.15) {
            let why = "Page 3 is missing, and the date of signing cannot be read.".to_owned();
            self.programme.agree(email, &p, AgreementCommand::Return(why), at).await?
        } else {
            self.programme.accept_copy(email, &p, at).await?
        });
        Ok(())
    }

    /// The supplier gives the production configuration.
    pub(super) async fn production(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let firm = self.firm(work)?;
        let planned = at + Duration::days(DEPLOYMENT_DAYS + 4);
        work.product = Some(firm.programme.configure(firm.owner, work.product()?, (at, planned)).await?);
        Ok(())
    }

    /// The product goes live; some change afterwards.
    pub(super) async fn go_live(&mut self, work: &mut Work, (at, number): (DateTime<Utc>, usize)) -> anyhow::Result<()> {
        let command = Command::Live(LiveCommand::GoLive(london_date(at)));
        work.product = Some(self.programme.act(GRACE, work.product()?, command, at).await?);
        if work.dice.chance(0.25) {
            let then = self.later(&mut work.dice, at, 20.0)?;
            self.agenda.plan((then, number, Deed::Alter));
        }
        if work.dice.chance(0.14) {
            let then = self.later(&mut work.dice, at, 20.0)?;
            self.agenda.plan((then, number, Deed::Renew));
        }
        Ok(())
    }

    /// The supplier records a change that the certificate speaks of.
    pub(super) async fn alter(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?;
        if p.certificate().is_none_or(|c| c.state != CertificateState::Valid) {
            return Ok(());
        }
        let changes = [
            (Touched::Logout, "Logout notices now arrive at another address, behind our new gateway."),
            (Touched::Keys, "The signing key is in another vault now, and changes every 3 months."),
            (Touched::Sessions, "The product now ends a session after 10 minutes without activity, and not after 15."),
        ];
        let (touched, what) = *work.dice.pick(&changes).context("a change")?;
        let altered = Altered { touched: BTreeSet::from([touched]), what: what.to_owned() };
        let firm = self.firm(work)?;
        let command = Command::Live(LiveCommand::Alter(altered));
        work.product = Some(firm.programme.act(firm.owner, work.product()?, command, at).await?);
        Ok(())
    }

    /// The team begins another agreement with a supplier that has changed.
    pub(super) async fn renew(&mut self, work: &mut Work, at: DateTime<Utc>) -> anyhow::Result<()> {
        let p = work.product()?;
        let Some(colleague) = self.somebody(p, at).filter(|_| p.agreement().state == AgreementState::Accepted) else {
            return Ok(());
        };
        let why = "The company has moved, and its registered address is another one now.".to_owned();
        work.product = Some(self.programme.agree(colleague.own.email, p, AgreementCommand::Renew(why), at).await?);
        Ok(())
    }
}
