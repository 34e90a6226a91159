//! The pack of a product: all answers, files, certificates and agreements in one ZIP, sent while it is made.
//!
//! What only the assurance team reads is in nobody's pack, because packs are passed on. Every file that is marked
//! sensitive is recorded in the history as opened before the first byte is sent. `manifest.json` comes last and holds
//! the SHA-256 of every other entry.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Path};
use futures_util::stream;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt as _;
use uuid::Uuid;

use super::certificates::signed_form;
use super::ctx::SignedIn;
use super::files::{CHUNK, download_of};
use super::record::record;
use super::zip::{Packing, Zip, safe_name};
use crate::document::record::pdf;
use crate::domain::answer::{Evidence, Value, hex};
use crate::domain::catalogue::Section;
use crate::domain::product::Product;
use crate::domain::words::FileId;
use crate::error::Error;
use crate::store::visible::StoredFile;

/// Most bytes of files in a pack: below the 4 GB of an archive without ZIP64, with room for the rest.
const MOST: u64 = 4_000_000_000;

/// Where the bytes of an entry come from.
enum Source {
    /// They are here.
    Bytes(Vec<u8>),
    /// The file store, by digest.
    Kept(String),
    /// A section as it was sent in a round.
    Sent(Section, u32),
}

/// An entry that is to be sent: its path in the pack, and where its bytes come from.
struct Entry {
    path: String,
    source: Source,
}

/// The entries of a pack, each path once.
#[derive(Default)]
struct Contents {
    entries: Vec<Entry>,
    paths: BTreeMap<String, String>,
    sensitive: Vec<StoredFile>,
}

impl Contents {
    fn add(&mut self, path: String, source: Source) {
        self.entries.push(Entry { path, source });
    }

    /// Adds a kept file. The same bytes under the same path are there once; others get a number.
    fn keep(&mut self, folder: &str, name: &str, digest: &str) {
        let name = safe_name(name);
        for number in 1.. {
            let path = if number == 1 { format!("{folder}/{name}") } else { format!("{folder}/{number}-{name}") };
            // Some file systems do not tell capitals from small letters.
            match self.paths.get(&path.to_lowercase()) {
                Some(there) if there == digest => return,
                Some(_) => {}
                None => {
                    self.paths.insert(path.to_lowercase(), digest.to_owned());
                    self.add(path, Source::Kept(digest.to_owned()));
                    return;
                }
            }
        }
    }

    /// Adds the files of an answer, and remembers the sensitive ones.
    fn evidence(&mut self, (section, question): (Section, &str), value: &Value, is_sensitive: bool) {
        let Value::Files { files, .. } = value else { return };
        for file in files {
            self.keep(&format!("evidence/{section}/{}", safe_name(question)), &file.name, &file.digest);
            if is_sensitive && self.sensitive.iter().all(|s| s.id != file.id) {
                self.sensitive.push(stored(question, file));
            }
        }
    }
}

fn stored(question: &str, file: &Evidence) -> StoredFile {
    StoredFile {
        id: file.id,
        question: question.to_owned(),
        name: file.name.clone(),
        digest: file.digest.clone(),
        size: file.size,
        content_type: String::new(),
    }
}

/// What the pack of a product holds, in order.
async fn contents(me: &SignedIn, product: &Product) -> Result<Contents, Error> {
    let mut contents = Contents::default();
    let whole = record(me, product, true).await?;
    let drawn = tokio::task::spawn_blocking(move || pdf(&whole)).await.map_err(|e| Error::Internal(e.into()))??;
    contents.add("answers.pdf".to_owned(), Source::Bytes(drawn));
    let catalogue = me.app.rules.catalogue(product.question_set)?;
    let is_sensitive = |key: &str| catalogue.find(key).and_then(|(_, q)| q.file.as_ref()).is_some_and(|rule| rule.sensitive);
    for (section, round) in me.visible().sent_rounds(product).await? {
        contents.add(format!("answers/{section}-round-{round}.json"), Source::Sent(section, round));
        let Some(sent) = me.visible().submission(product, section, round).await? else { continue };
        for answer in &sent.content.answers {
            contents.evidence((section, &answer.question), &answer.value, is_sensitive(&answer.question));
        }
    }
    let given = product.given(catalogue, me.today());
    for section in Section::ALL {
        for question in given.shown(*section) {
            if let Some(value) = given.value(&question.key) {
                contents.evidence((*section, &question.key), value, is_sensitive(&question.key));
            }
        }
    }
    papers(product, &mut contents)?;
    Ok(contents)
}

/// Certificates that were issued, agreements and their signed copies.
fn papers(product: &Product, contents: &mut Contents) -> Result<(), Error> {
    for certificate in product.certificates.iter().filter(|c| c.state.was_issued()) {
        let number = &certificate.content.number;
        contents.keep("certificates", &format!("{number}.pdf"), &certificate.pdf);
        let signed = serde_json::to_vec_pretty(&signed_form(certificate))?;
        contents.add(format!("certificates/{}.json", safe_name(number)), Source::Bytes(signed));
    }
    for agreement in &product.agreements {
        let number = agreement.number;
        if let Some(issue) = &agreement.issue {
            contents.keep("agreements", &format!("agreement-{number}.pdf"), &issue.pdf);
        }
        if let Some(signed) = &agreement.signed {
            contents.keep("agreements", &format!("agreement-{number}-signed.pdf"), &signed.digest);
            let file =
                Evidence { id: FileId(Uuid::nil()), name: signed.name.clone(), digest: signed.digest.clone(), size: signed.size };
            contents.sensitive.push(stored("agreement", &file));
        }
    }
    Ok(())
}

/// Refuses what cannot be sent whole: a file that is gone from the store, or more than an archive holds.
async fn must_be_whole(me: &SignedIn, contents: &Contents) -> Result<(), Error> {
    let mut total = 0;
    for entry in &contents.entries {
        if let Source::Kept(digest) = &entry.source {
            let path = me.app.files.path(digest).ok_or(Error::NotFound)?;
            total += tokio::fs::metadata(path).await?.len();
        }
    }
    if total > MOST {
        return Err(Error::TooLarge("The files of this product are more than one archive can hold".to_owned()));
    }
    Ok(())
}

/// An entry that is being sent.
struct Open {
    path: String,
    hash: Sha256,
    size: u64,
    file: Option<tokio::fs::File>,
}

struct Sending {
    me: SignedIn,
    product: Product,
    left: std::vec::IntoIter<Entry>,
    open: Option<Open>,
    listed: Vec<serde_json::Value>,
    is_finished: bool,
    zip: Zip,
}

impl Sending {
    /// The next piece: a part of a file, or an entry.
    async fn step(mut self) -> Result<Option<(Bytes, Self)>, Error> {
        while self.zip.ready() == 0 {
            if let Some(open) = self.open.take() {
                self.go_on(open).await?;
            } else if let Some(entry) = self.left.next() {
                self.begin(entry).await?;
            } else if self.is_finished {
                return Ok(None);
            } else {
                self.finish()?;
            }
        }
        Ok(Some((self.zip.take(), self)))
    }

    async fn begin(&mut self, entry: Entry) -> Result<(), Error> {
        let packing = if matches!(entry.source, Source::Sent(..)) { Packing::Deflated } else { Packing::Stored };
        self.zip.begin(&format!("{}/{}", self.folder(), entry.path), packing)?;
        let mut open = Open { path: entry.path, hash: Sha256::new(), size: 0, file: None };
        match entry.source {
            Source::Bytes(bytes) => self.write(&mut open, &bytes)?,
            Source::Kept(digest) => {
                let path = self.me.app.files.path(&digest).ok_or(Error::NotFound)?;
                open.file = Some(tokio::fs::File::open(path).await?);
            }
            Source::Sent(section, round) => {
                let text = self.me.visible().sent_text(&self.product, section, round).await?;
                self.write(&mut open, text.as_bytes())?;
            }
        }
        self.open = Some(open);
        Ok(())
    }

    fn folder(&self) -> String {
        self.product.reference.to_lowercase()
    }

    fn write(&mut self, open: &mut Open, bytes: &[u8]) -> Result<(), Error> {
        open.hash.update(bytes);
        open.size += bytes.len() as u64;
        Ok(self.zip.write(bytes)?)
    }

    /// Reads on in a file; at its end the entry is listed.
    async fn go_on(&mut self, mut open: Open) -> Result<(), Error> {
        if let Some(file) = &mut open.file {
            let mut bytes = vec![0; CHUNK];
            let read = file.read(&mut bytes).await?;
            bytes.truncate(read);
            if read > 0 {
                self.write(&mut open, &bytes)?;
                self.open = Some(open);
                return Ok(());
            }
        }
        self.zip.end()?;
        self.listed.push(json!({ "name": open.path, "size": open.size, "sha256": hex(&open.hash.finalize()) }));
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Error> {
        let manifest = json!({
            "product": self.product.facts.name,
            "reference": self.product.reference,
            "organisation": self.product.organisation_name,
            "made-at": self.me.now,
            "entries": self.listed,
        });
        self.zip.begin(&format!("{}/manifest.json", self.folder()), Packing::Deflated)?;
        self.zip.write(&serde_json::to_vec_pretty(&manifest)?)?;
        self.zip.finish()?;
        self.is_finished = true;
        Ok(())
    }
}

/// The pack of a product, for everybody who may read the product.
pub async fn download(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let contents = Box::pin(contents(&me, &product)).await?;
    must_be_whole(&me, &contents).await?;
    let mut recorded = BTreeSet::new();
    for file in contents.sensitive.iter().filter(|f| recorded.insert(&f.digest)) {
        me.app.db.file_opened(&me.actor, &product, file, me.now).await?;
    }
    let name = format!("{}-{}.zip", product.reference.to_lowercase(), me.today());
    let zip = Zip::new(me.now);
    let left = contents.entries.into_iter();
    let sending = Sending { me, product, left, open: None, listed: Vec::new(), is_finished: false, zip };
    Ok(download_of(&name, "application/zip").streaming(Box::pin(stream::try_unfold(sending, Sending::step))))
}
