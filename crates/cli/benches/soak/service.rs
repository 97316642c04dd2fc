//! One cloud service of a client: what is done to it, and what is known of it.

use azure_classic::{
    CloudServiceRef, Endpoint, HttpsTransport, Operation, Placement, RollbackMode, Slot,
    Transport as _, UpdateMode,
};
use http::header;

use crate::daemon::EmulatorInfo;
use crate::metrics::Metrics;

/// How a client reaches the daemon, and counts what it gets.
pub(crate) struct Client<'t> {
    endpoint: Endpoint,
    transport: HttpsTransport,
    metrics: &'t Metrics,
}

/// A cloud service of one client alone.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    name: String,
    known: KnownState,
}

/// Whether the service is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KnownState {
    Present,
    Absent,
    /// A change had no response, or goes on after it.
    Either,
}

/// In bytes; above what the emulator reads of a body.
const OVERSIZED: usize = 9 << 20;

const DEPLOYMENT: &str = "shop";
const PACKAGE: &str = "https://contoso.blob.core.windows.net/packages/shop.cspkg";

impl<'t> Client<'t> {
    /// A client with its own connections.
    pub(crate) fn connect(address: &EmulatorInfo, metrics: &'t Metrics) -> Result<Self, String> {
        let (endpoint, transport) = address.connect()?;
        Ok(Self { endpoint, transport, metrics })
    }

    /// Sends a body beyond every limit, which the daemon refuses or cuts.
    pub(crate) async fn send_oversized(&self) {
        let create =
            CloudServiceRef::new("soak").create(Placement::Location("West Europe".into()), "");
        let Ok(mut request) = self.endpoint.request(&create) else { return };
        *request.body_mut() = vec![b' '; OVERSIZED].into();
        request.headers_mut().insert(header::CONTENT_LENGTH, OVERSIZED.into());
        let status = self.transport.send(request).await.ok().map(|it| it.status().as_u16());
        self.metrics.response(status);
        if matches!(status, Some(200..300)) {
            self.metrics.fail(format!("a body of {OVERSIZED} bytes was accepted"));
        }
    }

    /// The status of the response; `None` when there is none.
    async fn send<O: Operation>(&self, operation: &O) -> Option<u16> {
        let request = self.endpoint.request(operation);
        let request = request.map_err(|error| self.metrics.fail(error.to_string())).ok()?;
        let status = self.transport.send(request).await.ok().map(|it| it.status().as_u16());
        self.metrics.response(status);
        status
    }
}

impl Service {
    pub(crate) fn new(name: String) -> Self {
        Self { name, known: KnownState::Absent }
    }

    fn reference(&self) -> CloudServiceRef {
        CloudServiceRef::new(&self.name)
    }

    /// Sends one request, which `number` chooses.
    pub(crate) async fn act(&mut self, client: &Client<'_>, number: u64) {
        let service = self.reference();
        let shop = service.deployment(DEPLOYMENT);
        let instances = 1 + number / 100 % 3;
        let configuration = configuration(instances);
        let changed = match number % 20 {
            0..4 => return self.create(client).await,
            4 => return self.delete(client).await,
            5..8 => {
                let create =
                    service.create_deployment(Slot::Production, DEPLOYMENT, PACKAGE, configuration);
                client.send(&create.label("old").start(true)).await
            }
            8 | 9 => {
                let label = format!("release {number}");
                let upgrade =
                    shop.upgrade(UpdateMode::Manual, PACKAGE, configuration, label.as_str());
                client.send(&upgrade).await
            }
            10 | 11 => {
                let domain = u32::try_from(number / 20 % 3).unwrap_or_default();
                client.send(&shop.walk_upgrade_domain(domain)).await
            }
            12 => client.send(&shop.rollback(RollbackMode::Auto)).await,
            13 => client.send(&shop.delete()).await,
            14..17 => {
                client.send(&shop.get()).await;
                return;
            }
            _ => {
                client.send(&service.get().with_deployments()).await;
                return;
            }
        };
        if matches!(changed, Some(200..300)) {
            client.metrics.acknowledged();
        }
    }

    async fn create(&mut self, client: &Client<'_>) {
        let place = Placement::Location("West Europe".into());
        let create = self.reference().create(place, "soak").description("A service of the soak");
        self.known = match client.send(&create).await {
            Some(200..300) => {
                client.metrics.acknowledged();
                KnownState::Present
            }
            Some(400..500 | 503) => self.known,
            _ if self.known == KnownState::Present => KnownState::Present,
            _ => KnownState::Either,
        };
    }

    async fn delete(&mut self, client: &Client<'_>) {
        self.known = match client.send(&self.reference().delete()).await {
            Some(200) => {
                client.metrics.acknowledged();
                KnownState::Absent
            }
            Some(400..500 | 503) => self.known,
            _ if self.known == KnownState::Absent => KnownState::Absent,
            _ => KnownState::Either,
        };
    }

    /// Compares with what the daemon says after a restart.
    pub(crate) async fn check(&mut self, client: &Client<'_>) -> Result<(), String> {
        // A fault may take the place of a response.
        for _ in 0..20 {
            let found = match client.send(&self.reference().get()).await {
                Some(200) => KnownState::Present,
                Some(404) => KnownState::Absent,
                _ => continue,
            };
            if self.known != KnownState::Either && self.known != found {
                return Err(format!(
                    "{} was acknowledged as {:?} and is {found:?} after a restart",
                    self.name, self.known
                ));
            }
            self.known = found;
            return Ok(());
        }
        Err(format!("{} cannot be read after a restart", self.name))
    }
}

fn configuration(instances: u64) -> String {
    format!(
        r#"<ServiceConfiguration serviceName="Contoso" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration"><Role name="Web"><Instances count="{instances}" /></Role></ServiceConfiguration>"#
    )
}
