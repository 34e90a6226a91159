//! Events, which can only be added, and the outbox.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use super::{col, drop_all, index, nullable};

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
        manager.create_index(index("event", &["product_id", "at"])).await?;
        manager.create_index(index("event", &["organisation_id", "at"])).await?;
        let waiting = index("outbox", &["due_at"]).and_where(Expr::col("sent_at").is_null()).to_owned();
        manager.create_index(waiting).await?;
        manager.create_index(index("outbox", &["created_at"])).await?;
        manager.get_connection().execute_unprepared(append_only(manager.get_database_backend())).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["outbox", "event"]).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION IF EXISTS event_is_append_only").await?;
        }
        Ok(())
    }
}

fn tables() -> [TableCreateStatement; 2] {
    [
        Table::create()
            .table("event")
            .col(col("id").uuid().primary_key())
            .col(nullable("product_id").uuid())
            .col(nullable("organisation_id").uuid())
            .col(nullable("section").text())
            .col(nullable("question").text())
            .col(col("kind").text())
            .col(col("detail").json_binary())
            .col(nullable("by_id").uuid())
            .col(col("by_name").text())
            .col(col("at").timestamp_with_time_zone())
            .to_owned(),
        Table::create()
            .table("outbox")
            .col(col("id").uuid().primary_key())
            .col(col("kind").text())
            .col(col("payload").json_binary())
            .col(nullable("product_id").uuid())
            .col(nullable("person_id").uuid())
            .col(col("name").text())
            .col(col("email").text())
            .col(col("created_at").timestamp_with_time_zone())
            .col(col("due_at").timestamp_with_time_zone())
            .col(col("attempts").integer())
            .col(nullable("sent_at").timestamp_with_time_zone())
            .col(nullable("parked_at").timestamp_with_time_zone())
            .col(col("last_error").text())
            .to_owned(),
    ]
}

/// The one place with a text for each database: history cannot be rewritten through the service's own connection.
const fn append_only(backend: DbBackend) -> &'static str {
    if matches!(backend, DbBackend::Postgres) {
        return "CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$; \
             CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON event \
             FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only();";
    }
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END; \
     CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;"
}
