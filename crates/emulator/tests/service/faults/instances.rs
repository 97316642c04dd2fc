//! Faults on role instances.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, FaultRule};

use crate::harness::{BY_NAME, BY_SLOT, Harness, create_deployment, create_service};

const WEB: &[(&str, u32)] = &[("Web", 2)];

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The rule about the first instance.
fn rule_for_first_instance(effect: Effect) -> FaultRule {
    FaultRule::new("fault", effect).instance("Web_IN_0")
}

/// A deployment that is created while the rule is there, just before its instances become ready.
fn starting_deployment(rule: FaultRule) -> Harness {
    let mut harness = Harness::new();
    harness.add_fault(rule);
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    harness.advance(59);
    assert_eq!(harness.summary(), "Running [BusyRole BusyRole]");
    harness
}

/// The states of the first instance, each with the second from which on it is in it.
fn state_changes(harness: &mut Harness, for_seconds: u64) -> String {
    let mut changes: Vec<String> = Vec::new();
    let mut last = String::new();
    let start = harness.seconds();
    for _ in 0..=for_seconds {
        let state = harness.get(BY_NAME).text("InstanceStatus");
        if state != last {
            changes.push(format!("{}:{state}", harness.seconds() - start));
            last = state;
        }
        harness.advance(1);
    }
    changes.join(" ")
}

#[test]
fn instance_fails_to_start() {
    for (effect, state, detail) in [
        (Effect::NeverStarts, "RestartingRole", "has not started"),
        (Effect::FailsToStart, "FailedStartingRole", "repeatedly failed to start"),
        (Effect::Unresponsive, "UnresponsiveRole", "not reported its status"),
    ] {
        let mut harness = starting_deployment(rule_for_first_instance(effect));
        assert_eq!(state_changes(&mut harness, 300), format!("0:BusyRole 1:{state}"));
        let reply = harness.get(BY_NAME);
        assert_eq!(reply.texts("InstanceStatus")[1], "ReadyRole");
        let details = reply.texts("InstanceStateDetails");
        assert!(details[0].contains(detail) && details[1].is_empty(), "{details:?}");
        let [code] = &reply.texts("InstanceErrorCode")[..] else { panic!("one has a code") };
        assert!(code.starts_with("0x"), "{code}");
        assert_eq!(reply.texts("PowerState"), ["Started", "Started"]);

        assert!(harness.simulator.remove_fault("fault"));
        assert_eq!(state_changes(&mut harness, 60), "0:StartingRole 10:BusyRole 20:ReadyRole");
    }
}

#[test]
fn instance_flaps() {
    let effect = Effect::Flaps { ready: seconds(60), down: seconds(30) };
    let mut harness = starting_deployment(rule_for_first_instance(effect));
    let once = "0:BusyRole 1:ReadyRole 61:RestartingRole 91:StartingRole 101:BusyRole";
    assert_eq!(
        state_changes(&mut harness, 180),
        format!("{once} 111:ReadyRole 171:RestartingRole")
    );
}

#[test]
fn instance_flaps_limited_times() {
    let effect = Effect::Flaps { ready: seconds(60), down: seconds(30) };
    let mut harness = starting_deployment(rule_for_first_instance(effect).times(1));
    let once = "0:BusyRole 1:ReadyRole 61:RestartingRole 91:StartingRole 101:BusyRole";
    assert_eq!(state_changes(&mut harness, 300), format!("{once} 111:ReadyRole"));
    assert_eq!(harness.simulator.next_event(), None);
}

#[test]
fn instance_recycles_and_old_versions_report_cycling() {
    let mut harness = starting_deployment(
        rule_for_first_instance(Effect::Recycles { down: seconds(30) }).times(2),
    );
    harness.version = "2014-02-01";
    assert_eq!(
        state_changes(&mut harness, 300),
        "0:BusyRole 1:CyclingRole 31:StartingRole 41:BusyRole 51:CyclingRole 81:StartingRole \
         91:BusyRole 101:ReadyRole"
    );

    let mut harness =
        starting_deployment(rule_for_first_instance(Effect::Recycles { down: seconds(30) }));
    harness.advance(1);
    for (version, status) in [("2014-02-01", "CyclingRole"), ("2014-04-01", "RestartingRole")] {
        harness.version = version;
        let reply = harness.get(BY_NAME);
        assert_eq!(reply.text("InstanceStatus"), status, "{version}");
        assert!(reply.text("InstanceStateDetails").contains("crashed"));
    }
    assert_eq!(harness.instances()[0].status.as_str(), "CyclingRole");
}

#[test]
fn instance_fails_after_becoming_ready() {
    let mut harness =
        starting_deployment(rule_for_first_instance(Effect::Dies { after: seconds(90) }));
    let dead = "0:BusyRole 1:ReadyRole 91:RestartingRole";
    assert_eq!(state_changes(&mut harness, 300), dead);

    // An update goes on as soon as it is ready, and does not see it die.
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(rule_for_first_instance(Effect::Dies { after: seconds(90) }).label("two"));
    harness.upgrade("Manual", "two", WEB).expect(202);
    harness.advance(10);
    let walk = harness.walk(0).expect(202);
    harness.advance(40);
    assert_eq!(harness.operation(&walk.id()), "Succeeded 200");
    assert_eq!(
        harness.summary(),
        "RunningTransitioning rollback Manual Before 1 [ReadyRole ReadyRole]"
    );
    harness.advance(90);
    assert!(
        harness.summary().ends_with("Before 1 [RestartingRole ReadyRole]"),
        "{}",
        harness.summary()
    );
    harness.roll_back("Auto").expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
    assert_eq!(harness.versions(), [1, 1]);
}

#[test]
fn fault_affects_instance_already_ready() {
    for (effect, expected) in [
        (Effect::Unresponsive, "0:UnresponsiveRole"),
        (Effect::Dies { after: seconds(5) }, "0:ReadyRole 5:RestartingRole"),
        (
            Effect::Flaps { ready: seconds(5), down: seconds(7) },
            "0:ReadyRole 5:RestartingRole 12:StartingRole 22:BusyRole 32:ReadyRole 37:RestartingRole",
        ),
        (Effect::NeverStarts, "0:ReadyRole"),
        (Effect::FailsToStart, "0:ReadyRole"),
        (Effect::Recycles { down: seconds(5) }, "0:ReadyRole"),
    ] {
        let mut harness = Harness::with_deployment(WEB);
        harness.add_fault(rule_for_first_instance(effect.clone()));
        assert_eq!(state_changes(&mut harness, 40), expected, "{effect:?}");
        assert_eq!(harness.get(BY_NAME).texts("InstanceStatus")[1], "ReadyRole");
    }
}

#[test]
fn rule_activates_and_expires_by_time() {
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(
        rule_for_first_instance(Effect::Unresponsive).after(seconds(10)).duration(seconds(20)),
    );
    assert_eq!(
        state_changes(&mut harness, 100),
        "0:ReadyRole 10:UnresponsiveRole 30:StartingRole 40:BusyRole 50:ReadyRole"
    );
    harness.add_fault(
        rule_for_first_instance(Effect::Flaps { ready: seconds(20), down: seconds(5) })
            .duration(seconds(15)),
    );
    assert_eq!(state_changes(&mut harness, 100), "0:ReadyRole");
    assert_eq!(harness.simulator.next_event(), None);
}

#[test]
fn each_instance_counts_as_separate_match() {
    let mut harness = Harness::new();
    harness.add_fault(FaultRule::new("half", Effect::NeverStarts).every(2).deployment("FIRST"));
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness.post(BY_SLOT, &create_deployment("first", "one", &[("Web", 5)], true)).expect(202);
    harness.settle();
    assert_eq!(
        harness.summary(),
        "Running [ReadyRole RestartingRole ReadyRole RestartingRole ReadyRole]"
    );

    let sick = |seed: u64| {
        let mut harness = Harness::with(|settings| settings.seed = seed);
        harness.add_fault(FaultRule::new("some", Effect::FailsToStart).probability(0.3));
        harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
        harness
            .post(BY_SLOT, &create_deployment("first", "one", &[("Web", 100)], true))
            .expect(202);
        harness.settle();
        harness.summary()
    };
    assert_eq!(sick(1), sick(1));
    assert_ne!(sick(1), sick(2));
    let count = sick(1).matches("FailedStartingRole").count();
    assert!((15..=45).contains(&count), "{count}");
}

#[test]
fn expired_rule_releases_only_its_instances() {
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(rule_for_first_instance(Effect::Unresponsive).times(1));
    harness.add_fault(FaultRule::new("other", Effect::Unresponsive).instance("Web_IN_1"));
    assert_eq!(harness.summary(), "Running [UnresponsiveRole UnresponsiveRole]");
    harness.simulator.remove_fault("other");
    harness.settle();
    assert_eq!(harness.summary(), "Running [UnresponsiveRole ReadyRole]");
}

#[test]
fn affected_instances_survive_reload() {
    let mut harness = Harness::with_deployment(WEB);
    harness
        .add_fault(rule_for_first_instance(Effect::Flaps { ready: seconds(5), down: seconds(7) }));
    harness.add_fault(FaultRule::new("other", Effect::Unresponsive).instance("Web_IN_1"));
    harness.advance(8);
    harness.reload();
    assert_eq!(harness.summary(), "Running [RestartingRole UnresponsiveRole]");
    harness.simulator.remove_fault("other");
    harness.advance(20);
    assert_eq!(harness.summary(), "Running [BusyRole ReadyRole]");
}

#[test]
fn deletion_clears_faults() {
    let mut harness = Harness::with_deployment(WEB);
    harness
        .add_fault(FaultRule::new("fault", Effect::Flaps { ready: seconds(3), down: seconds(3) }));
    harness.delete(BY_NAME).expect(202);
    harness.advance(5);
    assert_eq!(harness.summary(), "Deleting locked [DeletingVM DeletingVM]");
    harness.settle();
    assert_eq!(harness.summary(), "404 ResourceNotFound");
}

#[test]
fn reboot_retries_and_stop_clears_faults() {
    let mut harness = Harness::with_deployment(WEB);
    harness.add_fault(rule_for_first_instance(Effect::Unresponsive).times(1));
    harness.post(&format!("{BY_NAME}/roleinstances/Web_IN_0?comp=reboot"), "").expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");

    harness
        .add_fault(rule_for_first_instance(Effect::Flaps { ready: seconds(5), down: seconds(5) }));
    harness.set_status("Suspended").expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Suspended [StoppedVM StoppedVM]");
    assert!(harness.simulator.remove_fault("fault"));
    harness.settle();
    assert_eq!(harness.summary(), "Suspended [StoppedVM StoppedVM]");
    harness.set_status("Running").expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
}
