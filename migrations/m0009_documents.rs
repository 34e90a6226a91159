//! Which document an uploaded file is a version of, and which version.

use sea_orm_migration::prelude::*;

use super::{col, index, nullable};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A program that does not know of documents writes rows without one: each is then a document of its own.
        for column in [nullable("document_id").uuid().to_owned(), col("version").integer().default(1).to_owned()] {
            manager.alter_table(Table::alter().table("file").add_column(column).to_owned()).await?;
        }
        manager.create_index(index("file", &["product_id", "question"])).await?;
        manager.create_index(index("file", &["digest"])).await?;
        manager.get_connection().execute_unprepared(BY_NAME).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["ix_file_digest", "ix_file_product_id_question"] {
            manager.drop_index(Index::drop().name(name).table("file").to_owned()).await?;
        }
        for column in ["version", "document_id"] {
            manager.alter_table(Table::alter().table("file").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

/// Of what was uploaded before, files of the same name in the same answer are versions of one document.
const BY_NAME: &str = "UPDATE file SET \
     document_id = (SELECT first.id FROM file AS first WHERE first.product_id = file.product_id \
       AND first.question = file.question AND lower(first.name) = lower(file.name) ORDER BY first.at, first.id LIMIT 1), \
     version = (SELECT count(*) FROM file AS earlier WHERE earlier.product_id = file.product_id \
       AND earlier.question = file.question AND lower(earlier.name) = lower(file.name) \
       AND (earlier.at < file.at OR (earlier.at = file.at AND earlier.id <= file.id)))";
