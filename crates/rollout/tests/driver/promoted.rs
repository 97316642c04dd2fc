//! Domains that a user promoted.

use azure_classic_protocol::RollbackMode;
use azure_classic_rollout::{FinalState, Health, Input, Phase, Plan, Policy, Record};

use crate::table::{PACKAGE, Table, cscfg, first};

/// The platform goes through the domains by itself, so no gate of them is ever passed: the end judges all,
/// but for those that were promoted.
#[test]
fn a_bad_probe_in_a_promoted_domain_does_not_keep_a_rollback_from_its_end() {
    for bad in ["Web_IN_0", "Web_IN_3"] {
        let mut table = Table::of(6);
        let health = Health { probe: true, ..Health::default() };
        let policy = Policy { health, rollback: RollbackMode::Auto, ..Policy::default() };
        let upgrade = Plan::upgrade(first(), PACKAGE, cscfg(6, "secret-2"), "two");
        let rollout = table.start(upgrade.policy(policy));
        let (mut is_aborted, mut is_promoted) = (false, false);
        let outcome = table.drive(rollout, |rollout| {
            let Some((phase, started)) =
                rollout.record().map(|it| (it.phase(), Record::started_domains(it)))
            else {
                return;
            };
            let is_rollback = phase == Phase::RollingBack;
            if !is_aborted && started == 1 {
                rollout.input(Input::Abort);
                is_aborted = true;
            } else if is_rollback && !is_promoted && started == 1 {
                rollout.input(Input::Promote);
                is_promoted = true;
            }
            let probed: Vec<_> = rollout.probes().map(|it| it.instance_name.clone()).collect();
            for name in probed {
                let is_bad = is_rollback && name == bad;
                rollout.probed(&name, if is_bad { Err("503".to_owned()) } else { Ok(()) });
            }
        });
        assert!(is_promoted);
        assert_eq!(outcome.unwrap().final_state(), FinalState::RolledBack, "{bad}");
    }
}
