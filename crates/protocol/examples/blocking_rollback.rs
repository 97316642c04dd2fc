//! The rollback story with a blocking HTTP client: no async runtime anywhere.
//!
//! It deploys a service, starts a manual upgrade, lets it into the first upgrade domain, rolls it
//! back, waits until every instance runs the old version again, and cleans up. Start an emulator for
//! it (the public service is retired), then the example:
//!
//! ```text
//! cargo run -p azure-classic-cli -- emulator --dir /tmp/emulator
//! cargo run -p azure-classic-protocol --example blocking_rollback -- --dir /tmp/emulator
//! ```

#![expect(
    clippy::disallowed_methods,
    reason = "the example is the caller: it has the clock, the files and the arguments"
)]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use azure_classic_protocol::machine::{
    Call, Instant, LongRunningCall, Machine, Poll, PollUntil, Retry, Step, TransportResult,
};
use azure_classic_protocol::{
    Accepted, Bytes, CloudServiceRef, Deployment, Endpoint, Operation, Placement, RollbackMode,
    SendError, Slot, UpdateMode,
};
use ureq::Agent;
use ureq::tls::{ClientCert, PemItem, RootCerts, TlsConfig, parse_pem};

const PACKAGE: &str = "https://contoso.blob.core.windows.net/packages";
const CONFIGURATION: &str = r#"
<ServiceConfiguration serviceName="Contoso" osFamily="4" osVersion="*"
                      xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <Role name="Web"><Instances count="5"/></Role>
  <Role name="Worker"><Instances count="5"/></Role>
</ServiceConfiguration>"#;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some("--dir"), Some(directory), None) =
        (arguments.next().as_deref(), arguments.next(), arguments.next())
    else {
        return Err("give the emulator's directory: --dir DIRECTORY".into());
    };
    let service = Service::from_emulator(Path::new(&directory))?;

    let contoso = CloudServiceRef::new("blocking-contoso");
    let place = Placement::Location("West Europe".into());
    service.send(&contoso.create(place, "rolled back without a runtime"))?;

    let old = contoso
        .create_deployment(Slot::Production, "shop", format!("{PACKAGE}/1.cspkg"), CONFIGURATION)
        .label("old")
        .start(true);
    service.run(&old)?;
    // By name, not by slot: a swap by somebody else cannot lead us astray.
    let shop = contoso.deployment("shop");
    let deployment = service.settle(&shop.get())?;
    println!("{} runs {}", deployment.name, deployment.label);

    let package = format!("{PACKAGE}/2.cspkg");
    service.run(&shop.upgrade(UpdateMode::Manual, package, CONFIGURATION, "new"))?;
    service.run(&shop.walk_upgrade_domain(0))?;
    let deployment = service.send(&shop.get())?;
    println!("{} is on the way to {}", deployment.name, deployment.label);
    if deployment.rollback_allowed != Some(true) {
        return Err("the update cannot be rolled back any more".into());
    }

    service.run(&shop.rollback(RollbackMode::Auto))?;
    let deployment = service.settle(&shop.get())?;
    println!("{} runs {} again", deployment.name, deployment.label);

    service.run(&shop.delete())?;
    service.watch(&contoso.get().with_deployments(), |service| {
        service.deployments.as_ref().is_some_and(Vec::is_empty)
    })?;
    service.send(&contoso.delete())?;
    Ok(())
}

/// An endpoint and the client that reaches it.
struct Service {
    endpoint: Endpoint,
    client: Agent,
    started: std::time::Instant,
}

impl Service {
    /// Reads what the emulator wrote into its directory.
    fn from_emulator(directory: &Path) -> Result<Self, Box<dyn Error>> {
        let description = fs::read(directory.join("emulator.json"))?;
        let description: serde_json::Value = serde_json::from_slice(&description)?;
        let text = |name: &str| description[name].as_str().ok_or_else(|| format!("no {name}"));
        let endpoint = Endpoint::new(text("endpoint")?, text("subscription")?.parse()?)?;

        let authority = fs::read(text("certificate_authority")?)?;
        let management = fs::read(text("management_certificate")?)?;
        Ok(Self {
            endpoint,
            client: client(&authority, &management)?,
            started: std::time::Instant::now(),
        })
    }

    /// One call, with its redirects and retries.
    fn send<O: Operation>(
        &self,
        operation: &O,
    ) -> Result<O::Output, azure_classic_protocol::Error> {
        self.drive(Call::new(&self.endpoint, operation, &Retry::default()))
    }

    /// A call and the work that it starts.
    fn run<O: Operation<Output = Accepted>>(
        &self,
        operation: &O,
    ) -> Result<(), azure_classic_protocol::Error> {
        self.drive(LongRunningCall::new(&self.endpoint, operation, &poll(), &Retry::default()))?;
        Ok(())
    }

    /// A read, repeated until its value is as wanted.
    fn watch<O: Operation>(
        &self,
        operation: &O,
        until: impl FnMut(&O::Output) -> bool,
    ) -> Result<O::Output, azure_classic_protocol::Error> {
        self.drive(PollUntil::new(&self.endpoint, operation, until, &poll(), &Retry::default()))
    }

    fn settle<O: Operation<Output = Deployment>>(
        &self,
        get: &O,
    ) -> Result<Deployment, azure_classic_protocol::Error> {
        self.watch(get, Deployment::is_settled)
    }

    /// The whole integration: the one loop that drives every machine.
    fn drive<M: Machine>(
        &self,
        mut machine: M,
    ) -> Result<M::Output, azure_classic_protocol::Error> {
        let now = || Instant::from_origin(self.started.elapsed());
        loop {
            match machine.step(now()) {
                Step::Send(request) => {
                    let reply = self.exchange(request);
                    machine.receive(now(), reply);
                }
                Step::WaitUntil(instant) => thread::sleep(instant - now()),
                Step::Done(outcome) => return outcome,
            }
        }
    }

    fn exchange(&self, request: http::Request<Bytes>) -> TransportResult {
        let responded = if request.body().is_empty() {
            self.client.run(request.map(|_| ()))
        } else {
            self.client.run(request.map(|body| body.to_vec()))
        };
        match responded {
            Ok(response) => {
                let (head, mut body) = response.into_parts();
                let body = body.read_to_vec().map_err(SendError::ambiguous)?;
                Ok(http::Response::from_parts(head, body.into()))
            }
            // This client does not say how far it came, except when it could not connect.
            Err(error @ (ureq::Error::ConnectionFailed | ureq::Error::HostNotFound)) => {
                Err(SendError::not_sent(error))
            }
            Err(error) => Err(SendError::ambiguous(error)),
        }
    }
}

/// A client that trusts the emulator's authority and shows the management certificate.
fn client(authority: &[u8], management: &[u8]) -> Result<Agent, Box<dyn Error>> {
    let mut roots = Vec::new();
    for item in parse_pem(authority) {
        if let PemItem::Certificate(certificate) = item? {
            roots.push(certificate);
        }
    }
    let (mut certificates, mut key) = (Vec::new(), None);
    for item in parse_pem(management) {
        match item? {
            PemItem::Certificate(certificate) => certificates.push(certificate),
            PemItem::PrivateKey(private_key) => key = Some(private_key),
            _ => {}
        }
    }
    let key = key.ok_or("the management certificate's file holds no private key")?;
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::from(roots))
        .client_cert(Some(ClientCert::new_with_certs(&certificates, key)))
        .build();
    Ok(Agent::config_builder()
        .tls_config(tls)
        // Statuses and redirects are the machines' business.
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into())
}

/// The emulator works in seconds where the service took minutes.
fn poll() -> Poll {
    Poll {
        first_delay: Duration::from_millis(50),
        max_delay: Duration::from_millis(500),
        deadline: Some(Duration::from_secs(60)),
        ..Poll::default()
    }
}
