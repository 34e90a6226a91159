//! Chance that can be had again: the same seed rolls the same numbers, in whatever order they are asked for.

use chrono::{Datelike, NaiveDate};

use crate::domain::words::ProductId;

/// Where chance begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// A seed from a number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(mix(number))
    }

    /// The seed of a product's forecast on a day: asked twice on that day, the forecast is the same.
    #[must_use]
    pub fn of(product: ProductId, day: NaiveDate) -> Self {
        let (high, low) = product.0.as_u64_pair();
        Self::new(high).with(low).with(u64::from(day.num_days_from_ce().unsigned_abs()))
    }

    /// Another seed, for something with a number of its own.
    #[must_use]
    pub const fn with(self, number: u64) -> Self {
        Self(mix(self.0 ^ mix(number.wrapping_add(GOLDEN))))
    }

    /// A number from 0 up to but not including 1, for something with a number of its own.
    #[must_use]
    pub fn roll(self, number: u32) -> f64 {
        f64::from(self.bits(number)) / TWO_TO_32
    }

    /// The 32 bits behind a roll.
    #[must_use]
    pub fn bits(self, number: u32) -> u32 {
        let bits = mix(self.0.wrapping_add(GOLDEN.wrapping_mul(u64::from(number) + 1))) >> 32;
        u32::try_from(bits).unwrap_or(u32::MAX)
    }

    /// A number with mean 0 and variance 1 from the normal distribution (Box and Muller), for an even number.
    #[must_use]
    pub fn normal(self, number: u32) -> f64 {
        let (one, other) = (1.0 - self.roll(number), self.roll(number + 1));
        (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos()
    }
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
const TWO_TO_32: f64 = 4_294_967_296.0;

/// The finishing step of `SplitMix64` (Steele, Lea and Flood, 2014).
const fn mix(number: u64) -> u64 {
    let a = number.wrapping_add(GOLDEN);
    let b = (a ^ (a >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let c = (b ^ (b >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    c ^ (c >> 31)
}
