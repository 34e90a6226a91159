//! Answers and files that are used again, and the files of a product.

use super::{AMINA, DANIEL, JOAN, PRIYA, PageState, after, press, state};

/// Copying, what the organisation answered before, and files.
pub(super) fn reuse() -> Vec<PageState> {
    const COPY: &str = "/products/{product}/sections/{section}/copy";
    const SECTION: &str = "/products/{product}/sections/{section}";
    const QUESTION: &str = "/products/{product}/sections/{section}/questions/{question}";
    const CHOICE: &str = "/products/{product}/sections/{section}/questions/{question}/files";
    const FILES: &str = "/products/{product}/files";
    let new = "/products/c2a-1002/sections/data-security/copy";
    let compare = || press("main form button");
    vec![
        state(SECTION, "section with answers to take over", PRIYA, "/products/c2a-1002/sections/data-security"),
        state(
            QUESTION,
            "question that the organisation answered before",
            PRIYA,
            "/products/c2a-1002/sections/data-security/questions/ds-dspt-profile",
        ),
        state(
            QUESTION,
            "question whose evidence has run out elsewhere",
            PRIYA,
            "/products/c2a-1002/sections/data-security/questions/ds-cyber-essentials",
        ),
        state(COPY, "copy answers, choose a product", PRIYA, new),
        after(vec![compare()], 422, state(COPY, "copy answers, no product chosen", PRIYA, new)),
        state(COPY, "copy answers, both side by side", PRIYA, "/products/c2a-1002/sections/data-security/copy?from=c2a-1001"),
        state(COPY, "copy answers beside other answers", PRIYA, "/products/c2a-1003/sections/data-security/copy?from=c2a-1001"),
        after(
            vec![compare()],
            422,
            state(
                COPY,
                "copy answers, nothing ticked",
                PRIYA,
                "/products/c2a-1002/sections/clinical-risk/copy?from=c2a-1001&about=organisation",
            ),
        ),
        state(COPY, "copy answers, nothing to copy", PRIYA, "/products/c2a-1001/sections/service-management/copy"),
        after(
            vec![],
            404,
            state(COPY, "copy answers of another supplier", DANIEL, "/products/c2a-1008/sections/data-security/copy?from=c2a-1001"),
        ),
        state(CHOICE, "use a file from before", PRIYA, "/products/c2a-1001/sections/clinical-risk/questions/cr-plan/files"),
        after(
            vec![compare()],
            422,
            state(
                CHOICE,
                "use a file from before, none chosen",
                PRIYA,
                "/products/c2a-1001/sections/clinical-risk/questions/cr-plan/files",
            ),
        ),
        state(FILES, "files of a product", PRIYA, "/products/c2a-1001/files"),
        state(FILES, "files of a product for a viewer", JOAN, "/products/c2a-1001/files"),
        state(FILES, "files of a product for a reviewer", AMINA, "/products/c2a-1001/files"),
        state(FILES, "no files of a product", PRIYA, "/products/c2a-1002/files"),
        after(vec![], 404, state(FILES, "files of another supplier", DANIEL, "/products/c2a-1001/files")),
    ]
}
