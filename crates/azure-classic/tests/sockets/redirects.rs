//! A redirect from one TLS server to another.

use azure_classic::{ErrorKind, RollbackMode};

use crate::server::{Link, Pki, Server};
use crate::{SUCCEEDED, accepted, client, ok, production};

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n")
}

/// Responds to each request with a redirect to the same path at this address.
async fn redirecting(pki: &Pki, to: String) -> Server {
    Server::start(pki, move |mut link: Link| {
        let to = to.clone();
        async move {
            while let Some(request) = link.request().await {
                let path = request.split(' ').nth(1).unwrap();
                link.write(redirect(&format!("{to}{path}"))).await;
            }
        }
    })
    .await
}

/// Accepts writes, and reports that they have succeeded.
async fn working(pki: &Pki) -> Server {
    Server::start(pki, |mut link: Link| async move {
        while let Some(request) = link.request().await {
            link.write(if request.starts_with("POST") { accepted() } else { ok(SUCCEEDED) }).await;
        }
    })
    .await
}

/// The lines of a request in order, without the `Host` header.
fn without_host(request: &str) -> Vec<&str> {
    let mut lines = request.lines().filter(|line| !line.starts_with("host:")).collect::<Vec<_>>();
    lines.sort_unstable();
    lines
}

/// Both servers require the certificate.
#[tokio::test]
async fn a_redirect_keeps_the_certificate_and_the_body() {
    let pki = Pki::new();
    let regional = working(&pki).await;
    let front = redirecting(&pki, regional.address()).await;
    let azure = client(&front, pki.transport());
    azure.run(production().rollback(RollbackMode::Auto)).await.unwrap();
    azure.run(production().walk_upgrade_domain(0)).await.unwrap();

    let (requested, done) = (front.requests(), regional.requests());
    assert!(
        requested[0].contains("<Rollback") && requested[0].contains("x-ms-version"),
        "{}",
        requested[0]
    );
    assert_eq!(requested.len(), done.len());
    for (requested, done) in requested.iter().zip(&done) {
        assert_eq!(without_host(requested), without_host(done));
        assert!(done.contains(&format!("host: 127.0.0.1:{}", regional.port())), "{done}");
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_foreign_host() {
    let pki = Pki::new();
    let foreign = working(&pki).await;
    let front = redirecting(&pki, format!("https://localhost:{}", foreign.port())).await;
    let azure = client(&front, pki.transport());
    let error = azure.run(production().rollback(RollbackMode::Auto)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    let said = error.to_string();
    assert!(said.contains(&format!("localhost:{}", foreign.port())), "{said}");
    assert_eq!((front.requests().len(), foreign.connections()), (1, 0));
}

#[tokio::test]
async fn a_redirect_loop_ends() {
    let pki = Pki::new();
    let server = Server::start(&pki, |mut link: Link| async move {
        while let Some(request) = link.request().await {
            let path = request.split(' ').nth(1).unwrap().to_owned();
            let host = request.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
            link.write(redirect(&format!("https://{host}{path}"))).await;
        }
    })
    .await;
    let azure = client(&server, pki.transport());
    let error = azure.send(production().get()).await.unwrap_err();
    assert!(error.to_string().contains("more than 3 redirects"), "{error}");
    assert_eq!(server.requests().len(), 4);
}
