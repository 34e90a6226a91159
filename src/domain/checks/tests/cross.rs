//! Every check across answers: that it fires, where it fires, and that it is silent otherwise.

use super::*;
use crate::domain::facts::NationalApi;

fn long(text: &str) -> Value {
    Value::Text(format!("{text} {}", "and more of it".repeat(20)))
}

/// All findings of a world as level and question.
fn where_found(world: &World) -> Vec<(Level, String)> {
    all(world).into_iter().map(|f| (f.level, f.question)).collect()
}

fn warned(keys: &[&str]) -> Vec<(Level, String)> {
    keys.iter().map(|key| (Level::Warning, (*key).to_owned())).collect()
}

#[test]
fn x1_health_data_without_a_clinical_risk_standard() {
    let world = World::typical().with("cr-standard-scope", choice("neither"));
    assert_eq!(where_found(&world), warned(&["cr-standard-scope", "cc-data-categories"]));
    let world = world.with("cc-data-categories", choices(&["staff-identity", "staff-roles"]));
    assert_eq!(where_found(&world), []);
}

#[test]
fn x2_a_national_api_that_needs_aal3() {
    let mut world = World::typical();
    world.facts.national_apis = [NationalApi::Pds].into();
    assert_eq!(where_found(&world), []);
    world.facts.national_apis = [NationalApi::Pds, NationalApi::Eps].into();
    assert_eq!(where_found(&world), warned(&["cx-assurance-level"]));
    assert!(only(&world, "cx-assurance-level").contains("Electronic Prescription Service"));
    for level in ["aal3", "step-up"] {
        assert_eq!(
            where_found(&World { facts: world.facts.clone(), ..World::typical() }.with("cx-assurance-level", choice(level))),
            []
        );
    }
}

const CHECKS: [&str; 7] = ["signature", "issuer", "audience", "expiry", "assurance-level", "identity-level", "nonce"];

#[test]
fn x3_a_fresh_sign_in_whose_time_is_not_checked() {
    for asked in ["prompt-login", "max-age"] {
        let world = World::typical()
            .with("cx-request-protection", choices(&["state", "discovery", asked]))
            .with("cx-id-token-checks", choices(&CHECKS));
        assert_eq!(where_found(&world), [(Level::Error, "cx-id-token-checks".to_owned())]);
        let checked: Vec<&str> = CHECKS.into_iter().chain(["auth-time"]).collect();
        assert_eq!(where_found(&world.with("cx-id-token-checks", choices(&checked))), []);
    }
}

#[test]
fn x4_a_nonce_that_is_not_checked() {
    let world = World::typical()
        .with("cx-request-protection", choices(&["state", "discovery", "nonce"]))
        .with("cx-id-token-checks", choices(&CHECKS[..6]));
    assert_eq!(where_found(&world), warned(&["cx-id-token-checks"]));
    assert_eq!(where_found(&world.with("cx-id-token-checks", choices(&CHECKS))), []);
}

#[test]
fn x5_national_roles_without_their_scope() {
    let scopes = choices(&["openid", "profile"]);
    for (model, expected) in [("national", 1), ("both", 1), ("local", 0), ("none", 0)] {
        let world = World::typical().with("cx-scopes", scopes.clone()).with("cx-role-model", choice(model));
        assert_eq!(at(&world, "cx-scopes").len(), expected, "{model}");
    }
    let chosen = choices(&["openid", "selectedrole"]);
    let world = World::typical().with("cx-role-model", choice("local")).with("cx-scopes", chosen);
    assert_eq!(where_found(&world), warned(&["cx-scopes"]), "a chosen role without the list of roles");
}

#[test]
fn x6_several_roles_and_no_way_to_choose() {
    let scopes = choices(&["openid", "nationalrbacaccess"]);
    let world = World::typical().with("cx-scopes", scopes).with("cx-role-handling", long("The first role counts."));
    assert_eq!(where_found(&world), warned(&["cx-role-handling"]));
    assert_eq!(where_found(&world.with("cx-role-handling", long("The user picks a role on a page of ours."))), []);
    let all_scopes = World::typical().with("cx-role-handling", long("The first role counts."));
    assert_eq!(where_found(&all_scopes), []);
}

#[test]
fn x7_wide_scopes_that_are_not_explained() {
    let world = World::typical().with("cx-userinfo", long("Names, from nhsperson, and Professional Memberships,"));
    assert_eq!(where_found(&world), warned(&["cx-userinfo"]));
    assert!(only(&world, "cx-userinfo").contains("organisationalmemberships"));
    assert_eq!(where_found(&world.with("cx-scopes", choices(&["openid", "nhsperson", "nationalrbacaccess", "selectedrole"]))), []);
}

#[test]
fn x8_scopes_that_bring_data_which_is_not_listed() {
    let world = World::typical().with("cc-data-categories", choices(&["staff-activity"]));
    let twice = ["cc-data-categories", "cc-data-categories", "cx-scopes", "cx-scopes"];
    assert_eq!(where_found(&world), warned(&twice));
    let world = world.with("cx-scopes", choices(&["openid", "nationalrbacaccess", "selectedrole"]));
    assert_eq!(where_found(&world), warned(&["cc-data-categories", "cx-scopes"]));
    assert_eq!(where_found(&world.with("cc-data-categories", choices(&["staff-roles"]))), []);
}

#[test]
fn x9_redirects_to_another_host() {
    let key = "cx-redirect-uris";
    let two = "https://product.supplier.example.com/a\nhttps://dev.supplier.example.com/a";
    let expected = "A redirect URI is on dev.supplier.example.com, but the test deployment is on product.supplier.example.com.";
    assert_eq!(says(key, text(two)), expected);
    assert_eq!(says(key, text("https://PRODUCT.supplier.example.com:8443/a")), "", "case and port are no other host");
}

#[test]
fn x10_addresses_that_cannot_be_reached() {
    let inward = [
        "localhost",
        "app.localhost",
        "127.0.0.1",
        "127.9.9.9",
        "[::1]",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.1.1",
        "169.254.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "[fd00::1]",
        "[fe80::1]",
        "[::ffff:10.0.0.1]",
        "2130706433",
        "nas.local",
        "app.Internal",
        "app.internal.",
        "cis2.test",
        "intranet",
    ];
    for host in inward {
        for key in ["cx-test-url", "cx-jwks-url", "cc-privacy-notice-url", "cx-bcl-url"] {
            let found = at(&World::typical().with(key, text(&format!("https://{host}/x"))), key);
            assert_eq!(found.iter().filter(|f| f.0 == Level::Error).count(), 1, "{key} {host} {found:?}");
        }
    }
    for host in ["product.supplier.example.com", "81.2.69.160", "172.32.0.1", "[2a02:6b8::11]", "test.nhs.uk", "local.nhs.uk"] {
        assert_eq!(says("cc-privacy-notice-url", text(&format!("https://{host}/x"))), "", "{host}");
    }
}

#[test]
fn x10_redirects_to_the_own_device_are_for_native_applications() {
    let world = |architecture: &str, line: &str| {
        let lines = format!("https://product.supplier.example.com/a\n{line}");
        let world = World::typical().with("cx-redirect-uris", text(&lines));
        where_found(&world.with("cx-architecture", choice(architecture)))
    };
    let error = (Level::Error, "cx-redirect-uris".to_owned());
    for line in ["https://localhost:8080/a", "https://127.0.0.1/a"] {
        assert!(world("server-web", line).contains(&error), "{line}");
        assert_eq!(world("native-backend", line), [], "{line}");
    }
    assert!(world("native-backend", "https://10.0.0.1/a").contains(&error));
}

#[test]
fn a_logout_address_is_a_public_name_of_the_same_product() {
    let key = "cx-bcl-url";
    assert_eq!(says(key, text("https://logout.supplier.example.com/x")), "");
    let found = at(&World::typical().with(key, text("https://81.2.69.160/x")), key);
    assert_eq!((found.len(), found[0].0), (1, Level::Error));
    let found = at(&World::typical().with(key, text("https://supplier.example.org/x")), key);
    assert_eq!((found.len(), found[0].0), (1, Level::Warning));
    let nhs = World::typical()
        .with("cx-test-url", text("https://app.one.nhs.uk"))
        .with("cx-redirect-uris", text("https://app.one.nhs.uk/a"));
    assert_ne!(only(&nhs.with(key, text("https://app.two.nhs.uk")), key), "");
}

#[test]
fn x11_a_broker_without_a_name() {
    let world = World::typical().with("cx-architecture", choice("broker"));
    assert_eq!(where_found(&world), warned(&["cx-signin-walkthrough"]));
    assert_eq!(where_found(&world.with("cx-signin-walkthrough", long("Keycloak 26.1 sends the user to CIS2. "))), []);
}

#[test]
fn x12_no_trusted_server_needs_a_note() {
    let found = at(&World::typical().with("cx-architecture", choice("public")), "cx-architecture");
    assert_eq!((found.len(), found[0].0, found[0].1), (1, Level::Warning, Acceptance::WithReason));
}

#[test]
fn x13_a_penetration_test_before_the_build() {
    let mut world = World::typical();
    world.facts.int_working_since = Some(day("2026-10-11"));
    assert_eq!(where_found(&world), warned(&["cc-pentest-completed-on"]));
    world.facts.int_working_since = Some(day("2026-10-10"));
    assert_eq!(where_found(&world), []);
}

#[test]
fn x14_a_processor_abroad() {
    let world = |processors: &str| World::typical().with("cc-processors", long(processors));
    for (abroad, country) in [
        ("Acme in Germany hosts", "Germany"),
        ("Help from India.", "India"),
        ("A US company", "the United States"),
        ("Cork, Ireland", "Ireland"),
    ] {
        assert_eq!(where_found(&world(abroad)), warned(&["cc-uk-only"]), "{abroad}");
        assert!(only(&world(abroad), "cc-uk-only").contains(country), "{abroad}");
    }
    for home in ["Acme in London hosts; they tell us of faults", "Belfast, Northern Ireland", "Indiana Jones Ltd", "Contact us"] {
        assert_eq!(where_found(&world(home)), [], "{home}");
    }
    let told = world("Acme in Germany hosts").with("cc-uk-only", choice("no"));
    assert_eq!(at(&told, "cc-uk-only").len(), 1, "only the warning of the option");
}

#[test]
fn x15_a_device_without_a_clinical_risk_standard() {
    let world = World::typical().with("md-is-device", choice("yes"));
    assert_eq!(where_found(&world), []);
    let world =
        world.with("cr-standard-scope", choice("neither")).with("cc-data-categories", choices(&["staff-identity", "staff-roles"]));
    assert_eq!(where_found(&world), warned(&["cr-standard-scope", "md-is-device"]));
}

#[test]
fn x16_an_identity_agent_that_is_still_in_use() {
    let key = "cx-cis1-removal";
    let mut world = World::typical().with(key, long("We still call the Identity Agent for tickets."));
    assert_eq!(at(&world, key), [], "the product does not move from CIS1");
    world.facts.migrating_from_cis1 = Some(true);
    assert_eq!(where_found(&world), warned(&[key]));
    assert_eq!(where_found(&world.with(key, long("We no longer call the Identity Agent. We still have a smartcard page."))), []);
}

#[test]
fn x17_evidence_that_runs_out_before_go_live() {
    let mut world = World::typical();
    world.facts.go_live_target = Some(day("2027-05-30"));
    assert_eq!(where_found(&world), []);
    world.facts.go_live_target = Some(day("2028-07-01"));
    let all = ["ds-dspt-published-on", "ds-isms-certificate", "ds-cyber-essentials-expires-on", "cc-pentest-completed-on"];
    assert_eq!(where_found(&world), warned(&all));
    let expected = "The DSPT status runs out on 30 June 2028, before the planned go-live on 1 July 2028.";
    assert_eq!(only(&world, "ds-dspt-published-on"), expected);
    world.facts.go_live_target = Some(day("2027-09-01"));
    let expected = "The penetration test counts until 10 October 2027: fewer than 60 days are left at the planned go-live on 1 September 2027.";
    assert_eq!(only(&world, "cc-pentest-completed-on"), expected);
    world.facts.go_live_target = Some(day("2026-11-23"));
    assert_eq!(where_found(&world), [], "a go-live in the past says nothing");
}
