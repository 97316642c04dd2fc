//! The initial state of `emulator --sample`: a service in the middle of an upgrade.

use azure_classic::protocol::machine::Instant;
use azure_classic::{
    CloudServiceRef, Endpoint, Error, Operation, Placement, Slot, SubscriptionId, UpdateMode,
};
use azure_classic_emulator::{Caller, Settings, Simulator};

use crate::cli_error::CliError;

/// Its own caller; the daemon allows another.
const THUMBPRINT: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
const CONFIGURATION: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<ServiceConfiguration serviceName="Contoso" osFamily="6" osVersion="*"
    xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <Role name="Web"><Instances count="5" /></Role>
  <Role name="Worker"><Instances count="5" /></Role>
</ServiceConfiguration>"#;

/// The saved state: `contoso` with `shop` in production, whose upgrade has passed two of five upgrade
/// domains.
pub(super) fn saved_state(subscription: &SubscriptionId) -> Result<String, CliError> {
    let package =
        |release: u32| format!("https://contoso.blob.core.windows.net/packages/{release}.cspkg");
    let settings = Settings::new(subscription.clone()).allow(THUMBPRINT);
    let endpoint =
        Endpoint::new(&settings.endpoint, subscription.clone()).map_err(CliError::new)?;
    let mut sample = SampleBuilder { endpoint, simulator: Simulator::new(settings) };
    let contoso = CloudServiceRef::new("contoso");
    let shop = contoso.deployment("shop");
    sample.run(&contoso.create(Placement::Location("West Europe".to_owned()), "Contoso shop"))?;
    let create = contoso
        .create_deployment(Slot::Production, "shop", package(41), CONFIGURATION)
        .label("Release 41")
        .start(true);
    sample.run(&create)?;
    sample.run(&shop.upgrade(UpdateMode::Manual, package(42), CONFIGURATION, "Release 42"))?;
    sample.run(&shop.walk_upgrade_domain(0))?;
    sample.run(&shop.walk_upgrade_domain(1))?;
    Ok(sample.simulator.save())
}

struct SampleBuilder {
    endpoint: Endpoint,
    simulator: Simulator,
}

impl SampleBuilder {
    /// Sends a request, and lets time pass until nothing moves any more.
    fn run<O: Operation>(&mut self, operation: &O) -> Result<(), CliError> {
        let request = self.endpoint.request(operation).map_err(CliError::new)?;
        let caller = Caller::thumbprint(THUMBPRINT);
        let now: Instant = self.simulator.now();
        let response = self.simulator.handle(now, &caller, &request).response;
        let response = response.ok_or_else(|| CliError::new("the sample got no response"))?;
        let output: Result<O::Output, Error> = Endpoint::response::<O>(&response);
        output.map_err(CliError::new)?;
        while let Some(next) = self.simulator.next_event() {
            self.simulator.advance(next);
        }
        Ok(())
    }
}
