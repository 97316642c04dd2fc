//! Checks a plan before anything changes.

use std::collections::{BTreeMap, BTreeSet};

use azure_classic_protocol::configuration::{RoleConfiguration, ServiceConfiguration};
use azure_classic_protocol::deployment::model::{DeploymentStatus, Role};
use azure_classic_protocol::{Deployment, Endpoint};

use crate::expectation::Expectation;
use crate::health::down;
use crate::plan::Update;
use crate::version::means_the_same;
use crate::{DeploymentSummary, Plan, PreflightIssue};

impl Plan {
    /// Returns the issues of the plan: errors first, then warnings. It reads only its arguments, so a dry run
    /// can call it.
    pub fn preflight(&self, endpoint: &Endpoint, read: &Deployment) -> Vec<PreflightIssue> {
        let mut issues = Vec::new();
        let requests = self.requests(endpoint, read).map(drop);
        if let Err(error) = requests.and_then(|()| self.rollback_request(endpoint, read).map(drop))
        {
            issues.push(PreflightIssue::InvalidRequest(error_chain(&error)));
        }
        about_state(read, &mut issues);
        match ServiceConfiguration::read(self.configuration().as_str()) {
            Ok(planned) => self.about_configuration(&planned, read, &mut issues),
            Err(error) => {
                issues.push(PreflightIssue::UnreadableConfiguration(error_chain(&error)));
            }
        }
        about_availability(read, &mut issues);
        if read.extension_configuration.is_some() && self.extensions.is_none() {
            issues.push(PreflightIssue::Extensions);
        }
        issues.sort_by_key(|issue| !issue.is_error());
        issues
    }

    /// Whether the issues prevent the start of the plan.
    pub(crate) fn is_blocked_by(&self, issues: &[PreflightIssue]) -> bool {
        issues.iter().any(|issue| issue.is_error() || !self.accepts_warnings)
    }

    fn about_configuration(
        &self,
        planned: &ServiceConfiguration,
        read: &Deployment,
        issues: &mut Vec<PreflightIssue>,
    ) {
        let is_upgrade = match &self.update {
            Update::Upgrade { label, role, .. } => {
                if *label == read.label || label.as_str().is_empty() {
                    issues.push(PreflightIssue::Label);
                }
                about_single_role(role.as_deref(), read, issues);
                role.is_none()
            }
            Update::Configuration(text) => {
                let present = read.configuration.as_ref();
                if present.is_some_and(|it| means_the_same(it.as_str(), text.as_str())) {
                    issues.push(PreflightIssue::NothingToChange);
                }
                false
            }
        };
        about_roles(planned, read, is_upgrade, issues);
        let present = read.configuration.as_ref();
        let present = present.and_then(|it| ServiceConfiguration::read(it.as_str()).ok());
        if let Some(present) = present {
            self.about_differences(&present, planned, issues);
        }
    }

    fn about_differences(
        &self,
        present: &ServiceConfiguration,
        planned: &ServiceConfiguration,
        issues: &mut Vec<PreflightIssue>,
    ) {
        let is_forced = self.policy.force;
        // The service's default if the attribute is absent.
        let os_family = |of: &ServiceConfiguration| {
            of.os_family().filter(|it| !it.is_empty()).unwrap_or("1").to_owned()
        };
        if os_family(present) != os_family(planned) && !is_forced {
            issues.push(PreflightIssue::OsFamily {
                present: os_family(present),
                planned: os_family(planned),
            });
        }
        for role in planned.roles() {
            let Ok(before) = present.role(role.name()) else { continue };
            if self.only_role().is_some_and(|only| only != role.name()) {
                if role.instances != before.instances {
                    issues.push(PreflightIssue::CountWithoutEffect {
                        role: role.name().to_owned(),
                        present: before.instances,
                        planned: role.instances,
                    });
                }
                continue;
            }
            if role.instances < before.instances && role.instances > 0 && !is_forced {
                issues.push(PreflightIssue::FewerInstances {
                    role: role.name().to_owned(),
                    present: before.instances,
                    planned: role.instances,
                });
            }
            if let Update::Configuration(_) = self.update {
                let names = |of: &RoleConfiguration| {
                    of.settings().map(|it| it.name.to_owned()).collect::<BTreeSet<_>>()
                };
                let (before, after) = (names(before), names(role));
                let names: Vec<String> = before.symmetric_difference(&after).cloned().collect();
                if !names.is_empty() {
                    issues.push(PreflightIssue::Settings { role: role.name().to_owned(), names });
                }
            }
        }
    }
}

fn about_state(read: &Deployment, issues: &mut Vec<PreflightIssue>) {
    let is_virtual = read.role_list.iter().any(Role::is_virtual_machine);
    if is_virtual {
        issues.push(PreflightIssue::VirtualMachines);
    }
    let reports_enough = read.configuration.is_some()
        && read.upgrade_domain_count.is_some_and(|count| count > 0)
        && read.locked.is_some()
        && read.rollback_allowed.is_some();
    if !reports_enough {
        issues.push(PreflightIssue::MissingEvidence);
    } else if read.upgrade_status.is_none() && !is_virtual {
        let gaps = Expectation::gaps_at_rest(read);
        if !gaps.is_empty() {
            issues.push(PreflightIssue::Incomplete(gaps));
        }
    }
    if read.upgrade_status.is_some() {
        issues.push(PreflightIssue::UpdateInProgress(Box::new(DeploymentSummary::new(read))));
    } else if !matches!(read.status, DeploymentStatus::Running | DeploymentStatus::Suspended) {
        issues.push(PreflightIssue::Status(read.status.as_str().to_owned()));
    }
    if read.locked == Some(true) {
        issues.push(PreflightIssue::Locked);
    }
}

fn about_single_role(role: Option<&str>, read: &Deployment, issues: &mut Vec<PreflightIssue>) {
    let Some(role) = role else { return };
    let present: Vec<String> = read.role_list.iter().map(|it| it.role_name.clone()).collect();
    if !present.iter().any(|name| name == role) {
        issues.push(PreflightIssue::UnknownRole { role: role.to_owned(), present });
    }
}

/// Compares the running roles with those of the configuration. `is_upgrade`: of the whole package.
fn about_roles(
    planned: &ServiceConfiguration,
    read: &Deployment,
    is_upgrade: bool,
    issues: &mut Vec<PreflightIssue>,
) {
    let present: BTreeSet<&str> = read.role_list.iter().map(|it| it.role_name.as_str()).collect();
    let wanted: BTreeSet<&str> = planned.roles().iter().map(RoleConfiguration::name).collect();
    let owned = |names: Vec<&&str>| names.into_iter().map(|name| (*name).to_owned()).collect();
    let gone: Vec<String> = owned(present.difference(&wanted).collect());
    let added: Vec<String> = owned(wanted.difference(&present).collect());
    let is_renaming = !gone.is_empty() && !added.is_empty();
    let is_changing = !gone.is_empty() || !added.is_empty();
    if is_renaming || (is_changing && !is_upgrade) {
        issues.push(PreflightIssue::Roles { gone, added });
    } else if !gone.is_empty() {
        issues.push(PreflightIssue::RolesRemoved(gone));
    }
    for role in planned.roles().iter().filter(|role| role.instances == 0) {
        issues.push(PreflightIssue::NoInstances(role.name().to_owned()));
    }
}

/// Finds roles that will be down during the walks, and instances that are down already.
fn about_availability(read: &Deployment, issues: &mut Vec<PreflightIssue>) {
    let mut domains: BTreeMap<&str, Vec<Option<u32>>> = BTreeMap::new();
    for instance in &read.role_instance_list {
        let of_role = domains.entry(&instance.role_name).or_default();
        of_role.push(instance.instance_upgrade_domain);
    }
    for (role, domains) in domains {
        match domains.as_slice() {
            [_] => issues.push(PreflightIssue::SingleInstance(role.to_owned())),
            [Some(first), rest @ ..] if rest.iter().all(|domain| *domain == Some(*first)) => {
                issues.push(PreflightIssue::SingleDomain { role: role.to_owned(), domain: *first });
            }
            _ => {}
        }
    }
    let unhealthy = down(read);
    if !unhealthy.is_empty() && read.upgrade_status.is_none() {
        issues.push(PreflightIssue::UnhealthyInstances(unhealthy));
    }
}

/// Formats an error with its causes in one line.
pub(crate) fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests;
