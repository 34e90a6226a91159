//! Saved views: kept under names of one's own, seen by nobody else, shared by address.

use crate::support::*;

#[actix_web::test]
async fn a_filter_is_kept_under_a_name_and_stands_above_the_list() {
    let app = TestApp::new().await;
    app.get(REVIEWER, "/views").await.is(200).has("You have not saved a view yet");
    app.get(REVIEWER, "/queue").await.lacks("Save this view");
    app.get(REVIEWER, "/queue?due=overdue&page=1").await.has("Save this view").has("value=\"/queue?due=overdue\"");
    let kept = app.post(REVIEWER, "/views", &[("name", "  Late   ones "), ("address", "/queue?due=overdue&page=3&x=y")]).await;
    kept.goes_to("/queue?due=overdue");
    let list = app.follow(REVIEWER, &kept).await;
    list.has("The view &#34;Late ones&#34; is saved").has("aria-current=\"page\">Late ones").lacks("Name of this view");
    app.get(REVIEWER, "/queue").await.has(">Late ones</a>");
    app.get(REVIEWER, "/products").await.lacks("Late ones");
    app.get(OTHER_REVIEWER, "/queue").await.lacks("Late ones");
    app.get(REVIEWER, "/views").await.has("http://assured.test/queue?due=overdue");
    // Suppliers keep views of their own products.
    app.post(OWNER, "/views", &[("name", "Ours"), ("address", "/products?turn=supplier")]).await.goes_to("/products?turn=supplier");
    app.get(OWNER, "/products").await.has(">Ours</a>");
    app.finish().await;
}

#[actix_web::test]
async fn names_that_cannot_be_kept_are_said_beside_the_field() {
    let app = TestApp::new().await;
    let address = ("address", "/queue?due=overdue");
    for (name, sentence) in [
        ("", "Enter a name for this view"),
        ("   ", "Enter a name for this view"),
        (&*"n".repeat(61), "Name must be 60 characters or less. You have 1 too many"),
    ] {
        app.post(REVIEWER, "/views", &[("name", name), address]).await.is(422).has(sentence).has("value=\"/queue?due=overdue\"");
    }
    app.post(REVIEWER, "/views", &[("name", "Late"), address]).await.is(303);
    let twice = app.post(REVIEWER, "/views", &[("name", "late"), ("address", "/queue?assigned=me")]).await;
    twice.is(422).has("You have a view called").has("Enter another name").has("value=\"late\"");
    app.post(OTHER_REVIEWER, "/views", &[("name", "Late"), address]).await.is(303);
    for wrong in ["", "https://evil.example/", "//evil.example", "/admin/people", "/queue/next"] {
        app.post(REVIEWER, "/views", &[("name", "X"), ("address", wrong)]).await.is(400);
    }
    for number in 1..20 {
        app.post(REVIEWER, "/views", &[("name", &format!("View {number}")), address]).await.is(303);
    }
    app.post(REVIEWER, "/views", &[("name", "One more"), address]).await.is(422).has("You have 20 views, which is the most");
    app.finish().await;
}

#[actix_web::test]
async fn views_are_renamed_and_removed_by_their_owner_alone() {
    let app = TestApp::new().await;
    for name in ["Late", "Mine"] {
        app.post(REVIEWER, "/views", &[("name", name), ("address", "/queue?due=overdue")]).await.is(303);
    }
    let actor = app.actor(REVIEWER).await;
    let id = app.db.visible(&actor).views().await.unwrap()[0].id;
    let (rename, remove) = (format!("/views/{id}/name"), format!("/views/{id}/removal"));
    app.post(REVIEWER, &rename, &[("name", "")])
        .await
        .is(422)
        .has("Enter a name for this view")
        .has(&format!("href=\"#name-{id}\""));
    app.post(REVIEWER, &rename, &[("name", "MINE")]).await.is(422).has("You have a view called").has("value=\"MINE\"");
    app.post(OTHER_REVIEWER, &rename, &[("name", "Theirs")]).await.is(404);
    app.post(OTHER_REVIEWER, &remove, &[]).await.is(404);
    let renamed = app.post(REVIEWER, &rename, &[("name", "Too late")]).await;
    app.follow(REVIEWER, &renamed).await.has("The view is called &#34;Too late&#34; now").lacks(">Late<");
    let removed = app.post(REVIEWER, &remove, &[]).await;
    app.follow(REVIEWER, &removed).await.has("The view has been removed").has("Your views (1)");
    app.post(REVIEWER, &remove, &[]).await.is(404);
    app.finish().await;
}
