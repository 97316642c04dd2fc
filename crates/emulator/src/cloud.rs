//! The emulated cloud as a state machine: no socket, no clock, no randomness but the seed's.

mod answer;
mod configuration;
mod contract;
mod deployment;
mod describe;
mod faults;
mod instance;
mod operations;
mod pace;
mod perform;
mod random;
mod refusal;
mod requests;
mod role;
mod rolling;
mod route;
mod service;
mod settings;
mod timeline;
mod update;
mod values;
mod version;
mod view;
mod wire;
mod world;

use std::collections::BTreeMap;

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ApiVersion, RequestId};
use bytes::Bytes;
use http::{Request, Response};

use self::answer::Answer;
use self::deployment::Deployment;
pub use self::faults::Stick;
pub use self::pace::Pace;
use self::refusal::Refusal;
use self::requests::Body;
use self::route::Target;
use self::service::Service;
pub use self::settings::Settings;
pub(crate) use self::settings::UPGRADE_DOMAINS;
pub use self::view::InstanceView;
use self::world::{DeploymentId, Event, World};
use crate::Caller;

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
/// let response = cloud.handle(Instant::ORIGIN, &caller, &request);
/// assert_eq!(response.status(), 404);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Cloud {
    world: World,
    /// By name in lower case.
    services: BTreeMap<String, Service>,
    deployments: BTreeMap<DeploymentId, Deployment>,
    last_deployment: u64,
}

impl Cloud {
    /// The largest body that is read, in bytes; a larger one is refused. The service's own limit is
    /// not known.
    pub const BODY_LIMIT: usize = 8 * 1024 * 1024;

    /// A cloud without services.
    pub fn new(settings: Settings) -> Self {
        Self {
            world: World::new(settings),
            services: BTreeMap::new(),
            deployments: BTreeMap::new(),
            last_deployment: 0,
        }
    }

    /// Answers a request at a moment. Whatever is wrong with the request is said in the answer.
    pub fn handle(
        &mut self,
        now: Instant,
        caller: &Caller,
        request: &Request<Bytes>,
    ) -> Response<Bytes> {
        self.advance(now);
        let id = RequestId::new(&self.world.random.hex_id());
        let answer =
            self.answer(&id, caller, request).unwrap_or_else(|refusal| Answer::refused(&refusal));
        answer.into_response(&id, self.world.settings.unix_seconds(self.world.now))
    }

    /// Lets everything happen that is due at a moment, in its order.
    pub fn advance(&mut self, now: Instant) {
        while let Some((at, event)) = self.world.timeline.take_due(now) {
            self.world.now = self.world.now.max(at);
            self.happen(event);
        }
        self.world.now = self.world.now.max(now);
    }

    /// When something will happen of itself; `None` when nothing will.
    pub fn next_event(&self) -> Option<Instant> {
        self.world.timeline.next()
    }

    /// The latest moment that the cloud has seen.
    pub fn now(&self) -> Instant {
        self.world.now
    }

    /// Adds a rule: a role instance that never starts.
    pub fn stick(&mut self, stick: Stick) {
        self.world.faults.stick(stick);
    }

    /// Takes back all rules about instances of this name; those that are stuck start again.
    pub fn unstick(&mut self, instance: &str) {
        self.world.faults.unstick(instance);
        for deployment in self.deployments.values_mut() {
            deployment.unstick(instance, &mut self.world);
        }
    }

    fn happen(&mut self, event: Event) {
        let Some(deployment) = self.deployments.get_mut(&event.deployment()) else { return };
        match event {
            Event::Instance(id) => deployment.on_instance(id, &mut self.world),
            Event::Domain(_) => deployment.on_domain(&mut self.world),
            Event::Lock(id) => {
                if deployment.on_lock(&mut self.world) {
                    self.forget(id);
                }
            }
        }
    }

    fn forget(&mut self, id: DeploymentId) {
        if let Some(deployment) = self.deployments.remove(&id)
            && let Some(service) = self.services.get_mut(&deployment.service.to_ascii_lowercase())
        {
            service.slots[deployment.slot.index()] = None;
        }
    }

    fn answer(
        &mut self,
        id: &RequestId,
        caller: &Caller,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let settings = &self.world.settings;
        if !caller.is_one_of(&settings.management_certificates) {
            return Err(Refusal::forbidden());
        }
        let target = Target::read(request.uri())?;
        if target.subscription != settings.subscription.as_str() {
            return Err(Refusal::forbidden());
        }
        let version = version_of(request)?;
        let call = target.call(request.method(), request.uri().query())?;
        let (name, since) = call.since();
        if version < since {
            return Err(Refusal::version_too_old(name, since));
        }
        if request.body().len() > Self::BODY_LIMIT {
            return Err(Refusal::bad_request(format!(
                "The request body is larger than {} bytes.",
                Self::BODY_LIMIT
            )));
        }
        let most_instances = settings.most_instances;
        self.perform(id, call, &Body { bytes: request.body(), version, most_instances })
    }
}

fn version_of(request: &Request<Bytes>) -> Result<ApiVersion, Refusal> {
    request
        .headers()
        .get("x-ms-version")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().parse().ok())
        .filter(|version: &ApiVersion| version.is_known())
        .ok_or_else(Refusal::no_version)
}
