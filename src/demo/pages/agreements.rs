//! The states of the pages about the Connection Agreement.

use super::{AMINA, DANIEL, HELEN, PRIYA, PageState, Step, after, press, state};

/// The pages of an agreement for the supplier and the assurance team.
pub fn agreements() -> Vec<PageState> {
    let home = "/products/{product}/agreement";
    let signatory = "/products/{product}/agreement/signatory";
    let signature = "/products/{product}/agreement/signature";
    let issue = "/products/{product}/agreement/issue";
    let check = "/products/{product}/agreement/check";
    let contract = "/products/{product}/agreement/contract";
    let renewal = "/products/{product}/agreement/renewal";
    let wrong = |state| after(vec![press("main form button[type=submit]")], 422, state);
    vec![
        state(home, "agreement, sample only", PRIYA, "/products/c2a-1001/agreement"),
        state(home, "agreement issued", PRIYA, "/products/c2a-1019/agreement"),
        state(home, "agreement issued, for a reviewer", AMINA, "/products/c2a-1019/agreement"),
        state(home, "agreement being checked", DANIEL, "/products/c2a-1020/agreement"),
        state(home, "agreement returned", HELEN, "/products/c2a-1021/agreement"),
        state(home, "agreement accepted", PRIYA, "/products/c2a-1022/agreement"),
        state(home, "agreement of a product on hold", HELEN, "/products/c2a-1007/agreement"),
        state("/products/{product}/agreement/sample", "sample of the agreement", PRIYA, "/products/c2a-1001/agreement/sample"),
        state(signatory, "who will sign", PRIYA, "/products/c2a-1001/agreement/signatory"),
        wrong(state(signatory, "who will sign, authority not confirmed", PRIYA, "/products/c2a-1001/agreement/signatory")),
        state(signature, "send the signed agreement", PRIYA, "/products/c2a-1019/agreement/signature"),
        state(signature, "send the signed agreement again", HELEN, "/products/c2a-1021/agreement/signature"),
        wrong(state(signature, "send the signed agreement, nothing chosen", PRIYA, "/products/c2a-1019/agreement/signature")),
        state(issue, "issue the agreement again", AMINA, "/products/c2a-1019/agreement/issue"),
        state(issue, "agreement that cannot be issued yet", AMINA, "/products/c2a-1001/agreement/issue"),
        state(check, "check the signed agreement", AMINA, "/products/c2a-1020/agreement/check"),
        wrong(state(check, "check the signed agreement, nothing chosen", AMINA, "/products/c2a-1020/agreement/check")),
        state(contract, "accepted in the portal", AMINA, "/products/c2a-1019/agreement/contract"),
        wrong(state(contract, "accepted in the portal, nothing typed", AMINA, "/products/c2a-1019/agreement/contract")),
        state(renewal, "begin a new agreement", AMINA, "/products/c2a-1022/agreement/renewal"),
        wrong(state(renewal, "begin a new agreement without a reason", AMINA, "/products/c2a-1022/agreement/renewal")),
    ]
}

/// The page of a signatory without an account.
pub fn signing() -> Vec<PageState> {
    let (sign, refusal) = ("/sign/{token}", "/sign/{token}/refusal");
    let follow = || press("main a[href*=\"/sign/\"]");
    let ask = || press("main form[action$=\"/code\"] button");
    let entry = || press("main form[action$=\"/entry\"] button");
    let open = || vec![follow(), ask(), Step::Code { code: "#code" }, entry()];
    let unsigned = open().into_iter().chain([press("main form[enctype] button[type=submit]")]).collect();
    vec![
        after(vec![follow()], 200, state(sign, "link of a signatory", "nobody", "/demo/mail?only=links")),
        after(vec![follow(), ask()], 200, state(sign, "code for a signatory", "nobody", "/demo/mail?only=links")),
        after(
            vec![follow(), ask(), entry()],
            422,
            state(sign, "code for a signatory, nothing typed", "nobody", "/demo/mail?only=links"),
        ),
        after(open(), 200, state(sign, "agreement open to its signatory", "nobody", "/demo/mail?only=links")),
        after(unsigned, 422, state(sign, "agreement open to its signatory, nothing chosen", "nobody", "/demo/mail?only=links")),
        after(vec![], 404, state(sign, "link of a signatory that does not exist", "nobody", "/sign/unknown")),
        after(vec![], 404, state(refusal, "not the right person, unknown link", "nobody", "/sign/unknown/refusal")),
    ]
}
