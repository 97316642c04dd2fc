//! Where an update leads: each role to a version, in so many instances.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Deployment;
use super::configuration::Configuration;
use super::package::ServiceDefinition;
use super::role::{Indices, Role, RoleTarget};
use super::version::Version;
use crate::simulator::extension::configuration::ExtensionConfiguration;
use crate::simulator::shared_state::SharedState;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum UpdatePlan {
    /// To a new version.
    RollForward(Box<NewVersion>),
    /// To what the roles ran when the last update ended.
    RollBack,
}

/// A version that an update brings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NewVersion {
    pub(super) label: String,
    pub(super) configuration: Configuration,
    /// `None` keeps those that there are.
    pub(super) extensions: Option<ExtensionConfiguration>,
    pub(super) scope: UpdateScope,
}

/// What it brings besides the configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum UpdateScope {
    /// A new package for all roles.
    AllRoles(ServiceDefinition),
    /// A new package, and with it the configuration, for one role.
    SingleRole(String, ServiceDefinition),
    /// Nothing.
    ConfigurationOnly,
}

impl Deployment {
    /// Gives every role its goal; no instance changes yet.
    pub(super) fn start_update(&mut self, plan: UpdatePlan, shared: &mut SharedState) {
        match plan {
            UpdatePlan::RollBack => {
                self.current = self.stable;
                for role in self.roles.values_mut() {
                    role.target.clone_from(&role.stable);
                }
            }
            UpdatePlan::RollForward(forward) => self.set_targets(*forward),
        }
        self.modified = shared.now;
        self.wait_before_domain(0, shared);
    }

    fn set_targets(&mut self, forward: NewVersion) {
        let NewVersion { label, configuration, extensions, scope } = forward;
        let settled = self.stable_version();
        let retained_extensions = || settled.extensions.for_roles(&configuration.role_names());
        let extensions = extensions.unwrap_or_else(retained_extensions);
        let (package, definition) = match &scope {
            UpdateScope::ConfigurationOnly => (settled.package, settled.definition.clone()),
            UpdateScope::AllRoles(definition) | UpdateScope::SingleRole(_, definition) => {
                self.last_package += 1;
                (self.last_package, definition.clone())
            }
        };
        self.last_number += 1;
        let number = self.last_number;
        let version = Version { number, package, definition, label, configuration, extensions };
        let settings = version.configuration.roles.clone();
        self.current = self.add_version(version.clone());

        let mut counts: HashMap<&str, u32> =
            settings.iter().map(|role| (role.name.as_str(), role.instances)).collect();
        let mut roles = std::mem::take(&mut self.roles);
        for role in roles.values_mut() {
            let count = counts.remove(role.name.as_str());
            let stable = role.stable.as_ref().and_then(|it| self.versions.get(&it.version));
            let id = match (&scope, stable) {
                (UpdateScope::SingleRole(only, _), _) if role.name != *only => {
                    role.target.clone_from(&role.stable);
                    continue;
                }
                // An earlier upgrade of another role alone has left this one on its own package.
                (UpdateScope::ConfigurationOnly, Some(own)) if own.package != package => {
                    let (package, definition) = (own.package, own.definition.clone());
                    self.add_version(Version { package, definition, ..version.clone() })
                }
                _ => self.current,
            };
            let indices = role.stable.as_ref().map(|settled| settled.indices.clone());
            let indices = indices.unwrap_or_default();
            role.target =
                count.map(|count| RoleTarget { version: id, indices: indices.with_count(count) });
        }
        let added = settings.iter().filter(|role| counts.contains_key(role.name.as_str()));
        let first = roles.last_key_value().map_or(0, |(key, _)| key + 1);
        for (key, settings) in (first..).zip(added) {
            let mut role = Role::new(settings.name.clone());
            let indices = Indices::default().with_count(settings.instances);
            role.target = Some(RoleTarget { version: self.current, indices });
            roles.insert(key, role);
        }
        self.roles = roles;
    }
}
