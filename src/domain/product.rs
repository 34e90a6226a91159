//! A product with all that a decision needs; everything that can be derived from it is derived here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use super::agreement::{Agreement, AgreementState, Party};
use super::answer::{Answer, Given};
use super::assignee::Assignee;
use super::calendar::{Calendar, Due, Pause, REPLY_DAYS, REVIEW_DAYS, london_date};
use super::catalogue::{Acceptance, Catalogue, Question, Section, Stage};
use super::certificate::{Certificate, CertificateState};
use super::checks::{Finding, Level, findings};
use super::demonstration::Demonstration;
use super::facts::Facts;
use super::live::facts::LiveFacts;
use super::passage::Passage;
use super::reply::Reply;
use super::section::{ProductState, SectionState, SectionStatus, Verdict};
use super::thread::Thread;
use super::words::{OrganisationId, PersonId, ProductId};

/// A reviewer's decision on one question in one round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Round of the review.
    pub round: u32,
    /// Accepted, or more needed.
    pub verdict: Verdict,
    /// What is needed, or the reason or condition of an acceptance; the supplier reads it.
    pub comment: String,
    /// Digest of the answer that was decided on.
    pub fingerprint: String,
    /// Who decided.
    pub by: PersonId,
    /// When.
    pub at: DateTime<Utc>,
}

/// One section of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionRecord {
    /// Stored state.
    pub state: Option<SectionState>,
    /// How often it was sent.
    pub round: u32,
    /// Who has the review.
    pub reviewer: Option<PersonId>,
    /// When and by whom it was sent last.
    pub sent: Option<(DateTime<Utc>, PersonId)>,
    /// When the assurance team replied last.
    pub replied_at: Option<DateTime<Utc>>,
    /// The promise: by when the side whose turn it is replies.
    pub reply_by: Option<NaiveDate>,
    /// The reply to the round under way that was sent and has not left, or was undone.
    pub reply: Option<Reply>,
    /// Decisions by question, oldest first, at most one for each round.
    pub decisions: BTreeMap<String, Vec<Decided>>,
}

impl SectionRecord {
    /// The state; a section without one is a draft.
    #[must_use]
    pub fn state(&self) -> SectionState {
        self.state.unwrap_or(SectionState::Draft)
    }

    /// The last decision on a question.
    #[must_use]
    pub fn last(&self, question: &str) -> Option<&Decided> {
        self.decisions.get(question).and_then(|d| d.last())
    }

    /// The last decision that the supplier has been told, which leaves out those of a review under way.
    #[must_use]
    pub fn told(&self, question: &str) -> Option<&Decided> {
        let under_way = self.state() == SectionState::Submitted;
        self.decisions.get(question)?.iter().rev().find(|d| !(under_way && d.round == self.round))
    }
}

/// Where a question stands in the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No decision yet, and never decided before.
    Undecided,
    /// Decided before, but answer, evidence or question changed since, or it was asked again.
    Changed,
    /// More needed, in the round under way or as told to the supplier.
    Asked,
    /// Accepted.
    Accepted,
}

/// A product.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Identifier.
    pub id: ProductId,
    /// `C2A-` and a number; its address is this in lower case.
    pub reference: String,
    /// Whose product it is.
    pub organisation: OrganisationId,
    /// Name of that organisation.
    pub organisation_name: String,
    /// Raised by one with each change of anything in it.
    pub version: i64,
    /// Version of the question set.
    pub question_set: u32,
    /// Active, on hold, withdrawn.
    pub state: ProductState,
    /// Facts.
    pub facts: Facts,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// Pauses, oldest first.
    pub pauses: Vec<Pause>,
    /// Its six sections.
    pub sections: BTreeMap<Section, SectionRecord>,
    /// Answers by question.
    pub answers: BTreeMap<String, Answer>,
    /// What its organisation says of itself.
    pub party: Party,
    /// Those of the assurance team who declared an interest in its organisation and so have no part in its review.
    pub interested: BTreeSet<PersonId>,
    /// Its conformance tests, oldest first; the last is the present one.
    pub demonstrations: Vec<Demonstration>,
    /// Its certificates, oldest first.
    pub certificates: Vec<Certificate>,
    /// Its agreements, oldest first; the last is the present one.
    pub agreements: Vec<Agreement>,
    /// Its threads of messages, without the messages; the oldest first.
    pub threads: Vec<Thread>,
    /// Who is asked to answer a page of its questions, by the key of the page.
    pub assignees: BTreeMap<String, Assignee>,
    /// Its production configuration.
    pub live: LiveFacts,
    /// When it went live.
    pub live_on: Option<NaiveDate>,
    /// Its present way to assurance, or the last one; `None` before the first answer.
    pub passage: Option<Passage>,
    /// Day since which it has waited for the same party.
    pub since: NaiveDate,
    /// Day on which the supplier was reminded by hand the last time.
    pub reminded_on: Option<NaiveDate>,
    /// The edition of the calendar that its promises were counted with.
    pub calendar: u32,
}

impl Product {
    /// The address of its pages.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/products/{}", self.reference.to_lowercase())
    }

    /// One section.
    #[must_use]
    pub fn section(&self, section: Section) -> &SectionRecord {
        static EMPTY: SectionRecord = SectionRecord {
            state: None,
            round: 0,
            reviewer: None,
            sent: None,
            replied_at: None,
            reply_by: None,
            reply: None,
            decisions: BTreeMap::new(),
        };
        self.sections.get(&section).unwrap_or(&EMPTY)
    }

    /// What conditions and checks look at.
    #[must_use]
    pub fn given<'a>(&'a self, catalogue: &'a Catalogue, today: NaiveDate) -> Given<'a> {
        Given { catalogue, facts: &self.facts, answers: &self.answers, today }
    }

    /// The digest of a question's present answer; empty when it has none.
    #[must_use]
    pub fn fingerprint(&self, question: &Question) -> String {
        let value = self.answers.get(&question.key).and_then(|a| a.value.as_ref());
        value.map(|v| v.fingerprint(question)).unwrap_or_default()
    }

    /// Where a question stands: a verdict holds until its answer, its evidence or its question changes.
    #[must_use]
    pub fn standing(&self, section: Section, question: &Question) -> Standing {
        let record = self.section(section);
        let Some(last) = record.last(&question.key) else { return Standing::Undecided };
        let same = last.fingerprint == self.fingerprint(question);
        match last.verdict {
            Verdict::Accept if same => Standing::Accepted,
            Verdict::More if last.round == record.round => Standing::Asked,
            Verdict::Accept | Verdict::More => Standing::Changed,
        }
    }

    /// The shown questions that the supplier was asked about and that are open.
    #[must_use]
    pub fn asked<'a>(&self, given: &Given<'a>, section: Section) -> Vec<&'a Question> {
        let record = self.section(section);
        if matches!(record.state(), SectionState::Submitted | SectionState::Accepted) {
            return Vec::new();
        }
        let open = |q: &&Question| record.last(&q.key).is_some_and(|d| d.verdict == Verdict::More);
        given.shown(section).into_iter().filter(open).collect()
    }

    /// Whether the supplier has dealt with a returned question: a changed answer or a reply.
    #[must_use]
    pub fn is_replied(&self, section: Section, question: &Question) -> bool {
        let changed = self.section(section).last(&question.key).is_some_and(|d| d.fingerprint != self.fingerprint(question));
        changed || self.answers.get(&question.key).is_some_and(|a| !a.remark.trim().is_empty())
    }

    /// The derived status of a section.
    #[must_use]
    pub fn status(&self, given: &Given<'_>, section: Section) -> SectionStatus {
        match self.section(section).state() {
            SectionState::Submitted => SectionStatus::InReview,
            SectionState::Accepted => SectionStatus::Accepted,
            SectionState::Returned => SectionStatus::ChangesNeeded,
            SectionState::Draft if !self.asked(given, section).is_empty() => SectionStatus::ChangesNeeded,
            SectionState::Draft if self.answered(given, section).0 == 0 => SectionStatus::NotStarted,
            SectionState::Draft if has_error(&findings(given, section)) => SectionStatus::InProgress,
            SectionState::Draft => SectionStatus::ReadyToSend,
        }
    }

    /// How many shown questions are answered, of how many.
    #[must_use]
    pub fn answered(&self, given: &Given<'_>, section: Section) -> (usize, usize) {
        let shown = given.shown(section);
        let answered = shown.iter().filter(|q| given.value(&q.key).is_some()).count();
        (answered, shown.len())
    }

    /// How many shown questions have a decision that stands, of how many.
    #[must_use]
    pub fn decided(&self, given: &Given<'_>, section: Section) -> (usize, usize) {
        let shown = given.shown(section);
        let decided = shown.iter().filter(|q| matches!(self.standing(section, q), Standing::Accepted | Standing::Asked)).count();
        (decided, shown.len())
    }

    /// The questions of a review that need more information.
    #[must_use]
    pub fn asks<'a>(&self, given: &Given<'a>, section: Section) -> Vec<&'a Question> {
        given.shown(section).into_iter().filter(|q| self.standing(section, q) == Standing::Asked).collect()
    }

    /// The findings that stand against acceptance: an answer accepted that may not be, or not without a reason.
    #[must_use]
    pub fn unacceptable(&self, given: &Given<'_>, section: Section) -> Vec<Finding> {
        let record = self.section(section);
        let stands = |finding: &Finding| {
            let accepted = record.last(&finding.question).filter(|d| d.verdict == Verdict::Accept);
            match finding.acceptance {
                Acceptance::Free => false,
                Acceptance::WithReason => accepted.is_some_and(|d| d.comment.trim().is_empty()),
                Acceptance::Never => accepted.is_some(),
            }
        };
        findings(given, section).into_iter().filter(stands).collect()
    }

    /// Whether every section is accepted.
    #[must_use]
    pub fn is_all_accepted(&self) -> bool {
        Section::ALL.iter().all(|s| self.section(*s).state() == SectionState::Accepted)
    }

    /// Whether every section of a stage is accepted.
    #[must_use]
    pub fn is_stage_accepted(&self, stage: Stage) -> bool {
        let of = |s: &&Section| s.stage() == stage;
        Section::ALL.iter().filter(of).all(|s| self.section(*s).state() == SectionState::Accepted)
    }

    /// Whether all is accepted, certified and signed.
    #[must_use]
    pub fn is_assured(&self) -> bool {
        let is_certified = self.certificate().is_some_and(|c| c.state == CertificateState::Valid);
        self.is_all_accepted() && is_certified && self.agreement().state == AgreementState::Accepted
    }

    /// The present conformance test.
    #[must_use]
    pub fn demonstration(&self) -> &Demonstration {
        static NONE: LazyLock<Demonstration> = LazyLock::new(Demonstration::default);
        self.demonstrations.last().unwrap_or(&NONE)
    }

    /// The present agreement.
    #[must_use]
    pub fn agreement(&self) -> &Agreement {
        static NONE: LazyLock<Agreement> = LazyLock::new(Agreement::default);
        self.agreements.last().unwrap_or(&NONE)
    }

    /// Whether it is on its way to assurance and its clock runs.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.state == ProductState::Active && self.passage.is_some_and(|p| p.end.is_none())
    }

    /// Whether the conformance test can be booked: both technical sections were sent once, and the product works in INT.
    #[must_use]
    pub fn is_booking_open(&self) -> bool {
        let technical = |s: &&Section| s.stage() == Stage::Technical;
        self.facts.int_working == Some(true) && Section::ALL.iter().filter(technical).all(|s| self.section(*s).round > 0)
    }

    /// The promise for a section, with its working: 5 working days for us, 10 for the supplier.
    ///
    /// `None` when nothing was promised or while the product is on hold.
    #[must_use]
    pub fn due(&self, section: Section, calendar: &Calendar) -> Option<Due> {
        let record = self.section(section);
        match record.state() {
            SectionState::Submitted => calendar.after(london_date(record.sent?.0), REVIEW_DAYS, &self.pauses),
            SectionState::Returned => calendar.after(london_date(record.replied_at?), REPLY_DAYS, &self.pauses),
            SectionState::Draft | SectionState::Accepted => None,
        }
    }

    /// Whether a section is technical and the product is not known to work in INT.
    #[must_use]
    pub fn needs_int(&self, section: Section) -> bool {
        section.stage() == Stage::Technical && self.facts.int_working != Some(true)
    }
}

/// Whether any finding stops a section from being sent.
#[must_use]
pub fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|f| f.level == Level::Error)
}
