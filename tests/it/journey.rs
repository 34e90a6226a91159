//! The whole way as people go it: two suppliers add products, answer six sections, get feedback and are accepted.
//! Every address and every field is found in the pages.

use assured::demo::answers::{Samples, pdf};
use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use assured::domain::command::{Command, Ruling, SectionCommand};
use assured::domain::refusal::Refusal;
use assured::domain::section::{Guard, Verdict};
use assured::error::Error;

use crate::page::{Form, form, forms, link};
use crate::support::http::Reply;
use crate::support::*;

/// Presses a button of a form.
pub async fn press(app: &TestApp, who: Persona, form: &Form, button: &str) -> Reply {
    let fields = form.pressed(button);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(who, &form.action, &fields).await
}

/// Adds a product and says how it connects. Returns its address.
pub async fn add_product(app: &TestApp, who: Persona, name: &str) -> String {
    let list = app.get(who, "/products").await;
    let address = link(&list, "Add a product");
    let page = app.get(who, &address).await;
    let mut about = form(&page, &address, "Continue");
    about.set("name", name).set("version", "4.2").set("description", "Electronic ward rounds.");
    let added = press(app, who, &about, "Continue").await;
    let address = added.location.clone().unwrap();
    let page = app.follow(who, &added).await;
    page.is(200).has(&format!("{name} has been added"));
    let mut connection = form(&page, &address, "Save and continue");
    connection.set("migrating", "no").set("int", "yes").tick("settings", "hospital").tick("users", "clinicians");
    let saved = press(app, who, &connection, "Save and continue").await;
    let home = app.follow(who, &saved).await;
    home.is(200).has("What happens next").has("It’s your turn.").has("Not yet started");
    saved.location.unwrap()
}

/// Fills in the questions of a page as a typical supplier does. Returns what to upload.
async fn fill(app: &TestApp, form: &mut Form) -> Vec<(String, String)> {
    let samples = Samples::read().unwrap();
    let catalogue = app.rules.catalogue(1).unwrap();
    let today = assured::domain::calendar::london_date(app.now());
    let keys: Vec<String> = form.names.iter().filter_map(|n| n.strip_prefix("edition-").map(str::to_owned)).collect();
    assert!(!keys.is_empty(), "a page without questions");
    let mut uploads = Vec::new();
    for key in keys {
        let (_, question) = catalogue.find(&key).unwrap();
        let value = samples.answer(question, today, &app.data.files).await.unwrap();
        let name = format!("answer-{key}");
        let mut date = |date: chrono::NaiveDate| {
            use chrono::Datelike as _;
            form.set(&format!("{name}-day"), &date.day().to_string());
            form.set(&format!("{name}-month"), &date.month().to_string());
            form.set(&format!("{name}-year"), &date.year().to_string());
        };
        match value.unwrap_or_else(|| panic!("no sample for {key}")) {
            Value::Text(text) | Value::Choice(text) => {
                form.set(&name, &text);
            }
            Value::Choices(set) => set.iter().for_each(|v| {
                form.tick(&name, v);
            }),
            Value::Number(tenths) => {
                form.set(&name, &(tenths / 10).to_string());
            }
            Value::Ticked => {
                form.tick(&name, "yes");
            }
            Value::Date(day) => date(day),
            Value::Files { files, expires_on } => {
                if let Some(day) = expires_on {
                    date(day);
                }
                uploads.push((format!("file-{key}"), files[0].name.clone()));
            }
        }
    }
    uploads
}

/// Answers a section page by page, the way that the buttons lead, and sends it.
pub async fn answer_and_send(app: &TestApp, who: Persona, product: &str, section: Section) -> Reply {
    let title = app.rules.catalogue(1).unwrap().section(section).unwrap().title.clone();
    let home = app.get(who, product).await;
    let mut address = link(&home, &title);
    for _ in 0..40 {
        let page = app.get(who, &address).await;
        page.is(200);
        if address.ends_with("/check") {
            break;
        }
        let mut form = form(&page, &address, "Save and continue");
        let uploads = fill(app, &mut form).await;
        let fields = form.pressed("Save and continue");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let saved = if uploads.is_empty() {
            app.post(who, &form.action, &fields).await
        } else {
            let bytes = pdf("Evidence");
            let picture: &[u8] = b"\x89PNG\r\n\x1a\n picture";
            let content = |name: &str| if name.contains(".png") { picture.to_vec() } else { bytes.clone() };
            let contents: Vec<_> = uploads.iter().map(|(f, n)| (f.clone(), n.clone(), content(n))).collect();
            let files: Vec<(&str, &str, &[u8])> = contents.iter().map(|(f, n, b)| (f.as_str(), n.as_str(), b.as_slice())).collect();
            app.upload(who, &form.action, &fields, &files).await
        };
        saved.is(303);
        address = saved.location.unwrap();
    }
    send(app, who, &address, "Send section for review").await
}

async fn send(app: &TestApp, who: Persona, address: &str, button: &str) -> Reply {
    let page = app.get(who, address).await;
    let mut check = form(&page, address, button);
    check.set("complete", "yes");
    if check.names.iter().any(|n| n == "int") {
        check.set("int", "yes").set("test-address", "https://int.supplier.example.com/");
    }
    let sent = press(app, who, &check, button).await;
    let home = app.follow(who, &sent).await;
    home.is(200).has("You’ve sent").has("It’s our turn:");
    home
}

/// Takes the next review and decides: more about some questions, the rest accepted. Returns the page after sending.
pub async fn review(app: &TestApp, who: Persona, more: &[&str]) -> Reply {
    let queue = app.get(who, "/queue").await;
    let next = press(app, who, &form(&queue, "/queue", "Take the next review"), "Take the next review").await;
    let address = next.location.clone().unwrap();
    let page = app.follow(who, &next).await;
    page.is(200);
    let mut decisions = form(&page, &address, "Check and send feedback");
    let keys: Vec<String> = decisions.names.iter().filter_map(|n| n.strip_prefix("decision-").map(str::to_owned)).collect();
    for key in keys {
        let asked = more.contains(&key.as_str());
        decisions.set(&format!("decision-{key}"), if asked { "more" } else { "accept" });
        if asked {
            decisions.set(&format!("comment-{key}"), "Say who does this, and when.");
        }
    }
    let saved = press(app, who, &decisions, "Check and send feedback").await;
    let address = saved.location.clone().unwrap_or_else(|| panic!("{}", saved.body));
    let page = app.follow(who, &saved).await;
    let outcome = form(&page, &address, "Send to supplier");
    let sent = press(app, who, &outcome, "Send to supplier").await;
    app.follow(who, &sent).await.has("Undo (until ");
    app.let_replies_leave().await;
    app.get(who, "/queue").await.lacks("Undo (until ");
    app.follow(who, &sent).await
}

/// Answers what was asked: one answer changed, one reply given.
pub async fn answer_feedback(app: &TestApp, who: Persona, product: &str) -> Reply {
    let home = app.get(who, product).await;
    let address = link(&home, "Answer 2 questions");
    let page = app.get(who, &address).await;
    page.has("Say who does this, and when.").has("0 of 2 questions answered").lacks("answer-sm-desk-phone");
    let mut answers = form(&page, &address, "Check what you changed");
    let hours = "Weekdays, weekends and bank holidays from 8am to 6pm by the desk. The on-call manager answers at night.";
    answers.set("answer-sm-support-hours", hours).set("remark-sm-change-notice", "The technical lead does, as the answer says.");
    let saved = press(app, who, &answers, "Check what you changed").await;
    let check = app.follow(who, &saved).await;
    check.is(200).has("The technical lead does, as the answer says.").has("<ins");
    send(app, who, saved.location.as_deref().unwrap(), "Send changes").await
}

#[actix_web::test]
async fn two_suppliers_carry_six_sections_to_accepted() {
    let app = TestApp::new().await;
    let mine = add_product(&app, OWNER, "Wardlight Observations").await;
    let other = add_product(&app, RIVAL, "Medibridge Connect").await;

    // The first section is the one that comes back: two questions, answered, accepted in the second round.
    let section = Section::ServiceManagement;
    answer_and_send(&app, OWNER, &mine, section).await.has("Monday 13\u{a0}April 2026");
    review(&app, REVIEWER, &["sm-support-hours", "sm-change-notice"]).await.is(200);
    let home = app.get(OWNER, &mine).await;
    home.has("It’s your turn.").has("Changes needed").has("2 of 10 questions need more information");
    app.get(RIVAL, &mine).await.is(404);
    answer_feedback(&app, OWNER, &mine).await;
    let queue = app.get(REVIEWER, "/queue").await;
    queue.has("round 2");
    let page = review_page_of(&app, &queue, &mine, section).await;
    page.has("What changed").has("<ins").has("The technical lead does, as the answer says.");
    review(&app, REVIEWER, &[]).await.is(200);
    app.get(OWNER, &mine).await.has("Accepted");

    for section in Section::ALL.iter().filter(|s| **s != section) {
        answer_and_send(&app, OWNER, &mine, *section).await;
        review(&app, OTHER_REVIEWER, &[]).await.is(200);
    }
    let home = app.get(OWNER, &mine).await;
    home.has("It’s your turn.").has("All 6 sections are accepted.").has("Choose a date").has("Say who will sign");

    for section in Section::ALL {
        answer_and_send(&app, RIVAL, &other, *section).await;
        review(&app, REVIEWER, &[]).await.is(200);
    }
    app.get(RIVAL, &other).await.has("All 6 sections are accepted.");
    app.get(REVIEWER, "/queue").await.has("Nothing is waiting for review");

    // Accepted is locked: the question cannot be opened, the section says so.
    let locked = app.get(OWNER, &format!("{mine}/sections/data-security/questions/ds-dspt-profile")).await;
    app.follow(OWNER, &locked).await.has("We’ve accepted this section.");
    let history = app.get(OWNER, &format!("{mine}/history")).await;
    history.is(200).has("Section accepted");
    let subjects: Vec<String> = app.mail().await.into_iter().filter(|m| m.to == OWNER.email).map(|m| m.text.subject).collect();
    assert!(subjects.contains(&"Wardlight Observations: 2 questions need more information".to_owned()), "{subjects:?}");
    assert_eq!(subjects.iter().filter(|s| s.ends_with("is accepted")).count(), 6, "{subjects:?}");
    app.finish().await;
}

/// The review page by its link in the queue.
async fn review_page_of(app: &TestApp, queue: &Reply, product: &str, section: Section) -> Reply {
    let address = format!("{product}/sections/{section}/review");
    queue.has(&address);
    app.get(REVIEWER, &address).await
}

#[actix_web::test]
async fn nobody_is_told_that_an_answer_is_accepted_which_cannot_be() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let section = Section::ServiceManagement;
    app.answer_all(OWNER, &reference, section).await;
    app.answer(OWNER, &reference, ("sm-nsd-status", Value::Choice("not-yet".to_owned())), "").await;
    app.send(OWNER, &reference, section).await;
    app.decide(REVIEWER, &reference, section, &["sm-change-notice"]).await;
    let sent_back = app.try_act(REVIEWER, &reference, &Command::Section(section, SectionCommand::Return(String::new()))).await;
    assert!(matches!(sent_back, Err(Error::Refused(Refusal::Unmet(Guard::Acceptable)))), "{sent_back:?}");
    let check = app.get(REVIEWER, "/products/c2a-1001/sections/service-management/review/check").await;
    check.is(200).lacks("Send to supplier");
    let ruling = Ruling {
        question: "sm-nsd-status".to_owned(),
        verdict: Some(Verdict::More),
        comment: "Register the product first.".to_owned(),
    };
    app.act(REVIEWER, &reference, section, SectionCommand::Decide(vec![ruling])).await;
    app.act(REVIEWER, &reference, section, SectionCommand::Return(String::new())).await;
    app.get(OWNER, "/products/c2a-1001").await.has("2 of 10 questions need more information");
    app.finish().await;
}

#[actix_web::test]
async fn a_reopened_section_tells_why() {
    let app = TestApp::new().await;
    let mine = add_product(&app, OWNER, "Wardlight Observations").await;
    answer_and_send(&app, OWNER, &mine, Section::MedicalDevice).await;
    review(&app, REVIEWER, &[]).await;
    let address = format!("{mine}/sections/medical-device/reopening");
    let page = app.get(REVIEWER, &address).await;
    let reopening = forms(&page, &address).into_iter().find(|f| f.names.iter().any(|n| n == "reason")).unwrap();
    let mut reopening = reopening;
    let name = reopening.names.iter().find(|n| n.starts_with("question")).unwrap().clone();
    reopening.tick(&name, "md-is-device").set("reason", "A new release reads values and gives advice.");
    let button = reopening.buttons[0].2.clone();
    press(&app, REVIEWER, &reopening, &button).await.is(303);
    let feedback = app.get(OWNER, &format!("{mine}/sections/medical-device/feedback")).await;
    feedback.is(200).has("A new release reads values and gives advice.");
    app.get(OWNER, &mine).await.has("Changes needed").has("Answer 1 question");
    app.finish().await;
}
