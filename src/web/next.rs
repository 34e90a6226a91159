//! "What happens next": whose turn it is, by when, and what else can start now, in sentences.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::ctx::SignedIn;
use super::due_view::DueView;
use super::place::texts;
use crate::domain::agreement::AgreementAct;
use crate::domain::calendar::london_date;
use crate::domain::catalogue::Section;
use crate::domain::certificate::CertificateAct;
use crate::domain::decide::Setting;
use crate::domain::demonstration::DemonstrationAct;
use crate::domain::live::LiveAct;
use crate::domain::machine::Who;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::reminder::promises::expected_again;
use crate::domain::section::{ProductState, Turn};
use crate::domain::waits::{Wait, What};
use crate::domain::words::PersonId;
use crate::domain::{agreement, certificate, demonstration, live};
use crate::error::Error;

mod papers;
mod sections;
mod talks;
mod test;

/// One paragraph of the box.
#[derive(Default)]
pub struct Line {
    /// Bold beginning: "It's your turn."
    pub lead: String,
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
        let mut next = stopped(me, product);
        next.lines.extend(talks::lines(me, setting, product));
        return Ok(next);
    }
    let writer = Writer { me, setting, product, names };
    let waits = product.waits();
    let mut lines: Vec<Line> = writer.finished().into_iter().collect();
    let mut has_drafts = false;
    for (number, wait) in waits.iter().enumerate() {
        if matches!(wait.what, What::Answers(_)) && std::mem::replace(&mut has_drafts, true) {
            continue;
        }
        lines.extend(writer.line(wait, number == 0)?);
    }
    if lines.is_empty() {
        lines.push(writer.nothing());
    }
    lines.extend(talks::lines(me, setting, product));
    let edge = match product.turn().0 {
        Turn::Team if !product.is_assured() => "us",
        Turn::Supplier if !product.is_assured() && !me.actor.is_staff() => "",
        Turn::Team | Turn::Supplier | Turn::Nobody => {
            if product.is_assured() {
                "done"
            } else {
                "quiet"
            }
        }
    };
    Ok(Next { edge, lines })
}

fn stopped(me: &SignedIn, product: &Product) -> Next {
    let can_resume = Who::Editor.admits(&me.actor, product.organisation) || Who::Manager.admits(&me.actor, product.organisation);
    let line = match product.state {
        ProductState::Withdrawn => Line {
            lead: "This product has been withdrawn.".to_owned(),
            text: "Its answers and its history stay readable. Nothing in it can change.".to_owned(),
            ..Line::default()
        },
        ProductState::OnHold | ProductState::Active => Line {
            lead: "This product is on hold.".to_owned(),
            text: "Nobody needs to do anything until it is resumed. Dates stand still meanwhile.".to_owned(),
            button: can_resume.then(|| (format!("{}/resumption", product.address()), "Resume this product".to_owned())),
            ..Line::default()
        },
    };
    Next { edge: "quiet", lines: vec![line] }
}

/// Something that somebody may be allowed to do.
#[derive(Clone, Copy)]
enum Act {
    Test(DemonstrationAct),
    Certificate(CertificateAct),
    Agreement(AgreementAct),
    Live(LiveAct),
}

struct Writer<'a> {
    me: &'a SignedIn,
    setting: &'a Setting<'a>,
    product: &'a Product,
    names: &'a BTreeMap<PersonId, String>,
}

impl Writer<'_> {
    fn line(&self, wait: &Wait, is_first: bool) -> Result<Option<Line>, Error> {
        let line = match wait.what {
            What::Feedback(section) => self.returned(section)?,
            What::Review(section) => self.in_review(section)?,
            What::Answers(_) => self.drafts(is_first)?,
            What::Booking => self.booking(is_first),
            What::DateWish => self.date_wish(wait.by),
            What::TestFacts => self.facts(wait.by, is_first),
            What::CheckProblem => self.check_problem(wait.by, is_first),
            What::Checks => self.checks(wait.by),
            What::Test => self.test_day(wait.by, is_first),
            What::RunSheet => self.run_sheet(),
            What::Certificate => self.certificate(wait.by),
            What::Doubt => self.doubt(),
            // Staff need not read of it while other things come first.
            What::Signatory if !is_first && !self.is_ours() => return Ok(None),
            What::Signatory => self.signatory(is_first),
            What::AgreementIssue => self.agreement_issue(wait.by),
            What::Signature => self.signature(wait.by, is_first),
            What::SignedCopy => self.signed_copy(wait.by),
            What::Production => self.production(is_first),
            What::GoLive => self.go_live(),
        };
        Ok(Some(line))
    }

    fn short(&self, section: Section) -> Result<&str, Error> {
        Ok(&texts(self.setting.catalogue, section)?.short)
    }

    fn is_ours(&self) -> bool {
        self.me.actor.in_organisation(self.product.organisation).is_some()
    }

    /// The beginning of a line about something that the supplier does.
    fn suppliers(&self, is_first: bool) -> String {
        let lead = match (self.is_ours(), is_first) {
            (true, true) => "It’s your turn.",
            (true, false) => "Also your turn.",
            (false, true) => "It’s the supplier’s turn.",
            (false, false) => "Also the supplier’s turn.",
        };
        lead.to_owned()
    }

    /// A line about something that the team does: what the supplier reads, or what the team reads.
    fn ours(&self, (for_supplier, for_team): (String, String), by: Option<NaiveDate>) -> Line {
        let late = by.is_some_and(|by| by < self.setting.today());
        let more = match (late, self.is_ours()) {
            (false, _) => String::new(),
            (true, true) => format!("We have not kept to this date. We’re sorry.{}", self.again(by, "have it done")),
            (true, false) => "This is overdue.".to_owned(),
        };
        Line {
            lead: "It’s our turn:".to_owned(),
            text: if self.is_ours() { for_supplier } else { for_team },
            date: by.map(crate::words::long_date).unwrap_or_default(),
            more,
            ..Line::default()
        }
    }

    /// " We now expect to reply by Thursday 16 April 2026."
    fn again(&self, by: Option<NaiveDate>, what: &str) -> String {
        let again = by.and_then(|by| expected_again(self.setting.calendar, by, self.setting.today()));
        again.map_or_else(String::new, |date| format!(" We now expect to {what} by {}.", crate::words::long_date(date)))
    }

    /// Whether the person may do something now or once something else is there; the page says what is missing.
    fn may(&self, act: Act) -> bool {
        let (setting, actor, product) = (self.setting, &self.me.actor, self.product);
        let offered = match act {
            Act::Test(act) => demonstration::judge::Judge { setting, actor, product }.offer(act),
            Act::Certificate(act) => certificate::Judge { setting, actor, product }.offer(act),
            Act::Agreement(act) => agreement::judge::Judge { setting, actor, product }.offer(act),
            Act::Live(act) => live::Judge { setting, actor, product }.offer(act),
        };
        !matches!(offered, Err(Refusal::NotYours | Refusal::Elsewhere(_)))
    }

    /// A button for whoever may do one of the acts.
    fn button(&self, acts: &[Act], path: &str, words: &str) -> Option<(String, String)> {
        let may = acts.iter().any(|act| self.may(*act));
        may.then(|| (format!("{}/{path}", self.product.address()), words.to_owned()))
    }

    /// How a promise was worked out, if it still is what the days give.
    fn how(&self, start: &str, from: Option<NaiveDate>, days: u32, by: Option<NaiveDate>) -> Vec<String> {
        let due = from.and_then(|from| self.setting.calendar.after(from, days, &self.product.pauses));
        let due = due.filter(|due| Some(due.on) == by);
        due.map(|d| DueView::from_start(&d, self.setting.calendar, self.setting.today(), start).sentences).unwrap_or_default()
    }

    /// How a date before the test was worked out.
    fn how_before(&self, days: u32, by: Option<NaiveDate>) -> Vec<String> {
        let day = self.product.demonstration().date.as_ref().map(|d| london_date(d.starts_at));
        let day = day.filter(|day| Some(self.setting.calendar.before(*day, days)) == by);
        day.map(|day| super::due_view::back(day, days, self.setting.calendar)).unwrap_or_default()
    }
}
