//! Whether a deployment makes sense, as read from a file.

use super::instance::Instance;
use super::lock::Continuation;
use super::plan::UpdatePlan;
use super::role::Role;
use super::update::UpdateProgress;
use super::version::VersionId;
use super::{ADDRESS_COUNT, Deployment};
use crate::simulator::UPGRADE_DOMAINS;
use crate::simulator::validation::{InvalidState, check_counter};

/// What must hold so that nothing that a deployment does later can go wrong.
impl Deployment {
    pub(in crate::simulator) fn check(&self, most_instances: u32) -> Result<(), InvalidState> {
        if !UPGRADE_DOMAINS.contains(&self.domains) {
            return Err(InvalidState::new(
                "domains",
                format!("is {}; 1 to 20 are possible", self.domains),
            ));
        }
        if self.private_id.len() < 2 || !self.private_id.is_ascii() {
            return Err(InvalidState::new("private_id", "is too short, or not in ASCII"));
        }
        if self.address_offset >= ADDRESS_COUNT {
            return Err(InvalidState::new(
                "address_offset",
                format!("is not below {ADDRESS_COUNT}"),
            ));
        }
        check_counter("last_version", self.last_version, self.versions.keys().map(|id| id.0))?;
        check_counter("last_number", self.last_number, self.versions.values().map(|it| it.number))?;
        check_counter(
            "last_package",
            self.last_package,
            self.versions.values().map(|it| it.package),
        )?;
        let awaiting = self.instances().filter_map(|instance| instance.awaited_by);
        let update = self.update.iter().map(|update| update.number);
        check_counter("last_update", self.last_update, awaiting.chain(update))?;

        self.check_version("current", self.current)?;
        self.check_version("stable", self.stable)?;
        let planned = self.lock.iter().filter_map(|lock| match &lock.continuation {
            Continuation::StartUpdate(UpdatePlan::RollForward(forward)) => {
                Some(("lock".to_owned(), &forward.configuration))
            }
            _ => None,
        });
        let configurations = self.versions.iter();
        let kept = configurations.map(|(id, it)| (format!("versions.{}", id.0), &it.configuration));
        for (place, configuration) in kept.chain(planned) {
            check_count(&place, configuration.instances(), most_instances)?;
        }
        for (key, role) in &self.roles {
            if *key > u32::MAX / 2 {
                return Err(InvalidState::new(format!("roles.{key}"), "has too high a number"));
            }
            self.check_role(role, most_instances)
                .map_err(|invalid| invalid.inside(format_args!("roles.{key}")))?;
        }
        let goals = self.roles.values().filter_map(|role| role.target.as_ref());
        let goals = goals.map(|goal| goal.indices.count());
        check_count("roles", goals.fold(0, u32::saturating_add), most_instances)?;
        self.events.check().map_err(|it| it.inside("events"))?;
        self.check_update()
    }

    fn check_role(&self, role: &Role, most_instances: u32) -> Result<(), InvalidState> {
        for (place, goal) in [("target", &role.target), ("stable", &role.stable)] {
            let Some(goal) = goal else { continue };
            self.check_version(&format!("{place}.version"), goal.version)?;
            goal.indices.check(most_instances).map_err(|it| it.inside(place))?;
        }
        for (index, instance) in &role.instances {
            let place = format!("instances.{index}");
            if *index >= most_instances {
                return Err(InvalidState::new(place, format!("is not below {most_instances}")));
            }
            self.check_version(&format!("{place}.version"), instance.version)?;
            check_counter(&format!("{place}.installs"), instance.installs, [])?;
            check_counter(&format!("{place}.wipes"), instance.wipes, [])?;
        }
        Ok(())
    }

    /// It counts the instances that it waits for, and waits only while a domain is in work.
    fn check_update(&self) -> Result<(), InvalidState> {
        let Some(update) = &self.update else { return Ok(()) };
        if update.domain >= self.domains {
            let what = format!("is {}, and there are {} domains", update.domain, self.domains);
            return Err(InvalidState::new("update.domain", what));
        }
        let awaited =
            self.instances().filter(|instance| instance.awaited_by == Some(update.number)).count();
        if update.pending != awaited {
            let what = format!("is {}, but {awaited} instances are awaited", update.pending);
            return Err(InvalidState::new("update.pending", what));
        }
        if update.pending > 0 && update.progress != UpdateProgress::During {
            let what = "awaits instances, but no domain is in work";
            return Err(InvalidState::new("update.pending", what));
        }
        Ok(())
    }

    fn check_version(&self, place: &str, version: VersionId) -> Result<(), InvalidState> {
        if self.versions.contains_key(&version) {
            return Ok(());
        }
        Err(InvalidState::new(place, format!("is {}, which is not among the versions", version.0)))
    }

    fn instances(&self) -> impl Iterator<Item = &Instance> {
        self.roles.values().flat_map(|role| role.instances.values())
    }
}

fn check_count(place: &str, count: u32, most: u32) -> Result<(), InvalidState> {
    if count <= most {
        return Ok(());
    }
    Err(InvalidState::new(place, format!("asks for {count} instances; at most {most} are allowed")))
}
