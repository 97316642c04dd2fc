//! How an update moves: from upgrade domain to upgrade domain, and in each from instance to instance.

use super::Deployment;
use super::instance::{
    CHANGE_STOPPED, CREATE, CREATE_STOPPED, Instance, Journey, RECONFIGURE, REIMAGE, REMOVE,
    REMOVE_STOPPED, REPLACE,
};
use super::requests::Mode;
use super::role::Goal;
use super::update::{Progress, Update};
use super::version::VersionId;
use crate::cloud::world::{Event, InstanceId, World};

impl Deployment {
    /// The update stands before an upgrade domain, until its time comes or a walk does.
    pub(super) fn stand_before(&mut self, domain: u32, world: &mut World) {
        let Some(update) = &mut self.update else { return };
        update.progress = Progress::Before;
        update.domain = domain;
        update.timer = match update.mode {
            Mode::Manual => None,
            Mode::Auto | Mode::Simultaneous => {
                Some(world.schedule_about(world.settings.pace.domain, Event::Domain(self.id)))
            }
        };
    }

    /// The time has come to begin the domain, or to stop waiting for it.
    pub(crate) fn on_domain(&mut self, world: &mut World) {
        match self.update.as_ref().map(|update| update.progress) {
            Some(Progress::Before) => self.begin_domain(world),
            Some(Progress::During) => {
                self.give_up_waiting();
                self.finish_domain(world);
            }
            Some(Progress::Preparing) | None => {}
        }
    }

    /// Sends the instances of the domain on their way.
    pub(super) fn begin_domain(&mut self, world: &mut World) {
        let Some(mut update) = self.update.take() else { return };
        update.progress = Progress::During;
        let (domain, domains) = update.reach(self.domains);
        let mut roles = std::mem::take(&mut self.roles);
        for (&key, role) in &mut roles {
            for index in role.indices(domain, domains) {
                let id = InstanceId { deployment: self.id, role: key, index };
                let goal = role.goal.as_ref().filter(|goal| goal.indices.contains(index));
                match (role.instances.get_mut(&index), goal) {
                    (None, Some(goal)) => {
                        let mut instance = Instance::new(goal.version, self.next_address());
                        instance.set_out(self.creation(), id, world);
                        update.awaits(&mut instance);
                        role.instances.insert(index, instance);
                    }
                    (Some(instance), None) => {
                        if !instance.is_leaving {
                            instance.set_out(self.removal(), id, world);
                        }
                        update.awaits(instance);
                    }
                    (Some(instance), Some(goal)) => {
                        if let Some(journey) = self.change(instance, goal) {
                            let is_resized =
                                u32::from(self.resizes_to(goal.version, instance.version));
                            instance.installs += is_resized;
                            instance.wipes += is_resized;
                            instance.version = goal.version;
                            instance.set_out(journey, id, world);
                            update.awaits(instance);
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
                Some(world.schedule(world.settings.pace.patience, Event::Domain(self.id)));
        }
        self.update = Some(update);
        if is_done {
            self.finish_domain(world);
        }
    }

    /// An instance for which the update (by number) waited has arrived.
    pub(super) fn on_arrival(&mut self, update: u32, world: &mut World) {
        let Some(current) = self.update.as_mut().filter(|current| current.number == update) else {
            return;
        };
        current.pending -= 1;
        if current.pending == 0 {
            self.finish_domain(world);
        }
    }

    /// The platform goes on without those that have not started.
    fn give_up_waiting(&mut self) {
        let Some(update) = &mut self.update else { return };
        let (domain, domains) = update.reach(self.domains);
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

    pub(super) fn finish_domain(&mut self, world: &mut World) {
        let is_stuck = self.is_domain_stuck(world);
        let Some(update) = &mut self.update else { return };
        world.timeline.cancel(update.timer.take());
        if is_stuck {
            return;
        }
        if let Some(walk) = update.walk.take() {
            world.operations.succeed(&walk, world.now);
        }
        let next = update.domain + 1;
        if update.mode == Mode::Simultaneous || next == self.domains {
            self.complete_update(world);
        } else {
            self.stand_before(next, world);
        }
    }

    fn complete_update(&mut self, world: &mut World) {
        self.update = None;
        self.settled = self.current;
        self.modified = world.now;
        for role in self.roles.values_mut() {
            role.settled.clone_from(&role.goal);
            if role.goal.is_none() {
                // Those that were given up while they left; their events must not outlive them.
                role.instances.values_mut().for_each(|instance| instance.halt(world));
            }
        }
        self.roles.retain(|_, role| role.goal.is_some());
        self.forget_versions();
    }

    fn creation(&self) -> Journey {
        if self.is_started { CREATE } else { CREATE_STOPPED }
    }

    fn removal(&self) -> Journey {
        if self.is_started { REMOVE } else { REMOVE_STOPPED }
    }

    /// How an instance gets to its goal; `None` when it is there or on the way, and then nobody waits
    /// for it: it is not the update that changes it.
    fn change(&self, instance: &Instance, goal: &Goal) -> Option<Journey> {
        if instance.is_leaving {
            return Some(self.creation());
        }
        if instance.version == goal.version {
            return None;
        }
        let package = |version| self.versions.get(&version).map(|version| version.package);
        Some(match package(instance.version) == package(goal.version) {
            _ if !self.is_started => CHANGE_STOPPED,
            _ if self.resizes_to(goal.version, instance.version) => REIMAGE,
            true => RECONFIGURE,
            false => REPLACE,
        })
    }

    /// Whether a version has instances of another size.
    fn resizes_to(&self, version: VersionId, before: VersionId) -> bool {
        let size = |id| self.versions.get(&id).map(|version| &version.definition.role_size);
        size(version) != size(before)
    }
}

impl Update {
    /// The upgrade domain in work, as the first of the indices and the distance between them.
    fn reach(&self, domains: u32) -> (u32, u32) {
        match self.mode {
            Mode::Simultaneous => (0, 1),
            Mode::Auto | Mode::Manual => (self.domain, domains),
        }
    }

    fn awaits(&mut self, instance: &mut Instance) {
        instance.awaited_by = Some(self.number);
        self.pending += 1;
    }
}
