//! Every version of an answer and in which rounds it was sent, questions given to colleagues, and keyboard shortcuts.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use super::{col, drop_all, index, nullable, refers};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [version(), sent(), assignee()] {
            manager.create_table(table).await?;
        }
        manager.create_index(index("assignee", &["person_id"])).await?;
        manager.create_index(index("assignee", &["email"])).await?;
        let mut shortcuts = col("shortcuts").boolean().default(false).to_owned();
        manager.alter_table(Table::alter().table("person").add_column(&mut shortcuts).to_owned()).await?;
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        let db = manager.get_connection();
        for statement in if is_postgres { POSTGRES } else { SQLITE } {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("person").drop_column("shortcuts").to_owned()).await?;
        drop_all(manager, &["assignee", "answer_sent", "answer_version"]).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION IF EXISTS answer_version_is_append_only").await?;
        }
        Ok(())
    }
}

fn version() -> TableCreateStatement {
    Table::create()
        .table("answer_version")
        .col(col("product_id").uuid())
        .col(col("question").text())
        .col(col("edition").integer())
        .col(nullable("value").json_binary())
        .col(col("remark").text())
        .col(col("by_id").uuid())
        .col(col("at").timestamp_with_time_zone())
        .primary_key(Index::create().col("product_id").col("question").col("edition"))
        .foreign_key(&mut refers("answer_version", "product_id", "product"))
        .foreign_key(&mut refers("answer_version", "by_id", "person"))
        .to_owned()
}

fn sent() -> TableCreateStatement {
    Table::create()
        .table("answer_sent")
        .col(col("product_id").uuid())
        .col(col("question").text())
        .col(col("round").integer())
        .col(col("edition").integer())
        .primary_key(Index::create().col("product_id").col("question").col("round"))
        .foreign_key(&mut refers("answer_sent", "product_id", "product"))
        .to_owned()
}

fn assignee() -> TableCreateStatement {
    Table::create()
        .table("assignee")
        .col(col("product_id").uuid())
        .col(col("question").text())
        .col(col("section").text())
        .col(col("title").text())
        .col(nullable("person_id").uuid())
        .col(col("email").text())
        .col(col("name").text())
        .col(col("note").text())
        .col(col("by_id").uuid())
        .col(col("by_name").text())
        .col(col("at").timestamp_with_time_zone())
        .primary_key(Index::create().col("product_id").col("question"))
        .foreign_key(&mut refers("assignee", "product_id", "product"))
        .foreign_key(&mut refers("assignee", "person_id", "person"))
        .foreign_key(&mut refers("assignee", "by_id", "person"))
        .to_owned()
}

/// What was there before versions were kept: the answers as they are, and as they were sent. Each change of an answer is an
/// event, so an answer that was sent is the version with the number of the events until then. Then nothing may be changed.
const SQLITE: &[&str] = &[
    "INSERT INTO answer_version (product_id, question, edition, value, remark, by_id, at) \
     SELECT product_id, question, edition, value, remark, by_id, at FROM answer",
    "INSERT INTO answer_sent (product_id, question, round, edition) \
     SELECT s.product_id, a.value ->> '$.question', s.round, \
     (SELECT count(*) FROM event e WHERE e.product_id = s.product_id AND e.kind = 'answered' \
      AND e.question = a.value ->> '$.question' AND e.at <= s.at) \
     FROM submission s, json_each(s.content, '$.answers') a",
    "DELETE FROM answer_sent WHERE edition = 0",
    "INSERT INTO answer_version (product_id, question, edition, value, remark, by_id, at) \
     SELECT s.product_id, t.question, t.edition, json(a.value -> '$.value'), a.value ->> '$.remark', s.by_id, \
     coalesce((SELECT max(e.at) FROM event e WHERE e.product_id = s.product_id AND e.kind = 'answered' \
      AND e.question = t.question AND e.at <= s.at), s.at) \
     FROM submission s, json_each(s.content, '$.answers') a \
     JOIN answer_sent t ON t.product_id = s.product_id AND t.question = a.value ->> '$.question' AND t.round = s.round \
     WHERE true ON CONFLICT (product_id, question, edition) DO NOTHING",
    "CREATE TRIGGER answer_version_no_update BEFORE UPDATE ON answer_version \
     BEGIN SELECT RAISE(ABORT, 'versions of answers are append-only'); END",
    "CREATE TRIGGER answer_version_no_delete BEFORE DELETE ON answer_version \
     BEGIN SELECT RAISE(ABORT, 'versions of answers are append-only'); END",
];

/// The same for PostgreSQL.
const POSTGRES: &[&str] = &[
    "INSERT INTO answer_version (product_id, question, edition, value, remark, by_id, at) \
     SELECT product_id, question, edition, value, remark, by_id, at FROM answer",
    "INSERT INTO answer_sent (product_id, question, round, edition) \
     SELECT s.product_id, a ->> 'question', s.round, \
     (SELECT count(*) FROM event e WHERE e.product_id = s.product_id AND e.kind = 'answered' \
      AND e.question = a ->> 'question' AND e.at <= s.at) \
     FROM submission s, jsonb_array_elements(s.content::jsonb -> 'answers') a",
    "DELETE FROM answer_sent WHERE edition = 0",
    "INSERT INTO answer_version (product_id, question, edition, value, remark, by_id, at) \
     SELECT s.product_id, t.question, t.edition, a -> 'value', a ->> 'remark', s.by_id, \
     coalesce((SELECT max(e.at) FROM event e WHERE e.product_id = s.product_id AND e.kind = 'answered' \
      AND e.question = t.question AND e.at <= s.at), s.at) \
     FROM submission s CROSS JOIN jsonb_array_elements(s.content::jsonb -> 'answers') a \
     JOIN answer_sent t ON t.product_id = s.product_id AND t.question = a ->> 'question' AND t.round = s.round \
     ON CONFLICT (product_id, question, edition) DO NOTHING",
    "CREATE FUNCTION answer_version_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'versions of answers are append-only'; END $$",
    "CREATE TRIGGER answer_version_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON answer_version \
     FOR EACH STATEMENT EXECUTE FUNCTION answer_version_is_append_only()",
];
