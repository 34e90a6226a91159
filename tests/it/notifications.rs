//! The inbox and what people choose: every message is there, once, for its recipient alone, and e-mail follows the choice.

use assured::domain::catalogue::Section;
use chrono::Duration;

use crate::letters::letters;
use crate::support::*;

const SECTION: Section = Section::MedicalDevice;

const EVERYTHING_NOW: [(&str, &str); 9] = [
    ("your-turn", "now"),
    ("questions", "now"),
    ("progress", "now"),
    ("demonstration", "now"),
    ("certificate", "now"),
    ("agreement", "now"),
    ("messages", "now"),
    ("reminders", "now"),
    ("late", "now"),
];

fn chosen(matter: &str, how: &'static str) -> Vec<(&'static str, &'static str)> {
    EVERYTHING_NOW.iter().map(|(m, h)| (*m, if *m == matter { how } else { *h })).collect()
}

/// Subjects that somebody got by e-mail since the last look.
async fn mailed(app: &TestApp, persona: Persona, seen: &mut usize) -> Vec<String> {
    app.mail().await;
    let all = app.mail_so_far();
    let new = all[*seen..].iter().filter(|m| m.to == persona.email).map(|m| m.text.subject.clone()).collect();
    *seen = all.len();
    new
}

#[actix_web::test]
async fn the_inbox_has_what_was_told_and_marks_it_read() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    let page = app.get(OWNER, "/notifications").await;
    page.is(200)
        .has("Notifications (2 unread)")
        .has("Wardlight 1 has been added")
        .has("We have your medical device status answers for Wardlight 1");
    page.has("href=\"/products/c2a-1001\"");
    app.get(RIVAL, "/notifications").await.has("You’re up to date.").lacks("Wardlight 1");
    let id = letters(&app).await.into_iter().find(|l| l.email == OWNER.email && l.notice.word() == "section-sent").unwrap().id;
    // The head of every page says it as well, of an error too.
    let badge = "Notifications<span class=\"nhsuk-u-visually-hidden\">,</span> <span class=\"app-count\">2</span>\
        <span class=\"nhsuk-u-visually-hidden\"> unread</span>";
    for path in ["/products", "/account", "/products/c2a-9999"] {
        app.get(OWNER, path).await.has(badge);
    }
    app.get(RIVAL, "/products").await.lacks("app-count");
    // Somebody else's message stays unread, whoever presses.
    app.post(RIVAL, &format!("/notifications/{id}/read"), &[]).await.is(303);
    app.get(OWNER, "/notifications").await.has("Notifications (2 unread)");
    app.post(OWNER, &format!("/notifications/{id}/read"), &[]).await.is(303);
    app.get(OWNER, "/notifications").await.has("Notifications (1 unread)");
    app.get(OWNER, "/notifications?show=unread").await.has("Wardlight 1 has been added").lacks("We have your medical device");
    let opened = app.now();
    app.advance(Duration::minutes(1));
    app.accept(REVIEWER, &reference, SECTION).await;
    app.post(OWNER, "/notifications/read", &[("until", &opened.to_rfc3339())]).await.is(303);
    app.get(OWNER, "/notifications").await.has("Notifications (1 unread)").has("medical device");
    app.finish().await;
}

#[actix_web::test]
async fn what_somebody_chose_decides_about_e_mail_and_never_about_the_inbox() {
    let app = TestApp::new().await;
    let mut seen = 0;
    app.get(OWNER, "/account/preferences").await.is(200).has("Straight away").has("Progress of a product");
    app.post(OWNER, "/account/preferences", &chosen("progress", "never")).await.is(303);
    app.post(EDITOR, "/account/preferences", &chosen("progress", "daily")).await.is(303);
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    assert_eq!(mailed(&app, OWNER, &mut seen).await, Vec::<String>::new());
    seen = 0;
    assert_eq!(mailed(&app, EDITOR, &mut seen).await, Vec::<String>::new());
    app.get(OWNER, "/notifications").await.has("We have your medical device status answers for Wardlight 1");

    // The summary comes in the evening, once, to whoever chose it.
    assert_eq!(app.worker.summarise().await.unwrap(), 0, "not in the morning");
    app.clock.set("2026-04-02T16:00:00Z".parse().unwrap());
    assert_eq!(app.worker.summarise().await.unwrap(), 1);
    assert_eq!(app.worker.summarise().await.unwrap(), 0);
    let got = mailed(&app, EDITOR, &mut seen).await;
    assert_eq!(got, ["2 things changed"]);
    let text = app.mail_so_far().into_iter().find(|m| m.text.subject == "2 things changed").unwrap().text.body;
    assert!(text.contains("- Wardlight 1 has been added\n- We have your medical device status answers for Wardlight 1"), "{text}");

    // What happens later in the evening waits for the next one: there is one summary a day.
    app.advance(Duration::hours(1));
    app.accept(REVIEWER, &reference, SECTION).await;
    app.advance(Duration::minutes(5));
    assert_eq!(app.worker.summarise().await.unwrap(), 0);
    app.clock.set("2026-04-03T16:00:00Z".parse().unwrap());
    assert_eq!(app.worker.summarise().await.unwrap(), 1);
    assert_eq!(mailed(&app, EDITOR, &mut seen).await, ["1 thing changed"]);

    // What is somebody's turn cannot be switched off.
    let refused = app.post(OWNER, "/account/preferences", &chosen("your-turn", "never")).await;
    refused.is(422).has("Select how you want to hear of “It’s your turn”");
    app.get(OWNER, "/account/preferences").await.has("value=\"never\" checked");
    app.finish().await;
}
