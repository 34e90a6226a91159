//! Certificates by their numbers, for everybody, and those that were left open.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};

use super::Db;
use super::schema::{certificate, product};
use crate::domain::certificate::{Certificate, CertificateState};
use crate::error::Error;

/// Most that are finished at once.
const BATCH: u64 = 50;

impl Db {
    /// The certificate of a number as it is written, for anybody who asks: one that was issued, whatever came of it
    /// later. One query by the primary key.
    pub async fn issued_certificate(&self, number: &str) -> Result<Option<Certificate>, Error> {
        let row = certificate::Entity::find_by_id(number).one(&self.read).await?;
        let certificate: Option<Certificate> = row.map(|r| serde_json::from_value(r.record)).transpose()?;
        Ok(certificate.filter(|c| c.state.was_issued()))
    }

    /// Certificates that were prepared at or before a moment and are still open: reference of the product, and number.
    pub async fn prepared_certificates(&self, before: DateTime<Utc>) -> Result<Vec<(String, String)>, Error> {
        let to_product: sea_orm::RelationDef =
            certificate::Entity::belongs_to(product::Entity).from(certificate::Column::ProductId).to(product::Column::Id).into();
        let select = certificate::Entity::find()
            .select_only()
            .join(JoinType::InnerJoin, to_product)
            .column(product::Column::Reference)
            .column(certificate::Column::Number)
            .filter(certificate::Column::State.eq(CertificateState::Prepared.word()))
            .filter(certificate::Column::PreparedAt.lte(before))
            .order_by_asc(certificate::Column::PreparedAt)
            .limit(BATCH);
        Ok(select.into_tuple().all(&self.read).await?)
    }
}
