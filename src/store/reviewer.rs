//! Reviewers as those who plan see them: what each can review, how much, and what they have.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::Db;
use super::account::{happened, nowhere};
use super::interest::join_organisation;
use super::queue::{ListedReview, Review, in_due_order, in_order, is_due, products_where, sum_of};
use super::row::{count, stored};
use super::schema::{interest, leave, organisation, person, product, section, skill, slot};
use super::visible::{PAGE, Page, Visible, at_least_one};
use crate::domain::actor::{Actor, Duty};
use crate::domain::catalogue::Section;
use crate::domain::event::EventKind;
use crate::domain::interest::may_look_after;
use crate::domain::refusal::Refusal;
use crate::domain::section::SectionState;
use crate::domain::slot::{Leave, london_moment};
use crate::domain::words::{LeaveId, OrganisationId, PersonId};
use crate::domain::workload::{REVIEWS_A_WEEK, Urgency, week};
use crate::error::Error;

/// Most people that a review can be given to, and most rows about them that are read at once.
const MOST: u64 = 400;
/// Most reviews that are drawn of one person.
pub const DRAWN: u64 = 20;

/// What was set of a reviewer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewerFacts {
    /// The sections that they can review; none when nobody said.
    pub skills: BTreeSet<Section>,
    /// Reviews a week; `None` for the usual number.
    pub a_week: Option<u32>,
}

/// A reviewer with all that somebody looks at who gives reviews away.
#[derive(Clone, Debug)]
pub struct ReviewerLoad {
    /// Who.
    pub person: PersonId,
    /// Full name.
    pub name: String,
    /// What was set.
    pub facts: ReviewerFacts,
    /// Reviews that they have, of products in progress.
    pub open: u32,
    /// How many of them are overdue.
    pub overdue: u32,
    /// Leave that is not over by the beginning of this week, by first day.
    pub leave: Vec<Leave>,
    /// Suppliers in which they have an interest now; only managers are told.
    pub interests: Vec<(OrganisationId, String)>,
    /// Demonstrations of this week that they hold.
    pub tests: u32,
}

impl ReviewerLoad {
    /// Reviews a week.
    #[must_use]
    pub fn a_week(&self) -> u32 {
        self.facts.a_week.unwrap_or(REVIEWS_A_WEEK)
    }
}

/// Reviews that somebody, or nobody, has.
#[derive(FromQueryResult)]
struct Open {
    reviewer_id: Option<Uuid>,
    number: i64,
    overdue: Option<i64>,
}

#[derive(FromQueryResult)]
struct Tests {
    assessor_id: Option<Uuid>,
    number: i64,
}

fn few(number: i64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

impl Visible<'_> {
    /// Reviewers with what they have, a page of them: oneself first, then by name. Six statements.
    pub async fn reviewer_loads(&self, today: NaiveDate, page: u64) -> Result<Page<ReviewerLoad>, Error> {
        let number = at_least_one(page);
        let select = person::Entity::find().filter(person::Column::Duties.contains(Duty::Reviewer.word()));
        let total = select.clone().count(self.read()).await?;
        let first = person::Column::Id.eq(self.actor.person().0);
        let select = select.order_by(first, Order::Desc).order_by_asc(person::Column::Name).order_by_asc(person::Column::Id);
        let people = select.offset((number - 1) * PAGE).limit(PAGE).all(self.read()).await?;
        Ok(Page { rows: self.loads(people, today).await?, total, number })
    }

    /// Everybody to whom a review can be given, by name, with what they have; only for managers.
    pub async fn candidates(&self, today: NaiveDate) -> Result<Vec<ReviewerLoad>, Error> {
        if !self.actor.is(Duty::Manager) {
            return Err(Error::NotFound);
        }
        let select = person::Entity::find().filter(person::Column::Duties.contains(Duty::Reviewer.word()));
        let people = select.order_by_asc(person::Column::Name).limit(MOST).all(self.read()).await?;
        self.loads(people, today).await
    }

    /// One reviewer, for themselves and for managers.
    pub async fn reviewer(&self, id: PersonId, today: NaiveDate) -> Result<ReviewerLoad, Error> {
        if !may_look_after(self.actor, id) {
            return Err(Error::NotFound);
        }
        let select = person::Entity::find_by_id(id.0).filter(person::Column::Duties.contains(Duty::Reviewer.word()));
        let people = select.all(self.read()).await?;
        self.loads(people, today).await?.pop().ok_or(Error::NotFound)
    }

    /// What the actor can review; nothing when nobody said.
    pub async fn own_skills(&self) -> Result<BTreeSet<Section>, Error> {
        Ok(self.skills(vec![self.actor.person().0]).await?.into_values().next().unwrap_or_default())
    }

    /// How many reviews nobody has, and how many of them are overdue.
    pub async fn unassigned(&self, today: NaiveDate) -> Result<(u32, u32), Error> {
        let open = self.open(section::Column::ReviewerId.is_null(), today).await?;
        Ok(open.get(&Uuid::nil()).copied().unwrap_or_default())
    }

    /// How many reviews somebody has that are due on the days of a leave.
    pub async fn due_while_away(&self, of: PersonId, (from, until): (NaiveDate, NaiveDate)) -> Result<u64, Error> {
        self.held(of, section::Column::ReplyBy.between(from, until)).await
    }

    /// How many reviews of a supplier's products somebody has.
    pub async fn held_of(&self, of: PersonId, supplier: OrganisationId) -> Result<u64, Error> {
        let theirs = products_where(product::Column::OrganisationId.eq(supplier.0));
        self.held(of, section::Column::ProductId.in_subquery(theirs)).await
    }

    async fn held(&self, of: PersonId, which: SimpleExpr) -> Result<u64, Error> {
        let select = self.in_state(SectionState::Submitted)?.filter(section::Column::ReviewerId.eq(of.0)).filter(which);
        let select = select.select_only().columns([section::Column::Section, section::Column::ProductId]);
        Ok(select.count(self.read()).await?)
    }

    /// The reviews of some people and of nobody (the nil id), at most [`DRAWN`] of each, the first due first. One statement:
    /// for each of them the beginning of a walk along the index that starts with the reviewer.
    pub async fn drawn_reviews(&self, of: &[PersonId]) -> Result<BTreeMap<Uuid, Vec<Review>>, Error> {
        let mut first = self.first_reviews(section::Column::ReviewerId.is_null())?;
        for person in of {
            first.union(UnionType::All, self.first_reviews(section::Column::ReviewerId.eq(person.0))?);
        }
        let key = Expr::tuple([section::Column::ProductId, section::Column::Section].map(|c| Expr::col((section::Entity, c))));
        let rows: Vec<ListedReview> =
            in_order(section::Entity::find().filter(key.in_subquery(first))).into_model().all(self.read()).await?;
        let mut drawn: BTreeMap<Uuid, Vec<Review>> = BTreeMap::new();
        for row in rows {
            let review = row.review()?;
            drawn.entry(review.reviewer.as_ref().map_or(Uuid::nil(), |(p, _)| p.0)).or_default().push(review);
        }
        Ok(drawn)
    }

    /// The keys of the first reviews of somebody or of nobody. The limit stands inside, as both databases want it.
    fn first_reviews(&self, who: SimpleExpr) -> Result<SelectStatement, Error> {
        let select = in_due_order(self.in_state(SectionState::Submitted)?.filter(who).select_only()).limit(DRAWN);
        let select = select.columns([section::Column::ProductId, section::Column::Section]).into_query();
        Ok(Query::select().columns(["product_id", "section"]).from_subquery(select, "due").to_owned())
    }

    async fn loads(&self, people: Vec<person::Model>, today: NaiveDate) -> Result<Vec<ReviewerLoad>, Error> {
        let ids: Vec<Uuid> = people.iter().map(|p| p.id).collect();
        let open = self.open(section::Column::ReviewerId.is_in(ids.clone()), today).await?;
        let mut skills = self.skills(ids.clone()).await?;
        let mut leave = self.leave_of(ids.clone(), week(today).0).await?;
        let mut interests = self.interests_of(ids.clone()).await?;
        let tests = self.tests_of_week(ids, today).await?;
        let load = |row: person::Model| {
            let (number, overdue) = open.get(&row.id).copied().unwrap_or_default();
            ReviewerLoad {
                person: PersonId(row.id),
                facts: ReviewerFacts { skills: skills.remove(&row.id).unwrap_or_default(), a_week: row.reviews_a_week.map(count) },
                open: number,
                overdue,
                leave: leave.remove(&row.id).unwrap_or_default(),
                interests: interests.remove(&row.id).unwrap_or_default(),
                tests: tests.get(&row.id).copied().unwrap_or_default(),
                name: row.name,
            }
        };
        Ok(people.into_iter().map(load).collect())
    }

    /// Open and overdue reviews by reviewer; nobody's stand under the nil id.
    async fn open(&self, of: SimpleExpr, today: NaiveDate) -> Result<BTreeMap<Uuid, (u32, u32)>, Error> {
        let overdue = sum_of(is_due(Urgency::Overdue, today));
        let rows: Vec<Open> = self
            .in_state(SectionState::Submitted)?
            .filter(of)
            .select_only()
            .column(section::Column::ReviewerId)
            .column_as(section::Column::Section.count(), "number")
            .column_as(overdue, "overdue")
            .group_by(section::Column::ReviewerId)
            .into_model()
            .all(self.read())
            .await?;
        let count = |o: Open| (o.reviewer_id.unwrap_or_default(), (few(o.number), few(o.overdue.unwrap_or_default())));
        Ok(rows.into_iter().map(count).collect())
    }

    async fn skills(&self, ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, BTreeSet<Section>>, Error> {
        let mut skills: BTreeMap<Uuid, BTreeSet<Section>> = BTreeMap::new();
        for row in skill::Entity::find().filter(skill::Column::PersonId.is_in(ids)).all(self.read()).await? {
            skills.entry(row.person_id).or_default().extend(Section::from_word(&row.section));
        }
        Ok(skills)
    }

    async fn leave_of(&self, ids: Vec<Uuid>, from: NaiveDate) -> Result<BTreeMap<Uuid, Vec<Leave>>, Error> {
        let select = leave::Entity::find().filter(leave::Column::PersonId.is_in(ids)).filter(leave::Column::LastDay.gte(from));
        let mut leave: BTreeMap<Uuid, Vec<Leave>> = BTreeMap::new();
        for row in select.order_by_asc(leave::Column::FirstDay).limit(MOST).all(self.read()).await? {
            let person = PersonId(row.person_id);
            let away = Leave { id: LeaveId(row.id), person, from: row.first_day, until: row.last_day };
            leave.entry(row.person_id).or_default().push(away);
        }
        Ok(leave)
    }

    async fn interests_of(&self, ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, Vec<(OrganisationId, String)>>, Error> {
        let mut interests: BTreeMap<Uuid, Vec<(OrganisationId, String)>> = BTreeMap::new();
        if !self.actor.is(Duty::Manager) {
            return Ok(interests);
        }
        let rows = interest::Entity::find()
            .join(JoinType::InnerJoin, join_organisation())
            .select_also(organisation::Entity)
            .filter(interest::Column::PersonId.is_in(ids))
            .filter(interest::Column::EndedAt.is_null())
            .order_by_asc(organisation::Column::Name)
            .limit(MOST)
            .all(self.read())
            .await?;
        for (row, of) in rows {
            let name = of.map(|o| o.name).unwrap_or_default();
            interests.entry(row.person_id).or_default().push((OrganisationId(row.organisation_id), name));
        }
        Ok(interests)
    }

    async fn tests_of_week(&self, ids: Vec<Uuid>, today: NaiveDate) -> Result<BTreeMap<Uuid, u32>, Error> {
        let (monday, sunday) = week(today);
        let begins = |day: NaiveDate| london_moment(day, NaiveTime::MIN);
        let Some((from, until)) = begins(monday).zip(sunday.succ_opt().and_then(begins)) else { return Ok(BTreeMap::new()) };
        let rows: Vec<Tests> = slot::Entity::find()
            .filter(slot::Column::AssessorId.is_in(ids))
            .filter(slot::Column::ProductId.is_not_null())
            .filter(slot::Column::StartsAt.gte(from))
            .filter(slot::Column::StartsAt.lt(until))
            .select_only()
            .column(slot::Column::AssessorId)
            .column_as(slot::Column::Id.count(), "number")
            .group_by(slot::Column::AssessorId)
            .into_model()
            .all(self.read())
            .await?;
        Ok(rows.into_iter().filter_map(|t| Some((t.assessor_id?, few(t.number)))).collect())
    }
}

impl Db {
    /// Sets what somebody can review and how much; the number of reviews only by managers.
    pub async fn set_reviewer(&self, actor: &Actor, of: PersonId, facts: &ReviewerFacts, now: DateTime<Utc>) -> Result<(), Error> {
        if !may_look_after(actor, of) {
            return Err(Refusal::NotYours.into());
        }
        let write = self.begin().await?;
        let row = person::Entity::find_by_id(of.0).lock_exclusive().one(&write.0).await?.ok_or(Error::NotFound)?;
        let present = skill::Entity::find().filter(skill::Column::PersonId.eq(of.0)).all(&write.0).await?;
        let skills = present.iter().filter_map(|s| Section::from_word(&s.section)).collect();
        if *facts == (ReviewerFacts { skills, a_week: row.reviews_a_week.map(count) }) {
            return Ok(());
        }
        if facts.a_week != row.reviews_a_week.map(count) && !actor.is(Duty::Manager) {
            return Err(Refusal::NotYours.into());
        }
        skill::Entity::delete_many().filter(skill::Column::PersonId.eq(of.0)).exec(&write.0).await?;
        if !facts.skills.is_empty() {
            let rows = facts.skills.iter().map(|s| skill::ActiveModel { person_id: Set(of.0), section: Set(s.word().to_owned()) });
            skill::Entity::insert_many(rows).exec_without_returning(&write.0).await?;
        }
        let update = person::Entity::update_many().col_expr(person::Column::ReviewsAWeek, Expr::value(facts.a_week.map(stored)));
        update.filter(person::Column::Id.eq(of.0)).exec(&write.0).await?;
        happened(&write, &nowhere(now), actor, EventKind::ReviewerChanged, &row.name).await?;
        write.commit().await
    }
}
