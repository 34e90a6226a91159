//! The timeline board: every product under way as a lane, those that take longest first, or counted by where they are.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::chart::lane::Lane;
use super::ctx::SignedIn;
use super::due_view::left;
use super::frame::Frame;
use super::page::ok;
use super::parts::{Item, Pagination};
use super::reminder::Reminder;
use super::reports::address;
use crate::domain::flow::Band;
use crate::domain::measure::Risk;
use crate::domain::passage::Party;
use crate::error::Error;
use crate::store::board::{BoardFilter, Crowd, Running};
use crate::store::visible::PAGE;
use crate::words::{counted, thousands};

/// What the address of the board may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BoardQuery {
    waiting: String,
    risk: String,
    stage: String,
    rounds: String,
    q: String,
    group: String,
    page: u64,
}

/// One product of the board.
pub struct LaneRow {
    /// Its name.
    pub name: String,
    /// The address of its page.
    pub href: String,
    /// Whose it is.
    pub organisation: String,
    /// Whom it waits for.
    pub whom: &'static str,
    /// What for, and since when.
    pub what: String,
    /// How much time is left for what we owe, and the look of it; empty when we owe nothing.
    pub left: (String, &'static str),
    /// Its days.
    pub lane: Lane,
    /// When it is likely to finish; empty when nothing is forecast.
    pub likely: String,
    /// Reminding its supplier.
    pub reminder: Reminder,
    /// How it stands against 12 weeks, and the look of it; empty when it is well.
    pub risk: (&'static str, &'static str),
}

impl LaneRow {
    /// A product as it stands today.
    #[must_use]
    pub fn new(me: &SignedIn, row: &Running) -> Self {
        let today = me.today();
        let days = usize::try_from((today - row.since).num_days()).unwrap_or_default();
        let since = if days == 0 { "since today".to_owned() } else { format!("for {}", counted(days, "day")) };
        let late = row.by.filter(|_| row.party == Party::Team).map(|by| left(by, me.app.rules.calendar(), today));
        Self {
            name: row.name.clone(),
            href: row.address(),
            organisation: row.organisation.clone(),
            whom: whom(row.party),
            what: row.topic.map_or_else(|| since.clone(), |topic| format!("{}, {since}", topic.thing())),
            left: late.unwrap_or((String::new(), "plain")),
            lane: Lane::new(row, today),
            likely: row.expected.map(|e| e.likely.range()).unwrap_or_default(),
            reminder: Reminder::of(me, row),
            risk: risk(row),
        }
    }
}

/// How a product stands against 12 weeks, and the look of it.
#[must_use]
pub fn risk(running: &Running) -> (&'static str, &'static str) {
    match running.risk() {
        Some(Risk::Over) => ("Over 12 weeks", "red"),
        Some(Risk::Late) => ("At risk", "orange"),
        None => ("", ""),
    }
}

/// Whom a product waits for.
#[must_use]
pub const fn whom(party: Party) -> &'static str {
    match party {
        Party::Supplier => "Supplier",
        Party::Team => "Us",
        Party::Nobody => "A fixed date",
        Party::OnHold => "On hold",
    }
}

/// How many products are at one place.
struct StageRow {
    name: &'static str,
    href: String,
    crowd: Crowd,
    late: String,
    over: String,
}

#[derive(Template)]
#[template(path = "reports/board.html")]
struct BoardPage {
    frame: Frame,
    here: &'static str,
    heading: String,
    message: String,
    rows: Vec<LaneRow>,
    has_forecast: bool,
    stages: Vec<StageRow>,
    is_grouped: bool,
    other_way: String,
    filters: Vec<(String, String)>,
    waiting: Vec<Item>,
    risk: Vec<Item>,
    stage: Vec<Item>,
    /// The address with its filters.
    table: String,
    /// The same with its page, to come back to.
    from: String,
    query: BoardQuery,
    pages: Pagination,
}

impl BoardQuery {
    /// The products that the address asks for.
    #[must_use]
    pub fn filter(&self) -> BoardFilter {
        BoardFilter {
            party: Party::from_word(&self.waiting),
            risk: Risk::from_word(&self.risk),
            stage: Band::from_word(&self.stage).filter(|b| *b != Band::Finished),
            is_long: self.rounds == "3",
            words: self.q.clone(),
            page: self.page,
        }
    }

    /// Whether it asks for the places of products and not for each of them.
    #[must_use]
    pub fn is_grouped(&self) -> bool {
        self.group == "stage"
    }

    /// The address of the board with some of its fields changed, on its first page.
    fn with(&self, changed: &[(&str, &str)]) -> String {
        let now = [
            ("waiting", self.waiting.as_str()),
            ("risk", self.risk.as_str()),
            ("stage", self.stage.as_str()),
            ("rounds", self.rounds.as_str()),
            ("q", self.q.as_str()),
            ("group", self.group.as_str()),
        ];
        let kept = now.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
        address("/board", &kept.chain(changed.iter().copied()).collect::<Vec<_>>())
    }

    /// The address of a page of it.
    fn at(&self, page: u64) -> String {
        self.with(&[("page", &page.to_string())])
    }

    /// The filters in use: what each says, and the address without it.
    fn chosen(&self, filter: &BoardFilter) -> Vec<(String, String)> {
        let mut chosen = Vec::new();
        let mut add = |words: String, name: &str| chosen.push((words, self.with(&[(name, "")])));
        if let Some(party) = filter.party {
            add(format!("Waiting for: {}", whom(party).to_lowercase()), "waiting");
        }
        match filter.risk {
            Some(Risk::Late) => add("At risk".to_owned(), "risk"),
            Some(Risk::Over) => add("Past 12 weeks".to_owned(), "risk"),
            None => {}
        }
        if let Some(stage) = filter.stage {
            add(stage.label().to_owned(), "stage");
        }
        if filter.is_long {
            add("Third round or later".to_owned(), "rounds");
        }
        if !filter.words.trim().is_empty() {
            add(format!("“{}”", filter.words.trim()), "q");
        }
        chosen
    }
}

/// The list to go back to: what comes from a form leads to the board or to the dashboard, and nowhere else.
#[must_use]
pub fn back(typed: &str) -> String {
    let query = typed.strip_prefix("/board").map(|rest| rest.strip_prefix('?').unwrap_or_default());
    match query.map(Query::<BoardQuery>::from_query) {
        Some(Ok(query)) => query.at(query.page.max(1)),
        Some(Err(_)) => "/board".to_owned(),
        None => "/dashboard".to_owned(),
    }
}

/// P52: every product under way.
pub async fn show(me: SignedIn, query: Query<BoardQuery>) -> Result<HttpResponse, Error> {
    let (query, today) = (query.into_inner(), me.today());
    let filter = query.filter();
    let is_grouped = query.is_grouped();
    let visible = me.visible();
    let (page, crowds) = if is_grouped {
        (None, visible.by_stage(&filter, today).await?)
    } else {
        (Some(visible.board(&filter, today).await?), std::collections::BTreeMap::new())
    };
    let total = page.as_ref().map_or_else(|| crowds.values().map(|c| c.number).sum(), |p| p.total);
    let stages = crowds.iter().rev().map(|(band, crowd)| stage_row(&query, *band, *crowd)).collect();
    let (number, rows) = page.map(|p| (p.number, p.rows)).unwrap_or_default();
    let item = |value: &str, label: &str, now: &str| Item::new(value, label).checked(now == value);
    let template = BoardPage {
        frame: me.frame("Timeline board"),
        here: "/board",
        heading: format!("Timeline board ({})", thousands(&total)),
        message: message(total, &rows),
        rows: rows.iter().map(|row| LaneRow::new(&me, row)).collect(),
        has_forecast: rows.iter().any(|r| r.expected.is_some()),
        stages,
        is_grouped,
        other_way: query.with(&[("group", if is_grouped { "" } else { "stage" })]),
        filters: query.chosen(&filter),
        waiting: [
            ("", "Anybody"),
            ("team", "Us"),
            ("supplier", "The supplier"),
            ("nobody", "A fixed date"),
            ("on-hold", "On hold"),
        ]
        .map(|(value, label)| item(value, label, &query.waiting))
        .into(),
        risk: [("", "Any time"), ("late", "At risk of more than 12 weeks"), ("over", "More than 12 weeks")]
            .map(|(value, label)| item(value, label, &query.risk))
            .into(),
        stage: std::iter::once(item("", "Anywhere", &query.stage))
            .chain(Band::UNDER_WAY.iter().map(|b| item(b.word(), b.label(), &query.stage)))
            .collect(),
        pages: Pagination::new(number, total.div_ceil(PAGE).max(1), |n| query.at(n)),
        table: query.with(&[]),
        from: query.at(number),
        query,
    };
    ok(&template)
}

fn stage_row(query: &BoardQuery, band: Band, crowd: Crowd) -> StageRow {
    // Who only looks at those past 12 weeks stays with them.
    let at =
        |risk| query.with(&[("group", ""), ("stage", band.word()), ("risk", if query.risk == "over" { "over" } else { risk })]);
    StageRow {
        name: band.label(),
        href: query.with(&[("group", ""), ("stage", band.word())]),
        crowd,
        late: at("late"),
        over: at("over"),
    }
}

/// What the first rows say.
fn message(total: u64, rows: &[Running]) -> String {
    match rows.first() {
        Some(first) if total == 1 => format!("1 product is in week {} of the usual 2 to 12.", first.days / 7 + 1),
        Some(first) => format!("The one that takes longest is in week {} of the usual 2 to 12.", first.days / 7 + 1),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_kept_and_taken_out_of_an_address() {
        let query = BoardQuery { risk: "late".to_owned(), q: "ward & co".to_owned(), page: 3, ..BoardQuery::default() };
        assert_eq!(query.with(&[("page", "2")]), "/board?risk=late&q=ward+%26+co&page=2");
        assert_eq!(query.with(&[("risk", "")]), "/board?q=ward+%26+co");
        let filters = query.chosen(&query.filter());
        assert_eq!(filters.iter().map(|(words, _)| words.as_str()).collect::<Vec<_>>(), ["At risk", "“ward & co”"]);
        assert_eq!(back("/board?risk=late&q=ward+%26+co&page=2&evil=1"), "/board?risk=late&q=ward+%26+co&page=2");
        assert_eq!((back("/dashboard"), back("https://evil.example/board")), ("/dashboard".to_owned(), "/dashboard".to_owned()));
        assert_eq!((back("/board"), back("/board?page=x")), ("/board?page=1".to_owned(), "/board".to_owned()));
    }
}
