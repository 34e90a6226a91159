//! Numbers, dates and names that two answers give differently.

use std::sync::LazyLock;

use chrono::NaiveDate;

use super::kinds::{Kind, date_at, number_at};
use super::phrase::Phrase;
use super::reading::{Reading, Sentence, Word};
use super::{Advice, Draft, Readings, Rule};
use crate::domain::answer::Value;
use crate::domain::checks::{identity_product, written};

/// Every disagreement.
pub(super) fn advice(draft: &Draft<'_>, readings: &Readings<'_>) -> Vec<Advice> {
    let texts: Vec<Text<'_>> = readings.long().map(|(key, reading)| Text { key, reading }).collect();
    let mut found: Vec<Advice> = Vec::new();
    found.extend(texts.iter().filter_map(|text| officer(draft, text)));
    found.extend(texts.iter().filter_map(|text| inactivity(draft, text)));
    found.extend(texts.iter().filter_map(|text| longest(draft, text)));
    found.extend(texts.iter().filter_map(|text| plan(draft, text)));
    found.extend(texts.iter().filter_map(|text| host(draft, text)));
    found.extend(texts.iter().filter_map(|text| hours(readings, text)));
    found.extend(users(&texts));
    found.extend(broker(draft, readings));
    found
}

/// A long text with its question.
struct Text<'a> {
    key: &'a str,
    reading: &'a Reading<'a>,
}

fn differs(key: &str, say: impl Into<String>) -> Advice {
    Advice::new(key, Rule::Contradiction, say)
}

fn number(draft: &Draft<'_>, key: &str) -> Option<i64> {
    match draft.given.value(key) {
        Some(Value::Number(tenths)) => Some(*tenths),
        _ => None,
    }
}

/// The Clinical Safety Officer under another name.
fn officer(draft: &Draft<'_>, text: &Text<'_>) -> Option<Advice> {
    let own = draft.given.text("cr-cso-name").to_lowercase();
    if own.is_empty() {
        return None;
    }
    let other = text
        .reading
        .sentences
        .iter()
        .filter_map(|s| named_officer(&s.words))
        .find(|name| !name.iter().any(|word| own.split_whitespace().any(|part| part.trim_matches('.') == word.low)))?;
    let name = other.iter().map(|word| word.raw).collect::<Vec<_>>().join(" ");
    let say = format!("This calls {name} the Clinical Safety Officer, but the one named is {}", draft.given.text("cr-cso-name"));
    Some(differs(text.key, say))
}

const TITLES: &[&str] = &["dr", "mr", "mrs", "ms", "miss", "prof", "professor"];

/// A name directly before or after the words "Clinical Safety Officer".
fn named_officer<'a>(words: &'a [Word<'a>]) -> Option<&'a [Word<'a>]> {
    let is = |at: usize, low: &str| words.get(at).is_some_and(|w| w.low == low);
    let is_long = |at: usize| is(at, "clinical") && is(at + 1, "safety") && is(at + 2, "officer");
    let start = (0..words.len()).find(|at| is_long(*at) || is(*at, "cso"))?;
    let end = if is_long(start) { start + 3 } else { start + 1 };
    let filler =
        |word: &Word<'_>| matches!(word.low.as_str(), "is" | "our" | "the" | "named" | "who" | "a" | "as" | "currently" | "cso");
    let after = end + words.iter().skip(end).take(2).take_while(|w| filler(w)).count();
    let before = start.saturating_sub(words.iter().take(start).rev().take(3).take_while(|w| filler(w)).count());
    name_from(words, after).or_else(|| (1..=3).rev().find_map(|back| name_until(words, before, back)))
}

fn name_from<'a>(words: &'a [Word<'a>], at: usize) -> Option<&'a [Word<'a>]> {
    let from = if words.get(at).is_some_and(|w| TITLES.contains(&w.low.as_str())) { at + 1 } else { at };
    if Kind::Person.is_at(words, from) {
        return words.get(from..from + 2);
    }
    (from > at && words.get(from).is_some_and(Word::is_capital)).then(|| words.get(from..=from)).flatten()
}

fn name_until<'a>(words: &'a [Word<'a>], end: usize, back: usize) -> Option<&'a [Word<'a>]> {
    let name = name_from(words, end.checked_sub(back)?)?;
    let is_adjacent = words.get(..end).and_then(|w| w.last()).zip(name.last()).is_some_and(|(a, b)| std::ptr::eq(a, b));
    is_adjacent.then_some(name)
}

static IDLE: LazyLock<Vec<Phrase>> =
    LazyLock::new(|| Phrase::list(&["inactiv*|idle|no activity|without activity|not used|no input|unused"]));
static MINUTES: LazyLock<Vec<Phrase>> = LazyLock::new(|| Phrase::list(&["minute|min|mins"]));
static LIMIT: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    Phrase::list(&[
        "maximum|longest|at most|at the latest|absolute|however active|regardless|hard limit|no matter|in any case + session|sign*|login|log*",
    ])
});
static HOURS: LazyLock<Vec<Phrase>> = LazyLock::new(|| Phrase::list(&["hour|hrs|hr"]));

/// A number before a unit, with the places of both.
fn amounts<'a>(sentence: &'a Sentence<'_>, unit: &'a [Phrase]) -> impl Iterator<Item = (i64, usize)> + 'a {
    let words = &sentence.words;
    (0..words.len()).filter_map(move |at| {
        let value = number_at(words, at)?;
        let near = words.get(at + 1..(at + 3).min(words.len())).unwrap_or_default();
        unit.iter().any(|phrase| phrase.is_in(near)).then_some((value, at))
    })
}

/// Minutes of inactivity that are not those of the answer.
fn inactivity(draft: &Draft<'_>, text: &Text<'_>) -> Option<Advice> {
    let limit = number(draft, "cx-inactivity-minutes")?;
    let near = |sentence: &Sentence<'_>, at: usize| {
        let around = sentence.words.get(at.saturating_sub(4)..(at + 5).min(sentence.words.len())).unwrap_or_default();
        let is_notice = sentence.words.get(at..(at + 4).min(sentence.words.len())).unwrap_or_default();
        IDLE.iter().any(|phrase| phrase.is_in(around))
            && !is_notice.iter().any(|w| matches!(w.low.as_str(), "before" | "warning" | "earlier"))
    };
    let all = text.reading.sentences.iter();
    let told: Vec<i64> =
        all.flat_map(|s| amounts(s, &MINUTES).filter(|(_, at)| near(s, *at)).map(|(n, _)| n).collect::<Vec<_>>()).collect();
    let other = told.first().filter(|_| !told.contains(&limit))?;
    let (told, limit) = (shown(*other), shown(limit));
    Some(differs(text.key, format!("This says {told} minutes without activity, but the limit given is {limit}")))
}

/// A longest session that is not that of the answer.
fn longest(draft: &Draft<'_>, text: &Text<'_>) -> Option<Advice> {
    let limit = number(draft, "cx-max-session-hours")?;
    let all = text.reading.sentences.iter().filter(|s| s.says(&LIMIT));
    let told: Vec<i64> = all.flat_map(|s| amounts(s, &HOURS).map(|(n, _)| n).collect::<Vec<_>>()).collect();
    let other = told.first().filter(|_| !told.contains(&limit))?;
    let (told, limit) = (shown(*other), shown(limit));
    Some(differs(text.key, format!("This says that a session can last {told} hours, but the longest session given is {limit}")))
}

fn shown(tenths: i64) -> String {
    crate::domain::parse::shown_tenths(tenths)
}

/// A plan whose dates are after the planned go-live, or have all passed.
fn plan(draft: &Draft<'_>, text: &Text<'_>) -> Option<Advice> {
    let is_plan = matches!(text.key, "ds-dspt-plan" | "cc-pentest-fix-plan" | "cx-secret-plan");
    let dates = |s: &Sentence<'_>| -> Vec<NaiveDate> { (0..s.words.len()).filter_map(|at| date_at(&s.words, at)).collect() };
    let last = text.reading.sentences.iter().flat_map(dates).max().filter(|_| is_plan)?;
    if last < draft.given.today {
        return Some(differs(
            text.key,
            format!("The last date in this plan, {}, has passed. Say what has been done", written(last)),
        ));
    }
    let go_live = draft.given.facts.go_live_target.filter(|date| *date < last && text.key != "cx-secret-plan")?;
    Some(differs(text.key, format!("A date in this plan is {}, after your planned go-live on {}", written(last), written(go_live))))
}

/// Hosting companies by the words that name them.
const HOSTS: [(&str, &[&str], &str); 7] = [
    ("Amazon Web Services", &["aws", "amazon"], "aws|amazon web services"),
    ("Microsoft Azure", &["azure", "microsoft"], "azure"),
    ("Google Cloud", &["google", "gcp"], "google cloud|gcp"),
    ("Oracle Cloud", &["oracle"], "oracle cloud"),
    ("Rackspace", &["rackspace"], "rackspace"),
    ("OVH", &["ovh"], "ovh|ovhcloud"),
    ("UKCloud", &["ukcloud"], "ukcloud"),
];

/// The words of each hosting company as phrases, in its order.
static HOST_WORDS: LazyLock<Vec<Vec<Phrase>>> = LazyLock::new(|| HOSTS.iter().map(|(.., words)| Phrase::list(&[words])).collect());

/// What has the name of a hosting company and is another thing.
static NO_HOST: LazyLock<Vec<Phrase>> = LazyLock::new(|| Phrase::list(&["azure ad|azure active|azure devops|no longer"]));

/// A hosting company that the list of processors lacks.
fn host(draft: &Draft<'_>, text: &Text<'_>) -> Option<Advice> {
    let processors = draft.given.text("cc-processors").to_lowercase();
    let speaks = matches!(text.key, "ds-protection-measures" | "cc-purpose" | "cx-key-management" | "cx-signin-walkthrough");
    if processors.is_empty() || !speaks {
        return None;
    }
    let says = |host: &[Phrase]| text.reading.sentences.iter().any(|s| s.says(host) && !s.says(&NO_HOST));
    let mut hosts = HOSTS.iter().zip(HOST_WORDS.iter());
    let ((name, ..), _) = hosts.find(|((_, own, _), host)| !own.iter().any(|n| processors.contains(n)) && says(host))?;
    Some(differs(text.key, format!("This names {name}, which the list of processors does not")))
}

static ALWAYS: LazyLock<Vec<Phrase>> =
    LazyLock::new(|| Phrase::list(&["24/7|24x7|24/7/365|24 7|24 hours a day|round the clock|day and night|around the clock"]));
static NOT_ALWAYS: LazyLock<Vec<Phrase>> = LazyLock::new(|| Phrase::list(&["not|no|outside"]));
static OUT_OF_HOURS: LazyLock<Vec<Phrase>> = LazyLock::new(|| Phrase::list(&["on call|out of hours|all other times|overnight"]));

/// Day and night in one answer, desk hours in another.
fn hours(readings: &Readings<'_>, text: &Text<'_>) -> Option<Advice> {
    if !matches!(text.key, "sm-incident-process" | "cr-loss-of-access" | "sm-change-notice") {
        return None;
    }
    let open = readings.get("sm-support-hours")?;
    let says = text.reading.sentences.iter().any(|s| s.says(&ALWAYS) && !s.says(&NOT_ALWAYS));
    if open.count() == 0 || !says || open.says(&ALWAYS) || open.says(&OUT_OF_HOURS) {
        return None;
    }
    Some(differs(text.key, "This speaks of cover day and night, but the hours of the service desk do not"))
}

static USERS: LazyLock<Vec<Phrase>> = LazyLock::new(|| Phrase::list(&["user"]));

/// Fewer users than this are users in an example.
const SOME: i64 = 500;

/// How many users there are, told differently.
fn users(texts: &[Text<'_>]) -> Vec<Advice> {
    let count = |text: &Text<'_>| {
        let mut all = text.reading.sentences.iter().flat_map(|s| amounts(s, &USERS).map(|(n, _)| n).collect::<Vec<_>>());
        all.find(|tenths| *tenths >= SOME)
    };
    let told: Vec<(&str, i64)> = texts.iter().filter_map(|text| Some((text.key, count(text)?))).collect();
    let Some((_, first)) = told.first() else { return Vec::new() };
    let others = told.iter().filter(|(_, number)| number != first);
    others
        .map(|(key, number)| differs(key, format!("This speaks of {} users, another answer of {}", shown(*number), shown(*first))))
        .collect()
}

static NO_BROKER: LazyLock<Vec<Phrase>> =
    LazyLock::new(|| Phrase::list(&["not|no|never|instead of|library|package|module|admin*"]));

/// An identity product in the walkthrough of a product that is said to have none.
fn broker(draft: &Draft<'_>, readings: &Readings<'_>) -> Option<Advice> {
    let architecture = draft.given.choice("cx-architecture").filter(|choice| *choice != "broker")?;
    let walkthrough = readings.get("cx-signin-walkthrough")?;
    let named = walkthrough.sentences.iter().filter(|s| !s.says(&NO_BROKER)).find_map(|s| identity_product(s.text));
    let name =
        named.filter(|name| !matches!(*name, "duende" | "identityserver" | "openiddict" | "dex") && architecture != "public")?;
    let say = format!("This names {name}, an identity product, but the kind of product chosen has none between you and CIS2");
    Some(differs("cx-signin-walkthrough", say))
}
