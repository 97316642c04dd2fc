//! A month of a service's life, stepped through.

use azure_classic_emulator::Timing;
use serde_json::Value;

use crate::harness::{BY_NAME, BY_SLOT, Harness, create_deployment, create_service};

const SECONDS_PER_DAY: u64 = 24 * 60 * 60;
const ROLES: [(&str, u32); 2] = [("Web", 2), ("Batch", 1)];

/// Every half hour something new, rolled back half-way every third time, at the pace at which the
/// service was, with somebody who looks every minute while it moves.
fn simulate_days(days: u64) -> Harness {
    let mut harness = Harness::with(|settings| {
        settings.upgrade_domains = 2;
        settings.timing = Timing::REALISTIC;
        settings.seed = 7;
    });
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness.post(BY_SLOT, &create_deployment("first", "release 0", &ROLES, true)).expect(202);
    harness.settle();
    let mut releases = 0;
    while harness.seconds() < days * SECONDS_PER_DAY {
        releases += 1;
        let end = harness.seconds() + 30 * 60;
        let mode = if releases % 2 == 0 { "Manual" } else { "Auto" };
        harness.upgrade(mode, &format!("release {releases}"), &ROLES).expect(202);
        wait_while(&mut harness, "<Locked>true<");
        if mode == "Manual" {
            harness.walk(0).expect(202);
        }
        if releases % 3 == 0 {
            harness.roll_back("Auto").expect(202);
        } else if mode == "Manual" {
            wait_while(&mut harness, "<CurrentUpgradeDomain>0<");
            harness.walk(1).expect(202);
        }
        wait_while(&mut harness, "<UpgradeStatus>");
        harness.advance(end.saturating_sub(harness.seconds()));
    }
    harness.settle();
    harness
}

fn wait_while(harness: &mut Harness, part: &str) {
    while harness.get(BY_NAME).body().contains(part) {
        harness.advance(60);
    }
}

#[test]
fn state_does_not_grow_over_a_month() {
    let harness = simulate_days(30);
    assert!(harness.seconds() >= 30 * SECONDS_PER_DAY);
    let saved: Value = serde_json::from_str(&harness.simulator.save()).unwrap();
    let size = |place: &str| {
        let found = saved.pointer(place).expect(place);
        found.as_array().map_or_else(|| found.as_object().unwrap().len(), Vec::len)
    };
    assert!(saved["simulator"]["shared"]["operations"]["last"].as_u64() > Some(3_000));
    assert!(size("/simulator/shared/operations/log") <= 10_000);
    assert_eq!(size("/simulator/shared/events/timed"), 0);
    assert_eq!(size("/simulator/shared/events/polled"), 0);
    assert_eq!(size("/simulator/tasks/running"), 0);
    assert_eq!(size("/simulator/deployments"), 1);
    assert_eq!(size("/simulator/deployments/1/versions"), 1);
    assert_eq!(size("/simulator/deployments/1/roles"), 2);
    assert_eq!(harness.simulator.journal().entries().count(), 1_000);
}

#[test]
fn same_seed_gives_same_state() {
    assert_eq!(simulate_days(3).simulator.save(), simulate_days(3).simulator.save());
}
