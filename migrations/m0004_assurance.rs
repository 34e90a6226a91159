//! From a booked demonstration to live: dates, tests, certificates, agreements, and the links by which signatories sign.

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
        for table in date_tables().into_iter().chain(assurance_tables()).chain(link_tables()) {
            manager.create_table(table).await?;
        }
        let waits_for = col("waits_for").text().default("").to_owned();
        for mut column in [nullable("live").json_binary().to_owned(), nullable("live_on").date().to_owned(), waits_for] {
            manager.alter_table(Table::alter().table("product").add_column(&mut column).to_owned()).await?;
        }
        manager.create_index(index("slot", &["starts_at"])).await?;
        manager.create_index(index("slot", &["product_id"]).unique().to_owned()).await?;
        manager.create_index(index("leave", &["person_id", "last_day"])).await?;
        manager.create_index(index("demonstration", &["state", "starts_at"])).await?;
        manager.create_index(index("certificate", &["product_id"])).await?;
        manager.create_index(index("certificate", &["state", "prepared_at"])).await?;
        manager.create_index(index("feed", &["person_id"])).await?;
        manager.create_index(index("signing", &["product_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["live", "live_on", "waits_for"] {
            manager.alter_table(Table::alter().table("product").drop_column(column).to_owned()).await?;
        }
        drop_all(manager, &["reminder", "signing", "feed", "agreement", "certificate", "demonstration", "leave", "slot"]).await
    }
}

fn date_tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("slot")
            .col(col("id").uuid().primary_key())
            .col(col("starts_at").timestamp_with_time_zone())
            .col(nullable("assessor_id").uuid())
            .col(nullable("product_id").uuid())
            .col(nullable("added_by").uuid())
            .col(col("added_at").timestamp_with_time_zone())
            .foreign_key(&mut refers("slot", "assessor_id", "person"))
            .foreign_key(&mut refers("slot", "product_id", "product"))
            .foreign_key(&mut refers("slot", "added_by", "person"))
            .to_owned(),
        Table::create()
            .table("leave")
            .col(col("id").uuid().primary_key())
            .col(col("person_id").uuid())
            .col(col("first_day").date())
            .col(col("last_day").date())
            .col(col("added_at").timestamp_with_time_zone())
            .foreign_key(&mut refers("leave", "person_id", "person"))
            .to_owned(),
    ]
}

fn assurance_tables() -> Vec<TableCreateStatement> {
    let tests = &["not-booked", "asked", "booked", "confirmed", "under-way", "passed", "not-passed", "not-held"];
    let certificates = &["prepared", "valid", "at-risk", "withdrawn", "replaced", "voided"];
    let agreements = &["not-issued", "issued", "signed", "returned", "accepted"];
    vec![
        Table::create()
            .table("demonstration")
            .col(col("product_id").uuid())
            .col(col("attempt").integer())
            .col(col("state").text().check(one_of("state", tests)))
            .col(nullable("starts_at").timestamp_with_time_zone())
            .col(col("record").json_binary())
            .primary_key(Index::create().col("product_id").col("attempt"))
            .foreign_key(&mut refers("demonstration", "product_id", "product"))
            .to_owned(),
        Table::create()
            .table("certificate")
            .col(col("number").text().primary_key())
            .col(col("product_id").uuid())
            .col(col("state").text().check(one_of("state", certificates)))
            .col(col("prepared_at").timestamp_with_time_zone())
            .col(col("record").json_binary())
            .foreign_key(&mut refers("certificate", "product_id", "product"))
            .to_owned(),
        Table::create()
            .table("agreement")
            .col(col("product_id").uuid())
            .col(col("number").integer())
            .col(col("state").text().check(one_of("state", agreements)))
            .col(col("record").json_binary())
            .primary_key(Index::create().col("product_id").col("number"))
            .foreign_key(&mut refers("agreement", "product_id", "product"))
            .to_owned(),
    ]
}

fn link_tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("feed")
            .col(col("token_hash").text().primary_key())
            .col(col("person_id").uuid())
            .col(col("made_at").timestamp_with_time_zone())
            .foreign_key(&mut refers("feed", "person_id", "person"))
            .to_owned(),
        Table::create()
            .table("signing")
            .col(col("id").uuid().primary_key())
            .col(col("product_id").uuid())
            .col(col("name").text())
            .col(col("email").text())
            .col(col("expires_at").timestamp_with_time_zone())
            .col(nullable("code_at").timestamp_with_time_zone())
            .col(col("failures").integer())
            .foreign_key(&mut refers("signing", "product_id", "product"))
            .to_owned(),
        Table::create()
            .table("reminder")
            .col(col("product_id").uuid())
            .col(col("kind").text())
            .col(col("about").date())
            .col(col("written_at").timestamp_with_time_zone())
            .primary_key(Index::create().col("product_id").col("kind").col("about"))
            .foreign_key(&mut refers("reminder", "product_id", "product"))
            .to_owned(),
    ]
}
