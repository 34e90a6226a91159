//! The pages of documentation that are read from the code: the life of sections and products, and the settings.

use std::fmt::{Display, Write as _};

use assured::domain::agreement::{AGREEMENT, AgreementState};
use assured::domain::assignee::{ASSIGNEE, AssigneeState};
use assured::domain::certificate::{CERTIFICATE, CertificateState};
use assured::domain::condition::Condition;
use assured::domain::demonstration::{DEMONSTRATION, DemonstrationState};
use assured::domain::live::LIVE;
use assured::domain::machine::Row;
use assured::domain::section::{Guard, PRODUCT, ProductState, SECTION, SectionState};
use assured::domain::thread::{THREAD, ThreadState};

use crate::golden::compare;

/// The diagram and the table of one machine.
fn machine<S: Copy + Display, A: Copy + Display, G: Display>(title: &str, start: S, rows: &[Row<S, A, G>]) -> String {
    let mut page = format!("\n## {title}\n\n```mermaid\nstateDiagram-v2\n    [*] --> {}\n", node(start));
    let mut drawn = Vec::new();
    for row in rows {
        let line = format!("    {} --> {}: {}", node(row.from), node(row.to), row.act);
        if !drawn.contains(&line) {
            writeln!(page, "{line}").unwrap();
            drawn.push(line);
        }
    }
    page.push_str("```\n\n| From | Act | Who | When | To |\n| --- | --- | --- | --- | --- |\n");
    for row in rows {
        let guards: Vec<String> = row.when.iter().map(|g| format!("`{g}`")).collect();
        let when = if guards.is_empty() { "always".to_owned() } else { guards.join(", ") };
        writeln!(page, "| {} | {} | {} | {when} | {} |", row.from, row.act, row.who.label(), row.to).unwrap();
    }
    page
}

fn node(state: impl Display) -> String {
    state.to_string().replace('-', "_")
}

#[test]
fn the_workflow_page_says_what_the_tables_say() {
    let mut page = "# The life of a section, a test, a certificate, an agreement, a product and its messages\n\n\
        Made from the tables in `src/domain`; `UPDATE=1 cargo test --test it docs` writes it anew.\n"
        .to_owned();
    page.push_str(&machine("Sections", SectionState::Draft, SECTION));
    page.push_str(&machine("Products", ProductState::Active, PRODUCT));
    page.push_str(&machine("Demonstrations", DemonstrationState::NotBooked, DEMONSTRATION));
    page.push_str(&machine("Certificates", CertificateState::Absent, CERTIFICATE));
    page.push_str(&machine("Connection Agreements", AgreementState::NotIssued, AGREEMENT));
    page.push_str(&machine("Going live, and changes afterwards", ProductState::Active, LIVE));
    page.push_str(&machine("Messages", ThreadState::New, THREAD));
    page.push_str(&machine("Questions given to colleagues", AssigneeState::Nobody, ASSIGNEE));
    page.push_str("\n## What the conditions say when they do not hold\n\n| Condition | Sentence |\n| --- | --- |\n");
    for guard in Guard::ALL {
        writeln!(page, "| `{guard}` | {} |", guard.sentence()).unwrap();
    }
    for condition in Condition::ALL {
        writeln!(page, "| `{condition}` | {} |", condition.sentence()).unwrap();
    }
    compare("docs/workflow.md", &page);
}

#[test]
fn the_settings_page_says_what_the_program_takes() {
    compare("docs/settings.md", &assured::config::documentation());
}

#[test]
fn a_misspelt_setting_stops_the_start() {
    let refused = assured::config::refuse_unknown(["PATH".to_owned(), "ASSURED_DATABSE".to_owned()].into_iter());
    let sentence = refused.unwrap_err().to_string();
    assert!(sentence.contains("ASSURED_DATABSE") && sentence.contains("ASSURED_DATABASE"), "{sentence}");
    assured::config::refuse_unknown(["ASSURED_DATABASE".to_owned()].into_iter()).unwrap();
}
