//! Updates that change what there is: counts, roles, one role alone; and one update after another.

use azure_classic_emulator::Takes;

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, base64, create_deployment, create_service, cscfg, root, unbase64,
};

const WEB: &[(&str, u32)] = &[("Web", 3)];

#[test]
fn instances_come_and_go_with_their_domain() {
    let mut bench = Bench::running(&[("Web", 2)]);
    bench.change("Manual", &[("Web", 4)]).expect(202);
    bench.pass(10);
    assert_eq!(bench.instances().len(), 2);
    for (domain, count) in [(0, 2), (1, 2), (2, 3), (3, 4), (4, 4)] {
        let is_behind = domain < 4;
        assert_eq!(bench.board().contains("rollback"), is_behind, "{}", bench.board());
        bench.walk(domain).expect(202);
        assert_eq!(bench.instances().len(), count);
        bench.settle();
    }
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole ReadyRole ReadyRole]");

    bench.change("Auto", &[("Web", 1)]).expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole]");
    assert_eq!(bench.versions(), [3]);
}

#[test]
fn an_instance_that_is_leaving_goes_on_leaving_when_it_is_not_wanted_again() {
    let mut bench = Bench::running(WEB);
    bench.change("Simultaneous", &[("Web", 2)]).expect(202);
    bench.pass(15);
    assert!(bench.board().ends_with("[StoppingRole StoppingRole StoppingRole]"));
    bench.change("Simultaneous", &[("Web", 1)]).expect(202);
    bench.pass(15);
    // The first has just begun again, the second has just begun to leave, the third was under way.
    assert!(bench.board().ends_with("[StoppingRole StoppingRole StoppingVM]"), "{}", bench.board());
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole]");
}

#[test]
fn an_upgrade_may_add_or_remove_roles_but_not_rename_them() {
    let mut bench = Bench::running(WEB);
    bench.upgrade("Auto", "two", &[("Web", 1), ("Batch", 1)]).expect(202);
    bench.settle();
    let roles = |bench: &mut Bench| bench.get(BY_NAME).all("InstanceName");
    assert_eq!(roles(&mut bench), ["Web_IN_0", "Batch_IN_0"]);

    let renamed = bench.upgrade("Auto", "three", &[("Web", 1), ("Jobs", 1)]);
    assert_eq!(renamed.code(), "400 BadRequest");
    assert_eq!(bench.change("Auto", &[("Web", 1)]).code(), "400 BadRequest");

    bench.upgrade("Auto", "three", &[("Batch", 1)]).expect(202);
    bench.settle();
    assert_eq!(roles(&mut bench), ["Batch_IN_0"]);
    assert_eq!(bench.get(BY_NAME).all("OsVersion").len(), 1);
    assert_eq!(bench.board(), "Running [ReadyRole]");
}

#[test]
fn a_role_that_is_removed_leaves_nothing_behind() {
    let both = &[("Web", 1), ("Batch", 1)];
    let mut bench = Bench::with(|settings| {
        settings.pace.machine = Takes::seconds(1000);
        settings.pace.patience = Takes::seconds(15);
    });
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    bench.post(BY_SLOT, &create_deployment("first", "one", both, true)).expect(202);
    bench.settle();

    bench.upgrade("Manual", "two", &[("Web", 1)]).expect(202);
    bench.pass(10);
    bench.walk(0).expect(202);
    bench.pass(15);
    for domain in 1..5 {
        bench.walk(domain).expect(202);
    }
    // The other instance was given up while its machine stopped.
    assert_eq!(bench.board(), "Running [CreatingRole]");

    bench.upgrade("Manual", "three", both).expect(202);
    bench.pass(10);
    bench.walk(0).expect(202);
    bench.pass(999);
    assert!(bench.board().ends_with(" CreatingVM]"), "{}", bench.board());
    bench.pass(1);
    assert!(bench.board().ends_with(" StartingVM]"), "{}", bench.board());
}

#[test]
fn one_role_alone_can_be_upgraded() {
    let roles = &[("Web", 1), ("Batch", 1)];
    let mut bench = Bench::running(roles);
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
    assert_eq!(bench.post(&path, &body("Jobs")).code(), "400 BadRequest");
    assert_eq!(bench.post(&path, &body("")).code(), "400 BadRequest");
    bench.post(&path, &body("Batch")).expect(202);
    bench.settle();
    assert_eq!(bench.versions(), [1, 2]);

    bench.change("Auto", roles).expect(202);
    bench.pass(15);
    assert_eq!(bench.board().split_once('[').unwrap().1, "StoppingRole StoppingRole]");
    bench.pass(10);
    assert_eq!(bench.board().split_once('[').unwrap().1, "StartingRole StartingRole]");
    bench.settle();
    assert_eq!(bench.versions(), [3, 3]);
}

#[test]
fn an_update_waits_only_for_instances_that_it_changes() {
    let roles = &[("Web", 1), ("Batch", 1)];
    let mut bench = Bench::new();
    bench.stick("Web_IN_0");
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    bench.post(BY_SLOT, &create_deployment("first", "one", roles, true)).expect(202);
    bench.settle();
    let body = root(
        "UpgradeDeployment",
        &format!(
            "<Mode>Manual</Mode><PackageUrl>http://contoso.example.net/p</PackageUrl><Configuration>{}</Configuration>\
             <Label>{}</Label><RoleToUpgrade>Batch</RoleToUpgrade>",
            base64(&cscfg(roles)),
            base64("two")
        ),
    );
    bench.post(&format!("{BY_NAME}/?comp=upgrade"), &body).expect(202);
    bench.pass(10);
    let walk = bench.walk(0).expect(202);
    bench.pass(40);
    assert_eq!(bench.operation(&walk.id()), "Succeeded 200");
    assert_eq!(bench.board(), "RunningTransitioning Manual Before 1 [RestartingRole ReadyRole]");
}

#[test]
fn a_second_update_replaces_the_first() {
    let mut bench = Bench::running(WEB);
    bench.stick_on("Web_IN_1", "two");
    bench.upgrade("Manual", "two", WEB).expect(202);
    bench.pass(10);
    bench.walk(0).expect(202);
    bench.settle();
    let stuck = bench.walk(1).expect(202);
    bench.pass(60);

    let second = bench.upgrade("Auto", "three", WEB).expect(202);
    assert_eq!(bench.operation(&stuck.id()), "Failed 409 ConflictError");
    let status = bench.get(&format!("/operations/{}", stuck.id())).message();
    assert!(status.contains(&second.id()), "{status}");
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole ReadyRole]");
    assert_eq!(bench.versions(), [3, 3, 3]);
}

#[test]
fn a_configuration_change_in_the_middle_of_an_upgrade_leads_back_to_the_old_package() {
    let mut bench = Bench::running(WEB);
    bench.upgrade("Manual", "two", WEB).expect(202);
    bench.pass(10);
    bench.walk(0).expect(202);
    bench.settle();
    bench.change("Simultaneous", WEB).expect(202);
    bench.pass(25);
    assert!(
        bench.board().ends_with("[CreatingRole StartingRole StartingRole]"),
        "{}",
        bench.board()
    );
    bench.settle();
    assert_eq!(unbase64(&bench.get(BY_NAME).text("Label")), "one");
    assert_eq!(bench.versions(), [3, 3, 3]);
}

#[test]
fn a_second_automatic_update_begins_while_instances_of_the_first_are_still_down() {
    let mut bench = Bench::running(WEB);
    bench.upgrade("Auto", "two", WEB).expect(202);
    bench.pass(60);
    assert!(bench.board().ends_with("During 1 [ReadyRole StoppingRole ReadyRole]"));
    bench.upgrade("Auto", "three", WEB).expect(202);
    bench.pass(15);
    assert!(
        bench.board().ends_with("During 0 [StoppingRole CreatingRole ReadyRole]"),
        "{}",
        bench.board()
    );
    bench.settle();
    assert_eq!(bench.versions(), [3, 3, 3]);
}

#[test]
fn a_suspended_deployment_is_updated_standing() {
    let mut bench = Bench::new();
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    bench.post(BY_SLOT, &create_deployment("first", "one", WEB, false)).expect(202);
    bench.settle();
    bench.upgrade("Simultaneous", "two", &[("Web", 2)]).expect(202);
    bench.pass(15);
    assert_eq!(
        bench.board(),
        "SuspendedTransitioning rollback Simultaneous During 0 [StoppedVM StoppedVM DeletingVM]"
    );
    bench.settle();
    assert_eq!(bench.board(), "Suspended [StoppedVM StoppedVM]");
    bench.change("Auto", WEB).expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Suspended [StoppedVM StoppedVM StoppedVM]");
    assert_eq!(bench.versions(), [3, 3, 3]);
}

#[test]
fn while_an_operation_holds_the_deployment_others_are_refused_by_its_id() {
    let mut bench = Bench::running(WEB);
    let holder = bench.upgrade("Manual", "two", WEB).expect(202).id();
    let words = format!(
        "Windows Azure is currently performing an operation with x-ms-requestid {holder} on this \
         deployment that requires exclusive access."
    );
    for refused in [
        bench.upgrade("Auto", "three", WEB),
        bench.change("Auto", WEB),
        bench.walk(0),
        bench.roll_back("Auto"),
        bench.delete(BY_NAME),
    ] {
        assert_eq!(refused.code(), "409 ConflictError");
        assert_eq!(refused.message(), words);
    }
    bench.pass(10);
    bench.delete(BY_NAME).expect(202);
}
