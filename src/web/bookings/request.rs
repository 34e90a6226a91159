//! Asking for a date when none of the free ones fits: up to three dates, each with a start time.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};

use super::{Subject, address, choice, settled};
use crate::domain::calendar::{Calendar, london_date};
use crate::domain::command::Command;
use crate::domain::demonstration::command::DemonstrationCommand;
use crate::domain::demonstration::{ASKED_DAYS, DemonstrationAct};
use crate::domain::parse::parse_date;
use crate::domain::product::Product;
use crate::domain::slot;
use crate::error::Error;
use crate::web::ctx::{SignedIn, see_other_with};
use crate::web::due_view::DueView;
use crate::web::form::{Fields, Problems};
use crate::web::frame::{Flash, Frame};
use crate::web::page::page;
use crate::web::parts::DateParts;
use crate::words::long_date;

/// Most dates that can be asked for.
const MOST: usize = 3;

/// One of the dates as it was typed.
struct Asked {
    /// Its fields are `date-1-day` and so on, and `time-1`.
    date: String,
    time: String,
    heading: String,
    parts: DateParts,
    typed: String,
}

#[derive(Template)]
#[template(path = "demonstration/request.html")]
struct RequestPage {
    frame: Frame,
    back: String,
    product_name: String,
    first_day: String,
    how: Vec<String>,
    reply_by: DueView,
    asked: Vec<Asked>,
}

fn typed(fields: &Fields, number: usize) -> Asked {
    let (date, time) = (format!("date-{number}"), format!("time-{number}"));
    let [day, month, year] = fields.date(&date);
    let heading = if number == 1 { "Date 1".to_owned() } else { format!("Date {number} (optional)") };
    Asked { parts: DateParts::new(day, month, year), typed: fields.text(&time), date, time, heading }
}

fn show(
    me: &SignedIn,
    product: &Product,
    fields: &Fields,
    (status, problems): (StatusCode, Problems),
) -> Result<HttpResponse, Error> {
    let subject = Subject::new(me, product)?;
    subject.judge().offer(DemonstrationAct::Ask)?;
    let (calendar, today) = (subject.setting.calendar, me.today());
    let due = calendar.after(today, ASKED_DAYS, &product.pauses);
    let mut template = RequestPage {
        frame: me.frame(format!("Ask for a date – {}", product.facts.name)),
        back: subject.address(),
        product_name: product.facts.name.clone(),
        first_day: long_date(calendar.earliest_test(today)),
        how: choice::working(calendar, today),
        reply_by: due.map(|d| DueView::from_start(&d, calendar, today, "If you ask today, that is")).unwrap_or_default(),
        asked: (1..=MOST).map(|number| typed(fields, number)).collect(),
    };
    template.frame.problems = problems.0;
    page(status, &template)
}

/// Asks for the dates.
pub async fn form(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    show(&me, &product, &Fields::default(), (StatusCode::OK, Problems::default()))
}

/// Keeps the dates, and says by when there is an answer.
pub async fn ask(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let (moments, problems) = read(&fields, me.app.rules.calendar(), me.now);
    if !problems.is_empty() {
        return show(&me, &product, &fields, (StatusCode::UNPROCESSABLE_ENTITY, problems));
    }
    let command = Command::Demonstration(DemonstrationCommand::Ask(moments.clone()));
    let done = me.act(&product.reference, &command).await;
    let product = settled(&me, &product.reference, done, |test| test.wish.as_ref().is_some_and(|w| w.moments == moments)).await?;
    let reply_by = product.demonstration().wish.as_ref().map(|w| long_date(w.reply_by)).unwrap_or_default();
    let flash = Flash { title: "You’ve asked for a date".to_owned(), text: format!("We’ll reply by {reply_by}."), link: None };
    Ok(see_other_with(&me, &address(&product), &flash))
}

/// The moments that were typed, in order of the form, and what is wrong with them.
fn read(fields: &Fields, calendar: &Calendar, now: DateTime<Utc>) -> (Vec<DateTime<Utc>>, Problems) {
    let (mut moments, mut problems) = (Vec::new(), Problems::default());
    for number in 1..=MOST {
        let (date, time) = (format!("date-{number}"), format!("time-{number}"));
        let is_empty = fields.date(&date).iter().all(String::is_empty) && !fields.has(&time);
        if is_empty && number > 1 {
            continue;
        }
        let before = problems.0.len();
        let read = read_one(fields, (&date, &time, number), &mut problems);
        let Some((on, at)) = read else { continue };
        let starts_at = match slot::start(on, at, calendar, now) {
            Ok(starts_at) => Some(starts_at),
            Err(faults) => {
                for (field, sentence) in faults {
                    let field = if field == "time" { time.clone() } else { format!("{date}-day") };
                    problems.add(&field, sentence);
                }
                None
            }
        };
        let first = calendar.earliest_test(london_date(now));
        if on < first && problems.0.len() == before {
            let sentence = format!("Choose a date on or after {}. We need 2 weeks’ notice", long_date(first));
            problems.add(&format!("{date}-day"), sentence);
        } else if let Some(starts_at) = starts_at {
            if moments.contains(&starts_at) {
                problems.add(&format!("{date}-day"), "Choose a date and time that you have not given yet");
            }
            moments.push(starts_at);
        }
    }
    (moments, problems)
}

/// A date and a time, when both can be read.
fn read_one(
    fields: &Fields,
    (date, time, number): (&str, &str, usize),
    problems: &mut Problems,
) -> Option<(chrono::NaiveDate, chrono::NaiveTime)> {
    let on = parse_date(&format!("Date {number}"), &fields.date(date))
        .and_then(|on| on.ok_or_else(|| format!("Enter date {number}, or leave its start time empty")));
    let on = on.map_err(|sentence| if number == 1 && sentence.starts_with("Enter") { "Enter a date".to_owned() } else { sentence });
    let on = problems.take(&format!("{date}-day"), on);
    let at = problems.take(time, slot::parse_time(&fields.text(time)));
    on.zip(at)
}
