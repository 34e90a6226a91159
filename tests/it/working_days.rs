//! Working days changed by an administrator: open promises follow the calendar, once, and the people concerned are told.

use assured::act::Rules;
use assured::domain::amendment::{Act, Amendment, DayKind, missing_year};
use assured::domain::calendar::Calendar;
use assured::domain::catalogue::Section;
use assured::domain::command::{Command, SectionCommand};
use assured::domain::demonstration::command::DemonstrationCommand;
use assured::domain::event::EventKind;
use assured::domain::thread::ThreadCommand;
use assured::domain::words::ThreadId;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use crate::page::form;
use crate::support::http::Reply;
use crate::support::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn amendment(number: u32, on: NaiveDate, act: Act) -> Amendment {
    Amendment { number, on, act, kind: DayKind::Closure, name: "Move of the office".to_owned(), reason: "No move".to_owned() }
}

proptest! {
    /// A closure never shortens a promise, moves only those that lie on it or after it, and gives what the rule gives;
    /// taken back, every date is what it was.
    #[test]
    fn a_promise_follows_the_calendar_there_and_back(start in 0_u64..900, n in 1_u32..15, ahead in 1_u64..30, more in 1_u64..30) {
        let from = day("2026-01-05") + Days::new(start);
        let england = Calendar::england();
        let on = |ahead: u64| (from + Days::new(ahead)).iter_days().find(|d| england.is_working_day(*d)).unwrap();
        let promised = england.after(from, n, &[]).unwrap().on;
        let (first, second) = (on(ahead), on(ahead + more));
        prop_assume!(first != second);
        let added = vec![amendment(1, first, Act::Added), amendment(2, second, Act::Added)];
        let both = england.clone().amended(added.clone());
        let moved = both.recounted(promised, 0);
        prop_assert!(moved >= promised);
        prop_assert_eq!(moved > promised, first <= promised || second <= moved.min(promised));
        prop_assert_eq!(moved, both.after(from, n, &[]).unwrap().on);
        prop_assert_eq!(both.recounted(moved, 2), moved, "what was counted with it stays");
        let back = both.amended(vec![amendment(3, second, Act::Removed), amendment(4, first, Act::Removed)]);
        prop_assert_eq!(back.recounted(moved, 2), promised);
        prop_assert_eq!(back.recounted(promised, 0), promised);
    }
}

#[test]
fn from_october_the_bank_holidays_of_the_next_year_should_be_known() {
    assert_eq!(missing_year(&[], day("2027-12-31")), None);
    assert_eq!(missing_year(&[], day("2028-09-30")), None);
    assert_eq!(missing_year(&[], day("2028-10-01")), Some(2029));
    assert_eq!(missing_year(&[], day("2029-01-01")), Some(2029));
    let compared = [amendment(1, day("2029-01-01"), Act::Compared)];
    assert_eq!(missing_year(&compared, day("2029-09-01")), None);
    assert_eq!(missing_year(&compared, day("2029-10-01")), Some(2030));
}

const SECTION: Section = Section::MedicalDevice;

/// Looks at what a day would move.
async fn look(app: &TestApp, (day, month, year): (&str, &str, &str)) -> Reply {
    let fields = [("day-day", day), ("day-month", month), ("day-year", year), ("name", "Move of the office"), ("kind", "closure")];
    app.post(ADMINISTRATOR, "/admin/calendar/preview", &fields).await
}

/// Sends the form of a preview.
async fn confirm(app: &TestApp, preview: &Reply, button: &str, reason: &str) -> Reply {
    let form = form(preview.is(200), "/admin/calendar", button);
    let mut fields = form.pressed(button);
    fields.retain(|(name, _)| name != "reason");
    fields.push(("reason".to_owned(), reason.to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(ADMINISTRATOR, &form.action, &fields).await
}

async fn message(app: &TestApp, reference: &str) {
    let thread = ThreadId(assured::secret::new_id());
    let start = ThreadCommand::Start { thread, subject: "When?".to_owned(), text: "When can we test?".to_owned() };
    app.try_act(OWNER, reference, &Command::Thread(start)).await.unwrap();
}

#[actix_web::test]
async fn a_closure_moves_what_is_open_and_nothing_else_and_back_again() {
    let app = TestApp::new().await;
    // Thursday 2 April: 5 working days on is Monday 13, and 2 are Wednesday 8.
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    app.act(REVIEWER, &reference, SECTION, SectionCommand::Take).await;
    message(&app, &reference).await;
    let other = app.product(OWNER).await;
    app.send(OWNER, &other, SECTION).await;
    app.send_back(OTHER_REVIEWER, &other, SECTION, &["md-is-device"]).await;
    let done = app.product(OWNER).await;
    app.send(OWNER, &done, SECTION).await;
    app.accept(OTHER_REVIEWER, &done, SECTION).await;
    let finished = app.see(OWNER, &done).await.unwrap();
    app.mail().await;
    let seen = app.mail_so_far().len();

    let preview = look(&app, ("10", "4", "2026")).await;
    preview.is(200).has("This closure moves 2 reply-by dates to a day later.");
    preview.has("Tuesday 14\u{a0}April 2026").has("instead of Monday 13\u{a0}April 2026");
    preview.lacks("When?");
    assert_eq!(app.see(OWNER, &reference).await.unwrap().section(SECTION).reply_by, Some(day("2026-04-13")), "only looked at");
    app.get(ADMINISTRATOR, "/admin/calendar?year=2027").await.has(">2026</a>").has("aria-current=\"page\">2027</a>");
    confirm(&app, &preview, "Add this day", "").await.goes_to("/admin/calendar?year=2026");
    // The same form once more changes nothing more.
    confirm(&app, &preview, "Add this day", "").await.goes_to("/admin/calendar?year=2026");
    assert_eq!(app.worker.recount().await.unwrap(), 2);
    assert_eq!(app.worker.recount().await.unwrap(), 0);

    let product = app.see(OWNER, &reference).await.unwrap();
    assert_eq!(product.section(SECTION).reply_by, Some(day("2026-04-14")));
    assert_eq!(product.due(SECTION, app.rules.calendar()).unwrap().on, day("2026-04-14"), "the working says the same");
    assert_eq!(product.threads[0].reply_by, Some(day("2026-04-08")));
    assert_eq!(app.see(OWNER, &other).await.unwrap().section(SECTION).reply_by, Some(day("2026-04-21")));
    assert_eq!(app.see(OWNER, &done).await.unwrap(), finished, "what is done stays");
    app.get(OWNER, "/products/c2a-1001/history")
        .await
        .has("1 date moved with the calendar")
        .has("The assurance team does not work on Friday 10 April 2026");
    app.get(OWNER, "/products/c2a-1001").await.has("Move of the office");
    app.clocks_agree().await;
    app.mail().await;
    let told: Vec<String> = app.mail_so_far()[seen..].iter().map(|m| m.to.clone()).collect();
    assert_eq!(told.iter().filter(|to| *to == OWNER.email).count(), 2, "one for each product: {told:?}");
    assert_eq!(told.iter().filter(|to| *to == REVIEWER.email).count(), 1, "whoever has the review: {told:?}");
    let letter = app.mail_so_far().into_iter().rfind(|m| m.to == REVIEWER.email).unwrap();
    assert_eq!(letter.text.subject, "Wardlight 1: a date has moved");
    let line = "- The review of medical device status: Tuesday 14 April 2026 instead of Monday 13 April 2026";
    assert!(letter.text.body.contains(line), "{}", letter.text.body);

    let removal = app.get(ADMINISTRATOR, "/admin/calendar/2026-04-10/removal").await;
    removal.is(200).has("This moves 2 reply-by dates to a day earlier.");
    confirm(&app, &removal, "Make it a working day", "").await.is(422).has("Enter a reason");
    confirm(&app, &removal, "Make it a working day", "The move is off").await.is(303);
    assert_eq!(app.worker.recount().await.unwrap(), 2);
    assert_eq!(app.see(OWNER, &reference).await.unwrap().section(SECTION).reply_by, Some(day("2026-04-13")));
    assert_eq!(app.see(OWNER, &other).await.unwrap().section(SECTION).reply_by, Some(day("2026-04-20")));
    app.get(ADMINISTRATOR, "/admin/calendar").await.has("is a working day after all (The move is off): Owen Davies");
    app.clocks_agree().await;
    app.finish().await;
}

#[actix_web::test]
async fn whatever_was_promised_moves_by_one_message_and_a_test_on_the_day_is_named() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    for section in [Section::CoreConformance, Section::Cis2Conformance] {
        app.send(OWNER, &reference, section).await;
    }
    let wish = app.published(25).await;
    app.test(OWNER, &reference, DemonstrationCommand::Ask(vec![wish.starts_at])).await;
    message(&app, &reference).await;
    app.worker.recount().await.unwrap();
    app.mail().await;
    let seen = app.mail_so_far().len();
    let preview = look(&app, ("8", "4", "2026")).await;
    preview
        .has("This closure moves 4 reply-by dates to a day later.")
        .has("Answer to “When?”")
        .lacks("Demonstrations booked on this day");
    confirm(&app, &preview, "Add this day", "").await.is(303);
    app.worker.recount().await.unwrap();
    app.mail().await;
    let told: Vec<_> = app.mail_so_far().split_off(seen).into_iter().filter(|m| m.to == OWNER.email).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].text.subject, "Wardlight 1: 4 dates have moved");
    assert!(
        told[0].text.body.contains("The assurance team does not work on Wednesday 8 April 2026 (Move of the office)."),
        "{}",
        told[0].text.body
    );
    let product = app.see(OWNER, &reference).await.unwrap();
    assert_eq!(product.threads[0].reply_by, Some(day("2026-04-09")));
    assert_eq!(product.demonstration().wish.as_ref().unwrap().reply_by, day("2026-04-14"));

    let booked = app.product(OWNER).await;
    for section in [Section::CoreConformance, Section::Cis2Conformance] {
        app.send(OWNER, &booked, section).await;
    }
    let date = app.published(22).await;
    let on = date.starts_at.date_naive();
    let before = app.test(OWNER, &booked, DemonstrationCommand::Book(date)).await;
    let parts = [on.format("%-d").to_string(), on.format("%-m").to_string(), on.format("%Y").to_string()];
    let preview = look(&app, (&parts[0], &parts[1], &parts[2])).await;
    preview.has("Demonstrations booked on this day").has("Wardlight 2, C2A-1002");
    confirm(&app, &preview, "Add this day", "").await.is(303);
    app.worker.recount().await.unwrap();
    let after = app.see(OWNER, &booked).await.unwrap();
    assert_eq!(after.demonstration().date, before.demonstration().date, "people agree on another date");
    app.finish().await;
}

#[actix_web::test]
async fn every_process_decides_with_the_calendar_of_the_database() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    let preview = look(&app, ("10", "4", "2026")).await;
    confirm(&app, &preview, "Add this day", "").await.is(303);
    // Another process that has not looked yet: the first act in it brings the product up to the calendar.
    let rules = Rules::published().unwrap();
    assert_eq!(rules.calendar().edition(), 0);
    let (actor, take) = (app.actor(REVIEWER).await, Command::Section(SECTION, SectionCommand::Take));
    let product = assured::act::act(&app.db, &rules, &actor, (&reference, &take), app.now()).await.unwrap();
    assert_eq!(product.section(SECTION).reply_by, Some(day("2026-04-14")));
    assert_eq!((product.calendar, rules.calendar().edition()), (1, 1));
    let history = app.db.visible(&actor).history(&product, 1).await.unwrap();
    let kinds: Vec<EventKind> = history.rows.iter().map(|e| e.kind).take(2).collect();
    assert!(kinds.contains(&EventKind::CalendarMoved) && kinds.contains(&EventKind::ReviewAssigned), "{kinds:?}");
    let moved = history.rows.iter().find(|e| e.kind == EventKind::CalendarMoved).unwrap();
    assert_eq!(moved.by, "CIS2 assurance");
    assert_eq!(app.worker.recount().await.unwrap(), 0, "it has moved already");
    // What is promised from now on is counted with it.
    let other = app.product(OWNER).await;
    let sent = app.send(OWNER, &other, SECTION).await;
    assert_eq!(sent.section(SECTION).reply_by, Some(day("2026-04-14")));
    assert_eq!(app.worker.recount().await.unwrap(), 0);
    app.clocks_agree().await;
    app.finish().await;
}

#[actix_web::test]
async fn what_is_left_of_a_promise_on_hold_is_the_same_after_a_closure() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    for section in [Section::CoreConformance, Section::Cis2Conformance] {
        app.send(OWNER, &reference, section).await;
    }
    let wish = app.published(40).await;
    app.test(OWNER, &reference, DemonstrationCommand::Ask(vec![wish.starts_at])).await;
    app.command(OWNER, &reference, Command::Hold("Budget".to_owned())).await;
    let preview = look(&app, ("9", "4", "2026")).await;
    preview.has("This closure moves no dates.");
    confirm(&app, &preview, "Add this day", "").await.is(303);
    assert_eq!(app.worker.recount().await.unwrap(), 0);
    app.advance(chrono::Duration::days(18));
    let resumed = app.command(OWNER, &reference, Command::Resume("Go".to_owned())).await;
    // 6 working days were left on 2 April, the day of the hold with them; from Monday 20 April they end a week later.
    assert_eq!(resumed.demonstration().wish.as_ref().unwrap().reply_by, day("2026-04-27"));
    app.clocks_agree().await;
    app.worker.recount().await.unwrap();
    app.finish().await;
}

#[actix_web::test]
async fn what_cannot_be_added_is_said_and_only_administrators_find_the_page() {
    let app = TestApp::new().await;
    look(&app, ("26", "3", "2027")).await.is(422).has("Good Friday 2027 is already in the calendar").has("value=\"26\"");
    look(&app, ("1", "4", "2026")).await.is(422).has("The day must be in the future");
    look(&app, ("11", "4", "2026")).await.is(422).has("Saturday 11 April 2026 is no working day already");
    let nothing = app.post(ADMINISTRATOR, "/admin/calendar/preview", &[]).await;
    nothing.is(422).has("Enter the date").has("Enter a name").has("Select what kind of day it is");
    let fields = [("seen", "0"), ("day", "2027-03-26"), ("name", "Again"), ("kind", "closure")];
    app.post(ADMINISTRATOR, "/admin/calendar", &fields).await.is(422).has("Good Friday 2027 is already in the calendar");
    // A preview that somebody else's change has overtaken.
    let (one, other) = (look(&app, ("10", "4", "2026")).await, look(&app, ("13", "4", "2026")).await);
    confirm(&app, &one, "Add this day", "").await.is(303);
    confirm(&app, &other, "Add this day", "").await.is(409);
    app.get(ADMINISTRATOR, "/admin/calendar").await.is(200).has("Move of the office").lacks("Monday 13\u{a0}April 2026");
    app.get(ADMINISTRATOR, "/admin/calendar/2026-04-01/removal").await.is(404);
    app.get(ADMINISTRATOR, "/admin/calendar/2026-04-14/removal").await.is(404);
    app.get(ADMINISTRATOR, "/admin/calendar/never/removal").await.is(404);
    for who in [OWNER, REVIEWER, MANAGER] {
        app.get(who, "/admin/calendar").await.is(404);
        app.post(who, "/admin/calendar", &fields).await.is(404);
    }
    app.clock.set("2028-10-02T09:00:00Z".parse().unwrap());
    app.get(ADMINISTRATOR, "/admin/calendar").await.has("Bank holidays of 2029 are not confirmed");
    app.post(ADMINISTRATOR, "/admin/calendar/comparison", &[("year", "2029")]).await.is(303);
    app.get(ADMINISTRATOR, "/admin/calendar").await.lacks("are not confirmed");
    app.finish().await;
}
