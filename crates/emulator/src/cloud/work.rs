//! Asynchronous work on things that are no deployments: accepted now, done when its time has come.

use std::collections::BTreeMap;

use azure_classic_protocol::RequestId;
use serde::{Deserialize, Serialize};

use super::Cloud;
use super::extension::Extension;
use super::faults::Failure;
use super::network_configuration::NetworkConfiguration;
use super::nonsense::{Nonsense, check_counter};
use super::refusal::Refusal;
use super::service_certificate::ServiceCertificates;
use super::world::{DeploymentId, Event, Subject};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct WorkId(u64);

/// The work under way.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Works {
    under_way: BTreeMap<WorkId, Work>,
    last: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Work {
    operation: RequestId,
    task: Task,
}

/// Names work and the operation that ends with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct UnderWay {
    pub(crate) operation: RequestId,
    pub(crate) id: WorkId,
}

/// What is done in the end.
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
    Fail(Failure),
    RegisterProvider(String),
    SetNetwork(Box<NetworkConfiguration>),
    UnregisterProvider(String),
    WritePackage {
        deployment: DeploymentId,
        container: String,
        overwrite: bool,
    },
}

impl Works {
    /// Whether it makes sense, as read from a file.
    pub(super) fn check(&self) -> Result<(), Nonsense> {
        check_counter("last", self.last, self.under_way.keys().map(|id| id.0))
    }
}

impl Cloud {
    /// Begins work for an operation, which ends with it.
    pub(crate) fn begin_work(&mut self, operation: &RequestId, task: Task) -> UnderWay {
        self.works.last += 1;
        let id = WorkId(self.works.last);
        self.works.under_way.insert(id, Work { operation: operation.clone(), task });
        self.world.operations.concerns(operation, Subject::Work(id));
        self.world.schedule_about(self.world.settings.pace.operation, Event::Work(id));
        UnderWay { operation: operation.clone(), id }
    }

    pub(super) fn on_work(&mut self, id: WorkId) {
        let Some(work) = self.works.under_way.remove(&id) else { return };
        match self.finish(work.task) {
            Ok(()) => self.world.operations.succeed(&work.operation, self.world.now),
            Err(refusal) => self.world.operations.fail(&work.operation, &refusal, self.world.now),
        }
    }

    fn finish(&mut self, task: Task) -> Result<(), Refusal> {
        match task {
            Task::AddExtension { service, extension } => self.add_extension(&service, extension),
            Task::AddServiceCertificates { service, certificates } => {
                self.add_service_certificates(&service, certificates)
            }
            Task::CreateReservedIp(key) => self.create_reserved_ip(&key),
            Task::CreateStorageAccount(name) => self.finish_storage_account(&name),
            Task::DeleteCloudService(name) => self.remove_service(&name),
            Task::DeleteExtension { service, id } => self.delete_extension(&service, &id),
            Task::DeleteReservedIp(key) => self.delete_reserved_ip(&key),
            Task::DeleteServiceCertificate { service, thumbprint } => {
                self.delete_service_certificate(&service, &thumbprint)
            }
            Task::Fail(failure) => Err(failure.refusal()),
            Task::RegisterProvider(name) => self.register_provider(name),
            Task::SetNetwork(network) => self.set_network(*network),
            Task::UnregisterProvider(name) => self.unregister_provider(&name),
            Task::WritePackage { deployment, container, overwrite } => {
                self.write_package(deployment, container, overwrite)
            }
        }
    }
}
