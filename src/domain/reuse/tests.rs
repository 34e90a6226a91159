//! What can be taken over from another product, and what cannot.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use uuid::Uuid;

use super::*;
use crate::domain::catalogue::About;
use crate::domain::catalogue_tests::{World, choice, date, files, text};

const SECTION: Section = Section::DataSecurity;

fn find<'r, 'a>(rows: &'r [Row<'a>], key: &str) -> &'r Row<'a> {
    rows.iter().find(|r| r.question.key == key).unwrap_or_else(|| panic!("no row for {key}"))
}

fn proposed(rows: &[Row<'_>]) -> Vec<String> {
    rows.iter().filter(|r| r.is_proposed).map(|r| r.question.key.clone()).collect()
}

fn chosen(keys: &[&str]) -> BTreeSet<String> {
    keys.iter().map(|k| (*k).to_owned()).collect()
}

#[test]
fn a_new_product_takes_every_answer_but_declarations() {
    let (mine, theirs) = (World::empty(), World::typical());
    let (mine, theirs) = (mine.given(), theirs.given());
    let rows = compare(&mine, &theirs, SECTION);
    let keys = proposed(&rows);
    assert!(keys.iter().any(|k| k == "ds-dspt-published-on"), "a follow-up comes with what shows it: {keys:?}");
    let own = theirs.shown(SECTION);
    let declarations = own.iter().filter(|q| q.kind == Kind::Declaration).count();
    assert_eq!(keys.len(), own.len() - declarations);
    assert_eq!(find(&rows, "ds-breach-declaration").fit, Fit::Never(Hindrance::Declaration));
    for (key, section) in rows.iter().map(|r| (r.question.key.as_str(), SECTION)) {
        assert_eq!(theirs.catalogue.find(key).unwrap().0, section);
    }
}

#[test]
fn another_answer_stays_and_the_same_one_is_not_offered() {
    let (theirs, mine) = (World::typical(), World::empty().with("ds-cyber-essentials", choice("none")));
    let same = theirs.answers["ds-protection-measures"].value.clone().unwrap();
    let mine = mine.with("ds-protection-measures", same);
    let (mine, theirs) = (mine.given(), theirs.given());
    let rows = compare(&mine, &theirs, SECTION);
    assert_eq!(find(&rows, "ds-cyber-essentials").fit, Fit::Other);
    assert_eq!(find(&rows, "ds-protection-measures").fit, Fit::Same);
    let keys = proposed(&rows);
    for key in ["ds-cyber-essentials", "ds-protection-measures", "ds-cyber-essentials-expires-on"] {
        assert!(!keys.iter().any(|k| k == key), "{key} is proposed");
    }
    // The follow-up of an answer that is not replaced would stay hidden: it is refused with the reason.
    let held = with_what_shows_them(&mine, &rows, &chosen(&["ds-cyber-essentials-expires-on"])).unwrap_err();
    assert_eq!(
        held.iter().map(|(q, door)| (q.key.as_str(), door.key.as_str())).collect::<Vec<_>>(),
        [("ds-cyber-essentials-expires-on", "ds-cyber-essentials")]
    );
    let both = chosen(&["ds-cyber-essentials-expires-on", "ds-cyber-essentials"]);
    assert_eq!(with_what_shows_them(&mine, &rows, &both).unwrap().len(), 2);
}

#[test]
fn a_follow_up_brings_what_shows_it() {
    let (mine, theirs) = (World::empty(), World::typical());
    let (mine, theirs) = (mine.given(), theirs.given());
    let rows = compare(&mine, &theirs, SECTION);
    let picked = with_what_shows_them(&mine, &rows, &chosen(&["ds-dspt-published-on"])).unwrap();
    let keys: Vec<&str> = picked.iter().map(|r| r.question.key.as_str()).collect();
    assert_eq!(keys, ["ds-dspt-status", "ds-dspt-published-on"]);
}

#[test]
fn a_question_that_changed_is_marked_and_left_to_people() {
    let (mut mine, theirs) = (World::empty(), World::typical());
    for (_, question) in all(&mut mine.catalogue) {
        match question.key.as_str() {
            "ds-protection-measures" => question.revision += 1,
            "ds-isms-basis" => question.options.retain(|o| o.value != "iso27001"),
            "ds-euo-dspt-process" => question.key = "ds-euo-dspt-process-2".to_owned(),
            _ => {}
        }
    }
    let (mine, theirs) = (mine.given(), theirs.given());
    let rows = compare(&mine, &theirs, SECTION);
    let revised = find(&rows, "ds-protection-measures");
    assert!(revised.is_revised && revised.can_be_taken() && !revised.is_proposed);
    assert!(matches!(find(&rows, "ds-isms-basis").fit, Fit::Never(Hindrance::Unfit(_))));
    assert_eq!(find(&rows, "ds-isms-certificate").fit, Fit::Never(Hindrance::NotAsked));
    assert_eq!(find(&rows, "ds-euo-dspt-process").fit, Fit::Never(Hindrance::Gone));
    assert!(rows.iter().all(|r| !r.fit_sentence().ends_with("..")), "a sentence ends once");
}

impl Row<'_> {
    fn fit_sentence(&self) -> String {
        match &self.fit {
            Fit::Never(why) => why.sentence(),
            Fit::Free | Fit::Other | Fit::Same => String::new(),
        }
    }
}

fn all(catalogue: &mut Catalogue) -> impl Iterator<Item = (Section, &mut Question)> {
    catalogue.sections.iter_mut().flat_map(|s| {
        let key = s.key;
        s.groups.iter_mut().flat_map(|g| g.questions.iter_mut()).map(move |q| (key, q))
    })
}

#[test]
fn evidence_that_has_run_out_says_so_and_is_not_proposed() {
    let theirs = World::typical().with("ds-isms-certificate", files(Some("2026-11-23")));
    let mine = World::empty();
    let (mine, theirs) = (mine.given(), theirs.given());
    let rows = compare(&mine, &theirs, SECTION);
    let certificate = find(&rows, "ds-isms-certificate");
    assert!(certificate.stale.contains("expired on 23 November 2026"), "{}", certificate.stale);
    assert!(certificate.can_be_taken() && !certificate.is_proposed);
}

#[test]
fn a_file_that_the_rule_does_not_admit_is_not_taken() {
    let theirs = World::typical();
    let mut mine = World::empty();
    for (_, question) in all(&mut mine.catalogue) {
        if let Some(rule) = &mut question.file {
            rule.kinds = vec!["png".to_owned()];
        }
    }
    let (mine, theirs) = (mine.given(), theirs.given());
    let rows = compare(&mine, &theirs, SECTION);
    let why = find(&rows, "ds-isms-certificate").fit_sentence();
    assert!(why.contains("The selected file must be a PNG"), "{why}");
}

fn sibling(number: u128, world: World) -> Sibling {
    Sibling {
        id: ProductId(Uuid::from_u128(number)),
        reference: format!("C2A-{number}"),
        question_set: 1,
        facts: Facts { name: format!("Wardlight {number}"), ..world.facts },
        answers: world.answers,
    }
}

#[test]
fn what_the_organisation_answered_last_is_offered_page_by_page() {
    let mine = World::empty().with("ds-cyber-essentials", choice("plus"));
    let old = sibling(1, World::typical());
    let mut new =
        sibling(2, World::empty().with("ds-dspt-profile", choice("company")).with("sm-desk-phone", text("0113 496 0000")));
    new.answers.values_mut().for_each(|a| a.at = "2026-04-03T09:00:00Z".parse().unwrap());
    let old_one = old.id;
    let mut newest: BTreeMap<String, ProductId> = mine.catalogue.questions().map(|(_, q)| (q.key.clone(), old_one)).collect();
    newest.insert("ds-dspt-profile".to_owned(), new.id);
    let mine = mine.given();
    let sources = [(mine.catalogue, old), (mine.catalogue, new)];
    let offered = offers(&mine, SECTION, &newest, &sources);
    let told: Vec<(&str, &str, usize)> =
        offered.iter().map(|o| (o.group.key(), o.source.reference.as_str(), o.rows.len())).collect();
    assert_eq!(
        told,
        [
            ("ds-dspt-profile", "C2A-2", 1),
            ("ds-euo-dspt-check", "C2A-1", 2),
            ("ds-isms-basis", "C2A-1", 2),
            ("ds-cyber-essentials", "C2A-1", 1),
        ]
    );
    assert!(offered.iter().flat_map(|o| &o.rows).all(|r| r.question.about == About::Organisation));
}

#[test]
fn what_has_run_out_is_not_offered_and_the_reason_is_given() {
    let mine = World::empty();
    let old = sibling(1, World::typical().with("ds-cyber-essentials-expires-on", date("2026-11-01")));
    let newest = mine.catalogue.questions().map(|(_, q)| (q.key.clone(), old.id)).collect();
    let mine = mine.given();
    let sources = [(mine.catalogue, old)];
    let offered = offers(&mine, SECTION, &newest, &sources);
    let page = offered.iter().find(|o| o.group.key() == "ds-cyber-essentials").unwrap();
    assert_eq!(page.rows.iter().map(|r| r.question.key.as_str()).collect::<Vec<_>>(), ["ds-cyber-essentials"]);
    assert_eq!(page.stale.len(), 1);
    assert!(page.stale[0].stale.contains("must be in the future"), "{}", page.stale[0].stale);
}
