//! Page states of certificates, and of products after their test.

use super::{AMINA, DANIEL, GRACE, HELEN, P, PRIYA, PageState, Step, after, press, state};

/// Certificates before there is one, and the public page.
pub fn certificates() -> Vec<PageState> {
    let (one, issue) = ("/products/{product}/certificate", "/products/{product}/certificate/issue");
    let (withdrawal, decision) = ("/products/{product}/certificate/withdrawal", "/products/{product}/certificate/decision");
    let check = || vec![press("main form button")];
    vec![
        state(one, "certificate, not yet", HELEN, "/products/c2a-1006/certificate"),
        state(issue, "certificate cannot be issued yet", AMINA, "/products/c2a-1006/certificate/issue"),
        after(vec![], 403, state(issue, "a manager does not issue certificates", GRACE, "/products/c2a-1006/certificate/issue")),
        after(vec![], 409, state(withdrawal, "no certificate to withdraw", GRACE, "/products/c2a-1006/certificate/withdrawal")),
        after(vec![], 409, state(decision, "no certificate to decide on", AMINA, "/products/c2a-1006/certificate/decision")),
        state("/certificates", "check a certificate", "nobody", "/certificates"),
        after(check(), 422, state("/certificates", "check a certificate, nothing typed", "nobody", "/certificates")),
        after(
            vec![],
            404,
            state("/certificates/{number}", "a certificate that does not exist", "nobody", "/certificates/SAC-2026-0000-0000-0000"),
        ),
    ]
}

/// Products after their test, in every state: numbers 1018 to 1025 of the programme.
pub fn afterwards() -> Vec<PageState> {
    let (test, certificate, issue) =
        ("/products/{product}/demonstration", "/products/{product}/certificate", "/products/{product}/certificate/issue");
    let (withdrawal, decision) = ("/products/{product}/certificate/withdrawal", "/products/{product}/certificate/decision");
    vec![
        state(P, "product that waits for its certificate", PRIYA, "/products/c2a-1018"),
        state(P, "product whose agreement waits for the signature", PRIYA, "/products/c2a-1019"),
        state(P, "product whose agreement is being checked", DANIEL, "/products/c2a-1020"),
        state(P, "product whose agreement came back", HELEN, "/products/c2a-1021"),
        state(P, "assured product", PRIYA, "/products/c2a-1022"),
        state(P, "live product", HELEN, "/products/c2a-1023"),
        state(P, "product in doubt after a change", DANIEL, "/products/c2a-1024"),
        state(P, "product in doubt for a reviewer", AMINA, "/products/c2a-1024"),
        state(P, "product whose certificate was withdrawn", PRIYA, "/products/c2a-1025"),
        state(test, "demonstration passed", PRIYA, "/products/c2a-1018/demonstration"),
        state(certificate, "certificate that is due", PRIYA, "/products/c2a-1018/certificate"),
        state(issue, "certificate to be issued", AMINA, "/products/c2a-1018/certificate/issue"),
        state(certificate, "certificate", PRIYA, "/products/c2a-1022/certificate"),
        state(certificate, "certificate with conditions", PRIYA, "/products/c2a-1019/certificate"),
        state(issue, "certificate to be replaced", AMINA, "/products/c2a-1022/certificate/issue"),
        state(certificate, "certificate in doubt", DANIEL, "/products/c2a-1024/certificate"),
        state(decision, "decide on a certificate in doubt", AMINA, "/products/c2a-1024/certificate/decision"),
        state(withdrawal, "withdraw a certificate", GRACE, "/products/c2a-1022/certificate/withdrawal"),
        after(
            vec![press("main form button")],
            422,
            state(withdrawal, "withdraw a certificate without a reason", GRACE, "/products/c2a-1022/certificate/withdrawal"),
        ),
        state(certificate, "certificate that was withdrawn", PRIYA, "/products/c2a-1025/certificate"),
    ]
}

/// Going live, and changes of products that are assured or live.
pub fn going_live() -> Vec<PageState> {
    let (live, alteration) = ("/products/{product}/live", "/products/{product}/alteration");
    let change = "/products/c2a-1023/alteration";
    let what = "People who sign in with a passkey no longer choose a role. The one that they used last is taken.";
    let ticked = || vec![Step::Tick { tick: "#touched" }, Step::Tick { tick: "#touched-2" }];
    vec![
        state(live, "go live, assured", PRIYA, "/products/c2a-1022/live"),
        state(live, "go live, filled in", HELEN, "/products/c2a-1023/live"),
        state(live, "go live, filled in, for a reviewer", AMINA, "/products/c2a-1023/live"),
        after(
            vec![Step::Fill { fill: "#jwks-url", text: "https://localhost/keys" }, press("main form button")],
            422,
            state(live, "go live, filled in, something wrong", HELEN, "/products/c2a-1023/live"),
        ),
        state(alteration, "record a change", HELEN, change),
        after(vec![press("main form button")], 422, state(alteration, "record a change, nothing typed", HELEN, change)),
        after(
            ticked().into_iter().chain([Step::Fill { fill: "#what", text: what }, press("main form button")]).collect(),
            200,
            state(alteration, "what follows from a change", HELEN, change),
        ),
    ]
}
