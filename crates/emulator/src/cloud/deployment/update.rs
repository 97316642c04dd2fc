//! An in-place update on its way through the upgrade domains: upgrade, configuration change, rollback.

use std::collections::{HashMap, HashSet};

use azure_classic_protocol::RequestId;
use serde::{Deserialize, Serialize};

use super::Deployment;
use super::configuration::Configuration;
use super::requests::{ChangeConfiguration, Mode, Upgrade};
use super::role::{Goal, Role};
use super::version::Version;
use crate::cloud::extension::configuration::ExtensionConfiguration;
use crate::cloud::faults::RuleNumber;
use crate::cloud::refusal::Refusal;
use crate::cloud::timeline::Timer;
use crate::cloud::values::{self, PropertyChanges};
use crate::cloud::world::World;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Update {
    /// Counted from 1 in each deployment, so that an instance knows who waits for it.
    pub(super) number: u32,
    pub(crate) mode: Mode,
    pub(crate) is_rollback: bool,
    pub(crate) progress: Progress,
    /// The upgrade domain that waits or is in work.
    pub(crate) domain: u32,
    /// How many instances of the domain have not arrived.
    pub(super) pending: usize,
    pub(super) walk: Option<RequestId>,
    pub(super) timer: Option<Timer>,
    /// The fault that keeps the domain from finishing.
    pub(super) stuck_by: Option<RuleNumber>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Progress {
    /// The operation that began the update still holds the deployment.
    Preparing,
    /// The domain waits: for its time, or for a walk.
    Before,
    /// The domain is in work.
    During,
}

/// Where an update leads.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Plan {
    /// To a new version; without extensions of its own it keeps those that there are.
    Forward {
        label: String,
        configuration: Configuration,
        extensions: Option<ExtensionConfiguration>,
        scope: Scope,
    },
    /// To what the roles ran when the last update ended.
    Back,
}

/// What an update brings besides the configuration.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Scope {
    /// A new package for all roles.
    Package,
    /// A new package, and with it the configuration, for one role.
    PackageOf(String),
    /// Nothing.
    Configuration,
}

impl Deployment {
    pub(crate) fn upgrade(
        &mut self,
        request: &RequestId,
        upgrade: Upgrade,
        world: &mut World,
    ) -> Result<(), Refusal> {
        self.check_unlocked()?;
        if upgrade.package.upgrade_domains.is_some_and(|count| count != self.domains) {
            return Err(Refusal::bad_request(
                "The number of upgrade domains cannot be changed by an in-place upgrade.",
            ));
        }
        let (gone, added) = self.role_changes(&upgrade.configuration);
        if gone && added {
            return Err(Refusal::bad_request("Roles cannot be renamed by an in-place upgrade."));
        }
        if let Some(only) = &upgrade.only_role {
            if gone || added {
                return Err(Refusal::bad_request(
                    "An upgrade of a single role cannot add or remove roles.",
                ));
            }
            if !self.settled().configuration.roles.iter().any(|role| role.name == *only) {
                return Err(Refusal::bad_request(format!("The role '{only}' does not exist.")));
            }
        }
        self.change_properties(upgrade.properties)?;
        let plan = Plan::Forward {
            label: upgrade.label,
            configuration: upgrade.configuration,
            extensions: upgrade.extensions,
            scope: upgrade.only_role.map_or(Scope::Package, Scope::PackageOf),
        };
        self.prepare_update(request, upgrade.mode, plan, world);
        Ok(())
    }

    pub(crate) fn change_configuration(
        &mut self,
        request: &RequestId,
        change: ChangeConfiguration,
        world: &mut World,
    ) -> Result<(), Refusal> {
        self.check_unlocked()?;
        if self.role_changes(&change.configuration) != (false, false) {
            return Err(Refusal::bad_request(
                "The configuration does not have the same roles as the service definition.",
            ));
        }
        self.change_properties(change.properties)?;
        let plan = Plan::Forward {
            label: self.settled().label.clone(),
            configuration: change.configuration,
            extensions: change.extensions,
            scope: Scope::Configuration,
        };
        self.prepare_update(request, change.mode, plan, world);
        Ok(())
    }

    pub(crate) fn roll_back(
        &mut self,
        request: &RequestId,
        mode: Mode,
        world: &mut World,
    ) -> Result<(), Refusal> {
        self.check_unlocked()?;
        if !self.rollback_allowed() {
            return Err(Refusal::bad_request(
                "The deployment cannot be rolled back: there is no update in progress with an \
                 instance that has not been updated.",
            ));
        }
        self.prepare_update(request, mode, Plan::Back, world);
        Ok(())
    }

    /// Lets a manual update proceed in its next upgrade domain.
    pub(crate) fn walk(
        &mut self,
        request: &RequestId,
        domain: u32,
        world: &mut World,
    ) -> Result<(), Refusal> {
        self.check_unlocked()?;
        let Some(update) = self.update.as_mut().filter(|update| update.mode == Mode::Manual) else {
            return Err(Refusal::bad_request("There is no manual update in progress."));
        };
        if let Some(walk) = &update.walk {
            return Err(Refusal::locked(walk));
        }
        if domain != update.domain {
            return Err(Refusal::bad_request(format!(
                "Upgrade domains must be walked in ascending order; the next one is {}.",
                update.domain
            )));
        }
        update.walk = Some(request.clone());
        self.modified = world.now;
        self.begin_domain(world);
        Ok(())
    }

    /// Whether Rollback Update Or Upgrade would be taken now.
    pub(crate) fn rollback_allowed(&self) -> bool {
        self.update.as_ref().is_some_and(|update| {
            !update.is_rollback
                && update.progress != Progress::Preparing
                && self.roles.values().any(|role| role.is_behind(update.number))
        })
    }

    /// Whether the configuration lacks roles that there are, and whether it has others.
    fn role_changes(&self, configuration: &Configuration) -> (bool, bool) {
        let names = |of: &Configuration| -> HashSet<String> {
            of.roles.iter().map(|role| role.name.clone()).collect()
        };
        let (present, wanted) = (names(&self.settled().configuration), names(configuration));
        (!present.is_subset(&wanted), !wanted.is_subset(&present))
    }

    fn change_properties(&mut self, changes: PropertyChanges) -> Result<(), Refusal> {
        self.properties = values::merged(&self.properties, changes, 50)?;
        Ok(())
    }

    /// Accepts an update. One that was in progress stops where it is; instances on their way arrive.
    fn prepare_update(&mut self, request: &RequestId, mode: Mode, plan: Plan, world: &mut World) {
        self.drop_update(request, world);
        self.updates += 1;
        self.update = Some(Update {
            number: self.updates,
            mode,
            is_rollback: matches!(plan, Plan::Back),
            progress: Progress::Preparing,
            domain: 0,
            pending: 0,
            walk: None,
            timer: None,
            stuck_by: None,
        });
        self.hold_for_update(request, plan, world);
    }

    /// Forgets the update in progress; a walk that has not ended fails.
    pub(super) fn drop_update(&mut self, by: &RequestId, world: &mut World) {
        if let Some(update) = self.update.take() {
            world.timeline.cancel(update.timer);
            if let Some(walk) = update.walk {
                world.operations.fail(&walk, &Refusal::superseded(by), world.now);
            }
        }
    }

    /// Gives every role its goal; no instance changes yet.
    pub(super) fn begin_update(&mut self, plan: Plan, world: &mut World) {
        match plan {
            Plan::Back => {
                self.current = self.settled;
                for role in self.roles.values_mut() {
                    role.goal = role.settled;
                }
            }
            Plan::Forward { label, configuration, extensions, scope } => {
                let kept = || self.settled().extensions.kept_for(&configuration.role_names());
                let extensions = extensions.unwrap_or_else(kept);
                self.set_goals(label, configuration, extensions, &scope);
            }
        }
        self.modified = world.now;
        self.stand_before(0, world);
    }

    fn set_goals(
        &mut self,
        label: String,
        configuration: Configuration,
        extensions: ExtensionConfiguration,
        scope: &Scope,
    ) {
        let package = match scope {
            Scope::Configuration => self.settled().package,
            Scope::Package | Scope::PackageOf(_) => {
                self.packages += 1;
                self.packages
            }
        };
        self.numbers += 1;
        let number = self.numbers;
        let version = Version { number, package, label, configuration, extensions };
        let settings = version.configuration.roles.clone();
        self.current = self.add_version(version.clone());

        let mut counts: HashMap<&str, u32> =
            settings.iter().map(|role| (role.name.as_str(), role.instances)).collect();
        let mut roles = std::mem::take(&mut self.roles);
        for role in roles.values_mut() {
            let count = counts.remove(role.name.as_str());
            let own_package = role.settled.and_then(|settled| self.versions.get(&settled.version));
            let own_package = own_package.map(|version| version.package);
            let id = match (scope, own_package) {
                (Scope::PackageOf(only), _) if role.name != *only => {
                    role.goal = role.settled;
                    continue;
                }
                // An earlier upgrade of another role alone has left this one on its own package.
                (Scope::Configuration, Some(own)) if own != package => {
                    self.add_version(Version { package: own, ..version.clone() })
                }
                _ => self.current,
            };
            role.goal = count.map(|count| Goal { version: id, count });
        }
        let added = settings.iter().filter(|role| counts.contains_key(role.name.as_str()));
        let first = roles.last_key_value().map_or(0, |(key, _)| key + 1);
        for (key, settings) in (first..).zip(added) {
            let mut role = Role::new(settings.name.clone());
            role.goal = Some(Goal { version: self.current, count: settings.instances });
            roles.insert(key, role);
        }
        self.roles = roles;
    }
}
