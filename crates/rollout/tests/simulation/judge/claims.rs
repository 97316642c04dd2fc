//! Whether what a driver claims is true.

use std::collections::BTreeMap;

use azure_classic_emulator::EmulatedInstance;
use azure_classic_protocol::configuration::ServiceConfiguration;
use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{Base64Text, Deployment, Endpoint, GetDeployment};
use azure_classic_rollout::{
    Change, ExternalChange, FinalState, RolloutError, RolloutOutcome, StopReason,
};

use super::{Judge, Truth, Verdict};
use crate::scenario::{NEW, Scenario, Task};
use crate::world::World;

impl Judge {
    /// A claimed end must be what the cloud shows.
    pub(crate) fn ends(
        &self,
        now: Instant,
        outcome: &RolloutOutcome,
        scenario: &Scenario,
        world: &World,
    ) -> Verdict {
        let wrong =
            |what: String| Err(format!("{:?} is claimed, and {what}", outcome.final_state()));
        let Some(Truth { response, instances: views, .. }) = &self.last_read else {
            return wrong("nothing was ever read".to_owned());
        };
        let Ok(truth) = Endpoint::response::<GetDeployment>(response) else {
            return wrong("the deployment is gone".to_owned());
        };
        let is_judged = !self.disturbed && !self.is_misled && self.excused < scenario.domains;
        let is_anybody_judged = views.iter().any(|view| view.upgrade_domain >= self.excused);
        if self.is_gap && is_judged {
            return wrong("the last reading did not show everything".to_owned());
        }
        let is_settled = |gap: Instant| now - gap >= scenario.policy.settle_time;
        let is_too_late = outcome.final_state() == FinalState::CompletedBeforeRollback;
        if is_judged && is_anybody_judged && !is_too_late && !self.last_gap.is_none_or(is_settled) {
            return wrong("the settle time did not restart after a gap".to_owned());
        }
        if truth.upgrade_status.is_some() || truth.locked == Some(true) {
            return wrong("an update is in progress, or a lock is held".to_owned());
        }
        if truth.label.as_str() != outcome.summary().label {
            return wrong(format!("the label is {}", truth.label));
        }
        let is_old = outcome.final_state() == FinalState::RolledBack;
        let versions: Vec<u32> = views
            .iter()
            .filter(|view| match &scenario.task {
                Task::UpgradeRole(role) if !is_old => view.role == *role,
                _ => true,
            })
            .map(|view| view.version)
            .collect();
        let is_uniform = versions.windows(2).all(|pair| pair[0] == pair[1]);
        // A driver that adopts an update takes it as it is, and does not know the old version; nor does the
        // simulator return to the started part of a replaced update.
        let is_adopted = matches!(scenario.task, Task::Adopt(_));
        let is_strange = self.disturbed && (is_adopted || self.base.is_none());
        let is_right = versions.iter().all(|version| (Some(*version) == self.base) == is_old);
        if !is_uniform || !(is_right || is_strange) {
            return wrong(format!("the instances are of the versions {versions:?}"));
        }
        let is_known = !is_strange && (!is_old || self.base == Some(1));
        let keeps_label = is_old || scenario.task == Task::Configuration;
        let label = if keeps_label { &self.base_label } else { NEW };
        if is_known && truth.label.as_str() != label {
            return wrong(format!("the label is {}", truth.label));
        }
        let roles = if is_old { scenario.roles.clone() } else { scenario.new_counts() };
        let configured = counts(&truth);
        let has_lost = |role: &str| scenario.loses_instances() && !scenario.is_kept(role);
        for (role, count) in roles.iter().filter(|_| is_known) {
            // If another operator has deleted instances, the simulator's configuration has followed.
            let count = configured.get(role).filter(|_| has_lost(role)).unwrap_or(count);
            let found = views.iter().filter(|view| view.role == *role).count();
            if found != usize::try_from(*count).unwrap_or(usize::MAX) {
                return wrong(format!("the role {role} has {found} instances instead of {count}"));
            }
        }
        let is_health_claimed = outcome.final_state() != FinalState::CompletedBeforeRollback;
        if is_health_claimed && !self.is_healthy(views, scenario, world) {
            return wrong("not all domains are healthy".to_owned());
        }
        if outcome.final_state() != FinalState::Upgraded
            && !matches!(outcome_cause(outcome), Some(true))
        {
            return wrong("no cause is given".to_owned());
        }
        Ok(())
    }

    /// A reason to stop must be true.
    pub(crate) fn stops(
        &self,
        stopped: &RolloutError,
        scenario: &Scenario,
        world: &mut World,
    ) -> Verdict {
        let wrong = |what: &str| Err(format!("it stops ({stopped}), and {what}"));
        let truth = world.truth();
        let is_adopted = matches!(scenario.task, Task::Adopt(_));
        let last_read = self.last_read.as_ref().map(|read| read.at);
        let is_started = self.started_at.is_some_and(|at| Some(at) < last_read);
        match stopped.why() {
            // Its operation has failed without the driver's knowledge.
            StopReason::ChangeNotVisible(Change::Start) if scenario.start_fails_late() => Ok(()),
            StopReason::ChangeNotVisible(Change::Walk { .. }) if scenario.walks_fail_late() => {
                Ok(())
            }
            StopReason::ExternalChange(_) | StopReason::ChangeNotVisible(_) if !self.disturbed => {
                wrong("no other operator has changed the deployment")
            }
            StopReason::ExternalChange(ExternalChange::RolledBack)
                if truth.as_ref().is_some_and(|it| it.label.as_str() == NEW) =>
            {
                wrong("it is on the new version")
            }
            StopReason::Deleted => match truth {
                Some(truth)
                    if truth.status.as_str() != "Deleting"
                        && truth.private_id == world.private_id =>
                {
                    wrong("it is there")
                }
                _ => Ok(()),
            },
            StopReason::Replaced
                if truth.as_ref().is_some_and(|it| it.private_id == world.private_id) =>
            {
                wrong("it is the same deployment")
            }
            StopReason::NotStarted
            | StopReason::NeverStarted
            | StopReason::StartUnconfirmed
            | StopReason::Aborted
                if is_started && !is_adopted && !self.disturbed && !scenario.start_fails_late() =>
            {
                wrong("the start was accepted before the last reading")
            }
            // The old version of an adopted update is known only by its number. If an instance was deleted as
            // well, the driver stops rather than confuse two versions.
            StopReason::Incomplete(_) if is_adopted && scenario.loses_instances() => Ok(()),
            StopReason::Incomplete(_) if !self.is_lied_to && !self.is_misled => {
                wrong("the last reading showed everything")
            }
            StopReason::Preflight(_) if self.is_lied_to => Ok(()),
            StopReason::Preflight(_) if !self.disturbed && !scenario.is_promoted() => {
                wrong("nothing speaks against the plan")
            }
            StopReason::RollbackNotAllowed
                if truth.is_some_and(|it| it.rollback_allowed == Some(true)) && !self.disturbed =>
            {
                wrong("the cloud allows a rollback")
            }
            StopReason::Unhealthy(_)
                if world.instances().iter().all(|view| world.is_up(view))
                    && scenario.bad_probe.is_none()
                    && scenario.ailing.is_none() =>
            {
                wrong("all instances are up")
            }
            StopReason::Unhealthy(unhealthy) if unhealthy.is_empty() => {
                wrong("it names no instance")
            }
            StopReason::NotPersisted if scenario.unkept.is_none() => wrong("every record was kept"),
            _ => Ok(()),
        }
    }

    fn is_healthy(&self, views: &[EmulatedInstance], scenario: &Scenario, world: &World) -> bool {
        (self.excused..scenario.domains).all(|domain| {
            let of_domain: Vec<&EmulatedInstance> =
                views.iter().filter(|view| view.upgrade_domain == domain).collect();
            let up = of_domain.iter().filter(|view| world.is_up(view)).count();
            up * 100 >= of_domain.len() * usize::from(scenario.policy.health.min_healthy)
        })
    }

    /// Whether nothing has happened that could keep an update from going through.
    pub(crate) fn expects_success(&self, scenario: &Scenario) -> bool {
        let is_walked = self.started_at.is_some() || matches!(scenario.task, Task::Adopt(_));
        is_walked
            && !self.disturbed
            && !self.is_aborted
            && scenario.stuck.is_empty()
            && scenario.bad_probe.is_none()
            && scenario.unkept.is_none()
            && scenario.ailing.is_none()
            && scenario.late.is_none()
    }
}

/// The number of instances of each role in the configuration that the cloud shows.
fn counts(truth: &Deployment) -> BTreeMap<String, u32> {
    let text = truth.configuration.as_ref().map(Base64Text::as_str).unwrap_or_default();
    let configuration = ServiceConfiguration::read(text).ok();
    let roles = configuration.iter().flat_map(ServiceConfiguration::roles);
    roles.map(|role| (role.name().to_owned(), role.instances)).collect()
}

fn outcome_cause(outcome: &RolloutOutcome) -> Option<bool> {
    match outcome {
        RolloutOutcome::RolledBack { reason, .. }
        | RolloutOutcome::CompletedBeforeRollback { reason, .. } => {
            Some(!reason.to_string().is_empty())
        }
        _ => None,
    }
}
