//! Judges what is asked of a section, from the first answer to acceptance, and says what follows.

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::actor::Actor;
use super::answer::{Given, hex};
use super::calendar::REVIEW_DAYS;
use super::catalogue::{Section, Stage};
use super::checks::findings;
use super::command::{Change, Entry, FrozenAnswer, Reviewer, Ruling, SectionCommand, Statement, Submission};
use super::decide::{Decision, Setting};
use super::notice::{Audience, Notice};
use super::product::{Product, Standing, has_error};
use super::refusal::Refusal;
use super::reply::{Outcome, Reply};
use super::section::{Guard, ProductState, SECTION, SectionAct, SectionState, Verdict};

/// Judges one command on one section.
pub struct Judge<'a> {
    /// What rules are asked with.
    pub setting: &'a Setting<'a>,
    /// Who asks.
    pub actor: &'a Actor,
    /// The product.
    pub product: &'a Product,
    /// Which section.
    pub section: Section,
}

impl<'a> Judge<'a> {
    fn given(&self) -> Given<'a> {
        self.product.given(self.setting.catalogue, self.setting.today())
    }

    /// Permits or refuses a command.
    ///
    /// # Errors
    /// The reason why not.
    pub fn decide(&self, command: &SectionCommand) -> Result<Decision, Refusal> {
        self.admit(command)?;
        self.consequences(command)
    }

    fn admit(&self, command: &SectionCommand) -> Result<(), Refusal> {
        self.row(command.act(), &|guard| self.holds(guard, command))
    }

    /// Whether a row of the table lets the actor do this now, when what is in the command holds as `content` says.
    pub(super) fn row(&self, act: SectionAct, content: &dyn Fn(Guard) -> bool) -> Result<(), Refusal> {
        let state = self.product.section(self.section).state();
        let mut rows = SECTION.iter().filter(|r| r.act == act && r.who.admits(self.actor, self.product.organisation)).peekable();
        if rows.peek().is_none() {
            return Err(Refusal::NotYours);
        }
        let row = rows.find(|r| r.from == state).ok_or(Refusal::NotNow(state))?;
        match row.when.iter().find(|g| !(self.stands(**g, act) && content(**g))) {
            Some(guard) => Err(Refusal::Unmet(*guard)),
            None => Ok(()),
        }
    }

    /// The guards that depend on the product and the actor alone.
    fn stands(&self, guard: Guard, act: SectionAct) -> bool {
        let record = self.product.section(self.section);
        let me = self.actor.person();
        match guard {
            Guard::InProgress => self.product.state == ProductState::Active,
            Guard::ReviewNotStarted | Guard::Unassigned => record.reviewer.is_none(),
            Guard::HeldByOther => record.reviewer.is_some_and(|r| r != me),
            Guard::HeldByYou => record.reviewer == Some(me),
            Guard::NotOnItsWay => record.leaves_at().is_none(),
            Guard::OnItsWay => record.leaves_at().is_some(),
            Guard::InTime => record.leaves_at().is_none_or(|at| self.setting.now < at),
            // Who gives a review to somebody does not have it.
            Guard::NoInterest => act == SectionAct::Assign || !self.product.interested.contains(&me),
            Guard::Complete
            | Guard::Replied
            | Guard::Declared
            | Guard::EnvironmentReady
            | Guard::EveryDecided
            | Guard::SomeAsked
            | Guard::NoneAsked
            | Guard::Acceptable
            | Guard::AsDecided => true,
        }
    }

    /// The guards that depend on what is in the section or in the command.
    fn holds(&self, guard: Guard, command: &SectionCommand) -> bool {
        let given = self.given();
        let unsaid = Statement::default();
        let statement = if let SectionCommand::Send(statement) = command { statement } else { &unsaid };
        match guard {
            Guard::Complete => !has_error(&findings(&given, self.section)),
            Guard::Replied => self.product.asked(&given, self.section).iter().all(|q| self.product.is_replied(self.section, q)),
            Guard::Declared => statement.is_complete,
            Guard::EnvironmentReady => {
                self.section.stage() == Stage::NonFunctional
                    || (statement.works_in_int && !statement.test_address.trim().is_empty())
            }
            Guard::EveryDecided => {
                let (decided, of) = self.product.decided(&given, self.section);
                decided == of
            }
            Guard::SomeAsked => !self.product.asks(&given, self.section).is_empty(),
            Guard::NoneAsked => self.product.asks(&given, self.section).is_empty(),
            Guard::Acceptable => self.product.unacceptable(&given, self.section).is_empty(),
            Guard::NoInterest => {
                !matches!(command, SectionCommand::Assign(reviewer) if self.product.interested.contains(&reviewer.person))
            }
            Guard::AsDecided => {
                let is_accepted = self.product.asks(&given, self.section).is_empty();
                let follows = if is_accepted { Outcome::Accept } else { Outcome::Return };
                matches!(command, SectionCommand::Reply(outcome, _) if *outcome == follows)
            }
            Guard::InProgress
            | Guard::ReviewNotStarted
            | Guard::Unassigned
            | Guard::HeldByOther
            | Guard::HeldByYou
            | Guard::NotOnItsWay
            | Guard::OnItsWay
            | Guard::InTime => true,
        }
    }

    fn consequences(&self, command: &SectionCommand) -> Result<Decision, Refusal> {
        let section = self.section;
        match command {
            SectionCommand::Answer(entries) => self.answer(entries, Change::Answered),
            SectionCommand::Copy(from, entries) => {
                self.answer(entries, |section, entry| Change::Copied(section, entry, from.clone()))
            }
            SectionCommand::Send(statement) => Ok(self.send(statement)),
            SectionCommand::TakeBack => Ok(Decision::new(vec![Change::SectionTakenBack(section)])),
            SectionCommand::Take | SectionCommand::TakeOver => {
                let me = Reviewer { person: self.actor.person(), name: self.actor.name().to_owned() };
                Ok(Decision::new(vec![Change::ReviewAssigned(section, me)]))
            }
            SectionCommand::Assign(reviewer) => Ok(self.assign(reviewer)),
            SectionCommand::Decide(rulings) => self.rule(rulings),
            SectionCommand::Reply(outcome, message) => {
                let reply = Reply::new(self.setting, self.actor.person(), *outcome, message.clone());
                Ok(Decision::new(vec![Change::ReplySent(section, Box::new(reply))]))
            }
            SectionCommand::Undo => Ok(Decision::new(vec![Change::ReplyUndone(section)])),
            SectionCommand::Return(message) => Ok(self.send_back(message)),
            SectionCommand::Accept(message) => {
                let notice = Notice::SectionAccepted { section, open: self.open_sections() };
                Ok(Decision::new(vec![Change::SectionAccepted(section, message.clone())]).telling(Audience::Team, notice))
            }
            SectionCommand::Reopen(questions, reason) => self.reopen(questions, reason),
        }
    }

    fn answer(&self, entries: &[Entry], told: impl Fn(Section, Entry) -> Change) -> Result<Decision, Refusal> {
        let mut outdated = Vec::new();
        let mut changes = Vec::new();
        for entry in entries {
            let known = self.setting.catalogue.find(&entry.question).is_some_and(|(section, _)| section == self.section);
            if !known {
                return Err(Refusal::Unknown("that question"));
            }
            let present = self.product.answers.get(&entry.question);
            let (value, remark) = present.map_or((None, ""), |a| (a.value.clone(), a.remark.as_str()));
            if value == entry.value && remark == entry.remark {
                continue;
            }
            let edition = present.map_or(0, |a| a.edition);
            if edition != entry.edition {
                outdated.push(entry.question.clone());
            }
            changes.push(told(self.section, Entry { edition: edition + 1, ..entry.clone() }));
        }
        if outdated.is_empty() {
            Ok(super::assignee::answered(Decision::new(changes), self))
        } else {
            Err(Refusal::Outdated(outdated))
        }
    }

    fn send(&self, statement: &Statement) -> Decision {
        let section = self.section;
        let submission = self.freeze(statement);
        let json = serde_json::to_vec(&submission).unwrap_or_default();
        let today = self.setting.today();
        let reply_by = self.setting.calendar.after(today, REVIEW_DAYS, &self.product.pauses).map(|d| d.on);
        let mut changes = vec![Change::SectionSent {
            section,
            round: self.product.section(section).round + 1,
            submission: Box::new(submission),
            digest: hex(&Sha256::digest(json)),
            reply_by,
        }];
        if self.product.needs_int(section) {
            let mut facts = self.product.facts.clone();
            facts.int_working = Some(true);
            facts.int_working_since = facts.int_working_since.or(Some(today));
            changes.push(Change::ProductChanged(Box::new(facts)));
        }
        changes.extend(super::assignee::sent(self.product, section));
        let open = self.open_sections();
        let notice = Notice::SectionSent { section, by: self.actor.name().to_owned(), on: today, reply_by, open };
        Decision::new(changes).telling(Audience::Team, notice)
    }

    fn freeze(&self, statement: &Statement) -> Submission {
        let given = self.given();
        let answers = given.shown(self.section).into_iter().filter_map(|question| {
            let answer = self.product.answers.get(&question.key)?;
            Some(FrozenAnswer {
                question: question.key.clone(),
                revision: question.revision,
                text: question.text.clone(),
                options: question.options.iter().map(|o| (o.value.clone(), o.label.clone())).collect(),
                value: answer.value.clone()?,
                remark: answer.remark.clone(),
            })
        });
        Submission { question_set: self.product.question_set, answers: answers.collect(), statement: statement.clone() }
    }

    fn open_sections(&self) -> Vec<Section> {
        let open = |s: &Section| {
            *s != self.section && matches!(self.product.section(*s).state(), SectionState::Draft | SectionState::Returned)
        };
        Section::ALL.iter().copied().filter(open).collect()
    }

    fn assign(&self, reviewer: &Reviewer) -> Decision {
        let record = self.product.section(self.section);
        if record.reviewer == Some(reviewer.person) {
            return Decision::new(Vec::new());
        }
        let days = record.reply_by.map_or(0, |by| self.setting.calendar.days_left(self.setting.today(), by));
        let notice = Notice::ReviewAssigned {
            section: self.section,
            by: self.actor.name().to_owned(),
            round: record.round,
            reply_by: record.reply_by,
            days,
        };
        Decision::new(vec![Change::ReviewAssigned(self.section, reviewer.clone())])
            .telling(Audience::Person(reviewer.person), notice)
    }

    fn rule(&self, rulings: &[Ruling]) -> Result<Decision, Refusal> {
        let given = self.given();
        let record = self.product.section(self.section);
        let blocked = self.product.unacceptable(&given, self.section);
        let mut changes = Vec::new();
        for ruling in rulings {
            let shown = given.shown(self.section);
            let question = shown.iter().find(|q| q.key == ruling.question).ok_or(Refusal::Unknown("that question"))?;
            // What was accepted before may have become unacceptable since, such as evidence that expired.
            let carried = !blocked.iter().any(|f| f.question == question.key)
                && self.product.standing(self.section, question) == Standing::Accepted
                && record.last(&question.key).is_some_and(|d| d.round < record.round);
            if carried {
                return Err(Refusal::Unknown("an open decision on that question"));
            }
            let present = record.last(&question.key).filter(|d| d.round == record.round);
            let fingerprint = self.product.fingerprint(question);
            // The same words about another revision of the question are another decision.
            let said = present.map(|d| (d.verdict, d.comment.as_str(), d.fingerprint.as_str()));
            if said != ruling.verdict.map(|v| (v, ruling.comment.as_str(), fingerprint.as_str())) {
                changes.push(Change::Decided { section: self.section, round: record.round, ruling: ruling.clone(), fingerprint });
            }
        }
        Ok(Decision::new(changes))
    }

    fn send_back(&self, message: &str) -> Decision {
        let given = self.given();
        let asked: Vec<String> = self.product.asks(&given, self.section).iter().map(|q| q.key.clone()).collect();
        let of = given.shown(self.section).len();
        let notice = Notice::ChangesNeeded { section: self.section, accepted: of - asked.len(), of, asked: asked.len() };
        let change =
            Change::SectionReturned { section: self.section, asked, message: message.to_owned(), reply_by: self.answer_by() };
        Decision::new(vec![change]).telling(Audience::Team, notice)
    }

    fn answer_by(&self) -> Option<NaiveDate> {
        self.setting.answer_by(self.product)
    }

    fn reopen(&self, questions: &[String], reason: &str) -> Result<Decision, Refusal> {
        let given = self.given();
        let shown = given.shown(self.section);
        let mut changes = Vec::new();
        for key in questions {
            let question = shown.iter().find(|q| q.key == *key).ok_or(Refusal::Unknown("that question"))?;
            changes.push(Change::Decided {
                section: self.section,
                round: self.product.section(self.section).round,
                ruling: Ruling { question: key.clone(), verdict: Some(Verdict::More), comment: reason.to_owned() },
                fingerprint: self.product.fingerprint(question),
            });
        }
        if changes.is_empty() {
            return Err(Refusal::Unmet(Guard::SomeAsked));
        }
        let (section, asked) = (self.section, questions.to_vec());
        changes.push(Change::SectionReopened { section, asked, reason: reason.to_owned(), reply_by: self.answer_by() });
        let notice = Notice::SectionReopened { section, by: self.actor.name().to_owned(), asked: questions.len() };
        Ok(Decision::new(changes).telling(Audience::Team, notice))
    }
}
