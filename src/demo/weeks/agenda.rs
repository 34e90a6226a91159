//! What will be done, in the order of time.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::waits::What;

/// Something that somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// The supplier adds the product.
    Add,
    /// What the product waits for.
    Awaited(What),
    /// The supplier puts it on hold.
    Hold,
    /// The supplier goes on.
    Resume,
    /// The supplier withdraws it.
    Withdraw,
    /// A reviewer records that an observation is dealt with.
    Settle,
    /// The supplier records a change of its sign-in.
    Alter,
    /// The team begins another agreement.
    Renew,
}

/// When, of which product, what.
pub type Entry = (DateTime<Utc>, usize, Deed);

/// The agenda. Of each product a deed stands in it once.
#[derive(Debug, Default)]
pub struct Agenda {
    entries: BTreeSet<Entry>,
    planned: BTreeSet<(usize, Deed)>,
}

impl Agenda {
    /// Plans a deed, unless it is planned already.
    pub fn plan(&mut self, (at, work, deed): Entry) {
        if self.planned.insert((work, deed)) {
            self.entries.insert((at, work, deed));
        }
    }

    /// Whether a deed is planned.
    pub fn is_planned(&self, work: usize, deed: Deed) -> bool {
        self.planned.contains(&(work, deed))
    }

    /// Takes out what comes first, if that is not after a moment.
    pub fn next(&mut self, until: DateTime<Utc>) -> Option<Entry> {
        let first = self.entries.first().copied().filter(|(at, ..)| *at <= until)?;
        self.entries.remove(&first);
        self.planned.remove(&(first.1, first.2));
        Some(first)
    }
}
