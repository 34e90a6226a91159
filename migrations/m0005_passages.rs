//! Whom a product waited for on every day: what each event says of it, and the tables that pages read it from.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use super::{col, drop_all, index, nullable, one_of, refers};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut posture = nullable("posture").json_binary().to_owned();
        manager.alter_table(Table::alter().table("event").add_column(&mut posture).to_owned()).await?;
        // Products from before this step count from their next change; nothing is guessed.
        let mut since = col("since").date().default("1970-01-01").to_owned();
        manager.alter_table(Table::alter().table("product").add_column(&mut since).to_owned()).await?;
        let is_postgres = matches!(manager.get_database_backend(), DbBackend::Postgres);
        let day = if is_postgres { "(added_at AT TIME ZONE 'Europe/London')::date" } else { "substr(added_at, 1, 10)" };
        manager.get_connection().execute_unprepared(&format!("UPDATE product SET since = {day}")).await?;
        for table in [passage(), stretch(), wait()] {
            manager.create_table(table).await?;
        }
        manager.create_index(index("passage", &["ended", "ended_on"])).await?;
        manager.create_index(index("stretch", &["product_id", "from_on"])).await?;
        manager.create_index(index("wait", &["product_id"]).and_where(Expr::col("until_on").is_null()).to_owned()).await?;
        manager.create_index(index("wait", &["topic", "until_on"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["wait", "stretch", "passage"]).await?;
        for (table, column) in [("product", "since"), ("event", "posture")] {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

const PARTIES: &[&str] = &["supplier", "team", "nobody", "on-hold"];

fn passage() -> TableCreateStatement {
    Table::create()
        .table("passage")
        .col(col("product_id").uuid())
        .col(col("number").integer())
        .col(col("is_move").boolean())
        .col(col("started_on").date())
        .col(col("counted_to").date())
        .col(col("supplier_days").integer())
        .col(col("team_days").integer())
        .col(col("nobody_days").integer())
        .col(col("held_days").integer())
        .col(nullable("ended").text().check(one_of("ended", &["assured", "withdrawn"])))
        .col(nullable("ended_on").date())
        .primary_key(Index::create().col("product_id").col("number"))
        .foreign_key(&mut refers("passage", "product_id", "product"))
        .to_owned()
}

fn stretch() -> TableCreateStatement {
    Table::create()
        .table("stretch")
        .col(col("id").uuid().primary_key())
        .col(col("product_id").uuid())
        .col(col("passage").integer())
        .col(col("party").text().check(one_of("party", PARTIES)))
        .col(nullable("topic").text())
        .col(col("from_on").date())
        .col(nullable("until_on").date())
        .foreign_key(&mut refers("stretch", "product_id", "product"))
        .to_owned()
}

fn wait() -> TableCreateStatement {
    Table::create()
        .table("wait")
        .col(col("id").uuid().primary_key())
        .col(col("product_id").uuid())
        .col(col("turn").text().check(one_of("turn", &["supplier", "team", "nobody"])))
        .col(col("topic").text())
        .col(nullable("section").text())
        .col(col("from_on").date())
        .col(nullable("until_on").date())
        .col(nullable("promised").date())
        .col(nullable("due").date())
        .col(nullable("outcome").text().check(one_of("outcome", &["done", "stopped"])))
        .foreign_key(&mut refers("wait", "product_id", "product"))
        .to_owned()
}
