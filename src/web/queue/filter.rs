//! The filter of a list of reviews: read from the address, written back to it, and said in words.

use serde::Deserialize;
use uuid::Uuid;

use super::super::ctx::SignedIn;
use super::super::parts::Item;
use super::{List, Titles};
use crate::domain::catalogue::Section;
use crate::domain::demonstration::Assessor;
use crate::domain::words::PersonId;
use crate::domain::workload::Urgency;
use crate::store::queue::{Assigned, Queue, QueueFilter, Rounds};

/// What the address of a list may ask for. Words that mean nothing ask for nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct QueueQuery {
    pub(super) assigned: String,
    pub(super) section: String,
    pub(super) round: String,
    pub(super) due: String,
    pub(super) page: u64,
}

impl QueueQuery {
    /// What it asks for.
    pub fn filter(&self, list: List, me: &SignedIn) -> QueueFilter {
        let assigned = match (list, self.assigned.as_str()) {
            (List::Mine, _) | (_, "me") => Assigned::To(me.actor.person()),
            (_, "nobody") => Assigned::Nobody,
            (_, other) => Uuid::parse_str(other).map_or(Assigned::Anyone, |id| Assigned::To(PersonId(id))),
        };
        QueueFilter {
            assigned,
            sections: Section::from_word(&self.section).into_iter().collect(),
            rounds: Rounds::from_word(&self.round),
            due: Urgency::from_word(&self.due),
            page: self.page,
        }
    }

    /// The address of the same list with some of its fields changed.
    pub(super) fn with(&self, list: List, changed: &[(&str, &str)]) -> String {
        let now = [("assigned", &self.assigned), ("section", &self.section), ("round", &self.round), ("due", &self.due)];
        let kept = now.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
        let pairs = kept.map(|(name, value)| (name, value.as_str())).chain(changed.iter().copied());
        let pairs = pairs.filter(|(_, value)| !value.is_empty());
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        if text.is_empty() { list.address().to_owned() } else { format!("{}?{text}", list.address()) }
    }
}

/// One choice of the filter, as a select shows it.
pub(super) struct Choices {
    pub assigned: Vec<Item>,
    pub sections: Vec<Item>,
    pub rounds: Vec<Item>,
    pub due: Vec<Item>,
}

const fn rounds_label(rounds: Rounds) -> &'static str {
    match rounds {
        Rounds::First => "First round",
        Rounds::Later => "Second round or later",
    }
}

/// What the page of a list needs to speak of its filter.
pub(super) struct Shown<'a> {
    pub list: List,
    pub query: &'a QueueQuery,
    pub filter: &'a QueueFilter,
    pub titles: &'a Titles,
    pub people: &'a [Assessor],
    pub me: PersonId,
}

impl Shown<'_> {
    fn name(&self, person: PersonId) -> &str {
        let found = self.people.iter().find(|a| a.person == person);
        if person == self.me { "me" } else { found.map_or("somebody who is not a reviewer", |a| a.name.as_str()) }
    }

    /// The filters in use: what each says, and the address without it.
    pub fn tags(&self) -> Vec<(String, String)> {
        let mut tags = Vec::new();
        let mut put = |words: String, field: &str| tags.push((words, self.query.with(self.list, &[(field, "")])));
        match self.filter.assigned {
            Assigned::Nobody => put("Assigned to nobody".to_owned(), "assigned"),
            Assigned::To(person) if self.list != List::Mine => put(format!("Assigned to {}", self.name(person)), "assigned"),
            Assigned::To(_) | Assigned::Anyone => {}
        }
        for section in &self.filter.sections {
            put(self.titles.short(*section).to_owned(), "section");
        }
        if let Some(rounds) = self.filter.rounds {
            put(rounds_label(rounds).to_owned(), "round");
        }
        if let Some(due) = self.filter.due {
            put(due.label().to_owned(), "due");
        }
        tags
    }

    /// The options of each select; those of when it is due say how many there are.
    pub fn choices(&self, queue: &Queue) -> Choices {
        let assigned = &self.filter.assigned;
        let item = |value: &str, label: &str, is_chosen: bool| Item::new(value, label).checked(is_chosen);
        let mut people = vec![
            item("", "Anyone", *assigned == Assigned::Anyone),
            item("me", "Me", *assigned == Assigned::To(self.me)),
            item("nobody", "Nobody yet", *assigned == Assigned::Nobody),
        ];
        let others = self.people.iter().filter(|a| a.person != self.me);
        people.extend(others.map(|a| item(&a.person.to_string(), &a.name, *assigned == Assigned::To(a.person))));
        let sections = Section::ALL.iter().map(|s| item(s.word(), self.titles.short(*s), self.filter.sections.contains(s)));
        let rounds = Rounds::ALL.iter().map(|r| item(r.word(), rounds_label(*r), self.filter.rounds == Some(*r)));
        let due = Urgency::ALL.iter().map(|u| {
            let number = queue.by_urgency.get(u).copied().unwrap_or_default();
            item(u.word(), &format!("{} ({number})", u.label()), self.filter.due == Some(*u))
        });
        Choices {
            assigned: people,
            sections: std::iter::once(Item::new("", "All sections")).chain(sections).collect(),
            rounds: std::iter::once(Item::new("", "All rounds")).chain(rounds).collect(),
            due: std::iter::once(Item::new("", "Any day")).chain(due).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_kept_and_taken_out_of_an_address() {
        let word = str::to_owned;
        let (assigned, section, due) = (word("me"), word("clinical-risk"), word("overdue"));
        let query = QueueQuery { assigned, section, due, round: String::new(), page: 3 };
        let with = |changed: &[(&str, &str)]| query.with(List::Queue, changed);
        assert_eq!(with(&[("page", "2")]), "/queue?assigned=me&section=clinical-risk&due=overdue&page=2");
        assert_eq!(with(&[("assigned", "")]), "/queue?section=clinical-risk&due=overdue");
        assert_eq!(with(&[("assigned", ""), ("section", ""), ("due", "")]), "/queue");
    }
}
