//! Advice on its pages: before sending, beside a question, and for a reviewer.

use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use assured::domain::command::SectionCommand;

use crate::support::*;

const SECTION: Section = Section::ServiceManagement;
const POOR: &str = "Calls are answered by the first line, who solve three out of four at once. What they cannot solve goes to the \
                    second line and then to the developers, who look at it in the order in which it came in from the users.";

/// A product whose service management is answered, with one answer in these words.
async fn with(app: &TestApp, key: &str, text: &str) -> String {
    let reference = app.product(OWNER).await;
    let product = app.answer_all(OWNER, &reference, SECTION).await;
    let command = SectionCommand::Answer(vec![entry(&product, key, Value::Text(text.to_owned()))]);
    app.act(OWNER, &reference, SECTION, command).await;
    reference
}

fn address(reference: &str, page: &str) -> String {
    format!("/products/{}/sections/service-management/{page}", reference.to_lowercase())
}

#[actix_web::test]
async fn a_careful_answer_gets_no_advice_and_the_page_says_so() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    for section in Section::ALL {
        app.answer_all(OWNER, &reference, *section).await;
    }
    for section in Section::ALL {
        let path = format!("/products/{}/sections/{section}/check", reference.to_lowercase());
        app.get(OWNER, &path).await.is(200).has("Before you send").has("nothing to suggest").lacks("suggestions");
    }
    app.finish().await;
}

#[actix_web::test]
async fn advice_is_counted_and_leads_to_the_question_and_stops_nothing() {
    let app = TestApp::new().await;
    let reference = with(&app, "sm-incident-process", POOR).await;
    let page = app.get(OWNER, &address(&reference, "check")).await;
    page.is(200)
        .has("Before you send (5 suggestions)")
        .has("Say how you set severity")
        .has("questions/sm-incident-process#sm-incident-process");
    let page = app.get(OWNER, &address(&reference, "questions/sm-incident-process")).await;
    page.is(200).has("You could still improve this answer").has("Say how a CIS2 problem reaches the National Service Desk");
    page.lacks("There is a problem");
    let sent = app.post(OWNER, &address(&reference, "submission"), &[("complete", "yes")]).await;
    sent.is(303);
    app.finish().await;
}

#[actix_web::test]
async fn what_is_shown_at_once_is_a_handful() {
    let app = TestApp::new().await;
    let reference = with(&app, "sm-incident-process", POOR).await;
    let product = app.see(OWNER, &reference).await.unwrap();
    let poor = "We publish release notes with every version and send a newsletter to all customers each quarter of the year, which \
                lists what is planned and which versions will be withdrawn.";
    let command = SectionCommand::Answer(vec![entry(&product, "sm-change-notice", Value::Text(poor.to_owned()))]);
    app.act(OWNER, &reference, SECTION, command).await;
    let page = app.get(OWNER, &address(&reference, "check")).await;
    page.is(200).has("Before you send (9 suggestions)").has("Show 4 more").has("Say who decides that a change matters");
    app.finish().await;
}

#[actix_web::test]
async fn a_secret_in_a_text_is_spoken_of_and_not_repeated() {
    let app = TestApp::new().await;
    let text = "The technical lead decides. NHS England and customers are told 15 working days ahead by email, and we update the \
                assurance answers. Follow our tracker with the user nhsreview and the password: Blue7Kettle";
    let reference = with(&app, "sm-change-notice", text).await;
    let page = app.get(OWNER, &address(&reference, "check")).await;
    page.is(200).has("Take the password out of this answer");
    let advice = page.body.split("Before you send").nth(1).unwrap_or_default();
    assert!(!advice.contains("Blue7Kettle"), "{advice}");
    app.finish().await;
}

#[actix_web::test]
async fn a_reviewer_finds_the_same_advice_folded_while_the_round_is_under_way() {
    let app = TestApp::new().await;
    let reference = with(&app, "sm-incident-process", POOR).await;
    app.send(OWNER, &reference, SECTION).await;
    let review = address(&reference, "review");
    let page = app.get(REVIEWER, &review).await;
    page.is(200).has("What an automatic look at this answer noticed (5)").has("Say how you set severity");
    app.get(OWNER, &address(&reference, "check")).await.is(200).lacks("Before you send");
    app.finish().await;
}

#[actix_web::test]
async fn advice_needs_no_further_statement() {
    let app = TestApp::new().await;
    let (poor, good) = (with(&app, "sm-incident-process", POOR).await, app.product(OWNER).await);
    app.answer_all(OWNER, &good, SECTION).await;
    let mut counts = Vec::new();
    for reference in [poor, good] {
        let path = address(&reference, "check");
        app.get(OWNER, &path).await.is(200);
        let before = app.db.statements();
        app.get(OWNER, &path).await.is(200);
        counts.push(app.db.statements() - before);
    }
    assert_eq!(counts[0], counts[1]);
    app.finish().await;
}
