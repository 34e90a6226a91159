//! Standard replies: texts that reviewers start from when they ask for more information.

use chrono::{DateTime, Utc};

use super::actor::{Actor, Duty};
use super::words::{PersonId, StandardReplyId};

/// Most characters of a standard reply.
pub const LONGEST: usize = 2000;
/// Characters of it that name it in a list of choices.
const LABEL: usize = 70;

/// A text that reviewers start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandardReply {
    /// Which.
    pub id: StandardReplyId,
    /// The question that it is about; `None` for any question.
    pub question: Option<String>,
    /// The text.
    pub body: String,
    /// How many comments were started from it.
    pub uses: u32,
    /// Who added it.
    pub by: PersonId,
    /// Their name.
    pub by_name: String,
    /// When.
    pub added_at: DateTime<Utc>,
    /// When it was retired; it is offered no more.
    pub retired_at: Option<DateTime<Utc>>,
}

impl StandardReply {
    /// Its beginning, cut at a word: what a choice says.
    #[must_use]
    pub fn label(&self) -> String {
        let line = self.body.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= LABEL {
            return line;
        }
        let cut: String = line.chars().take(LABEL).collect();
        format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words))
    }

    /// Whether the actor may change or retire it: whoever added it, and managers.
    #[must_use]
    pub fn may_change(&self, actor: &Actor) -> bool {
        actor.is(Duty::Manager) || (may_add(actor) && self.by == actor.person())
    }
}

/// Whether the actor may add standard replies: reviewers and managers. The same people read them.
#[must_use]
pub fn may_add(actor: &Actor) -> bool {
    actor.sees_all()
}

/// A comment with a standard reply in it: behind what was typed, after an empty line.
#[must_use]
pub fn inserted(typed: &str, body: &str) -> String {
    let typed = typed.trim_end();
    if typed.is_empty() { body.to_owned() } else { format!("{typed}\n\n{body}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_behind_what_was_typed() {
        assert_eq!(inserted("  \r\n", "Send it."), "Send it.");
        assert_eq!(inserted("The log is old. ", "Send it."), "The log is old.\n\nSend it.");
    }
}
