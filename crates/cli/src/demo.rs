//! `azure-classic demo`: the scenario of a bad upgrade, against an emulator in this process.
//!
//! The emulator has a fault rule: one instance does not start on the new release. Everything else uses the
//! public API: real sockets, mutual TLS, and the same client that applications use. The final summary is read
//! back from the service and checked.

mod counting_transport;
mod release;
mod scenario;
mod summary;
mod verify;

use std::sync::Arc;

use azure_classic::{Client, Endpoint, HttpsTransport, Identity};
use azure_classic_emulator::faults::{Effect, FaultRule};
use azure_classic_emulator::{Emulator, Timing};

use self::counting_transport::CountingTransport;
use self::scenario::Scenario;
use crate::arguments::DemoArgs;
use crate::cli_error::CliError;
use crate::screen::Screen;

/// The instance that does not start on the new release.
const BAD_INSTANCE: &str = "Web_IN_1";

pub(crate) async fn run(options: &DemoArgs) -> Result<(), CliError> {
    let failed = |error: CliError| error.context("cannot start the demonstration".to_owned());
    let bad_instance = FaultRule::new("bad instance", Effect::NeverStarts)
        .instance(BAD_INSTANCE)
        .label(release::NEW.label);
    let emulator = Emulator::builder()
        .timing(Timing::REALISTIC)
        .speed(options.speed)
        .seed(options.seed)
        .faults([bad_instance])
        .start()
        .await
        .map_err(|error| failed(CliError::new(error)))?;

    let (client, requests) = connect(&emulator).map_err(|error| failed(CliError::new(error)))?;
    let started = tokio::time::Instant::now();
    let mut scenario =
        Scenario::new(client, &emulator, options.speed, Screen::stdout(release::SERVICE));
    let result = scenario.run().await?;
    summary::print(&result, &requests, emulator.now().since_origin(), started.elapsed())?;
    emulator.shutdown().await.map_err(|error| failed(CliError::new(error)))?;
    Ok(())
}

fn connect(
    emulator: &Emulator,
) -> Result<(Client, Arc<CountingTransport>), Box<dyn std::error::Error>> {
    let transport = HttpsTransport::builder()
        .identity(Identity::from_pem(emulator.management_pem().as_bytes())?)
        .root_certificates_pem(emulator.ca_pem().as_bytes())
        .build()?;
    let endpoint = Endpoint::new(emulator.endpoint(), emulator.subscription().clone())?;
    let transport = Arc::new(CountingTransport::new(transport));
    Ok((Client::new(endpoint, transport.clone()), transport))
}
