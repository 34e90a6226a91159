//! The review queue: what waits for the assurance team, the first due first, and what went back to suppliers.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::ctx::{SignedIn, see_other_with};
use super::due_view::left;
use super::frame::{Flash, Frame};
use super::page::ok;
use super::parts::{Item, Pagination};
use super::reviews::address;
use crate::domain::actor::Duty;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::command::{Command, SectionCommand};
use crate::domain::parse::capitalised;
use crate::domain::refusal::Refusal;
use crate::domain::section::Guard;
use crate::error::Error;
use crate::store::queue::{Assigned, QueueFilter, Review};
use crate::store::visible::{PAGE, Page};
use crate::words::{counted, long_date, short_date};

/// Reviews that are tried before giving up on taking one.
const CANDIDATES: usize = 10;

/// What the address of the queue may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct QueueQuery {
    assigned: String,
    section: String,
    page: u64,
}

/// One review of a list.
struct Row {
    title: String,
    href: String,
    product: String,
    product_href: String,
    about: String,
    date: String,
    left: String,
    look: &'static str,
    assigned: String,
}

/// Reviews of the same urgency.
struct Group {
    heading: &'static str,
    rows: Vec<Row>,
}

/// Which of the three lists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Queue,
    Mine,
    SentBack,
}

impl List {
    const fn address(self) -> &'static str {
        match self {
            Self::Queue => "/queue",
            Self::Mine => "/queue/mine",
            Self::SentBack => "/queue/sent-back",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Queue => "Review queue",
            Self::Mine => "My reviews",
            Self::SentBack => "Sent back, waiting for the supplier",
        }
    }
}

#[derive(Template)]
#[template(path = "queue/index.html")]
struct QueuePage {
    frame: Frame,
    heading: String,
    list: &'static str,
    groups: Vec<Group>,
    pages: Pagination,
    can_take: bool,
    filters: Vec<(String, String)>,
    assigned: Vec<Item>,
    sections: Vec<Item>,
}

/// P40: everything that waits for the assurance team.
pub async fn index(me: SignedIn, query: Query<QueueQuery>) -> Result<HttpResponse, Error> {
    listed(&me, List::Queue, &query).await
}

/// P41: the reviews that the person has.
pub async fn mine(me: SignedIn, query: Query<QueueQuery>) -> Result<HttpResponse, Error> {
    listed(&me, List::Mine, &query).await
}

/// P41: the sections that went back to suppliers.
pub async fn sent_back(me: SignedIn, query: Query<QueueQuery>) -> Result<HttpResponse, Error> {
    listed(&me, List::SentBack, &query).await
}

async fn listed(me: &SignedIn, list: List, query: &QueueQuery) -> Result<HttpResponse, Error> {
    let assigned = match (list, query.assigned.as_str()) {
        (List::Mine, _) | (_, "me") => Assigned::To(me.actor.person()),
        (_, "nobody") => Assigned::Nobody,
        _ => Assigned::Anyone,
    };
    let filter = QueueFilter { assigned, section: Section::from_word(&query.section), page: query.page };
    let page = match list {
        List::Queue | List::Mine => me.visible().queue(&filter).await?,
        List::SentBack => me.visible().sent_back(&filter).await?,
    };
    let titles = Titles::new(me)?;
    let filters = chosen(list, query, &filter, &titles);
    let groups = grouped(me, list, &page, &titles);
    let item = |value: &str, label: &str| Item::new(value, label).checked(query.assigned == value);
    let sections = Section::ALL.iter().map(|s| Item::new(s.word(), titles.short(*s)).checked(filter.section == Some(*s)));
    let template = QueuePage {
        frame: me.frame(list.title()),
        heading: format!("{} ({})", list.title(), page.total),
        list: list.address(),
        groups,
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), |n| with(list, query, &[("page", &n.to_string())])),
        can_take: me.actor.is(Duty::Reviewer),
        filters,
        assigned: vec![item("", "Anyone"), item("me", "Me"), item("nobody", "Nobody yet")],
        sections: std::iter::once(Item::new("", "All sections")).chain(sections).collect(),
    };
    ok(&template)
}

/// The short names of the sections.
pub struct Titles(Vec<(Section, String)>);

impl Titles {
    /// Of the newest question set.
    ///
    /// # Errors
    /// When this program has none.
    pub fn new(me: &SignedIn) -> Result<Self, Error> {
        let catalogue = me.app.rules.catalogue(me.app.rules.newest())?;
        Ok(Self(catalogue.sections.iter().map(|s| (s.key, capitalised(&s.short))).collect()))
    }

    /// The short name of a section, with a capital letter.
    #[must_use]
    pub fn short(&self, section: Section) -> &str {
        self.0.iter().find(|(key, _)| *key == section).map_or("", |(_, short)| short)
    }
}

/// The address of the same list with some of its fields changed.
fn with(list: List, query: &QueueQuery, changed: &[(&str, &str)]) -> String {
    let now = [("assigned", query.assigned.as_str()), ("section", query.section.as_str())];
    let kept = now.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    let pairs = kept.chain(changed.iter().copied()).filter(|(_, value)| !value.is_empty());
    let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    if text.is_empty() { list.address().to_owned() } else { format!("{}?{text}", list.address()) }
}

/// The filters in use: what each says, and the address without it.
fn chosen(list: List, query: &QueueQuery, filter: &QueueFilter, titles: &Titles) -> Vec<(String, String)> {
    let mut filters = Vec::new();
    if list != List::Mine && filter.assigned != Assigned::Anyone {
        let words = if filter.assigned == Assigned::Nobody { "Assigned to nobody" } else { "Assigned to me" };
        filters.push((words.to_owned(), with(list, query, &[("assigned", "")])));
    }
    if let Some(section) = filter.section {
        filters.push((titles.short(section).to_owned(), with(list, query, &[("section", "")])));
    }
    filters
}

fn grouped(me: &SignedIn, list: List, page: &Page<Review>, titles: &Titles) -> Vec<Group> {
    let today = me.today();
    let mut groups: Vec<Group> = Vec::new();
    for review in &page.rows {
        let heading = if list == List::SentBack { "" } else { urgency(review.reply_by, today) };
        let row = row(me, list, review, titles);
        match groups.last_mut() {
            Some(group) if group.heading == heading => group.rows.push(row),
            _ => groups.push(Group { heading, rows: vec![row] }),
        }
    }
    groups
}

fn urgency(by: Option<NaiveDate>, today: NaiveDate) -> &'static str {
    match by {
        Some(by) if by < today => "Overdue",
        Some(by) if by == today => "Due today",
        Some(by) if Some(by) == today.succ_opt() => "Due tomorrow",
        Some(by) if by.iso_week() == today.iso_week() => "Due this week",
        Some(_) | None => "Due later",
    }
}

fn row(me: &SignedIn, list: List, review: &Review, titles: &Titles) -> Row {
    let today = me.today();
    let product_href = format!("/products/{}", review.reference.to_lowercase());
    let since = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(london_date);
    let (event, on) = match list {
        List::SentBack => ("sent back", since(review.replied_at)),
        List::Queue | List::Mine => ("sent", since(review.sent_at)),
    };
    let on_words = on.map(|on| format!(", {event} {}", short_date(on))).unwrap_or_default();
    let (left, look) = match (list, review.reply_by) {
        (List::SentBack, _) => {
            let days = on.map_or(0, |on| usize::try_from((today - on).num_days()).unwrap_or_default());
            (format!("Waiting {}", counted(days, "day")), "plain")
        }
        (_, Some(by)) => left(by, me.app.rules.calendar(), today),
        (_, None) => (String::new(), "plain"),
    };
    let promise = if list == List::SentBack { "Answer expected by" } else { "Reply by" };
    let assigned = match &review.reviewer {
        Some((person, _)) if *person == me.actor.person() => "You have it".to_owned(),
        Some((_, name)) => format!("{name} has it"),
        None => "Nobody has it yet".to_owned(),
    };
    Row {
        title: titles.short(review.section).to_owned(),
        href: format!("{product_href}/sections/{}/review", review.section),
        product: review.product.clone(),
        product_href,
        about: format!("{}, round {}{on_words}", review.organisation, review.round),
        date: review.reply_by.map(|by| format!("{promise} {}", long_date(by))).unwrap_or_default(),
        left,
        look,
        assigned: if list == List::Mine { String::new() } else { assigned },
    }
}

/// Takes the first due review that nobody has. When a colleague is quicker, the next one.
pub async fn next(me: SignedIn) -> Result<HttpResponse, Error> {
    if !me.actor.sees_all() {
        return Err(Error::NotFound);
    }
    if !me.actor.is(Duty::Reviewer) {
        return Err(Refusal::NotYours.into());
    }
    let waiting = me.visible().queue(&QueueFilter { assigned: Assigned::Nobody, section: None, page: 1 }).await?;
    for review in waiting.rows.iter().take(CANDIDATES) {
        match me.act(&review.reference, &Command::Section(review.section, SectionCommand::Take)).await {
            Ok(product) => {
                let flash = Flash { title: "You have this review".to_owned(), text: String::new(), link: None };
                return Ok(see_other_with(&me, &address(&product, review.section), &flash));
            }
            Err(Error::Stale | Error::Refused(Refusal::Unmet(Guard::Unassigned | Guard::InProgress) | Refusal::NotNow(_))) => {}
            Err(error) => return Err(error),
        }
    }
    let text = "Every review in the queue is with somebody.".to_owned();
    Ok(see_other_with(&me, "/queue", &Flash { title: "There is no review to take".to_owned(), text, link: None }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reviews_are_grouped_by_urgency() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 4, day);
        let wednesday = day(8).unwrap_or_default();
        for (by, expected) in [
            (day(7), "Overdue"),
            (day(8), "Due today"),
            (day(9), "Due tomorrow"),
            (day(10), "Due this week"),
            (day(13), "Due later"),
            (None, "Due later"),
        ] {
            assert_eq!(urgency(by, wednesday), expected);
        }
    }

    #[test]
    fn filters_are_kept_and_taken_out_of_an_address() {
        let query = QueueQuery { assigned: "me".to_owned(), section: "clinical-risk".to_owned(), page: 3 };
        assert_eq!(with(List::Queue, &query, &[("page", "2")]), "/queue?assigned=me&section=clinical-risk&page=2");
        assert_eq!(with(List::Queue, &query, &[("assigned", "")]), "/queue?section=clinical-risk");
        assert_eq!(with(List::Queue, &query, &[("assigned", ""), ("section", "")]), "/queue");
    }
}
