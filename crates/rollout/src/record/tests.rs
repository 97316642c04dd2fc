use super::*;
use crate::change::Accepted;

/// A record in the middle of a rollout over three domains.
fn walking() -> Record {
    let version = |label: &str| Version { label: label.into(), configuration: "<C/>".into() };
    let mut record = Record::new(
        "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".to_owned(),
        &CloudServiceRef::new("contoso").deployment("first"),
        &Deployment { upgrade_domain_count: Some(3), ..Deployment::default() },
        Policy::default(),
        Some(version("1")),
        version("2"),
    );
    let known = |name: &str, domain| KnownInstance {
        name: name.to_owned(),
        role: "Web".to_owned(),
        domain,
        is_new: false,
    };
    record.instances = vec![known("Web_IN_0", 0), known("Web_IN_1", 1)];
    record.phase = Phase::Walking;
    record.started_domains = 2;
    record
}

type Row = (&'static str, fn(&mut Record, u32));

#[test]
fn a_record_that_no_rollout_could_have_stored_is_refused_with_its_field() {
    let walk = |domain| Change::Walk { domain };
    let unhealthy = |domain| FailureReason::Unhealthy { domain, instances: Vec::new() };
    let rows: [Row; 13] = [
        ("spent", |it, _| it.spent = Duration::MAX),
        ("policy.health.min_healthy", |it, _| it.policy.health.min_healthy = 101),
        ("domains", |it, n| it.domains = Some(n)),
        ("domains", |it, _| it.domains = Some(0)),
        ("started_domains", |it, n| it.started_domains = n),
        ("promoted", |it, n| it.promoted = Some(n)),
        ("instances", |it, n| it.instances[1].domain = n),
        ("instances", |it, _| it.instances[1].name = "Web_IN_0".into()),
        ("rollback_started", |it, _| it.rollback_started = true),
        ("no rollback_reason", |it, _| it.phase = Phase::RollingBack),
        ("started_domains", |it, _| it.phase = Phase::Starting),
        ("sent", |it, _| it.sent = Some(Change::Start)),
        ("ended", |it, _| it.ended = Some(FinalState::RolledBack)),
    ];
    for (field, change) in rows {
        for extreme in [4_000, u32::MAX] {
            let mut record = walking();
            change(&mut record, extreme);
            let refused = record.check().unwrap_err();
            assert!(refused.contains(field), "{field}: {refused}");
        }
    }
    for domain in [3, u32::MAX] {
        let request_id = RequestId::new("4f3a9cbde01c4d24a6b1ca5ed9a3a2b1");
        let accepted = Accepted { change: walk(domain), request_id };
        for (field, record) in [
            ("sent", Record { sent: Some(walk(domain)), ..walking() }),
            ("accepted", Record { accepted: Some(accepted), ..walking() }),
            ("pause", Record { pause: Some(Pause::Failed(unhealthy(domain))), ..walking() }),
        ] {
            assert!(record.check().unwrap_err().contains(field), "{field}");
        }
    }
}

#[test]
fn a_record_of_a_rollout_is_accepted_whatever_its_policy() {
    let mut record = walking();
    assert_eq!(record.check(), Ok(()));
    record.policy.settle_time = Duration::MAX;
    record.policy.domain_deadline = Duration::MAX;
    record.policy.confirm_after = Duration::MAX;
    assert_eq!(record.check(), Ok(()));
    let old = Record { domains: None, instances: Vec::new(), ..walking() };
    assert_eq!(old.check(), Ok(()));
}

#[test]
fn a_promotion_of_the_way_forward_does_not_count_on_the_way_back() {
    let mut record = Record { promoted: Some(2), ..walking() };
    record.start_rollback(FailureReason::Aborted);
    assert_eq!((record.phase, record.promoted), (Phase::RollingBack, None));
}

#[test]
fn a_record_from_before_instances_were_stored_is_read() {
    let mut stored = serde_json::to_value(walking()).unwrap();
    let fields = stored.as_object_mut().unwrap();
    fields.remove("instances");
    fields.remove("domains");
    let read: Record = serde_json::from_value(stored).unwrap();
    assert_eq!(read, Record { domains: None, instances: Vec::new(), ..walking() });
}

#[test]
fn the_number_of_domains_is_fixed_once_something_was_sent() {
    let with = |phase, sent| Record { phase, sent, accepted: None, ..walking() };
    let walking = walking();
    assert!(walking.domains.is_some());
    assert_eq!(with(Phase::Starting, None).fixed_domains(), None);
    for record in [
        with(Phase::Starting, Some(Change::Start)),
        with(Phase::Walking, None),
        with(Phase::RollingBack, None),
    ] {
        assert_eq!(record.fixed_domains(), walking.domains);
    }
}
