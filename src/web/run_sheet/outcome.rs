//! How a test ended: passed, passed with observations, not passed, not held.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;

use super::address;
use super::lines::{LineView, Sheet};
use crate::domain::command::Command;
use crate::domain::condition::Condition;
use crate::domain::demonstration::command::DemonstrationCommand;
use crate::domain::demonstration::judge::Judge;
use crate::domain::demonstration::{DemonstrationAct, DemonstrationState, Observation};
use crate::domain::parse::{parse_date, secret_in};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::web::ctx::{SignedIn, see_other_with};
use crate::web::form::{Fields, Problems};
use crate::web::frame::{Flash, Frame};
use crate::web::page::{ok, unprocessable};
use crate::web::parts::{DateParts, Item};
use crate::web::reviews::for_team;
use crate::words::{listed, long_date};

/// Longest message and reason, in characters.
const LONGEST: usize = 2000;
/// Longest text of an observation.
const LONGEST_OBSERVATION: usize = 1000;
/// Longest name of its owner.
const LONGEST_OWNER: usize = 200;
/// Most observations of one test.
const MOST: usize = 30;

/// The ends of a test, in the order of the page: act, label, hint.
const ENDS: [(DemonstrationAct, &str, &str); 4] = [
    (DemonstrationAct::Pass, "Passed", "Every line was seen"),
    (DemonstrationAct::Observe, "Passed with observations", "Something is to be put right, by somebody and by a date"),
    (DemonstrationAct::Fail, "Not passed", "The supplier books another test"),
    (DemonstrationAct::NotHold, "Not held", "The test did not take place, or was broken off"),
];

/// Who called a test off: word, and the words that are kept.
const CALLERS: [(&str, &str); 3] =
    [("supplier", "The supplier called it off"), ("team", "The assurance team called it off"), ("nobody", "Nobody called it off")];

/// One observation as typed.
#[derive(Clone, Default)]
struct Row {
    text: String,
    owner: String,
    due: DateParts,
}

impl Row {
    fn is_empty(&self) -> bool {
        [&self.text, &self.owner, &self.due.day, &self.due.month, &self.due.year].iter().all(|part| part.is_empty())
    }
}

/// What was typed.
#[derive(Default)]
struct Typed {
    end: Option<DemonstrationAct>,
    message: String,
    caller: String,
    why: String,
    rows: Vec<Row>,
}

impl Typed {
    fn of(fields: &Fields) -> Self {
        let row = |number: usize| {
            let [day, month, year] = fields.date(&format!("due-{number}"));
            let text = |part: &str| fields.text(&format!("{part}-{number}"));
            Row { text: text("text"), owner: text("owner"), due: DateParts::new(day, month, year) }
        };
        let is_sent = |number: &usize| !fields.all(&format!("text-{number}")).is_empty();
        Self {
            end: DemonstrationAct::from_word(fields.raw("outcome")).filter(|act| ENDS.iter().any(|(end, ..)| end == act)),
            message: fields.text("message"),
            caller: fields.text("caller"),
            why: fields.text("why"),
            rows: (1..=MOST).take_while(is_sent).map(row).collect(),
        }
    }

    /// What the run sheet says already: an observation for each line that was not seen.
    fn of_sheet(product: &Product, missed: &[LineView]) -> Self {
        let owner = &product.demonstration().facts.contact_name;
        let row = |line: &LineView| {
            let what = if line.note.is_empty() { format!("{}: not seen", line.see) } else { line.note.clone() };
            Row { text: format!("{}. {what}", line.name), owner: owner.clone(), due: DateParts::default() }
        };
        let mut rows: Vec<Row> = missed.iter().map(row).collect();
        if rows.is_empty() {
            rows.push(Row::default());
        }
        Self { rows, ..Self::default() }
    }
}

#[derive(Template)]
#[template(path = "run_sheet/outcome.html")]
struct OutcomePage {
    frame: Frame,
    address: String,
    product_name: String,
    organisation: String,
    progress: String,
    unmarked: String,
    missed: Vec<LineView>,
    /// The ends that can be chosen: act and item.
    ends: Vec<(DemonstrationAct, Item)>,
    callers: Vec<Item>,
    typed: Typed,
    can_add: bool,
}

/// The second half of P49: the form of the outcome.
pub async fn ask(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    ok(&outcome_page(&me, &product, None)?)
}

fn outcome_page(me: &SignedIn, product: &Product, typed: Option<Typed>) -> Result<OutcomePage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let judge = Judge { setting: &setting, actor: &me.actor, product };
    let sheet = Sheet::new((product, product.demonstration()), &product.given(setting.catalogue, me.today()));
    let missed = sheet.missed();
    let typed = typed.unwrap_or_else(|| Typed::of_sheet(product, &missed));
    let mut ends = Vec::new();
    let mut refused = None;
    for (place, (act, label, hint)) in ENDS.into_iter().enumerate() {
        let hint = match judge.offer(act) {
            Ok(()) => hint.to_owned(),
            Err(refusal @ Refusal::Missing(Condition::InProgress | Condition::OnTheDay)) => {
                refused = Some(refusal);
                continue;
            }
            Err(Refusal::Missing(condition)) => format!("{hint}. Not now: {}", condition.sentence()),
            Err(refusal) => {
                refused.get_or_insert(refusal);
                continue;
            }
        };
        let id = if place == 0 || ends.is_empty() { "outcome".to_owned() } else { format!("outcome-{}", place + 1) };
        ends.push((act, Item::new(act.word(), label).hint(hint).id(id).checked(typed.end == Some(act))));
    }
    if let (true, Some(refusal)) = (ends.is_empty(), refused) {
        return Err(refusal.into());
    }
    Ok(OutcomePage {
        frame: me.frame(format!("Outcome of the test – {}", product.facts.name)),
        address: address(product),
        product_name: product.facts.name.clone(),
        organisation: product.organisation_name.clone(),
        progress: sheet.progress(),
        unmarked: listed(&sheet.unmarked()),
        missed,
        ends,
        callers: callers(&typed.caller),
        can_add: typed.rows.len() < MOST,
        typed,
    })
}

fn callers(chosen: &str) -> Vec<Item> {
    let item = |(word, label): &(&str, &str)| Item::new(*word, *label).checked(chosen == *word);
    std::iter::once(Item::new("", "")).chain(CALLERS.iter().map(item)).collect()
}

/// Records the outcome, or adds a row for another observation to the form.
pub async fn record(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = for_team(&me, &path).await?;
    let mut typed = Typed::of(&fields);
    if fields.has("more") {
        typed.end = Some(DemonstrationAct::Observe);
        if typed.rows.len() < MOST {
            typed.rows.push(Row::default());
        }
        return ok(&outcome_page(&me, &product, Some(typed))?);
    }
    let mut problems = Problems::default();
    if let Some(command) = command(&me, &fields, &typed, &mut problems) {
        match me.act(&product.reference, &Command::Demonstration(command)).await {
            Ok(product) => return Ok(see_other_with(&me, &address(&product), &flash(&product))),
            Err(Error::Refused(Refusal::Elsewhere(_))) if is_recorded(&me, &product).await? => {
                let title = "The outcome has been recorded already".to_owned();
                return Ok(see_other_with(&me, &address(&product), &Flash { title, text: String::new(), link: None }));
            }
            Err(Error::Refused(Refusal::Missing(condition))) if condition != Condition::InProgress => {
                problems.add("outcome", condition.sentence());
            }
            Err(error) => return Err(error),
        }
    }
    let mut template = outcome_page(&me, &product, Some(typed))?;
    template.frame.problems = problems.0;
    unprocessable(&template)
}

async fn is_recorded(me: &SignedIn, product: &Product) -> Result<bool, Error> {
    Ok(me.visible().product(&product.reference).await?.demonstration().outcome.is_some())
}

/// What is asked, if the form is filled in as it must be.
fn command(me: &SignedIn, fields: &Fields, typed: &Typed, problems: &mut Problems) -> Option<DemonstrationCommand> {
    let Some(end) = typed.end else {
        problems.add("outcome", "Select how the test ended");
        return None;
    };
    if end == DemonstrationAct::NotHold {
        let why = not_held(fields, typed, problems);
        return problems.is_empty().then_some(DemonstrationCommand::NotHold(why));
    }
    let observations = if end == DemonstrationAct::Observe { observations(me, fields, typed, problems) } else { Vec::new() };
    let message = problems.line(fields, "message", ("", LONGEST));
    no_secret("message", &message, problems);
    if !problems.is_empty() {
        return None;
    }
    Some(if end == DemonstrationAct::Pass {
        DemonstrationCommand::Pass(message)
    } else if end == DemonstrationAct::Observe {
        DemonstrationCommand::Observe(observations, message)
    } else {
        DemonstrationCommand::Fail(message)
    })
}

fn no_secret(field: &str, text: &str, problems: &mut Problems) {
    if secret_in(text).is_some() {
        problems.add(field, "This looks like a key or a token. Remove it: nothing has been saved");
    }
}

fn not_held(fields: &Fields, typed: &Typed, problems: &mut Problems) -> String {
    let caller = CALLERS.iter().find(|(word, _)| *word == typed.caller).map(|(_, label)| *label);
    if caller.is_none() {
        problems.add("caller", "Select who called the test off");
    }
    let why = problems.line(fields, "why", ("Say why the test was not held", LONGEST));
    no_secret("why", &why, problems);
    format!("{}. {why}", caller.unwrap_or_default())
}

/// The observations of the rows that are not empty.
fn observations(me: &SignedIn, fields: &Fields, typed: &Typed, problems: &mut Problems) -> Vec<Observation> {
    let mut observations = Vec::new();
    for (number, _) in (1..).zip(&typed.rows).filter(|(_, row)| !row.is_empty()) {
        let field = |part: &str| format!("{part}-{number}");
        let missing = format!("Say what is to be put right in observation {number}");
        let text = problems.line(fields, &field("text"), (&missing, LONGEST_OBSERVATION));
        no_secret(&field("text"), &text, problems);
        let missing = format!("Enter who deals with observation {number}");
        let owner = problems.line(fields, &field("owner"), (&missing, LONGEST_OWNER));
        let name = format!("Date of observation {number}");
        let due = parse_date(&name, &fields.date(&field("due"))).and_then(|due| match due {
            None => Err(format!("Enter the date by which observation {number} is put right")),
            Some(due) if due < me.today() => Err(format!("{name} must be today or in the future")),
            Some(due) => Ok(due),
        });
        if let Some(due_on) = problems.take(&format!("{}-day", field("due")), due) {
            observations.push(Observation { text, owner, due_on, settled: String::new() });
        }
    }
    if observations.is_empty() && problems.is_empty() {
        problems.add("text-1", "Say what is to be put right, by whom and by when");
    }
    observations
}

fn flash(product: &Product) -> Flash {
    let (name, organisation) = (&product.facts.name, &product.organisation_name);
    let test = product.demonstration();
    let by = test.outcome.as_ref().and_then(|o| o.certificate_by);
    let told = format!("We’ve told {organisation}.");
    if let Some(by) = by {
        let link = Some((format!("{}/certificate/issue", product.address()), "Issue the certificate".to_owned()));
        let due = format!("The certificate is due by {}. {told}", long_date(by));
        return Flash { title: format!("{name} has passed the test"), text: due, link };
    }
    let is_held = test.state != DemonstrationState::NotHeld;
    let title = if is_held { format!("{name} has not passed the test") } else { format!("The test of {name} was not held") };
    Flash { title, text: format!("{told} They can book another date."), link: None }
}
