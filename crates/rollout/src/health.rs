//! Checks whether an upgrade domain is healthy.

use std::collections::BTreeMap;
use std::fmt;

use azure_classic_protocol::Deployment;
use azure_classic_protocol::deployment::model::{
    DeploymentStatus, ExtensionHandlerState, InstanceStatus, RoleInstance, SettingState,
};
use serde::{Deserialize, Serialize};

use crate::failure::truncated;

/// When an upgrade domain is healthy: the condition for an instance, and the required share of instances.
///
/// An instance is healthy when it is `ReadyRole` (`StoppedVM` in a suspended deployment), and when the
/// extension and the probe report no problem, if they are required. An empty domain is healthy if the
/// response shows all expected instances elsewhere (see [`Gap`](crate::Gap)).
///
/// # Example
///
/// Requires half of the instances, and an HTTP probe by the caller:
///
/// ```
/// use azure_classic_rollout::Health;
///
/// let health = Health { min_healthy: 50, probe: true, ..Health::default() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// The required percentage of healthy instances in each domain. Default: 100.
    pub min_healthy: u8,
    /// The handler of an extension (such as `Microsoft.Compute.BGInfo`) that must report ready, with its
    /// settings applied, on every counted instance. Default: none.
    pub extension: Option<String>,
    /// Whether the caller probes instances: [`Rollout::probes`](crate::Rollout::probes) lists them, and
    /// [`Rollout::probed`](crate::Rollout::probed) takes the results. Default: false.
    pub probe: bool,
}

impl Default for Health {
    fn default() -> Self {
        Self { min_healthy: 100, extension: None, probe: false }
    }
}

/// An unhealthy instance with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnhealthyInstance {
    /// The name of the instance.
    pub instance: String,
    /// The reason: its state, or the report of the extension or the probe.
    pub reason: String,
}

impl fmt::Display for UnhealthyInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", truncated(&self.instance), truncated(&self.reason))
    }
}

/// The results of the caller's probes, by the name of the instance.
pub(crate) type ProbeResults = BTreeMap<String, Result<(), String>>;

impl Health {
    /// The instances that keep domains from being healthy; empty if all are healthy.
    ///
    /// `is_judged`: selects the domains. `verdicts`: the results of probes, for domains that are probed.
    pub(crate) fn unhealthy<'v>(
        &self,
        deployment: &Deployment,
        is_judged: impl Fn(Option<u32>) -> bool,
        verdicts: impl Fn(Option<u32>) -> Option<&'v ProbeResults>,
    ) -> Vec<UnhealthyInstance> {
        let mut domains: BTreeMap<Option<u32>, (usize, Vec<UnhealthyInstance>)> = BTreeMap::new();
        for instance in &deployment.role_instance_list {
            let domain = instance.instance_upgrade_domain;
            if !is_judged(domain) {
                continue;
            }
            let (total, unhealthy_instances) = domains.entry(domain).or_default();
            *total += 1;
            let verdicts = verdicts(domain).filter(|_| self.probe);
            let why = self
                .problem(deployment, instance)
                .or_else(|| verdicts.and_then(|verdicts| probe_problem(instance, verdicts)));
            unhealthy_instances.extend(why.map(|why| unhealthy_instance(instance, why)));
        }
        let share = usize::from(self.min_healthy.min(100));
        let is_ill = |total: usize, unhealthy_instances: &Vec<UnhealthyInstance>| {
            (total - unhealthy_instances.len()) * 100 < total * share
        };
        let ill = domains
            .into_values()
            .filter(|(total, unhealthy_instances)| is_ill(*total, unhealthy_instances));
        ill.flat_map(|(_, unhealthy_instances)| unhealthy_instances).collect()
    }

    /// All unhealthy instances of a domain, regardless of the required share.
    pub(crate) fn problems(&self, deployment: &Deployment, domain: u32) -> Vec<UnhealthyInstance> {
        let instances = deployment.role_instance_list.iter();
        instances
            .filter(|instance| instance.instance_upgrade_domain == Some(domain))
            .filter_map(|instance| {
                Some(unhealthy_instance(instance, self.problem(deployment, instance)?))
            })
            .collect()
    }

    /// The problem that the service itself reports for an instance.
    pub(crate) fn problem(
        &self,
        deployment: &Deployment,
        instance: &RoleInstance,
    ) -> Option<String> {
        if !is_up(deployment, instance) {
            return Some(status_of(instance));
        }
        let handler = self.extension.as_ref()?;
        extension_problem(instance, handler)
    }
}

/// The instances that are not up, each with its state.
pub(crate) fn down(deployment: &Deployment) -> Vec<UnhealthyInstance> {
    let all = deployment.role_instance_list.iter();
    all.filter(|instance| !is_up(deployment, instance))
        .map(|instance| unhealthy_instance(instance, status_of(instance)))
        .collect()
}

fn unhealthy_instance(instance: &RoleInstance, why: String) -> UnhealthyInstance {
    UnhealthyInstance { instance: instance.instance_name.clone(), reason: why }
}

fn status_of(instance: &RoleInstance) -> String {
    match instance.instance_status.as_str() {
        "" => "in an unknown state".to_owned(),
        status => status.to_owned(),
    }
}

/// Whether an instance is in the state that matches the deployment.
fn is_up(deployment: &Deployment, instance: &RoleInstance) -> bool {
    use DeploymentStatus::{Suspended, SuspendedTransitioning};
    use InstanceStatus as S;
    if matches!(deployment.status, Suspended | SuspendedTransitioning) {
        matches!(instance.instance_status, S::StoppedVm | S::StoppedDeallocated | S::Stopped)
    } else {
        matches!(instance.instance_status, S::ReadyRole | S::Ready)
    }
}

fn extension_problem(instance: &RoleInstance, handler: &str) -> Option<String> {
    let reports = &instance.resource_extension_status_list;
    let report = reports
        .iter()
        .find(|report| report.handler_name.as_deref().is_some_and(|name| name == handler));
    let Some(report) = report else {
        return Some(format!("the extension {handler} does not report"));
    };
    if report.status != Some(ExtensionHandlerState::Ready) {
        let status = report.status.as_ref().map_or("silent", ExtensionHandlerState::as_str);
        return Some(format!("the extension {handler} is {status}"));
    }
    let settings = report.extension_setting_status.as_ref()?.status.as_ref()?;
    let is_applied = matches!(settings, SettingState::Success | SettingState::Warning);
    (!is_applied).then(|| format!("the settings of the extension {handler} are {settings}"))
}

fn probe_problem(instance: &RoleInstance, verdicts: &ProbeResults) -> Option<String> {
    match verdicts.get(&instance.instance_name) {
        Some(Ok(())) => None,
        Some(Err(why)) => Some(format!("the probe reports: {why}")),
        None => Some("the probe has no result yet".to_owned()),
    }
}

#[cfg(test)]
mod tests;
