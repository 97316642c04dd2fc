use super::*;

fn settings(with_identity: bool) -> HttpsTransportBuilder {
    let builder = HttpsTransportBuilder::new();
    if !with_identity {
        return builder;
    }
    builder.identity(Identity::from_pem(include_bytes!("../../tests/fixtures/rsa.pem")).unwrap())
}

fn kind_of(alert: Alert, with_identity: bool) -> Kind {
    let settings = settings(with_identity);
    let conversation = ErrorContext {
        with: "contoso:443".to_owned(),
        settings: &settings,
        requests: None,
        proxy: None,
    };
    conversation.tls(&rustls::Error::AlertReceived(alert), true).0
}

#[test]
fn certificate_alerts_name_the_rejected_or_missing_certificate() {
    for alert in [
        Alert::NoCertificate,
        Alert::BadCertificate,
        Alert::UnsupportedCertificate,
        Alert::CertificateRevoked,
        Alert::CertificateExpired,
        Alert::CertificateUnknown,
        Alert::UnknownCA,
        Alert::AccessDenied,
    ] {
        assert_eq!(kind_of(alert, true), Kind::CertificateRejected, "{alert:?}");
        assert_eq!(kind_of(alert, false), Kind::ServerWantsCertificate, "{alert:?}");
    }
    assert_eq!(kind_of(Alert::CertificateRequired, true), Kind::ServerWantsCertificate);
    assert_eq!(kind_of(Alert::CertificateRequired, false), Kind::ServerWantsCertificate);
}

#[test]
fn other_alerts_do_not_mention_a_certificate() {
    for alert in [Alert::ProtocolVersion, Alert::HandshakeFailure, Alert::InternalError] {
        assert_eq!(kind_of(alert, true), Kind::Tls, "{alert:?}");
        assert_eq!(kind_of(alert, false), Kind::Tls, "{alert:?}");
    }
}

#[test]
fn each_flaw_of_a_server_certificate_has_its_kind_and_hint() {
    let settings = settings(false);
    let conversation = ErrorContext {
        with: "contoso:443".to_owned(),
        settings: &settings,
        requests: None,
        proxy: None,
    };
    for (why, kind, way_out) in [
        (
            CertificateError::UnknownIssuer,
            Kind::UntrustedServer,
            "give the root certificate of that",
        ),
        (
            CertificateError::BadSignature,
            Kind::UntrustedServer,
            "give the current root certificate",
        ),
        (CertificateError::NotValidForName, Kind::ServerNameMismatch, "use that name"),
        (CertificateError::Expired, Kind::ServerCertificateExpired, "renew it on the server"),
        (
            CertificateError::NotValidYet,
            Kind::ServerCertificateNotYetValid,
            "check the clock of this machine",
        ),
        (CertificateError::Revoked, Kind::InvalidServerCertificate, "replace it on the server"),
        (CertificateError::BadEncoding, Kind::InvalidServerCertificate, "replace it on the server"),
    ] {
        let (found, message) = conversation.tls(&rustls::Error::InvalidCertificate(why), true);
        assert_eq!(found, kind, "{message}");
        assert!(message.contains(way_out), "{message}");
    }
}

#[test]
fn a_second_handshake_is_attributed_to_the_certificate_where_possible() {
    let settings = settings(true);
    let requests = CertificateRequests::default();
    let not_requested = ErrorContext {
        with: "contoso:443".to_owned(),
        settings: &settings,
        requests: Some(&requests),
        proxy: None,
    };
    let unknown = ErrorContext {
        with: "contoso:443".to_owned(),
        settings: &settings,
        requests: None,
        proxy: None,
    };
    let post_handshake = rustls::Error::InappropriateHandshakeMessage {
        expect_types: Vec::new(),
        got_type: HandshakeType::CertificateRequest,
    };
    for error in [
        rustls::Error::AlertReceived(Alert::HandshakeFailure),
        rustls::Error::AlertReceived(Alert::NoRenegotiation),
        PeerMisbehaved::TooManyRenegotiationRequests.into(),
        post_handshake,
    ] {
        let (kind, message) = not_requested.tls(&error, false);
        assert_eq!(kind, Kind::CertificateNotRequested, "{error}");
        assert!(message.contains("rustls does not renegotiate"), "{message}");
        assert_eq!(not_requested.tls(&error, true).0, Kind::Tls, "{error}");
        assert_eq!(unknown.tls(&error, false).0, Kind::Tls, "{error}");
    }
    let other = rustls::Error::AlertReceived(Alert::InternalError);
    assert_eq!(not_requested.tls(&other, false).0, Kind::Tls);
}

#[test]
fn errors_are_found_inside_io_errors() {
    let alert = rustls::Error::AlertReceived(Alert::UnknownCA);
    let nested = io::Error::other(io::Error::other(alert.clone()));
    assert_eq!(find::<rustls::Error>(&nested), Some(&alert));
    assert!(find::<LengthLimitError>(&nested).is_none());
}
