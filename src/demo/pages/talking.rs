//! The states of the pages of messages.

use super::{AMINA, DANIEL, GRACE, HELEN, JOAN, PRIYA, PageState, SAM, after, press, state};

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
