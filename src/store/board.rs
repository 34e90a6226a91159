//! Products under way: how many, where, how long; the list behind every number of the dashboard.

use std::collections::BTreeMap;

use sea_orm::prelude::{ChronoDate, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::batch::{BATCH, Batch};
use super::interest::apart;
use super::likely::Expected;
use super::register::{Place as Key, after};
use super::row::{count, known};
use super::schema::{forecast, organisation, passage, product, section};
use super::search;
use super::visible::{PAGE, Page, Visible, at_least_one, join_organisation};
use crate::domain::flow::Band;
use crate::domain::measure::Risk;
use crate::domain::passage::{Party, Stretch};
use crate::domain::waits::Topic;
use crate::domain::words::ProductId;
use crate::error::Error;

/// Products under way: which, and which page. Those on hold are only found when they are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardFilter {
    /// Whom they wait for.
    pub party: Option<Party>,
    /// How they stand against 12 weeks; their clocks run.
    pub risk: Option<Risk>,
    /// Where they are.
    pub stage: Option<Band>,
    /// Only those with a section in its third round or later that is not accepted.
    pub is_long: bool,
    /// Words, or beginnings of words, of the name, the reference or the organisation's name.
    pub words: String,
    /// Page, from 1.
    pub page: u64,
}

/// A product under way.
#[derive(Clone, Debug)]
pub struct Running {
    /// `C2A-1042`.
    pub reference: String,
    /// Name.
    pub name: String,
    /// Whose it is.
    pub organisation: String,
    /// Whom it waits for.
    pub party: Party,
    /// What it waits for first.
    pub topic: Option<Topic>,
    /// Since when it waits for them.
    pub since: ChronoDate,
    /// By when, if that is promised or expected.
    pub by: Option<ChronoDate>,
    /// When its supplier was reminded by hand the last time.
    pub reminded_on: Option<ChronoDate>,
    /// Days since it was started, those on hold left out.
    pub days: u32,
    /// Whom it waited for on each of them.
    pub stretches: Vec<Stretch>,
    /// When it is likely to finish, if that is forecast.
    pub expected: Option<Expected>,
}

impl Running {
    /// The address of its page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/products/{}", self.reference.to_lowercase())
    }

    /// How it stands against 12 weeks; nothing is said of a clock that stands still.
    #[must_use]
    pub fn risk(&self) -> Option<Risk> {
        let expected = self.expected.filter(|e| e.is_long).map(|_| Risk::Late);
        Risk::of(self.days).or(expected).filter(|_| self.party != Party::OnHold)
    }
}

/// What a list says of a product beside its passage.
#[derive(FromQueryResult)]
pub(super) struct Named {
    id: Uuid,
    pub(super) reference: String,
    pub(super) name: String,
    pub(super) organisation_name: String,
    since: ChronoDate,
    turn_by: Option<ChronoDate>,
    reminded_on: Option<ChronoDate>,
}

#[derive(FromQueryResult)]
struct Place {
    topic: Option<String>,
    number: i64,
    late: Option<i64>,
    over: Option<i64>,
}

/// How many products are at a place, and how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    /// All.
    pub number: u64,
    /// At risk of more than 12 weeks, those past 12 among them.
    pub late: u64,
    /// Past 12 weeks.
    pub over: u64,
}

/// Whether a clock began so long ago, or if that is asked, whether it is forecast to run so long.
fn at_risk(risk: Risk, today: ChronoDate) -> SimpleExpr {
    let began = passage::Column::ClockFrom.lte(risk.clock_from(today));
    match risk {
        Risk::Over => began,
        Risk::Late => {
            let long = Query::select()
                .column(forecast::Column::ProductId)
                .from(forecast::Entity)
                .and_where(forecast::Column::IsLong.eq(true))
                .to_owned();
            began.or(passage::Column::ProductId.in_subquery(long))
        }
    }
}

/// The products under way that a filter lets through.
fn running(visible: &Visible<'_>, filter: &BoardFilter, today: ChronoDate) -> Select<passage::Entity> {
    use passage::Column as C;
    let mut select = passage::Entity::find().filter(C::Ended.is_null());
    select = match filter.party {
        Some(party) => select.filter(C::Party.eq(party.word())),
        None => select.filter(C::Party.ne(Party::OnHold.word())),
    };
    if let Some(risk) = filter.risk {
        select = select.filter(C::Party.ne(Party::OnHold.word())).filter(at_risk(risk, today));
    }
    if let Some(stage) = filter.stage {
        let any = Condition::any().add(C::Topic.is_in(stage.topics().map(Topic::word)));
        select = select.filter(if stage == Band::of(None) { any.add(C::Topic.is_null()) } else { any });
    }
    if filter.is_long {
        // The words of the partial index on rounds.
        let long = Query::select()
            .column(section::Column::ProductId)
            .from(section::Entity)
            .and_where(Expr::cust("round >= 3 AND state <> 'accepted'"))
            .to_owned();
        select = select.filter(C::ProductId.in_subquery(long));
    }
    if let Some(only) = apart(visible.actor, C::ProductId) {
        select = select.filter(only);
    }
    match search::named(visible.db, "passage.product_id", &filter.words) {
        Some(named) => select.filter(named),
        None => select,
    }
}

/// Where the board goes on: the day from which a clock has run, and the product.
pub type BoardKey = Key<Uuid, ChronoDate>;

fn in_order(select: Select<passage::Entity>) -> Select<passage::Entity> {
    select.order_by_asc(passage::Column::ClockFrom).order_by_asc(passage::Column::ProductId)
}

impl Visible<'_> {
    /// How many products under way a filter lets through: the length of the list behind the number.
    pub async fn under_way(&self, filter: &BoardFilter, today: ChronoDate) -> Result<u64, Error> {
        self.of_the_team()?;
        let rows = running(self, filter, today).select_only().columns([passage::Column::ProductId, passage::Column::Number]);
        Ok(rows.count(self.read()).await?)
    }

    /// A page of products under way, those that take longest first, with the days and the forecast of each; five statements.
    /// Served by the index on the beginning of running clocks.
    pub async fn board(&self, filter: &BoardFilter, today: ChronoDate) -> Result<Page<Running>, Error> {
        let total = self.under_way(filter, today).await?;
        let number = at_least_one(filter.page);
        Ok(Page { rows: self.longest(filter, today, ((number - 1) * PAGE, PAGE)).await?, total, number })
    }

    /// The products under way that take longest, after so many and at most so many; four statements.
    pub async fn longest(
        &self,
        filter: &BoardFilter,
        today: ChronoDate,
        (offset, most): (u64, u64),
    ) -> Result<Vec<Running>, Error> {
        self.of_the_team()?;
        let listed = in_order(running(self, filter, today)).offset(offset).limit(most).all(self.read()).await?;
        self.as_running(listed, today).await
    }

    /// All products under way of a filter, those that take longest first, a batch at a time; by the same index.
    pub async fn board_after(
        &self,
        filter: &BoardFilter,
        today: ChronoDate,
        place: Option<BoardKey>,
    ) -> Result<Batch<Running, BoardKey>, Error> {
        self.of_the_team()?;
        let mut select = in_order(running(self, filter, today)).limit(BATCH);
        if let Some(place) = place {
            select = select.filter(after(place, (passage::Column::ClockFrom, passage::Column::ProductId)));
        }
        let listed = select.all(self.read()).await?;
        let last = listed.last().map(|p| (p.clock_from, p.product_id));
        Ok(Batch::new(self.as_running(listed, today).await?, last))
    }

    /// The products of passages under way, with the days of each; two statements.
    async fn as_running(&self, listed: Vec<passage::Model>, today: ChronoDate) -> Result<Vec<Running>, Error> {
        let ids: Vec<Uuid> = listed.iter().map(|p| p.product_id).collect();
        let mut named = self.named(&ids).await?;
        let expected = self.expected(&ids).await?;
        let mut stretches = self.stretches(ids.into_iter().map(ProductId).collect()).await?;
        let row = |p: passage::Model| {
            let product = named.remove(&p.product_id)?;
            let stretches = stretches.remove(&ProductId(p.product_id)).unwrap_or_default();
            let expected = expected.get(&p.product_id).copied();
            Some(under_way(p, product, (stretches, expected), today))
        };
        listed.into_iter().filter_map(row).collect()
    }

    /// What lists say of some products; one statement. Apart from the list itself, so that a far page of it does not
    /// join every row before.
    pub(super) async fn named(&self, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Named>, Error> {
        let rows: Vec<Named> = product::Entity::find()
            .join(JoinType::InnerJoin, join_organisation())
            .select_only()
            .columns([product::Column::Id, product::Column::Reference, product::Column::Name])
            .columns([product::Column::Since, product::Column::TurnBy, product::Column::RemindedOn])
            .column_as(organisation::Column::Name, "organisation_name")
            .filter(product::Column::Id.is_in(ids.iter().copied()))
            .into_model()
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// How many products are in each band, of those that a filter lets through; one statement.
    pub async fn by_stage(&self, filter: &BoardFilter, today: ChronoDate) -> Result<BTreeMap<Band, Crowd>, Error> {
        self.of_the_team()?;
        let past = |risk: Risk| {
            let is_past = at_risk(risk, today).and(passage::Column::Party.ne(Party::OnHold.word()));
            Expr::expr(Expr::case(is_past, 1).finally(0)).sum()
        };
        let places: Vec<Place> = running(self, filter, today)
            .select_only()
            .column(passage::Column::Topic)
            .column_as(passage::Column::ProductId.count(), "number")
            .column_as(past(Risk::Late), "late")
            .column_as(past(Risk::Over), "over")
            .group_by(passage::Column::Topic)
            .into_model()
            .all(self.read())
            .await?;
        let mut stages: BTreeMap<Band, Crowd> = Band::UNDER_WAY.iter().map(|b| (*b, Crowd::default())).collect();
        for place in places {
            let topic = place.topic.as_ref().map(|word| known(word, Topic::from_word(word))).transpose()?;
            let crowd = stages.entry(Band::of(topic)).or_default();
            let positive = |n: Option<i64>| u64::try_from(n.unwrap_or_default()).unwrap_or_default();
            crowd.number += positive(Some(place.number));
            crowd.late += positive(place.late);
            crowd.over += positive(place.over);
        }
        Ok(stages)
    }

    /// What only the assurance team looks at is not found by anybody else.
    pub(super) fn of_the_team(&self) -> Result<(), Error> {
        if self.actor.sees_all() { Ok(()) } else { Err(Error::NotFound) }
    }
}

fn under_way(
    p: passage::Model,
    product: Named,
    (mut stretches, expected): (Vec<Stretch>, Option<Expected>),
    today: ChronoDate,
) -> Result<Running, Error> {
    let word = p.party.unwrap_or_default();
    let party = known(&word, Party::from_word(&word))?;
    let until = if party == Party::OnHold { p.counted_to } else { today };
    let number = count(p.number);
    stretches.retain(|s| s.passage == number);
    Ok(Running {
        reference: product.reference,
        name: product.name,
        organisation: product.organisation_name,
        party,
        topic: p.topic.as_ref().map(|word| known(word, Topic::from_word(word))).transpose()?,
        since: product.since,
        by: product.turn_by,
        reminded_on: product.reminded_on,
        days: u32::try_from((until - p.clock_from).num_days()).unwrap_or_default(),
        stretches,
        expected,
    })
}
