//! Who can review what and how much, declared interests, and saved views of lists.

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
        for table in tables() {
            manager.create_table(table).await?;
        }
        let mut capacity = nullable("reviews_a_week").integer().to_owned();
        manager.alter_table(Table::alter().table("person").add_column(&mut capacity).to_owned()).await?;
        let current = |columns: &[&'static str]| index("interest", columns).and_where(Expr::col("ended_at").is_null()).to_owned();
        manager.create_index(current(&["organisation_id", "person_id"]).unique().to_owned()).await?;
        manager.create_index(index("interest", &["person_id"])).await?;
        manager.create_index(index("saved_view", &["person_id", "name_key"]).unique().to_owned()).await?;
        // A page of the queue is the start of a walk along one of these: the state (and the reviewer) is fixed, the rest
        // is the order of the list. They take the place of the shorter ones.
        manager.create_index(index("section", QUEUE)).await?;
        manager.create_index(index("section", QUEUE_OF_ONE)).await?;
        // The few products that are not in progress are taken out of the queue by this one.
        manager.create_index(index("product", &["state", "id"])).await?;
        manager.drop_index(Index::drop().name("ix_section_state_reply_by").table("section").to_owned()).await?;
        manager.drop_index(Index::drop().name("ix_section_reviewer_id").table("section").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("section", &["state", "reply_by"])).await?;
        manager.create_index(index("section", &["reviewer_id"])).await?;
        for columns in [QUEUE, QUEUE_OF_ONE] {
            let name = format!("ix_section_{}", columns.join("_"));
            manager.drop_index(Index::drop().name(name).table("section").to_owned()).await?;
        }
        manager.drop_index(Index::drop().name("ix_product_state_id").table("product").to_owned()).await?;
        manager.alter_table(Table::alter().table("person").drop_column("reviews_a_week").to_owned()).await?;
        drop_all(manager, &["saved_view", "skill", "interest"]).await
    }
}

/// The order of the queue.
const QUEUE: &[&str] = &["state", "reply_by", "sent_at", "section", "product_id"];
/// The same of one reviewer, or of nobody.
const QUEUE_OF_ONE: &[&str] = &["reviewer_id", "state", "reply_by", "sent_at", "section", "product_id"];

const SECTIONS: &[&str] =
    &["data-security", "clinical-risk", "service-management", "medical-device", "core-conformance", "cis2-conformance"];

fn tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("interest")
            .col(col("id").uuid().primary_key())
            .col(col("person_id").uuid())
            .col(col("organisation_id").uuid())
            .col(col("reason").text())
            .col(col("declared_by").text())
            .col(col("declared_at").timestamp_with_time_zone())
            .col(nullable("ended_by").text())
            .col(nullable("ended_at").timestamp_with_time_zone())
            .col(nullable("ended_because").text())
            .foreign_key(&mut refers("interest", "person_id", "person"))
            .foreign_key(&mut refers("interest", "organisation_id", "organisation"))
            .to_owned(),
        Table::create()
            .table("skill")
            .col(col("person_id").uuid())
            .col(col("section").text().check(one_of("section", SECTIONS)))
            .primary_key(Index::create().col("person_id").col("section"))
            .foreign_key(&mut refers("skill", "person_id", "person"))
            .to_owned(),
        Table::create()
            .table("saved_view")
            .col(col("id").uuid().primary_key())
            .col(col("person_id").uuid())
            .col(col("name").text())
            .col(col("name_key").text())
            .col(col("address").text())
            .col(col("added_at").timestamp_with_time_zone())
            .foreign_key(&mut refers("saved_view", "person_id", "person"))
            .to_owned(),
    ]
}
