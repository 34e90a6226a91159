//! The states of the pages of the run sheet, its files and its outcome.

use super::{AMINA, DANIEL, GRACE, PageState, Step, after, press, state};

/// The pages of the test itself, for the people who hold it.
pub fn test_day() -> Vec<PageState> {
    let (sheet, outcome) = ("/products/{product}/demonstration/run-sheet", "/products/{product}/demonstration/outcome");
    let (list, again) = ("/products/{product}/demonstration/observations", "/products/{product}/demonstration/repetition");
    let (ready, under_way) = ("/products/c2a-1016/demonstration/run-sheet", "/products/c2a-1017/demonstration/run-sheet");
    let end = "/products/c2a-1017/demonstration/outcome";
    let tick = |tick| vec![Step::Tick { tick }, press("main form button.nhsuk-button:not([name])")];
    let files = "/products/{product}/demonstration/run-sheet/{line}/files";
    let (beside_a4, beside_a5) =
        ("/products/c2a-1017/demonstration/run-sheet/a4/files", "/products/c2a-1017/demonstration/run-sheet/a5/files");
    vec![
        state(files, "files of a line", AMINA, beside_a4),
        state(files, "no files of a line yet", AMINA, beside_a5),
        after(
            vec![press("main form[enctype] button[type=submit]")],
            422,
            state(files, "add a file, nothing chosen", AMINA, beside_a5),
        ),
        after(vec![], 403, state(files, "files of a line for a manager", GRACE, beside_a4)),
        state(sheet, "run sheet without a date", AMINA, "/products/c2a-1006/demonstration/run-sheet"),
        state(sheet, "run sheet before the day", AMINA, "/products/c2a-1012/demonstration/run-sheet"),
        state(sheet, "run sheet on the day", AMINA, ready),
        state(sheet, "run sheet on the day for a manager", GRACE, ready),
        state(sheet, "run sheet under way", AMINA, under_way),
        state(sheet, "run sheet under way for a manager", GRACE, under_way),
        state(sheet, "run sheet of a test that was not passed", AMINA, "/products/c2a-1014/demonstration/run-sheet"),
        after(vec![], 404, state(sheet, "run sheet for a supplier", DANIEL, under_way)),
        state(outcome, "outcome of a test", AMINA, end),
        after(vec![press("main form button:not([name])")], 422, state(outcome, "outcome, nothing chosen", AMINA, end)),
        after(tick("#outcome-2"), 422, state(outcome, "outcome with observations that lack a date", AMINA, end)),
        after(tick("#outcome-4"), 422, state(outcome, "outcome not held, without a reason", AMINA, end)),
        after(
            vec![Step::Tick { tick: "#outcome-2" }, press("main form button[name=more]")],
            200,
            state(outcome, "outcome with another observation", AMINA, end),
        ),
        state(outcome, "outcome of a test that can only be called off", AMINA, "/products/c2a-1016/demonstration/outcome"),
        after(vec![], 409, state(outcome, "outcome before the day", AMINA, "/products/c2a-1012/demonstration/outcome")),
        state(list, "observations", AMINA, "/products/c2a-1015/demonstration/observations"),
        after(
            vec![press("main form button")],
            422,
            state(list, "observation put right without saying how", AMINA, "/products/c2a-1015/demonstration/observations"),
        ),
        state(list, "no observations", AMINA, "/products/c2a-1016/demonstration/observations"),
        state(again, "ask for another test", AMINA, "/products/c2a-1015/demonstration/repetition"),
        after(
            vec![press("main form button")],
            422,
            state(again, "ask for another test without a reason", AMINA, "/products/c2a-1015/demonstration/repetition"),
        ),
    ]
}
