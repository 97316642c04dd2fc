//! A deployment: its roles, the operation that holds it, the update that moves through it.

pub(super) mod configuration;
mod domain_walk;
pub(super) mod events;
mod extension_states;
pub(super) mod get_package;
pub(super) mod instance;
mod instance_faults;
mod lock;
mod package;
mod plan;
mod references;
mod requests;
pub(super) mod role;
pub(super) mod role_instance;
pub(super) mod routes;
mod status;
mod swap;
mod update;
mod validation;
pub(super) mod version;
pub(super) mod views;
pub(super) mod virtual_ip;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use azure_classic_protocol::RequestId;
use azure_classic_protocol::machine::Instant;
use serde::{Deserialize, Serialize};

use self::events::MaintenanceEvents;
use self::instance::{CREATE, Instance, Phase, REMAIN_STOPPED, TransitionResult};
pub(super) use self::lock::SideEffect;
use self::lock::{Continuation, Lock};
use self::requests::CreateDeployment;
use self::role::{Indices, Role, RoleTarget};
use self::update::Update;
use self::version::{Version, VersionId};
pub(super) use self::views::DeploymentViewBuilder;
use self::virtual_ip::VirtualIp;
use super::api_error::ApiError;
use super::call::Slot;
use super::dns_server::DnsServer;
use super::shared_state::{DeploymentId, Event, InstanceId, SharedState, Subject};
use super::values::{self, Properties};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Deployment {
    pub(crate) id: DeploymentId,
    pub(crate) name: String,
    pub(crate) service: String,
    pub(crate) slot: Slot,
    pub(crate) private_id: String,
    /// The public address.
    pub(crate) vip: VirtualIp,
    pub(crate) dns_servers: Vec<DnsServer>,
    pub(crate) created: Instant,
    pub(crate) modified: Instant,
    pub(crate) properties: Properties,
    pub(crate) domains: u32,
    pub(crate) is_started: bool,
    pub(crate) stage: Stage,
    pub(crate) lock: Option<Lock>,
    pub(crate) update: Option<Update>,
    pub(crate) roles: BTreeMap<u32, Role>,
    /// What instances run, or are to run.
    pub(crate) versions: BTreeMap<VersionId, Version>,
    events: MaintenanceEvents,
    /// The containers that its package has been written to.
    containers: BTreeSet<String>,
    last_version: u32,
    /// What the deployment as a whole says that it is.
    current: VersionId,
    /// What it was when the last update ended: where a rollback leads.
    stable: VersionId,
    /// The last number of a version, of a package, of an update; addresses given.
    last_number: u32,
    last_package: u32,
    last_update: u32,
    address_offset: u32,
}

/// Internal addresses: 10.0.0.4 and the 2^23 from there on, then again from the start.
const FIRST_ADDRESS: u32 = 0x0a00_0004;
const ADDRESS_COUNT: u32 = 1 << 23;

/// Where the deployment is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// Accepted; nothing to be seen yet.
    Pending,
    /// Configuration, roles and instances are known.
    Provisioned,
    Active,
    Deleting,
}

impl Deployment {
    /// Begins to make a deployment; `request` names the operation.
    pub(crate) fn create(
        id: DeploymentId,
        service: &str,
        slot: Slot,
        create: CreateDeployment,
        vip: VirtualIp,
        request: &RequestId,
        shared: &mut SharedState,
    ) -> Self {
        let first = VersionId(1);
        let fails = create.warnings_are_errors && !create.package.definition.warnings.is_empty();
        let dns_servers = create.configuration.network.dns_servers.clone();
        let version = Version {
            number: 1,
            package: 1,
            definition: create.package.definition,
            label: create.label,
            configuration: create.configuration,
            extensions: create.extensions.unwrap_or_default(),
        };
        shared.operations.set_subject(request, Subject::Deployment(id));
        let mut deployment = Self {
            id,
            name: create.name,
            service: service.to_owned(),
            slot,
            private_id: shared.random.hex_id(),
            vip,
            dns_servers,
            created: shared.now,
            modified: shared.now,
            properties: values::initial_properties(create.properties),
            domains: create
                .package
                .upgrade_domains
                .unwrap_or(shared.settings.default_domain_count()),
            is_started: create.start,
            stage: Stage::Pending,
            lock: None,
            update: None,
            roles: BTreeMap::new(),
            versions: BTreeMap::from([(first, version)]),
            events: MaintenanceEvents::default(),
            containers: BTreeSet::new(),
            last_version: 1,
            current: first,
            stable: first,
            last_number: 1,
            last_package: 1,
            last_update: 0,
            address_offset: 0,
        };
        if fails {
            let error = ApiError::warnings(&deployment.current_version().definition.warnings);
            deployment.lock_then_fail(request, &error, shared);
        } else {
            shared.schedule(shared.settings.timing.operation.half(), Event::Lock(id));
            deployment.set_lock(request, Continuation::Provision, shared);
        }
        deployment
    }

    /// Begins to delete the deployment.
    pub(crate) fn delete(
        &mut self,
        request: &RequestId,
        shared: &mut SharedState,
    ) -> Result<(), ApiError> {
        self.check_unlocked()?;
        self.start_deletion(request, shared);
        self.lock_and_schedule(request, Continuation::FinishDeletion, shared);
        Ok(())
    }

    /// Goes down with its cloud service, whose deletion takes it away in the end.
    pub(crate) fn delete_with_service(&mut self, request: &RequestId, shared: &mut SharedState) {
        self.start_deletion(request, shared);
        self.set_lock(request, Continuation::FinishDeletion, shared);
    }

    fn start_deletion(&mut self, request: &RequestId, shared: &mut SharedState) {
        self.cancel_update(request, shared);
        self.stage = Stage::Deleting;
        for instance in self.roles.values_mut().flat_map(|role| role.instances.values_mut()) {
            instance.cancel_transitions(shared);
            instance.phase = Phase::DeletingVM;
        }
    }

    /// How many cores its instances have.
    pub(crate) fn cores(&self) -> u32 {
        let current = self.current_version();
        current.definition.cores_of(&current.configuration)
    }

    /// Begins to give the deployment other DNS servers.
    pub(crate) fn start_dns_server_change(
        &mut self,
        request: &RequestId,
        servers: Vec<DnsServer>,
        shared: &mut SharedState,
    ) {
        self.lock_and_schedule(request, Continuation::SetDnsServers(servers), shared);
    }

    /// Makes roles and instances of the configuration; they do nothing yet.
    fn provision(&mut self, shared: &mut SharedState) {
        self.stage = Stage::Provisioned;
        let version = self.current;
        let settings = self.current_version().configuration.roles.clone();
        for (key, settings) in (0..).zip(settings) {
            let indices = Indices::default().with_count(settings.instances);
            let mut role = Role::new(settings.name);
            for index in indices.iter() {
                role.instances.insert(index, Instance::new(version, self.next_address()));
            }
            role.stable = Some(RoleTarget { version, indices });
            role.target.clone_from(&role.stable);
            self.roles.insert(key, role);
        }
        self.modified = shared.now;
    }

    fn activate(&mut self, shared: &mut SharedState) {
        self.stage = Stage::Active;
        self.modified = shared.now;
        let sequence = if self.is_started { CREATE } else { REMAIN_STOPPED };
        for (&role, of) in &mut self.roles {
            for (&index, instance) in &mut of.instances {
                instance.run_sequence(
                    sequence,
                    InstanceId { deployment: self.id, role, index },
                    shared,
                );
            }
        }
    }

    /// An instance enters its next state.
    pub(crate) fn on_instance_timer(&mut self, id: InstanceId, shared: &mut SharedState) {
        let Some(role) = self.roles.get(&id.role) else { return };
        let fault = self.startup_fault(role, id.index, shared);
        let Some(role) = self.roles.get_mut(&id.role) else { return };
        let Some(instance) = role.instances.get_mut(&id.index) else { return };
        let awaited_by = instance.awaited_by;
        match instance.advance(id, shared, fault) {
            TransitionResult::InProgress => return,
            TransitionResult::Completed => instance.awaited_by = None,
            TransitionResult::Deleted => {
                role.instances.remove(&id.index);
            }
        }
        if let Some(update) = awaited_by {
            self.on_instance_updated(update, shared);
        }
    }

    pub(super) fn next_address(&mut self) -> Ipv4Addr {
        let address = Ipv4Addr::from_bits(FIRST_ADDRESS + self.address_offset);
        self.address_offset = (self.address_offset + 1) % ADDRESS_COUNT;
        address
    }

    /// What the deployment as a whole says that it is.
    pub(super) fn current_version(&self) -> &Version {
        &self.versions[&self.current]
    }

    /// What it was when the last update ended.
    fn stable_version(&self) -> &Version {
        &self.versions[&self.stable]
    }

    fn add_version(&mut self, version: Version) -> VersionId {
        self.last_version += 1;
        let id = VersionId(self.last_version);
        self.versions.insert(id, version);
        id
    }

    /// Forgets the versions that nothing runs any more and nothing is to run.
    fn prune_versions(&mut self) {
        let roles = self.roles.values();
        let used: BTreeSet<VersionId> = roles
            .flat_map(|role| {
                let goals = role.target.iter().chain(&role.stable).map(|goal| goal.version);
                goals.chain(role.instances.values().map(|instance| instance.version))
            })
            .chain([self.current, self.stable])
            .collect();
        self.versions.retain(|id, _| used.contains(id));
    }
}
