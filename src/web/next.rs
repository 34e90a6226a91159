//! "What happens next": whose turn it is, by when, and what else can start now, in sentences.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::ctx::SignedIn;
use super::due_view::DueView;
use super::place::texts;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::decide::Setting;
use crate::domain::machine::Who;
use crate::domain::product::Product;
use crate::domain::section::{ProductState, SectionState, SectionStatus};
use crate::domain::words::PersonId;
use crate::error::Error;
use crate::words::{counted, listed, long_date};

/// One paragraph of the box.
#[derive(Default)]
pub struct Line {
    /// Bold beginning: "It's your turn."
    pub lead: &'static str,
    /// The sentence.
    pub text: String,
    /// The date, bold, at the end.
    pub date: String,
    /// An apology or a second sentence.
    pub more: String,
    /// Address and words of the one thing to do.
    pub button: Option<(String, String)>,
    /// How the date was worked out.
    pub how: Vec<String>,
}

/// The box "What happens next".
pub struct Next {
    /// Class of its edge: empty (your turn), `us`, `done`, `quiet`.
    pub edge: &'static str,
    /// Its paragraphs, the most urgent first.
    pub lines: Vec<Line>,
}

/// What happens next for the person who asks.
///
/// # Errors
/// When the question set is not in this program.
pub fn next(me: &SignedIn, setting: &Setting<'_>, product: &Product, names: &BTreeMap<PersonId, String>) -> Result<Next, Error> {
    if product.state != ProductState::Active {
        return Ok(stopped(me, product));
    }
    let writer = Writer { me, setting, product, names };
    let in_state = |state: SectionState| Section::ALL.iter().copied().filter(move |s| product.section(*s).state() == state);
    let mut lines = Vec::new();
    for section in in_state(SectionState::Returned) {
        lines.push(writer.returned(section)?);
    }
    let mut submitted: Vec<Section> = in_state(SectionState::Submitted).collect();
    submitted.sort_by_key(|s| product.section(*s).reply_by);
    for section in submitted {
        lines.push(writer.in_review(section)?);
    }
    if product.is_all_accepted() {
        lines.push(Line {
            lead: "All 6 sections are accepted.",
            text: "Nobody needs to do anything for them. The conformance test comes next: the assurance team will be in touch about a date.".to_owned(),
            ..Line::default()
        });
        return Ok(Next { edge: "done", lines });
    }
    let drafts: Vec<Section> = in_state(SectionState::Draft).collect();
    if !drafts.is_empty() {
        let is_first = lines.is_empty();
        lines.push(writer.drafts(&drafts, is_first)?);
    }
    let edge = match product.turn().0 {
        crate::domain::section::Turn::Team => "us",
        crate::domain::section::Turn::Supplier if me.actor.is_staff() => "quiet",
        crate::domain::section::Turn::Supplier => "",
        crate::domain::section::Turn::Nobody => "done",
    };
    Ok(Next { edge, lines })
}

fn stopped(me: &SignedIn, product: &Product) -> Next {
    let can_resume = Who::Editor.admits(&me.actor, product.organisation) || Who::Manager.admits(&me.actor, product.organisation);
    let line = match product.state {
        ProductState::Withdrawn => Line {
            lead: "This product has been withdrawn.",
            text: "Its answers and its history stay readable. Nothing in it can change.".to_owned(),
            ..Line::default()
        },
        ProductState::OnHold | ProductState::Active => Line {
            lead: "This product is on hold.",
            text: "Nobody needs to do anything until it is resumed. Dates stand still meanwhile.".to_owned(),
            button: can_resume.then(|| (format!("{}/resumption", product.address()), "Resume this product".to_owned())),
            ..Line::default()
        },
    };
    Next { edge: "quiet", lines: vec![line] }
}

struct Writer<'a> {
    me: &'a SignedIn,
    setting: &'a Setting<'a>,
    product: &'a Product,
    names: &'a BTreeMap<PersonId, String>,
}

impl Writer<'_> {
    fn short(&self, section: Section) -> Result<&str, Error> {
        Ok(&texts(self.setting.catalogue, section)?.short)
    }

    fn is_ours(&self) -> bool {
        self.me.actor.in_organisation(self.product.organisation).is_some()
    }

    fn who(&self, section: Section) -> String {
        let reviewer = self.product.section(section).reviewer.and_then(|r| self.names.get(&r));
        reviewer.cloned().unwrap_or_else(|| "The assurance team".to_owned())
    }

    fn how(&self, section: Section) -> Vec<String> {
        let due = self.product.due(section, self.setting.calendar);
        due.map(|d| DueView::new(&d, self.setting.calendar, self.setting.today()).sentences).unwrap_or_default()
    }

    fn returned(&self, section: Section) -> Result<Line, Error> {
        let given = self.product.given(self.setting.catalogue, self.setting.today());
        let asked = self.product.asked(&given, section).len();
        let short = self.short(section)?;
        let by = self.product.section(section).reply_by.map(long_date).unwrap_or_default();
        let what = if asked == 1 { format!("1 of the {short} answers") } else { format!("{asked} of the {short} answers") };
        let address = format!("{}/sections/{section}/feedback", self.product.address());
        Ok(Line {
            lead: if self.is_ours() { "It’s your turn." } else { "It’s the supplier’s turn." },
            text: format!("{} needs more information about {what}. An answer is expected by", self.who(section)),
            date: by,
            button: self.is_ours().then(|| (address, format!("Answer {}", counted(asked, "question")))),
            ..Line::default()
        })
    }

    fn in_review(&self, section: Section) -> Result<Line, Error> {
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
                "We have not replied on time. We’re sorry.".to_owned(),
            ),
            (false, false) => (format!("the {short} answers are in review.{started} Reply by"), String::new()),
            (false, true) => {
                (format!("the {short} answers are in review.{started} The reply was due by"), "This review is overdue.".to_owned())
            }
        };
        let button = (!self.is_ours())
            .then(|| (format!("{}/sections/{section}/review", self.product.address()), "Open the review".to_owned()));
        Ok(Line { lead: "It’s our turn:", text, date, more, button, how: self.how(section) })
    }

    fn drafts(&self, drafts: &[Section], is_first: bool) -> Result<Line, Error> {
        let names = drafts.iter().map(|s| self.short(*s).map(str::to_owned)).collect::<Result<Vec<_>, _>>()?;
        if !self.is_ours() {
            let lead = if is_first { "It’s the supplier’s turn." } else { "Not sent yet:" };
            return Ok(Line { lead, text: format!("{}.", listed(&names)), ..Line::default() });
        }
        if !is_first {
            return Ok(Line { lead: "You can also work on:", text: format!("{}.", listed(&names)), ..Line::default() });
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
            (
                "Start with any section. Most people start with data security.".to_owned(),
                (address, format!("Start with {}", text.short)),
            )
        };
        let is_editor = Who::Editor.admits(&self.me.actor, self.product.organisation);
        Ok(Line { lead: "It’s your turn.", text, button: is_editor.then_some(button), ..Line::default() })
    }
}

/// The strip: today against the usual 2 to 12 weeks (NHS England, "Get your software assured").
pub struct Strip {
    /// The sentence above it.
    pub sentence: String,
    /// Where today is, in percent of 14 weeks.
    pub today: String,
}

impl Strip {
    /// The strip of a product on a day.
    #[must_use]
    pub fn new(product: &Product, today: NaiveDate) -> Self {
        let days = (today - london_date(product.added_at)).num_days().max(0);
        let week = days / 7 + 1;
        let tenths = (days * 1000 / (14 * 7)).clamp(0, 1000);
        Self {
            sentence: format!("Week {week}. Most products take 2 to 12 weeks."),
            today: format!("{}.{}%", tenths / 10, tenths % 10),
        }
    }
}
