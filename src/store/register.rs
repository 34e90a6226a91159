//! Whole registers, a batch at a time, for those who take them away: demonstrations, dates, certificates,
//! organisations and mail.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, Value};
use uuid::Uuid;

use super::batch::{BATCH, Batch};
use super::organisation::Organisation;
use super::outbox::Letter;
use super::row::known;
use super::schema::{certificate, demonstration, organisation, outbox, product, slot};
use super::slot::{ListedDemonstration, PublishedSlot, SlotRow, When, slots};
use super::visible::{Visible, join_organisation, products};
use crate::domain::actor::Duty;
use crate::domain::certificate::CertificateState;
use crate::domain::words::OrganisationId;
use crate::error::Error;

/// A place in a list that is ordered by a moment and a second column.
pub type Place<T, M = DateTime<Utc>> = (M, T);

/// What comes after a place.
pub(super) fn after<T: Into<Value>, M: Into<Value> + Copy>(
    (first, second): Place<T, M>,
    (first_column, second_column): (impl ColumnTrait, impl ColumnTrait),
) -> Condition {
    let same = first_column.eq(first).and(second_column.gt(second));
    Condition::any().add(first_column.gt(first)).add(same)
}

/// What comes before a place.
pub(super) fn before<T: Into<Value>, M: Into<Value> + Copy>(
    (first, second): Place<T, M>,
    (first_column, second_column): (impl ColumnTrait, impl ColumnTrait),
) -> Condition {
    let same = first_column.eq(first).and(second_column.lt(second));
    Condition::any().add(first_column.lt(first)).add(same)
}

/// A certificate that was issued.
#[derive(Clone, Debug)]
pub struct RegisteredCertificate {
    /// `SAC-2026-…`.
    pub number: String,
    /// What became of it.
    pub state: CertificateState,
    /// When it was prepared, which is when it was issued but for a moment.
    pub prepared_at: DateTime<Utc>,
    /// `C2A-1042`.
    pub reference: String,
    /// Product, as it is called now.
    pub product: String,
    /// Supplier.
    pub organisation: String,
}

#[derive(FromQueryResult)]
struct CertificateRow {
    number: String,
    state: String,
    prepared_at: DateTime<Utc>,
    reference: String,
    name: String,
    organisation_name: String,
}

impl Visible<'_> {
    /// Demonstrations as [`Visible::demonstrations`] has them, the first first; by the index on state and start.
    pub async fn demonstrations_after(
        &self,
        (from, when): (DateTime<Utc>, When),
        place: Option<Place<String>>,
    ) -> Result<Batch<ListedDemonstration, Place<String>>, Error> {
        let mut select = self.tests_when(from, when);
        if let Some(place) = place {
            select = select.filter(after(place, (demonstration::Column::StartsAt, product::Column::Reference)));
        }
        let select = select.order_by_asc(demonstration::Column::StartsAt).order_by_asc(product::Column::Reference).limit(BATCH);
        let rows = self.listed(select).await?;
        let last = rows.last().and_then(|r| Some((r.test.date.as_ref()?.starts_at, r.reference.clone())));
        Ok(Batch::new(rows, last))
    }

    /// Dates from a moment on, free or taken, for staff, by the index on their start.
    pub async fn slots_after(
        &self,
        from: DateTime<Utc>,
        place: Option<Place<Uuid>>,
    ) -> Result<Batch<PublishedSlot, Place<Uuid>>, Error> {
        if !self.actor.sees_all() {
            return Err(Error::NotFound);
        }
        let mut select = slots(self.actor).filter(slot::Column::StartsAt.gte(from)).limit(BATCH);
        if let Some(place) = place {
            select = select.filter(after(place, (slot::Column::StartsAt, slot::Column::Id)));
        }
        let rows: Vec<SlotRow> = select.into_model().all(self.read()).await?;
        let rows: Vec<PublishedSlot> = rows.into_iter().map(SlotRow::published).collect();
        let last = rows.last().map(|r| (r.slot.starts_at, r.slot.id.0));
        Ok(Batch::new(rows, last))
    }

    /// Certificates that were issued for the products that the actor may see, by number.
    pub async fn certificates_after(&self, number: Option<String>) -> Result<Batch<RegisteredCertificate, String>, Error> {
        let to_certificate: sea_orm::RelationDef =
            product::Entity::belongs_to(certificate::Entity).from(product::Column::Id).to(certificate::Column::ProductId).into();
        let hidden = [CertificateState::Prepared, CertificateState::Voided].map(CertificateState::word);
        let mut select = products(self.actor)
            .join(JoinType::InnerJoin, to_certificate)
            .join(JoinType::InnerJoin, join_organisation())
            .filter(certificate::Column::State.is_not_in(hidden))
            .select_only()
            .columns([certificate::Column::Number, certificate::Column::State, certificate::Column::PreparedAt])
            .columns([product::Column::Reference, product::Column::Name])
            .column_as(organisation::Column::Name, "organisation_name");
        if let Some(number) = number {
            select = select.filter(certificate::Column::Number.gt(number));
        }
        let select = select.order_by_asc(certificate::Column::Number).limit(BATCH);
        let rows: Vec<CertificateRow> = select.into_model().all(self.read()).await?;
        let last = rows.last().map(|r| r.number.clone());
        let registered = |r: CertificateRow| {
            Ok(RegisteredCertificate {
                state: known(&r.state, CertificateState::from_word(&r.state))?,
                number: r.number,
                prepared_at: r.prepared_at,
                reference: r.reference,
                product: r.name,
                organisation: r.organisation_name,
            })
        };
        Ok(Batch::new(rows.into_iter().map(registered).collect::<Result<_, Error>>()?, last))
    }

    /// Every organisation in the order in which they were added; only for administrators.
    pub async fn organisations_after(&self, last: Option<OrganisationId>) -> Result<Batch<Organisation, OrganisationId>, Error> {
        self.must_administer()?;
        let mut select = organisation::Entity::find().order_by_asc(organisation::Column::Id).limit(BATCH);
        if let Some(last) = last {
            select = select.filter(organisation::Column::Id.gt(last.0));
        }
        let rows = select.all(self.read()).await?;
        let rows: Vec<Organisation> = rows.into_iter().map(super::organisation::organisation_of).collect::<Result<_, _>>()?;
        let last = rows.last().map(|o| o.id);
        Ok(Batch::new(rows, last))
    }

    /// The log of e-mail, newest first, by the index on its moment; only for administrators.
    pub async fn mail_before(&self, place: Option<Place<Uuid>>) -> Result<Batch<Letter, Place<Uuid>>, Error> {
        self.must_administer()?;
        let mut select = outbox::Entity::find();
        if let Some(place) = place {
            select = select.filter(before(place, (outbox::Column::CreatedAt, outbox::Column::Id)));
        }
        let select = select.order_by_desc(outbox::Column::CreatedAt).order_by_desc(outbox::Column::Id).limit(BATCH);
        let rows = select.all(self.read()).await?;
        let letters = super::outbox::letters(self.db, rows).await?;
        let last = letters.last().map(|l| (l.created_at, l.id));
        Ok(Batch::new(letters, last))
    }

    fn must_administer(&self) -> Result<(), Error> {
        if self.actor.is(Duty::Administrator) { Ok(()) } else { Err(Error::NotFound) }
    }
}
