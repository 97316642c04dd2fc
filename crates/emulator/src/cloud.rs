//! The emulated cloud as a state machine: no socket, no clock, no randomness but the seed's.

mod answer;
mod api;
mod call;
mod cloud_service;
mod contract;
mod deployment;
mod faults;
mod nonsense;
mod notes;
mod operation_status;
mod operations;
mod outcome;
mod pace;
mod pairs;
mod random;
mod refusal;
mod route;
mod saved;
mod settings;
mod timeline;
mod values;
mod view;
mod work;
mod world;

use std::collections::BTreeMap;

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ApiVersion, RequestId};
use bytes::Bytes;
use http::{Method, Request, Response};
use serde::{Deserialize, Serialize};

use self::answer::Answer;
use self::call::{Call, Query};
use self::cloud_service::Service;
use self::deployment::Deployment;
pub use self::faults::Stick;
use self::notes::Notes;
use self::operations::{Operation, Progress};
pub use self::outcome::Outcome;
pub use self::pace::{Pace, Takes};
pub(crate) use self::random::Random;
use self::refusal::Refusal;
use self::route::Path;
pub use self::saved::LoadError;
pub use self::settings::Settings;
pub(crate) use self::settings::UPGRADE_DOMAINS;
pub use self::view::InstanceView;
use self::work::Works;
use self::world::{DeploymentId, Event, Subject, World};
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
/// let response = cloud.handle(Instant::ORIGIN, &caller, &request).answer.expect("no fault cuts it off");
/// assert_eq!(response.status(), 404);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Serialize, Deserialize)]
pub struct Cloud {
    world: World,
    /// By name in lower case.
    services: BTreeMap<String, Service>,
    deployments: BTreeMap<DeploymentId, Deployment>,
    last_deployment: u64,
    works: Works,
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
            works: Works::default(),
        }
    }

    /// Answers a request at a moment. Whatever is wrong with the request is said in the answer.
    pub fn handle(&mut self, now: Instant, caller: &Caller, request: &Request<Bytes>) -> Outcome {
        self.advance(now);
        let id = RequestId::new(&self.world.ids.hex_id());
        let notes = Notes::default();
        let answer = self
            .answer(&id, caller, request, &notes)
            .unwrap_or_else(|refusal| Answer::refused(&refusal));
        Outcome::answer(self.respond(&id, answer))
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

    /// A number that grows with whatever a request or the passing of time changes, other than the
    /// time itself and the ids of the next requests. A request that leaves it as it was could have
    /// been left out. A loaded cloud begins again with 0.
    pub fn revision(&self) -> u64 {
        self.world.revision
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
                if let Some(deployment) = self.deployments.get_mut(&id)
                    && deployment.on_lock(world)
                {
                    self.forget(id);
                }
            }
            Event::Work(id) => self.on_work(id),
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
        }
    }

    fn answer(
        &mut self,
        id: &RequestId,
        caller: &Caller,
        request: &Request<Bytes>,
        notes: &Notes,
    ) -> Result<Answer, Refusal> {
        let settings = &self.world.settings;
        if !caller.is_one_of(&settings.management_certificates) {
            return Err(Refusal::forbidden());
        }
        let path = Path::read(request.uri())?;
        if path.subscription.as_ref().is_some_and(|id| id != settings.subscription.as_str()) {
            return Err(Refusal::forbidden());
        }
        let version = version_of(request)?;
        let query = Query::of(request.uri());
        let (route, arguments) = route::find(api::routes(), &path, request.method(), query, notes)?;
        if version < route.since {
            return Err(Refusal::version_too_old(route.operation, route.since));
        }
        if request.body().len() > Self::BODY_LIMIT {
            return Err(Refusal::bad_request(format!(
                "The request body is larger than {} bytes.",
                Self::BODY_LIMIT
            )));
        }
        let call = Call {
            id,
            caller,
            version,
            arguments,
            query,
            headers: request.headers(),
            body: request.body(),
            notes,
        };
        if *request.method() == Method::GET {
            return (route.perform)(self, &call);
        }
        self.world.touch();
        self.world.operations.begin(Operation {
            id: id.clone(),
            name: route.operation.to_owned(),
            object: request.uri().path().to_owned(),
            caller: caller.as_thumbprint().map(str::to_owned),
            began: self.world.now,
            ended: None,
            progress: Progress::Running,
            subject: None,
        });
        let answer = (route.perform)(self, &call);
        match &answer {
            Ok(answer) if answer.goes_on => {}
            Ok(answer) => {
                let done = Progress::Succeeded(answer.status.as_u16());
                self.world.operations.end(id, done, self.world.now);
            }
            Err(_) => self.world.operations.forget(id),
        }
        answer
    }

    /// The calendar time of [`Instant::ORIGIN`], in seconds since the start of 1970.
    pub(crate) fn origin(&self) -> i64 {
        self.world.settings.origin
    }

    /// The random numbers that decide on the ids of the next requests.
    pub(crate) fn ids(&self) -> Random {
        self.world.ids.clone()
    }

    pub(crate) fn set_ids(&mut self, ids: Random) {
        self.world.ids = ids;
    }

    /// Leaves out ids, so that none is given twice.
    pub(crate) fn skip_ids(&mut self, count: u64) {
        self.world.ids.skip(count);
    }

    /// What is answered when nobody can promise that what was done lasts.
    pub(crate) fn unwritten(&self, outcome: Outcome, why: &str) -> Outcome {
        let answer = outcome.answer.map(|answer| {
            let id = answer.headers().get("x-ms-request-id").and_then(|id| id.to_str().ok());
            let id = RequestId::new(id.unwrap_or_default());
            self.respond(&id, Answer::refused(&Refusal::unwritten(why)))
        });
        Outcome { answer, ..outcome }
    }

    fn respond(&self, id: &RequestId, answer: Answer) -> Response<Bytes> {
        answer.into_response(id, self.world.settings.unix_seconds(self.world.now))
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
