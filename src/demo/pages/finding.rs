//! Finding and taking away: search, the filtered history, everything about a product on one page.

use super::{AMINA, GRACE, PRIYA, PageState, after, state};

pub(super) fn finding() -> Vec<PageState> {
    const PRINT: &str = "/products/{product}/print";
    const HISTORY: &str = "/products/{product}/history";
    vec![
        state("/search", "search, nothing typed", AMINA, "/search"),
        state("/search", "search with results", AMINA, "/search?q=charge%20nurse"),
        state("/search", "search with a name", GRACE, "/search?q=wardlight"),
        state("/search", "search, nothing found", AMINA, "/search?q=wardligth"),
        state("/search", "search of a supplier", PRIYA, "/search?q=hazards"),
        state(HISTORY, "history, filtered", AMINA, "/products/c2a-1001/history?topic=review&section=clinical-risk"),
        state(HISTORY, "history, nothing found", PRIYA, "/products/c2a-1001/history?topic=live"),
        state(PRINT, "everything on one page", PRIYA, "/products/c2a-1001/print"),
        state(PRINT, "everything on one page with feedback", AMINA, "/products/c2a-1001/print?feedback=yes"),
        state(PRINT, "nothing answered on one page", PRIYA, "/products/c2a-1002/print"),
        after(
            vec![],
            422,
            state(
                HISTORY,
                "history, dates that are none",
                PRIYA,
                "/products/c2a-1001/history?from-day=31&from-month=2&from-year=2026",
            ),
        ),
    ]
}
