//! Changes of the calendar of working days, and the edition of it that the promises of a product were counted with.

use sea_orm_migration::prelude::*;

use super::{col, drop_all, one_of, refers};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(amendment()).await?;
        let mut edition = col("calendar").integer().default(0).to_owned();
        manager.alter_table(Table::alter().table("product").add_column(&mut edition).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("product").drop_column("calendar").to_owned()).await?;
        drop_all(manager, &["amendment"]).await
    }
}

fn amendment() -> TableCreateStatement {
    Table::create()
        .table("amendment")
        .col(col("number").integer().primary_key())
        .col(col("day").date())
        .col(col("act").text().check(one_of("act", &["added", "removed", "compared"])))
        .col(col("kind").text().check(one_of("kind", &["bank-holiday", "closure"])))
        .col(col("name").text())
        .col(col("reason").text())
        .col(col("by_id").uuid())
        .col(col("by_name").text())
        .col(col("at").timestamp_with_time_zone())
        .foreign_key(&mut refers("amendment", "by_id", "person"))
        .to_owned()
}
