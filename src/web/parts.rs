//! What the macros of `templates/ui.html` are called with, and the small decisions that templates leave to code.

/// One of several radios, checkboxes or options.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub label: String,
    /// More about it, or nothing.
    pub hint: String,
    /// Whether it is chosen.
    pub checked: bool,
    /// The id, or nothing for the field's id and a number.
    pub id: String,
    /// Whether it stands apart after "or". Such a checkbox takes the ticks off the others.
    pub is_apart: bool,
    /// Whether it cannot be chosen; its hint says why.
    pub is_disabled: bool,
}

impl Item {
    /// An item that is not chosen.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }

    /// With a hint below the label.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// Chosen or not.
    #[must_use]
    pub fn checked(self, checked: bool) -> Self {
        Self { checked, ..self }
    }

    /// With an id of its own.
    #[must_use]
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: id.into(), ..self }
    }

    /// Apart from the others, such as "None of these".
    #[must_use]
    pub fn apart(self) -> Self {
        Self { is_apart: true, ..self }
    }

    /// That cannot be chosen.
    #[must_use]
    pub fn disabled(self) -> Self {
        Self { is_disabled: true, ..self }
    }

    /// The id of the input at this place, counted from 1. The first has the field's own, so that the error summary can
    /// link to it.
    #[must_use]
    pub fn id_at(&self, field: &str, place: &usize) -> String {
        let place = place + usize::from(self.is_apart);
        if !self.id.is_empty() {
            self.id.clone()
        } else if place == 1 {
            field.to_owned()
        } else {
            format!("{field}-{place}")
        }
    }
}

/// A date as it was typed, and which parts of it are wrong. When a date is wrong as a whole, no part is marked.
#[derive(Clone, Debug, Default)]
pub struct DateParts {
    /// The day as typed.
    pub day: String,
    /// The month as typed.
    pub month: String,
    /// The year as typed.
    pub year: String,
    /// Whether the day is missing or wrong.
    pub is_day_wrong: bool,
    /// Whether the month is missing or wrong.
    pub is_month_wrong: bool,
    /// Whether the year is missing or wrong.
    pub is_year_wrong: bool,
}

impl DateParts {
    /// A date with nothing wrong.
    #[must_use]
    pub fn new(day: impl Into<String>, month: impl Into<String>, year: impl Into<String>) -> Self {
        Self { day: day.into(), month: month.into(), year: year.into(), ..Self::default() }
    }

    /// The three inputs in order.
    #[must_use]
    pub fn inputs(&self) -> [DateInput<'_>; 3] {
        let is_whole_wrong = !(self.is_day_wrong || self.is_month_wrong || self.is_year_wrong);
        [
            DateInput { name: "day", label: "Day", width: 2, value: &self.day, is_wrong: is_whole_wrong || self.is_day_wrong },
            DateInput {
                name: "month",
                label: "Month",
                width: 2,
                value: &self.month,
                is_wrong: is_whole_wrong || self.is_month_wrong,
            },
            DateInput { name: "year", label: "Year", width: 4, value: &self.year, is_wrong: is_whole_wrong || self.is_year_wrong },
        ]
    }
}

/// One of the three inputs of a date.
#[derive(Clone, Debug)]
pub struct DateInput<'a> {
    /// The end of its name: `day`, `month` or `year`.
    pub name: &'static str,
    /// What people read.
    pub label: &'static str,
    /// How many figures are expected.
    pub width: u8,
    /// What was typed.
    pub value: &'a str,
    /// Whether it is marked when the date has a problem.
    pub is_wrong: bool,
}

/// The links to other pages of a list.
#[derive(Clone, Debug, Default)]
pub struct Pagination {
    /// The numbered pages, with gaps.
    pub pages: Vec<PageLink>,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The address of the page after.
    pub next: Option<String>,
}

/// A numbered page, or a gap between two.
#[derive(Clone, Debug)]
pub enum PageLink {
    /// A page.
    Page {
        /// Its number, from 1.
        number: u64,
        /// Its address.
        href: String,
        /// Whether it is the one that is shown.
        is_current: bool,
    },
    /// Pages that are left out.
    Gap,
}

impl Pagination {
    /// The first, the last, and the current page with one or two neighbours each side. `address` gives a page's address.
    #[must_use]
    pub fn new(current: u64, last: u64, address: impl Fn(u64) -> String) -> Self {
        let mut pages = Vec::new();
        let mut before = 0;
        let is_shown = |&number: &u64| {
            let is_filled_gap = (number == 2 && current == 4) || (number + 1 == last && current + 3 == last);
            number == 1 || number == last || number.abs_diff(current) <= 1 || is_filled_gap
        };
        for number in (1..=last).filter(is_shown) {
            if number > before + 1 {
                pages.push(PageLink::Gap);
            }
            pages.push(PageLink::Page { number, href: address(number), is_current: number == current });
            before = number;
        }
        Self { pages, previous: (current > 1).then(|| address(current - 1)), next: (current < last).then(|| address(current + 1)) }
    }
}

/// The first of two that is not empty.
#[must_use]
pub fn either<'a, A, B>(first: &'a A, second: &'a B) -> &'a str
where
    A: AsRef<str> + ?Sized,
    B: AsRef<str> + ?Sized,
{
    let first = first.as_ref();
    if first.is_empty() { second.as_ref() } else { first }
}

/// What describes each of some checkboxes that have no fieldset to carry it: the ids of the field's hint and error.
#[must_use]
pub fn described_without_legend(
    legend: &(impl AsRef<str> + ?Sized),
    field: &str,
    hint: &(impl AsRef<str> + ?Sized),
    error: &(impl AsRef<str> + ?Sized),
) -> String {
    if !legend.as_ref().is_empty() {
        return String::new();
    }
    match (hint.as_ref().is_empty(), error.as_ref().is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("{field}-hint"),
        (true, false) => format!("{field}-error"),
        (false, false) => format!("{field}-hint {field}-error"),
    }
}

/// The classes of a tag by the name of its look: a colour, `plain` for what needs no attention, or `quiet` for what
/// cannot start yet.
#[must_use]
pub fn tag_classes(look: &(impl AsRef<str> + ?Sized)) -> &'static str {
    match look.as_ref() {
        "plain" => "nhsuk-tag nhsuk-tag--no-colour nhsuk-tag--no-border nhsuk-u-font-weight-normal",
        "quiet" => "nhsuk-tag nhsuk-tag--no-colour nhsuk-tag--no-border nhsuk-u-font-weight-normal nhsuk-u-secondary-text-colour",
        "white" => "nhsuk-tag nhsuk-tag--white",
        "grey" => "nhsuk-tag nhsuk-tag--grey",
        "green" => "nhsuk-tag nhsuk-tag--green",
        "aqua-green" => "nhsuk-tag nhsuk-tag--aqua-green",
        "blue" => "nhsuk-tag nhsuk-tag--blue",
        "purple" => "nhsuk-tag nhsuk-tag--purple",
        "pink" => "nhsuk-tag nhsuk-tag--pink",
        "red" => "nhsuk-tag nhsuk-tag--red",
        "orange" => "nhsuk-tag nhsuk-tag--orange",
        "yellow" => "nhsuk-tag nhsuk-tag--yellow",
        _ => "nhsuk-tag",
    }
}

/// The class for the width of an input: a number of characters, or a part of the line such as `two-thirds`.
#[must_use]
pub fn width_class(width: &(impl AsRef<str> + ?Sized)) -> String {
    let width = width.as_ref();
    if width.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("nhsuk-input--width-{width}")
    } else {
        format!("nhsuk-u-width-{width}")
    }
}

/// Whether a count is worth a badge.
#[must_use]
pub fn is_any(number: &impl ToString) -> bool {
    number.to_string() != "0"
}

/// Whether the heading of a warning says itself that it is important. Where it does not, screen readers are told.
#[must_use]
pub fn says_important(heading: &(impl ToString + ?Sized)) -> bool {
    heading.to_string().to_lowercase().contains("important")
}

/// A number as people write it: 2,000.
#[must_use]
pub fn thousands(number: &impl ToString) -> String {
    let figures = number.to_string();
    let mut written = String::new();
    for (place, figure) in figures.chars().enumerate() {
        if place > 0 && (figures.len() - place).is_multiple_of(3) {
            written.push(',');
        }
        written.push(figure);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_input_has_the_id_of_the_field() {
        let item = Item::new("yes", "Yes");
        assert_eq!(item.id_at("live", &1), "live");
        assert_eq!(item.id_at("live", &3), "live-3");
        assert_eq!(item.clone().apart().id_at("live", &3), "live-4");
        assert_eq!(item.id("own").id_at("live", &1), "own");
    }

    #[test]
    fn a_date_that_is_wrong_as_a_whole_has_all_parts_marked() {
        let date = DateParts::new("31", "2", "2026");
        assert!(date.inputs().iter().all(|input| input.is_wrong));

        let date = DateParts { is_month_wrong: true, ..date };
        let wrong: Vec<_> = date.inputs().iter().filter(|input| input.is_wrong).map(|input| input.name).collect();
        assert_eq!(wrong, ["month"]);
    }

    #[test]
    fn pages_far_from_the_current_one_are_left_out() {
        for (current, last, expected) in [
            (1, 1, "[1]"),
            (1, 3, "[1] 2 3"),
            (3, 5, "1 2 [3] 4 5"),
            (4, 8, "1 2 3 [4] 5 … 8"),
            (5, 9, "1 … 4 [5] 6 … 9"),
            (6, 9, "1 … 5 [6] 7 8 9"),
            (9, 9, "1 … 8 [9]"),
        ] {
            let links = Pagination::new(current, last, |page| format!("?page={page}"));
            let shown: Vec<_> = links
                .pages
                .iter()
                .map(|link| match link {
                    PageLink::Page { number, is_current: true, .. } => format!("[{number}]"),
                    PageLink::Page { number, .. } => number.to_string(),
                    PageLink::Gap => "…".to_owned(),
                })
                .collect();
            assert_eq!(shown.join(" "), expected);
            assert_eq!(links.previous.is_some(), current > 1);
            assert_eq!(links.next.is_some(), current < last);
        }
    }

    #[test]
    fn numbers_have_commas() {
        for (number, written) in [(0, "0"), (999, "999"), (2000, "2,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(&number), written);
        }
    }

    #[test]
    fn the_width_is_in_characters_or_a_part_of_the_line() {
        assert_eq!(width_class("10"), "nhsuk-input--width-10");
        assert_eq!(width_class("two-thirds"), "nhsuk-u-width-two-thirds");
    }
}
