//! What `emulator --sample` begins with: a service in the middle of an upgrade.

use azure_classic::protocol::machine::Instant;
use azure_classic::{
    CloudServiceRef, Endpoint, Error, Operation, Place, Slot, SubscriptionId, UpdateMode,
};
use azure_classic_emulator::{Caller, Cloud, Settings};

use crate::failure::Failure;

/// Its own caller; the daemon allows another.
const THUMBPRINT: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";
const CONFIGURATION: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<ServiceConfiguration serviceName="Contoso" osFamily="6" osVersion="*"
    xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <Role name="Web"><Instances count="5" /></Role>
  <Role name="Worker"><Instances count="5" /></Role>
</ServiceConfiguration>"#;

/// The saved cloud: `contoso` with `shop` in production, whose upgrade has passed two of five upgrade
/// domains.
pub(super) fn saved(subscription: &SubscriptionId) -> Result<String, Failure> {
    let package =
        |release: u32| format!("https://contoso.blob.core.windows.net/packages/{release}.cspkg");
    let settings = Settings::new(subscription.clone()).allow(THUMBPRINT);
    let endpoint = Endpoint::new(&settings.endpoint, subscription.clone()).map_err(Failure::new)?;
    let mut sample = Sample { endpoint, cloud: Cloud::new(settings) };
    let contoso = CloudServiceRef::new("contoso");
    let shop = contoso.deployment("shop");
    sample.run(&contoso.create(Place::Location("West Europe".to_owned()), "Contoso shop"))?;
    let create = contoso
        .create_deployment(Slot::Production, "shop", package(41), CONFIGURATION)
        .label("Release 41")
        .start(true);
    sample.run(&create)?;
    sample.run(&shop.upgrade(UpdateMode::Manual, package(42), CONFIGURATION, "Release 42"))?;
    sample.run(&shop.walk_upgrade_domain(0))?;
    sample.run(&shop.walk_upgrade_domain(1))?;
    Ok(sample.cloud.save())
}

struct Sample {
    endpoint: Endpoint,
    cloud: Cloud,
}

impl Sample {
    /// Sends a request, and lets time pass until nothing moves any more.
    fn run<O: Operation>(&mut self, operation: &O) -> Result<(), Failure> {
        let request = self.endpoint.request(operation).map_err(Failure::new)?;
        let caller = Caller::thumbprint(THUMBPRINT);
        let now: Instant = self.cloud.now();
        let answer = self.cloud.handle(now, &caller, &request).answer;
        let answer = answer.ok_or_else(|| Failure::new("the sample got no response"))?;
        let output: Result<O::Output, Error> = Endpoint::response::<O>(&answer);
        output.map_err(Failure::new)?;
        while let Some(next) = self.cloud.next_event() {
            self.cloud.advance(next);
        }
        Ok(())
    }
}
