//! What people typed and did not save yet, and who has which page open.

use sea_orm_migration::prelude::*;

use super::{col, drop_all, index, nullable, refers};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [draft(), presence()] {
            manager.create_table(table).await?;
        }
        manager.create_index(index("draft", &["person_id", "place"])).await?;
        manager.create_index(index("draft", &["session"])).await?;
        // For the worker, which deletes what was kept for an hour only, and who left long ago.
        manager.create_index(index("draft", &["kept_until"])).await?;
        manager.create_index(index("presence", &["at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["presence", "draft"]).await
    }
}

fn draft() -> TableCreateStatement {
    Table::create()
        .table("draft")
        .col(col("id").uuid().primary_key())
        .col(col("person_id").uuid())
        .col(col("place").text())
        .col(col("body").text())
        .col(col("started_from").text())
        .col(col("files").text())
        .col(col("at").timestamp_with_time_zone())
        .col(nullable("kept_until").timestamp_with_time_zone())
        .col(nullable("session").text())
        .foreign_key(&mut refers("draft", "person_id", "person"))
        .to_owned()
}

fn presence() -> TableCreateStatement {
    Table::create()
        .table("presence")
        .col(col("place").text())
        .col(col("person_id").uuid())
        .col(col("at").timestamp_with_time_zone())
        .primary_key(Index::create().col("place").col("person_id"))
        .foreign_key(&mut refers("presence", "person_id", "person"))
        .to_owned()
}
