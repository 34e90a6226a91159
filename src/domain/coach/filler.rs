//! What stands in the place of an answer: placeholders, pointers to somewhere else, the question itself, bare acronyms.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::phrase::Phrase;
use super::reading::{Reading, Word};
use super::{Advice, Draft, Rule};
use crate::domain::answer::Value;
use crate::domain::catalogue::{Kind, Question};
use crate::words;

static LATER: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    Phrase::list(&[
        "tbc|tbd|tba",
        "to be confirmed|to be decided|to be determined|to be advised|to be completed",
        "will be added|will be confirmed|will be completed .. later|before|soon|shortly|due course",
        "to follow|will follow shortly|will follow in due course",
    ])
});

static NOTHING: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    Phrase::list(&["lorem ipsum", "dolor sit amet", "xxx*", "asdf*", "qwerty*", "insert .. here", "placeholder text"])
});

static ELSEWHERE: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    Phrase::list(&[
        "as above|see above|same as above|ditto|as before|as previous|see previous",
        "see|as|same .. previous|earlier|other answer|section|question",
    ])
});

static ATTACHED: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    Phrase::list(&[
        "see|refer|described|covered|set out|given|as|found .. attached|attachment|enclosed|appendix|annex",
        "attached document|attached policy|attached file",
        "see|refer|described|covered|set out|found .. policy|document|pdf|manual|handbook",
    ])
});

/// An answer with no more words than this consists of its pointer to somewhere else.
const POINTER: usize = 30;

/// What is written in place of an answer.
pub(super) fn advice(draft: &Draft<'_>, question: &Question, reading: &Reading<'_>) -> Vec<Advice> {
    let say = instead(draft, question, reading);
    let mut found: Vec<Advice> = say.map(|say| Advice::new(&question.key, Rule::Placeholder, say)).into_iter().collect();
    if question.kind == Kind::LongText {
        found.extend(acronyms(question, reading));
    }
    found
}

fn instead(draft: &Draft<'_>, question: &Question, reading: &Reading<'_>) -> Option<String> {
    let is_later = |words: &[Word<'_>]| {
        // "The steps to follow" are none that follow later.
        let ends = |end: &[&str]| words.len() > end.len() && words.iter().rev().zip(end.iter().rev()).all(|(w, e)| w.low == *e);
        ends(&["to", "follow"]) && words.len() <= 6
    };
    let put_off = reading.sentences.iter().any(|sentence| {
        let is_steps = sentence.says(&LATER) && sentence.text.to_lowercase().contains("to follow");
        if is_steps { is_later(&sentence.words) } else { sentence.says(&LATER) }
    });
    let marks = ["???", "[insert", "<insert", "[name", "[date", "[product", "[supplier", "[company", "<name", "<product"];
    let lower = reading.text.to_lowercase();
    if reading.says(&NOTHING) || marks.iter().any(|mark| lower.contains(mark)) {
        return Some("Write your answer in place of the placeholder".to_owned());
    }
    if put_off {
        return Some("Part of this answer is put off. Write what you know today, or finish it before you send".to_owned());
    }
    if is_copied(question, reading) {
        return Some("This repeats the words of the question. Write how it is with your product".to_owned());
    }
    let is_short = reading.count() <= POINTER;
    let has_file = || given_files(draft, question);
    if is_short && (reading.says(&ELSEWHERE) || (reading.says(&ATTACHED) && !has_file())) {
        return Some("Say it here in a few sentences, even if a document or another answer says it too".to_owned());
    }
    None
}

/// Whether a file is part of an answer on the same page.
fn given_files(draft: &Draft<'_>, question: &Question) -> bool {
    let groups = draft.given.catalogue.sections.iter().flat_map(|section| &section.groups);
    let mut page = groups.filter(|group| group.questions.iter().any(|q| q.key == question.key)).flat_map(|g| &g.questions);
    page.any(|q| matches!(draft.given.value(&q.key), Some(Value::Files { .. })))
}

/// Fewest words of a question, or of a sentence beside it, that an answer does not hold by chance.
const COPIED: usize = 8;

fn is_copied(question: &Question, reading: &Reading<'_>) -> bool {
    let plain = |reading: &Reading<'_>| {
        let words = reading.sentences.iter().flat_map(|s| &s.words).map(|w| w.low.as_str());
        format!(" {} ", words.collect::<Vec<_>>().join(" "))
    };
    let answer = plain(reading);
    [&question.text, &question.help, &question.guidance].into_iter().any(|theirs| {
        let theirs = Reading::new(theirs);
        theirs.sentences.iter().filter(|sentence| sentence.words.len() >= COPIED).any(|sentence| {
            let words: Vec<&str> = sentence.words.iter().map(|w| w.low.as_str()).collect();
            answer.contains(&format!(" {} ", words.join(" ")))
        })
    })
}

/// Letters that anybody in this field reads as words.
const KNOWN: &[&str] = &[
    "NHS", "NHSE", "CIS", "CIS1", "CIS2", "INT", "DSPT", "ODS", "ICO", "DPO", "DPIA", "GDPR", "UK", "EU", "EEA", "US", "USA", "IT",
    "TLS", "SSL", "HTTP", "HTTPS", "AES", "RSA", "MFA", "VPN", "API", "APIS", "URL", "URI", "PDF", "CSV", "XML", "JSON", "SQL",
    "JWT", "JWKS", "JWK", "JWS", "PKCE", "OIDC", "OAUTH", "SAML", "AAL", "AAL2", "AAL3", "IAL", "HSCN", "CSO", "DCB0129",
    "DCB0160", "MHRA", "UKCA", "CE", "MDR", "IVDR", "GP", "GPS", "ICB", "ICBS", "PDS", "EPS", "ERS", "SCR", "NRL", "AWS", "ISO",
    "IEC", "GMC", "NMC", "HCPC", "GPHC", "CHECK", "CREST", "NCSC", "CVSS", "OWASP", "POST", "GET", "PUT", "ID", "IDS", "IP", "HR",
    "PC", "PCS", "HTML", "CSS", "SMS", "USB", "NSD", "KMS", "HSM", "IDP", "RBAC", "UUID", "SIEM", "SCC", "IDTA", "BNF", "ED",
    "ICU", "CRM", "CEO", "CTO", "CISO", "HSTS", "TLS1", "DNS", "CI", "QA", "SLA", "P1", "P2", "P3", "P4", "P5", "LTD", "OK", "FAQ",
    "HL7", "FHIR", "SNOMED", "AM", "PM", "DR", "ITIL", "SSO", "NO", "NOT", "AND", "OR", "ONLY", "TDE", "SHA", "EHR", "EPR", "A&E",
    "EC2", "RDS", "S3", "WAF", "TBC", "TBD", "TBA", "XXX", "HTTPONLY",
];

/// So many unknown acronyms are too many.
const MANY: usize = 5;

fn acronyms(question: &Question, reading: &Reading<'_>) -> Option<Advice> {
    let all = reading.sentences.iter().flat_map(|sentence| sentence.words.windows(2).map(Some).chain([None]).zip(&sentence.words));
    let is_reference = |pair: Option<&[Word<'_>]>| {
        pair.and_then(|p| p.get(1)).is_some_and(|next| next.low.starts_with(|c: char| c.is_ascii_digit()))
    };
    let unknown: BTreeSet<&str> = all
        .filter(|(pair, word)| is_acronym(word.raw) && !is_reference(*pair) && !is_explained(reading.text, word.raw))
        .map(|(_, word)| word.raw)
        .collect();
    let share = unknown.len() * 4 >= reading.count() && unknown.len() >= 3;
    if unknown.len() < MANY && !share {
        return None;
    }
    let first: Vec<String> = unknown.iter().take(4).map(|word| (*word).to_owned()).collect();
    let say = format!("Write out what the letters stand for the first time, such as {}", words::listed(&first));
    Some(Advice::new(&question.key, Rule::Acronyms, say))
}

fn is_acronym(raw: &str) -> bool {
    let is_short = (2..=6).contains(&raw.len()) && raw.chars().filter(char::is_ascii_uppercase).count() >= 2;
    is_short && raw.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) && !KNOWN.contains(&raw)
}

/// Written out before, with the letters in brackets, or after.
fn is_explained(text: &str, raw: &str) -> bool {
    text.contains(&format!("({raw})")) || text.contains(&format!("{raw} ("))
}
