//! Reminders: what is due as of now, worked out from a product as it is, each with the moment after which it makes no sense.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::agreement::{AgreementState, LINK_DAYS};
use super::calendar::{Calendar, london_date};
use super::demonstration::{Date, Demonstration, DemonstrationState};
use super::notice::{Audience, Notice};
use super::product::Product;
use super::section::ProductState;
use super::slot::london_moment;
use super::waits::What;
use crate::words;

/// Hour of the day, in Europe/London, from which reminders are written.
const HOUR: u32 = 8;
/// Working days before the test on which missing details are asked for the first time.
const DETAILS_DAYS: u32 = 10;
/// Working days before the test on which everybody is reminded of it.
const TEST_DAYS: u32 = 2;
/// Working days after the issue on which an unsigned agreement is asked for the first time.
const FIRST_SIGNING_DAYS: u32 = 5;

words! {
    /// The kinds of reminders; each is written once for a product and a date.
    pub enum ReminderKind {
        /// Details of the test are missing, ten working days before it.
        Details = "details",
        /// They are still missing on the day by which they are needed.
        LastDetails = "last-details",
        /// The test is in two working days.
        Test = "test",
        /// The background checks are due on the next working day.
        Checks = "checks",
        /// The certificate is due on the next working day.
        Certificate = "certificate",
        /// The agreement is not signed after five working days.
        Signing = "signing",
        /// It is not signed after ten.
        LastSigning = "last-signing",
    }
}

/// A reminder that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// Which.
    pub kind: ReminderKind,
    /// The date that it is about: of the test, of the promise, of the issue.
    pub about: NaiveDate,
    /// Who is told what.
    pub notices: Vec<(Audience, Notice)>,
}

/// A reminder with the time in which it makes sense.
struct Planned {
    from: NaiveDate,
    /// The day on which something else takes its place; `None` when nothing does.
    until: Option<NaiveDate>,
    reminder: Reminder,
}

impl Planned {
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        let begins = |day: NaiveDate| NaiveTime::from_hms_opt(HOUR, 0, 0).and_then(|hour| london_moment(day, hour));
        begins(self.from).is_some_and(|from| from <= now) && self.until.and_then(begins).is_none_or(|until| now < until)
    }
}

/// The reminders of a product that are due now, whether or not they were written before. None while it is on hold or
/// withdrawn, and none whose follow-up is due as well.
#[must_use]
pub fn reminders(product: &Product, calendar: &Calendar, now: DateTime<Utc>) -> Vec<Reminder> {
    if product.state != ProductState::Active {
        return Vec::new();
    }
    let mut planned = of_test(product, calendar, now);
    planned.extend(of_certificate(product, calendar));
    planned.extend(of_agreement(product, calendar));
    planned.into_iter().filter(|p| p.is_due(now)).map(|p| p.reminder).collect()
}

fn of_test(product: &Product, calendar: &Calendar, now: DateTime<Utc>) -> Vec<Planned> {
    let test = product.demonstration();
    let is_ahead = |d: &&Date| now < d.starts_at;
    let Some(date) = test.date.as_ref().filter(is_ahead) else { return Vec::new() };
    if !matches!(test.state, DemonstrationState::Booked | DemonstrationState::Confirmed) {
        return Vec::new();
    }
    let day = london_date(date.starts_at);
    let eve = calendar.before(day, TEST_DAYS);
    let plan = |kind, (from, until), notices| Planned { from, until, reminder: Reminder { kind, about: day, notices } };
    let is_confirmed = test.state == DemonstrationState::Confirmed;
    let notice = Notice::DemonstrationReminder { at: date.starts_at, is_confirmed };
    let mut planned = vec![plan(ReminderKind::Test, (eve, None), team_and_assessor(date, notice))];
    if !is_confirmed {
        let notice = Notice::ChecksDue { checks_by: date.checks_by, at: date.starts_at };
        let during = (calendar.before(date.checks_by, 1), date.checks_by.succ_opt());
        planned.push(plan(ReminderKind::Checks, during, vec![(holder(test), notice)]));
    }
    if test.lacks > 0 {
        let notice = Notice::DetailsMissing { at: date.starts_at, missing: test.lacks, facts_by: date.facts_by };
        let first = calendar.before(day, DETAILS_DAYS);
        let for_team = || vec![(Audience::Team, notice.clone())];
        // Whoever booked on that day or later was told then.
        if date.noticed_on < first {
            planned.push(plan(ReminderKind::Details, (first, Some(date.facts_by)), for_team()));
        }
        planned.push(plan(ReminderKind::LastDetails, (date.facts_by, Some(eve)), for_team()));
    }
    planned
}

fn of_certificate(product: &Product, calendar: &Calendar) -> Option<Planned> {
    let wait = product.waits().into_iter().find(|w| w.what == What::Certificate)?;
    let by = wait.by?;
    let notices = vec![(holder(product.demonstration()), Notice::CertificateDue { certificate_by: by })];
    let reminder = Reminder { kind: ReminderKind::Certificate, about: by, notices };
    Some(Planned { from: calendar.before(by, 1), until: by.succ_opt(), reminder })
}

/// An agreement that came back is not reminded of here: its return was told, with the link.
fn of_agreement(product: &Product, calendar: &Calendar) -> Vec<Planned> {
    let agreement = product.agreement();
    let Some(issue) = agreement.issue.as_ref().filter(|_| agreement.state == AgreementState::Issued) else { return Vec::new() };
    let signatory = &agreement.signatory;
    let mut notices = vec![(Audience::Team, Notice::SigningReminder { signatory: signatory.name.clone(), issued_on: issue.on })];
    if let Some(signing) = agreement.link {
        let audience = Audience::Address { name: signatory.name.clone(), email: signatory.email.clone() };
        let organisation = product.party.legal_name(&product.organisation_name).to_owned();
        let until = issue.on + Days::new(LINK_DAYS);
        notices.push((audience, Notice::SignatureAsked { signing, by: "The assurance team".to_owned(), organisation, until }));
    }
    let plan = |kind, from, until| Planned { from, until, reminder: Reminder { kind, about: issue.on, notices: notices.clone() } };
    let first = calendar.after(issue.on, FIRST_SIGNING_DAYS, &product.pauses);
    let mut planned: Vec<Planned> = first.map(|due| plan(ReminderKind::Signing, due.on, Some(issue.sign_by))).into_iter().collect();
    planned.push(plan(ReminderKind::LastSigning, issue.sign_by, Some(issue.on + Days::new(LINK_DAYS))));
    planned
}

/// Who holds the test, or the assurance team while that is not known.
fn holder(test: &Demonstration) -> Audience {
    let assessor = test.date.as_ref().and_then(|d| d.assessor.as_ref());
    assessor.map_or(Audience::Staff, |a| Audience::Person(a.person))
}

fn team_and_assessor(date: &Date, notice: Notice) -> Vec<(Audience, Notice)> {
    let assessor = date.assessor.as_ref().map(|a| (Audience::Person(a.person), notice.clone()));
    [(Audience::Team, notice)].into_iter().chain(assessor).collect()
}
