//! Dates as the assurance team plans them: published, asked for, kept free by leave, and read by calendar programs.

use assured::domain::catalogue::Section;
use assured::domain::command::Command;
use assured::domain::demonstration::DemonstrationState;
use assured::domain::demonstration::command::DemonstrationCommand;
use assured::domain::slot::london_moment;
use chrono::{DateTime, Days, Duration, NaiveTime, Utc};

use crate::page::{Form, form, link};
use crate::support::http::Reply;
use crate::support::*;

const LIST: &str = "/demonstrations";
const SLOTS: &str = "/demonstrations/slots";
const LEAVE: &str = "/availability";

/// A moment in London, such as `at("2026-04-21", 10)`.
fn at(day: &str, hour: u32) -> DateTime<Utc> {
    london_moment(day.parse().unwrap(), NaiveTime::from_hms_opt(hour, 0, 0).unwrap()).unwrap()
}

/// A product whose demonstration can be booked: both technical sections are sent.
async fn ready(app: &TestApp) -> String {
    let reference = app.product(OWNER).await;
    for section in [Section::CoreConformance, Section::Cis2Conformance] {
        app.send(OWNER, &reference, section).await;
    }
    reference
}

/// A product whose supplier asks for dates; the address of the answer.
async fn asked(app: &TestApp, moments: &[DateTime<Utc>]) -> (String, String) {
    let reference = ready(app).await;
    app.test(OWNER, &reference, DemonstrationCommand::Ask(moments.to_vec())).await;
    let address = format!("/products/{}/demonstration/wish", reference.to_lowercase());
    (reference, address)
}

async fn press(app: &TestApp, who: Persona, form: &Form, button: &str) -> Reply {
    let fields = form.pressed(button);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(who, &form.action, &fields).await
}

fn set_date(form: &mut Form, name: &str, day: &str) {
    let parts: Vec<&str> = day.split('-').collect();
    for (part, value) in ["year", "month", "day"].into_iter().zip(parts) {
        form.set(&format!("{name}-{part}"), value);
    }
}

/// Publishes one date by the form.
async fn publish(app: &TestApp, who: Persona, (day, time): (&str, &str), assessor: &str) -> Reply {
    let mut one = form(&app.get(who, SLOTS).await, SLOTS, "Publish this date");
    set_date(&mut one, "date", day);
    one.set("time", time).set("assessor", assessor);
    press(app, who, &one, "Publish this date").await
}

async fn book_leave(app: &TestApp, who: Persona, (from, until): (&str, &str)) -> Reply {
    let mut leave = form(&app.get(who, LEAVE).await, LEAVE, "Book leave");
    set_date(&mut leave, "from", from);
    set_date(&mut leave, "until", until);
    press(app, who, &leave, "Book leave").await
}

#[actix_web::test]
async fn only_the_people_who_plan_find_these_pages() {
    let app = TestApp::new().await;
    for path in [LIST, SLOTS, LEAVE] {
        for who in [OWNER, ADMINISTRATOR] {
            app.get(who, path).await.is(404);
        }
        app.get(REVIEWER, path).await.is(200).has(">Demonstrations");
        app.get(MANAGER, path).await.is(200);
    }
    app.get(OWNER, "/products").await.lacks("/demonstrations");
    app.finish().await;
}

#[actix_web::test]
async fn a_date_is_published_by_hand_and_removed_while_it_is_free() {
    let app = TestApp::new().await;
    app.get(REVIEWER, SLOTS).await.has("No dates are free to book. Suppliers cannot book until you add some.");
    app.get(REVIEWER, LIST).await.has("No dates are free to book");
    let amina = app.id(REVIEWER).await.to_string();
    for (day, time, sentence) in [
        ("2026-04-06", "10am", "The date must not be a bank holiday: Easter Monday"),
        ("2026-04-18", "10am", "is a Saturday"),
        ("2026-04-01", "10am", "The date must be in the future"),
        ("2026-04-21", "4pm", "Start time must be between 9am and 3pm"),
        ("2026-04-21", "2", "Enter a start time, like 10am or 2.30pm"),
        ("2026-02-30", "10am", "Date must be a real date"),
    ] {
        let page = publish(&app, REVIEWER, (day, time), &amina).await;
        page.is(422).has(sentence).has(&format!("value=\"{time}\"")).has("There is a problem");
    }
    app.post(REVIEWER, SLOTS, &[]).await.is(422).has("Enter the date").has("Enter a start time");
    app.post(REVIEWER, SLOTS, &[("assessor", "nobody-there")]).await.is(422).has("Select who will hold the demonstration");

    let done = publish(&app, REVIEWER, ("2026-04-21", "10am"), &amina).await;
    done.goes_to(SLOTS);
    let page = app.follow(REVIEWER, &done).await;
    page.has("Tuesday 21\u{a0}April 2026 at 10am can be booked").has("Week of 20\u{a0}April 2026").has("Published dates (1)");
    publish(&app, MANAGER, ("2026-04-21", "11am"), &amina).await.is(422).has("There is already a date at 10am");
    publish(&app, MANAGER, ("2026-04-21", "midday"), &amina).await.goes_to(SLOTS);

    let reference = ready(&app).await;
    let free = app.db.visible(&app.actor(OWNER).await).free_slots(app.now()).await.unwrap();
    assert_eq!(free.len(), 2);
    let removal = |id: assured::domain::words::SlotId| format!("/demonstrations/slots/{id}/removal");
    let chosen = app.chosen(free[0].id).await;
    app.test(OWNER, &reference, DemonstrationCommand::Book(chosen)).await;
    app.get(MANAGER, SLOTS).await.has("Booked for").has("Wardlight 1").lacks(&removal(free[0].id));
    let kept = app.post(REVIEWER, &removal(free[0].id), &[]).await;
    app.follow(REVIEWER, &kept).await.has("This date was booked or removed meanwhile").has("Wardlight 1");
    app.post(OWNER, &removal(free[1].id), &[]).await.is(404);
    for said in ["The date has been removed", "This date was booked or removed meanwhile"] {
        let gone = app.post(REVIEWER, &removal(free[1].id), &[]).await;
        app.follow(REVIEWER, &gone).await.has(said).has("Published dates (1)");
    }
    app.finish().await;
}

#[actix_web::test]
async fn a_rule_is_looked_at_before_its_dates_are_published() {
    let app = TestApp::new().await;
    let amina = app.id(REVIEWER).await.to_string();
    publish(&app, REVIEWER, ("2026-04-23", "9am"), &amina).await.goes_to(SLOTS);
    book_leave(&app, REVIEWER, ("2026-04-28", "2026-04-29")).await.goes_to(LEAVE);
    let mut rule = form(&app.get(MANAGER, SLOTS).await, SLOTS, "Check the dates");
    let wrong = press(&app, MANAGER, &rule, "Check the dates").await;
    wrong.is(422).has("Select at least 1 day of the week").has("Enter at least 1 start time").has("Enter the first date");
    wrong.has("Enter the last date");
    for day in ["monday", "tuesday", "thursday"] {
        rule.tick("weekdays", day);
    }
    rule.set("times", "10am and 2pm").set("rule-assessor", &amina);
    set_date(&mut rule, "from", "2026-04-20");
    set_date(&mut rule, "until", "2026-04-19");
    let wrong = press(&app, MANAGER, &rule, "Check the dates").await;
    wrong.is(422).has("Last date must be on or after the first date").has("value=\"10am and 2pm\"").has("id=\"until-day\"");

    set_date(&mut rule, "until", "2026-05-05");
    let page = press(&app, MANAGER, &rule, "Check the dates").await;
    page.is(200).has("Nothing is published yet").has("Amina Okafor will hold the demonstrations");
    page.has("There is already a date at 9am on Thursday 23\u{a0}April 2026");
    page.has("Amina Okafor is on leave on Tuesday 28\u{a0}April 2026").has("is Early May bank holiday");
    app.get(MANAGER, SLOTS).await.has("Published dates (1)");

    // 16 dates, less 1 that overlaps, 2 on leave and 2 on the bank holiday.
    let mut preview = form(&page, "", "Publish the dates");
    let dates: Vec<_> = preview.fields.iter().filter(|(n, _)| n == "dates").cloned().collect();
    assert_eq!(dates.len(), 11, "{dates:?}");
    preview.fields.retain(|f| *f != dates[10]);
    let done = press(&app, MANAGER, &preview, "Publish the dates").await;
    app.follow(MANAGER, &done).await.has("10 dates can be booked").has("Published dates (11)");
    let again = press(&app, MANAGER, &preview, "Publish the dates").await;
    app.follow(MANAGER, &again).await.has("0 dates can be booked").has("10 dates were left out").has("Published dates (11)");
    let none = app.post(MANAGER, "/demonstrations/slots/publication", &[]).await;
    app.follow(MANAGER, &none).await.has("No date was selected");
    // What no preview offers is not published.
    let forged = [("dates", "2026-05-04T09:00:00+00:00"), ("dates", "2026-05-06T02:00:00+00:00"), ("dates", "tomorrow")];
    let forged = app.post(MANAGER, "/demonstrations/slots/publication", &forged).await;
    app.follow(MANAGER, &forged).await.has("0 dates can be booked").has("Published dates (11)");
    app.finish().await;
}

#[actix_web::test]
async fn the_list_shows_each_test_with_its_facts_and_checks() {
    let app = TestApp::new().await;
    let reference = ready(&app).await;
    app.published(25).await;
    app.get(REVIEWER, LIST).await.has("No demonstrations in the next 4 weeks").has("1 date is free to book");
    let booked = app.booked(&reference).await;
    assert_eq!(booked.demonstration().state, DemonstrationState::Booked);
    let page = app.get(MANAGER, LIST).await;
    page.has("Demonstrations (1)").has("Week of 20\u{a0}April 2026").has("Thursday 23\u{a0}April 2026, 10am");
    page.has("Wardlight 1").has("Wardlight Health").has("Amina Okafor").has("Details needed").has("Not done");
    assert_eq!(link(&page, "Checks"), format!("/products/{}/demonstration/checks", reference.to_lowercase()));
    app.described(&reference).await;
    app.get(MANAGER, LIST).await.has("All given").lacks("Details needed");
    app.confirmed(&reference).await;
    app.get(MANAGER, LIST).await.has("Confirmed").has("Done").lacks("Not done");

    app.get(MANAGER, "/demonstrations?when=today").await.has("No demonstrations today");
    app.get(MANAGER, "/demonstrations?when=past").await.has("No demonstration has been held yet");
    app.started(&reference).await;
    app.get(MANAGER, "/demonstrations?when=today").await.has("Demonstrations today (1)").has("Under way");
    app.advance(Duration::days(1));
    app.get(MANAGER, "/demonstrations?when=past").await.has("Past demonstrations (1)").has("Wardlight 1");
    app.get(MANAGER, LIST).await.has("Demonstrations (0)");
    app.finish().await;
}

#[actix_web::test]
async fn a_wish_is_agreed_to_with_somebody_who_has_time() {
    let app = TestApp::new().await;
    let moments = [at("2026-04-21", 10), at("2026-04-22", 14)];
    let (reference, address) = asked(&app, &moments).await;
    let list = app.get(REVIEWER, LIST).await;
    list.has("Suppliers who ask for a date (1)").has("Reply by Monday 13\u{a0}April 2026").has("5 working days left");
    assert_eq!(link(&list, "Answer"), address);
    app.get(OWNER, &address).await.is(404);
    book_leave(&app, OTHER_REVIEWER, ("2026-04-20", "2026-04-21")).await.goes_to(LEAVE);

    let page = app.get(REVIEWER, &address).await;
    page.is(200).has("How we worked out this date").has("Sam Reed is on leave on Tuesday 21\u{a0}April 2026");
    let mut agree = form(&page, &address, "Agree to this date");
    let wrong = press(&app, REVIEWER, &agree, "Agree to this date").await;
    wrong.is(422).has("Select a date and time").has("Select who will hold the demonstration");
    let (sam, amina) = (app.id(OTHER_REVIEWER).await.to_string(), app.id(REVIEWER).await.to_string());
    agree.set("moment", &moments[0].to_rfc3339()).set("assessor", &sam);
    press(&app, REVIEWER, &agree, "Agree to this date").await.is(422).has("#assessor\">Sam Reed is on leave");
    // A moment that nobody asked for.
    let other = at("2026-04-24", 10).to_rfc3339();
    let fields = [("moment", other.as_str()), ("assessor", amina.as_str())];
    app.post(REVIEWER, &agree.action, &fields).await.is(422).has("Select a date and time");

    let before = app.mail().await.len();
    agree.set("assessor", &amina);
    let done = press(&app, REVIEWER, &agree, "Agree to this date").await;
    done.goes_to(LIST);
    let list = app.follow(REVIEWER, &done).await;
    list.has("The demonstration of Wardlight 1 is on Tuesday 21\u{a0}April 2026 at 10am")
        .has("Demonstrations (1)")
        .lacks("ask for a date");
    let test = app.see(REVIEWER, &reference).await.unwrap().demonstration().clone();
    assert_eq!(test.date.as_ref().and_then(|d| d.assessor.as_ref()).map(|a| a.name.as_str()), Some("Amina Okafor"));
    // Asking counts as notice: the date is less than 3 weeks away, and more than 2 from the wish.
    assert_eq!(test.date.unwrap().noticed_on.to_string(), "2026-04-02");
    press(&app, REVIEWER, &agree, "Agree to this date").await.is(409);
    app.get(REVIEWER, &address).await.is(200).has("There is no wish for a date to answer");
    let mail = app.mail().await.split_off(before);
    assert!([OWNER, REVIEWER].iter().all(|p| mail.iter().any(|m| m.to.contains(p.email))), "both sides are told");
    app.finish().await;
}

#[actix_web::test]
async fn a_published_date_that_was_asked_for_is_used_and_nobody_holds_two_at_once() {
    let app = TestApp::new().await;
    let amina = app.id(REVIEWER).await.to_string();
    publish(&app, REVIEWER, ("2026-04-21", "10am"), &amina).await.goes_to(SLOTS);
    let moment = at("2026-04-21", 10);
    let (_, first_address) = asked(&app, &[moment]).await;
    let (_, second_address) = asked(&app, &[moment + Duration::hours(1)]).await;
    let (_, third_address) = asked(&app, &[moment]).await;
    let agree = |address: &str, moment: DateTime<Utc>| {
        (format!("{address}/agreement"), [("moment", moment.to_rfc3339()), ("assessor", amina.clone())])
    };
    let send = async |address: &str, moment| {
        let (path, fields) = agree(address, moment);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        app.post(MANAGER, &path, &fields).await
    };
    send(&second_address, moment + Duration::hours(1)).await.is(422).has("There is already a date at 10am");
    let (one, other) = tokio::join!(send(&first_address, moment), send(&third_address, moment));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert!(statuses == [303, 409] || statuses == [303, 422], "{statuses:?}");
    app.get(MANAGER, SLOTS).await.has("Published dates (1)").has("Booked for");
    app.finish().await;
}

#[actix_web::test]
async fn a_wish_is_declined_with_a_reason_and_moments_that_pass_cannot_be_agreed_to() {
    let app = TestApp::new().await;
    let moment = at("2026-04-21", 10);
    let (reference, address) = asked(&app, &[moment]).await;
    app.clock.set(moment + Duration::minutes(1));
    let page = app.get(REVIEWER, &address).await;
    page.has("Tuesday 21\u{a0}April 2026 at 10am has passed").lacks("Agree to this date").has("Overdue");
    let chosen = app.published(1).await;
    let chosen = assured::domain::demonstration::command::Chosen { starts_at: moment, ..chosen };
    let past = Command::Demonstration(DemonstrationCommand::Agree(chosen));
    assert!(app.try_act(REVIEWER, &reference, &past).await.is_err(), "a demonstration was agreed in the past");

    let mut decline = form(&page, &address, "Tell the supplier");
    press(&app, REVIEWER, &decline, "Tell the supplier").await.is(422).has("Say why none of the dates can be");
    decline.set("reason", "Everybody is away until May.");
    let done = press(&app, REVIEWER, &decline, "Tell the supplier").await;
    app.follow(REVIEWER, &done).await.has("has been told that none of the dates can be").lacks("ask for a date (");
    let test = app.see(OWNER, &reference).await.unwrap().demonstration().clone();
    assert_eq!((test.state, test.remark.as_str()), (DemonstrationState::NotBooked, "Everybody is away until May."));
    press(&app, REVIEWER, &decline, "Tell the supplier").await.is(409);
    app.finish().await;
}

/// The lines of a calendar file as they are meant: unfolded.
fn lines(file: &str) -> Vec<String> {
    file.replace("\r\n ", "").lines().map(str::to_owned).collect()
}

#[actix_web::test]
async fn a_calendar_is_read_by_its_address_alone_and_the_address_can_be_changed() {
    let app = TestApp::new().await;
    let mut references = Vec::new();
    for (who, hour) in [(Some(REVIEWER), 10), (None, 10), (Some(OTHER_REVIEWER), 10)] {
        let reviewer = app.actor(REVIEWER).await;
        let person = if let Some(who) = who { Some(app.id(who).await) } else { None };
        let starts_at = at("2026-04-21", hour);
        app.db.publish_slots(&reviewer, &[starts_at], person, app.now()).await.unwrap();
        let free = app.db.visible(&reviewer).free_slots(app.now()).await.unwrap();
        let slot = free.iter().find(|s| s.assessor.as_ref().map(|(p, _)| *p) == person).unwrap().id;
        let reference = ready(&app).await;
        let chosen = app.chosen(slot).await;
        app.test(OWNER, &reference, DemonstrationCommand::Book(chosen)).await;
        references.push(reference);
    }
    let make = form(&app.get(REVIEWER, LIST).await, LIST, "Make an address");
    let made = press(&app, REVIEWER, &make, "Make an address").await;
    let page = app.follow(REVIEWER, &made).await;
    let address = |page: &Reply| {
        let start = page.body.find("/demonstrations/feed/").unwrap();
        page.body[start..].split(".ics").next().unwrap().to_owned() + ".ics"
    };
    let first = address(&page);
    assert!(first.len() >= "/demonstrations/feed/".len() + 43, "256 bits: {first}");
    app.get(REVIEWER, LIST).await.lacks(&first).has("Make a new address");

    let file = app.get(None, &first).await;
    file.is(200);
    assert!(file.header("content-type").starts_with("text/calendar"), "{}", file.header("content-type"));
    let text = lines(&file.body);
    let uids: Vec<_> = text.iter().filter_map(|l| l.strip_prefix("UID:")).collect();
    let expected: Vec<String> =
        references[..2].iter().map(|r| format!("{}-demonstration-1@assured.test", r.to_lowercase())).collect();
    assert_eq!(uids, expected, "their own and those of nobody, and no colleague's");
    assert!(text.contains(&"DTSTART;TZID=Europe/London:20260421T100000".to_owned()), "{text:?}");
    assert!(text.iter().any(|l| l.contains("SUMMARY:Demonstration: Wardlight 1")), "{text:?}");
    assert!(text.contains(&"STATUS:TENTATIVE".to_owned()));

    let renew = form(&app.get(REVIEWER, LIST).await, LIST, "Make a new address");
    let made = press(&app, REVIEWER, &renew, "Make a new address").await;
    let second = address(&app.follow(REVIEWER, &made).await);
    app.get(None, &first).await.is(404);
    app.get(None, &second).await.is(200);
    app.get(None, "/demonstrations/feed/unknown.ics").await.is(404);
    let stop = form(&app.get(REVIEWER, LIST).await, LIST, "Stop this address");
    press(&app, REVIEWER, &stop, "Stop this address").await.goes_to(LIST);
    app.get(None, &second).await.is(404);
    app.post(OWNER, "/demonstrations/feed", &[]).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn leave_says_which_demonstrations_fall_into_it() {
    let app = TestApp::new().await;
    app.get(REVIEWER, LEAVE).await.has("No leave is booked").lacks("Whose leave");
    app.post(REVIEWER, LEAVE, &[]).await.is(422).has("Enter the first day of the leave").has("Enter the last day of the leave");
    for (days, sentence) in [
        (("2026-04-24", "2026-04-20"), "The end date must be on or after the start date"),
        (("2026-03-20", "2026-03-21"), "The end date must be today or later"),
        (("2026-04-20", "2062-04-20"), "2 years from today"),
    ] {
        book_leave(&app, REVIEWER, days).await.is(422).has(sentence).has("#until-day");
    }
    let reference = ready(&app).await;
    app.booked(&reference).await;
    app.published(22).await;
    let done = book_leave(&app, REVIEWER, ("2026-04-20", "2026-04-24")).await;
    let page = app.follow(REVIEWER, &done).await;
    page.has("Leave is booked for Amina Okafor")
        .has("You have 1 demonstration and 1 free date while away: Wardlight 1 on 23\u{a0}April 2026");
    page.has("Monday 20\u{a0}April 2026 to Friday 24\u{a0}April 2026").has("Leave (1)");
    book_leave(&app, REVIEWER, ("2026-04-20", "2026-04-24")).await.goes_to(LEAVE);
    let page = app.get(REVIEWER, LEAVE).await;
    page.has("Leave (1)").has("1 demonstration and 1 free date while away");
    let own = form(&page, LEAVE, "Take back").action;

    // Reviewers book their own; managers everybody's.
    let sam = app.id(OTHER_REVIEWER).await.to_string();
    let days = [
        ("from-day", "4"),
        ("from-month", "5"),
        ("from-year", "2026"),
        ("until-day", "4"),
        ("until-month", "5"),
        ("until-year", "2026"),
    ];
    let for_sam: Vec<(&str, &str)> = days.into_iter().chain([("person", sam.as_str())]).collect();
    let mine = app.post(REVIEWER, LEAVE, &for_sam).await;
    app.follow(REVIEWER, &mine).await.has("Leave is booked for Amina Okafor");
    let his = app.post(MANAGER, LEAVE, &for_sam).await;
    app.follow(MANAGER, &his).await.has("Leave is booked for Sam Reed").has("Leave (3)");
    let for_nobody: Vec<(&str, &str)> = days.into_iter().chain([("person", "somebody")]).collect();
    app.post(MANAGER, LEAVE, &for_nobody).await.is(422).has("Select whose leave it is");

    app.post(OTHER_REVIEWER, &own, &[]).await.is(404);
    app.post(OWNER, &own, &[]).await.is(404);
    let gone = app.post(REVIEWER, &own, &[]).await;
    app.follow(REVIEWER, &gone).await.has("The leave has been taken back").has("Leave (2)");
    app.post(REVIEWER, &own, &[]).await.is(404);
    // Leave that is over is not listed.
    app.clock.set(app.now() + Days::new(60));
    app.get(REVIEWER, LEAVE).await.has("No leave is booked");
    app.finish().await;
}
