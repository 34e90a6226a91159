//! What the page of an agreement says: whose turn it is, the tasks, what was issued, signed and accepted.

use chrono::NaiveDate;

use super::ctx::SignedIn;
use super::place::texts;
use crate::agreement_paper::{proposed, reference};
use crate::domain::agreement::judge::Judge;
use crate::domain::agreement::{Agreement, AgreementAct, AgreementState, Trigger};
use crate::domain::catalogue::{Section, Stage};
use crate::domain::decide::Setting;
use crate::domain::product::Product;
use crate::domain::section::{ProductState, SectionState};
use crate::error::Error;
use crate::words::{listed, long_date, short_date};

/// What happens next.
#[derive(Default)]
pub struct Step {
    /// Class of the edge: empty (the reader's turn), `us`, `done`, `quiet`.
    pub edge: &'static str,
    /// Bold beginning.
    pub lead: &'static str,
    /// The sentence.
    pub text: String,
    /// The date at its end.
    pub date: String,
    /// A second sentence.
    pub more: String,
    /// Address and words of the one thing to do.
    pub button: Option<(String, &'static str)>,
}

/// A row of the task list.
pub struct Task {
    /// Id.
    pub id: &'static str,
    /// Words.
    pub text: &'static str,
    /// Where it is done; empty when it cannot be done now.
    pub href: String,
    /// More about it.
    pub hint: String,
    /// Words of the tag.
    pub status: &'static str,
    /// Look of the tag.
    pub look: &'static str,
}

/// A product's agreement as one person sees it.
pub struct View<'a> {
    /// Who reads.
    pub me: &'a SignedIn,
    /// The product.
    pub product: &'a Product,
    /// What rules are asked with.
    pub setting: &'a Setting<'a>,
}

impl View<'_> {
    fn agreement(&self) -> &Agreement {
        self.product.agreement()
    }

    fn may(&self, act: AgreementAct) -> bool {
        Judge { setting: self.setting, actor: &self.me.actor, product: self.product }.offer(act).is_ok()
    }

    fn is_ours(&self) -> bool {
        self.me.actor.in_organisation(self.product.organisation).is_some()
    }

    fn at(&self, page: &str) -> String {
        format!("{}/agreement/{page}", self.product.address())
    }

    /// The button for an act, for whoever may do it now.
    fn button(&self, act: AgreementAct, page: &str, words: &'static str) -> Option<(String, &'static str)> {
        self.may(act).then(|| (self.at(page), words))
    }

    fn is_party_known(&self) -> bool {
        !(self.product.party.registered_name.is_empty() || self.product.party.address.is_empty())
    }

    /// What the agreement waits for before it may be issued; `None` when it may be.
    ///
    /// # Errors
    /// When the question set is not in this program.
    pub fn waits_for(&self) -> Result<Option<String>, Error> {
        if self.product.may_be_issued(self.setting.trigger) {
            return Ok(None);
        }
        let (which, what) = match self.setting.trigger {
            Trigger::NonFunctional => (Some(Stage::NonFunctional), "all 4 non-functional sections are accepted"),
            Trigger::Sections => (None, "all 6 sections are accepted"),
            Trigger::Certificate => {
                return Ok(Some("The agreement can be issued when the product has its certificate.".to_owned()));
            }
        };
        let counts = |s: &&Section| which.is_none_or(|stage| s.stage() == stage);
        let is_left = |s: &&Section| self.product.section(**s).state() != SectionState::Accepted;
        let left = Section::ALL.iter().filter(counts).filter(is_left);
        let left = left.map(|s| Ok(texts(self.setting.catalogue, *s)?.short.clone())).collect::<Result<Vec<_>, Error>>()?;
        let verb = if left.len() == 1 { "is" } else { "are" };
        let number = left.len();
        Ok(Some(format!("The agreement can be issued when {what}. {number} {verb} left: {}.", listed(&left))))
    }

    /// A promise of ours with its date, and an apology when it has passed.
    fn our_turn(&self, text: &str, by: Option<NaiveDate>, button: Option<(String, &'static str)>) -> Step {
        let is_late = by.is_some_and(|by| by < self.setting.today());
        let more = match (is_late, self.is_ours()) {
            (false, _) => "",
            (true, true) => "We have not done this on time. We’re sorry.",
            (true, false) => "This is overdue.",
        };
        Step {
            edge: "us",
            lead: "It’s our turn:",
            text: if by.is_some() { format!("{text} by") } else { format!("{text}.") },
            date: by.map(long_date).unwrap_or_default(),
            more: more.to_owned(),
            button,
        }
    }

    fn their_turn(&self, text: String) -> Step {
        let (edge, lead) = if self.is_ours() { ("", "It’s your turn.") } else { ("quiet", "It’s the supplier’s turn.") };
        Step { edge, lead, text, ..Step::default() }
    }

    /// Whose turn it is, and what they do.
    ///
    /// # Errors
    /// When the question set is not in this program.
    pub fn step(&self) -> Result<Step, Error> {
        let agreement = self.agreement();
        if self.product.state != ProductState::Active {
            let text = format!("This product {}. Nobody needs to do anything.", self.product.state.sentence());
            return Ok(Step { edge: "quiet", text, ..Step::default() });
        }
        let sign = || self.button(AgreementAct::Sign, "signature", "Send the signed agreement");
        Ok(match agreement.state {
            AgreementState::NotIssued => self.before_issue()?,
            AgreementState::Issued => {
                let by = agreement.issue.as_ref().map(|i| i.sign_by);
                let person = &agreement.signatory;
                let text = format!(
                    "{}, {}, needs to sign the agreement. We sent a link to {}. The signed agreement is expected by",
                    person.name, person.job_title, person.email
                );
                Step { date: by.map(long_date).unwrap_or_default(), button: sign(), ..self.their_turn(text) }
            }
            AgreementState::Returned => {
                let text = format!("The signed agreement came back: {}", agreement.reason);
                Step { button: sign(), ..self.their_turn(text) }
            }
            AgreementState::Signed => {
                let by = agreement.signed.as_ref().map(|s| s.check_by);
                let button = self.button(AgreementAct::Accept, "check", "Check the signed agreement");
                self.our_turn("we’re checking the signed agreement. You’ll have an answer", by, button)
            }
            AgreementState::Accepted => self.accepted(),
        })
    }

    fn before_issue(&self) -> Result<Step, Error> {
        let agreement = self.agreement();
        let name = || {
            let words = if agreement.is_signatory_named() { "Change who will sign" } else { "Say who will sign" };
            let is_shown = self.may(AgreementAct::Name) || (self.is_ours() && !self.is_party_known());
            is_shown.then(|| (self.at("signatory"), words))
        };
        let again =
            if agreement.reason.is_empty() { String::new() } else { format!("A new agreement is needed: {}", agreement.reason) };
        if let Some(waiting) = self.waits_for()? {
            let more = if again.is_empty() { "You can read the sample now.".to_owned() } else { again };
            let button = if self.product.needs_signatory() { name() } else { None };
            return Ok(Step { edge: "quiet", lead: "Nobody needs to sign yet.", text: waiting, more, button, ..Step::default() });
        }
        if !self.product.needs_signatory() && self.is_party_known() {
            let issue = || (self.at("issue"), "Issue the agreement");
            let may = self.may(AgreementAct::Issue) || self.may(AgreementAct::Reissue);
            let step = self.our_turn("we’ll issue the agreement", agreement.issue_by, may.then(issue));
            return Ok(Step { more: [step.more.as_str(), again.as_str()].join(" ").trim().to_owned(), ..step });
        }
        let missing = if self.is_party_known() {
            "who will sign it"
        } else {
            "the legal name and the registered address of the organisation, and who will sign"
        };
        let text = format!("The agreement can be issued as soon as we know {missing}.");
        Ok(Step { button: name(), more: again, ..self.their_turn(text) })
    }

    fn accepted(&self) -> Step {
        let agreement = self.agreement();
        let is_unsigned = agreement.issue.as_ref().is_some_and(|i| !i.kind.needs_signature());
        let text = if is_unsigned {
            "Nobody needs to sign: the agreement was issued again and is in force."
        } else {
            "It is in force, and nobody needs to do anything for it."
        };
        Step { edge: "done", lead: "The agreement is accepted.", text: text.to_owned(), ..Step::default() }
    }

    /// The four tasks.
    #[must_use]
    pub fn tasks(&self) -> Vec<Task> {
        vec![
            Task {
                id: "sample",
                text: "Read the sample",
                href: self.at("sample"),
                hint: "The terms, before they have your names in them".to_owned(),
                status: "Ready to read",
                look: "plain",
            },
            self.name_task(),
            self.sign_task(),
            self.check_task(),
        ]
    }

    fn name_task(&self) -> Task {
        let agreement = self.agreement();
        let person = &agreement.signatory;
        let is_named = agreement.is_signatory_named();
        let is_open = self.may(AgreementAct::Name) || (self.is_ours() && !is_named && !self.is_party_known());
        let hint = if is_named {
            format!("{}, {}", person.name, person.job_title)
        } else if !self.product.needs_signatory() {
            "Your agreement is issued again, and nobody needs to sign it again".to_owned()
        } else {
            "Somebody who holds office and can bind the organisation, such as a director".to_owned()
        };
        let (status, look) = match (is_named, self.product.needs_signatory()) {
            (true, _) => ("Done", "plain"),
            (false, true) => ("Not started", "blue"),
            (false, false) => ("Not needed", "plain"),
        };
        let href = if is_open { self.at("signatory") } else { String::new() };
        Task { id: "signatory", text: "Say who will sign", href, hint, status, look }
    }

    fn sign_task(&self) -> Task {
        let agreement = self.agreement();
        let href = if self.may(AgreementAct::Sign) { self.at("signature") } else { String::new() };
        let by = agreement.issue.as_ref().map(|i| format!("Expected by {}", long_date(i.sign_by)));
        let is_unsigned = agreement.issue.as_ref().is_some_and(|i| !i.kind.needs_signature());
        let (status, look, hint) = match agreement.state {
            AgreementState::NotIssued => ("Cannot start yet", "quiet", "When we have issued the agreement".to_owned()),
            AgreementState::Issued => ("Not started", "blue", by.unwrap_or_default()),
            AgreementState::Returned => ("Sign again", "orange", "The signed agreement came back".to_owned()),
            AgreementState::Accepted if is_unsigned => ("Not needed", "plain", "The agreement was issued again".to_owned()),
            AgreementState::Signed | AgreementState::Accepted => ("Done", "plain", String::new()),
        };
        Task { id: "signature", text: "Sign and upload", href, hint, status, look }
    }

    fn check_task(&self) -> Task {
        let agreement = self.agreement();
        let href = if self.may(AgreementAct::Accept) { self.at("check") } else { String::new() };
        let (status, look, hint) = match agreement.state {
            AgreementState::NotIssued | AgreementState::Issued | AgreementState::Returned => {
                ("Cannot start yet", "quiet", "Within 5 working days of the signed agreement".to_owned())
            }
            AgreementState::Signed => {
                let by = agreement.signed.as_ref().map(|s| format!("By {}", long_date(s.check_by)));
                ("Being checked", "purple", by.unwrap_or_default())
            }
            AgreementState::Accepted => ("Accepted", "plain", String::new()),
        };
        Task { id: "check", text: "We check it", href, hint, status, look }
    }

    /// What staff can do besides: address and words.
    #[must_use]
    pub fn links(&self) -> Vec<(String, &'static str)> {
        let state = self.agreement().state;
        let issue_again = matches!(state, AgreementState::Issued | AgreementState::Returned);
        let links = [
            (AgreementAct::Issue, "issue", "Issue the agreement again", issue_again),
            (AgreementAct::Record, "contract", "Record that it was accepted in the NHS portal", true),
            (AgreementAct::Renew, "renewal", "Begin a new agreement", true),
        ];
        let shown = links.into_iter().filter(|(act, _, _, when)| *when && self.may(*act));
        shown.map(|(_, page, words, _)| (self.at(page), words)).collect()
    }

    /// Why the agreement would need a signature, or not, before it is issued.
    #[must_use]
    pub fn proposal(&self) -> Option<(&'static str, &'static str)> {
        let terms = self.me.app.rules.terms(self.setting.today())?;
        let (kind, why) = proposed(self.product, &terms.version);
        (self.agreement().state == AgreementState::NotIssued).then(|| (kind.label(), why))
    }
}

/// What was issued, in rows; nothing when nothing was.
#[must_use]
pub fn issued_rows(product: &Product, agreement: &Agreement) -> Vec<(&'static str, String)> {
    let Some(issue) = &agreement.issue else { return Vec::new() };
    let why = if issue.reason.is_empty() { issue.kind.reason().to_owned() } else { issue.reason.clone() };
    vec![
        ("Reference", reference(product, agreement)),
        ("How it was issued", issue.kind.label().to_owned()),
        ("Why", why),
        ("Issued", format!("{} by {}", short_date(issue.on), issue.by)),
        ("Version of the terms", issue.terms.clone()),
        ("Role in data protection", issue.data_role.label().to_owned()),
        ("Named on it", format!("{}, {}", issue.parties.signatory, issue.parties.job_title)),
        ("Pages", issue.pages.to_string()),
    ]
}

/// What was signed and accepted, in rows.
#[must_use]
pub fn signed_rows(agreement: &Agreement) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    if let Some(signed) = &agreement.signed {
        rows.push(("Date signed", short_date(signed.signed_on)));
        rows.push(("Sent", format!("{} by {}", short_date(signed.sent_on), signed.sent_by)));
        rows.push(("Pages", signed.pages.to_string()));
    }
    if let Some(contract) = &agreement.contract {
        rows.push(("Contract number in the NHS portal", contract.number.clone()));
        rows.push(("Start date", short_date(contract.starts_on)));
    }
    if let Some((by, on)) = &agreement.accepted {
        rows.push(("Accepted", format!("{} by {by}", short_date(*on))));
    }
    rows
}
