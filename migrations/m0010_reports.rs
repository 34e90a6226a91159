//! What the reports for those who plan read: where each product under way is, and what finished days add up to.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use super::{col, drop_all, index, nullable, one_of};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = [
            col("clock_from").date().default("1970-01-01").to_owned(),
            nullable("party").text().to_owned(),
            nullable("topic").text().to_owned(),
        ];
        for column in &mut columns {
            manager.alter_table(Table::alter().table("passage").add_column(column).to_owned()).await?;
        }
        let is_postgres = matches!(manager.get_database_backend(), DbBackend::Postgres);
        manager.get_connection().execute_unprepared(&fill(is_postgres)).await?;
        for table in [flow(), step(), finish(), question()] {
            manager.create_table(table).await?;
        }
        let running = |columns: &[&'static str]| index("passage", columns).and_where(Expr::col("ended").is_null()).to_owned();
        let promised = Expr::col("until_on").is_null().and(Expr::cust("turn = 'team'"));
        let unassigned = Expr::cust("state = 'submitted' AND reviewer_id IS NULL");
        let long = Expr::cust("round >= 3 AND state <> 'accepted'");
        for index in [
            running(&["clock_from"]),
            running(&["party", "topic", "clock_from"]),
            index("wait", &["due"]).and_where(promised).to_owned(),
            index("wait", &["until_on"]),
            index("stretch", &["from_on"]),
            index("stretch", &["until_on"]),
            index("reply", &["at"]),
            index("section", &["round"]).and_where(long).to_owned(),
            index("section", &["product_id"]).and_where(unassigned).to_owned(),
            index("passage", &["ended", "ended_on", "product_id"]),
        ] {
            manager.create_index(index).await?;
        }
        // The last of these begins with the same columns.
        manager.drop_index(dropped("passage", "ended_ended_on")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["question_month", "finish_week", "step_month", "flow"]).await?;
        manager.create_index(index("passage", &["ended", "ended_on"])).await?;
        for (table, columns) in [
            ("passage", "ended_ended_on_product_id"),
            ("section", "product_id"),
            ("section", "round"),
            ("reply", "at"),
            ("stretch", "until_on"),
            ("stretch", "from_on"),
            ("wait", "until_on"),
            ("wait", "due"),
            ("passage", "party_topic_clock_from"),
            ("passage", "clock_from"),
        ] {
            manager.drop_index(dropped(table, columns)).await?;
        }
        for column in ["topic", "party", "clock_from"] {
            manager.alter_table(Table::alter().table("passage").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

/// Takes an index away, named after its columns.
fn dropped(table: &'static str, columns: &str) -> IndexDropStatement {
    Index::drop().name(format!("ix_{table}_{columns}")).table(table).to_owned()
}

/// Fills the new columns of the passages that are there.
fn fill(is_postgres: bool) -> String {
    let days = "(supplier_days + team_days + nobody_days)";
    let from = if is_postgres { format!("counted_to - {days}") } else { format!("date(counted_to, '-' || {days} || ' days')") };
    let open = |column: &str| {
        format!(
            "(SELECT stretch.{column} FROM stretch WHERE stretch.product_id = passage.product_id \
             AND stretch.passage = passage.number AND stretch.until_on IS NULL)"
        )
    };
    format!("UPDATE passage SET clock_from = {from}, party = {}, topic = {}", open("party"), open("topic"))
}

/// How many products were where at the end of a day.
fn flow() -> TableCreateStatement {
    Table::create()
        .table("flow")
        .col(col("day").date())
        .col(col("band").text())
        .col(col("number").big_integer())
        .primary_key(Index::create().col("day").col("band"))
        .to_owned()
}

/// How long the waits took that came to their end in a month, and whether promises were kept.
fn step() -> TableCreateStatement {
    Table::create()
        .table("step_month")
        .col(col("month").date())
        .col(col("turn").text())
        .col(col("topic").text())
        .col(col("promise").text().check(one_of("promise", &["kept", "broken", "none"])))
        .col(col("days").integer())
        .col(col("number").big_integer())
        .primary_key(Index::create().col("month").col("turn").col("topic").col("promise").col("days"))
        .to_owned()
}

/// How long the ways took that came to assurance in a week, in all and by whom they waited for.
fn finish() -> TableCreateStatement {
    Table::create()
        .table("finish_week")
        .col(col("week").date())
        .col(col("is_move").boolean())
        .col(col("party").text())
        .col(col("days").integer())
        .col(col("number").big_integer())
        .primary_key(Index::create().col("week").col("is_move").col("party").col("days"))
        .to_owned()
}

/// How often more was asked about a question in a month, and in how many words.
fn question() -> TableCreateStatement {
    Table::create()
        .table("question_month")
        .col(col("month").date())
        .col(col("question").text())
        .col(col("asked").big_integer())
        .col(col("words").big_integer())
        .primary_key(Index::create().col("month").col("question"))
        .to_owned()
}
