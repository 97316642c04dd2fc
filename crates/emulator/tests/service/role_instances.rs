//! Single role instances: reboot, reimage, rebuild, delete.

use crate::harness::{BY_NAME, BY_SLOT, Harness, TestResponse, cscfg, decode_base64, root};

const WEB: &[(&str, u32)] = &[("Web", 3), ("Batch", 1)];

fn act_on_instance(harness: &mut Harness, instance: &str, query: &str) -> TestResponse {
    harness.post(&format!("{BY_NAME}/roleinstances/{instance}?comp={query}"), "")
}

fn delete(harness: &mut Harness, names: &[&str]) -> TestResponse {
    let names = match names {
        [] => String::new(),
        names => format!("<Name>{}</Name>", names.join("</Name><Name>")),
    };
    harness.post(&format!("{BY_SLOT}/roleinstances/?comp=delete"), &root("RoleInstances", &names))
}

/// The states of the first instance from now on, every ten seconds.
fn state_sequence(harness: &mut Harness) -> Vec<String> {
    let mut seen = Vec::new();
    while seen.last().is_none_or(|status| status != "ReadyRole") && seen.len() < 20 {
        seen.push(harness.get(BY_NAME).text("InstanceStatus"));
        harness.advance(10);
    }
    seen
}

#[test]
fn instance_actions_restart_instance() {
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
        let mut harness = Harness::with_deployment(WEB);
        let accepted = act_on_instance(&mut harness, "web_in_0", query).expect(202);
        assert_eq!(accepted.body(), "");
        assert_eq!(harness.operation(&accepted.id()), "InProgress");
        assert_eq!(
            harness.summary(),
            "Running locked [StoppingRole ReadyRole ReadyRole ReadyRole]",
            "{query}"
        );
        assert_eq!(state_sequence(&mut harness), journey, "{query}");
        assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
        let instance = &harness.instances()[0];
        assert_eq!((instance.installs, instance.wipes), (installs, wipes), "{query}");
        assert_eq!(harness.versions(), [1; 4]);
        assert_eq!((harness.instances()[1].installs, harness.instances()[1].wipes), (0, 0));
    }
}

#[test]
fn operation_locks_deployment_and_ends_before_instance_is_ready() {
    let mut harness = Harness::with_deployment(WEB);
    let accepted = act_on_instance(&mut harness, "Web_IN_0", "reboot").expect(202);
    let refused = act_on_instance(&mut harness, "Web_IN_1", "reboot");
    assert_eq!(refused.code(), "409 ConflictError");
    assert!(refused.message().contains(&accepted.id()), "{}", refused.message());
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
    act_on_instance(&mut harness, "Web_IN_1", "reboot").expect(202);
    harness.advance(10);
    assert_eq!(harness.summary(), "Running [StartingVM StoppingVM ReadyRole ReadyRole]");
}

#[test]
fn unknown_instance_is_not_found() {
    let mut harness = Harness::with_deployment(WEB);
    for name in ["Web_IN_3", "Web_IN_00", "Jobs_IN_0", "Web", "Web_IN_", "Web_IN_99999999999"] {
        for query in ["reboot", "reimage", "rebuild&resources=allLocalDrives"] {
            let refused = act_on_instance(&mut harness, name, query);
            assert_eq!(refused.code(), "404 ResourceNotFound", "{name} {query}");
            assert!(refused.message().contains(name), "{}", refused.message());
        }
        assert_eq!(delete(&mut harness, &["Web_IN_0", name]).code(), "404 ResourceNotFound");
    }
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole ReadyRole ReadyRole]");
}

#[test]
fn rebuild_requires_resources_parameter() {
    let mut harness = Harness::with_deployment(WEB);
    for query in ["rebuild", "rebuild&resources=", "rebuild&resources=someDrives"] {
        assert_eq!(
            act_on_instance(&mut harness, "Web_IN_0", query).code(),
            "400 MissingOrInvalidRequiredQueryParameter",
            "{query}"
        );
    }
    assert_eq!(
        harness.post(&format!("{BY_NAME}/roleinstances/Web_IN_0"), "").code(),
        "400 MissingOrInvalidRequiredQueryParameter"
    );
}

#[test]
fn operations_require_documented_versions() {
    let mut harness = Harness::with_deployment(WEB);
    for (version, query, status) in [
        ("2010-04-01", "reboot", 400),
        ("2010-10-28", "reimage", 202),
        ("2013-03-01", "rebuild&resources=allLocalDrives", 400),
        ("2013-06-01", "rebuild&resources=allLocalDrives", 202),
    ] {
        harness.version = version;
        act_on_instance(&mut harness, "Web_IN_0", query).expect(status);
        harness.settle();
    }
    assert_eq!(delete(&mut harness, &["Web_IN_0"]).code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn instance_of_suspended_deployment_stays_stopped() {
    let mut harness = Harness::with_deployment(&[("Web", 1)]);
    harness.set_status("Suspended").expect(202);
    harness.settle();
    act_on_instance(&mut harness, "Web_IN_0", "reimage").expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Suspended [StoppedVM]");
    assert_eq!(harness.instances()[0].installs, 1);
}

#[test]
fn reboot_delays_domain_in_progress() {
    let mut harness = Harness::with_deployment(WEB);
    harness.upgrade("Manual", "two", WEB).expect(202);
    harness.settle();
    let walk = harness.walk(0).expect(202);
    harness.advance(25);
    act_on_instance(&mut harness, "Web_IN_0", "reboot").expect(202);
    harness.advance(49);
    assert_eq!(harness.operation(&walk.id()), "InProgress");
    harness.advance(1);
    assert_eq!(harness.operation(&walk.id()), "Succeeded 200");
    assert_eq!(harness.versions(), [2, 1, 1, 2]);
}

#[test]
fn reboot_does_not_start_blocked_instance() {
    let mut harness = Harness::with_deployment(&[("Web", 1)]);
    harness.block_start("Web_IN_0");
    act_on_instance(&mut harness, "Web_IN_0", "reboot").expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Running [RestartingRole]");
    harness.unblock_start("Web_IN_0");
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole]");
}

#[test]
fn deletes_named_instances_and_keeps_other_names() {
    let mut harness = Harness::with_deployment(&[("Web", 4), ("Batch", 1)]);
    let accepted = delete(&mut harness, &["Web_IN_1", "web_in_2", "Web_IN_1"]).expect(202);
    assert_eq!(
        harness.summary(),
        "Running locked [ReadyRole DeletingVM DeletingVM ReadyRole ReadyRole]"
    );
    harness.advance(9);
    assert_eq!(harness.operation(&accepted.id()), "InProgress");
    harness.advance(1);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
    let reply = harness.get(BY_NAME);
    assert_eq!(reply.texts("InstanceName"), ["Web_IN_0", "Web_IN_3", "Batch_IN_0"]);
    assert_eq!(reply.texts("InstanceUpgradeDomain"), ["0", "3", "0"]);
    assert_eq!(decode_base64(&reply.text("Configuration")), cscfg(&[("Web", 2), ("Batch", 1)]));
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole ReadyRole]");
    assert_eq!(harness.versions(), [1; 3]);
    assert_eq!(harness.simulator.next_event(), None);
}

#[test]
fn scaling_out_fills_gaps_and_scaling_in_removes_last() {
    let mut harness = Harness::with_deployment(&[("Web", 4)]);
    delete(&mut harness, &["Web_IN_0", "Web_IN_2"]).expect(202);
    harness.settle();
    for (count, names) in [
        (3, vec!["Web_IN_0", "Web_IN_1", "Web_IN_3"]),
        (5, vec!["Web_IN_0", "Web_IN_1", "Web_IN_2", "Web_IN_3", "Web_IN_4"]),
    ] {
        harness.change("Auto", &[("Web", count)]).expect(202);
        harness.settle();
        assert_eq!(harness.get(BY_NAME).texts("InstanceName"), names);
        assert!(harness.summary().starts_with("Running [Ready"), "{}", harness.summary());
    }
    delete(&mut harness, &["Web_IN_1"]).expect(202);
    harness.settle();
    harness.change("Auto", &[("Web", 2)]).expect(202);
    harness.settle();
    assert_eq!(harness.get(BY_NAME).texts("InstanceName"), ["Web_IN_0", "Web_IN_2"]);
}

#[test]
fn rejects_deletion_of_last_instance() {
    let mut harness = Harness::with_deployment(WEB);
    for names in [vec!["Batch_IN_0"], vec!["Web_IN_0", "Web_IN_1", "Web_IN_2"]] {
        let refused = delete(&mut harness, &names);
        assert_eq!(refused.code(), "400 BadRequest", "{names:?}");
        assert!(refused.message().contains("last instance"), "{}", refused.message());
    }
    assert_eq!(delete(&mut harness, &[]).code(), "400 BadRequest");
    let path = format!("{BY_NAME}/roleinstances?comp=delete");
    assert_eq!(harness.post(&path, &root("Names", "")).code(), "400 InvalidXmlRequest");
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole ReadyRole ReadyRole]");
}

#[test]
fn deletes_instance_that_update_waits_for() {
    let mut harness = Harness::with_deployment(&[("Web", 3)]);
    harness.upgrade("Manual", "two", &[("Web", 4)]).expect(202);
    harness.settle();
    let walk = harness.walk(0).expect(202);
    harness.advance(5);
    delete(&mut harness, &["Web_IN_0"]).expect(202);
    harness.advance(10);
    assert_eq!(harness.operation(&walk.id()), "Succeeded 200");
    let counts = |harness: &mut Harness| decode_base64(&harness.get(BY_NAME).text("Configuration"));
    assert_eq!(counts(&mut harness), cscfg(&[("Web", 3)]));
    harness.walk(1).expect(202);
    harness.settle();

    // The way back leads to what was there, without the instance that was deleted.
    harness.roll_back("Auto").expect(202);
    harness.settle();
    assert_eq!(counts(&mut harness), cscfg(&[("Web", 2)]));
    assert_eq!(harness.get(BY_NAME).texts("InstanceName"), ["Web_IN_1", "Web_IN_2"]);
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
    assert_eq!(harness.versions(), [1, 1]);
}

#[test]
fn deletes_instance_before_update_reaches_it() {
    let mut harness = Harness::with_deployment(&[("Web", 2)]);
    harness.upgrade("Auto", "two", &[("Web", 2)]).expect(202);
    harness.advance(12);
    delete(&mut harness, &["Web_IN_0"]).expect(202);
    harness.advance(5);
    // The domain is in work and has nothing but the instance that goes.
    assert!(
        harness.summary().contains("Auto During 0 [DeletingVM ReadyRole]"),
        "{}",
        harness.summary()
    );
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole]");
    assert_eq!(harness.versions(), [2]);
}
