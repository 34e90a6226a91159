//! Texts with a form of their own: addresses, numbers of people and telephones, and what must never be in a text.

use std::collections::BTreeMap;
use std::net::IpAddr;

use url::Url;

use super::{MAX_CHARACTERS, capitalised};

const EMAIL_ERROR: &str = "Enter an email address in the correct format, like name@example.com";
const PHONE_ERROR: &str = "Enter a telephone number, like 01632 960 001 or +44 808 157 0192";
const IP_ERROR: &str = "Enter an IP address in the correct format, like 81.2.69.160 or 2a02:6b8::11";
const MAX_REDIRECT_URIS: usize = 20;

/// The text without surrounding space, with plain line ends and without characters that hide or reorder others.
pub(in crate::domain) fn tidy(typed: &str, lines: bool) -> String {
    let text = typed.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text.chars().filter(|c| matches!(c, '\n' | '\t') || !(c.is_control() || is_hidden(*c))).collect();
    if lines { kept.trim().to_owned() } else { kept.trim().replace(['\n', '\t'], " ") }
}

/// Marks of text direction and the byte order mark: they can make a text read differently from what is stored.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// What kind of secret a text seems to hold.
#[must_use]
pub fn secret_in(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let is_key =
        |text: &str, begin, key| text.lines().any(|line| line.split_once(begin).is_some_and(|(_, rest)| rest.contains(key)));
    if is_key(text, "BEGIN ", "PRIVATE KEY") || is_key(&lower, "-begin ", "private key") {
        return Some("a private key");
    }
    if has_token(text) {
        return Some("a signed token");
    }
    if lower.split("client_secret").skip(1).any(is_assigned) {
        return Some("a client secret");
    }
    if lower.split("password=").skip(1).any(|rest| rest.starts_with(|c: char| !c.is_whitespace())) {
        return Some("a password");
    }
    None
}

/// `client_secret=`, also with spaces, and as a member of a JSON object.
fn is_assigned(rest: &str) -> bool {
    let after_space = rest.trim_start();
    let after_quote = after_space.strip_prefix(['"', '\'']).map(str::trim_start);
    after_space.starts_with('=') || after_quote.is_some_and(|r| r.starts_with([':', '=']))
}

/// Three parts of base64url with dots between them, the first starting `eyJ`, which is `{"` in base64.
fn has_token(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.split(|c| !is_part(c) && c != '.').any(|run| {
        let parts: Vec<&str> = run.split('.').collect();
        parts.windows(3).any(|three| three.iter().all(|p| !p.is_empty()) && three.first().is_some_and(|p| p.starts_with("eyJ")))
    })
}

/// One e-mail address, with its domain in lower case.
///
/// # Errors
/// The sentence to show beside the field.
pub fn email(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.chars().count() > 254 {
        return Err("Email address must be 254 characters or less".to_owned());
    }
    let (local, domain) = text.split_once('@').ok_or(EMAIL_ERROR)?;
    let is_dotted = |part: &str| !part.is_empty() && part.split('.').all(|p| !p.is_empty());
    let is_local = is_dotted(local)
        && local.len() <= 64
        && local.chars().all(|c| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
    let labels: Vec<&str> = domain.split('.').collect();
    let is_label = |label: &&str| {
        let inner = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        inner && !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_top = |label: &&str| label.len() >= 2 && label.chars().any(|c| c.is_ascii_alphabetic());
    if is_local && labels.len() >= 2 && labels.iter().all(is_label) && labels.last().is_some_and(is_top) {
        Ok(format!("{local}@{}", domain.to_ascii_lowercase()))
    } else {
        Err(EMAIL_ERROR.to_owned())
    }
}

/// A telephone number as typed, with single spaces.
///
/// # Errors
/// The sentence to show beside the field.
pub fn phone(text: &str) -> Result<String, String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && !"()-\u{2010}\u{2011}\u{2013}".contains(*c)).collect();
    let digits = plain.strip_prefix('+').unwrap_or(&plain);
    if (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
        Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Err(PHONE_ERROR.to_owned())
    }
}

/// An absolute https address as typed: whether its host can be reached is for the checks.
///
/// # Errors
/// The sentence to show beside the field.
pub fn url(text: &str) -> Result<String, String> {
    let text = text.trim();
    address(text).map_err(|fault| format!("Address {fault}"))?;
    Ok(text.to_owned())
}

/// An `https` address, or the fault as the rest of a sentence.
fn address(text: &str) -> Result<Url, String> {
    if text.chars().count() > MAX_CHARACTERS {
        return Err("must be 2,000 characters or less".to_owned());
    }
    if text.get(..8).is_none_or(|start| !start.eq_ignore_ascii_case("https://")) {
        return Err("must start with https://, like https://product.example.com".to_owned());
    }
    // A browser reads a backslash as a slash, so the host that a person sees would not be the host.
    if text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err("must not contain spaces or backslashes".to_owned());
    }
    let typed_host = text.get(8..).is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']));
    let url = Url::parse(text).ok().filter(|url| typed_host && url.has_host());
    let url = url.ok_or("must include the name of a host, like https://product.example.com")?;
    let authority = text.get(8..).and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    if authority.contains('@') {
        return Err("must not include a user name or password".to_owned());
    }
    Ok(url)
}

/// An IPv4 or IPv6 address in its usual form.
///
/// # Errors
/// The sentence to show beside the field.
pub fn ip_address(text: &str) -> Result<String, String> {
    text.trim().parse::<IpAddr>().map(|ip| ip.to_string()).map_err(|_| IP_ERROR.to_owned())
}

/// The 12-digit number of a Care Identity profile.
///
/// # Errors
/// The sentence to show beside the field.
pub fn user_number(text: &str) -> Result<String, String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if plain.len() == 12 && plain.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(plain);
    }
    let lengths: Vec<usize> = plain.split('-').map(str::len).collect();
    if lengths == [8, 4, 4, 4, 12] && plain.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
        return Err("This is a computer's identifier with letters and dashes. Enter the 12-digit user number (UUID) of the \
                    Care Identity profile, like 555012345678"
            .to_owned());
    }
    Err("Enter the 12-digit user number (UUID) of the Care Identity profile, like 555012345678".to_owned())
}

pub(super) fn person_name(name: &str, text: String) -> Result<String, String> {
    let is_mark = |c: char| matches!(c, '\u{300}'..='\u{36F}');
    if text.chars().all(|c| c.is_alphabetic() || is_mark(c) || " -'\u{2019}.".contains(c)) {
        Ok(text)
    } else {
        Err(format!("{} must only include letters, spaces, hyphens, apostrophes and full stops", capitalised(name)))
    }
}

/// An identifier of a client as CIS2 writes it; `name` is what a fault calls it.
pub(in crate::domain) fn client_id(name: &str, text: String) -> Result<String, String> {
    if text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)) {
        Ok(text)
    } else {
        Err(format!("{} must only include letters, numbers, dots, hyphens and underscores", capitalised(name)))
    }
}

/// Spaces and hyphens removed and in capitals, as registers print it.
pub(super) fn registration(name: &str, text: &str) -> Result<String, String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if plain.chars().all(|c| c.is_ascii_alphanumeric()) {
        Ok(plain.to_ascii_uppercase())
    } else {
        Err(format!("{} must only include letters and numbers", capitalised(name)))
    }
}

/// One address on each line, blank lines dropped.
pub(super) fn redirect_uris(text: &str) -> Result<String, String> {
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for (number, line) in (1..).zip(text.lines()).map(|(n, l)| (n, l.trim())).filter(|(_, l)| !l.is_empty()) {
        address(line).map_err(|fault| format!("Line {number} {fault}"))?;
        if line.contains('#') {
            return Err(format!("Line {number} must not contain #. Take away the # and what follows it"));
        }
        if line.contains('*') {
            return Err(format!("Line {number} must not contain *. Write each address in full"));
        }
        if let Some(earlier) = lines.insert(line, number) {
            return Err(format!("Line {number} is the same as line {earlier}. Remove one of them"));
        }
        kept.push(line);
    }
    if kept.len() > MAX_REDIRECT_URIS {
        return Err(format!("Give at most {MAX_REDIRECT_URIS} addresses. You have {}", kept.len()));
    }
    Ok(kept.join("\n"))
}
