//! Messages: asked and answered once, with a promise that is kept or owned up to, seen by those whom they concern.

use assured::domain::command::Command;
use assured::domain::event::EventKind;
use assured::domain::product::Product;
use assured::domain::section::Turn;
use assured::domain::thread::{Thread, ThreadState};
use assured::store::thread::ThreadFilter;
use chrono::Duration;

use crate::letters::letters;
use crate::page::{Form, form};
use crate::support::http::Reply;
use crate::support::*;

const SUBJECT: &str = "Can we test in August?";

/// The form with a button of these words on a page.
async fn open(app: &TestApp, who: Persona, address: &str, button: &str) -> Form {
    form(app.get(who, address).await.is(200), address, button)
}

/// Fills a form and sends it.
async fn send(app: &TestApp, who: Persona, form: &Form, button: &str, typed: &[(&str, &str)]) -> Reply {
    let mut fields = form.pressed(button);
    for (name, value) in typed {
        fields.retain(|(n, _)| n != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(who, &form.action, &fields).await
}

/// Starts a thread about a product. Returns its address.
async fn ask(app: &TestApp, who: Persona, reference: &str) -> String {
    let address = format!("/products/{}/messages", reference.to_lowercase());
    let form = open(app, who, &address, "Send message").await;
    let reply = send(app, who, &form, "Send message", &[("subject", SUBJECT), ("text", "We are free in the first week.")]).await;
    reply.is(303);
    reply.location.unwrap()
}

async fn write(app: &TestApp, who: Persona, thread: &str, typed: &[(&str, &str)]) -> Reply {
    let form = open(app, who, thread, "Send message").await;
    send(app, who, &form, "Send message", typed).await
}

async fn the_thread(app: &TestApp, reference: &str) -> Thread {
    app.see(MANAGER, reference).await.unwrap().threads.remove(0)
}

async fn kinds(app: &TestApp, who: Persona, product: &Product) -> Vec<EventKind> {
    let actor = app.actor(who).await;
    app.db.visible(&actor).history(product, 1).await.unwrap().rows.iter().map(|e| e.kind).collect()
}

#[actix_web::test]
async fn a_question_is_answered_and_both_sides_hear_of_it() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let before = app.see(OWNER, &reference).await.unwrap();
    let thread = ask(&app, EDITOR, &reference).await;
    // Thursday before Easter: the second working day is Wednesday.
    let page = app.get(OWNER, &thread).await;
    page.is(200).has(SUBJECT).has("We are free in the first week.").has("We reply by Wednesday 8\u{a0}April 2026");
    page.has("Good Friday").has("Tom Bell, supplier");
    app.get(OWNER, "/products/c2a-1001").await.has("we answer “Can we test in August?” by").has("Wednesday 8\u{a0}April 2026");
    app.get(REVIEWER, "/messages").await.is(200).has("Messages (1 waiting for us)").has(SUBJECT).has("Wardlight Health");
    app.get(REVIEWER, "/queue").await.has("1 message to answer, the first by Wednesday 8\u{a0}April 2026");
    app.get(MANAGER, "/dashboard").await.has("1 message to answer");
    let told: Vec<String> =
        letters(&app).await.into_iter().filter(|l| l.notice.word() == "message-received").map(|l| l.email).collect();
    assert!(told.contains(&REVIEWER.email.to_owned()) && told.contains(&MANAGER.email.to_owned()), "{told:?}");
    assert!(!told.contains(&INTERESTED.email.to_owned()), "{told:?}");

    app.advance(Duration::hours(3));
    write(&app, REVIEWER, &thread, &[("text", "Yes, from Tuesday 4 August.")]).await.goes_to(&thread);
    app.get(OWNER, &thread).await.has("Answered").has("Yes, from Tuesday 4 August.").has("Amina Okafor, assurance team");
    app.get(REVIEWER, "/messages").await.has("Messages (0 waiting for us)").lacks(SUBJECT);
    app.get(OWNER, "/messages").await.is(200).has(SUBJECT).has("2 messages");
    let product = app.see(OWNER, &reference).await.unwrap();
    assert_eq!(kinds(&app, OWNER, &product).await[..2], [EventKind::TeamWrote, EventKind::SupplierWrote]);
    app.get(OWNER, "/products/c2a-1001/history?topic=messages")
        .await
        .has("Message from the assurance team: Can we test in August?");
    assert_eq!((product.turn(), product.since, product.passage), (before.turn(), before.since, before.passage), "no clock turned");
    app.clocks_agree().await;
    app.get(OWNER, "/products/c2a-1001/print?feedback=yes").await.has(SUBJECT).has("We are free in the first week.");
    app.get(OWNER, "/products/c2a-1001/print").await.lacks(SUBJECT);
    app.finish().await;
}

#[actix_web::test]
async fn e30_says_that_there_is_a_reply_and_where() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let thread = ask(&app, OWNER, &reference).await;
    write(&app, MANAGER, &thread, &[("text", "Yes.")]).await.is(303);
    let sent = app.mail().await;
    let letter = sent.iter().find(|m| m.to == OWNER.email && m.text.subject.contains("reply")).unwrap();
    assert_eq!(letter.text.subject, "Wardlight 1: reply from the assurance team");
    let body = format!("We've answered your question \"{SUBJECT}\".\n\nRead it: {BASE}{thread}\n");
    assert!(letter.text.body.contains(&body), "{}", letter.text.body);
    assert!(sent.iter().all(|m| !m.text.body.contains("first week") && !m.text.body.contains("Yes.")), "a text left the service");
    app.finish().await;
}

#[actix_web::test]
async fn a_form_that_is_sent_twice_makes_one_message_and_nobody_writes_past_another() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let address = "/products/c2a-1001/messages";
    let form = open(&app, OWNER, address, "Send message").await;
    let typed = [("subject", SUBJECT), ("text", "First week?")];
    let (one, other) =
        tokio::join!(send(&app, OWNER, &form, "Send message", &typed), send(&app, OWNER, &form, "Send message", &typed));
    assert_eq!(one.location, other.location);
    let thread = one.location.unwrap();
    assert_eq!(the_thread(&app, &reference).await.messages, 1);
    assert_eq!(app.see(OWNER, &reference).await.unwrap().threads.len(), 1);

    let (early, late) = (open(&app, REVIEWER, &thread, "Send").await, open(&app, MANAGER, &thread, "Send").await);
    for _ in 0..2 {
        send(&app, REVIEWER, &early, "Send message", &[("text", "Yes.")]).await.goes_to(&thread);
    }
    assert_eq!(the_thread(&app, &reference).await.messages, 2);
    let refused = send(&app, MANAGER, &late, "Send message", &[("text", "Not before September.")]).await;
    refused.is(409).has("Somebody else wrote meanwhile").has("Yes.").has("Not before September.");
    assert_eq!(the_thread(&app, &reference).await.messages, 2);
    let again = crate::page::form(&refused, &thread, "Send message");
    send(&app, MANAGER, &again, "Send message", &[]).await.goes_to(&thread);
    app.get(OWNER, &thread).await.has("Not before September.");
    app.finish().await;
}

#[actix_web::test]
async fn what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    app.product(OWNER).await;
    let address = "/products/c2a-1001/messages";
    let form = open(&app, OWNER, address, "Send message").await;
    let empty = send(&app, OWNER, &form, "Send message", &[("subject", "August")]).await;
    empty.is(422).has("Enter your message").has("value=\"August\"");
    let long = "x".repeat(4_001);
    let refused = send(&app, OWNER, &form, "Send message", &[("text", &long)]).await;
    refused.is(422).has("Enter a subject").has("This must be 4,000 characters or less. You have 1 too many").has(&long);
    let nothing = app.post(OWNER, address, &[("subject", "August"), ("text", "When?")]).await;
    nothing.is(400);
    assert!(app.see(OWNER, "C2A-1001").await.unwrap().threads.is_empty());
    app.finish().await;
}

#[actix_web::test]
async fn viewers_read_others_and_interested_find_nothing() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let thread = ask(&app, OWNER, &reference).await;
    let message = [
        ("text", "Me too."),
        ("message", "01890000-0000-7000-8000-000000000001"),
        ("seen", "01890000-0000-7000-8000-000000000001"),
    ];
    app.get(VIEWER, &thread).await.is(200).has(SUBJECT).lacks("<textarea").has("You can read messages but not write them");
    app.post(VIEWER, &thread, &message).await.is(403);
    app.post(VIEWER, "/products/c2a-1001/messages", &[("subject", "a"), ("text", "b")]).await.is(403);
    for who in [RIVAL, INTERESTED, ADMINISTRATOR] {
        app.get(who, &thread).await.is(404);
        app.post(who, &thread, &message).await.is(404);
        app.post(who, &format!("{thread}/settlement"), &[]).await.is(404);
    }
    app.get(INTERESTED, "/messages?show=all").await.is(200).lacks(SUBJECT);
    app.get(INTERESTED, "/queue").await.lacks("message to answer");
    app.get(RIVAL, "/messages").await.is(200).lacks(SUBJECT);
    app.get(ADMINISTRATOR, "/messages").await.is(404);
    // A thread of one product is not found under another.
    app.product(OWNER).await;
    app.get(OWNER, &thread.replace("c2a-1001", "c2a-1002")).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn a_question_of_the_team_waits_without_a_promise_and_an_answered_one_opens_again() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let thread = ask(&app, REVIEWER, &reference).await;
    let asked = the_thread(&app, &reference).await;
    assert_eq!((asked.state, asked.reply_by), (ThreadState::WithSupplier, None));
    app.get(OWNER, "/products/c2a-1001").await.has("“Can we test in August?” waits for your answer.");
    app.get(OWNER, "/messages").await.has("Your turn");
    let subjects: Vec<String> = app.mail().await.into_iter().filter(|m| m.to == EDITOR.email).map(|m| m.text.subject).collect();
    assert!(subjects.contains(&"Wardlight 1: a question from the assurance team".to_owned()), "{subjects:?}");
    write(&app, OWNER, &thread, &[("text", "In the first week.")]).await.is(303);
    let answered = the_thread(&app, &reference).await;
    assert_eq!(answered.state.turn(), Turn::Team, "what a supplier writes is read");
    let settle = open(&app, REVIEWER, &thread, "Mark as answered").await;
    send(&app, REVIEWER, &settle, "Mark as answered", &[]).await.is(303);
    assert_eq!(the_thread(&app, &reference).await.state, ThreadState::Answered);
    app.advance(Duration::days(30));
    write(&app, OWNER, &thread, &[("text", "Still true?")]).await.is(303);
    let again = the_thread(&app, &reference).await;
    assert_eq!((again.state, again.reply_by.unwrap().to_string().as_str()), (ThreadState::WithTeam, "2026-05-06"));
    write(&app, MANAGER, &thread, &[("text", "Which week?"), ("asks", "yes")]).await.is(303);
    assert_eq!(the_thread(&app, &reference).await.state, ThreadState::WithSupplier);
    app.finish().await;
}

#[actix_web::test]
async fn a_promise_is_reminded_of_before_and_owned_up_to_after_also_on_hold() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    ask(&app, OWNER, &reference).await;
    app.command(OWNER, &reference, Command::Hold("Budget".to_owned())).await;
    app.mail().await;
    let mut seen = app.mail_so_far().len();
    let mut on = async |day: &str| {
        app.clock.set(format!("{day}T07:00:00Z").parse().unwrap());
        app.worker.remind().await.unwrap();
        app.worker.remind().await.unwrap();
        app.mail().await;
        let all = app.mail_so_far();
        let new: Vec<String> = all[seen..].iter().map(|m| format!("{}: {}", m.to, m.text.subject)).collect();
        seen = all.len();
        new
    };
    assert!(on("2026-04-03").await.is_empty());
    let before = on("2026-04-07").await;
    assert_eq!(before, [format!("{}: Due Wednesday 8 April 2026: Wardlight 1, message \"{SUBJECT}\"", MANAGER.email)]);
    assert!(on("2026-04-08").await.is_empty());
    let late = on("2026-04-09").await;
    assert_eq!(late.len(), 4, "the manager and three at the supplier: {late:?}");
    assert!(late.contains(&format!("{}: Wardlight 1: we have not answered in time", OWNER.email)), "{late:?}");
    app.get(OWNER, "/products/c2a-1001").await.has("We now expect to answer by Monday 13\u{a0}April 2026.");
    app.finish().await;
}

#[actix_web::test]
async fn a_withdrawn_product_leaves_no_message_open_and_takes_none() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let thread = ask(&app, OWNER, &reference).await;
    app.command(OWNER, &reference, Command::Withdraw("Sold".to_owned())).await;
    assert_eq!(the_thread(&app, &reference).await.state, ThreadState::Answered);
    app.get(OWNER, &thread).await.is(200).lacks("<textarea");
    let message = [("text", "Me too."), ("message", "01890000-0000-7000-8000-000000000001"), ("seen", "x")];
    app.post(OWNER, &thread, &message).await.is(409).has("This product has been withdrawn.");
    app.finish().await;
}

#[actix_web::test]
async fn lists_come_in_pages_and_the_first_due_comes_first() {
    let app = TestApp::new().await;
    for number in 0..27 {
        let reference = app.product(if number % 2 == 0 { OWNER } else { RIVAL }).await;
        ask(&app, if number % 2 == 0 { OWNER } else { RIVAL }, &reference).await;
        app.advance(Duration::hours(5));
    }
    let reviewer = app.actor(REVIEWER).await;
    let filter = ThreadFilter { state: Some(ThreadState::WithTeam), ..ThreadFilter::default() };
    let page = app.db.visible(&reviewer).threads(&filter).await.unwrap();
    assert_eq!((page.rows.len(), page.total), (25, 27));
    assert!(page.rows.is_sorted_by_key(|r| r.thread.reply_by));
    let second = app.db.visible(&reviewer).threads(&ThreadFilter { page: 2, ..filter }).await.unwrap();
    assert_eq!(second.rows.len(), 2);
    let owner = app.actor(OWNER).await;
    let own = app.db.visible(&owner).threads(&ThreadFilter::default()).await.unwrap();
    assert_eq!(own.total, 14);
    assert!(own.rows.iter().rev().is_sorted_by_key(|r| r.thread.last.1));
    app.finish().await;
}
