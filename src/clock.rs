//! The only reader of the system clock; moments are cut to microseconds, which every store keeps.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};

/// Where "now" comes from: the system, or a clock that stands still until it is moved.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    fixed: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands at a moment.
    #[must_use]
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self { fixed: Some(Arc::new(AtomicI64::new(at.timestamp_micros()))) }
    }

    /// The moment, to the microsecond.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place at which time enters")]
    pub fn now(&self) -> DateTime<Utc> {
        let micros = self.fixed.as_ref().map_or_else(|| Utc::now().timestamp_micros(), |f| f.load(Ordering::SeqCst));
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// Moves a clock that stands; the system's clock is left alone.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Some(fixed) = &self.fixed {
            fixed.store(at.timestamp_micros(), Ordering::SeqCst);
        }
    }
}
