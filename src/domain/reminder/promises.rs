//! Promises of the assurance team: reminded of on the working day before, and owned up to on the morning after.

use chrono::NaiveDate;

use super::{Planned, Reminder, ReminderKind, holder};
use crate::domain::calendar::Calendar;
use crate::domain::decide::Setting;
use crate::domain::demonstration::DemonstrationState;
use crate::domain::notice::{Audience, Notice, Promise};
use crate::domain::product::Product;
use crate::domain::section::Turn;
use crate::domain::waits::{Topic, Wait, What};

/// Working days until the date that is named when a promise was not kept.
const AGAIN_DAYS: u32 = 3;
/// How often a promise that is still not kept is owned up to; after that only lists show it.
pub(super) const MOST: u32 = 8;

/// The dates that take the place of a promise that is not kept, the promise itself first: each is named on the morning
/// after the one before it.
pub(super) fn dates(calendar: &Calendar, by: NaiveDate) -> impl Iterator<Item = NaiveDate> + '_ {
    std::iter::successors(Some(by), |last| calendar.after(*last, AGAIN_DAYS, &[]).map(|due| due.on))
}

/// By when the team now expects to do what it promised by a date that has passed; `None` while the promise can be kept.
#[must_use]
pub fn expected_again(calendar: &Calendar, by: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
    if by >= today {
        return None;
    }
    // What can still be done today is not promised for another day.
    dates(calendar, by).find(|date| *date >= today)
}

pub(super) fn of_team(setting: &Setting<'_>, product: &Product) -> Vec<Planned> {
    // A test that was held by now or should have been has no result yet: nobody's turn until somebody says so.
    let waits = product.waits().into_iter().filter(|w| w.turn == Turn::Team || w.what == What::Test);
    let waits = waits.chain(unfinished_checks(setting, product));
    waits.filter_map(|w| Some((w, w.by?))).flat_map(|(wait, by)| of_promise(setting, product, &wait, by)).collect()
}

/// The checks of a test that waits for the supplier: they are due all the same.
fn unfinished_checks(setting: &Setting<'_>, product: &Product) -> Option<Wait> {
    let test = product.demonstration();
    let is_open = test.state == DemonstrationState::Booked && (test.lacks > 0 || !test.problems().is_empty());
    let by = test.date.as_ref().filter(|d| setting.now < d.starts_at).map(|d| d.checks_by);
    is_open.then_some(Wait { turn: Turn::Team, what: What::Checks, by })
}

fn of_promise(setting: &Setting<'_>, product: &Product, wait: &Wait, by: NaiveDate) -> Vec<Planned> {
    // A reply that was sent a moment ago keeps the promise when it leaves.
    if wait.what.section().is_some_and(|section| product.section(section).leaves_at().is_some()) {
        return Vec::new();
    }
    let calendar = setting.calendar;
    let promise = Promise { topic: wait.what.topic(), section: wait.what.section() };
    let part = part(promise);
    let staff = responsible(product, wait.what);
    let plan = |kind, about, (from, until), notices| Planned {
        from,
        until,
        reminder: Reminder { kind, part: part.clone(), about, notices },
    };
    let (decided, of) =
        wait.what.section().map_or((0, 0), |s| product.decided(&product.given(setting.catalogue, setting.today()), s));
    let eve = calendar.before(by, 1);
    let tomorrow = Notice::DueTomorrow { promise, by, decided, of };
    // The day of the test is known to everybody, and its result is asked for only afterwards.
    let is_foreseen = matches!(wait.what, What::Test | What::RunSheet);
    let mut planned = Vec::new();
    if !is_foreseen {
        planned.push(plan(ReminderKind::Tomorrow, by, (eve, by.succ_opt()), vec![(staff.clone(), tomorrow)]));
    }
    let morning = |missed: NaiveDate| calendar.after(missed, 1, &[]).map(|due| due.on);
    let all: Vec<NaiveDate> = dates(calendar, by).take(MOST as usize + 1).collect();
    for (missed, again) in all.iter().zip(all.iter().skip(1)) {
        let Some(from) = morning(*missed) else { continue };
        let overdue = Notice::Overdue { promise, by, again: *again, has_holder: staff != Audience::Managers };
        let mut notices = vec![(staff.clone(), overdue.clone())];
        if staff != Audience::Managers {
            notices.push((Audience::Managers, overdue));
        }
        if is_promised(promise.topic) {
            notices.push((Audience::Team, Notice::WeAreLate { promise, by, again: *again }));
        }
        planned.push(plan(ReminderKind::Late, *missed, (from, morning(*again)), notices));
    }
    planned
}

/// Whether the supplier was promised it, and so is owed an apology.
#[must_use]
pub const fn is_promised(topic: Topic) -> bool {
    match topic {
        Topic::Review | Topic::DateWish | Topic::Certificate | Topic::AgreementIssue | Topic::SignedCopy => true,
        Topic::Checks
        | Topic::RunSheet
        | Topic::Doubt
        | Topic::GoLive
        | Topic::Feedback
        | Topic::Answers
        | Topic::Booking
        | Topic::TestFacts
        | Topic::CheckProblem
        | Topic::Test
        | Topic::Signatory
        | Topic::Signature
        | Topic::Production => false,
    }
}

/// Who has it: the reviewer, whoever holds the test, or the managers while nobody has.
fn responsible(product: &Product, what: What) -> Audience {
    match what {
        What::Review(section) => product.section(section).reviewer.map_or(Audience::Managers, Audience::Person),
        What::Checks | What::Test | What::RunSheet | What::Certificate | What::Doubt => holder(product.demonstration()),
        What::Feedback(_)
        | What::Answers(_)
        | What::Booking
        | What::DateWish
        | What::TestFacts
        | What::CheckProblem
        | What::Signatory
        | What::AgreementIssue
        | What::Signature
        | What::SignedCopy
        | What::Production
        | What::GoLive => Audience::Managers,
    }
}

fn part(promise: Promise) -> String {
    match promise.section {
        Some(section) => format!("{} {section}", promise.topic),
        None => promise.topic.word().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_that_is_not_kept_gets_a_new_date_three_working_days_on_and_again() {
        let day = |d: u32| NaiveDate::from_ymd_opt(2026, 4, d).unwrap();
        let calendar = Calendar::england();
        let again = |today| expected_again(&calendar, day(2), day(today));
        assert_eq!(again(2), None, "on the day itself it can be kept");
        // Good Friday and Easter Monday are no working days.
        assert_eq!((again(3), again(7), again(9)), (Some(day(9)), Some(day(9)), Some(day(9))));
        assert_eq!((again(10), again(14), again(15)), (Some(day(14)), Some(day(14)), Some(day(17))));
    }
}
