//! Single role instances: reboot, reimage, rebuild, delete.

use crate::bench::{BY_NAME, BY_SLOT, Bench, Reply, cscfg, root, unbase64};

const WEB: &[(&str, u32)] = &[("Web", 3), ("Batch", 1)];

fn act(bench: &mut Bench, instance: &str, query: &str) -> Reply {
    bench.post(&format!("{BY_NAME}/roleinstances/{instance}?comp={query}"), "")
}

fn delete(bench: &mut Bench, names: &[&str]) -> Reply {
    let names = match names {
        [] => String::new(),
        names => format!("<Name>{}</Name>", names.join("</Name><Name>")),
    };
    bench.post(&format!("{BY_SLOT}/roleinstances/?comp=delete"), &root("RoleInstances", &names))
}

/// The states of the first instance from now on, every ten seconds.
fn states(bench: &mut Bench) -> Vec<String> {
    let mut seen = Vec::new();
    while seen.last().is_none_or(|status| status != "ReadyRole") && seen.len() < 20 {
        seen.push(bench.get(BY_NAME).text("InstanceStatus"));
        bench.pass(10);
    }
    seen
}

#[test]
fn an_instance_goes_offline_and_comes_back() {
    let reboot =
        ["StoppingRole", "StoppingVM", "StartingVM", "StartingRole", "BusyRole", "ReadyRole"];
    let reimage = [
        "StoppingRole",
        "StoppingVM",
        "CreatingVM",
        "StartingVM",
        "CreatingRole",
        "StartingRole",
        "BusyRole",
        "ReadyRole",
    ];
    for (query, journey, installs, wipes) in [
        ("reboot", reboot.as_slice(), 0, 0),
        ("reimage", &reimage, 1, 0),
        ("rebuild&resources=allLocalDrives", &reimage, 1, 1),
    ] {
        let mut bench = Bench::running(WEB);
        let accepted = act(&mut bench, "web_in_0", query).expect(202);
        assert_eq!(accepted.body(), "");
        assert_eq!(bench.operation(&accepted.id()), "InProgress");
        assert_eq!(
            bench.board(),
            "Running locked [StoppingRole ReadyRole ReadyRole ReadyRole]",
            "{query}"
        );
        assert_eq!(states(&mut bench), journey, "{query}");
        assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
        let instance = &bench.instances()[0];
        assert_eq!((instance.installs, instance.wipes), (installs, wipes), "{query}");
        assert_eq!(bench.versions(), [1; 4]);
        assert_eq!((bench.instances()[1].installs, bench.instances()[1].wipes), (0, 0));
    }
}

#[test]
fn the_operation_holds_the_deployment_and_ends_before_the_instance_is_back() {
    let mut bench = Bench::running(WEB);
    let accepted = act(&mut bench, "Web_IN_0", "reboot").expect(202);
    let refused = act(&mut bench, "Web_IN_1", "reboot");
    assert_eq!(refused.code(), "409 ConflictError");
    assert!(refused.message().contains(&accepted.id()), "{}", refused.message());
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
    act(&mut bench, "Web_IN_1", "reboot").expect(202);
    bench.pass(10);
    assert_eq!(bench.board(), "Running [StartingVM StoppingVM ReadyRole ReadyRole]");
}

#[test]
fn an_unknown_instance_is_not_found() {
    let mut bench = Bench::running(WEB);
    for name in ["Web_IN_3", "Web_IN_00", "Jobs_IN_0", "Web", "Web_IN_", "Web_IN_99999999999"] {
        for query in ["reboot", "reimage", "rebuild&resources=allLocalDrives"] {
            let refused = act(&mut bench, name, query);
            assert_eq!(refused.code(), "404 ResourceNotFound", "{name} {query}");
            assert!(refused.message().contains(name), "{}", refused.message());
        }
        assert_eq!(delete(&mut bench, &["Web_IN_0", name]).code(), "404 ResourceNotFound");
    }
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole ReadyRole ReadyRole]");
}

#[test]
fn a_rebuild_says_what_is_rebuilt() {
    let mut bench = Bench::running(WEB);
    for query in ["rebuild", "rebuild&resources=", "rebuild&resources=someDrives"] {
        assert_eq!(
            act(&mut bench, "Web_IN_0", query).code(),
            "400 MissingOrInvalidRequiredQueryParameter",
            "{query}"
        );
    }
    assert_eq!(
        bench.post(&format!("{BY_NAME}/roleinstances/Web_IN_0"), "").code(),
        "400 MissingOrInvalidRequiredQueryParameter"
    );
}

#[test]
fn operations_are_as_young_as_their_pages_say() {
    let mut bench = Bench::running(WEB);
    for (version, query, status) in [
        ("2010-04-01", "reboot", 400),
        ("2010-10-28", "reimage", 202),
        ("2013-03-01", "rebuild&resources=allLocalDrives", 400),
        ("2013-06-01", "rebuild&resources=allLocalDrives", 202),
    ] {
        bench.version = version;
        act(&mut bench, "Web_IN_0", query).expect(status);
        bench.settle();
    }
    assert_eq!(delete(&mut bench, &["Web_IN_0"]).code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn an_instance_of_a_suspended_deployment_stays_stopped() {
    let mut bench = Bench::running(&[("Web", 1)]);
    bench.set_status("Suspended").expect(202);
    bench.settle();
    act(&mut bench, "Web_IN_0", "reimage").expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Suspended [StoppedVM]");
    assert_eq!(bench.instances()[0].installs, 1);
}

#[test]
fn a_reboot_in_the_middle_of_a_domain_delays_it() {
    let mut bench = Bench::running(WEB);
    bench.upgrade("Manual", "two", WEB).expect(202);
    bench.settle();
    let walk = bench.walk(0).expect(202);
    bench.pass(25);
    act(&mut bench, "Web_IN_0", "reboot").expect(202);
    bench.pass(49);
    assert_eq!(bench.operation(&walk.id()), "InProgress");
    bench.pass(1);
    assert_eq!(bench.operation(&walk.id()), "Succeeded 200");
    assert_eq!(bench.versions(), [2, 1, 1, 2]);
}

#[test]
fn a_reboot_does_not_help_an_instance_that_never_starts() {
    let mut bench = Bench::running(&[("Web", 1)]);
    bench.stick("Web_IN_0");
    act(&mut bench, "Web_IN_0", "reboot").expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Running [RestartingRole]");
    bench.unstick("Web_IN_0");
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole]");
}

#[test]
fn named_instances_vanish_and_the_others_keep_their_names() {
    let mut bench = Bench::running(&[("Web", 4), ("Batch", 1)]);
    let accepted = delete(&mut bench, &["Web_IN_1", "web_in_2", "Web_IN_1"]).expect(202);
    assert_eq!(
        bench.board(),
        "Running locked [ReadyRole DeletingVM DeletingVM ReadyRole ReadyRole]"
    );
    bench.pass(9);
    assert_eq!(bench.operation(&accepted.id()), "InProgress");
    bench.pass(1);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
    let reply = bench.get(BY_NAME);
    assert_eq!(reply.all("InstanceName"), ["Web_IN_0", "Web_IN_3", "Batch_IN_0"]);
    assert_eq!(reply.all("InstanceUpgradeDomain"), ["0", "3", "0"]);
    assert_eq!(unbase64(&reply.text("Configuration")), cscfg(&[("Web", 2), ("Batch", 1)]));
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole ReadyRole]");
    assert_eq!(bench.versions(), [1; 3]);
    assert_eq!(bench.cloud.next_event(), None);
}

#[test]
fn more_instances_fill_the_gaps_first_and_of_fewer_the_last_go() {
    let mut bench = Bench::running(&[("Web", 4)]);
    delete(&mut bench, &["Web_IN_0", "Web_IN_2"]).expect(202);
    bench.settle();
    for (count, names) in [
        (3, vec!["Web_IN_0", "Web_IN_1", "Web_IN_3"]),
        (5, vec!["Web_IN_0", "Web_IN_1", "Web_IN_2", "Web_IN_3", "Web_IN_4"]),
    ] {
        bench.change("Auto", &[("Web", count)]).expect(202);
        bench.settle();
        assert_eq!(bench.get(BY_NAME).all("InstanceName"), names);
        assert!(bench.board().starts_with("Running [Ready"), "{}", bench.board());
    }
    delete(&mut bench, &["Web_IN_1"]).expect(202);
    bench.settle();
    bench.change("Auto", &[("Web", 2)]).expect(202);
    bench.settle();
    assert_eq!(bench.get(BY_NAME).all("InstanceName"), ["Web_IN_0", "Web_IN_2"]);
}

#[test]
fn the_last_instance_of_a_role_stays() {
    let mut bench = Bench::running(WEB);
    for names in [vec!["Batch_IN_0"], vec!["Web_IN_0", "Web_IN_1", "Web_IN_2"]] {
        let refused = delete(&mut bench, &names);
        assert_eq!(refused.code(), "400 BadRequest", "{names:?}");
        assert!(refused.message().contains("last instance"), "{}", refused.message());
    }
    assert_eq!(delete(&mut bench, &[]).code(), "400 BadRequest");
    let path = format!("{BY_NAME}/roleinstances?comp=delete");
    assert_eq!(bench.post(&path, &root("Names", "")).code(), "400 InvalidXmlRequest");
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole ReadyRole ReadyRole]");
}

#[test]
fn an_instance_can_be_deleted_while_an_update_waits_for_it() {
    let mut bench = Bench::running(&[("Web", 3)]);
    bench.upgrade("Manual", "two", &[("Web", 4)]).expect(202);
    bench.settle();
    let walk = bench.walk(0).expect(202);
    bench.pass(5);
    delete(&mut bench, &["Web_IN_0"]).expect(202);
    bench.pass(10);
    assert_eq!(bench.operation(&walk.id()), "Succeeded 200");
    let counts = |bench: &mut Bench| unbase64(&bench.get(BY_NAME).text("Configuration"));
    assert_eq!(counts(&mut bench), cscfg(&[("Web", 3)]));
    bench.walk(1).expect(202);
    bench.settle();

    // The way back leads to what was there, without the instance that was deleted.
    bench.roll_back("Auto").expect(202);
    bench.settle();
    assert_eq!(counts(&mut bench), cscfg(&[("Web", 2)]));
    assert_eq!(bench.get(BY_NAME).all("InstanceName"), ["Web_IN_1", "Web_IN_2"]);
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
    assert_eq!(bench.versions(), [1, 1]);
}

#[test]
fn an_instance_that_the_update_would_reach_can_be_deleted_before() {
    let mut bench = Bench::running(&[("Web", 2)]);
    bench.upgrade("Auto", "two", &[("Web", 2)]).expect(202);
    bench.pass(12);
    delete(&mut bench, &["Web_IN_0"]).expect(202);
    bench.pass(5);
    // The domain is in work and has nothing but the instance that goes.
    assert!(bench.board().contains("Auto During 0 [DeletingVM ReadyRole]"), "{}", bench.board());
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole]");
    assert_eq!(bench.versions(), [2]);
}
