//! Who did what to a product, and when: all of it, or what a filter chooses.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::ctx::SignedIn;
use super::dates::beginning;
use super::form::Problems;
use super::frame::Frame;
use super::page::{ok, unprocessable};
use super::parts::{DateParts, Item as Choice, Pagination};
use super::place::Place;
use crate::domain::catalogue::{Catalogue, Section};
use crate::domain::event::title;
use crate::domain::event_topic::EventTopic;
use crate::domain::parse::{capitalised, parse_date};
use crate::error::Error;
use crate::store::history::{Happened, HistoryFilter};
use crate::store::visible::{PAGE, Page};
use crate::words::{date_time, long_date, short_date};

/// What the address of the history may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct HistoryQuery {
    topic: String,
    by: String,
    section: String,
    from_day: String,
    from_month: String,
    from_year: String,
    until_day: String,
    until_month: String,
    until_year: String,
    page: u64,
}

/// The days of a filter.
#[derive(Clone, Copy, Default)]
struct Days {
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

impl HistoryQuery {
    /// The fields that choose, by name.
    fn pairs(&self) -> [(&'static str, &str); 9] {
        [
            ("topic", &self.topic),
            ("by", &self.by),
            ("section", &self.section),
            ("from-day", &self.from_day),
            ("from-month", &self.from_month),
            ("from-year", &self.from_year),
            ("until-day", &self.until_day),
            ("until-month", &self.until_month),
            ("until-year", &self.until_year),
        ]
    }

    /// The address with these fields and some others, without the fields that begin with `left_out`.
    fn address(&self, product: &str, left_out: &str, others: &[(&str, &str)]) -> String {
        let is_left_out = |name: &str| !left_out.is_empty() && name.starts_with(left_out);
        let pairs = self.pairs().into_iter().filter(|(name, value)| !value.is_empty() && !is_left_out(name));
        let pairs = pairs.chain(others.iter().copied());
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        if text.is_empty() { format!("{product}/history") } else { format!("{product}/history?{text}") }
    }

    fn from(&self) -> [String; 3] {
        [self.from_day.clone(), self.from_month.clone(), self.from_year.clone()]
    }

    fn until(&self) -> [String; 3] {
        [self.until_day.clone(), self.until_month.clone(), self.until_year.clone()]
    }

    fn days(&self, problems: &mut Problems) -> Days {
        let from = problems.take("from-day", parse_date("From", &self.from())).flatten();
        let until = problems.take("until-day", parse_date("Until", &self.until())).flatten();
        if from.zip(until).is_some_and(|(from, until)| from > until) {
            problems.add("until-day", "Until must be the same as or after From");
        }
        Days { from, until }
    }

    /// What it chooses, and what is wrong with it.
    #[must_use]
    pub fn filter(&self) -> (HistoryFilter, Problems) {
        let mut problems = Problems::default();
        let days = self.days(&mut problems);
        let filter = HistoryFilter {
            topic: EventTopic::from_word(&self.topic),
            by: self.by.replace('\0', ""),
            section: Section::from_word(&self.section),
            from: days.from.map(beginning),
            until: days.until.and_then(|day| day.succ_opt()).map(beginning),
        };
        (filter, problems)
    }

    /// The filters in use: what each says, and the address without it.
    fn chosen(&self, product: &str, filter: &HistoryFilter, section: &str) -> Vec<(String, String)> {
        let days = self.days(&mut Problems::default());
        let without = |field: &str| self.address(product, field, &[]);
        let mut chosen = Vec::new();
        chosen.extend(filter.topic.map(|topic| (topic.label().to_owned(), without("topic"))));
        if !filter.by.is_empty() {
            chosen.push((format!("By {}", filter.by), without("by")));
        }
        if !section.is_empty() {
            chosen.push((section.to_owned(), without("section")));
        }
        chosen.extend(days.from.map(|day| (format!("From {}", short_date(day)), without("from"))));
        chosen.extend(days.until.map(|day| (format!("Until {}", short_date(day)), without("until"))));
        chosen
    }
}

/// One event.
struct Item {
    title: String,
    by: String,
    when: String,
    machine: String,
    reason: String,
    promise: String,
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage {
    frame: Frame,
    place: Place,
    items: Vec<Item>,
    pages: Pagination,
    total: u64,
    table: String,
    filters: Vec<(String, String)>,
    topics: Vec<Choice>,
    people: Vec<Choice>,
    sections: Vec<Choice>,
    from: DateParts,
    until: DateParts,
}

/// P60: the history of a product, newest first.
pub async fn show(me: SignedIn, path: Path<String>, query: Query<HistoryQuery>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let (filter, problems) = query.filter();
    let page = if problems.is_empty() {
        me.visible().history_of(&product, &filter, query.page).await?
    } else {
        Page { rows: Vec::new(), total: 0, number: 1 }
    };
    let names = me.visible().history_names(&product).await?;
    let address = product.address();
    let section_name = |s: Section| setting.catalogue.section(s).map(|s| capitalised(&s.short)).unwrap_or_default();
    let sections = Section::ALL.iter().map(|s| Choice::new(s.word(), section_name(*s)).checked(filter.section == Some(*s)));
    let topics = EventTopic::ALL.iter().map(|t| Choice::new(t.word(), t.label()).checked(filter.topic == Some(*t)));
    let people = names.iter().map(|name| Choice::new(name, name).checked(filter.by == *name));
    let all = |words: &str| std::iter::once(Choice::new("", words));
    let numbered = |n: u64| query.address(&address, "", &[("page", &n.to_string())]);
    let template = HistoryPage {
        frame: Frame { problems: problems.0, ..me.frame(format!("History – {}", product.facts.name)) },
        place: Place::new(&me, &product, &product.given(setting.catalogue, me.today()), "history"),
        items: page.rows.iter().map(|h| item(setting.catalogue, h)).collect(),
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), numbered),
        total: page.total,
        table: query.address(&address, "", &[]),
        filters: query.chosen(&address, &filter, &filter.section.map(section_name).unwrap_or_default()),
        topics: all("Everything").chain(topics).collect(),
        people: all("Anybody").chain(people).collect(),
        sections: all("All sections").chain(sections).collect(),
        from: date_parts(query.from()),
        until: date_parts(query.until()),
    };
    if template.frame.problems.is_empty() { ok(&template) } else { unprocessable(&template) }
}

fn date_parts([day, month, year]: [String; 3]) -> DateParts {
    DateParts::new(day, month, year)
}

/// What an event is read as.
#[must_use]
pub fn event_title(catalogue: &Catalogue, happened: &Happened) -> String {
    let section = happened.section.and_then(|s| catalogue.section(s)).map_or("", |s| s.short.as_str());
    let key = happened.question.as_deref().unwrap_or_default();
    let question = catalogue.find(key).map_or(key, |(_, q)| q.name.as_str());
    capitalised(&title(happened.kind, section, question, &happened.detail))
}

fn item(catalogue: &Catalogue, happened: &Happened) -> Item {
    Item {
        title: event_title(catalogue, happened),
        by: happened.by.clone(),
        when: date_time(happened.at),
        machine: machine(happened.at),
        reason: happened.detail.reason.clone(),
        promise: happened.detail.reply_by.map(|by| format!("Reply by {}", long_date(by))).unwrap_or_default(),
    }
}

fn machine(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
