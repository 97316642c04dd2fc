//! A month of a service's life, stepped through.

use azure_classic_emulator::Pace;
use serde_json::Value;

use crate::bench::{BY_NAME, BY_SLOT, Bench, create_deployment, create_service};

const A_DAY: u64 = 24 * 60 * 60;
const BOTH: [(&str, u32); 2] = [("Web", 2), ("Batch", 1)];

/// Every half hour something new, rolled back half-way every third time, at the pace at which the
/// service was, with somebody who looks every minute while it moves.
fn live(days: u64) -> Bench {
    let mut bench = Bench::with(|settings| {
        settings.upgrade_domains = 2;
        settings.pace = Pace::REALISTIC;
        settings.seed = 7;
    });
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    bench.post(BY_SLOT, &create_deployment("first", "release 0", &BOTH, true)).expect(202);
    bench.settle();
    let mut releases = 0;
    while bench.seconds() < days * A_DAY {
        releases += 1;
        let end = bench.seconds() + 30 * 60;
        let mode = if releases % 2 == 0 { "Manual" } else { "Auto" };
        bench.upgrade(mode, &format!("release {releases}"), &BOTH).expect(202);
        wait_while(&mut bench, "<Locked>true<");
        if mode == "Manual" {
            bench.walk(0).expect(202);
        }
        if releases % 3 == 0 {
            bench.roll_back("Auto").expect(202);
        } else if mode == "Manual" {
            wait_while(&mut bench, "<CurrentUpgradeDomain>0<");
            bench.walk(1).expect(202);
        }
        wait_while(&mut bench, "<UpgradeStatus>");
        bench.pass(end.saturating_sub(bench.seconds()));
    }
    bench.settle();
    bench
}

fn wait_while(bench: &mut Bench, part: &str) {
    while bench.get(BY_NAME).body().contains(part) {
        bench.pass(60);
    }
}

#[test]
fn a_month_leaves_nothing_behind_that_grows() {
    let bench = live(30);
    assert!(bench.seconds() >= 30 * A_DAY);
    let saved: Value = serde_json::from_str(&bench.cloud.save()).unwrap();
    let size = |place: &str| {
        let found = saved.pointer(place).expect(place);
        found.as_array().map_or_else(|| found.as_object().unwrap().len(), Vec::len)
    };
    assert!(saved["cloud"]["world"]["operations"]["last"].as_u64() > Some(3_000));
    assert!(size("/cloud/world/operations/log") <= 10_000);
    assert_eq!(size("/cloud/world/timeline/timed"), 0);
    assert_eq!(size("/cloud/world/timeline/polled"), 0);
    assert_eq!(size("/cloud/works/under_way"), 0);
    assert_eq!(size("/cloud/deployments"), 1);
    assert_eq!(size("/cloud/deployments/1/versions"), 1);
    assert_eq!(size("/cloud/deployments/1/roles"), 2);
    assert_eq!(bench.cloud.journal().entries().count(), 1_000);
}

#[test]
fn a_seed_decides_how_days_go() {
    assert_eq!(live(3).cloud.save(), live(3).cloud.save());
}
