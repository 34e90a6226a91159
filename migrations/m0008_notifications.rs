//! How people hear of things: the inbox, what they chose, reminders about a part of a product, and what is done once a day.

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
        let how = col("how").text().default("now").to_owned();
        for mut column in [how, nullable("read_at").timestamp_with_time_zone().to_owned()] {
            manager.alter_table(Table::alter().table("outbox").add_column(&mut column).to_owned()).await?;
        }
        for table in [preference(), daily()] {
            manager.create_table(table).await?;
        }
        remake_reminders(manager, true).await?;
        manager.create_index(index("outbox", &["person_id", "created_at"])).await?;
        let held = index("outbox", &["how", "person_id"]).and_where(Expr::col("sent_at").is_null()).to_owned();
        manager.create_index(held).await?;
        manager.create_index(index("answer", &["question", "product_id"])).await?;
        let open = index("wait", &["due"]).name("ix_wait_open_due").and_where(Expr::col("until_on").is_null()).to_owned();
        manager.create_index(open).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in
            ["ix_wait_open_due", "ix_answer_question_product_id", "ix_outbox_how_person_id", "ix_outbox_person_id_created_at"]
        {
            manager.drop_index(Index::drop().name(name).to_owned()).await?;
        }
        remake_reminders(manager, false).await?;
        for column in ["read_at", "how"] {
            manager.alter_table(Table::alter().table("outbox").drop_column(column).to_owned()).await?;
        }
        drop_all(manager, &["daily", "preference"]).await
    }
}

/// The table of reminders with or without the part of the product in its key; what was written stays written.
async fn remake_reminders(manager: &SchemaManager<'_>, has_part: bool) -> Result<(), DbErr> {
    manager.rename_table(Table::rename().table("reminder", "reminder_before").to_owned()).await?;
    let mut key = Index::create().col("product_id").col("kind").col("about").to_owned();
    let mut table = Table::create().table("reminder").col(col("product_id").uuid()).col(col("kind").text()).to_owned();
    if has_part {
        key.col("part");
        table.col(col("part").text().default(""));
    }
    table.col(col("about").date()).col(col("written_at").timestamp_with_time_zone()).primary_key(&mut key);
    // The constraint of the old table keeps its name until that table is gone.
    let mut parent = ForeignKey::create()
        .name(if has_part { "fk_reminder_of_product" } else { "fk_reminder_product_id" })
        .from("reminder", "product_id")
        .to("product", "id")
        .on_delete(ForeignKeyAction::Restrict)
        .to_owned();
    manager.create_table(table.foreign_key(&mut parent).to_owned()).await?;
    let columns = ["product_id", "kind", "about", "written_at"];
    let old = Query::select().columns(columns).from("reminder_before").to_owned();
    let copy = Query::insert()
        .into_table("reminder")
        .columns(columns)
        .select_from(old)
        .map_err(|e| DbErr::Custom(e.to_string()))?
        .to_owned();
    if has_part {
        manager.execute(copy).await?;
    }
    manager.drop_table(Table::drop().table("reminder_before").to_owned()).await
}

fn preference() -> TableCreateStatement {
    Table::create()
        .table("preference")
        .col(col("person_id").uuid())
        .col(col("matter").text())
        .col(col("how").text().check(one_of("how", &["now", "daily", "never"])))
        .primary_key(Index::create().col("person_id").col("matter"))
        .foreign_key(&mut refers("preference", "person_id", "person"))
        .to_owned()
}

fn daily() -> TableCreateStatement {
    Table::create()
        .table("daily")
        .col(col("kind").text())
        .col(col("day").date())
        .col(col("done_at").timestamp_with_time_zone())
        .primary_key(Index::create().col("kind").col("day"))
        .to_owned()
}
