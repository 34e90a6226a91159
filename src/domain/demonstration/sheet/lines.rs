//! The lines of the sheet, in the order in which they are shown.

use super::{Area, Line};

const fn line(id: &'static str, area: Area, ask: &'static str, see: &'static str) -> Line {
    Line { id, area, ask, see }
}

/// Every line, by area.
pub const LINES: &[Line] = &[
    line(
        "a1",
        Area::Authentication,
        "Open the product and start to sign in",
        "Sign-in starts from the sign-in page and goes to the INT sign-in page",
    ),
    line(
        "a2",
        Area::Authentication,
        "Sign in with the test identity",
        "The stated identity signs in with the stated authenticator",
    ),
    line(
        "a3",
        Area::Authentication,
        "Show the authentication request in the browser's network view",
        "The request carries what the answers say",
    ),
    line(
        "a4",
        Area::Authentication,
        "Show the server's log of this sign-in, with tokens hidden",
        "The code is exchanged on the server, and the ID token is checked",
    ),
    line(
        "a5",
        Area::Authentication,
        "Show the call of UserInfo in the log, and what is kept of it",
        "UserInfo is called from the server, and only needed items are kept",
    ),
    line(
        "a6",
        Area::Authentication,
        "Show who is signed in, and as what",
        "The user lands with the right organisation and role, or is asked to choose",
    ),
    line(
        "a7",
        Area::Authentication,
        "Sign in with a second identity, or with one that has no role",
        "Access is refused with a clear message",
    ),
    line("a8", Area::Authentication, "Start to sign in, then cancel at CIS2", "The user is back at a page that helps them on"),
    line(
        "a9",
        Area::Authentication,
        "Open the return address of an earlier sign-in again, then one with an altered state",
        "Neither creates a session",
    ),
    line(
        "b1",
        Area::BackChannelLogout,
        "Sign in, then end the CIS2 session",
        "The product's session ends on the server. Note how many seconds it took",
    ),
    line(
        "b2",
        Area::BackChannelLogout,
        "Do something in the window that was signed in",
        "The next action leads to sign-in, not to data",
    ),
    line(
        "b3",
        Area::BackChannelLogout,
        "Do something as another user who is signed in",
        "The other user's session is not affected",
    ),
    line("b4", Area::BackChannelLogout, "Send a logout token that is not right", "The token is refused and ends nothing"),
    line(
        "c1",
        Area::SessionManagement,
        "Sign in and leave the product alone",
        "Sign-out after the stated minutes without activity, with a warning",
    ),
    line(
        "c2",
        Area::SessionManagement,
        "Leave a page open that refreshes by itself",
        "Background activity does not keep the session alive",
    ),
    line(
        "c3",
        Area::SessionManagement,
        "Show the longest session in the configuration, or by a test",
        "The session ends at the stated limit, however active the user is",
    ),
    line(
        "c4",
        Area::SessionManagement,
        "Visit several pages, sign out, then use the back button",
        "Every page lets the user sign out, and the back button shows nothing afterwards",
    ),
    line(
        "c5",
        Area::SessionManagement,
        "Open several tabs, and sign out in one of them",
        "The tabs behave as the answers describe",
    ),
    line(
        "c6",
        Area::SessionManagement,
        "Sign out, then sign in as somebody else on the same device",
        "The first user's session does not come back",
    ),
    line(
        "d1",
        Area::CareIdentityButton,
        "Show the sign-in page",
        "The button has the approved look and wording, and there is 1 NHS logo on the page",
    ),
    line(
        "d2",
        Area::CareIdentityButton,
        "Start to sign in with the keyboard, then with a screen reader",
        "The button works with both, and its focus can be seen",
    ),
    line(
        "d3",
        Area::CareIdentityButton,
        "Show how a new user finds the button",
        "The button is where users find it. Another way in, if there is one, is clearly separate",
    ),
    line("e1", Area::Migration, "Sign in on a device with no Identity Agent and no HSCN", "The product works there"),
    line("e2", Area::Migration, "Remove the card during a session", "The product does what it tells its users"),
];
