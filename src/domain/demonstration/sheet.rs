//! The sheet of the test day: every line that is to be shown, in the words of this product's own answers.
//!
//! The four areas are on the published page (NHS England, "CIS2 Authentication: get your software assured"); the lines
//! follow from the requirements.

mod lines;
mod shown;

use serde::{Deserialize, Serialize};

use super::Demonstration;
use super::facts::{TestFacts, uses_logout};
use crate::domain::answer::Given;
use crate::domain::catalogue::FileRule;
use crate::words;

pub use self::lines::LINES;
pub use self::shown::shown;

words! {
    /// A part of the test.
    pub enum Area {
        /// Signing in.
        Authentication = "authentication",
        /// Sessions that CIS2 ends.
        BackChannelLogout = "back-channel-logout",
        /// Sessions of the product.
        SessionManagement = "session-management",
        /// The way into sign-in.
        CareIdentityButton = "care-identity-button",
        /// What is left of CIS1.
        Migration = "migration",
    }
}

impl Area {
    /// The words shown.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Authentication => "Authentication",
            Self::BackChannelLogout => "Back-channel logout",
            Self::SessionManagement => "Session management",
            Self::CareIdentityButton => "Care Identity button",
            Self::Migration => "Moving from CIS1",
        }
    }
}

/// One thing to show in the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Stored and never used again for another line: the letter of the area and a number, like `a1`.
    pub id: &'static str,
    /// The part of the test that it belongs to.
    pub area: Area,
    /// What to ask the supplier to do.
    pub ask: &'static str,
    /// What to see then; [`shown`] says it for one product.
    pub see: &'static str,
}

impl Line {
    /// The line with this id, if there is one.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        LINES.iter().find(|line| line.id == id)
    }
}

/// Most files beside one line.
pub const MOST_FILES: u32 = 10;

/// What can be put beside a line: everything that is evidence elsewhere, up to the largest size.
#[must_use]
pub fn file_rule() -> FileRule {
    let kinds = ["pdf", "docx", "odt", "xlsx", "ods", "csv", "png", "jpg"].map(str::to_owned).to_vec();
    FileRule { kinds, max_mb: 20, max_files: MOST_FILES, expires: false, sensitive: false }
}

/// A line as it is on the sheet of one test: in the words of that product's answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SheetLine {
    /// Identifier of the line.
    pub id: String,
    /// The part of the test that it belongs to.
    pub area: Area,
    /// What to ask the supplier to do.
    pub ask: String,
    /// What to see then.
    pub see: String,
    /// Why it needs no mark; empty when it is to be marked.
    pub why_not: String,
}

/// The sheet of a test, every line in order: as it was when the test ended, and until then by today's answers.
#[must_use]
pub fn sheet(test: &Demonstration, given: &Given<'_>) -> Vec<SheetLine> {
    if !test.sheet.is_empty() {
        return test.sheet.clone();
    }
    let line = |line: &Line| SheetLine {
        id: line.id.to_owned(),
        area: line.area,
        ask: line.ask.to_owned(),
        see: shown(line, given, &test.facts),
        why_not: why_not(line, test, given).to_owned(),
    };
    LINES.iter().map(line).collect()
}

/// After the test, what was marked counts, whatever the answers said in the end.
fn why_not(line: &Line, test: &Demonstration, given: &Given<'_>) -> &'static str {
    let is_counted = test.outcome.is_some() && test.marks.contains_key(line.id);
    if is_counted { "" } else { applies(line, given, &test.facts).err().unwrap_or_default() }
}

words! {
    /// What was seen of a line.
    pub enum MarkResult {
        /// As it should be.
        Seen = "seen",
        /// Not, or not as it should be.
        NotSeen = "not-seen",
        /// Cannot be shown with this product.
        NotApplicable = "not-applicable",
    }
}

impl MarkResult {
    /// The words shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Seen => "Seen",
            Self::NotSeen => "Not seen",
            Self::NotApplicable => "Does not apply",
        }
    }

    /// The look of its tag.
    #[must_use]
    pub const fn look(self) -> &'static str {
        match self {
            Self::Seen => "green",
            Self::NotSeen => "orange",
            Self::NotApplicable => "grey",
        }
    }
}

/// Whether a line is to be shown with this product.
///
/// # Errors
/// Why it is not, in a sentence.
pub fn applies(line: &Line, given: &Given<'_>, facts: &TestFacts) -> Result<(), &'static str> {
    let is_moving = given.facts.migrating_from_cis1 == Some(true);
    match line.area {
        Area::BackChannelLogout if !uses_logout(given) => Err("The product does not use back-channel logout."),
        Area::CareIdentityButton if given.choice("cx-button-use") == Some("automatic") => {
            Err("There is no button: users are sent to CIS2 straight away.")
        }
        Area::Migration if !is_moving => Err("The product is not a move from CIS1."),
        Area::Authentication if line.id == "a7" && !tells_people_apart(given, facts) => {
            Err("There is no second identity, and every user may do the same things.")
        }
        Area::Authentication | Area::BackChannelLogout | Area::SessionManagement | Area::CareIdentityButton | Area::Migration => {
            Ok(())
        }
    }
}

fn tells_people_apart(given: &Given<'_>, facts: &TestFacts) -> bool {
    let has_roles = matches!(given.choice("cx-role-model"), Some("national" | "local" | "both"));
    has_roles || !facts.second_user_number.is_empty()
}

#[cfg(test)]
mod tests;
