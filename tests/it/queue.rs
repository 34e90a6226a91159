//! The queue: filters as addresses, urgency, clocks, and taking the next review.

use assured::domain::catalogue::Section;
use assured::domain::command::SectionCommand;
use chrono::Duration;

use crate::support::*;

/// Three products with reviews: due on Monday 13 April, and one sent four days later.
async fn busy() -> TestApp {
    let app = TestApp::new().await;
    for section in [Section::ServiceManagement, Section::MedicalDevice] {
        let reference = app.product(OWNER).await;
        app.send(OWNER, &reference, section).await;
    }
    app.act(REVIEWER, "C2A-1001", Section::ServiceManagement, SectionCommand::Take).await;
    app.advance(Duration::days(6));
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, Section::ServiceManagement).await;
    app
}

#[actix_web::test]
async fn reviews_stand_under_their_urgency_with_how_many_there_are() {
    let app = busy().await;
    let page = app.get(REVIEWER, "/queue").await;
    page.has("Review queue (3)").has("Due after this week (3)").has("2 of 5 working days used").has("3 working days left");
    app.advance(Duration::days(5));
    app.get(REVIEWER, "/queue").await.has("Due today (2)").has("Due later this week (1)").lacks("Overdue (1)</h2>");
    app.advance(Duration::days(2));
    let late = app.get(REVIEWER, "/queue").await;
    late.has("Overdue (2)").has("Due today (1)").has("Overdue 2 days").has("All 5 working days used, overdue by 2");
    app.finish().await;
}

#[actix_web::test]
async fn filters_are_in_the_address_and_can_be_removed_one_by_one() {
    let app = busy().await;
    app.advance(Duration::days(7));
    let person = app.id(REVIEWER).await;
    for (query, number, tag) in [
        ("assigned=nobody", 2, "Assigned to nobody"),
        ("assigned=me", 0, "Assigned to me"),
        ("section=service-management", 2, "Service and incident management"),
        ("round=first", 3, "First round"),
        ("round=later", 0, "Second round or later"),
        ("due=overdue", 2, "Overdue"),
        ("due=today", 1, "Due today"),
        ("due=tomorrow", 0, "Due tomorrow"),
        ("due=overdue&assigned=nobody", 1, "Overdue"),
        ("due=whenever&section=none&round=9&assigned=anyone", 3, ""),
    ] {
        let page = app.get(MANAGER, &format!("/queue?{query}")).await;
        page.is(200).has(&format!("Review queue ({number})"));
        if !tag.is_empty() {
            page.has(&format!("Remove the filter </span>{tag}"));
        }
    }
    let page = app.get(MANAGER, &format!("/queue?assigned={person}&due=overdue")).await;
    page.has("Review queue (1)").has("Assigned to Amina Okafor").has("href=\"/queue?due=overdue\"").has("Clear filters");
    app.get(OWNER, "/queue?due=overdue").await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn sections_that_went_back_say_how_long_they_wait() {
    let app = busy().await;
    app.send_back(REVIEWER, "C2A-1001", Section::ServiceManagement, &["sm-desk-phone"]).await;
    app.advance(Duration::days(4));
    app.get(REVIEWER, "/queue/sent-back").await.has("Sent back, waiting for the supplier (1)").has("Waiting 4 days");
    app.get(REVIEWER, "/queue/sent-back?section=medical-device").await.has("No reviews match these filters");
    app.finish().await;
}

#[actix_web::test]
async fn the_next_review_is_the_first_due_of_what_somebody_reviews() {
    let app = busy().await;
    let page = format!("/reviewers/{}", app.id(OTHER_REVIEWER).await);
    app.post(OTHER_REVIEWER, &page, &[("skills", "service-management")]).await.is(303);
    // Medical device is due first, but not theirs.
    let to = |reference: &str, section: &str| format!("/products/{reference}/sections/{section}/review");
    let next = app.post(OTHER_REVIEWER, "/queue/next", &[]).await;
    next.goes_to(&to("c2a-1003", "service-management"));
    app.follow(OTHER_REVIEWER, &next).await.has("You have this review");
    let other = app.post(OTHER_REVIEWER, "/queue/next", &[]).await;
    other.goes_to(&to("c2a-1002", "medical-device"));
    app.follow(OTHER_REVIEWER, &other).await.has("Nothing is waiting in the sections that you usually review.");
    app.post(MANAGER, "/queue/next", &[]).await.is(403);
    app.post(OWNER, "/queue/next", &[]).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn what_somebody_reviews_is_set_by_them_and_how_much_by_a_manager() {
    let app = TestApp::new().await;
    let page = format!("/reviewers/{}", app.id(REVIEWER).await);
    app.get(REVIEWER, &page).await.is(200).has("5 reviews. A manager can change it.").lacks("name=\"a-week\"");
    app.post(REVIEWER, &page, &[("skills", "clinical-risk"), ("skills", "nonsense"), ("a-week", "50")]).await.is(303);
    app.get(REVIEWER, &page).await.has("5 reviews. A manager can change it.");
    for wrong in ["0", "51", "-1", "many", "2.5", "99999999999"] {
        let refused = app.post(MANAGER, &page, &[("a-week", wrong), ("skills", "medical-device")]).await;
        refused.is(422).has("Reviews a week must be a whole number from 1 to 50").has(&format!("value=\"{wrong}\""));
    }
    app.post(MANAGER, &page, &[("a-week", "3"), ("skills", "clinical-risk")]).await.is(303);
    app.get(REVIEWER, &page).await.has("3 reviews. A manager can change it.");
    app.get(OTHER_REVIEWER, &page).await.is(404);
    app.post(OTHER_REVIEWER, &page, &[]).await.is(404);
    app.get(MANAGER, &format!("/reviewers/{}", app.id(OWNER).await)).await.is(404);
    app.finish().await;
}
