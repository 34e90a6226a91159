//! A reminder that a manager sends: of what the product waits for first, once a working day.

use chrono::NaiveDate;

use crate::domain::actor::Actor;
use crate::domain::calendar::Calendar;
use crate::domain::command::Change;
use crate::domain::condition::Condition;
use crate::domain::decide::{Decision, Setting};
use crate::domain::notice::{Audience, Notice};
use crate::domain::passage::{Awaited, Party, Posture};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;

/// Whether a supplier that was reminded on a day has heard of it today: no working day has begun since.
#[must_use]
pub fn is_reminded(last: Option<NaiveDate>, calendar: &Calendar, today: NaiveDate) -> bool {
    last.is_some_and(|last| calendar.worked(last, today, &[]) == 0)
}

/// What an active product waits for first, if that is the supplier's to do.
fn owed(product: &Product) -> Option<Awaited> {
    let posture = Posture::of(product);
    posture.waits.into_iter().next().filter(|_| posture.party == Party::Supplier)
}

/// Reminds everybody of the supplier, when the conditions of the row hold.
pub(in crate::domain) fn remind(
    setting: &Setting<'_>,
    actor: &Actor,
    product: &Product,
    mut conditions: impl Iterator<Item = Condition>,
) -> Result<Decision, Refusal> {
    let first = owed(product);
    let rules: [(Condition, bool); 3] = [
        (Condition::NoInterest, !product.interested.contains(&actor.person())),
        (Condition::WaitsForSupplier, first.is_some()),
        (Condition::NotReminded, !is_reminded(product.reminded_on, setting.calendar, setting.today())),
    ];
    if let Some(unmet) = conditions.find(|c| rules.iter().any(|(about, holds)| about == c && !holds)) {
        return Err(Refusal::Missing(unmet));
    }
    let first = first.ok_or(Refusal::Missing(Condition::WaitsForSupplier))?;
    let notice = Notice::Reminded { by: actor.name().to_owned(), of: first, since: product.since };
    Ok(Decision::new(vec![Change::SupplierReminded(first)]).telling(Audience::Team, notice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reminder_a_working_day() {
        let day = |d: u32| NaiveDate::from_ymd_opt(2026, 4, d).unwrap();
        let calendar = Calendar::england();
        let again = |last, today| is_reminded(Some(day(last)), &calendar, day(today));
        assert!(!is_reminded(None, &calendar, day(2)));
        assert!(again(1, 1) && !again(1, 2));
        // From Thursday over Good Friday and Easter Monday to Tuesday 7 April.
        assert!(again(2, 3) && again(2, 6) && !again(2, 7));
        assert!(again(4, 5) && !again(4, 7), "on a day off the supplier hears of it once as well");
    }
}
