//! Everything about a product: on a page to print, and as a pack of all answers, files, certificates and agreements.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use assured::domain::answer::{Value, hex};
use assured::domain::catalogue::Section;
use assured::domain::words::FileId;
use assured::secret::new_id;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::support::*;

/// The entries of an archive, read by Python's standard library.
fn unpack(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let folder = folder();
    let path = folder.join("pack.zip");
    std::fs::write(&path, bytes).unwrap();
    let program = "import sys, zipfile
pack = zipfile.ZipFile(sys.argv[1])
assert pack.testzip() is None
assert len(set(n.lower() for n in pack.namelist())) == len(pack.namelist())
pack.extractall(sys.argv[2])
print('\\n'.join(pack.namelist()))";
    let out = folder.join("out");
    let run =
        Command::new("python3").args(["-c", program]).args([&path, &out]).output().expect("Install the Debian package python3");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let names = String::from_utf8(run.stdout).unwrap();
    let entries = names.lines().map(|name| (name.to_owned(), std::fs::read(out.join(name)).unwrap())).collect();
    std::fs::remove_dir_all(folder).unwrap();
    entries
}

fn text_of(pdf: &[u8]) -> String {
    let folder = folder();
    let path = folder.join("answers.pdf");
    std::fs::write(&path, pdf).unwrap();
    let told = |name: &str, path: &Path, rest: &[&str]| {
        let run = Command::new(name).arg(path).args(rest).output().expect("Install the Debian package poppler-utils");
        assert!(run.status.success());
        String::from_utf8(run.stdout).unwrap()
    };
    assert!(told("pdfinfo", &path, &[]).contains("Tagged:          yes"));
    let text = told("pdftotext", &path, &["-"]);
    std::fs::remove_dir_all(folder).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An answer of one file with these bytes.
async fn kept(app: &TestApp, name: &str, bytes: &[u8]) -> Value {
    let mut incoming = app.data.files.receive().await.unwrap();
    incoming.write(bytes).await.unwrap();
    let digest = app.data.files.keep(incoming).await.unwrap();
    let file = assured::domain::answer::Evidence { id: FileId(new_id()), name: name.to_owned(), digest, size: bytes.len() as u64 };
    Value::Files { files: vec![file], expires_on: None }
}

#[actix_web::test]
async fn everything_is_on_one_page_to_print() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let address = format!("/products/{}/print", reference.to_lowercase());
    let empty = app.get(OWNER, &address).await;
    empty
        .is(200)
        .has("Wardlight 1")
        .has("Not answered yet")
        .has("Implement a clinical risk management process")
        .has("Electronic ward rounds.");
    app.answer(OWNER, &reference, ("cr-loss-of-access", Value::Text("Paper <charts>.".to_owned())), "As agreed.").await;
    app.send(OWNER, &reference, Section::MedicalDevice).await;
    app.decide(REVIEWER, &reference, Section::MedicalDevice, &["md-is-device"]).await;
    let page = app.get(VIEWER, &address).await;
    page.is(200).has("Paper &#60;charts&#62;.").has("As agreed.").lacks("Say more about this.");
    let asked = format!("{address}?feedback=yes");
    // What is decided and not told yet is on nobody's page.
    app.get(OWNER, &asked).await.is(200).lacks("Say more about this.");
    app.get(REVIEWER, &asked).await.lacks("Say more about this.");
    app.send_back(REVIEWER, &reference, Section::MedicalDevice, &["md-is-device"]).await;
    app.get(OWNER, &asked).await.has("Asked in round 1, 2\u{a0}April 2026").has("Say more about this.").has("Nearly there.");
    app.get(RIVAL, &address).await.is(404);
    app.finish().await;
}

#[actix_web::test]
async fn a_pack_holds_everything_that_was_sent_and_says_what() {
    let app = TestApp::new().await;
    let reference = app.product(OWNER).await;
    let address = format!("/products/{}/pack.zip", reference.to_lowercase());
    app.send(OWNER, &reference, Section::ClinicalRisk).await;
    app.send_back(REVIEWER, &reference, Section::ClinicalRisk, &["cr-plan", "cr-loss-of-access"]).await;
    let first = std::fs::read(plan_of(&app, &reference).await).unwrap();
    // Another plan under the same name, from somebody who tries to lead out of the folder.
    let second = kept(&app, "../../clinical-risk-management-plan.pdf", b"%PDF-1.7 another plan").await;
    app.answer(OWNER, &reference, ("cr-plan", second), "").await;
    let text = format!("{} 🦭", "Ward staff keep paper charts. ".repeat(5).trim_end());
    app.answer(OWNER, &reference, ("cr-loss-of-access", Value::Text(text)), "Rewritten.").await;
    app.send(OWNER, &reference, Section::ClinicalRisk).await;
    app.db
        .add_note(&app.actor(REVIEWER).await, &app.see(REVIEWER, &reference).await.unwrap(), ("cr-plan", "Ask Joan."), app.now())
        .await
        .unwrap();

    let reply = app.get(OWNER, &address).await;
    reply.is(200);
    assert!(reply.header("content-disposition").contains("filename=\"c2a-1001-2026-04-02.zip\""));
    let pack = unpack(&reply.bytes);
    let names: Vec<&str> = pack.keys().map(String::as_str).collect();
    assert!(names.iter().all(|n| n.starts_with("c2a-1001/") && !n.contains("..")), "{names:?}");
    let plans: Vec<&&str> = names.iter().filter(|n| n.contains("/evidence/clinical-risk/cr-plan/")).collect();
    assert_eq!(plans.len(), 2, "{names:?}");
    assert!(plans[0].ends_with("/2-clinical-risk-management-plan.pdf"), "{plans:?}");
    assert!(plans.iter().any(|n| pack[**n] == first), "the file of the first round is there as it was");
    let sent: Json = serde_json::from_slice(&pack["c2a-1001/answers/clinical-risk-round-2.json"]).unwrap();
    assert!(sent["answers"].as_array().unwrap().len() > 5);
    assert!(pack.contains_key("c2a-1001/answers/clinical-risk-round-1.json"));
    let words = text_of(&pack["c2a-1001/answers.pdf"]);
    for words_in_order in [
        "Wardlight 1",
        "Product details",
        "Electronic ward rounds.",
        "Not answered yet",
        "Ward staff keep paper charts. ?",
        "Asked in round 1",
    ] {
        assert!(words.contains(words_in_order), "{words_in_order}: {words}");
    }
    let manifest: Json = serde_json::from_slice(&pack["c2a-1001/manifest.json"]).unwrap();
    let listed = manifest["entries"].as_array().unwrap();
    assert_eq!(listed.len() + 1, pack.len());
    for entry in listed {
        let bytes = &pack[&format!("c2a-1001/{}", entry["name"].as_str().unwrap())];
        assert_eq!(entry["sha256"], hex(&Sha256::digest(bytes)), "{entry}");
        assert_eq!(entry["size"], bytes.len());
    }
    // What only the assurance team reads is in nobody's pack.
    let staff = app.get(REVIEWER, &address).await;
    for bytes in [&reply.bytes, &staff.bytes] {
        let all: Vec<u8> = unpack(bytes).into_values().flatten().collect();
        assert!(!String::from_utf8_lossy(&all).contains("Ask Joan."));
    }
    app.get(RIVAL, &address).await.is(404);
    app.finish().await;
}

async fn plan_of(app: &TestApp, reference: &str) -> std::path::PathBuf {
    let product = app.see(OWNER, reference).await.unwrap();
    let Some(Value::Files { files, .. }) = product.answers["cr-plan"].value.clone() else { panic!("no plan") };
    app.data.files.path(&files[0].digest).unwrap()
}

#[actix_web::test]
async fn a_pack_of_an_assured_product_holds_its_papers_and_is_recorded() {
    let app = TestApp::new().await;
    let reference = app.assured().await;
    let address = format!("/products/{}/pack.zip", reference.to_lowercase());
    let opened = async |app: &TestApp| {
        let csv = app.get(MANAGER, &format!("/products/{}/history.csv?topic=product", reference.to_lowercase())).await.body;
        csv.matches("File opened").count()
    };
    let before = opened(&app).await;
    let product = app.see(MANAGER, &reference).await.unwrap();
    // A file that is not in the store is a fault that is said before anything is sent or recorded.
    app.get(MANAGER, &address).await.is(500).has("give this number");
    assert_eq!(opened(&app).await, before);
    let agreement = product.agreement();
    let papers =
        [&product.certificate().unwrap().pdf, &agreement.issue.as_ref().unwrap().pdf, &agreement.signed.as_ref().unwrap().digest];
    for digest in papers {
        let path = app.data.files.path(digest).unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, b"%PDF-1.7 a paper").unwrap();
    }
    let pack = unpack(&app.get(MANAGER, &address).await.is(200).bytes);
    let number = &product.certificate().unwrap().content.number;
    let folder = reference.to_lowercase();
    for (name, start) in [
        (format!("{folder}/certificates/{number}.pdf"), "%PDF"),
        (format!("{folder}/certificates/{number}.json"), "{"),
        (format!("{folder}/agreements/agreement-1.pdf"), "%PDF"),
        (format!("{folder}/agreements/agreement-1-signed.pdf"), "%PDF"),
    ] {
        assert!(pack[&name].starts_with(start.as_bytes()), "{name}");
    }
    assert_eq!(opened(&app).await, before + 2, "the signed copy and the report of the penetration test");
    app.finish().await;
}
