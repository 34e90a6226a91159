//! What the days so far add up to, for reports: sums of finished days, and the days since as they are.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::batch::{BATCH, Batch};
use super::held;
use super::interest::apart;
use super::register::{Place, before};
use super::row::{count, known};
use super::schema::{finish_week, passage, question_month, step_month};
use super::tally::{self, ALL_DAYS, Finishes, Span, positive};
use super::visible::{PAGE, Page, Visible, at_least_one};
use crate::domain::actor::Actor;
use crate::domain::flow::Band;
use crate::domain::forecast::Held;
use crate::domain::measure::{Histogram, Promise, month, week};
use crate::domain::passage::{Days, End, Party};
use crate::domain::section::Turn;
use crate::domain::waits::Topic;
use crate::error::Error;

/// The finished ways that a report looks at.
#[derive(Clone, Copy, Debug)]
pub struct Finishing {
    /// When they ended.
    pub when: Ended,
    /// Only moves from CIS1, or only what is no move.
    pub is_move: Option<bool>,
}

/// When finished ways ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// In the week of this day or later: what is added up is kept by weeks.
    Since(NaiveDate),
    /// In the month that begins on this day.
    Month(NaiveDate),
}

impl Finishing {
    /// The first day that is looked at: a Monday, or the first of a month.
    #[must_use]
    pub fn first_day(&self) -> NaiveDate {
        match self.when {
            Ended::Since(day) => week(day),
            Ended::Month(first) => first,
        }
    }

    /// The last day that is looked at: today, or the last of a month that has passed.
    #[must_use]
    pub fn last_day(&self, today: NaiveDate) -> NaiveDate {
        match self.when {
            Ended::Since(_) => today,
            Ended::Month(first) => Ord::min((first + Months::new(1)).pred_opt().unwrap_or(first), today),
        }
    }
}

/// One finished way.
#[derive(Clone, Debug)]
pub struct Finish {
    /// `C2A-1042`.
    pub reference: String,
    /// Product.
    pub name: String,
    /// Supplier.
    pub organisation: String,
    /// The day on which it was assured.
    pub on: NaiveDate,
    /// Days that it took, by whom was waited for.
    pub days: Days,
    /// Whether it was a move from CIS1.
    pub is_move: bool,
}

/// Where finished ways go on: the day on which one ended, and its product.
pub type FinishKey = Place<Uuid, NaiveDate>;

/// How many took how long: by whom was waited for, all days without one.
pub type Times = BTreeMap<Option<Party>, Histogram>;
/// How long each step took.
pub type StepTimes = BTreeMap<(Turn, Topic), Histogram>;
/// Promises by month and topic: kept, and all.
pub type Kept = BTreeMap<(NaiveDate, Topic), (u64, u64)>;
/// How many products were where at the end of each of some days.
pub type Flow = Vec<(NaiveDate, BTreeMap<Band, u64>)>;

/// A way to read what the days so far add up to.
pub struct Report<'a> {
    visible: &'a Visible<'a>,
    tallied_to: Option<NaiveDate>,
    today: NaiveDate,
}

impl Visible<'_> {
    /// The report of a day; one statement. Only for the assurance team.
    pub async fn report(&self, today: NaiveDate) -> Result<Report<'_>, Error> {
        self.of_the_team()?;
        Ok(Report { visible: self, tallied_to: tally::tallied_to(self.read()).await?, today })
    }

    /// A page of finished ways, the last first; three statements, by the index on how and when ways ended.
    pub async fn finished(&self, which: Finishing, page: u64) -> Result<Page<Finish>, Error> {
        let all = ended(self.actor, which).select_only().columns([passage::Column::ProductId, passage::Column::Number]);
        let (total, number) = (all.count(self.read()).await?, at_least_one(page));
        let rows = self.finishes(self.last_ended(which, ((number - 1) * PAGE, PAGE)).await?).await?;
        Ok(Page { rows, total, number })
    }

    /// All finished ways, the last first, a batch at a time; by the same index.
    pub async fn finished_before(&self, which: Finishing, place: Option<FinishKey>) -> Result<Batch<Finish, FinishKey>, Error> {
        self.of_the_team()?;
        let mut select = last_first(ended(self.actor, which)).limit(BATCH);
        if let Some(place) = place {
            select = select.filter(before(place, (passage::Column::EndedOn, passage::Column::ProductId)));
        }
        let listed = select.all(self.read()).await?;
        let last = listed.last().and_then(|p| Some((p.ended_on?, p.product_id)));
        Ok(Batch::new(self.finishes(listed).await?, last))
    }

    /// What is said of ways that came to assurance; one statement.
    async fn finishes(&self, listed: Vec<passage::Model>) -> Result<Vec<Finish>, Error> {
        let named = self.named(&listed.iter().map(|p| p.product_id).collect::<Vec<_>>()).await?;
        let finish = |p: passage::Model| {
            let product = named.get(&p.product_id)?;
            Some(Finish {
                reference: product.reference.clone(),
                name: product.name.clone(),
                organisation: product.organisation_name.clone(),
                on: p.counted_to,
                days: days(&p),
                is_move: p.is_move,
            })
        };
        Ok(listed.into_iter().filter_map(finish).collect())
    }

    /// When the last finished ways ended, and how many days they took, at most so many; one statement.
    pub async fn last_finished(&self, which: Finishing, most: u64) -> Result<Vec<(NaiveDate, u32)>, Error> {
        Ok(self.last_ended(which, (0, most)).await?.iter().map(|p| (p.counted_to, days(p).elapsed())).collect())
    }

    async fn last_ended(&self, which: Finishing, (offset, most): (u64, u64)) -> Result<Vec<passage::Model>, Error> {
        self.of_the_team()?;
        Ok(last_first(ended(self.actor, which)).offset(offset).limit(most).all(self.read()).await?)
    }
}

fn days(ended: &passage::Model) -> Days {
    Days {
        supplier: count(ended.supplier_days),
        team: count(ended.team_days),
        nobody: count(ended.nobody_days),
        on_hold: count(ended.held_days),
    }
}

fn last_first(select: Select<passage::Entity>) -> Select<passage::Entity> {
    select.order_by_desc(passage::Column::EndedOn).order_by_desc(passage::Column::ProductId)
}

fn ended(actor: &Actor, which: Finishing) -> Select<passage::Entity> {
    let select = passage::Entity::find()
        .filter(passage::Column::Ended.eq(End::Assured.word()))
        .filter(passage::Column::EndedOn.gte(which.first_day()));
    let select = match which.when {
        Ended::Since(_) => select,
        Ended::Month(_) => select.filter(passage::Column::EndedOn.lte(which.last_day(NaiveDate::MAX))),
    };
    let select = match apart(actor, passage::Column::ProductId) {
        Some(only) => select.filter(only),
        None => select,
    };
    match which.is_move {
        Some(is_move) => select.filter(passage::Column::IsMove.eq(is_move)),
        None => select,
    }
}

impl Report<'_> {
    /// The days from one on that were not added up yet.
    fn since(&self, from: NaiveDate) -> Span {
        let next = self.tallied_to.and_then(|day| day.succ_opt());
        Span { first: next.filter(|next| *next > from).unwrap_or(from), last: self.today }
    }

    /// How long each step took that ended in the month of a day or later; two statements.
    pub async fn steps(&self, from: NaiveDate) -> Result<StepTimes, Error> {
        use step_month::Column as C;
        let rows: Vec<(String, String, i32, Option<i64>)> = step_month::Entity::find()
            .select_only()
            .columns([C::Turn, C::Topic, C::Days])
            .column_as(sum(C::Number), "number")
            .filter(C::Month.gte(month(from)))
            .group_by(C::Turn)
            .group_by(C::Topic)
            .group_by(C::Days)
            .into_tuple()
            .all(self.visible.read())
            .await?;
        let mut times = StepTimes::new();
        for (turn, topic, days, number) in rows {
            let step = (known(&turn, Turn::from_word(&turn))?, known(&topic, Topic::from_word(&topic))?);
            times.entry(step).or_default().add(count(days), positive(number.unwrap_or_default()));
        }
        for ((_, turn, topic, _, days), number) in tally::steps(self.visible.read(), self.since(month(from))).await? {
            times.entry((turn, topic)).or_default().add(days, number);
        }
        Ok(times)
    }

    /// The promises of the team that ended in the month of a day or later; two statements.
    pub async fn kept(&self, from: NaiveDate) -> Result<Kept, Error> {
        use step_month::Column as C;
        let rows: Vec<(NaiveDate, String, String, Option<i64>)> = step_month::Entity::find()
            .select_only()
            .columns([C::Month, C::Topic, C::Promise])
            .column_as(sum(C::Number), "number")
            .filter(C::Month.gte(month(from)))
            .filter(C::Turn.eq(Turn::Team.word()))
            .filter(C::Promise.ne(Promise::None.word()))
            .group_by(C::Month)
            .group_by(C::Topic)
            .group_by(C::Promise)
            .into_tuple()
            .all(self.visible.read())
            .await?;
        let mut kept = Kept::new();
        let mut add = |month, topic, promise, number| {
            let (good, all) = kept.entry((month, topic)).or_default();
            *good += if promise == Promise::Kept { number } else { 0 };
            *all += number;
        };
        for (month, topic, promise, number) in rows {
            let topic = known(&topic, Topic::from_word(&topic))?;
            add(month, topic, known(&promise, Promise::from_word(&promise))?, positive(number.unwrap_or_default()));
        }
        for ((month, turn, topic, promise, _), number) in tally::steps(self.visible.read(), self.since(month(from))).await? {
            if turn == Turn::Team && promise != Promise::None {
                add(month, topic, promise, number);
            }
        }
        Ok(kept)
    }

    /// How long finished ways took, in all and by whom was waited for; two statements.
    pub async fn times(&self, which: Finishing) -> Result<Times, Error> {
        use finish_week::Column as C;
        let rows: Vec<(String, i32, Option<i64>)> = of_weeks(which)
            .select_only()
            .columns([C::Party, C::Days])
            .column_as(sum(C::Number), "number")
            .group_by(C::Party)
            .group_by(C::Days)
            .into_tuple()
            .all(self.visible.read())
            .await?;
        let mut times = Times::new();
        for (party, days, number) in rows {
            let party = if party == ALL_DAYS { None } else { Some(known(&party, Party::from_word(&party))?) };
            times.entry(party).or_default().add(count(days), positive(number.unwrap_or_default()));
        }
        for ((_, is_move, party, days), number) in self.finishes(which).await? {
            if which.is_move.is_none_or(|m| m == is_move) {
                times.entry(party).or_default().add(days, number);
            }
        }
        Ok(times)
    }

    /// The finished ways that are read as they are: those that were not added up yet, and all of a month.
    async fn finishes(&self, which: Finishing) -> Result<Finishes, Error> {
        let span = match which.when {
            Ended::Since(_) => self.since(which.first_day()),
            Ended::Month(first) => Span { first, last: which.last_day(self.today) },
        };
        tally::finishes(self.visible.read(), span).await
    }

    /// Finished ways by the month of their week and the weeks that they took, rounded up; two statements.
    pub async fn by_month(&self, which: Finishing) -> Result<BTreeMap<(NaiveDate, u32), u64>, Error> {
        use finish_week::Column as C;
        let rows: Vec<(NaiveDate, i32, Option<i64>)> = of_weeks(which)
            .select_only()
            .column(C::Week)
            .column_as(Expr::cust("(days + 6) / 7"), "weeks")
            .column_as(sum(C::Number), "number")
            .filter(C::Party.eq(ALL_DAYS))
            .group_by(C::Week)
            .group_by(Expr::cust("(days + 6) / 7"))
            .into_tuple()
            .all(self.visible.read())
            .await?;
        let mut bins: BTreeMap<(NaiveDate, u32), u64> = BTreeMap::new();
        for (of, weeks, number) in rows {
            *bins.entry((month(of), count(weeks))).or_default() += positive(number.unwrap_or_default());
        }
        for ((of, is_move, party, days), number) in self.finishes(which).await? {
            if party.is_none() && which.is_move.is_none_or(|m| m == is_move) {
                let month = if let Ended::Month(first) = which.when { first } else { month(of) };
                *bins.entry((month, days.div_ceil(7))).or_default() += number;
            }
        }
        Ok(bins)
    }

    /// How many products were where at the end of some days, oldest first, the last of them today; five statements.
    pub async fn flow(&self, days: &[NaiveDate]) -> Result<Flow, Error> {
        let mut wanted = days.to_vec();
        wanted.extend(self.tallied_to);
        let known = tally::levels(self.visible.read(), wanted).await?;
        let first = self.since(oldest()).first;
        let changes = tally::changes(self.visible.read(), Span { first, last: self.today }).await?;
        let mut level = self.tallied_to.and_then(|day| known.get(&day)).cloned().unwrap_or_default();
        let mut rest = changes.into_iter().peekable();
        let mut flow = Flow::new();
        for day in days {
            while let Some((_, change)) = rest.next_if(|(on, _)| on <= day) {
                for (band, by) in change {
                    *level.entry(band).or_default() += by;
                }
            }
            let is_tallied = self.tallied_to.is_some_and(|last| *day <= last);
            let then = if is_tallied { known.get(day).cloned().unwrap_or_default() } else { level.clone() };
            flow.push((*day, then.into_iter().map(|(band, number)| (band, positive(number))).collect()));
        }
        Ok(flow)
    }

    /// How often ranges held of products that finished in the month of a day or later, by the week in which they were
    /// shown; two statements.
    pub async fn held(&self, from: NaiveDate) -> Result<BTreeMap<u32, Held>, Error> {
        let mut sums = held::sums(self.visible.read(), from).await?;
        for ((_, week), held) in held::held(self.visible.read(), self.since(month(from))).await? {
            sums.entry(week).or_default().add(held);
        }
        Ok(sums)
    }

    /// How often more was asked about each question in the month of a day or later, and in how many words; two statements.
    pub async fn asked(&self, from: NaiveDate) -> Result<BTreeMap<String, (u64, u64)>, Error> {
        use question_month::Column as C;
        let rows: Vec<(String, Option<i64>, Option<i64>)> = question_month::Entity::find()
            .select_only()
            .column(C::Question)
            .column_as(sum(C::Asked), "asked")
            .column_as(sum(C::Words), "words")
            .filter(C::Month.gte(month(from)))
            .group_by(C::Question)
            .into_tuple()
            .all(self.visible.read())
            .await?;
        let mut questions: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let live = tally::asked(self.visible.read(), self.since(month(from))).await?;
        let tallied = rows.into_iter().map(|(key, a, w)| (key, (positive(a.unwrap_or_default()), positive(w.unwrap_or_default()))));
        for (key, (asked, words)) in tallied.chain(live) {
            let sums = questions.entry(key).or_default();
            sums.0 += asked;
            sums.1 += words;
        }
        Ok(questions)
    }
}

/// Before every day that the service can hold.
fn oldest() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()
}

fn of_weeks(which: Finishing) -> Select<finish_week::Entity> {
    let select = match which.when {
        Ended::Since(_) => finish_week::Entity::find().filter(finish_week::Column::Week.gte(which.first_day())),
        // A month is no sum of weeks: nothing of it is read from them.
        Ended::Month(_) => finish_week::Entity::find().filter(Expr::cust("1 = 0")),
    };
    match which.is_move {
        Some(is_move) => select.filter(finish_week::Column::IsMove.eq(is_move)),
        None => select,
    }
}

/// A sum as a whole number: PostgreSQL would make a decimal of it.
fn sum(column: impl ColumnTrait) -> sea_orm::sea_query::SimpleExpr {
    column.sum().cast_as("bigint")
}
