//! The states of the pages of messages and of the calendar of working days.

use super::{AMINA, DANIEL, GRACE, HELEN, JOAN, OWEN, PRIYA, PageState, SAM, Step, after, press, state};

/// Messages.
pub fn messages() -> Vec<PageState> {
    let (list, product) = ("/messages", "/products/{product}/messages");
    let thread = "/products/{product}/messages/{thread}";
    let first = || press("main .app-queue a");
    let send = || press("main form:not([action$=\"/settlement\"]) button");
    vec![
        state(list, "messages of a supplier", PRIYA, "/messages"),
        state(list, "messages that wait for us", AMINA, "/messages"),
        state(list, "messages that wait for suppliers", GRACE, "/messages?show=with-supplier"),
        state(list, "all messages", GRACE, "/messages?show=all"),
        state(list, "no messages answered", PRIYA, "/messages?show=answered"),
        state(list, "messages with an interest", SAM, "/messages?show=with-supplier"),
        state(product, "messages of a product", PRIYA, "/products/c2a-1001/messages"),
        state(product, "messages of a product for a viewer", JOAN, "/products/c2a-1001/messages"),
        state(product, "messages of a product for the team", AMINA, "/products/c2a-1001/messages"),
        state(product, "no messages about a product", PRIYA, "/products/c2a-1002/messages"),
        after(vec![send()], 422, state(product, "message without words", PRIYA, "/products/c2a-1002/messages")),
        after(vec![first()], 200, state(thread, "thread for a supplier", PRIYA, "/messages")),
        after(vec![first()], 200, state(thread, "thread for a viewer", JOAN, "/messages")),
        after(vec![first()], 200, state(thread, "thread for the team", AMINA, "/messages")),
        after(vec![first()], 200, state(thread, "answered thread", HELEN, "/messages")),
        after(vec![first()], 200, state(thread, "question of the team", DANIEL, "/messages")),
        after(vec![first(), send()], 422, state(thread, "reply without words", AMINA, "/messages")),
    ]
}

/// The calendar of working days.
pub fn calendar() -> Vec<PageState> {
    let (list, removal) = ("/admin/calendar", "/admin/calendar/{day}/removal");
    let remove = || press("main a[href$=\"/removal\"]");
    let next_year = "/admin/calendar?year=2027";
    let filled = |day, name| {
        vec![
            Step::Fill { fill: "#day-day", text: day },
            Step::Fill { fill: "#day-month", text: "6" },
            Step::Fill { fill: "#day-year", text: "2028" },
            Step::Fill { fill: "#name", text: name },
            Step::Tick { tick: "#kind" },
            press("main form[action$=\"/preview\"] button"),
        ]
    };
    vec![
        state(list, "working days", OWEN, list),
        state(list, "working days of another year", OWEN, next_year),
        after(vec![press("main form[action$=\"/preview\"] button")], 422, state(list, "day without a date", OWEN, list)),
        after(filled("3", "State visit"), 422, state(list, "day that is a Saturday", OWEN, list)),
        after(filled("6", "State visit"), 200, state(list, "what a day moves", OWEN, list)),
        after(vec![remove()], 200, state(removal, "remove a bank holiday", OWEN, next_year)),
        after(vec![remove(), press("main form button")], 422, state(removal, "remove without a reason", OWEN, next_year)),
        after(vec![], 404, state(list, "working days for a manager", GRACE, list)),
    ]
}
