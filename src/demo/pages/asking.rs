//! The states of the pages about versions of answers, questions given to colleagues, and what the service says of itself.

use super::{AMINA, DANIEL, JOAN, PRIYA, PageState, Step, after, press, state};

const TOM: &str = "Tom Bell";
const HISTORY: &str = "/products/{product}/sections/{section}/questions/{question}/history";
const QUESTION: &str = "/products/{product}/sections/{section}/questions/{question}";
const HOURS: &str = "/products/c2a-1005/sections/service-management/questions/sm-support-hours/history";
const COMPARED: &str = "/products/c2a-1005/sections/service-management/questions/sm-support-hours/history?from=1&to=3";
const UNKNOWN: &str = "/products/c2a-1005/sections/service-management/questions/sm-support-hours/history?from=1&to=9";
const UNSENT: &str = "/products/c2a-1005/sections/service-management/questions/sm-support-hours/history?from=2&to=3";

/// The histories of answers.
pub fn versions() -> Vec<PageState> {
    vec![
        state(HISTORY, "three versions of an answer", DANIEL, HOURS),
        state(HISTORY, "two versions of an answer compared", DANIEL, COMPARED),
        after(vec![], 422, state(HISTORY, "a version that does not exist", DANIEL, UNKNOWN)),
        state(HISTORY, "versions of an answer that were sent", AMINA, HOURS),
        after(vec![], 422, state(HISTORY, "a version that was not sent", AMINA, UNSENT)),
        state(
            HISTORY,
            "an answer with one version",
            PRIYA,
            "/products/c2a-1001/sections/data-security/questions/ds-dspt-status/history",
        ),
        state(
            HISTORY,
            "a question without an answer",
            PRIYA,
            "/products/c2a-1002/sections/data-security/questions/ds-dspt-status/history",
        ),
        after(vec![], 404, state(HISTORY, "versions of somebody else's answer", PRIYA, HOURS)),
    ]
}

/// Questions that are with colleagues.
pub fn colleagues() -> Vec<PageState> {
    let at = |name, person, address| state(QUESTION, name, person, address);
    let desk = "/products/c2a-1003/sections/service-management/questions/sm-desk-phone";
    let open = "main #assignee summary";
    let give = "main #assignee button[value=assign]";
    vec![
        state("/questions/mine", "questions given to you", TOM, "/questions/mine"),
        state("/questions/mine", "no questions given to you", JOAN, "/questions/mine"),
        at(
            "question that you are asked to answer",
            TOM,
            "/products/c2a-1003/sections/cis2-conformance/questions/cx-request-protection",
        ),
        at("question that waits for somebody invited", PRIYA, desk),
        after(
            vec![Step::Tick { tick: open }, press(give)],
            422,
            at("question given to nobody", PRIYA, "/products/c2a-1003/sections/clinical-risk/questions/cr-cso-name"),
        ),
        after(
            vec![Step::Tick { tick: open }, Step::Fill { fill: "#email", text: "sara.khan@wardlight.example.com" }, press(give)],
            422,
            at("question given to a stranger", PRIYA, "/products/c2a-1003/sections/clinical-risk/questions/cr-cso-name"),
        ),
        state(
            "/products/{product}/sections/{section}",
            "section with questions given to colleagues",
            PRIYA,
            "/products/c2a-1003/sections/service-management",
        ),
        state("/products", "products with questions given to you", TOM, "/products"),
    ]
}

/// What the service says of itself.
pub fn about() -> Vec<PageState> {
    vec![
        state("/help", "help", "nobody", "/help"),
        state("/help/{topic}", "help on answering", PRIYA, "/help/answering"),
        state("/help/{topic}", "help on feedback", "nobody", "/help/feedback"),
        state("/help/{topic}", "help on the demonstration", "nobody", "/help/demonstration"),
        state("/help/{topic}", "help on the certificate", "nobody", "/help/certificate"),
        state("/help/{topic}", "help on the agreement", "nobody", "/help/agreement"),
        state("/help/{topic}", "help on dates", "nobody", "/help/dates"),
        state("/help/{topic}", "help on files", "nobody", "/help/files"),
        state("/help/{topic}", "help on accounts", "nobody", "/help/accounts"),
        after(vec![], 404, state("/help/{topic}", "help on nothing", "nobody", "/help/everything")),
        state("/accessibility", "accessibility statement", "nobody", "/accessibility"),
        state("/cookies", "cookies", "nobody", "/cookies"),
        state("/privacy", "privacy", "nobody", "/privacy"),
        state("/contact", "contact", "nobody", "/contact"),
        state("/keyboard-shortcuts", "keyboard shortcuts for nobody in particular", "nobody", "/keyboard-shortcuts"),
        state("/keyboard-shortcuts", "keyboard shortcuts that are off", AMINA, "/keyboard-shortcuts"),
    ]
}
