//! An in-place update on its way through the upgrade domains: upgrade, configuration change, rollback.

use std::collections::HashSet;

use azure_classic_protocol::RequestId;
use serde::{Deserialize, Serialize};

use super::Deployment;
use super::configuration::Configuration;
use super::lock::Continuation;
use super::plan::{NewVersion, UpdatePlan, UpdateScope};
use super::requests::{ChangeConfiguration, Mode, Rollback, Upgrade};
use super::role::{Role, RoleTarget};
use crate::simulator::api_error::ApiError;
use crate::simulator::event_queue::Timer;
use crate::simulator::faults::RuleNumber;
use crate::simulator::shared_state::SharedState;
use crate::simulator::values::{self, PropertyChanges};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Update {
    /// Counted from 1 in each deployment, so that an instance knows who waits for it.
    pub(super) number: u32,
    pub(crate) mode: Mode,
    pub(crate) is_rollback: bool,
    pub(crate) progress: UpdateProgress,
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
pub(crate) enum UpdateProgress {
    /// The operation that began the update still holds the deployment.
    Preparing,
    /// The domain waits: for its time, or for a walk.
    Before,
    /// The domain is in work.
    During,
}

impl Deployment {
    pub(crate) fn upgrade(
        &mut self,
        request: &RequestId,
        mut upgrade: Upgrade,
        shared: &mut SharedState,
    ) -> Result<(), ApiError> {
        self.check_unlocked()?;
        self.preserve_network(&mut upgrade.configuration)?;
        self.check_roles(&upgrade)?;
        self.check_instances(&upgrade, shared.settings.max_instances)?;
        let definition = upgrade.package.definition;
        if upgrade.package.upgrade_domains.is_some_and(|count| count != self.domains) {
            return Err(ApiError::bad_request(
                "The number of upgrade domains cannot be changed by an in-place upgrade.",
            ));
        }
        let only_role = upgrade.only_role.as_deref();
        let is_in_scope = |role: &Role| only_role.is_none_or(|only| only == role.name);
        if self.roles.values().filter(|role| is_in_scope(role)).any(|role| {
            let settled = role.stable.as_ref().map(|settled| &self.versions[&settled.version]);
            settled.is_some_and(|it| it.definition.local_storage > definition.local_storage)
        }) {
            return Err(ApiError::bad_request(
                "Local storage cannot be made smaller by an in-place upgrade.",
            ));
        }
        let loses_data =
            self.would_resize(|role| is_in_scope(role).then_some(definition.role_size.as_str()));
        let removed = self.removed_role(&upgrade.configuration).map(str::to_owned);
        self.merge_properties(upgrade.properties)?;
        if upgrade.warnings_are_errors && !definition.warnings.is_empty() {
            self.lock_then_fail(request, &ApiError::warnings(&definition.warnings), shared);
        } else if let Some(role) = removed.filter(|_| !upgrade.force) {
            self.lock_then_fail(request, &ApiError::would_remove_role(&role), shared);
        } else if loses_data && !upgrade.force {
            self.lock_then_fail(request, &ApiError::would_lose_data(), shared);
        } else {
            let forward = NewVersion {
                label: upgrade.label,
                configuration: upgrade.configuration,
                extensions: upgrade.extensions,
                scope: match upgrade.only_role {
                    Some(role) => UpdateScope::SingleRole(role, definition),
                    None => UpdateScope::AllRoles(definition),
                },
            };
            self.accept_update(
                request,
                upgrade.mode,
                UpdatePlan::RollForward(Box::new(forward)),
                shared,
            );
        }
        Ok(())
    }

    pub(crate) fn change_configuration(
        &mut self,
        request: &RequestId,
        mut change: ChangeConfiguration,
        shared: &mut SharedState,
    ) -> Result<(), ApiError> {
        self.check_unlocked()?;
        self.preserve_network(&mut change.configuration)?;
        if self.role_changes(&change.configuration) != (false, false) {
            return Err(ApiError::bad_request(
                "The configuration does not have the same roles as the service definition.",
            ));
        }
        self.merge_properties(change.properties)?;
        let settled = self.stable_version();
        if change.warnings_are_errors && !settled.definition.warnings.is_empty() {
            let error = ApiError::warnings(&settled.definition.warnings);
            self.lock_then_fail(request, &error, shared);
            return Ok(());
        }
        let forward = NewVersion {
            label: settled.label.clone(),
            configuration: change.configuration,
            extensions: change.extensions,
            scope: UpdateScope::ConfigurationOnly,
        };
        self.accept_update(
            request,
            change.mode,
            UpdatePlan::RollForward(Box::new(forward)),
            shared,
        );
        Ok(())
    }

    pub(crate) fn roll_back(
        &mut self,
        request: &RequestId,
        rollback: Rollback,
        shared: &mut SharedState,
    ) -> Result<(), ApiError> {
        self.check_unlocked()?;
        if !self.rollback_allowed() {
            return Err(ApiError::bad_request(
                "The deployment cannot be rolled back: there is no update in progress with an \
                 instance that has not been updated.",
            ));
        }
        if self.would_resize(|_| None) && !rollback.force {
            self.lock_then_fail(request, &ApiError::would_lose_data(), shared);
        } else {
            self.accept_update(request, rollback.mode, UpdatePlan::RollBack, shared);
        }
        Ok(())
    }

    /// Lets a manual update proceed in its next upgrade domain.
    pub(crate) fn walk(
        &mut self,
        request: &RequestId,
        domain: u32,
        shared: &mut SharedState,
    ) -> Result<(), ApiError> {
        self.check_unlocked()?;
        let Some(update) = self.update.as_mut().filter(|update| update.mode == Mode::Manual) else {
            return Err(ApiError::bad_request("There is no manual update in progress."));
        };
        if let Some(walk) = &update.walk {
            return Err(ApiError::locked(walk));
        }
        if domain != update.domain {
            return Err(ApiError::bad_request(format!(
                "Upgrade domains must be walked in ascending order; the next one is {}.",
                update.domain
            )));
        }
        update.walk = Some(request.clone());
        self.modified = shared.now;
        self.start_domain(shared);
        Ok(())
    }

    /// Whether Rollback Update Or Upgrade would be taken now.
    pub(crate) fn rollback_allowed(&self) -> bool {
        let update = self.update.as_ref().filter(|_| self.lock.is_none());
        update.is_some_and(|update| {
            !update.is_rollback
                && self.roles.values().any(|role| role.has_pending_instances(update.number))
                && !self.increases_local_storage()
        })
    }

    /// Whether the update in progress gives instances more local storage, which cannot be taken back.
    fn increases_local_storage(&self) -> bool {
        let storage = |goal: &RoleTarget| self.versions[&goal.version].definition.local_storage;
        self.roles.values().any(|role| {
            let both = role.target.as_ref().zip(role.stable.as_ref());
            both.is_some_and(|(goal, settled)| storage(goal) > storage(settled))
        })
    }

    /// Whether an instance would become another size: that which is new for its role, or that which
    /// the role had when the last update ended.
    fn would_resize<'a>(&'a self, new: impl Fn(&Role) -> Option<&'a str>) -> bool {
        let size = |version| self.versions[&version].definition.role_size.as_str();
        self.roles.values().any(|role| {
            let settled = role.stable.as_ref().map(|settled| size(settled.version));
            let staying = role.instances.values().filter(|instance| !instance.is_deleting);
            let mut sizes = staying.map(|instance| size(instance.version));
            new(role).or(settled).is_some_and(|wanted| sizes.any(|size| size != wanted))
        })
    }

    /// Whether the roles of an upgrade fit those that there are.
    fn check_roles(&self, upgrade: &Upgrade) -> Result<(), ApiError> {
        let (gone, added) = self.role_changes(&upgrade.configuration);
        if gone && added {
            return Err(ApiError::bad_request("Roles cannot be renamed by an in-place upgrade."));
        }
        let Some(only) = &upgrade.only_role else { return Ok(()) };
        if gone || added {
            return Err(ApiError::bad_request(
                "An upgrade of a single role cannot add or remove roles.",
            ));
        }
        if !self.stable_version().configuration.roles.iter().any(|role| role.name == *only) {
            return Err(ApiError::bad_request(format!("The role '{only}' does not exist.")));
        }
        Ok(())
    }

    /// An upgrade of a single role leaves the instances of the others, whatever its configuration
    /// says of them.
    fn check_instances(&self, upgrade: &Upgrade, most: u32) -> Result<(), ApiError> {
        let Some(only) = &upgrade.only_role else { return Ok(()) };
        let others = self.roles.values().filter(|role| role.name != *only);
        let others = others.filter_map(|role| role.stable.as_ref()).map(|it| it.indices.count());
        let own = upgrade.configuration.roles.iter().filter(|role| role.name == *only);
        let total = own.map(|role| role.instances).chain(others).fold(0, u32::saturating_add);
        if total <= most {
            return Ok(());
        }
        Err(ApiError::bad_request(format!(
            "The deployment would have {total} instances, and at most {most} are possible."
        )))
    }

    /// A role that the configuration no longer has.
    fn removed_role(&self, configuration: &Configuration) -> Option<&str> {
        let mut present = self.stable_version().configuration.role_names().into_iter();
        let wanted = configuration.role_names();
        present.find(|role| !wanted.contains(role))
    }

    /// Whether the configuration lacks roles that there are, and whether it has others.
    fn role_changes(&self, configuration: &Configuration) -> (bool, bool) {
        let names = |of: &Configuration| -> HashSet<String> {
            of.roles.iter().map(|role| role.name.clone()).collect()
        };
        let (present, wanted) = (names(&self.stable_version().configuration), names(configuration));
        (!present.is_subset(&wanted), !wanted.is_subset(&present))
    }

    fn merge_properties(&mut self, changes: PropertyChanges) -> Result<(), ApiError> {
        self.properties = values::merged_properties(&self.properties, changes, 50)?;
        Ok(())
    }

    /// Accepts an update. One that was in progress stops where it is; instances on their way arrive.
    fn accept_update(
        &mut self,
        request: &RequestId,
        mode: Mode,
        plan: UpdatePlan,
        shared: &mut SharedState,
    ) {
        self.cancel_update(request, shared);
        self.last_update += 1;
        self.update = Some(Update {
            number: self.last_update,
            mode,
            is_rollback: matches!(plan, UpdatePlan::RollBack),
            progress: UpdateProgress::Preparing,
            domain: 0,
            pending: 0,
            walk: None,
            timer: None,
            stuck_by: None,
        });
        self.lock_and_schedule(request, Continuation::StartUpdate(plan), shared);
    }

    /// Forgets the update in progress; a walk that has not ended fails.
    pub(super) fn cancel_update(&mut self, by: &RequestId, shared: &mut SharedState) {
        if let Some(update) = self.update.take() {
            shared.events.cancel(update.timer);
            if let Some(walk) = update.walk {
                shared.operations.fail(&walk, &ApiError::superseded(by), shared.now);
            }
        }
    }
}
