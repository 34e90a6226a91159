//! Numbers of certificates: `SAC-2026-7K3M-9QXT-4WZP`, the year and 12 characters in groups of 4.
//!
//! The characters are those of Crockford's base 32: figures and letters without I, L, O and U, so that a number can be
//! read out and typed without mistakes (Douglas Crockford, "Base 32").

/// The 32 characters, in the order of their values.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Figures and letters of a number after `SAC`: 4 of the year and 12 others.
const LENGTH: usize = 16;

/// The longest text that is looked at; numbers come from anybody.
const LONGEST: usize = 80;

/// The number that somebody means: without regard to case, hyphens and spaces, with I and L read as 1 and O as 0.
/// `None` for what can't be one.
#[must_use]
pub fn normalised(typed: &str) -> Option<String> {
    if typed.len() > LONGEST {
        return None;
    }
    let is_between = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let plain: String = typed.chars().filter(|c| !is_between(*c)).collect::<String>().to_ascii_uppercase();
    let figures = plain.strip_prefix("SAC")?.replace(['I', 'L'], "1").replace('O', "0");
    let (year, rest) = figures.split_at_checked(4)?;
    let is_known =
        figures.len() == LENGTH && rest.bytes().all(|b| ALPHABET.contains(&b)) && year.bytes().all(|b| b.is_ascii_digit());
    is_known.then(|| written(year, rest))
}

/// A number as it is written.
#[must_use]
pub fn written(year: impl std::fmt::Display, characters: &str) -> String {
    let (first, rest) = characters.split_at_checked(4).unwrap_or((characters, ""));
    let (second, third) = rest.split_at_checked(4).unwrap_or((rest, ""));
    format!("SAC-{year}-{first}-{second}-{third}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_typed() {
        for typed in [
            "SAC-2026-1K30-9QXT-4WZP",
            "sac-2026-1k30-9qxt-4wzp",
            "  SAC 2026 1K30 9QXT 4WZP ",
            "SAC20261K309QXT4WZP",
            "SAC\u{2013}2026\u{2013}1K30\u{2013}9QXT\u{2013}4WZP",
            "sac-2O26-lk3o-9qxt-4wzp",
            "SAC-2026-IK3O-9QXT-4WZP",
        ] {
            assert_eq!(normalised(typed).as_deref(), Some("SAC-2026-1K30-9QXT-4WZP"), "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_a_number_is_none() {
        let long = "SAC-".repeat(40);
        for typed in [
            "",
            "SAC",
            "SAC-2026-0042",
            "2026-1K30-9QXT-4WZP",
            "SAC-2026-1K30-9QXT-4WZ",
            "SAC-2026-1K30-9QXT-4WZPP",
            "SAC-2026-1K30-9QXT-4WZU",
            "SAC-202A-1K30-9QXT-4WZP",
            "SAC-2026-1K3\u{e9}-9QXT-4WZP",
            "SAC-2026-1K30-9QXT-4WZ%",
            "C2A-1042",
            &long,
        ] {
            assert_eq!(normalised(typed), None, "{typed}");
        }
    }
}
