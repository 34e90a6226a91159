//! Lines about sections: sent back, in review, being written.

use super::super::due_view::DueView;
use super::super::place::texts;
use super::{Line, Writer};
use crate::domain::catalogue::Section;
use crate::domain::machine::Who;
use crate::domain::section::{SectionState, SectionStatus};
use crate::error::Error;
use crate::words::{counted, listed, long_date};

impl Writer<'_> {
    fn who(&self, section: Section) -> String {
        let reviewer = self.product.section(section).reviewer.and_then(|r| self.names.get(&r));
        reviewer.cloned().unwrap_or_else(|| "The assurance team".to_owned())
    }

    fn section_how(&self, section: Section) -> Vec<String> {
        let due = self.product.due(section, self.setting.calendar);
        due.map(|d| DueView::new(&d, self.setting.calendar, self.setting.today()).sentences).unwrap_or_default()
    }

    pub(super) fn returned(&self, section: Section) -> Result<Line, Error> {
        let given = self.product.given(self.setting.catalogue, self.setting.today());
        let asked = self.product.asked(&given, section).len();
        let short = self.short(section)?;
        let by = self.product.section(section).reply_by.map(long_date).unwrap_or_default();
        let what = if asked == 1 { format!("1 of the {short} answers") } else { format!("{asked} of the {short} answers") };
        let address = format!("{}/sections/{section}/feedback", self.product.address());
        let is_altered = section == Section::Cis2Conformance && self.product.certificate().is_some_and(|c| !c.doubt.is_empty());
        let text = if is_altered {
            let certificate = "After that the assurance team decides whether the certificate holds. An answer is expected by";
            format!("A change of sign-in was recorded: {what} have to be brought up to date or confirmed. {certificate}")
        } else {
            format!("{} needs more information about {what}. An answer is expected by", self.who(section))
        };
        Ok(Line {
            lead: self.suppliers(true),
            text,
            date: by,
            button: self.is_ours().then(|| (address, format!("Answer {}", counted(asked, "question")))),
            ..Line::default()
        })
    }

    pub(super) fn in_review(&self, section: Section) -> Result<Line, Error> {
        let record = self.product.section(section);
        let short = self.short(section)?;
        let who = record.reviewer.and_then(|r| self.names.get(&r));
        let late = record.reply_by.is_some_and(|by| by < self.setting.today());
        let date = record.reply_by.map(long_date).unwrap_or_default();
        let started = who.map_or_else(String::new, |w| format!(" {w} has the review."));
        let (text, more) = match (self.is_ours(), late) {
            (true, false) => (format!("we’re reviewing your {short} answers.{started} We’ll reply by"), String::new()),
            (true, true) => (
                format!("we’re reviewing your {short} answers.{started} We said that we would reply by"),
                format!("We have not replied on time. We’re sorry.{}", self.again(record.reply_by, "reply")),
            ),
            (false, false) => (format!("the {short} answers are in review.{started} Reply by"), String::new()),
            (false, true) => {
                (format!("the {short} answers are in review.{started} The reply was due by"), "This review is overdue.".to_owned())
            }
        };
        let button = (!self.is_ours())
            .then(|| (format!("{}/sections/{section}/review", self.product.address()), "Open the review".to_owned()));
        Ok(Line { lead: "It’s our turn:".to_owned(), text, date, more, button, how: self.section_how(section) })
    }

    pub(super) fn drafts(&self, is_first: bool) -> Result<Line, Error> {
        let is_draft = |s: &Section| self.product.section(*s).state() == SectionState::Draft;
        let drafts: Vec<Section> = Section::ALL.iter().copied().filter(is_draft).collect();
        let names = drafts.iter().map(|s| self.short(*s).map(str::to_owned)).collect::<Result<Vec<_>, _>>()?;
        if !self.is_ours() {
            let lead = if is_first { "It’s the supplier’s turn." } else { "Not sent yet:" };
            return Ok(Line { lead: lead.to_owned(), text: format!("{}.", listed(&names)), ..Line::default() });
        }
        if !is_first {
            return Ok(Line { lead: "You can also work on:".to_owned(), text: format!("{}.", listed(&names)), ..Line::default() });
        }
        let given = self.product.given(self.setting.catalogue, self.setting.today());
        let status = |s: &Section| self.product.status(&given, *s);
        let ready = drafts.iter().find(|s| status(s) == SectionStatus::ReadyToSend);
        let begun = drafts.iter().find(|s| status(s) == SectionStatus::InProgress);
        let (text, button) = if let Some(section) = ready {
            let address = format!("{}/sections/{section}/check", self.product.address());
            (format!("Your {} answers are ready to send.", self.short(*section)?), (address, "Check and send".to_owned()))
        } else if let Some(section) = begun {
            let address = format!("{}/sections/{section}", self.product.address());
            let short = self.short(*section)?;
            (format!("Carry on with {short}, or start any other section."), (address, format!("Carry on with {short}")))
        } else {
            let section = drafts.first().copied().unwrap_or(Section::DataSecurity);
            let text = texts(self.setting.catalogue, section)?;
            let first = text.groups.first().map_or("", |g| g.key());
            let address = format!("{}/sections/{section}/questions/{first}", self.product.address());
            let is_new = drafts.len() == Section::ALL.len();
            let words = if is_new {
                "Start with any section. Most people start with data security."
            } else {
                "Start with any section that is left."
            };
            (words.to_owned(), (address, format!("Start with {}", text.short)))
        };
        let is_editor = Who::Editor.admits(&self.me.actor, self.product.organisation);
        Ok(Line { lead: "It’s your turn.".to_owned(), text, button: is_editor.then_some(button), ..Line::default() })
    }
}
