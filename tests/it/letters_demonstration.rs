//! E-mails about a demonstration as people get them: its date, what is missing before it, and what came of it.

use assured::domain::demonstration::checks::Check;
use assured::domain::notice::Notice;
use assured::store::outbox::Letter;
use chrono::{DateTime, NaiveDate, Utc};

use crate::letters::{ABOUT, reads};
use crate::support::assurance::new_uuid;
use crate::support::*;

/// The home of the product.
pub const HOME: &str = "http://assured.test/products/c2a-1001";

/// The end of a message to the assurance team.
pub const STAFF: &str = "
Reference: C2A-1001
You get this e-mail because you work in the assurance team.
Change which e-mails you get: http://assured.test/account/preferences
Reply to this e-mail if you need help.
CIS2 assurance team
";

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn letter(app: &TestApp, notice: Notice) -> Letter {
    Letter {
        id: new_uuid(),
        name: "Priya Shah".to_owned(),
        email: OWNER.email.to_owned(),
        notice,
        product: Some(("C2A-1001".to_owned(), "Wardlight 1".to_owned())),
        organisation: "Wardlight Health".to_owned(),
        created_at: app.now(),
        due_at: app.now(),
        attempts: 0,
        sent_at: None,
        how: "now".to_owned(),
        parked_at: None,
        last_error: String::new(),
    }
}

/// A notice has this subject, this text between greeting and end, and this end.
#[track_caller]
pub fn says(app: &TestApp, notice: Notice, subject: &str, (text, end): (&str, &str)) {
    reads(app, &letter(app, notice), subject, &format!("Dear Priya Shah\n\n{text}\n{end}"));
}

#[actix_web::test]
async fn letters_about_a_date_say_when_with_whom_and_what_is_needed() {
    let app = TestApp::new().await;
    let (begins, facts_by) = (at("2026-04-28T09:00:00Z"), day("2026-04-21"));
    let link = format!("{HOME}/demonstration");
    says(
        &app,
        Notice::DateAsked { reply_by: day("2026-04-13") },
        "Wardlight 1: we have your request for a date",
        (
            &format!(
                "You have asked for a date for the demonstration of Wardlight 1.
We'll reply by Monday 13 April 2026. You do not need to do anything until then.

See your request: {link}"
            ),
            ABOUT,
        ),
    );
    says(
        &app,
        Notice::DateWanted { by: "Tom Bell".to_owned(), reply_by: day("2026-04-13") },
        "Wardlight 1: a date for the demonstration is wanted",
        (
            &format!(
                "Tom Bell at Wardlight Health has asked for a date, because no published one fits.
Reply by Monday 13 April 2026.

Choose a date or say why not: {link}/wish"
            ),
            STAFF,
        ),
    );
    says(
        &app,
        Notice::NoDate,
        "Wardlight 1: no date for the demonstration yet",
        (
            &format!(
                "The request for a demonstration date is closed, and no date has been fixed.
You can choose a published date or ask again.

Read why: {link}"
            ),
            ABOUT,
        ),
    );
    says(
        &app,
        Notice::WishTakenBack { by: "Tom Bell".to_owned() },
        "Wardlight 1: request for a date taken back",
        (
            &format!(
                "Tom Bell has taken back the request for a demonstration date. We've stopped looking for one.

See what happens next: {link}"
            ),
            ABOUT,
        ),
    );
    says(
        &app,
        Notice::DemonstrationBooked { at: begins, assessor: "Amina Okafor".to_owned(), facts_by },
        "Wardlight 1: demonstration on Tuesday 28 April 2026 at 10am",
        (
            &format!(
                "The demonstration of Wardlight 1 is booked.
When: Tuesday 28 April 2026, 10am to midday, UK time
With: Amina Okafor

Add it to your calendar: {link}.ics
All details for the test are needed by Tuesday 21 April 2026.

See what to prepare: {link}"
            ),
            ABOUT,
        ),
    );
    says(
        &app,
        Notice::DemonstrationMoved { before: begins, at: at("2026-05-05T13:30:00Z"), by: "Tom Bell".to_owned(), facts_by },
        "Wardlight 1: demonstration moved to Tuesday 5 May 2026",
        (
            &format!(
                "Tom Bell has moved the demonstration from Tuesday 28 April 2026 at 10am.
It is now on Tuesday 5 May 2026, 2.30pm to 4.30pm, UK time.

Update your calendar: {link}.ics
All details for the test are needed by Tuesday 21 April 2026.

See the booking: {link}"
            ),
            ABOUT,
        ),
    );
    says(
        &app,
        Notice::DemonstrationCancelled { at: begins, by: "Tom Bell".to_owned() },
        "Wardlight 1: demonstration cancelled",
        (
            &format!(
                "Tom Bell has cancelled the demonstration on Tuesday 28 April 2026 at 10am.

Update your calendar: {link}.ics

See what happens next: {link}"
            ),
            ABOUT,
        ),
    );
    app.finish().await;
}

#[actix_web::test]
async fn letters_before_the_test_say_what_is_missing_by_name_only() {
    let app = TestApp::new().await;
    let (begins, facts_by) = (at("2026-04-28T09:00:00Z"), day("2026-04-21"));
    let link = format!("{HOME}/demonstration");
    says(
        &app,
        Notice::DetailsMissing { at: begins, missing: 3, facts_by },
        "Wardlight 1: 3 details missing for your demonstration",
        (
            &format!(
                "Your demonstration is on Tuesday 28 April 2026. 3 details are missing.
We need them by Tuesday 21 April 2026, or we may have to move the demonstration.

Add what is missing: {link}/details"
            ),
            ABOUT,
        ),
    );
    says(
        &app,
        Notice::CheckProblem { checks: vec![Check::LogoutTokens, Check::IpSeen], at: begins },
        "Wardlight 1: a problem to fix before your demonstration",
        (
            &format!(
                "We checked what your demonstration needs and found a problem:
- Logout tokens arrive and are accepted
- Server address agrees with the national logs

The demonstration on Tuesday 28 April 2026 can still go ahead if this is put right in time.

See what we found: {link}"
            ),
            ABOUT,
        ),
    );
    says(
        &app,
        Notice::DemonstrationConfirmed { at: begins },
        "Wardlight 1: your demonstration is confirmed",
        (
            &format!(
                "The background checks are done. The demonstration on Tuesday 28 April 2026 at 10am goes ahead.

See what to prepare: {link}"
            ),
            ABOUT,
        ),
    );
    for (is_confirmed, checks) in [(true, "are done"), (false, "are not finished yet")] {
        says(
            &app,
            Notice::DemonstrationReminder { at: begins, is_confirmed },
            "Wardlight 1: demonstration on Tuesday 28 April 2026 at 10am",
            (
                &format!(
                    "Your demonstration is on Tuesday 28 April 2026 at 10am, UK time. It takes about 2 hours. You'll show:
- sign-in
- back-channel logout, if you use it
- sessions
- the Care Identity button

The background checks {checks}.
See how to prepare and join: {link}"
                ),
                ABOUT,
            ),
        );
    }
    app.finish().await;
}

#[actix_web::test]
async fn letters_after_the_test_say_the_result_and_what_comes_next() {
    let app = TestApp::new().await;
    let (on, link) = (day("2026-04-28"), format!("{HOME}/demonstration"));
    for (observations, more) in [
        (0, ""),
        (1, "\nThere is 1 observation to put right afterwards.\n"),
        (2, "\nThere are 2 observations to put right afterwards.\n"),
    ] {
        says(
            &app,
            Notice::TestPassed { on, observations, certificate_by: day("2026-05-06") },
            "Wardlight 1 passed its demonstration",
            (
                &format!(
                    "Wardlight 1 passed its conformance test on Tuesday 28 April 2026.
We'll issue the certificate by Wednesday 6 May 2026, if both technical sections are accepted by then.
{more}
See the result: {link}"
                ),
                ABOUT,
            ),
        );
    }
    says(
        &app,
        Notice::TestNotPassed { on, lines: 2 },
        "Wardlight 1: result of your demonstration",
        (
            &format!(
                "Wardlight 1 did not pass its conformance test on Tuesday 28 April 2026. 2 steps need another look.
You can book again when you are ready.

See what to put right: {link}"
            ),
            ABOUT,
        ),
    );
    says(
        &app,
        Notice::TestNotHeld { on },
        "Wardlight 1: the demonstration did not take place",
        (
            &format!(
                "The demonstration on Tuesday 28 April 2026 did not take place. You can book another date.

Read why and book again: {link}"
            ),
            ABOUT,
        ),
    );
    says(
        &app,
        Notice::TestRepeated,
        "Wardlight 1: another conformance test is needed",
        (
            &format!(
                "Wardlight 1 needs another conformance test. You can book a date now.

Read why and book: {link}"
            ),
            ABOUT,
        ),
    );
    app.finish().await;
}
