//! Updates that lose local data, cannot be taken back, or come with warnings.

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, TestResponse, change, create_deployment, create_service, rollback,
    upgrade,
};

const WEB: &[(&str, u32)] = &[("Web", 2)];

fn upgrade_to(harness: &mut Harness, mode: &str, parameters: &str, force: bool) -> TestResponse {
    let body = upgrade(mode, "two", WEB)
        .replace("2.cspkg", &format!("2.cspkg?{parameters}"))
        .replace("<Force>true", &format!("<Force>{force}"));
    harness.post(&format!("{BY_NAME}/?comp=upgrade"), &body)
}

fn failure(harness: &mut Harness, reply: &TestResponse) -> String {
    harness.settle();
    assert_eq!(harness.operation(&reply.id()), "Failed 400 BadRequest");
    harness.get(&format!("/operations/{}", reply.id())).text("Message")
}

#[test]
fn size_change_requires_force() {
    let mut harness = Harness::with_deployment(WEB);
    let accepted = upgrade_to(&mut harness, "Auto", "roleSize=Medium", false).expect(202);
    assert_eq!(harness.summary(), "Running locked [ReadyRole ReadyRole]");
    assert!(failure(&mut harness, &accepted).contains("local data"));
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
    assert_eq!(harness.versions(), [1, 1]);

    upgrade_to(&mut harness, "Manual", "roleSize=Medium", true).expect(202);
    harness.settle();
    harness.walk(0).expect(202);
    harness.advance(25);
    assert!(harness.summary().ends_with("[CreatingVM ReadyRole]"), "{}", harness.summary());
    harness.settle();
    assert_eq!(harness.get(BY_NAME).texts("InstanceSize"), ["Medium", "Small"]);
    let seen: Vec<_> =
        harness.instances().into_iter().map(|it| (it.size, it.installs, it.wipes)).collect();
    assert_eq!(seen, [("Medium".to_owned(), 1, 1), ("Small".to_owned(), 0, 0)]);
}

#[test]
fn role_removal_requires_force() {
    const ROLES: &[(&str, u32)] = &[("Web", 2), ("Old", 1), ("Older", 1)];
    for (left, gone) in [
        (&[("Web", 2)][..], "Old"),
        (&[("Web", 3), ("Old", 2)], "Older"),
        (&[("Older", 1), ("Old", 1)], "Web"),
    ] {
        let mut harness = Harness::with_deployment(ROLES);
        let path = format!("{BY_NAME}/?comp=upgrade");
        let unforced = upgrade("Auto", "two", left).replace("<Force>true", "<Force>false");
        for body in [&unforced, &unforced.replace("<Force>false</Force>", "")] {
            let accepted = harness.post(&path, body).expect(202);
            assert_eq!(
                failure(&mut harness, &accepted),
                format!(
                    "Removing role {gone} will cause loss of data stored locally on instances of \
                     the role. Repeat this operation and specify 'Force'."
                )
            );
            assert_eq!(harness.instances().len(), 4);
        }
        harness.post(&path, &upgrade("Auto", "two", left)).expect(202);
        harness.settle();
        let count: u32 = left.iter().map(|(_, count)| count).sum();
        assert_eq!(harness.instances().len(), count as usize);
    }
}

#[test]
fn rollback_of_size_change_requires_force() {
    let mut harness = Harness::with_deployment(WEB);
    upgrade_to(&mut harness, "Manual", "roleSize=Medium", true).expect(202);
    harness.settle();
    // Nothing has been changed yet, so nothing is lost.
    harness.roll_back("Auto").expect(202);
    harness.settle();
    upgrade_to(&mut harness, "Manual", "roleSize=Medium", true).expect(202);
    harness.settle();
    harness.walk(0).expect(202);
    harness.settle();

    let accepted = harness.roll_back("Auto").expect(202);
    failure(&mut harness, &accepted);
    assert!(harness.summary().contains("rollback Manual Before 1"), "{}", harness.summary());
    // An upgrade to the old size would change the first instance, too.
    let accepted = upgrade_to(&mut harness, "Auto", "", false).expect(202);
    failure(&mut harness, &accepted);

    let forced = rollback("Auto").replace("false", "true");
    harness.post(&format!("{BY_SLOT}/?comp=rollback"), &forced).expect(202);
    harness.settle();
    assert_eq!(harness.get(BY_NAME).texts("InstanceSize"), ["Small", "Small"]);
    assert_eq!(harness.instances()[0].wipes, 2);
}

#[test]
fn force_is_not_required_without_data_loss() {
    let mut harness = Harness::with_deployment(WEB);
    upgrade_to(&mut harness, "Auto", "roleSize=Small", false).expect(202);
    harness.settle();
    assert_eq!(harness.versions(), [2, 2]);
}

#[test]
fn larger_local_storage_cannot_be_rolled_back() {
    let mut harness = Harness::with_deployment(WEB);
    upgrade_to(&mut harness, "Manual", "localStorage=100", false).expect(202);
    harness.settle();
    harness.walk(0).expect(202);
    harness.settle();
    assert_eq!(harness.get(BY_NAME).text("RollbackAllowed"), "false");
    assert_eq!(harness.roll_back("Auto").code(), "400 BadRequest");
    for domain in 1..5 {
        harness.walk(domain).expect(202);
        harness.settle();
    }
    let refused = upgrade_to(&mut harness, "Auto", "localStorage=99", true);
    assert_eq!(refused.code(), "400 BadRequest");
    upgrade_to(&mut harness, "Manual", "localStorage=100", true).expect(202);
    harness.settle();
    assert_eq!(harness.get(BY_NAME).text("RollbackAllowed"), "true");
}

#[test]
fn single_role_upgrade_changes_only_its_size() {
    let both = &[("Web", 1), ("Batch", 1)];
    let mut harness = Harness::with_deployment(both);
    let body = upgrade("Auto", "two", both)
        .replace("2.cspkg", "2.cspkg?roleSize=Large&amp;localStorage=9")
        .replace("<Force>", "<RoleToUpgrade>Batch</RoleToUpgrade><Force>");
    harness.post(&format!("{BY_NAME}/?comp=upgrade"), &body).expect(202);
    harness.settle();
    assert_eq!(harness.get(BY_NAME).texts("InstanceSize"), ["Small", "Large"]);

    // A change of the configuration leaves both as they are.
    harness.change("Manual", both).expect(202);
    harness.settle();
    assert_eq!(harness.get(BY_NAME).text("RollbackAllowed"), "true");
    harness.roll_back("Auto").expect(202);
    harness.settle();
    // The other role never had that storage.
    let body = body.replace("localStorage=9", "localStorage=0").replace("Batch<", "Web<");
    let body = body.replace("<Force>true", "<Force>false");
    let accepted = harness.post(&format!("{BY_NAME}/?comp=upgrade"), &body).expect(202);
    failure(&mut harness, &accepted);
}

#[test]
fn warnings_as_errors_fail_operation() {
    let warning = "p?warning=The%20SDK%20is%20old&amp;warning=b";
    let strict = |body: String| {
        let flag = "<TreatWarningsAsError>true</TreatWarningsAsError>";
        body.replace("</Configuration><Mode>", &format!("</Configuration>{flag}<Mode>"))
            .replace("<Force>", &format!("{flag}<Force>"))
            .replace("</StartDeployment>", &format!("</StartDeployment>{flag}"))
    };
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let create = create_deployment("first", "one", WEB, true).replace("1.cspkg", warning);
    let accepted = harness.post(BY_SLOT, &strict(create.clone())).expect(202);
    assert_eq!(harness.summary(), "Deploying locked []");
    harness.advance(9);
    assert_eq!(harness.operation(&accepted.id()), "InProgress");
    assert!(failure(&mut harness, &accepted).contains("warnings"));
    let status = harness.get(&format!("/operations/{}", accepted.id()));
    assert_eq!(status.texts("WarningMessage"), ["The SDK is old", "b"]);
    assert_eq!(status.texts_in("ConfigurationWarning", "WarningCode"), ["PackageWarning"; 2]);
    assert_eq!(harness.get(BY_SLOT).message(), "No deployments were found.");

    harness.post(BY_SLOT, &create).expect(202);
    harness.settle();
    let accepted =
        harness.post(&format!("{BY_NAME}/?comp=config"), &strict(change("Auto", WEB))).expect(202);
    failure(&mut harness, &accepted);
    harness.change("Auto", WEB).expect(202);
    harness.settle();
    let body = strict(upgrade("Auto", "two", WEB));
    let accepted = harness
        .post(&format!("{BY_NAME}/?comp=upgrade"), &body.replace("2.cspkg", warning))
        .expect(202);
    failure(&mut harness, &accepted);
    assert_eq!(harness.versions(), [2, 2]);
    harness.post(&format!("{BY_NAME}/?comp=upgrade"), &body).expect(202);
    harness.settle();
    harness.post(&format!("{BY_NAME}/?comp=config"), &strict(change("Auto", WEB))).expect(202);
    harness.settle();
    assert_eq!(harness.versions(), [4, 4]);
}

#[test]
fn failed_update_does_not_affect_update_in_progress() {
    let mut harness = Harness::with_deployment(WEB);
    harness.upgrade("Manual", "two", WEB).expect(202);
    harness.settle();
    harness.walk(0).expect(202);
    harness.settle();
    let accepted = upgrade_to(&mut harness, "Auto", "roleSize=Medium", false).expect(202);
    assert!(
        harness.summary().contains("locked Manual Before 1")
            || harness.summary().contains("locked rollback Manual Before 1")
    );
    failure(&mut harness, &accepted);
    assert!(harness.summary().contains("rollback Manual Before 1"), "{}", harness.summary());
    harness.walk(1).expect(202);
}
