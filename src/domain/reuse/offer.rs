//! What an organisation answered before, offered to its next product: the newest answer to each page of questions.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Fit, Row, Sibling, compare_some};
use crate::domain::answer::Given;
use crate::domain::catalogue::{About, Catalogue, Group, Kind, Question, Section};
use crate::domain::words::ProductId;

/// Answers about the organisation to the questions of a page, as another product gave them.
#[derive(Clone, Debug)]
pub struct GroupOffer<'a> {
    /// The page.
    pub group: &'a Group,
    /// The product that answered last.
    pub source: &'a Sibling,
    /// What can be used as it stands.
    pub rows: Vec<Row<'a>>,
    /// What has run out since, with the reason.
    pub stale: Vec<Row<'a>>,
    /// When the newest of these answers was given.
    pub at: DateTime<Utc>,
}

/// What the pages of a section are offered. `newest` names the product of the newest answer to each question.
#[must_use]
pub fn offers<'a>(
    mine: &Given<'a>,
    section: Section,
    newest: &BTreeMap<String, ProductId>,
    sources: &'a [(&'a Catalogue, Sibling)],
) -> Vec<GroupOffer<'a>> {
    let groups = mine.catalogue.section(section).map(|text| text.groups.as_slice()).unwrap_or_default();
    let offer = |group: &'a Group| {
        let of = |question: &Question| {
            let product = newest.get(&question.key)?;
            let source = sources.iter().find(|(_, sibling)| sibling.id == *product)?;
            Some((source.1.answers.get(&question.key)?.at, source))
        };
        let asked = group.questions.iter().filter(|q| is_wanted(mine, q));
        let (_, (catalogue, source)) = asked.filter_map(of).max_by_key(|(at, _)| *at)?;
        group_offer(mine, (section, group), source, catalogue)
    };
    groups.iter().filter_map(offer).collect()
}

/// Whether an answer about the organisation is missing here.
#[must_use]
pub fn is_wanted(mine: &Given<'_>, question: &Question) -> bool {
    let is_open = mine.answers.get(&question.key).is_none_or(|a| a.value.is_none());
    question.about == About::Organisation && question.kind != Kind::Declaration && is_open
}

fn group_offer<'a>(
    mine: &Given<'a>,
    (section, group): (Section, &'a Group),
    source: &'a Sibling,
    catalogue: &'a Catalogue,
) -> Option<GroupOffer<'a>> {
    let theirs = source.given(catalogue, mine.today);
    let is_here = |q: &Question| q.about == About::Organisation && group.questions.iter().any(|own| own.key == q.key);
    let rows = compare_some(mine, &theirs, section, is_here);
    let (rows, rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(|r| r.is_proposed);
    let stale: Vec<_> = rest.into_iter().filter(|r| r.fit == Fit::Free && !r.stale.is_empty()).collect();
    let at = rows.iter().chain(&stale).filter_map(|r| r.theirs.map(|a| a.at)).max()?;
    Some(GroupOffer { group, source, rows, stale, at })
}
