//! The table of choices and of words that do not go with them.

use super::clash::{Clash, When};

const SIGN_IN: &[&str] = &["cx-signin-walkthrough"];
const KEYS: &[&str] = &["cx-signin-walkthrough", "cx-key-management"];
const PURPOSE: &[&str] = &["md-intended-purpose", "cr-process-summary", "cc-new-hazards", "cc-use-case-change"];
const USER_INFO: &[&str] = &["cx-userinfo"];
const ROLES: &[&str] = &["cx-role-handling", "cx-userinfo"];
const SESSIONS: &[&str] = &["cx-session-behaviour", "cx-signin-walkthrough", "cc-new-hazards"];
const PLACES: &[&str] =
    &["ds-protection-measures", "cc-purpose", "cc-controllers", "cx-key-management", "sm-support-hours", "sm-incident-process"];

const fn row(when: When, texts: &'static [&'static str], words: &'static [&'static str], say: &'static str) -> Clash {
    Clash { when, texts, words, even_denied: false, say }
}

/// A sentence that denies something contradicts the choice.
const fn denied(when: When, texts: &'static [&'static str], words: &'static [&'static str], say: &'static str) -> Clash {
    Clash { when, texts, words, even_denied: true, say }
}

const fn scope(option: &'static str, words: &'static [&'static str]) -> Clash {
    let say = "This uses a scope that is not ticked under scopes. Tick it, or say where the item comes from";
    row(When::Lacks("cx-scopes", option), USER_INFO, words, say)
}

const fn unticked(question: &'static str, option: &'static str, words: &'static [&'static str], say: &'static str) -> Clash {
    row(When::Lacks(question, option), SIGN_IN, words, say)
}

/// Every row. Checks across choices alone, X1 to X18, are in `checks`.
#[rustfmt::skip]
pub(super) const CLASHES: &[Clash] = &[
    row(When::Is("md-is-device", &["no"]), PURPOSE, &["class i|class ii|class iia|class iib|class iii .. device|medical|under|product|software", "ukca|ce marked|ce marking|ce mark", "is|as .. a medical device"], "This reads like a medical device, but the answer is that it is none"),
    row(When::Is("md-class", &["i", "i-special"]), PURPOSE, &["class ii|class iia|class iib|class iii"], "This names another class than the one chosen for the device"),
    row(When::Is("md-class", &["iia"]), PURPOSE, &["class i .. device|medical", "class iib|class iii"], "This names another class than the one chosen for the device"),
    row(When::Is("md-class", &["iib", "iii"]), PURPOSE, &["class i .. device|medical", "class iia"], "This names another class than the one chosen for the device"),
    row(When::Is("cx-client-auth", &["private-key-jwt"]), KEYS, &["client secret|shared secret"], "This speaks of a client secret, but the choice is Private Key JWT"),
    row(When::Is("cx-client-auth", &["client-secret"]), KEYS, &["private key jwt|private_key_jwt|jwks", "signing key|signed assertion"], "This speaks of Private Key JWT or a signing key, but the choice is a client secret"),
    row(When::Is("cx-bcl-used", &["no"]), SESSIONS, &["back channel|backchannel", "logout token|logout notice|logout notification .. ends|arrives|received|from"], "This speaks of back-channel logout, but the answer is that it is not used"),
    denied(When::Is("cx-bcl-used", &["yes"]), SESSIONS, &["not|no|without|never .. back channel|backchannel|logout token"], "This says that there is no back-channel logout, but the answer is that it is used"),
    row(When::Is("cx-role-model", &["local"]), ROLES, &["national role|national rbac|nationalrbacaccess|selectedrole|selected_roleid|roles from cis2|role from cis2"], "This uses national roles, but the choice is roles held in your product"),
    row(When::Is("cx-role-model", &["none"]), ROLES, &["role|roles + permission|decides|decide|determines|allowed|rights|may do"], "This uses roles, but the choice is that there are none"),
    row(When::Is("cx-assurance-level", &["aal2"]), &["cx-signin-walkthrough", "cx-error-handling", "cx-role-handling"], &["aal3 only|only aal3", "aal3 .. required|needed|enforced|mandatory", "require*|insist*|demand* .. aal3"], "This asks for AAL3, but the level chosen accepts AAL2"),
    row(When::Is("cx-assurance-level", &["aal3"]), &["cx-signin-walkthrough", "cx-error-handling", "cx-role-handling"], &["aal2 .. accepted|allowed|enough|sufficient|is fine|or higher|or above", "accept*|allow* .. aal2"], "This accepts AAL2, but the level chosen is AAL3 only"),
    unticked("cx-request-protection", "pkce", &["pkce|code verifier|code_verifier|code challenge|code_challenge"], "This speaks of PKCE, which is not ticked for the authentication request"),
    unticked("cx-request-protection", "nonce", &["nonce"], "This speaks of a nonce, which is not ticked for the authentication request"),
    unticked("cx-request-protection", "state", &["state + compar*|check*|fresh|match*|random|stor*"], "This speaks of a state value, which is not ticked for the authentication request"),
    unticked("cx-id-token-checks", "signature", &["signature + check*|verif*|validat*"], "This says that the signature is checked, which is not ticked for the ID token"),
    unticked("cx-id-token-checks", "issuer", &["issuer|iss + check*|verif*|validat*|compar*"], "This says that the issuer is checked, which is not ticked for the ID token"),
    unticked("cx-id-token-checks", "audience", &["audience|aud + check*|verif*|validat*|compar*"], "This says that the audience is checked, which is not ticked for the ID token"),
    scope("nhsperson", &["nhsperson"]),
    scope("nationalrbacaccess", &["nationalrbacaccess|nhsid_nrbac_roles"]),
    scope("selectedrole", &["selectedrole|selected_roleid"]),
    scope("associatedorgs", &["associatedorgs|nhsid_user_orgs"]),
    scope("professionalmemberships", &["professionalmemberships"]),
    scope("organisationalmemberships", &["organisationalmemberships"]),
    row(When::Is("cc-data-role", &["processor"]), &["cc-controllers", "cc-purpose"], &["we are the controller|we are a controller|we are controller|we are the data controller|we are joint|we act as controller|we act as a controller|we act as joint|as joint controllers with"], "This says that you are a controller, but the role chosen is processor"),
    row(When::Is("cc-data-role", &["controller"]), &["cc-controllers", "cc-purpose"], &["we are the processor|we are a processor|we act as processor|we act as a processor|we are their processor|we process .. on behalf"], "This says that you are a processor, but the role chosen is controller"),
    row(When::Is("cc-uk-only", &["yes"]), PLACES, &["@country + host*|stored|store|backup|support|server|region|engineer|monitor*|team|replicated|copied|data centre", "offshore|overseas|follow the sun|outside the uk|outside the united kingdom"], "This names a place abroad, but the answer is that data stays in the UK"),
    row(When::Is("cc-pentest-scheme", &["check"]), &["cc-pentest-provider"], &["crest|tiger scheme|cyber scheme"], "This names another scheme than CHECK, which was chosen"),
    row(When::Is("ds-isms-basis", &["documented", "none"]), &["ds-protection-measures", "ds-euo-dspt-process"], &["iso 27001|iso27001|27001 + certif*|hold|audited"], "This says that you are certified to ISO/IEC 27001, but the answer about your management system does not"),
    row(When::Is("ds-cyber-essentials", &["none"]), &["ds-protection-measures"], &["cyber essentials + hold|have|certif*|are|plus|with"], "This says that you hold Cyber Essentials, but the answer is that you do not"),
    row(When::Is("sm-nsd-status", &["not-yet"]), &["sm-incident-process", "sm-change-notice"], &["registered .. national service desk|nsd"], "This says that you are registered with the National Service Desk, but the answer is not yet"),
    row(When::Is("cx-button-use", &["automatic"]), SIGN_IN, &["press*|click*|tap*|choos*|select* .. button"], "This speaks of a button, but the choice is that there is none"),
    row(When::Nought("cc-pentest-open-findings"), &["ds-protection-measures", "cc-new-hazards"], &["critical|high finding|findings .. open|outstanding|remain*|unresolved|not fixed"], "This says that a finding is still open, but the number of open findings is 0"),
    row(When::NewProduct, &["cx-signin-walkthrough", "cc-new-hazards", "cr-process-summary"], &["cis1|identity agent + replac*|removed|remove|move|moved|moving|migrat*|old|earlier|previous"], "This speaks of a move from CIS1, but the product details say that it is none"),
];
