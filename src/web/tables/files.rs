//! The files of a product, all versions.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::super::ctx::SignedIn;
use super::super::export::{Batch, Column, Table, column, export};
use super::super::reuse::files::{expiry, why_unused};
use crate::domain::parse::capitalised;
use crate::domain::product::Product;
use crate::error::Error;

struct Files {
    me: SignedIn,
    product: Product,
}

impl Table for Files {
    type Key = u64;

    fn me(&self) -> &SignedIn {
        &self.me
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            column("file", "File", 36),
            column("version", "Version", 8),
            column("section", "Section", 28),
            column("question", "Question", 48),
            column("use", "Use", 28),
            column("added-at", "Added", 18),
            column("by", "By", 24),
            column("bytes", "Bytes", 12),
            column("expires-on", "Expires", 12),
            column("sha-256", "SHA-256", 64),
        ]
    }

    async fn batch(&self, from: Option<u64>) -> Result<Batch<u64>, Error> {
        let catalogue = self.me.app.rules.catalogue(self.product.question_set)?;
        let read = self.me.visible().files_from(&self.product, from.unwrap_or_default()).await?;
        Ok(Batch::of(read, |file| {
            let found = catalogue.find(&file.question);
            let section = found.and_then(|(section, _)| catalogue.section(section)).map(|s| capitalised(&s.short));
            let used = why_unused(&self.product, file);
            vec![
                file.name.clone().into(),
                file.version.into(),
                section.into(),
                found.map_or_else(|| file.question.clone(), |(_, q)| capitalised(&q.name)).into(),
                if used.is_empty() { "In use".into() } else { used.into() },
                file.at.into(),
                file.by.clone().into(),
                file.size.into(),
                expiry(&self.product, file).into(),
                file.digest.clone().into(),
            ]
        }))
    }
}

/// All files of a product, those that were added first first.
pub async fn files(me: SignedIn, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (reference, suffix) = path.into_inner();
    let format = super::Format::of(&suffix)?;
    let product = me.visible().product(&reference).await?;
    let name = format!("files-{}", product.reference.to_lowercase());
    export(Files { me, product }, (&name, format)).await
}
