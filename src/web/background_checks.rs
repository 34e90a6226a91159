//! The checks before a conformance test: what to look at, what the service worked out, what was found, and confirming.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::check_view::{Card, Looked, NONE, cards, missing, note_field};
use super::ctx::{SignedIn, see_other_with};
use super::due_view::left;
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, page, unprocessable};
use super::reviews::for_team;
use super::session::said;
use crate::domain::calendar::london_date;
use crate::domain::command::Command;
use crate::domain::demonstration::checks::{Check, CheckResult};
use crate::domain::demonstration::command::{CheckEntry, DemonstrationCommand};
use crate::domain::demonstration::judge::Judge;
use crate::domain::demonstration::{DemonstrationAct, DemonstrationState};
use crate::domain::parse;
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::words::{counted, long_date, time};

/// Longest note.
const LONGEST: usize = 2_000;

#[derive(Template)]
#[template(path = "dates/checks.html")]
struct ChecksPage {
    frame: Frame,
    product: String,
    reference: String,
    organisation: String,
    address: String,
    /// "Tuesday 28 April 2026 at 10am"; empty while there is no date.
    when: String,
    holder: String,
    state: (&'static str, &'static str),
    by: String,
    left: String,
    look: &'static str,
    /// Why checks cannot be recorded now; empty when they can.
    locked: String,
    is_confirmed: bool,
    can_confirm: bool,
    can_cancel: bool,
    /// Whether the reader says how people join.
    can_invite: bool,
    /// The address at which people join, as saved or as typed.
    joining: String,
    /// What still keeps the demonstration from being confirmed.
    missing: Vec<String>,
    cards: Vec<Card>,
    /// What somebody else recorded while the form was open.
    theirs: Vec<(&'static str, String)>,
}

fn address(product: &Product) -> String {
    format!("{}/demonstration", product.address())
}

fn checks_page(me: &SignedIn, product: &Product, typed: Option<&Fields>) -> Result<ChecksPage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let judge = Judge { setting: &setting, actor: &me.actor, product };
    let test = product.demonstration();
    let date = test.date.as_ref();
    let given = product.given(setting.catalogue, me.today());
    let looked = Looked { product, given: &given, today: me.today() };
    let (left, look) = date.map_or((String::new(), "plain"), |d| left(d.checks_by, setting.calendar, me.today()));
    let is_booked = test.state == DemonstrationState::Booked;
    Ok(ChecksPage {
        frame: me.frame(format!("Background checks – {}", product.facts.name)),
        product: product.facts.name.clone(),
        reference: product.reference.clone(),
        organisation: product.organisation_name.clone(),
        address: address(product),
        when: date.map(|d| format!("{} at {}", long_date(london_date(d.starts_at)), time(d.starts_at))).unwrap_or_default(),
        holder: date.and_then(|d| d.assessor.as_ref()).map_or_else(|| "Nobody yet".to_owned(), |a| a.name.clone()),
        state: test.state.tag(),
        by: date.map(|d| long_date(d.checks_by)).unwrap_or_default(),
        left: if is_booked { left } else { String::new() },
        look,
        locked: judge.offer(DemonstrationAct::Check).err().map(|refusal| why_not(&refusal)).unwrap_or_default(),
        is_confirmed: test.state == DemonstrationState::Confirmed,
        can_confirm: judge.offer(DemonstrationAct::Confirm).is_ok(),
        can_cancel: judge.offer(DemonstrationAct::Cancel).is_ok(),
        can_invite: judge.offer(DemonstrationAct::Invite).is_ok(),
        joining: date.map(|d| d.joining.clone()).unwrap_or_default(),
        missing: if is_booked { missing(&looked) } else { Vec::new() },
        cards: cards(&looked, typed),
        theirs: Vec::new(),
    })
}

fn why_not(refusal: &Refusal) -> String {
    if *refusal == Refusal::NotYours { "Reviewers record background checks.".to_owned() } else { refusal.sentence() }
}

/// P47: the checks of a product's present test.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    ok(&checks_page(&me, &product, None)?)
}

/// What was posted about one check; `None` when it is not on the form.
fn typed(problems: &mut Problems, fields: &Fields, check: Check) -> Option<CheckEntry> {
    let word = fields.raw(check.word());
    let result = if word == NONE { None } else { Some(CheckResult::from_word(word)?) };
    let note = match result {
        Some(result @ (CheckResult::Problem | CheckResult::Waived)) => {
            let sentence = if result == CheckResult::Problem {
                "Tell the supplier what the problem is"
            } else {
                "Say why this check is waived"
            };
            let field = note_field(check, result);
            let before = problems.0.len();
            let note = problems.line(fields, &field, (sentence, LONGEST));
            for (_, sentence) in problems.0.iter_mut().skip(before) {
                *sentence = format!("{sentence}: {}", check.label());
            }
            note
        }
        Some(CheckResult::Passed | CheckResult::NotNeeded) | None => String::new(),
    };
    Some(CheckEntry { check, result, note })
}

/// Records what was found. Checks that somebody else recorded meanwhile are shown before anything is overwritten.
pub async fn save(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    let test = product.demonstration();
    let mut problems = Problems::default();
    let posted: Vec<CheckEntry> = Check::ALL.iter().filter_map(|c| typed(&mut problems, &fields, *c)).collect();
    let recorded = |check: Check| test.checks.get(&check).map(|c| (c.result, c.note.clone()));
    let is_new = |entry: &CheckEntry| recorded(entry.check) != entry.result.map(|r| (r, entry.note.clone()));
    let is_outdated = |entry: &CheckEntry| fields.raw(&format!("{}-edition", entry.check)) != test.edition_of(entry.check);
    if !problems.is_empty() {
        let mut template = checks_page(&me, &product, Some(&fields))?;
        template.frame.problems = problems.0;
        return unprocessable(&template);
    }
    let entries: Vec<CheckEntry> = posted.into_iter().filter(is_new).collect();
    let outdated: Vec<Check> = entries.iter().filter(|e| is_outdated(e)).map(|e| e.check).collect();
    if !outdated.is_empty() {
        return conflict(&me, &product, &outdated, &fields);
    }
    let before = test.problems();
    let product = me.act(&product.reference, &Command::Demonstration(DemonstrationCommand::Check(entries))).await?;
    let found = product.demonstration().problems().iter().filter(|c| !before.contains(c)).count();
    let words =
        if found == 0 { String::new() } else { format!("We’ve e-mailed the supplier about {}.", counted(found, "problem")) };
    let flash = Flash { title: "Background checks saved".to_owned(), text: words, link: None };
    Ok(see_other_with(&me, &format!("{}/checks", address(&product)), &flash))
}

/// The form with what was typed, beside what somebody else recorded meanwhile. Saving once more keeps what was typed.
fn conflict(me: &SignedIn, product: &Product, outdated: &[Check], fields: &Fields) -> Result<HttpResponse, Error> {
    let mut template = checks_page(me, product, Some(fields))?;
    let checks = &product.demonstration().checks;
    let said = |check: &Check| {
        let words = checks.get(check).map_or_else(
            || "Not done".to_owned(),
            |c| {
                let note = if c.note.is_empty() { String::new() } else { format!(" – {}", c.note) };
                format!("{} ({}){note}", c.result.label(), c.by)
            },
        );
        (check.label(), words)
    };
    template.theirs = outdated.iter().map(said).collect();
    page(StatusCode::CONFLICT, &template)
}

/// Keeps the address at which people join; an empty one takes it back.
pub async fn invite(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    let typed = fields.text("joining");
    let mut problems = Problems::default();
    let link = if typed.is_empty() { Ok(String::new()) } else { parse::url(&typed) };
    let Some(link) = problems.take("joining", link) else {
        let mut template = checks_page(&me, &product, None)?;
        template.joining = typed;
        template.frame.problems = problems.0;
        return unprocessable(&template);
    };
    let title = if link.is_empty() { "There is no joining link now" } else { "The joining link is saved" };
    me.act(&product.reference, &Command::Demonstration(DemonstrationCommand::Invite(link))).await?;
    Ok(see_other_with(&me, &format!("{}/checks", address(&product)), &said(title)))
}

/// Says that the test can be held. Saying it twice changes nothing.
pub async fn confirm(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    let address = format!("{}/checks", address(&product));
    let flash =
        Flash { title: "The demonstration is confirmed".to_owned(), text: "We’ve told the supplier.".to_owned(), link: None };
    match me.act(&product.reference, &Command::Demonstration(DemonstrationCommand::Confirm)).await {
        Ok(_) => Ok(see_other_with(&me, &address, &flash)),
        Err(Error::Refused(Refusal::Elsewhere(sentence))) if sentence == DemonstrationState::Confirmed.sentence() => {
            Ok(see_other_with(&me, &address, &flash))
        }
        Err(Error::Refused(refusal @ Refusal::Missing(_))) => {
            let product = for_team(&me, &product.reference).await?;
            let mut template = checks_page(&me, &product, None)?;
            template.frame.problems = vec![(String::new(), refusal.sentence())];
            page(StatusCode::CONFLICT, &template)
        }
        Err(error) => Err(error),
    }
}
