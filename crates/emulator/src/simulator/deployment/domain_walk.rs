//! How an update moves: from upgrade domain to upgrade domain, and in each from instance to instance.

use super::Deployment;
use super::instance::{
    CREATE, CREATE_STOPPED, Instance, RECONFIGURE, REIMAGE, REMOVE, REMOVE_STOPPED, REPLACE,
    StateSequence, UPDATE_STOPPED,
};
use super::requests::Mode;
use super::role::RoleTarget;
use super::update::{Update, UpdateProgress};
use super::version::VersionId;
use crate::simulator::shared_state::{Event, InstanceId, SharedState};

impl Deployment {
    /// The update stands before an upgrade domain, until its time comes or a walk does.
    pub(super) fn wait_before_domain(&mut self, domain: u32, shared: &mut SharedState) {
        let Some(update) = &mut self.update else { return };
        update.progress = UpdateProgress::Before;
        update.domain = domain;
        update.timer = match update.mode {
            Mode::Manual => None,
            Mode::Auto | Mode::Simultaneous => Some(
                shared.schedule_with_jitter(shared.settings.timing.domain, Event::Domain(self.id)),
            ),
        };
    }

    /// The time has come to begin the domain, or to stop waiting for it.
    pub(crate) fn on_domain_timer(&mut self, shared: &mut SharedState) {
        match self.update.as_ref().map(|update| update.progress) {
            Some(UpdateProgress::Before) => self.start_domain(shared),
            Some(UpdateProgress::During) => {
                self.abandon_pending_instances();
                self.finish_domain(shared);
            }
            Some(UpdateProgress::Preparing) | None => {}
        }
    }

    /// Sends the instances of the domain on their way.
    pub(super) fn start_domain(&mut self, shared: &mut SharedState) {
        let Some(mut update) = self.update.take() else { return };
        update.progress = UpdateProgress::During;
        let (domain, domains) = update.instance_stride(self.domains);
        let mut roles = std::mem::take(&mut self.roles);
        for (&key, role) in &mut roles {
            for index in role.indices(domain, domains) {
                let id = InstanceId { deployment: self.id, role: key, index };
                let goal = role.target.as_ref().filter(|goal| goal.indices.contains(index));
                match (role.instances.get_mut(&index), goal) {
                    (None, Some(goal)) => {
                        let mut instance = Instance::new(goal.version, self.next_address());
                        instance.run_sequence(self.creation_sequence(), id, shared);
                        update.await_instance(&mut instance);
                        role.instances.insert(index, instance);
                    }
                    (Some(instance), None) => {
                        if !instance.is_deleting {
                            instance.run_sequence(self.removal_sequence(), id, shared);
                        }
                        update.await_instance(instance);
                    }
                    (Some(instance), Some(goal)) => {
                        if let Some(sequence) = self.change_sequence(instance, goal) {
                            let is_resized =
                                u32::from(self.changes_role_size(goal.version, instance.version));
                            instance.installs += is_resized;
                            instance.wipes += is_resized;
                            instance.version = goal.version;
                            instance.run_sequence(sequence, id, shared);
                            update.await_instance(instance);
                        }
                    }
                    (None, None) => {}
                }
            }
        }
        self.roles = roles;

        let is_done = update.pending == 0;
        if !is_done {
            update.timer =
                Some(shared.schedule(shared.settings.timing.start_timeout, Event::Domain(self.id)));
        }
        self.update = Some(update);
        if is_done {
            self.finish_domain(shared);
        }
    }

    /// An instance for which the update (by number) waited has arrived.
    pub(super) fn on_instance_updated(&mut self, update: u32, shared: &mut SharedState) {
        let Some(current) = self.update.as_mut().filter(|current| current.number == update) else {
            return;
        };
        current.pending -= 1;
        if current.pending == 0 {
            self.finish_domain(shared);
        }
    }

    /// The platform goes on without those that have not started.
    fn abandon_pending_instances(&mut self) {
        let Some(update) = &mut self.update else { return };
        let (domain, domains) = update.instance_stride(self.domains);
        for role in self.roles.values_mut() {
            for index in role.indices(domain, domains) {
                if let Some(instance) = role.instances.get_mut(&index)
                    && instance.awaited_by == Some(update.number)
                {
                    instance.awaited_by = None;
                }
            }
        }
        update.pending = 0;
    }

    pub(super) fn finish_domain(&mut self, shared: &mut SharedState) {
        let is_stuck = self.is_domain_stuck(shared);
        let Some(update) = &mut self.update else { return };
        shared.events.cancel(update.timer.take());
        if is_stuck {
            return;
        }
        if let Some(walk) = update.walk.take() {
            shared.operations.succeed(&walk, shared.now);
        }
        let next = update.domain + 1;
        if update.mode == Mode::Simultaneous || next == self.domains {
            self.complete_update(shared);
        } else {
            self.wait_before_domain(next, shared);
        }
    }

    fn complete_update(&mut self, shared: &mut SharedState) {
        self.update = None;
        self.stable = self.current;
        self.modified = shared.now;
        for role in self.roles.values_mut() {
            role.stable.clone_from(&role.target);
            if role.target.is_none() {
                // Those that were given up while they left; their events must not outlive them.
                role.instances
                    .values_mut()
                    .for_each(|instance| instance.cancel_transitions(shared));
            }
        }
        self.roles.retain(|_, role| role.target.is_some());
        self.prune_versions();
    }

    fn creation_sequence(&self) -> StateSequence {
        if self.is_started { CREATE } else { CREATE_STOPPED }
    }

    fn removal_sequence(&self) -> StateSequence {
        if self.is_started { REMOVE } else { REMOVE_STOPPED }
    }

    /// How an instance gets to its goal; `None` when it is there or on the way, and then nobody waits
    /// for it: it is not the update that changes it.
    fn change_sequence(&self, instance: &Instance, goal: &RoleTarget) -> Option<StateSequence> {
        if instance.is_deleting {
            return Some(self.creation_sequence());
        }
        if instance.version == goal.version {
            return None;
        }
        let package = |version| self.versions.get(&version).map(|version| version.package);
        Some(match package(instance.version) == package(goal.version) {
            _ if !self.is_started => UPDATE_STOPPED,
            _ if self.changes_role_size(goal.version, instance.version) => REIMAGE,
            true => RECONFIGURE,
            false => REPLACE,
        })
    }

    /// Whether a version has instances of another size.
    fn changes_role_size(&self, version: VersionId, before: VersionId) -> bool {
        let size = |id| self.versions.get(&id).map(|version| &version.definition.role_size);
        size(version) != size(before)
    }
}

impl Update {
    /// The upgrade domain in work, as the first of the indices and the distance between them.
    fn instance_stride(&self, domains: u32) -> (u32, u32) {
        match self.mode {
            Mode::Simultaneous => (0, 1),
            Mode::Auto | Mode::Manual => (self.domain, domains),
        }
    }

    fn await_instance(&mut self, instance: &mut Instance) {
        instance.awaited_by = Some(self.number);
        self.pending += 1;
    }
}
