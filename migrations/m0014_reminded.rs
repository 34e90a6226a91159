//! When a supplier was reminded by hand, unread messages for the head of every page, and names by the beginnings of words.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use super::{index, nullable};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut reminded = nullable("reminded_on").date().to_owned();
        manager.alter_table(Table::alter().table("product").add_column(&mut reminded).to_owned()).await?;
        let unread = index("outbox", &["person_id", "kind"]).and_where(Expr::col("read_at").is_null()).to_owned();
        manager.create_index(unread).await?;
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        let names = if is_postgres { POSTGRES_NAMES } else { SQLITE_NAMES };
        manager.get_connection().execute_unprepared(names).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        let names = if is_postgres { "DROP INDEX ix_search_title" } else { SQLITE_DROP };
        manager.get_connection().execute_unprepared(names).await?;
        manager.drop_index(Index::drop().name("ix_outbox_person_id_kind").table("outbox").to_owned()).await?;
        manager.alter_table(Table::alter().table("product").drop_column("reminded_on").to_owned()).await
    }
}

/// The words of names as they are written: the beginning of a word is not the beginning of its stem. Marks become spaces, so
/// that PostgreSQL sees two words in `C2A-1042` as SQLite does, and not a word and a negative number.
const POSTGRES_NAMES: &str = "CREATE INDEX ix_search_title ON search USING gin \
     (to_tsvector('simple', translate(left(title, 10000), '-./_@:&', '       '))) WHERE kind <> 'answer'";

const SQLITE_NAMES: &str = "CREATE VIRTUAL TABLE search_title USING \
     fts5(title, content = 'search', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'); \
     INSERT INTO search_title (search_title) VALUES ('rebuild'); \
     CREATE TRIGGER search_title_added AFTER INSERT ON search WHEN NEW.kind <> 'answer' BEGIN \
     INSERT INTO search_title (rowid, title) VALUES (NEW.id, NEW.title); END; \
     CREATE TRIGGER search_title_changed AFTER UPDATE ON search WHEN NEW.kind <> 'answer' BEGIN \
     INSERT INTO search_title (search_title, rowid, title) VALUES ('delete', OLD.id, OLD.title); \
     INSERT INTO search_title (rowid, title) VALUES (NEW.id, NEW.title); END;";

const SQLITE_DROP: &str = "DROP TRIGGER search_title_added; DROP TRIGGER search_title_changed; DROP TABLE search_title;";
