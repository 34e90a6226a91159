//! The database's history: one folder of migrations for SQLite and PostgreSQL, each forward compatible for one release.

use sea_orm_migration::prelude::*;

mod m0001_people;
mod m0002_products;
mod m0003_events;
mod m0004_assurance;
mod m0005_passages;
mod m0006_search;
mod m0007_workload;
mod m0008_notifications;
mod m0009_documents;
mod m0010_reports;
mod m0011_forecasts;
mod m0012_messages;
mod m0013_calendar;
mod m0014_reminded;
mod m0015_drafts;
mod m0016_asking;
mod m0017_reviews;

/// Runs the migrations in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_people::Migration),
            Box::new(m0002_products::Migration),
            Box::new(m0003_events::Migration),
            Box::new(m0004_assurance::Migration),
            Box::new(m0005_passages::Migration),
            Box::new(m0006_search::Migration),
            Box::new(m0007_workload::Migration),
            Box::new(m0008_notifications::Migration),
            Box::new(m0009_documents::Migration),
            Box::new(m0010_reports::Migration),
            Box::new(m0011_forecasts::Migration),
            Box::new(m0012_messages::Migration),
            Box::new(m0013_calendar::Migration),
            Box::new(m0014_reminded::Migration),
            Box::new(m0015_drafts::Migration),
            Box::new(m0016_asking::Migration),
            Box::new(m0017_reviews::Migration),
        ]
    }
}

/// A required column.
fn col(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.not_null();
    column
}

/// A column that may be empty.
fn nullable(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
}

/// A foreign key that keeps its parent from being deleted.
fn refers(from: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{from}_{column}"))
        .from(from, column)
        .to(to, "id")
        .on_delete(ForeignKeyAction::Restrict)
        .to_owned()
}

/// An index named after its columns.
fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("ix_{table}_{}", columns.join("_"))).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    index
}

/// A check that a text column holds one of the words.
fn one_of(column: &'static str, words: &[&str]) -> SimpleExpr {
    Expr::col(column).is_in(words.iter().copied())
}

async fn drop_all(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}
