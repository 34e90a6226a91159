//! Two people change the same answer: both versions are shown, and each can be kept, of texts, choices, dates and files.

use assured::domain::answer::Value;
use assured::domain::catalogue::Section;

use crate::drafts::autosave;
use crate::journey::press;
use crate::page::{Form, form, forms};
use crate::support::http::Reply;
use crate::support::*;

const SECTION: Section = Section::ServiceManagement;

struct Two {
    app: TestApp,
    product: String,
    place: String,
}

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

impl Two {
    /// A section with answers of the owner, all on edition 1.
    async fn begin(section: Section, question: &str) -> Self {
        let app = TestApp::new().await;
        let product = app.product(OWNER).await;
        app.answer_all(OWNER, &product, section).await;
        let place = format!("/products/{}/sections/{section}/questions/{question}", product.to_lowercase());
        Self { app, product, place }
    }

    async fn value(&self, question: &str) -> Option<Value> {
        self.app.see(OWNER, &self.product).await.unwrap().answers[question].value.clone()
    }

    /// The page as the editor opens it.
    async fn opened(&self) -> Form {
        form(&self.app.get(EDITOR, &self.place).await, &self.place, "Save and continue")
    }

    async fn press(&self, page: &Reply, button: &str, change: impl FnOnce(&mut Form)) -> Reply {
        let mut open = form(page, &self.place, button);
        change(&mut open);
        press(&self.app, EDITOR, &open, button).await
    }

    /// Presses a button of one question.
    async fn choose(&self, page: &Reply, value: &str) -> Reply {
        let all = forms(page, &self.place);
        let open =
            all.iter().find(|f| f.buttons.iter().any(|(_, v, _)| v == value)).unwrap_or_else(|| panic!("{value}: {}", page.body));
        let mut fields: Vec<(&str, &str)> = open.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        fields.push(("keep", value));
        self.app.post(EDITOR, &open.action, &fields).await
    }
}

const MINE: &str = "Weekdays from 9am to 5pm by the service desk, and nobody at night.";
const THEIRS: &str = "Every day from 6am to 10pm by the service desk, and nobody at night.";

async fn collided() -> (Two, Reply) {
    let two = Two::begin(SECTION, "sm-desk-phone").await;
    let mut mine = two.opened().await;
    mine.set("answer-sm-support-hours", MINE).set("answer-sm-desk-phone", "0113 496 0999");
    two.app.answer(OWNER, &two.product, ("sm-support-hours", text(THEIRS)), "").await;
    let page = press(&two.app, EDITOR, &mine, "Save and continue").await;
    (two, page)
}

#[actix_web::test]
async fn both_versions_are_shown_with_what_differs() {
    let (two, page) = collided().await;
    page.is(409)
        .has("Somebody else changed this answer")
        .has("Priya Shah’s version, saved 2\u{a0}April 2026 at 10am")
        .has("Your version");
    page.has("[only here: </span>Every day from 6am to 10pm")
        .has("[only here: </span>Weekdays from 9am to 5pm")
        .has("Keep Priya’s");
    assert_eq!(two.value("sm-support-hours").await, Some(text(THEIRS)), "nothing is overwritten");
    two.app.get(EDITOR, &two.place).await.is(200).has("Keep mine").has("Weekdays from 9am");
    two.app.finish().await;
}

#[actix_web::test]
async fn mine_theirs_or_a_third_text_can_be_kept() {
    let other = "Both: weekdays from 9am to 5pm, and every day from 6am by telephone.";
    for (button, kept) in [("Keep mine", MINE), ("Keep Priya’s", THEIRS), ("Save the text in the form", other)] {
        let (two, page) = collided().await;
        let changed = |form: &mut Form| {
            // "Keep mine" means my version, whatever was typed into the field since.
            form.set("answer-sm-support-hours", other);
        };
        let saved = two.press(&page, button, changed).await;
        assert_eq!(saved.status, 303, "{button}: {}", saved.body);
        assert_eq!(two.value("sm-support-hours").await, Some(text(kept)), "{button}");
        assert_eq!(two.value("sm-desk-phone").await, Some(text("0113 496 0999")), "the rest of the page is saved with it");
        two.app.get(EDITOR, &two.place).await.is(200).lacks("We kept what you typed");
        two.app.finish().await;
    }
}

#[actix_web::test]
async fn several_answers_are_settled_one_by_one() {
    let two = Two::begin(SECTION, "sm-desk-phone").await;
    let mut mine = two.opened().await;
    mine.set("answer-sm-support-hours", MINE).set("answer-sm-desk-phone", "0113 496 0999");
    two.app.answer(OWNER, &two.product, ("sm-support-hours", text(THEIRS)), "").await;
    two.app.answer(OWNER, &two.product, ("sm-desk-phone", text("0113 496 0111")), "").await;
    let page = press(&two.app, EDITOR, &mine, "Save and continue").await;
    page.is(409).has("Somebody else changed these answers").has("0113 496 0111").has("0113 496 0999");
    let page = two.choose(&page, "mine:sm-support-hours").await;
    page.is(409).has("Somebody else changed this answer").has("0113 496 0111");
    assert_eq!(two.value("sm-support-hours").await, Some(text(THEIRS)), "nothing is saved before all is settled");
    two.choose(&page, "theirs:sm-desk-phone").await.is(303);
    assert_eq!(two.value("sm-support-hours").await, Some(text(MINE)));
    assert_eq!(two.value("sm-desk-phone").await, Some(text("0113 496 0111")));
    two.app.finish().await;
}

#[actix_web::test]
async fn a_second_collision_meanwhile_is_shown_as_well() {
    let (two, page) = collided().await;
    let third = "Weekdays from 10am to 4pm by the service desk, and nobody at night.";
    two.app.answer(OWNER, &two.product, ("sm-support-hours", text(third)), "").await;
    let page = two.press(&page, "Keep mine", |_| ()).await;
    page.is(409).has("10am to 4pm").has("9am to 5pm");
    two.press(&page, "Keep mine", |_| ()).await.is(303);
    assert_eq!(two.value("sm-support-hours").await, Some(text(MINE)));
    two.app.finish().await;
}

#[actix_web::test]
async fn what_both_started_from_is_shown_when_it_is_known() {
    let two = Two::begin(SECTION, "sm-desk-phone").await;
    let Some(Value::Text(first)) = two.value("sm-support-hours").await else { panic!("no answer") };
    let typed = [("edition-sm-support-hours", "1"), ("answer-sm-support-hours", MINE)];
    autosave(&two.app, EDITOR, &two.place, &typed).await.is(200);
    two.app.answer(OWNER, &two.product, ("sm-support-hours", text(THEIRS)), "").await;
    let late = autosave(&two.app, EDITOR, &two.place, &typed).await;
    late.is(409)
        .has("\"kept\":true")
        .has("Priya Shah has saved another version meanwhile")
        .has(&two.place)
        .has("See both versions");
    let page = two.app.get(EDITOR, &two.place).await;
    page.is(200).has("What you both started from").has(first.split('.').next().unwrap()).has("Keep Priya’s");
    two.app.finish().await;
}

#[actix_web::test]
async fn choices_dates_and_files_collide_too() {
    let two = Two::begin(Section::DataSecurity, "ds-dspt-profile").await;
    let mut mine = two.opened().await;
    let before = two.value("ds-dspt-published-on").await.unwrap();
    let Value::Date(date) = before else { panic!("a date") };
    let theirs = Value::Date(date - chrono::Days::new(40));
    mine.set("answer-ds-dspt-published-on-day", "1");
    two.app.answer(OWNER, &two.product, ("ds-dspt-published-on", theirs.clone()), "").await;
    let page = press(&two.app, EDITOR, &mine, "Save and continue").await;
    page.is(409).has("Keep mine").has("Your version");
    two.choose(&page, "theirs:ds-dspt-published-on").await.is(303);
    assert_eq!(two.value("ds-dspt-published-on").await, Some(theirs));

    let product = two.app.see(OWNER, &two.product).await.unwrap();
    let status = product.answers["ds-dspt-status"].value.clone().unwrap();
    let catalogue = two.app.rules.catalogue(1).unwrap();
    let (_, question) = catalogue.find("ds-dspt-status").unwrap();
    let others: Vec<&str> =
        question.options.iter().map(|o| o.value.as_str()).filter(|v| status != Value::Choice((*v).to_owned())).collect();
    let mut mine = two.opened().await;
    mine.set("answer-ds-dspt-status", others[0]);
    two.app.answer(OWNER, &two.product, ("ds-dspt-status", Value::Choice(others[1].to_owned())), "").await;
    let page = press(&two.app, EDITOR, &mine, "Save and continue").await;
    page.is(409).has(&question.choice(others[0]).unwrap().label).has(&question.choice(others[1]).unwrap().label);
    two.choose(&page, "mine:ds-dspt-status").await.is(303);
    assert_eq!(two.value("ds-dspt-status").await, Some(Value::Choice(others[0].to_owned())));
    two.app.finish().await;
}

#[actix_web::test]
async fn files_of_both_are_named() {
    let two = Two::begin(Section::DataSecurity, "ds-isms-basis").await;
    let page = two.app.get(EDITOR, &two.place).await;
    let open = form(&page, &two.place, "Save and continue");
    let Some(Value::Files { files, expires_on }) = two.value("ds-isms-certificate").await else { panic!("no files") };
    let gone = files[0].id.to_string();
    let mut fields: Vec<(&str, &str)> = open.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.push(("remove-ds-isms-certificate", &gone));
    let renamed = Value::Files { files: files.clone(), expires_on: expires_on.map(|d| d + chrono::Days::new(5)) };
    two.app.answer(OWNER, &two.product, ("ds-isms-certificate", renamed), "").await;
    let pdf = assured::demo::answers::pdf("Another certificate");
    let file = ("file-ds-isms-certificate", "another.pdf", pdf.as_slice());
    let page = two.app.upload(EDITOR, &two.place, &fields, &[file]).await;
    page.is(409).has("Choose these files again: another.pdf").has(&files[0].name).has("Keep Priya’s");
    two.choose(&page, "theirs:ds-isms-certificate").await.is(303);
    two.app.finish().await;
}

#[actix_web::test]
async fn a_feedback_round_collides_in_the_same_way() {
    let two = Two::begin(SECTION, "sm-desk-phone").await;
    two.app.act(OWNER, &two.product, SECTION, assured::domain::command::SectionCommand::Send(statement(SECTION))).await;
    two.app.send_back(REVIEWER, &two.product, SECTION, &["sm-support-hours"]).await;
    let round = two.place.replace("questions/sm-desk-phone", "feedback");
    let two = Two { place: round.clone(), ..two };
    let mut mine = form(&two.app.get(EDITOR, &round).await, &round, "Check what you changed");
    mine.set("answer-sm-support-hours", MINE);
    two.app.answer(OWNER, &two.product, ("sm-support-hours", text(THEIRS)), "").await;
    let page = press(&two.app, EDITOR, &mine, "Check what you changed").await;
    page.is(409).has("Keep mine").has("Priya Shah’s version");
    two.press(&page, "Keep mine", |_| ()).await.goes_to(&format!("{round}/check"));
    assert_eq!(two.value("sm-support-hours").await, Some(text(MINE)));
    two.app.finish().await;
}
