//! Organisations, people, memberships, invitations, password resets and sessions.

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
        for table in people().into_iter().chain(access()) {
            manager.create_table(table).await?;
        }
        manager.create_index(index("membership", &["person_id"])).await?;
        manager.create_index(index("invitation", &["organisation_id"])).await?;
        manager.create_index(index("session", &["person_id"])).await?;
        manager.create_index(index("person", &["name"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["session", "password_reset", "invitation", "membership", "person", "organisation", "counter"]).await
    }
}

fn people() -> [TableCreateStatement; 4] {
    [
        Table::create().table("counter").col(col("name").text().primary_key()).col(col("value").big_integer()).to_owned(),
        Table::create()
            .table("organisation")
            .col(col("id").uuid().primary_key())
            .col(col("name").text())
            .col(col("ods_code").text().unique_key())
            .col(col("facts").json_binary())
            .col(col("added_at").timestamp_with_time_zone())
            .to_owned(),
        Table::create()
            .table("person")
            .col(col("id").uuid().primary_key())
            .col(col("email").text().unique_key())
            .col(col("name").text())
            .col(nullable("password_hash").text())
            .col(col("duties").text())
            .col(col("failures").integer())
            .col(nullable("locked_until").timestamp_with_time_zone())
            .col(col("added_at").timestamp_with_time_zone())
            .to_owned(),
        Table::create()
            .table("membership")
            .col(col("organisation_id").uuid())
            .col(col("person_id").uuid())
            .col(col("role").text().check(one_of("role", &["owner", "editor", "viewer"])))
            .col(col("since").timestamp_with_time_zone())
            .primary_key(Index::create().col("organisation_id").col("person_id"))
            .foreign_key(&mut refers("membership", "organisation_id", "organisation"))
            .foreign_key(&mut refers("membership", "person_id", "person"))
            .to_owned(),
    ]
}

fn access() -> [TableCreateStatement; 3] {
    [
        Table::create()
            .table("invitation")
            .col(col("id").uuid().primary_key())
            .col(col("email").text())
            .col(col("name").text())
            .col(nullable("organisation_id").uuid())
            .col(nullable("role").text())
            .col(col("duties").text())
            .col(col("invited_by").text())
            .col(col("invited_at").timestamp_with_time_zone())
            .col(col("expires_at").timestamp_with_time_zone())
            .col(nullable("closed_at").timestamp_with_time_zone())
            .col(nullable("accepted_by").uuid())
            .foreign_key(&mut refers("invitation", "organisation_id", "organisation"))
            .to_owned(),
        Table::create()
            .table("password_reset")
            .col(col("id").uuid().primary_key())
            .col(col("person_id").uuid())
            .col(col("asked_at").timestamp_with_time_zone())
            .col(col("expires_at").timestamp_with_time_zone())
            .col(nullable("used_at").timestamp_with_time_zone())
            .foreign_key(&mut refers("password_reset", "person_id", "person"))
            .to_owned(),
        Table::create()
            .table("session")
            .col(col("token_hash").text().primary_key())
            .col(col("person_id").uuid())
            .col(col("created_at").timestamp_with_time_zone())
            .col(col("seen_at").timestamp_with_time_zone())
            .col(col("expires_at").timestamp_with_time_zone())
            .foreign_key(&mut refers("session", "person_id", "person"))
            .to_owned(),
    ]
}
