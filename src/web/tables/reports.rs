//! Reports: open promises and those that came to their end, finished products, flow, steps, and questions.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use chrono::NaiveDate;

use super::super::ctx::SignedIn;
use super::super::export::{Batch, Cell, Column, Table, column, export};
use super::super::queue::Titles;
use super::super::reports::bottlenecks::{BottleneckQuery, longest, most_asked};
use super::super::reports::cycle_time::{CycleQuery, kind};
use super::super::reports::flow::FlowQuery;
use super::super::reports::service_level::{ServiceQuery, who};
use super::super::reports::step;
use super::Suffix;
use super::board::{day_cells, day_columns};
use crate::domain::flow::Band;
use crate::error::Error;
use crate::store::promise::{PromiseFilter, PromiseKey, Promised};
use crate::store::report::{Finish, FinishKey, Finishing};

struct Promises {
    me: SignedIn,
    filter: PromiseFilter,
    titles: Titles,
}

impl Table for Promises {
    type Key = PromiseKey;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("reference", "Reference", 12),
            column("product", "Product", 32),
            column("supplier", "Supplier", 32),
            column("what", "What", 32),
            column("section", "Section", 28),
            column("round", "Round", 8),
            column("since", "Since", 12),
            column("due", "Promised for", 14),
            column("days-left", "Working days left", 18),
            column("who", "Who has it", 24),
        ]
    }

    async fn batch(&self, after: Option<PromiseKey>) -> Result<Batch<PromiseKey>, Error> {
        let read = self.me.visible().promises_after(&self.filter, self.me.today(), after).await?;
        Ok(Batch::of(read, |promise| self.row(promise)))
    }
}

impl Promises {
    fn row(&self, promise: &Promised) -> Vec<Cell> {
        let (section, round) = promise.section.unzip();
        vec![
            promise.reference.clone().into(),
            promise.product.clone().into(),
            promise.organisation.clone().into(),
            step(promise.topic).into(),
            section.map(|s| self.titles.short(s)).into(),
            round.into(),
            promise.since.into(),
            promise.due.into(),
            Cell::Number(self.me.app.rules.calendar().days_left(self.me.today(), promise.due)),
            who(promise).into(),
        ]
    }
}

/// The open promises that the filters of the service level choose.
pub async fn promises(me: SignedIn, suffix: Path<Suffix>, query: Query<ServiceQuery>) -> Result<HttpResponse, Error> {
    let (format, filter, titles) = (suffix.format()?, query.filter(), Titles::new(&me)?);
    export(Promises { me, filter, titles }, ("service-level", format)).await
}

struct Kept {
    me: SignedIn,
    query: ServiceQuery,
}

impl Table for Kept {
    type Key = ();

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("month", "Month", 10),
            column("what", "What", 40),
            column("done", "Done", 8),
            column("on-time", "On time", 8),
            column("share", "On time, in 100", 16),
        ]
    }

    async fn batch(&self, _: Option<()>) -> Result<Batch<()>, Error> {
        let (visible, today) = (self.me.visible(), self.me.today());
        let (asked, kept) = (self.query.asked(today), visible.report(today).await?.kept(self.query.from(today)).await?);
        let chosen = kept.into_iter().rev().filter(|((of, _), _)| asked.is_none_or(|month| month == *of));
        let row = |((of, topic), (good, all)): ((NaiveDate, _), (u64, u64))| {
            vec![
                of.format("%Y-%m").to_string().into(),
                step(topic).into(),
                all.into(),
                good.into(),
                (good * 100).checked_div(all).into(),
            ]
        };
        Ok(Batch::only(chosen.map(row).collect()))
    }
}

/// How promises were kept, by month and by what was promised.
pub async fn kept(me: SignedIn, suffix: Path<Suffix>, query: Query<ServiceQuery>) -> Result<HttpResponse, Error> {
    let format = suffix.format()?;
    export(Kept { me, query: query.into_inner() }, ("service-level-kept", format)).await
}

struct CycleTime {
    me: SignedIn,
    which: Finishing,
}

impl Table for CycleTime {
    type Key = FinishKey;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns = vec![
            column("reference", "Reference", 12),
            column("product", "Product", 32),
            column("supplier", "Supplier", 32),
            column("kind", "Kind", 18),
            column("finished", "Finished", 12),
        ];
        columns.extend(day_columns());
        columns
    }

    async fn batch(&self, before: Option<FinishKey>) -> Result<Batch<FinishKey>, Error> {
        Ok(Batch::of(self.me.visible().finished_before(self.which, before).await?, finish))
    }
}

fn finish(finish: &Finish) -> Vec<Cell> {
    let mut cells = vec![
        finish.reference.clone().into(),
        finish.name.clone().into(),
        finish.organisation.clone().into(),
        kind(finish.is_move).into(),
        finish.on.into(),
    ];
    cells.extend(day_cells(&finish.days));
    cells
}

/// The finished products that the filters of the cycle time choose, the last first.
pub async fn cycle_time(me: SignedIn, suffix: Path<Suffix>, query: Query<CycleQuery>) -> Result<HttpResponse, Error> {
    let (format, which) = (suffix.format()?, query.which(me.today()));
    export(CycleTime { me, which }, ("cycle-time", format)).await
}

struct Flow {
    me: SignedIn,
    query: FlowQuery,
}

impl Table for Flow {
    type Key = ();

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        let bands = Band::ALL.iter().map(|band| column(band.word(), band.label(), 24));
        std::iter::once(column("day", "End of", 12)).chain(bands).collect()
    }

    async fn batch(&self, _: Option<()>) -> Result<Batch<()>, Error> {
        let (visible, today) = (self.me.visible(), self.me.today());
        let flow = visible.report(today).await?.flow(&self.query.days(today)).await?;
        let row = |(day, levels): (NaiveDate, std::collections::BTreeMap<Band, u64>)| {
            let levels = Band::ALL.iter().map(|band| levels.get(band).copied().unwrap_or_default().into());
            std::iter::once(day.into()).chain(levels).collect()
        };
        Ok(Batch::only(flow.into_iter().rev().map(row).collect()))
    }
}

/// Where products were at the end of each week, the last week first.
pub async fn flow(me: SignedIn, suffix: Path<Suffix>, query: Query<FlowQuery>) -> Result<HttpResponse, Error> {
    let format = suffix.format()?;
    export(Flow { me, query: query.into_inner() }, ("flow", format)).await
}

struct Steps {
    me: SignedIn,
    from: NaiveDate,
}

impl Table for Steps {
    type Key = ();

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("step", "Step", 40),
            column("number", "How often", 12),
            column("half", "Half, days", 12),
            column("most", "85 in 100, days", 16),
        ]
    }

    async fn batch(&self, _: Option<()>) -> Result<Batch<()>, Error> {
        let times = longest(&self.me.visible().report(self.me.today()).await?, self.from).await?;
        let rows = times.iter().map(|t| vec![t.name.into(), t.number.into(), t.half.into(), t.most.into()]);
        Ok(Batch::only(rows.collect()))
    }
}

/// How long each step took, the longest first.
pub async fn steps(me: SignedIn, suffix: Path<Suffix>, query: Query<BottleneckQuery>) -> Result<HttpResponse, Error> {
    let (format, from) = (suffix.format()?, query.from(me.today()));
    export(Steps { me, from }, ("bottlenecks", format)).await
}

struct Questions {
    me: SignedIn,
    from: NaiveDate,
}

impl Table for Questions {
    type Key = ();

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("key", "Key", 24),
            column("question", "Question", 60),
            column("section", "Section", 28),
            column("asked", "Asked", 8),
            column("words", "Words each", 12),
        ]
    }

    async fn batch(&self, _: Option<()>) -> Result<Batch<()>, Error> {
        let asked = most_asked(&self.me, &self.me.visible().report(self.me.today()).await?, self.from).await?;
        let rows = asked.into_iter().map(|a| vec![a.key.into(), a.text.into(), a.section.into(), a.number.into(), a.words.into()]);
        Ok(Batch::only(rows.collect()))
    }
}

/// Every question about which more was asked, those asked about most first.
pub async fn questions(me: SignedIn, suffix: Path<Suffix>, query: Query<BottleneckQuery>) -> Result<HttpResponse, Error> {
    let (format, from) = (suffix.format()?, query.from(me.today()));
    export(Questions { me, from }, ("questions", format)).await
}
