//! How far a connection goes.

use azure_classic::protocol::GetOperationStatus;
use azure_classic::{Error, RequestId, Retry, TransportError, TransportErrorKind as Kind};

use super::report::Report;
use crate::connection::Connection;
use crate::failure::Failure;

/// What must work, one after the other.
const STEPS: [&str; 6] = ["name lookup", "TCP", "TLS", "certificate", "answer", "access"];
const CERTIFICATE: usize = 3;
const ANSWER: usize = 4;
const ACCESS: usize = 5;

/// Asks for something that does not exist: it changes nothing, and every endpoint knows the question.
pub(super) async fn probe(connection: &Connection) -> Result<(), Failure> {
    let client = connection.client.clone().with_retry(Retry::never());
    let nothing = RequestId::new("00000000000000000000000000000000");
    let outcome = client.send(GetOperationStatus::of(nothing)).await.map(drop);
    let outcome = match outcome {
        Err(error) if error.is_not_found() => Ok(()),
        outcome => outcome,
    };
    let authority = client.endpoint().authority();
    crate::output::print_escaped(&report(authority.as_str(), outcome.as_ref().err()).to_string())?;
    outcome.map_err(|error| connection.explain(error))
}

fn report(authority: &str, error: Option<&Error>) -> Report {
    let mut report = Report::new(format!("connection to {authority}"));
    let failed = error.map(step);
    for (at, step) in STEPS.into_iter().enumerate() {
        match failed {
            Some(failed) if at > failed => report.fact(step, "not reached"),
            Some(failed) if at == failed => report.fact(step, "failed"),
            _ => report.fact(step, "ok"),
        }
    }
    report
}

/// The step at which it stopped.
fn step(error: &Error) -> usize {
    if let Some(error) = TransportError::of(error) {
        return step_of(error.kind());
    }
    let is_refused = error.status().is_some_and(|status| matches!(status.as_u16(), 401 | 403));
    if is_refused { ACCESS } else { ANSWER }
}

fn step_of(kind: Kind) -> usize {
    match kind {
        Kind::UnusableAddress | Kind::Dns => 0,
        // A silent peer can also be silent in the handshake; the error says that it was the time.
        Kind::Connect | Kind::ConnectTimeout => 1,
        Kind::UntrustedServer | Kind::Tls => 2,
        Kind::ServerWantsCertificate | Kind::CertificateRefused => CERTIFICATE,
        _ => ANSWER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_stops_at_its_step() {
        for (kind, step) in [
            (Kind::Dns, "name lookup"),
            (Kind::Connect, "TCP"),
            (Kind::ConnectTimeout, "TCP"),
            (Kind::UntrustedServer, "TLS"),
            (Kind::Tls, "TLS"),
            (Kind::ServerWantsCertificate, "certificate"),
            (Kind::CertificateRefused, "certificate"),
            (Kind::ConnectionLost, "answer"),
        ] {
            assert_eq!(STEPS[step_of(kind)], step);
        }
    }
}
