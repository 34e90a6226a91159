//! The second half by commands: from a booked test to live, with every detour, and the database beside the rules.

use std::collections::BTreeSet;

use assured::domain::agreement::AgreementState;
use assured::domain::agreement::command::AgreementCommand;
use assured::domain::agreement::signing::AgreementKind;
use assured::domain::catalogue::Section;
use assured::domain::certificate::{CertificateCommand, CertificateState};
use assured::domain::command::Command;
use assured::domain::condition::Condition;
use assured::domain::demonstration::checks::{Check, CheckResult};
use assured::domain::demonstration::command::{CheckEntry, DemonstrationCommand};
use assured::domain::demonstration::{DemonstrationState, Observation};
use assured::domain::live::{Altered, LiveCommand, Touched};
use assured::domain::refusal::Refusal;
use assured::domain::section::{SectionState, Turn};
use assured::domain::waits::What;
use assured::domain::words::SigningId;
use assured::error::Error;
use chrono::{Days, Duration};

use crate::support::assurance::*;
use crate::support::*;

fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[actix_web::test]
async fn a_product_goes_from_accepted_sections_to_live() {
    let app = TestApp::new().await;
    let reference = app.assured().await;
    let product = app.see(OWNER, &reference).await.unwrap();
    assert_eq!(product.waits().first().map(|w| (w.turn, w.what)), Some((Turn::Supplier, What::Production)));
    let mail = app.mail().await;
    for subject in ["demonstration on", "passed its demonstration", "certificate", "Connection Agreement", "is assured"] {
        assert!(mail.iter().any(|m| m.text.subject.contains(subject)), "no mail about {subject}");
    }
    app.finish().await;
}

#[actix_web::test]
async fn a_date_keeps_two_weeks_notice_and_moving_later_keeps_it() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    let soon = app.published(10).await;
    let refused = refusal(app.try_act(OWNER, &reference, &Command::Demonstration(DemonstrationCommand::Book(soon))).await);
    assert_eq!(refused, Refusal::Missing(Condition::Noticed));
    let booked = app.booked(&reference).await;
    let noticed_on = booked.demonstration().date.as_ref().unwrap().noticed_on;

    // A week later, the notice of a later date counts from the first booking.
    app.advance(Duration::days(7));
    let later = app.published(20).await;
    let moved = app.test(OWNER, &reference, DemonstrationCommand::Move(later)).await;
    assert_eq!(moved.demonstration().date.as_ref().unwrap().noticed_on, noticed_on);
    assert_eq!(moved.demonstration().sequence, 2);

    // An earlier one starts it again: what would have kept the old notice is too soon now.
    let early = app.published(8).await;
    let refused = refusal(app.try_act(OWNER, &reference, &Command::Demonstration(DemonstrationCommand::Move(early))).await);
    assert_eq!(refused, Refusal::Missing(Condition::Noticed));
    let enough = app.published(15).await;
    let moved = app.test(OWNER, &reference, DemonstrationCommand::Move(enough)).await;
    assert!(moved.demonstration().date.as_ref().unwrap().noticed_on > noticed_on);
    app.finish().await;
}

#[actix_web::test]
async fn a_date_that_is_given_back_can_be_taken_by_somebody_else() {
    let app = TestApp::new().await;
    let first = app.accepted_product().await;
    let second = app.accepted_product().await;
    let chosen = app.published(21).await;
    app.test(OWNER, &first, DemonstrationCommand::Book(chosen.clone())).await;
    // Read before the other booked, so it still says that the date is free.
    let late = app.try_act(OWNER, &second, &Command::Demonstration(DemonstrationCommand::Book(chosen.clone()))).await;
    assert_eq!(refusal(late), Refusal::Missing(Condition::SlotFree));
    assert_eq!(app.see(OWNER, &second).await.unwrap().demonstration().state, DemonstrationState::NotBooked);

    app.test(OWNER, &first, DemonstrationCommand::Cancel(String::new())).await;
    let free = app.chosen(chosen.slot).await;
    assert!(free.is_free);
    app.test(OWNER, &second, DemonstrationCommand::Book(free)).await;
    // A product that is withdrawn gives its date back as well.
    app.command(OWNER, &second, Command::Withdraw("Sold.".to_owned())).await;
    assert!(app.chosen(chosen.slot).await.is_free);
    app.finish().await;
}

#[actix_web::test]
async fn a_wish_for_a_date_is_agreed_and_counts_from_the_day_of_asking() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    let wish = app.published(16).await.starts_at + Duration::hours(2);
    app.test(OWNER, &reference, DemonstrationCommand::Ask(vec![wish])).await;
    app.advance(Duration::days(4));
    let other = app.published(21).await;
    let unasked = app.try_act(REVIEWER, &reference, &Command::Demonstration(DemonstrationCommand::Agree(other.clone()))).await;
    assert_eq!(refusal(unasked), Refusal::Missing(Condition::AmongAsked));
    let agreed = assured::domain::demonstration::command::Chosen {
        slot: assured::domain::words::SlotId(new_uuid()),
        starts_at: wish,
        ..other
    };
    let product = app.test(REVIEWER, &reference, DemonstrationCommand::Agree(agreed.clone())).await;
    assert_eq!(product.demonstration().state, DemonstrationState::Booked);
    assert!(!app.chosen(agreed.slot).await.is_free, "the date that was agreed is held");
    app.finish().await;
}

#[actix_web::test]
async fn checks_stop_a_test_until_they_allow_it() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    app.booked(&reference).await;
    let confirm = Command::Demonstration(DemonstrationCommand::Confirm);
    assert_eq!(refusal(app.try_act(REVIEWER, &reference, &confirm).await), Refusal::Missing(Condition::FactsGiven));
    app.described(&reference).await;
    assert_eq!(refusal(app.try_act(REVIEWER, &reference, &confirm).await), Refusal::Missing(Condition::ChecksPassed));
    app.mail().await;
    let entry = |result, note: &str| {
        let entry = CheckEntry { check: Check::Deployed, result: Some(result), note: note.to_owned() };
        Command::Demonstration(DemonstrationCommand::Check(vec![entry]))
    };
    let waived = app.try_act(REVIEWER, &reference, &entry(CheckResult::Waived, "It will do.")).await;
    assert!(matches!(refusal(waived), Refusal::Unknown(_)), "the published checks cannot be waived");
    let unsaid = app.try_act(REVIEWER, &reference, &entry(CheckResult::Problem, " ")).await;
    assert_eq!(refusal(unsaid), Refusal::Missing(Condition::Explained));
    let before = app.mail().await.len();
    let product = app.command(REVIEWER, &reference, entry(CheckResult::Problem, "It runs on a laptop.")).await;
    assert_eq!(product.turn().0, Turn::Supplier);
    let mail = app.mail().await;
    let told = mail.iter().skip(before).filter(|m| m.text.subject.contains("problem")).count();
    assert_eq!(told, 3, "everybody of the supplier hears of a problem at once");
    let product = app.confirmed(&reference).await;
    // Nobody is named yet who signs the agreement; for the test itself, only the day is waited for.
    let test = product.waits().into_iter().find(|w| w.what == What::Test);
    assert_eq!(test.map(|w| w.turn), Some(Turn::Nobody));
    // New facts need a new confirmation.
    app.advance(Duration::days(1));
    assert_eq!(app.described(&reference).await.demonstration().state, DemonstrationState::Booked);
    app.finish().await;
}

#[actix_web::test]
async fn a_failed_test_is_held_again_after_new_notice() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    app.booked(&reference).await;
    app.described(&reference).await;
    app.confirmed(&reference).await;
    let early = Command::Demonstration(DemonstrationCommand::Start);
    assert_eq!(refusal(app.try_act(REVIEWER, &reference, &early).await), Refusal::Missing(Condition::OnTheDay));
    app.started(&reference).await;
    app.marked(&reference, &["b1"]).await;
    let pass = Command::Demonstration(DemonstrationCommand::Pass(String::new()));
    assert_eq!(refusal(app.try_act(REVIEWER, &reference, &pass).await), Refusal::Missing(Condition::AllSeen));
    let failed = app.test(REVIEWER, &reference, DemonstrationCommand::Fail("Logout did not work.".to_owned())).await;
    assert_eq!(failed.waits().first().map(|w| w.what), Some(What::Booking));
    app.booked(&reference).await;
    let again = app.see(OWNER, &reference).await.unwrap();
    assert_eq!(again.demonstrations.len(), 2);
    assert_eq!(again.demonstration().facts.user_number, "555012345678", "facts are not asked twice");
    assert!(!again.demonstration().facts.is_declared, "but the declaration is");
    app.described(&reference).await;
    app.confirmed(&reference).await;
    app.started(&reference).await;
    app.marked(&reference, &["c5"]).await;
    let today = assured::domain::calendar::london_date(app.now());
    let observation = |due_on| Observation {
        text: "Tabs do not follow sign-out.".to_owned(),
        owner: "Tom Bell".to_owned(),
        due_on,
        settled: String::new(),
    };
    let late = DemonstrationCommand::Observe(vec![observation(today - Days::new(1))], String::new());
    let late = app.try_act(REVIEWER, &reference, &Command::Demonstration(late)).await;
    assert_eq!(refusal(late), Refusal::Missing(Condition::ObservationsOwned));
    let observe = DemonstrationCommand::Observe(vec![observation(today + Days::new(30))], String::new());
    app.test(REVIEWER, &reference, observe).await;
    let product = app.certified(&reference).await;
    assert_eq!(product.certificate().unwrap().content.conditions, ["Tabs do not follow sign-out."]);
    app.test(REVIEWER, &reference, DemonstrationCommand::Settle(0, "Seen in version 4.3.".to_owned())).await;
    assert_eq!(app.see(OWNER, &reference).await.unwrap().demonstration().open_observations(), 0);
    app.finish().await;
}

#[actix_web::test]
async fn a_certificate_waits_for_both_technical_sections() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    app.tested(&reference).await;
    let question = vec!["cx-scopes".to_owned()];
    let reopen = assured::domain::command::SectionCommand::Reopen(question, "A mistake.".to_owned());
    app.act(REVIEWER, &reference, Section::Cis2Conformance, reopen).await;
    let prepare = || CertificateCommand::Prepare {
        number: "SAC-2026-AAAA-BBBB-CCCC".to_owned(),
        address: String::new(),
        reason: String::new(),
    };
    let refused = app.try_act(REVIEWER, &reference, &Command::Certificate(prepare())).await;
    assert_eq!(refusal(refused), Refusal::Missing(Condition::TechnicalAccepted));
    app.finish().await;
}

#[actix_web::test]
async fn a_number_is_never_used_twice() {
    let app = TestApp::new().await;
    let (first, second) = (app.accepted_product().await, app.accepted_product().await);
    app.tested(&first).await;
    app.tested(&second).await;
    let prepare = |number: &str| {
        let (address, reason) = (String::new(), "A new one.".to_owned());
        Command::Certificate(CertificateCommand::Prepare { number: number.to_owned(), address, reason })
    };
    let number = "SAC-2026-AAAA-BBBB-CCCC";
    app.command(REVIEWER, &first, prepare(number)).await;
    let taken = app.try_act(REVIEWER, &second, &prepare(number)).await;
    assert!(matches!(taken, Err(Error::Stale)), "{taken:?}");
    assert!(app.see(OWNER, &second).await.unwrap().certificates.is_empty());
    let two = app.try_act(REVIEWER, &first, &prepare("SAC-2026-AAAA-BBBB-DDDD")).await;
    assert_eq!(refusal(two), Refusal::Missing(Condition::OneAtATime));
    app.command(REVIEWER, &first, Command::Certificate(CertificateCommand::Void(number.to_owned()))).await;
    let again = app.try_act(REVIEWER, &first, &prepare(number)).await;
    assert!(matches!(refusal(again), Refusal::Unknown(_)));
    app.finish().await;
}

#[actix_web::test]
async fn a_change_of_sign_in_puts_the_certificate_in_doubt_until_staff_decide() {
    let app = TestApp::new().await;
    let reference = app.assured().await;
    let alter = |what: &str| {
        let touched = BTreeSet::from([Touched::Logout]);
        Command::Live(LiveCommand::Alter(Altered { touched, what: what.to_owned() }))
    };
    assert_eq!(refusal(app.try_act(OWNER, &reference, &alter(" ")).await), Refusal::Missing(Condition::Explained));
    let product = app.command(OWNER, &reference, alter("Logout has a new address.")).await;
    assert!(!product.is_assured());
    assert_eq!(product.certificate().unwrap().state, CertificateState::AtRisk);
    assert_eq!(product.section(Section::Cis2Conformance).state(), SectionState::Returned);
    assert_eq!(product.section(Section::CoreConformance).state(), SectionState::Accepted, "only what it touches");
    let number = product.certificate().unwrap().content.number.clone();
    let keep = CertificateCommand::Keep { number: number.clone(), reason: "It was shown to us.".to_owned() };
    let keep = Command::Certificate(keep);
    assert_eq!(refusal(app.try_act(REVIEWER, &reference, &keep).await), Refusal::Missing(Condition::TechnicalAccepted));
    for key in ["cx-bcl-used", "cx-bcl-url", "cx-bcl-checks"] {
        let value = product.answers[key].value.clone().unwrap();
        app.answer(OWNER, &reference, (key, value), "It still holds.").await;
    }
    app.act(
        OWNER,
        &reference,
        Section::Cis2Conformance,
        assured::domain::command::SectionCommand::Send(statement(Section::Cis2Conformance)),
    )
    .await;
    app.accept(REVIEWER, &reference, Section::Cis2Conformance).await;
    let product = app.command(REVIEWER, &reference, keep).await;
    assert!(product.is_assured());
    let withdraw = Command::Certificate(CertificateCommand::Withdraw { number, reason: "It was wrong.".to_owned() });
    assert_eq!(refusal(app.try_act(REVIEWER, &reference, &withdraw).await), Refusal::NotYours);
    let product = app.command(MANAGER, &reference, withdraw).await;
    assert_eq!(product.certificates.last().unwrap().state, CertificateState::Withdrawn);
    // Another certificate needs no new test, unless staff ask for one.
    app.test(REVIEWER, &reference, DemonstrationCommand::Repeat("Sign-in is new.".to_owned())).await;
    assert_eq!(app.see(OWNER, &reference).await.unwrap().demonstration().state, DemonstrationState::NotBooked);
    app.finish().await;
}

#[actix_web::test]
async fn a_certificate_is_replaced_by_another_and_only_for_a_reason() {
    let app = TestApp::new().await;
    let reference = app.assured().await;
    let prepare = |reason: &str| {
        let number = "SAC-2026-RRRR-RRRR-RRRR".to_owned();
        Command::Certificate(CertificateCommand::Prepare { number, address: String::new(), reason: reason.to_owned() })
    };
    assert_eq!(refusal(app.try_act(REVIEWER, &reference, &prepare("")).await), Refusal::Missing(Condition::OneAtATime));
    let before = app.see(OWNER, &reference).await.unwrap().certificate().unwrap().content.number.clone();
    let product = app.certified(&reference).await;
    assert!(product.is_assured());
    let former = product.certificates.iter().find(|c| c.content.number == before).unwrap();
    let present = product.certificate().unwrap();
    assert_eq!(former.state, CertificateState::Replaced);
    assert_eq!(former.replaced_by.as_ref(), Some(&present.content.number));
    assert_eq!(present.content.replaces.as_ref(), Some(&before));
    app.finish().await;
}

#[actix_web::test]
async fn an_agreement_waits_for_its_sections_its_signatory_and_its_party() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let name = || Command::Agreement(AgreementCommand::Name(officer(), SigningId(new_uuid())));
    let issue = || Command::Agreement(AgreementCommand::Issue(paper(AgreementKind::New), SigningId(new_uuid())));
    assert_eq!(refusal(app.try_act(OWNER, &reference, &name()).await), Refusal::Missing(Condition::PartyKnown));
    app.name_party().await;
    app.command(OWNER, &reference, name()).await;
    assert_eq!(refusal(app.try_act(REVIEWER, &reference, &issue()).await), Refusal::Missing(Condition::TriggerMet));
    let four: Vec<Section> =
        Section::ALL.iter().copied().filter(|s| s.stage() == assured::domain::catalogue::Stage::NonFunctional).collect();
    let product = app.accept_all(&reference, &four).await;
    let by = product.agreement().issue_by.unwrap();
    let today = assured::domain::calendar::london_date(app.now());
    assert_eq!(app.rules.calendar().after(today, 5, &[]).unwrap().on, by, "due 5 working days after the last of the four");
    assert!(product.waits().iter().any(|w| w.what == What::AgreementIssue && w.by == Some(by)));

    // A hold stops the clock.
    app.command(MANAGER, &reference, Command::Hold("Waiting.".to_owned())).await;
    app.advance(Duration::days(14));
    let product = app.command(MANAGER, &reference, Command::Resume("Go on.".to_owned())).await;
    assert!(product.agreement().issue_by.unwrap() > by);
    app.command(REVIEWER, &reference, issue()).await;
    app.finish().await;
}

#[actix_web::test]
async fn a_signed_copy_is_checked_and_may_come_back() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    app.issued(&reference).await;
    let today = assured::domain::calendar::london_date(app.now());
    let sign = |copy| Command::Agreement(AgreementCommand::Sign(Box::new(copy)));
    let undeclared = assured::domain::agreement::command::Copy { is_authorised: false, ..signed_copy(today) };
    assert_eq!(refusal(app.try_act(OWNER, &reference, &sign(undeclared)).await), Refusal::Missing(Condition::Authorised));
    for wrong in [today - Days::new(1), today + Days::new(1)] {
        let refused = app.try_act(OWNER, &reference, &sign(signed_copy(wrong))).await;
        assert_eq!(refusal(refused), Refusal::Missing(Condition::SignedInTime), "{wrong}");
    }
    app.command(OWNER, &reference, sign(signed_copy(today))).await;
    let some = Command::Agreement(AgreementCommand::Accept(BTreeSet::new()));
    assert_eq!(refusal(app.try_act(REVIEWER, &reference, &some).await), Refusal::Missing(Condition::CopyChecked));
    let product = app.agree(REVIEWER, &reference, AgreementCommand::Return("A page is missing.".to_owned())).await;
    assert_eq!(product.turn().0, Turn::Supplier);
    app.command(OWNER, &reference, sign(signed_copy(today))).await;
    let contract = assured::domain::agreement::Contract { number: "CNTR1234567".to_owned(), starts_on: today };
    let product = app.agree(REVIEWER, &reference, AgreementCommand::Record(contract)).await;
    assert_eq!(product.agreement().state, AgreementState::Accepted);
    let renewed = app.agree(REVIEWER, &reference, AgreementCommand::Renew("The terms changed.".to_owned())).await;
    assert_eq!((renewed.agreements.len(), renewed.agreement().state), (2, AgreementState::NotIssued));
    assert_eq!(renewed.agreement().signatory, officer(), "the signatory is not asked again");
    app.finish().await;
}
