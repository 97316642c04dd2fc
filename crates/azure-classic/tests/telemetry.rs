//! The spans that a subscriber of `tracing` receives.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use azure_classic::protocol::{Bytes, SendError};
use azure_classic::{
    BearerTransport, Client, CloudServiceRef, Endpoint, ResponseFuture, Retry, RollbackMode, Slot,
    Token, Transport, TransportResult,
};
use http::{Request, Response};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Metadata, Subscriber};

/// A span as `name field=value …`, its fields in alphabetical order.
#[derive(Default)]
struct Noted {
    name: &'static str,
    parent: Option<u64>,
    fields: BTreeMap<&'static str, String>,
}

impl Visit for Noted {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let twice = self.fields.insert(field.name(), format!("{value:?}"));
        assert_eq!(twice, None, "{field} is recorded twice");
    }
}

impl fmt::Display for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.parent.is_some() { "  " } else { "" })?;
        f.write_str(self.name)?;
        self.fields.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

/// Collects the spans of this library.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<Noted>>>);

impl Notes {
    fn listen(&self) -> DefaultGuard {
        tracing::subscriber::set_default(self.clone())
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(ToString::to_string).collect()
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("azure_classic")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut noted = Noted {
            name: span.metadata().name(),
            parent: span.parent().map(Id::into_u64),
            ..Noted::default()
        };
        span.record(&mut noted);
        let mut spans = self.0.lock().unwrap();
        spans.push(noted);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let at = usize::try_from(span.into_u64()).unwrap() - 1;
        values.record(&mut self.0.lock().unwrap()[at]);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Returns scripted results, each after 20 milliseconds.
struct Script(Mutex<VecDeque<TransportResult>>);

impl Transport for Script {
    fn send(&self, _: Request<Bytes>) -> ResponseFuture<'_> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            self.0.lock().unwrap().pop_front().expect("a result for each request")
        })
    }
}

fn response(status: u16, id: &str, body: &str) -> Response<Bytes> {
    let body = Bytes::copy_from_slice(body.as_bytes());
    Response::builder().status(status).header("x-ms-request-id", id).body(body).unwrap()
}

fn client(replies: impl IntoIterator<Item = TransportResult>) -> Client {
    let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap();
    let endpoint = Endpoint::new("https://management.example.net", subscription).unwrap();
    let script = Script(Mutex::new(replies.into_iter().collect()));
    let token = Token::new("a-secret-token").unwrap();
    let transport = BearerTransport::new(script, &endpoint, token);
    Client::new(endpoint, transport).with_retry(Retry { seed: None, ..Retry::default() })
}

const ACCEPTED: &str = "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1";
const OTHER: &str = "00000000000000000000000000000001";
const STATE: &str = "<Operation xmlns='http://schemas.microsoft.com/windowsazure'>\
    <ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID><Status>Succeeded</Status></Operation>";
const REFUSAL: &str = "<Error xmlns='http://schemas.microsoft.com/windowsazure'>\
    <Code>ConflictError</Code><Message>a secret in a message</Message></Error>";

#[tokio::test(start_paused = true)]
async fn a_run_is_a_call_with_its_attempts() {
    let notes = Notes::default();
    let _listening = notes.listen();
    let azure = client([
        Err(SendError::not_sent("connection refused: a secret in an error")),
        Ok(response(202, ACCEPTED, "")),
        Ok(response(200, OTHER, STATE)),
    ]);
    let production = CloudServiceRef::new("contoso").slot(Slot::Production);
    azure.run(production.rollback(RollbackMode::Auto)).await.unwrap();

    let lines = notes.lines();
    let (call, attempts) = lines.split_first().unwrap();
    assert!(call.starts_with("azure_classic.call elapsed_ms="), "{call}");
    assert!(
        call.ends_with(&format!(
            " operation=\"Rollback Update Or Upgrade\" outcome=\"Done\" request_id=\"{ACCEPTED}\""
        )),
        "{call}"
    );
    assert_eq!(
        attempts,
        [
            "  azure_classic.attempt attempt=1 elapsed_ms=20 lost=\"not sent\" \
             operation=\"Rollback Update Or Upgrade\""
                .to_owned(),
            format!(
                "  azure_classic.attempt attempt=2 elapsed_ms=20 \
                 operation=\"Rollback Update Or Upgrade\" request_id=\"{ACCEPTED}\" status=202"
            ),
            format!(
                "  azure_classic.attempt attempt=1 elapsed_ms=20 \
                 operation=\"Get Operation Status\" request_id=\"{OTHER}\" status=200"
            ),
        ]
    );
    assert!(!lines.concat().contains("secret"), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_recorded_by_kind_and_code_without_its_message() {
    let notes = Notes::default();
    let _listening = notes.listen();
    let azure = client([Ok(response(409, OTHER, REFUSAL))]);
    azure.send(CloudServiceRef::new("contoso").delete()).await.unwrap_err();
    assert_eq!(
        notes.lines(),
        [
            format!(
                "azure_classic.call code=\"ConflictError\" elapsed_ms=20 \
                 operation=\"Delete Cloud Service\" outcome=Rejected request_id=\"{OTHER}\""
            ),
            format!(
                "  azure_classic.attempt attempt=1 elapsed_ms=20 \
                 operation=\"Delete Cloud Service\" request_id=\"{OTHER}\" status=409"
            ),
        ]
    );
}
