//! Judges what is asked of an agreement, and says what follows.

use chrono::{Days, NaiveDate};

use super::command::{AgreementCommand, Copy, Paper};
use super::signing::{AgreementKind, SigningCheck};
use super::{
    AGREEMENT, Agreement, AgreementAct, AgreementState, CHECK_DAYS, Contract, ISSUE_DAYS, IssuedPaper, LINK_DAYS, SIGNING_DAYS,
    SignedCopy, Trigger,
};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Stage;
use crate::domain::command::{Change, Told};
use crate::domain::condition::{Asked, Condition, admit};
use crate::domain::decide::{Decision, Setting};
use crate::domain::event::{Detail, EventKind};
use crate::domain::facts::{ExistingAgreement, NamedPerson};
use crate::domain::notice::{Audience, Notice};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::section::ProductState;
use crate::domain::words::SigningId;

impl Product {
    /// Whether the agreement may be issued.
    #[must_use]
    pub fn may_be_issued(&self, trigger: Trigger) -> bool {
        match trigger {
            Trigger::NonFunctional => self.is_stage_accepted(Stage::NonFunctional),
            Trigger::Sections => self.is_all_accepted(),
            Trigger::Certificate => self.certificate().is_some(),
        }
    }

    /// Whether the supplier still has to say who signs: not where the first agreement of a product repeats one that the
    /// organisation's officer has signed already, for which nobody signs again.
    #[must_use]
    pub fn needs_signatory(&self) -> bool {
        let (agreement, officer) = (self.agreement(), &self.party.signatory);
        let is_repeated = agreement.number == 1 && self.party.existing == Some(ExistingAgreement::SamePerson);
        let is_known = !(officer.name.is_empty() || officer.job_title.is_empty());
        !(agreement.is_signatory_named() || is_repeated && is_known)
    }
}

/// Judges what is asked of a product's present agreement.
pub struct Judge<'a> {
    /// What rules are asked with.
    pub setting: &'a Setting<'a>,
    /// Who asks.
    pub actor: &'a Actor,
    /// The product.
    pub product: &'a Product,
}

impl Judge<'_> {
    fn present(&self) -> Agreement {
        self.product.agreement().clone()
    }

    fn working_days_after(&self, days: u32) -> NaiveDate {
        let today = self.setting.today();
        self.setting.calendar.after(today, days, &self.product.pauses).map_or(today, |d| d.on)
    }

    fn row(&self, act: AgreementAct, content: &dyn Fn(Condition) -> bool) -> Result<AgreementState, Refusal> {
        let present = self.product.agreement();
        let asked = Asked { actor: self.actor, product: self.product, from: present.state, act };
        let party = &self.product.party;
        let is_party = matches!(party.existing, Some(ExistingAgreement::SamePerson | ExistingAgreement::OtherPerson));
        let rules: [(Condition, &dyn Fn() -> bool); 5] = [
            (Condition::InProgress, &|| self.product.state == ProductState::Active),
            (Condition::TriggerMet, &|| self.product.may_be_issued(self.setting.trigger)),
            (Condition::PartyKnown, &|| !(party.registered_name.is_empty() || party.address.is_empty())),
            (Condition::SignatoryNamed, &|| present.is_signatory_named()),
            (Condition::AlreadyParty, &|| is_party),
        ];
        let stands = |c: Condition| rules.iter().all(|(about, holds)| *about != c || holds());
        admit(AGREEMENT, &asked, AgreementState::sentence, &|c| stands(c) && content(c))
    }

    /// Whether a page may offer an act now, its contents aside.
    ///
    /// # Errors
    /// The reason why not.
    pub fn offer(&self, act: AgreementAct) -> Result<(), Refusal> {
        self.row(act, &|_| true).map(|_| ())
    }

    /// The conditions that depend on what is in the command.
    fn holds(&self, condition: Condition, command: &AgreementCommand) -> bool {
        use AgreementCommand as C;
        let issued_on = self.product.agreement().issue.as_ref().map(|i| i.on);
        let in_time = |copy: &Copy| copy.signed_on <= self.setting.today() && issued_on.is_some_and(|on| copy.signed_on >= on);
        let rules: [(Condition, &dyn Fn() -> bool); 5] = [
            (Condition::Authorised, &|| !matches!(command, C::Sign(copy) if !copy.is_authorised)),
            (Condition::SignedInTime, &|| !matches!(command, C::Sign(copy) if !in_time(copy))),
            (
                Condition::CopyChecked,
                &|| !matches!(command, C::Accept(checks) if !SigningCheck::ALL.iter().all(|c| checks.contains(c))),
            ),
            (Condition::Explained, &|| !matches!(command, C::Return(why) | C::Renew(why) if why.trim().is_empty())),
            (Condition::AlreadyParty, &|| !matches!(command, C::Reissue(paper) if paper.kind != AgreementKind::Reissued)),
        ];
        rules.iter().all(|(about, holds)| *about != condition || holds())
    }

    /// Permits or refuses a command.
    ///
    /// # Errors
    /// The reason why not.
    pub fn decide(&self, command: &AgreementCommand) -> Result<Decision, Refusal> {
        let to = self.row(command.act(), &|c| self.holds(c, command))?;
        match command {
            AgreementCommand::Name(person, link) => Ok(self.name(person, *link, to)),
            AgreementCommand::Issue(paper, link) => Ok(self.issue(paper, *link, to)),
            AgreementCommand::Reissue(paper) => Ok(self.reissue(paper, to)),
            AgreementCommand::Sign(copy) => Ok(self.sign(copy, to)),
            AgreementCommand::Accept(_) => Ok(self.accept(None, to)),
            AgreementCommand::Record(contract) => Ok(self.accept(Some(contract), to)),
            AgreementCommand::Return(why) => Ok(self.send_back(why, to)),
            AgreementCommand::Renew(why) => Ok(self.renew(why, to)),
        }
    }

    fn changed(mut record: Agreement, to: AgreementState, kind: EventKind, detail: Detail) -> Change {
        record.state = to;
        Change::Agreed(Box::new(record), Told { kind, detail })
    }

    /// Asks the signatory to sign, by a link of their own.
    fn ask(&self, decision: Decision, person: &NamedPerson, link: SigningId) -> Decision {
        let audience = Audience::Address { name: person.name.clone(), email: person.email.clone() };
        let until = self.setting.today() + Days::new(LINK_DAYS);
        let (by, organisation) = (self.actor.name().to_owned(), self.product.party.legal_name(&self.product.organisation_name));
        decision.telling(audience, Notice::SignatureAsked { signing: link, by, organisation: organisation.to_owned(), until })
    }

    fn name(&self, person: &NamedPerson, link: SigningId, to: AgreementState) -> Decision {
        let present = self.present();
        if present.signatory == *person {
            return Decision::new(Vec::new());
        }
        let is_first = !present.is_signatory_named();
        // Nothing could be issued before, so the days that were promised begin now.
        let from_now = present.issue_by.filter(|_| is_first).map(|by| by.max(self.working_days_after(ISSUE_DAYS)));
        let record = Agreement {
            signatory: person.clone(),
            link: Some(link),
            named_on: if is_first { Some(self.setting.today()) } else { present.named_on },
            issue_by: from_now.or(present.issue_by),
            ..present
        };
        let decision = Decision::new(vec![Self::changed(record, to, EventKind::SignatoryNamed, Detail::default())]);
        match to {
            AgreementState::Issued | AgreementState::Returned => self.ask(decision, person, link),
            AgreementState::NotIssued | AgreementState::Signed | AgreementState::Accepted => decision,
        }
    }

    fn issued(&self, paper: &Paper) -> IssuedPaper {
        IssuedPaper {
            terms: paper.terms.clone(),
            kind: paper.kind,
            data_role: paper.data_role,
            parties: paper.parties.clone(),
            on: self.setting.today(),
            sign_by: self.working_days_after(SIGNING_DAYS),
            by: self.actor.name().to_owned(),
            pdf: paper.pdf.clone(),
            pages: paper.pages,
            reason: paper.reason.clone(),
        }
    }

    fn issue(&self, paper: &Paper, link: SigningId, to: AgreementState) -> Decision {
        let present = self.present();
        // Pressed twice: the same document, of the same day, is out already.
        if present.state == to && present.issue.as_ref().is_some_and(|i| i.pdf == paper.pdf) {
            return Decision::new(Vec::new());
        }
        let person = present.signatory.clone();
        let issue = self.issued(paper);
        let detail = Detail { digest: paper.pdf.clone(), reply_by: Some(issue.sign_by), ..Detail::default() };
        let notice = Notice::AgreementIssued { signatory: person.name.clone(), sign_by: issue.sign_by };
        let record =
            Agreement { issue: Some(issue), link: Some(link), signed: None, issue_by: None, reason: String::new(), ..present };
        let decision = Decision::new(vec![Self::changed(record, to, EventKind::AgreementIssued, detail)]);
        self.ask(decision.telling(Audience::Team, notice), &person, link)
    }

    fn reissue(&self, paper: &Paper, to: AgreementState) -> Decision {
        let accepted = Some((self.actor.name().to_owned(), self.setting.today()));
        let detail = Detail { digest: paper.pdf.clone(), ..Detail::default() };
        let record = Agreement { issue: Some(self.issued(paper)), issue_by: None, link: None, accepted, ..self.present() };
        Decision::new(vec![Self::changed(record, to, EventKind::AgreementReissued, detail)])
            .telling(Audience::Team, Notice::AgreementReissued)
    }

    fn sign(&self, copy: &Copy, to: AgreementState) -> Decision {
        let present = self.present();
        let check_by = self.working_days_after(CHECK_DAYS);
        let signed = SignedCopy {
            signed_on: copy.signed_on,
            name: copy.name.clone(),
            digest: copy.digest.clone(),
            size: copy.size,
            pages: copy.pages,
            has_signature_field: copy.has_signature_field,
            has_issued_text: copy.has_issued_text,
            issued: present.issue.as_ref().map(|i| i.pdf.clone()).unwrap_or_default(),
            sent_by: self.actor.name().to_owned(),
            sent_on: self.setting.today(),
            check_by,
        };
        let detail = Detail { digest: copy.digest.clone(), reply_by: Some(check_by), ..Detail::default() };
        let record = Agreement { signed: Some(signed), reason: String::new(), ..present };
        Decision::new(vec![Self::changed(record, to, EventKind::AgreementSigned, detail)])
            .telling(Audience::Team, Notice::AgreementSigned { by: self.actor.name().to_owned(), check_by })
            .telling(Audience::Staff, Notice::AgreementToCheck { check_by })
    }

    fn accept(&self, contract: Option<&Contract>, to: AgreementState) -> Decision {
        let accepted = Some((self.actor.name().to_owned(), self.setting.today()));
        let present = self.present();
        let contract = contract.cloned().or_else(|| present.contract.clone());
        let subject = contract.as_ref().map(|c| c.number.clone()).unwrap_or_default();
        let record = Agreement { contract, accepted, link: None, reason: String::new(), ..present };
        let detail = Detail { subject, ..Detail::default() };
        Decision::new(vec![Self::changed(record, to, EventKind::AgreementAccepted, detail)])
            .telling(Audience::Team, Notice::AgreementAccepted)
    }

    fn send_back(&self, why: &str, to: AgreementState) -> Decision {
        let present = self.present();
        let detail = Detail { reason: why.to_owned(), ..Detail::default() };
        let (person, link) = (present.signatory.clone(), present.link);
        let record = Agreement { reason: why.to_owned(), ..present };
        let decision = Decision::new(vec![Self::changed(record, to, EventKind::AgreementReturned, detail)])
            .telling(Audience::Team, Notice::AgreementReturned);
        match link {
            Some(link) => self.ask(decision, &person, link),
            None => decision,
        }
    }

    fn renew(&self, why: &str, to: AgreementState) -> Decision {
        let present = self.present();
        let issue_by = self.product.may_be_issued(self.setting.trigger).then(|| self.working_days_after(ISSUE_DAYS));
        let record =
            Agreement { signatory: present.signatory, issue_by, reason: why.to_owned(), ..Agreement::next(present.number) };
        let detail = Detail { reason: why.to_owned(), ..Detail::default() };
        Decision::new(vec![Self::changed(record, to, EventKind::AgreementRenewed, detail)])
            .telling(Audience::Team, Notice::AgreementRenewed)
    }

    /// The change by which the agreement becomes due, once what it waits for has happened.
    #[must_use]
    pub fn due(&self) -> Change {
        let by = self.working_days_after(ISSUE_DAYS);
        let record = Agreement { issue_by: Some(by), ..self.present() };
        let detail = Detail { reply_by: Some(by), ..Detail::default() };
        Self::changed(record, AgreementState::NotIssued, EventKind::AgreementDue, detail)
    }
}
