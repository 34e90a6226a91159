//! Every page in every state that matters, as somebody who sees it: the list that browser tests and screenshots walk.

use serde::Serialize;

mod agreements;
mod asking;
mod certificates;
mod coaching;
mod dates;
mod drafts;
mod finding;
mod forecasting;
mod people;
mod planning;
mod quiet;
mod reuse;
mod reviewing;
mod talking;
mod team;
mod test_day;

/// One page in one state.
#[derive(Clone, Debug, Serialize)]
pub struct PageState {
    /// The route as it stands in `ROUTES`.
    pub route: &'static str,
    /// What the state is, unique among the states.
    pub name: &'static str,
    /// Who looks: a person's name, or `nobody`.
    pub person: &'static str,
    /// The address in the demonstration.
    pub address: &'static str,
    /// What is done on the page before it is looked at.
    pub steps: Vec<Step>,
    /// The status of the answer that is looked at.
    pub expect: u16,
    /// Whether it is a state of the demonstration without products.
    pub is_quiet: bool,
}

/// Something that is done on a page, by CSS selector.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Step {
    /// Types a text into a field.
    Fill {
        /// The field.
        fill: &'static str,
        /// The text.
        text: &'static str,
    },
    /// Presses a button or a link and waits for the next page.
    Press {
        /// What is pressed.
        press: &'static str,
    },
    /// Ticks a box or chooses a radio.
    Tick {
        /// The box.
        tick: &'static str,
    },
    /// Types the code of the newest e-mail with one into a field.
    Code {
        /// The field.
        code: &'static str,
    },
}

const fn state(route: &'static str, name: &'static str, person: &'static str, address: &'static str) -> PageState {
    PageState { route, name, person, address, steps: Vec::new(), expect: 200, is_quiet: false }
}

fn after(steps: Vec<Step>, expect: u16, mut state: PageState) -> PageState {
    state.steps = steps;
    state.expect = expect;
    state
}

fn press(press: &'static str) -> Step {
    Step::Press { press }
}

const PRIYA: &str = "Priya Shah";
const DANIEL: &str = "Daniel Osei";
const HELEN: &str = "Helen Marsh";
const JOAN: &str = "Joan Price";
const AMINA: &str = "Amina Okafor";
const SAM: &str = "Sam Reed";
const GRACE: &str = "Grace Lin";
const OWEN: &str = "Owen Davies";

/// Every page state of the demonstration.
#[must_use]
pub fn registry() -> Vec<PageState> {
    let mut all = products();
    all.extend(sections());
    all.extend(team::team());
    all.extend(reviews());
    all.extend(people::people());
    all.extend(staff());
    all.extend(agreements::agreements());
    all.extend(agreements::signing());
    all.extend(bookings());
    all.extend(test_day::test_day());
    all.extend(drafts::drafts());
    all.extend(dates::dates());
    all.extend(dates::checks_and_wishes());
    all.extend(planning::reports());
    all.extend(certificates::certificates());
    all.extend(certificates::afterwards());
    all.extend(certificates::going_live());
    all.extend(finding::finding());
    all.extend(forecasting::forecasting());
    all.extend(coaching::coaching());
    all.extend(quiet::quiet());
    all.extend(reuse::reuse());
    all.extend(talking::messages());
    all.extend(talking::calendar());
    all.extend(asking::versions());
    all.extend(asking::colleagues());
    all.extend(asking::about());
    all.extend(reviewing::reviews());
    all.extend(reviewing::standard_replies());
    all
}

/// Routes that answer with something else than a page of their own: bytes, or a redirect.
pub const NO_PAGE: &[&str] = &[
    "/assets/{name}",
    "/health",
    "/",
    "/admin",
    "/session",
    "/products/{product}/files/{file}",
    "/products/{product}/demonstration/run-sheet/{line}/files/{file}",
    "/products/{product}/team",
    "/products/{product}/agreement.pdf",
    "/products/{product}/agreement/sample.pdf",
    "/products/{product}/agreement/signed.pdf",
    "/products/{product}/agreement/preview.pdf",
    "/sign/{token}/agreement.pdf",
    "/products/{product}/demonstration.ics",
    "/demonstrations/feed/{token}.ics",
    "/products/{product}/certificate.pdf",
    "/products/{product}/certificate.json",
    "/certificates/{number}.json",
    "/.well-known/certificate-keys.json",
    "/products.{format}",
    "/certificates.{format}",
    "/queue.{format}",
    "/queue/mine.{format}",
    "/queue/sent-back.{format}",
    "/demonstrations.{format}",
    "/demonstrations/slots.{format}",
    "/admin/people.{format}",
    "/admin/organisations.{format}",
    "/admin/mail.{format}",
    "/products/{product}/history.{format}",
    "/products/{product}/files.{format}",
    "/standard-replies.{format}",
    "/board.{format}",
    "/reports/workload.{format}",
    "/reports/service-level.{format}",
    "/reports/service-level/kept.{format}",
    "/reports/cycle-time.{format}",
    "/reports/flow.{format}",
    "/reports/bottlenecks.{format}",
    "/reports/bottlenecks/questions.{format}",
    "/products/{product}/pack.zip",
];

const P: &str = "/products/{product}";
const S: &str = "/products/{product}/sections/{section}";

fn products() -> Vec<PageState> {
    vec![
        state("/products", "products of a supplier", PRIYA, "/products"),
        state("/products", "products of a viewer", JOAN, "/products"),
        state("/products", "products for a reviewer", AMINA, "/products"),
        state("/products", "products, nothing found", GRACE, "/products?q=wardligth"),
        state("/products/new", "add a product", PRIYA, "/products/new"),
        after(vec![press("main form button")], 422, state("/products/new", "add a product, nothing typed", PRIYA, "/products/new")),
        state(P, "product with feedback, a review and drafts", PRIYA, "/products/c2a-1001"),
        state(P, "new product", PRIYA, "/products/c2a-1002"),
        state(P, "half answered product", PRIYA, "/products/c2a-1003"),
        state(P, "product with an overdue review", DANIEL, "/products/c2a-1004"),
        state(P, "product in the second round", DANIEL, "/products/c2a-1005"),
        state(P, "product with everything accepted", HELEN, "/products/c2a-1006"),
        state(P, "product on hold", HELEN, "/products/c2a-1007"),
        state(P, "product ready to send", DANIEL, "/products/c2a-1008"),
        state(P, "withdrawn product", PRIYA, "/products/c2a-1010"),
        state(P, "product for a viewer", JOAN, "/products/c2a-1001"),
        state(P, "product for a reviewer", AMINA, "/products/c2a-1001"),
        after(vec![], 404, state(P, "somebody else's product", PRIYA, "/products/c2a-1004")),
        state("/products/{product}/details", "details", PRIYA, "/products/c2a-1001/details"),
        state("/products/{product}/details", "details for a manager", GRACE, "/products/c2a-1001/details"),
        state("/products/{product}/about", "what the product is", PRIYA, "/products/c2a-1001/about"),
        state("/products/{product}/connection", "how it connects", PRIYA, "/products/c2a-1001/connection"),
        after(
            vec![press("main form button")],
            422,
            state("/products/{product}/connection", "how it connects, nothing chosen", PRIYA, "/products/c2a-1002/connection"),
        ),
        state("/products/{product}/hold", "hold", PRIYA, "/products/c2a-1001/hold"),
        after(
            vec![press("main form button")],
            422,
            state("/products/{product}/hold", "hold without a reason", PRIYA, "/products/c2a-1001/hold"),
        ),
        state("/products/{product}/resumption", "resume", HELEN, "/products/c2a-1007/resumption"),
        state("/products/{product}/withdrawal", "withdraw", PRIYA, "/products/c2a-1001/withdrawal"),
        state("/products/{product}/feedback", "feedback with open questions", PRIYA, "/products/c2a-1001/feedback"),
        state("/products/{product}/feedback", "no feedback", PRIYA, "/products/c2a-1002/feedback"),
        state("/products/{product}/live", "go live", HELEN, "/products/c2a-1006/live"),
        state("/products/{product}/live", "go live for a reviewer", AMINA, "/products/c2a-1006/live"),
        after(
            vec![press("main form button")],
            422,
            state("/products/{product}/live", "go live, nothing typed", HELEN, "/products/c2a-1006/live"),
        ),
        after(
            vec![],
            409,
            state("/products/{product}/alteration", "a change without a certificate", HELEN, "/products/c2a-1006/alteration"),
        ),
        after(vec![], 403, state("/products/{product}/about", "a viewer may not change", JOAN, "/products/c2a-1001/about")),
    ]
}

fn sections() -> Vec<PageState> {
    let question = "/products/{product}/sections/{section}/questions/{question}";
    let check = "/products/{product}/sections/{section}/check";
    let feedback = "/products/{product}/sections/{section}/feedback";
    let go = "main form button[value=continue]";
    let at = |name, address| state(question, name, PRIYA, address);
    vec![
        state(S, "section not started", PRIYA, "/products/c2a-1002/sections/data-security"),
        state(S, "section half answered", PRIYA, "/products/c2a-1003/sections/data-security"),
        state(S, "section in review", PRIYA, "/products/c2a-1001/sections/medical-device"),
        state(S, "section accepted", PRIYA, "/products/c2a-1001/sections/data-security"),
        state(S, "section returned", PRIYA, "/products/c2a-1001/sections/clinical-risk"),
        state(S, "section for a viewer", JOAN, "/products/c2a-1001/sections/core-conformance"),
        at("questions with choices and a date", "/products/c2a-1003/sections/data-security/questions/ds-dspt-profile"),
        at("question with a file and an expiry date", "/products/c2a-1003/sections/data-security/questions/ds-isms-basis"),
        at("questions with short texts, an email and a date", "/products/c2a-1003/sections/clinical-risk/questions/cr-cso-name"),
        at("question with several choices", "/products/c2a-1003/sections/cis2-conformance/questions/cx-request-protection"),
        at("question with a long text", "/products/c2a-1003/sections/cis2-conformance/questions/cx-signin-walkthrough"),
        at("question with a declaration", "/products/c2a-1003/sections/data-security/questions/ds-breach-declaration"),
        after(
            vec![Step::Fill { fill: "#answer-sm-desk-email", text: "nobody" }, press(go)],
            422,
            at("question with something wrong", "/products/c2a-1002/sections/service-management/questions/sm-desk-phone"),
        ),
        state(check, "check and send, complete", DANIEL, "/products/c2a-1008/sections/data-security/check"),
        state(check, "check and send, technical", DANIEL, "/products/c2a-1008/sections/cis2-conformance/check"),
        after(
            vec![press("main form button")],
            422,
            state(check, "check and send, answers missing", PRIYA, "/products/c2a-1003/sections/data-security/check"),
        ),
        after(
            vec![press("main form button")],
            422,
            state(check, "check and send, nothing confirmed", DANIEL, "/products/c2a-1008/sections/cis2-conformance/check"),
        ),
        state(feedback, "feedback round", PRIYA, "/products/c2a-1001/sections/clinical-risk/feedback"),
        state(
            "/products/{product}/sections/{section}/feedback/check",
            "check what you changed",
            PRIYA,
            "/products/c2a-1001/sections/clinical-risk/feedback/check",
        ),
    ]
}

fn reviews() -> Vec<PageState> {
    let review = "/products/{product}/sections/{section}/review";
    let check = "/products/{product}/sections/{section}/review/check";
    let reopening = "/products/{product}/sections/{section}/reopening";
    let second = "/products/c2a-1005/sections/service-management/review";
    vec![
        state(review, "review in the second round", AMINA, second),
        after(vec![], 404, state(review, "review of a supplier with an interest", SAM, second)),
        state(review, "review that nobody has", AMINA, "/products/c2a-1009/sections/clinical-risk/review"),
        state(
            review,
            "overdue review of 24 questions that somebody else has",
            AMINA,
            "/products/c2a-1004/sections/cis2-conformance/review",
        ),
        state(review, "review for a manager", GRACE, "/products/c2a-1009/sections/clinical-risk/review"),
        after(vec![], 404, state(review, "review for a supplier", DANIEL, second)),
        after(vec![press("main form button[value=check]")], 422, state(review, "review with questions undecided", AMINA, second)),
        state(check, "check feedback, undecided", AMINA, "/products/c2a-1005/sections/service-management/review/check"),
        state(reopening, "open an accepted section again", AMINA, "/products/c2a-1006/sections/data-security/reopening"),
        after(
            vec![press("main form button")],
            422,
            state(reopening, "open again without a reason", AMINA, "/products/c2a-1006/sections/data-security/reopening"),
        ),
        state("/products/{product}/history", "history for a supplier", PRIYA, "/products/c2a-1001/history"),
        state("/products/{product}/history", "history for a reviewer", AMINA, "/products/c2a-1001/history"),
        state("/products/{product}/history", "history, second page", AMINA, "/products/c2a-1001/history?page=2"),
    ]
}

fn bookings() -> Vec<PageState> {
    let (test, book) = ("/products/{product}/demonstration", "/products/{product}/demonstration/book");
    let (reschedule, request) = ("/products/{product}/demonstration/reschedule", "/products/{product}/demonstration/request");
    let (details, cancellation) = ("/products/{product}/demonstration/details", "/products/{product}/demonstration/cancellation");
    vec![
        state(test, "booking not open yet", PRIYA, "/products/c2a-1002/demonstration"),
        state(test, "demonstration not booked", HELEN, "/products/c2a-1006/demonstration"),
        state(test, "demonstration booked, with details missing and a problem", PRIYA, "/products/c2a-1011/demonstration"),
        state(test, "demonstration for a viewer", JOAN, "/products/c2a-1011/demonstration"),
        state(test, "demonstration for a reviewer", AMINA, "/products/c2a-1011/demonstration"),
        state(test, "demonstration confirmed", DANIEL, "/products/c2a-1012/demonstration"),
        state(test, "date asked for", HELEN, "/products/c2a-1013/demonstration"),
        state(test, "demonstration not passed", PRIYA, "/products/c2a-1014/demonstration"),
        state(test, "demonstration passed with observations", DANIEL, "/products/c2a-1015/demonstration"),
        state(book, "choose a date", HELEN, "/products/c2a-1006/demonstration/book"),
        state(book, "choose a later date", HELEN, "/products/c2a-1006/demonstration/book?page=2"),
        after(
            vec![press("main form button")],
            422,
            state(book, "choose a date, nothing chosen", HELEN, "/products/c2a-1006/demonstration/book"),
        ),
        state(reschedule, "change the date", DANIEL, "/products/c2a-1012/demonstration/reschedule"),
        state(request, "ask for a date", HELEN, "/products/c2a-1006/demonstration/request"),
        after(
            vec![press("main form button")],
            422,
            state(request, "ask for a date, nothing typed", HELEN, "/products/c2a-1006/demonstration/request"),
        ),
        state(details, "details of a demonstration", PRIYA, "/products/c2a-1011/demonstration/details"),
        after(
            vec![Step::Fill { fill: "#user-device-ip", text: "127.0.0.1" }, press("main form button")],
            422,
            state(details, "details of a demonstration, something wrong", PRIYA, "/products/c2a-1011/demonstration/details"),
        ),
        state(cancellation, "cancel a demonstration", PRIYA, "/products/c2a-1011/demonstration/cancellation"),
        state(cancellation, "cancel a demonstration that is soon", DANIEL, "/products/c2a-1012/demonstration/cancellation"),
        state(cancellation, "cancel a demonstration as a manager", GRACE, "/products/c2a-1011/demonstration/cancellation"),
    ]
}

fn staff() -> Vec<PageState> {
    vec![
        state("/admin/people", "people", OWEN, "/admin/people"),
        after(vec![press("main form button")], 422, state("/admin/people", "invite without a name", OWEN, "/admin/people")),
        state("/admin/organisations", "organisations", OWEN, "/admin/organisations"),
        after(
            vec![press("main form button")],
            422,
            state("/admin/organisations", "add an organisation without a name", OWEN, "/admin/organisations"),
        ),
        state("/admin/mail", "e-mail log", OWEN, "/admin/mail"),
        after(vec![], 404, state("/admin/people", "people for a supplier", PRIYA, "/admin/people")),
        state("/demo/mail", "mail of the demonstration", "nobody", "/demo/mail"),
        state("/demo/mail", "mail with links of the demonstration", "nobody", "/demo/mail?only=links"),
    ]
}
