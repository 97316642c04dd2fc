//! Where an update leads: each role to a version, in so many instances.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Deployment;
use super::configuration::Configuration;
use super::package::Definition;
use super::role::{Goal, Indices, Role};
use super::version::Version;
use crate::cloud::extension::configuration::ExtensionConfiguration;
use crate::cloud::world::World;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Plan {
    /// To a new version.
    Forward(Box<Forward>),
    /// To what the roles ran when the last update ended.
    Back,
}

/// A version that an update brings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Forward {
    pub(super) label: String,
    pub(super) configuration: Configuration,
    /// `None` keeps those that there are.
    pub(super) extensions: Option<ExtensionConfiguration>,
    pub(super) scope: Scope,
}

/// What it brings besides the configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Scope {
    /// A new package for all roles.
    Package(Definition),
    /// A new package, and with it the configuration, for one role.
    PackageOf(String, Definition),
    /// Nothing.
    Configuration,
}

impl Deployment {
    /// Gives every role its goal; no instance changes yet.
    pub(super) fn begin_update(&mut self, plan: Plan, world: &mut World) {
        match plan {
            Plan::Back => {
                self.current = self.settled;
                for role in self.roles.values_mut() {
                    role.goal.clone_from(&role.settled);
                }
            }
            Plan::Forward(forward) => self.set_goals(*forward),
        }
        self.modified = world.now;
        self.stand_before(0, world);
    }

    fn set_goals(&mut self, forward: Forward) {
        let Forward { label, configuration, extensions, scope } = forward;
        let settled = self.settled();
        let kept = || settled.extensions.kept_for(&configuration.role_names());
        let extensions = extensions.unwrap_or_else(kept);
        let (package, definition) = match &scope {
            Scope::Configuration => (settled.package, settled.definition.clone()),
            Scope::Package(definition) | Scope::PackageOf(_, definition) => {
                self.packages += 1;
                (self.packages, definition.clone())
            }
        };
        self.numbers += 1;
        let number = self.numbers;
        let version = Version { number, package, definition, label, configuration, extensions };
        let settings = version.configuration.roles.clone();
        self.current = self.add_version(version.clone());

        let mut counts: HashMap<&str, u32> =
            settings.iter().map(|role| (role.name.as_str(), role.instances)).collect();
        let mut roles = std::mem::take(&mut self.roles);
        for role in roles.values_mut() {
            let count = counts.remove(role.name.as_str());
            let own = role.settled.as_ref().and_then(|it| self.versions.get(&it.version));
            let id = match (&scope, own) {
                (Scope::PackageOf(only, _), _) if role.name != *only => {
                    role.goal.clone_from(&role.settled);
                    continue;
                }
                // An earlier upgrade of another role alone has left this one on its own package.
                (Scope::Configuration, Some(own)) if own.package != package => {
                    let (package, definition) = (own.package, own.definition.clone());
                    self.add_version(Version { package, definition, ..version.clone() })
                }
                _ => self.current,
            };
            let indices = role.settled.as_ref().map(|settled| settled.indices.clone());
            let indices = indices.unwrap_or_default();
            role.goal = count.map(|count| Goal { version: id, indices: indices.with_count(count) });
        }
        let added = settings.iter().filter(|role| counts.contains_key(role.name.as_str()));
        let first = roles.last_key_value().map_or(0, |(key, _)| key + 1);
        for (key, settings) in (first..).zip(added) {
            let mut role = Role::new(settings.name.clone());
            let indices = Indices::default().with_count(settings.instances);
            role.goal = Some(Goal { version: self.current, indices });
            roles.insert(key, role);
        }
        self.roles = roles;
    }
}
