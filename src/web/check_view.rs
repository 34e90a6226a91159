//! One background check as staff see it: what to look at, what is known, and the form with what was found.

use chrono::NaiveDate;

use super::form::Fields;
use super::parts::Item;
use crate::domain::answer::Given;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::{Section, Stage};
use crate::domain::checks::Level;
use crate::domain::demonstration::checks::{Check, CheckResult, applies, blocking, worked_out};
use crate::domain::demonstration::facts::{Fact, TestContext};
use crate::domain::product::Product;
use crate::words::date_time;

/// The value of the radio for a check without a result.
pub const NONE: &str = "none";

/// What a check is judged by.
#[derive(Clone, Copy)]
pub struct Looked<'a> {
    /// The product.
    pub product: &'a Product,
    /// Its answers.
    pub given: &'a Given<'a>,
    /// Today in Europe/London.
    pub today: NaiveDate,
}

impl Looked<'_> {
    fn context(&self) -> TestContext<'_> {
        let date = self.product.demonstration().date.as_ref();
        TestContext {
            given: self.given,
            booked_on: date.map_or(self.today, |d| d.noticed_on),
            test_on: date.map(|d| london_date(d.starts_at)),
        }
    }

    /// Questions of the technical sections with feedback that is open.
    fn open_feedback(&self) -> usize {
        let technical = Section::ALL.iter().filter(|s| s.stage() == Stage::Technical);
        technical.map(|s| self.product.asked(self.given, *s).len()).sum()
    }
}

/// A check on the page.
pub struct Card {
    /// Its word: the name of its field.
    pub word: &'static str,
    /// Its name.
    pub label: &'static str,
    /// What to look at.
    pub evidence: &'static str,
    /// Facts and answers that it is about: name and value.
    pub about: Vec<(String, String)>,
    /// What the service worked out; empty when only a person can tell.
    pub finding: String,
    /// Whether that is a problem which waits for somebody to say so.
    pub is_doubtful: bool,
    /// Words and look of its tag.
    pub tag: (&'static str, &'static str),
    /// Who recorded it, and when; empty when nobody did.
    pub recorded: String,
    /// What the supplier reads beside it.
    pub note: String,
    /// The edition that the form was opened with.
    pub edition: String,
    /// "Not done", "Passed", "Not needed".
    pub plain: Vec<Item>,
    /// "Problem found".
    pub problem: Item,
    /// The field of its note, and what stands in it.
    pub problem_note: (String, String),
    /// "Waived", where that can be.
    pub waived: Option<Item>,
    /// The field of its reason, and what stands in it.
    pub waived_note: (String, String),
}

/// The field of the note that goes with a result.
#[must_use]
pub fn note_field(check: Check, result: CheckResult) -> String {
    let ending = if result == CheckResult::Waived { "reason" } else { "note" };
    format!("{check}-{ending}")
}

/// Every check, with what was typed if the form is shown again.
#[must_use]
pub fn cards(looked: &Looked<'_>, typed: Option<&Fields>) -> Vec<Card> {
    Check::ALL.iter().map(|check| card(looked, *check, typed)).collect()
}

fn card(looked: &Looked<'_>, check: Check, typed: Option<&Fields>) -> Card {
    let test = looked.product.demonstration();
    let recorded = test.checks.get(&check);
    let known = worked_out(check, &looked.context(), &test.facts, looked.open_feedback());
    // A problem is told to the supplier: that somebody chooses it is never left to a form that is saved unread.
    let proposed = known.as_ref().map(|k| k.result).filter(|result| *result != CheckResult::Problem);
    let shown = recorded.map(|c| c.result).or(proposed);
    let chosen = match typed.map(|fields| fields.raw(check.word())) {
        Some(word) if !word.is_empty() => word.to_owned(),
        Some(_) | None => shown.map_or(NONE, CheckResult::word).to_owned(),
    };
    let item = |value: &str, label: &str| Item::new(value, label).checked(chosen == value);
    let of = |result: CheckResult| item(result.word(), result.label());
    let is_offered = |result: CheckResult| {
        let can_be = check.can_be_waived() || (result == CheckResult::NotNeeded && !applies(check, looked.given));
        can_be || recorded.is_some_and(|c| c.result == result)
    };
    let mut plain = vec![item(NONE, "Not done"), of(CheckResult::Passed)];
    if is_offered(CheckResult::NotNeeded) {
        plain.push(of(CheckResult::NotNeeded));
    }
    let note = |result: CheckResult| {
        let field = note_field(check, result);
        let saved = recorded.filter(|c| c.result == result).map(|c| c.note.clone());
        let found = known.as_ref().filter(|k| k.result == result).map(|k| k.why.clone());
        let words = typed.map(|fields| fields.text(&field)).or(saved).or(found).unwrap_or_default();
        (field, words)
    };
    Card {
        word: check.word(),
        label: check.label(),
        evidence: check.evidence(),
        about: about(looked, check),
        finding: known.as_ref().map(|k| k.why.clone()).unwrap_or_default(),
        is_doubtful: recorded.is_none() && known.as_ref().is_some_and(|k| k.result == CheckResult::Problem),
        tag: CheckResult::tag(recorded.map(|c| c.result)),
        recorded: recorded.map(|c| format!("Recorded by {} on {}", c.by, date_time(c.at))).unwrap_or_default(),
        note: recorded.map(|c| c.note.clone()).unwrap_or_default(),
        edition: test.edition_of(check),
        plain,
        problem: of(CheckResult::Problem),
        problem_note: note(CheckResult::Problem),
        waived: is_offered(CheckResult::Waived).then(|| of(CheckResult::Waived)),
        waived_note: note(CheckResult::Waived),
    }
}

/// The facts and answers that a check is about.
fn about(looked: &Looked<'_>, check: Check) -> Vec<(String, String)> {
    use Fact as F;
    let (facts, answers): (&[Fact], &[&str]) = match check {
        Check::IntConfiguration => (&[F::IntClientId], &[]),
        Check::IntAuthentication => (&[F::IntClientId, F::UserUuid, F::AuthenticatorTriedOn], &[]),
        Check::LogoutTokens => (&[F::LogoutReceivedOn], &["cx-bcl-url"]),
        Check::Deployed => (&[F::TestUrl], &[]),
        Check::RedirectUris => (&[F::IntClientId], &["cx-redirect-uris"]),
        Check::LogoutEndpoint => (&[], &["cx-bcl-url"]),
        Check::Jwks => (&[], &["cx-jwks-url"]),
        Check::IpSeen => (&[F::ServerIp, F::UserDeviceIp, F::Network], &[]),
        Check::Authenticator => (&[F::Authenticator, F::UserUuid, F::AuthenticatorTriedOn], &[]),
        Check::TestIdentity => (&[F::UserUuid, F::SecondUserUuid], &[]),
        Check::OpenFeedback | Check::EvidenceCurrent => (&[], &[]),
    };
    let test = looked.product.demonstration();
    let given = facts.iter().filter(|f| f.is_required(looked.given) || !test.facts.shown(**f).is_empty());
    let said = |value: String| if value.is_empty() { "Not given yet".to_owned() } else { value };
    let facts = given.map(|f| (f.label().trim_end_matches(" (optional)").to_owned(), said(test.facts.shown(*f))));
    let answer = |key: &&str| {
        let question = looked.given.catalogue.find(key)?.1;
        let value = looked.given.text(key);
        (!value.is_empty()).then(|| (crate::domain::parse::capitalised(&question.name), value.to_owned()))
    };
    facts.chain(answers.iter().filter_map(answer)).collect()
}

/// What still keeps the test from being confirmed, a sentence each: facts first, then checks.
#[must_use]
pub fn missing(looked: &Looked<'_>) -> Vec<String> {
    let test = looked.product.demonstration();
    let context = looked.context();
    let facts = test.facts.missing(&context).into_iter().map(|(_, label)| format!("The supplier has not given: {label}"));
    let wrong = test.facts.faults(&context).into_iter().filter(|f| f.level == Level::Error);
    let wrong = wrong.map(|f| format!("The supplier needs to change a detail: {}", f.text));
    let checks = blocking(&test.results(), looked.given).into_iter().map(|(check, why)| format!("{}: {why}", check.label()));
    facts.chain(wrong).chain(checks).collect()
}
