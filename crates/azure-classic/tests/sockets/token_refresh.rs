//! A bearer token that expires while an accepted operation is polled.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use azure_classic::{BearerTransport, Client, Endpoint, Poll, RollbackMode, Token};

use crate::server::{Link, Pki, Server};
use crate::{SUBSCRIPTION, SUCCEEDED, accepted, ok, production};

const REFUSED: &str = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";

/// Accepts the first token for the write and three polls, and the second for the rest.
async fn outlasting(pki: &Pki) -> Server {
    Server::start(pki, |mut link: Link| async move {
        let mut polls = 0;
        while let Some(request) = link.request().await {
            let is_first = request.contains("authorization: Bearer first");
            if request.starts_with("POST") {
                link.write(accepted()).await;
                continue;
            }
            polls += 1;
            match polls {
                1..=3 => link.write(ok(&SUCCEEDED.replace("Succeeded", "InProgress"))).await,
                _ if is_first => link.write(REFUSED).await,
                4..=6 => link.write(ok(&SUCCEEDED.replace("Succeeded", "InProgress"))).await,
                _ => link.write(ok(SUCCEEDED)).await,
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_token_is_renewed_in_the_middle_of_a_long_wait() {
    let pki = Pki::without_client();
    let server = outlasting(&pki).await;
    let requested = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requested);
    let source = move || {
        let text = ["first", "second"][count.fetch_add(1, Ordering::Relaxed)];
        async move { Ok(Token::new(text)?) }
    };
    let endpoint = Endpoint::new(&server.address(), SUBSCRIPTION.parse().unwrap()).unwrap();
    let transport = BearerTransport::new(pki.transport().build().unwrap(), &endpoint, source);
    let poll = Poll { first_delay: Duration::from_millis(1), ..Poll::default() };
    let azure = Client::new(endpoint, transport).with_poll(poll);

    azure.run(production().rollback(RollbackMode::Auto)).await.unwrap();

    let requests = server.requests();
    assert_eq!(requested.load(Ordering::Relaxed), 2);
    assert_eq!(requests.iter().filter(|request| request.starts_with("POST")).count(), 1);
    let with = |token: &str| {
        requests.iter().filter(|request| request.contains(&format!("Bearer {token}"))).count()
    };
    // The write, three polls, and the rejected one; then the same one and two more.
    assert_eq!((with("first"), with("second")), (5, 3));
}
