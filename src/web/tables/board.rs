//! What those who plan look at every day: products in progress, where they are, and who has which reviews.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};

use super::super::board::{BoardQuery, risk, whom};
use super::super::ctx::SignedIn;
use super::super::export::{Batch, Cell, Column, Table, column, export};
use super::super::workload::{leave_soon, room_of};
use super::{Suffix, plain};
use crate::domain::flow::Band;
use crate::domain::passage::Days;
use crate::error::Error;
use crate::store::board::{BoardFilter, BoardKey, Crowd, Running};
use crate::store::reviewer::ReviewerLoad;

struct Board {
    me: SignedIn,
    filter: BoardFilter,
}

/// The columns of days by whom was waited for.
pub(super) fn day_columns() -> [Column; 5] {
    [
        column("days", "Days", 8),
        column("days-supplier", "Days with the supplier", 20),
        column("days-team", "Days with us", 14),
        column("days-date", "Days until a fixed date", 20),
        column("days-on-hold", "Days on hold", 14),
    ]
}

/// The cells below them: all but those on hold first.
pub(super) fn day_cells(days: &Days) -> [Cell; 5] {
    [days.elapsed(), days.supplier, days.team, days.nobody, days.on_hold].map(Cell::from)
}

impl Table for Board {
    type Key = BoardKey;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns = vec![
            column("reference", "Reference", 12),
            column("product", "Product", 32),
            column("supplier", "Supplier", 32),
            column("waits-for", "Waiting for", 14),
            column("what", "What for", 32),
            column("since", "Since", 12),
            column("by", "By", 12),
            column("status", "Status", 14),
        ];
        columns.extend(day_columns());
        columns.extend([column("likely-from", "Likely from", 12), column("likely-until", "Likely until", 12)]);
        columns
    }

    async fn batch(&self, after: Option<BoardKey>) -> Result<Batch<BoardKey>, Error> {
        let read = self.me.visible().board_after(&self.filter, self.me.today(), after).await?;
        Ok(Batch::of(read, |row| self.row(row)))
    }
}

impl Board {
    fn row(&self, row: &Running) -> Vec<Cell> {
        let mut cells = vec![
            row.reference.clone().into(),
            row.name.clone().into(),
            row.organisation.clone().into(),
            whom(row.party).into(),
            row.topic.map(|topic| plain(topic.thing())).into(),
            row.since.into(),
            row.by.into(),
            risk(row).0.into(),
        ];
        let today = self.me.today();
        cells.extend(day_cells(&row.stretches.iter().fold(Days::default(), |days, s| days.plus(s.party, s.days(today)))));
        let likely = row.expected.as_ref().map(|e| e.likely);
        cells.extend([likely.map(|l| l.from).into(), likely.map(|l| l.until).into()]);
        cells
    }
}

struct Places {
    me: SignedIn,
    filter: BoardFilter,
}

impl Table for Places {
    type Key = ();

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("place", "Where", 28),
            column("products", "Products", 10),
            column("late", "At risk", 14),
            column("over", "Past 12 weeks", 14),
        ]
    }

    async fn batch(&self, _: Option<()>) -> Result<Batch<()>, Error> {
        let places = self.me.visible().by_stage(&self.filter, self.me.today()).await?;
        let row =
            |(band, crowd): (Band, Crowd)| vec![band.label().into(), crowd.number.into(), crowd.late.into(), crowd.over.into()];
        Ok(Batch::only(places.into_iter().rev().map(row).collect()))
    }
}

/// The products in progress that the filters of the board choose, or how many are where.
pub async fn board(me: SignedIn, suffix: Path<Suffix>, query: Query<BoardQuery>) -> Result<HttpResponse, Error> {
    let (format, filter) = (suffix.format()?, query.filter());
    if query.is_grouped() {
        export(Places { me, filter }, ("timeline-board-places", format)).await
    } else {
        export(Board { me, filter }, ("timeline-board", format)).await
    }
}

struct Workload {
    me: SignedIn,
}

impl Table for Workload {
    /// The page of reviewers.
    type Key = u64;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("reviewer", "Reviewer", 28),
            column("reviews", "Reviews", 10),
            column("overdue", "Overdue", 10),
            column("a-week", "Reviews a week", 16),
            column("room", "Room this week", 16),
            column("leave-from", "On leave from", 14),
            column("leave-until", "On leave until", 14),
            column("demonstrations", "Demonstrations this week", 24),
        ]
    }

    async fn batch(&self, page: Option<u64>) -> Result<Batch<u64>, Error> {
        let (visible, today) = (self.me.visible(), self.me.today());
        let page = visible.reviewer_loads(today, page.unwrap_or(1)).await?;
        let mut rows: Vec<Vec<Cell>> = page.rows.iter().map(|load| self.row(load)).collect();
        let next = page.next();
        if next.is_none() {
            let (open, overdue) = visible.unassigned(today).await?;
            let mut nobody = vec![Cell::from("Nobody"), open.into(), overdue.into()];
            nobody.resize(self.columns().len(), Cell::Empty);
            rows.push(nobody);
        }
        Ok(Batch { rows, next })
    }
}

impl Workload {
    fn row(&self, load: &ReviewerLoad) -> Vec<Cell> {
        let leave = leave_soon(&load.leave, self.me.today());
        vec![
            load.name.clone().into(),
            load.open.into(),
            load.overdue.into(),
            load.a_week().into(),
            room_of(load, self.me.app.rules.calendar(), self.me.today()).into(),
            leave.map(|l| l.from).into(),
            leave.map(|l| l.until).into(),
            load.tests.into(),
        ]
    }
}

/// Who has how many reviews, and what nobody has.
pub async fn workload(me: SignedIn, suffix: Path<Suffix>) -> Result<HttpResponse, Error> {
    let format = suffix.format()?;
    if !me.actor.sees_all() {
        return Err(Error::NotFound);
    }
    export(Workload { me }, ("workload", format)).await
}
