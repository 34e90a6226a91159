//! The history of a product: by topic, person, section and days, on the page and as a file.

use assured::domain::answer::Value;
use assured::domain::catalogue::Section;
use chrono::Duration;

use crate::support::*;

#[actix_web::test]
async fn the_history_can_be_filtered_and_taken_away() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let value = Value::Text("Paper charts are kept.".to_owned());
    app.answer(EDITOR, &reference, ("cr-loss-of-access", value), "").await;
    app.advance(Duration::days(3));
    app.send(OWNER, &reference, Section::MedicalDevice).await;
    app.send_back(REVIEWER, &reference, Section::MedicalDevice, &["md-is-device"]).await;
    let address = format!("/products/{}/history", reference.to_lowercase());
    let titles = async |query: &str| {
        let page = app.get(OWNER, &format!("{address}{query}")).await;
        page.is(200);
        page.body.matches("app-timeline__title").count()
    };
    let all = titles("").await;
    assert_eq!(titles("?topic=product").await, 1);
    assert_eq!(titles("?topic=review").await, 3, "sent, taken and returned; decisions are private");
    assert_eq!(titles("?topic=review&section=clinical-risk").await, 0);
    assert_eq!(titles("?by=Tom+Bell").await, 1);
    assert_eq!(titles("?by=Amina+Okafor&topic=review&section=medical-device").await, 2);
    assert_eq!(titles("?until-day=2&until-month=4&until-year=2026").await, 2);
    assert_eq!(titles("?from-day=3&from-month=4&from-year=2026").await, all - 2);
    assert_eq!(titles("?topic=nothing&section=nowhere").await, all, "words that are none choose nothing");

    let page = app.get(OWNER, &format!("{address}?by=Tom+Bell&topic=answers")).await;
    page.has("Remove the filter </span>By Tom Bell").has(&format!("{address}?topic=answers\""));
    page.has(&format!("{address}.csv?topic=answers&#38;by=Tom+Bell"));
    app.get(OWNER, &format!("{address}?topic=live")).await.has("Nothing that happened matches these filters");
    let csv = app.get(OWNER, &format!("{address}.csv?by=Tom+Bell&topic=answers")).await;
    csv.is(200);
    assert_eq!(csv.body.lines().count(), 2, "{}", csv.body);
    csv.has("2026-04-02T10:00:00+01:00,Tom Bell,Answer saved: ");
    // What suppliers may not read is in none of it.
    app.get(OWNER, &format!("{address}.csv")).await.lacks("Decision saved");
    app.get(REVIEWER, &format!("{address}.csv?topic=review")).await.has("Decision saved");
    app.get(RIVAL, &format!("{address}.csv")).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn a_date_that_is_none_is_said_beside_its_field_and_kept() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let address = format!("/products/{}/history", reference.to_lowercase());
    let page = app.get(OWNER, &format!("{address}?topic=product&from-day=31&from-month=2&from-year=2026")).await;
    page.is(422).has("From must be a real date").has("value=\"31\"").has("value=\"product\" selected");
    let order = "from-day=3&from-month=4&from-year=2026&until-day=2&until-month=4&until-year=2026";
    app.get(OWNER, &format!("{address}?{order}")).await.is(422).has("Until must be the same as or after From");
    app.get(OWNER, &format!("{address}.csv?{order}")).await.is(400);
    app.finish().await;
}
