//! Search: everybody finds what is theirs by its words, the best match first, and nobody anything else.

use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use assured::domain::query::Query;
use assured::store::search::{FoundKind, MARKS};
use sea_orm::ConnectionTrait;

use crate::support::*;

const SAFETY: &str = "cr-loss-of-access";

async fn says(app: &TestApp, who: Persona, reference: &str, text: &str) {
    app.answer(who, reference, (SAFETY, Value::Text(text.to_owned())), "").await;
}

/// Kind and name of what somebody finds, in order.
async fn finds(app: &TestApp, who: Persona, typed: &str) -> Vec<(FoundKind, String)> {
    let actor = app.actor(who).await;
    let page = app.db.visible(&actor).search(&Query::parse(typed), 1).await.unwrap();
    assert!(page.total >= page.rows.len() as u64);
    page.rows.into_iter().map(|f| (f.kind, f.product.map_or(f.organisation.1, |p| p.1))).collect()
}

#[actix_web::test]
async fn an_answer_is_found_by_a_word_in_it_and_leads_to_its_question() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    says(&app, OWNER, &reference, "Staff keep paper charts in the <b>ambulatory</b> clinic & ward.").await;

    let page = app.get(REVIEWER, "/search?q=Ambulatory").await;
    page.is(200).has("1 result").has("<mark>ambulatory</mark>").has("clinic &#38; ward").lacks("<b>");
    let address = format!("/products/{}/sections/clinical-risk#{SAFETY}", reference.to_lowercase());
    page.has(&format!("href=\"{address}\""));
    app.get(REVIEWER, &address).await.is(200).has(&format!("id=\"{SAFETY}\"")).has("ambulatory");
    // The supplier lands where the answer can be changed.
    let own = format!("/products/{}/sections/clinical-risk/questions/{SAFETY}", reference.to_lowercase());
    app.get(OWNER, "/search?q=ambulatory").await.is(200).has(&format!("href=\"{own}\""));
    app.get(OWNER, &own).await.is(200);
    app.finish().await;
}

#[actix_web::test]
async fn nobody_finds_what_only_others_wrote() {
    let app = TestApp::new().await;
    let (own, foreign) = (app.product(OWNER).await, app.product(RIVAL).await);
    says(&app, OWNER, &own, "Our secret is marmalade.").await;
    says(&app, RIVAL, &foreign, "Their secret is liquorice.").await;
    for (who, word, number) in [
        (OWNER, "marmalade", 1),
        (VIEWER, "marmalade", 1),
        (RIVAL, "marmalade", 0),
        (REVIEWER, "marmalade", 1),
        (MANAGER, "secret", 2),
        (RIVAL, "secret", 1),
        (ADMINISTRATOR, "secret", 0),
        (RIVAL, "secret -liquorice", 0),
        (RIVAL, "marmalade or liquorice", 1),
        (RIVAL, "Priya", 0),
    ] {
        assert_eq!(finds(&app, who, word).await.len(), number, "{} looks for {word}", who.name);
    }
    app.get(RIVAL, "/search?q=marmalade").await.is(200).has("Nothing found").lacks("Wardlight");
    app.get(RIVAL, &format!("/search?q={own}")).await.is(200).has("Nothing found");
    app.get(OWNER, &format!("/search?q={own}")).await.goes_to(&format!("/products/{}", own.to_lowercase()));
    app.get(ADMINISTRATOR, "/search?q=marmalade").await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn names_come_before_answers_that_mention_them() {
    let app = TestApp::new().await;
    let (first, second) = (app.product(OWNER).await, app.product(OWNER).await);
    says(&app, OWNER, &first, "Nobody uses Medibridge, we use Wardlight 2 only.").await;
    says(&app, OWNER, &second, "medibridge medibridge").await;
    let found = finds(&app, MANAGER, "medibridge").await;
    assert_eq!(found.first(), Some(&(FoundKind::Supplier, "Medibridge".to_owned())), "{found:?}");
    // Twice in few words is more than once in many.
    assert_eq!(found[1..], [(FoundKind::Answer, "Wardlight 2".to_owned()), (FoundKind::Answer, "Wardlight 1".to_owned())]);
    let found = finds(&app, MANAGER, "\"Wardlight 2\"").await;
    assert_eq!(found[0], (FoundKind::Product, "Wardlight 2".to_owned()), "{found:?}");
    // Words in another form are found too.
    assert_eq!(finds(&app, MANAGER, "used").await.len(), 1);
    app.finish().await;
}

#[actix_web::test]
async fn what_is_found_is_what_is_there_now() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    says(&app, OWNER, &reference, "Paper charts.").await;
    says(&app, OWNER, &reference, "Laminated cards.").await;
    assert!(finds(&app, OWNER, "charts").await.is_empty());
    assert_eq!(finds(&app, OWNER, "laminated").await.len(), 1);

    let product = app.see(OWNER, &reference).await.unwrap();
    let facts = assured::domain::facts::Facts { name: "Nightingale".to_owned(), ..product.facts.clone() };
    let change = assured::domain::command::Command::Change(Box::new(facts), product.facts.edition());
    app.try_act(OWNER, &reference, &change).await.unwrap();
    assert_eq!(finds(&app, OWNER, "nightingale").await, [(FoundKind::Product, "Nightingale".to_owned())]);
    assert!(finds(&app, OWNER, "\"wardlight 1\"").await.is_empty());

    app.answer_all(OWNER, &reference, Section::ClinicalRisk).await;
    assert!(!finds(&app, REVIEWER, "\"clinical-risk-management-plan.pdf\"").await.is_empty(), "files are found by their names");
    app.finish().await;
}

#[actix_web::test]
async fn rows_from_before_search_are_found_after_the_migration() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    says(&app, OWNER, &reference, "Paper charts.").await;
    let raw = app.place.raw().await;
    // As a database is that has rows and no index yet.
    let undo = if app.db.is_embedded() {
        "DROP TRIGGER search_organisation_added; DROP TRIGGER search_organisation_changed; DROP TRIGGER search_product_added; \
         DROP TRIGGER search_product_changed; DROP TRIGGER search_certificate_added; DROP TRIGGER search_certificate_changed; \
         DROP TRIGGER search_answer_added; DROP TRIGGER search_answer_changed; DROP TABLE search_index; DROP TABLE search; \
         DELETE FROM seaql_migrations WHERE version = 'm0006_search'"
    } else {
        "DROP FUNCTION search_organisation CASCADE; DROP FUNCTION search_product CASCADE; DROP FUNCTION search_certificate CASCADE; \
         DROP FUNCTION search_answer CASCADE; DROP TABLE search; DELETE FROM seaql_migrations WHERE version = 'm0006_search'"
    };
    raw.execute_unprepared(undo).await.unwrap();
    raw.close().await.unwrap();
    app.db.migrate().await.unwrap();
    assert_eq!(finds(&app, REVIEWER, "charts").await.len(), 1);
    assert_eq!(finds(&app, REVIEWER, "wardlight").await.len(), 2, "the product and its supplier");
    app.finish().await;
}

#[actix_web::test]
async fn whatever_is_typed_is_an_answer() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    says(&app, OWNER, &reference, "Paper charts.").await;
    let long = "charts ".repeat(1_430);
    let tall = "c".repeat(10_000);
    for typed in [
        "\"",
        "\"\"",
        "\"charts",
        "*",
        "charts*",
        "(charts",
        "charts)",
        "AND",
        "OR",
        "NOT",
        "NOT charts",
        "NEAR(a b)",
        "title:charts",
        "^charts",
        "-",
        "--",
        "-charts",
        "charts -",
        "or",
        "or or",
        "a or",
        "':*'",
        "charts:*",
        "a & b | !c",
        "<->",
        "\\",
        "\\'",
        "%",
        "_",
        "charts\0",
        "\0",
        "\u{e000}\u{e001}",
        "\u{202e}",
        "🦭",
        "{charts}",
        "+charts",
        "charts AND",
        "a\"b\"c",
        "1 OR 1=1; --",
        "c2a-",
        "c2a-99999999999999999999",
        "C2A-%",
        "sac-",
        "SAC-2026-0000-0000-0000",
        "é",
        "-\"a b\"",
        "\"-\"",
        "ſ",
        &long,
        &tall,
    ] {
        let query = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect::<String>();
        for page in ["", "&page=0", "&page=2", "&page=18446744073709551615"] {
            let reply = app.get(MANAGER, &format!("/search?q={query}{page}")).await;
            assert_eq!(reply.status, 200, "{typed:?}{page}: {}", reply.body);
        }
    }
    app.get(MANAGER, "/search?q=a&page=x").await.is(404);
    assert_eq!(finds(&app, MANAGER, "charts*").await.len(), 1);
    assert_eq!(finds(&app, MANAGER, &long).await.len(), 1);
    app.finish().await;
}

#[actix_web::test]
async fn results_come_in_pages_with_a_fixed_number_of_statements() {
    let app = TestApp::new().await;
    for _ in 0..3 {
        let reference = app.product(OWNER).await;
        says(&app, OWNER, &reference, "Paper charts on paper.").await;
    }
    let count = async |address: &str| {
        app.get(MANAGER, address).await.is(200);
        let before = app.db.statements();
        let reply = app.get(MANAGER, address).await;
        (app.db.statements() - before, reply)
    };
    let (few, _) = count("/search?q=paper").await;
    for _ in 0..57 {
        let reference = app.product(OWNER).await;
        says(&app, OWNER, &reference, "Paper charts on paper.").await;
    }
    let (many, first) = count("/search?q=paper").await;
    assert_eq!(few, many);
    assert!(many <= 5, "{many}");
    first.has("60 results").has("/search?q=paper&#38;page=2");
    let (_, last) = count("/search?q=paper&page=3").await;
    assert_eq!(last.body.matches("class=\"app-row\"").count(), 10);
    count("/search?q=paper&page=9").await.1.has("There is nothing on this page");
    let actor = app.actor(MANAGER).await;
    let page = app.db.visible(&actor).search(&Query::parse("paper"), 1).await.unwrap();
    assert!(page.rows[0].part.contains(&format!("{}Paper{}", MARKS.0, MARKS.1)), "{:?}", page.rows[0]);
    app.finish().await;
}
