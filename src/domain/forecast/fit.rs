//! Learns from finished products: what is usual, how sections differ, how quick each product was, and what chance adds.

use super::experience::{Experience, Finished, Pattern, place};
use super::leg::{Leg, PerLeg, PerSection};
use super::published;
use super::spread::Spread;
use crate::domain::catalogue::Section;

/// For how many steps of each leg the published guess counts.
const GUESS: f64 = 2.0;
/// After how many steps a section's own time counts for half.
const HALF: f64 = 6.0;
/// How often usual time and paces are worked out in turn.
const ROUNDS: u32 = 3;

/// A step of a finished product.
struct Seen {
    product: usize,
    leg: Leg,
    section: Option<Section>,
    weight: f64,
    /// Logarithm of its days.
    value: f64,
}

/// The work of learning.
pub(super) struct Fit<'a> {
    finished: &'a [Finished],
    weights: &'a [f64],
    seen: Vec<Seen>,
    usual: PerLeg<f64>,
    lean: PerLeg<PerSection<f64>>,
    paces: Vec<[f64; 2]>,
    guess: Experience,
}

/// The logarithm of a number of days: half a day stands for the day on which it began.
pub(super) fn log_days(days: u32) -> f64 {
    (f64::from(days) + 0.5).ln()
}

/// A count as a number.
pub(super) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Sums of weights and of weighted values.
#[derive(Clone, Copy, Default)]
struct Mean {
    weight: f64,
    sum: f64,
}

impl Mean {
    fn add(mut self, (value, weight): (f64, f64)) -> Self {
        self.weight += weight;
        self.sum += value * weight;
        self
    }

    fn of(values: impl Iterator<Item = (f64, f64)>) -> Self {
        values.fold(Self::default(), Self::add)
    }

    fn mean(self) -> f64 {
        if self.weight > 0.0 { self.sum / self.weight } else { 0.0 }
    }
}

impl<'a> Fit<'a> {
    /// Learns; each product counts for its weight.
    pub(super) fn new(finished: &'a [Finished], weights: &'a [f64]) -> Self {
        let mut seen = Vec::new();
        for (product, (one, weight)) in finished.iter().zip(weights).enumerate() {
            seen.extend(one.taken.iter().map(|t| Seen {
                product,
                leg: t.leg,
                section: t.section,
                weight: *weight,
                value: log_days(t.days),
            }));
        }
        let guess = published::experience();
        let (usual, lean) = (guess.usual.clone(), guess.lean.clone());
        let mut fit = Self { finished, weights, seen, usual, lean, paces: vec![[0.0; 2]; finished.len()], guess };
        for _ in 0..ROUNDS {
            fit.learn_usual();
            fit.learn_paces();
        }
        fit
    }

    fn pace(&self, seen: &Seen) -> f64 {
        let pair = self.paces.get(seen.product).copied().unwrap_or_default();
        place(seen.leg.turn()).and_then(|p| pair.get(p).copied()).unwrap_or(0.0)
    }

    fn expected(&self, seen: &Seen) -> f64 {
        self.usual.of(seen.leg) + seen.section.map_or(0.0, |s| *self.lean.of(seen.leg).of(s))
    }

    fn learn_usual(&mut self) {
        let of = |leg: Leg| self.seen.iter().filter(move |s| s.leg == leg);
        let usual = PerLeg::new(|leg| {
            let own = of(leg).map(|s| (s.value - self.pace(s), s.weight));
            Mean::of(own).add((*self.guess.usual.of(leg), GUESS)).mean()
        });
        self.lean = PerLeg::new(|leg| {
            PerSection::new(|section| {
                let own = of(leg).filter(|s| s.section == Some(section));
                let mean = Mean::of(own.map(|s| (s.value - self.pace(s) - usual.of(leg), s.weight)));
                mean.mean() * mean.weight / (mean.weight + HALF)
            })
        });
        self.usual = usual;
    }

    /// A product's pace is the mean of its steps, drawn towards the usual the more, the fewer steps it has.
    fn learn_paces(&mut self) {
        for party in [0, 1] {
            let rest = |s: &Seen| s.value - self.expected(s);
            let mut means = vec![Mean::default(); self.finished.len()];
            for seen in self.seen.iter().filter(|s| place(s.leg.turn()) == Some(party)) {
                if let Some(mean) = means.get_mut(seen.product) {
                    *mean = mean.add((rest(seen), 1.0));
                }
            }
            let noise = self.noise(party);
            let all = means.iter().filter(|m| m.weight > 0.0);
            let apparent = Mean::of(all.clone().map(|m| (m.mean().powi(2), 1.0))).mean();
            let by_chance = Mean::of(all.map(|m| (noise / m.weight, 1.0))).mean();
            let true_pace = f64::max(apparent - by_chance, apparent / 20.0);
            for (pair, mean) in self.paces.iter_mut().zip(&means) {
                if let Some(pace) = pair.get_mut(party) {
                    *pace = if mean.weight > 0.0 { mean.mean() * true_pace / (true_pace + noise / mean.weight) } else { 0.0 };
                }
            }
        }
    }

    fn rests(&self, party: usize) -> impl Iterator<Item = (f64, f64)> {
        let own = self.seen.iter().filter(move |s| place(s.leg.turn()) == Some(party));
        own.map(|s| (s.value - self.expected(s) - self.pace(s), s.weight))
    }

    /// The variance that is left when what is usual and the pace are taken away.
    fn noise(&self, party: usize) -> f64 {
        let guess = self.guess.noise.get(party).copied().unwrap_or(1.0);
        Mean::of(self.rests(party).map(|(rest, weight)| (rest * rest, weight))).add((guess, GUESS)).mean()
    }

    /// What was learned.
    pub(super) fn experience(&self) -> Experience {
        let chance = PerLeg::new(|leg| {
            let own = self.seen.iter().filter(|s| s.leg == leg).map(|s| (s.value - self.expected(s) - self.pace(s), s.weight));
            let guessed = self.guess.chance.of(leg);
            let points = guessed.points();
            let share = GUESS / number(points.len());
            Spread::of(own.chain(points.iter().map(|p| (*p, share))).collect()).unwrap_or_else(|| guessed.clone())
        });
        let again = PerLeg::new(|leg| {
            let steps = self.finished.iter().zip(self.weights).flat_map(|(f, w)| f.taken.iter().map(move |t| (t, *w)));
            let own = steps.filter(|(t, _)| t.leg == leg).map(|(t, w)| (f64::from(u8::from(t.again)), w));
            Mean::of(own).add((*self.guess.again.of(leg), GUESS)).mean()
        });
        let patterns = self.patterns(&again);
        Experience {
            finished: u32::try_from(self.finished.len()).unwrap_or(u32::MAX),
            telling: 0,
            usual: self.usual.clone(),
            lean: self.lean.clone(),
            chance,
            again,
            noise: [self.noise(0), self.noise(1)],
            around: [0.0; 2],
            patterns,
        }
        .smoothed()
    }

    fn patterns(&self, again: &PerLeg<f64>) -> Vec<Pattern> {
        let all = self.finished.iter().zip(self.weights).zip(&self.paces);
        all.map(|((one, weight), pace)| {
            let reviews = one.taken.iter().filter(|t| t.leg.is_review());
            let (returned, expected) =
                reviews.fold((0.0, 0.0), |(r, e), t| (r + f64::from(u8::from(t.again)), e + again.of(t.leg)));
            Pattern { weight: *weight, pace: *pace, returns: (returned + HALF / 2.0) / (expected + HALF / 2.0) }
        })
        .collect()
    }
}

impl Experience {
    /// Lets paces lie around those of the patterns, so that few products do not pass for all there can be: each is drawn
    /// towards the mean by as much as what lies around it adds (West, 1993), and few patterns are trusted less than many.
    pub(super) fn smoothed(mut self) -> Self {
        let sum: f64 = self.patterns.iter().map(|p| p.weight).sum();
        let squares: f64 = self.patterns.iter().map(|p| p.weight * p.weight).sum();
        let count = f64::max(sum * sum / f64::max(squares, f64::MIN_POSITIVE), 1.0);
        let width = f64::min(1.06 * count.powf(-0.2), 0.9);
        let (draw, trust) = ((1.0 - width * width).sqrt(), 1.0 + 2.0 / count);
        for party in [0, 1] {
            let values = self.patterns.iter().filter_map(|p| p.pace.get(party).map(|pace| (*pace, p.weight)));
            let mean = Mean::of(values.clone()).mean();
            let variance = Mean::of(values.map(|(pace, weight)| ((pace - mean).powi(2), weight))).mean() * trust;
            for pace in self.patterns.iter_mut().filter_map(|p| p.pace.get_mut(party)) {
                *pace = mean + (*pace - mean) * draw * trust.sqrt();
            }
            if let Some(around) = self.around.get_mut(party) {
                *around = f64::max(variance * width * width, 0.001);
            }
        }
        self
    }
}
