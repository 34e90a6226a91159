//! E-mails about the certificate, the Connection Agreement and going live, and that none of them says more than it should.

use assured::domain::agreement::command::AgreementCommand;
use assured::domain::agreement::signing::SigningCheck;
use assured::domain::calendar::london_date;
use assured::domain::command::Command;
use assured::domain::demonstration::checks::{Check, CheckResult};
use assured::domain::demonstration::command::{CheckEntry, DemonstrationCommand};
use assured::domain::live::{Altered, LiveCommand, Touched};
use assured::domain::notice::Notice;
use assured::domain::words::SigningId;

use crate::letters::{ABOUT, letters};
use crate::letters_demonstration::{HOME, STAFF, at, day, says};
use crate::support::assurance::{new_uuid, signed_copy};
use crate::support::*;

/// The end of a message to a signatory.
const OFFICER: &str = "
Reference: C2A-1001
You get this e-mail because you were named as the officer who signs for Wardlight Health.
Reply to this e-mail if you need help.
CIS2 assurance team
";

#[actix_web::test]
async fn letters_about_the_certificate_lead_to_it_and_to_its_public_page() {
    let app = TestApp::new().await;
    let number = || "SAC-2026-7KQ4-M2XD-9HT3".to_owned();
    let link = format!("{HOME}/certificate");
    says(
        &app,
        Notice::CertificateIssued { number: number(), on: day("2026-05-05") },
        "Wardlight 1: your solution assurance certificate",
        (
            &format!(
                "We issued certificate SAC-2026-7KQ4-M2XD-9HT3 for Wardlight 1 on Tuesday 5 May 2026.
Anybody can check it here: http://assured.test/certificates/SAC-2026-7KQ4-M2XD-9HT3

Download it: {link}"
            ),
            ABOUT,
        ),
    );
    says(
        &app,
        Notice::CertificateWithdrawn { number: number() },
        "Wardlight 1: your certificate has been withdrawn",
        (
            &format!(
                "Certificate SAC-2026-7KQ4-M2XD-9HT3 for Wardlight 1 has been withdrawn. Do not show it to anybody as proof any more.

Read why: {link}"
            ),
            ABOUT,
        ),
    );
    says(
        &app,
        Notice::CertificateKept { number: number() },
        "Wardlight 1: your certificate still holds",
        (
            &format!(
                "You recorded a change of Wardlight 1. We looked at it, and certificate SAC-2026-7KQ4-M2XD-9HT3 still holds.

See the certificate: {link}"
            ),
            ABOUT,
        ),
    );
    app.finish().await;
}

#[actix_web::test]
async fn a_signatory_gets_a_link_and_a_code_that_belong_together() {
    let app = TestApp::new().await;
    let signing = SigningId(new_uuid());
    let link = format!("{BASE}/sign/{}", app.data.links.sign("signing", signing.0));
    says(
        &app,
        Notice::SignatureAsked {
            signing,
            by: "Amina Okafor".to_owned(),
            organisation: "Wardlight Health Limited".to_owned(),
            until: day("2026-06-22"),
        },
        "Sign the CIS2 Connection Agreement for Wardlight Health Limited",
        (
            &format!(
                "Amina Okafor asks you to sign the Connection Agreement with NHS England for Wardlight 1, as an officer of Wardlight Health Limited.
It is a legally binding agreement. You can read it and sign by Monday 22 June 2026:
{link}

You do not need an account. If you are not the right person, you can say so on that page."
            ),
            OFFICER,
        ),
    );
    let moment = at("2026-04-23T09:00:00.123456Z");
    let code = app.data.links.signing_code(signing.0, moment);
    assert_eq!(code.len(), 6);
    says(
        &app,
        Notice::SigningCode { signing, at: moment, until: "10.15am on 23\u{a0}April 2026".to_owned() },
        "Your code for the Connection Agreement",
        (
            &format!(
                "Your code is {code}. It works until 10.15am on 23 April 2026.

Enter it here: {link}

If you did not ask for a code, you can ignore this e-mail. Do not give the code to anybody."
            ),
            OFFICER,
        ),
    );
    app.finish().await;
}

#[actix_web::test]
async fn letters_about_the_agreement_say_who_does_what_by_when() {
    let app = TestApp::new().await;
    let link = format!("{HOME}/agreement");
    let (signatory, by) = (|| "Margaret Hale".to_owned(), || "Tom Bell".to_owned());
    for (notice, subject, text, end) in [
        (
            Notice::AgreementIssued { signatory: signatory(), sign_by: day("2026-05-08") },
            "Wardlight 1: your Connection Agreement is ready to sign",
            "We've issued the Connection Agreement for Wardlight 1. Margaret Hale needs to sign it, and has an e-mail with a link.
We expect the signed agreement by Friday 8 May 2026.

See the agreement: {link}",
            ABOUT,
        ),
        (
            Notice::AgreementReissued,
            "Wardlight 1: your Connection Agreement has been issued again",
            "We've issued the Connection Agreement for Wardlight 1 again. You do not need to sign it again.

See the agreement: {link}",
            ABOUT,
        ),
        (
            Notice::AgreementSigned { by: by(), check_by: day("2026-04-30") },
            "Wardlight 1: we have the signed agreement",
            "Tom Bell has sent the signed Connection Agreement for Wardlight 1.
We'll check it by Thursday 30 April 2026. You do not need to do anything until then.

See the agreement: {link}",
            ABOUT,
        ),
        (
            Notice::AgreementToCheck { check_by: day("2026-04-30") },
            "Signed agreement: Wardlight 1, check by Thursday 30 April 2026",
            "Wardlight Health has sent the signed Connection Agreement for Wardlight 1.
Check it by Thursday 30 April 2026.

Open the check: {link}/check",
            STAFF,
        ),
        (
            Notice::SigningReminder { signatory: signatory(), issued_on: day("2026-04-23") },
            "Wardlight 1: your Connection Agreement is not signed yet",
            "We issued the Connection Agreement for Wardlight 1 on Thursday 23 April 2026. It waits for Margaret Hale to sign it.
We've sent Margaret Hale the link again. If somebody else signs, change who signs on the page below.

See the agreement: {link}",
            ABOUT,
        ),
        (
            Notice::AgreementAccepted,
            "Wardlight 1: signed agreement accepted",
            "We've accepted the signed Connection Agreement for Wardlight 1. You do not need to do anything else for it.

See the agreement: {link}",
            ABOUT,
        ),
        (
            Notice::AgreementReturned,
            "Wardlight 1: signed agreement needs a change",
            "We could not accept the signed Connection Agreement for Wardlight 1. It needs to be signed again.

Read why and what to do: {link}",
            ABOUT,
        ),
        (
            Notice::AgreementRenewed,
            "Wardlight 1: a new Connection Agreement is needed",
            "The Connection Agreement for Wardlight 1 needs to be made again. We'll tell you when it is issued.

Read why: {link}",
            ABOUT,
        ),
    ] {
        says(&app, notice, subject, (&text.replace("{link}", &link), end));
    }
    app.finish().await;
}

#[actix_web::test]
async fn letters_at_the_end_say_assured_live_and_changed() {
    let app = TestApp::new().await;
    says(
        &app,
        Notice::Assured,
        "Wardlight 1 is assured",
        (
            &format!(
                "Wardlight 1 is assured: all 6 sections are accepted, the certificate is issued and the Connection Agreement is accepted.
Next, tell us how it will be configured in production.

See what happens next: {HOME}"
            ),
            ABOUT,
        ),
    );
    says(
        &app,
        Notice::WentLive { on: day("2026-06-01") },
        "Wardlight 1 is live",
        (
            &format!(
                "Wardlight 1 has been live since Monday 1 June 2026.
Before you change how people sign in, record the change, so that your certificate stays true.

See your product: {HOME}"
            ),
            ABOUT,
        ),
    );
    for (asked, more) in [
        (0, ""),
        (1, "\n1 question of the technical section is open again.\n"),
        (4, "\n4 questions of the technical section are open again.\n"),
    ] {
        says(
            &app,
            Notice::SignInAltered { by: "Tom Bell".to_owned(), asked },
            "Wardlight 1: a change of sign-in has been recorded",
            (
                &format!(
                    "Tom Bell has recorded a change of Wardlight 1 that alters sign-in.
The certificate stands while the assurance team decides whether it holds.
{more}
See what happens next: {HOME}"
                ),
                ABOUT,
            ),
        );
    }
    app.finish().await;
}

#[actix_web::test]
async fn no_letter_of_the_second_half_holds_a_fact_a_note_or_a_reason() {
    let app = TestApp::new().await;
    let reference = app.accepted_product().await;
    app.booked(&reference).await;
    app.described(&reference).await;
    let note = "The logout address answers 404.";
    let entry = CheckEntry { check: Check::LogoutTokens, result: Some(CheckResult::Problem), note: note.to_owned() };
    app.test(REVIEWER, &reference, DemonstrationCommand::Check(vec![entry])).await;
    app.confirmed(&reference).await;
    app.started(&reference).await;
    app.marked(&reference, &[]).await;
    app.test(REVIEWER, &reference, DemonstrationCommand::Pass("Well prepared.".to_owned())).await;
    app.certified(&reference).await;
    app.issued(&reference).await;
    let today = london_date(app.now());
    let copy = || AgreementCommand::Sign(Box::new(signed_copy(today)));
    app.agree(OWNER, &reference, copy()).await;
    app.agree(REVIEWER, &reference, AgreementCommand::Return("Page 3 is missing.".to_owned())).await;
    app.agree(OWNER, &reference, copy()).await;
    let checks = SigningCheck::ALL.iter().copied().collect();
    app.agree(REVIEWER, &reference, AgreementCommand::Accept(checks)).await;
    let altered = Altered { touched: [Touched::Keys].into(), what: "Keys move to another vault.".to_owned() };
    app.command(OWNER, &reference, Command::Live(LiveCommand::Alter(altered))).await;
    let secrets = [
        "51.140.10.20",
        "51.140.10.30",
        "555012345678",
        "01632 960 001",
        "wardlight-int.01",
        note,
        "Well prepared.",
        "Page 3 is missing.",
        "Keys move to another vault.",
    ];
    let letters = letters(&app).await;
    assert!(letters.iter().any(|l| l.notice.word() == "check-problem"));
    assert!(letters.iter().any(|l| l.notice.word() == "agreement-returned"));
    for letter in &letters {
        let text = app.worker.writer.write(letter).unwrap();
        let stored = serde_json::to_string(&letter.notice).unwrap();
        for secret in secrets {
            let everything = [&text.subject, &text.body, &stored];
            assert!(everything.iter().all(|part| !part.contains(secret)), "{secret:?} is in {text:?}");
        }
    }
    app.finish().await;
}

#[actix_web::test]
async fn a_letter_about_the_wrong_signatory_asks_for_another_name() {
    let app = TestApp::new().await;
    let notice = Notice::SigningRefused { signatory: "Margaret Hale".to_owned() };
    let text = format!(
        "Margaret Hale says that somebody else has to sign the Connection Agreement for Wardlight 1.
Say who will sign. We'll send them a link of their own.

See the agreement: {HOME}/agreement"
    );
    says(&app, notice, "Wardlight 1: somebody else needs to sign", (&text, ABOUT));
    app.finish().await;
}
