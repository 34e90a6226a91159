//! The states of the pages of what was typed and not saved.

use super::{DANIEL, PageState, after, press, state};

const TOM: &str = "Tom Bell";

/// Drafts, collisions and what was kept when a log-in ran out.
pub fn drafts() -> Vec<PageState> {
    let (list, one) = ("/drafts", "/drafts/{draft}");
    let (section, check) = ("/products/{product}/sections/{section}", "/products/{product}/sections/{section}/check");
    let question = "/products/{product}/sections/{section}/questions/{question}";
    let tom = |route, name, address| state(route, name, TOM, address);
    vec![
        tom(list, "drafts and something that was kept", "/drafts"),
        state(list, "no drafts", DANIEL, "/drafts"),
        after(vec![press("main .app-row:first-child a")], 200, tom(one, "what was kept when a log-in ran out", "/drafts")),
        after(vec![press("main .app-row:last-child a")], 200, tom(one, "a draft by itself", "/drafts")),
        after(vec![], 404, state(one, "a draft that is not there", DANIEL, "/drafts/01890000-0000-7000-8000-000000000000")),
        tom(question, "question with a draft", "/products/c2a-1003/sections/cis2-conformance/questions/cx-architecture"),
        tom(question, "question with two versions", "/products/c2a-1003/sections/service-management/questions/sm-desk-phone"),
        tom(section, "section with a draft", "/products/c2a-1003/sections/cis2-conformance"),
        tom(check, "check and send with a draft", "/products/c2a-1003/sections/cis2-conformance/check"),
    ]
}
