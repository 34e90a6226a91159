//! Whom a product waited for: the tables that lists read say what the events say, and holding stops the clocks.

use assured::domain::actor::Actor;
use assured::domain::calendar::london_date;
use assured::domain::catalogue::Section;
use assured::domain::command::Command;
use assured::domain::forecast::steps;
use assured::domain::passage::{Days, End, Party, Posture, told};
use assured::domain::waits::What;
use assured::domain::words::ProductId;
use assured::store::Db;
use assured::store::visible::ProductFilter;
use chrono::Duration;
use sea_orm::{ConnectionTrait, Statement};

use crate::support::database::Place;
use crate::support::*;

impl TestApp {
    /// Compares passages, stretches and waits of every product with its events and with what it waits for now.
    pub async fn clocks_agree(&self) {
        clocks_agree(&self.db, &self.place, &self.actor(MANAGER).await).await;
        self.steps_agree().await;
    }

    /// The steps that events tell of as open are what each product in progress waits for now.
    async fn steps_agree(&self) {
        let is_test = |w: &What| matches!(w, What::TestFacts | What::CheckProblem | What::Checks | What::Test | What::RunSheet);
        for one in self.db.unmade_forecasts(london_date(self.now()), ProductId(uuid::Uuid::nil())).await.unwrap() {
            let mut waits: Vec<What> = one.product.waits().iter().map(|w| w.what).collect();
            waits.iter_mut().filter(|w| is_test(w)).for_each(|w| *w = What::Test);
            waits.sort();
            let mut open: Vec<What> = steps(&one.events).iter().filter(|s| s.until.is_none()).map(|s| s.what).collect();
            open.sort();
            assert_eq!(open, waits, "{}", one.product.reference);
        }
    }
}

/// The same for every product that somebody sees in a database.
pub async fn clocks_agree(db: &Db, place: &Place, manager: &Actor) {
    let visible = db.visible(manager);
    for number in 1.. {
        let filter = ProductFilter { page: number, ..ProductFilter::default() };
        let rows = visible.products(&filter).await.unwrap().0.rows;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let product = visible.product(&row.reference).await.unwrap();
            let events = visible.postures(&product).await.unwrap();
            let (passages, stretches) = told(&events);
            assert_eq!(product.passage, passages.last().copied(), "{}", product.reference);
            let mut kept = visible.stretches(vec![product.id]).await.unwrap();
            assert_eq!(kept.remove(&product.id).unwrap_or_default(), stretches, "{}", product.reference);
            assert_eq!(events.last().unwrap().1, Posture::of(&product), "{}", product.reference);
            let mut open: Vec<String> = product
                .waits()
                .iter()
                .map(|w| {
                    format!(
                        "{} {} {}",
                        w.what.topic(),
                        w.what.section().map_or("", Section::word),
                        w.by.map_or_else(String::new, |d| d.to_string())
                    )
                })
                .collect();
            open.sort();
            assert_eq!(open_waits(place, &product.reference).await, open, "{}", product.reference);
        }
    }
}

async fn open_waits(place: &Place, reference: &str) -> Vec<String> {
    let raw = place.raw().await;
    let query = format!(
        "SELECT topic || ' ' || coalesce(section, '') || ' ' || coalesce(cast(due AS text), '') FROM wait \
         JOIN product ON product.id = product_id WHERE until_on IS NULL AND reference = '{reference}'"
    );
    let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), query)).await.unwrap();
    raw.close().await.unwrap();
    let mut open: Vec<String> = rows.iter().map(|r| r.try_get_by_index(0).unwrap()).collect();
    open.sort();
    open
}

#[actix_web::test]
async fn every_day_belongs_to_somebody_and_a_hold_stops_the_clock() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let days = |n: i64| app.advance(Duration::days(n));
    assert_eq!(app.see(OWNER, &reference).await.unwrap().passage, None, "nothing was answered yet");
    days(3);
    app.send(OWNER, &reference, Section::DataSecurity).await;
    // The other sections are still to be answered, but the review comes first.
    days(4);
    app.command(OWNER, &reference, Command::Hold("Budget".to_owned())).await;
    days(10);
    app.command(OWNER, &reference, Command::Resume(String::new())).await;
    days(2);
    app.accept(REVIEWER, &reference, Section::DataSecurity).await;
    days(5);
    let product = app.see(OWNER, &reference).await.unwrap();
    let passage = product.passage.unwrap();
    let today = assured::domain::calendar::london_date(app.now());
    assert_eq!(passage.days_to(today, Party::Supplier), Days { supplier: 5, team: 6, nobody: 0, on_hold: 10 });
    app.clocks_agree().await;
    app.finish().await;
}

#[actix_web::test]
async fn the_way_ends_when_the_product_is_assured_and_lists_agree_with_the_events() {
    let app = TestApp::new().await;
    let reference = app.assured().await;
    let passage = app.see(OWNER, &reference).await.unwrap().passage.unwrap();
    assert_eq!(passage.end, Some(End::Assured));
    let ended_on = passage.counted_to;
    app.advance(Duration::days(40));
    let later = app.see(OWNER, &reference).await.unwrap().passage.unwrap();
    let today = assured::domain::calendar::london_date(app.now());
    assert_eq!(later.days_to(today, Party::Supplier), passage.days);
    assert_eq!(i64::from(passage.days.all()), (ended_on - passage.started_on).num_days());
    app.clocks_agree().await;
    app.finish().await;
}

#[actix_web::test]
async fn the_home_of_a_product_says_whom_it_waited_for() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let home = format!("/products/{}", reference.to_lowercase());
    app.get(OWNER, &home).await.is(200).has("Not started yet. The clock begins with the first answer.");
    app.send(OWNER, &reference, Section::DataSecurity).await;
    app.advance(Duration::days(9));
    app.accept(REVIEWER, &reference, Section::DataSecurity).await;
    app.advance(Duration::days(1));
    let page = app.get(OWNER, &home).await;
    page.has("Week 2.").has("So far it waited 1 day for you and 9 days for the assurance team.");
    page.has("the assurance team: a review, 9 days").has("you: answers to a section, 1 day");
    app.get(REVIEWER, &home).await.has("So far it waited 1 day for the supplier and 9 days for us.");
    app.finish().await;
}
