//! Going live after assurance, and changes that the certificate speaks of.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::actor::Actor;
use super::catalogue::Section;
use super::certificate::{Certificate, CertificateState};
use super::command::{Change, Ruling, Told};
use super::condition::{Asked, Condition, admit};
use super::decide::{Decision, Setting};
use super::event::{Detail, EventKind};
use super::machine::{Row, Who, row};
use super::notice::{Audience, Notice};
use super::product::Product;
use super::refusal::Refusal;
use super::section::{ProductState, SectionState, Verdict};
use crate::words;
use Condition::{Assured, Certified, Explained, NoInterest, ProductionGiven};
use LiveAct::{Alter, Configure, GoLive};
use ProductState::Active;
use Who::{Editor, Manager};

pub mod facts;

use self::facts::LiveFacts;

words! {
    /// What can be asked of a product around going live.
    pub enum LiveAct {
        /// Give the production configuration.
        Configure = "give-production-configuration",
        /// Record that it went live.
        GoLive = "go-live",
        /// Record a change of what the certificate speaks of.
        Alter = "alter-sign-in",
    }
}

/// Going live, and changes afterwards. None of them changes the product's state.
#[rustfmt::skip]
pub const LIVE: &[Row<ProductState, LiveAct, Condition>] = &[
    //  from    act        who      when                         to
    row(Active, Configure, Editor,  &[],                         Active),
    row(Active, GoLive,    Manager, &[NoInterest, Assured, ProductionGiven], Active),
    row(Active, Alter,     Editor,  &[Certified, Explained],     Active),
];

words! {
    /// What a change touches, as the sections of the published test name it.
    pub enum Touched {
        /// How sign-in begins, runs and is checked.
        SignIn = "sign-in",
        /// Keys, secrets and how the client proves itself.
        Keys = "keys",
        /// Sign-out by CIS2.
        Logout = "logout",
        /// Sessions and their limits.
        Sessions = "sessions",
        /// Roles and organisations.
        Roles = "roles",
        /// The Care Identity button.
        Button = "button",
    }
}

impl Touched {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::SignIn => "How sign-in begins, runs or is checked, or its level of assurance",
            Self::Keys => "Client authentication, keys or secrets",
            Self::Logout => "Back-channel logout",
            Self::Sessions => "Sessions and their time limits",
            Self::Roles => "Roles and organisations",
            Self::Button => "The Care Identity button",
        }
    }

    /// The questions of the technical section that it opens again.
    #[must_use]
    pub const fn questions(self) -> &'static [&'static str] {
        match self {
            Self::SignIn => &[
                "cx-signin-walkthrough",
                "cx-redirect-uris",
                "cx-request-protection",
                "cx-id-token-checks",
                "cx-scopes",
                "cx-assurance-level",
            ],
            Self::Keys => &["cx-client-auth", "cx-jwks-url", "cx-key-management", "cx-secret-plan"],
            Self::Logout => &["cx-bcl-used", "cx-bcl-url", "cx-bcl-checks"],
            Self::Sessions => &["cx-inactivity-minutes", "cx-max-session-hours", "cx-session-behaviour"],
            Self::Roles => &["cx-role-model", "cx-role-handling"],
            Self::Button => &["cx-button-use", "cx-button-screenshot"],
        }
    }
}

/// A change that the supplier recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// What it touches; at least one thing.
    pub touched: BTreeSet<Touched>,
    /// What changed; at most 2,000 characters.
    pub what: String,
}

/// What is asked around going live.
#[derive(Clone, Debug, PartialEq)]
pub enum LiveCommand {
    /// The production configuration, from the edition that the form was opened with.
    Configure(Box<LiveFacts>, String),
    /// It went live on this day.
    GoLive(NaiveDate),
    /// Something changed.
    Alter(Altered),
}

impl LiveCommand {
    /// The act in the table.
    #[must_use]
    pub const fn act(&self) -> LiveAct {
        match self {
            Self::Configure(..) => Configure,
            Self::GoLive(_) => GoLive,
            Self::Alter(_) => Alter,
        }
    }
}

/// Judges what is asked around going live.
pub struct Judge<'a> {
    /// What rules are asked with.
    pub setting: &'a Setting<'a>,
    /// Who asks.
    pub actor: &'a Actor,
    /// The product.
    pub product: &'a Product,
}

impl Judge<'_> {
    fn row(&self, act: LiveAct, content: &dyn Fn(Condition) -> bool) -> Result<ProductState, Refusal> {
        let asked = Asked { actor: self.actor, product: self.product, from: self.product.state, act };
        let rules: [(Condition, &dyn Fn() -> bool); 3] = [
            (Assured, &|| self.product.is_assured()),
            (Certified, &|| self.product.certificate().is_some()),
            (ProductionGiven, &|| self.product.live.is_given()),
        ];
        let stands = |c: Condition| rules.iter().all(|(about, holds)| *about != c || holds());
        admit(
            LIVE,
            &asked,
            |state| if state == ProductState::OnHold { "This product is on hold." } else { "This product has been withdrawn." },
            &|c| stands(c) && content(c),
        )
    }

    /// Whether a page may offer an act now, its contents aside.
    ///
    /// # Errors
    /// The reason why not.
    pub fn offer(&self, act: LiveAct) -> Result<(), Refusal> {
        self.row(act, &|_| true).map(|_| ())
    }

    /// Permits or refuses a command.
    ///
    /// # Errors
    /// The reason why not.
    pub fn decide(&self, command: &LiveCommand) -> Result<Decision, Refusal> {
        let is_explained = |altered: &Altered| !(altered.touched.is_empty() || altered.what.trim().is_empty());
        self.row(command.act(), &|c| c != Explained || !matches!(command, LiveCommand::Alter(a) if !is_explained(a)))?;
        match command {
            LiveCommand::Configure(facts, edition) => self.configure(facts, edition),
            LiveCommand::GoLive(on) => self.go_live(*on),
            LiveCommand::Alter(altered) => Ok(self.alter(altered)),
        }
    }

    fn configure(&self, facts: &LiveFacts, edition: &str) -> Result<Decision, Refusal> {
        if *facts == self.product.live {
            return Ok(Decision::new(Vec::new()));
        }
        if *edition != self.product.live.edition() {
            return Err(Refusal::Outdated(Vec::new()));
        }
        Ok(Decision::new(vec![Change::ProductionGiven(Box::new(facts.clone()))]))
    }

    fn go_live(&self, on: NaiveDate) -> Result<Decision, Refusal> {
        if self.product.live_on == Some(on) {
            return Ok(Decision::new(Vec::new()));
        }
        if on > self.setting.today() {
            return Err(Refusal::Unknown("a day in the future"));
        }
        Ok(Decision::new(vec![Change::WentLive(on)]).telling(Audience::Team, Notice::WentLive { on }))
    }

    /// The certificate is in doubt until staff decide, and what the change touches is open again where it was accepted.
    fn alter(&self, altered: &Altered) -> Decision {
        let mut changes = vec![Change::SignInAltered(altered.clone())];
        if let Some(present) = self.product.certificate() {
            let doubt = altered.what.clone();
            let record =
                Certificate { state: CertificateState::AtRisk, doubt, changed_on: self.setting.today(), ..present.clone() };
            let detail = Detail { subject: record.content.number.clone(), ..Detail::default() };
            changes.push(Change::Certified(Box::new(record), Told { kind: EventKind::CertificateDoubted, detail }));
        }
        let asked = self.reopen(altered, &mut changes);
        let by = self.actor.name().to_owned();
        Decision::new(changes)
            .telling(Audience::Team, Notice::SignInAltered { by: by.clone(), asked })
            .telling(Audience::Staff, Notice::SignInAltered { by, asked })
    }

    fn reopen(&self, altered: &Altered, changes: &mut Vec<Change>) -> usize {
        let section = Section::Cis2Conformance;
        let record = self.product.section(section);
        if record.state() != SectionState::Accepted {
            return 0;
        }
        let given = self.product.given(self.setting.catalogue, self.setting.today());
        let shown = given.shown(section);
        let touches = |key: &str| altered.touched.iter().any(|t| t.questions().contains(&key));
        let mut questions: Vec<_> = shown.iter().filter(|q| touches(&q.key)).collect();
        if questions.is_empty() {
            questions = shown.iter().collect();
        }
        for question in &questions {
            changes.push(Change::Decided {
                section,
                round: record.round,
                ruling: Ruling { question: question.key.clone(), verdict: Some(Verdict::More), comment: REOPENED.to_owned() },
                fingerprint: self.product.fingerprint(question),
            });
        }
        let asked: Vec<String> = questions.iter().map(|q| q.key.clone()).collect();
        let reply_by = self.setting.answer_by(self.product);
        let count = asked.len();
        changes.push(Change::SectionReopened { section, asked, reason: REOPENED.to_owned(), reply_by });
        count
    }
}

/// What the supplier reads beside each question that a change opens again.
const REOPENED: &str = "You recorded a change. Bring this answer up to date, or tell us that it still holds.";
