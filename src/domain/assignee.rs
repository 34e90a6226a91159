//! Questions that are given to a colleague: one page of questions is with one person, or waits for one who is invited.
//!
//! It says who answers next and nothing else: everybody who may answer still may, and no clock of the product depends on
//! it. It ends when it was answered, sent or taken back, or when the colleague leaves.

use chrono::{DateTime, Utc};

use super::account::{Place, may_invite};
use super::actor::{Actor, Membership};
use super::answer::Given;
use super::catalogue::{Group, Section};
use super::command::{By, Change, Told};
use super::condition::{Asked, Condition, admit};
use super::decide::{Decision, Setting};
use super::event::{Detail, EventKind};
use super::machine::{Row, Who, row};
use super::notice::{Audience, Notice, QuestionNews};
use super::product::Product;
use super::refusal::Refusal;
use super::section::{ProductState, SectionState};
use super::words::PersonId;
use crate::words;

use AssigneeAct::{Assign, Await, Invite, TakeBack};
use AssigneeState::{Invited, Nobody, WithColleague};
use Condition::Answerable;
use Who::{Editor, Owner};

/// Most characters of a note to a colleague.
pub const NOTE_MAX: usize = 500;

words! {
    /// With whom a question is.
    pub enum AssigneeState {
        /// With nobody in particular; never stored.
        Nobody = "nobody",
        /// It waits for somebody who is invited.
        Invited = "invited",
        /// With a colleague.
        WithColleague = "with-colleague",
    }
}

impl AssigneeState {
    /// A sentence for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Nobody => "This question is with nobody.",
            Invited => "This question waits for somebody who is invited.",
            WithColleague => "This question is with a colleague.",
        }
    }
}

words! {
    /// What can be done with a question and a colleague.
    pub enum AssigneeAct {
        /// Give it to a colleague.
        Assign = "assign",
        /// Let it wait for somebody who is invited already.
        Await = "await",
        /// Invite somebody, and let it wait for them.
        Invite = "invite",
        /// Take it back.
        TakeBack = "take-back",
    }
}

/// The life of a question with a colleague.
#[rustfmt::skip]
pub const ASSIGNEE: &[Row<AssigneeState, AssigneeAct, Condition>] = &[
    //  from           act       who     when           to
    row(Nobody,        Assign,   Editor, &[Answerable], WithColleague),
    row(Invited,       Assign,   Editor, &[Answerable], WithColleague),
    row(WithColleague, Assign,   Editor, &[Answerable], WithColleague),
    row(Nobody,        Await,    Editor, &[Answerable], Invited),
    row(Invited,       Await,    Editor, &[Answerable], Invited),
    row(WithColleague, Await,    Editor, &[Answerable], Invited),
    row(Nobody,        Invite,   Owner,  &[Answerable], Invited),
    row(Invited,       Invite,   Owner,  &[Answerable], Invited),
    row(WithColleague, Invite,   Owner,  &[Answerable], Invited),
    row(Invited,       TakeBack, Editor, &[Answerable], Nobody),
    row(WithColleague, TakeBack, Editor, &[Answerable], Nobody),
];

/// Who a question is with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum With {
    /// A colleague.
    Colleague(PersonId),
    /// Somebody who is invited, by e-mail address in lower case.
    Invited(String),
}

/// A question with its colleague.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignee {
    /// In which section.
    pub section: Section,
    /// Key of the page of questions: that of its first question.
    pub question: String,
    /// What the page is called.
    pub title: String,
    /// Who it is with.
    pub with: With,
    /// Their full name.
    pub name: String,
    /// What they were told; at most [`NOTE_MAX`] characters.
    pub note: String,
    /// Who gave it to them.
    pub by: PersonId,
    /// Full name of whoever gave it.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Assignee {
    /// The state of a question.
    #[must_use]
    pub fn state(assignee: Option<&Self>) -> AssigneeState {
        match assignee.map(|a| &a.with) {
            None => Nobody,
            Some(With::Invited(_)) => Invited,
            Some(With::Colleague(_)) => WithColleague,
        }
    }

    /// Whether it is with this person.
    #[must_use]
    pub fn is_with(&self, person: PersonId) -> bool {
        self.with == With::Colleague(person)
    }
}

/// Somebody to whom a question is to be given, as the organisation knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// A member: who, full name, role.
    Colleague(PersonId, String, Membership),
    /// Somebody with an invitation that waits: e-mail address, full name, the role they are invited to.
    Invited(String, String, Membership),
    /// Somebody whom the organisation does not know.
    Stranger {
        /// E-mail address.
        email: String,
        /// Full name for the invitation; empty when it was not asked yet.
        name: String,
        /// Who can invite them, by full name.
        owners: Vec<String>,
    },
}

/// What is asked about a question and a colleague.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssigneeCommand {
    /// Give it to somebody, with a note that may be empty.
    Assign {
        /// In which section.
        section: Section,
        /// Which page of questions.
        question: String,
        /// To whom.
        to: Candidate,
        /// What they are told.
        note: String,
    },
    /// Take it back.
    TakeBack {
        /// In which section.
        section: Section,
        /// Which page of questions.
        question: String,
    },
}

/// Judges what is asked about questions and colleagues.
pub struct Judge<'a> {
    /// What rules are asked with.
    pub setting: &'a Setting<'a>,
    /// Who asks.
    pub actor: &'a Actor,
    /// The product.
    pub product: &'a Product,
}

impl Judge<'_> {
    /// Permits or refuses a command.
    ///
    /// # Errors
    /// The reason why not.
    pub fn decide(&self, command: &AssigneeCommand) -> Result<Decision, Refusal> {
        match command {
            AssigneeCommand::Assign { section, question, to, note } => self.assign(*section, question, to, note),
            AssigneeCommand::TakeBack { section, question } => self.take_back(*section, question),
        }
    }

    /// Whether a page may offer to give its questions to a colleague.
    ///
    /// # Errors
    /// The reason why not.
    pub fn offer(&self, section: Section, question: &str) -> Result<(), Refusal> {
        self.row(section, question, Assign).map(|_| ())
    }

    fn row(&self, section: Section, question: &str, act: AssigneeAct) -> Result<AssigneeState, Refusal> {
        let from = Assignee::state(self.product.assignees.get(question));
        let asked = Asked { actor: self.actor, product: self.product, from, act };
        let is_open = matches!(self.product.section(section).state(), SectionState::Draft | SectionState::Returned)
            && self.product.state == ProductState::Active;
        admit(ASSIGNEE, &asked, AssigneeState::sentence, &|c| c != Answerable || is_open)
    }

    fn page(&self, section: Section, question: &str) -> Result<&Group, Refusal> {
        let given = self.product.given(self.setting.catalogue, self.setting.today());
        let groups = self.setting.catalogue.section(section).map(|s| s.groups.as_slice()).unwrap_or_default();
        let page = groups.iter().find(|g| g.key() == question && g.questions.iter().any(|q| given.is_shown(q)));
        page.ok_or(Refusal::Unknown("that question"))
    }

    fn assign(&self, section: Section, question: &str, to: &Candidate, note: &str) -> Result<Decision, Refusal> {
        let page = self.page(section, question)?;
        self.row(section, question, Assign)?;
        let (act, with, name) = match to {
            Candidate::Colleague(person, name, _) => (Assign, With::Colleague(*person), name),
            Candidate::Invited(email, name, _) => (Await, With::Invited(email.clone()), name),
            Candidate::Stranger { email, name, .. } => (Invite, With::Invited(email.clone()), name),
        };
        if let Candidate::Stranger { email, owners, .. } = to
            && may_invite(self.actor, &Place::Supplier(self.product.organisation, Membership::Editor)).is_err()
        {
            let owners = crate::words::listed(owners);
            return Err(Refusal::People(format!("{email} is not in your organisation. {owners} can invite them")));
        }
        self.row(section, question, act)?;
        if let Candidate::Stranger { email, name, .. } = to
            && name.is_empty()
        {
            return Err(Refusal::Nameless(email.clone()));
        }
        if let Candidate::Colleague(.., Membership::Viewer) | Candidate::Invited(.., Membership::Viewer) = to {
            return Err(Refusal::People(format!("{name} can read but not answer. An owner can change what they can do")));
        }
        let present = self.product.assignees.get(question);
        if present.is_some_and(|a| a.with == with && (note.is_empty() || a.note == note)) {
            return Ok(Decision::new(Vec::new()));
        }
        let assignee = Assignee {
            section,
            question: question.to_owned(),
            title: page.name().to_owned(),
            with,
            name: name.clone(),
            note: note.to_owned(),
            by: self.actor.person(),
            by_name: self.actor.name().to_owned(),
            at: self.setting.now,
        };
        Ok(given(assignee, self.actor.person()))
    }

    fn take_back(&self, section: Section, question: &str) -> Result<Decision, Refusal> {
        let Some(present) = self.product.assignees.get(question).filter(|a| a.section == section) else {
            // A second press, or a colleague was first.
            self.page(section, question)?;
            self.row(section, question, Assign)?;
            return Ok(Decision::new(Vec::new()));
        };
        self.row(section, question, TakeBack)?;
        Ok(Decision::new(vec![freed(present, EventKind::QuestionFreed)]))
    }
}

/// A question is with somebody now, who is told unless it was their own idea.
fn given(assignee: Assignee, actor: PersonId) -> Decision {
    let told = match &assignee.with {
        With::Colleague(person) if *person != actor => {
            let news = QuestionNews::Assigned {
                section: assignee.section,
                question: assignee.question.clone(),
                title: assignee.title.clone(),
                by: assignee.by_name.clone(),
                note: assignee.note.clone(),
            };
            Some((Audience::Member(*person), Notice::Question(news)))
        }
        With::Colleague(_) | With::Invited(_) => None,
    };
    let decision = Decision::new(vec![Change::Assigned(Box::new(assignee))]);
    match told {
        Some((audience, notice)) => decision.telling(audience, notice),
        None => decision,
    }
}

fn freed(assignee: &Assignee, kind: EventKind) -> Change {
    let detail = Detail { subject: assignee.name.clone(), ..Detail::default() };
    Change::Freed(assignee.section, assignee.question.clone(), Told { kind, detail })
}

/// What follows when a section is sent: nobody is asked to answer in it any more.
pub(super) fn sent(product: &Product, section: Section) -> Vec<Change> {
    product.assignees.values().filter(|a| a.section == section).map(|a| freed(a, EventKind::QuestionFreed)).collect()
}

/// What follows when answers were saved: a page that a colleague answered to its end is done, and whoever gave it to
/// them is told, once.
pub(super) fn answered(decision: Decision, judge: &super::review::Judge<'_>) -> Decision {
    let (actor, section) = (judge.actor, judge.section);
    let mine = |a: &&Assignee| a.section == section && a.is_with(actor.person());
    if decision.changes().is_empty() || !judge.product.assignees.values().any(|a| mine(&a)) {
        return decision;
    }
    let after = decision.applied(judge.product.clone(), By { person: actor.person(), at: judge.setting.now });
    let now = after.given(judge.setting.catalogue, judge.setting.today());
    let groups = judge.setting.catalogue.section(section).map(|s| s.groups.as_slice()).unwrap_or_default();
    let done = judge.product.assignees.values().filter(mine);
    done.filter_map(|a| groups.iter().find(|g| g.key() == a.question).map(|g| (a, g)))
        .filter(|(_, page)| is_answered(page, &now))
        .fold(decision, |decision, (assignee, _)| {
            let decision = decision.and(freed(assignee, EventKind::QuestionDone));
            if assignee.by == actor.person() {
                return decision;
            }
            let (question, title, by) = (assignee.question.clone(), assignee.title.clone(), actor.name().to_owned());
            let news = QuestionNews::Answered { section, question, title, by };
            decision.telling(Audience::Member(assignee.by), Notice::Question(news))
        })
}

fn is_answered(page: &Group, given: &Given<'_>) -> bool {
    page.questions.iter().filter(|q| given.is_shown(q)).all(|q| given.value(&q.key).is_some())
}

/// What follows when somebody joins the organisation: what waited for them is theirs, unless they may only read.
#[must_use]
pub fn joined(product: &Product, email: &str, (person, name, role): (PersonId, &str, Membership)) -> Decision {
    let waiting = product.assignees.values().filter(|a| a.with == With::Invited(email.to_owned()));
    waiting.fold(Decision::new(Vec::new()), |decision, assignee| {
        if role == Membership::Viewer {
            return decision.and(freed(assignee, EventKind::QuestionFreed));
        }
        let theirs = Assignee { with: With::Colleague(person), name: name.to_owned(), ..assignee.clone() };
        decision.followed_by(Some(given(theirs, assignee.by)))
    })
}

/// What follows when somebody leaves the organisation, may only read from now on, or is not invited any more: what was
/// with them is with nobody.
#[must_use]
pub fn gone(product: &Product, who: &With) -> Decision {
    Decision::new(product.assignees.values().filter(|a| a.with == *who).map(|a| freed(a, EventKind::QuestionFreed)).collect())
}
