//! The states of reviews across rounds, of their sending, and of standard replies.

use super::{AMINA, GRACE, OWEN, PRIYA, PageState, SAM, Step, after, press, state};

const REVIEW: &str = "/products/{product}/sections/{section}/review";
const THIRD: &str = "/products/c2a-1005/sections/medical-device/review";
const UNCHANGED: &str = "/products/c2a-1009/sections/medical-device/review";

/// Accepts every question of a review of the section on medical devices, as typical suppliers answer it, and sends that.
fn sent() -> Vec<Step> {
    let tick = |tick| Step::Tick { tick };
    vec![
        press("main button[value=take]"),
        tick("#decision-md-is-device"),
        tick("#decision-md-intended-purpose"),
        tick("#decision-md-not-device-reason"),
        press("main button[value=check]:not([hidden])"),
        press("main form[action$=\"/outcome\"] button"),
    ]
}

/// Reviews, and what comes after sending one.
pub fn reviews() -> Vec<PageState> {
    let sending = "/products/{product}/sections/{section}/review/sending";
    let (first, second) =
        ("/products/c2a-1004/sections/medical-device/review", "/products/c2a-1001/sections/medical-device/review");
    let undone = [sent(), vec![press("main form[action*=\"c2a-1001\"][action$=\"/undo\"] button")]].concat();
    let chosen = vec![
        Step::Tick { tick: "#decision-md-intended-purpose-2" },
        Step::Fill { fill: "#comment-md-intended-purpose", text: "See page 3." },
        press("main button[name=insert]"),
    ];
    vec![
        state(REVIEW, "review in the third round", AMINA, THIRD),
        state(
            REVIEW,
            "review in the third round, all questions",
            AMINA,
            "/products/c2a-1005/sections/medical-device/review?show=all",
        ),
        state(REVIEW, "an earlier round of a review", AMINA, "/products/c2a-1005/sections/medical-device/review?round=2"),
        state(REVIEW, "review of which nothing changed", AMINA, UNCHANGED),
        state(REVIEW, "review that somebody else has, in a later round", SAM, UNCHANGED),
        state(REVIEW, "accepted review", AMINA, "/products/c2a-1006/sections/data-security/review"),
        after(chosen, 422, state(REVIEW, "no standard reply chosen", AMINA, THIRD)),
        after(sent(), 200, state("/queue", "review sent, undo offered", AMINA, first)),
        after(undone, 200, state(REVIEW, "sending undone", AMINA, second)),
        state(
            sending,
            "sending that can no longer be undone, returned",
            AMINA,
            "/products/c2a-1001/sections/clinical-risk/review/sending",
        ),
        state(
            sending,
            "sending that can no longer be undone, accepted",
            AMINA,
            "/products/c2a-1006/sections/data-security/review/sending",
        ),
        after(
            vec![],
            404,
            state(
                sending,
                "sending of a review that was not sent",
                AMINA,
                "/products/c2a-1005/sections/medical-device/review/sending",
            ),
        ),
    ]
}

/// Standard replies.
pub fn standard_replies() -> Vec<PageState> {
    let (list, one) = ("/standard-replies", "/standard-replies/{standard}");
    let add = press("main form button");
    let quiet = state(list, "no standard replies", AMINA, list);
    vec![
        state(list, "standard replies", AMINA, list),
        state(list, "standard replies for a manager", GRACE, list),
        state(list, "retired standard replies", AMINA, "/standard-replies?show=retired"),
        after(vec![add], 422, state(list, "standard reply without a text", AMINA, list)),
        after(vec![press("main table a")], 200, state(one, "change a standard reply", AMINA, list)),
        after(
            vec![press("main table a"), Step::Fill { fill: "#body", text: " " }, press("main form button")],
            422,
            state(one, "change a standard reply, nothing typed", AMINA, list),
        ),
        after(vec![], 404, state(list, "standard replies for a supplier", PRIYA, list)),
        after(vec![], 404, state(list, "standard replies for an administrator", OWEN, list)),
        PageState { is_quiet: true, ..quiet },
    ]
}
