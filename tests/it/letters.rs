//! The text of every notice, as it arrives.

use assured::domain::catalogue::Section;
use assured::domain::notice::Notice;
use assured::domain::words::InvitationId;
use assured::store::outbox::Letter;
use assured::worker::mail::{Text, html};
use chrono::NaiveDate;
use uuid::Uuid;

use crate::support::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn letter(notice: Notice, is_about_product: bool) -> Letter {
    Letter {
        id: Uuid::from_u128(7),
        name: "Priya Shah".to_owned(),
        email: OWNER.email.to_owned(),
        notice,
        product: is_about_product.then(|| ("C2A-1001".to_owned(), "Ward Rounds".to_owned())),
        organisation: "Wardlight Health".to_owned(),
        created_at: start(),
        due_at: start(),
        attempts: 1,
        sent_at: None,
        parked_at: None,
        last_error: String::new(),
    }
}

/// What is told about products: subject and the sentences that matter.
fn about_products() -> Vec<(Notice, &'static str, Vec<&'static str>)> {
    let by = || "Tom Bell".to_owned();
    vec![
        (
            Notice::ProductAdded { by: by() },
            "Ward Rounds has been added",
            vec!["Tom Bell has added Ward Rounds.", "http://assured.test/products/c2a-1001"],
        ),
        (
            Notice::SectionSent {
                section: Section::MedicalDevice,
                by: by(),
                on: day("2026-04-02"),
                reply_by: Some(day("2026-04-13")),
                open: vec![Section::ClinicalRisk],
            },
            "We have your medical device status answers for Ward Rounds",
            vec![
                "Tom Bell sent \"Declare your medical device status\" on Thursday 2 April 2026.",
                "We'll reply by Monday 13 April 2026. You do not need to do anything until then.",
                "- Implement a clinical risk management process",
            ],
        ),
        (
            Notice::ReviewAssigned {
                section: Section::MedicalDevice,
                by: "Grace Lin".to_owned(),
                round: 2,
                reply_by: Some(day("2026-04-13")),
                days: 5,
            },
            "Review: Ward Rounds, medical device status, reply by Monday 13 April 2026",
            vec![
                "Grace Lin has given you round 2 of \"Declare your medical device status\" for Ward Rounds, sent by Wardlight Health.",
                "Reply by Monday 13 April 2026, 5 working days from now.",
                "http://assured.test/products/c2a-1001/sections/medical-device/review",
            ],
        ),
        (
            Notice::ChangesNeeded { section: Section::MedicalDevice, accepted: 2, of: 3, asked: 1 },
            "Ward Rounds: 1 question needs more information",
            vec![
                "We accepted 2 of 3 questions.",
                "When you send your changes, we'll reply within 5 working days.",
                "http://assured.test/products/c2a-1001/sections/medical-device/feedback",
            ],
        ),
        (
            Notice::SectionAccepted { section: Section::MedicalDevice, open: vec![Section::DataSecurity] },
            "Ward Rounds: medical device status is accepted",
            vec!["We've accepted \"Declare your medical device status\".", "- Declare data security and information security"],
        ),
        (
            Notice::SectionReopened { section: Section::MedicalDevice, by: "Amina Okafor".to_owned(), asked: 2 },
            "Ward Rounds: medical device status is open again",
            vec!["Amina Okafor has opened \"Declare your medical device status\" again.", "2 questions need another look."],
        ),
    ]
}

#[actix_web::test]
async fn each_notice_about_a_product_has_its_words() {
    let app = TestApp::new().await;
    for (notice, subject, sentences) in about_products() {
        let text = app.worker.writer.write(&letter(notice, true)).unwrap();
        assert_eq!(text.subject, subject);
        has(&text, &sentences);
        has(&text, &["Reference: C2A-1001", "You get this e-mail because you work on Ward Rounds."]);
    }
    app.finish().await;
}

#[actix_web::test]
async fn each_notice_about_an_account_has_its_words() {
    let app = TestApp::new().await;
    let invitation = Notice::Invitation {
        invitation: InvitationId(Uuid::from_u128(8)),
        inviter: "Tom Bell".to_owned(),
        to: "Wardlight Health".to_owned(),
        can: "read everything".to_owned(),
        until: day("2026-04-09"),
    };
    let reset = Notice::PasswordReset { reset: Uuid::from_u128(9), until: "3.20pm".to_owned() };
    let changed = Notice::PasswordChanged { at: "2\u{a0}April 2026 at 10am".to_owned() };
    let cases: [(Notice, &str, &[&str]); 4] = [
        (
            invitation,
            "Tom Bell has invited you to Wardlight Health",
            &["You can read everything.", "Create your account by Thursday 9 April 2026:", "http://assured.test/invitations/"],
        ),
        (Notice::AccountReady, "Your account is ready", &["Log in: http://assured.test/login"]),
        (reset, "Reset your password", &["choose a new one before 3.20pm today:", "http://assured.test/reset-password/"]),
        (changed, "Your password was changed", &["Your password was changed on 2 April 2026 at 10am."]),
    ];
    for (notice, subject, sentences) in cases {
        let text = app.worker.writer.write(&letter(notice, false)).unwrap();
        assert_eq!(text.subject, subject);
        has(&text, sentences);
        assert!(!text.body.contains("Reference:"), "{}", text.body);
    }
    app.finish().await;
}

#[track_caller]
fn has(text: &Text, sentences: &[&str]) {
    for sentence in sentences {
        assert!(text.body.contains(sentence), "{sentence:?} is not in\n{}", text.body);
    }
    assert!(text.body.starts_with("Dear Priya Shah\n"), "{}", text.body);
    assert!(!text.body.contains("\n\n\n") && !text.body.contains('\u{a0}') && !text.body.contains("{{"), "{}", text.body);
}

#[actix_web::test]
async fn links_in_mail_open_what_they_name() {
    let app = TestApp::new().await;
    let links = &app.data.links;
    let notice = Notice::PasswordReset { reset: Uuid::from_u128(9), until: "3.20pm".to_owned() };
    let text = app.worker.writer.write(&letter(notice, false)).unwrap();
    let token = text.body.split("/reset-password/").nth(1).unwrap().split_whitespace().next().unwrap();
    assert_eq!(links.verify("reset", token), Some(Uuid::from_u128(9)));
    assert_eq!(links.verify("invitation", token), None, "a link is good for one purpose");
    let broken = format!("{}A", &token[..token.len() - 1]);
    assert!(broken == token || links.verify("reset", &broken).is_none());
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
    let mut letter = letter(Notice::ProductAdded { by: "Tom Bell".to_owned() }, true);
    letter.product = Some(("C2A-1001".to_owned(), "Ward\r\nBcc: everybody@example.com".to_owned()));
    let text = app.worker.writer.write(&letter).unwrap();
    assert!(!text.subject.contains(['\r', '\n']), "{:?}", text.subject);
    app.finish().await;
}
