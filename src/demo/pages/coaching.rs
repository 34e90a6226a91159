//! Advice on answers: before sending, beside a question, and for a reviewer.

use super::{AMINA, DANIEL, PRIYA, PageState, state};

pub(super) fn coaching() -> Vec<PageState> {
    const CHECK: &str = "/products/{product}/sections/{section}/check";
    const QUESTION: &str = "/products/{product}/sections/{section}/questions/{question}";
    const REVIEW: &str = "/products/{product}/sections/{section}/review";
    vec![
        state(CHECK, "advice before sending", PRIYA, "/products/c2a-1003/sections/service-management/check"),
        state(CHECK, "no advice before sending", DANIEL, "/products/c2a-1008/sections/data-security/check"),
        state(CHECK, "advice about answers that disagree", PRIYA, "/products/c2a-1003/sections/cis2-conformance/check"),
        state(
            QUESTION,
            "advice beside a question",
            PRIYA,
            "/products/c2a-1003/sections/service-management/questions/sm-incident-process",
        ),
        state(
            QUESTION,
            "advice beside a question about an address",
            PRIYA,
            "/products/c2a-1003/sections/service-management/questions/sm-change-notice",
        ),
        state(REVIEW, "review with advice", AMINA, "/products/c2a-1009/sections/clinical-risk/review"),
    ]
}
