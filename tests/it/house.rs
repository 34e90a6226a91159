//! The rules of the house that no compiler checks: sizes, arrows between rooms, words on pages.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            if path.is_dir() && !name.contains("node_modules") {
                open.push(path);
            } else if has_ending(&path, endings) {
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "nothing in {folder}");
    found
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| endings.contains(&e))
}

#[test]
fn every_file_says_why_it_is_there_and_is_short() {
    let mut faults = Vec::new();
    for (name, text) in ["src", "migrations", "tests/it"].into_iter().flat_map(|f| files(f, &["rs"])) {
        if !text.starts_with("//! ") {
            faults.push(format!("{name}: does not begin with a sentence about itself"));
        }
        let lines = text.lines().count();
        if lines > 400 {
            faults.push(format!("{name}: {lines} lines"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The crates and modules that the `use` lines of a file name.
fn used(text: &str) -> Vec<String> {
    let lines = text.lines().take_while(|l| !l.contains("#[cfg(test)]")).map(str::trim);
    let uses = lines.filter_map(|l| l.strip_prefix("pub use ").or_else(|| l.strip_prefix("use ")));
    uses.map(|l| l.trim_end_matches(';').to_owned()).collect()
}

#[test]
fn arrows_between_the_rooms_point_one_way() {
    let allowed = [
        "std::",
        "core::",
        "chrono",
        "serde",
        "sha2::",
        "toml",
        "thiserror",
        "uuid",
        "url",
        "super::",
        "self::",
        "crate::domain",
        "crate::words;",
    ];
    let mut faults = Vec::new();
    for (name, text) in files("src/domain", &["rs"]) {
        if name.ends_with("_tests.rs") || name.contains("/tests") {
            continue;
        }
        for path in used(&text) {
            let is_macro = path == "crate::words" || path == "crate::ids";
            let is_own = path.starts_with(char::is_uppercase);
            if !is_macro && !is_own && !allowed.iter().any(|a| path.starts_with(a)) {
                faults.push(format!("{name} uses {path}: domain does no I/O and knows no other room"));
            }
        }
    }
    let never: &[(&str, &[&str])] = &[
        ("src/store", &["crate::web", "crate::worker", "crate::act", "crate::demo", "actix_web", "askama"]),
        ("src/web", &["sea_orm", "crate::store::schema", "crate::demo", "crate::migrations"]),
        ("src/worker", &["sea_orm", "crate::web", "crate::demo"]),
    ];
    for (room, others) in never {
        for (name, text) in files(room, &["rs"]) {
            for path in used(&text).into_iter().filter(|p| others.iter().any(|o| p.starts_with(o))) {
                faults.push(format!("{name} uses {path}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn templates_escape_everything_and_hold_no_style_or_script() {
    let mut faults = Vec::new();
    for (name, text) in files("templates", &["html", "txt"]) {
        for banned in ["|safe", "| safe", "style=\"", "onclick", "javascript:"] {
            if text.contains(banned) {
                faults.push(format!("{name} holds {banned}"));
            }
        }
        if text.contains("<script") && !name.ends_with("base.html") {
            faults.push(format!("{name} holds a script"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pages_use_plain_words() {
    let banned = ["please", "invalid", "click here", "successfully", " sla ", "e.g.", "oops"];
    let mut faults = Vec::new();
    let sets = files("src/domain/catalogue", &["toml"]);
    for (name, text) in files("templates", &["html", "txt"]).into_iter().chain(sets) {
        let lower = text.to_lowercase();
        faults.extend(banned.iter().filter(|w| lower.contains(**w)).map(|w| format!("{name} says {w:?}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn decisions_have_numbers_of_their_own() {
    let names: Vec<String> = files("docs/decisions", &["md"]).into_iter().map(|(name, _)| name).collect();
    let numbers: std::collections::BTreeSet<&str> =
        names.iter().filter_map(|n| n.rsplit('/').next().and_then(|n| n.get(..4))).collect();
    assert_eq!(numbers.len(), names.len(), "{names:?}");
}

#[test]
fn the_style_sheet_closes_every_block() {
    // What is left open swallows all rules behind it, and no browser says so.
    for (name, text) in files("static", &["css"]).into_iter().filter(|(name, _)| name.ends_with("app.css")) {
        let mut depth = 0_usize;
        for (number, line) in (1..).zip(text.lines()) {
            depth += line.matches('{').count();
            depth -= line.matches('}').count();
            let is_outermost = line.starts_with('@') || line.starts_with('.');
            assert!(depth <= 1 || !is_outermost, "{name}:{number}: a block before this line is open");
        }
        assert_eq!(depth, 0, "{name} ends within a block");
    }
}
