//! An emulated cloud with many deployments.

use std::fmt::Write as _;

use azure_classic_emulator::{Caller, Settings, Simulator, Timing};
use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{
    Bytes, CloudServiceRef, Endpoint, Operation, Placement, Slot, SubscriptionId,
};
use azure_classic_rollout::Plan;
use http::{Request, Response};

const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
const THUMBPRINT: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
const PACKAGE: &str = "https://contoso.blob.core.windows.net/packages/43.cspkg";

/// How large each deployment is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) domains: u32,
    /// Instances of each of its two roles.
    pub(crate) each: u32,
}

impl Default for Shape {
    fn default() -> Self {
        Self { domains: 5, each: 5 }
    }
}

impl Shape {
    pub(crate) fn instances(self) -> u32 {
        2 * self.each
    }

    fn configuration(self, release: &str) -> String {
        let mut roles = String::new();
        for role in ["Web", "Batch"] {
            let _ = write!(
                roles,
                "<Role name=\"{role}\"><Instances count=\"{}\" /><ConfigurationSettings>\
                 <Setting name=\"Release\" value=\"{release}\" /></ConfigurationSettings></Role>",
                self.each
            );
        }
        format!(
            "<ServiceConfiguration serviceName=\"contoso\" osFamily=\"4\" osVersion=\"*\" xmlns=\"http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration\">{roles}</ServiceConfiguration>"
        )
    }
}

pub(crate) struct World {
    cloud: Simulator,
    pub(crate) endpoint: Endpoint,
    shape: Shape,
}

impl World {
    /// A simulator in which this many deployments are settled.
    pub(crate) fn new(count: usize, shape: Shape, seed: u64) -> Self {
        let subscription: SubscriptionId = SUBSCRIPTION.parse().expect("it is one");
        let mut settings = Settings::new(subscription.clone()).allow(THUMBPRINT);
        settings.upgrade_domains = shape.domains;
        settings.timing = Timing::REALISTIC;
        settings.seed = seed;
        settings.journal_entries = 1;
        let endpoint = Endpoint::new("https://management.example.net", subscription);
        let endpoint = endpoint.expect("it is an address");
        let mut world = Self { cloud: Simulator::new(settings), endpoint, shape };
        for at in 0..count {
            let service = service(at);
            world.send(&service.create(Placement::Location("West Europe".into()), "shop"));
            let old = shape.configuration("42");
            let create = service.create_deployment(Slot::Production, "first", PACKAGE, old);
            world.send(&create.label("Release 42").start(true));
        }
        while let Some(next) = world.cloud.next_event() {
            world.cloud.advance(next);
        }
        world
    }

    pub(crate) fn now(&self) -> Instant {
        self.cloud.now()
    }

    pub(crate) fn plan(&self, at: usize) -> Plan {
        let deployment = service(at).deployment("first");
        Plan::upgrade(deployment, PACKAGE, self.shape.configuration("43"), "Release 43")
    }

    pub(crate) fn response(&mut self, now: Instant, request: &Request<Bytes>) -> Response<Bytes> {
        let caller = Caller::thumbprint(THUMBPRINT);
        self.cloud.handle(now, &caller, request).response.expect("there are no faults")
    }

    fn send(&mut self, operation: &impl Operation) {
        let request = self.endpoint.request(operation).expect("it can be built");
        let status = self.response(self.cloud.now(), &request).status();
        assert!(status.is_success(), "{status}");
    }
}

fn service(at: usize) -> CloudServiceRef {
    CloudServiceRef::new(format!("contoso{at}"))
}
