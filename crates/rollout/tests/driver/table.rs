//! A driver, an emulated cloud and a clock, in one thread.

use std::sync::{Arc, Mutex};

use azure_classic_emulator::{Caller, Settings, Simulator, Timing};
use azure_classic_protocol::machine::{Instant, Machine, Step};
use azure_classic_protocol::{
    Bytes, CloudServiceRef, Deployment, DeploymentRef, Endpoint, GetDeployment, Operation,
    Placement, Slot,
};
use azure_classic_rollout::{Event, Plan, Record, Rollout, RolloutError, RolloutOutcome};
use http::{Method, Request};

pub(crate) const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
pub(crate) const THUMBPRINT: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
pub(crate) const PACKAGE: &str =
    "https://contoso.blob.core.windows.net/packages/2.cspkg?sig=secret";

/// Intercepts the responses between driver and simulator: the text of a response in and out.
pub(crate) type Front = Box<dyn FnMut(String) -> String>;

pub(crate) struct Table {
    pub(crate) cloud: Simulator,
    pub(crate) endpoint: Endpoint,
    pub(crate) now: Instant,
    /// The changes that were sent.
    pub(crate) sent: Vec<Request<Bytes>>,
    /// Stands between driver and cloud, and may change the response to a reading of the deployment.
    pub(crate) front: Option<Front>,
}

pub(crate) fn cscfg(instances: u32, key: &str) -> String {
    format!(
        "<ServiceConfiguration serviceName=\"shop\" xmlns=\"http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration\">\
         <Role name=\"Web\"><Instances count=\"{instances}\" /><ConfigurationSettings>\
         <Setting name=\"Key\" value=\"{key}\" /></ConfigurationSettings></Role></ServiceConfiguration>"
    )
}

pub(crate) fn first() -> DeploymentRef {
    CloudServiceRef::new("contoso").deployment("first")
}

pub(crate) fn upgrade() -> Plan {
    Plan::upgrade(first(), PACKAGE, cscfg(3, "secret-2"), "two")
}

impl Table {
    /// Three domains with an instance in each, all ready.
    pub(crate) fn new() -> Self {
        Self::of(3)
    }

    /// This many instances in three domains, all ready.
    pub(crate) fn of(instances: u32) -> Self {
        Self::with(cscfg(instances, "secret-1"))
    }

    /// The instances of this configuration in three domains, all ready.
    pub(crate) fn with(configuration: String) -> Self {
        let subscription = SUBSCRIPTION.parse().unwrap();
        let mut settings = Settings::new(subscription).allow(THUMBPRINT);
        settings.upgrade_domains = 3;
        settings.timing = Timing::REALISTIC;
        let endpoint = Endpoint::new(&settings.endpoint, SUBSCRIPTION.parse().unwrap()).unwrap();
        let cloud = Simulator::new(settings);
        let mut table =
            Self { cloud, endpoint, now: Instant::ORIGIN, sent: Vec::new(), front: None };
        let contoso = CloudServiceRef::new("contoso");
        table.send(&contoso.create(Placement::Location("West Europe".into()), "shop"));
        let create = contoso
            .create_deployment(Slot::Production, "first", PACKAGE, configuration)
            .label("one")
            .start(true);
        table.send(&create);
        table.settle();
        table
    }

    pub(crate) fn send(&mut self, operation: &impl Operation) -> http::Response<Bytes> {
        let request = self.endpoint.request(operation).unwrap();
        self.handle(&request)
    }

    pub(crate) fn handle(&mut self, request: &Request<Bytes>) -> http::Response<Bytes> {
        let outcome = self.cloud.handle(self.now, &Caller::thumbprint(THUMBPRINT), request);
        outcome.response.expect("no fault cuts the connection")
    }

    pub(crate) fn read(&mut self) -> Deployment {
        let response = self.send(&first().get());
        Endpoint::response::<GetDeployment>(&response).unwrap()
    }

    pub(crate) fn settle(&mut self) {
        while let Some(next) = self.cloud.next_event() {
            self.cloud.advance(next);
            self.now = next;
        }
    }

    /// The loop. `between` is called while the rollout waits, and ends the driving with `false`.
    pub(crate) fn drive_while(
        &mut self,
        mut rollout: Rollout,
        mut between: impl FnMut(&mut Rollout) -> bool,
    ) -> Option<Result<RolloutOutcome, RolloutError>> {
        loop {
            match rollout.step(self.now) {
                Step::Send(request) => self.carry(&mut rollout, request),
                Step::WaitUntil(_) if !between(&mut rollout) => return None,
                Step::WaitUntil(time) => self.now = time,
                Step::Done(outcome) => return Some(outcome.expect("the rollout ends")),
            }
        }
    }

    /// One step of the loop; the outcome, when it is over.
    pub(crate) fn step(
        &mut self,
        rollout: &mut Rollout,
    ) -> Option<Result<RolloutOutcome, RolloutError>> {
        match rollout.step(self.now) {
            Step::Send(request) => self.carry(rollout, request),
            Step::WaitUntil(time) => self.now = time,
            Step::Done(outcome) => return Some(outcome.expect("the rollout ends")),
        }
        None
    }

    fn carry(&mut self, rollout: &mut Rollout, request: Request<Bytes>) {
        let is_reading =
            request.method() == Method::GET && request.uri().path().contains("/deployments/");
        let mut response = self.handle(&request);
        if let (true, Some(front)) = (is_reading, &mut self.front) {
            let text = String::from_utf8_lossy(response.body()).into_owned();
            *response.body_mut() = Bytes::from(front(text));
        }
        if request.method() != Method::GET {
            self.sent.push(request);
        }
        rollout.receive(self.now, Ok(response));
    }

    pub(crate) fn drive(
        &mut self,
        rollout: Rollout,
        mut between: impl FnMut(&mut Rollout),
    ) -> Result<RolloutOutcome, RolloutError> {
        let outcome = self.drive_while(rollout, |rollout| {
            between(rollout);
            true
        });
        outcome.expect("it is driven to its end")
    }

    pub(crate) fn run(&mut self, rollout: Rollout) -> Result<RolloutOutcome, RolloutError> {
        self.drive(rollout, |_| {})
    }

    pub(crate) fn start(&self, plan: Plan) -> Rollout {
        Rollout::new(&self.endpoint, plan)
    }

    /// The requests, in short.
    pub(crate) fn comps(&self) -> Vec<&str> {
        self.sent.iter().filter_map(|request| request.uri().query()).collect()
    }
}

pub(crate) type Kept = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// A recorder that keeps every record.
pub(crate) fn recorder() -> (Arc<Mutex<Vec<Record>>>, impl FnMut(&Record) -> Kept + Send) {
    let records: Arc<Mutex<Vec<Record>>> = Arc::default();
    let kept = Arc::clone(&records);
    (records, move |record: &Record| {
        kept.lock().unwrap().push(record.clone());
        Ok(())
    })
}

pub(crate) type Events = Arc<Mutex<Vec<Event>>>;

/// An observer that keeps every event.
pub(crate) fn observer() -> (Events, impl FnMut(Instant, &Event) + Send) {
    let events = Events::default();
    let reported = Arc::clone(&events);
    (events, move |_, event: &Event| reported.lock().unwrap().push(event.clone()))
}
