//! Lines about messages that wait for an answer: they stand below what the product waits for.

use super::super::ctx::SignedIn;
use super::super::due_view::DueView;
use super::Line;
use crate::domain::decide::Setting;
use crate::domain::product::Product;
use crate::domain::reminder::promises::expected_again;
use crate::domain::section::Turn;
use crate::domain::thread::{Judge, Side, Thread};
use crate::words::{counted, long_date};

/// Threads that are named one by one.
const EACH: usize = 3;

/// A line for each thread that waits, the promised first; more than a few are counted.
pub fn lines(me: &SignedIn, setting: &Setting<'_>, product: &Product) -> Vec<Line> {
    let judge = Judge { setting, actor: &me.actor, product };
    let mut open: Vec<&Thread> = product.threads.iter().filter(|t| t.state.turn() != Turn::Nobody).collect();
    open.sort_by_key(|t| (t.reply_by.is_none(), t.reply_by));
    let mut lines: Vec<Line> = open.iter().take(EACH).map(|t| line(&judge, t)).collect();
    if open.len() > EACH {
        let text = format!("{} wait for an answer.", counted(open.len(), "message"));
        let button = Some((format!("{}/messages", product.address()), "See all messages".to_owned()));
        lines.push(Line { lead: "In all:".to_owned(), text, button, ..Line::default() });
    }
    lines
}

fn line(judge: &Judge<'_>, thread: &Thread) -> Line {
    let (setting, subject) = (judge.setting, &thread.subject);
    let is_ours = judge.side() == Side::Supplier;
    let (lead, text) = match (is_ours, thread.state.turn()) {
        (true, Turn::Team) => ("Your message:", format!("we answer “{subject}” by")),
        (true, Turn::Supplier | Turn::Nobody) => ("We asked you:", format!("“{subject}” waits for your answer.")),
        (false, Turn::Team) => ("A message for us:", format!("“{subject}” is to be answered by")),
        (false, Turn::Supplier | Turn::Nobody) => ("We asked:", format!("“{subject}” waits for the supplier.")),
    };
    let again = thread.reply_by.and_then(|by| expected_again(setting.calendar, by, setting.today()));
    let more = match (again, is_ours) {
        (None, _) => String::new(),
        (Some(date), true) => {
            format!("We have not kept to this date. We’re sorry. We now expect to answer by {}.", long_date(date))
        }
        (Some(_), false) => "This is overdue.".to_owned(),
    };
    let due = thread.due(setting.calendar);
    Line {
        lead: lead.to_owned(),
        text,
        date: thread.reply_by.map(long_date).unwrap_or_default(),
        more,
        button: Some((format!("{}/messages/{}", judge.product.address(), thread.id), format!("Read “{subject}”"))),
        how: due
            .map(|d| DueView::from_start(&d, setting.calendar, setting.today(), "This was written on").sentences)
            .unwrap_or_default(),
    }
}
