//! What the assurance team plans with: who holds which date, dates a page at a time, and the tests of one person's calendar.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::schema::{demonstration, slot};
use super::slot::{ListedDemonstration, MOST, OPEN, PublishedSlot, SlotRow, between, slots};
use super::visible::{PAGE, Page, Visible, at_least_one};
use crate::domain::slot::{Leave, SLOT_HOURS, london_moment};
use crate::domain::words::PersonId;
use crate::error::Error;

/// Most dates that are held against others; one person has room for about 1,000 in a year.
const DIARY: u64 = 2_000;

impl Visible<'_> {
    fn must_see_all(&self) -> Result<(), Error> {
        if self.actor.sees_all() { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Dates from a moment on, free or taken, for staff: a page of them, the next first.
    pub async fn slot_page(&self, from: DateTime<Utc>, page: u64) -> Result<Page<PublishedSlot>, Error> {
        self.must_see_all()?;
        let number = at_least_one(page);
        let total = slot::Entity::find().filter(slot::Column::StartsAt.gte(from)).count(self.read()).await?;
        let select = slots(self.actor).filter(slot::Column::StartsAt.gte(from)).offset((number - 1) * PAGE).limit(PAGE);
        let rows: Vec<SlotRow> = select.into_model().all(self.read()).await?;
        Ok(Page { rows: rows.into_iter().map(SlotRow::published).collect(), total, number })
    }

    /// How many dates are free from a moment on, for staff.
    pub async fn free_count(&self, from: DateTime<Utc>) -> Result<u64, Error> {
        self.must_see_all()?;
        let free = slot::Entity::find().filter(slot::Column::StartsAt.gte(from)).filter(slot::Column::ProductId.is_null());
        Ok(free.count(self.read()).await?)
    }

    /// The dates that a new one of this person (or of nobody) could run into, between two moments, for staff.
    pub async fn diary(
        &self,
        who: Option<PersonId>,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<PublishedSlot>, Error> {
        self.must_see_all()?;
        let theirs = match who {
            Some(person) => slot::Column::AssessorId.eq(person.0),
            None => slot::Column::AssessorId.is_null(),
        };
        let margin = TimeDelta::hours(SLOT_HOURS);
        let select = slots(self.actor).filter(between(from - margin, until + margin)).filter(theirs).limit(DIARY);
        let rows: Vec<SlotRow> = select.into_model().all(self.read()).await?;
        Ok(rows.into_iter().map(SlotRow::published).collect())
    }

    /// The dates to come that people would hold while they are away, for staff.
    pub async fn while_away(&self, leave: &[Leave], now: DateTime<Utc>) -> Result<Vec<PublishedSlot>, Error> {
        self.must_see_all()?;
        let after_last = leave.iter().filter_map(|l| london_moment(l.until.succ_opt()?, NaiveTime::MIN)).max().unwrap_or(now);
        let people = leave.iter().map(|l| l.person.0);
        let select = slots(self.actor).filter(between(now, after_last)).filter(slot::Column::AssessorId.is_in(people)).limit(DIARY);
        let rows: Vec<SlotRow> = select.into_model().all(self.read()).await?;
        let away = |s: &PublishedSlot| leave.iter().any(|l| l.holds(&s.slot));
        Ok(rows.into_iter().map(SlotRow::published).filter(away).collect())
    }

    /// The tests to come that a person holds, and those that nobody holds yet: what their calendar shows.
    pub async fn coming_for(&self, person: PersonId, from: DateTime<Utc>) -> Result<Vec<ListedDemonstration>, Error> {
        let select = self
            .tests()
            .filter(demonstration::Column::StartsAt.gte(from))
            .filter(demonstration::Column::State.is_in(OPEN))
            .order_by_asc(demonstration::Column::StartsAt)
            .order_by_asc(demonstration::Column::ProductId)
            .limit(MOST);
        let mut listed = self.listed(select).await?;
        let is_theirs = |d: &ListedDemonstration| {
            let date = d.test.date.as_ref();
            date.is_some_and(|date| date.assessor.as_ref().is_none_or(|a| a.person == person))
        };
        listed.retain(is_theirs);
        Ok(listed)
    }
}
