//! What faults do to role instances and to upgrade domains.

use super::Deployment;
use super::instance::{Instance, Moved, Phase, RESTART};
use super::role::Role;
use crate::cloud::faults::{Ailment, RuleNumber, Scene};
use crate::cloud::world::{Event, InstanceId, World};

impl Deployment {
    /// What the instance comes down with, now that it is about to become ready.
    pub(super) fn ailment(&self, role: &Role, index: u32, world: &mut World) -> Option<Ailment> {
        if !world.faults.concern_instances() {
            return None;
        }
        let instance = role.instances.get(&index).filter(|it| it.is_about_to_be_ready())?;
        let name = role.instance_name(index);
        world.faults.ailment(world.now, &self.scene(instance, &name))
    }

    /// The time of a fault has come: it takes hold of instances that are ready.
    pub(crate) fn strike(&mut self, rule: RuleNumber, world: &mut World) {
        let mut roles = std::mem::take(&mut self.roles);
        for (&key, role) in &mut roles {
            for (&index, instance) in &mut role.instances {
                if instance.phase != Phase::ReadyRole || instance.ailment.is_some() {
                    continue;
                }
                let name = format!("{}_IN_{index}", role.name);
                let scene = self.scene(instance, &name);
                if let Some(ailment) = world.faults.ailment_of_ready(rule, world.now, &scene) {
                    let id = InstanceId { deployment: self.id, role: key, index };
                    instance.fall_ill(ailment, id, world);
                }
            }
        }
        self.roles = roles;
    }

    /// Lets everything go on that is held by faults which are in force no more.
    pub(crate) fn release(&mut self, world: &mut World) {
        for (&role, of) in &mut self.roles {
            for (&index, instance) in &mut of.instances {
                let Some(ailment) = instance.ailment else { continue };
                if world.faults.holds(ailment.rule, world.now) {
                    continue;
                }
                if instance.phase == Phase::ReadyRole {
                    instance.halt(world);
                } else {
                    let id = InstanceId { deployment: self.id, role, index };
                    instance.set_out(RESTART, id, world);
                }
            }
        }
        let holder = self.update.as_ref().and_then(|update| update.stuck_by);
        if holder.is_some_and(|rule| !world.faults.holds(rule, world.now)) {
            self.finish_domain(world);
        }
    }

    /// Whether a fault keeps the upgrade domain in work from finishing.
    pub(super) fn is_domain_stuck(&mut self, world: &mut World) -> bool {
        let label = self.current().label.clone();
        let Some(update) = self.update.as_mut() else { return false };
        let scene = Scene {
            service: Some(&self.service),
            deployment: Some(&self.name),
            label: Some(&label),
            ..Scene::default()
        };
        update.stuck_by = world.faults.stuck_domain(world.now, &scene, update.domain);
        update.stuck_by.is_some()
    }

    fn scene<'a>(&'a self, instance: &Instance, name: &'a str) -> Scene<'a> {
        Scene {
            service: Some(&self.service),
            deployment: Some(&self.name),
            instance: Some(name),
            label: self.versions.get(&instance.version).map(|version| version.label.as_str()),
            ..Scene::default()
        }
    }
}

impl Instance {
    /// Instead of becoming ready, or from being ready.
    pub(super) fn fall_ill(
        &mut self,
        ailment: Ailment,
        id: InstanceId,
        world: &mut World,
    ) -> Moved {
        self.ailment = Some(ailment);
        let Some(ready_for) = ailment.ready_for else {
            self.go_down(ailment, id, world);
            return Moved::OnTheWay;
        };
        self.phase = Phase::ReadyRole;
        self.timer = Some(world.schedule(ready_for.into(), Event::Instance(id)));
        Moved::Arrived
    }

    /// Its time of being ready, or of being down, is over.
    pub(super) fn suffer(&mut self, ailment: Ailment, id: InstanceId, world: &mut World) -> Moved {
        if self.phase == Phase::ReadyRole {
            self.go_down(ailment, id, world);
        } else {
            self.set_out(RESTART, id, world);
        }
        Moved::OnTheWay
    }

    fn go_down(&mut self, ailment: Ailment, id: InstanceId, world: &mut World) {
        self.phase = ailment.down;
        self.timer = ailment.down_for.map(|time| world.schedule(time.into(), Event::Instance(id)));
    }
}
