//! What people typed and did not save yet: kept while they type, listed, shown, discarded.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Serialize;
use uuid::Uuid;

use super::ctx::{Anyone, SignedIn, see_other_with};
use super::form::Fields;
use super::frame::Frame;
use super::kept::{KEPT, typed};
use super::opened::{Opened, changed, is_on, is_review_saved, started_from, when};
use super::page::ok;
use super::question_view::Source;
use super::reviews::for_team;
use super::session::said;
use crate::domain::catalogue::{Catalogue, Question, SectionText};
use crate::domain::decide::offer;
use crate::domain::draft::{Form, KEPT_MINUTES, Place};
use crate::domain::parse::capitalised;
use crate::domain::product::Product;
use crate::domain::section::SectionAct;
use crate::error::Error;
use crate::store::draft::{Draft, DraftRow, Typed};
use crate::words::time;

/// What became of something that was typed, for the script.
#[derive(Default, Serialize)]
struct Reply {
    /// Whether all of it is kept here.
    kept: bool,
    /// What the person reads.
    said: String,
    /// A way on: address and words, or nothing.
    href: String,
    link: &'static str,
}

impl Reply {
    fn answer(&self, status: StatusCode) -> HttpResponse {
        HttpResponse::build(status).json(self)
    }
}

/// Keeps what is being typed on a form. Answers in JSON: what is said beside the form, and whether all of it is kept.
pub async fn keep(req: HttpRequest, visit: Anyone, fields: Fields) -> Result<HttpResponse, Error> {
    let query = Fields::of_query(req.query_string())?;
    let place = Place::parse(query.raw("place")).ok_or(Error::NotFound)?;
    if visit.actor.is_none() {
        return keep_late(&visit, &place, &fields).await;
    }
    let me = SignedIn::new(visit)?;
    let at = time(me.now);
    let kept = match check(&me, &place, &fields).await {
        Ok(Checked::Saved) => {
            me.app.db.settle_draft(&me.actor, &place.to_string()).await?;
            let same = Reply { kept: true, said: "This is the same as what is saved.".to_owned(), ..Reply::default() };
            return Ok(same.answer(StatusCode::OK));
        }
        Ok(Checked::Draft(started_from)) => keep_now(&me, &place, &fields, started_from).await,
        Ok(Checked::Outdated(started_from, who)) => keep_now(&me, &place, &fields, started_from).await.map(|said| Reply {
            said: format!("Draft saved at {at}. {who} has saved another version meanwhile."),
            href: place.to_string(),
            link: "See both versions",
            ..said
        }),
        Ok(Checked::Closed) => keep_now(&me, &place, &fields, String::new()).await.map(|said| Reply {
            said: format!(
                "Draft saved at {at}. This form has been sent or closed meanwhile, so your draft cannot be saved in it now."
            ),
            href: "/drafts".to_owned(),
            link: "See your drafts",
            ..said
        }),
        Err(error) => Err(error),
    };
    match kept {
        Ok(said) if said.href.is_empty() => Ok(said.answer(StatusCode::OK)),
        Ok(said) => Ok(said.answer(StatusCode::CONFLICT)),
        Err(Error::TooLarge(sentence)) => {
            let said = format!("Not saved as a draft. {sentence}.");
            Ok(Reply { said, href: "/drafts".to_owned(), link: "See your drafts", ..Reply::default() }
                .answer(StatusCode::PAYLOAD_TOO_LARGE))
        }
        Err(other) => Err(other),
    }
}

async fn keep_now(me: &SignedIn, place: &Place, fields: &Fields, started_from: String) -> Result<Reply, Error> {
    let typed = Typed { started_from, ..typed(&place.to_string(), fields) };
    me.app.db.keep_draft(&me.actor, typed, me.now).await?;
    let who = match place.form {
        Form::Question(_) | Form::Feedback => "Only you can see it until you save it.",
        Form::Review => "Only you can see this until you send it.",
    };
    Ok(Reply { kept: true, said: format!("Draft saved at {}. {who}", time(me.now)), ..Reply::default() })
}

/// Keeps what is typed after the log-in ran out, for an hour, for whom the session was.
async fn keep_late(visit: &Anyone, place: &Place, fields: &Fields) -> Result<HttpResponse, Error> {
    let owner = match &visit.token {
        Some(token) => visit.app.db.ended_session(token, visit.now).await?.map(|owner| (token, owner)),
        None => None,
    };
    let out = Reply { href: "/login".to_owned(), link: "Log in", ..Reply::default() };
    let said = match owner {
        Some((token, owner)) => {
            visit.app.db.keep_post(token, owner, typed(&place.to_string(), fields), visit.now).await?;
            let until = time(visit.now + chrono::Duration::minutes(KEPT_MINUTES));
            let said = format!("You’ve been logged out. We’ve kept what you typed until {until}. Log in before then to save it.");
            Reply { kept: true, said, ..out }
        }
        None => Reply {
            said: "Not saved: you’ve been logged out. Keep this page open, and log in in another tab. We’ll keep trying."
                .to_owned(),
            ..out
        },
    };
    Ok(said.answer(StatusCode::UNAUTHORIZED))
}

/// What typed text is, beside what is saved.
enum Checked {
    /// The same.
    Saved,
    /// Something else; what was saved when it was begun.
    Draft(String),
    /// Somebody else has saved another version: what was saved when it was begun, and who.
    Outdated(String, String),
    /// The form cannot be saved by the reader now.
    Closed,
}

async fn check(me: &SignedIn, place: &Place, fields: &Fields) -> Result<Checked, Error> {
    let is_review = place.form == Form::Review;
    let product = if is_review { for_team(me, &place.product).await? } else { me.visible().product(&place.product).await? };
    let setting = me.app.rules.setting(&product, me.now)?;
    let act = if is_review { SectionAct::Decide } else { SectionAct::Answer };
    let is_open = offer(&setting, &me.actor, &product, place.section, act).is_ok();
    if is_review {
        let is_saved = is_review_saved(&product, place.section, fields);
        return Ok(if is_saved {
            Checked::Saved
        } else if is_open {
            Checked::Draft(String::new())
        } else {
            Checked::Closed
        });
    }
    let names = std::collections::BTreeMap::new();
    let source = Source { product: &product, given: product.given(setting.catalogue, me.today()), names: &names };
    let questions = setting.catalogue.section(place.section).into_iter().flat_map(SectionText::questions);
    let on_form: Vec<&Question> = questions.filter(|q| is_on(fields, q)).collect();
    let changed = changed(&source, place.section, &on_form, fields);
    let is_known = fields.pairs().filter(|(name, _)| name.starts_with("edition-")).count() == on_form.len();
    if changed.is_empty() && is_known {
        return Ok(Checked::Saved);
    }
    if !is_open {
        return Ok(Checked::Closed);
    }
    let before = Opened::at(me, place).await?.started_from();
    let started_from = started_from(&product, fields, &before);
    let edition = |part: &str, key: &str| fields.raw(&format!("{part}-{key}")).parse::<u32>().ok();
    let other = changed.iter().filter_map(|q| product.answers.get(&q.key).map(|a| (q, a)));
    let mut other = other.filter(|(q, a)| edition("seen", &q.key).or_else(|| edition("edition", &q.key)) != Some(a.edition));
    let Some((_, answer)) = other.next() else { return Ok(Checked::Draft(started_from)) };
    let name = me.visible().names([answer.by]).await?.remove(&answer.by);
    Ok(Checked::Outdated(started_from, name.unwrap_or_else(|| "Somebody".to_owned())))
}

/// A draft in the list.
struct Row {
    title: String,
    href: String,
    when: String,
    until: String,
}

#[derive(Template)]
#[template(path = "drafts/index.html")]
struct IndexPage {
    frame: Frame,
    rows: Vec<Row>,
}

/// The reader's drafts, and what was kept when their log-in ran out.
pub async fn index(me: SignedIn) -> Result<HttpResponse, Error> {
    let rows = me.visible().drafts(me.now).await?.iter().map(|draft| row(&me, draft)).collect();
    ok(&IndexPage { frame: me.frame("What you typed and did not save"), rows })
}

fn row(me: &SignedIn, draft: &DraftRow) -> Row {
    Row {
        title: title(me, &draft.place),
        href: format!("/drafts/{}", draft.id),
        when: when(draft.at),
        until: draft.kept_until.map(time).unwrap_or_default(),
    }
}

/// What form it was typed on.
fn title(me: &SignedIn, place: &str) -> String {
    let title = Place::parse(place).map(|place| {
        let set = me.app.rules.catalogue(me.app.rules.newest()).ok().and_then(|c| c.section(place.section));
        let section = set.map(|s| s.short.clone()).unwrap_or_default();
        let group = |key: &str| set.and_then(|s| s.groups.iter().find(|g| g.key() == key)).map(|g| g.title.clone());
        let form = match &place.form {
            Form::Question(key) => group(key).unwrap_or_else(|| "A question".to_owned()),
            Form::Feedback => "Answers to what we asked".to_owned(),
            Form::Review => "Review".to_owned(),
        };
        format!("{form} – {section}, {}", place.product.to_uppercase())
    });
    title.unwrap_or_else(|| "A form that was not sent".to_owned())
}

#[derive(Template)]
#[template(path = "drafts/show.html")]
struct ShowPage {
    frame: Frame,
    address: String,
    when: String,
    /// Until when it is kept; empty for a draft.
    until: String,
    /// The form's address, where it can be opened.
    form: String,
    lines: Vec<(String, String)>,
    files: Vec<String>,
    /// Where it is sent again, and with which fields; empty for a draft.
    action: String,
    fields: Vec<(String, String)>,
}

/// All that was typed, to read, to copy, to go on with, and to send again when a log-in had run out.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let draft = open(&me, &path).await?;
    let fields = Fields::of_query(&draft.body)?;
    let place = Place::parse(&draft.place);
    let product = match &place {
        Some(place) if place.form == Form::Review => Some(for_team(&me, &place.product).await?),
        Some(place) => Some(me.visible().product(&place.product).await?),
        None => None,
    };
    let catalogue = me.app.rules.catalogue(product.as_ref().map_or_else(|| me.app.rules.newest(), |p| p.question_set))?;
    let is_draft = draft.kept_until.is_none();
    let is_sent_again = place.is_none();
    let form = match (&place, &product) {
        (Some(place), Some(product)) if is_draft && is_there(&me, place, product)? => draft.place.clone(),
        (Some(_) | None, Some(_) | None) => String::new(),
    };
    let page = ShowPage {
        frame: me.frame(format!("We kept what you typed: {}", title(&me, &draft.place))),
        address: format!("/drafts/{}", draft.id),
        when: when(draft.at),
        until: draft.kept_until.map(time).unwrap_or_default(),
        form,
        lines: lines(catalogue, &fields),
        files: draft.files.clone(),
        action: if is_sent_again { format!("{}?{KEPT}={}", draft.place, draft.id) } else { String::new() },
        fields: if is_sent_again { fields.pairs().map(|(n, v)| (n.to_owned(), v.to_owned())).collect() } else { Vec::new() },
    };
    ok(&page)
}

async fn open(me: &SignedIn, id: &str) -> Result<Draft, Error> {
    me.visible().draft(id.parse::<Uuid>().map_err(|_| Error::NotFound)?, me.now).await
}

/// Whether the form of a draft is still shown to the reader.
fn is_there(me: &SignedIn, place: &Place, product: &Product) -> Result<bool, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let may = |act| offer(&setting, &me.actor, product, place.section, act).is_ok();
    let groups = setting.catalogue.section(place.section).map(|s| s.groups.as_slice()).unwrap_or_default();
    Ok(match &place.form {
        Form::Question(key) => {
            let group = groups.iter().find(|g| g.key() == *key);
            may(SectionAct::Answer) && group.is_some_and(|g| g.questions.iter().any(|q| given.is_shown(q)))
        }
        Form::Feedback => may(SectionAct::Answer) && !product.asked(&given, place.section).is_empty(),
        Form::Review => true,
    })
}

/// What was typed in each field, under words that people know.
fn lines(catalogue: &Catalogue, fields: &Fields) -> Vec<(String, String)> {
    let hidden = ["edition-", "was-", "seen-", "mine-"];
    let is_hidden =
        |name: &str| hidden.iter().any(|h| name.starts_with(h)) || ["edition", "go", "keep", "round", "next"].contains(&name);
    let is_typed = |(name, value): &(&str, &str)| !is_hidden(name) && !value.trim().is_empty() && value.parse::<Uuid>().is_err();
    fields.pairs().filter(is_typed).map(|(name, value)| (label(catalogue, name), value.to_owned())).collect()
}

fn label(catalogue: &Catalogue, name: &str) -> String {
    let parts = [
        ("answer-", ""),
        ("remark-", "To the reviewer about: "),
        ("remove-", "File to remove from: "),
        ("decision-", "Decision on: "),
        ("comment-", "What the supplier needs to do: "),
        ("reason-", "Reason or condition: "),
        ("note-", "Note for the team: "),
    ];
    let found = parts.iter().find_map(|(part, words)| {
        let key = name.strip_prefix(part)?;
        let of_date =
            ["-day", "-month", "-year"].iter().find_map(|end| Some((key.strip_suffix(end)?, end.trim_start_matches('-'))));
        let (key, end) = of_date.filter(|(key, _)| catalogue.find(key).is_some()).unwrap_or((key, ""));
        let (_, question) = catalogue.find(key)?;
        let end = if end.is_empty() { String::new() } else { format!(" ({end})") };
        Some(format!("{words}{}{end}", question.text))
    });
    found.unwrap_or_else(|| capitalised(&name.replace(['-', '_'], " ")))
}

/// Discards a draft.
pub async fn discard(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let draft = open(&me, &path).await?;
    me.app.db.discard_draft(&me.actor, draft.id.0, me.now).await?;
    let back = if Place::parse(&draft.place).is_some() { draft.place } else { "/drafts".to_owned() };
    Ok(see_other_with(&me, &back, &said("What you typed has been discarded")))
}
