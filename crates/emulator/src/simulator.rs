//! The emulated cloud as a state machine: no socket, no clock, no randomness but the seed's.

mod addresses;
mod affinity_group;
mod api_error;
mod api_response;
mod call;
mod cloud_service;
mod contract;
mod deployment;
mod diagnostics;
mod dispatch;
mod dns_server;
mod edit;
mod emulated_instance;
mod event_queue;
mod extension;
pub mod faults;
mod journal;
mod limits;
mod location;
mod management_certificate;
mod map_as_pairs;
mod name_availability;
mod network_configuration;
mod operating_system;
mod operation_status;
mod operations;
mod outcome;
mod prepared_body;
mod random;
mod reserved_ip;
mod resource_location;
mod role_size;
mod route;
mod routes;
mod saved;
mod service_certificate;
mod service_principal;
mod settings;
mod shared_state;
mod snapshot;
mod storage_account;
mod subscription;
mod tasks;
mod timing;
mod truncate;
mod validation;
mod values;

use std::collections::BTreeMap;
use std::time::Duration;

use azure_classic_protocol::SubscriptionId;
use azure_classic_protocol::machine::Instant;

use self::affinity_group::AffinityGroup;
pub(crate) use self::api_response::{slow_body, too_many_bodies, too_many_connections};
use self::cloud_service::CloudService;
use self::deployment::{Deployment, SideEffect};
pub(crate) use self::dispatch::Decision;
pub use self::emulated_instance::EmulatedInstance;
pub use self::journal::{Journal, JournalEntry};
pub use self::limits::SubscriptionLimits;
use self::management_certificate::ManagementCertificates;
pub use self::outcome::{DelayedRequest, Outcome};
pub(crate) use self::prepared_body::PreparedBody;
pub(crate) use self::random::Random;
use self::reserved_ip::ReservedIps;
pub(crate) use self::routes::operation_names;
pub use self::saved::LoadError;
use self::service_principal::ServicePrincipals;
pub use self::settings::Settings;
pub(crate) use self::settings::UPGRADE_DOMAINS;
use self::shared_state::{DeploymentId, Event, SharedState, Subject};
pub use self::snapshot::{
    EmulatedDeployment, InstanceSummary, OperationSummary, ServiceSummary, Snapshot, UpdateSummary,
};
use self::storage_account::StorageAccount;
pub(crate) use self::subscription::NAME as SUBSCRIPTION_NAME;
use self::subscription::providers::Providers;
use self::tasks::Tasks;
pub use self::timing::{Delay, Timing};

/// The emulated service: requests in, responses out, with the time as an argument.
///
/// The caller chooses the time, which only increases: an earlier `now` counts as the latest one. All events
/// up to `now` happen before a request is handled.
///
/// # Example
///
/// ```
/// use azure_classic_emulator::{Caller, Simulator, Settings};
/// use azure_classic_protocol::{Bytes, machine::Instant};
///
/// let subscription: azure_classic_protocol::SubscriptionId =
///     "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?;
/// let mut simulator = Simulator::new(Settings::new(subscription).allow("a9993e364706816aba3e25717850c26c9cd0d89d"));
///
/// let request = http::Request::get("/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso")
///     .header("x-ms-version", "2015-04-01")
///     .body(Bytes::new())?;
/// let caller = Caller::thumbprint("a9993e364706816aba3e25717850c26c9cd0d89d");
/// let response = simulator.handle(Instant::ORIGIN, &caller, &request).response.expect("no fault cuts it off");
/// assert_eq!(response.status(), 404);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Simulator {
    shared: SharedState,
    /// By name in lower case, as the services and the storage accounts.
    affinity_groups: BTreeMap<String, AffinityGroup>,
    services: BTreeMap<String, CloudService>,
    deployments: BTreeMap<DeploymentId, Deployment>,
    last_deployment: u64,
    management_certificates: ManagementCertificates,
    providers: Providers,
    reserved_ips: ReservedIps,
    service_principals: ServicePrincipals,
    storage_accounts: BTreeMap<String, StorageAccount>,
    tasks: Tasks,
    journal: Journal,
}

/// How far [`Simulator::advance`] or [`Emulator::step`](crate::Emulator::step) came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advance {
    /// The time that was reached.
    pub reached: Instant,
    /// The rest of the requested time: zero unless the call ended early, because of too many events or a
    /// shutdown.
    pub remaining: Duration,
}

impl Advance {
    /// Whether the requested time was reached.
    pub fn is_complete(&self) -> bool {
        self.remaining.is_zero()
    }
}

/// Time stops here, 35,000 years after its origin: sums of times saturate later, and then an event could
/// come due at the very instant that schedules it, for ever.
const END_OF_TIME: Instant = Instant::from_origin(Duration::from_secs(1 << 40));

impl Simulator {
    /// The largest body that is read, in bytes; a larger one is refused. The service's own limit is
    /// not known.
    pub const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

    /// The most events of one [`advance`](Self::advance).
    const MAX_EVENTS: usize = 250_000;

    /// A cloud without services.
    pub fn new(settings: Settings) -> Self {
        let mut management_certificates = ManagementCertificates::default();
        management_certificates.import(&settings, Instant::ORIGIN);
        Self {
            shared: SharedState::new(settings),
            affinity_groups: BTreeMap::new(),
            services: BTreeMap::new(),
            deployments: BTreeMap::new(),
            last_deployment: 0,
            management_certificates,
            providers: Providers::new(),
            reserved_ips: ReservedIps::new(),
            service_principals: ServicePrincipals::new(),
            storage_accounts: BTreeMap::new(),
            tasks: Tasks::default(),
            journal: Journal::default(),
        }
    }

    /// Processes all events up to a time, in order: at most 250,000 events, and the rest of those at the last
    /// time. Returns the reached time; call it again to continue.
    ///
    /// A [request](Self::handle) at a time that was not reached is handled at the reached one.
    pub fn advance(&mut self, now: Instant) -> Advance {
        self.advance_by(now, Self::MAX_EVENTS)
    }

    /// As [`advance`](Self::advance), with another number of events. Stops between instants only, so
    /// that the same time can be reached again from its number alone.
    pub(crate) fn advance_by(&mut self, now: Instant, events: usize) -> Advance {
        let end = now.min(END_OF_TIME);
        let mut left = events;
        while let Some(next) = self.next_event().filter(|next| *next <= end) {
            if left == 0 && next > self.shared.now {
                return Advance { reached: self.shared.now, remaining: now - self.shared.now };
            }
            let Some((at, event)) = self.shared.events.take_due(end) else { break };
            self.shared.now = self.shared.now.max(at);
            self.apply_event(event);
            left = left.saturating_sub(1);
        }
        self.shared.now = self.shared.now.max(end);
        Advance { reached: self.shared.now, remaining: Duration::ZERO }
    }

    /// When something will happen of itself; `None` when nothing will.
    pub fn next_event(&self) -> Option<Instant> {
        self.shared.events.next().filter(|next| *next <= END_OF_TIME)
    }

    /// Returns the latest time of the simulator.
    pub fn now(&self) -> Instant {
        self.shared.now
    }

    /// A number that grows with whatever a request or the passing of time changes, other than the
    /// time itself, the ids of the next requests and the journal. A request that leaves it as it was
    /// could have been left out.
    ///
    /// ```
    /// # use azure_classic_emulator::{Simulator, Settings};
    /// # let mut simulator = Simulator::new(Settings::new("8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?));
    /// let before = simulator.revision();
    /// simulator.advance(simulator.now() + std::time::Duration::from_secs(60));
    /// assert_eq!(simulator.revision(), before, "nothing was under way");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn revision(&self) -> u64 {
        self.shared.revision
    }

    /// The last requests, with what was decided.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(crate) fn subscription(&self) -> &SubscriptionId {
        &self.shared.settings.subscription
    }

    /// Replaces the timing, and returns the previous one.
    pub(crate) fn replace_timing(&mut self, timing: Timing) -> Timing {
        std::mem::replace(&mut self.shared.settings.timing, timing)
    }

    #[cfg(test)]
    pub(crate) fn limit_instances(&mut self, most: u32) {
        self.shared.settings.max_instances = most;
    }

    fn apply_event(&mut self, event: Event) {
        self.shared.mark_changed();
        let shared = &mut self.shared;
        match event {
            Event::Instance(id) => {
                if let Some(deployment) = self.deployments.get_mut(&id.deployment) {
                    deployment.on_instance_timer(id, shared);
                }
            }
            Event::Domain(id) => {
                if let Some(deployment) = self.deployments.get_mut(&id) {
                    deployment.on_domain_timer(shared);
                }
            }
            Event::Lock(id) => {
                let Some(deployment) = self.deployments.get_mut(&id) else { return };
                match deployment.complete_operation(shared) {
                    SideEffect::None => {}
                    SideEffect::Deleted => self.remove_deployment(id),
                    SideEffect::Swap(other) => self.finish_swap(id, other),
                    SideEffect::AddressReserved(vip) => self.on_virtual_ip_reserved(&vip),
                }
            }
            Event::Task(id) => self.on_task(id),
            Event::Rule(number) => self.on_rule(number),
        }
    }

    /// Counts a poll of the subject, which may trigger events.
    fn count_poll(&mut self, subject: Subject) {
        if !self.shared.events.waits_for_polls(subject) {
            return;
        }
        self.shared.mark_changed();
        for timer in self.shared.events.count_poll(subject) {
            if let Some(event) = self.shared.events.take(timer) {
                self.apply_event(event);
            }
        }
        // Immediate consequences.
        self.advance(self.shared.now);
    }

    fn remove_deployment(&mut self, id: DeploymentId) {
        if let Some(deployment) = self.deployments.remove(&id)
            && let Some(service) = self.services.get_mut(&deployment.service.to_ascii_lowercase())
        {
            service.slots[deployment.slot.index()] = None;
            if deployment.vip.reservation.is_none() {
                self.shared.addresses.release(deployment.vip.address);
            }
        }
    }
}
