//! When products are likely to be assured: what is forecast now, what was shown each week, and how often it held.

use sea_orm_migration::prelude::*;

use super::{col, drop_all, index, one_of, refers};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [present(), shown(), held()] {
            manager.create_table(table).await?;
        }
        manager.create_index(index("forecast", &["middle", "product_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["forecast_month", "forecast_week", "forecast"]).await
    }
}

/// The forecast of each product in progress.
fn present() -> TableCreateStatement {
    Table::create()
        .table("forecast")
        .col(col("product_id").uuid().primary_key())
        .col(col("version").big_integer())
        .col(col("made_on").date())
        .col(col("is_move").boolean())
        .col(col("early").date())
        .col(col("middle").date())
        .col(col("late").date())
        .col(col("is_long").boolean())
        .col(col("basis").text().check(one_of("basis", &["published", "blend", "finished"])))
        .col(col("finished").integer())
        .col(col("drivers").json_binary())
        .foreign_key(&mut refers("forecast", "product_id", "product"))
        .to_owned()
}

/// The first range that was shown in each week of a passage.
fn shown() -> TableCreateStatement {
    Table::create()
        .table("forecast_week")
        .col(col("product_id").uuid())
        .col(col("passage").integer())
        .col(col("week").integer())
        .col(col("made_on").date())
        .col(col("middle").date())
        .col(col("late").date())
        .primary_key(Index::create().col("product_id").col("passage").col("week"))
        .foreign_key(&mut refers("forecast_week", "product_id", "product"))
        .to_owned()
}

/// How often ranges held, of the products that finished in a month, by the week in which they were shown.
fn held() -> TableCreateStatement {
    Table::create()
        .table("forecast_month")
        .col(col("month").date())
        .col(col("week").integer())
        .col(col("number").big_integer())
        .col(col("by_middle").big_integer())
        .col(col("by_late").big_integer())
        .col(col("within").big_integer())
        .primary_key(Index::create().col("month").col("week"))
        .to_owned()
}
