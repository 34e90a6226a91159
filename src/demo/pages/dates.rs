//! Page states of the dates of demonstrations.

use super::{AMINA, GRACE, PRIYA, PageState, SAM, Step, after, press, state};

/// The dates of demonstrations and the leave of those who hold them.
pub fn dates() -> Vec<PageState> {
    let (list, slots, leave) = ("/demonstrations", "/demonstrations/slots", "/availability");
    vec![
        state(list, "demonstrations", AMINA, list),
        state(list, "demonstrations for a manager", GRACE, list),
        state(list, "demonstrations today", AMINA, "/demonstrations?when=today"),
        state(list, "past demonstrations", AMINA, "/demonstrations?when=past"),
        after(vec![], 404, state(list, "demonstrations for a supplier", PRIYA, list)),
        state(slots, "published dates", AMINA, slots),
        after(
            vec![press("main form[action=\"/demonstrations/slots\"] button")],
            422,
            state(slots, "publish a date, nothing typed", AMINA, slots),
        ),
        after(
            vec![press("main form[action=\"/demonstrations/slots/preview\"] button")],
            422,
            state(slots, "publish by a rule, nothing typed", AMINA, slots),
        ),
        state(leave, "leave", SAM, leave),
        state(leave, "leave for a manager", GRACE, leave),
        after(
            vec![press("main form[action=\"/availability\"] button")],
            422,
            state(leave, "book leave, nothing typed", GRACE, leave),
        ),
    ]
}

/// Checks before a demonstration, and wishes for a date.
pub fn checks_and_wishes() -> Vec<PageState> {
    let checks = "/products/{product}/demonstration/checks";
    let wish = "/products/{product}/demonstration/wish";
    let (booked, save) = ("/products/c2a-1011/demonstration/checks", "main form[action$=\"/checks\"] button");
    let waived = "The keys are those of Wardlight Notes, which we fetched for its test last week.";
    vec![
        after(
            vec![Step::Fill { fill: "#joining", text: "meet.example.com" }, press("main form[action$=joining] button")],
            422,
            state(checks, "background checks, joining link that is no address", AMINA, booked),
        ),
        state(checks, "background checks without a date", AMINA, "/products/c2a-1006/demonstration/checks"),
        state(checks, "background checks with a problem", AMINA, booked),
        state(checks, "background checks for a manager", GRACE, booked),
        after(
            vec![Step::Tick { tick: "#jwks-5" }, press(save)],
            422,
            state(checks, "background check waived without a reason", AMINA, booked),
        ),
        after(
            vec![Step::Tick { tick: "#jwks-5" }, Step::Fill { fill: "#jwks-reason", text: waived }, press(save)],
            200,
            state(checks, "background checks with a problem and one waived", AMINA, booked),
        ),
        state(checks, "background checks of a confirmed demonstration", AMINA, "/products/c2a-1012/demonstration/checks"),
        state(wish, "a wish that is not there", AMINA, "/products/c2a-1006/demonstration/wish"),
        state(wish, "a wish for a date", AMINA, "/products/c2a-1013/demonstration/wish"),
        after(
            vec![press("main form[action$=\"/agreement\"] button")],
            422,
            state(wish, "agree to a date, nothing chosen", AMINA, "/products/c2a-1013/demonstration/wish"),
        ),
        after(
            vec![press("main form[action$=\"/refusal\"] button")],
            422,
            state(wish, "no date can be, without a reason", AMINA, "/products/c2a-1013/demonstration/wish"),
        ),
    ]
}
