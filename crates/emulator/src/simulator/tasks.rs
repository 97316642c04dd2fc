//! Asynchronous work on things that are no deployments: accepted now, done when its time has come.

use std::collections::BTreeMap;

use azure_classic_protocol::RequestId;
use serde::{Deserialize, Serialize};

use super::Simulator;
use super::api_error::ApiError;
use super::extension::Extension;
use super::faults::AsyncFailure;
use super::network_configuration::NetworkConfiguration;
use super::service_certificate::ServiceCertificates;
use super::shared_state::{DeploymentId, Event, Subject};
use super::validation::{InvalidState, check_counter};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct TaskId(u64);

/// The operations in progress.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Tasks {
    running: BTreeMap<TaskId, RunningTask>,
    last: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct RunningTask {
    operation: RequestId,
    task: Task,
}

/// Names work and the operation that ends with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TaskRef {
    pub(crate) operation: RequestId,
    pub(crate) id: TaskId,
}

/// The final change of a task.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Task {
    AddExtension {
        service: String,
        extension: Extension,
    },
    AddServiceCertificates {
        service: String,
        certificates: ServiceCertificates,
    },
    CreateReservedIp(String),
    /// By its name in lower case.
    CreateStorageAccount(String),
    /// By its name in lower case.
    DeleteCloudService(String),
    DeleteExtension {
        service: String,
        id: String,
    },
    DeleteReservedIp(String),
    DeleteServiceCertificate {
        service: String,
        thumbprint: String,
    },
    /// Nothing: a fault lets the operation fail.
    Fail(AsyncFailure),
    RegisterProvider(String),
    SetNetwork(Box<NetworkConfiguration>),
    UnregisterProvider(String),
    WritePackage {
        deployment: DeploymentId,
        container: String,
        overwrite: bool,
    },
}

impl Tasks {
    /// Validates the tasks, as read from a file.
    pub(super) fn check(&self) -> Result<(), InvalidState> {
        check_counter("last", self.last, self.running.keys().map(|id| id.0))
    }
}

impl Simulator {
    /// Begins work for an operation, which ends with it.
    pub(crate) fn start_task(&mut self, operation: &RequestId, task: Task) -> TaskRef {
        self.tasks.last += 1;
        let id = TaskId(self.tasks.last);
        self.tasks.running.insert(id, RunningTask { operation: operation.clone(), task });
        self.shared.operations.set_subject(operation, Subject::Task(id));
        self.shared.schedule_with_jitter(self.shared.settings.timing.operation, Event::Task(id));
        TaskRef { operation: operation.clone(), id }
    }

    pub(super) fn on_task(&mut self, id: TaskId) {
        let Some(work) = self.tasks.running.remove(&id) else { return };
        match self.finish(work.task) {
            Ok(()) => self.shared.operations.succeed(&work.operation, self.shared.now),
            Err(error) => self.shared.operations.fail(&work.operation, &error, self.shared.now),
        }
    }

    fn finish(&mut self, task: Task) -> Result<(), ApiError> {
        match task {
            Task::AddExtension { service, extension } => self.add_extension(&service, extension),
            Task::AddServiceCertificates { service, certificates } => {
                self.add_service_certificates(&service, certificates)
            }
            Task::CreateReservedIp(key) => self.finish_reserved_ip_creation(&key),
            Task::CreateStorageAccount(name) => self.finish_storage_account_creation(&name),
            Task::DeleteCloudService(name) => self.finish_service_deletion(&name),
            Task::DeleteExtension { service, id } => self.delete_extension(&service, &id),
            Task::DeleteReservedIp(key) => self.finish_reserved_ip_deletion(&key),
            Task::DeleteServiceCertificate { service, thumbprint } => {
                self.delete_service_certificate(&service, &thumbprint)
            }
            Task::Fail(failure) => Err(failure.error()),
            Task::RegisterProvider(name) => self.register_provider(name),
            Task::SetNetwork(network) => self.set_network(*network),
            Task::UnregisterProvider(name) => self.unregister_provider(&name),
            Task::WritePackage { deployment, container, overwrite } => {
                self.write_package(deployment, container, overwrite)
            }
        }
    }
}
