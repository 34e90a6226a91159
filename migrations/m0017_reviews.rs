//! Replies that were sent and have not left yet, and the texts that reviewers start from.

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
        for mut column in [nullable("leaves_at").timestamp_with_time_zone().to_owned(), nullable("reply").json_binary().to_owned()]
        {
            manager.alter_table(Table::alter().table("section").add_column(&mut column).to_owned()).await?;
        }
        // Few replies are on their way at a time, and the worker looks for them every few seconds.
        let on_their_way = index("section", &["leaves_at"]).and_where(Expr::col("leaves_at").is_not_null()).to_owned();
        manager.create_index(on_their_way).await?;
        manager.create_table(standard_reply()).await?;
        manager.create_index(index("standard_reply", &["question", "uses"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["standard_reply"]).await?;
        manager.drop_index(Index::drop().name("ix_section_leaves_at").table("section").to_owned()).await?;
        for column in ["leaves_at", "reply"] {
            manager.alter_table(Table::alter().table("section").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

fn standard_reply() -> TableCreateStatement {
    Table::create()
        .table("standard_reply")
        .col(col("id").uuid().primary_key())
        .col(nullable("question").text())
        .col(col("body").text())
        .col(col("uses").integer())
        .col(col("by_id").uuid())
        .col(col("by_name").text())
        .col(col("added_at").timestamp_with_time_zone())
        .col(nullable("retired_at").timestamp_with_time_zone())
        .foreign_key(&mut refers("standard_reply", "by_id", "person"))
        .to_owned()
}
