//! A section: its pages of questions, check and send, taking back.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;

use super::answer_view::{Shown, shown};
use super::coach_view::BeforeSending;
use super::ctx::{SignedIn, see_other_with};
use super::due_view::DueView;
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::opened::{Unsaved, unsaved};
use super::page::{ok, unprocessable};
use super::place::{Place, texts};
use super::presence;
use super::reuse::offer::Ways;
use crate::domain::answer::Given;
use crate::domain::assignee::With;
use crate::domain::catalogue::{Group, Question, Section, Stage};
use crate::domain::checks::{Finding, Level, findings};
use crate::domain::command::{Command, SectionCommand, Statement};
use crate::domain::decide::{Setting, offer};
use crate::domain::draft::hub;
use crate::domain::product::{Product, Standing};
use crate::domain::refusal::Refusal;
use crate::domain::section::{Guard, SectionAct, SectionState};
use crate::error::Error;
use crate::words::{counted, date_time, long_date};

/// One page of questions in the section's task list.
struct Task {
    id: String,
    title: String,
    href: String,
    hint: String,
    tag: &'static str,
    look: &'static str,
}

#[derive(Template)]
#[template(path = "sections/show.html")]
struct ShowPage {
    frame: Frame,
    place: Place,
    title: String,
    purpose: String,
    status: (&'static str, &'static str),
    state: String,
    how: Vec<String>,
    tasks: Vec<Task>,
    address: String,
    can_answer: bool,
    can_send: bool,
    can_take_back: bool,
    has_feedback: bool,
    reuse: Ways,
    rows: Vec<CheckGroup>,
    unsaved: Vec<Unsaved>,
}

/// P20: the hub of a section.
pub async fn show(me: SignedIn, path: Path<(String, Section)>) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let text = texts(setting.catalogue, section)?;
    let may = |act| offer(&setting, &me.actor, &product, section, act).is_ok();
    let names = me.visible().names(product.answers.values().map(|a| a.by).chain(product.section(section).reviewer)).await?;
    let can_answer = may(SectionAct::Answer);
    let status = product.status(&given, section);
    let here = hub(&product.reference, section);
    let place = |g: &Group| format!("{here}questions/{}", g.key());
    let shown_groups: Vec<&Group> = text.groups.iter().filter(|g| g.questions.iter().any(|q| given.is_shown(q))).collect();
    let places: Vec<String> = shown_groups.iter().map(|g| place(g)).collect();
    let present = if can_answer { presence::on_any(&me, &product, &places).await? } else { Vec::new() };
    let tasks = shown_groups.into_iter().map(|g| {
        let task = task(&product, &given, (section, g), &names, can_answer);
        let with = presence::beside(&present, &place(g));
        let hint = [task.hint, with].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ");
        Task { hint, ..task }
    });
    let template = ShowPage {
        frame: me.frame(format!("{} – {}", text.title, product.facts.name)),
        place: Place::new(&me, &product, &given, "tasks"),
        title: text.title.clone(),
        purpose: text.purpose.clone(),
        status: (status.label(), if status.tag().is_empty() { "plain" } else { status.tag() }),
        state: state_sentence(&product, section, &names),
        how: product
            .due(section, setting.calendar)
            .map(|d| DueView::new(&d, setting.calendar, me.today()).sentences)
            .unwrap_or_default(),
        tasks: tasks.collect(),
        address: format!("{}/sections/{section}", product.address()),
        can_answer,
        can_send: may(SectionAct::Send),
        can_take_back: may(SectionAct::TakeBack),
        has_feedback: !product.asked(&given, section).is_empty(),
        reuse: if can_answer { Ways::of(&me, &product, section).await? } else { Ways::default() },
        rows: if can_answer { Vec::new() } else { check_groups(&product, &given, section) },
        unsaved: unsaved(&me, &product, section).await?,
    };
    ok(&template)
}

fn state_sentence(
    product: &Product,
    section: Section,
    names: &std::collections::BTreeMap<crate::domain::words::PersonId, String>,
) -> String {
    let record = product.section(section);
    let round = if record.round > 1 { format!(", round {}", record.round) } else { String::new() };
    match (record.state(), record.reply_by, record.reviewer.and_then(|r| names.get(&r))) {
        (SectionState::Submitted, Some(by), Some(who)) => {
            format!("In review{round}: {who} has started. We’ll reply by {}.", long_date(by))
        }
        (SectionState::Submitted, Some(by), None) => format!("Sent for review{round}. We’ll reply by {}.", long_date(by)),
        (SectionState::Submitted, None, _) => "Sent for review. The product is on hold.".to_owned(),
        (SectionState::Accepted, ..) => "We’ve accepted this section. If something has changed, ask us to reopen it.".to_owned(),
        (SectionState::Returned, Some(by), _) => format!("We need more information. An answer is expected by {}.", long_date(by)),
        (SectionState::Returned, None, _) => "We need more information.".to_owned(),
        (SectionState::Draft, ..) => String::new(),
    }
}

fn task(
    product: &Product,
    given: &Given<'_>,
    (section, group): (Section, &Group),
    names: &std::collections::BTreeMap<crate::domain::words::PersonId, String>,
    can_answer: bool,
) -> Task {
    let shown: Vec<&Question> = group.questions.iter().filter(|q| given.is_shown(q)).collect();
    let answered = shown.iter().filter(|q| given.value(&q.key).is_some()).count();
    let asked = product.asked(given, section);
    let is_asked = shown.iter().any(|q| asked.iter().any(|a| a.key == q.key));
    let is_accepted = shown.iter().all(|q| product.standing(section, q) == Standing::Accepted);
    let last = shown.iter().filter_map(|q| product.answers.get(&q.key)).max_by_key(|a| a.at);
    let by = last.map(|a| format!("Saved by {} on {}", names.get(&a.by).map_or("somebody", String::as_str), date_time(a.at)));
    let (tag, look) = match (is_asked, is_accepted, answered) {
        (true, ..) => ("More needed", "orange"),
        (false, true, _) if product.section(section).state() != SectionState::Submitted => ("Accepted", "plain"),
        (false, _, 0) => ("Not answered", "blue"),
        (false, _, n) if n == shown.len() => ("Answered", "plain"),
        (false, ..) => ("In progress", "white"),
    };
    let with = product.assignees.get(group.key()).map(|a| match a.with {
        With::Colleague(_) => format!("With {}. ", a.name),
        With::Invited(_) => format!("Waits for {}, who is invited. ", a.name),
    });
    let hint = match by {
        Some(by) if shown.len() > 1 => format!("{answered} of {} answered. {by}", shown.len()),
        Some(by) => by,
        None if shown.len() > 1 => counted(shown.len(), "question"),
        None => String::new(),
    };
    let hint = with.unwrap_or_default() + &hint;
    let href =
        if can_answer { format!("{}/sections/{section}/questions/{}", product.address(), group.key()) } else { String::new() };
    Task { id: format!("task-{}", group.key()), title: group.title.clone(), href, hint, tag, look }
}

/// One question on the page that is checked before sending.
pub(super) struct CheckRow {
    id: String,
    text: String,
    shown: Shown,
    remark: String,
    notes: Vec<String>,
    href: String,
    /// Address of its earlier versions; empty when there is no answer.
    history: String,
}

/// The questions of one page.
pub(super) struct CheckGroup {
    title: String,
    rows: Vec<CheckRow>,
}

#[derive(Template)]
#[template(path = "sections/check.html")]
struct CheckPage {
    frame: Frame,
    back: String,
    title: String,
    product_name: String,
    groups: Vec<CheckGroup>,
    reuse: Ways,
    coach: BeforeSending,
    unsaved: Vec<Unsaved>,
    can_send: bool,
    why_not: String,
    is_technical: bool,
    int_working: bool,
    is_complete: bool,
    works_in_int: bool,
    test_address: String,
    action: String,
}

fn check_groups(product: &Product, given: &Given<'_>, section: Section) -> Vec<CheckGroup> {
    let found = findings(given, section);
    let groups = given.catalogue.section(section).map(|s| s.groups.as_slice()).unwrap_or_default();
    let rows = |group: &Group| -> Vec<CheckRow> {
        let shown_questions = group.questions.iter().filter(|q| given.is_shown(q));
        shown_questions.map(|q| check_row(product, given, (section, group), q, &found)).collect()
    };
    groups.iter().map(|g| CheckGroup { title: g.title.clone(), rows: rows(g) }).filter(|g| !g.rows.is_empty()).collect()
}

fn check_row(
    product: &Product,
    given: &Given<'_>,
    (section, group): (Section, &Group),
    question: &Question,
    found: &[Finding],
) -> CheckRow {
    let notes = found.iter().filter(|f| f.question == question.key && f.level == Level::Warning).map(|f| f.text.clone());
    CheckRow {
        id: question.key.clone(),
        text: question.text.clone(),
        shown: shown(question, given.value(&question.key), &product.address()),
        remark: product.answers.get(&question.key).map(|a| a.remark.clone()).unwrap_or_default(),
        notes: notes.collect(),
        href: format!("{}/sections/{section}/questions/{}", product.address(), group.key()),
        history: if product.answers.contains_key(&question.key) {
            format!("{}/sections/{section}/questions/{}/history", product.address(), question.key)
        } else {
            String::new()
        },
    }
}

async fn check_page(
    me: &SignedIn,
    setting: &Setting<'_>,
    product: &Product,
    section: Section,
    statement: Statement,
) -> Result<CheckPage, Error> {
    let given = product.given(setting.catalogue, me.today());
    let text = texts(setting.catalogue, section)?;
    let offered = offer(setting, &me.actor, product, section, SectionAct::Send);
    let address = format!("{}/sections/{section}", product.address());
    let test_address =
        if statement.test_address.is_empty() { given.text("cx-test-url").to_owned() } else { statement.test_address };
    Ok(CheckPage {
        frame: me.frame(format!("Check and send: {} – {}", text.short, product.facts.name)),
        back: address.clone(),
        title: text.title.clone(),
        product_name: product.facts.name.clone(),
        groups: check_groups(product, &given, section),
        reuse: if offered.is_ok() { Ways::of(me, product, section).await? } else { Ways::default() },
        coach: BeforeSending::new(product, &given, section),
        unsaved: unsaved(me, product, section).await?,
        can_send: offered.is_ok(),
        why_not: offered.err().map(|r| r.sentence()).unwrap_or_default(),
        is_technical: section.stage() == Stage::Technical,
        int_working: product.facts.int_working != Some(false),
        is_complete: statement.is_complete,
        works_in_int: statement.works_in_int,
        test_address,
        action: format!("{address}/submission"),
    })
}

/// P23: check the answers, declare, send.
pub async fn check(me: SignedIn, path: Path<(String, Section)>) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    ok(&check_page(&me, &setting, &product, section, Statement::default()).await?)
}

/// What the sender confirmed.
fn statement(fields: &Fields) -> Statement {
    Statement { is_complete: fields.has("complete"), works_in_int: fields.has("int"), test_address: fields.text("test-address") }
}

/// Sends a section. A second press finds it sent and says so.
pub async fn send(me: SignedIn, path: Path<(String, Section)>, fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    let statement = statement(&fields);
    let title = texts(setting.catalogue, section)?.title.clone();
    let mut problems = address_problems(section, &statement);
    if problems.is_empty() {
        let command = Command::Section(section, SectionCommand::Send(statement.clone()));
        match me.act(&reference, &command).await {
            Ok(sent) => {
                let by = sent.section(section).reply_by.map(long_date).unwrap_or_default();
                let link = Some((
                    format!("{}/sections/{section}", sent.address()),
                    "How we worked out this date, or take it back".to_owned(),
                ));
                let flash =
                    Flash { title: format!("You’ve sent “{title}”. We’ll reply by {by}"), text: String::new(), link };
                return Ok(see_other_with(&me, &sent.address(), &flash));
            }
            Err(Error::Refused(Refusal::NotNow(SectionState::Submitted))) => {
                let flash = Flash { title: format!("“{title}” has been sent already"), text: String::new(), link: None };
                return Ok(see_other_with(&me, &product.address(), &flash));
            }
            Err(Error::Refused(Refusal::Unmet(guard))) => {
                problems = unmet(&product, &product.given(setting.catalogue, me.today()), section, guard);
            }
            Err(error) => return Err(error),
        }
    }
    add_declaration_problems(&mut problems, section, &statement);
    let mut page = check_page(&me, &setting, &product, section, statement).await?;
    page.frame.problems = problems.0;
    unprocessable(&page)
}

fn address_problems(section: Section, statement: &Statement) -> Problems {
    let mut problems = Problems::default();
    if section.stage() == Stage::Technical && !statement.test_address.is_empty() {
        problems.take("test-address", crate::domain::parse::url(&statement.test_address));
    }
    problems
}

fn add_declaration_problems(problems: &mut Problems, section: Section, statement: &Statement) {
    let mut missing = |field: &str, sentence: &str| {
        if !problems.0.iter().any(|(f, _)| f == field) {
            problems.add(field, sentence);
        }
    };
    if section.stage() == Stage::Technical && !statement.works_in_int {
        missing("int", Guard::EnvironmentReady.sentence());
    }
    if section.stage() == Stage::Technical && statement.test_address.is_empty() {
        missing("test-address", "Enter the address of your test environment");
    }
    if !statement.is_complete {
        missing("complete", Guard::Declared.sentence());
    }
}

/// What a refused guard means on this page: a line for each question, linked to it.
fn unmet(product: &Product, given: &Given<'_>, section: Section, guard: Guard) -> Problems {
    let mut problems = Problems::default();
    match guard {
        Guard::Complete => {
            for finding in findings(given, section).into_iter().filter(|f| f.level == Level::Error) {
                problems.add(&finding.question, finding.text);
            }
        }
        Guard::Replied => {
            let shown = given.shown(section);
            for question in product.asked(given, section).into_iter().filter(|q| !product.is_replied(section, q)) {
                let number = shown.iter().position(|q| q.key == question.key).unwrap_or_default() + 1;
                let sentence = format!(
                    "Change your answer to question {number}, {}, or tell the reviewer why it has not changed",
                    question.name
                );
                problems.add(&question.key, sentence);
            }
        }
        // The fields that are not filled get their own sentence beside them.
        Guard::Declared | Guard::EnvironmentReady => {}
        other @ (Guard::InProgress
        | Guard::ReviewNotStarted
        | Guard::Unassigned
        | Guard::HeldByOther
        | Guard::HeldByYou
        | Guard::NoInterest
        | Guard::EveryDecided
        | Guard::SomeAsked
        | Guard::NoneAsked
        | Guard::Acceptable
        | Guard::AsDecided
        | Guard::NotOnItsWay
        | Guard::OnItsWay
        | Guard::InTime) => problems.add("", other.sentence()),
    }
    problems
}

/// Takes a section back before its review has started.
pub async fn recall(me: SignedIn, path: Path<(String, Section)>, _fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, section) = path.into_inner();
    let product = me.act(&reference, &Command::Section(section, SectionCommand::TakeBack)).await?;
    let title = texts(me.app.rules.catalogue(product.question_set)?, section)?.title.clone();
    let text = "You can change it and send it again when it is ready.".to_owned();
    let flash = Flash { title: format!("You’ve taken “{title}” back"), text, link: None };
    Ok(see_other_with(&me, &format!("{}/sections/{section}", product.address()), &flash))
}
