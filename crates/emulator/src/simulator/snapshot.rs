use azure_classic_protocol::deployment::model::InstanceStatus;
use azure_classic_protocol::machine::Instant;
use serde::Serialize;

use super::Simulator;
use super::deployment::Deployment;
use super::deployment::views::{status, upgrade_status};
use super::operations::{Operation, Progress};

/// The cloud as a person wants to see it: deployments as boards of upgrade domains and instances.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// The emulated time, as RFC 3339 has it.
    pub now: String,
    /// How long the cloud has lived, in emulated seconds.
    pub elapsed_seconds: f64,
    /// In how many emulated seconds something will happen of itself; `None` when nothing will.
    pub next_event_in_seconds: Option<f64>,
    /// The cloud services, by name.
    pub services: Vec<ServiceSummary>,
    /// The operations that are in progress, and the latest that have ended; the youngest first.
    pub operations: Vec<OperationSummary>,
}

/// A cloud service with what runs in its slots.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ServiceSummary {
    /// Its DNS prefix.
    pub name: String,
    /// Production first.
    pub deployments: Vec<EmulatedDeployment>,
}

/// A deployment, seen as its upgrade domains.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EmulatedDeployment {
    /// Its name.
    pub name: String,
    /// `Production` or `Staging`.
    pub slot: &'static str,
    /// The status in Get Deployment: `Running`, `RunningTransitioning`.
    pub status: &'static str,
    /// The plain text of its label.
    pub label: String,
    /// The id of the operation that holds it.
    pub locked_by: Option<String>,
    /// Whether Rollback Update Or Upgrade would be taken.
    pub rollback_allowed: bool,
    /// The update that moves through it.
    pub update: Option<UpdateSummary>,
    /// Its upgrade domains, from 0.
    pub domains: Vec<Vec<InstanceSummary>>,
}

/// An update on its way.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UpdateSummary {
    /// Whether it leads back.
    pub is_rollback: bool,
    /// `Auto`, `Manual` or `Simultaneous`.
    pub mode: &'static str,
    /// `Before` or `During`.
    pub state: &'static str,
    /// The upgrade domain that is waiting or in progress.
    pub domain: u32,
}

/// A role instance on a board.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct InstanceSummary {
    /// Its name, such as `WebRole_IN_0`.
    pub name: String,
    /// The state that it is in.
    pub status: InstanceStatus,
    /// The version that it runs or is starting.
    pub version: u32,
    /// The label that came with the version.
    pub label: String,
}

/// A started operation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OperationSummary {
    /// Its `x-ms-request-id`.
    pub id: String,
    /// As its reference page is headed.
    pub name: String,
    /// The path of what it acts on.
    pub object: String,
    /// `InProgress`, `Succeeded` or `Failed`.
    pub status: &'static str,
    /// Why it failed.
    pub error: Option<String>,
    /// When it started, in RFC 3339.
    pub started: String,
    /// When it ended.
    pub ended: Option<String>,
}

/// How many ended operations a board shows.
const MAX_ENDED_OPERATIONS: usize = 12;

impl Simulator {
    /// How many cloud services, deployments and role instances there are.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        let roles = self.deployments.values().flat_map(|it| it.roles.values());
        let instances = roles.map(|role| role.instances.len()).sum();
        (self.services.len(), self.deployments.len(), instances)
    }

    /// The emulated time, as RFC 3339 has it.
    pub(crate) fn calendar_time(&self) -> String {
        self.format_time(self.shared.now)
    }

    /// Returns the present state for display.
    pub fn snapshot(&self) -> Snapshot {
        let services = self.services.values().map(|service| ServiceSummary {
            name: service.name.clone(),
            deployments: service
                .slots
                .iter()
                .flatten()
                .filter_map(|id| self.deployments.get(id))
                .map(Deployment::summary)
                .collect(),
        });
        let next = self.next_event().map(|next| (next - self.shared.now).as_secs_f64());
        let log = &self.shared.operations;
        let running = log.latest().filter(|it| matches!(it.progress, Progress::Running));
        let ended = log.latest().filter(|it| !matches!(it.progress, Progress::Running));
        Snapshot {
            now: self.format_time(self.shared.now),
            elapsed_seconds: self.shared.now.since_origin().as_secs_f64(),
            next_event_in_seconds: next,
            services: services.collect(),
            operations: running
                .chain(ended.take(MAX_ENDED_OPERATIONS))
                .map(|operation| self.operation_summary(operation))
                .collect(),
        }
    }

    fn operation_summary(&self, operation: &Operation) -> OperationSummary {
        OperationSummary {
            id: operation.id.to_string(),
            name: operation.name.clone(),
            object: operation.object.clone(),
            status: operation.progress.as_str(),
            error: match &operation.progress {
                Progress::Failed(status, error) => {
                    Some(format!("{status} {}: {}", error.code, error.message))
                }
                Progress::Running | Progress::Succeeded => None,
            },
            started: self.format_time(operation.started),
            ended: operation.ended.map(|ended| self.format_time(ended)),
        }
    }

    fn format_time(&self, time: Instant) -> String {
        self.shared.settings.date_time(time).to_string()
    }
}

impl Deployment {
    fn summary(&self) -> EmulatedDeployment {
        let domains = usize::try_from(self.domains).unwrap_or_default();
        let mut snapshot = vec![Vec::new(); domains];
        for role in self.roles.values() {
            for (&index, instance) in &role.instances {
                let version = &self.versions[&instance.version];
                let domain = usize::try_from(index % self.domains).unwrap_or_default();
                snapshot[domain].push(InstanceSummary {
                    name: role.instance_name(index),
                    status: InstanceStatus::from(instance.phase.as_str()),
                    version: version.number,
                    label: version.label.clone(),
                });
            }
        }
        EmulatedDeployment {
            name: self.name.clone(),
            slot: self.slot.as_str(),
            status: status(self),
            label: self.current_version().label.clone(),
            locked_by: self.lock.as_ref().map(|lock| lock.holder.to_string()),
            rollback_allowed: self.rollback_allowed(),
            update: self.update.as_ref().map(|update| {
                let reported = upgrade_status(update);
                UpdateSummary {
                    is_rollback: update.is_rollback,
                    mode: reported.upgrade_type,
                    state: reported.current_upgrade_domain_state,
                    domain: reported.current_upgrade_domain,
                }
            }),
            domains: snapshot,
        }
    }
}
