//! Addresses in a text that open only inside somebody's network.

use std::net::IpAddr;
use std::sync::LazyLock;

use super::phrase::Phrase;
use super::reading::Reading;
use super::{Advice, Rule};
use crate::domain::catalogue::{Format, Kind, Question};
use crate::domain::checks::inward_host;

/// A sentence that speaks of such addresses in order to shut them out.
static SHUT_OUT: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    Phrase::list(&[
        "not|no|never|nothing|none|cannot|without|except|rather",
        "refus*|block*|reject*|deny|denied|denies|forbid*|removed|disallow*",
    ])
});

/// Endings of names that are given out inside networks, beside those that no name server of the internet answers for.
const INSIDE: &[&str] = &[".local", ".internal", ".test", ".lan", ".corp", ".intranet", ".home", ".localdomain", ".localhost"];

/// The first such address of a text. Fields for addresses have their own errors.
pub(super) fn advice(question: &Question, reading: &Reading<'_>) -> Option<Advice> {
    if question.kind == Kind::Url || question.format == Some(Format::RedirectUris) || question.kind == Kind::IpAddress {
        return None;
    }
    let open = reading.sentences.iter().filter(|sentence| !sentence.says(&SHUT_OUT));
    let host = open.flat_map(|sentence| pieces(sentence.text)).find_map(|(before, piece)| inside(before, piece))?;
    let say = format!("Give an address that opens from outside your network in place of {host}, or say it in words");
    Some(Advice::new(&question.key, Rule::Unreachable, say))
}

/// The pieces of a text between spaces, each with the one before it.
fn pieces(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let trimmed = text.split_whitespace().map(|piece| piece.trim_matches(|c: char| "()<>[],;:\"'`\u{201C}\u{201D}.!?".contains(c)));
    trimmed.scan("", |before, piece| Some((std::mem::replace(before, piece), piece)))
}

fn inside(before: &str, piece: &str) -> Option<String> {
    let lower = piece.to_ascii_lowercase();
    let is_version = matches!(before.to_ascii_lowercase().as_str(), "version" | "release" | "build" | "v");
    if is_version || lower.len() < 4 {
        return None;
    }
    if lower.contains("://") {
        return inward_host(&lower).filter(|_| lower.starts_with("http"));
    }
    let name = lower.rsplit('@').next().unwrap_or_default();
    let is_network = name.rsplit_once('/').is_some_and(|(_, bits)| bits.bytes().all(|b| b.is_ascii_digit()) && !bits.is_empty());
    let host = name.split('/').next().unwrap_or_default();
    let host = host.rsplit_once(':').filter(|(h, port)| !h.contains(':') && port.parse::<u16>().is_ok()).map_or(host, |(h, _)| h);
    let is_local = host == "localhost" || INSIDE.iter().any(|end| host.len() > end.len() && host.ends_with(end));
    let is_address = !is_network && host.parse::<IpAddr>().is_ok();
    let shown = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let is_inward = is_local || (is_address && inward_host(&format!("https://{shown}")).is_some());
    is_inward.then(|| host.to_owned())
}
