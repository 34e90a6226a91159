//! Steps as events tell them: a plain way, and everything that turns back.

use chrono::{Days, NaiveDate};

use super::day;
use crate::domain::calendar::{Calendar, Pause};
use crate::domain::catalogue::Section;
use crate::domain::event::EventKind;
use crate::domain::forecast::leg::Leg;
use crate::domain::forecast::{Happened, Past, Step, steps};
use crate::domain::passage::{Awaited, Party, Phase, Posture};
use crate::domain::section::Turn;
use crate::domain::waits::{Topic, What};

const RISK: Section = Section::ClinicalRisk;

/// Day 0 is a Monday.
fn on(number: u64) -> NaiveDate {
    day(2026, 9, 7) + Days::new(number)
}

fn wait(topic: Topic) -> Awaited {
    let section = matches!(topic, Topic::Answers | Topic::Review | Topic::Feedback).then_some(RISK);
    Awaited { turn: Turn::Supplier, topic, section, by: None }
}

/// The day of a test that is known.
fn test(day: u64) -> Awaited {
    Awaited { by: Some(on(day)), ..wait(Topic::Test) }
}

fn event(number: u64, kind: EventKind, waits: &[Awaited]) -> Happened {
    let posture = Posture { phase: Phase::UnderWay, party: Party::Supplier, waits: waits.to_vec() };
    Happened { on: on(number), kind, posture }
}

fn step(what: What, round: u32, (from, until): (u64, Option<u64>), again: bool) -> Step {
    Step { what, round, from: on(from), until: until.map(on), again }
}

#[test]
fn a_review_that_returned_is_done_again() {
    let told = [
        Happened {
            posture: Posture { phase: Phase::NotStarted, ..event(0, EventKind::ProductAdded, &[wait(Topic::Answers)]).posture },
            ..event(0, EventKind::ProductAdded, &[])
        },
        event(2, EventKind::Answered, &[wait(Topic::Answers)]),
        event(4, EventKind::SectionSent, &[wait(Topic::Review)]),
        event(8, EventKind::SectionReturned, &[wait(Topic::Feedback)]),
        event(9, EventKind::SectionSent, &[wait(Topic::Review)]),
        event(10, EventKind::SectionAccepted, &[]),
    ];
    let expected = [
        step(What::Answers(RISK), 1, (2, Some(4)), false),
        step(What::Review(RISK), 1, (4, Some(8)), true),
        step(What::Feedback(RISK), 1, (8, Some(9)), false),
        step(What::Review(RISK), 2, (9, Some(10)), false),
    ];
    assert_eq!(steps(&told), expected, "days before the first answer are no step");
    assert_eq!(steps(&told[..4])[2], step(What::Feedback(RISK), 1, (8, None), false));
}

#[test]
fn a_section_that_is_taken_back_was_never_sent() {
    let told = [
        event(0, EventKind::Answered, &[wait(Topic::Answers)]),
        event(2, EventKind::SectionSent, &[wait(Topic::Review)]),
        event(3, EventKind::SectionTakenBack, &[wait(Topic::Answers)]),
        event(7, EventKind::SectionSent, &[wait(Topic::Review)]),
    ];
    assert_eq!(steps(&told), [step(What::Answers(RISK), 1, (0, Some(7)), false), step(What::Review(RISK), 1, (7, None), false)]);
}

#[test]
fn a_correction_after_acceptance_is_another_round_and_stops_the_certificate() {
    let told = [
        event(0, EventKind::SectionSent, &[wait(Topic::Review)]),
        event(1, EventKind::SectionAccepted, &[wait(Topic::Certificate)]),
        event(3, EventKind::SectionReopened, &[wait(Topic::Feedback)]),
        event(4, EventKind::SectionSent, &[wait(Topic::Review)]),
        event(7, EventKind::SectionAccepted, &[wait(Topic::Certificate)]),
        event(8, EventKind::CertificateIssued, &[]),
    ];
    let expected = [
        step(What::Review(RISK), 1, (0, Some(1)), false),
        step(What::Feedback(RISK), 1, (3, Some(4)), false),
        step(What::Review(RISK), 2, (4, Some(7)), false),
        step(What::Certificate, 1, (7, Some(8)), false),
    ];
    assert_eq!(steps(&told), expected);
}

#[test]
fn a_test_runs_from_its_booking_to_its_day_whatever_is_waited_for_meanwhile() {
    let told = [
        event(0, EventKind::SectionSent, &[wait(Topic::Booking)]),
        event(2, EventKind::DemonstrationBooked, &[wait(Topic::TestFacts)]),
        event(3, EventKind::TestDescribed, &[wait(Topic::Checks)]),
        event(4, EventKind::ChecksRecorded, &[wait(Topic::CheckProblem)]),
        event(7, EventKind::DemonstrationConfirmed, &[test(18)]),
        event(18, EventKind::TestStarted, &[Awaited { topic: Topic::RunSheet, ..test(18) }]),
        event(21, EventKind::TestPassed, &[wait(Topic::Certificate)]),
    ];
    let expected = [
        step(What::Booking, 1, (0, Some(2)), false),
        step(What::Test, 1, (2, Some(18)), false),
        step(What::Certificate, 1, (21, None), false),
    ];
    assert_eq!(steps(&told), expected);
    assert_eq!(steps(&told[..5])[1].until, None);
}

#[test]
fn a_test_that_is_moved_or_not_passed_is_another_one_and_moving_books_at_once() {
    let told = [
        event(0, EventKind::SectionSent, &[wait(Topic::Booking)]),
        event(1, EventKind::DemonstrationBooked, &[test(16)]),
        event(8, EventKind::DemonstrationMoved, &[wait(Topic::Checks)]),
        event(9, EventKind::DemonstrationConfirmed, &[test(23)]),
        event(24, EventKind::TestNotPassed, &[wait(Topic::Booking)]),
    ];
    let expected = [
        step(What::Booking, 1, (0, Some(1)), false),
        step(What::Test, 1, (1, Some(8)), true),
        step(What::Booking, 2, (8, Some(8)), false),
        step(What::Test, 2, (8, Some(23)), true),
        step(What::Booking, 3, (24, None), false),
    ];
    assert_eq!(steps(&told), expected);
    let legs: Vec<Option<Leg>> = expected.iter().map(|s| s.taken(&Calendar::england(), &[]).map(|t| t.leg)).collect();
    assert_eq!(legs, [Some(Leg::Booking), Some(Leg::Test), Some(Leg::Rebooking), Some(Leg::Test), None]);
}

#[test]
fn a_signed_copy_that_came_back_is_signed_again() {
    let told = [
        event(0, EventKind::AgreementIssued, &[wait(Topic::Signature)]),
        event(2, EventKind::AgreementSigned, &[wait(Topic::SignedCopy)]),
        event(3, EventKind::AgreementReturned, &[wait(Topic::Signature)]),
        event(4, EventKind::AgreementSigned, &[wait(Topic::SignedCopy)]),
    ];
    let expected = [
        step(What::Signature, 1, (0, Some(2)), false),
        step(What::SignedCopy, 1, (2, Some(3)), true),
        step(What::Signature, 1, (3, Some(4)), false),
        step(What::SignedCopy, 1, (4, None), false),
    ];
    assert_eq!(steps(&told), expected);
}

#[test]
fn a_hold_ends_no_step_and_its_days_do_not_count() {
    let held = |number| {
        let posture = Posture { phase: Phase::UnderWay, party: Party::OnHold, waits: Vec::new() };
        Happened { on: on(number), kind: EventKind::ProductHeld, posture }
    };
    let told = [
        event(0, EventKind::SectionSent, &[wait(Topic::Review)]),
        held(1),
        event(7, EventKind::ProductResumed, &[wait(Topic::Review)]),
        event(8, EventKind::SectionAccepted, &[]),
    ];
    let expected = [step(What::Review(RISK), 1, (0, Some(8)), false)];
    assert_eq!(steps(&told), expected);
    let pauses = vec![Pause { from: on(1), until: Some(on(7)) }];
    let past = Past { started: on(0), finished: on(8), pauses, events: told.to_vec() };
    assert_eq!(past.example(&Calendar::england()).taken[0].days, 2);
}

#[test]
fn what_came_after_assurance_teaches_nothing() {
    let told = vec![
        event(0, EventKind::SectionSent, &[wait(Topic::Review)]),
        event(3, EventKind::SectionAccepted, &[wait(Topic::Production)]),
        event(30, EventKind::SectionReopened, &[wait(Topic::Feedback)]),
    ];
    let past = Past { started: on(0), finished: on(3), pauses: Vec::new(), events: told.clone() };
    assert_eq!(past.example(&Calendar::england()).taken.len(), 1);
    assert_eq!(steps(&told).len(), 2);
}

#[test]
fn a_withdrawn_product_waits_for_nothing() {
    let mut last = event(2, EventKind::ProductWithdrawn, &[]);
    last.posture.phase = Phase::Withdrawn;
    let told =
        [event(0, EventKind::Answered, &[wait(Topic::Answers)]), event(1, EventKind::SectionSent, &[wait(Topic::Review)]), last];
    assert_eq!(steps(&told), [step(What::Answers(RISK), 1, (0, Some(1)), false)]);
}
