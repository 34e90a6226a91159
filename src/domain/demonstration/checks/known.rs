//! What the service knows about a check without asking anybody; a person confirms it.

use super::{Check, CheckResult};
use crate::domain::answer::Given;
use crate::domain::checks::{Level, ends, host, inward_host, is_loopback, is_native, written};
use crate::domain::demonstration::facts::{TestContext, TestFacts};

/// A result with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkedOut {
    /// What the service would record.
    pub result: CheckResult,
    /// Why, in whole sentences for staff; lists stand one on each line.
    pub why: String,
}

fn passed(why: impl Into<String>) -> WorkedOut {
    WorkedOut { result: CheckResult::Passed, why: why.into() }
}

fn problem(why: impl Into<String>) -> WorkedOut {
    WorkedOut { result: CheckResult::Problem, why: why.into() }
}

/// What the service knows about a check; `None` where only a person can tell, or where facts are missing.
///
/// `open_feedback` is the number of questions of the technical sections with feedback that is still open.
#[must_use]
pub fn worked_out(check: Check, context: &TestContext<'_>, facts: &TestFacts, open_feedback: usize) -> Option<WorkedOut> {
    if let Some(why) = check.not_needed(context.given) {
        return Some(WorkedOut { result: CheckResult::NotNeeded, why: why.to_owned() });
    }
    match check {
        Check::Deployed => deployed(facts),
        Check::RedirectUris => redirect_uris(context.given, facts),
        Check::Authenticator => authenticator(context.given, facts),
        Check::OpenFeedback => Some(feedback(open_feedback)),
        Check::EvidenceCurrent => evidence(context),
        Check::IntConfiguration
        | Check::IntAuthentication
        | Check::LogoutTokens
        | Check::LogoutEndpoint
        | Check::Jwks
        | Check::IpSeen
        | Check::TestIdentity => None,
    }
}

/// Only that the address is not a local one: whether it answers is for a person.
fn deployed(facts: &TestFacts) -> Option<WorkedOut> {
    let host_name = host(&facts.test_url)?;
    Some(match inward_host(&facts.test_url) {
        Some(inward) => problem(format!("{inward} cannot be reached from the internet.")),
        None => passed(format!("{host_name} is not a local or private name. Open {} to see that it answers.", facts.test_url)),
    })
}

/// The answered URIs to compare with those registered; all must be on the host of the test, as their pattern stays.
fn redirect_uris(given: &Given<'_>, facts: &TestFacts) -> Option<WorkedOut> {
    let (answer, tested) = (given.text("cx-redirect-uris"), host(&facts.test_url)?);
    if answer.is_empty() {
        return None;
    }
    // A desktop or mobile application may send the user back to a port on the same device.
    let own_device = |line: &&str| is_native(given) && is_loopback(line);
    let hosts = answer.lines().filter(|line| !own_device(line)).filter_map(host);
    let mut others: Vec<String> = hosts.filter(|host| *host != tested).collect();
    others.sort();
    others.dedup();
    Some(if others.is_empty() {
        passed(format!("All are on {tested}, as the test is. Compare them with those registered in INT:\n{answer}"))
    } else {
        let others = others.join(" and ");
        problem(format!("The test is on {tested}, but there are redirect URIs on {others}. The answer lists:\n{answer}"))
    })
}

fn authenticator(given: &Given<'_>, facts: &TestFacts) -> Option<WorkedOut> {
    let (authenticator, findings) = (facts.authenticator?, facts.authenticator_faults(given));
    let (errors, warnings): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| finding.level == Level::Error);
    if !errors.is_empty() {
        let texts: Vec<String> = errors.into_iter().map(|finding| finding.text + ".").collect();
        return Some(problem(texts.join(" ")));
    }
    let tried = written(facts.authenticator_tried_on?);
    let allowed = format!("{} is allowed. The supplier last signed in with it on {tried}.", authenticator.label());
    let sentences: Vec<String> = std::iter::once(allowed).chain(warnings.into_iter().map(|finding| finding.text)).collect();
    Some(passed(sentences.join(" ")))
}

fn feedback(open: usize) -> WorkedOut {
    match open {
        0 => passed("No feedback is open on the technical sections."),
        1 => problem("1 question of the technical sections has open feedback."),
        many => problem(format!("{many} questions of the technical sections have open feedback.")),
    }
}

/// Evidence against the day of the test (rule X17 of the answers). The DSPT status and the penetration test must be there.
fn evidence(context: &TestContext<'_>) -> Option<WorkedOut> {
    let test_on = context.test_on?;
    let known = ends(context.given);
    let wanted = [
        ("ds-dspt-published-on", "There is no date for the DSPT status."),
        ("cc-pentest-completed-on", "There is no date for the penetration test."),
    ];
    let absent = wanted.iter().filter(|(key, _)| !known.iter().any(|(known, ..)| known == key));
    let absent = absent.map(|(_, sentence)| (*sentence).to_owned());
    let over = known.iter().filter(|(_, _, end)| *end < test_on);
    let over = over.map(|(_, what, end)| format!("{what} runs out on {}, before the test on {}.", written(*end), written(test_on)));
    let faults: Vec<String> = over.chain(absent).collect();
    if !faults.is_empty() {
        return Some(problem(faults.join("\n")));
    }
    let dates: Vec<String> = known.iter().map(|(_, what, end)| format!("{what}: until {}.", written(*end))).collect();
    Some(passed(format!("All is in date on {}.\n{}", written(test_on), dates.join("\n"))))
}
