//! Lines about the conformance test: a date, its details, the checks, the day, the result.

use chrono::NaiveDate;

use super::{Act, Line, Writer};
use crate::domain::calendar::london_date;
use crate::domain::demonstration::{ASKED_DAYS, CHECK_DAYS, Date, DemonstrationAct, DemonstrationState, FACTS_DAYS};
use crate::domain::machine::Who;
use crate::words::{counted, long_date, time};

impl Writer<'_> {
    /// The day of the test in words.
    fn test_date(&self) -> String {
        let date = self.product.demonstration().date.as_ref();
        date.map(|d| long_date(london_date(d.starts_at))).unwrap_or_default()
    }

    pub(super) fn booking(&self, is_first: bool) -> Line {
        let all = if self.product.is_all_accepted() { "All 6 sections are accepted. " } else { "" };
        let (text, more) = match (self.product.demonstration().state, self.is_ours()) {
            (DemonstrationState::NotPassed, true) => {
                ("The last test was not passed. Book another one when you’re ready.".to_owned(), "We need 2 weeks’ notice.")
            }
            (DemonstrationState::NotHeld, true) => {
                ("The demonstration did not take place. Choose another date.".to_owned(), "We need 2 weeks’ notice.")
            }
            (DemonstrationState::NotPassed, false) => ("The last test was not passed. Another one can be booked.".to_owned(), ""),
            (DemonstrationState::NotHeld, false) => {
                ("The demonstration did not take place. Another date can be booked.".to_owned(), "")
            }
            (_, true) => {
                (format!("{all}Book the demonstration of your product."), "It takes about 2 hours, and we need 2 weeks’ notice.")
            }
            (_, false) => (format!("{all}The demonstration can be booked."), ""),
        };
        let button = self.button(&[Act::Test(DemonstrationAct::Book)], "demonstration/book", "Choose a date");
        Line { lead: self.suppliers(is_first), text, more: more.to_owned(), button, ..Line::default() }
    }

    /// Nothing is waited for: either all is done, or booking is closed because the product does not work in INT.
    pub(super) fn nothing(&self) -> Line {
        let lead = "Nobody needs to do anything now.".to_owned();
        if self.product.is_booking_open() {
            return Line { lead, ..Line::default() };
        }
        let text = "The demonstration can be booked once the product works in the INT environment.".to_owned();
        let button = (format!("{}/connection", self.product.address()), "Say how it connects".to_owned());
        let is_editor = Who::Editor.admits(&self.me.actor, self.product.organisation);
        Line { lead, text, button: is_editor.then_some(button), ..Line::default() }
    }

    pub(super) fn date_wish(&self, by: Option<NaiveDate>) -> Line {
        let text = (
            "we’re looking for a date for your demonstration. We’ll reply by".to_owned(),
            "the supplier has asked for a date for the demonstration. Reply by".to_owned(),
        );
        let asked_on = self.product.demonstration().wish.as_ref().map(|w| w.asked_on);
        let acts = [Act::Test(DemonstrationAct::Agree), Act::Test(DemonstrationAct::Decline)];
        Line {
            button: self.button(&acts, "demonstration/wish", "Answer the request"),
            how: self.how("The date was asked for on", asked_on, ASKED_DAYS, by),
            ..self.ours(text, by)
        }
    }

    pub(super) fn facts(&self, by: Option<NaiveDate>, is_first: bool) -> Line {
        let missing = counted(usize::try_from(self.product.demonstration().lacks).unwrap_or_default(), "detail");
        let is_late = by.is_some_and(|by| by < self.setting.today());
        let need = if is_late { "needed" } else { "need" };
        let who = if self.is_ours() { "We" } else { "The assurance team" };
        let need = if !is_late && !self.is_ours() { "needs" } else { need };
        let text = format!("The demonstration is on {}. {who} {need} {missing} more by", self.test_date());
        let more = if is_late { "We may have to move the demonstration." } else { "" };
        Line {
            lead: self.suppliers(is_first),
            text,
            date: by.map(long_date).unwrap_or_default(),
            more: more.to_owned(),
            button: self.button(&[Act::Test(DemonstrationAct::Describe)], "demonstration/details", &format!("Add {missing}")),
            how: self.how_before(FACTS_DAYS, by),
        }
    }

    pub(super) fn check_problem(&self, by: Option<NaiveDate>, is_first: bool) -> Line {
        let found = counted(self.product.demonstration().problems().len(), "problem");
        let button = if self.is_ours() {
            Some((format!("{}/demonstration", self.product.address()), "See what we found".to_owned()))
        } else {
            self.button(&[Act::Test(DemonstrationAct::Check)], "demonstration/checks", "Open the background checks")
        };
        Line {
            lead: self.suppliers(is_first),
            text: format!(
                "The background checks found {found}. The demonstration on {} can go ahead if it is put right by",
                self.test_date()
            ),
            date: by.map(long_date).unwrap_or_default(),
            button,
            how: self.how_before(CHECK_DAYS, by),
            ..Line::default()
        }
    }

    pub(super) fn checks(&self, by: Option<NaiveDate>) -> Line {
        let date = self.test_date();
        let text = (
            format!("your demonstration is booked for {date}. We do the background checks by"),
            format!("the demonstration is booked for {date}. Finish the background checks by"),
        );
        Line {
            button: self.button(&[Act::Test(DemonstrationAct::Check)], "demonstration/checks", "Do the background checks"),
            how: self.how_before(CHECK_DAYS, by),
            ..self.ours(text, by)
        }
    }

    pub(super) fn test_day(&self, on: Option<NaiveDate>, is_first: bool) -> Line {
        let test = self.product.demonstration();
        let Some((date, on)) = test.date.as_ref().zip(on) else { return Line::default() };
        let today = self.setting.today();
        let day = long_date(on);
        if on < today {
            let more = if self.is_ours() { "We’ll record what came of it." } else { "Record what came of it." };
            return Line {
                lead: format!("The demonstration was on {day}."),
                text: "It has no result yet.".to_owned(),
                more: more.to_owned(),
                button: self.run_sheet_button(),
                ..Line::default()
            };
        }
        let is_today = on == today;
        let lead = match (is_today, is_first) {
            (true, _) => "The demonstration is today.".to_owned(),
            (false, true) => format!("Nobody needs to do anything until {day}."),
            (false, false) => format!("The demonstration is on {day}."),
        };
        let button = if is_today && !self.is_ours() {
            self.run_sheet_button()
        } else {
            Some((format!("{}/demonstration", self.product.address()), "See how to prepare".to_owned()))
        };
        Line { lead, text: self.meeting(date), button: button.filter(|_| is_today || self.is_ours()), ..Line::default() }
    }

    fn meeting(&self, date: &Date) -> String {
        let of = if self.is_ours() { "Your demonstration" } else { "The demonstration" };
        let with = date.assessor.as_ref().map(|a| format!(" with {}", a.name)).unwrap_or_default();
        format!("{of} is confirmed. It begins at {}{with} and takes about 2 hours.", time(date.starts_at))
    }

    fn run_sheet_button(&self) -> Option<(String, String)> {
        let acts = [Act::Test(DemonstrationAct::Start), Act::Test(DemonstrationAct::Mark)];
        self.button(&acts, "demonstration/run-sheet", "Open the run sheet")
    }

    pub(super) fn run_sheet(&self) -> Line {
        let text = (
            "your demonstration has begun. We record what we see and tell you the result.".to_owned(),
            "the demonstration has begun. Record what you see and the result.".to_owned(),
        );
        Line { button: self.run_sheet_button(), ..self.ours(text, None) }
    }
}
