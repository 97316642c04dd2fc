//! Starts an upgrade that moves through a deployment's upgrade domains, rolls it back while it is in
//! progress, and waits until all instances run the old release again.
//!
//! Start an emulator, which writes its address and credentials into a directory (the public service is
//! retired), then this example:
//!
//! ```text
//! cargo run -p azure-classic-cli -- emulator --dir /tmp/emulator
//! cargo run -p azure-classic --example roll_back -- --dir /tmp/emulator
//! ```

use std::error::Error as StdError;
use std::path::{Path, PathBuf};
use std::time::Duration;

use azure_classic::{
    Client, CloudServiceRef, Deployment, Endpoint, HttpsTransport, Identity, Placement, Poll,
    RollbackMode, Slot, UpdateMode,
};

const CONFIGURATION: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<ServiceConfiguration serviceName="Contoso" osFamily="6" osVersion="*"
    xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <Role name="Web"><Instances count="5" /></Role>
  <Role name="Worker"><Instances count="5" /></Role>
</ServiceConfiguration>"#;

const OLD_PACKAGE: &str = "https://contoso.blob.core.windows.net/packages/42.cspkg";
const NEW_PACKAGE: &str = "https://contoso.blob.core.windows.net/packages/43.cspkg";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn StdError>> {
    let mut arguments = std::env::args().skip(1);
    let (Some("--dir"), Some(dir), None) =
        (arguments.next().as_deref(), arguments.next(), arguments.next())
    else {
        return Err("usage: roll_back --dir DIRECTORY-OF-THE-EMULATOR".into());
    };
    let azure = connect(Path::new(&dir))?;
    roll_back(&azure, &CloudServiceRef::new("contoso")).await
}

/// The file `emulator.json`, which an emulator writes into its directory when it is ready.
#[derive(serde::Deserialize)]
struct Emulator {
    endpoint: String,
    subscription: String,
    certificate_authority: PathBuf,
    management_certificate: PathBuf,
}

/// Creates a client of the emulator that uses this directory.
pub(crate) fn connect(dir: &Path) -> Result<Client, Box<dyn StdError>> {
    let emulator: Emulator = serde_json::from_slice(&std::fs::read(dir.join("emulator.json"))?)?;
    let transport = HttpsTransport::builder()
        .identity(Identity::from_pem(&std::fs::read(emulator.management_certificate)?)?)
        .root_certificates_pem(&std::fs::read(emulator.certificate_authority)?)
        .build()?;
    let endpoint = Endpoint::new(&emulator.endpoint, emulator.subscription.parse()?)?;
    // An emulator is faster than a data centre, so poll more often.
    let often = Poll { first_delay: Duration::from_millis(50), ..Poll::default() };
    Ok(Client::new(endpoint, transport).with_poll(often))
}

/// Runs the example with a new cloud service, and deletes the service at the end.
pub(crate) async fn roll_back(
    azure: &Client,
    service: &CloudServiceRef,
) -> Result<(), Box<dyn StdError>> {
    println!("creating the cloud service {}", service.name());
    azure.send(service.create(Placement::Location("West Europe".into()), "Contoso shop")).await?;

    println!("deploying release 42 into production");
    let create = service
        .create_deployment(Slot::Production, "shop", OLD_PACKAGE, CONFIGURATION)
        .label("Release 42")
        .start(true);
    azure.run(create).await?;
    // Refer to the deployment by name, because a swap would move it to the other slot.
    let shop = service.deployment("shop");
    show(&azure.poll_until(shop.get(), Deployment::is_settled).await?);

    println!("upgrading to release 43, domain by domain");
    azure.run(shop.upgrade(UpdateMode::Manual, NEW_PACKAGE, CONFIGURATION, "Release 43")).await?;
    azure.run(shop.walk_upgrade_domain(0)).await?;
    let upgrading = azure.send(shop.get()).await?;
    show(&upgrading);

    if upgrading.rollback_allowed != Some(true) {
        return Err("the service does not allow a rollback now".into());
    }
    println!("rolling back");
    azure.run(shop.rollback(RollbackMode::Auto)).await?;
    let settled = azure.poll_until(shop.get(), Deployment::is_settled).await?;
    show(&settled);
    if settled.label.as_str() != "Release 42" {
        return Err(format!("{} runs instead of Release 42", settled.label.as_str()).into());
    }
    println!("every instance runs release 42 again; deleting the service");
    azure.run(shop.delete()).await?;
    azure.send(service.delete()).await?;
    Ok(())
}

/// Prints the label, the status, and the instances of each upgrade domain.
fn show(deployment: &Deployment) {
    println!("  {}: {}", deployment.label.as_str(), deployment.status);
    for domain in 0..deployment.upgrade_domain_count.unwrap_or_default() {
        let instances = deployment
            .role_instance_list
            .iter()
            .filter(|instance| instance.instance_upgrade_domain == Some(domain))
            .map(|instance| format!("{} {}", instance.instance_name, instance.instance_status))
            .collect::<Vec<_>>();
        println!("  domain {domain}: {}", instances.join(", "));
    }
}
