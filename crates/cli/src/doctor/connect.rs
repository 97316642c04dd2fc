//! How far a connection goes.

use azure_classic::protocol::GetOperationStatus;
use azure_classic::{Error, RequestId, Retry, TransportError, TransportErrorKind as Kind};

use super::report::ExaminationReport;
use crate::cli_error::CliError;
use crate::connection::Connection;
use crate::proxy::ProxyRoute;

/// The steps of a connection, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ConnectionStep {
    Lookup,
    Tcp,
    /// In place of the two before where there is a proxy.
    Tunnel,
    Tls,
    Certificate,
    Response,
    Access,
}

impl ConnectionStep {
    const DIRECT: [Self; 6] =
        [Self::Lookup, Self::Tcp, Self::Tls, Self::Certificate, Self::Response, Self::Access];
    const PROXIED: [Self; 5] =
        [Self::Tunnel, Self::Tls, Self::Certificate, Self::Response, Self::Access];

    fn label(self) -> &'static str {
        match self {
            Self::Lookup => "name lookup",
            Self::Tcp => "TCP",
            Self::Tunnel => "tunnel",
            Self::Tls => "TLS",
            Self::Certificate => "certificate",
            Self::Response => "response",
            Self::Access => "access",
        }
    }
}

/// Requests a resource that does not exist: this changes nothing, and every endpoint knows the operation.
pub(super) async fn probe(connection: &Connection) -> Result<(), CliError> {
    let client = connection.client.clone().with_retry(Retry::never());
    let nothing = RequestId::new("00000000000000000000000000000000");
    let outcome = client.send(GetOperationStatus::new(nothing)).await.map(drop);
    let outcome = match outcome {
        Err(error) if error.is_not_found() => Ok(()),
        outcome => outcome,
    };
    let authority = client.endpoint().authority();
    let report = report(authority.as_str(), connection.proxy.as_ref(), outcome.as_ref().err());
    crate::output::print_escaped(&report.to_string())?;
    outcome.map_err(|error| connection.explain(error))
}

fn report(authority: &str, proxy: Option<&ProxyRoute>, error: Option<&Error>) -> ExaminationReport {
    let mut report = ExaminationReport::new(format!("connection to {authority}"));
    let steps = match proxy {
        Some(ProxyRoute::Proxied(server)) => {
            report.fact("proxy", server);
            &ConnectionStep::PROXIED[..]
        }
        Some(ProxyRoute::InvalidProxy) => &ConnectionStep::PROXIED[..],
        Some(ProxyRoute::Exempt) => {
            report.fact("proxy", "not used: the endpoint is exempt");
            &ConnectionStep::DIRECT[..]
        }
        None => &ConnectionStep::DIRECT[..],
    };
    let failed = error.map(step);
    for step in steps {
        // A tunnel stands for the steps before it.
        match failed {
            Some(failed)
                if *step == failed
                    || (*step == ConnectionStep::Tunnel && failed < ConnectionStep::Tunnel) =>
            {
                report.fact(step.label(), "failed");
            }
            Some(failed) if *step > failed => report.fact(step.label(), "not reached"),
            _ => report.fact(step.label(), "ok"),
        }
    }
    report
}

/// The step at which it stopped.
fn step(error: &Error) -> ConnectionStep {
    if let Some(error) = TransportError::find_in(error) {
        return step_of_kind(error.kind());
    }
    let is_refused = error.status().is_some_and(|status| matches!(status.as_u16(), 401 | 403));
    if is_refused { ConnectionStep::Access } else { ConnectionStep::Response }
}

fn step_of_kind(kind: Kind) -> ConnectionStep {
    match kind {
        Kind::UnusableAddress | Kind::Dns => ConnectionStep::Lookup,
        // A silent peer can also be silent in the handshake; the error says that it was the time.
        Kind::Connect | Kind::ConnectTimeout => ConnectionStep::Tcp,
        Kind::UnusableProxy
        | Kind::Proxy
        | Kind::ProxyAuthentication
        | Kind::ProxyForbidden
        | Kind::ProxyCannotConnect => ConnectionStep::Tunnel,
        Kind::UntrustedServer
        | Kind::ServerNameMismatch
        | Kind::ServerCertificateExpired
        | Kind::ServerCertificateNotYetValid
        | Kind::InvalidServerCertificate
        | Kind::Tls => ConnectionStep::Tls,
        Kind::ServerWantsCertificate | Kind::CertificateRejected => ConnectionStep::Certificate,
        _ => ConnectionStep::Response,
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
            (Kind::CertificateRejected, "certificate"),
            (Kind::ConnectionLost, "response"),
        ] {
            assert_eq!(step_of_kind(kind).label(), step);
        }
    }

    #[test]
    fn a_proxy_is_named_and_its_tunnel_is_one_step() {
        let through = ProxyRoute::Proxied("proxy.contoso.example:3128".to_owned());
        assert_eq!(
            report("management.example.net", Some(&through), None).to_string(),
            "connection to management.example.net\n  proxy         proxy.contoso.example:3128\n  \
             tunnel        ok\n  TLS           ok\n  certificate   ok\n  response      ok\n  \
             access        ok"
        );
        let exempt = report("127.0.0.1:8443", Some(&ProxyRoute::Exempt), None).to_string();
        assert!(
            exempt.contains("proxy         not used: the endpoint is exempt\n  name lookup   ok")
        );
    }
}
