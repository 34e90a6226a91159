//! Dice for what is invented, rolled one after the other.

use crate::domain::forecast::Seed;

/// Dice that fall the same way for the same seed.
#[derive(Clone, Copy, Debug)]
pub struct Dice {
    seed: Seed,
    rolled: u32,
}

impl Dice {
    /// Dice.
    #[must_use]
    pub const fn new(seed: Seed) -> Self {
        Self { seed, rolled: 0 }
    }

    fn roll(&mut self) -> f64 {
        self.rolled += 1;
        self.seed.roll(self.rolled)
    }

    /// A whole number from 0 up to but not including another; 0 if there is none.
    pub fn whole(&mut self, below: u32) -> u32 {
        self.rolled += 1;
        self.seed.bits(self.rolled) % below.max(1)
    }

    /// One of some things; `None` if there are none.
    pub fn pick<'a, T>(&mut self, some: &'a [T]) -> Option<&'a T> {
        let number = self.whole(u32::try_from(some.len()).unwrap_or(u32::MAX));
        some.get(usize::try_from(number).ok()?)
    }

    /// A number between two.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.roll()
    }

    /// Whether something happens that happens so often, from 0 to 1.
    pub fn chance(&mut self, often: f64) -> bool {
        self.roll() < often
    }

    /// A number from the normal distribution with mean 0 and variance 1.
    pub fn normal(&mut self) -> f64 {
        self.rolled += 2;
        self.seed.normal(self.rolled - 1)
    }

    /// Whole days from a gamma distribution of shape 2.
    pub fn gamma(&mut self, mean: f64) -> u32 {
        let days = -((1.0 - self.roll()).ln() + (1.0 - self.roll()).ln()) * mean / 2.0;
        (0..2_000).find(|n| f64::from(n + 1) > days).unwrap_or(2_000)
    }
}
