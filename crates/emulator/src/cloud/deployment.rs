//! A deployment: its roles, the operation that holds it, the update that moves through it.

mod ailing;
pub(super) mod answers;
pub(super) mod api;
mod configuration;
mod extension_states;
pub(super) mod instance;
mod references;
mod requests;
pub(super) mod role;
mod rolling;
mod sense;
mod update;
pub(super) mod version;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use azure_classic_protocol::RequestId;
use azure_classic_protocol::machine::Instant;
use serde::{Deserialize, Serialize};

pub(super) use self::answers::Narrator;
use self::instance::{CREATE, Instance, Moved, Phase, STAND_STOPPED};
use self::requests::CreateDeployment;
use self::role::{Goal, Role};
use self::update::{Plan, Update};
use self::version::{Version, VersionId};
use super::call::Slot;
use super::faults::Failure;
use super::pace::Takes;
use super::refusal::Refusal;
use super::values::{self, Properties};
use super::world::{DeploymentId, Event, InstanceId, Subject, World};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Deployment {
    pub(crate) id: DeploymentId,
    pub(crate) name: String,
    pub(crate) service: String,
    pub(crate) slot: Slot,
    pub(crate) private_id: String,
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

/// The operation that holds the deployment.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Lock {
    pub(crate) holder: RequestId,
    /// How long the work takes in all.
    takes: Takes,
    then: Then,
}

/// What happens when the operation's work is done.
#[derive(Debug, Serialize, Deserialize)]
enum Then {
    Model,
    GoLive,
    Update(Plan),
    Vanish,
    /// Nothing: a fault lets the operation fail.
    Fail(Failure),
}

impl Deployment {
    /// Begins to make a deployment; `request` names the operation.
    pub(crate) fn create(
        id: DeploymentId,
        service: &str,
        slot: Slot,
        create: CreateDeployment,
        request: &RequestId,
        world: &mut World,
    ) -> Self {
        let first = VersionId(1);
        let version = Version {
            number: 1,
            package: 1,
            label: create.label,
            configuration: create.configuration,
            extensions: create.extensions.unwrap_or_default(),
        };
        world.operations.concerns(request, Subject::Deployment(id));
        let takes = world.settings.pace.operation;
        world.schedule(takes.half(), Event::Lock(id));
        let lock = Lock { holder: request.clone(), takes, then: Then::Model };
        Self {
            id,
            name: create.name,
            service: service.to_owned(),
            slot,
            private_id: world.random.hex_id(),
            created: world.now,
            modified: world.now,
            properties: values::initial(create.properties),
            domains: create.package.upgrade_domains.unwrap_or(world.settings.upgrade_domains),
            is_started: create.start,
            stage: Stage::Announced,
            lock: Some(lock),
            update: None,
            roles: BTreeMap::new(),
            versions: BTreeMap::from([(first, version)]),
            last_version: 1,
            current: first,
            settled: first,
            numbers: 1,
            packages: 1,
            updates: 0,
            addresses: 0,
        }
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
        let takes = world.settings.pace.operation;
        self.lock = Some(Lock { holder: request.clone(), takes, then: Then::Vanish });
        self.modified = world.now;
    }

    fn wind_down(&mut self, request: &RequestId, world: &mut World) {
        self.drop_update(request, world);
        self.stage = Stage::Deleting;
        for instance in self.roles.values_mut().flat_map(|role| role.instances.values_mut()) {
            instance.halt(world);
            instance.phase = Phase::DeletingVM;
        }
    }

    /// How many cores its instances have: each is `Small`, with one.
    pub(crate) fn cores(&self) -> u32 {
        self.current().configuration.instances()
    }

    /// Holds the deployment for an update, which begins when the operation's work is done.
    pub(super) fn hold_for_update(&mut self, request: &RequestId, plan: Plan, world: &mut World) {
        self.hold(request, Then::Update(plan), world);
    }

    fn hold(&mut self, request: &RequestId, then: Then, world: &mut World) {
        let takes = world.settings.pace.operation;
        world.schedule(takes, Event::Lock(self.id));
        self.lock = Some(Lock { holder: request.clone(), takes, then });
        self.modified = world.now;
    }

    /// Holds the deployment for an operation that comes to nothing.
    pub(crate) fn hold_in_vain(
        &mut self,
        request: &RequestId,
        failure: Failure,
        world: &mut World,
    ) {
        world.operations.concerns(request, Subject::Deployment(self.id));
        self.hold(request, Then::Fail(failure), world);
    }

    pub(crate) fn is_held_by(&self, request: &RequestId) -> bool {
        self.lock.as_ref().is_some_and(|lock| lock.holder == *request)
    }

    pub(super) fn check_unlocked(&self) -> Result<(), Refusal> {
        match &self.lock {
            Some(lock) => Err(Refusal::locked(&lock.holder)),
            None => Ok(()),
        }
    }

    /// The operation's work is done. Whether the deployment is gone with it.
    pub(crate) fn on_lock(&mut self, world: &mut World) -> bool {
        let Some(lock) = self.lock.take() else { return false };
        match lock.then {
            Then::Model => {
                self.model(world);
                world.schedule(lock.takes.rest(), Event::Lock(self.id));
                self.lock = Some(Lock { then: Then::GoLive, ..lock });
                return false;
            }
            Then::GoLive => self.go_live(world),
            Then::Update(plan) => self.begin_update(plan, world),
            Then::Vanish => {}
            Then::Fail(failure) => {
                world.operations.fail(&lock.holder, &failure.refusal(), world.now);
            }
        }
        world.operations.succeed(&lock.holder, world.now);
        self.stage == Stage::Deleting
    }

    /// Makes roles and instances of the configuration; they do nothing yet.
    fn model(&mut self, world: &mut World) {
        self.stage = Stage::Modelled;
        let version = self.current;
        let settings = self.current().configuration.roles.clone();
        for (key, settings) in (0..).zip(settings) {
            let goal = Goal { version, count: settings.instances };
            let mut role = Role::new(settings.name);
            for index in 0..goal.count {
                role.instances.insert(index, Instance::new(version, self.next_address()));
            }
            role.settled = Some(goal);
            role.goal = Some(goal);
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
