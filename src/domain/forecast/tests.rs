//! What is fixed is respected, chance repeats itself, and more to do is never done earlier.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use proptest::prelude::*;

use super::experience::{Experience, Finished, Taken};
use super::leg::Leg;
use super::seed::Seed;
use super::spread::Spread;
use super::way::{AgreementWay, CertificateWay, SectionWay, TestWay, Way};
use super::{Axis, Basis, ENOUGH, Forecast, Knowledge, Likely, Shown, forecast, moved};
use crate::domain::agreement::Trigger;
use crate::domain::calendar::{Calendar, Pause};
use crate::domain::catalogue::{Section, Stage};
use crate::domain::section::SectionState;
use crate::domain::slot::{Leave, Slot};
use crate::domain::waits::What;
use crate::domain::words::{LeaveId, PersonId, SlotId};

mod folded;
mod products;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A Monday; 14 days later is Monday 21 September.
fn today() -> NaiveDate {
    day(2026, 9, 7)
}

fn axis() -> Axis {
    Axis::new(today(), &Calendar::england(), &[])
}

fn fresh() -> Way {
    let section = |s: &Section| SectionWay { section: *s, state: SectionState::Draft, round: 0, passed: 0 };
    Way {
        sections: Section::ALL.iter().map(section).collect(),
        test: TestWay::ToBook { attempt: 1, passed: 0 },
        certificate: CertificateWay::ToIssue { passed: 0 },
        agreement: AgreementWay::ToName { passed: 0 },
        needs_signature: true,
        trigger: Trigger::NonFunctional,
        taken: Vec::new(),
    }
}

/// Everything is done but the test and the certificate.
fn to_book() -> Way {
    let section = |s: &Section| SectionWay { section: *s, state: SectionState::Accepted, round: 1, passed: 0 };
    Way { sections: Section::ALL.iter().map(section).collect(), agreement: AgreementWay::Accepted, ..fresh() }
}

/// Finished products that took about a quarter of the published time.
fn quick(count: usize) -> Vec<Finished> {
    let step = |leg, section| Taken { leg, section, days: 0, again: false };
    let mut taken: Vec<Taken> = Section::ALL.iter().map(|s| step(Leg::Answers, Some(*s))).collect();
    taken.extend(Section::ALL.iter().map(|s| step(Leg::FirstReview, Some(*s))));
    let others = [Leg::Booking, Leg::Test, Leg::Certificate, Leg::Signatory, Leg::AgreementIssue, Leg::Signature, Leg::SignedCopy];
    taken.extend(others.map(|leg| step(leg, None)));
    vec![Finished { started: day(2025, 9, 1), finished: day(2025, 9, 16), taken }; count]
}

fn knowledge(count: usize) -> Knowledge {
    let examples = quick(count);
    let started: Vec<NaiveDate> = examples.iter().map(|f| f.started).collect();
    Knowledge::new(Experience::learn(&examples, &started, today()))
}

fn of(way: &Way) -> Forecast {
    forecast(way, &axis(), &knowledge(0), Seed::new(7))
}

fn dates(forecast: &Forecast) -> [NaiveDate; 3] {
    [forecast.one_in_ten, forecast.five_in_ten, forecast.nine_in_ten]
}

fn weeks(date: NaiveDate) -> f64 {
    f64::from(i32::try_from((date - today()).num_days()).unwrap()) / 7.0
}

#[test]
fn before_anything_has_finished_a_new_product_takes_the_published_2_to_12_weeks() {
    let made = of(&fresh());
    assert_eq!(made.basis, Basis::Published);
    assert!((2.0..3.1).contains(&weeks(made.one_in_ten)), "{made:?}");
    assert!((4.5..6.0).contains(&weeks(made.five_in_ten)), "{made:?}");
    assert!((11.0..13.0).contains(&weeks(made.nine_in_ten)), "{made:?}");
}

#[test]
fn what_was_learned_comes_in_step_by_step() {
    let made: Vec<Forecast> = (0..=12).map(|n| forecast(&fresh(), &axis(), &knowledge(n), Seed::new(7))).collect();
    let nine: Vec<f64> = made.iter().map(|f| weeks(f.nine_in_ten)).collect();
    assert!(nine[12] < nine[0] / 2.0, "{nine:?}");
    assert!(nine.windows(2).all(|pair| pair[1] <= pair[0] + 0.5 && pair[0] - pair[1] < (nine[0] - nine[12]) * 0.45), "{nine:?}");
    assert_eq!(made[4].basis, Basis::Blend { finished: 4 });
    assert_eq!(made[ENOUGH as usize].basis, Basis::Finished { finished: 10 });
    assert_eq!(made[1].basis.sentence(), "This rests on the usual 2 to 12 weeks and on 1 finished product.");
}

#[test]
fn products_that_could_only_finish_quickly_say_nothing_of_all_yet() {
    let lately: Vec<Finished> =
        quick(12).into_iter().map(|f| Finished { started: day(2026, 8, 3), finished: day(2026, 8, 20), ..f }).collect();
    let started = vec![day(2026, 8, 3); 40];
    let knowledge = Knowledge::new(Experience::learn(&lately, &started, today()));
    assert_eq!(knowledge.basis(), Basis::Published);
}

#[test]
fn without_a_booking_nobody_finishes_before_the_notice_has_passed() {
    let made = of(&to_book());
    assert!(made.one_in_ten >= day(2026, 9, 21), "{made:?}");
}

fn slots(days: &[NaiveDate], assessor: PersonId) -> Vec<Slot> {
    let slot = |(number, day): (usize, &NaiveDate)| Slot {
        id: SlotId(uuid::Uuid::from_u128(number as u128)),
        starts_at: day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(10),
        assessor: Some((assessor, "Amina Okafor".to_owned())),
        taken: false,
    };
    days.iter().enumerate().map(slot).collect()
}

#[test]
fn free_dates_and_the_leave_of_assessors_count() {
    let (way, person) = (to_book(), PersonId(uuid::Uuid::from_u128(9)));
    let slots = slots(&[day(2026, 9, 29), day(2026, 11, 3), day(2026, 11, 5)], person);
    let with =
        |slots: &[Slot], leave: &[Leave]| forecast(&way, &axis().with_slots(slots, leave), &knowledge(0), Seed::new(7)).five_in_ten;
    let early = with(&slots, &[]);
    assert!(early < day(2026, 10, 15), "{early}");
    let id = LeaveId(uuid::Uuid::from_u128(1));
    let leave = [Leave { id, person, from: day(2026, 9, 28), until: day(2026, 10, 2) }];
    assert!(with(&slots, &leave) >= day(2026, 11, 3), "the only early date has nobody to hold it");
    let taken: Vec<Slot> = slots.into_iter().map(|s| Slot { taken: true, ..s }).collect();
    assert!(with(&taken, &[]) > day(2026, 11, 5), "nothing is free as far as dates are published");
}

#[test]
fn what_moves_the_date_most_is_named() {
    let made = of(&to_book());
    let named: Vec<String> = made.drivers.iter().map(super::Driver::words).collect();
    assert_eq!(named, ["booking the demonstration this week", "issuing the certificate"], "{made:?}");
    let feedback = SectionWay { section: Section::ClinicalRisk, state: SectionState::Returned, round: 1, passed: 2 };
    let mut way = Way { test: TestWay::Passed, certificate: CertificateWay::Issued, ..to_book() };
    way.sections[1] = feedback;
    let made = of(&way);
    assert_eq!(made.drivers[0].what, What::Feedback(Section::ClinicalRisk));
    assert!(made.drivers[0].sentence().starts_with("answers to feedback on clinical risk: "), "{made:?}");
    let all = of(&fresh()).drivers;
    assert!(all.len() <= 3 && all.windows(2).all(|p| p[0].saves >= p[1].saves) && all.iter().all(|d| d.saves > 0), "{all:?}");
}

#[test]
fn a_supplier_who_was_slow_so_far_is_expected_to_stay_slow() {
    let with = |days: u32| {
        let taken = |s: &Section| Taken { leg: Leg::Answers, section: Some(*s), days, again: false };
        let mut way = Way { taken: Section::ALL.iter().map(taken).collect(), ..fresh() };
        for section in &mut way.sections {
            (section.state, section.round) = (SectionState::Returned, 1);
        }
        of(&way)
    };
    assert!(with(15).five_in_ten > with(1).five_in_ten + Days::new(7), "{:?} {:?}", with(15), with(1));
}

#[test]
fn however_long_a_step_has_lasted_it_is_still_to_be_done() {
    let lasting = |passed: u32| {
        let mut way = fresh();
        way.sections.iter_mut().for_each(|s| s.passed = passed);
        of(&way).five_in_ten
    };
    assert!(lasting(700) > today() + Days::new(28), "{}", lasting(700));
    assert!(lasting(700) > lasting(20));
}

#[test]
fn where_steps_last_longer_than_any_seen_the_range_is_not_the_word_of_a_few_runs() {
    let mut way = fresh();
    for section in &mut way.sections {
        (section.state, section.round, section.passed) = (SectionState::Submitted, 1, 60);
    }
    let made: Vec<Forecast> = (0..6).map(|seed| forecast(&way, &axis(), &knowledge(12), Seed::new(seed))).collect();
    assert!(made.iter().all(|f| (f.nine_in_ten - f.five_in_ten).num_days() >= 7), "{made:?}");
    let middles = || made.iter().map(|f| f.five_in_ten);
    let apart = (middles().max().unwrap() - middles().min().unwrap()).num_days();
    assert!(apart <= 14, "{apart} days between forecasts of the same: {made:?}");
}

#[test]
fn the_range_is_a_plain_sentence() {
    let made = |from, until| Likely { from, until }.sentence();
    let text = |from, until| made(from, until).replace('\u{a0}', " ");
    let start = "At your current pace you\u{2019}ll finish";
    assert_eq!(text(day(2026, 5, 11), day(2026, 6, 1)), format!("{start} between 11 May and 1 June 2026."));
    assert_eq!(text(day(2026, 5, 11), day(2026, 5, 20)), format!("{start} between 11 and 20 May 2026."));
    assert_eq!(text(day(2026, 12, 21), day(2027, 1, 6)), format!("{start} between 21 December 2026 and 6 January 2027."));
    assert_eq!(text(day(2026, 5, 11), day(2026, 5, 11)), format!("{start} by 11 May 2026."));
}

#[test]
fn a_range_has_moved_when_one_of_its_ends_lies_a_week_elsewhere() {
    let shown = |on: u32, from: u32, until: u32| Shown {
        on: day(2026, 3, on),
        likely: Likely { from: day(2026, 5, from), until: day(2026, 6, until) },
    };
    let ranges = [shown(2, 4, 1), shown(9, 4, 1), shown(16, 6, 9)];
    assert_eq!(moved(&ranges, day(2026, 3, 10)), Some(ranges[2].likely));
    assert_eq!(moved(&ranges, day(2026, 3, 1)), None, "nothing was shown before");
    assert_eq!(moved(&ranges, day(2026, 3, 16)), None, "it is the one that was shown");
    assert_eq!(moved(&[shown(2, 4, 1), shown(9, 6, 5)], day(2026, 3, 2)), None, "a day or two is chance");
    assert_eq!(ranges[0].likely.range().replace('\u{a0}', " "), "4 May to 1 June 2026");
}

#[test]
fn a_spread_gives_back_the_share_of_each_value() {
    let spread = Spread::of((0..40).map(|n| (f64::from(n * n % 37) / 9.0, 1.0)).collect()).unwrap();
    let shares: Vec<f64> = (0..100).map(|n| f64::from(n) / 100.0 + 0.003).collect();
    assert!(shares.windows(2).all(|p| spread.at(p[0]) <= spread.at(p[1])));
    let back = |share: f64| spread.at(spread.below(spread.at(share)));
    assert!(shares.iter().all(|s| (back(*s) - spread.at(*s)).abs() < 1e-6));
    assert!(spread.above(1e3, 0.5) > 1e3, "nothing is out of reach");
}

fn a_section(section: Section) -> impl Strategy<Value = SectionWay> {
    let states = proptest::sample::select(SectionState::ALL);
    (states, 1..3_u32, 0..25_u32).prop_map(move |(state, round, passed)| SectionWay {
        section,
        state,
        round: if state == SectionState::Draft { 0 } else { round },
        passed,
    })
}

fn a_test() -> impl Strategy<Value = TestWay> {
    prop_oneof![
        (1..3_u32, 0..9_u32).prop_map(|(attempt, passed)| TestWay::ToBook { attempt, passed }),
        (0..6_u32).prop_map(|passed| TestWay::Asked { passed }),
        (0..60_u64).prop_map(|days| TestWay::Booked { on: today() + Days::new(days) }),
        Just(TestWay::Passed),
    ]
}

fn an_agreement() -> impl Strategy<Value = AgreementWay> {
    (0..5_u8, 0..12_u32).prop_map(|(state, passed)| match state {
        0 => AgreementWay::ToName { passed },
        1 => AgreementWay::ToIssue { passed },
        2 => AgreementWay::ToSign { passed },
        3 => AgreementWay::ToCheck { passed },
        _ => AgreementWay::Accepted,
    })
}

fn a_way() -> impl Strategy<Value = Way> {
    let sections: Vec<_> = Section::ALL.iter().map(|s| a_section(*s)).collect();
    (sections, a_test(), an_agreement(), any::<bool>()).prop_map(|(sections, test, agreement, needs_signature)| Way {
        sections,
        test,
        agreement,
        needs_signature,
        ..fresh()
    })
}

/// The same way with steps that have only just begun, for which nothing has been learned.
fn just_begun(mut way: Way) -> Way {
    for section in &mut way.sections {
        section.passed = 0;
    }
    way.test = match way.test {
        TestWay::ToBook { attempt, .. } => TestWay::ToBook { attempt, passed: 0 },
        TestWay::Asked { .. } => TestWay::Asked { passed: 0 },
        fixed @ (TestWay::Booked { .. } | TestWay::Passed) => fixed,
    };
    way.agreement = match way.agreement {
        AgreementWay::ToName { .. } => AgreementWay::ToName { passed: 0 },
        AgreementWay::ToIssue { .. } => AgreementWay::ToIssue { passed: 0 },
        AgreementWay::ToSign { .. } => AgreementWay::ToSign { passed: 0 },
        AgreementWay::ToCheck { .. } => AgreementWay::ToCheck { passed: 0 },
        AgreementWay::Accepted => AgreementWay::Accepted,
    };
    way
}

/// The same way with one more thing to do.
fn with_more(mut way: Way, place: usize) -> Way {
    match place {
        0..6 => {
            let section = &mut way.sections[place];
            section.state = match section.state {
                SectionState::Accepted => SectionState::Submitted,
                SectionState::Submitted => SectionState::Draft,
                same @ (SectionState::Returned | SectionState::Draft) => same,
            };
            section.round = u32::from(section.state != SectionState::Draft);
        }
        6 => {
            way.test = match way.test {
                TestWay::Passed => TestWay::Booked { on: today() },
                same @ (TestWay::Booked { .. } | TestWay::ToBook { .. } | TestWay::Asked { .. }) => same,
            }
        }
        _ => {
            way.agreement = match way.agreement {
                AgreementWay::Accepted => AgreementWay::ToCheck { passed: 0 },
                AgreementWay::ToCheck { .. } => AgreementWay::ToSign { passed: 0 },
                AgreementWay::ToSign { .. } => AgreementWay::ToIssue { passed: 0 },
                AgreementWay::ToIssue { .. } | AgreementWay::ToName { .. } => AgreementWay::ToName { passed: 0 },
            }
        }
    }
    way
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn dates_are_in_order_on_working_days_and_the_same_again(way in a_way(), seed in any::<u64>()) {
        let made = forecast(&way, &axis(), &knowledge(5), Seed::new(seed));
        prop_assert_eq!(&made, &forecast(&way, &axis(), &knowledge(5), Seed::new(seed)));
        let [one, five, nine] = dates(&made);
        prop_assert!(today() <= one && one <= five && five <= nine);
        prop_assert!(dates(&made).iter().all(|d| Calendar::england().is_working_day(*d)));
        prop_assert!(made.drivers.len() <= 3);
    }

    #[test]
    fn nobody_finishes_before_the_day_that_was_booked(way in a_way(), days in 0..90_u64) {
        let on = today() + Days::new(days);
        let made = of(&Way { test: TestWay::Booked { on }, ..way });
        prop_assert!(made.one_in_ten >= on);
    }

    #[test]
    fn a_pause_never_makes_it_earlier(way in a_way(), from in 0..60_u64, days in 1..40_u64) {
        let calendar = Calendar::england();
        let from = today() + Days::new(from);
        let pause = Pause { from, until: Some(from + Days::new(days)) };
        let tests: Vec<NaiveDate> = (10..40).step_by(3).map(|n| today() + Days::new(n)).filter(|d| calendar.is_working_day(*d)).collect();
        let slots = slots(&tests, PersonId(uuid::Uuid::nil()));
        let with = |pauses: &[Pause]| {
            dates(&forecast(&way, &Axis::new(today(), &calendar, pauses).with_slots(&slots, &[]), &knowledge(0), Seed::new(3)))
        };
        let (plain, paused) = (with(&[]), with(&[pause]));
        prop_assert!(plain.iter().zip(&paused).all(|(plain, paused)| plain <= paused), "{plain:?} {paused:?}");
    }

    #[test]
    fn more_to_do_is_never_done_earlier(way in a_way(), place in 0..8_usize) {
        let mut less = Way { needs_signature: true, ..just_begun(way) };
        for section in &mut less.sections {
            section.round = section.round.min(1);
        }
        let more = with_more(less.clone(), place);
        let (less, more) = (dates(&of(&less)), dates(&of(&more)));
        prop_assert!(less.iter().zip(&more).all(|(less, more)| less <= more), "{less:?} {more:?}");
    }
}

#[test]
fn stages_are_named_apart() {
    assert_eq!(fresh().stage(Stage::Technical).count(), 2);
    assert!(!fresh().is_booking_open());
    assert!(to_book().is_booking_open());
}
