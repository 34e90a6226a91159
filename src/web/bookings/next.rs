//! "What happens next" on the page of a test: whose turn it is, by when, and the one thing to do.

use chrono::{DateTime, NaiveDate, Utc};

use super::view::at;
use super::{Subject, moment};
use crate::domain::calendar::london_date;
use crate::domain::catalogue::{Section, Stage};
use crate::domain::demonstration::{ASKED_DAYS, CHECK_DAYS, Date, DemonstrationAct, DemonstrationState, FACTS_DAYS};
use crate::domain::section::ProductState;
use crate::error::Error;
use crate::web::due_view::DueView;
use crate::web::next::{Line, Next};
use crate::web::place::texts;
use crate::words::{counted, listed, long_date, time};

type Button = Option<(String, String)>;

/// What happens next. `first_free` is the first date that can be booked, where the reader may book.
pub(super) fn next(subject: &Subject<'_>, first_free: Option<DateTime<Utc>>) -> Result<Next, Error> {
    let record = subject.test();
    match subject.product.state {
        ProductState::Active => {}
        ProductState::OnHold => return Ok(quiet("This product is on hold.", "Nothing about the demonstration can change now.")),
        ProductState::Withdrawn => return Ok(quiet("This product has been withdrawn.", "There will be no demonstration.")),
    }
    let is_over = |date: &Date| london_date(date.starts_at) < subject.setting.today();
    Ok(match (record.state, &record.date) {
        (DemonstrationState::Asked, _) => asked(subject),
        (DemonstrationState::Booked | DemonstrationState::Confirmed, Some(date)) if is_over(date) => over(subject, date),
        (DemonstrationState::Booked, Some(date)) => booked(subject, date),
        (DemonstrationState::Confirmed, Some(date)) => confirmed(subject, date),
        (DemonstrationState::UnderWay, _) => under_way(subject),
        (DemonstrationState::Passed, _) => passed(subject),
        (
            DemonstrationState::NotBooked
            | DemonstrationState::NotPassed
            | DemonstrationState::NotHeld
            | DemonstrationState::Booked
            | DemonstrationState::Confirmed,
            _,
        ) => to_book(subject, first_free)?,
    })
}

fn quiet(lead: &'static str, text: &str) -> Next {
    Next { edge: "quiet", lines: vec![Line { lead: lead.to_owned(), text: text.to_owned(), ..Line::default() }] }
}

/// The words of a turn, and the edge of the box, for the supplier's turn.
fn theirs(subject: &Subject<'_>) -> (&'static str, &'static str) {
    if subject.is_ours() { ("It’s your turn.", "") } else { ("It’s the supplier’s turn.", "quiet") }
}

fn button(subject: &Subject<'_>, act: DemonstrationAct, path: &str, words: &str) -> Button {
    subject.offers(act).then(|| (at(subject.product, path), words.to_owned()))
}

/// How a number of working days before the test was counted.
fn days_before(date: &Date, days: u32, by: NaiveDate) -> Vec<String> {
    let days = counted(usize::try_from(days).unwrap_or_default(), "working day");
    vec![
        format!("The demonstration is on {}.", long_date(london_date(date.starts_at))),
        format!("We count {days} back, starting the day before: {}.", long_date(by)),
        "We do not count weekends or bank holidays.".to_owned(),
    ]
}

/// There is no date: why booking is not open yet, or the way to book.
fn to_book(subject: &Subject<'_>, first_free: Option<DateTime<Utc>>) -> Result<Next, Error> {
    let product = subject.product;
    if !product.is_booking_open() {
        return closed(subject);
    }
    let record = subject.test();
    let (lead, edge) = theirs(subject);
    let before = match (record.state, record.given_back) {
        (DemonstrationState::NotPassed, _) => "The conformance test was not passed. Another demonstration is needed.".to_owned(),
        (DemonstrationState::NotHeld, _) => "The demonstration did not take place. Another date is needed.".to_owned(),
        (_, Some(at)) => format!("The demonstration on {} was cancelled.", moment(at)),
        (_, None) if subject.is_ours() => "You have not booked a demonstration.".to_owned(),
        (_, None) => "No demonstration is booked.".to_owned(),
    };
    let may_book = subject.offers(DemonstrationAct::Book);
    let first = match first_free {
        Some(first) => format!(" The first free date is {}.", long_date(london_date(first))),
        None if may_book => " There are no free dates now.".to_owned(),
        None => String::new(),
    };
    let button = match first_free {
        Some(_) => button(subject, DemonstrationAct::Book, "book", "Choose a date"),
        None => button(subject, DemonstrationAct::Ask, "request", "Ask us for a date"),
    };
    let mut lines =
        vec![Line { lead: lead.to_owned(), text: format!("{before} It takes about 2 hours.{first}"), button, ..Line::default() }];
    if !record.remark.is_empty() {
        lines.push(Line { lead: "Why there is no date:".to_owned(), text: record.remark.clone(), ..Line::default() });
    }
    if first_free.is_some() {
        let button = self::button(subject, DemonstrationAct::Ask, "request", "Ask us for another date");
        let text = "You can tell us up to 3 dates that would suit you.".to_owned();
        lines.push(Line { lead: "None of the dates fits?".to_owned(), text, button, ..Line::default() });
    }
    Ok(Next { edge, lines })
}

/// Booking is not open: each thing that is missing, with the way to it.
fn closed(subject: &Subject<'_>) -> Result<Next, Error> {
    let product = subject.product;
    let is_ours = subject.is_ours();
    let unsent = |s: &&Section| s.stage() == Stage::Technical && product.section(**s).round == 0;
    let mut lines = Vec::new();
    let lead = if is_ours { "You cannot book a demonstration yet." } else { "A demonstration cannot be booked yet." };
    let text = "First we need both technical sections, and a build that works in the INT environment. The sections do not have to be accepted.";
    lines.push(Line { lead: lead.to_owned(), text: text.to_owned(), ..Line::default() });
    for section in Section::ALL.iter().filter(unsent) {
        let short = &texts(subject.setting.catalogue, *section)?.short;
        let words = if is_ours { format!("Go to {short}") } else { format!("See {short}") };
        lines.push(Line {
            lead: "Not sent yet:".to_owned(),
            text: format!("{short}."),
            button: Some((format!("{}/sections/{section}", product.address()), words)),
            ..Line::default()
        });
    }
    if product.facts.int_working != Some(true) {
        lines.push(Line {
            lead: "Not said yet:".to_owned(),
            text: "that the product works in the INT environment.".to_owned(),
            button: is_ours.then(|| (format!("{}/connection", product.address()), "Say how it connects".to_owned())),
            ..Line::default()
        });
    }
    Ok(Next { edge: "quiet", lines })
}

fn asked(subject: &Subject<'_>) -> Next {
    let Some(wish) = &subject.test().wish else { return quiet("A date was asked for.", "") };
    let due = subject.setting.calendar.after(wish.asked_on, ASKED_DAYS, &subject.product.pauses);
    let (calendar, today) = (subject.setting.calendar, subject.setting.today());
    let start = if subject.is_ours() { "You asked for a date on" } else { "The supplier asked for a date on" };
    let how = due.filter(|d| d.on == wish.reply_by).map(|d| DueView::from_start(&d, calendar, today, start).sentences);
    let moments = listed(&wish.moments.iter().map(|at| moment(*at)).collect::<Vec<_>>()).replace(" and ", " or ");
    let (text, late) = if subject.is_ours() {
        (format!("you asked for {moments}. We’ll reply by"), "We have not replied on time. We’re sorry.")
    } else {
        (format!("the supplier asked for {moments}. Reply by"), "This answer is overdue.")
    };
    let more = if wish.reply_by < today { late.to_owned() } else { String::new() };
    let date = long_date(wish.reply_by);
    let answer = button(subject, DemonstrationAct::Agree, "wish", "Answer the supplier");
    let mut lines =
        vec![Line { lead: "It’s our turn:".to_owned(), text, date, more, button: answer, how: how.unwrap_or_default() }];
    for (act, lead, path, words) in [
        (DemonstrationAct::Book, "You do not have to wait:", "book", "Choose one of the free dates instead"),
        (DemonstrationAct::Cancel, "Changed your mind?", "cancellation", "Take back what you asked for"),
    ] {
        if let Some(button) = button(subject, act, path, words) {
            lines.push(Line { lead: lead.to_owned(), button: Some(button), ..Line::default() });
        }
    }
    Next { edge: "us", lines }
}

fn booked(subject: &Subject<'_>, date: &Date) -> Next {
    let record = subject.test();
    let (lead, edge) = theirs(subject);
    let on = moment(date.starts_at);
    let describe = |words| button(subject, DemonstrationAct::Describe, "details", words);
    let problems: Vec<String> = record.problems().iter().map(|c| c.label().to_owned()).collect();
    let mut lines = Vec::new();
    if !problems.is_empty() {
        let text = format!("A background check found a problem: {}. Read the note below. Put it right by", listed(&problems));
        let how = days_before(date, CHECK_DAYS, date.checks_by);
        let button = describe("Change the details");
        lines.push(Line { lead: lead.to_owned(), text, date: long_date(date.checks_by), button, how, ..Line::default() });
    }
    if record.lacks > 0 {
        let number = counted(usize::try_from(record.lacks).unwrap_or_default(), "detail");
        let (lead, text) = if lines.is_empty() {
            (lead, format!("The demonstration is on {on}. We need {number} more by"))
        } else {
            ("Details are missing, too.", format!("We need {number} more by"))
        };
        let how = days_before(date, FACTS_DAYS, date.facts_by);
        let is_late = date.facts_by < subject.setting.today();
        let more = if is_late { "This date has passed. Without the details we may have to move the demonstration." } else { "" };
        let (date, button, more) = (long_date(date.facts_by), describe("Add details"), more.to_owned());
        lines.push(Line { lead: lead.to_owned(), text, date, more, button, how });
    }
    if lines.is_empty() {
        let text = format!("we do the background checks for the demonstration on {on}. We’ll finish them by");
        let button = button(subject, DemonstrationAct::Check, "checks", "Record the background checks");
        let how = days_before(date, CHECK_DAYS, date.checks_by);
        let line =
            Line { lead: "It’s our turn:".to_owned(), text, date: long_date(date.checks_by), button, how, ..Line::default() };
        return Next { edge: "us", lines: vec![line] };
    }
    if let Some(button) = button(subject, DemonstrationAct::Check, "checks", "Record the background checks") {
        lines.push(Line {
            lead: "You can already work on:".to_owned(),
            text: "the background checks.".to_owned(),
            button: Some(button),
            ..Line::default()
        });
    }
    Next { edge, lines }
}

fn confirmed(subject: &Subject<'_>, date: &Date) -> Next {
    let on = london_date(date.starts_at);
    let button = button(subject, DemonstrationAct::Start, "run-sheet", "Open the run sheet");
    let line = if on > subject.setting.today() {
        let (lead, text) = ("The demonstration is confirmed.", "Nobody needs to do anything until".to_owned());
        Line { lead: lead.to_owned(), text, date: long_date(on), button, ..Line::default() }
    } else {
        let text = format!("It begins at {}.", time(date.starts_at));
        let join = || (date.joining.clone(), "Join the demonstration".to_owned());
        let button = button.or_else(|| (!date.joining.is_empty()).then(join));
        Line { lead: "The demonstration is today.".to_owned(), text, button, ..Line::default() }
    };
    Next { edge: "done", lines: vec![line] }
}

/// The date is over, and nothing was recorded.
fn over(subject: &Subject<'_>, date: &Date) -> Next {
    let on = long_date(london_date(date.starts_at));
    let text = format!("the date of the demonstration, {on}, is over. We have to say what came of it.");
    let button = button(subject, DemonstrationAct::NotHold, "run-sheet", "Open the run sheet");
    Next { edge: "us", lines: vec![Line { lead: "It’s our turn:".to_owned(), text, button, ..Line::default() }] }
}

fn under_way(subject: &Subject<'_>) -> Next {
    let button = button(subject, DemonstrationAct::Mark, "run-sheet", "Open the run sheet");
    let text = "we record what is shown. The result will be here.".to_owned();
    Next { edge: "us", lines: vec![Line { lead: "The demonstration is under way:".to_owned(), text, button, ..Line::default() }] }
}

fn passed(subject: &Subject<'_>) -> Next {
    let record = subject.test();
    let open = record.open_observations();
    let promised = record.outcome.as_ref().and_then(|o| o.certificate_by);
    let lead = "The conformance test is passed.";
    let mut lines = match promised.filter(|_| subject.product.certificates.is_empty()) {
        Some(by) => {
            let text = if subject.is_ours() { "We’ll issue the certificate by" } else { "The certificate is promised by" };
            let is_ready = subject.product.is_stage_accepted(Stage::Technical);
            let more = if is_ready { "" } else { "It needs technical conformance to be accepted." };
            vec![Line {
                lead: lead.to_owned(),
                text: text.to_owned(),
                date: long_date(by),
                more: more.to_owned(),
                ..Line::default()
            }]
        }
        None => vec![Line { lead: lead.to_owned(), text: "There is nothing more to demonstrate.".to_owned(), ..Line::default() }],
    };
    if open > 0 {
        let text = format!("{} to put right. The certificate does not wait for it.", counted(open, "observation"));
        lines.push(Line { lead: "There is still".to_owned(), text, ..Line::default() });
    }
    Next { edge: "done", lines }
}
