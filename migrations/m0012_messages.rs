//! Messages between suppliers and the assurance team, as threads of a product.

use sea_orm_migration::prelude::*;

use super::{col, drop_all, index, nullable, one_of, refers};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [thread(), message()] {
            manager.create_table(table).await?;
        }
        // The lists: what waits for the team by its date, the others and those of a product by the last message.
        manager.create_index(index("thread", &["state", "reply_by", "id"])).await?;
        manager.create_index(index("thread", &["last_at", "id"])).await?;
        manager.create_index(index("thread", &["product_id", "last_at"])).await?;
        manager.create_index(index("message", &["thread_id", "at", "id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["message", "thread"]).await
    }
}

fn thread() -> TableCreateStatement {
    Table::create()
        .table("thread")
        .col(col("id").uuid().primary_key())
        .col(col("product_id").uuid())
        .col(col("subject").text())
        .col(col("state").text().check(one_of("state", &["with-team", "with-supplier", "answered"])))
        .col(col("asked_on").date())
        .col(nullable("reply_by").date())
        .col(col("last_message").uuid())
        .col(col("last_at").timestamp_with_time_zone())
        .col(col("messages").integer())
        .foreign_key(&mut refers("thread", "product_id", "product"))
        .to_owned()
}

fn message() -> TableCreateStatement {
    Table::create()
        .table("message")
        .col(col("id").uuid().primary_key())
        .col(col("thread_id").uuid())
        .col(col("side").text().check(one_of("side", &["supplier", "team"])))
        .col(col("body").text())
        .col(col("by_id").uuid())
        .col(col("at").timestamp_with_time_zone())
        .foreign_key(&mut refers("message", "thread_id", "thread"))
        .foreign_key(&mut refers("message", "by_id", "person"))
        .to_owned()
}
