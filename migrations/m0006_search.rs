//! What can be searched for: products, suppliers, certificates and the words of answers, kept by triggers.
//!
//! Triggers, because they belong to the change whoever makes it, and because rows that are there already need no
//! second way in: touching them once is enough. The table is the same in both databases; the index over its words is
//! PostgreSQL's own (`tsvector`, GIN) or SQLite's own (FTS5 over the table's rows).

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use super::{col, drop_all, one_of, refers};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (db, backend) = (manager.get_connection(), manager.get_database_backend());
        manager.create_table(table()).await?;
        db.execute_unprepared(if backend == DbBackend::Postgres { POSTGRES_INDEX } else { SQLITE_INDEX }).await?;
        for source in SOURCES {
            db.execute_unprepared(&triggers(backend, source)).await?;
            // Every row that is there is touched once, which puts it into the index.
            db.execute_unprepared(&format!("UPDATE {0} SET {1} = {1}", source.table, source.touched)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (db, backend) = (manager.get_connection(), manager.get_database_backend());
        for Source { table, .. } in SOURCES {
            let drop = if backend == DbBackend::Postgres {
                format!("DROP TRIGGER search_{table} ON {table}; DROP FUNCTION search_{table};")
            } else {
                format!("DROP TRIGGER search_{table}_added; DROP TRIGGER search_{table}_changed;")
            };
            db.execute_unprepared(&drop).await?;
        }
        if backend != DbBackend::Postgres {
            db.execute_unprepared("DROP TABLE search_index").await?;
        }
        drop_all(manager, &["search"]).await
    }
}

/// One row for each thing that can be found. `subject` is the product, or the organisation of a supplier; `name` is the
/// key of the question or the number of the certificate.
fn table() -> TableCreateStatement {
    let kinds = &["product", "supplier", "certificate", "answer"];
    Table::create()
        .table("search")
        .col(col("id").big_integer().auto_increment().primary_key())
        .col(col("kind").text().check(one_of("kind", kinds)))
        .col(col("subject").uuid())
        .col(col("name").text())
        .col(col("organisation_id").uuid())
        .col(col("title").text())
        .col(col("body").text())
        .index(Index::create().unique().col("subject").col("kind").col("name"))
        .foreign_key(&mut refers("search", "organisation_id", "organisation"))
        .to_owned()
}

/// Two indexes, so that products, suppliers and certificates are found beside however many answers hold a word.
const POSTGRES_INDEX: &str = "ALTER TABLE search ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS \
     (setweight(to_tsvector('english', left(title, 10000)), 'A') || setweight(to_tsvector('english', left(body, 50000)), 'C')) \
     STORED; \
     CREATE INDEX ix_search_names ON search USING gin (words) WHERE kind <> 'answer'; \
     CREATE INDEX ix_search_answers ON search USING gin (words) WHERE kind = 'answer';";

const SQLITE_INDEX: &str = "CREATE VIRTUAL TABLE search_index USING \
     fts5(title, body, content = 'search', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'); \
     CREATE TRIGGER search_added AFTER INSERT ON search BEGIN \
     INSERT INTO search_index (rowid, title, body) VALUES (NEW.id, NEW.title, NEW.body); END; \
     CREATE TRIGGER search_changed AFTER UPDATE ON search BEGIN \
     INSERT INTO search_index (search_index, rowid, title, body) VALUES ('delete', OLD.id, OLD.title, OLD.body); \
     INSERT INTO search_index (rowid, title, body) VALUES (NEW.id, NEW.title, NEW.body); END;";

/// A table whose rows can be found.
struct Source {
    table: &'static str,
    /// A column that is written to itself.
    touched: &'static str,
    /// Selects kind, subject, name, organisation, title and body of the row `NEW`.
    select: fn(Json) -> String,
}

const SOURCES: &[Source] = &[
    Source { table: "organisation", touched: "name", select: organisation },
    Source { table: "product", touched: "name", select: product },
    Source { table: "certificate", touched: "state", select: certificate },
    Source { table: "answer", touched: "remark", select: answer },
];

/// How a database takes a text out of a JSON column.
#[derive(Clone, Copy)]
struct Json(DbBackend);

impl Json {
    /// The text at a path, or an empty one.
    fn text(self, column: &str, path: &[&str]) -> String {
        if self.0 == DbBackend::Postgres {
            format!("coalesce(NEW.{column} #>> '{{{}}}', '')", path.join(","))
        } else {
            format!("coalesce(json_extract(NEW.{column}, '$.\"{}\"'), '')", path.join("\".\""))
        }
    }

    /// The names of the files of an answer, with spaces between, or nothing.
    fn file_names(self) -> &'static str {
        if self.0 == DbBackend::Postgres {
            "coalesce((SELECT string_agg(f ->> 'name', ' ') FROM jsonb_array_elements(CASE jsonb_typeof(NEW.value #> '{files,files}') \
             WHEN 'array' THEN NEW.value #> '{files,files}' ELSE '[]' END) AS f), '')"
        } else {
            "coalesce((SELECT group_concat(json_extract(f.value, '$.name'), ' ') FROM json_each(NEW.value, '$.files.files') AS f), '')"
        }
    }
}

fn organisation(json: Json) -> String {
    let legal = json.text("facts", &["legal-name"]);
    format!("SELECT 'supplier', NEW.id, '', NEW.id, NEW.name || ' – ' || NEW.ods_code, {legal} WHERE 1 = 1")
}

fn product(json: Json) -> String {
    let (description, use_case) = (json.text("facts", &["description"]), json.text("facts", &["use-case"]));
    format!(
        "SELECT 'product', NEW.id, '', NEW.organisation_id, NEW.name || ' – ' || NEW.reference, \
         {description} || ' ' || {use_case} WHERE 1 = 1"
    )
}

/// Certificates that were issued, whatever came of them later.
fn certificate(json: Json) -> String {
    let said = |key| json.text("record", &["content", key]);
    format!(
        "SELECT 'certificate', NEW.product_id, NEW.number, product.organisation_id, NEW.number, {} || ' ' || {} || ' ' || {} \
         FROM product WHERE product.id = NEW.product_id AND NEW.state NOT IN ('prepared', 'voided')",
        said("product"),
        said("organisation"),
        said("scope"),
    )
}

/// What was typed, the names of the files, and what the supplier says beside it. Chosen options are left out: they are
/// the words of the question, and every product has them. An answer without words has no row unless it had one.
fn answer(json: Json) -> String {
    let words = format!("trim({} || ' ' || {} || ' ' || NEW.remark)", json.text("value", &["text"]), json.file_names());
    format!(
        "SELECT 'answer', NEW.product_id, NEW.question, product.organisation_id, '', {words} \
         FROM product WHERE product.id = NEW.product_id AND ({words} <> '' OR EXISTS \
         (SELECT 1 FROM search AS s WHERE s.subject = NEW.product_id AND s.kind = 'answer' AND s.name = NEW.question))"
    )
}

/// After a row is added or changed, what can be found of it is as it is; nothing is written when that is the same.
fn triggers(backend: DbBackend, source: &Source) -> String {
    let Source { table, select, .. } = source;
    let select = select(Json(backend));
    let keep = format!(
        "INSERT INTO search (kind, subject, name, organisation_id, title, body) {select} \
         ON CONFLICT (subject, kind, name) DO UPDATE SET title = excluded.title, body = excluded.body \
         WHERE search.title <> excluded.title OR search.body <> excluded.body;"
    );
    if backend == DbBackend::Postgres {
        return format!(
            "CREATE FUNCTION search_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {keep} RETURN NULL; END $$; \
             CREATE TRIGGER search_{table} AFTER INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION search_{table}();"
        );
    }
    format!(
        "CREATE TRIGGER search_{table}_added AFTER INSERT ON {table} BEGIN {keep} END; \
         CREATE TRIGGER search_{table}_changed AFTER UPDATE ON {table} BEGIN {keep} END;"
    )
}
