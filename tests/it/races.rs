//! Two at once: one wins, the others are told, and nothing happens twice.

use std::sync::Arc;

use assured::act::{Rules, act, add_product};
use assured::domain::account::Place;
use assured::domain::actor::{Actor, Membership};
use assured::domain::catalogue::Section;
use assured::domain::command::{Command, Entry, Reviewer, SectionCommand};
use assured::domain::condition::Condition;
use assured::domain::demonstration::Assessor;
use assured::domain::demonstration::command::{Chosen, DemonstrationCommand};
use assured::domain::event::EventKind;
use assured::domain::facts::Facts;
use assured::domain::notice::Notice;
use assured::domain::product::Product;
use assured::domain::refusal::Refusal;
use assured::domain::section::{Guard, SectionState};
use assured::domain::words::SlotId;
use assured::error::Error;
use assured::store::Db;
use chrono::{DateTime, Duration, Utc};
use tokio::sync::Barrier;

use crate::support::*;

const SECTION: Section = Section::MedicalDevice;

/// What every racer is given.
#[derive(Clone)]
struct Track {
    db: Db,
    rules: Rules,
    now: DateTime<Utc>,
}

impl Track {
    fn of(app: &TestApp) -> Self {
        Self { db: app.db.clone(), rules: app.rules.clone(), now: app.now() }
    }

    /// Carries out the commands at the same moment, each on a thread of its own.
    async fn race(&self, reference: &str, racers: Vec<(Actor, SectionCommand)>) -> Vec<Result<Product, Error>> {
        let gate = Arc::new(Barrier::new(racers.len()));
        let run = |(actor, command): (Actor, SectionCommand)| {
            let (track, gate, reference) = (self.clone(), Arc::clone(&gate), reference.to_owned());
            tokio::spawn(async move {
                gate.wait().await;
                let command = Command::Section(SECTION, command);
                act(&track.db, &track.rules, &actor, (&reference, &command), track.now).await
            })
        };
        let running: Vec<_> = racers.into_iter().map(run).collect();
        let mut results = Vec::new();
        for task in running {
            results.push(task.await.unwrap());
        }
        results
    }
}

/// The refusals; every result must be a success or a refusal.
fn refusals(results: Vec<Result<Product, Error>>) -> Vec<Refusal> {
    let refusal = |result: Result<Product, Error>| match result {
        Ok(_) => None,
        Err(Error::Refused(refusal)) => Some(refusal),
        Err(other) => panic!("{other}"),
    };
    results.into_iter().filter_map(refusal).collect()
}

/// How often something happened to a product.
async fn times(app: &TestApp, reference: &str, kind: EventKind) -> usize {
    let reviewer = app.actor(REVIEWER).await;
    let product = app.see(REVIEWER, reference).await.unwrap();
    let page = app.db.visible(&reviewer).history(&product, 1).await.unwrap();
    page.rows.iter().filter(|e| e.kind == kind).count()
}

/// How many messages of a kind were written.
async fn letters(app: &TestApp, is_kind: fn(&Notice) -> bool) -> usize {
    app.db.all_mail(1).await.unwrap().rows.iter().filter(|l| is_kind(&l.notice)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_reviewers_take_the_same_review() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    let racers = vec![(app.actor(REVIEWER).await, SectionCommand::Take), (app.actor(OTHER_REVIEWER).await, SectionCommand::Take)];
    let refused = refusals(Track::of(&app).race(&reference, racers).await);
    assert_eq!(refused, [Refusal::Unmet(Guard::Unassigned)]);
    assert_eq!(times(&app, &reference, EventKind::ReviewAssigned).await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_eight_who_send_at_once_one_sends() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.answer_all(OWNER, &reference, SECTION).await;
    let (owner, editor) = (app.actor(OWNER).await, app.actor(EDITOR).await);
    let send = || SectionCommand::Send(statement(SECTION));
    let racers = (0..8).map(|n| if n % 2 == 0 { (owner.clone(), send()) } else { (editor.clone(), send()) });
    let refused = refusals(Track::of(&app).race(&reference, racers.collect()).await);
    assert_eq!(refused, vec![Refusal::NotNow(SectionState::Submitted); 7]);
    let product = app.see(OWNER, &reference).await.unwrap();
    assert_eq!(product.section(SECTION).round, 1);
    assert_eq!(times(&app, &reference, EventKind::SectionSent).await, 1);
    // Owner, editor and viewer are told, once each.
    assert_eq!(letters(&app, |n| matches!(n, Notice::SectionSent { .. })).await, 3);
    let frozen = app.db.visible(&owner).submission(&product, SECTION, 1).await.unwrap().unwrap();
    assert_eq!(frozen.digest.len(), 64);
    assert!(app.db.visible(&owner).submission(&product, SECTION, 2).await.unwrap().is_none());
    app.finish().await;
}

#[actix_web::test]
async fn a_button_that_is_pressed_twice_sends_once() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.answer_all(OWNER, &reference, SECTION).await;
    let path = format!("/products/{}/sections/{SECTION}/submission", reference.to_lowercase());
    let fields = [("complete", "yes")];
    let (first, second) = tokio::join!(app.post(OWNER, &path, &fields), app.post(OWNER, &path, &fields));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert!(statuses[0] == 303 && matches!(statuses[1], 303 | 409), "{statuses:?}\n{}\n{}", first.body, second.body);
    assert_eq!(app.see(OWNER, &reference).await.unwrap().section(SECTION).round, 1);
    assert_eq!(letters(&app, |n| matches!(n, Notice::SectionSent { .. })).await, 3);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_review_ends_once() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    app.decide(REVIEWER, &reference, SECTION, &[]).await;
    let reviewer = app.actor(REVIEWER).await;
    let racers = (0..4).map(|_| (reviewer.clone(), SectionCommand::Accept(String::new()))).collect();
    let refused = refusals(Track::of(&app).race(&reference, racers).await);
    assert_eq!(refused, vec![Refusal::NotNow(SectionState::Accepted); 3]);
    assert_eq!(times(&app, &reference, EventKind::SectionAccepted).await, 1);
    assert_eq!(letters(&app, |n| matches!(n, Notice::SectionAccepted { .. })).await, 3);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn taken_back_or_taken_but_not_both() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    let racers = vec![(app.actor(EDITOR).await, SectionCommand::TakeBack), (app.actor(REVIEWER).await, SectionCommand::Take)];
    let refused = refusals(Track::of(&app).race(&reference, racers).await);
    let product = app.see(OWNER, &reference).await.unwrap();
    let record = product.section(SECTION);
    if record.state() == SectionState::Draft {
        assert_eq!(refused, [Refusal::NotNow(SectionState::Draft)]);
    } else {
        assert_eq!(refused, [Refusal::Unmet(Guard::ReviewNotStarted)]);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn accepted_or_handed_over_but_not_both() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    app.decide(REVIEWER, &reference, SECTION, &[]).await;
    let other = app.actor(OTHER_REVIEWER).await;
    let given = SectionCommand::Assign(Reviewer { person: other.person(), name: other.name().to_owned() });
    let racers = vec![(app.actor(REVIEWER).await, SectionCommand::Accept(String::new())), (app.actor(MANAGER).await, given)];
    let refused = refusals(Track::of(&app).race(&reference, racers).await);
    let state = app.see(OWNER, &reference).await.unwrap().section(SECTION).state();
    let expected =
        if state == SectionState::Accepted { Refusal::NotNow(SectionState::Accepted) } else { Refusal::Unmet(Guard::HeldByYou) };
    assert_eq!(refused, [expected]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_people_save_the_same_answer() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let product = app.answer_all(OWNER, &reference, SECTION).await;
    let key = product.answers.keys().find(|k| k.starts_with("md-")).unwrap().clone();
    let said = |remark: &str| {
        let answer = &product.answers[&key];
        let (edition, value) = (answer.edition, answer.value.clone());
        SectionCommand::Answer(vec![Entry { question: key.clone(), edition, value, remark: remark.to_owned() }])
    };
    let racers = vec![(app.actor(OWNER).await, said("From the owner.")), (app.actor(EDITOR).await, said("From the editor."))];
    let refused = refusals(Track::of(&app).race(&reference, racers).await);
    assert_eq!(refused, [Refusal::Outdated(vec![key.clone()])]);
    let kept = app.see(OWNER, &reference).await.unwrap().answers[&key].clone();
    assert_eq!(kept.edition, product.answers[&key].edition + 1);
    assert!(kept.remark.starts_with("From the "));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn products_that_are_added_at_once_have_numbers_of_their_own() {
    let app = TestApp::new().await;
    let (track, owner, of) = (Track::of(&app), app.actor(OWNER).await, app.organisation(OWNER).await);
    let gate = Arc::new(Barrier::new(8));
    let add = |number: u32| {
        let (track, owner, gate) = (track.clone(), owner.clone(), Arc::clone(&gate));
        tokio::spawn(async move {
            gate.wait().await;
            let facts = Facts { name: format!("Wardlight {number}"), ..facts() };
            add_product(&track.db, &track.rules, &owner, (of, facts), track.now).await
        })
    };
    let running: Vec<_> = (0..8).map(add).collect();
    let mut references = Vec::new();
    for task in running {
        references.push(task.await.unwrap().unwrap().reference);
    }
    references.sort();
    assert_eq!(references, (1001..1009).map(|n| format!("C2A-{n}")).collect::<Vec<_>>());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_invitation_is_accepted_once() {
    let app = TestApp::new().await;
    let (owner, of) = (app.actor(OWNER).await, app.organisation(OWNER).await);
    let place = Place::Supplier(of, Membership::Editor);
    app.db.invite(&owner, ("Ada Frost", "ada.frost@wardlight.example"), &place, app.now()).await.unwrap();
    let invitation = app.db.invitations(Some(of)).await.unwrap()[0].id.0;
    let (db, now, gate) = (app.db.clone(), app.now(), Arc::new(Barrier::new(4)));
    let accept = |_| {
        let (db, gate) = (db.clone(), Arc::clone(&gate));
        tokio::spawn(async move {
            gate.wait().await;
            db.accept(invitation, "Ada Frost", Some("unusable".to_owned()), now).await
        })
    };
    let running: Vec<_> = (0..4).map(accept).collect();
    let mut accepted = 0;
    for task in running {
        match task.await.unwrap() {
            Ok(_) => accepted += 1,
            Err(error) => assert!(matches!(error, Error::NotFound), "{error}"),
        }
    }
    assert_eq!(accepted, 1);
    let members = app.db.members(of).await.unwrap();
    assert_eq!(members.iter().filter(|m| m.name == "Ada Frost").count(), 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_two_owners_cannot_both_go() {
    let app = TestApp::new().await;
    let (owner, of) = (app.actor(OWNER).await, app.organisation(OWNER).await);
    let editor = app.id(EDITOR).await;
    app.db.change_member(&owner, of, (editor, Some(Membership::Owner)), app.now()).await.unwrap();
    let (other, now) = (app.actor(EDITOR).await, app.now());
    let leave = |actor: Actor| {
        let db = app.db.clone();
        tokio::spawn(async move { db.change_member(&actor, of, (actor.person(), None), now).await })
    };
    let (first, second) = (leave(owner), leave(other));
    let results = [first.await.unwrap(), second.await.unwrap()];
    assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1, "{results:?}");
    app.finish().await;
}

#[actix_web::test]
async fn of_eight_suppliers_who_want_one_date_one_gets_it() {
    let app = TestApp::new().await;
    let mut references = Vec::new();
    for _ in 0..8 {
        references.push(crate::bookings::bookable(&app).await.0);
    }
    crate::bookings::publish(&app, &["2026-04-28T09:00:00Z"]).await;
    let reviewer = app.actor(REVIEWER).await;
    let free = app.db.visible(&reviewer).free_slots(app.now()).await.unwrap();
    let chosen = app.chosen(free[0].id).await;
    // All have read that the date is free.
    let book = |reference: &String| {
        let (reference, command) = (reference.clone(), Command::Demonstration(DemonstrationCommand::Book(chosen.clone())));
        let app = &app;
        async move { app.try_act(OWNER, &reference, &command).await }
    };
    let answers = futures_util::future::join_all(references.iter().map(book)).await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
    for answer in answers.into_iter().filter_map(Result::err) {
        assert!(matches!(answer, Error::Refused(Refusal::Missing(Condition::SlotFree))), "{answer}");
    }
    let mut held = 0;
    for reference in &references {
        held += usize::from(app.see(OWNER, reference).await.unwrap().demonstration().date.is_some());
    }
    assert_eq!(held, 1);
    app.finish().await;
}

#[actix_web::test]
async fn nobody_is_given_two_demonstrations_that_overlap() {
    let app = TestApp::new().await;
    let (reviewer, manager) = (app.actor(REVIEWER).await, app.actor(MANAGER).await);
    let first = crate::bookings::at("2026-04-28T09:00:00Z");
    let moments: Vec<DateTime<Utc>> = (0..6).map(|n| first + Duration::minutes(15 * n)).collect();
    let mut wishes = Vec::new();
    for moment in &moments {
        let (reference, _) = crate::bookings::bookable(&app).await;
        app.test(OWNER, &reference, DemonstrationCommand::Ask(vec![*moment])).await;
        wishes.push((reference, *moment));
    }
    // All have read that the assessor has no date in these hours, each on a connection that is open now.
    futures_util::future::join_all(wishes.iter().map(|(reference, _)| app.see(MANAGER, reference))).await;
    let assessor = Assessor { person: reviewer.person(), name: reviewer.name().to_owned() };
    let agree = |(reference, starts_at): &(String, DateTime<Utc>)| {
        let slot = SlotId(crate::support::assurance::new_uuid());
        let chosen = Chosen { slot, starts_at: *starts_at, assessor: Some(assessor.clone()), is_free: true };
        let (reference, command) = (reference.clone(), Command::Demonstration(DemonstrationCommand::Agree(chosen)));
        let app = &app;
        async move { app.try_act(MANAGER, &reference, &command).await }
    };
    let agreed = futures_util::future::join_all(wishes.iter().map(agree)).await;
    assert_eq!(agreed.iter().filter(|a| a.is_ok()).count(), 1, "somebody was to be in several places at once");
    for answer in agreed.into_iter().filter_map(Result::err) {
        assert!(matches!(answer, Error::Refused(Refusal::Missing(Condition::SlotFree))), "{answer}");
    }
    // Nor when dates are published at the same moment.
    let later: Vec<_> = moments.iter().map(|m| [*m + Duration::days(7)]).collect();
    let publish = |dates| app.db.publish_slots(&manager, dates, Some(reviewer.person()), app.now());
    let published = futures_util::future::join_all(later.iter().map(|dates| publish(dates))).await;
    assert_eq!(published.into_iter().map(Result::unwrap).sum::<usize>(), 1);
    app.finish().await;
}
