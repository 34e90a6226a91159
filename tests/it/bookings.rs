//! A supplier books a conformance test, moves it and asks for a date, over the pages.

use assured::domain::catalogue::Section;
use assured::domain::demonstration::DemonstrationState;
use assured::domain::demonstration::command::{Chosen, DemonstrationCommand};
use assured::domain::product::Product;
use chrono::{DateTime, Duration, Utc};

use crate::page::{Form, form, link};
use crate::support::assurance::new_uuid;
use crate::support::http::Reply;
use crate::support::*;

/// A product whose test can be booked, and the address of the page of the test.
pub async fn bookable(app: &TestApp) -> (String, String) {
    let reference = app.product(OWNER).await;
    for section in [Section::CoreConformance, Section::Cis2Conformance] {
        app.send(OWNER, &reference, section).await;
    }
    let address = format!("/products/{}/demonstration", reference.to_lowercase());
    (reference, address)
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub async fn publish(app: &TestApp, moments: &[&str]) {
    let reviewer = app.actor(REVIEWER).await;
    let moments: Vec<DateTime<Utc>> = moments.iter().map(|m| at(m)).collect();
    app.db.publish_slots(&reviewer, &moments, Some(reviewer.person()), app.now()).await.unwrap();
}

pub async fn press(app: &TestApp, who: Persona, form: &Form, button: &str) -> Reply {
    let fields = form.pressed(button);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(who, &form.action, &fields).await
}

pub async fn see(app: &TestApp, reference: &str) -> Product {
    app.see(OWNER, reference).await.unwrap()
}

/// The identifier of the date with these words on the page.
#[track_caller]
pub fn slot(page: &Reply, words: &str) -> String {
    let (before, _) = page.body.split_once(words).unwrap_or_else(|| panic!("no date {words:?} in\n{}", page.body));
    let (_, value) = before.rsplit_once("value=\"").unwrap();
    value.split('"').next().unwrap().to_owned()
}

/// The form of the dates, with the date of these words chosen.
pub async fn chosen(app: &TestApp, address: &str, button: &str, words: &str) -> Form {
    let page = app.get(OWNER, address).await;
    page.is(200);
    let mut form = form(&page, address, button);
    form.set("slot", &slot(&page, words));
    form
}

/// Details of a test: fields and values, but for dates and the declaration.
pub const DETAILS: [(&str, &str); 14] = [
    ("contact-name", "Priya Shah"),
    ("contact-email", "priya.shah@wardlight.example"),
    ("contact-phone", "01632 960 001"),
    ("developer-on-hand", "Tom Bell"),
    ("test-url", "https://int.wardlight.example.com/"),
    ("int-client-id", "wardlight-int.01"),
    ("user-device-ip", "51.140.10.20"),
    ("server-ip", "51.140.10.30\n51.140.10.31"),
    ("user-uuid", "555012345678"),
    ("second-user-uuid", "555012345679"),
    ("authenticator", "security-key"),
    ("network", "internet"),
    ("device", "Laptop, Windows 11, Edge"),
    ("changes-since", "Nothing"),
];

#[actix_web::test]
async fn a_supplier_books_a_free_date_and_gives_the_details() {
    let app = TestApp::new().await;
    let (reference, address) = bookable(&app).await;
    publish(&app, &["2026-04-15T09:00:00Z", "2026-04-28T09:00:00Z", "2026-04-29T13:00:00Z"]).await;

    let page = app.get(OWNER, &address).await;
    page.has("You have not booked a demonstration. It takes about 2 hours.").has("first free date is Tuesday 28\u{a0}April 2026");
    let book = link(&page, "Choose a date");
    assert_eq!(book, format!("{address}/book"));
    let page = app.get(OWNER, &book).await;
    // 16 April is a Thursday; 15 April is too early and is not offered.
    page.has("We need 2 weeks’ notice, so the first day is Thursday 16\u{a0}April 2026.")
        .has("2 weeks later is Thursday 16\u{a0}April 2026.")
        .has("Week of 27\u{a0}April 2026")
        .has("Tuesday 28\u{a0}April 2026, 10am to midday")
        .has("Wednesday 29\u{a0}April 2026, 2pm to 4pm")
        .lacks("15\u{a0}April");

    let form = chosen(&app, &book, "Book demonstration", "Tuesday 28\u{a0}April 2026, 10am").await;
    let reply = press(&app, OWNER, &form, "Book demonstration").await;
    reply.goes_to(&format!("{address}/details"));
    let page = app.follow(OWNER, &reply).await;
    page.is(200)
        .has("Your demonstration is booked for Tuesday 28\u{a0}April 2026 at 10am")
        .has("Tuesday 21\u{a0}April 2026</strong>");
    assert_eq!(see(&app, &reference).await.demonstration().state, DemonstrationState::Booked);

    let mut details = crate::page::form(&page, &format!("{address}/details"), "Save details");
    for (name, value) in DETAILS {
        details.set(name, value);
    }
    for (name, value) in [("day", "31"), ("month", "3"), ("year", "2026")] {
        details.set(&format!("authenticator-tried-on-{name}"), value);
        if details.names.contains(&format!("logout-received-on-{name}")) {
            details.set(&format!("logout-received-on-{name}"), value);
        }
    }
    details.tick("declaration", "yes");
    let reply = press(&app, OWNER, &details, "Save details").await;
    reply.goes_to(&address);
    let page = app.follow(OWNER, &reply).await;
    page.has("Details saved").has("We have all the details that we need.").has("51.140.10.31").lacks("Missing");
    page.has("we do the background checks for the demonstration on Tuesday 28\u{a0}April 2026 at 10am");
    let test = see(&app, &reference).await.demonstration().clone();
    assert_eq!((test.lacks, test.facts.server_addresses.len()), (0, 2));
    app.finish().await;
}

#[actix_web::test]
async fn why_booking_is_not_open_is_said_and_a_stale_link_changes_nothing() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let address = format!("/products/{}/demonstration", reference.to_lowercase());
    publish(&app, &["2026-04-28T09:00:00Z"]).await;
    app.send(OWNER, &reference, Section::Cis2Conformance).await;
    let page = app.get(OWNER, &address).await;
    page.is(200).has("You cannot book a demonstration yet.").has("Not sent yet:").lacks("Choose a date");
    assert!(link(&page, "Go to").ends_with("/sections/core-conformance"));
    app.get(OWNER, &format!("{address}/book")).await.is(409).has("Send both technical sections first");
    app.get(OWNER, &format!("{address}/details")).await.is(409);
    app.get(OWNER, &format!("{address}/reschedule")).await.is(409);
    app.get(OWNER, &format!("{address}.ics")).await.is(404);

    // The reader may be somebody who can only look, or somebody else altogether.
    app.get(VIEWER, &address).await.is(200);
    app.get(REVIEWER, &address).await.is(200).has("A demonstration cannot be booked yet.");
    app.get(RIVAL, &address).await.is(404);
    app.get(VIEWER, &format!("{address}/book")).await.is(403);
    app.get(RIVAL, &format!("{address}/book")).await.is(404);
    app.post(RIVAL, &format!("{address}/book"), &[]).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn dates_come_eight_at_a_time() {
    let app = TestApp::new().await;
    let (_, address) = bookable(&app).await;
    let moments: Vec<String> = (20..=30).map(|day| format!("2026-04-{day}T09:00:00Z")).collect();
    publish(&app, &moments.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let book = format!("{address}/book");
    let first = app.get(OWNER, &book).await;
    // A weekend was published by mistake: it is not offered.
    first.has("20\u{a0}April").has("29\u{a0}April").lacks("25\u{a0}April").lacks("30\u{a0}April").lacks("Show earlier dates");
    let later = link(&first, "Show later dates");
    let second = app.get(OWNER, &later).await;
    second.has("30\u{a0}April").lacks("29\u{a0}April").has("Show earlier dates").lacks("Show later dates");
    // A date of the second page can be booked from there.
    let form = chosen(&app, &later, "Book demonstration", "Thursday 30\u{a0}April 2026").await;
    press(&app, OWNER, &form, "Book demonstration").await.goes_to(&format!("{address}/details"));
    app.finish().await;
}

#[actix_web::test]
async fn nothing_chosen_is_said_beside_the_dates() {
    let app = TestApp::new().await;
    let (reference, address) = bookable(&app).await;
    publish(&app, &["2026-04-28T09:00:00Z", "2026-04-09T09:00:00Z"]).await;
    let book = format!("{address}/book");
    app.post(OWNER, &book, &[]).await.is(422).has("Select a date and time").has("href=\"#slot\"").has("id=\"slot\"");
    app.post(OWNER, &book, &[("slot", "tomorrow")]).await.is(422).has("Select a date and time");
    app.post(OWNER, &book, &[("slot", &new_uuid().to_string())])
        .await
        .is(409)
        .has("This date is no longer offered. Choose another time");
    let reviewer = app.actor(REVIEWER).await;
    let soon = app.db.visible(&reviewer).free_slots(app.now()).await.unwrap()[0].id.to_string();
    app.post(OWNER, &book, &[("slot", &soon)])
        .await
        .is(422)
        .has("Choose a date on or after Thursday 16\u{a0}April 2026. We need 2 weeks’ notice");
    assert!(see(&app, &reference).await.demonstrations.is_empty());
    app.finish().await;
}

#[actix_web::test]
async fn a_date_that_somebody_else_took_meanwhile_is_named_and_others_are_offered() {
    let app = TestApp::new().await;
    let (reference, address) = bookable(&app).await;
    let (other, _) = bookable(&app).await;
    publish(&app, &["2026-04-28T09:00:00Z", "2026-04-29T09:00:00Z"]).await;
    let book = format!("{address}/book");
    let form = chosen(&app, &book, "Book demonstration", "Tuesday 28\u{a0}April 2026").await;
    let id = assured::domain::words::SlotId(form.fields.iter().find(|(n, _)| n == "slot").unwrap().1.parse().unwrap());
    app.test(OWNER, &other, DemonstrationCommand::Book(app.chosen(id).await)).await;

    let reply = press(&app, OWNER, &form, "Book demonstration").await;
    reply.is(409).has("Somebody has just booked 10am on 28\u{a0}April. Choose another time");
    reply.has("Wednesday 29\u{a0}April 2026").lacks("Tuesday 28\u{a0}April 2026, 10am");
    assert!(see(&app, &reference).await.demonstrations.is_empty());
    app.finish().await;
}

#[actix_web::test]
async fn two_suppliers_who_press_at_once_get_different_people_at_the_same_time() {
    let app = TestApp::new().await;
    let (one, first) = bookable(&app).await;
    let (two, second) = bookable(&app).await;
    publish(&app, &["2026-04-28T09:00:00Z"]).await;
    let other = app.actor(OTHER_REVIEWER).await;
    app.db.publish_slots(&other, &[at("2026-04-28T09:00:00Z")], Some(other.person()), app.now()).await.unwrap();
    let form = chosen(&app, &format!("{first}/book"), "Book demonstration", "Tuesday 28\u{a0}April").await;
    let mut twin = form.clone();
    twin.action = format!("{second}/book");
    let (a, b) = tokio::join!(press(&app, OWNER, &form, "Book"), press(&app, OWNER, &twin, "Book"));
    a.goes_to(&format!("{first}/details"));
    b.goes_to(&format!("{second}/details"));
    let who = |product: Product| product.demonstration().date.as_ref().unwrap().assessor.as_ref().unwrap().person;
    assert_ne!(who(see(&app, &one).await), who(see(&app, &two).await));
    app.finish().await;
}

#[actix_web::test]
async fn of_two_suppliers_who_press_at_once_one_gets_the_date() {
    let app = TestApp::new().await;
    let (one, first) = bookable(&app).await;
    let (two, second) = bookable(&app).await;
    publish(&app, &["2026-04-28T09:00:00Z"]).await;
    let form = chosen(&app, &format!("{first}/book"), "Book demonstration", "Tuesday 28\u{a0}April").await;
    let mut twin = form.clone();
    twin.action = format!("{second}/book");
    let (a, b) = tokio::join!(press(&app, OWNER, &form, "Book"), press(&app, EDITOR, &twin, "Book"));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let held = [see(&app, &one).await, see(&app, &two).await];
    assert_eq!(held.iter().filter(|p| p.demonstration().date.is_some()).count(), 1);
    app.finish().await;
}

#[actix_web::test]
async fn pressing_twice_books_once() {
    let app = TestApp::new().await;
    let (reference, address) = bookable(&app).await;
    publish(&app, &["2026-04-28T09:00:00Z", "2026-04-29T09:00:00Z"]).await;
    let form = chosen(&app, &format!("{address}/book"), "Book demonstration", "Tuesday 28\u{a0}April").await;
    let (a, b) = tokio::join!(press(&app, OWNER, &form, "Book"), press(&app, OWNER, &form, "Book"));
    a.goes_to(&format!("{address}/details"));
    b.goes_to(&format!("{address}/details"));
    press(&app, OWNER, &form, "Book").await.goes_to(&format!("{address}/details"));
    assert_eq!(see(&app, &reference).await.demonstration().sequence, 1);

    let moved = chosen(&app, &format!("{address}/reschedule"), "Change date", "Wednesday 29\u{a0}April").await;
    for _ in 0..2 {
        press(&app, OWNER, &moved, "Change date").await.goes_to(&address);
    }
    // Nor does a date that looked free when it was read move the test to where it is.
    let present = see(&app, &reference).await.demonstration().date.as_ref().unwrap().slot;
    let same = Chosen { is_free: true, ..app.chosen(present).await };
    app.test(OWNER, &reference, DemonstrationCommand::Move(same)).await;
    assert_eq!(see(&app, &reference).await.demonstration().sequence, 2);
    for _ in 0..2 {
        app.post(OWNER, &format!("{address}/cancellation"), &[("reason", "")]).await.goes_to(&address);
    }
    assert_eq!(see(&app, &reference).await.demonstration().sequence, 3);
    app.finish().await;
}

#[actix_web::test]
async fn a_test_can_move_to_a_later_day_without_new_notice_but_not_to_an_earlier_one() {
    let app = TestApp::new().await;
    let (reference, address) = bookable(&app).await;
    publish(&app, &["2026-04-21T09:00:00Z", "2026-04-22T09:00:00Z", "2026-04-20T09:00:00Z", "2026-05-20T09:00:00Z"]).await;
    let form = chosen(&app, &format!("{address}/book"), "Book demonstration", "Tuesday 21\u{a0}April").await;
    press(&app, OWNER, &form, "Book").await.is(303);
    app.advance(Duration::days(14));
    let page = app.get(OWNER, &format!("{address}/reschedule")).await;
    page.has("It is on <strong>Tuesday 21\u{a0}April 2026, 10am to midday</strong> now.");
    page.has("22\u{a0}April 2026").has("20\u{a0}May 2026").lacks("Monday 20\u{a0}April");
    let reviewer = app.actor(REVIEWER).await;
    let slots = app.db.visible(&reviewer).free_slots(app.now()).await.unwrap();
    let earlier = slots.iter().find(|s| s.starts_at == at("2026-04-20T09:00:00Z")).unwrap().id.to_string();
    let reply = app.post(OWNER, &format!("{address}/reschedule"), &[("slot", &earlier)]).await;
    reply.is(422).has("Choose a date on or after Thursday 30\u{a0}April 2026. We need 2 weeks’ notice");
    let moved = chosen(&app, &format!("{address}/reschedule"), "Change date", "Wednesday 22\u{a0}April").await;
    let reply = press(&app, OWNER, &moved, "Change date").await;
    app.follow(OWNER, &reply).await.has("Your demonstration is now on Wednesday 22\u{a0}April 2026 at 10am");
    assert_eq!(see(&app, &reference).await.demonstration().sequence, 2);
    app.finish().await;
}

#[actix_web::test]
async fn without_free_dates_a_supplier_asks_for_up_to_three() {
    let app = TestApp::new().await;
    let (reference, address) = bookable(&app).await;
    let page = app.get(OWNER, &format!("{address}/book")).await;
    page.is(200).has("There are no free dates before 9\u{a0}July 2026. Ask us for a date.");
    let request = link(&page, "Ask us for a date");
    let page = app.get(OWNER, &request).await;
    // 2 April, then Good Friday and Easter Monday are not counted.
    page.is(200).has("we’ll reply by <strong>Monday 13\u{a0}April 2026</strong>").has("Thursday 16\u{a0}April 2026");
    let empty = form(&page, &request, "Ask for a date");
    press(&app, OWNER, &empty, "Ask").await.is(422).has("Enter a date").has("Enter a start time, like 10am or 2.30pm");

    let with = |dates: &[(&str, &str, &str, &str)]| {
        let mut form = empty.clone();
        for (number, (day, month, year, time)) in (1..).zip(dates) {
            for (part, value) in [("day", day), ("month", month), ("year", year)] {
                form.set(&format!("date-{number}-{part}"), value);
            }
            form.set(&format!("time-{number}"), time);
        }
        form
    };
    for (date, sentence) in [
        (("15", "4", "2026", "10am"), "Choose a date on or after Thursday 16\u{a0}April 2026. We need 2 weeks’ notice"),
        (("18", "4", "2026", "10am"), "The date must be a working day"),
        (("4", "5", "2026", "10am"), "The date must not be a bank holiday: Early May bank holiday"),
        (("20", "4", "2026", "8am"), "Start time must be between 9am and 3pm, so that 2 hours fit"),
        (("20", "4", "2026", "3.30pm"), "Start time must be between 9am and 3pm, so that 2 hours fit"),
        (("31", "4", "2026", "10am"), "Date 1 must be a real date"),
        (("20", "4", "2026", "morning"), "Enter a start time, like 10am or 2.30pm"),
        (("20", "4", "2020", "10am"), "The date must be in the future"),
    ] {
        let reply = press(&app, OWNER, &with(&[date]), "Ask").await;
        reply.is(422).has(sentence).has(&format!("value=\"{}\"", date.3));
    }
    let twice = [("20", "4", "2026", "10am"), ("20", "4", "2026", "10.00am")];
    press(&app, OWNER, &with(&twice), "Ask").await.is(422).has("Choose a date and time that you have not given yet");
    let half = [("20", "4", "2026", "10am"), ("", "", "", "11am")];
    press(&app, OWNER, &with(&half), "Ask").await.is(422).has("Enter date 2, or leave its start time empty");
    assert!(see(&app, &reference).await.demonstrations.is_empty());

    let good = with(&[("20", "4", "2026", "10am"), ("21", "4", "2026", "14:30")]);
    for _ in 0..2 {
        press(&app, OWNER, &good, "Ask").await.goes_to(&address);
    }
    let page = app.get(OWNER, &address).await;
    page.has("you asked for Monday 20\u{a0}April 2026 at 10am or Tuesday 21\u{a0}April 2026 at 2.30pm. We’ll reply by")
        .has("Monday 13\u{a0}April 2026")
        .has("You asked for a date on Thursday 2\u{a0}April 2026.");
    let back = link(&page, "Take back what you asked for");
    app.get(OWNER, &back).await.is(200).has("Take back what you asked for?");
    let before = app.mail().await.len();
    app.post(OWNER, &back, &[]).await.goes_to(&address);
    assert_eq!(see(&app, &reference).await.demonstration().state, DemonstrationState::NotBooked);
    let mail = app.mail().await.split_off(before);
    assert!(!mail.is_empty() && mail.iter().all(|m| m.text.subject.ends_with("request for a date taken back")), "{mail:?}");
    app.get(OWNER, &address.replace("demonstration", "history")).await.has("Request for a date taken back");
    app.finish().await;
}

#[actix_web::test]
async fn the_pages_run_as_many_statements_with_many_dates_as_with_few() {
    let app = TestApp::new().await;
    let (_, address) = bookable(&app).await;
    publish(&app, &["2026-04-28T09:00:00Z"]).await;
    let pages = [address.clone(), format!("{address}/book")];
    let mut few = Vec::new();
    for page in &pages {
        few.push(statements(&app, page).await);
    }
    let start = at("2026-05-05T08:00:00Z");
    let many: Vec<DateTime<Utc>> = (0..100).map(|day| start + Duration::days(day)).collect();
    let other = app.actor(OTHER_REVIEWER).await;
    app.db.publish_slots(&other, &many, Some(other.person()), app.now()).await.unwrap();
    for (page, few) in pages.iter().zip(few) {
        assert_eq!(statements(&app, page).await, few, "{page}");
        assert!(few <= 16, "{page} runs {few} statements");
    }
    app.finish().await;
}

/// The statements that a page runs for the owner, the second time it is asked for.
async fn statements(app: &TestApp, page: &str) -> u64 {
    app.get(OWNER, page).await.is(200);
    let before = app.db.statements();
    app.get(OWNER, page).await.is(200);
    app.db.statements() - before
}
