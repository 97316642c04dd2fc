//! Connections that end before, during and after the answer.

use azure_classic::{ErrorKind, RollbackMode, TransportError, TransportErrorKind};

use crate::server::{Link, Pki, Server};
use crate::{CONTOSO, SUCCEEDED, accepted, client, contoso, ok, production};

/// What the server says before it pulls the plug, for each place where an answer can be cut.
fn cuts(whole: &str) -> Vec<String> {
    let (head, _) = whole.split_once("\r\n\r\n").unwrap();
    let in_head = head.len() / 2;
    let places = [0, 1, in_head, head.len(), head.len() + 2, whole.len() - 1];
    places.iter().map(|place| whole[..*place].to_owned()).collect()
}

#[tokio::test]
async fn a_read_gets_through_wherever_its_answer_is_cut() {
    let pki = Pki::new();
    for cut in cuts(&ok(CONTOSO)) {
        let answer = cut.clone();
        let server = Server::start(&pki, move |mut link: Link| {
            let answer = if link.number < 3 { answer.clone() } else { ok(CONTOSO) };
            async move {
                link.request().await;
                link.write(answer).await;
            }
        })
        .await;
        let found = client(&server, pki.transport()).send(contoso().get()).await.unwrap();
        assert_eq!(found.service_name, "contoso");
        assert_eq!(server.requests().len(), 4, "{cut:?}");
    }
}

#[tokio::test]
async fn a_change_is_sent_once_wherever_its_answer_is_cut() {
    let pki = Pki::new();
    for cut in cuts(&accepted()) {
        let answer = cut.clone();
        let server = Server::start(&pki, move |mut link: Link| {
            let answer = answer.clone();
            async move {
                link.request().await;
                link.write(answer).await;
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
async fn a_change_gets_through_when_connections_are_cut_before_the_handshake() {
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
async fn connections_cut_behind_their_answers_do_no_harm() {
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
async fn work_is_followed_though_every_other_question_is_cut() {
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
async fn an_answer_beyond_the_limit_is_asked_for_once() {
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
