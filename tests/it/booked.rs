//! A booked conformance test as the supplier goes on with it: details, cancelling, the calendar file, checks and results.

use assured::domain::command::Command;
use assured::domain::demonstration::checks::{Check, CheckResult};
use assured::domain::demonstration::command::{CheckEntry, DemonstrationCommand};
use assured::domain::demonstration::{DemonstrationState, Observation};
use assured::domain::facts::{Authenticator, Facts};

use crate::bookings::{at, bookable, chosen, press, publish, see};
use crate::page::{form, link};
use crate::support::*;

#[actix_web::test]
async fn details_can_be_left_for_later_but_what_is_given_has_to_be_right() {
    let app = TestApp::new().await;
    let (reference, address) = bookable(&app).await;
    app.booked(&reference).await;
    let details = format!("{address}/details");
    let page = app.get(OWNER, &details).await;
    // What the answers tell already is filled in.
    page.has("value=\"4.2\"").has("I’ll add these later");
    let base = form(&page, &details, "Save details");
    for (name, value, sentence) in [
        ("user-device-ip", "my laptop", "Enter an IP address, like 192.0.2.10 or 2001:db8::1"),
        ("user-device-ip", "127.0.0.1", "127.0.0.1 is your own computer. Enter the address that we will see"),
        ("server-ip", "51.140.10.30\n51.140.10.30", "51.140.10.30 is there already. Remove one of them"),
        ("user-uuid", "12345", "Enter the UUID as 12 digits"),
        ("contact-email", "priya", "Enter an email address in the correct format"),
        ("test-url", "https://localhost/", "Address must not use"),
        ("authenticator-tried-on-day", "3", "must include a month"),
    ] {
        let mut form = base.clone();
        form.set(name, value).set("device", "Laptop, Windows 11, Edge");
        let reply = press(&app, OWNER, &form, "Save details").await;
        reply.is(422).has(sentence).has(&format!("value=\"{}\"", "Laptop, Windows 11, Edge")).has("href=\"#");
        assert!(see(&app, &reference).await.demonstration().facts.device.is_empty(), "{name} was kept");
    }
    let mut form = base.clone();
    form.set("server-ip", "10.0.0.4").set("contact-name", "Priya Shah").set("developer-on-hand", "Priya Shah");
    let reply = press(&app, OWNER, &form, "Save details").await;
    reply.goes_to(&address);
    // Saved, with what is to be known about it, and how much is still needed.
    let page = app.follow(OWNER, &reply).await;
    page.has("We still need").has("Missing").has("CIS2 will not see this address, 10.0.0.4. Give the public address.");
    page.has("It is easier with 2 people.");
    app.get(OWNER, &details).await.has("CIS2 will not see this address, 10.0.0.4.");

    // Somebody else saved meanwhile: both are shown, and saving again keeps what was typed.
    let mut old = base.clone();
    old.set("device", "A tablet of mine");
    let reply = press(&app, EDITOR, &old, "Save details").await;
    reply.is(409).has("A tablet of mine").has("IP address of the server that calls CIS2: 10.0.0.4");
    let again = crate::page::form(&reply, &details, "Save details");
    press(&app, EDITOR, &again, "Save details").await.goes_to(&address);
    assert_eq!(see(&app, &reference).await.demonstration().facts.device, "A tablet of mine");
    app.get(VIEWER, &details).await.is(403);
    app.post(VIEWER, &details, &[]).await.is(403);
    app.finish().await;
}

#[actix_web::test]
async fn a_move_from_cis1_cannot_choose_a_smartcard_over_hscn() {
    let app = TestApp::new().await;
    let (reference, address) = bookable(&app).await;
    let product = see(&app, &reference).await;
    let facts = Facts { migrating_from_cis1: Some(true), ..product.facts.clone() };
    app.command(OWNER, &reference, Command::Change(Box::new(facts), product.facts.edition())).await;
    app.booked(&reference).await;
    let details = format!("{address}/details");
    let page = app.get(OWNER, &details).await;
    page.has("Not for a move from CIS1: we check that nothing still depends on CIS1");
    let (_, radio) = page.body.split_once("value=\"hscn-smartcard\"").unwrap();
    assert!(radio.split('>').next().unwrap().contains("disabled"));
    let mut form = form(&page, &details, "Save details");
    form.set("authenticator", Authenticator::HscnSmartcard.word());
    let reply = press(&app, OWNER, &form, "Save details").await;
    reply.is(422).has("Choose an authenticator other than a smartcard over HSCN");
    app.get(OWNER, &address).await.has("Do not use a smartcard over HSCN.").has("Moving from CIS1");
    app.finish().await;
}

#[actix_web::test]
async fn cancelling_gives_the_date_back_and_needs_a_reason_from_staff_only() {
    let app = TestApp::new().await;
    let (reference, address) = bookable(&app).await;
    app.booked(&reference).await;
    let cancel = format!("{address}/cancellation");
    let page = app.get(OWNER, &cancel).await;
    page.is(200).has("Cancel the demonstration?").has("Why? (optional)").lacks("Contact us as well");
    app.get(REVIEWER, &cancel).await.is(403);
    app.get(VIEWER, &cancel).await.is(403);
    app.get(MANAGER, &cancel).await.is(200).lacks("(optional)");
    app.post(MANAGER, &cancel, &[("reason", " ")]).await.is(422).has("Enter a reason");
    app.post(OWNER, &cancel, &[("reason", &"x".repeat(501))]).await.is(422).has("You have 1 too many");

    // The test is on 23 April: from two working days before, somebody should be told in person too.
    app.clock.set(at("2026-04-21T09:00:00Z"));
    app.get(OWNER, &cancel).await.has("Contact us as well");
    app.post(MANAGER, &cancel, &[("reason", "Our test environment is down that day.")]).await.goes_to(&address);
    let page = app.get(OWNER, &address).await;
    page.has("The demonstration on Thursday 23\u{a0}April 2026 at 10am was cancelled.");
    page.has("Our test environment is down that day.").has("There are no free dates now.").lacks("How many");
    assert_eq!(see(&app, &reference).await.demonstration().state, DemonstrationState::NotBooked);
    // The date is free again.
    let reviewer = app.actor(REVIEWER).await;
    assert_eq!(app.db.visible(&reviewer).free_slots(app.now()).await.unwrap().len(), 1);
    app.finish().await;
}

#[actix_web::test]
async fn how_to_join_is_said_by_staff_and_found_on_the_page_and_in_the_calendar() {
    const LINK: &str = "https://meet.example.com/join?room=7&key=x";
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    let address = format!("/products/{}/demonstration", reference.to_lowercase());
    let (checks, joining, file) = (format!("{address}/checks"), format!("{address}/joining"), format!("{address}.ics"));
    app.post(REVIEWER, &joining, &[("joining", LINK)]).await.is(409);
    app.booked(&reference).await;
    app.get(OWNER, &address).await.is(200).has("We’ll put the link here before the demonstration.");
    app.get(OWNER, &file).await.has("LOCATION:INT environment");
    app.post(OWNER, &joining, &[("joining", LINK)]).await.is(404);
    for (wrong, sentence) in [
        ("meet.example.com", "Address must start with https://"),
        ("javascript:alert(1)", "Address must start with https://"),
        ("https://a b", "must not contain spaces"),
    ] {
        app.post(REVIEWER, &joining, &[("joining", wrong)]).await.is(422).has(sentence).has(&format!("value=\"{wrong}\""));
    }
    let mut save = form(&app.get(MANAGER, &checks).await, &checks, "Save the link");
    save.set("joining", LINK);
    for _ in 0..2 {
        press(&app, MANAGER, &save, "Save the link").await.goes_to(&checks);
    }
    let page = app.get(VIEWER, &address).await;
    page.is(200).has("How to join");
    assert_eq!(link(&page, "Join"), LINK);
    let calendar = app.get(OWNER, &file).await.body.replace("\r\n ", "");
    assert!(calendar.contains(&format!("LOCATION:{LINK}\r\n")) && calendar.contains("SEQUENCE:2\r\n"), "{calendar}");
    assert!(calendar.contains(&format!("\\nJoin: {LINK}\\n")), "{calendar}");
    app.get(REVIEWER, &format!("{address}/run-sheet")).await.has("Joining link").has("room=7");

    app.described(&reference).await;
    app.confirmed(&reference).await;
    app.started(&reference).await;
    app.get(OWNER, &address).await.has("room=7");
    app.post(REVIEWER, &joining, &[("joining", "")]).await.goes_to(&checks);
    app.get(OWNER, &file).await.has("LOCATION:INT environment").has("SEQUENCE:3");
    // The link belongs to the date: it goes with it.
    app.post(REVIEWER, &joining, &[("joining", LINK)]).await.goes_to(&checks);
    app.marked(&reference, &["a1"]).await;
    app.test(REVIEWER, &reference, DemonstrationCommand::Fail(String::new())).await;
    app.get(OWNER, &address).await.is(200).lacks("room=7");
    app.post(REVIEWER, &joining, &[("joining", "")]).await.is(409);
    app.finish().await;
}

#[actix_web::test]
async fn the_calendar_file_follows_the_booking() {
    let app = TestApp::new().await;
    let (reference, address) = bookable(&app).await;
    let file = format!("{address}.ics");
    app.booked(&reference).await;
    let first = app.get(OWNER, &file).await;
    first.is(200).has("BEGIN:VTIMEZONE").has("DTSTART;TZID=Europe/London:20260423T100000").has("METHOD:PUBLISH");
    let uid = "UID:c2a-1001-demonstration-1@assured.test";
    first.has(uid).has("SEQUENCE:1\r\n").has("STATUS:TENTATIVE").has("SUMMARY:CIS2 demonstration of Wardlight 1");
    first.has("URL:http://assured.test/products/c2a-1001/demonstration\r\n");
    assert_eq!(first.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(first.header("content-disposition"), "attachment; filename=\"demonstration-c2a-1001.ics\"");
    app.get(REVIEWER, &file).await.is(200);
    app.get(RIVAL, &file).await.is(404);
    app.get(None, &file).await.is(303);

    app.described(&reference).await;
    app.confirmed(&reference).await;
    let confirmed = app.get(OWNER, &file).await;
    confirmed.has("STATUS:CONFIRMED").lacks("51.140.10").lacks("555012345678");
    app.post(OWNER, &format!("{address}/cancellation"), &[]).await.is(303);
    let cancelled = app.get(OWNER, &file).await;
    cancelled.has(uid).has("SEQUENCE:2\r\n").has("STATUS:CANCELLED").has("METHOD:CANCEL").has("20260423T100000");

    // Another date for the same attempt is the same event, newer.
    publish(&app, &["2026-05-20T09:00:00Z"]).await;
    let form = chosen(&app, &format!("{address}/book"), "Book demonstration", "Wednesday 20\u{a0}May").await;
    press(&app, OWNER, &form, "Book").await.is(303);
    app.get(OWNER, &file).await.has(uid).has("SEQUENCE:3\r\n").has("STATUS:TENTATIVE").has("20260520T100000");
    app.finish().await;
}

#[actix_web::test]
async fn a_test_that_was_not_held_is_taken_out_of_calendars() {
    let app = TestApp::new().await;
    let (reference, address) = bookable(&app).await;
    app.booked(&reference).await;
    app.clock.set(at("2026-04-24T09:30:00Z"));
    app.get(OWNER, &address).await.has("the date of the demonstration, Thursday 23\u{a0}April 2026, is over.");
    let why = "Nobody of the supplier came.".to_owned();
    app.test(REVIEWER, &reference, DemonstrationCommand::NotHold(why)).await;
    app.get(OWNER, &format!("{address}.ics")).await.has("SEQUENCE:2\r\n").has("STATUS:CANCELLED");
    let page = app.get(OWNER, &address).await;
    page.has("Result: The demonstration did not take place").has("Nobody of the supplier came.").has("Another date is needed.");
    app.finish().await;
}

#[actix_web::test]
async fn the_supplier_reads_what_a_check_found_and_how_the_test_ended() {
    let app = TestApp::new().await;
    let (reference, address) = bookable(&app).await;
    app.booked(&reference).await;
    app.described(&reference).await;
    let note = "The client ID belongs to another product.".to_owned();
    let entry = CheckEntry { check: Check::IntConfiguration, result: Some(CheckResult::Problem), note };
    app.test(REVIEWER, &reference, DemonstrationCommand::Check(vec![entry])).await;
    let page = app.get(OWNER, &address).await;
    page.has("A background check found a problem: Configuration exists in INT.")
        .has("The client ID belongs to another product.")
        .has("Problem found")
        .has("Not done");

    app.confirmed(&reference).await;
    app.get(OWNER, &address).await.has("Nobody needs to do anything until").has("Thursday 23\u{a0}April 2026");
    app.clock.set(at("2026-04-23T07:00:00Z"));
    app.get(OWNER, &address).await.has("The demonstration is today.").has("It begins at 10am.");
    app.started(&reference).await;
    app.get(OWNER, &address).await.has("The demonstration is under way:").lacks("Cancel demonstration").lacks("Change date");
    app.marked(&reference, &["a8"]).await;
    let why = "Show cancelling again.".to_owned();
    app.test(REVIEWER, &reference, DemonstrationCommand::Fail(why)).await;
    let page = app.get(OWNER, &address).await;
    page.has("Result: Not passed").has("Show cancelling again.").has("The user is back at a page that helps them on");

    // The next attempt keeps the details, and the first can still be read.
    app.booked(&reference).await;
    let page = app.get(OWNER, &address).await;
    page.has("Attempt 1: Thursday 23\u{a0}April 2026").has("Show cancelling again.").lacks("Result:");
    app.described(&reference).await;
    app.confirmed(&reference).await;
    app.started(&reference).await;
    app.marked(&reference, &["a8"]).await;
    let observation = Observation {
        text: "Write a page for cancelling.".to_owned(),
        owner: "Tom Bell".to_owned(),
        due_on: "2026-06-30".parse().unwrap(),
        settled: String::new(),
    };
    app.test(REVIEWER, &reference, DemonstrationCommand::Observe(vec![observation], String::new())).await;
    let page = app.get(OWNER, &address).await;
    page.has("Result: Passed, with observations")
        .has("Write a page for cancelling.")
        .has("Tom Bell")
        .has("30\u{a0}June 2026")
        .has("Open");
    app.test(REVIEWER, &reference, DemonstrationCommand::Settle(0, "It is in version 4.3.".to_owned())).await;
    app.get(OWNER, &address).await.has("Settled").has("It is in version 4.3.").has("We’ll issue the certificate by");
    app.finish().await;
}
