//! The judge of certificates: what may be asked of one now, what it would say, and what follows.

use super::CertificateAct::{self, Doubt, Issue, Keep, Prepare, Replace, Void, Withdraw};
use super::CertificateState::{self, Absent, Replaced, Valid, Withdrawn};
use super::{CERTIFICATE, Certificate, CertificateCommand, Content};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Stage;
use crate::domain::command::{Change, Told};
use crate::domain::condition::Condition::{Explained, InProgress, OneAtATime, TechnicalAccepted, TestPassed};
use crate::domain::condition::{Asked, Condition, admit};
use crate::domain::decide::{Decision, Setting};
use crate::domain::demonstration::DemonstrationState;
use crate::domain::event::{Detail, EventKind};
use crate::domain::notice::{Audience, Notice};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::section::ProductState;

/// Judges what is asked of a product's certificates.
pub struct Judge<'a> {
    /// What rules are asked with.
    pub setting: &'a Setting<'a>,
    /// Who asks.
    pub actor: &'a Actor,
    /// The product.
    pub product: &'a Product,
}

impl Judge<'_> {
    /// Whether a page may offer an act now, its contents aside.
    ///
    /// # Errors
    /// The reason why not.
    pub fn offer(&self, act: CertificateAct) -> Result<(), Refusal> {
        let from = match act {
            Prepare => Absent,
            Issue | Void => self.product.prepared().map_or(Absent, |c| c.state),
            Doubt | Keep | Withdraw | Replace => self.product.certificate().map_or(Absent, |c| c.state),
        };
        self.row((from, act), &|_| true).map(|_| ())
    }

    fn row(
        &self,
        (from, act): (CertificateState, CertificateAct),
        content: &dyn Fn(Condition) -> bool,
    ) -> Result<CertificateState, Refusal> {
        let asked = Asked { actor: self.actor, product: self.product, from, act };
        admit(CERTIFICATE, &asked, CertificateState::sentence, &|c| self.holds(c) && content(c))
    }

    /// Whether a condition holds that depends on the product alone.
    fn holds(&self, condition: Condition) -> bool {
        let rules: [(Condition, &dyn Fn() -> bool); 4] = [
            (InProgress, &|| self.product.state == ProductState::Active),
            (TestPassed, &|| self.product.demonstration().state == DemonstrationState::Passed),
            (TechnicalAccepted, &|| self.product.is_stage_accepted(Stage::Technical)),
            (OneAtATime, &|| self.product.prepared().is_none()),
        ];
        rules.iter().all(|(about, holds)| *about != condition || holds())
    }

    /// Everything that stands in the way of issuing a certificate now, not only the first.
    #[must_use]
    pub fn obstacles(&self) -> Vec<Condition> {
        let prepare = CERTIFICATE.iter().filter(|r| r.act == Prepare);
        prepare.flat_map(|r| r.when).copied().filter(|c| !self.holds(*c)).collect()
    }

    /// What a certificate would say if it were issued now, without number and address.
    ///
    /// # Errors
    /// When no test was held.
    pub fn would_say(&self) -> Result<Content, Refusal> {
        self.content("", "")
    }

    /// Permits or refuses a command.
    ///
    /// # Errors
    /// The reason why not.
    pub fn decide(&self, command: &CertificateCommand) -> Result<Decision, Refusal> {
        let missing = Refusal::Unknown("that certificate");
        match command {
            CertificateCommand::Prepare { number, address, reason } => {
                let is_explained = self.product.certificate().is_none() || !reason.trim().is_empty();
                let to = self.row((Absent, Prepare), &|c| c != OneAtATime || is_explained)?;
                self.prepare((number, address, reason), to)
            }
            CertificateCommand::Issue { number, signed, pdf } => {
                let present = self.numbered(number).ok_or(missing)?;
                let to = self.row((present.state, Issue), &|_| true)?;
                Ok(self.issue(present, (signed, pdf), to))
            }
            CertificateCommand::Void(number) => {
                let present = self.numbered(number).ok_or(missing)?;
                let to = self.row((present.state, Void), &|_| true)?;
                Ok(Decision::new(vec![self.changed(present, to, EventKind::CertificateVoided)]))
            }
            CertificateCommand::Keep { number, reason } | CertificateCommand::Withdraw { number, reason } => {
                let present = self.numbered(number).ok_or(missing)?;
                let to = self.row((present.state, command.act()), &|c| c != Explained || !reason.trim().is_empty())?;
                Ok(self.settled(present, reason, to))
            }
        }
    }

    fn numbered(&self, number: &str) -> Option<&Certificate> {
        self.product.certificates.iter().find(|c| c.content.number == number)
    }

    fn changed(&self, present: &Certificate, to: CertificateState, kind: EventKind) -> Change {
        let record = Certificate { state: to, changed_on: self.setting.today(), ..present.clone() };
        let detail = Detail { subject: record.content.number.clone(), reason: record.reason.clone(), ..Detail::default() };
        Change::Certified(Box::new(record), Told { kind, detail })
    }

    fn prepare(&self, (number, address, reason): (&str, &str, &str), to: CertificateState) -> Result<Decision, Refusal> {
        if self.product.certificates.iter().any(|c| c.content.number == number) {
            return Err(Refusal::Unknown("a number that was never used"));
        }
        let record = Certificate {
            content: self.content(number, address)?,
            state: to,
            prepared_at: self.setting.now,
            signed: String::new(),
            pdf: String::new(),
            reason: reason.to_owned(),
            doubt: String::new(),
            changed_on: self.setting.today(),
            replaced_by: None,
        };
        Ok(Decision::new(vec![self.changed(&record, to, EventKind::CertificatePrepared)]))
    }

    fn content(&self, number: &str, address: &str) -> Result<Content, Refusal> {
        let product = self.product;
        let test = product.demonstration();
        let outcome = test.outcome.as_ref().ok_or(Refusal::Missing(TestPassed))?;
        let given = product.given(self.setting.catalogue, self.setting.today());
        let assessor = test.date.as_ref().and_then(|d| d.assessor.as_ref()).map_or(&outcome.by, |a| &a.name);
        let mut assessors = vec![assessor.clone(), outcome.by.clone()];
        assessors.dedup();
        let version = &test.facts.product_version;
        let open = outcome.observations.iter().filter(|o| o.settled.is_empty());
        Ok(Content {
            number: number.to_owned(),
            product: product.facts.name.clone(),
            version: if version.is_empty() { product.facts.version.clone() } else { version.clone() },
            reference: product.reference.clone(),
            organisation: product.party.legal_name(&product.organisation_name).to_owned(),
            ods_code: product.party.ods_code.clone(),
            scope: "Sign-in with NHS CIS2 Authentication: sign-in, back-channel logout, sessions and the Care Identity button."
                .to_owned(),
            assurance_level: given.label("cx-assurance-level").unwrap_or_default(),
            authenticator: test.facts.authenticator.map(|a| a.label().to_owned()).unwrap_or_default(),
            back_channel_logout: given.is_choice("cx-bcl-used", "yes"),
            tested_on: outcome.on,
            assessors,
            issued_on: self.setting.today(),
            issued_by: self.actor.name().to_owned(),
            conditions: open.map(|o| o.text.clone()).collect(),
            replaces: product.certificate().map(|c| c.content.number.clone()),
            question_set: product.question_set,
            address: address.to_owned(),
        })
    }

    fn issue(&self, present: &Certificate, (signed, pdf): (&str, &str), to: CertificateState) -> Decision {
        let issued = Certificate { signed: signed.to_owned(), pdf: pdf.to_owned(), ..present.clone() };
        let mut changes = vec![self.changed(&issued, to, EventKind::CertificateIssued)];
        if let Some(former) = self.product.certificate() {
            let (reason, by) = (present.reason.clone(), Some(present.content.number.clone()));
            let former = Certificate { reason, replaced_by: by, ..former.clone() };
            changes.push(self.changed(&former, Replaced, EventKind::CertificateReplaced));
        }
        let number = present.content.number.clone();
        Decision::new(changes).telling(Audience::Team, Notice::CertificateIssued { number, on: self.setting.today() })
    }

    fn settled(&self, present: &Certificate, reason: &str, to: CertificateState) -> Decision {
        let doubt = if to == Valid { String::new() } else { present.doubt.clone() };
        let record = Certificate { reason: reason.to_owned(), doubt, ..present.clone() };
        let number = record.content.number.clone();
        let (kind, notice) = if to == Withdrawn {
            (EventKind::CertificateWithdrawn, Notice::CertificateWithdrawn { number })
        } else {
            (EventKind::CertificateKept, Notice::CertificateKept { number })
        };
        Decision::new(vec![self.changed(&record, to, kind)]).telling(Audience::Team, notice)
    }
}
