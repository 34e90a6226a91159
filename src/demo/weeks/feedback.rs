//! What reviewers ask, and what suppliers answer.

/// A question that comes back: what the reviewer needs, and what the supplier adds.
pub struct Point {
    /// The question.
    pub key: &'static str,
    /// How often it is asked, beside the others.
    pub weight: u32,
    /// What the reviewer writes.
    pub asked: &'static str,
    /// What the supplier adds to a text; the remark beside any other answer.
    pub added: &'static str,
}

const fn point(key: &'static str, weight: u32, asked: &'static str, added: &'static str) -> Point {
    Point { key, weight, asked, added }
}

/// What is asked in the first round.
pub const POINTS: &[Point] = &[
    point(
        "ds-protection-measures",
        3,
        "Say how often you look at who has access, and who decides.",
        "Access is looked at every quarter by the head of operations.",
    ),
    point(
        "ds-euo-dspt-process",
        2,
        "Say what happens when an organisation publishes late.",
        "If an organisation has not published by 31 July we call it, and stop new users after 10 working days.",
    ),
    point(
        "ds-isms-certificate",
        1,
        "The scope on the certificate does not name this product. Upload the statement of applicability, or say why not.",
        "The scope covers all products of the company; the statement of applicability names it on page 2.",
    ),
    point(
        "cr-plan",
        5,
        "The plan has no review date and nobody approved it. Upload the approved version with both.",
        "This is the approved version, with the date of its next review on page 1.",
    ),
    point(
        "cr-process-summary",
        3,
        "Say who was in the hazard workshop and when it was.",
        "The last workshop was in the month before we sent this, with two nurses, a doctor and our engineers.",
    ),
    point(
        "cr-loss-of-access",
        4,
        "Say how emergency access is closed again and who looks at each use. A named role and a time would be enough.",
        "Emergency access closes by itself after 4 hours, and the matron looks at each use on the next working day.",
    ),
    point(
        "sm-support-hours",
        4,
        "Say what happens at night for severity 1. One sentence is enough.",
        "At night severity 1 and 2 reach the on-call engineer, who answers within 15 minutes.",
    ),
    point(
        "sm-incident-process",
        2,
        "Say who tells the National Service Desk, and within what time.",
        "The incident manager tells the National Service Desk within 30 minutes.",
    ),
    point(
        "sm-change-notice",
        3,
        "Say how much notice you give when a signing key address changes.",
        "Before a signing key address changes everybody hears 20 working days ahead.",
    ),
    point(
        "md-intended-purpose",
        2,
        "Say who uses it and for which patients.",
        "It is used by registered staff, for all inpatients of 16 years and older.",
    ),
    point(
        "md-not-device-reason",
        3,
        "Name the guidance that you followed and its version.",
        "We followed version 1.08 of the guidance.",
    ),
    point(
        "cc-purpose",
        3,
        "Say how long you keep the data after the end of a contract.",
        "After the end of a contract nothing is kept for longer than 60 days, backups included.",
    ),
    point(
        "cc-hazard-log",
        3,
        "The log does not hold the hazards of signing in. Upload the current one.",
        "The current log has them as H21 to H26.",
    ),
    point(
        "cc-pentest-summary",
        2,
        "The summary leaves the scope out. Upload the page that names what was tested.",
        "Page 3 names the addresses and the version that were tested.",
    ),
    point(
        "cc-new-hazards",
        3,
        "Give the score of each hazard before and after its control.",
        "Before their controls all were scored 3 or 4, and 2 or less afterwards.",
    ),
    point(
        "cx-signin-walkthrough",
        4,
        "Say what you compare when the ID token arrives, in order.",
        "The order is signature, issuer, audience, expiry, nonce, and then the levels.",
    ),
    point(
        "cx-key-management",
        4,
        "Say who can read the private key, and how you would notice that somebody else has.",
        "Nobody can read it: the vault signs, and each use is logged and compared with sign-ins every night.",
    ),
    point(
        "cx-session-behaviour",
        5,
        "Say what happens to a second tab when the session ends in the first.",
        "A tab that learns of the end shows the same page within 10 seconds.",
    ),
    point(
        "cx-userinfo",
        2,
        "Say how long you keep what UserInfo returns.",
        "It is kept for as long as the session, and no longer.",
    ),
    point(
        "cx-role-handling",
        3,
        "Say what somebody sees whose role does not fit.",
        "Somebody whose role does not fit sees a page that says so and names whom to ask.",
    ),
    point(
        "cx-error-handling",
        3,
        "Say what is logged when a check fails.",
        "The log has the kind of failure, a reference number and the time, and never a token.",
    ),
];

/// What is asked when the answer to the first question was not enough.
pub const AGAIN: &[(&str, &str)] = &[
    (
        "Thank you, that helps. Name the role that is responsible, so that we know whom to ask.",
        "The head of operations is responsible.",
    ),
    ("This is clearer. Say when this was last tried, with the date.", "It was last tried in the week before this answer."),
    ("One half is answered. The other half is still open: what happens at weekends?", "At weekends it is the same as on weekdays."),
];

/// What stands above questions that go back.
pub const RETURNED: &[&str] = &[
    "Thank you for a clear section. There are a few points that we need before we can accept it.",
    "Nearly there. The points below are small, and we look at them first when you send it again.",
    "Most of this is accepted. What is left is below, each with what would be enough.",
];

/// What stands above an accepted section; often nothing.
pub const ACCEPTED: &[&str] =
    &["", "", "Thank you. Everything in this section is accepted.", "A well prepared section, thank you."];

/// What is asked when a question has no answer yet.
pub const UNSEEN: &str =
    "Your answers in another section say that this question applies to your product. Answer it, and send the section again.";
