//! Certificates and agreements, read back by tools that share no code with what made them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assured::document::agreement::{self, AgreementPaper};
use assured::document::certificate;
use assured::document::signature::{KeySet, SigningKey, verify};
use assured::document::{qr, unprintable};
use assured::domain::certificate::Content;
use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::Value;

use crate::support::folder;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn sample() -> Content {
    Content {
        number: "SAC-2026-7K3M-9QXT-4WZP".to_owned(),
        product: "Wardround Mobile".to_owned(),
        version: "4.2.1".to_owned(),
        reference: "C2A-1042".to_owned(),
        organisation: "Łódź & Ōtautahi <Clinical> Systems".to_owned(),
        ods_code: "Y07743".to_owned(),
        assurance_level: "AAL3".to_owned(),
        authenticator: "Security key (FIDO2)".to_owned(),
        back_channel_logout: true,
        tested_on: date("2026-04-14"),
        assessors: vec!["Amara Okafor".to_owned(), "Mike Hughes".to_owned()],
        issued_on: date("2026-04-17"),
        issued_by: "Sofia Marín".to_owned(),
        scope: "Sign-in, back-channel logout, session handling and the Care Identity button.".to_owned(),
        conditions: vec!["The button has the older wording.".to_owned()],
        replaces: Some("SAC-2025-AAAA-BBBB-CCCC".to_owned()),
        question_set: 3,
        address: "https://assurance.example/certificates/SAC-2026-7K3M-9QXT-4WZP".to_owned(),
    }
}

fn long() -> Content {
    let mut long = sample();
    long.product = "The Integrated Neighbourhood Record Viewer of ".repeat(4);
    long.organisation = "Gesundheitsinformationssysteme".repeat(6);
    long.scope = "Sign-in is looked at from every side. ".repeat(50);
    long.assessors = (1..=9).map(|n| format!("Assessor Number {n}")).collect();
    long.conditions = (1..=20).map(|n| format!("Observation {n}. {}", "The session ends early. ".repeat(12))).collect();
    long
}

fn terms() -> AgreementPaper {
    let paragraph = "The organisation tells the service without delay when an answer is no longer true.";
    let paragraphs = |n| (1..=3).map(move |p| format!("{n}.{p} {}", paragraph.repeat(3))).collect();
    let clause = |n| (format!("{n}. Duty number {n}"), paragraphs(n));
    AgreementPaper {
        title: "Connection Agreement".to_owned(),
        terms_version: "2026-1 sample".to_owned(),
        is_sample: true,
        reference: "C2A-1042".to_owned(),
        product: "Wardround Mobile".to_owned(),
        organisation: "Harbour Clinical Systems Limited".to_owned(),
        issued_on: date("2026-04-09"),
        parties: vec![("ODS code".to_owned(), "Y07743".to_owned()), ("Address".to_owned(), "Unit 4, 12 Harbour Road".to_owned())],
        clauses: (1..=12).map(clause).collect(),
        signatory_name: "Priya Shah".to_owned(),
        signatory_title: "Chief executive".to_owned(),
    }
}

fn saved(bytes: &[u8]) -> PathBuf {
    let path = folder().join("paper.pdf");
    std::fs::write(&path, bytes).unwrap();
    path
}

/// What a tool of another house says about a file.
fn tool(name: &str, package: &str, arguments: &[&str]) -> Output {
    let run = Command::new(name).args(arguments).output();
    run.unwrap_or_else(|e| panic!("{name} did not start ({e}). Install the Debian package {package}."))
}

fn poppler(name: &str, arguments: &[&str], pdf: &Path) -> String {
    let output = tool(name, "poppler-utils", &[arguments, &[pdf.to_str().unwrap()]].concat());
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The text of a PDF with single spaces.
fn text_of(pdf: &Path) -> String {
    let output = tool("pdftotext", "poppler-utils", &[pdf.to_str().unwrap(), "-"]);
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pages(pdf: &Path) -> usize {
    let told = poppler("pdfinfo", &[], pdf);
    let line = told.lines().find_map(|l| l.strip_prefix("Pages:")).unwrap();
    line.trim().parse().unwrap()
}

#[track_caller]
fn assert_in_order(text: &str, wanted: &[&str]) {
    let mut rest = text;
    for words in wanted {
        let at = rest.find(words).unwrap_or_else(|| panic!("{words:?} is not where it belongs in:\n{text}"));
        rest = &rest[at + words.len()..];
    }
}

#[track_caller]
fn assert_accessible(pdf: &Path, title: &str) {
    let about = poppler("pdfinfo", &[], pdf);
    let line = |name: &str| about.lines().find_map(|l| l.strip_prefix(name)).unwrap_or_default().trim().to_owned();
    assert_eq!((line("Tagged:"), line("Title:"), line("JavaScript:")), ("yes".to_owned(), title.to_owned(), "no".to_owned()));
    let standards = poppler("pdfinfo", &["-meta"], pdf);
    for said in ["<pdfuaid:part>1<", "<pdfaid:part>2<", "<pdfaid:conformance>A<", "<rdf:li>en-GB<"] {
        assert!(standards.contains(said), "{said} is not in {standards}");
    }
    let fonts = poppler("pdffonts", &[], pdf);
    let embedded: Vec<Vec<&str>> = fonts.lines().skip(2).map(|l| l.split_whitespace().rev().take(5).collect()).collect();
    // From the right: two numbers of the object, then whether it has a map to Unicode, is a part, and is embedded.
    assert!(embedded.len() == 2 && embedded.iter().all(|f| f[2..] == ["yes", "yes", "yes"]), "{fonts}");
}

#[test]
fn a_certificate_is_accessible_and_says_everything_in_the_order_of_reading() {
    let pdf = saved(&certificate::pdf(&sample()).unwrap());
    assert_accessible(&pdf, "Solution assurance certificate SAC-2026-7K3M-9QXT-4WZP");
    assert_eq!(pages(&pdf), 1);
    let facts = [
        "Get your CIS2 software assured",
        "Solution assurance certificate",
        "Wardround Mobile",
        "version 4.2.1",
        "Łódź & Ōtautahi <Clinical> Systems",
        "Y07743",
        "Scope Sign-in, back-channel logout, session handling and the Care Identity button.",
        "Assurance level AAL3",
        "Authenticator tested Security key (FIDO2)",
        "Back-channel logout Used, and tested",
        "Conditions The button has the older wording.",
        "Tested 14 April 2026 by Amara Okafor and Mike Hughes",
        "Issued 17 April 2026 by Sofia Marín",
        "Product reference C2A-1042, question set 3",
        "Replaces Certificate SAC-2025-AAAA-BBBB-CCCC",
        "Certificate number SAC-2026-7K3M-9QXT-4WZP",
        "https://assurance.example/certificates/",
        "This certificate is genuine only if that page says so.",
    ];
    assert_in_order(&text_of(&pdf), &facts);
    let links = poppler("pdfinfo", &["-url"], &pdf);
    assert!(links.contains(&sample().address), "{links}");
}

#[test]
fn a_screen_reader_finds_the_heading_the_table_and_the_words_for_the_code() {
    let bytes = certificate::pdf(&sample()).unwrap();
    let read = poppler("pdfinfo", &["-struct-text"], &saved(&bytes));
    let read = read.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted =
        ["H1 \"Solution assurance certificate\"", "Table", "TR TH: /Scope /Row \"Assurance level\" TD \"AAL3\"", "Figure", "Link"];
    assert_in_order(&read, &wanted);
    // The tool does not show the words that stand for a picture.
    let words = format!("/Alt(QR code with the address {})", sample().address);
    assert!(bytes.windows(words.len()).any(|window| window == words.as_bytes()), "{words} is not in the file");
}

#[test]
fn the_code_on_the_printed_certificate_leads_to_its_public_page() {
    let pdf = saved(&certificate::pdf(&sample()).unwrap());
    let picture = pdf.with_file_name("page");
    let made =
        tool("pdftoppm", "poppler-utils", &["-gray", "-r", "150", "-singlefile", pdf.to_str().unwrap(), picture.to_str().unwrap()]);
    assert!(made.status.success());
    let (width, height, grey) = picture_of(&picture.with_extension("pgm"));
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| grey[y * width + x]);
    let codes: Vec<String> = image.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect();
    assert_eq!(codes, [sample().address]);
}

/// Width, height and grey values of a PGM picture.
fn picture_of(path: &Path) -> (usize, usize, Vec<u8>) {
    let bytes = std::fs::read(path).unwrap();
    let mut fields = Vec::new();
    let mut at = 0;
    while fields.len() < 4 {
        let end = at + bytes[at..].iter().position(u8::is_ascii_whitespace).unwrap();
        fields.push(String::from_utf8(bytes[at..end].to_vec()).unwrap());
        at = end + 1;
    }
    assert_eq!(fields[0], "P5");
    (fields[1].parse().unwrap(), fields[2].parse().unwrap(), bytes[at..].to_vec())
}

#[test]
fn the_picture_of_a_code_on_a_page_can_be_read_and_has_words_in_its_place() {
    let address = sample().address;
    let modules = qr::modules(&address).unwrap();
    let side = modules.len() + 2 * qr::QUIET;
    let dark = |x: usize, y: usize| {
        let row = y.checked_sub(qr::QUIET).and_then(|y| modules.get(y));
        row.and_then(|row| x.checked_sub(qr::QUIET).and_then(|x| row.get(x))).copied().unwrap_or_default()
    };
    let grey = |x: usize, y: usize| if dark(x / 4, y / 4) { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * 4, side * 4, grey);
    assert_eq!(image.detect_grids()[0].decode().unwrap().1, address);

    let svg = qr::svg(&address, "Code for \"Ward & Round\" <4>").unwrap();
    assert!(svg.contains("<title>Code for &quot;Ward &amp; Round&quot; &lt;4&gt;</title>"), "{svg}");
    assert!(svg.contains("role=\"img\"") && svg.contains(&format!("viewBox=\"0 0 {side} {side}\"")), "{svg}");
    assert!(!svg.contains("style="), "the pages allow no inline style");
    let drawn = qr::runs(&modules).iter().map(|(_, _, length)| length).sum::<usize>();
    assert_eq!(drawn, modules.concat().into_iter().filter(|dark| *dark).count());
    assert!(qr::svg(&"x".repeat(5_000), "").is_err());
}

#[test]
fn long_scope_and_conditions_run_over_to_further_pages_and_nothing_is_lost() {
    let long = long();
    let pdf = saved(&certificate::pdf(&long).unwrap());
    assert!(pages(&pdf) > 2);
    let text = text_of(&pdf);
    let wanted: Vec<String> = (1..=20).map(|n| format!("{n}. Observation {n}.")).collect();
    let mut order = vec!["20 observations to be dealt with, on page 2", "Scope", "Conditions"];
    order.extend(wanted.iter().map(String::as_str));
    assert_in_order(&text, &order);
    assert_eq!(text.matches("Sign-in is looked at from every side.").count(), 50);
    // A sentence may run over to the next page; its last word does not.
    assert_eq!(text.matches("early.").count(), 20 * 12);
    assert!(text.contains(&format!("Page 1 of {}", pages(&pdf))), "{text}");
}

#[test]
fn the_same_paper_has_the_same_bytes_and_another_one_has_others() {
    assert_eq!(certificate::pdf(&long()).unwrap(), certificate::pdf(&long()).unwrap());
    assert_eq!(agreement::pdf(&terms()).unwrap(), agreement::pdf(&terms()).unwrap());
    let later = Content { issued_on: date("2026-04-20"), ..sample() };
    assert_ne!(certificate::pdf(&sample()).unwrap(), certificate::pdf(&later).unwrap());
}

#[test]
fn an_agreement_says_its_terms_in_order_and_every_page_says_whose_it_is() {
    let paper = terms();
    let pdf = saved(&agreement::pdf(&paper).unwrap());
    assert_accessible(&pdf, "Connection Agreement, C2A-1042");
    let all = pages(&pdf);
    assert!(all > 2);
    let text = text_of(&pdf);
    let headings: Vec<String> = (1..=12).map(|n| format!("{n}. Duty number {n}")).collect();
    let mut order = vec!["Connection Agreement", "Harbour Clinical Systems Limited", "Wardround Mobile", "Unit 4, 12 Harbour Road"];
    order.extend(headings.iter().map(String::as_str));
    order.extend(["12.3", "Signature", "Priya Shah, Chief executive", "Name and role", "Date"]);
    assert_in_order(&text, &order);
    assert_eq!(agreement::fingerprint(&paper), "C2A-1042, terms 2026-1 sample");
    assert_eq!(text.matches(&agreement::fingerprint(&paper)).count(), all, "one on each page");
    for page in 1..=all {
        assert!(text.contains(&format!("Page {page} of {all}")), "{text}");
    }
    assert_eq!(text.matches("Sample terms").count(), all, "one on each page");
    let real = AgreementPaper { is_sample: false, terms_version: "2026-1".to_owned(), ..terms() };
    assert!(!text_of(&saved(&agreement::pdf(&real).unwrap())).to_lowercase().contains("sample"));
}

#[test]
fn characters_without_a_shape_are_named_beforehand_and_shown_as_question_marks() {
    assert_eq!(unprintable("Łukasz O’Brien – Αθήνα, Москва\u{200b} e\u{301} £100"), Vec::<char>::new());
    assert_eq!(unprintable("日本 and 日 \u{7}שלום"), ['日', '本', '\u{7}', 'ש', 'ל', 'ו', 'ם']);
    let paper = Content { product: "Ward日本".to_owned(), ..sample() };
    assert!(text_of(&saved(&certificate::pdf(&paper).unwrap())).contains("Ward??"));
}

#[test]
fn the_program_in_the_documentation_tells_genuine_certificates_from_changed_ones() {
    let folder = folder();
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/certificates.md")).unwrap();
    let program = page.split("```js\n").nth(1).unwrap().split("```").next().unwrap();
    std::fs::write(folder.join("check.mjs"), program).unwrap();
    let key = SigningKey::from_seed([7; 32]).unwrap();
    let json = certificate::json(&sample()).unwrap();
    let signed = key.sign(&json);
    std::fs::write(folder.join("certificate-keys.json"), KeySet::new(key.clone()).jwks().to_string()).unwrap();
    let run = |jws: &str| {
        std::fs::write(folder.join("certificate.jws"), jws).unwrap();
        let run = Command::new("node").arg("check.mjs").current_dir(&folder).output();
        String::from_utf8(run.expect("node is not installed: install Node.js").stdout).unwrap().trim().to_owned()
    };
    assert_eq!(run(&signed).as_bytes(), json);
    let changed = key.sign(&certificate::json(&Content { version: "4.2.2".to_owned(), ..sample() }).unwrap());
    let (_, own) = signed.rsplit_once('.').unwrap();
    let (other, _) = changed.rsplit_once('.').unwrap();
    assert_eq!(run(&format!("{other}.{own}")), "Not genuine");
    assert_eq!(run(&SigningKey::from_seed([8; 32]).unwrap().sign(&json)), "Not genuine");

    // The page names every field, and the signed form has no other.
    let fields: Value = serde_json::from_slice(&json).unwrap();
    for field in fields.as_object().unwrap().keys() {
        assert!(page.contains(&format!("`{field}`")), "docs/certificates.md does not say what {field} means");
    }
    assert_eq!(serde_json::from_slice::<Content>(&json).unwrap(), sample());
}

#[test]
fn old_certificates_stay_good_when_the_key_changes() {
    let path = folder().join("certificate.key");
    let first = KeySet::from_file(&path).unwrap();
    let again = KeySet::from_file(&path).unwrap();
    assert_eq!(first.current().id(), again.current().id());
    let old = first.current().sign(b"{}");
    std::fs::remove_file(&path).unwrap();

    let second = KeySet::from_file(&path).unwrap();
    assert_ne!(second.current().id(), first.current().id());
    assert_eq!(second.jwks()["keys"].as_array().unwrap().len(), 2);
    assert_eq!(second.jwks()["keys"][0]["kid"], second.current().id());
    assert_eq!(verify(&old, &second.jwks()).as_deref(), Some(b"{}".as_slice()));
    assert_eq!(verify(&second.current().sign(b"{}"), &first.jwks()), None);
    let public = second.jwks().to_string();
    assert!(!public.contains("\"d\""), "{public}");

    let stray = path.with_file_name("certificate.key.stray.public.json");
    std::fs::write(&stray, r#"{"kty":"OKP","crv":"Ed25519","x":"AAAA","kid":"stray"}"#).unwrap();
    let refused = format!("{:#}", KeySet::from_file(&path).err().unwrap());
    assert!(refused.contains("certificate.key.stray.public.json"), "{refused}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// The validator of the PDF refuses a mark without its part, a glyph without its character, and the like.
    #[test]
    fn no_text_keeps_a_paper_from_being_made(words in proptest::collection::vec("\\PC{0,40}|[ -~]{0,120}|", 6)) {
        let [product, organisation, scope, condition, person, clause] = <[String; 6]>::try_from(words).unwrap();
        let paper = Content {
            product, organisation: organisation.clone(), scope, conditions: vec![condition; 3], issued_by: person.clone(), ..sample()
        };
        certificate::pdf(&paper).unwrap();
        let clauses = vec![(clause.clone(), vec![clause]); 4];
        let parties = vec![(person.clone(), person), (String::new(), organisation.clone())];
        agreement::pdf(&AgreementPaper { organisation, clauses, parties, ..terms() }).unwrap();
    }
}
