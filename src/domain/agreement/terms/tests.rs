//! The terms that come with the service, what is refused, and that a value is only ever a value.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::domain::catalogue_tests::{World, day};

const SAMPLE: &str = include_str!("../terms-2026-1.toml");

fn parties(data_role: DataRole) -> Parties {
    Parties {
        organisation: "Wardlight Ltd".to_owned(),
        address: "1 High Street,\nLeeds\n LS1 1AA ".to_owned(),
        ods_code: "8JK21".to_owned(),
        product: "Wardlight Rounds".to_owned(),
        version: "4.2".to_owned(),
        reference: "C2A-1042".to_owned(),
        signatory: "Priya Shah".to_owned(),
        job_title: "Chief Executive".to_owned(),
        data_role,
    }
}

fn sample() -> Terms {
    Terms::parse(SAMPLE).unwrap()
}

fn whole(paper: &Paper) -> String {
    paper.clauses.iter().flat_map(|(heading, text)| std::iter::once(heading).chain(text)).cloned().collect::<Vec<_>>().join("\n")
}

fn headings(role: DataRole) -> Vec<String> {
    sample().fill(&parties(role)).clauses.into_iter().map(|(heading, _)| heading).collect()
}

#[test]
fn every_file_of_terms_is_built_in_parses_and_is_named_by_its_version() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain/agreement");
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| std::path::Path::new(name).extension().is_some_and(|ending| ending == "toml"));
    assert!(!names.is_empty());
    for name in names {
        let text = BUILT_IN.iter().find(|(built_in, _)| *built_in == name).unwrap_or_else(|| panic!("{name} is not built in")).1;
        let terms = Terms::parse(text).unwrap_or_else(|faults| panic!("{name}: {}", faults.join("\n")));
        assert_eq!(name, format!("terms-{}.toml", terms.version));
    }
    assert_eq!(Terms::built_in().unwrap().len(), BUILT_IN.len());
}

#[test]
fn the_roles_are_the_options_of_the_question() {
    let world = World::empty();
    let question = world.catalogue.find("cc-data-role").unwrap().1;
    let options: Vec<&str> = question.options.iter().map(|o| o.value.as_str()).collect();
    let words: Vec<&str> = DataRole::ALL.iter().map(|role| role.word()).collect();
    assert_eq!(words, options);
}

#[test]
fn the_role_chooses_the_appendices() {
    let letters = |role| {
        let all = headings(role).into_iter();
        all.filter_map(|h| h.strip_prefix("Appendix ").map(|rest| rest.split_once(':').unwrap().0.to_owned())).collect::<String>()
    };
    assert_eq!(letters(DataRole::Processor), "ABC");
    assert_eq!(letters(DataRole::Controller), "ACD");
    assert_eq!(letters(DataRole::Joint), "ACE");
    assert_eq!(letters(DataRole::Both), "ABCD");
    let facts = sample().fill(&parties(DataRole::Controller)).facts;
    assert!(facts.contains(&("Appendices that apply".to_owned(), "A, C, D".to_owned())));
}

#[test]
fn a_paper_names_its_parties_and_leaves_nothing_open() {
    for role in DataRole::ALL {
        let paper = sample().fill(&parties(*role));
        let text = whole(&paper) + &paper.declaration;
        assert!(!text.contains(['{', '}']), "{text}");
        for value in ["Wardlight Ltd", "1 High Street, Leeds, LS1 1AA", "8JK21", "Wardlight Rounds", "4.2", "C2A-1042"] {
            assert!(text.contains(value), "{value}");
            assert!(paper.facts.iter().any(|(_, shown)| shown == value), "{value}");
        }
        assert!(text.contains(&format!("Your role is: {}.", role.label())));
        assert!(text.contains("Priya Shah, Chief Executive"));
        assert!(paper.declaration.contains("officer of Wardlight Ltd with authority"));
    }
}

#[test]
fn a_sample_says_so_wherever_it_is_read() {
    let paper = sample().fill(&parties(DataRole::Processor));
    assert!(paper.is_sample);
    assert!(paper.title.contains("sample"));
    assert!(whole(&paper).contains("This is a sample text"));
    assert!(paper.facts.contains(&("Version of the terms".to_owned(), "2026-1 (sample)".to_owned())));
}

#[test]
fn clauses_and_paragraphs_are_numbered() {
    let paper = sample().fill(&parties(DataRole::Processor));
    assert_eq!(paper.clauses[1].0, "2. What you may do");
    assert!(paper.clauses[1].1[2].starts_with("2.3 Nobody"));
    let form = paper.clauses.iter().find(|(heading, _)| heading == "Services form").unwrap();
    assert!(form.1[0].starts_with("S1 Service: NHS CIS2 Authentication, for Wardlight Rounds, version 4.2."));
    let last = paper.clauses.last().unwrap();
    assert!(last.1[0].starts_with("C1 "));
}

#[test]
fn the_sample_has_the_length_and_the_duties_of_an_agreement() {
    for role in DataRole::ALL {
        let words = whole(&sample().fill(&parties(*role))).split_whitespace().count();
        assert!((1_000..2_000).contains(&words), "{role}: {words} words are not 2 to 4 pages");
    }
    let text = whole(&sample().fill(&parties(DataRole::Processor)));
    let figures = ["30 minutes", "48 hours", "within 30 days", "30 days\u{2019} notice", "12 months", "5 working days"];
    let duties =
        ["true, accurate and complete", "standards met", "acceptable use policy", "list of the organisations", "Article 28"];
    for wanted in figures.iter().chain(&duties) {
        assert!(text.contains(wanted), "{wanted}");
    }
}

#[test]
fn a_value_is_never_read_as_a_placeholder() {
    let odd = Parties {
        organisation: "{product}".to_owned(),
        product: "A {reference} B {nothing} }{".to_owned(),
        ..parties(DataRole::Joint)
    };
    let paper = sample().fill(&odd);
    assert!(paper.clauses[0].1[0].contains("and {product}, of"));
    assert!(paper.clauses[0].1[1].contains("about A {reference} B {nothing} }{, version"));
    assert_eq!(paper.facts[0], ("Organisation".to_owned(), "{product}".to_owned()));
}

#[test]
fn what_is_missing_is_named_and_shown() {
    assert!(parties(DataRole::Both).missing().is_empty());
    let gaps = Parties { address: " \n ".to_owned(), job_title: String::new(), ..parties(DataRole::Both) };
    assert_eq!(gaps.missing(), [Placeholder::Address, Placeholder::JobTitle]);
    let paper = sample().fill(&gaps);
    assert!(paper.clauses[0].1[0].contains("Wardlight Ltd, of not given, ODS code 8JK21"));
    let unnamed = sample().fill(&Parties::unnamed(DataRole::Processor));
    assert!(unnamed.clauses[0].1[0].contains("and [organisation], of [registered address], ODS code [ODS code]"));
}

#[test]
fn faults_are_named() {
    let fault = |from: &str, to: &str| {
        assert!(SAMPLE.contains(from), "{from}");
        Terms::parse(&SAMPLE.replacen(from, to, 1)).unwrap_err().join("\n")
    };
    assert_eq!(fault("of {address}", "of {adress}"), "Clause 1, paragraph 1 has the placeholder {adress}, which does not exist.");
    assert_eq!(
        fault("of {address}", "of {address"),
        "Clause 1, paragraph 1 has the placeholder {address, ODS code {ods-code}, which does not exist."
    );
    assert!(fault("{job-title}, by email", "{job-title, by email").contains("Clause 12, paragraph 2 has an opening brace"));
    assert!(fault("of {address}", "of address}").contains("closing brace without an opening one"));
    assert_eq!(fault("heading = \"Changes\"", "heading = \" \""), "Clause 9, its heading is empty.");
    assert!(fault("heading = \"Changes\"", "heading = \"Changes {product}\"").contains("nothing is filled in there"));
    assert_eq!(fault("(sample)", ""), "The terms are a sample, but their title does not say so.");
    assert_eq!(fault("\"2026-1\"", "\"2026/1\""), "The version must be made of lower-case letters, digits and hyphens.");
    assert_eq!(
        fault("key = \"controller\"", "key = \"joint\""),
        "Appendix controller is missing. These roles need it: controller, both.\nAppendix joint is there more than once."
    );
    assert!(fault("\"2026-04-01\"", "\"soon\"").starts_with("The terms cannot be read"));
    assert!(fault("is-sample", "is-simple").starts_with("The terms cannot be read"));
}

#[test]
fn an_empty_clause_is_a_fault() {
    let mut terms = sample();
    terms.clauses[2].paragraphs.clear();
    terms.services_form.paragraphs[1] = "  ".to_owned();
    assert_eq!(faults::of(&terms), ["Clause 3 has no paragraphs.", "The services form, paragraph 2 is empty."]);
    terms.clauses.clear();
    assert!(faults::of(&terms).contains(&"There are no clauses.".to_owned()));
}

#[test]
fn a_version_is_there_once() {
    let faults = Terms::all(&[("a.toml", SAMPLE), ("b.toml", SAMPLE), ("c.toml", "x")]).unwrap_err();
    assert_eq!(faults[0], "b.toml: the version 2026-1 is there already.");
    assert!(faults[1].starts_with("c.toml: The terms cannot be read"));
}

#[test]
fn true_terms_in_force_come_before_a_sample() {
    let terms =
        |version: &str, is_sample, from| Terms { version: version.to_owned(), is_sample, effective_from: day(from), ..sample() };
    let all = [
        terms("sample", true, "2026-04-01"),
        terms("newer-sample", true, "2026-06-01"),
        terms("true", false, "2026-05-01"),
        terms("next", false, "2027-01-01"),
    ];
    let on = |date| Terms::current(&all, day(date)).map(|t| t.version.as_str());
    assert_eq!(on("2026-03-31"), None);
    assert_eq!(on("2026-04-01"), Some("sample"));
    assert_eq!(on("2026-05-01"), Some("true"));
    assert_eq!(on("2026-07-01"), Some("true"));
    assert_eq!(on("2027-01-01"), Some("next"));
}
