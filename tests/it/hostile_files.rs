//! Files made to deceive or to exhaust the check of a signed copy: each gets its own answer, within bounds.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use assured::inspect::{Active, Expected, Fault, Inspector, MAX_BYTES, Report, child, examine};

use crate::pdf_files::{PHRASE, Pdf, encrypted, signed, with_action, with_member};
use crate::support::folder;

fn expected() -> Expected {
    Expected { min_pages: 5, phrase: PHRASE.to_owned() }
}

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_assured"))
}

/// What the process of its own says of a file. A busy machine gets time enough, so what ends it are its own limits.
async fn verdict(bytes: &[u8]) -> Result<Report, Fault> {
    let folder = folder();
    let path = folder.join("signed copy.pdf");
    std::fs::write(&path, bytes).unwrap();
    let verdict = Inspector::new(program()).with_patience(Duration::from_mins(1)).examine(&path, &expected()).await.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    verdict
}

async fn refused(cases: Vec<(&str, Fault, Vec<u8>)>) {
    for (name, fault, bytes) in cases {
        assert_eq!(verdict(&bytes).await, Err(fault), "{name}");
    }
}

fn found(active: Active) -> Fault {
    Fault::Active(active)
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

#[actix_web::test]
async fn a_plain_copy_of_enough_pages_passes_and_its_text_is_found() {
    let report = Report { pages: 5, has_signature_field: false, text_found: true };
    assert_eq!(verdict(&Pdf::of_pages(5).bytes()).await, Ok(report));
    let longer = Report { pages: 7, has_signature_field: false, text_found: true };
    assert_eq!(verdict(&Pdf::of_pages(7).bytes()).await, Ok(longer));
    let in_stream = verdict(&with_member("<< /S /GoTo /D [ 4 0 R /Fit ] >>", "/Type /ObjStm")).await;
    assert_eq!(in_stream, Ok(Report { pages: 5, has_signature_field: false, text_found: true }));
    let mut commented = Pdf::of_pages(5);
    commented.put_packed(20, "/Type /ObjStm /N 1 /First 17", b"%one object\n30 0 << >>".to_vec());
    assert!(verdict(&commented.bytes_with_members(&[(30, 20)])).await.is_ok());
}

#[actix_web::test]
async fn a_signature_counts_when_its_field_is_filled() {
    let filled = verdict(&signed("/V 21 0 R")).await.unwrap();
    assert!(filled.has_signature_field && filled.text_found && filled.pages == 5, "{filled:?}");
    let waiting = verdict(&signed("")).await.unwrap();
    assert!(!waiting.has_signature_field, "{waiting:?}");
}

#[actix_web::test]
async fn a_copy_that_is_no_copy_of_the_text_passes_but_says_so() {
    let other = Expected { min_pages: 1, phrase: "Agreement fingerprint 0000 0000".to_owned() };
    assert!(!examine(&Pdf::of_pages(5).bytes(), &other).unwrap().text_found);
}

#[actix_web::test]
async fn what_is_no_pdf_or_not_only_one_is_refused() {
    let good = Pdf::of_pages(5).bytes();
    let commented = |comment: &str| joined(&[b"%PDF-1.7\n%", comment.as_bytes(), b"\n", &good]);
    refused(vec![
        ("no bytes", Fault::Empty, Vec::new()),
        ("text", Fault::NotPdf, b"Dear team, here is our agreement.".to_vec()),
        ("picture", Fault::NotPdf, b"\x89PNG\r\n\x1a\n".to_vec()),
        ("header alone", Fault::Broken, b"%PDF-1.7\n".to_vec()),
        ("header without a version", Fault::NotPdf, joined(&[b"%PDF-x", &good])),
        ("junk first", Fault::NotPdf, joined(&[b"junk\n", &good])),
        ("archive first", Fault::NotPdf, joined(&[b"PK\x03\x04\n", &good])),
        ("page first", Fault::NotPdf, joined(&[b"<html><!--", &good])),
        ("page in a comment", Fault::NotPdf, commented("<HTML><Script>alert(1)</script>")),
        ("archive behind", Fault::NotPdf, joined(&[&good, b"PK\x05\x06", &[0; 18]])),
        ("archive in a comment", Fault::NotPdf, joined(&[&good, b"%PK\x05\x06", &[0; 18], b"\n%%EOF\n"])),
        ("text behind", Fault::Broken, joined(&[&good, b"and more"])),
        ("too large", Fault::TooLarge, joined(&[&good, &vec![b' '; MAX_BYTES]])),
    ])
    .await;
}

#[actix_web::test]
async fn an_encrypted_file_is_refused_whether_it_opens_by_itself_or_not() {
    let mut hinted = Pdf::of_pages(5);
    hinted.trailer("/Encrypt 9 0 R");
    let earlier = Pdf::of_pages(5).appended_to(&hinted.bytes());
    refused(vec![
        ("password", Fault::Encrypted, encrypted("secret")),
        ("empty password", Fault::Encrypted, encrypted("")),
        ("only its earlier revision", Fault::Encrypted, earlier),
    ])
    .await;
}

#[actix_web::test]
async fn whatever_acts_is_refused_however_it_is_written() {
    let script = "<< /S /JavaScript /JS (app.alert(1)) >>";
    refused(vec![
        ("script", found(Active::Script), with_action(script)),
        ("escaped", found(Active::Script), with_action("<< /S /J#61v#61Script /#4A#53 (app.alert(1)) >>")),
        ("in a stream of objects", found(Active::Script), with_member(script, "/Type /ObjStm")),
        ("escaped in one", found(Active::Script), with_member("<< /S /Java#53cript >>", "/Type /ObjStm")),
        ("in one that hides what it is", Fault::Broken, with_member(script, "")),
        ("behind a bracket in a string", found(Active::Script), with_action("<< /T (\\() /S /JavaScript >>")),
        ("program", found(Active::Launch), with_action("<< /S /Launch /F (calc.exe) >>")),
        ("sent form", found(Active::FormData), with_action("<< /S /SubmitForm /F (https://x.example) >>")),
        ("loaded form", found(Active::FormData), with_action("<< /S /ImportData /F (a.fdf) >>")),
        ("other file", found(Active::OtherFile), with_action("<< /S /GoToR /F (a.pdf) >>")),
        ("file inside", found(Active::OtherFile), with_action("<< /S /GoToE /T << >> >>")),
        ("film", found(Active::Media), with_action("<< /S /Movie >>")),
        ("sound", found(Active::Media), with_action("<< /S /Sound >>")),
        ("rendition", found(Active::Media), with_action("<< /S /Rendition >>")),
    ])
    .await;
    let mut cases = Vec::new();
    for (name, active, value) in [
        ("attachment", Active::EmbeddedFile, "<< /Type /EmbeddedFile /Length 2 >>\nstream\nhi\nendstream"),
        ("attachment without its type", Active::EmbeddedFile, "<< /F (a.exe) /EF << /F 31 0 R >> >>"),
        ("rich media", Active::Media, "<< /Type /Annot /Subtype /RichMedia >>"),
        ("dynamic form", Active::DynamicForm, "<< /Fields [ ] /XFA [ ] >>"),
    ] {
        let mut pdf = Pdf::of_pages(5);
        pdf.put(30, value);
        cases.push((name, found(active), pdf.bytes()));
    }
    refused(cases).await;
}

#[actix_web::test]
async fn every_revision_is_judged_and_the_last_one_counts() {
    let good = Pdf::of_pages(5).bytes();
    let harmful = with_action("<< /S /JavaScript /JS (1) >>");
    let hidden = with_member("<< /S /JavaScript >>", "/Type /ObjStm");
    let mut replaced = Pdf::of_pages(5);
    replaced.put(20, "<< /Length 0 >>\nstream\n\nendstream");
    let fewer = Fault::TooFewPages { has: 2, needs: 5 };
    refused(vec![
        ("harm in the first", found(Active::Script), Pdf::of_pages(5).appended_to(&harmful)),
        ("hidden harm in the first", found(Active::Script), replaced.appended_to(&hidden)),
        ("harm behind", found(Active::Script), joined(&[&good, &harmful])),
        ("fewer pages in the last", fewer, Pdf::of_pages(2).appended_to(&good)),
        ("another whole file behind", Fault::Broken, joined(&[&Pdf::of_pages(9).bytes(), &good])),
        ("too many", Fault::TooComplex, (0..40).fold(good.clone(), |file, _| Pdf::of_pages(5).appended_to(&file))),
    ])
    .await;
    assert_eq!(verdict(&Pdf::of_pages(6).appended_to(&good)).await.unwrap().pages, 6);
}

#[actix_web::test]
async fn pages_are_counted_one_by_one() {
    let tree = |kids: &str, count: &str| {
        let mut pdf = Pdf::of_pages(2);
        pdf.put(2, &format!("<< /Type /Pages /Kids [ {kids} ] /Count {count} >>"));
        pdf.bytes()
    };
    let has = |has| Fault::TooFewPages { has, needs: 5 };
    refused(vec![
        ("too few", has(2), Pdf::of_pages(2).bytes()),
        ("huge count", has(2), tree("4 0 R 6 0 R", "2147483647")),
        ("none", Fault::Broken, Pdf::of_pages(0).bytes()),
        ("loop", Fault::Broken, tree("4 0 R 2 0 R", "5")),
        ("one page five times", Fault::Broken, tree("4 0 R 4 0 R 4 0 R 4 0 R 4 0 R", "5")),
        ("pages that are not there", Fault::Broken, tree("4 0 R 50 0 R 51 0 R 52 0 R 53 0 R", "5")),
    ])
    .await;
    assert_eq!(has(1).sentence(), "The selected file has 1 page. The agreement that we issued has 5");
}

#[actix_web::test]
async fn depth_and_size_that_no_document_needs_are_refused_within_the_limits() {
    let nested = |open: &str, close: &str, times: usize| with_action(&(open.repeat(times) + &close.repeat(times)));
    let member = |open: &str, close: &str| with_member(&(open.repeat(70) + &close.repeat(70)), "/Type /ObjStm");
    let unpacked = |size: usize| {
        let mut pdf = Pdf::of_pages(5);
        pdf.put_packed(20, "/Type /ObjStm /N 1 /First 5", joined(&[b"30 0 ", &vec![b' '; size]]));
        pdf.bytes()
    };
    let mut many = Pdf::of_pages(5);
    many.put_members(100, "/Type /ObjStm", &[(1000, format!("[{}]", "0 ".repeat(4_000_000)))]);
    for number in 101..160 {
        many.put_copy(100, number);
    }
    let strings = joined(&[b"%PDF-1.7\n", &b"1 0 obj (".repeat(500_000), &Pdf::of_pages(5).bytes()]);
    let cases = vec![
        ("nested dictionaries", Fault::TooComplex, nested("<< /A ", " >>", 100_000)),
        ("nested arrays", Fault::TooComplex, nested("[", "]", 200_000)),
        ("nested in a stream of objects", Fault::TooComplex, member("[", "]")),
        ("200 MB packed", Fault::TooComplex, unpacked(200 * 1024 * 1024)),
        ("many packed", Fault::TooComplex, many.bytes()),
        ("objects inside objects", Fault::TooComplex, strings),
    ];
    for (name, fault, bytes) in cases {
        let start = Instant::now();
        assert_eq!(verdict(&bytes).await, Err(fault), "{name}");
        println!("{name}: {} bytes, {:?}", bytes.len(), start.elapsed());
    }
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_refused() {
    let whole = with_member("<< /S /GoTo /D [ 4 0 R /Fit ] >>", "/Type /ObjStm");
    assert!(examine(&whole, &expected()).is_ok());
    let end = whole.len() - "\n".len();
    for length in 0..end {
        let fault = examine(&whole[..length], &expected()).unwrap_err();
        assert!(matches!(fault, Fault::Empty | Fault::NotPdf | Fault::Broken), "{length}: {fault:?}");
    }
    for length in (0..end).step_by(7) {
        let mended = joined(&[&whole[..length], b"\n%%EOF\n"]);
        assert!(examine(&mended, &expected()).is_err(), "{length} with an end mark");
    }
}

#[test]
fn no_change_of_a_few_bytes_brings_the_check_down() {
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % u64::try_from(below).unwrap()).unwrap()
    };
    let seeds = [Pdf::of_pages(5).bytes(), signed("/V 21 0 R"), with_member("<< /S /GoTo >>", "/Type /ObjStm"), encrypted("")];
    let mut worst = Duration::ZERO;
    for round in 0..2_000 {
        let mut file = seeds[round % seeds.len()].clone();
        for _ in 0..=next(8) {
            let at = next(file.len());
            match next(4) {
                0 => file[at] = u8::try_from(next(256)).unwrap(),
                1 => file[at] = b"<>[]()/%0 9R"[next(12)],
                2 => drop(file.drain(at..(at + next(40)).min(file.len() - 20).max(at))),
                _ => {
                    let piece = file[at..(at + 40).min(file.len())].to_vec();
                    let to = next(file.len());
                    file.splice(to..to, piece);
                }
            }
        }
        let start = Instant::now();
        let _ = examine(&file, &expected());
        worst = worst.max(start.elapsed());
    }
    println!("worst of 2,000: {worst:?}");
}

#[test]
fn the_process_is_limited_before_it_reads_a_byte() {
    let mut process = Command::new(program())
        .args(["check-pdf", "--pages=1", "--phrase=-a"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    // More than the pipe holds: when it is written, the process has begun to read.
    input.write_all(&vec![b'a'; 1024 * 1024]).unwrap();
    if cfg!(target_os = "linux") {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", process.id())).unwrap();
        let limit = |name: &str| {
            let line = limits.lines().find_map(|l| l.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse::<u64>().unwrap()
        };
        assert_eq!(limit("Max address space"), child::MEMORY);
        assert_eq!(limit("Max cpu time"), child::SECONDS);
        assert_eq!((limit("Max file size"), limit("Max core file size")), (0, 0));
        let environment = std::fs::read(format!("/proc/{}/environ", process.id())).unwrap();
        assert!(environment.is_empty(), "the environment is cleared");
    }
    drop(input);
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), r#"{"Err":"not-pdf"}"#);
}

/// A program in the place of ours that does something else.
#[cfg(unix)]
fn impostor(folder: &std::path::Path, script: &str) -> Inspector {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join("impostor");
    std::fs::write(&path, format!("#!/bin/sh\necho $$ > '{}'\n{script}\n", folder.join("pid").display())).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    std::fs::write(folder.join("file.pdf"), "%PDF-1.7").unwrap();
    Inspector::new(path)
}

#[cfg(target_os = "linux")]
#[actix_web::test]
async fn no_process_outlives_the_call() {
    // What it does, the answer to the caller (none for a fault of ours).
    let cases = [
        ("exec sleep 1000", Some(Err(Fault::TooComplex))),
        ("while :; do :; done", Some(Err(Fault::TooComplex))),
        ("exec yes", None),
        ("kill -9 $$", Some(Err(Fault::TooComplex))),
        ("exit 101", Some(Err(Fault::TooComplex))),
        ("exit 1", None),
        ("echo '{\"Ok\":{}}'", None),
        ("test -z \"$CARGO_MANIFEST_DIR$HOME\" && echo '{\"Err\":\"broken\"}'", Some(Err(Fault::Broken))),
    ];
    for (script, expected_answer) in cases {
        let folder = folder();
        let inspector = impostor(&folder, script).with_patience(Duration::from_secs(1));
        let answer = inspector.examine(&folder.join("file.pdf"), &expected()).await;
        assert_eq!(answer.ok(), expected_answer, "{script}");
        let pid = std::fs::read_to_string(folder.join("pid")).unwrap();
        assert!(!std::path::Path::new("/proc").join(pid.trim()).exists(), "{script} still runs");
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[actix_web::test]
async fn a_file_that_is_not_there_is_our_fault_and_not_the_files() {
    let answer = Inspector::new(program()).examine(&folder().join("gone.pdf"), &expected()).await;
    assert!(answer.unwrap_err().to_string().contains("gone.pdf cannot be opened"));
}

#[test]
fn every_fault_has_a_sentence_that_says_what_to_do() {
    assert_eq!(Fault::NotPdf.sentence(), "The selected file must be a PDF");
    assert_eq!(found(Active::Script).sentence(), "The selected file contains a script. Save it again without one");
    assert!(Fault::Encrypted.sentence().starts_with("The selected file is password protected"));
}
