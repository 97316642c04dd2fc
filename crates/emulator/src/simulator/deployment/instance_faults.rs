//! What faults do to role instances and to upgrade domains.

use super::Deployment;
use super::instance::{Instance, Phase, RESTART, TransitionResult};
use super::role::Role;
use crate::simulator::faults::{FaultContext, InstanceFault, RuleNumber};
use crate::simulator::shared_state::{Event, InstanceId, SharedState};

impl Deployment {
    /// What the instance comes down with, now that it is about to become ready.
    pub(super) fn startup_fault(
        &self,
        role: &Role,
        index: u32,
        shared: &mut SharedState,
    ) -> Option<InstanceFault> {
        if !shared.faults.affect_instances() {
            return None;
        }
        let instance = role.instances.get(&index).filter(|it| it.is_about_to_be_ready())?;
        let name = role.instance_name(index);
        shared.faults.instance_fault(shared.now, &self.fault_context(instance, &name))
    }

    /// The time of a fault has come: it takes hold of instances that are ready.
    pub(crate) fn inject(&mut self, rule: RuleNumber, shared: &mut SharedState) {
        let mut roles = std::mem::take(&mut self.roles);
        for (&key, role) in &mut roles {
            for (&index, instance) in &mut role.instances {
                if instance.phase != Phase::ReadyRole || instance.fault.is_some() {
                    continue;
                }
                let name = format!("{}_IN_{index}", role.name);
                let fault_context = self.fault_context(instance, &name);
                if let Some(fault) =
                    shared.faults.fault_of_ready_instance(rule, shared.now, &fault_context)
                {
                    let id = InstanceId { deployment: self.id, role: key, index };
                    instance.apply_fault(fault, id, shared);
                }
            }
        }
        self.roles = roles;
    }

    /// Lets everything go on that is held by faults which are in force no more.
    pub(crate) fn release_expired_faults(&mut self, shared: &mut SharedState) {
        for (&role, of) in &mut self.roles {
            for (&index, instance) in &mut of.instances {
                let Some(fault) = instance.fault else { continue };
                if shared.faults.is_active(fault.rule, shared.now) {
                    continue;
                }
                if instance.phase == Phase::ReadyRole {
                    instance.cancel_transitions(shared);
                } else {
                    let id = InstanceId { deployment: self.id, role, index };
                    instance.run_sequence(RESTART, id, shared);
                }
            }
        }
        let stuck_rule = self.update.as_ref().and_then(|update| update.stuck_by);
        if stuck_rule.is_some_and(|rule| !shared.faults.is_active(rule, shared.now)) {
            self.finish_domain(shared);
        }
    }

    /// Whether a fault keeps the upgrade domain in work from finishing.
    pub(super) fn is_domain_stuck(&mut self, shared: &mut SharedState) -> bool {
        let label = self.current_version().label.clone();
        let Some(update) = self.update.as_mut() else { return false };
        let fault_context = FaultContext {
            service: Some(&self.service),
            deployment: Some(&self.name),
            label: Some(&label),
            ..FaultContext::default()
        };
        update.stuck_by = shared.faults.stuck_domain(shared.now, &fault_context, update.domain);
        update.stuck_by.is_some()
    }

    fn fault_context<'a>(&'a self, instance: &Instance, name: &'a str) -> FaultContext<'a> {
        FaultContext {
            service: Some(&self.service),
            deployment: Some(&self.name),
            instance: Some(name),
            label: self.versions.get(&instance.version).map(|version| version.label.as_str()),
            ..FaultContext::default()
        }
    }
}

impl Instance {
    /// Instead of becoming ready, or from being ready.
    pub(super) fn apply_fault(
        &mut self,
        fault: InstanceFault,
        id: InstanceId,
        shared: &mut SharedState,
    ) -> TransitionResult {
        self.fault = Some(fault);
        let Some(ready_for) = fault.ready_for else {
            self.enter_fault_state(fault, id, shared);
            return TransitionResult::InProgress;
        };
        self.phase = Phase::ReadyRole;
        self.timer = Some(shared.schedule(ready_for.into(), Event::Instance(id)));
        TransitionResult::Completed
    }

    /// Its time of being ready, or of being down, is over.
    pub(super) fn advance_fault(
        &mut self,
        fault: InstanceFault,
        id: InstanceId,
        shared: &mut SharedState,
    ) -> TransitionResult {
        if self.phase == Phase::ReadyRole {
            self.enter_fault_state(fault, id, shared);
        } else {
            self.run_sequence(RESTART, id, shared);
        }
        TransitionResult::InProgress
    }

    fn enter_fault_state(
        &mut self,
        fault: InstanceFault,
        id: InstanceId,
        shared: &mut SharedState,
    ) {
        self.phase = fault.down_phase;
        self.timer = fault.down_for.map(|time| shared.schedule(time.into(), Event::Instance(id)));
    }
}
