//! What a reviewer sees of a section: a card for each question, with what was asked, what changed and what was decided.

use std::collections::BTreeMap;

use super::answer_view::{Shown, shown};
use super::coach_view;
use super::diff::{Diff, answer};
use super::form::Fields;
use super::parts::Item;
use crate::domain::answer::{Given, Value};
use crate::domain::calendar::london_date;
use crate::domain::catalogue::{Acceptance, Question, Section, SectionText};
use crate::domain::checks::{Finding, findings};
use crate::domain::coach::{Draft, advice};
use crate::domain::parse::capitalised;
use crate::domain::product::{Decided, Product, Standing};
use crate::domain::section::{SectionState, Verdict};
use crate::domain::standard_reply::StandardReply;
use crate::domain::words::PersonId;
use crate::store::visible::{Note, Sent};
use crate::words::short_date;

/// Something that somebody said about a question.
pub struct Said {
    /// What it is: "What Amina Okafor asked in round 1".
    pub title: String,
    /// When.
    pub on: String,
    /// The words.
    pub text: String,
}

/// The fields of a decision.
pub struct DecisionForm {
    /// Name of the radios.
    pub decision: String,
    /// "Accept this answer".
    pub accept: Item,
    /// "Ask for more information".
    pub more: Item,
    /// Whether accepting needs a reason.
    pub needs_reason: bool,
    /// Name of the reason.
    pub reason_name: String,
    /// The reason or condition of an acceptance.
    pub reason: String,
    /// Name of the comment.
    pub comment_name: String,
    /// What the supplier needs to do.
    pub comment: String,
    /// Name of the choice of a standard reply.
    pub standard_name: String,
    /// The standard replies that fit; empty when there are none.
    pub standard: Vec<Item>,
    /// Name of the box that keeps the comment as a standard reply.
    pub keep_name: String,
    /// That box.
    pub keep: Item,
    /// Name of the private note.
    pub note_name: String,
    /// The private note as typed.
    pub note: String,
}

/// One question of a review.
pub struct Card {
    /// Key; also its anchor.
    pub key: String,
    /// Its number, from 1.
    pub number: usize,
    /// Short name.
    pub name: String,
    /// The question.
    pub text: String,
    /// Words of the tag.
    pub tag: &'static str,
    /// Look of the tag.
    pub look: &'static str,
    /// Where it stands, for the list: "Changed – accepted".
    pub state: String,
    /// What was asked before.
    pub asked: Option<Said>,
    /// "What changed since round 1", or "Not changed since round 1".
    pub change_title: String,
    /// What changed since it was decided last.
    pub change: Option<Diff>,
    /// The answer.
    pub answer: Shown,
    /// What the supplier says beside it.
    pub remark: String,
    /// What the checks found.
    pub warnings: Vec<String>,
    /// What the coach says, for whoever wants to know.
    pub advice: Vec<String>,
    /// Whether it cannot be accepted as it stands.
    pub is_barred: bool,
    /// What a good answer looks like.
    pub guidance: String,
    /// The question as it was when it was decided on last; empty while it is the same.
    pub reworded: String,
    /// Decisions of rounds before.
    pub earlier: Vec<Said>,
    /// Address of all versions that were sent; empty before the second round.
    pub history: String,
    /// Private notes.
    pub notes: Vec<Said>,
    /// The decision where it cannot be changed here.
    pub decided: Option<Said>,
    /// The fields, where it can.
    pub form: Option<DecisionForm>,
    /// Whether it changed since it was decided in an earlier round.
    pub is_changed: bool,
    /// Whether it was accepted in an earlier round and has not changed.
    pub is_carried: bool,
    /// Whether a decision is missing in the round under way.
    pub is_undecided: bool,
    /// Anchor of the next question without a decision.
    pub next: String,
}

/// Where cards are made from.
pub struct Source<'a> {
    /// The product.
    pub product: &'a Product,
    /// What conditions and checks look at.
    pub given: Given<'a>,
    /// The section.
    pub section: Section,
    /// Its texts.
    pub text: &'a SectionText,
    /// The round that is shown.
    pub round: u32,
    /// The section as it was sent, by round.
    pub sent: BTreeMap<u32, Sent>,
    /// Names by person.
    pub names: BTreeMap<PersonId, String>,
    /// Private notes on the product.
    pub notes: Vec<Note>,
    /// Who reads.
    pub reader: PersonId,
    /// Whether the reader decides here and now.
    pub is_mine: bool,
    /// Texts that comments can start from, the most used first.
    pub standard: Vec<StandardReply>,
}

/// Standard replies that one question offers.
const OFFERED: usize = 10;

/// The questions that can be decided on in the round under way: all but those accepted before that stay acceptable.
#[must_use]
pub fn open_questions<'a>(product: &Product, given: &Given<'a>, section: Section) -> Vec<&'a Question> {
    let blocked = product.unacceptable(given, section);
    given
        .shown(section)
        .into_iter()
        .filter(|q| !is_carried(product, section, q) || blocked.iter().any(|f| f.question == q.key))
        .collect()
}

fn is_carried(product: &Product, section: Section, question: &Question) -> bool {
    let record = product.section(section);
    let before = record.last(&question.key).is_some_and(|d| d.round < record.round);
    before && product.standing(section, question) == Standing::Accepted
}

/// Whether a reviewer may accept the answer to a question, by what the checks found.
#[must_use]
pub fn acceptance(found: &[Finding], question: &str) -> Acceptance {
    found.iter().filter(|f| f.question == question).map(|f| f.acceptance).max().unwrap_or(Acceptance::Free)
}

impl Source<'_> {
    /// The cards in the order of the questions. `typed` is what was posted, when the form is shown again.
    #[must_use]
    pub fn cards(&self, typed: Option<&Fields>) -> Vec<Card> {
        let found = if self.is_under_way() { findings(&self.given, self.section) } else { Vec::new() };
        let draft = Draft::of(self.product, self.given);
        let advised = if self.is_under_way() { advice(&draft, self.section) } else { Vec::new() };
        let numbered = (1..).zip(self.questions());
        let mut cards: Vec<Card> = numbered
            .map(|(number, question)| {
                let (decision, is_open) = (self.decision(question), self.is_open(question));
                let now = decision.filter(|d| d.round == self.round);
                let mut card = self.card(number, question, &found);
                card.advice = coach_view::says(&advised, &question.key);
                card.is_carried = !is_open;
                let is_other = card.change.as_ref().is_none_or(Diff::is_changed) || !card.reworded.is_empty();
                card.is_changed = is_open && is_other && self.before(question).is_some();
                card.is_undecided = is_open && self.is_under_way() && now.is_none();
                if is_open && self.is_mine {
                    card.form = Some(self.form(question, acceptance(&found, &question.key), typed));
                }
                (card.tag, card.look, card.state) = state(&card, decision, now);
                card
            })
            .collect();
        link_undecided(&mut cards);
        cards
    }

    /// Whether the round that is shown is being reviewed: later answers of the supplier are none of its business.
    fn is_under_way(&self) -> bool {
        let record = self.product.section(self.section);
        self.round == record.round && record.state() == SectionState::Submitted
    }

    /// Whether a question is decided in the round that is shown, and not carried over from one before.
    fn is_open(&self, question: &Question) -> bool {
        if self.is_under_way() {
            return open_questions(self.product, &self.given, self.section).iter().any(|q| q.key == question.key);
        }
        self.decision(question).is_none_or(|d| d.round == self.round || d.verdict == Verdict::More)
    }

    fn questions(&self) -> Vec<&Question> {
        match self.sent.get(&self.round) {
            Some(sent) => self.text.questions().filter(|q| sent.content.answer(&q.key).is_some()).collect(),
            None => self.given.shown(self.section),
        }
    }

    /// The decision that counts in the round that is shown.
    fn decision(&self, question: &Question) -> Option<&Decided> {
        self.decisions(question).iter().rev().find(|d| d.round <= self.round)
    }

    /// The last decision of a round before.
    fn before(&self, question: &Question) -> Option<&Decided> {
        self.decisions(question).iter().rev().find(|d| d.round < self.round)
    }

    fn decisions(&self, question: &Question) -> &[Decided] {
        self.product.section(self.section).decisions.get(&question.key).map_or(&[], Vec::as_slice)
    }

    /// The question as it was asked in a round, if it has another revision now.
    fn reworded(&self, question: &Question, round: u32) -> Option<String> {
        let before = self.sent.get(&round)?.content.answer(&question.key)?;
        (before.revision != question.revision).then(|| before.text.clone())
    }

    fn value(&self, question: &Question, round: u32) -> Option<&Value> {
        self.sent.get(&round).and_then(|s| s.content.answer(&question.key)).map(|a| &a.value)
    }

    fn who(&self, person: PersonId) -> &str {
        if person == self.reader { "you" } else { self.names.get(&person).map_or("a colleague", String::as_str) }
    }

    fn said(&self, decided: &Decided) -> Said {
        let (who, round) = (self.who(decided.by), decided.round);
        let title = match decided.verdict {
            Verdict::More => format!("What {who} asked in round {round}"),
            Verdict::Accept => format!("Accepted by {who} in round {round}"),
        };
        Said { title, on: short_date(london_date(decided.at)), text: decided.comment.clone() }
    }

    fn card(&self, number: usize, question: &Question, found: &[Finding]) -> Card {
        let before = self.before(question);
        let value = self.value(question, self.round);
        let address = self.product.address();
        let compared = before.filter(|d| self.sent.contains_key(&d.round));
        let change = compared.map(|d| answer(question, self.value(question, d.round), value, &address));
        let is_changed = change.as_ref().is_some_and(Diff::is_changed);
        let remark = self.sent.get(&self.round).and_then(|s| s.content.answer(&question.key)).map(|a| a.remark.clone());
        let notes = self.notes.iter().filter(|n| n.question == question.key).map(|n| Said {
            title: capitalised(self.who(n.by)),
            on: short_date(london_date(n.at)),
            text: n.body.clone(),
        });
        let earlier = self.decisions(question).iter().rev().filter(|d| d.round < self.round).skip(1);
        let of_question: Vec<&Finding> = found.iter().filter(|f| f.question == question.key).collect();
        Card {
            key: question.key.clone(),
            number,
            name: capitalised(&question.name),
            text: question.text.clone(),
            tag: "",
            look: "",
            state: String::new(),
            asked: before.filter(|d| !d.comment.is_empty()).map(|d| self.said(d)),
            change_title: compared
                .map(|d| format!("{} since round {}", if is_changed { "What changed" } else { "Not changed" }, d.round))
                .unwrap_or_default(),
            change,
            answer: shown(question, value, &address),
            remark: remark.unwrap_or_default(),
            warnings: of_question.iter().map(|f| f.text.clone()).collect(),
            advice: Vec::new(),
            is_barred: acceptance(found, &question.key) == Acceptance::Never,
            guidance: question.guidance.clone(),
            reworded: before.and_then(|d| self.reworded(question, d.round)).unwrap_or_default(),
            earlier: earlier.map(|d| self.said(d)).collect(),
            history: if self.round > 1 {
                format!("{address}/sections/{}/questions/{}/history", self.section, question.key)
            } else {
                String::new()
            },
            notes: notes.collect(),
            decided: self.decision(question).filter(|d| d.round == self.round).map(|d| self.said(d)),
            form: None,
            is_changed: false,
            is_carried: false,
            is_undecided: false,
            next: String::new(),
        }
    }

    fn form(&self, question: &Question, acceptance: Acceptance, typed: Option<&Fields>) -> DecisionForm {
        let key = &question.key;
        let (decision, comment_name) = (format!("decision-{key}"), format!("comment-{key}"));
        let (reason_name, note_name) = (format!("reason-{key}"), format!("note-{key}"));
        let (standard_name, keep_name) = (format!("standard-{key}"), format!("keep-{key}"));
        let now = self.decision(question).filter(|d| d.round == self.round);
        let kept = |verdict: Verdict| now.filter(|d| d.verdict == verdict).map(|d| d.comment.clone()).unwrap_or_default();
        let word = typed.map_or_else(|| now.map(|d| d.verdict.word()).unwrap_or_default(), |t| t.raw(&decision));
        let item = |verdict: Verdict, label: &str| Item::new(verdict.word(), label).checked(word == verdict.word());
        DecisionForm {
            accept: item(Verdict::Accept, "Accept this answer"),
            more: item(Verdict::More, "Ask for more information"),
            needs_reason: acceptance == Acceptance::WithReason,
            standard: self.standard_replies(key, typed.map_or("", |t| t.raw(&standard_name))),
            keep: Item::new("yes", "Save this as a standard reply").checked(typed.is_some_and(|t| t.has(&keep_name))),
            reason: typed.map_or_else(|| kept(Verdict::Accept), |t| t.raw(&reason_name).to_owned()),
            comment: typed.map_or_else(|| kept(Verdict::More), |t| t.raw(&comment_name).to_owned()),
            note: typed.map_or_else(String::new, |t| t.raw(&note_name).to_owned()),
            decision,
            comment_name,
            reason_name,
            standard_name,
            keep_name,
            note_name,
        }
    }

    /// The texts that fit a question: those about it first, then those about any.
    fn standard_replies(&self, question: &str, chosen: &str) -> Vec<Item> {
        let fits =
            |is_of_it: bool| self.standard.iter().filter(move |r| r.question.as_deref() == Some(question).filter(|_| is_of_it));
        let item = |reply: &StandardReply| {
            let id = reply.id.to_string();
            Item::new(id.clone(), reply.label()).checked(id == chosen)
        };
        let items: Vec<Item> = fits(true).chain(fits(false)).take(OFFERED).map(item).collect();
        if items.is_empty() { items } else { [Item::new("", "Choose a reply")].into_iter().chain(items).collect() }
    }
}

fn state(card: &Card, last: Option<&Decided>, now: Option<&Decided>) -> (&'static str, &'static str, String) {
    let changed = if card.is_changed { "Changed – " } else { "" };
    let tagged = |tag, look| if card.is_changed { ("Changed", "purple") } else { (tag, look) };
    let ((tag, look), state) = match (now.map(|d| d.verdict), last) {
        (Some(Verdict::Accept), _) => (tagged("Accepted", "plain"), format!("{changed}accepted")),
        (Some(Verdict::More), _) => (tagged("More needed", "orange"), format!("{changed}more information needed")),
        (None, Some(before)) if card.is_carried => (("Accepted", "plain"), format!("Accepted in round {}", before.round)),
        (None, _) => (tagged("Not decided", "blue"), format!("{changed}not decided")),
    };
    (tag, look, capitalised(&state))
}

/// Each card leads to the next one without a decision, after the last back to the first.
fn link_undecided(cards: &mut [Card]) {
    let undecided: Vec<(usize, String)> = cards.iter().filter(|c| c.is_undecided).map(|c| (c.number, c.key.clone())).collect();
    for card in cards {
        let after = undecided.iter().find(|(number, _)| *number > card.number).or_else(|| undecided.first());
        card.next = after.filter(|(number, _)| *number != card.number).map(|(_, key)| key.clone()).unwrap_or_default();
    }
}
