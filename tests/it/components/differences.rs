//! Where our HTML differs from the package's on purpose.

use super::html::{Piece, change};

/// One difference.
pub struct Difference {
    /// The components that have it.
    pub components: &'static [&'static str],
    /// What is different.
    pub what: &'static str,
    /// The reason.
    pub why: &'static str,
    /// Makes the package's HTML ours.
    apply: fn(&mut Vec<Piece>),
}

/// All of them.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        components: &["radios", "checkboxes"],
        what: "What follows a choice has no id and is not hidden, and the input does not name it in `data-aria-controls`",
        why: "The script would set `aria-expanded` on the input, which WAI-ARIA does not allow there; `app.css` shows and hides \
              it with `:has()`, also without the script",
        apply: |expected| without_controls(expected),
    },
    Difference {
        components: &["back-link"],
        what: "The link stands in a `nav` with the name “Back”",
        why: "It stands before `main`, and everything on a page should be in a landmark",
        apply: in_a_landmark,
    },
    Difference {
        components: &["date-input"],
        what: "Each of the three parts is sent under its id, such as `start-day`",
        why: "A form can have several dates",
        apply: |expected| named_by_id(expected),
    },
    Difference {
        components: &["input"],
        what: "A label that is the heading of the page has size l when no size is given",
        why: "Nothing else on a page is as large as its heading",
        apply: |expected| large_heading(expected),
    },
];

/// Makes the package's HTML of a component ours.
pub fn apply(component: &str, expected: &mut Vec<Piece>) {
    for difference in DIFFERENCES.iter().filter(|difference| difference.components.contains(&component)) {
        (difference.apply)(expected);
    }
}

fn without_controls(expected: &mut [Piece]) {
    change(expected, |_, attributes| {
        attributes.retain(|(name, _)| name != "data-aria-controls");
        let is_conditional = attributes.iter().any(|(name, value)| name == "class" && value.contains("__conditional"));
        if is_conditional {
            attributes.retain(|(name, _)| name != "id");
        }
        for (_, value) in attributes.iter_mut().filter(|(name, _)| name == "class") {
            *value = value.split(' ').filter(|class| !class.ends_with("__conditional--hidden")).collect::<Vec<_>>().join(" ");
        }
    });
}

fn in_a_landmark(expected: &mut Vec<Piece>) {
    expected.insert(0, Piece::Start("nav".to_owned(), vec![("aria-label".to_owned(), "Back".to_owned())]));
    expected.push(Piece::End("nav".to_owned()));
}

fn named_by_id(expected: &mut [Piece]) {
    change(expected, |element, attributes| {
        let id = attributes.iter().find(|(name, _)| name == "id").map(|(_, id)| id.clone());
        for (_, value) in attributes.iter_mut().filter(|(name, _)| element == "input" && name == "name") {
            *value = id.clone().unwrap_or_default();
        }
    });
}

fn large_heading(expected: &mut [Piece]) {
    let mut is_heading = false;
    change(expected, |element, attributes| {
        for (_, value) in attributes.iter_mut().filter(|(name, value)| is_heading && name == "class" && value == "nhsuk-label") {
            value.push_str(" nhsuk-label--l");
        }
        is_heading = element == "h1";
    });
}
