//! What moves when a product goes on after a hold: promises stood still, so what was left of them is counted from the day it ended.

use chrono::NaiveDate;

use super::agreement::Agreement;
use super::command::{Change, Told};
use super::decide::Setting;
use super::demonstration::Demonstration;
use super::event::{Detail, EventKind};
use super::product::Product;

/// The changes by which the dates of the demonstration and of the agreement move. Sections have their own.
#[must_use]
pub fn moved(setting: &Setting<'_>, product: &Product) -> Vec<Change> {
    let Some(pause) = product.pauses.iter().find(|p| p.until.is_none()) else { return Vec::new() };
    let later = |date: NaiveDate| setting.calendar.resumed(date, pause.from, setting.today());
    let told = |by: Option<NaiveDate>| Told { kind: EventKind::DatesMoved, detail: Detail { reply_by: by, ..Detail::default() } };
    let mut changes = Vec::new();
    let test = with_later_dates(product.demonstration(), &later);
    if test != *product.demonstration() {
        let by = test.outcome.as_ref().and_then(|o| o.certificate_by).or_else(|| test.wish.as_ref().map(|w| w.reply_by));
        changes.push(Change::Demonstrated(Box::new(test), told(by)));
    }
    let agreement = agreement_with_later_dates(product.agreement(), &later);
    if agreement != *product.agreement() {
        let by = agreement.issue_by.or_else(|| agreement.issue.as_ref().map(|i| i.sign_by));
        changes.push(Change::Agreed(Box::new(agreement), told(by)));
    }
    changes
}

/// The date of the test itself is agreed between people and stays.
fn with_later_dates(test: &Demonstration, later: &dyn Fn(NaiveDate) -> NaiveDate) -> Demonstration {
    let mut test = test.clone();
    if let Some(wish) = &mut test.wish {
        wish.reply_by = later(wish.reply_by);
    }
    if let Some(outcome) = &mut test.outcome {
        outcome.certificate_by = outcome.certificate_by.map(later);
    }
    test
}

fn agreement_with_later_dates(agreement: &Agreement, later: &dyn Fn(NaiveDate) -> NaiveDate) -> Agreement {
    let mut agreement = agreement.clone();
    agreement.issue_by = agreement.issue_by.map(later);
    if let Some(issue) = &mut agreement.issue {
        issue.sign_by = later(issue.sign_by);
    }
    if let Some(signed) = &mut agreement.signed {
        signed.check_by = later(signed.check_by);
    }
    agreement
}
