//! The states of the pages with which the assurance team plans its reviews.

use super::{AMINA, DANIEL, GRACE, PRIYA, PageState, SAM, after, press, state};

/// Queue, workload, what somebody reviews, saved views.
pub fn team() -> Vec<PageState> {
    let (assignment, workload) = ("/queue/assignment", "/reports/workload");
    let (reviewer, first) = ("/reviewers/{reviewer}", "main a[href^=\"/reviewers/\"]");
    let selected = "/queue/assignment?review=c2a-1009/clinical-risk&review=c2a-1004/cis2-conformance";
    vec![
        state("/queue", "review queue", AMINA, "/queue"),
        state("/queue", "review queue of a manager", GRACE, "/queue"),
        state("/queue", "review queue, filtered", AMINA, "/queue?assigned=nobody&section=clinical-risk"),
        state("/queue", "review queue, what is late", GRACE, "/queue?due=overdue&round=first"),
        state("/queue", "review queue, nothing found", AMINA, "/queue?assigned=me&section=medical-device"),
        state("/queue", "review queue with an interest", SAM, "/queue"),
        state("/queue/mine", "my reviews", SAM, "/queue/mine"),
        state("/queue/sent-back", "sent back", AMINA, "/queue/sent-back"),
        state(assignment, "who should take these reviews", GRACE, selected),
        after(
            vec![press("main form button")],
            422,
            state(assignment, "who should take these reviews, nobody chosen", GRACE, selected),
        ),
        after(vec![], 422, state(assignment, "who should take these reviews, none selected", GRACE, assignment)),
        after(vec![], 404, state(assignment, "who should take these reviews, for a reviewer", AMINA, selected)),
        state(workload, "workload for a manager", GRACE, workload),
        state(workload, "workload for a reviewer", AMINA, workload),
        after(vec![], 404, state(workload, "workload for a supplier", DANIEL, workload)),
        after(vec![press(first)], 200, state(reviewer, "what I review", SAM, workload)),
        after(vec![press(first)], 200, state(reviewer, "what a reviewer reviews, for a manager", GRACE, workload)),
        after(
            vec![press(first), press("main form[action$=\"/interests\"] button")],
            422,
            state(reviewer, "declare an interest, nothing typed", SAM, workload),
        ),
        state("/views", "saved views", GRACE, "/views"),
        state("/views", "no saved views", PRIYA, "/views"),
    ]
}
