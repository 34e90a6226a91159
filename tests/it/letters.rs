//! Every e-mail as people get it: subject and text to the letter, links that work, nothing confidential.

use assured::domain::account::Place;
use assured::domain::actor::Membership;
use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use assured::domain::command::{Reviewer, SectionCommand};
use assured::store::outbox::Letter;
use assured::worker::letter::Text;
use assured::worker::mail::html;
use chrono::Duration;

use crate::support::*;

const SECTION: Section = Section::MedicalDevice;
const HOME: &str = "http://assured.test/products/c2a-1001";

/// The end of a message about a product.
pub const ABOUT: &str = "
Reference: C2A-1001
You get this e-mail because you work on Wardlight 1.
Change which e-mails you get: http://assured.test/account/preferences
Reply to this e-mail if you need help.
CIS2 assurance team
";

/// The end of a message that is about no product.
const PLAIN: &str = "
Reply to this e-mail if you need help.
CIS2 assurance team
";

/// All letters since the test began, newest first.
pub async fn letters(app: &TestApp) -> Vec<Letter> {
    let mut all = Vec::new();
    for number in 1.. {
        let page = app.db.all_mail(number).await.unwrap();
        if page.rows.is_empty() {
            break;
        }
        all.extend(page.rows.into_iter().filter(|l| l.created_at >= start()));
    }
    all
}

/// The only letter of a kind to somebody.
async fn letter(app: &TestApp, email: &str, kind: &str) -> Letter {
    let mut found: Vec<Letter> = letters(app).await.into_iter().filter(|l| l.email == email && l.notice.word() == kind).collect();
    assert_eq!(found.len(), 1, "{kind} to {email}: {found:?}");
    found.remove(0)
}

/// A letter has this subject and this text, whenever it is written, and only links to this service.
#[track_caller]
pub fn reads(app: &TestApp, letter: &Letter, subject: &str, body: &str) {
    let text = app.worker.writer.write(letter).unwrap();
    assert_eq!(text, Text { subject: subject.to_owned(), body: body.to_owned() }, "\n{}", text.body);
    app.advance(Duration::days(1));
    assert_eq!(app.worker.writer.write(letter).unwrap(), text, "the same letter gives the same text");
    assert!(!text.body.contains("\n\n\n") && !text.body.contains('\u{a0}'), "{:?}", text.body);
    for link in text.body.split_whitespace().filter(|w| w.contains("://")) {
        assert!(link.starts_with("http://assured.test/"), "{link}");
        assert!(html(&text.body).contains(&format!("<a href=\"{link}\">{link}</a>")), "{link} can be pressed");
    }
}

/// Invites Lena Marsh. Returns the letter and its link.
async fn invited(app: &TestApp) -> (Letter, String) {
    let owner = app.actor(OWNER).await;
    let place = Place::Supplier(app.organisation(OWNER).await, Membership::Editor);
    app.db.invite(&owner, ("Lena Marsh", "lena.marsh@wardlight.example"), &place, app.now()).await.unwrap();
    let letter = letter(app, "lena.marsh@wardlight.example", "invitation").await;
    let body = app.worker.writer.write(&letter).unwrap().body;
    let link = body.split_whitespace().find(|w| w.starts_with("http")).unwrap().to_owned();
    (letter, link)
}

#[actix_web::test]
async fn e01_an_invitation_says_who_invites_to_what_and_until_when() {
    let app = TestApp::new().await;
    let (letter, link) = invited(&app).await;
    assert!(link.starts_with("http://assured.test/invitations/"), "{link}");
    let body = format!(
        "Dear Lena Marsh

Priya Shah has asked you to join Wardlight Health on \"Get your CIS2 software assured\".
You can answer and send sections and change details.

Create your account by Thursday 9 April 2026:
{link}

If you do not know Priya Shah, you can ignore this e-mail.
{PLAIN}"
    );
    reads(&app, &letter, "Priya Shah has invited you to Wardlight Health", &body);
    app.finish().await;
}

#[actix_web::test]
async fn the_link_of_an_invitation_works_until_it_is_used() {
    let app = TestApp::new().await;
    let (_, link) = invited(&app).await;
    let path = link.strip_prefix(BASE).unwrap();
    app.get(None, path).await.is(200).has("Wardlight Health").has("Lena Marsh");
    let fields = [("name", "Lena Marsh"), ("password", PASSWORD)];
    app.post(None, path, &fields).await.goes_to("/");
    app.get(None, path).await.is(410).has("This invitation has been used or cancelled").lacks("Create account");

    let ready = letter(&app, "lena.marsh@wardlight.example", "account-ready").await;
    let body = format!(
        "Dear Lena Marsh

Your account is ready.

Log in: http://assured.test/login
{PLAIN}"
    );
    reads(&app, &ready, "Your account is ready", &body);
    app.finish().await;
}

#[actix_web::test]
async fn e03_and_e04_a_password_is_reset_by_a_link_and_its_owner_is_told() {
    let app = TestApp::new().await;
    app.post(None, "/forgotten-password", &[("email", OWNER.email)]).await;
    let reset = letter(&app, OWNER.email, "password-reset").await;
    let text = app.worker.writer.write(&reset).unwrap().body;
    let link = text.split_whitespace().find(|w| w.starts_with("http")).unwrap();
    let path = link.strip_prefix(BASE).unwrap();
    app.get(None, path).await.is(200);
    app.get(None, &path.replace("/reset-password/", "/invitations/")).await.is(404);
    app.advance(Duration::minutes(5));
    app.post(None, path, &[("password", "nine loud cormorants")]).await.is(303);
    app.get(None, path).await.lacks("name=\"password\"");
    let body = format!(
        "Dear Priya Shah

Somebody asked to reset your password. If it was you, choose a new one before 10.30am on 2 April 2026:
{link}

If it was not you, do nothing. Your password has not changed.
{PLAIN}"
    );
    reads(&app, &reset, "Reset your password", &body);

    let changed = letter(&app, OWNER.email, "password-changed").await;
    let body = format!(
        "Dear Priya Shah

Your password was changed on 2 April 2026 at 10.05am.
If it was not you, reply to this e-mail now. We'll lock the account.
{PLAIN}"
    );
    reads(&app, &changed, "Your password was changed", &body);
    app.finish().await;
}

#[actix_web::test]
async fn e03_names_the_day_when_the_link_lasts_past_midnight() {
    let app = TestApp::new().await;
    app.clock.set("2026-04-02T22:50:00Z".parse().unwrap());
    app.post(None, "/forgotten-password", &[("email", OWNER.email)]).await;
    let text = app.worker.writer.write(&letter(&app, OWNER.email, "password-reset").await).unwrap();
    assert!(text.body.contains("before 12.20am on 3 April 2026:"), "{}", text.body);
    app.finish().await;
}

#[actix_web::test]
async fn e06_everybody_in_the_team_reads_that_a_product_was_added() {
    let app = TestApp::new().await;
    app.product(EDITOR).await;
    assert_eq!(letters(&app).await.len(), 3);
    for person in [OWNER, EDITOR, VIEWER] {
        let added = letter(&app, person.email, "product-added").await;
        let body = format!(
            "Dear {}

Tom Bell has added Wardlight 1. Most products take 2 to 12 weeks.

You can start 2 things today:
- the 4 non-functional sections
- a draft of technical conformance

Go to your tasks: {HOME}
{ABOUT}",
            person.name
        );
        reads(&app, &added, "Wardlight 1 has been added", &body);
    }
    app.finish().await;
}

#[actix_web::test]
async fn e08_a_sent_section_comes_with_the_promise_and_what_can_be_done_meanwhile() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.send(EDITOR, &product, SECTION).await;
    let body = format!(
        "Dear Priya Shah

Tom Bell sent \"Declare your medical device status\" on Thursday 2 April 2026.
We'll reply by Monday 13 April 2026. You do not need to do anything until then.

You can still do these now:
- Declare data security and information security
- Implement a clinical risk management process
- Register for service and incident management

See your tasks: {HOME}
{ABOUT}"
    );
    let sent = letter(&app, OWNER.email, "section-sent").await;
    reads(&app, &sent, "We have your medical device status answers for Wardlight 1", &body);
    app.finish().await;
}

#[actix_web::test]
async fn e10_a_reviewer_reads_what_a_manager_gives_and_by_when() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.send(OWNER, &product, SECTION).await;
    let reviewer = Reviewer { person: app.id(REVIEWER).await, name: REVIEWER.name.to_owned() };
    app.act(MANAGER, &product, SECTION, SectionCommand::Assign(reviewer)).await;
    let body = format!(
        "Dear Amina Okafor

Grace Lin has given you round 1 of \"Declare your medical device status\" for Wardlight 1, sent by Wardlight Health.
Reply by Monday 13 April 2026, 5 working days from now.

Open the review: {HOME}/sections/medical-device/review
{ABOUT}"
    );
    let assigned = letter(&app, REVIEWER.email, "review-assigned").await;
    reads(&app, &assigned, "Review: Wardlight 1, medical device status, reply by Monday 13 April 2026", &body);
    app.finish().await;
}

#[actix_web::test]
async fn e13_a_returned_section_says_how_much_is_accepted_and_where_to_answer() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.send(OWNER, &product, Section::ServiceManagement).await;
    app.send_back(REVIEWER, &product, Section::ServiceManagement, &["sm-support-hours", "sm-change-notice"]).await;
    let body = format!(
        "Dear Joan Price

We've looked at \"Register for service and incident management\". We accepted 8 of 10 questions.
We need more information about 2.

It's your turn. Read what we need and answer here:
{HOME}/sections/service-management/feedback

When you send your changes, we'll reply within 5 working days.
{ABOUT}"
    );
    let returned = letter(&app, VIEWER.email, "changes-needed").await;
    reads(&app, &returned, "Wardlight 1: 2 questions need more information", &body);
    app.finish().await;
}

#[actix_web::test]
async fn e14_an_accepted_section_comes_with_what_is_left() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.send(OWNER, &product, SECTION).await;
    app.accept(REVIEWER, &product, SECTION).await;
    let accepted = letter(&app, OWNER.email, "section-accepted").await;
    let body = format!(
        "Dear Priya Shah

We've accepted \"Declare your medical device status\". You do not need to do anything else for this section.

Left to do:
- Declare data security and information security
- Implement a clinical risk management process
- Register for service and incident management
- Demonstrate your product meets the core conformance criteria
- Demonstrate technical conformance for NHS CIS2 Authentication

See your tasks: {HOME}
{ABOUT}"
    );
    reads(&app, &accepted, "Wardlight 1: medical device status is accepted", &body);
    app.finish().await;
}

#[actix_web::test]
async fn a_reopened_section_says_who_opened_it_and_where_the_reason_is() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    app.send(OWNER, &product, SECTION).await;
    app.accept(REVIEWER, &product, SECTION).await;
    let reopen = SectionCommand::Reopen(vec!["md-is-device".to_owned()], "A new release reads values.".to_owned());
    app.act(OTHER_REVIEWER, &product, SECTION, reopen).await;
    let reopened = letter(&app, OWNER.email, "section-reopened").await;
    let body = format!(
        "Dear Priya Shah

Sam Reed has opened \"Declare your medical device status\" again. 1 question needs another look.

It's your turn. Read why and answer here:
{HOME}/sections/medical-device/feedback
{ABOUT}"
    );
    reads(&app, &reopened, "Wardlight 1: medical device status is open again", &body);
    app.finish().await;
}

#[actix_web::test]
async fn no_letter_holds_an_answer_a_comment_or_a_message() {
    let app = TestApp::new().await;
    let product = app.product(OWNER).await;
    let section = Section::ServiceManagement;
    app.send(OWNER, &product, section).await;
    app.send_back(REVIEWER, &product, section, &["sm-support-hours"]).await;
    let hours = Value::Text("Every day from 6am to 10pm, by the night rota.".to_owned());
    app.answer(OWNER, &product, ("sm-support-hours", hours), "As you asked on Tuesday.").await;
    app.act(OWNER, &product, section, SectionCommand::Send(statement(section))).await;
    app.decide(REVIEWER, &product, section, &[]).await;
    app.act(REVIEWER, &product, section, SectionCommand::Accept("Thank you for the rota.".to_owned())).await;
    let reopen = SectionCommand::Reopen(vec!["sm-desk-phone".to_owned()], "Nobody picks up.".to_owned());
    app.act(REVIEWER, &product, section, reopen).await;
    let answers = app.see(OWNER, &product).await.unwrap().answers.into_values();
    let mut secrets: Vec<String> = answers
        .filter_map(|a| match a.value {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        })
        .collect();
    let said = ["As you asked on Tuesday.", "Say more about this.", "Nearly there.", "Thank you for the rota.", "Nobody picks up."];
    secrets.extend(said.map(str::to_owned));
    assert!(secrets.len() > said.len() + 5, "{secrets:?}");
    let letters = letters(&app).await;
    assert!(letters.len() >= 15, "{}", letters.len());
    for letter in &letters {
        let text = app.worker.writer.write(letter).unwrap();
        let stored = serde_json::to_string(&letter.notice).unwrap();
        for secret in &secrets {
            let everything = [&text.subject, &text.body, &stored];
            assert!(everything.iter().all(|part| !part.contains(secret.as_str())), "{secret:?} is in {text:?}");
        }
    }
    app.finish().await;
}

#[test]
fn the_html_of_a_mail_escapes_what_people_typed() {
    let page = html("Dear A & <b>B</b>\n\nGo on: https://assured.test/x?a=1&b=2\n");
    assert!(page.contains("Dear A &amp; &lt;b&gt;B&lt;/b&gt;"), "{page}");
    assert!(page.contains("<a href=\"https://assured.test/x?a=1&amp;b=2\">"), "{page}");
}

#[actix_web::test]
async fn a_name_cannot_add_a_line_to_a_subject() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    let mut letter = letter(&app, OWNER.email, "product-added").await;
    letter.product = Some(("C2A-1001".to_owned(), "Ward\r\nBcc: everybody@example.com".to_owned()));
    let text = app.worker.writer.write(&letter).unwrap();
    assert!(!text.subject.contains(['\r', '\n']), "{:?}", text.subject);
    app.finish().await;
}
