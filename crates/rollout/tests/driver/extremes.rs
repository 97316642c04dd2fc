//! Numbers that no service should send and no user should mean.

use std::sync::Arc;
use std::time::Duration;

use azure_classic_emulator::faults::{Effect, FaultRule};
use azure_classic_protocol::RollbackMode;
use azure_classic_protocol::machine::Poll;
use azure_classic_rollout::{FinalState, Gap, NextStep, Policy, Record, Rollout, StopReason};

use crate::table::{Table, recorder, upgrade};

#[test]
fn a_number_of_upgrade_domains_that_cannot_be_sizes_nothing_and_is_named() {
    for count in [0, 1, 2, 4, 101, 4_294_967_295_u32] {
        let mut table = Table::new();
        let new = format!("<UpgradeDomainCount>{count}<");
        table.front = Some(Box::new(move |text| {
            if text.contains("<UpgradeStatus>") {
                text.replace("<UpgradeDomainCount>3<", &new)
            } else {
                text
            }
        }));
        let stopped = table.run(table.start(upgrade())).unwrap_err();
        let gap = Gap::DomainCount { found: Some(count), before: Some(3) };
        assert_eq!(*stopped.why(), StopReason::Incomplete(vec![gap]));
    }
}

#[test]
fn a_plan_refuses_more_upgrade_domains_than_are_supported() {
    let mut table = Table::new();
    let mut read = table.read();
    for count in [101, 100_000, u32::MAX] {
        read.upgrade_domain_count = Some(count);
        let error = upgrade().requests(&table.endpoint, &read).unwrap_err().to_string();
        assert!(error.contains(&count.to_string()) && error.contains("1 to 100"), "{error}");
        let issues = upgrade().preflight(&table.endpoint, &read);
        assert!(issues.iter().any(azure_classic_rollout::PreflightIssue::is_error));
    }
}

#[test]
fn an_update_in_a_domain_that_cannot_be_is_not_walked() {
    for domain in [-1, 3, 7, 4_294_967_295_i64] {
        let mut table = Table::new();
        let new = format!("<CurrentUpgradeDomain>{domain}<");
        table.front = Some(Box::new(move |text| text.replace("<CurrentUpgradeDomain>1<", &new)));
        let stopped = table.run(table.start(upgrade())).unwrap_err();
        let gap = Gap::CurrentDomain { found: Some(domain), domains: 3 };
        assert_eq!(*stopped.why(), StopReason::Incomplete(vec![gap]));
        assert_eq!(table.comps().len(), 2);
    }
}

#[test]
fn an_adopted_update_in_a_domain_that_cannot_be_is_refused() {
    use azure_classic_protocol::UpdateMode;
    let mut table = Table::new();
    let update = crate::table::first();
    table.send(&update.upgrade(
        UpdateMode::Manual,
        crate::table::PACKAGE,
        crate::table::cscfg(3, "x"),
        "two",
    ));
    table.settle();
    table.front = Some(Box::new(|text| {
        text.replace("<CurrentUpgradeDomain>0<", "<CurrentUpgradeDomain>4294967295<")
    }));
    let rollout = Rollout::adopt(&table.endpoint, update, Policy::default());
    let stopped = table.run(rollout).unwrap_err();
    assert!(matches!(stopped.why(), StopReason::Incomplete(_)), "{stopped}");
}

#[test]
fn a_policy_of_endless_times_waits_and_never_overflows() {
    let mut table = Table::new();
    let policy = Policy {
        settle_time: Duration::MAX,
        domain_deadline: Duration::MAX,
        deadline: Duration::from_secs(3 * 3600),
        rollback_deadline: Duration::from_secs(u64::MAX),
        confirm_after: Duration::MAX,
        ..Policy::default()
    };
    let (records, recorder) = recorder();
    let poll = Poll { max_delay: Duration::from_secs(600), ..Poll::default() };
    let rollout = table.start(upgrade().policy(policy)).with_poll(poll).persist_with(recorder);
    let mut waits = 0;
    let end = table.drive_while(rollout, |_| {
        waits += 1;
        waits < 300
    });
    assert!(end.is_none(), "it settles for ever");
    let last = records.lock().unwrap().last().cloned().unwrap();
    assert!(last.back().is_some(), "the way forward has its own time");
    let stored = serde_json::to_string(&last).unwrap();
    assert!(Rollout::resume(&table.endpoint, serde_json::from_str(&stored).unwrap()).is_ok());
}

#[test]
fn a_record_with_extremes_is_refused_with_the_field_that_has_them() {
    let mut table = Table::new();
    let (records, recorder) = recorder();
    let outcome = table.run(table.start(upgrade()).persist_with(recorder)).unwrap();
    assert_eq!(outcome.final_state(), FinalState::Upgraded);
    let record = records.lock().unwrap()[4].clone();
    let stored = serde_json::to_value(&record).unwrap();
    for (field, value) in [
        ("spent", serde_json::json!({ "secs": u64::MAX, "nanos": 999_999_999 })),
        ("started_domains", serde_json::json!(u32::MAX)),
        ("domains", serde_json::json!(u32::MAX)),
        ("promoted", serde_json::json!(u32::MAX)),
        ("sent", serde_json::json!({ "walk": { "domain": u32::MAX } })),
    ] {
        let mut changed = stored.clone();
        changed[field] = value;
        let read: Record = serde_json::from_value(changed).unwrap();
        let refused = Rollout::resume(&table.endpoint, read).map(drop).unwrap_err();
        assert!(refused.to_string().contains(field), "{field}: {refused}");
    }
}

#[test]
fn a_way_back_that_took_too_long_gets_its_time_again_when_it_is_resumed() {
    for rollback in [RollbackMode::Auto, RollbackMode::Manual] {
        let mut table = Table::new();
        let stuck = FaultRule::new("stuck", Effect::NeverStarts).instance("Web_IN_1").label("two");
        table.cloud.add_fault(stuck).unwrap();
        let limit = Duration::from_secs(60);
        let settle_time = Duration::from_secs(5);
        let policy =
            Policy { rollback_deadline: limit, settle_time, rollback, ..Policy::default() };
        let (records, observed) = recorder();
        let mut outcome = table.run(table.start(upgrade().policy(policy)).persist_with(observed));
        let mut resumed = 0;
        while let Err(stopped) = outcome {
            assert_eq!(*stopped.why(), StopReason::TimedOut);
            assert_eq!(stopped.next_step(), NextStep::Resume);
            resumed += 1;
            assert!(resumed < 100, "it never ends: {stopped}");
            let (record, before) = (records.lock().unwrap().last().cloned().unwrap(), table.now);
            let records = Arc::clone(&records);
            let rollout = Rollout::resume(&table.endpoint, record).unwrap();
            outcome = table.run(rollout.persist_with(move |record: &Record| {
                records.lock().unwrap().push(record.clone());
                Ok(())
            }));
            assert!(outcome.is_ok() || table.now - before >= limit, "it had no time");
        }
        assert!(resumed > 0);
        assert_eq!(outcome.unwrap().final_state(), FinalState::RolledBack);
    }
}
