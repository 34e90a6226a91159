//! Files that are used again, the versions of a file, and the page of all files of a product.

use assured::domain::answer::{Evidence, Value};
use assured::domain::catalogue::Section;
use assured::domain::event::EventKind;
use assured::domain::words::FileId;
use assured::secret::new_id;
use sea_orm::ConnectionTrait;

use crate::page::form;
use crate::support::*;

const PDF: &[u8] = b"%PDF-1.7 a plan %%EOF";

/// A file in the store.
async fn kept(app: &TestApp, name: &str, bytes: &[u8]) -> Evidence {
    let mut incoming = app.data.files.receive().await.unwrap();
    incoming.write(bytes).await.unwrap();
    let digest = app.data.files.keep(incoming).await.unwrap();
    Evidence { id: FileId(new_id()), name: name.to_owned(), digest, size: bytes.len() as u64 }
}

fn of(files: &[&Evidence]) -> Value {
    Value::Files { files: files.iter().map(|f| (*f).clone()).collect(), expires_on: None }
}

fn at(reference: &str, rest: &str) -> String {
    format!("/products/{}/{rest}", reference.to_lowercase())
}

/// A product that is asked for a clinical risk management plan.
async fn asked(app: &TestApp, who: Persona) -> String {
    let reference = app.product(who).await;
    app.answer(who, &reference, ("cr-standard-scope", Value::Choice("dcb0129".to_owned())), "").await;
    reference
}

/// The files of an answer.
async fn files(app: &TestApp, reference: &str, key: &str) -> Vec<Evidence> {
    match app.see(OWNER, reference).await.unwrap().answers.get(key).and_then(|a| a.value.clone()) {
        Some(Value::Files { files, .. }) => files,
        _ => Vec::new(),
    }
}

#[actix_web::test]
async fn a_copied_answer_brings_its_files_and_their_expiry_date() {
    let app = TestApp::new().await;
    let (old, new) = (app.product(OWNER).await, app.product(OWNER).await);
    app.answer_all(OWNER, &old, Section::DataSecurity).await;
    let there = files(&app, &old, "ds-isms-certificate").await.remove(0);
    app.get(OWNER, &at(&new, &format!("files/{}", there.id))).await.is(404);
    let address = at(&new, "sections/data-security/copy");
    let copy = form(&app.get(OWNER, &address).await, &address, "Copy the ticked answers");
    let fields: Vec<(&str, &str)> = copy.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    app.post(OWNER, &address, &fields).await.is(303);
    let here = files(&app, &new, "ds-isms-certificate").await.remove(0);
    assert_eq!((here.digest.as_str(), here.name.as_str(), here.size), (there.digest.as_str(), there.name.as_str(), there.size));
    assert_ne!(here.id, there.id);
    let (mine, theirs) = (
        app.get(OWNER, &at(&new, &format!("files/{}", here.id))).await,
        app.get(OWNER, &at(&old, &format!("files/{}", there.id))).await,
    );
    assert_eq!(mine.is(200).bytes, theirs.is(200).bytes);
    app.get(OWNER, &at(&new, &format!("files/{}", there.id))).await.is(404);
    let expiry = |p: &assured::domain::product::Product| match &p.answers["ds-isms-certificate"].value {
        Some(Value::Files { expires_on, .. }) => *expires_on,
        other => panic!("{other:?}"),
    };
    let (one, other) = (app.see(OWNER, &new).await.unwrap(), app.see(OWNER, &old).await.unwrap());
    assert!(expiry(&one).is_some() && expiry(&one) == expiry(&other));
    app.finish().await;
}

#[actix_web::test]
async fn a_file_that_is_there_is_chosen_in_place_of_an_upload() {
    let app = TestApp::new().await;
    let (old, new) = (asked(&app, OWNER).await, asked(&app, OWNER).await);
    let question = at(&new, "sections/clinical-risk/questions/cr-plan");
    app.get(EDITOR, &question).await.lacks("Use a file from before");
    let (plan, picture) = (kept(&app, "plan.pdf", PDF).await, kept(&app, "ward.png", b"\x89PNG\r\n\x1a\n").await);
    app.answer(OWNER, &old, ("cr-plan", of(&[&plan])), "").await;
    app.answer(OWNER, &old, ("cx-button-screenshot", of(&[&picture])), "").await;
    let page = app.get(EDITOR, &question).await;
    let ask = form(&page, &question, "Use a file from before");
    let fields = ask.pressed("Use a file from before");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let reply = app.upload(EDITOR, &question, &fields, &[]).await;
    reply.goes_to(&format!("{question}/files"));
    let page = app.follow(EDITOR, &reply).await;
    page.has("plan.pdf").has("Wardlight 1").lacks("ward.png");
    let address = format!("{question}/files");
    let (id, wrong) = (plan.id.to_string(), picture.id.to_string());
    app.post(EDITOR, &address, &[("edition", "0")]).await.is(422).has("Select a file");
    app.post(EDITOR, &address, &[("edition", "0"), ("file", &wrong)])
        .await
        .is(422)
        .has("The selected file must be a PDF, DOCX or ODT");
    app.post(EDITOR, &address, &[("edition", "0"), ("file", &id)]).await.goes_to(&question);
    let here = files(&app, &new, "cr-plan").await;
    assert_eq!((here.len(), here[0].digest.as_str()), (1, plan.digest.as_str()));
    app.get(EDITOR, &at(&new, &format!("files/{}", here[0].id))).await.is(200);
    app.post(EDITOR, &address, &[("edition", "1"), ("file", &id)]).await.is(422).has("This file is in the answer already");
    let product = app.see(OWNER, &new).await.unwrap();
    let history = app.db.visible(&app.actor(OWNER).await).history(&product, 1).await.unwrap();
    assert!(history.rows.iter().any(|e| e.kind == EventKind::AnswerCopied && e.detail.subject == "Wardlight 1 (C2A-1001)"));
    // Another one takes its place, and who was too late is told.
    let second = kept(&app, "plan-2.pdf", b"%PDF-1.7 another %%EOF").await;
    app.answer(OWNER, &old, ("cr-plan", of(&[&second])), "").await;
    let id = second.id.to_string();
    app.post(EDITOR, &address, &[("edition", "0"), ("file", &id)]).await.is(409).has("Somebody else changed this answer");
    app.post(EDITOR, &address, &[("edition", "1"), ("file", &id)]).await.is(303);
    assert_eq!(files(&app, &new, "cr-plan").await[0].digest, second.digest);
    app.finish().await;
}

#[actix_web::test]
async fn files_of_another_supplier_are_not_there_to_choose() {
    let app = TestApp::new().await;
    let (mine, theirs) = (asked(&app, OWNER).await, asked(&app, RIVAL).await);
    let secret = kept(&app, "secret.pdf", b"%PDF-1.7 secret %%EOF").await;
    app.answer(RIVAL, &theirs, ("cr-plan", of(&[&secret])), "").await;
    let address = at(&mine, "sections/clinical-risk/questions/cr-plan/files");
    app.get(OWNER, &address).await.is(200).lacks("secret.pdf").has("There is none of that kind yet");
    let missing = app.post(OWNER, &address, &[("edition", "0"), ("file", &new_id().to_string())]).await;
    let foreign = app.post(OWNER, &address, &[("edition", "0"), ("file", &secret.id.to_string())]).await;
    assert_eq!((foreign.status, foreign.body), (404, missing.body));
    app.post(OWNER, &address, &[("edition", "0"), ("file", "no identifier")]).await.is(404);
    app.get(OWNER, &at(&mine, &format!("files/{}", secret.id))).await.is(404);
    app.get(OWNER, &at(&theirs, "files")).await.is(404);
    // A question that takes no files has no files to choose.
    app.get(OWNER, &at(&mine, "sections/clinical-risk/questions/cr-standard-scope/files")).await.is(404);
    assert!(files(&app, &mine, "cr-plan").await.is_empty());
    app.finish().await;
}

#[actix_web::test]
async fn a_file_that_takes_the_place_of_another_is_its_next_version() {
    let app = TestApp::new().await;
    let reference = asked(&app, OWNER).await;
    let address = at(&reference, "files");
    app.get(OWNER, &address).await.is(200).has("Files that you add to answers appear here");
    let first = kept(&app, "plan.pdf", PDF).await;
    app.answer(OWNER, &reference, ("cr-plan", of(&[&first])), "").await;
    app.advance(chrono::Duration::minutes(1));
    // Another name in the same place.
    let second = kept(&app, "plan approved.pdf", b"%PDF-1.7 second %%EOF").await;
    app.answer(EDITOR, &reference, ("cr-plan", of(&[&second])), "").await;
    app.advance(chrono::Duration::minutes(1));
    // Pictures stand beside each other; the one of the same name is the next version.
    let (one, two) = (kept(&app, "in.png", b"\x89PNG 1").await, kept(&app, "out.png", b"\x89PNG 2").await);
    app.answer(OWNER, &reference, ("cx-button-screenshot", of(&[&one, &two])), "").await;
    app.advance(chrono::Duration::minutes(1));
    let newer = kept(&app, "OUT.png", b"\x89PNG 3").await;
    app.answer(OWNER, &reference, ("cx-button-screenshot", of(&[&one, &newer])), "").await;
    let product = app.see(OWNER, &reference).await.unwrap();
    let list = app.db.visible(&app.actor(OWNER).await).files(&product, 1).await.unwrap();
    let told: Vec<(&str, u32, u32)> = list.rows.iter().map(|f| (f.name.as_str(), f.version, f.newest)).collect();
    assert_eq!(told, [("OUT.png", 2, 2), ("out.png", 1, 2), ("in.png", 1, 1), ("plan approved.pdf", 2, 2), ("plan.pdf", 1, 2),]);
    let page = app.get(REVIEWER, &address).await;
    page.has("Files (5)").has("Replaced by version 2").has("by Tom Bell").has("Clinical risk management plan");
    for file in [&first, &second] {
        app.get(REVIEWER, &at(&reference, &format!("files/{}", file.id))).await.is(200);
    }
    app.get(RIVAL, &address).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn ten_thousand_files_are_listed_by_page_with_the_same_statements() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    app.answer_all(OWNER, &reference, Section::Cis2Conformance).await;
    let (list, choice) =
        (at(&reference, "files"), at(&reference, "sections/cis2-conformance/questions/cx-button-screenshot/files"));
    let statements = async |path: &str| {
        app.get(OWNER, path).await.is(200);
        let before = app.db.statements();
        app.get(OWNER, path).await.is(200);
        app.db.statements() - before
    };
    let few = (statements(&list).await, statements(&choice).await);
    let raw = app.place.raw().await;
    let grow = "INSERT INTO file (id, product_id, question, name, digest, size, content_type, by_id, at, document_id, version) \
                SELECT ID, file.product_id, 'cx-button-screenshot', 'picture-' || n || '.png', file.digest || n, 10, 'image/png', \
                file.by_id, file.at, NULL, 1 FROM (SELECT * FROM file LIMIT 1) AS file, numbers";
    let (numbers, id) = if raw.get_database_backend() == sea_orm::DbBackend::Sqlite {
        ("WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000) ", "randomblob(16)")
    } else {
        ("WITH numbers AS (SELECT generate_series(1, 10000) AS n) ", "gen_random_uuid()")
    };
    raw.execute_unprepared(&format!("{numbers}{}", grow.replace("SELECT ID", &format!("SELECT {id}")))).await.unwrap();
    raw.close().await.unwrap();
    let many = (statements(&list).await, statements(&choice).await);
    assert_eq!(few, many);
    assert!(many.0 <= 17 && many.1 <= 17, "{many:?}");
    println!("{many:?} statements");
    let first = app.get(OWNER, &list).await;
    first.has("Files (10,001)").has("page=401");
    assert_eq!(first.body.matches("<th class=\"nhsuk-table__header\" scope=\"row\"").count(), 25);
    app.get(OWNER, &format!("{list}?page=401")).await.is(200);
    app.get(OWNER, &format!("{list}?page=402")).await.is(200).has("There is nothing on this page");
    app.finish().await;
}
