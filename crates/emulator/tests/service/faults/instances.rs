//! Faults on role instances.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, Rule};

use crate::bench::{BY_NAME, BY_SLOT, Bench, create_deployment, create_service};

const WEB: &[(&str, u32)] = &[("Web", 2)];

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The rule about the first instance.
fn first(effect: Effect) -> Rule {
    Rule::new("fault", effect).instance("Web_IN_0")
}

/// A deployment that is created while the rule is there, just before its instances become ready.
fn starting(rule: Rule) -> Bench {
    let mut bench = Bench::new();
    bench.fault(rule);
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    bench.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    bench.pass(59);
    assert_eq!(bench.board(), "Running [BusyRole BusyRole]");
    bench
}

/// The states of the first instance, each with the second from which on it is in it.
fn states(bench: &mut Bench, for_seconds: u64) -> String {
    let mut told: Vec<String> = Vec::new();
    let mut last = String::new();
    let start = bench.seconds();
    for _ in 0..=for_seconds {
        let state = bench.get(BY_NAME).text("InstanceStatus");
        if state != last {
            told.push(format!("{}:{state}", bench.seconds() - start));
            last = state;
        }
        bench.pass(1);
    }
    told.join(" ")
}

#[test]
fn an_instance_does_not_come_up() {
    for (effect, state, words) in [
        (Effect::NeverStarts, "RestartingRole", "has not started"),
        (Effect::FailsToStart, "FailedStartingRole", "repeatedly failed to start"),
        (Effect::Unresponsive, "UnresponsiveRole", "not reported its status"),
    ] {
        let mut bench = starting(first(effect));
        assert_eq!(states(&mut bench, 300), format!("0:BusyRole 1:{state}"));
        let reply = bench.get(BY_NAME);
        assert_eq!(reply.all("InstanceStatus")[1], "ReadyRole");
        let details = reply.all("InstanceStateDetails");
        assert!(details[0].contains(words) && details[1].is_empty(), "{details:?}");
        let [code] = &reply.all("InstanceErrorCode")[..] else { panic!("one has a code") };
        assert!(code.starts_with("0x"), "{code}");
        assert_eq!(reply.all("PowerState"), ["Started", "Started"]);

        assert!(bench.cloud.remove_fault("fault"));
        assert_eq!(states(&mut bench, 60), "0:StartingRole 10:BusyRole 20:ReadyRole");
    }
}

#[test]
fn an_instance_flaps() {
    let effect = Effect::Flaps { ready: seconds(60), down: seconds(30) };
    let mut bench = starting(first(effect));
    let once = "0:BusyRole 1:ReadyRole 61:RestartingRole 91:StartingRole 101:BusyRole";
    assert_eq!(states(&mut bench, 180), format!("{once} 111:ReadyRole 171:RestartingRole"));
}

#[test]
fn an_instance_flaps_so_many_times() {
    let effect = Effect::Flaps { ready: seconds(60), down: seconds(30) };
    let mut bench = starting(first(effect).times(1));
    let once = "0:BusyRole 1:ReadyRole 61:RestartingRole 91:StartingRole 101:BusyRole";
    assert_eq!(states(&mut bench, 300), format!("{once} 111:ReadyRole"));
    assert_eq!(bench.cloud.next_event(), None);
}

#[test]
fn an_instance_recycles_and_old_versions_have_a_word_for_it() {
    let mut bench = starting(first(Effect::Recycles { down: seconds(30) }).times(2));
    bench.version = "2014-02-01";
    assert_eq!(
        states(&mut bench, 300),
        "0:BusyRole 1:CyclingRole 31:StartingRole 41:BusyRole 51:CyclingRole 81:StartingRole \
         91:BusyRole 101:ReadyRole"
    );

    let mut bench = starting(first(Effect::Recycles { down: seconds(30) }));
    bench.pass(1);
    for (version, word) in [("2014-02-01", "CyclingRole"), ("2014-04-01", "RestartingRole")] {
        bench.version = version;
        let reply = bench.get(BY_NAME);
        assert_eq!(reply.text("InstanceStatus"), word, "{version}");
        assert!(reply.text("InstanceStateDetails").contains("crashed"));
    }
    assert_eq!(bench.instances()[0].status.as_str(), "CyclingRole");
}

#[test]
fn an_instance_dies_after_its_gate() {
    let mut bench = starting(first(Effect::Dies { after: seconds(90) }));
    let dead = "0:BusyRole 1:ReadyRole 91:RestartingRole";
    assert_eq!(states(&mut bench, 300), dead);

    // An update goes on as soon as it is ready, and does not see it die.
    let mut bench = Bench::running(WEB);
    bench.fault(first(Effect::Dies { after: seconds(90) }).label("two"));
    bench.upgrade("Manual", "two", WEB).expect(202);
    bench.pass(10);
    let walk = bench.walk(0).expect(202);
    bench.pass(40);
    assert_eq!(bench.operation(&walk.id()), "Succeeded 200");
    assert_eq!(
        bench.board(),
        "RunningTransitioning rollback Manual Before 1 [ReadyRole ReadyRole]"
    );
    bench.pass(90);
    assert!(bench.board().ends_with("Before 1 [RestartingRole ReadyRole]"), "{}", bench.board());
    bench.roll_back("Auto").expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
    assert_eq!(bench.versions(), [1, 1]);
}

#[test]
fn what_begins_with_a_ready_instance_takes_hold_of_one() {
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
        let mut bench = Bench::running(WEB);
        bench.fault(first(effect.clone()));
        assert_eq!(states(&mut bench, 40), expected, "{effect:?}");
        assert_eq!(bench.get(BY_NAME).all("InstanceStatus")[1], "ReadyRole");
    }
}

#[test]
fn a_rule_comes_into_force_and_ends_of_itself() {
    let mut bench = Bench::running(WEB);
    bench.fault(first(Effect::Unresponsive).after(seconds(10)).lasts(seconds(20)));
    assert_eq!(
        states(&mut bench, 100),
        "0:ReadyRole 10:UnresponsiveRole 30:StartingRole 40:BusyRole 50:ReadyRole"
    );
    bench.fault(first(Effect::Flaps { ready: seconds(20), down: seconds(5) }).lasts(seconds(15)));
    assert_eq!(states(&mut bench, 100), "0:ReadyRole");
    assert_eq!(bench.cloud.next_event(), None);
}

#[test]
fn each_instance_is_a_match_of_its_own() {
    let mut bench = Bench::new();
    bench.fault(Rule::new("half", Effect::NeverStarts).every(2).deployment("FIRST"));
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    bench.post(BY_SLOT, &create_deployment("first", "one", &[("Web", 5)], true)).expect(202);
    bench.settle();
    assert_eq!(
        bench.board(),
        "Running [ReadyRole RestartingRole ReadyRole RestartingRole ReadyRole]"
    );

    let sick = |seed: u64| {
        let mut bench = Bench::with(|settings| settings.seed = seed);
        bench.fault(Rule::new("some", Effect::FailsToStart).probability(0.3));
        bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
        bench.post(BY_SLOT, &create_deployment("first", "one", &[("Web", 100)], true)).expect(202);
        bench.settle();
        bench.board()
    };
    assert_eq!(sick(1), sick(1));
    assert_ne!(sick(1), sick(2));
    let count = sick(1).matches("FailedStartingRole").count();
    assert!((15..=45).contains(&count), "{count}");
}

#[test]
fn another_rule_that_ends_frees_nobody_else() {
    let mut bench = Bench::running(WEB);
    bench.fault(first(Effect::Unresponsive).times(1));
    bench.fault(Rule::new("other", Effect::Unresponsive).instance("Web_IN_1"));
    assert_eq!(bench.board(), "Running [UnresponsiveRole UnresponsiveRole]");
    bench.cloud.remove_fault("other");
    bench.settle();
    assert_eq!(bench.board(), "Running [UnresponsiveRole ReadyRole]");
}

#[test]
fn what_a_rule_holds_survives_a_round_trip() {
    let mut bench = Bench::running(WEB);
    bench.fault(first(Effect::Flaps { ready: seconds(5), down: seconds(7) }));
    bench.fault(Rule::new("other", Effect::Unresponsive).instance("Web_IN_1"));
    bench.pass(8);
    bench.reload();
    assert_eq!(bench.board(), "Running [RestartingRole UnresponsiveRole]");
    bench.cloud.remove_fault("other");
    bench.pass(20);
    assert_eq!(bench.board(), "Running [BusyRole ReadyRole]");
}

#[test]
fn deletion_ends_every_ailment() {
    let mut bench = Bench::running(WEB);
    bench.fault(Rule::new("fault", Effect::Flaps { ready: seconds(3), down: seconds(3) }));
    bench.delete(BY_NAME).expect(202);
    bench.pass(5);
    assert_eq!(bench.board(), "Deleting locked [DeletingVM DeletingVM]");
    bench.settle();
    assert_eq!(bench.board(), "404 ResourceNotFound");
}

#[test]
fn a_reboot_is_a_new_chance_and_a_stop_ends_every_ailment() {
    let mut bench = Bench::running(WEB);
    bench.fault(first(Effect::Unresponsive).times(1));
    bench.post(&format!("{BY_NAME}/roleinstances/Web_IN_0?comp=reboot"), "").expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");

    bench.fault(first(Effect::Flaps { ready: seconds(5), down: seconds(5) }));
    bench.set_status("Suspended").expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Suspended [StoppedVM StoppedVM]");
    assert!(bench.cloud.remove_fault("fault"));
    bench.settle();
    assert_eq!(bench.board(), "Suspended [StoppedVM StoppedVM]");
    bench.set_status("Running").expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
}
