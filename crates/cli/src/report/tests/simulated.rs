//! The events of the driver in a rollout against the emulator's state machine, in virtual time.

use std::sync::{Arc, Mutex};

use azure_classic::protocol::GetDeployment;
use azure_classic::protocol::deployment::model::{InstanceStatus, RoleInstance};
use azure_classic::protocol::machine::{Instant, Machine as _, Step};
use azure_classic::rollout::{Plan, Rollout};
use azure_classic::{CloudServiceRef, Deployment, Endpoint, Operation, Placement, Slot};
use azure_classic_emulator::faults::{Effect, FaultRule};
use azure_classic_emulator::{Caller, Settings, Simulator, Timing};

use super::event_logs::TimedEvents;

const THUMBPRINT: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
const PACKAGE: &str = "https://contoso.blob.core.windows.net/packages/43.cspkg";
const CONFIGURATION: &str = r#"<ServiceConfiguration serviceName="contoso" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration"><Role name="Web"><Instances count="10" /></Role></ServiceConfiguration>"#;

/// The events of a rollout that is rolled back.
pub(super) fn rolled_back() -> TimedEvents {
    run(|_| {})
}

/// The deployment while the instance that does not start restarts.
pub(super) fn failing() -> Deployment {
    let mut failing = None;
    run(|deployment| {
        let is_down =
            |instance: &RoleInstance| instance.instance_status == InstanceStatus::RestartingRole;
        if failing.is_none() && deployment.role_instance_list.iter().any(is_down) {
            failing = Some(deployment.clone());
        }
    });
    failing.expect("an instance restarts")
}

/// Ten instances in five upgrade domains; `Web_IN_2` does not start on the new version, and the update is
/// rolled back. `see` receives each reading of the deployment.
fn run(mut see: impl FnMut(&Deployment)) -> TimedEvents {
    let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
    let mut settings = Settings::new(subscription.parse().unwrap()).allow(THUMBPRINT);
    settings.upgrade_domains = 5;
    settings.timing = Timing::REALISTIC;
    let endpoint = Endpoint::new(&settings.endpoint, subscription.parse().unwrap()).unwrap();
    let mut cloud = Simulator::new(settings);
    let contoso = CloudServiceRef::new("contoso");
    send(&mut cloud, &endpoint, &contoso.create(Placement::Location("West Europe".into()), "shop"));
    let create = contoso
        .create_deployment(Slot::Production, "shop", PACKAGE, CONFIGURATION)
        .label("Release 42")
        .start(true);
    send(&mut cloud, &endpoint, &create);
    while let Some(next) = cloud.next_event() {
        cloud.advance(next);
    }
    let stuck =
        FaultRule::new("stuck", Effect::NeverStarts).instance("Web_IN_2").label("Release 43");
    cloud.add_fault(stuck).unwrap();

    let started = cloud.now();
    let log: Arc<Mutex<TimedEvents>> = Arc::default();
    let noted = Arc::clone(&log);
    let plan = Plan::upgrade(contoso.deployment("shop"), PACKAGE, CONFIGURATION, "Release 43");
    let mut rollout = Rollout::new(&endpoint, plan).on_event(move |now, event| {
        noted.lock().unwrap().push(((now - started).as_secs(), event.clone()));
    });
    let mut now = started;
    loop {
        match rollout.step(now) {
            Step::Send(request) => {
                let response =
                    cloud.handle(now, &Caller::thumbprint(THUMBPRINT), &request).response;
                let response = response.unwrap();
                if let Ok(deployment) = Endpoint::response::<GetDeployment>(&response) {
                    see(&deployment);
                }
                rollout.receive(now, Ok(response));
            }
            Step::WaitUntil(time) => now = time,
            Step::Done(outcome) => {
                outcome.unwrap().unwrap();
                return log.lock().unwrap().clone();
            }
        }
    }
}

fn send(cloud: &mut Simulator, endpoint: &Endpoint, operation: &impl Operation) {
    let request = endpoint.request(operation).unwrap();
    let response =
        cloud.handle(Instant::ORIGIN, &Caller::thumbprint(THUMBPRINT), &request).response;
    assert!(response.unwrap().status().is_success());
}
