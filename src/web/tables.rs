//! The lists of the service as tables that can be taken away: each names its columns and reads its batches.
//!
//! | File | Tables |
//! | --- | --- |
//! | `products.rs` | products; certificates |
//! | `queue.rs` | review queue, own reviews, sent back |
//! | `dates.rs` | demonstrations; published dates |
//! | `admin.rs` | people, organisations, e-mail |
//! | `history.rs` | history of a product |
//! | `files.rs` | files of a product |
//! | `standard_replies.rs` | standard replies |
//! | `board.rs` | products in progress, places of products, workload |
//! | `reports.rs` | the other reports |

pub use super::export::Format;
use super::export::address;
use crate::domain::parse::capitalised;

pub mod admin;
pub mod board;
pub mod dates;
pub mod files;
pub mod history;
pub mod products;
pub mod queue;
pub mod reports;
pub mod standard_replies;

/// The addresses under which a page's table can be taken away.
#[derive(Clone, Debug)]
pub struct Downloads {
    /// As CSV.
    pub csv: String,
    /// As a workbook.
    pub xlsx: String,
    /// As JSON.
    pub json: String,
}

impl Downloads {
    /// Those of a page's address, with its filters.
    #[must_use]
    pub fn of(page: &(impl AsRef<str> + ?Sized)) -> Self {
        let page = page.as_ref();
        Self { csv: address(page, Format::Csv), xlsx: address(page, Format::Xlsx), json: address(page, Format::Json) }
    }
}

/// A stored word as it is read: `on-hold` is "On hold".
fn plain(word: &str) -> String {
    capitalised(&word.replace('-', " "))
}

/// The address of a table: the format is its suffix.
#[derive(Debug, serde::Deserialize)]
pub struct Suffix {
    format: String,
}

impl Suffix {
    /// The format.
    ///
    /// # Errors
    /// [`crate::error::Error::NotFound`] for another suffix.
    pub fn format(&self) -> Result<Format, crate::error::Error> {
        Format::of(&self.format)
    }
}
