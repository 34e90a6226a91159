//! Tables as files: every list by suffix as CSV, JSON and XLSX, with the filters of its page and all pages of it.
//!
//! A table names its columns and reads itself a batch at a time; this module writes the batches into a body that is sent
//! while it is made, so that only one batch is ever held. When a batch fails, the body breaks off, and the browser says
//! that the download failed: a table is whole or it is none.

mod csv;
mod json;
mod xlsx;

use std::future::Future;

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::stream;

use super::ctx::SignedIn;
use super::files::download_of;
use crate::domain::calendar::london_date;
use crate::error::Error;
use crate::words;

words! {
    /// The forms of a table, by the suffix of its address.
    pub enum Format {
        /// Comma-separated values (RFC 4180), in UTF-8.
        Csv = "csv",
        /// A list of objects with the columns' keys.
        Json = "json",
        /// A workbook of one sheet (ECMA-376).
        Xlsx = "xlsx",
    }
}

impl Format {
    /// The format of a suffix; another one is the address of nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn of(suffix: &str) -> Result<Self, Error> {
        Self::from_word(suffix).ok_or(Error::NotFound)
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its key in JSON, such as `reply-by`.
    pub key: &'static str,
    /// What stands above it.
    pub title: &'static str,
    /// Its width in a workbook, in characters.
    pub width: u8,
}

/// A column, by its key, its title and its width in characters.
#[must_use]
pub const fn column(key: &'static str, title: &'static str, width: u8) -> Column {
    Column { key, title, width }
}

/// What stands in a row under a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words, written as words even where they look like a formula.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A day.
    Date(NaiveDate),
    /// A moment; shown in Europe/London.
    Moment(DateTime<Utc>),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<NaiveDate> for Cell {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<DateTime<Utc>> for Cell {
    fn from(moment: DateTime<Utc>) -> Self {
        Self::Moment(moment)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        i64::try_from(number).map_or(Self::Empty, Self::Number)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        i64::try_from(number).map_or(Self::Empty, Self::Number)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Some rows of a table, and where the next ones begin; `None` after the last.
pub struct Batch<K> {
    /// The rows, a cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// What to ask the next batch with.
    pub next: Option<K>,
}

impl<K> Batch<K> {
    /// The rows of a batch that the store read, each turned into cells.
    #[must_use]
    pub fn of<T>(read: crate::store::batch::Batch<T, K>, row: impl Fn(&T) -> Vec<Cell>) -> Self {
        Self { rows: read.rows.iter().map(row).collect(), next: read.next }
    }

    /// The only batch of a short table.
    #[must_use]
    pub const fn only(rows: Vec<Vec<Cell>>) -> Self {
        Self { rows, next: None }
    }
}

/// A table that can be taken away.
pub trait Table: 'static {
    /// Where a batch begins.
    type Key: 'static;

    /// Who takes it away: every batch is read with their eyes.
    fn me(&self) -> &SignedIn;

    /// The columns, in order.
    fn columns(&self) -> Vec<Column>;

    /// The rows after a key, or the first ones.
    fn batch(&self, after: Option<Self::Key>) -> impl Future<Output = Result<Batch<Self::Key>, Error>>;
}

/// What turns rows into bytes of one format.
trait Writer {
    fn begin(&mut self, columns: &[Column]) -> anyhow::Result<()>;
    fn row(&mut self, columns: &[Column], cells: &[Cell]) -> anyhow::Result<()>;
    fn end(&mut self) -> anyhow::Result<()>;
    fn take(&mut self) -> Bytes;
}

struct Sending<T: Table> {
    table: T,
    columns: Vec<Column>,
    writer: Box<dyn Writer>,
    batch: Option<Batch<T::Key>>,
}

impl<T: Table> Sending<T> {
    /// Writes the batch at hand, and reads the next one when that is asked for.
    async fn step(mut self) -> Result<Option<(Bytes, Self)>, Error> {
        loop {
            let Some(batch) = self.batch.take() else { return Ok(None) };
            for row in &batch.rows {
                self.writer.row(&self.columns, row)?;
            }
            match batch.next {
                Some(next) => self.batch = Some(self.table.batch(Some(next)).await?),
                None => self.writer.end()?,
            }
            let bytes = self.writer.take();
            if !bytes.is_empty() || self.batch.is_none() {
                return Ok(Some((bytes, self)));
            }
        }
    }
}

/// A table as a download, named after it and the day: `products-2026-04-02.csv`. The first batch is read before the
/// answer begins, so that what is wrong with it, such as a table that is not theirs, is an answer like any other.
///
/// # Errors
/// As the table's first batch.
pub async fn export<T: Table>(table: T, (name, format): (&str, Format)) -> Result<HttpResponse, Error> {
    let (columns, now) = (table.columns(), table.me().now);
    let batch = Some(table.batch(None).await?);
    let mut writer: Box<dyn Writer> = match format {
        Format::Csv => Box::new(csv::Csv::default()),
        Format::Json => Box::new(json::Json::default()),
        Format::Xlsx => Box::new(xlsx::Xlsx::new(name, now)),
    };
    writer.begin(&columns)?;
    let body = stream::try_unfold(Sending { table, columns, writer, batch }, Sending::step);
    let file = format!("{name}-{}.{format}", london_date(now));
    Ok(download_of(&file, format.media_type()).streaming(Box::pin(body)))
}

/// The address of a page as a file: `/queue?section=x&page=2` becomes `/queue.csv?section=x`.
#[must_use]
pub fn address(page: &str, format: Format) -> String {
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let kept = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, value)| name != "page" && !value.is_empty());
    let kept = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    if kept.is_empty() { format!("{path}.{format}") } else { format!("{path}.{format}?{kept}") }
}

/// The moment as it is written in text: London's clocks, with their distance from UTC.
fn local(moment: DateTime<Utc>) -> DateTime<chrono_tz::Tz> {
    moment.with_timezone(&chrono_tz::Europe::London)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_table_keeps_its_filters_and_loses_its_page() {
        assert_eq!(address("/products", Format::Csv), "/products.csv");
        assert_eq!(
            address("/queue?assigned=me&page=3&section=clinical-risk", Format::Json),
            "/queue.json?assigned=me&section=clinical-risk"
        );
        assert_eq!(address("/products?q=A%26B&turn=&page=1", Format::Xlsx), "/products.xlsx?q=A%26B");
    }
}
