//! Whether what happens is what a rollout promises, by what only the cloud knows.

use std::time::Duration;

use azure_classic_emulator::InstanceView;
use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{Bytes, Endpoint, GetDeployment};
use azure_classic_rollout::{Change, Ending, Input, Meddling, Outcome, Record, Stopped, Why};

use http::Response;

use crate::scenario::{NEW, OLD, Scenario, Task};
use crate::world::World;

pub(crate) struct Judge {
    /// Whether anybody else, or the network by itself, has changed the deployment since the start.
    pub(crate) disturbed: bool,
    /// The flights of the driver's that started an update, and when the first did.
    started: Vec<u64>,
    pub(crate) started_at: Option<Instant>,
    /// The version that ran when the update began, in the cloud's count.
    base: u32,
    base_label: String,
    /// Whether the last update that was accepted is a rollback.
    is_back: bool,
    has_rolled_back: bool,
    /// How many domains of the present update a person let pass whatever their health.
    excused: u32,
    is_paused: bool,
    pub(crate) is_aborted: bool,
    /// When a probe failed last, and in which domain.
    bad_probe: Option<(Instant, u32)>,
    /// How the cloud stood when the deployment was read last.
    last_read: Option<Truth>,
}

/// How the cloud stood at a moment.
struct Truth {
    at: Instant,
    answer: Response<Bytes>,
    instances: Vec<InstanceView>,
}

/// Who sent what arrives at the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// The driver, which waits for the answer.
    Driver(u64),
    /// The driver, which has given it up, or is dead.
    Late(u64),
    /// The network, once more.
    Copy,
    Somebody,
}

pub(crate) type Verdict = Result<(), String>;

impl Judge {
    pub(crate) fn new() -> Self {
        Self {
            disturbed: false,
            started: Vec::new(),
            started_at: None,
            base: 1,
            base_label: OLD.to_owned(),
            is_back: false,
            has_rolled_back: false,
            excused: 0,
            is_paused: false,
            is_aborted: false,
            bad_probe: None,
            last_read: None,
        }
    }

    /// A living driver has taken an input, when so many domains had been begun.
    pub(crate) fn given(&mut self, input: Input, begun: u32) {
        match input {
            Input::Pause => self.is_paused = true,
            Input::Resume => self.is_paused = false,
            Input::Promote => {
                self.excused = begun;
                self.is_paused = false;
            }
            Input::Abort => {
                self.is_aborted = true;
                self.is_paused = false;
            }
        }
    }

    /// A new driver has been made, from the record if there is one; what the one before did not keep is
    /// forgotten.
    pub(crate) fn takes_place(&mut self, kept: Option<&Record>) {
        self.is_paused = kept.is_some_and(|record| record.pause().is_some());
        self.is_aborted = kept.is_some_and(|record| record.back().is_some());
    }

    pub(crate) fn has_failed_probe(&mut self, now: Instant, domain: u32) {
        self.bad_probe = Some((now, domain));
    }

    /// The deployment was read.
    pub(crate) fn read(&mut self, at: Instant, answer: Response<Bytes>, world: &World) {
        self.last_read = Some(Truth { at, answer, instances: world.instances() });
    }

    /// The driver hands out a change. `kept`: the record that was kept last.
    pub(crate) fn sends(&self, change: Change, kept: Option<&Record>, world: &World) -> Verdict {
        if kept.and_then(Record::sent) != Some(change) {
            return Err(format!("{change} is sent, and the record that was kept does not say so"));
        }
        if self.is_paused {
            return Err(format!("{change} is sent in a pause"));
        }
        if let Change::Walk { domain } = change
            && self.is_aborted
            && !self.is_back
            && !self.disturbed
            && world.instances().iter().any(|view| view.upgrade_domain >= domain)
        {
            return Err(format!("{change} is sent although it was called off"));
        }
        if change == Change::Start && !self.started.is_empty() {
            return Err("the update is started a second time".to_owned());
        }
        Ok(())
    }

    /// A change has reached the cloud, and was answered with this status.
    pub(crate) fn delivered(
        &mut self,
        now: Instant,
        sender: Sender,
        change: Option<Change>,
        status: u16,
        scenario: &Scenario,
        world: &World,
    ) -> Verdict {
        let is_accepted = status < 300;
        let is_refused_on_time =
            matches!(sender, Sender::Driver(_)) && !is_accepted && !self.disturbed;
        match change {
            Some(Change::Walk { domain }) if is_refused_on_time => {
                return Err(format!("the walk of domain {domain} is refused with {status}"));
            }
            Some(Change::Walk { domain }) if is_accepted && matches!(sender, Sender::Driver(_)) => {
                self.is_gated(now, domain, scenario, world)?;
            }
            _ => {}
        }
        if !is_accepted {
            return Ok(());
        }
        match (sender, change) {
            (Sender::Driver(flight) | Sender::Late(flight), Some(Change::Start)) => {
                if self.started.is_empty() {
                    if let Some(newest) = world.instances().iter().max_by_key(|it| it.version) {
                        self.base = newest.version;
                        self.base_label.clone_from(&newest.label);
                    }
                }
                self.started.push(flight);
                self.started_at.get_or_insert(now);
                if self.started.len() > 1 {
                    return Err("two starts of the driver's took effect".to_owned());
                }
                self.is_back = false;
                self.excused = 0;
            }
            (Sender::Driver(_) | Sender::Late(_), Some(Change::RollBack)) => {
                if self.has_rolled_back && !self.disturbed {
                    return Err("two rollbacks of the driver's took effect".to_owned());
                }
                self.is_back = true;
                self.has_rolled_back = true;
                self.excused = 0;
            }
            (Sender::Driver(_), _) => {}
            (Sender::Late(_) | Sender::Copy | Sender::Somebody, _) => self.disturbed = true,
        }
        Ok(())
    }

    /// Before a domain is walked, those before it must have been healthy for the settle time.
    fn is_gated(
        &mut self,
        now: Instant,
        domain: u32,
        scenario: &Scenario,
        world: &World,
    ) -> Verdict {
        if self.disturbed {
            return Ok(());
        }
        let views = world.instances();
        if views.iter().all(|view| view.upgrade_domain < domain) {
            // Nobody is taken down: an update that cannot be rolled back any more is walked to its end.
            return Ok(());
        }
        let down = (self.excused..domain).find(|before| {
            let of_domain: Vec<&InstanceView> =
                views.iter().filter(|view| view.upgrade_domain == *before).collect();
            let settled = of_domain.iter().filter(|view| {
                let since = world.up_since(&view.name);
                since.is_some_and(|since| now - since >= scenario.policy.settle_time)
            });
            settled.count() * 100 < of_domain.len() * usize::from(scenario.policy.health.share)
        });
        let is_probe_bad = scenario.policy.health.share == 100
            && self.bad_probe.is_some_and(|(at, bad)| {
                (self.excused..domain).contains(&bad) && now - at < scenario.policy.settle_time
            });
        let what = match down {
            Some(down) => format!("domain {down} has not been healthy for the settle time"),
            None if is_probe_bad => "a probe has failed within the settle time".to_owned(),
            None => return Ok(()),
        };
        Err(format!("domain {domain} is walked, and {what}"))
    }

    /// A claimed end must be what the cloud shows.
    pub(crate) fn ends(&self, outcome: &Outcome, scenario: &Scenario, world: &World) -> Verdict {
        let wrong = |what: String| Err(format!("{:?} is claimed, and {what}", outcome.ending()));
        let Some(Truth { answer, instances: views, .. }) = &self.last_read else {
            return wrong("nothing was ever read".to_owned());
        };
        let Ok(truth) = Endpoint::response::<GetDeployment>(answer) else {
            return wrong("the deployment is gone".to_owned());
        };
        if truth.upgrade_status.is_some() || truth.locked == Some(true) {
            return wrong("an update is in progress, or a lock is held".to_owned());
        }
        if truth.label.as_str() != outcome.standing().label {
            return wrong(format!("the label is {}", truth.label));
        }
        let is_old = outcome.ending() == Ending::RolledBack;
        let versions: Vec<u32> = views
            .iter()
            .filter(|view| match &scenario.task {
                Task::UpgradeRole(role) if !is_old => view.role == *role,
                _ => true,
            })
            .map(|view| view.version)
            .collect();
        let is_uniform = versions.windows(2).all(|pair| pair[0] == pair[1]);
        // Whoever adopts an update takes the one that there is, and knows not what was before.
        let is_strange = self.disturbed && matches!(scenario.task, Task::Adopt(_));
        let is_right = versions.iter().all(|version| (*version == self.base) == is_old);
        if !is_uniform || !(is_right || is_strange) {
            return wrong(format!("the instances are of the versions {versions:?}"));
        }
        let is_known = !is_strange && (!is_old || self.base == 1);
        let keeps_label = is_old || scenario.task == Task::Configuration;
        let label = if keeps_label { &self.base_label } else { NEW };
        if is_known && truth.label.as_str() != label {
            return wrong(format!("the label is {}", truth.label));
        }
        let roles = if is_old { &scenario.roles } else { &scenario.planned };
        for (role, count) in roles.iter().filter(|_| is_known) {
            let found = views.iter().filter(|view| view.role == *role).count();
            if found != usize::try_from(*count).unwrap_or(usize::MAX) {
                return wrong(format!("the role {role} has {found} instances instead of {count}"));
            }
        }
        let is_health_claimed = outcome.ending() != Ending::CompletedBeforeRollback;
        if is_health_claimed && !self.is_healthy(views, scenario, world) {
            return wrong("not all domains are healthy".to_owned());
        }
        if outcome.ending() != Ending::Upgraded && !matches!(outcome_cause(outcome), Some(true)) {
            return wrong("no cause is given".to_owned());
        }
        Ok(())
    }

    /// A reason to stop must be true.
    pub(crate) fn stops(
        &self,
        stopped: &Stopped,
        scenario: &Scenario,
        world: &mut World,
    ) -> Verdict {
        let wrong = |what: &str| Err(format!("it stops ({stopped}), and {what}"));
        let truth = world.truth();
        let is_adopted = matches!(scenario.task, Task::Adopt(_));
        let last_read = self.last_read.as_ref().map(|read| read.at);
        let is_started = self.started_at.is_some_and(|at| Some(at) < last_read);
        match stopped.why() {
            Why::Overtaken(_) | Why::NotToBeSeen(_) if !self.disturbed => {
                wrong("nobody else has touched the deployment")
            }
            Why::Overtaken(Meddling::RolledBack)
                if truth.as_ref().is_some_and(|it| it.label.as_str() == NEW) =>
            {
                wrong("it is on the new version")
            }
            Why::Deleted => match truth {
                Some(truth) if truth.status.as_str() != "Deleting" => wrong("it is there"),
                _ => Ok(()),
            },
            Why::NotStarted | Why::NeverStarted | Why::StartUnsettled | Why::Aborted
                if is_started && !is_adopted && !self.disturbed =>
            {
                wrong("the start was accepted before the last reading")
            }
            Why::Preflight(_) if !self.disturbed => wrong("nothing speaks against the plan"),
            Why::RollbackNotAllowed
                if truth.is_some_and(|it| it.rollback_allowed == Some(true)) && !self.disturbed =>
            {
                wrong("the cloud allows a rollback")
            }
            Why::Unhealthy(_)
                if world.instances().iter().all(|view| world.is_up(view))
                    && scenario.bad_probe.is_none() =>
            {
                wrong("all instances are up")
            }
            Why::Unhealthy(unwell) if unwell.is_empty() => wrong("it names no instance"),
            Why::NotRecorded if scenario.unkept.is_none() => wrong("every record was kept"),
            _ => Ok(()),
        }
    }

    fn is_healthy(&self, views: &[InstanceView], scenario: &Scenario, world: &World) -> bool {
        (self.excused..scenario.domains).all(|domain| {
            let of_domain: Vec<&InstanceView> =
                views.iter().filter(|view| view.upgrade_domain == domain).collect();
            let up = of_domain.iter().filter(|view| world.is_up(view)).count();
            up * 100 >= of_domain.len() * usize::from(scenario.policy.health.share)
        })
    }

    /// Whether nothing has happened that could keep an update from going through.
    pub(crate) fn expects_success(&self, scenario: &Scenario) -> bool {
        let is_begun = self.started_at.is_some() || matches!(scenario.task, Task::Adopt(_));
        is_begun
            && !self.disturbed
            && !self.is_aborted
            && scenario.stuck.is_empty()
            && scenario.bad_probe.is_none()
            && scenario.unkept.is_none()
    }
}

fn outcome_cause(outcome: &Outcome) -> Option<bool> {
    match outcome {
        Outcome::RolledBack { because, .. } | Outcome::CompletedBeforeRollback { because, .. } => {
            Some(!because.to_string().is_empty())
        }
        _ => None,
    }
}

/// The longest that a rollout may take, in the cloud's time.
pub(crate) const LONGEST: Duration = Duration::from_secs(72 * 3600);
