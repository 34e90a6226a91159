//! The test itself: the run sheet, its outcome, and observations afterwards.

pub mod afterwards;
pub mod files;
pub mod lines;
pub mod marks;
pub mod outcome;

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use self::lines::{AreaView, Overlay, Sheet};
use super::ctx::{SignedIn, see_other, see_other_with};
use super::form::Fields;
use super::frame::{Flash, Frame};
use super::page::ok;
use super::reviews::for_team;
use crate::domain::calendar::london_date;
use crate::domain::command::Command;
use crate::domain::demonstration::command::DemonstrationCommand;
use crate::domain::demonstration::facts::Fact;
use crate::domain::demonstration::judge::Judge;
use crate::domain::demonstration::{Demonstration, DemonstrationAct, DemonstrationState};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::words::{counted, date_time, long_date, time};

/// Which of several tests of a product.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SheetQuery {
    attempt: Option<u32>,
}

/// A group of facts above the sheet.
struct Group {
    heading: &'static str,
    rows: Vec<(&'static str, String)>,
}

/// Where the day stands, in words, and what can be done.
struct Day {
    /// When the test is, and how it stands.
    sentence: String,
    /// Why it cannot be started, where somebody would look for the button.
    why_not: String,
    can_start: bool,
    can_mark: bool,
    can_end: bool,
    /// What can be done after a passed test: the end of the address, and words.
    afterwards: Vec<(&'static str, &'static str)>,
    /// Why lines of a test that is being held cannot be marked.
    why_no_marks: String,
    /// For the script, while the test is held: when it began.
    since: String,
    elapsed: String,
}

#[derive(Template)]
#[template(path = "run_sheet/show.html")]
struct SheetPage {
    frame: Frame,
    address: String,
    product_name: String,
    reference: String,
    organisation: String,
    /// What the script keeps unsent marks under: product, test and person.
    key: String,
    attempt: u32,
    tag: (&'static str, &'static str),
    day: Day,
    groups: Vec<Group>,
    progress: String,
    areas: Vec<AreaView>,
    earlier: Vec<u32>,
}

/// The address of the pages of a test.
#[must_use]
pub fn address(product: &Product) -> String {
    format!("{}/demonstration", product.address())
}

/// P48: the run sheet, before, during and after the test.
pub async fn show(me: SignedIn, path: Path<String>, query: Query<SheetQuery>) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    ok(&sheet_page(&me, &product, (query.attempt, &Overlay::default()))?)
}

/// The test with this number, or the present one.
fn test_of(product: &Product, attempt: Option<u32>) -> Result<&Demonstration, Error> {
    let present = product.demonstration();
    match attempt {
        Some(number) if number != present.attempt => {
            product.demonstrations.iter().find(|d| d.attempt == number).ok_or(Error::NotFound)
        }
        _ => Ok(present),
    }
}

fn sheet_page(me: &SignedIn, product: &Product, (attempt, typed): (Option<u32>, &Overlay)) -> Result<SheetPage, Error> {
    let test = test_of(product, attempt)?;
    let setting = me.app.rules.setting(product, me.now)?;
    let sheet = Sheet::new((product, test), &product.given(setting.catalogue, me.today()));
    let is_present = test.attempt == product.demonstration().attempt;
    let day = day(me, product, (test, is_present), &Judge { setting: &setting, actor: &me.actor, product });
    let mut frame = me.frame(format!("Run sheet – {}", product.facts.name));
    frame.script = "run-sheet.js";
    let earlier = product.demonstrations.iter().map(|d| d.attempt).filter(|number| *number != test.attempt).collect();
    Ok(SheetPage {
        frame,
        address: address(product),
        product_name: product.facts.name.clone(),
        reference: product.reference.clone(),
        organisation: product.organisation_name.clone(),
        key: format!("{}/{}/{}", product.reference.to_lowercase(), test.attempt, me.actor.person()),
        attempt: test.attempt,
        tag: test.state.tag(),
        day,
        groups: groups(test),
        progress: sheet.progress(),
        areas: sheet.areas(typed),
        earlier,
    })
}

/// What is at the top: who is there, where they are, and who signs in how.
fn groups(test: &Demonstration) -> Vec<Group> {
    let group = |heading, facts: &[Fact]| {
        let said = facts.iter().map(|fact| (fact.label().trim_end_matches(" (optional)"), test.facts.shown(*fact)));
        Group { heading, rows: said.filter(|(_, text)| !text.is_empty()).collect() }
    };
    let mut groups = vec![
        group("Who is there", &[Fact::ContactName, Fact::ContactPhone, Fact::ContactEmail, Fact::DeveloperOnHand, Fact::Attendees]),
        group(
            "What is tested",
            &[Fact::ProductVersion, Fact::TestUrl, Fact::IntClientId, Fact::UserDeviceIp, Fact::ServerIp, Fact::ChangesSince],
        ),
        group("Who signs in, and how", &[Fact::UserUuid, Fact::SecondUserUuid, Fact::Authenticator, Fact::Network, Fact::Device]),
    ];
    if let Some(first) = groups.first_mut()
        && let Some(assessor) = test.date.as_ref().and_then(|d| d.assessor.as_ref())
    {
        first.rows.insert(0, ("Assessor", assessor.name.clone()));
    }
    let joining = test.date.as_ref().map(|d| d.joining.clone()).filter(|link| !link.is_empty());
    if let (Some(first), Some(link)) = (groups.first_mut(), joining) {
        first.rows.push(("Joining link", link));
    }
    groups.retain(|g| !g.rows.is_empty());
    groups
}

fn why_no_marks(judge: &Judge<'_>) -> String {
    match judge.offer(DemonstrationAct::Mark) {
        Ok(()) => String::new(),
        Err(Refusal::NotYours) => "Only reviewers mark lines. You can follow the test here.".to_owned(),
        Err(other) => other.sentence(),
    }
}

fn day(me: &SignedIn, product: &Product, (test, is_present): (&Demonstration, bool), judge: &Judge<'_>) -> Day {
    let offers = |act| is_present && judge.offer(act).is_ok();
    let is_under_way = is_present && test.state == DemonstrationState::UnderWay;
    let began = test.started_at.filter(|_| is_under_way);
    Day {
        sentence: sentence(product, test),
        why_not: if is_present { why_not(judge, test) } else { String::new() },
        can_start: offers(DemonstrationAct::Start),
        can_mark: offers(DemonstrationAct::Mark),
        can_end: offers(DemonstrationAct::NotHold),
        afterwards: afterwards(test, offers(DemonstrationAct::Repeat)),
        why_no_marks: if is_under_way { why_no_marks(judge) } else { String::new() },
        since: began.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)).unwrap_or_default(),
        elapsed: began.map(|at| elapsed(at, me.now)).unwrap_or_default(),
    }
}

fn afterwards(test: &Demonstration, can_repeat: bool) -> Vec<(&'static str, &'static str)> {
    let has_observations = test.outcome.as_ref().is_some_and(|o| !o.observations.is_empty());
    let observations = has_observations.then_some(("observations", "Observations of the test"));
    let another = can_repeat.then_some(("repetition", "Ask for another test"));
    observations.into_iter().chain(another).collect()
}

/// When the test is or was, and how it went.
fn sentence(product: &Product, test: &Demonstration) -> String {
    if let Some(outcome) = &test.outcome {
        let how = test.state.sentence();
        return format!("{how} {} recorded it on {}.", outcome.by, long_date(outcome.on));
    }
    match (test.started_at, &test.date) {
        (Some(began), _) if test.state == DemonstrationState::UnderWay => format!("The test began on {}.", date_time(began)),
        (_, Some(date)) => {
            let ends = date.starts_at + chrono::Duration::hours(crate::domain::demonstration::TEST_HOURS);
            format!("The test is on {}, {} to {}.", long_date(london_date(date.starts_at)), time(date.starts_at), time(ends))
        }
        (_, None) => format!("{} has no date for a test. These are the lines that it would show.", product.facts.name),
    }
}

/// Why the button that starts the test is not there.
fn why_not(judge: &Judge<'_>, test: &Demonstration) -> String {
    if !matches!(test.state, DemonstrationState::Booked | DemonstrationState::Confirmed) {
        return String::new();
    }
    let on = test.date.as_ref().map(|d| long_date(london_date(d.starts_at))).unwrap_or_default();
    match judge.offer(DemonstrationAct::Start) {
        Ok(()) => String::new(),
        Err(Refusal::NotYours) => "A reviewer starts the test.".to_owned(),
        Err(Refusal::Elsewhere(_)) => "The test can start when the background checks are done and it is confirmed.".to_owned(),
        Err(Refusal::Missing(crate::domain::condition::Condition::OnTheDay)) => format!("You can start the test on {on}."),
        Err(other) => other.sentence(),
    }
}

/// How long ago something was: "1 hour 5 minutes".
fn elapsed(since: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = usize::try_from((now - since).num_minutes()).unwrap_or_default();
    match (minutes / 60, minutes % 60) {
        (0, minutes) => counted(minutes, "minute"),
        (hours, 0) => counted(hours, "hour"),
        (hours, minutes) => format!("{} {}", counted(hours, "hour"), counted(minutes, "minute")),
    }
}

/// Starts the test. A second press finds it started.
pub async fn start(me: SignedIn, path: Path<String>, _fields: Fields) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    let sheet = format!("{}/run-sheet", address(&product));
    match me.act(&product.reference, &Command::Demonstration(DemonstrationCommand::Start)).await {
        Ok(_) => {
            let text = "Mark each line as you see it. The supplier is told nothing before you record the outcome.".to_owned();
            Ok(see_other_with(&me, &sheet, &Flash { title: "The test has begun".to_owned(), text, link: None }))
        }
        Err(Error::Refused(Refusal::Elsewhere(sentence))) if sentence == DemonstrationState::UnderWay.sentence() => {
            Ok(see_other(&sheet))
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elapsed_time_is_said_in_hours_and_minutes() {
        let since: DateTime<Utc> = "2026-04-21T09:00:00Z".parse().unwrap_or_default();
        for (minutes, said) in
            [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (65, "1 hour 5 minutes"), (121, "2 hours 1 minute")]
        {
            assert_eq!(elapsed(since, since + chrono::Duration::minutes(minutes)), said);
        }
        assert_eq!(elapsed(since, since - chrono::Duration::minutes(3)), "0 minutes");
    }
}
