//! What a product's own past says about its pace: finished products that were like it are taken as patterns more often.

use super::experience::{Experience, Taken, place};
use super::fit::log_days;
use super::seed::Seed;

/// One pattern, seen with what this product has done itself.
#[derive(Clone, Copy, Debug)]
struct Likely {
    /// Weights of this one and all before it, summed.
    until: f64,
    /// Mean and deviation of the pace: supplier, team.
    pace: [(f64, f64); 2],
    /// By which factor its reviews ask for more than usual.
    returns: f64,
}

/// How quick a product may turn out, after one kind of experience.
pub(super) struct Outlook<'a> {
    experience: &'a Experience,
    likely: Vec<Likely>,
}

/// The pace of one run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// The logarithm of the factor by which steps are slower than usual: supplier, team.
    pub slower: [f64; 2],
    /// The factor by which reviews ask for more than usual.
    pub returns: f64,
}

/// What a product's own steps show of one party: how many there were, and by how much they were slower than usual.
#[derive(Clone, Copy, Default)]
struct Own {
    count: f64,
    slower: f64,
}

impl<'a> Outlook<'a> {
    /// Weighs each pattern by how well it explains the steps that the product has done.
    pub(super) fn new(experience: &'a Experience, taken: &[Taken]) -> Self {
        let mut own = [Own::default(); 2];
        let (mut returned, mut expected) = (0.0, 0.0);
        for step in taken {
            let slower = log_days(step.days) - experience.usual(step.leg, step.section);
            if let Some(own) = place(step.leg.turn()).and_then(|p| own.get_mut(p)) {
                own.slower += slower;
                own.count += 1.0;
            }
            if step.leg.is_review() {
                returned += f64::from(u8::from(step.again));
                expected += experience.again.of(step.leg);
            }
        }
        let mut until = 0.0;
        let likely = experience.patterns.iter().map(|pattern| {
            let [supplier, team] = pattern.pace;
            let [mine, theirs] = own;
            let [(fit, supplier), (other, team)] = [
                seen(supplier, mine, (experience.around[0], experience.noise[0])),
                seen(team, theirs, (experience.around[1], experience.noise[1])),
            ];
            let by_returns = returned * pattern.returns.ln() - expected * pattern.returns;
            until += pattern.weight * (fit + other + by_returns).exp();
            Likely { until, pace: [supplier, team], returns: pattern.returns }
        });
        Self { experience, likely: likely.collect() }
    }

    /// The experience behind it.
    pub(super) const fn experience(&self) -> &'a Experience {
        self.experience
    }

    /// The pace of a run.
    pub(super) fn pace(&self, seed: Seed) -> Pace {
        let total = self.likely.last().map_or(0.0, |l| l.until);
        let at = seed.roll(0) * total;
        let index = self.likely.partition_point(|l| l.until <= at);
        let Some(found) = self.likely.get(index).or(self.likely.last()) else { return Pace { slower: [0.0; 2], returns: 1.0 } };
        let [(supplier, by), (team, also_by)] = found.pace;
        Pace { slower: [supplier + by * seed.normal(2), team + also_by * seed.normal(4)], returns: found.returns }
    }
}

/// How well a pattern's pace explains what was seen (a logarithm), and the pace after both: mean and deviation.
fn seen(pattern: f64, own: Own, (around, noise): (f64, f64)) -> (f64, (f64, f64)) {
    if own.count < 1.0 {
        return (0.0, (pattern, around.sqrt()));
    }
    let (mean, of_mean) = (own.slower / own.count, noise / own.count);
    let fit = -(mean - pattern).powi(2) / (2.0 * (around + of_mean));
    let share = around / (around + of_mean);
    (fit, (pattern + share * (mean - pattern), (around * (1.0 - share)).sqrt()))
}
