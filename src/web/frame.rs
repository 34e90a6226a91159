//! What every page shows around its content.

use crate::store::inbox::UNREAD_MAX;

/// The name of the service, as on every page.
pub const SERVICE_NAME: &str = "Get your CIS2 software assured";

/// The links at the foot of every page.
pub const FOOTER: &[(&str, &str)] = &[
    ("/help", "Help"),
    ("/accessibility", "Accessibility statement"),
    ("/cookies", "Cookies"),
    ("/privacy", "Privacy"),
    ("/contact", "Contact us"),
    ("/certificates", "Check a certificate"),
];

/// What every page shows around its content. Every template that extends `base.html` has it as its field `frame`.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// What the page is about; the service name is put behind it.
    pub title: String,
    /// The name of the person who is logged in.
    pub person: Option<String>,
    /// How many messages they have not read.
    pub unread: u64,
    /// The header navigation, most used first.
    pub nav: Vec<NavItem>,
    /// What the last action achieved.
    pub flash: Option<Flash>,
    /// What is wrong with the form: the id of the field and the sentence that stands beside it.
    pub problems: Vec<(String, String)>,
    /// The name of a script that only this page loads; empty for none.
    pub script: &'static str,
    /// Whether the person switched keyboard shortcuts on.
    pub has_shortcuts: bool,
    /// Whether the footer says that the data are not real.
    pub is_demo: bool,
    /// Seconds until the session ends if nothing more is asked for.
    pub session_left: Option<i64>,
}

/// A link in the header.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// The words of the link.
    pub text: &'static str,
    /// Where it goes.
    pub href: &'static str,
    /// How many things wait there. 0 is not shown.
    pub count: Option<u64>,
    /// Whether the page belongs to it.
    pub is_current: bool,
}

/// The green banner on the page after an action.
#[derive(Clone, Debug)]
pub struct Flash {
    /// What was achieved.
    pub title: String,
    /// More about it, or nothing.
    pub text: String,
    /// A way on: address and words.
    pub link: Option<(String, String)>,
}

impl Frame {
    /// A frame with a title and nothing else.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// The number of unread messages as it is shown; empty for none.
    #[must_use]
    pub fn unread_words(&self) -> String {
        match self.unread {
            0 => String::new(),
            few if few < UNREAD_MAX => few.to_string(),
            _ => format!("{}+", UNREAD_MAX - 1),
        }
    }

    /// The content of `<title>`.
    #[must_use]
    pub fn full_title(&self) -> String {
        let error = if self.problems.is_empty() { "" } else { "Error: " };
        format!("{error}{} – {SERVICE_NAME}", self.title)
    }

    /// The sentence about a field, or nothing when the field is right.
    #[must_use]
    pub fn problem(&self, id: &str) -> &str {
        self.problems.iter().find(|(field, _)| field == id).map_or("", |(_, sentence)| sentence)
    }

    /// The sentence about a date, whose problems name the first wrong part: `start-day`, `start-month` or `start-year`.
    #[must_use]
    pub fn date_problem(&self, id: &str) -> &str {
        self.problems
            .iter()
            .find(|(field, _)| {
                let part = field.strip_prefix(id);
                matches!(part, Some("-day" | "-month" | "-year"))
            })
            .map_or("", |(_, sentence)| sentence)
    }
}

impl NavItem {
    /// The number for the badge, when there is something to show.
    #[must_use]
    pub fn badge(&self) -> Option<u64> {
        self.count.filter(|&count| count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_says_first_that_something_is_wrong() {
        let mut frame = Frame::new("Add a product");
        assert_eq!(frame.full_title(), "Add a product – Get your CIS2 software assured");

        frame.problems.push(("name".into(), "Enter a name".into()));
        assert_eq!(frame.full_title(), "Error: Add a product – Get your CIS2 software assured");
    }

    #[test]
    fn unread_messages_are_counted_up_to_99() {
        let words = |unread| Frame { unread, ..Frame::new("") }.unread_words();
        assert_eq!([0, 1, 99, 100].map(words), ["", "1", "99", "99+"]);
    }

    #[test]
    fn problems_are_found_by_field() {
        let mut frame = Frame::new("");
        frame.problems.push(("name".into(), "Enter a name".into()));
        frame.problems.push(("start-month".into(), "Start date must include a month".into()));

        assert_eq!(frame.problem("name"), "Enter a name");
        assert_eq!(frame.problem("start"), "");
        assert_eq!(frame.date_problem("start"), "Start date must include a month");
        assert_eq!(frame.date_problem("name"), "");
    }
}
