//! A wait that outlives its token.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use azure_classic::protocol::Bytes;
use azure_classic::{
    BearerTransport, Client, Cloud, Endpoint, OperationState, Poll, RequestId, ResponseFuture,
    Token, Transport,
};
use http::{Request, Response, StatusCode};
use tokio::time::Instant;

const LIFETIME: Duration = Duration::from_secs(3600);

/// An operation that takes three hours, at a service that accepts each token for one hour.
struct Service {
    started: Instant,
    tokens: Arc<Mutex<Vec<String>>>,
}

impl Transport for Service {
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_> {
        let token = request.headers()["authorization"].to_str().unwrap().to_owned();
        let elapsed = self.started.elapsed();
        // "Bearer 5400" was created 5400 seconds after the start.
        let made: u64 = token.strip_prefix("Bearer ").unwrap().parse().unwrap();
        let mut tokens = self.tokens.lock().unwrap();
        if tokens.last() != Some(&token) {
            tokens.push(token);
        }
        let state = if elapsed < 3 * LIFETIME { "InProgress" } else { "Succeeded" };
        let mut response = Response::new(Bytes::from(format!(
            "<Operation xmlns='http://schemas.microsoft.com/windowsazure'>\
             <ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID><Status>{state}</Status></Operation>"
        )));
        if elapsed > Duration::from_secs(made) + LIFETIME {
            *response.status_mut() = StatusCode::UNAUTHORIZED;
        }
        Box::pin(async { Ok(response) })
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_in_the_middle_of_a_long_wait() {
    let started = Instant::now();
    let tokens = Arc::new(Mutex::new(Vec::new()));
    let made = Arc::new(AtomicU32::new(0));
    let source = {
        let made = Arc::clone(&made);
        move || {
            made.fetch_add(1, Ordering::Relaxed);
            let text = started.elapsed().as_secs().to_string();
            async { Ok(Token::new(text)?.valid_for(LIFETIME)) }
        }
    };
    let endpoint = Endpoint::for_cloud(
        Cloud::Germany,
        "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap(),
    );
    let service = Service { started, tokens: Arc::clone(&tokens) };
    let transport = BearerTransport::new(service, &endpoint, source);
    let poll = Poll { deadline: Some(4 * LIFETIME), ..Poll::default() };
    let azure = Client::new(endpoint, transport).with_poll(poll);

    let work = RequestId::new("4f3a9cbde01c4d24a6b1ca5ed9a3a2b1");
    let status = azure.wait(&work).await.unwrap();
    assert_eq!(status.status, OperationState::Succeeded);
    assert_eq!(made.load(Ordering::Relaxed), 4);
    assert_eq!(tokens.lock().unwrap().len(), 4);
}
