//! The emulated cloud, and what only it knows.

use std::collections::BTreeMap;

use azure_classic_emulator::faults::{AsyncFailure, Effect, FaultRule};
use azure_classic_emulator::{Caller, EmulatedInstance, Settings, Simulator};
use azure_classic_protocol::deployment::model::{CurrentUpgradeDomainState, InstanceStatus};
use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{
    Bytes, CloudServiceRef, CreateDeployment, Deployment, DeploymentRef, Endpoint, GetDeployment,
    Operation, Placement, SubscriptionId,
};
use azure_classic_rollout::Change;
use http::{Request, Response};

use crate::scenario::{NEW, OLD, Scenario};

const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
const THUMBPRINT: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
pub(crate) const PACKAGE: &str = "https://contoso.blob.core.windows.net/packages/2.cspkg";

pub(crate) struct World {
    cloud: Simulator,
    pub(crate) endpoint: Endpoint,
    is_started: bool,
    /// The start of the simulation, and the deployment's own id at that time.
    pub(crate) started_at: Instant,
    pub(crate) private_id: Option<String>,
    /// Since when each instance is up, without a break.
    up_since: BTreeMap<String, Instant>,
}

impl World {
    /// A simulator in which the deployment of the scenario is settled, and the time of that.
    pub(crate) fn new(scenario: &Scenario) -> (Self, Instant) {
        let subscription: SubscriptionId = SUBSCRIPTION.parse().expect("it is one");
        let mut settings = Settings::new(subscription.clone()).allow(THUMBPRINT);
        settings.upgrade_domains = scenario.domains;
        settings.timing = scenario.pace.clone();
        settings.seed = scenario.seed;
        let endpoint = Endpoint::new("https://management.example.net", subscription);
        let mut world = Self {
            cloud: Simulator::new(settings),
            endpoint: endpoint.expect("it is an address"),
            is_started: scenario.is_started,
            started_at: Instant::ORIGIN,
            private_id: None,
            up_since: BTreeMap::new(),
        };
        let contoso = CloudServiceRef::new("contoso");
        world.send(
            Instant::ORIGIN,
            &contoso.create(Placement::Location("West Europe".into()), "shop"),
        );
        world.send(Instant::ORIGIN, &Self::creation(scenario));
        while let Some(next) = world.cloud.next_event() {
            world.advance(next);
        }
        for stuck in &scenario.stuck {
            let label = if stuck.is_old { OLD } else { NEW };
            let id = format!("{} {label}", stuck.instance);
            let rule =
                FaultRule::new(id, Effect::NeverStarts).instance(&stuck.instance).label(label);
            world.cloud.add_fault(rule).expect("it is valid");
        }
        for rule in Self::rules(scenario) {
            world.cloud.add_fault(rule).expect("it is valid");
        }
        world.started_at = world.cloud.now();
        world.private_id = world.truth().and_then(|truth| truth.private_id);
        let now = world.cloud.now();
        (world, now)
    }

    /// The faults that the cloud makes of itself, besides instances that are stuck.
    fn rules(scenario: &Scenario) -> Vec<FaultRule> {
        let ailing = scenario.ailing.iter().map(|ailing| {
            let effect = match ailing.down {
                Some(down) => Effect::Flaps { ready: ailing.ready, down },
                None => Effect::Dies { after: ailing.ready },
            };
            FaultRule::new("ailing", effect).instance(&ailing.instance).label(NEW)
        });
        let late = scenario.late.iter().map(|(operation, nth)| {
            let failure = AsyncFailure::new(500, "InternalError");
            FaultRule::new("late", failure).on(*operation).nth(*nth)
        });
        ailing.chain(late).collect()
    }

    /// Makes the deployment.
    pub(crate) fn creation(scenario: &Scenario) -> CreateDeployment {
        CloudServiceRef::new("contoso")
            .create_deployment(
                scenario.slot.clone(),
                "first",
                PACKAGE,
                scenario.old_configuration(),
            )
            .label(OLD)
            .start(scenario.is_started)
    }

    pub(crate) fn deployment() -> DeploymentRef {
        CloudServiceRef::new("contoso").deployment("first")
    }

    /// Handles a request: the only place that calls the simulator.
    pub(crate) fn deliver(&mut self, now: Instant, request: &Request<Bytes>) -> Response<Bytes> {
        let caller = Caller::thumbprint(THUMBPRINT);
        let response = self.cloud.handle(now, &caller, request).response;
        self.look(now);
        response.expect("no fault of the emulator's own cuts the connection")
    }

    /// Sends an operation without anything in between.
    pub(crate) fn send(&mut self, now: Instant, operation: &impl Operation) -> Response<Bytes> {
        let request = self.endpoint.request(operation).expect("it can be built");
        self.deliver(now, &request)
    }

    /// How the deployment stands; `None` when it is gone.
    pub(crate) fn truth(&mut self) -> Option<Deployment> {
        let response = self.send(self.cloud.now(), &Self::deployment().get());
        Endpoint::response::<GetDeployment>(&response).ok()
    }

    /// The number of started domains of the update in progress; all if there is none.
    pub(crate) fn started(&mut self) -> u32 {
        let update = self.truth().and_then(|truth| truth.upgrade_status);
        update.map_or(u32::MAX, |update| {
            let state = &update.current_upgrade_domain_state;
            update.domain().unwrap() + u32::from(*state == CurrentUpgradeDomainState::During)
        })
    }

    pub(crate) fn unstick(&mut self, instance: &str) {
        for label in [OLD, NEW] {
            self.cloud.remove_fault(&format!("{instance} {label}"));
        }
    }

    pub(crate) fn next_event(&self) -> Option<Instant> {
        self.cloud.next_event()
    }

    /// Processes the events of a time.
    pub(crate) fn advance(&mut self, to: Instant) {
        self.cloud.advance(to);
        self.look(to);
    }

    pub(crate) fn instances(&self) -> Vec<EmulatedInstance> {
        self.cloud.instances()
    }

    pub(crate) fn is_up(&self, instance: &EmulatedInstance) -> bool {
        let wanted =
            if self.is_started { InstanceStatus::ReadyRole } else { InstanceStatus::StoppedVm };
        instance.status == wanted
    }

    /// Since when the instances that are up are so.
    pub(crate) fn all_up_since(&self) -> BTreeMap<String, Instant> {
        self.up_since.clone()
    }

    /// Since when an instance is up; `None` when it is not.
    pub(crate) fn up_since(&self, instance: &str) -> Option<Instant> {
        self.up_since.get(instance).copied()
    }

    fn look(&mut self, now: Instant) {
        let views = self.cloud.instances();
        self.up_since.retain(|name, _| views.iter().any(|view| view.name == *name));
        for view in views {
            if self.is_up(&view) {
                self.up_since.entry(view.name).or_insert(now);
            } else {
                self.up_since.remove(&view.name);
            }
        }
    }
}

/// The change in a request; `None` for a reading, and for requests that a rollout never sends.
pub(crate) fn change_of(request: &Request<Bytes>) -> Option<Change> {
    match request.uri().query()? {
        "comp=upgrade" | "comp=config" => Some(Change::Start),
        "comp=rollback" => Some(Change::RollBack),
        "comp=walkupgradedomain" => {
            let body = std::str::from_utf8(request.body()).ok()?;
            let (_, rest) = body.split_once("<UpgradeDomain>")?;
            let (domain, _) = rest.split_once("</UpgradeDomain>")?;
            Some(Change::Walk { domain: domain.parse().ok()? })
        }
        _ => None,
    }
}
