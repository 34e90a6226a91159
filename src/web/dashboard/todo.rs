//! What needs a decision from a manager: a few of each kind, and the way to all of them.

use super::super::board::LaneRow;
use super::super::ctx::SignedIn;
use super::super::due_view::left;
use super::super::queue::Titles;
use super::super::reports::service_level::{address, what};
use crate::domain::measure::{LONG_ROUND, Risk};
use crate::domain::waits::Topic;
use crate::error::Error;
use crate::store::board::{BoardFilter, Running};
use crate::store::promise::{PromiseFilter, Promised};
use crate::words::{long_date, thousands};

/// Things of one kind that are named one by one.
const EACH: u64 = 5;
/// Working days before a reply is due, from which on somebody must have the review.
const SOON_DAYS: i64 = 2;

/// The numbers of the dashboard.
pub struct Totals {
    pub under_way: u64,
    pub overdue: u64,
    pub late: u64,
    pub over: u64,
    pub unassigned: u64,
    pub long: u64,
    pub signed: u64,
    pub messages: u64,
}

impl Totals {
    /// Counts with the filters of the lists behind the numbers; eight statements.
    pub async fn load(me: &SignedIn) -> Result<Self, Error> {
        let (visible, today) = (me.visible(), me.today());
        let at_risk = |risk| BoardFilter { risk: Some(risk), ..BoardFilter::default() };
        Ok(Self {
            under_way: visible.under_way(&BoardFilter::default(), today).await?,
            overdue: visible.promised(&overdue(), today).await?,
            late: visible.under_way(&at_risk(Risk::Late), today).await?,
            over: visible.under_way(&at_risk(Risk::Over), today).await?,
            unassigned: visible.promised(&unassigned(), today).await?,
            long: visible.under_way(&long(), today).await?,
            signed: visible.promised(&signed(), today).await?,
            messages: visible.waiting_messages().await?.0,
        })
    }
}

fn overdue() -> PromiseFilter {
    PromiseFilter { is_overdue: true, ..PromiseFilter::default() }
}

fn unassigned() -> PromiseFilter {
    PromiseFilter { is_unassigned: true, ..PromiseFilter::default() }
}

fn signed() -> PromiseFilter {
    PromiseFilter { topic: Some(Topic::SignedCopy), ..PromiseFilter::default() }
}

fn long() -> BoardFilter {
    BoardFilter { is_long: true, ..BoardFilter::default() }
}

/// One thing to decide on.
pub struct Todo {
    pub title: String,
    pub href: String,
    pub about: String,
}

/// All that is to be decided, and where the rest is.
pub struct Todos {
    pub rows: Vec<Todo>,
    pub more: Vec<(String, &'static str)>,
}

impl Todos {
    /// What waits, the most urgent kind first; five statements.
    pub async fn load(me: &SignedIn, totals: &Totals, longest: &[Running]) -> Result<Self, Error> {
        let (visible, today, titles) = (me.visible(), me.today(), Titles::new(me)?);
        let mut rows: Vec<Todo> = Vec::new();
        for promise in visible.first_due(&overdue(), today, (0, EACH)).await? {
            rows.push(late(me, &titles, &promise));
        }
        let ahead = |filter| PromiseFilter { from: Some(today), ..filter };
        for promise in visible.first_due(&ahead(unassigned()), today, (0, EACH)).await? {
            if me.app.rules.calendar().days_left(today, promise.due) <= SOON_DAYS {
                rows.push(to_assign(&titles, &promise));
            }
        }
        for promise in visible.first_due(&ahead(signed()), today, (0, EACH)).await? {
            let about = format!("{}. Reply by {}", promise.organisation, long_date(promise.due));
            rows.push(Todo { title: format!("Check the signed agreement of {}", promise.product), href: address(&promise), about });
        }
        let at_risk = longest.iter().filter(|r| r.risk().is_some()).take(usize::try_from(EACH).unwrap_or_default());
        rows.extend(at_risk.map(|row| slow(me, row)));
        for row in visible.longest(&long(), today, (0, EACH)).await? {
            let about = format!("A section is in round {LONG_ROUND} or later. {}", row.organisation);
            rows.push(Todo { title: format!("Talk to {}", row.name), href: row.address(), about });
        }
        Ok(Self { rows, more: more(totals) })
    }
}

/// The ways to those that are not named.
fn more(totals: &Totals) -> Vec<(String, &'static str)> {
    let all = [
        (totals.overdue, "overdue by us", "/reports/service-level?due=overdue"),
        (totals.signed, "signed agreements to check", "/reports/service-level?what=signed-copy"),
        (totals.late, "likely to pass 12 weeks", "/board?risk=late"),
        (totals.long, "in the third round or later", "/board?rounds=3"),
    ];
    let messages = if totals.messages == 1 { "message to answer" } else { "messages to answer" };
    all.into_iter()
        .filter(|(number, ..)| *number > EACH)
        .chain((totals.messages > 0).then_some((totals.messages, messages, "/messages")))
        .map(|(number, words, href)| (format!("{} {words}", thousands(&number)), href))
        .collect()
}

fn late(me: &SignedIn, titles: &Titles, promise: &Promised) -> Todo {
    let (left, _) = left(promise.due, me.app.rules.calendar(), me.today());
    let who = match (&promise.reviewer, promise.section) {
        (Some((_, name)), _) => format!(" {name} has it."),
        (None, Some(_)) => " Nobody has it.".to_owned(),
        (None, None) => String::new(),
    };
    let about = format!("{left}.{who} {}", promise.organisation);
    Todo { title: format!("{}: {}", promise.product, what(titles, promise)), href: address(promise), about }
}

fn to_assign(titles: &Titles, promise: &Promised) -> Todo {
    let about = format!("Nobody has it. Reply by {}", long_date(promise.due));
    let href = match promise.section {
        Some((section, _)) => format!("/queue/assignment?review={}%2F{section}", promise.reference.to_lowercase()),
        None => address(promise),
    };
    Todo { title: format!("Assign {}: {}", promise.product, what(titles, promise)), href, about }
}

fn slow(me: &SignedIn, running: &Running) -> Todo {
    let row = LaneRow::new(me, running);
    let since = format!("Waiting for {}: {}", row.whom.to_lowercase(), row.what);
    Todo {
        title: format!("{} is in week {}", row.name, running.days / 7 + 1),
        href: row.href,
        about: format!("{since}. {}", row.organisation),
    }
}
