//! What can be wrong with the terms of an agreement, each fault named with its clause.

use super::{Appendix, DataRole, Piece, Placeholder, Terms, pieces};

/// Everything that is wrong with the terms.
pub(super) fn of(terms: &Terms) -> Vec<String> {
    let mut faults = Vec::new();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if terms.version.is_empty() || !terms.version.chars().all(is_plain) {
        faults.push("The version must be made of lower-case letters, digits and hyphens.".to_owned());
    }
    if terms.is_sample && !terms.title.to_lowercase().contains("sample") {
        faults.push("The terms are a sample, but their title does not say so.".to_owned());
    }
    faults.extend(fixed("The title", &terms.title));
    faults.extend(written("The declaration", &terms.declaration));
    if terms.clauses.is_empty() {
        faults.push("There are no clauses.".to_owned());
    }
    for (number, clause) in (1..).zip(&terms.clauses) {
        faults.extend(headed(&format!("Clause {number}"), &clause.heading, &clause.paragraphs));
    }
    faults.extend(headed("The services form", &terms.services_form.heading, &terms.services_form.paragraphs));
    for appendix in &terms.appendices {
        faults.extend(headed(&format!("Appendix {}", appendix.key), &appendix.heading, &appendix.paragraphs));
    }
    faults.extend(Appendix::ALL.iter().filter_map(|key| count(terms, *key)));
    faults
}

fn count(terms: &Terms, key: Appendix) -> Option<String> {
    let roles = DataRole::ALL.iter().filter(|role| role.appendices().contains(&key));
    let roles: Vec<&str> = roles.map(|role| role.word()).collect();
    match terms.appendices.iter().filter(|a| a.key == key).count() {
        0 => Some(format!("Appendix {key} is missing. These roles need it: {}.", roles.join(", "))),
        1 => None,
        _ => Some(format!("Appendix {key} is there more than once.")),
    }
}

fn headed(place: &str, heading: &str, paragraphs: &[String]) -> Vec<String> {
    let mut faults = fixed(&format!("{place}, its heading"), heading);
    if paragraphs.is_empty() {
        faults.push(format!("{place} has no paragraphs."));
    }
    for (number, text) in (1..).zip(paragraphs) {
        faults.extend(written(&format!("{place}, paragraph {number}"), text));
    }
    faults
}

/// A text that is shown as it stands: a title or a heading.
fn fixed(place: &str, text: &str) -> Vec<String> {
    if text.trim().is_empty() {
        vec![format!("{place} is empty.")]
    } else if text.contains(['{', '}']) {
        vec![format!("{place} must not hold braces: nothing is filled in there.")]
    } else {
        Vec::new()
    }
}

/// A text with placeholders.
fn written(place: &str, text: &str) -> Vec<String> {
    if text.trim().is_empty() {
        return vec![format!("{place} is empty.")];
    }
    let fault = |piece| match piece {
        Piece::Braced(name) if Placeholder::from_word(name).is_none() => {
            Some(format!("{place} has the placeholder {{{name}}}, which does not exist."))
        }
        Piece::Plain(plain) if plain.contains('}') => Some(format!("{place} has a closing brace without an opening one.")),
        Piece::Stray => Some(format!("{place} has an opening brace without a closing one.")),
        Piece::Plain(_) | Piece::Braced(_) => None,
    };
    pieces(text).into_iter().filter_map(fault).collect()
}
