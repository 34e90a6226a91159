//! The product after a change: the model that the store must agree with.

use chrono::NaiveDate;

use super::answer::Answer;
use super::assignee::Assignee;
use super::calendar::{Pause, london_date};
use super::catalogue::Section;
use super::command::{By, Change, Ruling};
use super::decide::close_pause;
use super::product::{Decided, Product, SectionRecord};
use super::recount::Recount;
use super::section::{ProductState, SectionState};

impl Product {
    /// The product after one change; its version is not raised, that is done once for each decision.
    #[must_use]
    pub fn after(mut self, change: &Change, by: By) -> Self {
        let today = london_date(by.at);
        match change {
            Change::ProductChanged(facts) => self.facts = (**facts).clone(),
            Change::ProductHeld(_) => {
                self.state = ProductState::OnHold;
                self.pauses.push(Pause { from: today, until: None });
            }
            Change::ProductResumed(_, moved) => {
                self.state = ProductState::Active;
                close_pause(&mut self.pauses, today);
                self.moved(moved);
            }
            Change::SupplierReminded(_) => self.reminded_on = Some(today),
            Change::ProductWithdrawn(_) => {
                self.state = ProductState::Withdrawn;
                close_pause(&mut self.pauses, today);
            }
            Change::Answered(_, entry) | Change::Copied(_, entry, _) => {
                let (value, remark) = (entry.value.clone(), entry.remark.clone());
                self.answers
                    .insert(entry.question.clone(), Answer { value, remark, edition: entry.edition, by: by.person, at: by.at });
            }
            Change::SectionSent { section, round, reply_by, .. } => self.record(*section).was_sent(*round, by, *reply_by),
            Change::SectionTakenBack(section) => self.record(*section).taken_back(),
            Change::ReviewAssigned(section, reviewer) => self.record(*section).reviewer = Some(reviewer.person),
            Change::Decided { section, round, ruling, fingerprint } => {
                self.record(*section).decide((*round, ruling, fingerprint), by);
            }
            Change::ReplySent(section, reply) => self.record(*section).reply = Some((**reply).clone()),
            Change::ReplyUndone(section) | Change::ReplyStopped(section, _) => self.record(*section).stays(),
            Change::SectionReturned { section, asked, reply_by, .. } | Change::SectionReopened { section, asked, reply_by, .. } => {
                self.record(*section).replied(SectionState::Returned, by, *reply_by);
                self.clear_remarks(asked);
            }
            Change::SectionAccepted(section, _) => self.record(*section).replied(SectionState::Accepted, by, None),
            Change::Demonstrated(record, _) => put(&mut self.demonstrations, record, |d| d.attempt),
            Change::Certified(record, _) => put(&mut self.certificates, record, |c| c.content.number.clone()),
            Change::Agreed(record, _) => put(&mut self.agreements, record, |a| a.number),
            Change::Talked(record, ..) => put(&mut self.threads, record, |t| t.id),
            Change::Assigned(assignee) => self.assigned(assignee),
            Change::Freed(_, question, _) => self.assignees.retain(|page, _| page != question),
            Change::Recounted(recount, _) => self.recounted(recount),
            Change::PartyChanged(party) => self.party = (**party).clone(),
            Change::ProductionGiven(facts) => self.live = (**facts).clone(),
            Change::WentLive(on) => self.live_on = Some(*on),
            Change::ProductAdded | Change::SignInAltered(_) | Change::BecameAssured => {}
        }
        self
    }

    /// With other days by which replies are due.
    fn moved(&mut self, promises: &[(Section, Option<NaiveDate>)]) {
        for (section, reply_by) in promises {
            self.record(*section).reply_by = *reply_by;
        }
    }

    fn recounted(&mut self, recount: &Recount) {
        for (section, reply_by) in &recount.sections {
            self.record(*section).reply_by = Some(*reply_by);
        }
        if let Some(test) = &recount.demonstration {
            put(&mut self.demonstrations, test, |d| d.attempt);
        }
        if let Some(agreement) = &recount.agreement {
            put(&mut self.agreements, agreement, |a| a.number);
        }
        for thread in &recount.threads {
            put(&mut self.threads, thread, |t| t.id);
        }
    }

    fn assigned(&mut self, assignee: &Assignee) {
        self.assignees.insert(assignee.question.clone(), assignee.clone());
    }

    fn clear_remarks(&mut self, asked: &[String]) {
        for key in asked {
            if let Some(answer) = self.answers.get_mut(key) {
                answer.remark.clear();
            }
        }
    }

    fn record(&mut self, section: Section) -> &mut SectionRecord {
        self.sections.entry(section).or_default()
    }
}

/// Puts a record in place of the one with the same key, or at the end.
fn put<T: Clone, K: PartialEq>(records: &mut Vec<T>, record: &T, key: impl Fn(&T) -> K) {
    match records.iter_mut().find(|r| key(r) == key(record)) {
        Some(present) => record.clone_into(present),
        None => records.push(record.clone()),
    }
}

impl SectionRecord {
    fn taken_back(&mut self) {
        self.state = Some(SectionState::Draft);
        self.reply_by = None;
    }

    fn was_sent(&mut self, round: u32, by: By, reply_by: Option<NaiveDate>) {
        self.state = Some(SectionState::Submitted);
        self.round = round;
        self.reviewer = None;
        self.sent = Some((by.at, by.person));
        self.reply_by = reply_by;
        self.reply = None;
    }

    /// The reply that was on its way does not leave; its message is kept for the next try.
    fn stays(&mut self) {
        if let Some(reply) = &mut self.reply {
            reply.leaves_at = None;
        }
    }

    fn replied(&mut self, state: SectionState, by: By, reply_by: Option<NaiveDate>) {
        self.state = Some(state);
        self.replied_at = Some(by.at);
        self.reply_by = reply_by;
        self.reply = None;
    }

    /// Puts a decision in place of the one of the same round.
    fn decide(&mut self, (round, ruling, fingerprint): (u32, &Ruling, &str), by: By) {
        let decisions = self.decisions.entry(ruling.question.clone()).or_default();
        decisions.retain(|d| d.round != round);
        if let Some(verdict) = ruling.verdict {
            let (comment, fingerprint) = (ruling.comment.clone(), fingerprint.to_owned());
            decisions.push(Decided { round, verdict, comment, fingerprint, by: by.person, at: by.at });
        }
        if decisions.is_empty() {
            self.decisions.remove(&ruling.question);
        }
    }
}
