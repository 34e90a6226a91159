//! Adds up what finished days hold, so that reports need not: kept fresh by the worker, each day once.
//!
//! What is added up never changes any more, since days are closed in order and nothing is written into a day that is
//! over. Days that were not added up yet are read as they are, so reports are right whether a worker has run or not.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};

use super::held;
use super::row::{count, known, stored};
use super::schema::{decision, finish_week, flow, passage, question_month, reply, step_month, stretch, wait};
use super::{Db, Write};
use crate::domain::calendar::london_date;
use crate::domain::flow::Band;
use crate::domain::measure::{Promise, month, week};
use crate::domain::passage::{End, Party};
use crate::domain::section::{Turn, Verdict};
use crate::domain::slot::london_moment;
use crate::domain::waits::Topic;
use crate::error::Error;

/// Time after midnight in which something of the day before may still be on its way into the database.
const GRACE_MINUTES: i64 = 30;

/// Days from one to another, both counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// Month, turn, topic, what became of the promise, and days: how many.
pub(super) type Steps = BTreeMap<(NaiveDate, Turn, Topic, Promise, u32), u64>;
/// Week, whether it was a move from CIS1, for whom it waited (nobody in particular: all days), and days: how many.
pub(super) type Finishes = BTreeMap<(NaiveDate, bool, Option<Party>, u32), u64>;
/// Question: how often more was asked, and in how many words.
pub(super) type Asked = BTreeMap<String, (u64, u64)>;
/// How many products are where.
pub(super) type Levels = BTreeMap<Band, i64>;

/// The word for all days of a way.
pub(super) const ALL_DAYS: &str = "all";

pub(super) fn positive(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// The waits that came to their end in a span; by the index on their last day.
pub(super) async fn steps(db: &impl ConnectionTrait, span: Span) -> Result<Steps, Error> {
    use wait::Column as C;
    let rows: Vec<(String, String, NaiveDate, NaiveDate, Option<NaiveDate>, i64)> = wait::Entity::find()
        .select_only()
        .columns([C::Turn, C::Topic, C::FromOn, C::UntilOn, C::Due])
        .column_as(C::Id.count(), "number")
        .filter(C::UntilOn.between(span.first, span.last))
        .filter(C::Outcome.eq("done"))
        .group_by(C::Turn)
        .group_by(C::Topic)
        .group_by(C::FromOn)
        .group_by(C::UntilOn)
        .group_by(C::Due)
        .into_tuple()
        .all(db)
        .await?;
    let mut steps = Steps::new();
    for (turn, topic, from, until, due, number) in rows {
        let (turn, topic) = (known(&turn, Turn::from_word(&turn))?, known(&topic, Topic::from_word(&topic))?);
        let days = u32::try_from((until - from).num_days()).unwrap_or_default();
        *steps.entry((month(until), turn, topic, Promise::of(due, until), days)).or_default() += positive(number);
    }
    Ok(steps)
}

/// The ways that came to assurance in a span; by the index on their last day.
pub(super) async fn finishes(db: &impl ConnectionTrait, span: Span) -> Result<Finishes, Error> {
    use passage::Column as C;
    let rows: Vec<(NaiveDate, bool, i32, i32, i32, i64)> = passage::Entity::find()
        .select_only()
        .columns([C::EndedOn, C::IsMove, C::SupplierDays, C::TeamDays, C::NobodyDays])
        .column_as(C::ProductId.count(), "number")
        .filter(C::Ended.eq(End::Assured.word()))
        .filter(C::EndedOn.between(span.first, span.last))
        .group_by(C::EndedOn)
        .group_by(C::IsMove)
        .group_by(C::SupplierDays)
        .group_by(C::TeamDays)
        .group_by(C::NobodyDays)
        .into_tuple()
        .all(db)
        .await?;
    let mut finishes = Finishes::new();
    for (on, is_move, supplier, team, nobody, number) in rows {
        let parts = [
            (None, supplier + team + nobody),
            (Some(Party::Supplier), supplier),
            (Some(Party::Team), team),
            (Some(Party::Nobody), nobody),
        ];
        for (party, days) in parts {
            *finishes.entry((week(on), is_move, party, count(days))).or_default() += positive(number);
        }
    }
    Ok(finishes)
}

/// What every day of a span changed in the bands; by the indexes on the first and the last day of stretches.
pub(super) async fn changes(db: &impl ConnectionTrait, span: Span) -> Result<BTreeMap<NaiveDate, Levels>, Error> {
    let mut changes: BTreeMap<NaiveDate, Levels> = BTreeMap::new();
    for (column, sign) in [(stretch::Column::FromOn, 1), (stretch::Column::UntilOn, -1)] {
        let rows: Vec<(NaiveDate, Option<String>, i64)> = stretch::Entity::find()
            .select_only()
            .column(column)
            .column(stretch::Column::Topic)
            .column_as(stretch::Column::Id.count(), "number")
            .filter(column.between(span.first, span.last))
            .filter(stretch::Column::Party.ne(Party::OnHold.word()))
            .group_by(column)
            .group_by(stretch::Column::Topic)
            .into_tuple()
            .all(db)
            .await?;
        for (on, topic, number) in rows {
            let topic = topic.as_ref().map(|word| known(word, Topic::from_word(word))).transpose()?;
            *changes.entry(on).or_default().entry(Band::of(topic)).or_default() += sign * number;
        }
    }
    let rows: Vec<(NaiveDate, i64)> = passage::Entity::find()
        .select_only()
        .column(passage::Column::EndedOn)
        .column_as(passage::Column::ProductId.count(), "number")
        .filter(passage::Column::Ended.eq(End::Assured.word()))
        .filter(passage::Column::EndedOn.between(span.first, span.last))
        .group_by(passage::Column::EndedOn)
        .into_tuple()
        .all(db)
        .await?;
    for (on, number) in rows {
        *changes.entry(on).or_default().entry(Band::Finished).or_default() += number;
    }
    Ok(changes)
}

/// The questions about which more was asked in reviews that were sent in a span; by the index on when they were sent.
pub(super) async fn asked(db: &impl ConnectionTrait, span: Span) -> Result<Asked, Error> {
    let start = |day: NaiveDate| london_moment(day, NaiveTime::MIN).unwrap_or_else(|| day.and_time(NaiveTime::MIN).and_utc());
    let to_decision = reply::Entity::belongs_to(decision::Entity)
        .from((reply::Column::ProductId, reply::Column::Section, reply::Column::Round))
        .to((decision::Column::ProductId, decision::Column::Section, decision::Column::Round));
    let words = Expr::cust("length(trim(comment)) - length(replace(trim(comment), ' ', '')) + 1");
    let rows: Vec<(String, i64, Option<i64>)> = reply::Entity::find()
        .join(JoinType::InnerJoin, to_decision.into())
        .select_only()
        .column(decision::Column::Question)
        .column_as(decision::Column::Question.count(), "asked")
        .column_as(words.sum(), "words")
        .filter(reply::Column::At.gte(start(span.first)))
        .filter(reply::Column::At.lt(start(span.last + Days::new(1))))
        .filter(reply::Column::Outcome.eq("returned"))
        .filter(decision::Column::Verdict.eq(Verdict::More.word()))
        .group_by(decision::Column::Question)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(key, asked, words)| (key, (positive(asked), positive(words.unwrap_or_default())))).collect())
}

/// The last day that was added up.
pub(super) async fn tallied_to(db: &impl ConnectionTrait) -> Result<Option<NaiveDate>, Error> {
    let last = flow::Entity::find().select_only().column(flow::Column::Day).order_by_desc(flow::Column::Day).limit(1);
    Ok(last.into_tuple().one(db).await?)
}

/// How many products were where at the end of some days.
pub(super) async fn levels(db: &impl ConnectionTrait, days: Vec<NaiveDate>) -> Result<BTreeMap<NaiveDate, Levels>, Error> {
    let mut levels: BTreeMap<NaiveDate, Levels> = BTreeMap::new();
    for row in flow::Entity::find().filter(flow::Column::Day.is_in(days)).all(db).await? {
        levels.entry(row.day).or_default().insert(known(&row.band, Band::from_word(&row.band))?, row.number);
    }
    Ok(levels)
}

impl Db {
    /// Adds up every finished day that was not added up yet, a month at a time. Returns how many days. Several may do it
    /// at once: whoever comes second finds the day taken and leaves it.
    ///
    /// # Errors
    /// When the database fails; nothing of the month is kept then.
    pub async fn tally(&self, now: DateTime<Utc>) -> Result<u64, Error> {
        let today = london_date(now - Duration::minutes(GRACE_MINUTES));
        let mut days = 0;
        while let Some(span) = next_span(&self.read, today).await? {
            let write = self.begin().await?;
            if !add_up(&write, span).await? {
                break;
            }
            write.commit().await?;
            days += u64::try_from((span.last - span.first).num_days()).unwrap_or_default() + 1;
        }
        Ok(days)
    }
}

/// The days to be added up next: after the last that was, to the end of its month, and never today.
async fn next_span(db: &impl ConnectionTrait, today: NaiveDate) -> Result<Option<Span>, Error> {
    let first = if let Some(last) = tallied_to(db).await? {
        last.succ_opt()
    } else {
        let oldest = stretch::Entity::find().select_only().column(stretch::Column::FromOn).order_by_asc(stretch::Column::FromOn);
        oldest.limit(1).into_tuple().one(db).await?
    };
    let Some(first) = first.filter(|first| *first < today) else { return Ok(None) };
    let next_month = month(first) + chrono::Months::new(1);
    Ok(Some(Span { first, last: Ord::min(next_month, today) - Days::new(1) }))
}

/// Writes the sums of a span that lies within one month. `false` when somebody else did.
async fn add_up(write: &Write, span: Span) -> Result<bool, Error> {
    let db = &write.0;
    let eve = span.first - Days::new(1);
    let mut level = levels(db, vec![eve]).await?.remove(&eve).unwrap_or_default();
    let changes = changes(db, span).await?;
    let mut rows = Vec::new();
    for day in span.first.iter_days().take_while(|d| *d <= span.last) {
        for band in Band::ALL {
            let change = changes.get(&day).and_then(|c| c.get(band)).copied().unwrap_or_default();
            let number = level.entry(*band).or_default();
            *number += change;
            rows.push(flow::ActiveModel { day: Set(day), band: Set(band.word().to_owned()), number: Set(*number) });
        }
    }
    let expected = rows.len();
    let taken = OnConflict::columns([flow::Column::Day, flow::Column::Band]).do_nothing().to_owned();
    let written = flow::Entity::insert_many(rows).on_conflict(taken).exec_without_returning(db).await?;
    if usize::try_from(written).unwrap_or_default() < expected {
        return Ok(false);
    }
    add_steps(db, steps(db, span).await?).await?;
    add_finishes(db, finishes(db, span).await?).await?;
    add_asked(db, span.first, asked(db, span).await?).await?;
    held::add(db, held::held(db, span).await?).await?;
    Ok(true)
}

/// Rows that are written together: databases limit the values of one statement.
const TOGETHER: usize = 500;

async fn add_steps(db: &impl ConnectionTrait, steps: Steps) -> Result<(), Error> {
    use step_month::Column as C;
    let rows: Vec<step_month::ActiveModel> = steps
        .into_iter()
        .map(|((month, turn, topic, promise, days), number)| step_month::ActiveModel {
            month: Set(month),
            turn: Set(turn.word().to_owned()),
            topic: Set(topic.word().to_owned()),
            promise: Set(promise.word().to_owned()),
            days: Set(stored(days)),
            number: Set(whole(number)),
        })
        .collect();
    let more = OnConflict::columns([C::Month, C::Turn, C::Topic, C::Promise, C::Days])
        .value(C::Number, Expr::cust("step_month.number + excluded.number"))
        .to_owned();
    for some in rows.chunks(TOGETHER) {
        step_month::Entity::insert_many(some.to_vec()).on_conflict(more.clone()).exec_without_returning(db).await?;
    }
    Ok(())
}

async fn add_finishes(db: &impl ConnectionTrait, finishes: Finishes) -> Result<(), Error> {
    use finish_week::Column as C;
    let rows: Vec<finish_week::ActiveModel> = finishes
        .into_iter()
        .map(|((week, is_move, party, days), number)| finish_week::ActiveModel {
            week: Set(week),
            is_move: Set(is_move),
            party: Set(party.map_or(ALL_DAYS, Party::word).to_owned()),
            days: Set(stored(days)),
            number: Set(whole(number)),
        })
        .collect();
    let more = OnConflict::columns([C::Week, C::IsMove, C::Party, C::Days])
        .value(C::Number, Expr::cust("finish_week.number + excluded.number"))
        .to_owned();
    for some in rows.chunks(TOGETHER) {
        finish_week::Entity::insert_many(some.to_vec()).on_conflict(more.clone()).exec_without_returning(db).await?;
    }
    Ok(())
}

async fn add_asked(db: &impl ConnectionTrait, first: NaiveDate, asked: Asked) -> Result<(), Error> {
    use question_month::Column as C;
    let rows: Vec<question_month::ActiveModel> = asked
        .into_iter()
        .map(|(question, (asked, words))| question_month::ActiveModel {
            month: Set(month(first)),
            question: Set(question),
            asked: Set(whole(asked)),
            words: Set(whole(words)),
        })
        .collect();
    let more = OnConflict::columns([C::Month, C::Question])
        .value(C::Asked, Expr::cust("question_month.asked + excluded.asked"))
        .value(C::Words, Expr::cust("question_month.words + excluded.words"))
        .to_owned();
    for some in rows.chunks(TOGETHER) {
        question_month::Entity::insert_many(some.to_vec()).on_conflict(more.clone()).exec_without_returning(db).await?;
    }
    Ok(())
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
