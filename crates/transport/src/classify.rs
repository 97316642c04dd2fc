//! Classifies a failure: whether the request may have been sent, which side caused it, and the message.

use std::error::Error as StdError;
use std::io;

use azure_classic_protocol::SendError;
use http::StatusCode;
use http_body_util::LengthLimitError;
use hyper_util::client::legacy;
use rustls::{AlertDescription as Alert, CertificateError, HandshakeType, PeerMisbehaved};

use crate::certificate_request::CertificateRequests;
use crate::connector::{ConnectTimedOut, LookupFailed, ProxyFailed};
use crate::https::{MAX_HEAD_BYTES, MAX_HEADERS};
use crate::tunnel::TunnelError;
use crate::{
    HttpsTransportBuilder, Identity, InvalidProxy, TransportError, TransportErrorKind as Kind,
};

/// The facts about one request that error messages need.
pub(crate) struct ErrorContext<'a> {
    /// Host and port.
    pub(crate) with: String,
    pub(crate) settings: &'a HttpsTransportBuilder,
    /// The record of requests for our certificate; `None` without a certificate or without TLS.
    pub(crate) requests: Option<&'a CertificateRequests>,
    /// Host and port of the proxy, if there is one; empty if its address is unusable.
    pub(crate) proxy: Option<String>,
}

type Classified = (Kind, String);

impl ErrorContext<'_> {
    /// Classifies a failure before the head of a response was complete.
    pub(crate) fn without_head(&self, error: legacy::Error, had_connection: bool) -> SendError {
        let may_be_written = had_connection && may_be_written(&error);
        let (kind, message) = self.classify(&error);
        let error = TransportError::new(kind, message).because(error);
        match kind {
            Kind::CertificateNotRequested if may_be_written => {
                SendError::ambiguous(error).into_permanent()
            }
            _ if may_be_written => SendError::ambiguous(error),
            Kind::UntrustedServer
            | Kind::ServerNameMismatch
            | Kind::ServerCertificateExpired
            | Kind::ServerCertificateNotYetValid
            | Kind::InvalidServerCertificate
            | Kind::ServerWantsCertificate
            | Kind::CertificateRejected
            | Kind::UnusableProxy
            | Kind::ProxyAuthentication
            | Kind::ProxyForbidden => SendError::permanent(error),
            _ => SendError::not_sent(error),
        }
    }

    /// Classifies a failure after the head of a response, while its body was read.
    pub(crate) fn without_body(&self, error: Box<dyn StdError + Send + Sync>) -> SendError {
        let (kind, message) = if error.is::<LengthLimitError>() {
            let limit = self.settings.max_response_bytes;
            let message = format!(
                "the response of {} is longer than {limit} bytes; raise max_response_bytes to accept it",
                self.with
            );
            (Kind::ResponseTooLarge, message)
        } else if let Some(http) = find::<hyper::Error>(&*error) {
            self.http(http)
        } else {
            self.connection_lost()
        };
        let lost = SendError::ambiguous(TransportError::new(kind, message).because(error));
        if kind == Kind::ResponseTooLarge { lost.into_permanent() } else { lost }
    }

    /// The likely cause of a response that rejects the credential, if it is known.
    pub(crate) fn cause_of(&self, status: StatusCode) -> Option<TransportError> {
        let is_rejection = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        (is_rejection && self.is_certificate_not_requested()).then(|| {
            let message = format!(
                "{} did not request the client certificate in the TLS handshake, so it has not seen it; \
                 either it takes no certificates, or it requests them by renegotiation, which rustls \
                 does not support (then use a transport on another TLS library)",
                self.with
            );
            TransportError::new(Kind::CertificateNotRequested, message)
        })
    }

    fn is_certificate_not_requested(&self) -> bool {
        self.requests.is_some_and(|requests| !requests.came_from(&self.with))
    }

    pub(crate) fn timed_out(&self, had_connection: bool) -> SendError {
        let limit = self.settings.request_timeout;
        let message = format!("no complete response from {} within {limit:?}", self.with);
        let error = TransportError::new(Kind::RequestTimeout, message);
        if had_connection { SendError::ambiguous(error) } else { SendError::not_sent(error) }
    }

    fn classify(&self, error: &legacy::Error) -> Classified {
        let with = &self.with;
        if let Some(proxy) = find::<ProxyFailed>(error) {
            self.proxy(proxy)
        } else if let Some(tls) = find::<rustls::Error>(error) {
            let (kind, message) = self.tls(tls, error.is_connect());
            (kind, message + &self.via_proxy())
        } else if find::<ConnectTimedOut>(error).is_some() {
            let limit = self.settings.connect_timeout;
            let by_way_of = self.via_proxy();
            (Kind::ConnectTimeout, format!("no connection to {with} within {limit:?}{by_way_of}"))
        } else if find::<LookupFailed>(error).is_some() {
            let message = format!(
                "name lookup for {with} found no address; check the spelling of the name, and the network"
            );
            (Kind::Dns, message)
        } else if error.is_connect() {
            let message = match &self.proxy {
                None => format!("cannot connect to {with}; check address, port and network"),
                Some(proxy) => {
                    format!(
                        "the tunnel through the proxy {proxy} to {with} ended before TLS was complete"
                    )
                }
            };
            (Kind::Connect, message)
        } else if let Some(http) = find::<hyper::Error>(error) {
            self.http(http)
        } else {
            self.connection_lost()
        }
    }

    /// Classifies a failure to open the proxy's tunnel.
    fn proxy(&self, error: &ProxyFailed) -> Classified {
        let Self { with, settings, .. } = self;
        let proxy = self.proxy.as_deref().unwrap_or_default();
        if let Some(invalid) = find::<InvalidProxy>(error) {
            return (Kind::UnusableProxy, invalid.to_string());
        }
        if find::<ConnectTimedOut>(error).is_some() {
            let limit = settings.connect_timeout;
            let message = format!(
                "no tunnel through the proxy {proxy} to {with} within {limit:?}; check the proxy"
            );
            return (Kind::ConnectTimeout, message);
        }
        match find::<TunnelError>(error) {
            Some(TunnelError::Rejected(StatusCode::PROXY_AUTHENTICATION_REQUIRED)) => {
                let message = format!(
                    "the proxy {proxy} requires credentials (407), or rejects those given; put them in its address, \
                     percent-encoded, as http://USER:PASSWORD@{proxy} (only Basic is supported)"
                );
                (Kind::ProxyAuthentication, message)
            }
            Some(TunnelError::Rejected(status)) if status.is_client_error() => {
                let message = format!(
                    "the proxy {proxy} does not allow a tunnel to {with} ({status}); have the proxy allow it, \
                     or exempt the host from the proxy"
                );
                (Kind::ProxyForbidden, message)
            }
            Some(TunnelError::Rejected(status)) => {
                let message = format!(
                    "the proxy {proxy} cannot reach {with} ({status}); check the server's address, and that the \
                     proxy can resolve and reach it"
                );
                (Kind::ProxyCannotConnect, message)
            }
            Some(TunnelError::Malformed(why)) => {
                let message = format!(
                    "invalid response from the proxy {proxy}: {why}; check that it is an HTTP proxy"
                );
                (Kind::Proxy, message)
            }
            Some(TunnelError::Closed | TunnelError::Io(_)) => {
                let message = format!("the proxy {proxy} closed the connection without a response");
                (Kind::Proxy, message)
            }
            None if find::<LookupFailed>(error).is_some() => {
                let message = format!(
                    "name lookup for the proxy {proxy} found no address; check the spelling of the name"
                );
                (Kind::Proxy, message)
            }
            None => {
                let message =
                    format!("cannot connect to the proxy {proxy}; check its address and port");
                (Kind::Proxy, message)
            }
        }
    }

    /// The route to the server, for errors of a server behind a proxy.
    fn via_proxy(&self) -> String {
        self.proxy.as_ref().map(|proxy| format!(" (through the proxy {proxy})")).unwrap_or_default()
    }

    fn tls(&self, error: &rustls::Error, in_handshake: bool) -> Classified {
        let Self { with, settings, .. } = self;
        match error {
            rustls::Error::InvalidCertificate(why) => self.distrust(why),
            rustls::Error::AlertReceived(alert) if is_about_certificate(*alert) => {
                match &settings.identity {
                    None => (Kind::ServerWantsCertificate, self.no_certificate()),
                    Some(identity) if *alert == Alert::CertificateRequired => {
                        (Kind::ServerWantsCertificate, self.unsuitable(identity))
                    }
                    Some(identity) => (Kind::CertificateRejected, self.rejection(identity, *alert)),
                }
            }
            rustls::Error::AlertReceived(Alert::HandshakeFailure)
                if settings.identity.is_none() =>
            {
                let message = format!(
                    "{with} aborted the TLS handshake; some servers do so if they require a client certificate \
                     and none is given"
                );
                (Kind::Tls, message)
            }
            error if !in_handshake && self.is_second_handshake(error) => {
                let message = format!(
                    "{with} did not request the client certificate in the TLS handshake and starts a second handshake, \
                     most likely to request it; rustls does not renegotiate: use a transport on another TLS \
                     library, such as the one in crates/transport/examples/native-tls"
                );
                (Kind::CertificateNotRequested, message)
            }
            rustls::Error::AlertReceived(_) => (Kind::Tls, format!("{with} aborted TLS")),
            _ => (Kind::Tls, format!("TLS with {with} failed on this side")),
        }
    }

    /// Whether the server started a second handshake that may be a request for our certificate.
    fn is_second_handshake(&self, error: &rustls::Error) -> bool {
        let wants = match error {
            // rustls declines the first attempt with a warning. OpenSSL then aborts with the former alert.
            rustls::Error::AlertReceived(Alert::HandshakeFailure | Alert::NoRenegotiation)
            | rustls::Error::PeerMisbehaved(PeerMisbehaved::TooManyRenegotiationRequests) => true,
            // Post-handshake authentication of TLS 1.3, which no client of rustls offers.
            rustls::Error::InappropriateHandshakeMessage { got_type, .. } => {
                matches!(got_type, HandshakeType::CertificateRequest | HandshakeType::HelloRequest)
            }
            _ => false,
        };
        wants && self.is_certificate_not_requested()
    }

    fn distrust(&self, why: &CertificateError) -> Classified {
        let (kind, why) = match why {
            CertificateError::UnknownIssuer => (
                Kind::UntrustedServer,
                "is signed by an authority that is not trusted here; give the root certificate of that \
                 authority if it is the right one",
            ),
            CertificateError::BadSignature => (
                Kind::UntrustedServer,
                "is signed by an authority with the name of a trusted one, but with another key; give the \
                 current root certificate",
            ),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                (Kind::ServerNameMismatch, "is valid for another name; use that name")
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
                Kind::ServerCertificateExpired,
                "has expired; renew it on the server, unless the clock of this machine is ahead",
            ),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
                Kind::ServerCertificateNotYetValid,
                "is not valid yet; check the clock of this machine",
            ),
            _ => (Kind::InvalidServerCertificate, "cannot be used; replace it on the server"),
        };
        (kind, format!("the certificate of {} {why}", self.with))
    }

    fn no_certificate(&self) -> String {
        format!(
            "{} requires a client certificate, and none is given; give the management certificate with its private key",
            self.with
        )
    }

    fn unsuitable(&self, identity: &Identity) -> String {
        format!(
            "{} requires a client certificate, and does not accept the key type of the one given (thumbprint {})",
            self.with,
            identity.thumbprint()
        )
    }

    fn rejection(&self, identity: &Identity, alert: Alert) -> String {
        let why = match alert {
            Alert::CertificateExpired => ", because it has expired",
            Alert::CertificateRevoked => ", because it is revoked",
            Alert::UnknownCA => ", because it does not trust its issuer",
            _ => "",
        };
        format!(
            "{} rejected the client certificate (thumbprint {}){why}; register it there, or use another",
            self.with,
            identity.thumbprint()
        )
    }

    fn http(&self, error: &hyper::Error) -> Classified {
        let with = &self.with;
        // hyper distinguishes a head that is too long from one that is not HTTP only in its error message.
        if error.is_parse() {
            let message = format!(
                "{with} sent a response that is not HTTP/1.1, or whose head is longer than {} KiB or has more than {MAX_HEADERS} fields",
                MAX_HEAD_BYTES >> 10
            );
            (Kind::MalformedResponse, message)
        } else {
            self.connection_lost()
        }
    }

    fn connection_lost(&self) -> Classified {
        let with = &self.with;
        let mut message =
            format!("the connection to {with} ended before the response was complete");
        if self.is_certificate_not_requested() {
            message.push_str(
                "; it has not requested the client certificate, and a server that requests it by renegotiation only \
                 ends the connection here, because rustls does not renegotiate: use a transport on another \
                 TLS library, such as the one in crates/transport/examples/native-tls",
            );
        }
        (Kind::ConnectionLost, message)
    }
}

/// Whether a part of the request may have been sent, if there was a connection.
fn may_be_written(error: &legacy::Error) -> bool {
    // "Canceled": hyper returned the request unwritten, because the connection closed first.
    let is_given_back = find::<hyper::Error>(error).is_some_and(hyper::Error::is_canceled);
    // Under TLS 1.3 the client may send data right after its certificate, so the server's rejection of that
    // certificate arrives while the request is in flight. It still rejects the handshake, and a server
    // processes no request before the handshake is complete. The alert cannot concern a later handshake:
    // rustls supports neither renegotiation nor post-handshake authentication.
    let is_rejected_handshake = match find(error) {
        Some(rustls::Error::AlertReceived(alert)) => is_about_certificate(*alert),
        _ => false,
    };
    !error.is_connect() && !is_given_back && !is_rejected_handshake
}

fn is_about_certificate(alert: Alert) -> bool {
    matches!(
        alert,
        Alert::CertificateRequired
            | Alert::NoCertificate
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
    )
}

/// Finds an error of a given type among an error and its sources.
pub(crate) fn find<'a, T: StdError + 'static>(
    error: &'a (dyn StdError + 'static),
) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // `io::Error::source` skips the error that it wraps.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests;
