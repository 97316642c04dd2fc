//! Updates that change what there is: counts, roles, one role alone; and one update after another.

use azure_classic_emulator::Delay;

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, base64, create_deployment, create_service, cscfg, decode_base64,
    root,
};

const WEB: &[(&str, u32)] = &[("Web", 3)];

#[test]
fn instances_are_added_and_removed_with_their_domain() {
    let mut harness = Harness::with_deployment(&[("Web", 2)]);
    harness.change("Manual", &[("Web", 4)]).expect(202);
    harness.advance(10);
    assert_eq!(harness.instances().len(), 2);
    for (domain, count) in [(0, 2), (1, 2), (2, 3), (3, 4), (4, 4)] {
        let is_behind = domain < 4;
        assert_eq!(harness.summary().contains("rollback"), is_behind, "{}", harness.summary());
        harness.walk(domain).expect(202);
        assert_eq!(harness.instances().len(), count);
        harness.settle();
    }
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole ReadyRole ReadyRole]");

    harness.change("Auto", &[("Web", 1)]).expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole]");
    assert_eq!(harness.versions(), [3]);
}

#[test]
fn instance_deletion_continues_across_updates() {
    let mut harness = Harness::with_deployment(WEB);
    harness.change("Simultaneous", &[("Web", 2)]).expect(202);
    harness.advance(15);
    assert!(harness.summary().ends_with("[StoppingRole StoppingRole StoppingRole]"));
    harness.change("Simultaneous", &[("Web", 1)]).expect(202);
    harness.advance(15);
    // The first has just begun again, the second has just begun to leave, the third was under way.
    assert!(
        harness.summary().ends_with("[StoppingRole StoppingRole StoppingVM]"),
        "{}",
        harness.summary()
    );
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole]");
}

#[test]
fn upgrade_adds_or_removes_roles_but_rejects_renames() {
    let mut harness = Harness::with_deployment(WEB);
    harness.upgrade("Auto", "two", &[("Web", 1), ("Batch", 1)]).expect(202);
    harness.settle();
    let roles = |harness: &mut Harness| harness.get(BY_NAME).texts("InstanceName");
    assert_eq!(roles(&mut harness), ["Web_IN_0", "Batch_IN_0"]);

    let renamed = harness.upgrade("Auto", "three", &[("Web", 1), ("Jobs", 1)]);
    assert_eq!(renamed.code(), "400 BadRequest");
    assert_eq!(harness.change("Auto", &[("Web", 1)]).code(), "400 BadRequest");

    harness.upgrade("Auto", "three", &[("Batch", 1)]).expect(202);
    harness.settle();
    assert_eq!(roles(&mut harness), ["Batch_IN_0"]);
    assert_eq!(harness.get(BY_NAME).texts("OsVersion").len(), 1);
    assert_eq!(harness.summary(), "Running [ReadyRole]");
}

#[test]
fn removed_role_leaves_no_instances() {
    let both = &[("Web", 1), ("Batch", 1)];
    let mut harness = Harness::with(|settings| {
        settings.timing.machine = Delay::seconds(1000);
        settings.timing.start_timeout = Delay::seconds(15);
    });
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness.post(BY_SLOT, &create_deployment("first", "one", both, true)).expect(202);
    harness.settle();

    harness.upgrade("Manual", "two", &[("Web", 1)]).expect(202);
    harness.advance(10);
    harness.walk(0).expect(202);
    harness.advance(15);
    for domain in 1..5 {
        harness.walk(domain).expect(202);
    }
    // The other instance was given up while its machine stopped.
    assert_eq!(harness.summary(), "Running [CreatingRole]");

    harness.upgrade("Manual", "three", both).expect(202);
    harness.advance(10);
    harness.walk(0).expect(202);
    harness.advance(999);
    assert!(harness.summary().ends_with(" CreatingVM]"), "{}", harness.summary());
    harness.advance(1);
    assert!(harness.summary().ends_with(" StartingVM]"), "{}", harness.summary());
}

#[test]
fn upgrades_single_role() {
    let roles = &[("Web", 1), ("Batch", 1)];
    let mut harness = Harness::with_deployment(roles);
    let body = |role: &str| {
        root(
            "UpgradeDeployment",
            &format!(
                "<Mode>Auto</Mode><PackageUrl>http://contoso.example.net/p</PackageUrl><Configuration>{}</Configuration>\
                 <Label>{}</Label><RoleToUpgrade>{role}</RoleToUpgrade>",
                base64(&cscfg(roles)),
                base64("two")
            ),
        )
    };
    let path = format!("{BY_NAME}/?comp=upgrade");
    assert_eq!(harness.post(&path, &body("Jobs")).code(), "400 BadRequest");
    assert_eq!(harness.post(&path, &body("")).code(), "400 BadRequest");
    harness.post(&path, &body("Batch")).expect(202);
    harness.settle();
    assert_eq!(harness.versions(), [1, 2]);

    harness.change("Auto", roles).expect(202);
    harness.advance(15);
    assert_eq!(harness.summary().split_once('[').unwrap().1, "StoppingRole StoppingRole]");
    harness.advance(10);
    assert_eq!(harness.summary().split_once('[').unwrap().1, "StartingRole StartingRole]");
    harness.settle();
    assert_eq!(harness.versions(), [3, 3]);
}

#[test]
fn update_waits_only_for_changed_instances() {
    let roles = &[("Web", 1), ("Batch", 1)];
    let mut harness = Harness::new();
    harness.block_start("Web_IN_0");
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness.post(BY_SLOT, &create_deployment("first", "one", roles, true)).expect(202);
    harness.settle();
    let body = root(
        "UpgradeDeployment",
        &format!(
            "<Mode>Manual</Mode><PackageUrl>http://contoso.example.net/p</PackageUrl><Configuration>{}</Configuration>\
             <Label>{}</Label><RoleToUpgrade>Batch</RoleToUpgrade>",
            base64(&cscfg(roles)),
            base64("two")
        ),
    );
    harness.post(&format!("{BY_NAME}/?comp=upgrade"), &body).expect(202);
    harness.advance(10);
    let walk = harness.walk(0).expect(202);
    harness.advance(40);
    assert_eq!(harness.operation(&walk.id()), "Succeeded 200");
    assert_eq!(
        harness.summary(),
        "RunningTransitioning Manual Before 1 [RestartingRole ReadyRole]"
    );
}

#[test]
fn second_update_replaces_first() {
    let mut harness = Harness::with_deployment(WEB);
    harness.block_start_of_label("Web_IN_1", "two");
    harness.upgrade("Manual", "two", WEB).expect(202);
    harness.advance(10);
    harness.walk(0).expect(202);
    harness.settle();
    let stuck = harness.walk(1).expect(202);
    harness.advance(60);

    let second = harness.upgrade("Auto", "three", WEB).expect(202);
    assert_eq!(harness.operation(&stuck.id()), "Failed 409 ConflictError");
    let status = harness.get(&format!("/operations/{}", stuck.id())).message();
    assert!(status.contains(&second.id()), "{status}");
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole ReadyRole]");
    assert_eq!(harness.versions(), [3, 3, 3]);
}

#[test]
fn configuration_change_during_upgrade_restores_old_package() {
    let mut harness = Harness::with_deployment(WEB);
    harness.upgrade("Manual", "two", WEB).expect(202);
    harness.advance(10);
    harness.walk(0).expect(202);
    harness.settle();
    harness.change("Simultaneous", WEB).expect(202);
    harness.advance(25);
    assert!(
        harness.summary().ends_with("[CreatingRole StartingRole StartingRole]"),
        "{}",
        harness.summary()
    );
    harness.settle();
    assert_eq!(decode_base64(&harness.get(BY_NAME).text("Label")), "one");
    assert_eq!(harness.versions(), [3, 3, 3]);
}

#[test]
fn second_automatic_update_starts_before_first_recovers() {
    let mut harness = Harness::with_deployment(WEB);
    harness.upgrade("Auto", "two", WEB).expect(202);
    harness.advance(60);
    assert!(harness.summary().ends_with("During 1 [ReadyRole StoppingRole ReadyRole]"));
    harness.upgrade("Auto", "three", WEB).expect(202);
    harness.advance(15);
    assert!(
        harness.summary().ends_with("During 0 [StoppingRole CreatingRole ReadyRole]"),
        "{}",
        harness.summary()
    );
    harness.settle();
    assert_eq!(harness.versions(), [3, 3, 3]);
}

#[test]
fn suspended_deployment_is_updated_while_stopped() {
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness.post(BY_SLOT, &create_deployment("first", "one", WEB, false)).expect(202);
    harness.settle();
    harness.upgrade("Simultaneous", "two", &[("Web", 2)]).expect(202);
    harness.advance(15);
    assert_eq!(
        harness.summary(),
        "SuspendedTransitioning rollback Simultaneous During 0 [StoppedVM StoppedVM DeletingVM]"
    );
    harness.settle();
    assert_eq!(harness.summary(), "Suspended [StoppedVM StoppedVM]");
    harness.change("Auto", WEB).expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Suspended [StoppedVM StoppedVM StoppedVM]");
    assert_eq!(harness.versions(), [3, 3, 3]);
}

#[test]
fn locked_deployment_rejects_operations_with_lock_holder_id() {
    let mut harness = Harness::with_deployment(WEB);
    let holder = harness.upgrade("Manual", "two", WEB).expect(202).id();
    let message = format!(
        "Windows Azure is currently performing an operation with x-ms-requestid {holder} on this \
         deployment that requires exclusive access."
    );
    for refused in [
        harness.upgrade("Auto", "three", WEB),
        harness.change("Auto", WEB),
        harness.walk(0),
        harness.roll_back("Auto"),
        harness.delete(BY_NAME),
    ] {
        assert_eq!(refused.code(), "409 ConflictError");
        assert_eq!(refused.message(), message);
    }
    harness.advance(10);
    harness.delete(BY_NAME).expect(202);
}
