//! Going live: the production configuration beside INT, the steps before the first user, and the day.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::ctx::{SignedIn, see_other_with};
use super::form::{Fields, Problems};
use super::frame::{Flash, Frame};
use super::page::{ok, page, unprocessable};
use super::parts::{DateParts, Item};
use super::question_view::date_parts;
use crate::domain::answer::Given;
use crate::domain::command::Command;
use crate::domain::live::facts::{ClientAuth, Compared, GoLiveStep, Likeness, LiveFacts, SigningAlgorithm, Typed, live_date};
use crate::domain::live::{Judge, LiveAct, LiveCommand};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::words::{counted, long_date, short_date};

/// The form as it is shown.
struct Form {
    redirect_uris: String,
    logout_url: String,
    client_auth: Vec<Item>,
    jwks_url: String,
    signing_algorithm: Vec<Item>,
    userinfo_signed: Vec<Item>,
    scopes: Vec<Item>,
    sent_on: DateParts,
    planned_on: DateParts,
    done: Vec<Item>,
    edition: String,
}

/// A line of the comparison.
struct Row {
    label: &'static str,
    int: String,
    production: String,
    tag: &'static str,
    look: &'static str,
}

/// A step before the first user.
struct Step {
    label: &'static str,
    hint: &'static str,
    is_done: bool,
}

#[derive(Template)]
#[template(path = "live/show.html")]
struct LivePage {
    frame: Frame,
    back: String,
    address: String,
    product_name: String,
    status: String,
    is_given: bool,
    rows: Vec<Row>,
    warnings: Vec<String>,
    steps: Vec<Step>,
    known: Vec<(&'static str, String)>,
    /// The form, for those who may give the configuration.
    form: Option<Form>,
    uses_logout: bool,
    can_record: bool,
    /// Why a manager cannot record the day yet.
    blocked: String,
    live_on: DateParts,
    can_alter: bool,
    theirs: Vec<(&'static str, String)>,
}

const fn yes_no_word(answer: Option<bool>) -> &'static str {
    match answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

/// What was typed, field by field.
fn typed(fields: &Fields) -> Typed {
    Typed {
        redirect_uris: fields.text("redirect-uris"),
        logout_url: fields.text("logout-url"),
        client_auth: fields.text("client-auth"),
        jwks_url: fields.text("jwks-url"),
        signing_algorithm: fields.text("signing-algorithm"),
        userinfo_signed: fields.text("userinfo-signed"),
        scopes: fields.all("scopes").to_vec(),
        sent_on: fields.date("sent-on"),
        planned_on: fields.date("planned-on"),
        done: fields.all("done").to_vec(),
    }
}

/// What is saved, as it would be typed.
fn saved(facts: &LiveFacts) -> Typed {
    let parts = |date| {
        let DateParts { day, month, year, .. } = date_parts(date);
        [day, month, year]
    };
    Typed {
        redirect_uris: facts.redirect_uris.clone(),
        logout_url: facts.logout_url.clone(),
        client_auth: facts.client_auth.map_or("", ClientAuth::word).to_owned(),
        jwks_url: facts.jwks_url.clone(),
        signing_algorithm: facts.signing_algorithm.map_or("", SigningAlgorithm::word).to_owned(),
        userinfo_signed: yes_no_word(facts.userinfo_signed).to_owned(),
        scopes: facts.scopes.iter().cloned().collect(),
        sent_on: parts(facts.sent_on),
        planned_on: parts(facts.planned_on),
        done: facts.done.iter().map(|step| step.word().to_owned()).collect(),
    }
}

fn form(given: &Given<'_>, typed: Typed, edition: String) -> Form {
    let date = |[day, month, year]: [String; 3]| DateParts::new(day, month, year);
    let options = given.catalogue.find("cx-scopes").map(|(_, question)| question.options.as_slice()).unwrap_or_default();
    let has = |list: &[String], word: &str| list.iter().any(|v| v == word);
    let algorithms =
        SigningAlgorithm::ALL.iter().map(|a| Item::new(a.word(), a.word()).checked(a.word() == typed.signing_algorithm));
    Form {
        client_auth: ClientAuth::ALL
            .iter()
            .map(|a| Item::new(a.word(), a.label()).checked(a.word() == typed.client_auth))
            .collect(),
        signing_algorithm: [Item::new("", "Choose one")].into_iter().chain(algorithms).collect(),
        userinfo_signed: [("yes", "Yes"), ("no", "No")]
            .map(|(word, label)| Item::new(word, label).checked(word == typed.userinfo_signed))
            .to_vec(),
        scopes: options.iter().map(|o| Item::new(&*o.value, &*o.label).checked(o.fixed || has(&typed.scopes, &o.value))).collect(),
        done: GoLiveStep::ALL
            .iter()
            .map(|s| Item::new(s.word(), s.label()).hint(s.hint()).checked(has(&typed.done, s.word())))
            .collect(),
        redirect_uris: typed.redirect_uris,
        logout_url: typed.logout_url,
        jwks_url: typed.jwks_url,
        sent_on: date(typed.sent_on),
        planned_on: date(typed.planned_on),
        edition,
    }
}

fn row(compared: Compared) -> Row {
    let look = match compared.likeness {
        Likeness::Same => "plain",
        Likeness::Differs if compared.should_mirror => "orange",
        Likeness::Differs => "white",
        Likeness::NotGiven => "grey",
    };
    let said = |text: String| if text.is_empty() { "Not given yet".to_owned() } else { text };
    Row {
        label: compared.label,
        int: said(compared.int),
        production: said(compared.production),
        tag: compared.likeness.label(),
        look,
    }
}

/// Facts of production that INT has no counterpart for, as they are saved.
fn known(facts: &LiveFacts) -> Vec<(&'static str, String)> {
    let said = |text: String| if text.is_empty() { "Not said yet".to_owned() } else { text };
    let signed = match facts.userinfo_signed {
        Some(true) => "Yes",
        Some(false) => "No",
        None => "",
    };
    vec![
        ("Signing algorithm", said(facts.signing_algorithm.map_or("", SigningAlgorithm::word).to_owned())),
        ("UserInfo responses signed", said(signed.to_owned())),
        ("Configuration sent to the CIS2 team", said(facts.sent_on.map(short_date).unwrap_or_default())),
        ("Planned first day of use", said(facts.planned_on.map(short_date).unwrap_or_default())),
    ]
}

fn live_page(me: &SignedIn, product: &Product, (entered, edition): (Typed, String)) -> Result<LivePage, Error> {
    let setting = me.app.rules.setting(product, me.now)?;
    let given = product.given(setting.catalogue, me.today());
    let judge = Judge { setting: &setting, actor: &me.actor, product };
    let recording = judge.offer(LiveAct::GoLive);
    let facts = &product.live;
    let status = match (product.live_on, product.is_assured()) {
        (Some(on), _) => format!("{} has been live since {}.", product.facts.name, long_date(on)),
        (None, true) => format!("{} is assured and can go live.", product.facts.name),
        (None, false) => "You can prepare this now. The product can go live when it’s assured.".to_owned(),
    };
    Ok(LivePage {
        frame: me.frame(format!("Go live – {}", product.facts.name)),
        back: product.address(),
        address: format!("{}/live", product.address()),
        product_name: product.facts.name.clone(),
        status,
        is_given: facts.is_given(),
        rows: facts.compared(&given).into_iter().map(row).collect(),
        warnings: if facts.is_given() { facts.warnings(&given) } else { Vec::new() },
        steps: GoLiveStep::ALL.iter().map(|s| Step { label: s.label(), hint: s.hint(), is_done: facts.done.contains(s) }).collect(),
        known: known(facts),
        form: judge.offer(LiveAct::Configure).is_ok().then(|| form(&given, entered, edition)),
        uses_logout: given.choice("cx-bcl-used") != Some("no"),
        can_record: recording.is_ok(),
        blocked: if let Err(Refusal::Missing(condition)) = recording { condition.sentence().to_owned() } else { String::new() },
        live_on: date_parts(product.live_on),
        can_alter: judge.offer(LiveAct::Alter).is_ok(),
        theirs: Vec::new(),
    })
}

/// The page of going live.
pub async fn show(me: SignedIn, path: Path<String>) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    ok(&live_page(&me, &product, (saved(&product.live), product.live.edition()))?)
}

/// The facts from the form, or what is wrong with them, in the order of the page.
fn read(given: &Given<'_>, typed: &Typed) -> Result<LiveFacts, Problems> {
    const ORDER: [&str; 9] = [
        "redirect-uris",
        "logout-url",
        "client-auth",
        "jwks-url",
        "signing-algorithm",
        "userinfo-signed",
        "scopes",
        "sent-on",
        "planned-on",
    ];
    let mut faults: Vec<(&str, String)> = match LiveFacts::parse(typed, given) {
        Ok(facts) => {
            let missing = facts.missing(given);
            if missing.is_empty() {
                return Ok(facts);
            }
            missing.into_iter().map(|(field, text)| (field, text.to_owned())).collect()
        }
        Err(faults) => faults,
    };
    faults.sort_by_key(|(field, _)| ORDER.iter().position(|f| f == field));
    let mut problems = Problems::default();
    for (field, text) in faults {
        let is_date = matches!(field, "sent-on" | "planned-on");
        problems.add(&if is_date { format!("{field}-day") } else { field.to_owned() }, text);
    }
    Err(problems)
}

/// Saves the production configuration.
pub async fn save(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    Judge { setting: &setting, actor: &me.actor, product: &product }.offer(LiveAct::Configure)?;
    let given = product.given(setting.catalogue, me.today());
    let (entered, edition) = (typed(&fields), fields.text("edition"));
    let facts = match read(&given, &entered) {
        Ok(facts) => facts,
        Err(problems) => {
            let mut page = live_page(&me, &product, (entered, edition))?;
            page.frame.problems = problems.0;
            return unprocessable(&page);
        }
    };
    match me.act(&product.reference, &Command::Live(LiveCommand::Configure(Box::new(facts), edition))).await {
        Ok(product) => {
            let given = product.given(setting.catalogue, me.today());
            let warnings = product.live.warnings(&given).len();
            let text = if warnings == 0 { String::new() } else { format!("Look at {} below.", counted(warnings, "warning")) };
            let flash = Flash { title: "Production configuration saved".to_owned(), text, link: None };
            Ok(see_other_with(&me, &format!("{}/live", product.address()), &flash))
        }
        Err(Error::Refused(Refusal::Outdated(_))) => conflict(&me, &product.reference, entered).await,
        Err(error) => Err(error),
    }
}

/// The form again with what was typed, beside what somebody else saved meanwhile.
async fn conflict(me: &SignedIn, reference: &str, entered: Typed) -> Result<HttpResponse, Error> {
    let product = me.visible().product(reference).await?;
    let mut template = live_page(me, &product, (entered, product.live.edition()))?;
    let facts = &product.live;
    template.theirs = vec![
        ("Redirect URIs", facts.redirect_uris.clone()),
        ("Back-channel logout address", facts.logout_url.clone()),
        ("Client authentication", facts.client_auth.map_or("", ClientAuth::label).to_owned()),
        ("Address of public keys", facts.jwks_url.clone()),
        ("Scopes", facts.scopes.iter().map(String::as_str).collect::<Vec<_>>().join(", ")),
        ("Steps done", facts.done.iter().map(|s| s.label()).collect::<Vec<_>>().join(", ")),
    ];
    template.theirs.extend(known(facts));
    page(StatusCode::CONFLICT, &template)
}

/// Records the day on which the product went live.
pub async fn record(me: SignedIn, path: Path<String>, fields: Fields) -> Result<HttpResponse, Error> {
    let product = me.visible().product(&path).await?;
    let setting = me.app.rules.setting(&product, me.now)?;
    Judge { setting: &setting, actor: &me.actor, product: &product }.offer(LiveAct::GoLive)?;
    let parts = fields.date("live-on");
    let read = live_date(&parts, product.live.sent_on, me.today());
    let on = match read.and_then(|date| date.ok_or_else(|| "Enter the date on which the product went live".to_owned())) {
        Ok(on) => on,
        Err(sentence) => {
            let mut page = live_page(&me, &product, (saved(&product.live), product.live.edition()))?;
            let [day, month, year] = parts;
            page.live_on = DateParts::new(day, month, year);
            page.frame.problems = vec![("live-on-day".to_owned(), sentence)];
            return unprocessable(&page);
        }
    };
    let product = me.act(&product.reference, &Command::Live(LiveCommand::GoLive(on))).await?;
    let flash = Flash { title: format!("{} is live", product.facts.name), text: format!("Since {}.", long_date(on)), link: None };
    Ok(see_other_with(&me, &product.address(), &flash))
}
