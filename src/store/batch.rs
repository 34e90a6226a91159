//! Rows in batches: how a long list leaves the database without being held.

/// Rows that are read at once.
pub const BATCH: u64 = 500;

/// Some rows, and the key after which the next ones come; `None` after the last.
#[derive(Clone, Debug)]
pub struct Batch<T, K> {
    /// The rows, at most [`BATCH`].
    pub rows: Vec<T>,
    /// What to ask the next batch with.
    pub next: Option<K>,
}

impl<T, K> Batch<T, K> {
    /// The rows that were read, with the key of the last one. A batch that is not full is the last.
    #[must_use]
    pub fn new(rows: Vec<T>, last: Option<K>) -> Self {
        let is_full = rows.len() as u64 >= BATCH;
        Self { next: last.filter(|_| is_full), rows }
    }
}
