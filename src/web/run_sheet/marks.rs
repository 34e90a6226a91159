//! Marks of the run sheet on their way in: a whole form, or single lines that the page's script sends as they are made.

use actix_web::http::StatusCode;
use actix_web::http::header::ACCEPT;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::lines::{Overlay, Sheet, TypedLine, name, said};
use super::{address, files, sheet_page};
use crate::domain::command::Command;
use crate::domain::demonstration::command::{DemonstrationCommand, MarkEntry};
use crate::domain::demonstration::sheet::{Area, LINES, Line, MarkResult};
use crate::domain::parse::secret_in;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::web::ctx::{SignedIn, see_other};
use crate::web::form::{Fields, Problems};
use crate::web::page::unprocessable;
use crate::web::parts::thousands;
use crate::web::reviews::for_team;

/// Longest note, in characters.
const LONGEST: usize = 1000;
/// A browser's clock that differs by more than this is wrong, and its times are put right.
const CLOCK_MINUTES: i64 = 2;
/// How often marks are tried when somebody else changes the same product at the same moment.
const TRIES: usize = 6;

/// One line as it was posted.
struct PostedLine {
    line: &'static Line,
    typed: TypedLine,
    result: Option<MarkResult>,
    at: Option<DateTime<Utc>>,
}

/// What came of marks.
struct Saved {
    product: Product,
    problems: Problems,
    /// The lines that somebody else marked meanwhile.
    outdated: Vec<String>,
}

/// What the script reads of one line.
#[derive(Serialize)]
struct LineReply {
    line: &'static str,
    said: String,
    was: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    problem: String,
}

/// What the script reads.
#[derive(Serialize, Default)]
struct Reply {
    lines: Vec<LineReply>,
    progress: String,
    /// Why nothing at all was saved.
    problem: String,
}

/// Saves marks: all lines of the form, or those that were sent.
pub async fn save(me: SignedIn, path: Path<String>, req: HttpRequest, fields: Fields) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    let is_script = req.headers().get(ACCEPT).is_some_and(|v| v.as_bytes() == b"application/json");
    let posted = read(&fields, me.now);
    let is_other_test = fields.has("attempt") && fields.text("attempt") != product.demonstration().attempt.to_string();
    let saved = if is_other_test {
        Err(Refusal::Elsewhere("This is the run sheet of an earlier test.").into())
    } else {
        keep(&me, &product, &posted).await
    };
    match saved {
        Ok(saved) if is_script => Ok(told(&me, &saved, &posted)?),
        Ok(saved) => shown(&me, &saved, &posted, &fields),
        Err(Error::Refused(refusal)) if is_script => {
            let status = if refusal == Refusal::NotYours { StatusCode::FORBIDDEN } else { StatusCode::CONFLICT };
            Ok(HttpResponse::build(status).json(Reply { problem: refusal.sentence(), ..Reply::default() }))
        }
        Err(error) => Err(error),
    }
}

/// The lines that a form speaks of: those whose edition it carries.
fn read(fields: &Fields, now: DateTime<Utc>) -> Vec<PostedLine> {
    let moment = |name: &str| DateTime::parse_from_rfc3339(fields.raw(name)).ok().map(|at| at.with_timezone(&Utc));
    let sent = moment("sent");
    let is_posted = |line: &&Line| !fields.all(&format!("was-{}", line.id)).is_empty();
    let posted = |line: &'static Line| {
        let text = |part: &str| fields.text(&format!("{part}-{}", line.id));
        let typed = TypedLine { mark: text("mark"), note: text("note"), was: text("was") };
        let at = moment(&format!("at-{}", line.id)).map(|at| put_right(at, sent, now));
        PostedLine { line, result: MarkResult::from_word(&typed.mark), typed, at }
    };
    LINES.iter().filter(is_posted).map(posted).collect()
}

/// A time of the browser's clock by ours, if the browser's is wrong; small differences are the time on the way.
fn put_right(at: DateTime<Utc>, sent: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    let difference = sent.map_or(TimeDelta::zero(), |sent| now - sent);
    let is_wrong = difference.abs() > TimeDelta::minutes(CLOCK_MINUTES);
    if is_wrong { at.checked_add_signed(difference).unwrap_or(now) } else { at }
}

/// What is wrong with a line by itself.
fn check(posted: &PostedLine, problems: &mut Problems) {
    let (id, name) = (posted.line.id, name(posted.line.id));
    let (note, length) = (&posted.typed.note, posted.typed.note.chars().count());
    if posted.result.is_none() && !(posted.typed.mark.is_empty() && note.is_empty()) {
        problems.add(&format!("mark-{id}"), format!("Select a result for line {name}"));
    }
    if length > LONGEST {
        let most = thousands(&LONGEST);
        let sentence = format!("Note on line {name} must be {most} characters or less. You have {} too many", length - LONGEST);
        problems.add(&format!("note-{id}"), sentence);
    } else if secret_in(note).is_some() {
        let sentence = format!("Note on line {name} looks like a key or a token. Remove it: the line has not been saved");
        problems.add(&format!("note-{id}"), sentence);
    }
}

fn is_about(field: &str, line: &Line) -> bool {
    field.split_once('-').is_some_and(|(_, id)| id == line.id)
}

/// Saves every line that can be saved, and says what is wrong with the others.
async fn keep(me: &SignedIn, product: &Product, posted: &[PostedLine]) -> Result<Saved, Error> {
    let mut problems = Problems::default();
    for line in posted {
        check(line, &mut problems);
    }
    let is_fine = |p: &&PostedLine| p.result.is_some() && !problems.0.iter().any(|(field, _)| is_about(field, p.line));
    let mut entries: Vec<MarkEntry> = posted.iter().filter(is_fine).map(entry).collect();
    let mut outdated = Vec::new();
    let mut tries = TRIES;
    loop {
        tries -= 1;
        let command = Command::Demonstration(DemonstrationCommand::Mark(entries.clone()));
        match me.act(&product.reference, &command).await {
            Ok(product) => {
                add_outdated(&product, &outdated, &mut problems);
                return Ok(Saved { product, problems, outdated });
            }
            Err(Error::Refused(Refusal::Outdated(lines))) if tries > 0 => {
                entries.retain(|e| !lines.contains(&e.line));
                outdated.extend(lines);
            }
            Err(Error::Stale) if tries > 0 => {}
            Err(error) => return Err(error),
        }
    }
}

fn entry(posted: &PostedLine) -> MarkEntry {
    MarkEntry {
        line: posted.line.id.to_owned(),
        result: posted.result,
        note: posted.typed.note.clone(),
        at: posted.at,
        was: Some(posted.typed.was.clone()),
    }
}

fn add_outdated(product: &Product, outdated: &[String], problems: &mut Problems) {
    let test = product.demonstration();
    for line in outdated.iter().filter_map(|id| Line::find(id)) {
        let theirs = test.marks.get(line.id).map_or_else(
            || "it has no mark".to_owned(),
            |mark| {
                let note = if mark.note.is_empty() { String::new() } else { format!(", with the note “{}”", mark.note) };
                format!("it is {}{note}", said(mark, test))
            },
        );
        let sentence = format!("Line {} has changed while you had it open: {theirs}. Mark it again to keep yours", name(line.id));
        problems.add(&format!("mark-{}", line.id), sentence);
    }
}

/// The answer to the script: each line as it is saved now.
fn told(me: &SignedIn, saved: &Saved, posted: &[PostedLine]) -> Result<HttpResponse, Error> {
    let test = saved.product.demonstration();
    let setting = me.app.rules.setting(&saved.product, me.now)?;
    let line = |p: &PostedLine| LineReply {
        line: p.line.id,
        said: test.marks.get(p.line.id).map(|mark| said(mark, test)).unwrap_or_default(),
        was: test.mark_edition(p.line.id),
        problem: saved.problems.0.iter().find(|(field, _)| is_about(field, p.line)).map(|(_, s)| s.clone()).unwrap_or_default(),
    };
    let progress = Sheet::new((&saved.product, test), &saved.product.given(setting.catalogue, me.today())).progress();
    Ok(HttpResponse::Ok().json(Reply { lines: posted.iter().map(line).collect(), progress, problem: String::new() }))
}

/// The answer to a form: back to the line that was marked last, on to the files of a line, or the form with what is wrong.
fn shown(me: &SignedIn, saved: &Saved, posted: &[PostedLine], fields: &Fields) -> Result<HttpResponse, Error> {
    if saved.problems.is_empty() {
        let test = saved.product.demonstration();
        if let Some(line) = Line::find(fields.raw("files")) {
            return Ok(see_other(&files::at(&saved.product, line.id)));
        }
        let is_changed = |p: &&PostedLine| p.typed.was != test.mark_edition(p.line.id);
        let area = Area::from_word(fields.raw("area")).map_or_else(|| "lines".to_owned(), |area| area.word().to_owned());
        let anchor = posted.iter().rev().find(is_changed).map_or(area, |p| format!("line-{}", p.line.id));
        return Ok(see_other(&format!("{}/run-sheet#{anchor}", address(&saved.product))));
    }
    let is_wrong = |p: &&PostedLine| saved.problems.0.iter().any(|(field, _)| is_about(field, p.line));
    let again = |p: &PostedLine| {
        let is_outdated = saved.outdated.iter().any(|id| id == p.line.id);
        // Saving once more keeps what was typed, now that the other mark has been read.
        let was = if is_outdated { saved.product.demonstration().mark_edition(p.line.id) } else { p.typed.was.clone() };
        (p.line.id, TypedLine { was, ..p.typed.clone() })
    };
    let typed: Overlay = posted.iter().filter(is_wrong).map(again).collect();
    let mut template = sheet_page(me, &saved.product, (None, &typed))?;
    template.frame.problems.clone_from(&saved.problems.0);
    unprocessable(&template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_in_the_browser_is_put_right() {
        let now: DateTime<Utc> = "2026-04-21T09:30:00Z".parse().unwrap_or_default();
        let ago = |minutes: i64| now - TimeDelta::minutes(minutes);
        assert_eq!(put_right(ago(10), None, now), ago(10));
        assert_eq!(put_right(ago(10), Some(ago(1)), now), ago(10), "a minute on the way");
        assert_eq!(put_right(ago(70), Some(ago(60)), now), ago(10), "an hour slow");
        assert_eq!(put_right(ago(-50), Some(ago(-60)), now), ago(10), "an hour fast");
    }
}
