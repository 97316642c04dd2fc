//! The scenario of a seed: a deployment, a plan, and all failures.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use azure_classic_emulator::{Delay, Timing};
use azure_classic_protocol::{RollbackMode, Slot, UpdateMode};
use azure_classic_rollout::{Health, Input, OnFailure, Policy};
use fastrand::Rng;

/// Everything about one simulated rollout that is decided beforehand.
#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    pub(crate) seed: u64,
    pub(crate) domains: u32,
    pub(crate) is_started: bool,
    pub(crate) pace: Timing,
    pub(crate) roles: Vec<(String, u32)>,
    pub(crate) planned: Vec<(String, u32)>,
    pub(crate) task: Task,
    pub(crate) policy: Policy,
    pub(crate) stuck: Vec<Stuck>,
    /// An instance that is ready for a while only.
    pub(crate) ailing: Option<Ailing>,
    /// The operation whose accepted work fails, and at which time that it is accepted.
    pub(crate) late: Option<(&'static str, u64)>,
    /// The slot in which the deployment is created; another operator may swap it out of staging.
    pub(crate) slot: Slot,
    /// An instance that fails its probes on the new version, until so long after the start.
    pub(crate) bad_probe: Option<(String, Option<Duration>)>,
    pub(crate) meddling: Vec<(Duration, Meddle)>,
    pub(crate) inputs: Vec<(Duration, Input)>,
    /// The step of the driver before which it dies, and the time without a driver.
    pub(crate) crashes: Vec<(u32, Duration)>,
    /// Which attempt to keep the record fails.
    pub(crate) unkept: Option<u32>,
    /// How many of a hundred requests meet a fault.
    pub(crate) faults: u32,
    /// Whether the cloud never knows how the work stands that it has accepted.
    pub(crate) is_forgetful: bool,
    /// After how long a second driver takes up the record of the first.
    pub(crate) twin: Option<Duration>,
    /// The percentage of readings with a false response.
    pub(crate) lies: u32,
    /// From when on, and for how long, all readings are.
    pub(crate) lying: Option<(Duration, Duration)>,
}

/// The task of the driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    Upgrade,
    UpgradeRole(String),
    Configuration,
    /// Another operator has started a manual upgrade and walked this many domains.
    Adopt(u32),
}

/// An instance that does not come up.
#[derive(Debug, Clone)]
pub(crate) struct Stuck {
    pub(crate) instance: String,
    pub(crate) is_old: bool,
    /// Until so long after the start; `None`: for ever.
    pub(crate) until: Option<Duration>,
}

/// An instance that comes up on the new version, and does not stay so.
#[derive(Debug, Clone)]
pub(crate) struct Ailing {
    pub(crate) instance: String,
    pub(crate) ready: Duration,
    /// For how long it is down each time; `None`: for good.
    pub(crate) down: Option<Duration>,
}

/// The changes of another operator.
#[derive(Debug, Clone)]
pub(crate) enum Meddle {
    Upgrade(UpdateMode),
    /// With the label and the configuration of the plan.
    SameUpgrade(UpdateMode),
    ChangeConfiguration(UpdateMode),
    WalkNext,
    RollBack(RollbackMode),
    DeleteInstance(String),
    Delete,
    /// Makes another deployment of the same name where the first was deleted.
    CreateAgain,
    /// Swaps it into production.
    Promote,
}

pub(crate) const OLD: &str = "release 1";
pub(crate) const NEW: &str = "release 2";
pub(crate) const THEIRS: &str = "release of another operator";

impl Scenario {
    pub(crate) fn of(seed: u64) -> Self {
        let rng = &mut Rng::with_seed(seed);
        let one_in = |rng: &mut Rng, n: u32| rng.u32(..n) == 0;

        let domains = rng.u32(1..=5);
        let roles: Vec<(String, u32)> = ["Web", "Batch"][..if one_in(rng, 3) { 2 } else { 1 }]
            .iter()
            .map(|name| ((*name).to_owned(), rng.u32(1..=5)))
            .collect();
        let mut planned = roles.clone();
        if one_in(rng, 4) {
            planned[0].1 = rng.u32(1..=6);
        }
        let task = match rng.u32(..10) {
            0..=5 => Task::Upgrade,
            6 => Task::UpgradeRole("Web".to_owned()),
            7..=8 => Task::Configuration,
            _ => Task::Adopt(rng.u32(..domains)),
        };
        if task == Task::UpgradeRole("Web".to_owned()) {
            // The configuration may have another count for the other role, without effect.
            for other in &mut planned[1..] {
                other.1 = rng.u32(1..=6);
            }
        }
        let policy = policy(rng);
        let (count, role) = (planned[0].1, planned[0].0.clone());
        let instance = |rng: &mut Rng| format!("{role}_IN_{}", rng.u32(..count));
        let minutes = |rng: &mut Rng, most: u64| Duration::from_secs(rng.u64(..most * 60));

        let mut stuck = Vec::new();
        if one_in(rng, 3) {
            for _ in 0..rng.u32(1..=2) {
                let until = (!one_in(rng, 2)).then(|| minutes(rng, 30));
                stuck.push(Stuck { instance: instance(rng), is_old: one_in(rng, 6), until });
            }
        }
        let bad_probe = (policy.health.probe && one_in(rng, 2))
            .then(|| (instance(rng), (!one_in(rng, 2)).then(|| minutes(rng, 20))));
        let mut meddling = Vec::new();
        if one_in(rng, 5) {
            for _ in 0..rng.u32(1..=2) {
                let (when, what) = (minutes(rng, 15), meddle(rng));
                if matches!(what, Meddle::Delete) && rng.bool() {
                    meddling.push((when + Duration::from_secs(60), Meddle::CreateAgain));
                }
                meddling.push((when, what));
            }
        }
        let mut inputs = Vec::new();
        if one_in(rng, 3) {
            for _ in 0..rng.u32(1..=3) {
                let input = [Input::Pause, Input::Promote, Input::Abort][rng.usize(..3)];
                inputs.push((minutes(rng, 12), input));
            }
        }
        let crashes = crashes(rng);
        let is_started = !one_in(rng, 12);
        let pace = pace(rng);
        let unkept = one_in(rng, 20).then(|| rng.u32(..12));
        let faults = if one_in(rng, 3) { 0 } else { rng.u32(1..=30) };
        let ailing = (is_started && one_in(rng, 6)).then(|| Ailing {
            instance: instance(rng),
            ready: Duration::from_secs(rng.u64(1..1800)),
            down: (!one_in(rng, 2)).then(|| Duration::from_secs(rng.u64(1..600))),
        });
        let late = late(rng, &task);
        if late.is_some_and(|(operation, _)| operation != WALK) {
            // It must be the driver's own start.
            meddling.retain(|(_, meddle)| {
                let is_start = matches!(meddle, Meddle::Upgrade(_) | Meddle::SameUpgrade(_));
                !is_start && !matches!(meddle, Meddle::ChangeConfiguration(_))
            });
        }
        let slot = if one_in(rng, 8) { Slot::Staging } else { Slot::Production };
        if slot == Slot::Staging && rng.bool() {
            meddling.push((minutes(rng, 15), Meddle::Promote));
        }
        let twin = one_in(rng, 10).then(|| minutes(rng, 20));
        let is_forgetful = one_in(rng, 15);
        let (lies, lying) = lies(rng);
        Self {
            seed,
            domains,
            is_started,
            pace,
            roles,
            planned,
            task,
            policy,
            stuck,
            ailing,
            late,
            slot,
            bad_probe,
            meddling,
            inputs,
            crashes,
            unkept,
            faults,
            is_forgetful,
            twin,
            lies,
            lying,
        }
    }

    /// Whether some readings get false responses.
    pub(crate) fn has_lies(&self) -> bool {
        self.lies > 0 || self.lying.is_some()
    }

    /// Whether another operator deletes instances.
    pub(crate) fn loses_instances(&self) -> bool {
        self.meddling.iter().any(|(_, meddle)| matches!(meddle, Meddle::DeleteInstance(_)))
    }

    /// Whether the operation of an accepted start fails, so that a driver that lost the response sees no
    /// effect.
    pub(crate) fn start_fails_late(&self) -> bool {
        self.late.is_some_and(|(operation, _)| operation != WALK)
    }

    /// The same for a walk.
    pub(crate) fn walks_fail_late(&self) -> bool {
        self.late.is_some_and(|(operation, _)| operation == WALK)
    }

    /// Whether another operator swaps the deployment, which locks it for a while.
    pub(crate) fn is_promoted(&self) -> bool {
        self.meddling.iter().any(|(_, meddle)| matches!(meddle, Meddle::Promote))
    }

    /// Whether all instances must be up for a gate to open, and none of them comes and goes.
    pub(crate) fn is_strict(&self) -> bool {
        self.policy.health.min_healthy == 100 && self.ailing.is_none()
    }

    /// The configuration that runs before.
    pub(crate) fn old_configuration(&self) -> String {
        cscfg(&self.roles, "1")
    }

    /// How many instances each role has on the new version.
    pub(crate) fn new_counts(&self) -> Vec<(String, u32)> {
        let roles = self.planned.iter().zip(&self.roles);
        roles.map(|(new, old)| if self.is_kept(&new.0) { old } else { new }).cloned().collect()
    }

    /// Whether the update does not concern a role.
    pub(crate) fn is_kept(&self, role: &str) -> bool {
        matches!(&self.task, Task::UpgradeRole(only) if only != role)
    }

    /// The configuration of the plan.
    pub(crate) fn new_configuration(&self) -> String {
        cscfg(&self.planned, "2")
    }

    /// The configuration of another operator, with the existing roles.
    pub(crate) fn their_configuration(&self) -> String {
        cscfg(&self.roles, "3")
    }

    /// Which crashes are still to come, by step.
    pub(crate) fn crash_steps(&self) -> BTreeSet<u32> {
        self.crashes.iter().map(|(step, _)| *step).collect()
    }
}

const WALK: &str = "Walk Upgrade Domain";

/// Which accepted work fails: that of the start, or of a walk.
fn late(rng: &mut Rng, task: &Task) -> Option<(&'static str, u64)> {
    if matches!(task, Task::Adopt(_)) || rng.u32(..8) != 0 {
        return None;
    }
    let start = match task {
        Task::Configuration => "Change Deployment Configuration",
        _ => "Upgrade Deployment",
    };
    Some(if rng.u32(..3) == 0 { (start, 1) } else { (WALK, rng.u64(1..=3)) })
}

/// Before which of its steps the driver dies, and for how long.
fn crashes(rng: &mut Rng) -> Vec<(u32, Duration)> {
    if rng.bool() {
        return Vec::new();
    }
    let crash = |rng: &mut Rng| {
        // Most of what matters happens in the first steps.
        let most = if rng.bool() { 20 } else { 150 };
        (rng.u32(..most), Duration::from_secs(rng.u64(..5 * 60)))
    };
    (0..rng.u32(1..=4)).map(|_| crash(rng)).collect()
}

/// The percentage of readings with false responses, and when all are false.
fn lies(rng: &mut Rng) -> (u32, Option<(Duration, Duration)>) {
    let minutes = |rng: &mut Rng, most: u64| Duration::from_secs(rng.u64(..most * 60));
    let lies = if rng.u32(..4) == 0 { rng.u32(1..=40) } else { 0 };
    (lies, (rng.u32(..12) == 0).then(|| (minutes(rng, 15), minutes(rng, 8))))
}

fn policy(rng: &mut Rng) -> Policy {
    let seconds = |rng: &mut Rng, from: u64, to: u64| Duration::from_secs(rng.u64(from..=to));
    Policy {
        health: Health {
            min_healthy: if rng.u32(..6) == 0 { 50 } else { 100 },
            probe: rng.u32(..4) == 0,
            ..Health::default()
        },
        settle_time: seconds(rng, 0, 90),
        domain_deadline: seconds(rng, 600, 1500),
        deadline: Duration::from_secs(6 * 3600),
        rollback_deadline: Duration::from_secs(3 * 3600),
        confirm_after: seconds(rng, 30, 180),
        on_failure: if rng.bool() { OnFailure::RollBack } else { OnFailure::Pause },
        rollback: if rng.u32(..3) == 0 { RollbackMode::Manual } else { RollbackMode::Auto },
        force: rng.bool(),
    }
}

fn pace(rng: &mut Rng) -> Timing {
    Timing {
        operation: Delay::seconds(rng.u64(0..=30)),
        machine: Delay::seconds(rng.u64(1..=30)),
        role: Delay::seconds(rng.u64(1..=20)),
        domain: Delay::seconds(rng.u64(0..=20)),
        jitter_percent: 40,
        ..Timing::REALISTIC
    }
}

fn meddle(rng: &mut Rng) -> Meddle {
    let update = |rng: &mut Rng| if rng.bool() { UpdateMode::Auto } else { UpdateMode::Manual };
    match rng.u32(..14) {
        12..=13 => Meddle::DeleteInstance(format!("Web_IN_{}", rng.u32(..4))),
        0..=1 => Meddle::Upgrade(update(rng)),
        2 => Meddle::SameUpgrade(update(rng)),
        3..=4 => Meddle::ChangeConfiguration(update(rng)),
        5..=7 => Meddle::WalkNext,
        8..=10 => {
            Meddle::RollBack(if rng.bool() { RollbackMode::Auto } else { RollbackMode::Manual })
        }
        _ => Meddle::Delete,
    }
}

fn cscfg(roles: &[(String, u32)], release: &str) -> String {
    let mut text = String::new();
    for (name, count) in roles {
        let _ = write!(
            text,
            "<Role name=\"{name}\">\r\n<Instances count=\"{count}\" /><ConfigurationSettings>\
             <Setting name=\"Release\" value=\"{release}\" /></ConfigurationSettings></Role>"
        );
    }
    format!(
        "<ServiceConfiguration serviceName=\"contoso\" osFamily=\"4\" osVersion=\"*\" xmlns=\"http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration\">{text}</ServiceConfiguration>"
    )
}
