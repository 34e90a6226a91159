//! Reminders to the supplier: feedback that waits for an answer, and evidence that runs out.

use chrono::Days;

use super::{Planned, Reminder, ReminderKind};
use crate::domain::calendar::{REPLY_DAYS, london_date};
use crate::domain::checks::ends;
use crate::domain::decide::Setting;
use crate::domain::forecast::{Shown, moved};
use crate::domain::notice::{Audience, Notice};
use crate::domain::product::Product;
use crate::domain::waits::What;

/// How often feedback that is not answered is reminded of.
const MOST: usize = 3;
/// Calendar days before the end of evidence on which it is reminded of.
const EVIDENCE_DAYS: [u64; 2] = [60, 30];

/// After 10 working days, then every 10, at most three times. It says when the likely finish has moved since the last one,
/// or since feedback was given.
pub(super) fn unanswered(setting: &Setting<'_>, product: &Product, shown: &[Shown]) -> Vec<Planned> {
    let given = product.given(setting.catalogue, setting.today());
    let mut planned = Vec::new();
    for wait in product.waits() {
        let (What::Feedback(section), Some(by)) = (wait.what, wait.by) else { continue };
        let Some(asked_at) = product.section(section).replied_at else { continue };
        let open = product.asked(&given, section).len();
        let step = |last: &chrono::NaiveDate| setting.calendar.after(*last, REPLY_DAYS, &[]).map(|due| due.on);
        let dates: Vec<_> = std::iter::successors(Some(by), step).take(MOST + 1).collect();
        for (from, until) in dates.iter().zip(dates.iter().skip(1)) {
            let likely = moved(shown, setting.calendar.before(*from, REPLY_DAYS));
            let notice = Notice::Unanswered { section, asked_on: london_date(asked_at), open, likely };
            planned.push(Planned {
                from: *from,
                until: Some(*until),
                reminder: Reminder {
                    kind: ReminderKind::Unanswered,
                    part: section.word().to_owned(),
                    about: *from,
                    notices: vec![(Audience::Team, notice)],
                },
            });
        }
    }
    planned
}

/// 60 and 30 days before evidence runs out, also when all is assured: what was declared has to stay true.
pub(super) fn evidence(setting: &Setting<'_>, product: &Product) -> Vec<Planned> {
    let given = product.given(setting.catalogue, setting.today());
    let mut planned = Vec::new();
    for (question, _, end) in ends(&given) {
        let Some((section, _)) = setting.catalogue.find(question) else { continue };
        let starts = EVIDENCE_DAYS.map(|days| end - Days::new(days));
        let kinds = [ReminderKind::Evidence, ReminderKind::LastEvidence];
        let untils = [Some(starts[1]), Some(end)];
        for ((from, until), kind) in starts.into_iter().zip(untils).zip(kinds) {
            let notices = vec![(Audience::Team, Notice::EvidenceEnds { section, question: question.to_owned(), on: end })];
            planned.push(Planned { from, until, reminder: Reminder { kind, part: question.to_owned(), about: end, notices } });
        }
    }
    planned
}
