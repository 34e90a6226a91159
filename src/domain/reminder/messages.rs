//! Messages that wait for the assurance team: reminded of on the working day before, and owned up to on the morning after.

use super::promises::{MOST, dates};
use super::{Planned, Reminder, ReminderKind};
use crate::domain::decide::Setting;
use crate::domain::notice::{Audience, News, Notice};
use crate::domain::product::Product;
use crate::domain::thread::Thread;

/// The reminders of all threads; a hold does not stop them.
pub(super) fn of_threads(setting: &Setting<'_>, product: &Product) -> Vec<Planned> {
    product.threads.iter().flat_map(|thread| of_thread(setting, thread)).collect()
}

fn of_thread(setting: &Setting<'_>, thread: &Thread) -> Vec<Planned> {
    let Some(by) = thread.reply_by else { return Vec::new() };
    let calendar = setting.calendar;
    let id = thread.id;
    let notice = |news| Notice::Message { thread: id, subject: thread.subject.clone(), news };
    let plan = |kind, about, (from, until), notices| Planned {
        from,
        until,
        reminder: Reminder { kind, part: format!("message {id}"), about, notices },
    };
    let days = (calendar.before(by, 1), by.succ_opt());
    let mut planned = vec![plan(ReminderKind::Tomorrow, by, days, vec![(Audience::Managers, notice(News::Due { by }))])];
    let morning = |missed| calendar.after(missed, 1, &[]).map(|due| due.on);
    let all: Vec<_> = dates(calendar, by).take(MOST as usize + 1).collect();
    for (missed, again) in all.iter().zip(all.iter().skip(1)) {
        let Some(from) = morning(*missed) else { continue };
        let overdue = (Audience::Managers, notice(News::Overdue { by, again: *again }));
        let notices = vec![overdue, (Audience::Team, notice(News::Late { by, again: *again }))];
        planned.push(plan(ReminderKind::Late, *missed, (from, morning(*again)), notices));
    }
    planned
}
