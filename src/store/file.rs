//! Uploaded bytes in a folder, each file under the digest of its content.

use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::Db;
use super::schema::{event, note};
use super::told::{About, record};
use super::visible::StoredFile;
use crate::domain::actor::Actor;
use crate::domain::answer::hex;
use crate::domain::event::{Detail, EventKind};
use crate::domain::product::Product;
use crate::error::Error;
use crate::secret::new_id;

/// The folder of uploaded bytes.
#[derive(Clone, Debug)]
pub struct Files {
    root: PathBuf,
}

/// An upload on its way in. Dropped before it is kept, it leaves nothing behind.
pub struct Incoming {
    path: PathBuf,
    file: tokio::fs::File,
    hash: Sha256,
    size: u64,
    head: Vec<u8>,
    is_kept: bool,
}

/// Bytes from the start of a file that are kept at hand to tell its type.
const HEAD: usize = 4096;

impl Files {
    /// The store in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(root: &Path) -> anyhow::Result<Self> {
        let incoming = root.join("incoming");
        std::fs::create_dir_all(&incoming).with_context(|| format!("The folder {} cannot be made", incoming.display()))?;
        Ok(Self { root: root.to_owned() })
    }

    /// Starts an upload.
    pub async fn receive(&self) -> Result<Incoming, Error> {
        let path = self.root.join("incoming").join(new_id().to_string());
        let file = tokio::fs::File::create_new(&path).await?;
        Ok(Incoming { path, file, hash: Sha256::new(), size: 0, head: Vec::new(), is_kept: false })
    }

    /// Keeps an upload for good: on disk, flushed, under its digest.
    pub async fn keep(&self, mut incoming: Incoming) -> Result<String, Error> {
        incoming.file.flush().await?;
        incoming.file.sync_all().await?;
        let digest = hex(&incoming.hash.clone().finalize());
        let target = self.path(&digest).ok_or(Error::NotFound)?;
        let folder = target.parent().context("a folder of the file store")?.to_owned();
        tokio::fs::create_dir_all(&folder).await?;
        tokio::fs::rename(&incoming.path, &target).await?;
        incoming.is_kept = true;
        tokio::fs::File::open(&folder).await?.sync_all().await?;
        Ok(digest)
    }

    /// Where the bytes of a digest are.
    #[must_use]
    pub fn path(&self, digest: &str) -> Option<PathBuf> {
        let plain = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
        let folder = digest.get(..2)?;
        plain.then(|| self.root.join(folder).join(digest))
    }
}

impl Incoming {
    /// Adds bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(room));
        self.file.write_all(bytes).await?;
        Ok(())
    }

    /// Bytes so far.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The first bytes.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Where the bytes are, all of them written; for checks by another process.
    pub async fn written(&mut self) -> Result<&Path, Error> {
        self.file.flush().await?;
        Ok(&self.path)
    }

    /// Everything so far, read back; for the checks that need the whole file.
    pub async fn bytes(&mut self) -> Result<Vec<u8>, Error> {
        self.file.flush().await?;
        Ok(tokio::fs::read(&self.path).await?)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.is_kept {
            // Nothing can be done about a failure here; the folder of incoming files may be emptied at any time.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The type that a kind of file is served as.
#[must_use]
pub fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().map(str::to_lowercase).as_deref() {
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("csv") => "text/csv",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("odt") => "application/vnd.oasis.opendocument.text",
        Some("ods") => "application/vnd.oasis.opendocument.spreadsheet",
        _ => "application/octet-stream",
    }
}

impl Db {
    /// Records that somebody opened a sensitive file.
    pub async fn file_opened(&self, actor: &Actor, product: &Product, file: &StoredFile, now: DateTime<Utc>) -> Result<(), Error> {
        let about = About { product: Some(product.id), organisation: product.organisation, now };
        let detail = Detail { subject: file.name.clone(), digest: file.digest.clone(), ..Detail::default() };
        let row = record(&about, Some(actor), EventKind::FileOpened, detail)?;
        let row = event::ActiveModel { question: Set(Some(file.question.clone())), ..row };
        let write = self.begin().await?;
        event::Entity::insert(row).exec_without_returning(&write.0).await?;
        write.commit().await
    }

    /// Adds a note that only the assurance team reads; only reviewers write one.
    pub async fn add_note(&self, actor: &Actor, product: &Product, on: (&str, &str), now: DateTime<Utc>) -> Result<(), Error> {
        if !actor.is(crate::domain::actor::Duty::Reviewer) {
            return Err(crate::domain::refusal::Refusal::NotYours.into());
        }
        let row = note::ActiveModel {
            id: Set(new_id()),
            product_id: Set(product.id.0),
            question: Set(on.0.to_owned()),
            body: Set(on.1.to_owned()),
            by_id: Set(actor.person().0),
            at: Set(now),
        };
        let write = self.begin().await?;
        note::Entity::insert(row).exec_without_returning(&write.0).await?;
        write.commit().await
    }
}
