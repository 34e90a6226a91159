//! Keeps the ways of products to assurance: passages, their stretches, and everything that was waited for.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Json;
use sea_orm::sea_query::{Condition, ExprTrait as _, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Write;
use super::row::{count, known, stored};
use super::schema::passage::Column as PassageColumn;
use super::schema::{event, passage, stretch, wait};
use super::visible::Visible;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::passage::{Awaited, Days, End, Party, Passage, Posture, Stretch};
use crate::domain::product::Product;
use crate::domain::waits::Topic;
use crate::domain::words::ProductId;
use crate::error::Error;
use crate::secret::new_id;

/// Writes what a decision did to the clocks. Returns the posture for the last event, if it is another than before.
pub(super) async fn keep(
    write: &Write,
    (before, passage): (&Posture, Option<Passage>),
    after: &Product,
    now: DateTime<Utc>,
) -> Result<Option<Posture>, Error> {
    let today = london_date(now);
    let posture = Posture::of(after);
    if let Some(changed) = after.passage.filter(|p| Some(*p) != passage || (p.end.is_none() && posture != *before)) {
        keep_passage(write, after, &changed, &posture).await?;
    }
    if after.version > 1 && posture == *before {
        return Ok(None);
    }
    let goes_on = passage.is_some_and(|p| p.end.is_none()) && posture.continues(before);
    keep_stretch(write, &posture, (after, goes_on), today).await?;
    keep_waits(write, (before, &posture), after, today).await?;
    Ok(Some(posture))
}

async fn keep_passage(write: &Write, after: &Product, passage: &Passage, now: &Posture) -> Result<(), Error> {
    use PassageColumn as C;
    let is_running = passage.end.is_none();
    let row = passage::ActiveModel {
        product_id: Set(after.id.0),
        number: Set(stored(passage.number)),
        is_move: Set(after.facts.migrating_from_cis1 == Some(true)),
        started_on: Set(passage.started_on),
        counted_to: Set(passage.counted_to),
        supplier_days: Set(stored(passage.days.supplier)),
        team_days: Set(stored(passage.days.team)),
        nobody_days: Set(stored(passage.days.nobody)),
        held_days: Set(stored(passage.days.on_hold)),
        ended: Set(passage.end.map(|e| e.word().to_owned())),
        ended_on: Set(passage.end.map(|_| passage.counted_to)),
        clock_from: Set(passage.clock_from()),
        party: Set(is_running.then(|| now.party.word().to_owned())),
        topic: Set(now.topic().filter(|_| is_running).map(|t| t.word().to_owned())),
    };
    let on = OnConflict::columns([C::ProductId, C::Number])
        .update_columns([C::IsMove, C::CountedTo, C::SupplierDays, C::TeamDays, C::NobodyDays, C::HeldDays, C::Ended, C::EndedOn])
        .update_columns([C::ClockFrom, C::Party, C::Topic])
        .to_owned();
    passage::Entity::insert(row).on_conflict(on).exec_without_returning(&write.0).await?;
    Ok(())
}

async fn keep_stretch(write: &Write, now: &Posture, (after, goes_on): (&Product, bool), today: NaiveDate) -> Result<(), Error> {
    let Some(passage) = after.passage else { return Ok(()) };
    if passage.end.is_none() && goes_on {
        return Ok(());
    }
    stretch::Entity::update_many()
        .col_expr(stretch::Column::UntilOn, today.into())
        .filter(stretch::Column::ProductId.eq(after.id.0))
        .filter(stretch::Column::UntilOn.is_null())
        .exec(&write.0)
        .await?;
    if passage.end.is_some() {
        return Ok(());
    }
    let row = stretch::ActiveModel {
        id: Set(new_id()),
        product_id: Set(after.id.0),
        passage: Set(stored(passage.number)),
        party: Set(now.party.word().to_owned()),
        topic: Set(now.topic().map(|t| t.word().to_owned())),
        from_on: Set(today),
        until_on: Set(None),
    };
    stretch::Entity::insert(row).exec_without_returning(&write.0).await?;
    Ok(())
}

async fn keep_waits(write: &Write, (before, now): (&Posture, &Posture), after: &Product, today: NaiveDate) -> Result<(), Error> {
    let same = |list: &[Awaited], one: &Awaited| list.iter().find(|w| w.is_same(one)).copied();
    let gone = before.waits.iter().filter(|w| same(&now.waits, w).is_none());
    for (outcome, has_come) in [("done", true), ("stopped", false)] {
        let those: Vec<&Awaited> = gone.clone().filter(|w| after.has_come(w) == has_come).collect();
        if those.is_empty() {
            continue;
        }
        wait::Entity::update_many()
            .col_expr(wait::Column::UntilOn, today.into())
            .col_expr(wait::Column::Outcome, outcome.into())
            .filter(open(after, &those))
            .exec(&write.0)
            .await?;
    }
    let is_first = after.version == 1;
    let (mut rows, mut moved) = (Vec::new(), Vec::new());
    for awaited in &now.waits {
        match same(&before.waits, awaited).filter(|_| !is_first) {
            None => rows.push(opened(after, awaited, today)),
            Some(old) if old.by != awaited.by => moved.push(awaited),
            Some(_) => {}
        }
    }
    if !rows.is_empty() {
        wait::Entity::insert_many(rows).exec_without_returning(&write.0).await?;
    }
    for awaited in moved {
        wait::Entity::update_many()
            .col_expr(wait::Column::Due, awaited.by.into())
            .filter(open(after, &[awaited]))
            .exec(&write.0)
            .await?;
    }
    Ok(())
}

/// The open rows of some things that a product waits for.
fn open(product: &Product, waits: &[&Awaited]) -> Condition {
    let one = |w: &&Awaited| {
        let section = w.section.map(Section::word);
        let of_section = section.map_or_else(|| wait::Column::Section.is_null(), |s| wait::Column::Section.eq(s));
        wait::Column::Topic.eq(w.topic.word()).and(of_section)
    };
    let any = waits.iter().fold(Condition::any(), |c, w| c.add(one(w)));
    Condition::all().add(wait::Column::ProductId.eq(product.id.0)).add(wait::Column::UntilOn.is_null()).add(any)
}

fn opened(product: &Product, awaited: &Awaited, today: NaiveDate) -> wait::ActiveModel {
    wait::ActiveModel {
        id: Set(new_id()),
        product_id: Set(product.id.0),
        turn: Set(awaited.turn.word().to_owned()),
        topic: Set(awaited.topic.word().to_owned()),
        section: Set(awaited.section.map(|s| s.word().to_owned())),
        from_on: Set(today),
        until_on: Set(None),
        promised: Set(awaited.by),
        due: Set(awaited.by),
        outcome: Set(None),
    }
}

/// The passage of a row.
pub(super) fn passage(row: &passage::Model) -> Result<Passage, Error> {
    let end = row.ended.as_ref().map(|word| known(word, End::from_word(word))).transpose()?;
    Ok(Passage {
        number: count(row.number),
        started_on: row.started_on,
        counted_to: row.counted_to,
        days: Days {
            supplier: count(row.supplier_days),
            team: count(row.team_days),
            nobody: count(row.nobody_days),
            on_hold: count(row.held_days),
        },
        end,
    })
}

impl Visible<'_> {
    /// What the events of a product say of its clocks, oldest first; one statement.
    pub async fn postures(&self, product: &Product) -> Result<Vec<(NaiveDate, Posture)>, Error> {
        let rows: Vec<(DateTime<Utc>, Option<Json>)> = event::Entity::find()
            .select_only()
            .columns([event::Column::At, event::Column::Posture])
            .filter(event::Column::ProductId.eq(product.id.0))
            .filter(event::Column::Posture.is_not_null())
            .order_by_asc(event::Column::At)
            .order_by_asc(event::Column::Id)
            .into_tuple()
            .all(self.read())
            .await?;
        let read = |(at, json): (DateTime<Utc>, Option<Json>)| {
            let posture = serde_json::from_value(json.unwrap_or_default()).context("what an event says of the clocks")?;
            Ok((london_date(at), posture))
        };
        rows.into_iter().map(read).collect()
    }

    /// The stretches of some products, oldest first; one statement, by the index on product and first day.
    pub async fn stretches(&self, products: Vec<ProductId>) -> Result<BTreeMap<ProductId, Vec<Stretch>>, Error> {
        let rows = stretch::Entity::find()
            .filter(stretch::Column::ProductId.is_in(products.into_iter().map(|p| p.0)))
            .order_by_asc(stretch::Column::FromOn)
            .order_by_asc(stretch::Column::Id)
            .all(self.read())
            .await?;
        let mut found: BTreeMap<ProductId, Vec<Stretch>> = BTreeMap::new();
        for row in rows {
            let topic = row.topic.as_ref().map(|word| known(word, Topic::from_word(word))).transpose()?;
            let party = known(&row.party, Party::from_word(&row.party))?;
            let (passage, from, until) = (count(row.passage), row.from_on, row.until_on);
            found.entry(ProductId(row.product_id)).or_default().push(Stretch { passage, party, topic, from, until });
        }
        Ok(found)
    }
}
