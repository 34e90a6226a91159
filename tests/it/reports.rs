//! The pages of those who plan: every number is the length of the list behind it, and sums say what the days say.

use std::fmt::Write as _;

use assured::domain::calendar::london_date;
use assured::domain::catalogue::Section;
use assured::domain::command::{Command, SectionCommand};
use assured::domain::passage::Posture;
use assured::store::Db;
use assured::store::board::BoardFilter;
use chrono::{Days, Duration};
use sea_orm::{ConnectionTrait, Statement};

use crate::golden::compare;
use crate::support::*;

const ROW: &str = "<tr class=\"nhsuk-table__row\" role=\"row\">";

/// What stands between two texts, each time.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

impl TestApp {
    /// The rows of a list, all its pages together.
    async fn rows(&self, address: &str) -> usize {
        let mut rows = 0;
        for page in 1.. {
            let mark = if address.contains('?') { '&' } else { '?' };
            let body = self.get(MANAGER, &format!("{address}{mark}page={page}")).await.is(200).body.clone();
            // Below the list some pages add up what has passed.
            let list = body.split("id=\"kept\"").next().unwrap();
            let here = list.matches(ROW).count().saturating_sub(1);
            rows += here;
            if here < 25 {
                return rows;
            }
        }
        rows
    }

    /// Follows every number of the dashboard and of the stages, and counts what is there. Returns the four numbers.
    async fn numbers_are_lists(&self) -> Vec<usize> {
        let dashboard = self.get(MANAGER, "/dashboard").await.is(200).body.clone();
        let mut numbers = Vec::new();
        for figure in between(&dashboard, "<li class=\"app-figures__item\">", "</li>") {
            let number: usize = between(figure, "app-figures__number\">", "<")[0].parse().unwrap();
            let address = between(figure, "href=\"", "\"")[0];
            assert_eq!(self.rows(address).await, number, "{figure}");
            numbers.push(number);
        }
        for more in between(&dashboard, "<p>See all: ", "</p>") {
            for link in between(more, "<a href=\"", "</a>") {
                let (address, words) = link.split_once("\">").unwrap();
                let number: usize = words.split(' ').next().unwrap().parse().unwrap();
                assert_eq!(self.rows(address).await, number, "{link}");
            }
        }
        let stages = self.get(MANAGER, "/board?group=stage").await.is(200).body.clone();
        let body = between(&stages, "<tbody", "</tbody>")[0].to_owned();
        for link in between(&body, "<a href=\"", "<span") {
            let (address, number) = link.split_once("\">").unwrap();
            assert_eq!(self.rows(&address.replace("&#38;", "&").replace("&amp;", "&")).await.to_string(), number, "{link}");
        }
        numbers
    }

    /// Every product on the board has the days that its passage has.
    async fn board_agrees(&self) {
        let manager = self.actor(MANAGER).await;
        let visible = self.db.visible(&manager);
        let today = london_date(self.now());
        for row in visible.board(&BoardFilter::default(), today).await.unwrap().rows {
            let product = visible.product(&row.reference).await.unwrap();
            let posture = Posture::of(&product);
            let days = product.passage.unwrap().days_to(today, posture.party);
            assert_eq!((row.days, row.party, row.topic), (days.elapsed(), posture.party, posture.topic()), "{}", row.reference);
        }
    }

    /// Products that finished, each so many weeks after its start, ten days apart; the last one yesterday.
    pub async fn finished(&self, weeks: &[u64]) {
        let yesterday = london_date(self.now()) - Days::new(1);
        let mut statements = String::new();
        for (number, weeks) in weeks.iter().rev().enumerate() {
            let reference = self.product(OWNER).await;
            let id = self.see(OWNER, &reference).await.unwrap().id;
            let ended = yesterday - Days::new(10 * number as u64);
            let (days, started) = (weeks * 7, ended - Days::new(weeks * 7));
            let (supplier, team) = (days / 2, days - days / 2);
            let passage = self.ids(id.0);
            writeln!(
                statements,
                "INSERT INTO passage (product_id, number, is_move, started_on, counted_to, supplier_days, team_days, nobody_days, \
                 held_days, ended, ended_on, clock_from) VALUES ({passage}, 1, FALSE, '{started}', '{ended}', {supplier}, {team}, 0, 0, \
                 'assured', '{ended}', '{started}');"
            )
            .unwrap();
            let middle = started + Days::new(supplier);
            for (party, topic, from, until) in [("supplier", "answers", started, middle), ("team", "review", middle, ended)] {
                let stretch = self.ids(crate::support::assurance::new_uuid());
                writeln!(
                    statements,
                    "INSERT INTO stretch (id, product_id, passage, party, topic, from_on, until_on) \
                     VALUES ({stretch}, {passage}, 1, '{party}', '{topic}', '{from}', '{until}');"
                )
                .unwrap();
            }
        }
        self.run(&statements).await;
    }

    /// An identifier as the database writes it.
    fn ids(&self, id: uuid::Uuid) -> String {
        if self.db.is_embedded() { format!("x'{}'", id.simple()) } else { format!("'{id}'") }
    }

    pub async fn run(&self, statements: &str) {
        let raw = self.place.raw().await;
        raw.execute_unprepared(statements).await.unwrap();
        raw.close().await.unwrap();
    }

    async fn count(&self, query: &str) -> i64 {
        let raw = self.place.raw().await;
        let row = raw.query_one_raw(Statement::from_string(raw.get_database_backend(), query)).await.unwrap().unwrap();
        raw.close().await.unwrap();
        row.try_get_by_index(0).unwrap()
    }
}

#[actix_web::test]
async fn every_number_is_the_length_of_the_list_behind_it() {
    let app = TestApp::new().await;
    // At the beginning nothing is in progress.
    app.product(OWNER).await;
    assert_eq!(app.numbers_are_lists().await, [0, 0, 0, 0]);
    app.get(MANAGER, "/dashboard").await.has("Nothing is in progress").has("Nothing waits for a decision");
    // In the middle: more than a page of reviews, some with somebody, some overdue, some with the supplier, one on hold.
    let (mut sent, sections) = (Vec::new(), [Section::MedicalDevice, Section::DataSecurity]);
    for number in 0..28 {
        let reference = app.product(OWNER).await;
        app.send(OWNER, &reference, sections[number % 2]).await;
        sent.push(reference);
    }
    app.advance(Duration::days(9));
    app.accept(REVIEWER, &sent[0], sections[0]).await;
    app.send_back(REVIEWER, &sent[1], sections[1], &["ds-dspt-profile"]).await;
    app.act(REVIEWER, &sent[2], sections[0], SectionCommand::Take).await;
    app.command(OWNER, &sent[3], Command::Hold("Budget".to_owned())).await;
    let late = app.product(OWNER).await;
    app.send(OWNER, &late, Section::MedicalDevice).await;
    app.advance(Duration::days(3));
    app.board_agrees().await;
    assert_eq!(app.numbers_are_lists().await, [28, 25, 0, 25]);
    app.get(MANAGER, "/dashboard")
        .await
        .has("25 overdue by us")
        .has("None of 28 products in progress is at risk of passing 12 weeks.");
    assert_eq!(app.rows("/board?waiting=on-hold").await, 1);
    // Much later everything is late, and one is finished.
    app.advance(Duration::days(61));
    app.board_agrees().await;
    assert_eq!(app.numbers_are_lists().await, [28, 26, 27, 25]);
    app.get(MANAGER, "/dashboard").await.has("27 of 28 in progress are likely to pass 12 weeks");
    app.command(OWNER, &sent[0], Command::Withdraw("We retire it.".to_owned())).await;
    app.advance(Duration::days(12));
    assert_eq!(app.numbers_are_lists().await, [27, 26, 27, 25]);
    app.get(MANAGER, "/board?risk=over").await.has("Timeline board (26)").has("Over 12 weeks");
    app.finish().await;
}

#[actix_web::test]
async fn the_board_says_whom_each_product_waits_for_and_leaves_days_on_hold_out() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, Section::DataSecurity).await;
    app.advance(Duration::days(12));
    let other = app.product(OWNER).await;
    app.send(OWNER, &other, Section::DataSecurity).await;
    app.command(OWNER, &reference, Command::Hold("Budget".to_owned())).await;
    app.advance(Duration::days(20));
    app.command(OWNER, &reference, Command::Resume(String::new())).await;
    app.accept(REVIEWER, &reference, Section::DataSecurity).await;
    app.advance(Duration::days(3));
    app.board_agrees().await;
    let board = app.get(REVIEWER, "/board").await;
    board.is(200).has("Timeline board (2)").has("answers to a section, for 3 days").has("a review, for 23 days").has("Overdue");
    board.has("It waited 3 days for the supplier and 12 days for us. 20 days on hold do not count.");
    let (first, second) = (board.body.find("Wardlight 2").unwrap(), board.body.find("Wardlight 1").unwrap());
    assert!(first < second, "the one that takes longest comes first");
    for words in ["wardlight+2", "WARD+2", "c2a-1002", "c2a-1002+ward", "1002"] {
        app.get(REVIEWER, &format!("/board?q={words}")).await.has("Timeline board (1)").lacks("Wardlight 1<");
    }
    for words in ["health+ward", "wlh01", "%22ward%22*", "ward'"] {
        app.get(REVIEWER, &format!("/board?q={words}")).await.is(200);
    }
    for words in ["ardlight", "%26%7C", "%22", "-", "ward+not+there", "NOT", "ward+OR+x"] {
        app.get(REVIEWER, &format!("/board?q={words}")).await.has("No products match.");
    }
    app.get(REVIEWER, "/board?stage=demonstration").await.has("No products match.");
    app.get(REVIEWER, "/board?waiting=supplier").await.has("Timeline board (1)").has("Wardlight 1");
    compare("tests/it/charts/lane.svg", &svg(&board.body, "app-lane", 1));
    app.finish().await;
}

/// A picture of a page, by its class and its number.
pub fn svg(page: &str, class: &str, number: usize) -> String {
    let start = format!("<svg class=\"{class}\"");
    let rest = page.split(&start).nth(number).unwrap_or_else(|| panic!("no {class} on the page"));
    let mut depth = 1;
    let mut end = 0;
    while depth > 0 {
        let (open, close) = (rest[end..].find("<svg"), rest[end..].find("</svg>").unwrap());
        let is_open = open.is_some_and(|open| open < close);
        depth = if is_open { depth + 1 } else { depth - 1 };
        end += if is_open { open.unwrap() + 4 } else { close + 6 };
    }
    let lines: Vec<&str> = rest[..end].lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    format!("{start} {}\n", lines.join("\n"))
}

#[actix_web::test]
async fn little_data_says_so_and_enough_draws_half_and_85_in_100() {
    let app = TestApp::new().await;
    app.finished(&[5, 6, 7]).await;
    let few = "Fewer than 10 products have finished, so we show the usual 2 to 12 weeks.";
    app.get(MANAGER, "/dashboard").await.has(few).lacks("app-chart--spread");
    app.get(MANAGER, "/reports/cycle-time")
        .await
        .has("This chart appears when 10 products have finished. 3 have.")
        .lacks("app-chart--spread");
    app.finished(&[4, 5, 6, 6, 7, 8, 9, 13]).await;
    app.get(MANAGER, "/dashboard").await.has("Half of products finish within 6 weeks").lacks(few);
    let page = app.get(MANAGER, "/reports/cycle-time").await;
    page.has("Finished products (11)")
        .has("85 in 100 took 9 weeks or less.")
        .has("1 of 11 took more than 12 weeks.")
        .has("13, over 12");
    compare("tests/it/charts/spread.svg", &svg(&page.body, "app-chart app-chart--spread", 1));
    app.get(MANAGER, "/reports/cycle-time?kind=move").await.has("Finished products (0)").has("0 have.");
    let flow = app.get(MANAGER, "/reports/flow?months=3").await;
    compare("tests/it/charts/bands.svg", &svg(&flow.body, "app-chart app-chart--bands", 1));
    app.finish().await;
}

#[actix_web::test]
async fn the_finished_products_of_one_month_are_an_address_that_downloads_keep() {
    let app = TestApp::new().await;
    // Ten days apart, the last one on 1 April 2026.
    app.finished(&[4, 5, 6, 7, 8, 9, 10, 13]).await;
    let march = app.get(MANAGER, "/reports/cycle-time?month=2026-03&months=12").await;
    march.is(200).has("Finished products (3)").has("<option value=\"2026-03\" selected>March 2026</option>");
    march.has("/reports/cycle-time.csv?months=12&#38;month=2026-03").has("22\u{a0}March 2026").lacks("1\u{a0}April 2026</span>");
    app.get(MANAGER, "/reports/cycle-time?month=2026-04").await.has("Finished products (1)");
    app.get(MANAGER, "/reports/cycle-time?month=2026-03&kind=move").await.has("Finished products (0)");
    app.get(MANAGER, "/reports/cycle-time?month=2026-09").await.has("Finished products (8)");
    let file = app.get(MANAGER, "/reports/cycle-time.csv?month=2026-03").await;
    assert_eq!(file.body.lines().count(), 4, "{}", file.body);
    assert_eq!(
        file.body.lines().nth(1).unwrap().split(',').skip(3).collect::<Vec<_>>(),
        ["New", "2026-03-22", "70", "35", "35", "0", "0"]
    );
    // What was added up by weeks does not change it.
    app.worker.tally().await.unwrap();
    let again = app.get(MANAGER, "/reports/cycle-time?month=2026-03&months=12").await;
    assert_eq!(again.body, march.body);
    app.finish().await;
}

const REPORTS: [&str; 8] = [
    "/reports/service-level",
    "/reports/service-level?month=2026-04",
    "/reports/cycle-time",
    "/reports/flow",
    "/reports/flow?months=3",
    "/reports/bottlenecks",
    "/dashboard",
    "/reports/forecast",
];

async fn read(app: &TestApp) -> Vec<String> {
    let mut pages = Vec::new();
    for path in REPORTS {
        pages.push(app.get(MANAGER, path).await.is(200).body.clone());
    }
    pages
}

#[actix_web::test]
async fn reports_are_the_same_whether_days_were_added_up_or_not_and_by_whomever() {
    let app = TestApp::new().await;
    app.assured().await;
    app.finished(&[5, 6, 7, 4, 5, 6, 6, 7, 8, 9, 13]).await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, Section::DataSecurity).await;
    app.advance(Duration::days(8));
    app.send_back(REVIEWER, &reference, Section::DataSecurity, &["ds-dspt-profile", "ds-isms-basis"]).await;
    let fresh = read(&app).await;
    let other = Db::open(&app.place.address).await.unwrap();
    let (one, two) = tokio::join!(app.db.tally(app.now()), other.tally(app.now()));
    other.close().await.unwrap();
    assert!(one.unwrap() + two.unwrap() > 30, "days were added up");
    assert_eq!(app.worker.tally().await.unwrap(), 0, "each day once");
    let days = app.count("SELECT count(*) FROM flow WHERE band = 'finished'").await;
    assert!(app.count("SELECT CAST(sum(number) AS bigint) FROM step_month").await > 10);
    for ((path, before), after) in REPORTS.into_iter().zip(&fresh).zip(read(&app).await) {
        assert_eq!(before, &after, "{path}");
    }
    assert!(fresh[5].contains("Questions that we ask more about") && fresh[5].contains("Words each"), "{}", fresh[5]);
    // What was missed for weeks is made up for.
    app.advance(Duration::days(50));
    let fresh = read(&app).await;
    assert_eq!(app.worker.tally().await.unwrap(), 50);
    assert_eq!(app.count("SELECT count(*) FROM flow WHERE band = 'finished'").await, days + 50);
    assert_eq!(read(&app).await, fresh);
    app.finish().await;
}

#[actix_web::test]
async fn promises_are_kept_or_broken_by_their_day() {
    let app = TestApp::new().await;
    let (early, late) = (app.product(OWNER).await, app.product(OWNER).await);
    for reference in [&early, &late] {
        app.send(OWNER, reference, Section::DataSecurity).await;
    }
    // Promised for Monday 13 April 2026.
    app.clock.set("2026-04-13T10:00:00Z".parse().unwrap());
    app.get(REVIEWER, "/reports/service-level").await.has("Due today").has("5 of 5 working days used");
    app.accept(REVIEWER, &early, Section::DataSecurity).await;
    app.advance(Duration::days(1));
    app.get(REVIEWER, "/reports/service-level?due=overdue").await.has("Open promises (1)").has("Overdue 1 day").has("Not assigned");
    app.accept(REVIEWER, &late, Section::DataSecurity).await;
    let page = app.get(REVIEWER, "/reports/service-level?month=2026-04").await;
    page.has("1 of 2 reviews were answered in time").has("2 answered in April 2026").has("50%").has("We owe nobody an answer");
    app.get(REVIEWER, "/reports/service-level?month=2026-03").await.has("No review was answered in March 2026");
    app.get(REVIEWER, "/reports/service-level?month=soon&what=nothing").await.is(200).has("since May 2025");
    app.finish().await;
}

#[actix_web::test]
async fn reviewers_read_reports_managers_decide_and_suppliers_find_nothing() {
    let app = TestApp::new().await;
    for path in [
        "/board",
        "/reports",
        "/reports/service-level",
        "/reports/flow",
        "/reports/cycle-time",
        "/reports/bottlenecks",
        "/reports/forecast",
    ] {
        app.get(REVIEWER, path).await.is(200);
        app.get(MANAGER, path).await.is(200);
        app.get(OWNER, path).await.is(404);
        app.get(ADMINISTRATOR, path).await.is(404);
    }
    app.get(REVIEWER, "/dashboard").await.is(404);
    app.get(MANAGER, "/").await.goes_to("/dashboard");
    app.get(REVIEWER, "/").await.goes_to("/queue");
    app.finish().await;
}

#[actix_web::test]
async fn reports_run_as_many_statements_with_many_products_as_with_few() {
    let app = TestApp::new().await;
    let paths = ["/dashboard", "/board", "/board?group=stage", "/board?rounds=3&q=ward", "/reports/service-level?assigned=nobody"];
    let paths = paths.into_iter().chain(["/reports/cycle-time", "/reports/flow", "/reports/bottlenecks", "/reports/forecast"]);
    let mut few: Vec<(&str, u64)> = Vec::new();
    let grow = async |number: usize| {
        for _ in 0..number {
            let reference = app.product(OWNER).await;
            app.send(OWNER, &reference, Section::MedicalDevice).await;
        }
        app.finished(&[4, 13]).await;
        app.worker.forecast().await.unwrap();
    };
    grow(2).await;
    for path in paths {
        few.push((path, statements(&app, path).await));
    }
    grow(40).await;
    for (path, few) in few {
        let many = statements(&app, path).await;
        assert_eq!(many, few, "{path} ran {few} statements with few products and {many} with many");
        assert!(many <= 30, "{path} runs {many} statements");
    }
    app.finish().await;
}

async fn statements(app: &TestApp, path: &str) -> u64 {
    app.get(MANAGER, path).await.is(200);
    let before = app.db.statements();
    app.get(MANAGER, path).await.is(200);
    app.db.statements() - before
}
