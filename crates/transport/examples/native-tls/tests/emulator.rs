//! Tests the transport against an emulator, which requires a client certificate in the handshake.

use azure_classic::{Client, CloudServiceRef, Endpoint, ErrorKind, Placement, Retry};
use azure_classic_emulator::Emulator;
use native_tls_transport::NativeTlsTransport;

fn client(emulator: &Emulator, authority: &str) -> Client {
    let endpoint = Endpoint::new(emulator.endpoint(), emulator.subscription().clone()).unwrap();
    let management = emulator.management_pem().as_bytes();
    let transport = NativeTlsTransport::new(management, authority.as_bytes()).unwrap();
    Client::new(endpoint, transport).with_retry(Retry::never())
}

#[tokio::test]
async fn a_cloud_service_is_created_read_and_deleted() {
    let emulator = Emulator::start().await.unwrap();
    let azure = client(&emulator, emulator.ca_pem());
    let contoso = CloudServiceRef::new("contoso");
    azure.send(contoso.create(Placement::Location("West Europe".into()), "first")).await.unwrap();
    assert_eq!(azure.send(contoso.get()).await.unwrap().service_name, "contoso");
    azure.send(contoso.delete()).await.unwrap();
    assert!(azure.send(contoso.get()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_server_of_another_authority_is_not_trusted() {
    let emulator = Emulator::start().await.unwrap();
    let other = Emulator::start().await.unwrap();
    let azure = client(&emulator, other.ca_pem());
    let error = azure.send(CloudServiceRef::new("contoso").get()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSent, "{error}");
}
