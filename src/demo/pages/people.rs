//! The states of the pages about people, organisations and logging in.

use super::{GRACE, HELEN, JOAN, PRIYA, PageState, after, press, state};

/// The pages of people.
pub fn people() -> Vec<PageState> {
    let (reset, invitation) = ("/reset-password/{token}", "/invitations/{token}");
    let (organisation, team) = ("/organisations/{organisation}", "/organisations/{organisation}/team");
    let member = "/organisations/{organisation}/members/{person}";
    let to = |selector| vec![press(selector)];
    let first_member = || press("main a[href*=\"/members/\"]");
    vec![
        state("/login", "log in", "nobody", "/login"),
        after(
            to("main form[action^=\"/login\"] button[type=submit]"),
            422,
            state("/login", "log in, nothing typed", "nobody", "/login"),
        ),
        state("/forgotten-password", "forgotten password", "nobody", "/forgotten-password"),
        after(
            to("main form button"),
            422,
            state("/forgotten-password", "forgotten password, nothing typed", "nobody", "/forgotten-password"),
        ),
        after(
            to("main a[href*=\"/reset-password/\"]"),
            200,
            state(reset, "choose a new password", "nobody", "/demo/mail?only=links"),
        ),
        after(vec![], 404, state(reset, "a reset that does not exist", "nobody", "/reset-password/unknown")),
        after(to("main a[href*=\"/invitations/\"]"), 200, state(invitation, "invitation", "nobody", "/demo/mail?only=links")),
        after(
            vec![press("main a[href*=\"/invitations/\"]"), press("main form button[type=submit]:not([aria-controls])")],
            422,
            state(invitation, "invitation, nothing typed", "nobody", "/demo/mail?only=links"),
        ),
        state("/account", "account", PRIYA, "/account"),
        state("/account/preferences", "how you hear from us", PRIYA, "/account/preferences"),
        state("/account/preferences", "how you hear from us, assurance team", GRACE, "/account/preferences"),
        state("/notifications", "notifications", PRIYA, "/notifications"),
        state("/notifications", "notifications of a manager", GRACE, "/notifications?show=unread"),
        after(vec![], 200, state("/organisation", "my organisation", PRIYA, "/organisation")),
        after(vec![], 200, state(organisation, "organisation of a viewer", JOAN, "/organisation")),
        state(team, "team for an owner", PRIYA, "/products/c2a-1001/team"),
        state(team, "team for a viewer", JOAN, "/products/c2a-1001/team"),
        after(to("main form button[type=submit]"), 422, state(team, "invite nobody", HELEN, "/products/c2a-1006/team")),
        after(vec![first_member()], 200, state(member, "role of a colleague", PRIYA, "/products/c2a-1001/team")),
        after(
            vec![first_member(), press("main a[href$=\"/removal\"]")],
            200,
            state("/organisations/{organisation}/members/{person}/removal", "remove a colleague", PRIYA, "/products/c2a-1001/team"),
        ),
    ]
}
