//! Tests the client against an emulator, over real sockets and real TLS.

#[path = "../examples/roll_back.rs"]
#[expect(dead_code, reason = "the example is a program with a `main`")]
mod roll_back;

use std::time::Duration;

use azure_classic::rollout::{Event, FinalState, Health, Plan, Policy};
use azure_classic::{
    Client, CloudServiceRef, Deployment, Endpoint, Error, ErrorCode, ErrorKind, HttpsTransport,
    HttpsTransportBuilder, Identity, OnConflict, Placement, Poll, Retry, ServiceError, Slot,
    TransportError, TransportErrorKind,
};
use azure_classic_emulator::{Delay, Emulator, Timing};

#[tokio::test]
async fn the_example_restores_the_old_release() {
    let dir = tempfile::tempdir().unwrap();
    let emulator = Emulator::builder().dir(dir.path()).speed(50.0).start().await.unwrap();
    let azure = roll_back::connect(dir.path()).unwrap();
    let fabrikam = CloudServiceRef::new("fabrikam");
    roll_back::roll_back(&azure, &fabrikam).await.unwrap();
    let error = azure.send(fabrikam.get()).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    emulator.shutdown().await.unwrap();
}

#[tokio::test]
async fn the_client_waits_for_a_blocking_operation_and_retries() {
    let dir = tempfile::tempdir().unwrap();
    // The blocking operation ends after the client has polled it, at any speed of the machine.
    let by_polls = Timing { operation: Delay::Polls(4), ..Timing::IMMEDIATE };
    let _emulator = Emulator::builder().dir(dir.path()).timing(by_polls).start().await.unwrap();
    let azure = roll_back::connect(dir.path()).unwrap();
    let contoso = CloudServiceRef::new("contoso");
    azure.send(contoso.create(Placement::Location("West Europe".into()), "shop")).await.unwrap();
    let package = "https://contoso.blob.core.windows.net/packages/42.cspkg";
    let configuration = r#"<ServiceConfiguration serviceName="contoso" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration"><Role name="Web"><Instances count="2"/></Role></ServiceConfiguration>"#;
    let create = contoso.create_deployment(Slot::Staging, "shop", package, configuration);
    let created = azure.send(create).await.unwrap();

    let delete = contoso.deployment("shop").delete();
    let error = azure.send(delete.clone()).await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    assert_eq!(error.conflicting_request_id(), created.request_id());

    let often = Poll { first_delay: Duration::from_millis(50), ..Poll::default() };
    let patience = Retry { on_conflict: OnConflict::WaitFor(often), ..Retry::default() };
    azure.clone().with_retry(patience).run(delete).await.unwrap();
    let error = azure.send(contoso.slot(Slot::Staging).get()).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn a_rollout_is_driven_probed_recorded_and_reported() {
    let dir = tempfile::tempdir().unwrap();
    let _emulator = Emulator::builder().dir(dir.path()).speed(200.0).start().await.unwrap();
    let often = Poll { first_delay: Duration::from_millis(10), growth: 1.0, ..Poll::default() };
    let azure = roll_back::connect(dir.path()).unwrap().with_poll(often);
    let contoso = CloudServiceRef::new("contoso");
    azure.send(contoso.create(Placement::Location("West Europe".into()), "shop")).await.unwrap();
    let package = "https://contoso.blob.core.windows.net/packages/42.cspkg?upgradeDomainCount=2";
    let configuration = r#"<ServiceConfiguration serviceName="contoso" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration"><Role name="Web"><Instances count="2"/></Role></ServiceConfiguration>"#;
    let create = contoso
        .create_deployment(Slot::Production, "shop", package, configuration)
        .label("old")
        .start(true);
    azure.run(create).await.unwrap();
    azure.poll_until(contoso.deployment("shop").get(), Deployment::is_settled).await.unwrap();

    let policy = Policy {
        health: Health { probe: true, ..Health::default() },
        settle_time: Duration::ZERO,
        ..Policy::default()
    };
    let production = contoso.slot(Slot::Production);
    let plan = Plan::upgrade(production, package, configuration, "new").policy(policy);
    let (records, kept) = std::sync::mpsc::channel();
    let mut rollout = azure
        .rollout(plan)
        .persist_with(move |record| Ok(records.send(record.clone())?))
        .probe_with(Duration::from_millis(10), async |instance| {
            if instance.ip_address.is_some() { Ok(()) } else { Err("no address".to_owned()) }
        })
        .start();
    let controls = rollout.controls();
    let mut healthy = Vec::new();
    while let Some(event) = rollout.next().await {
        if let Event::DomainHealthy { domain, .. } = event {
            healthy.push(domain);
        }
    }
    let outcome = rollout.outcome().await.unwrap();
    assert_eq!(outcome.final_state(), FinalState::Upgraded);
    assert_eq!(healthy, [0, 1]);
    assert_eq!(controls.deployment().unwrap().label.as_str(), "new");
    let last = kept.try_iter().last().unwrap();
    assert_eq!(Some(&last), controls.record().as_ref());
    let refused = azure.resume_rollout(last).unwrap_err();
    assert!(refused.to_string().contains("it has ended"), "{refused}");
}

/// The program of `docs/src/guides/test-rust.md`.
#[tokio::test]
async fn the_shop_is_created() -> Result<(), Box<dyn std::error::Error>> {
    let emulator = Emulator::start().await?;
    let transport = HttpsTransport::builder()
        .root_certificates_pem(emulator.ca_pem().as_bytes())
        .identity(Identity::from_pem(emulator.management_pem().as_bytes())?)
        .build()?;
    let endpoint = Endpoint::new(emulator.endpoint(), emulator.subscription().clone())?;
    let azure = Client::new(endpoint, transport);

    let contoso = CloudServiceRef::new("contoso");
    azure.send(contoso.create(Placement::Location("North Europe".into()), "shop")).await?;
    assert_eq!(azure.send(contoso.get()).await?.service_name, "contoso");
    Ok(())
}

/// Settings that trust the emulator.
fn trusting(emulator: &Emulator) -> HttpsTransportBuilder {
    HttpsTransport::builder().root_certificates_pem(emulator.ca_pem().as_bytes())
}

/// An identity that is not registered at any emulator.
fn stranger() -> Identity {
    let stranger = rcgen::generate_simple_self_signed(Vec::new()).unwrap();
    let (certificate, key) = (stranger.cert.pem(), stranger.signing_key.serialize_pem());
    Identity::from_pem_pair(certificate.as_bytes(), key.as_bytes()).unwrap()
}

/// The error of a call about a cloud service that does not exist.
async fn request(emulator: &Emulator, settings: HttpsTransportBuilder) -> Error {
    let endpoint = Endpoint::new(emulator.endpoint(), emulator.subscription().clone()).unwrap();
    let azure = Client::new(endpoint, settings.build().unwrap());
    azure.send(CloudServiceRef::new("contoso").get()).await.unwrap_err()
}

#[tokio::test]
async fn a_registered_certificate_is_accepted() {
    let emulator = Emulator::builder().start().await.unwrap();
    let identity = Identity::from_pem(emulator.management_pem().as_bytes()).unwrap();
    assert_eq!(identity.thumbprint(), emulator.thumbprint());
    let error = request(&emulator, trusting(&emulator).identity(identity)).await;
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn the_service_rejects_an_unknown_certificate() {
    let emulator = Emulator::builder().start().await.unwrap();
    let error = request(&emulator, trusting(&emulator).identity(stranger())).await;
    assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
    assert_eq!(error.service_error().map(ServiceError::code), Some(&ErrorCode::ForbiddenError));
}

#[tokio::test]
async fn the_server_rejects_a_missing_certificate() {
    let emulator = Emulator::builder().start().await.unwrap();
    let error = request(&emulator, trusting(&emulator)).await;
    assert_eq!(error.kind(), ErrorKind::NotSent, "{error}");
    let cause = TransportError::find_in(&error).unwrap();
    assert_eq!(cause.kind(), TransportErrorKind::ServerWantsCertificate, "{cause}");
}

#[tokio::test]
async fn the_client_rejects_an_untrusted_server() {
    let emulator = Emulator::builder().start().await.unwrap();
    let other = Emulator::builder().start().await.unwrap();
    let identity = Identity::from_pem(emulator.management_pem().as_bytes()).unwrap();
    let error = request(&emulator, trusting(&other).identity(identity)).await;
    assert_eq!(error.kind(), ErrorKind::NotSent, "{error}");
    let cause = TransportError::find_in(&error).unwrap();
    assert_eq!(cause.kind(), TransportErrorKind::UntrustedServer, "{cause}");
}
