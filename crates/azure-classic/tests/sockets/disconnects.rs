//! Connections that end before, during and after the response.

use azure_classic::{ErrorKind, RollbackMode, TransportError, TransportErrorKind};

use crate::server::{Link, Pki, Server};
use crate::{CONTOSO, SUCCEEDED, accepted, client, contoso, ok, production};

/// The bytes that the server sends before it disconnects, for each place where a response can be truncated.
fn cuts(whole: &str) -> Vec<String> {
    let (head, _) = whole.split_once("\r\n\r\n").unwrap();
    let in_head = head.len() / 2;
    let places = [0, 1, in_head, head.len(), head.len() + 2, whole.len() - 1];
    places.iter().map(|place| whole[..*place].to_owned()).collect()
}

#[tokio::test]
async fn a_read_succeeds_wherever_its_response_is_truncated() {
    let pki = Pki::new();
    for cut in cuts(&ok(CONTOSO)) {
        let response = cut.clone();
        let server = Server::start(&pki, move |mut link: Link| {
            let response = if link.number < 3 { response.clone() } else { ok(CONTOSO) };
            async move {
                link.request().await;
                link.write(response).await;
            }
        })
        .await;
        let found = client(&server, pki.transport()).send(contoso().get()).await.unwrap();
        assert_eq!(found.service_name, "contoso");
        assert_eq!(server.requests().len(), 4, "{cut:?}");
    }
}

#[tokio::test]
async fn a_write_is_sent_once_wherever_its_response_is_truncated() {
    let pki = Pki::new();
    for cut in cuts(&accepted()) {
        let response = cut.clone();
        let server = Server::start(&pki, move |mut link: Link| {
            let response = response.clone();
            async move {
                link.request().await;
                link.write(response).await;
            }
        })
        .await;
        let azure = client(&server, pki.transport());
        let error = azure.run(production().rollback(RollbackMode::Auto)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MaybeSent, "{cut:?}");
        assert!(error.may_have_applied());
        assert_eq!(server.requests().len(), 1, "{cut:?}");
    }
}

#[tokio::test]
async fn a_write_succeeds_after_disconnects_before_the_handshake() {
    let pki = Pki::new();
    let server = Server::start_after(3, &pki, |mut link: Link| async move {
        link.request().await;
        link.write(accepted()).await;
    })
    .await;
    let azure = client(&server, pki.transport());
    let accepted = azure.send(production().rollback(RollbackMode::Auto)).await.unwrap();
    assert!(!accepted.is_finished());
    assert_eq!((server.requests().len(), server.connections()), (1, 4));
}

#[tokio::test]
async fn disconnects_after_the_response_do_no_harm() {
    let pki = Pki::new();
    let server = Server::start(&pki, |mut link: Link| async move {
        let request = link.request().await.unwrap_or_default();
        link.write(if request.starts_with("POST") { accepted() } else { ok(SUCCEEDED) }).await;
    })
    .await;
    let azure = client(&server, pki.transport());
    azure.run(production().rollback(RollbackMode::Auto)).await.unwrap();
    azure.run(production().rollback(RollbackMode::Auto)).await.unwrap();
    let changes = server.requests().iter().filter(|request| request.starts_with("POST")).count();
    assert_eq!(changes, 2);
}

#[tokio::test]
async fn an_operation_is_polled_although_every_other_poll_is_disconnected() {
    let pki = Pki::new();
    let server = Server::start(&pki, |mut link: Link| async move {
        let request = link.request().await.unwrap_or_default();
        if request.starts_with("POST") {
            link.write(accepted()).await;
        } else if link.number == 4 {
            link.write(ok(SUCCEEDED)).await;
        } else if link.number.is_multiple_of(2) {
            link.write(ok(&SUCCEEDED.replace("Succeeded", "InProgress"))).await;
        }
    })
    .await;
    let azure = client(&server, pki.transport());
    azure.run(production().rollback(RollbackMode::Auto)).await.unwrap();
    assert_eq!(server.requests().len(), 5);
}

#[tokio::test]
async fn an_oversized_response_is_requested_once() {
    let pki = Pki::new();
    let server = Server::start(&pki, |mut link: Link| async move {
        link.request().await;
        link.write(ok(&CONTOSO.replace("contoso", &"x".repeat(1000)))).await;
        link.request().await;
    })
    .await;
    let azure = client(&server, pki.transport().max_response_bytes(1000));
    let error = azure.send(contoso().get()).await.unwrap_err();
    let cause = TransportError::find_in(&error).unwrap();
    assert_eq!(cause.kind(), TransportErrorKind::ResponseTooLarge, "{cause}");
    assert_eq!(server.requests().len(), 1);
}
