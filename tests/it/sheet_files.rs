//! Files beside the lines of the run sheet: added, opened and removed while the test is held, and who reads them later.

use assured::domain::command::Command;
use assured::domain::demonstration::DemonstrationState;
use assured::domain::demonstration::command::DemonstrationCommand;
use assured::domain::demonstration::sheet::MOST_FILES;
use assured::domain::event::EventKind;

use crate::page::{form, link};
use crate::run_sheet::{at, press, under_way};
use crate::support::assurance::sheet_file;
use crate::support::http::Reply;
use crate::support::*;

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nwhat was seen";

async fn add(app: &TestApp, who: Persona, files: &str, (name, bytes): (&str, &[u8])) -> Reply {
    app.upload(who, files, &[], &[("file", name, bytes)]).await
}

#[actix_web::test]
async fn a_file_is_put_beside_a_line_opened_and_removed_without_the_script() {
    let app = TestApp::new().await;
    let reference = under_way(&app).await;
    let (sheet, files) = (at(&reference, "run-sheet"), at(&reference, "run-sheet/b1/files"));
    // Marks that were made before the button was pressed are saved on the way.
    let mut marks = form(&app.get(REVIEWER, &sheet).await, &sheet, "Save marks");
    marks.set("mark-b1", "seen").set("note-b1", "4 seconds");
    marks.fields.push(("files".to_owned(), "b1".to_owned()));
    press(&app, REVIEWER, &marks, "Save marks").await.goes_to(&files);
    let page = app.get(REVIEWER, &files).await;
    page.is(200).has("Files of line B1").has("PDF, DOCX, ODT, XLSX, ODS, CSV, PNG or JPG, smaller than 20MB. Up to 10 files.");

    app.upload(REVIEWER, &files, &[], &[]).await.is(422).has("Select a file");
    add(&app, REVIEWER, &files, ("log.exe", b"MZ")).await.is(422).has("must be a PDF");
    add(&app, REVIEWER, &files, ("log.png", b"no picture")).await.is(422).has("what is in it must agree with its name");
    add(&app, REVIEWER, &files, ("log.png", b"")).await.is(422).has("The selected file is empty");
    for _ in 0..2 {
        add(&app, REVIEWER, &files, ("logout log.png", PICTURE)).await.goes_to(&files);
    }
    let page = app.get(REVIEWER, &files).await;
    page.has("logout log.png is beside line B1");
    assert_eq!(page.body.matches("/removal\"").count(), 1, "the same file is there once");
    let file = link(&page, "logout log.png");
    let opened = app.get(MANAGER, &file).await;
    assert_eq!(opened.is(200).bytes, PICTURE);
    assert!(opened.header("content-disposition").starts_with("attachment; filename=\"logout log.png\""));
    app.get(REVIEWER, &sheet).await.is(200).has(&file).has("4 seconds");
    app.get(MANAGER, &sheet).await.is(200).has(&file).lacks("Add a file");

    for who in [OWNER, RIVAL, ADMINISTRATOR] {
        app.get(who, &file).await.is(404);
        app.get(who, &files).await.is(404);
        add(&app, who, &files, ("a.png", PICTURE)).await.is(404);
        app.post(who, &format!("{file}/removal"), &[]).await.is(404);
    }
    app.get(MANAGER, &files).await.is(403);
    app.post(MANAGER, &format!("{file}/removal"), &[]).await.is(403);
    app.get(REVIEWER, &at(&reference, "run-sheet/z9/files")).await.is(404);
    app.get(REVIEWER, &file.replace("/b1/", "/b2/")).await.is(404);

    let remove = form(&app.get(REVIEWER, &files).await, &files, "Remove");
    press(&app, REVIEWER, &remove, "Remove").await.goes_to(&files);
    press(&app, REVIEWER, &remove, "Remove").await.goes_to(&files);
    app.get(REVIEWER, &file).await.is(404);
    app.get(REVIEWER, &sheet).await.lacks(&file);
    let (team, supplier) = (app.actor(MANAGER).await, app.actor(OWNER).await);
    let product = app.see(MANAGER, &reference).await.unwrap();
    let told = async |kind: EventKind, actor| {
        let page = app.db.visible(actor).history(&product, 1).await.unwrap();
        page.rows.iter().filter(|e| e.kind == kind).count()
    };
    for kind in [EventKind::SheetFileAdded, EventKind::SheetFileRemoved] {
        assert_eq!((told(kind, &team).await, told(kind, &supplier).await), (1, 0), "{kind}");
    }
    app.finish().await;
}

#[actix_web::test]
async fn the_supplier_opens_the_files_of_lines_that_were_not_seen_and_no_others() {
    let app = TestApp::new().await;
    let reference = under_way(&app).await;
    let home = format!("/products/{}/demonstration", reference.to_lowercase());
    let mut opened = Vec::new();
    for line in ["a1", "b1"] {
        let files = at(&reference, &format!("run-sheet/{line}/files"));
        add(&app, REVIEWER, &files, (&format!("{line}.png"), &[PICTURE, line.as_bytes()].concat())).await.goes_to(&files);
        opened.push(link(&app.get(REVIEWER, &files).await, &format!("{line}.png")));
    }
    app.marked(&reference, &["b1"]).await;
    app.get(OWNER, &opened[1]).await.is(404);
    app.get(REVIEWER, &at(&reference, "outcome")).await.is(200).has("b1.png");
    app.test(REVIEWER, &reference, DemonstrationCommand::Fail("Once more.".to_owned())).await;
    for test in ["at once", "after the next test is booked"] {
        let page = app.get(VIEWER, &home).await;
        page.is(200).lacks("a1.png");
        assert_eq!(link(&page, "b1.png"), opened[1], "{test}");
        app.get(VIEWER, &opened[1]).await.is(200);
        app.get(VIEWER, &opened[0]).await.is(404);
        app.get(RIVAL, &opened[1]).await.is(404);
        app.get(REVIEWER, &opened[0]).await.is(200);
        // What was added stays with the test: it is over.
        let refused = if test == "at once" { DemonstrationState::NotPassed } else { DemonstrationState::Booked };
        let files = at(&reference, "run-sheet/b1/files");
        add(&app, REVIEWER, &files, ("late.png", PICTURE)).await.is(409).has(refused.sentence());
        app.post(REVIEWER, &format!("{}/removal", opened[1]), &[]).await.is(409);
        if test == "at once" {
            app.booked(&reference).await;
        }
    }
    app.get(REVIEWER, &at(&reference, "run-sheet?attempt=1")).await.is(200).has("a1.png").has("b1.png").lacks("Add a file");
    app.finish().await;
}

#[actix_web::test]
async fn a_line_has_room_for_ten_files() {
    let app = TestApp::new().await;
    let reference = under_way(&app).await;
    for number in 0..MOST_FILES as usize {
        let attach = DemonstrationCommand::Attach("c1".to_owned(), sheet_file(number));
        app.command(REVIEWER, &reference, Command::Demonstration(attach)).await;
    }
    let files = at(&reference, "run-sheet/c1/files");
    add(&app, REVIEWER, &files, ("one-more.png", PICTURE)).await.is(422).has("This line has 10 files, and cannot have more.");
    let other = at(&reference, "run-sheet/c2/files");
    add(&app, REVIEWER, &other, ("one-more.png", PICTURE)).await.goes_to(&other);
    app.finish().await;
}
