//! A deployment: its roles, the operation that holds it, the update that moves through it.

mod ailing;
pub(super) mod answers;
pub(super) mod api;
pub(super) mod configuration;
pub(super) mod events;
mod extension_states;
pub(super) mod get_package;
pub(super) mod instance;
mod lock;
mod package;
mod plan;
mod references;
mod requests;
pub(super) mod role;
pub(super) mod role_instance;
mod rolling;
mod sense;
mod status;
mod swap;
mod update;
pub(super) mod version;
pub(super) mod virtual_ip;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use azure_classic_protocol::RequestId;
use azure_classic_protocol::machine::Instant;
use serde::{Deserialize, Serialize};

pub(super) use self::answers::Narrator;
use self::events::Events;
use self::instance::{CREATE, Instance, Moved, Phase, STAND_STOPPED};
pub(super) use self::lock::Aftermath;
use self::lock::{Lock, Then};
use self::requests::CreateDeployment;
use self::role::{Goal, Indices, Role};
use self::update::Update;
use self::version::{Version, VersionId};
use self::virtual_ip::VirtualIp;
use super::call::Slot;
use super::dns_server::DnsServer;
use super::refusal::Refusal;
use super::values::{self, Properties};
use super::world::{DeploymentId, Event, InstanceId, Subject, World};

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
    events: Events,
    /// The containers that its package has been written to.
    containers: BTreeSet<String>,
    last_version: u32,
    /// What the deployment as a whole says that it is.
    current: VersionId,
    /// What it was when the last update ended: where a rollback leads.
    settled: VersionId,
    /// The last number of a version, of a package, of an update; addresses given.
    numbers: u32,
    packages: u32,
    updates: u32,
    addresses: u32,
}

/// Internal addresses: 10.0.0.4 and the 2^23 from there on, then again from the start.
const FIRST_ADDRESS: u32 = 0x0a00_0004;
const ADDRESSES: u32 = 1 << 23;

/// Where the deployment is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// Accepted; nothing to be seen yet.
    Announced,
    /// Configuration, roles and instances are known.
    Modelled,
    Live,
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
        world: &mut World,
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
        world.operations.concerns(request, Subject::Deployment(id));
        let mut deployment = Self {
            id,
            name: create.name,
            service: service.to_owned(),
            slot,
            private_id: world.random.hex_id(),
            vip,
            dns_servers,
            created: world.now,
            modified: world.now,
            properties: values::initial(create.properties),
            domains: create.package.upgrade_domains.unwrap_or(world.settings.usual_domains()),
            is_started: create.start,
            stage: Stage::Announced,
            lock: None,
            update: None,
            roles: BTreeMap::new(),
            versions: BTreeMap::from([(first, version)]),
            events: Events::default(),
            containers: BTreeSet::new(),
            last_version: 1,
            current: first,
            settled: first,
            numbers: 1,
            packages: 1,
            updates: 0,
            addresses: 0,
        };
        if fails {
            let refusal = Refusal::warnings(&deployment.current().definition.warnings);
            deployment.hold_in_vain(request, &refusal, world);
        } else {
            world.schedule(world.settings.pace.operation.half(), Event::Lock(id));
            deployment.lock_for(request, Then::Model, world);
        }
        deployment
    }

    /// Begins to delete the deployment.
    pub(crate) fn delete(&mut self, request: &RequestId, world: &mut World) -> Result<(), Refusal> {
        self.check_unlocked()?;
        self.wind_down(request, world);
        self.hold(request, Then::Vanish, world);
        Ok(())
    }

    /// Goes down with its cloud service, whose deletion takes it away in the end.
    pub(crate) fn go_with_service(&mut self, request: &RequestId, world: &mut World) {
        self.wind_down(request, world);
        self.lock_for(request, Then::Vanish, world);
    }

    fn wind_down(&mut self, request: &RequestId, world: &mut World) {
        self.drop_update(request, world);
        self.stage = Stage::Deleting;
        for instance in self.roles.values_mut().flat_map(|role| role.instances.values_mut()) {
            instance.halt(world);
            instance.phase = Phase::DeletingVM;
        }
    }

    /// How many cores its instances have.
    pub(crate) fn cores(&self) -> u32 {
        let current = self.current();
        current.definition.cores_of(&current.configuration)
    }

    /// Begins to give the deployment other DNS servers.
    pub(crate) fn change_dns_servers(
        &mut self,
        request: &RequestId,
        servers: Vec<DnsServer>,
        world: &mut World,
    ) {
        self.hold(request, Then::SetDnsServers(servers), world);
    }

    /// Makes roles and instances of the configuration; they do nothing yet.
    fn model(&mut self, world: &mut World) {
        self.stage = Stage::Modelled;
        let version = self.current;
        let settings = self.current().configuration.roles.clone();
        for (key, settings) in (0..).zip(settings) {
            let indices = Indices::default().with_count(settings.instances);
            let mut role = Role::new(settings.name);
            for index in indices.iter() {
                role.instances.insert(index, Instance::new(version, self.next_address()));
            }
            role.settled = Some(Goal { version, indices });
            role.goal.clone_from(&role.settled);
            self.roles.insert(key, role);
        }
        self.modified = world.now;
    }

    fn go_live(&mut self, world: &mut World) {
        self.stage = Stage::Live;
        self.modified = world.now;
        let journey = if self.is_started { CREATE } else { STAND_STOPPED };
        for (&role, of) in &mut self.roles {
            for (&index, instance) in &mut of.instances {
                instance.set_out(journey, InstanceId { deployment: self.id, role, index }, world);
            }
        }
    }

    /// An instance enters its next state.
    pub(crate) fn on_instance(&mut self, id: InstanceId, world: &mut World) {
        let Some(role) = self.roles.get(&id.role) else { return };
        let ailment = self.ailment(role, id.index, world);
        let Some(role) = self.roles.get_mut(&id.role) else { return };
        let Some(instance) = role.instances.get_mut(&id.index) else { return };
        let awaited_by = instance.awaited_by;
        match instance.advance(id, world, ailment) {
            Moved::OnTheWay => return,
            Moved::Arrived => instance.awaited_by = None,
            Moved::Gone => {
                role.instances.remove(&id.index);
            }
        }
        if let Some(update) = awaited_by {
            self.on_arrival(update, world);
        }
    }

    pub(super) fn next_address(&mut self) -> Ipv4Addr {
        let address = Ipv4Addr::from_bits(FIRST_ADDRESS + self.addresses);
        self.addresses = (self.addresses + 1) % ADDRESSES;
        address
    }

    /// What the deployment as a whole says that it is.
    pub(super) fn current(&self) -> &Version {
        &self.versions[&self.current]
    }

    /// What it was when the last update ended.
    fn settled(&self) -> &Version {
        &self.versions[&self.settled]
    }

    fn add_version(&mut self, version: Version) -> VersionId {
        self.last_version += 1;
        let id = VersionId(self.last_version);
        self.versions.insert(id, version);
        id
    }

    /// Forgets the versions that nothing runs any more and nothing is to run.
    fn forget_versions(&mut self) {
        let roles = self.roles.values();
        let used: BTreeSet<VersionId> = roles
            .flat_map(|role| {
                let goals = role.goal.iter().chain(&role.settled).map(|goal| goal.version);
                goals.chain(role.instances.values().map(|instance| instance.version))
            })
            .chain([self.current, self.settled])
            .collect();
        self.versions.retain(|id, _| used.contains(id));
    }
}
