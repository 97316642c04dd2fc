//! How far a connection goes.

use azure_classic::protocol::GetOperationStatus;
use azure_classic::{Error, RequestId, Retry, TransportError, TransportErrorKind as Kind};

use super::report::Report;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::proxy::Route;

/// What must work, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Lookup,
    Tcp,
    /// In place of the two before where there is a proxy.
    Tunnel,
    Tls,
    Certificate,
    Answer,
    Access,
}

impl Step {
    const DIRECT: [Self; 6] =
        [Self::Lookup, Self::Tcp, Self::Tls, Self::Certificate, Self::Answer, Self::Access];
    const PROXIED: [Self; 5] =
        [Self::Tunnel, Self::Tls, Self::Certificate, Self::Answer, Self::Access];

    fn label(self) -> &'static str {
        match self {
            Self::Lookup => "name lookup",
            Self::Tcp => "TCP",
            Self::Tunnel => "tunnel",
            Self::Tls => "TLS",
            Self::Certificate => "certificate",
            Self::Answer => "answer",
            Self::Access => "access",
        }
    }
}

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
    let report = report(authority.as_str(), connection.proxy.as_ref(), outcome.as_ref().err());
    crate::output::print_escaped(&report.to_string())?;
    outcome.map_err(|error| connection.explain(error))
}

fn report(authority: &str, proxy: Option<&Route>, error: Option<&Error>) -> Report {
    let mut report = Report::new(format!("connection to {authority}"));
    let steps = match proxy {
        Some(Route::Through(server)) => {
            report.fact("proxy", server);
            &Step::PROXIED[..]
        }
        Some(Route::Unusable) => &Step::PROXIED[..],
        Some(Route::Exempt) => {
            report.fact("proxy", "not used: the endpoint is exempt");
            &Step::DIRECT[..]
        }
        None => &Step::DIRECT[..],
    };
    let failed = error.map(step);
    for step in steps {
        // A tunnel stands for the steps before it.
        match failed {
            Some(failed) if *step == failed || (*step == Step::Tunnel && failed < Step::Tunnel) => {
                report.fact(step.label(), "failed");
            }
            Some(failed) if *step > failed => report.fact(step.label(), "not reached"),
            _ => report.fact(step.label(), "ok"),
        }
    }
    report
}

/// The step at which it stopped.
fn step(error: &Error) -> Step {
    if let Some(error) = TransportError::of(error) {
        return step_of(error.kind());
    }
    let is_refused = error.status().is_some_and(|status| matches!(status.as_u16(), 401 | 403));
    if is_refused { Step::Access } else { Step::Answer }
}

fn step_of(kind: Kind) -> Step {
    match kind {
        Kind::UnusableAddress | Kind::Dns => Step::Lookup,
        // A silent peer can also be silent in the handshake; the error says that it was the time.
        Kind::Connect | Kind::ConnectTimeout => Step::Tcp,
        Kind::UnusableProxy
        | Kind::Proxy
        | Kind::ProxyAuthentication
        | Kind::ProxyForbids
        | Kind::ProxyCannotConnect => Step::Tunnel,
        Kind::UntrustedServer
        | Kind::ServerNameMismatch
        | Kind::ServerCertificateExpired
        | Kind::ServerCertificateNotYetValid
        | Kind::InvalidServerCertificate
        | Kind::Tls => Step::Tls,
        Kind::ServerWantsCertificate | Kind::CertificateRefused => Step::Certificate,
        _ => Step::Answer,
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
            (Kind::Proxy, "tunnel"),
            (Kind::ProxyAuthentication, "tunnel"),
            (Kind::UntrustedServer, "TLS"),
            (Kind::ServerNameMismatch, "TLS"),
            (Kind::ServerCertificateExpired, "TLS"),
            (Kind::ServerCertificateNotYetValid, "TLS"),
            (Kind::InvalidServerCertificate, "TLS"),
            (Kind::Tls, "TLS"),
            (Kind::ServerWantsCertificate, "certificate"),
            (Kind::CertificateRefused, "certificate"),
            (Kind::ConnectionLost, "answer"),
        ] {
            assert_eq!(step_of(kind).label(), step);
        }
    }

    #[test]
    fn a_proxy_is_named_and_its_tunnel_is_one_step() {
        let through = Route::Through("proxy.contoso.example:3128".to_owned());
        assert_eq!(
            report("management.example.net", Some(&through), None).to_string(),
            "connection to management.example.net\n  proxy         proxy.contoso.example:3128\n  \
             tunnel        ok\n  TLS           ok\n  certificate   ok\n  answer        ok\n  \
             access        ok"
        );
        let exempt = report("127.0.0.1:8443", Some(&Route::Exempt), None).to_string();
        assert!(
            exempt.contains("proxy         not used: the endpoint is exempt\n  name lookup   ok")
        );
    }
}
