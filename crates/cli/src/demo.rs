//! `azure-classic demo`: the story of a bad upgrade, against an emulator in this process.
//!
//! The emulator is told beforehand that one instance will not start on the new release. Everything
//! else goes through the public API: real sockets, mutual TLS, and the same client that applications
//! use. What the end claims is read back from the service and checked.

mod counting;
mod proof;
mod release;
mod story;
mod summary;

use std::sync::Arc;

use azure_classic::{Client, Endpoint, HttpsTransport, Identity};
use azure_classic_emulator::faults::{Effect, Rule};
use azure_classic_emulator::{Emulator, Pace};

use self::counting::Counting;
use self::story::Story;
use crate::arguments::DemoArgs;
use crate::failure::Failure;
use crate::screen::Screen;

/// The instance that does not start on the new release.
const BAD_INSTANCE: &str = "Web_IN_1";

pub(crate) async fn run(options: &DemoArgs) -> Result<(), Failure> {
    let failed = |error: Failure| error.while_doing("the demonstration cannot begin".to_owned());
    let bad_instance = Rule::new("bad instance", Effect::NeverStarts)
        .instance(BAD_INSTANCE)
        .label(release::NEW.label);
    let emulator = Emulator::builder()
        .pace(Pace::REALISTIC)
        .speed(options.speed)
        .seed(options.seed)
        .faults([bad_instance])
        .start()
        .await
        .map_err(|error| failed(Failure::new(error)))?;

    let (client, requests) = connect(&emulator).map_err(|error| failed(Failure::new(error)))?;
    let began = tokio::time::Instant::now();
    let mut story = Story::new(client, &emulator, options.speed, Screen::stdout(release::SERVICE));
    let told = story.tell().await?;
    summary::print(&told, &requests, emulator.now().since_origin(), began.elapsed())?;
    emulator.shutdown().await.map_err(|error| failed(Failure::new(error)))?;
    Ok(())
}

fn connect(emulator: &Emulator) -> Result<(Client, Arc<Counting>), Box<dyn std::error::Error>> {
    let transport = HttpsTransport::builder()
        .identity(Identity::from_pem(emulator.management_pem().as_bytes())?)
        .root_certificates_pem(emulator.ca_pem().as_bytes())
        .build()?;
    let endpoint = Endpoint::new(emulator.endpoint(), emulator.subscription().clone())?;
    let transport = Arc::new(Counting::new(transport));
    Ok((Client::new(endpoint, transport.clone()), transport))
}
