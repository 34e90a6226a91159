//! The review queue: what waits for the assurance team, the first due first, and what went back to suppliers.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;

use super::chart::clock::Clock;
use super::ctx::SignedIn;
use super::due_view::left;
use super::frame::Frame;
use super::page::ok;
use super::parts::Pagination;
use super::sending::Leaving;
use super::views::ViewsBar;
use crate::domain::actor::Duty;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::parse::capitalised;
use crate::domain::section::SectionState;
use crate::domain::workload::Urgency;
use crate::error::Error;
use crate::store::queue::{Queue, Review};
use crate::store::visible::PAGE;
use crate::words::{counted, long_date, short_date, time};

pub mod filter;
mod next;

use filter::{Choices, QueueQuery, Shown};
pub use next::next;

/// One review of a list.
struct Row {
    /// What the form calls it.
    key: String,
    title: String,
    href: String,
    product: String,
    product_href: String,
    about: String,
    date: String,
    left: String,
    look: &'static str,
    assigned: String,
    clock: Option<Clock>,
}

/// Reviews of the same urgency.
struct Group {
    heading: String,
    rows: Vec<Row>,
}

/// Which of the three lists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Everything that waits for the assurance team.
    Queue,
    /// The reviews that the person has.
    Mine,
    /// What went back to suppliers.
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

    /// The state of the sections on it.
    #[must_use]
    pub const fn state(self) -> SectionState {
        match self {
            Self::Queue | Self::Mine => SectionState::Submitted,
            Self::SentBack => SectionState::Returned,
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
    table: String,
    /// Whether reviews can be selected and given to somebody.
    can_assign: bool,
    /// The address of this page, to come back to.
    here: String,
    filters: Vec<(String, String)>,
    choices: Choices,
    views: ViewsBar,
    /// How many messages wait for an answer, and by when the first of them.
    messages: String,
    /// What the person sent a moment ago and can still undo.
    leaving: Vec<Leaving>,
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
    let filter = query.filter(list, me);
    let visible = me.visible();
    let queue = match list {
        List::Queue | List::Mine => visible.queue(&filter, me.today()).await?,
        List::SentBack => visible.sent_back(&filter, me.today()).await?,
    };
    let people = visible.assessors().await?;
    let titles = Titles::new(me)?;
    let shown = Shown { list, query, filter: &filter, titles: &titles, people: &people, me: me.actor.person() };
    let here = query.with(list, &[]);
    let page = &queue.page;
    let template = QueuePage {
        frame: me.frame(list.title()),
        heading: format!("{} ({})", list.title(), page.total),
        list: list.address(),
        groups: grouped(me, list, &queue, &titles),
        pages: Pagination::new(page.number, page.total.div_ceil(PAGE).max(1), |n| query.with(list, &[("page", &n.to_string())])),
        can_take: me.actor.is(Duty::Reviewer),
        table: here.clone(),
        can_assign: list != List::SentBack && me.actor.is(Duty::Manager),
        filters: shown.tags(),
        choices: shown.choices(&queue),
        views: ViewsBar::load(me, &here).await?,
        leaving: visible
            .replies_on_their_way(me.now)
            .await?
            .into_iter()
            .map(|reply| Leaving::new(reply, |section| titles.short(section).to_owned()))
            .collect(),
        messages: if list == List::Queue { messages(me).await? } else { String::new() },
        here,
    };
    ok(&template)
}

async fn messages(me: &SignedIn) -> Result<String, Error> {
    let (number, first) = me.visible().waiting_messages().await?;
    if number == 0 {
        return Ok(String::new());
    }
    let first = first.map(|by| format!(", the first by {}", long_date(by))).unwrap_or_default();
    Ok(format!("{} to answer{first}", counted(usize::try_from(number).unwrap_or(usize::MAX), "message")))
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

fn grouped(me: &SignedIn, list: List, queue: &Queue, titles: &Titles) -> Vec<Group> {
    let today = me.today();
    let mut groups: Vec<Group> = Vec::new();
    for review in &queue.page.rows {
        let urgency = Urgency::of(review.reply_by, today);
        let number = queue.by_urgency.get(&urgency).copied().unwrap_or_default();
        let heading = if list == List::SentBack { String::new() } else { format!("{} ({number})", urgency.label()) };
        let row = row(me, list, review, titles);
        match groups.last_mut() {
            Some(group) if group.heading == heading => group.rows.push(row),
            _ => groups.push(Group { heading, rows: vec![row] }),
        }
    }
    groups
}

fn row(me: &SignedIn, list: List, review: &Review, titles: &Titles) -> Row {
    let today = me.today();
    let calendar = me.app.rules.calendar();
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
        (_, Some(by)) => left(by, calendar, today),
        (_, None) => (String::new(), "plain"),
    };
    let promise = if list == List::SentBack { "Answer expected by" } else { "Reply by" };
    let assigned = match &review.reviewer {
        Some((person, name)) if let Some(at) = review.leaves_at => {
            let who = if *person == me.actor.person() { "You" } else { name };
            format!("{who} sent it. It leaves at {}", time(at))
        }
        Some((person, _)) if *person == me.actor.person() => "You have it".to_owned(),
        Some((_, name)) => format!("{name} has it"),
        None => "Nobody has it yet".to_owned(),
    };
    Row {
        key: review.key(),
        title: titles.short(review.section).to_owned(),
        href: review.address(),
        product: review.product.clone(),
        product_href: format!("/products/{}", review.reference.to_lowercase()),
        about: format!("{}, round {}{on_words}", review.organisation, review.round),
        date: review.reply_by.map(|by| format!("{promise} {}", long_date(by))).unwrap_or_default(),
        left,
        look,
        assigned: if list == List::Mine { String::new() } else { assigned },
        clock: review.reply_by.filter(|_| list != List::SentBack).map(|by| Clock::new(by, calendar, today)),
    }
}
