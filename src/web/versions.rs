//! The history of an answer: every version, in which round it was sent, what was decided on it, and what changed between
//! any two.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;

use super::answer_view::{Shown, shown};
use super::ctx::SignedIn;
use super::diff::{Diff, Segment, answer, short, words};
use super::form::Problems;
use super::frame::Frame;
use super::page::{ok, unprocessable};
use super::parts::{Item, Pagination};
use super::place::texts;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::{Question, Section};
use crate::domain::decide::offer;
use crate::domain::parse::capitalised;
use crate::domain::product::{Decided, Product};
use crate::domain::section::{SectionAct, SectionState, Verdict};
use crate::domain::words::PersonId;
use crate::error::Error;
use crate::store::version::{SentRound, Version};
use crate::store::visible::PAGE;
use crate::words::{date_time, long_date, short_date};

/// What the address of a history may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct VersionsQuery {
    from: String,
    to: String,
    page: u64,
}

impl VersionsQuery {
    /// The address with what is compared, on a page of the list.
    fn address(&self, base: &str, page: u64) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !self.from.is_empty() && !self.to.is_empty() {
            query.extend_pairs([("from", &self.from), ("to", &self.to)]);
        }
        format!("{base}?{}", query.append_pair("page", &page.to_string()).finish())
    }
}

/// What was decided on a version.
struct Decision {
    title: String,
    comment: String,
}

/// A version in the list.
struct Row {
    number: u32,
    saved: String,
    sent: Vec<String>,
    decisions: Vec<Decision>,
    answer: Shown,
    remark: String,
}

/// What changed between two versions.
struct Compared {
    title: String,
    diff: Diff,
    remark: Vec<Segment>,
}

impl Compared {
    fn is_changed(&self) -> bool {
        self.diff.is_changed() || !self.remark.is_empty()
    }
}

#[derive(Template)]
#[template(path = "sections/versions.html")]
struct VersionsPage {
    frame: Frame,
    back: String,
    product_name: String,
    section_title: String,
    text: String,
    address: String,
    /// Why there is nothing to compare; empty when there is.
    alone: String,
    from: Vec<Item>,
    to: Vec<Item>,
    compared: Option<Compared>,
    rows: Vec<Row>,
    total: u64,
    pages: Pagination,
}

/// Where versions are read from.
struct Source<'a> {
    product: &'a Product,
    section: Section,
    question: &'a Question,
    rounds: BTreeMap<u32, Vec<SentRound>>,
    names: BTreeMap<PersonId, String>,
    is_supplier: bool,
}

impl Source<'_> {
    fn who(&self, person: PersonId) -> &str {
        self.names.get(&person).map_or("somebody", String::as_str)
    }

    fn saved(&self, version: &Version) -> String {
        format!("saved by {} on {}", self.who(version.by), date_time(version.at))
    }

    fn rounds(&self, edition: u32) -> &[SentRound] {
        self.rounds.get(&edition).map_or(&[], Vec::as_slice)
    }

    /// What was decided in the rounds of a version. Suppliers read of a decision when they have been told.
    fn decisions(&self, edition: u32) -> Vec<&Decided> {
        let record = self.product.section(self.section);
        let is_told = |d: &Decided| !(self.is_supplier && record.state() == SectionState::Submitted && d.round == record.round);
        let of = |d: &Decided| self.rounds(edition).iter().any(|sent| sent.round == d.round);
        let all = record.decisions.get(&self.question.key).map_or(&[][..], Vec::as_slice);
        all.iter().filter(|d| of(d) && is_told(d)).collect()
    }

    fn row(&self, version: &Version) -> Row {
        let sent = |s: &SentRound| format!("Sent in round {} by {} on {}", s.round, self.who(s.by), date_time(s.at));
        let decision = |d: &&Decided| {
            let (who, on) = (self.who(d.by), short_date(london_date(d.at)));
            let title = match d.verdict {
                Verdict::Accept => format!("Accepted by {who} in round {}, {on}", d.round),
                Verdict::More => format!("What {who} asked in round {}, {on}", d.round),
            };
            Decision { title, comment: d.comment.clone() }
        };
        Row {
            number: version.edition,
            saved: capitalised(&self.saved(version)),
            sent: self.rounds(version.edition).iter().map(sent).collect(),
            decisions: self.decisions(version.edition).iter().map(decision).collect(),
            answer: shown(self.question, version.value.as_ref(), &self.product.address()),
            remark: version.remark.clone(),
        }
    }

    fn compared(&self, old: &Version, new: &Version) -> Compared {
        let remark = words(&old.remark, &new.remark);
        Compared {
            title: format!("What changed from version {} to version {}", old.edition, new.edition),
            diff: answer(self.question, old.value.as_ref(), new.value.as_ref(), &self.product.address()),
            remark: if remark.iter().any(Segment::is_change) { short(&remark).unwrap_or(remark) } else { Vec::new() },
        }
    }

    /// Why there is nothing to compare; empty when there is.
    fn alone(&self, listed: &[Version], total: u64) -> String {
        match (total, listed, self.is_supplier) {
            (0, _, true) => "This question has not been answered yet. Each version of the answer is kept here.".to_owned(),
            (0, _, false) => "This answer has not been sent yet. Each version that is sent is kept here.".to_owned(),
            (1, [only], true) => {
                format!("This answer has not changed since it was first saved on {}.", long_date(london_date(only.at)))
            }
            (1, [only], false) => {
                let first = self.rounds(only.edition).first().map_or(only.at, |sent| sent.at);
                format!("This answer has not changed since it was first sent on {}.", long_date(london_date(first)))
            }
            _ => String::new(),
        }
    }

    fn items(&self, versions: &BTreeMap<u32, Version>, chosen: Option<u32>) -> Vec<Item> {
        let item = |v: &Version| {
            Item::new(v.edition.to_string(), format!("Version {}, {}", v.edition, self.saved(v))).checked(chosen == Some(v.edition))
        };
        versions.values().rev().map(item).collect()
    }
}

/// The two versions that an address asks for, the older first; what is wrong with them is said beside the choice.
fn asked(query: &VersionsQuery, found: &BTreeMap<u32, Version>, problems: &mut Problems) -> Option<(u32, u32)> {
    if query.from.is_empty() && query.to.is_empty() {
        return None;
    }
    let mut one = |field: &str, typed: &str, which: &str| {
        if typed.is_empty() {
            problems.add(field, format!("Select the {which} version"));
            return None;
        }
        let known = typed.parse().ok().filter(|edition| found.contains_key(edition));
        if known.is_none() {
            problems.add(field, format!("There is no version {typed} of this answer. Select one of the list"));
        }
        known
    };
    let (from, to) = (one("from", &query.from, "earlier"), one("to", &query.to, "later"));
    let (from, to): (u32, u32) = from.zip(to)?;
    if from == to {
        problems.add("to", "Select 2 different versions");
        return None;
    }
    Some((from.min(to), from.max(to)))
}

/// P28: the history of an answer. The assurance team reads what was sent; what the supplier wrote meanwhile is theirs.
pub async fn show(me: SignedIn, path: Path<(String, Section, String)>, query: Query<VersionsQuery>) -> Result<HttpResponse, Error> {
    let (reference, section, key) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let (of, question) = setting.catalogue.find(&key).ok_or(Error::NotFound)?;
    if of != section {
        return Err(Error::NotFound);
    }
    let visible = me.visible();
    let page = visible.versions(&product, &key, query.page).await?;
    let wanted: Vec<u32> = [&query.from, &query.to].into_iter().filter_map(|typed| typed.parse().ok()).collect();
    let mut found = visible.some_versions(&product, &key, &wanted).await?;
    let mut problems = Problems::default();
    let pair = asked(&query, &found, &mut problems);
    let rounds = visible.rounds_of(&product, section, &key).await?;
    found.extend(page.rows.iter().map(|v| (v.edition, v.clone())));
    let decided = product.section(section).decisions.get(&key).into_iter().flatten().map(|d| d.by);
    let people = found.values().map(|v| v.by).chain(rounds.values().flatten().map(|s| s.by)).chain(decided);
    let names = visible.names(people).await?;
    let is_supplier = me.actor.in_organisation(product.organisation).is_some();
    let source = Source { product: &product, section, question, rounds, names, is_supplier };
    let hub = format!("{}/sections/{section}", product.address());
    let address = format!("{hub}/questions/{key}/history");
    let back = if !is_supplier {
        format!("{hub}/review#{key}")
    } else if offer(&setting, &me.actor, &product, section, SectionAct::Answer).is_ok() {
        format!("{hub}/questions/{key}")
    } else {
        format!("{hub}#{key}")
    };
    let newest = page.rows.iter().map(|v| v.edition).collect::<Vec<_>>();
    let (from, to) = pair.map_or((newest.get(1).copied(), newest.first().copied()), |(from, to)| (Some(from), Some(to)));
    let template = VersionsPage {
        frame: Frame { problems: problems.0, ..me.frame(format!("History of {} – {}", question.name, product.facts.name)) },
        back,
        product_name: product.facts.name.clone(),
        section_title: texts(setting.catalogue, section)?.title.clone(),
        text: question.text.clone(),
        alone: source.alone(&page.rows, page.total),
        from: source.items(&found, from),
        to: source.items(&found, to),
        compared: pair.and_then(|(from, to)| Some(source.compared(found.get(&from)?, found.get(&to)?))),
        rows: page.rows.iter().map(|v| source.row(v)).collect(),
        total: page.total,
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), |n| query.address(&address, n)),
        address,
    };
    if template.frame.problems.is_empty() { ok(&template) } else { unprocessable(&template) }
}
