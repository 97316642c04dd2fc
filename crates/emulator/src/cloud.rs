//! The emulated cloud as a state machine: no socket, no clock, no randomness but the seed's.

mod addresses;
mod affinity_group;
mod answer;
mod api;
mod board;
mod call;
mod clip;
mod cloud_service;
mod contract;
mod deployment;
mod dns_server;
mod edit;
mod extension;
pub mod faults;
mod front;
mod journal;
mod limits;
mod location;
mod management_certificate;
mod name_availability;
mod network_configuration;
mod nonsense;
mod notes;
mod operating_system;
mod operation_status;
mod operations;
mod outcome;
mod pace;
mod pairs;
mod place;
mod prepared;
mod random;
mod refusal;
mod reserved_ip;
mod role_size;
mod route;
mod saved;
mod service_certificate;
mod service_principal;
mod settings;
mod storage_account;
mod subscription;
mod timeline;
mod values;
mod view;
mod work;
mod world;

use std::collections::BTreeMap;
use std::time::Duration;

use azure_classic_protocol::SubscriptionId;
use azure_classic_protocol::machine::Instant;

use self::affinity_group::AffinityGroup;
pub(crate) use self::answer::{slow_body, too_many_bodies, too_many_connections};
pub(crate) use self::api::operation_names;
pub use self::board::{
    Board, DeploymentBoard, InstanceTile, OperationView, ServiceBoard, UpdateView,
};
use self::cloud_service::Service;
use self::deployment::{Aftermath, Deployment};
pub(crate) use self::front::Decision;
pub use self::journal::{Journal, JournalEntry};
pub use self::limits::Limits;
use self::management_certificate::ManagementCertificates;
pub use self::outcome::{Held, Outcome};
pub use self::pace::{Pace, Takes};
pub(crate) use self::prepared::Prepared;
pub(crate) use self::random::Random;
use self::reserved_ip::ReservedIps;
pub use self::saved::LoadError;
use self::service_principal::ServicePrincipals;
pub use self::settings::Settings;
pub(crate) use self::settings::UPGRADE_DOMAINS;
use self::storage_account::StorageAccount;
pub(crate) use self::subscription::NAME as SUBSCRIPTION_NAME;
use self::subscription::providers::Providers;
pub use self::view::InstanceView;
use self::work::Works;
use self::world::{DeploymentId, Event, Subject, World};

/// The emulated cloud: requests in, answers out, with the time as an argument.
///
/// Time is a number that the caller chooses and that only grows: an earlier `now` counts as the
/// latest one seen. Whatever came due up to `now` has happened before a request is looked at.
///
/// # Example
///
/// ```
/// use azure_classic_emulator::{Caller, Cloud, Settings};
/// use azure_classic_protocol::{Bytes, machine::Instant};
///
/// let subscription: azure_classic_protocol::SubscriptionId =
///     "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?;
/// let mut cloud = Cloud::new(Settings::new(subscription).allow("a9993e364706816aba3e25717850c26c9cd0d89d"));
///
/// let request = http::Request::get("/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso")
///     .header("x-ms-version", "2015-04-01")
///     .body(Bytes::new())?;
/// let caller = Caller::thumbprint("a9993e364706816aba3e25717850c26c9cd0d89d");
/// let response = cloud.handle(Instant::ORIGIN, &caller, &request).answer.expect("no fault cuts it off");
/// assert_eq!(response.status(), 404);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Cloud {
    world: World,
    /// By name in lower case, as the services and the storage accounts.
    affinity_groups: BTreeMap<String, AffinityGroup>,
    services: BTreeMap<String, Service>,
    deployments: BTreeMap<DeploymentId, Deployment>,
    last_deployment: u64,
    management_certificates: ManagementCertificates,
    providers: Providers,
    reserved_ips: ReservedIps,
    service_principals: ServicePrincipals,
    storage_accounts: BTreeMap<String, StorageAccount>,
    works: Works,
    journal: Journal,
}

/// How far [`Cloud::advance`] or [`Emulator::step`](crate::Emulator::step) came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advance {
    /// The time that was reached.
    pub reached: Instant,
    /// What is left of the time asked for: zero unless the call ended early, because too many events
    /// came due or because the emulator shuts down.
    pub remaining: Duration,
}

impl Advance {
    /// Whether the time asked for was reached.
    pub fn is_complete(&self) -> bool {
        self.remaining.is_zero()
    }
}

/// Time stops here, 35,000 years after its origin: sums of times saturate later, and then an event could
/// come due at the very instant that schedules it, for ever.
const END_OF_TIME: Instant = Instant::from_origin(Duration::from_secs(1 << 40));

impl Cloud {
    /// The largest body that is read, in bytes; a larger one is refused. The service's own limit is
    /// not known.
    pub const BODY_LIMIT: usize = 8 * 1024 * 1024;

    /// The most events of one [`advance`](Self::advance).
    const EVENTS: usize = 250_000;

    /// A cloud without services.
    pub fn new(settings: Settings) -> Self {
        let mut management_certificates = ManagementCertificates::default();
        management_certificates.admit(&settings, Instant::ORIGIN);
        Self {
            world: World::new(settings),
            affinity_groups: BTreeMap::new(),
            services: BTreeMap::new(),
            deployments: BTreeMap::new(),
            last_deployment: 0,
            management_certificates,
            providers: Providers::new(),
            reserved_ips: ReservedIps::new(),
            service_principals: ServicePrincipals::new(),
            storage_accounts: BTreeMap::new(),
            works: Works::default(),
            journal: Journal::default(),
        }
    }

    /// Lets everything happen that is due at a moment, in its order: at most 250,000 events, and the
    /// rest of those of the last instant. Returns how far time came; call it again to go on.
    ///
    /// A [request](Self::handle) for a moment that was not reached is handled at the one that was.
    pub fn advance(&mut self, now: Instant) -> Advance {
        self.advance_by(now, Self::EVENTS)
    }

    /// As [`advance`](Self::advance), with another number of events. Stops between instants only, so
    /// that the same time can be reached again from its number alone.
    pub(crate) fn advance_by(&mut self, now: Instant, events: usize) -> Advance {
        let end = now.min(END_OF_TIME);
        let mut left = events;
        while let Some(next) = self.next_event().filter(|next| *next <= end) {
            if left == 0 && next > self.world.now {
                return Advance { reached: self.world.now, remaining: now - self.world.now };
            }
            let Some((at, event)) = self.world.timeline.take_due(end) else { break };
            self.world.now = self.world.now.max(at);
            self.happen(event);
            left = left.saturating_sub(1);
        }
        self.world.now = self.world.now.max(end);
        Advance { reached: self.world.now, remaining: Duration::ZERO }
    }

    /// When something will happen of itself; `None` when nothing will.
    pub fn next_event(&self) -> Option<Instant> {
        self.world.timeline.next().filter(|next| *next <= END_OF_TIME)
    }

    /// The latest moment that the cloud has seen.
    pub fn now(&self) -> Instant {
        self.world.now
    }

    /// A number that grows with whatever a request or the passing of time changes, other than the
    /// time itself, the ids of the next requests and the journal. A request that leaves it as it was
    /// could have been left out.
    ///
    /// ```
    /// # use azure_classic_emulator::{Cloud, Settings};
    /// # let mut cloud = Cloud::new(Settings::new("8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?));
    /// let before = cloud.revision();
    /// cloud.advance(cloud.now() + std::time::Duration::from_secs(60));
    /// assert_eq!(cloud.revision(), before, "nothing was under way");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn revision(&self) -> u64 {
        self.world.revision
    }

    /// The last requests, with what was decided.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(crate) fn subscription(&self) -> &SubscriptionId {
        &self.world.settings.subscription
    }

    /// Tells the pace that there was.
    pub(crate) fn change_pace(&mut self, pace: Pace) -> Pace {
        std::mem::replace(&mut self.world.settings.pace, pace)
    }

    #[cfg(test)]
    pub(crate) fn limit_instances(&mut self, most: u32) {
        self.world.settings.most_instances = most;
    }

    fn happen(&mut self, event: Event) {
        self.world.touch();
        let world = &mut self.world;
        match event {
            Event::Instance(id) => {
                if let Some(deployment) = self.deployments.get_mut(&id.deployment) {
                    deployment.on_instance(id, world);
                }
            }
            Event::Domain(id) => {
                if let Some(deployment) = self.deployments.get_mut(&id) {
                    deployment.on_domain(world);
                }
            }
            Event::Lock(id) => {
                let Some(deployment) = self.deployments.get_mut(&id) else { return };
                match deployment.on_lock(world) {
                    Aftermath::Nothing => {}
                    Aftermath::Gone => self.forget(id),
                    Aftermath::Swap(other) => self.finish_swap(id, other),
                    Aftermath::Reserved(vip) => self.on_virtual_ip_reserved(&vip),
                }
            }
            Event::Work(id) => self.on_work(id),
            Event::Rule(number) => self.on_rule(number),
        }
    }

    /// Somebody asks about it: what waits for questions happens.
    fn poll(&mut self, subject: Subject) {
        if !self.world.timeline.waits_for_polls(subject) {
            return;
        }
        self.world.touch();
        for timer in self.world.timeline.count_poll(subject) {
            if let Some(event) = self.world.timeline.take(timer) {
                self.happen(event);
            }
        }
        // What follows from it and takes no time.
        self.advance(self.world.now);
    }

    fn forget(&mut self, id: DeploymentId) {
        if let Some(deployment) = self.deployments.remove(&id)
            && let Some(service) = self.services.get_mut(&deployment.service.to_ascii_lowercase())
        {
            service.slots[deployment.slot.index()] = None;
            if deployment.vip.reservation.is_none() {
                self.world.addresses.give_back(deployment.vip.address);
            }
        }
    }
}
