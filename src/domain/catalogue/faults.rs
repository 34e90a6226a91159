//! What can be wrong with a question set, each fault named with its question.

use std::collections::{BTreeMap, BTreeSet};

use super::{Catalogue, Condition, Kind, PRODUCT_FACTS, Question, Section};

impl Catalogue {
    /// Everything that is wrong with the set, each with the question and the fault.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let keys: BTreeMap<&str, &Question> = self.questions().map(|(_, q)| (q.key.as_str(), q)).collect();
        for section in Section::ALL {
            if self.sections.iter().filter(|s| s.key == *section).count() != 1 {
                faults.push(format!("The section {section} must be there once."));
            }
        }
        let mut seen = BTreeSet::new();
        for (section, question) in self.questions() {
            if !seen.insert(question.key.as_str()) {
                faults.push(format!("{}: two questions have the same key.", question.key));
            }
            faults.extend(question_faults(section, question, &keys));
        }
        faults.extend(circles(&keys));
        faults
    }
}

fn question_faults(section: Section, question: &Question, keys: &BTreeMap<&str, &Question>) -> Vec<String> {
    let key = &question.key;
    let mut faults = Vec::new();
    let prefix = match section {
        Section::DataSecurity => "ds-",
        Section::ClinicalRisk => "cr-",
        Section::ServiceManagement => "sm-",
        Section::MedicalDevice => "md-",
        Section::CoreConformance => "cc-",
        Section::Cis2Conformance => "cx-",
    };
    if !key.starts_with(prefix) || !key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        faults.push(format!("{key}: the key must be lower case with hyphens and start with {prefix}."));
    }
    for (name, text) in [("name", &question.name), ("text", &question.text), ("guidance", &question.guidance)] {
        if text.trim().is_empty() {
            faults.push(format!("{key}: the {name} is empty."));
        }
    }
    let wants_options = matches!(question.kind, Kind::SingleChoice | Kind::MultipleChoice);
    if wants_options && question.options.len() < 2 {
        faults.push(format!("{key}: a choice needs two options or more."));
    }
    if !wants_options && question.kind != Kind::YesNo && !question.options.is_empty() {
        faults.push(format!("{key}: only choices and yes-no questions have options."));
    }
    let values: BTreeSet<&str> = question.options.iter().map(|o| o.value.as_str()).collect();
    if values.len() != question.options.len() {
        faults.push(format!("{key}: two options have the same value."));
    }
    for value in &question.expected {
        if !values.contains(value.as_str()) {
            faults.push(format!("{key}: it expects the option {value}, which does not exist."));
        }
    }
    if matches!(question.kind, Kind::ShortText | Kind::LongText) && question.length.is_none_or(|(min, max)| min > max || max == 0) {
        faults.push(format!("{key}: a text needs a length with the fewest and the most characters."));
    }
    if (question.kind == Kind::File) != question.file.is_some() {
        faults.push(format!("{key}: an upload, and nothing else, needs a file rule."));
    }
    if (question.kind == Kind::Number) != question.number.is_some() {
        faults.push(format!("{key}: a number, and nothing else, needs a number rule."));
    }
    if let Some(condition) = &question.show_when {
        faults.extend(condition_faults(key, condition, keys));
    }
    faults.extend(point_faults(question));
    faults
}

fn point_faults(question: &Question) -> Vec<String> {
    let key = &question.key;
    let mut faults = Vec::new();
    if !question.points.is_empty() && !matches!(question.kind, Kind::ShortText | Kind::LongText) {
        faults.push(format!("{key}: only a text has points."));
    }
    let names: BTreeSet<&str> = question.points.iter().map(|point| point.key.as_str()).collect();
    if names.len() != question.points.len() {
        faults.push(format!("{key}: two points have the same key."));
    }
    for point in &question.points {
        if point.say.trim().is_empty() || point.words.is_empty() {
            faults.push(format!("{key}: the point {} needs what to say and words that address it.", point.key));
        }
    }
    faults
}

fn condition_faults(key: &str, condition: &Condition, keys: &BTreeMap<&str, &Question>) -> Vec<String> {
    let mut faults = Vec::new();
    if condition.any_of.is_empty() == condition.above.is_none() {
        faults.push(format!("{key}: its condition needs either values or a number."));
    }
    if let Some((_, values)) = PRODUCT_FACTS.iter().find(|(name, _)| *name == condition.on) {
        for value in &condition.any_of {
            if !values.contains(&value.as_str()) {
                faults.push(format!("{key}: its condition names the value {value}, which {} does not have.", condition.on));
            }
        }
        return faults;
    }
    let Some(on) = keys.get(condition.on.as_str()) else {
        faults.push(format!("{key}: its condition names {}, which is no question.", condition.on));
        return faults;
    };
    if condition.above.is_some() && on.kind != Kind::Number {
        faults.push(format!("{key}: its condition compares {}, which is no number.", condition.on));
    }
    for value in &condition.any_of {
        let exists = match on.kind {
            Kind::YesNo => value == "yes" || value == "no",
            Kind::SingleChoice | Kind::MultipleChoice => on.choice(value).is_some(),
            Kind::ShortText
            | Kind::LongText
            | Kind::Date
            | Kind::Email
            | Kind::Phone
            | Kind::Url
            | Kind::IpAddress
            | Kind::Uuid
            | Kind::File
            | Kind::Number
            | Kind::Declaration => false,
        };
        if !exists {
            faults.push(format!("{key}: its condition names the option {value}, which {} does not have.", condition.on));
        }
    }
    faults
}

/// Questions whose conditions lead back to themselves.
fn circles(keys: &BTreeMap<&str, &Question>) -> Vec<String> {
    let mut faults = Vec::new();
    for start in keys.keys() {
        let mut at = *start;
        for _ in 0..keys.len() {
            let Some(next) = keys.get(at).and_then(|q| q.show_when.as_ref()) else { break };
            at = next.on.as_str();
            if at == *start {
                faults.push(format!("{start}: its condition depends on itself, in a circle."));
                break;
            }
        }
    }
    faults
}
