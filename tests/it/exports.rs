//! Tables as files: the filters of the page, all pages of it, read back by readers of another house, in constant memory.

use std::io::Write as _;
use std::process::{Command, Stdio};

use actix_web::body::MessageBody;
use actix_web::dev::Service as _;
use actix_web::test::{TestRequest, init_service};
use assured::domain::catalogue::Section;
use assured::secret::new_token;
use assured::store::batch::BATCH;
use assured::web;
use assured::web::ctx::session_cookie;
use sea_orm::ConnectionTrait;
use serde_json::Value;

use crate::support::*;

/// Reads a file with Python's standard library and says what it holds, as JSON.
fn python(program: &str, bytes: &[u8]) -> Value {
    let mut child = Command::new("python3")
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Install the Debian package python3");
    let mut input = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let feeding = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    feeding.join().unwrap().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The rows of a CSV file.
pub fn csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let read = "import csv, io, json, sys; text = io.TextIOWrapper(sys.stdin.buffer, 'utf-8', newline=''); \
        json.dump(list(csv.reader(text, strict=True)), sys.stdout)";
    serde_json::from_value(python(read, bytes)).unwrap()
}

/// The cells of a workbook's first sheet: texts as they are, numbers as they are written, and whether any is a formula.
fn xlsx(bytes: &[u8]) -> (Vec<Vec<String>>, u64) {
    let read = "
import io, json, sys, zipfile, xml.etree.ElementTree as tree
book = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
assert book.testzip() is None
for name in book.namelist():
    tree.fromstring(book.read(name))
m = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
sheet = tree.fromstring(book.read('xl/worksheets/sheet1.xml'))
cell = lambda c: ''.join(c.itertext())
rows = [[cell(c) for c in row.iter(m + 'c')] for row in sheet.iter(m + 'row')]
json.dump([rows, len(list(sheet.iter(m + 'f')))], sys.stdout)";
    serde_json::from_value(python(read, bytes)).unwrap()
}

#[actix_web::test]
async fn a_list_is_taken_away_with_its_filters_and_all_its_pages() {
    let app = TestApp::new().await;
    for _ in 0..60 {
        app.product(OWNER).await;
    }
    app.send(OWNER, "C2A-1003", Section::MedicalDevice).await;
    app.product(RIVAL).await;
    let all = csv(&app.get(MANAGER, "/products.csv").await.is(200).bytes);
    assert_eq!(all.len(), 62);
    assert_eq!(all[0][..3], ["Reference", "Product", "Supplier"]);
    assert_eq!(all[1][..4], ["C2A-1001", "Wardlight 1", "Wardlight Health", "Active"]);
    assert_eq!(csv(&app.get(RIVAL, "/products.csv").await.bytes).len(), 2);
    assert_eq!(csv(&app.get(MANAGER, "/products.csv?q=wardlight+health&page=2").await.bytes).len(), 61);
    let team = csv(&app.get(MANAGER, "/products.csv?turn=team").await.bytes);
    assert_eq!(team.len(), 2);
    assert_eq!(team[1][4..7], ["Team", "Review", "2026-04-13"]);
    app.get(MANAGER, "/products?turn=team").await.has("href=\"/products.csv?turn=team\"");

    let reply = app.get(MANAGER, "/products.json?turn=team").await;
    assert_eq!(reply.header("content-type"), "application/json");
    let rows: Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!((&rows[0]["reference"], &rows[0]["live-on"]), (&"C2A-1003".into(), &Value::Null));
    assert_eq!(app.get(MANAGER, "/products.json?q=nothing").await.body, "[\n]\n");
    let reply = app.get(MANAGER, "/products.xlsx").await;
    assert_eq!(
        reply.header("content-disposition"),
        "attachment; filename=\"products-2026-04-02.xlsx\"; filename*=UTF-8''products-2026-04-02.xlsx"
    );
    let (rows, _) = xlsx(&reply.bytes);
    assert_eq!((rows.len(), rows[61][1].as_str(), rows[3][6].as_str()), (62, "Wardlight 61", "46125"));
    app.get(MANAGER, "/products.exe").await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn every_list_of_staff_and_administrators_is_a_file() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, Section::MedicalDevice).await;
    app.send(OWNER, &reference, Section::DataSecurity).await;
    app.send_back(REVIEWER, &reference, Section::DataSecurity, &["ds-dspt-profile"]).await;
    app.act(REVIEWER, &reference, Section::MedicalDevice, assured::domain::command::SectionCommand::Take).await;
    app.published(21).await;
    app.mail().await;
    for (who, address, rows, words) in [
        (REVIEWER, "/queue.csv", 1, "Amina Okafor"),
        (REVIEWER, "/queue.csv?assigned=nobody", 0, ""),
        (REVIEWER, "/queue/mine.csv", 1, "Medical device"),
        (MANAGER, "/queue/mine.csv", 0, ""),
        (MANAGER, "/queue/sent-back.csv", 1, "Wardlight 1"),
        (MANAGER, "/demonstrations.csv", 0, ""),
        (MANAGER, "/demonstrations/slots.csv", 1, "Free"),
        (ADMINISTRATOR, "/admin/people.csv", 5, "grace.lin@assurance.example,Manager"),
        (ADMINISTRATOR, "/admin/organisations.csv", 2, "Medibridge,MB02"),
        (MANAGER, "/certificates.csv", 0, ""),
        (REVIEWER, "/standard-replies.csv", 0, ""),
    ] {
        let reply = app.get(who, address).await;
        reply.is(200).has(words);
        assert_eq!(csv(&reply.bytes).len(), rows + 1, "{address}: {}", reply.body);
        let (cells, formulas) = xlsx(&app.get(who, &address.replace(".csv", ".xlsx")).await.bytes);
        assert_eq!((cells.len(), formulas), (rows + 1, 0), "{address}");
        let json: Vec<Value> = serde_json::from_str(&app.get(who, &address.replace(".csv", ".json")).await.body).unwrap();
        assert_eq!(json.len(), rows, "{address}");
    }
    let mail = app.get(ADMINISTRATOR, "/admin/mail.csv").await;
    mail.is(200).has("priya.shah@wardlight.example").has("Sent");
    app.finish().await;
}

#[actix_web::test]
async fn the_files_of_a_product_and_the_standard_replies_are_lists_to_take_away() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.send(OWNER, &reference, Section::ClinicalRisk).await;
    let address = format!("/products/{}/files", reference.to_lowercase());
    app.get(OWNER, &address).await.has(&format!("href=\"{address}.csv\""));
    let rows = csv(&app.get(OWNER, &format!("{address}.csv")).await.is(200).bytes);
    let named = |row: &[String]| (row[1].clone(), row[2].clone(), row[4].clone(), row[6].clone());
    let expected = ("1", "Clinical risk", "In use", "Priya Shah");
    assert!(rows.len() > 1);
    for row in &rows[1..] {
        let (version, section, used, by) = named(row);
        assert_eq!((version.as_str(), section.as_str(), used.as_str(), by.as_str()), expected);
        assert_eq!(row[9].len(), 64, "{row:?}");
    }
    app.get(RIVAL, &format!("{address}.csv")).await.is(404);

    let body = "=Say who approved it, and when.";
    app.post(REVIEWER, "/standard-replies", &[("question", "cr-plan"), ("body", body)]).await.is(303);
    let rows = csv(&app.get(MANAGER, "/standard-replies.csv").await.is(200).bytes);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1][0], format!("'{body}"), "a spreadsheet must not calculate what somebody wrote");
    assert_eq!((rows[1][2].as_str(), rows[1][3].as_str()), ("0", "Amina Okafor"));
    app.get(OWNER, "/standard-replies.csv").await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn every_report_is_a_file_that_follows_its_filters() {
    /// More than one.
    const ANY: usize = usize::MAX;
    let app = TestApp::new().await;
    app.assured().await;
    let (late, asked) = (app.product(OWNER).await, app.product(OWNER).await);
    app.send(OWNER, &late, Section::DataSecurity).await;
    app.send(OWNER, &asked, Section::DataSecurity).await;
    app.send_back(REVIEWER, &asked, Section::DataSecurity, &["ds-dspt-profile"]).await;
    app.advance(chrono::Duration::days(12));
    for (address, rows, words) in [
        ("/board.csv", 2, "Answers to feedback"),
        ("/board.csv?waiting=team&page=7", 1, "Wardlight 2,Wardlight Health Limited,Us,A review,"),
        ("/board.csv?q=wardlight+3", 1, "Wardlight 3"),
        ("/board.csv?group=stage", 4, "In review,1,0,0"),
        ("/reports/workload.csv", 4, "Nobody,1,1,,,,,"),
        ("/reports/service-level.csv", 1, "We review a section,Data security,1,"),
        ("/reports/service-level.csv?what=signed-copy", 0, ""),
        ("/reports/service-level/kept.csv?month=2026-04&due=overdue", ANY, "We review a section"),
        ("/reports/service-level/kept.csv?month=2020-01", 0, ""),
        ("/reports/cycle-time.csv", 1, "Wardlight 1,Wardlight Health Limited,New,"),
        ("/reports/cycle-time.csv?kind=move", 0, ""),
        ("/reports/cycle-time.csv?month=2026-03", 0, ""),
        ("/reports/bottlenecks.csv", ANY, "We review a section"),
        ("/reports/bottlenecks/questions.csv?months=3", 1, "ds-dspt-profile"),
    ] {
        let reply = app.get(MANAGER, address).await;
        reply.is(200).has(words);
        let found = csv(&reply.bytes).len() - 1;
        let rows = if rows == ANY { found.max(2) } else { rows };
        assert_eq!(found, rows, "{address}: {}", reply.body);
        let (cells, formulas) = xlsx(&app.get(REVIEWER, &address.replace(".csv", ".xlsx")).await.bytes);
        assert_eq!((cells.len(), formulas), (rows + 1, 0), "{address}");
        let json: Vec<Value> = serde_json::from_str(&app.get(MANAGER, &address.replace(".csv", ".json")).await.body).unwrap();
        assert_eq!(json.len(), rows, "{address}");
        app.get(OWNER, address).await.is(404);
        app.get(ADMINISTRATOR, address).await.is(404);
    }
    let flow = csv(&app.get(MANAGER, "/reports/flow.csv?months=3").await.bytes);
    assert_eq!(flow[0], ["End of", "Finished", "Certificate and agreement", "Demonstration", "In review", "With the supplier"]);
    assert_eq!(flow[1][1..], ["1", "0", "0", "1", "1"], "{flow:?}");
    let days = csv(&app.get(MANAGER, "/board.csv?waiting=team").await.bytes);
    assert_eq!(days[1][8..13], ["12", "0", "12", "0", "0"], "{days:?}");
    app.get(MANAGER, "/board?waiting=team&page=1").await.has("href=\"/board.csv?waiting=team\"");
    app.get(MANAGER, "/reports/cycle-time?kind=new&months=6").await.has("/reports/cycle-time.csv?kind=new&#38;months=6");
    app.get(INTERESTED, "/board.csv").await.is(200).lacks("Wardlight");
    app.finish().await;
}

#[actix_web::test]
async fn what_somebody_typed_is_no_formula() {
    let app = TestApp::new().await;
    let names = [
        "=1+1",
        "+44 113",
        "-5 beds",
        "@SUM(A1:A9)",
        "=HYPERLINK(\"https://evil.example\",\"a, b\")",
        "plain \"quoted\", <name> & _x0041_",
    ];
    for name in names {
        let facts = assured::domain::facts::Facts { name: name.to_owned(), ..facts() };
        let actor = app.actor(OWNER).await;
        let of = (app.organisation(OWNER).await, facts);
        assured::act::add_product(&app.db, &app.rules, &actor, of, app.now()).await.unwrap();
    }
    let table = csv(&app.get(OWNER, "/products.csv").await.bytes);
    for (row, name) in table[1..].iter().zip(names) {
        let is_formula = name.starts_with(['=', '+', '-', '@']);
        assert_eq!(row[1], if is_formula { format!("'{name}") } else { name.to_owned() });
    }
    let (cells, formulas) = xlsx(&app.get(OWNER, "/products.xlsx").await.bytes);
    assert_eq!(formulas, 0);
    assert_eq!(cells[1][1], "=1+1");
    assert_eq!(cells[6][1], "plain \"quoted\", <name> & _x005F_x0041_");
    let json: Value = serde_json::from_str(&app.get(OWNER, "/products.json").await.body).unwrap();
    assert_eq!(json[4]["product"], names[4]);
    app.finish().await;
}

/// Adds products by the hundred without their answers.
async fn many(app: &TestApp, number: usize) {
    let first = app.product(OWNER).await;
    let raw = app.place.raw().await;
    let id = if app.db.is_embedded() {
        "unhex(printf('01900000000070008000%012x', n))"
    } else {
        "('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
    };
    let columns = "organisation_id, version, question_set, state";
    let rest = "facts, pauses, added_at, turn, turn_by, live, live_on, waits_for";
    let copy = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {number}) \
         INSERT INTO product (id, reference, {columns}, name, name_key, {rest}) \
         SELECT {id}, 'C2A-' || (10000 + n), {columns}, 'Copy ' || n, 'copy ' || n, {rest} FROM product, numbers WHERE reference = '{first}'"
    );
    raw.execute_unprepared(&copy).await.unwrap();
    raw.close().await.unwrap();
}

#[actix_web::test]
async fn ten_thousand_products_are_sent_a_batch_at_a_time() {
    const PRODUCTS: usize = 10_000;
    let app = TestApp::new().await;
    many(&app, PRODUCTS - 1).await;
    let service = init_service(web::service(app.data.clone())).await;
    let token = new_token().unwrap();
    app.db.log_in(app.id(MANAGER).await, &token, app.now()).await.unwrap();
    for format in ["csv", "json", "xlsx"] {
        let request = TestRequest::get().uri(&format!("/products.{format}"));
        let request = request.insert_header(("cookie", format!("{}={token}", session_cookie(BASE)))).to_request();
        let before = app.db.statements();
        let response = service.call(request).await.unwrap();
        let asked = app.db.statements() - before;
        let mut body = Box::pin(response.into_body());
        let (mut sizes, mut all, mut last) = (Vec::new(), Vec::new(), app.db.statements());
        while let Some(chunk) = std::future::poll_fn(|task| body.as_mut().poll_next(task)).await {
            let Ok(chunk) = chunk else { panic!("the body broke off") };
            // One batch is read for each piece, its products and their sections; of packed ones several make a piece.
            let now = app.db.statements();
            assert!(now - last <= 2 || format == "xlsx", "{} statements for one piece", now - last);
            last = now;
            sizes.push(chunk.len());
            all.extend_from_slice(&chunk);
        }
        assert!(asked <= 6, "{asked} statements before the first piece is asked for");
        let batches = PRODUCTS.div_ceil(usize::try_from(BATCH).unwrap());
        assert!(sizes.len() >= if format == "xlsx" { 2 } else { batches }, "{} pieces of {format}", sizes.len());
        assert!(sizes.iter().all(|size| *size < 300 * usize::try_from(BATCH).unwrap()), "{sizes:?}");
        let rows = match format {
            "csv" => csv(&all).len() - 1,
            "json" => serde_json::from_slice::<Vec<Value>>(&all).unwrap().len(),
            _ => xlsx(&all).0.len() - 1,
        };
        assert_eq!(rows, PRODUCTS, "{format}");
    }
    app.finish().await;
}
