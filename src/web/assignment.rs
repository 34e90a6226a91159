//! Giving several reviews to somebody at once: the reviews that were selected, everybody who could take them, and why not.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use uuid::Uuid;

use super::ctx::{SignedIn, see_other_with};
use super::form::{Fields, Problems};
use super::frame::Frame;
use super::page::{ok, unprocessable};
use super::parts::Item;
use super::queue::Titles;
use super::session::said;
use super::views::list_address;
use super::workload::{leave_words, number, review_words, room_of, room_words};
use crate::domain::actor::Duty;
use crate::domain::catalogue::Section;
use crate::domain::command::{Command, Reviewer, SectionCommand};
use crate::domain::workload::TOGETHER_MAX;
use crate::error::Error;
use crate::store::queue::Review;
use crate::store::reviewer::ReviewerLoad;
use crate::words::{counted, listed};

/// Where the reviews were selected, when the form does not say it.
const WORKLOAD: &str = "/reports/workload";

#[derive(Template)]
#[template(path = "workload/assignment.html")]
struct AssignmentPage {
    frame: Frame,
    /// What was done already, when not everything could be.
    done: String,
    button: String,
    reviews: Vec<Item>,
    people: Vec<Item>,
    /// Those who cannot be chosen, each with the reason.
    left_out: Vec<(String, String)>,
    back: String,
}

/// What was selected.
struct Selected {
    /// Product in lower case and section.
    keys: BTreeSet<(String, Section)>,
    /// Where to go back.
    back: String,
}

impl Selected {
    fn read(fields: &Fields) -> Self {
        let key = |text: &String| {
            let (reference, section) = text.split_once('/')?;
            Some((reference.to_lowercase(), Section::from_word(section)?))
        };
        let back = list_address(fields.raw("from")).unwrap_or_else(|| WORKLOAD.to_owned());
        Self { keys: fields.all("review").iter().filter_map(key).collect(), back }
    }

    /// Says what is wrong with what was selected.
    fn problem(&self, problems: &mut Problems) {
        if self.keys.is_empty() {
            problems.add("review", "Select at least one review");
        } else if self.keys.len() > TOGETHER_MAX {
            problems.add("review", format!("Select {TOGETHER_MAX} reviews or fewer. You have selected {}", self.keys.len()));
        }
    }

    /// The reviews themselves: none of too many, or of those that are no longer in the queue.
    async fn reviews(&self, me: &SignedIn) -> Result<Vec<Review>, Error> {
        if self.keys.is_empty() || self.keys.len() > TOGETHER_MAX {
            return Ok(Vec::new());
        }
        me.visible().chosen_reviews(&self.keys).await
    }
}

/// Why somebody cannot take these reviews; empty when they can. Reads after their name.
fn obstacle(load: &ReviewerLoad, reviews: &[Review]) -> String {
    let of = |id: Uuid| reviews.iter().any(|r| r.organisation_id == id);
    let suppliers: Vec<String> = load.interests.iter().filter(|(o, _)| of(o.0)).map(|(_, name)| name.clone()).collect();
    if suppliers.is_empty() {
        return String::new();
    }
    format!("cannot be chosen: has declared an interest in {}", listed(&suppliers))
}

/// Whether somebody reviews every one of these sections; `None` when nobody said what they review.
fn suits(load: &ReviewerLoad, reviews: &[Review]) -> Option<bool> {
    let skills = &load.facts.skills;
    (!skills.is_empty()).then(|| reviews.iter().all(|r| skills.contains(&r.section)))
}

/// What stands beside a name: load, room, leave, skills.
fn about(me: &SignedIn, load: &ReviewerLoad, reviews: &[Review], titles: &Titles) -> String {
    let (today, calendar) = (me.today(), me.app.rules.calendar());
    let usual: Vec<String> = load.facts.skills.iter().map(|s| titles.short(*s).to_lowercase()).collect();
    let skills = match suits(load, reviews) {
        _ if reviews.is_empty() => String::new(),
        None => "Has not said what they review".to_owned(),
        Some(true) if reviews.len() == 1 => "Reviews this section".to_owned(),
        Some(true) => "Reviews all of these sections".to_owned(),
        Some(false) => format!("Usually reviews {}", listed(&usual)),
    };
    let said =
        [number(load.open, load.overdue), room_words(room_of(load, calendar, today)), leave_words(&load.leave, today), skills];
    let said: Vec<String> = said.into_iter().filter(|s| !s.is_empty()).collect();
    format!("{}.", said.join(". "))
}

async fn page(
    me: &SignedIn,
    selected: &Selected,
    (chosen, done): (&str, String),
    problems: Problems,
) -> Result<AssignmentPage, Error> {
    let titles = Titles::new(me)?;
    let reviews = selected.reviews(me).await?;
    let (today, calendar) = (me.today(), me.app.rules.calendar());
    let mut loads = me.visible().candidates(today).await?;
    // Those who review all of it first, then by room.
    loads.sort_by_cached_key(|l| (suits(l, &reviews) != Some(true), u32::MAX - room_of(l, calendar, today), l.name.clone()));
    let (free, apart): (Vec<_>, Vec<_>) = loads.into_iter().partition(|l| obstacle(l, &reviews).is_empty());
    let person = |load: &ReviewerLoad| {
        let is_chosen = load.person.to_string() == chosen;
        Item::new(load.person.to_string(), load.name.clone()).hint(about(me, load, &reviews, &titles)).checked(is_chosen)
    };
    let review = |r: &Review| {
        let holder = r.reviewer.as_ref().map_or("Nobody has it yet".to_owned(), |(_, name)| format!("{name} has it"));
        Item::new(r.key(), review_words(me, r, &titles)).hint(format!("{}. {holder}", r.organisation)).checked(true)
    };
    Ok(AssignmentPage {
        frame: Frame { problems: problems.0, ..me.frame("Who should take these reviews?") },
        done,
        button: format!("Reassign {}", counted(reviews.len(), "review")),
        reviews: reviews.iter().map(review).collect(),
        people: free.iter().map(person).collect(),
        left_out: apart.into_iter().map(|l| (obstacle(&l, &reviews), l.name)).map(|(why, name)| (name, why)).collect(),
        back: selected.back.clone(),
    })
}

/// P56: the selected reviews, and everybody who could take them.
pub async fn ask(me: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    if !me.actor.is(Duty::Manager) {
        return Err(Error::NotFound);
    }
    let selected = Selected::read(&Fields::of_query(request.query_string())?);
    let mut problems = Problems::default();
    selected.problem(&mut problems);
    let is_right = problems.is_empty();
    let page = page(&me, &selected, ("", String::new()), problems).await?;
    if is_right { ok(&page) } else { unprocessable(&page) }
}

/// Gives each review to the chosen person, one by one; what cannot be given stays selected, with the reason.
pub async fn assign(me: SignedIn, fields: Fields) -> Result<HttpResponse, Error> {
    if !me.actor.is(Duty::Manager) {
        return Err(Error::NotFound);
    }
    let selected = Selected::read(&fields);
    let mut problems = Problems::default();
    selected.problem(&mut problems);
    let reviewers = me.visible().reviewers().await?;
    let reviewer = reviewers.into_iter().find(|r| r.person.to_string() == fields.raw("reviewer"));
    let is_nobody = reviewer.is_none();
    let Some(reviewer) = reviewer.filter(|_| problems.is_empty()) else {
        // Only what is missing is said: somebody may be chosen, and no review.
        if is_nobody {
            problems.add("reviewer", "Select who should take these reviews");
        }
        return unprocessable(&page(&me, &selected, (fields.raw("reviewer"), String::new()), problems).await?);
    };
    give(&me, &selected, reviewer, problems).await
}

async fn give(me: &SignedIn, selected: &Selected, reviewer: Reviewer, mut problems: Problems) -> Result<HttpResponse, Error> {
    let titles = Titles::new(me)?;
    let mut left = BTreeSet::new();
    for (reference, section) in &selected.keys {
        let given = me.act(reference, &Command::Section(*section, SectionCommand::Assign(reviewer.clone()))).await;
        let why = match given {
            Ok(_) => continue,
            Err(Error::Refused(refusal)) => refusal.sentence(),
            Err(Error::Stale) => "Somebody else changed this product at the same moment. Try again.".to_owned(),
            Err(Error::NotFound) => "It is not there any more.".to_owned(),
            Err(other) => return Err(other),
        };
        problems.add("review", format!("{} of {}: {why}", titles.short(*section), reference.to_uppercase()));
        left.insert((reference.clone(), *section));
    }
    let done = selected.keys.len() - left.len();
    let is = if done == 1 { "is" } else { "are" };
    let words = format!("{} {is} with {}", counted(done, "review"), reviewer.name);
    if left.is_empty() {
        return Ok(see_other_with(me, &selected.back, &said(words)));
    }
    let rest = Selected { keys: left, back: selected.back.clone() };
    let done = if done == 0 { String::new() } else { format!("{words}. The others could not be given:") };
    unprocessable(&page(me, &rest, (&reviewer.person.to_string(), done), problems).await?)
}
