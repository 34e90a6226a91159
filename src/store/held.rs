//! How often forecasts held, of products that finished: added up with the day on which they did.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect};

use super::row::{count, stored};
use super::schema::{forecast_month, forecast_week, passage};
use super::tally::{Span, positive};
use crate::domain::forecast::Held;
use crate::domain::measure::month;
use crate::domain::passage::End;
use crate::error::Error;

/// Month in which products finished, and week in which a range was shown of them: how often it held.
pub(super) type HeldRanges = BTreeMap<(NaiveDate, u32), Held>;

/// What held of the ranges that were shown in a week, of products that finished on a day.
#[derive(FromQueryResult)]
struct Line {
    ended_on: NaiveDate,
    week: i32,
    number: i64,
    by_middle: i64,
    by_late: i64,
    within: i64,
}

/// How often it happened that something was so.
fn times(so: SimpleExpr) -> SimpleExpr {
    Expr::expr(Expr::case(so, 1).finally(0)).sum().cast_as("bigint")
}

/// The ranges of products that were assured in a span; by the index on how and when passages ended.
pub(super) async fn held(db: &impl ConnectionTrait, span: Span) -> Result<HeldRanges, Error> {
    use forecast_week::Column as W;
    use passage::Column as P;
    let to_week = passage::Entity::belongs_to(forecast_week::Entity).from((P::ProductId, P::Number)).to((W::ProductId, W::Passage));
    let ended = || Expr::col((passage::Entity, P::EndedOn));
    let middle = || Expr::col((forecast_week::Entity, W::Middle));
    let by_late = || ended().lte(Expr::col((forecast_week::Entity, W::Late)));
    let rows: Vec<Line> = passage::Entity::find()
        .join(JoinType::InnerJoin, to_week.into())
        .select_only()
        .column(P::EndedOn)
        .column(W::Week)
        .column_as(W::Week.count(), "number")
        .column_as(times(ended().lte(middle())), "by_middle")
        .column_as(times(by_late()), "by_late")
        .column_as(times(ended().gte(middle()).and(by_late())), "within")
        .filter(P::Ended.eq(End::Assured.word()))
        .filter(P::EndedOn.between(span.first, span.last))
        .group_by(P::EndedOn)
        .group_by(W::Week)
        .into_model()
        .all(db)
        .await?;
    let mut found = HeldRanges::new();
    for line in rows {
        let held = Held {
            number: positive(line.number),
            by_middle: positive(line.by_middle),
            by_late: positive(line.by_late),
            within: positive(line.within),
        };
        found.entry((month(line.ended_on), count(line.week))).or_default().add(held);
    }
    Ok(found)
}

/// Adds what held to the sums of its month.
pub(super) async fn add(db: &impl ConnectionTrait, held: HeldRanges) -> Result<(), Error> {
    use forecast_month::Column as C;
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let rows: Vec<forecast_month::ActiveModel> = held
        .into_iter()
        .map(|((month, week), held)| forecast_month::ActiveModel {
            month: Set(month),
            week: Set(stored(week)),
            number: Set(whole(held.number)),
            by_middle: Set(whole(held.by_middle)),
            by_late: Set(whole(held.by_late)),
            within: Set(whole(held.within)),
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let mut more = OnConflict::columns([C::Month, C::Week]);
    for (column, sum) in [
        (C::Number, "forecast_month.number + excluded.number"),
        (C::ByMiddle, "forecast_month.by_middle + excluded.by_middle"),
        (C::ByLate, "forecast_month.by_late + excluded.by_late"),
        (C::Within, "forecast_month.within + excluded.within"),
    ] {
        more.value(column, Expr::cust(sum));
    }
    forecast_month::Entity::insert_many(rows).on_conflict(more).exec_without_returning(db).await?;
    Ok(())
}

/// The sums of a month and of those after it, by the week in which ranges were shown.
pub(super) async fn sums(db: &impl ConnectionTrait, from: NaiveDate) -> Result<BTreeMap<u32, Held>, Error> {
    let rows = forecast_month::Entity::find().filter(forecast_month::Column::Month.gte(month(from))).all(db).await?;
    let mut sums: BTreeMap<u32, Held> = BTreeMap::new();
    for row in rows {
        let held = Held {
            number: positive(row.number),
            by_middle: positive(row.by_middle),
            by_late: positive(row.by_late),
            within: positive(row.within),
        };
        sums.entry(count(row.week)).or_default().add(held);
    }
    Ok(sums)
}
