//! The dashboard of those who plan: four numbers, what needs a decision, and the picture. Each number is the length of the
//! list behind it, because both come from the same filter.

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;

use super::board::LaneRow;
use super::chart::spread::{self, SINGLE, Shown, Spread};
use super::ctx::SignedIn;
use super::frame::Frame;
use super::page::ok;
use super::reports::{TimeRow, step, time_rows};
use crate::domain::actor::Duty;
use crate::domain::measure::{ENOUGH, months_back};
use crate::domain::passage::Party;
use crate::error::Error;
use crate::store::board::BoardFilter;
use crate::store::report::{Ended, Finishing};
use crate::words::{long_date, thousands};

mod todo;

use todo::{Todos, Totals};

/// Lanes on the dashboard.
const LANES: u64 = 10;
/// Months that the dashboard looks back.
const MONTHS: u32 = 12;
/// Steps in the table of where time goes.
const STEPS: usize = 8;

/// One of the four numbers.
struct Figure {
    number: u64,
    words: &'static str,
    href: &'static str,
    link: String,
}

/// How long finished products took.
struct Past {
    is_enough: bool,
    spread: Spread,
    months: Vec<(String, u64, u64)>,
    parties: Vec<TimeRow>,
    steps: Vec<TimeRow>,
}

#[derive(Template)]
#[template(path = "reports/dashboard.html")]
struct DashboardPage {
    frame: Frame,
    date: String,
    figures: Vec<Figure>,
    todos: Todos,
    message: String,
    rows: Vec<LaneRow>,
    /// The address to come back to.
    from: &'static str,
    has_forecast: bool,
    past: Past,
}

/// P51: the home of managers.
pub async fn show(me: SignedIn) -> Result<HttpResponse, Error> {
    if !me.actor.is(Duty::Manager) {
        return Err(Error::NotFound);
    }
    let today = me.today();
    let visible = me.visible();
    let board = BoardFilter::default();
    let (rows, totals, past) =
        Box::pin(async { tokio::try_join!(visible.longest(&board, today, (0, LANES)), Totals::load(&me), past(&me, today)) })
            .await?;
    let todos = Todos::load(&me, &totals, &rows).await?;
    let template = DashboardPage {
        frame: me.frame("Dashboard"),
        date: date(&me, today),
        figures: figures(&totals),
        todos,
        message: message(&totals),
        rows: rows.iter().map(|row| LaneRow::new(&me, row)).collect(),
        from: "/dashboard",
        has_forecast: rows.iter().any(|r| r.expected.is_some()),
        past,
    };
    ok(&template)
}

/// Today, and why this week has fewer working days, if it has.
fn date(me: &SignedIn, today: NaiveDate) -> String {
    let monday = crate::domain::measure::week(today);
    let holidays: Vec<String> = monday.iter_days().take(5).filter_map(|d| me.app.rules.calendar().holiday(d)).collect();
    let today = long_date(today);
    match holidays.as_slice() {
        [] => format!("{today}."),
        [one] => format!("{today}. {one} is not counted as a working day."),
        _ => format!("{today}. {} are not counted as working days.", crate::words::listed(&holidays)),
    }
}

fn figures(totals: &Totals) -> Vec<Figure> {
    let figure = |number: u64, words, href, what: &str| {
        let link = if number == 0 { format!("See {what}") } else { format!("See all {}", thousands(&number)) };
        Figure { number, words, href, link }
    };
    vec![
        figure(totals.under_way, "in progress", "/board", "the timeline board"),
        figure(totals.overdue, "overdue by us", "/reports/service-level?due=overdue", "what is overdue"),
        figure(totals.late, "likely to pass 12 weeks", "/board?risk=late", "those at risk"),
        figure(totals.unassigned, "reviews not assigned", "/reports/service-level?assigned=nobody", "reviews not assigned"),
    ]
}

fn message(totals: &Totals) -> String {
    let (all, late, over) = (thousands(&totals.under_way), thousands(&totals.late), thousands(&totals.over));
    match (totals.late, totals.over) {
        (0, _) if totals.under_way == 1 => "The only product in progress is not at risk of passing 12 weeks.".to_owned(),
        (0, _) => format!("None of {all} products in progress is at risk of passing 12 weeks."),
        (1, 0) => format!("1 of {all} in progress is likely to pass 12 weeks."),
        (_, 0) => format!("{late} of {all} in progress are likely to pass 12 weeks."),
        (..) => format!("{late} of {all} in progress are likely to pass 12 weeks or have passed them, {over} of them have."),
    }
}

async fn past(me: &SignedIn, today: NaiveDate) -> Result<Past, Error> {
    let visible = me.visible();
    let report = visible.report(today).await?;
    let from = months_back(today, MONTHS);
    let which = Finishing { when: Ended::Since(from), is_move: None };
    let times = report.times(which).await?;
    let by_month = report.by_month(which).await?;
    let single = visible.last_finished(which, SINGLE as u64 + 1).await?;
    let steps = report.steps(from).await?;
    let all = times.get(&None).cloned().unwrap_or_default();
    let shown = Shown { span: (which.first_day(), today), times: &all, single: &single, by_month: &by_month };
    let parties = [
        (Party::Supplier, "Waiting for the supplier"),
        (Party::Team, "Waiting for us"),
        (Party::Nobody, "Waiting for a fixed date"),
    ];
    let of_party = |(party, name): (Party, &'static str)| times.get(&Some(party)).map(|h| (name, h));
    let mut longest = time_rows(steps.iter().map(|((_, topic), h)| (step(*topic), h)));
    longest.truncate(STEPS);
    Ok(Past {
        is_enough: all.total() >= ENOUGH,
        spread: Spread::new(&shown),
        months: spread::rows(&by_month),
        parties: time_rows(parties.into_iter().filter_map(of_party)),
        steps: longest,
    })
}
