//! Evidence: in date on the day of the test, and final by its name. The go-live date is for the checks (X17).

use super::{Advice, Draft, Rule};
use crate::domain::answer::Value;
use crate::domain::checks::{ends, written};

/// Words in the name of a file that is not final.
const NOT_FINAL: &[&str] = &["draft", "template", "example", "sample", "blank", "wip", "unsigned", "dummy", "unapproved"];

/// What evidence is missing on the day, or does not look final.
pub(super) fn advice(draft: &Draft<'_>) -> Vec<Advice> {
    let mut found = Vec::new();
    if let Some(test) = draft.test_on {
        let late = ends(&draft.given).into_iter().filter(|(_, _, end)| *end < test && *end >= draft.given.today);
        found.extend(late.map(|(key, what, end)| {
            let say =
                format!("{what} runs out on {}, before your test on {}. Renew it before the test", written(end), written(test));
            Advice::new(key, Rule::OutOfDate, say)
        }));
    }
    for (_, question) in draft.given.catalogue.questions() {
        let Some(Value::Files { files, .. }) = draft.given.value(&question.key) else { continue };
        let named = files.iter().find(|file| is_not_final(&file.name));
        found.extend(named.map(|file| {
            let say = format!("The name of \u{201C}{}\u{201D} says that it is not final. Upload the approved version", file.name);
            Advice::new(&question.key, Rule::NotFinal, say)
        }));
    }
    found
}

fn is_not_final(name: &str) -> bool {
    let lower = name.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|word| NOT_FINAL.contains(&word))
}
