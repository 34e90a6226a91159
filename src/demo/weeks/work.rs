//! A product of the programme on its way, with what is true of it and nobody knows.

use anyhow::Context;
use chrono::{DateTime, Duration, Utc};

use crate::backtest::dice::Dice;
use crate::domain::demonstration::DemonstrationState;
use crate::domain::forecast::Seed;
use crate::domain::product::Product;

use super::cast::PRODUCTS;

/// Whatever is begun, except a test, is done by then.
pub const USUAL: Duration = Duration::hours(1);

/// A product.
pub struct Work {
    /// The number of its supplier.
    pub firm: usize,
    /// Its name.
    pub name: String,
    /// What it does.
    pub what: &'static str,
    /// Whether it moves from CIS1.
    pub is_move: bool,
    /// How much longer than usual its supplier takes over it.
    pub slower: f64,
    /// How often a section of it comes back, from 0 to 1.
    pub careless: f64,
    /// Its chance.
    pub dice: Dice,
    /// How many more refusals it bears before it is left as it is. There should be none.
    pub patience: u32,
    /// Until when somebody is at it: what happens to a product happens in order.
    pub busy: DateTime<Utc>,
    /// As it is, once it was added.
    pub product: Option<Product>,
}

impl Work {
    /// A product of this number, by a supplier that has so many already.
    pub fn new((firm, brand): (usize, &str), earlier: usize, mut dice: Dice) -> anyhow::Result<Self> {
        // Each supplier begins somewhere else in the list.
        let (thing, what) = PRODUCTS.iter().cycle().nth(firm * 5 + earlier).context("a name")?;
        let round = earlier / PRODUCTS.len();
        let name = if round == 0 { format!("{brand} {thing}") } else { format!("{brand} {thing} {}", round + 1) };
        let is_move = dice.chance(0.28);
        let (slower, careless) = (dice.between(0.7, 2.1), dice.between(0.1, 0.5));
        Ok(Self { firm, name, what, is_move, slower, careless, dice, patience: 3, busy: DateTime::UNIX_EPOCH, product: None })
    }

    /// The dice of the product of this number.
    pub fn dice(seed: Seed, number: u32) -> Dice {
        Dice::new(seed.with(u64::from(number) + 1))
    }

    /// From when something can be begun that is planned for a moment: not while somebody is at it, nor just before a test.
    pub fn free_from(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let test = self.product.as_ref().map(Product::demonstration).filter(|t| t.state == DemonstrationState::Confirmed);
        let starts_at = test.and_then(|t| t.date.as_ref()).map(|d| d.starts_at);
        let is_near = |starts_at: &DateTime<Utc>| at < *starts_at && *starts_at <= at + USUAL;
        starts_at.filter(is_near).map_or(at, |starts_at| starts_at + Duration::minutes(1)).max(self.busy)
    }

    /// The product as it is.
    pub fn product(&self) -> anyhow::Result<&Product> {
        self.product.as_ref().with_context(|| format!("{} was not added", self.name))
    }
}
