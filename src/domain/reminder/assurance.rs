//! Reminders of the test and of the signature: what the supplier has to bring, and when.

use chrono::Days;

use super::{Planned, Reminder, ReminderKind};
use crate::domain::agreement::{AgreementState, LINK_DAYS};
use crate::domain::calendar::london_date;
use crate::domain::decide::Setting;
use crate::domain::demonstration::{Date, DemonstrationState};
use crate::domain::notice::{Audience, Notice};
use crate::domain::product::Product;

/// Working days before the test on which missing details are asked for the first time.
const DETAILS_DAYS: u32 = 10;
/// Working days before the test on which everybody is reminded of it.
const TEST_DAYS: u32 = 2;
/// Working days after the issue on which an unsigned agreement is asked for the first time.
const FIRST_SIGNING_DAYS: u32 = 5;

pub(super) fn of_test(setting: &Setting<'_>, product: &Product) -> Vec<Planned> {
    let calendar = setting.calendar;
    let test = product.demonstration();
    let is_ahead = |d: &&Date| setting.now < d.starts_at;
    let Some(date) = test.date.as_ref().filter(is_ahead) else { return Vec::new() };
    if !matches!(test.state, DemonstrationState::Booked | DemonstrationState::Confirmed) {
        return Vec::new();
    }
    let day = london_date(date.starts_at);
    let eve = calendar.before(day, TEST_DAYS);
    let plan = |kind, (from, until), notices| Planned {
        from,
        until,
        reminder: Reminder { kind, part: String::new(), about: day, notices },
    };
    let is_confirmed = test.state == DemonstrationState::Confirmed;
    let notice = Notice::DemonstrationReminder { at: date.starts_at, is_confirmed };
    let mut planned = vec![plan(ReminderKind::Test, (eve, None), team_and_assessor(date, notice))];
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

/// An agreement that came back is not reminded of here: its return was told, with the link.
pub(super) fn of_agreement(setting: &Setting<'_>, product: &Product) -> Vec<Planned> {
    let calendar = setting.calendar;
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
    let plan = |kind, from, until| Planned {
        from,
        until,
        reminder: Reminder { kind, part: String::new(), about: issue.on, notices: notices.clone() },
    };
    let first = calendar.after(issue.on, FIRST_SIGNING_DAYS, &product.pauses);
    let mut planned: Vec<Planned> = first.map(|due| plan(ReminderKind::Signing, due.on, Some(issue.sign_by))).into_iter().collect();
    planned.push(plan(ReminderKind::LastSigning, issue.sign_by, Some(issue.on + Days::new(LINK_DAYS))));
    planned
}

fn team_and_assessor(date: &Date, notice: Notice) -> Vec<(Audience, Notice)> {
    let assessor = date.assessor.as_ref().map(|a| (Audience::Person(a.person), notice.clone()));
    [(Audience::Team, notice)].into_iter().chain(assessor).collect()
}
