//! `kill -9` at any time: every acknowledged change is present afterwards, and any other is present entirely
//! or not at all.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use azure_classic::protocol::deployment::model::DeploymentStatus;
use azure_classic::protocol::{GetOperationStatus, RequestId};
use azure_classic::{
    CloudService, CloudServiceRef, Endpoint, HttpsTransport, Operation, Placement, Slot,
    Transport as _, UpdateMode,
};
use tokio::task::JoinSet;

use crate::daemon::Daemon;
use crate::harness::{CONFIGURATION, PACKAGE, connect};

/// How many times it is killed, unless `AZURE_CLASSIC_KILLS` says another number.
const KILLS: u64 = 20;
/// How many clients send at the same time, and how many services each has for itself.
const CLIENTS: u64 = 3;
const SERVICES: u64 = 2;

#[test]
fn what_was_acknowledged_survives_every_kill() {
    let kills = std::env::var("AZURE_CLASSIC_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let dir = Rc::new(tempfile::tempdir().unwrap());
    let state = dir.path().join("state");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut things: Vec<ServiceModel> = (0..CLIENTS * SERVICES).map(ServiceModel::new).collect();
    let seen = Arc::new(Mutex::new(HashSet::new()));
    let mut acknowledged = 0;
    for seed in 0..kills {
        let mut random = Random { seed, drawn: 0 };
        let speed = ["1", "1000"][random.below(2)];
        let mut daemon = Daemon::start_in(
            &dir,
            &["--speed", speed, "--admin", "none", "--state", state.to_str().unwrap()],
        );
        let (endpoint, transport) = connect(&daemon);
        let client = Client { endpoint, transport: Arc::new(transport), seen: seen.clone() };
        runtime.block_on(async {
            for thing in &mut things {
                thing.check(&client, seed).await;
            }
            let mut work = JoinSet::new();
            for (number, own) in (0..).zip(distribute(std::mem::take(&mut things))) {
                let random = Random { seed: seed * CLIENTS + number, drawn: 1 << 32 };
                work.spawn(change(client.clone(), own, random));
            }
            tokio::time::sleep(Duration::from_millis(random.below(150) as u64)).await;
            daemon.child.kill().unwrap();
            while let Some(own) = work.join_next().await {
                things.extend(own.unwrap());
            }
        });
        acknowledged = things.iter().map(|thing| thing.acknowledged.len()).sum();
    }
    assert!(acknowledged > usize::try_from(kills).unwrap(), "{acknowledged}");
}

fn distribute(things: Vec<ServiceModel>) -> Vec<Vec<ServiceModel>> {
    let mut hands: Vec<Vec<ServiceModel>> = (0..CLIENTS).map(|_| Vec::new()).collect();
    for (at, thing) in things.into_iter().enumerate() {
        let hand = at % hands.len();
        hands[hand].push(thing);
    }
    hands
}

/// Sends changes until there is no response any more.
async fn change(
    client: Client,
    mut things: Vec<ServiceModel>,
    mut random: Random,
) -> Vec<ServiceModel> {
    loop {
        let at = random.below(things.len());
        if !things[at].change(&client, &mut random).await {
            return things;
        }
    }
}

#[derive(Clone)]
struct Client {
    endpoint: Endpoint,
    transport: Arc<HttpsTransport>,
    /// The ids of all requests with a response.
    seen: Arc<Mutex<HashSet<String>>>,
}

impl Client {
    /// The status of the response, its id and its content; `None` without a response.
    async fn send<O: Operation>(&self, operation: &O) -> Option<(u16, String, Option<O::Output>)> {
        let request = self.endpoint.request(operation).unwrap();
        let response = self.transport.send(request).await.ok()?;
        let id = response.headers()["x-ms-request-id"].to_str().unwrap().to_owned();
        assert!(self.seen.lock().unwrap().insert(id.clone()), "{id} came twice");
        Some((response.status().as_u16(), id, Endpoint::response::<O>(&response).ok()))
    }
}

/// A cloud service that may or may not be there.
struct ServiceModel {
    service: CloudServiceRef,
    /// The possible states; more than one if a change had no response.
    possible_states: Vec<ServiceState>,
    /// The ids of the changes that were accepted.
    acknowledged: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum ServiceState {
    Absent,
    Present { text: String, deployment: Deployment },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Deployment {
    None,
    Present(String),
    /// Still there or not.
    Deleting(String),
}

impl ServiceModel {
    fn new(number: u64) -> Self {
        let service = CloudServiceRef::new(format!("contoso{number}"));
        Self { service, possible_states: vec![ServiceState::Absent], acknowledged: Vec::new() }
    }

    /// Makes a change. Returns whether there was a response.
    async fn change(&mut self, client: &Client, random: &mut Random) -> bool {
        let text = format!("text {}", random.next());
        let before = self.possible_states[0].clone();
        let with = |deployment: Deployment, text: &str| ServiceState::Present {
            text: text.to_owned(),
            deployment,
        };
        let (after, response) = match &before {
            ServiceState::Absent => {
                let place = Placement::Location("West Europe".into());
                // Both texts are changed by one request: they are always the same.
                let create = self.service.create(place, text.as_str()).description(&*text);
                (with(Deployment::None, &text), status_and_id(client.send(&create).await))
            }
            ServiceState::Present { deployment, .. } if random.below(3) == 0 => {
                let update = self.service.update().label(text.as_str()).description(&*text);
                (with(deployment.clone(), &text), status_and_id(client.send(&update).await))
            }
            ServiceState::Present { text: old, deployment: Deployment::Present(name) } => {
                let deployment = self.service.deployment(name.as_str());
                if random.below(2) == 0 {
                    let after = with(Deployment::Deleting(name.clone()), old);
                    (after, status_and_id(client.send(&deployment.delete()).await))
                } else {
                    let upgrade = deployment.upgrade(
                        UpdateMode::Manual,
                        PACKAGE,
                        CONFIGURATION,
                        text.as_str(),
                    );
                    (before.clone(), status_and_id(client.send(&upgrade).await))
                }
            }
            ServiceState::Present { text: old, .. } if random.below(2) == 0 => {
                let name = format!("d{}", random.next());
                let slot = Slot::Production;
                let create = self.service.create_deployment(slot, &*name, PACKAGE, CONFIGURATION);
                let after = with(Deployment::Present(name), old);
                (after, status_and_id(client.send(&create.start(true)).await))
            }
            ServiceState::Present { .. } => {
                (ServiceState::Absent, status_and_id(client.send(&self.service.delete()).await))
            }
        };
        let is_responded = response.is_some();
        match response {
            Some((200..300, id)) => {
                self.acknowledged.push(id);
                self.possible_states = vec![after];
            }
            // Refused: nothing has changed.
            Some((400 | 404 | 409, _)) => {}
            Some((status, _)) => panic!("{status} for {after:?} after {before:?}"),
            None => self.possible_states = vec![before, after],
        }
        is_responded
    }

    /// Looks whether it is what it can be, and whether everything accepted is remembered.
    async fn check(&mut self, client: &Client, seed: u64) {
        let get = self.service.get().with_deployments();
        let (status, _, service) = client.send(&get).await.unwrap();
        assert_eq!(status, if service.is_some() { 200 } else { 404 }, "seed {seed}");
        let found = service.map_or(ServiceState::Absent, ServiceState::from_service);
        let is_possible = self
            .possible_states
            .iter()
            .any(|it| *it == found || it.clone().after_deletion() == found);
        assert!(is_possible, "seed {seed}: {found:?} is none of {:?}", self.possible_states);
        self.possible_states = vec![found];
        // The older ones were looked for after earlier kills.
        for id in self.acknowledged.iter().rev().take(5) {
            let status = client.send(&GetOperationStatus::new(RequestId::new(id))).await.unwrap().0;
            assert_eq!(status, 200, "seed {seed}: the accepted request {id} is not remembered");
        }
    }
}

impl ServiceState {
    fn from_service(service: CloudService) -> Self {
        let text = service.properties.label.as_str().to_owned();
        assert_eq!(service.properties.description.as_deref(), Some(&*text), "half a change");
        let deployments = service.deployments.unwrap_or_default();
        let deployment = deployments.first().map_or(Deployment::None, |it| match it.status {
            DeploymentStatus::Deleting => Deployment::Deleting(it.name.clone()),
            _ => Deployment::Present(it.name.clone()),
        });
        Self::Present { text, deployment }
    }

    /// The state after a deployment that is being deleted is gone.
    fn after_deletion(self) -> Self {
        match self {
            Self::Present { text, deployment: Deployment::Deleting(_) } => {
                Self::Present { text, deployment: Deployment::None }
            }
            other => other,
        }
    }
}

fn status_and_id<T>(response: Option<(u16, String, Option<T>)>) -> Option<(u16, String)> {
    response.map(|(status, id, _)| (status, id))
}

/// Numbers that a seed decides.
struct Random {
    seed: u64,
    drawn: u64,
}

impl Random {
    fn next(&mut self) -> u64 {
        self.drawn += 1;
        let mut hasher = DefaultHasher::new();
        (self.seed, self.drawn).hash(&mut hasher);
        hasher.finish()
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }
}
