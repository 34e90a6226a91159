//! Monday at nine: what a manager presses to see what is late, to share it out, to remind a supplier, to report the month.

use assured::domain::catalogue::Section;
use assured::domain::command::Command;
use assured::domain::condition::Condition;
use assured::domain::refusal::Refusal;
use assured::error::Error;
use chrono::Duration;

use crate::letters::letters;
use crate::page::{form, link};
use crate::support::http::Reply;
use crate::support::*;

const SECTION: Section = Section::DataSecurity;

/// A manager in front of a page, and how often they pressed something.
struct Monday<'a> {
    app: &'a TestApp,
    address: String,
    page: Reply,
    presses: u32,
}

impl<'a> Monday<'a> {
    async fn at_home(app: &'a TestApp) -> Self {
        Self { app, address: "/dashboard".to_owned(), page: app.get(MANAGER, "/dashboard").await, presses: 0 }
    }

    async fn opens(&mut self, words: &str) {
        self.follows(&link(&self.page, words)).await;
    }

    async fn follows(&mut self, address: &str) {
        self.presses += 1;
        address.clone_into(&mut self.address);
        self.page = self.app.get(MANAGER, address).await;
        self.page.is(200);
    }

    /// Presses a button, with choices that take a press each.
    async fn presses(&mut self, button: &str, choices: &[(&str, &str)]) {
        let mut form = form(&self.page, &self.address, button);
        for (name, value) in choices {
            form.set(name, value);
            self.presses += 1;
        }
        self.presses += 1;
        let fields = form.pressed(button);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let reply = self.app.post(MANAGER, &form.action, &fields).await;
        reply.is(303);
        self.address = reply.location.clone().unwrap();
        self.page = self.app.follow(MANAGER, &reply).await;
    }
}

/// A product that has waited for its supplier for weeks.
async fn slow(app: &TestApp) -> String {
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, SECTION).await;
    app.send_back(REVIEWER, &reference, SECTION, &["ds-dspt-profile"]).await;
    app.advance(Duration::days(74));
    reference
}

#[actix_web::test]
async fn a_monday_of_a_manager_takes_few_presses() {
    let app = TestApp::new().await;
    slow(&app).await;
    let other = app.product(RIVAL).await;
    app.send(RIVAL, &other, SECTION).await;
    app.advance(Duration::days(4));

    // What is late and why is there without a press.
    let mut monday = Monday::at_home(&app).await;
    monday.page.has("likely to pass 12 weeks").has("Needs a decision from you").has("Wardlight 1 is in week 12");
    assert_eq!(monday.presses, 0);

    monday.opens("Assign Wardlight 2: ").await;
    let person = app.id(OTHER_REVIEWER).await.to_string();
    monday.presses("Reassign", &[("reviewer", &person)]).await;
    assert_eq!(monday.presses, 3, "to share out a review");

    let mut monday = Monday::at_home(&app).await;
    monday.follows("/board?risk=late").await;
    // To open what is sent is a press as well.
    monday.page.has(">Remind<span class=\"nhsuk-u-visually-hidden\"> the supplier of Wardlight 1</span>");
    monday.page.has("“Wardlight 1 has been waiting for you since 2\u{a0}April 2026: answers to feedback.”");
    monday.presses += 1;
    monday.presses("Send reminder", &[]).await;
    assert_eq!(monday.presses, 3, "to remind a supplier");
    assert_eq!(monday.address, "/board?risk=late&page=1");
    monday.page.has("Reminder about Wardlight 1 sent to Wardlight Health").has("Reminded today").lacks("Send reminder");

    let mut monday = Monday::at_home(&app).await;
    monday.follows("/reports/service-level?due=overdue").await;
    monday.opens("April 2026").await;
    let csv = monday.page.body.split("href=\"").find(|l| l.starts_with("/reports/service-level/kept.csv")).unwrap();
    monday.follows(&csv.split('"').next().unwrap().replace("&#38;", "&")).await;
    monday.page.has("2026-04,We review a section,1,1,100");
    assert_eq!(monday.presses, 3, "to take the month away");
    app.finish().await;
}

#[actix_web::test]
async fn a_supplier_is_reminded_once_a_working_day_and_the_history_says_so() {
    let app = TestApp::new().await;
    let reference = slow(&app).await;
    let address = format!("/products/{}/reminder", reference.to_lowercase());
    let from = [("from", "/board?waiting=supplier&page=1")];
    app.mail().await;
    let sent = app.post(MANAGER, &address, &from).await;
    sent.goes_to("/board?waiting=supplier&page=1");
    app.follow(MANAGER, &sent).await.has("Reminder about Wardlight 1 sent to Wardlight Health");
    let again = app.post(MANAGER, &address, &from).await;
    again.goes_to("/board?waiting=supplier&page=1");
    app.follow(MANAGER, &again).await.has("This supplier was reminded today already");
    let told = letters(&app).await.into_iter().filter(|l| l.notice.word() == "reminded");
    let mut told: Vec<String> = told.map(|l| l.email).collect();
    told.sort_unstable();
    assert_eq!(told, [VIEWER.email, OWNER.email, EDITOR.email]);
    let mail = app.mail().await;
    let text = &mail.iter().find(|m| m.to == OWNER.email && m.text.subject.starts_with("Reminder")).unwrap().text;
    assert_eq!(text.subject, "Reminder: Wardlight 1 is waiting for you");
    assert!(text.body.contains("Grace Lin of the assurance team reminds you"), "{}", text.body);
    assert!(text.body.contains("/products/c2a-1001/sections/data-security/feedback"), "{}", text.body);
    let history = app.get(OWNER, "/products/c2a-1001/history").await;
    history.is(200).has("Supplier reminded of answers to feedback");
    // Monday 15 June 2026; the next day there can be another.
    app.advance(Duration::days(1));
    app.get(MANAGER, "/board").await.has("Reminded on 15\u{a0}June 2026").has("Send reminder");
    app.post(MANAGER, &address, &[("from", "//evil.example")]).await.goes_to("/dashboard");
    app.get(MANAGER, "/board").await.has("Reminded today").lacks("Send reminder");
    app.finish().await;
}

#[actix_web::test]
async fn only_managers_remind_and_only_who_is_waited_for() {
    let app = TestApp::new().await;
    let reference = slow(&app).await;
    let address = format!("/products/{}/reminder", reference.to_lowercase());
    for (who, status) in [(REVIEWER, 403), (OWNER, 403), (RIVAL, 404), (ADMINISTRATOR, 404), (INTERESTED, 404)] {
        app.post(who, &address, &[]).await.is(status);
    }
    app.get(REVIEWER, "/board").await.has("Wardlight 1").lacks("Send reminder");
    let other = app.product(OWNER).await;
    app.send(OWNER, &other, SECTION).await;
    app.get(MANAGER, "/board?waiting=team").await.has("Wardlight 2").lacks("Send reminder");
    let refused = app.try_act(MANAGER, &other, &Command::Remind).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Missing(Condition::WaitsForSupplier)))), "{refused:?}");
    app.post(MANAGER, &format!("/products/{}/reminder", other.to_lowercase()), &[]).await.is(409);
    app.command(OWNER, &reference, Command::Hold("Budget".to_owned())).await;
    app.post(MANAGER, &address, &[]).await.is(409).has("is on hold");
    app.finish().await;
}
