//! What is read from a product and from the steps that it went through.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::{axis, day, today};
use crate::domain::agreement::{AgreementState, Trigger};
use crate::domain::calendar::{Calendar, Pause};
use crate::domain::catalogue::{Catalogue, Section};
use crate::domain::decide::Setting;
use crate::domain::demonstration::{Date, Demonstration, DemonstrationState};
use crate::domain::facts::{ExistingAgreement, NamedPerson};
use crate::domain::forecast::leg::Leg;
use crate::domain::forecast::way::{AgreementWay, CertificateWay, SectionWay, Step, TestWay, Way};
use crate::domain::product::{Product, SectionRecord};
use crate::domain::reply::UNDO_MINUTES;
use crate::domain::section::{ProductState, SectionState};
use crate::domain::waits::What;
use crate::domain::words::{OrganisationId, PersonId, ProductId, SlotId};

fn noon(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap()).and_utc()
}

/// A product that was added on Monday 24 August 2026; the Monday after it is a bank holiday.
fn product() -> Product {
    Product {
        id: ProductId(uuid::Uuid::nil()),
        reference: "C2A-1001".to_owned(),
        organisation: OrganisationId(uuid::Uuid::nil()),
        organisation_name: "Fernhill".to_owned(),
        version: 1,
        question_set: 1,
        state: ProductState::Active,
        facts: crate::domain::facts::Facts::default(),
        added_at: noon(day(2026, 8, 24)),
        pauses: Vec::new(),
        sections: std::collections::BTreeMap::default(),
        answers: std::collections::BTreeMap::default(),
        party: crate::domain::agreement::Party::default(),
        demonstrations: Vec::new(),
        certificates: Vec::new(),
        agreements: Vec::new(),
        threads: Vec::new(),
        assignees: std::collections::BTreeMap::default(),
        live: crate::domain::live::facts::LiveFacts::default(),
        live_on: None,
        passage: None,
        since: NaiveDate::default(),
        reminded_on: None,
        interested: std::collections::BTreeSet::new(),
        calendar: 0,
    }
}

fn way(product: &Product, steps: &[Step]) -> Option<Way> {
    let catalogue = Catalogue::parse(include_str!("../../catalogue/v1.toml")).unwrap();
    let calendar = Calendar::england();
    let setting = Setting {
        catalogue: &catalogue,
        calendar: &calendar,
        trigger: Trigger::NonFunctional,
        undo_minutes: UNDO_MINUTES,
        now: noon(today()),
    };
    Way::of(product, steps, &setting, &axis())
}

#[test]
fn a_product_that_rests_or_was_withdrawn_has_no_forecast() {
    for state in [ProductState::OnHold, ProductState::Withdrawn] {
        assert_eq!(way(&Product { state, ..product() }, &[]), None);
    }
}

#[test]
fn days_since_a_step_began_are_working_days_without_pauses() {
    let drafted = |product: &Product| way(product, &[]).unwrap().sections[0].passed;
    assert_eq!(drafted(&product()), 9);
    let pause = Pause { from: day(2026, 9, 1), until: Some(day(2026, 9, 3)) };
    assert_eq!(drafted(&Product { pauses: vec![pause], ..product() }), 7);
}

#[test]
fn sections_stand_where_they_are_and_steps_say_since_when() {
    let mut product = product();
    let sent = SectionRecord {
        state: Some(SectionState::Submitted),
        round: 2,
        sent: Some((noon(day(2026, 9, 2)), PersonId(uuid::Uuid::nil()))),
        ..SectionRecord::default()
    };
    product.sections.insert(Section::ClinicalRisk, sent);
    let expected = |passed| SectionWay { section: Section::ClinicalRisk, state: SectionState::Submitted, round: 2, passed };
    assert_eq!(way(&product, &[]).unwrap().sections[1], expected(3));
    let what = What::Review(Section::ClinicalRisk);
    let step = Step { what, round: 2, from: day(2026, 9, 4), until: None, again: false };
    assert_eq!(way(&product, &[step]).unwrap().sections[1], expected(1));
}

#[test]
fn a_booked_day_is_kept_and_steps_that_are_done_tell_the_pace() {
    let mut product = product();
    let on = day(2026, 9, 24);
    let date = Date {
        joining: String::new(),
        slot: SlotId(uuid::Uuid::nil()),
        starts_at: noon(on),
        assessor: None,
        noticed_on: today(),
        facts_by: on,
        checks_by: on,
    };
    product.demonstrations = vec![Demonstration { state: DemonstrationState::Booked, date: Some(date), ..Demonstration::next(0) }];
    let calendar = Calendar::england();
    let review = What::Review(Section::DataSecurity);
    let steps = [
        Step { what: review, round: 1, from: day(2026, 8, 26), until: Some(day(2026, 9, 1)), again: true },
        Step { what: What::Test, round: 1, from: day(2026, 8, 24), until: Some(day(2026, 9, 9)), again: false },
        Step { what: What::GoLive, round: 1, from: day(2026, 8, 24), until: Some(day(2026, 9, 4)), again: false },
    ];
    let way = way(&product, &steps).unwrap();
    assert_eq!(way.test, TestWay::Booked { on });
    assert_eq!(way.taken, steps.iter().filter_map(|s| s.taken(&calendar, &[])).collect::<Vec<_>>());
    let told: Vec<(Leg, u32, bool)> = way.taken.iter().map(|t| (t.leg, t.days, t.again)).collect();
    assert_eq!(told, [(Leg::FirstReview, 3, true), (Leg::Test, 2, false)], "a test counts from the earliest day of the notice");
}

#[test]
fn the_agreement_waits_for_whoever_is_next() {
    let mut product = product();
    assert_eq!(way(&product, &[]).unwrap().agreement, AgreementWay::ToName { passed: 9 });
    product.agreements = vec![crate::domain::agreement::Agreement::next(0)];
    product.agreements[0].signatory =
        NamedPerson { name: "Jo".to_owned(), job_title: "Chief Executive".to_owned(), email: "jo@supplier.example.com".to_owned() };
    assert_eq!(way(&product, &[]).unwrap().agreement, AgreementWay::ToIssue { passed: 0 });
    product.agreements[0].state = AgreementState::Accepted;
    assert_eq!(way(&product, &[]).unwrap().agreement, AgreementWay::Accepted);
    assert_eq!(way(&product, &[]).unwrap().certificate, CertificateWay::ToIssue { passed: 0 });
    assert!(way(&product, &[]).unwrap().needs_signature);
    product.party.existing = Some(ExistingAgreement::SamePerson);
    assert!(!way(&product, &[]).unwrap().needs_signature);
}
