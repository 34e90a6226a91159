//! Products with their sections, answers, decisions, submissions, replies, notes and files.

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
        for table in product_tables().into_iter().chain(review_tables()) {
            manager.create_table(table).await?;
        }
        let name = index("product", &["organisation_id", "name_key"]).unique().to_owned();
        manager.create_index(name).await?;
        manager.create_index(index("product", &["turn", "turn_by"])).await?;
        manager.create_index(index("section", &["state", "reply_by"])).await?;
        manager.create_index(index("section", &["reviewer_id"])).await?;
        manager.create_index(index("note", &["product_id"])).await?;
        manager.create_index(index("reply", &["product_id"])).await?;
        manager.create_index(index("file", &["product_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["file", "note", "reply", "submission", "decision", "answer", "section", "product"]).await
    }
}

const SECTIONS: &[&str] =
    &["data-security", "clinical-risk", "service-management", "medical-device", "core-conformance", "cis2-conformance"];

fn product_tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("product")
            .col(col("id").uuid().primary_key())
            .col(col("reference").text().unique_key())
            .col(col("organisation_id").uuid())
            .col(col("version").big_integer())
            .col(col("question_set").integer())
            .col(col("state").text().check(one_of("state", &["active", "on-hold", "withdrawn"])))
            .col(col("name").text())
            .col(col("name_key").text())
            .col(col("facts").json_binary())
            .col(col("pauses").json_binary())
            .col(col("added_at").timestamp_with_time_zone())
            .col(col("turn").text().check(one_of("turn", &["supplier", "team", "nobody"])))
            .col(nullable("turn_by").date())
            .foreign_key(&mut refers("product", "organisation_id", "organisation"))
            .to_owned(),
        Table::create()
            .table("section")
            .col(col("product_id").uuid())
            .col(col("section").text().check(one_of("section", SECTIONS)))
            .col(col("state").text().check(one_of("state", &["draft", "submitted", "returned", "accepted"])))
            .col(col("round").integer())
            .col(nullable("reviewer_id").uuid())
            .col(nullable("sent_at").timestamp_with_time_zone())
            .col(nullable("sent_by").uuid())
            .col(nullable("replied_at").timestamp_with_time_zone())
            .col(nullable("reply_by").date())
            .primary_key(Index::create().col("product_id").col("section"))
            .foreign_key(&mut refers("section", "product_id", "product"))
            .foreign_key(&mut refers("section", "reviewer_id", "person"))
            .to_owned(),
        Table::create()
            .table("answer")
            .col(col("product_id").uuid())
            .col(col("question").text())
            .col(nullable("value").json_binary())
            .col(col("remark").text())
            .col(col("edition").integer())
            .col(col("by_id").uuid())
            .col(col("at").timestamp_with_time_zone())
            .primary_key(Index::create().col("product_id").col("question"))
            .foreign_key(&mut refers("answer", "product_id", "product"))
            .foreign_key(&mut refers("answer", "by_id", "person"))
            .to_owned(),
        Table::create()
            .table("file")
            .col(col("id").uuid().primary_key())
            .col(col("product_id").uuid())
            .col(col("question").text())
            .col(col("name").text())
            .col(col("digest").text())
            .col(col("size").big_integer())
            .col(col("content_type").text())
            .col(col("by_id").uuid())
            .col(col("at").timestamp_with_time_zone())
            .foreign_key(&mut refers("file", "product_id", "product"))
            .to_owned(),
    ]
}

fn review_tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("decision")
            .col(col("product_id").uuid())
            .col(col("question").text())
            .col(col("round").integer())
            .col(col("section").text().check(one_of("section", SECTIONS)))
            .col(col("verdict").text().check(one_of("verdict", &["accept", "more"])))
            .col(col("comment").text())
            .col(col("fingerprint").text())
            .col(col("by_id").uuid())
            .col(col("at").timestamp_with_time_zone())
            .primary_key(Index::create().col("product_id").col("question").col("round"))
            .foreign_key(&mut refers("decision", "product_id", "product"))
            .to_owned(),
        Table::create()
            .table("submission")
            .col(col("product_id").uuid())
            .col(col("section").text().check(one_of("section", SECTIONS)))
            .col(col("round").integer())
            .col(col("content").text())
            .col(col("digest").text())
            .col(col("by_id").uuid())
            .col(col("at").timestamp_with_time_zone())
            .primary_key(Index::create().col("product_id").col("section").col("round"))
            .foreign_key(&mut refers("submission", "product_id", "product"))
            .to_owned(),
        Table::create()
            .table("reply")
            .col(col("id").uuid().primary_key())
            .col(col("product_id").uuid())
            .col(col("section").text().check(one_of("section", SECTIONS)))
            .col(col("round").integer())
            .col(col("outcome").text().check(one_of("outcome", &["returned", "accepted", "reopened"])))
            .col(col("message").text())
            .col(col("by_id").uuid())
            .col(col("at").timestamp_with_time_zone())
            .foreign_key(&mut refers("reply", "product_id", "product"))
            .to_owned(),
        Table::create()
            .table("note")
            .col(col("id").uuid().primary_key())
            .col(col("product_id").uuid())
            .col(col("question").text())
            .col(col("body").text())
            .col(col("by_id").uuid())
            .col(col("at").timestamp_with_time_zone())
            .foreign_key(&mut refers("note", "product_id", "product"))
            .to_owned(),
    ]
}
