use azure_classic_credentials::{Certificate, KeyKind, OpenError};

use crate::fixtures::{ec_certificate, fixture, section};

#[test]
fn facts_of_a_certificate_match_openssl() {
    let ec = Certificate::parse(ec_certificate()).unwrap();
    assert_eq!(ec.subject(), Some("CN=contoso management"));
    assert_eq!(ec.key_kind(), KeyKind::Ec { bits: 256 });
    let rsa = Certificate::parse(section("rsa.pem", "CERTIFICATE")).unwrap();
    // openssl x509 -in rsa.pem -noout -subject -issuer -fingerprint -startdate
    assert_eq!(rsa.subject(), Some("CN=contoso authority"));
    assert_eq!(rsa.issuer(), rsa.subject());
    assert_eq!(rsa.thumbprint(), "6740A0B2DECFF6CC5ACD90B8C9F64BAC1B4671B6");
    assert_eq!(rsa.key_kind(), KeyKind::Rsa { bits: 2048 });
    let validity = rsa.valid_until().unwrap().duration_since(rsa.valid_from().unwrap()).unwrap();
    assert_eq!(validity.as_secs(), 36_500 * 24 * 60 * 60);
}

#[test]
fn the_bare_rsa_key_is_a_modulus_and_an_exponent() {
    let rsa = Certificate::parse(section("rsa.pem", "CERTIFICATE")).unwrap();
    let key = rsa.bare_public_key().unwrap();
    // SEQUENCE { INTEGER of 257 bytes, INTEGER 65537 }
    assert_eq!(key[..8], [0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01]);
    assert_eq!(key[key.len() - 5..], [0x02, 0x03, 0x01, 0x00, 0x01]);
    assert_eq!(key.len(), 270);
    assert!(rsa.public_key().ends_with(key));

    let ec = Certificate::parse(ec_certificate()).unwrap();
    let point = ec.bare_public_key().unwrap();
    assert_eq!((point.len(), point[0]), (65, 4));
}

#[test]
fn version_and_extended_key_usage_are_read() {
    let server = Certificate::parse(section("server-only.pem", "CERTIFICATE")).unwrap();
    assert!(!server.allows_client_auth());
    assert_eq!(server.version(), 3);
    for (ec, has_usage) in [(ec_certificate(), false), (server.der().to_vec(), true)] {
        let certificate = Certificate::parse(ec.clone()).unwrap();
        assert_eq!(certificate.allows_client_auth(), !has_usage);
        // Any usage, instead of server authentication.
        let server_usage = [0x06, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1];
        if let Some(at) = ec.windows(10).position(|window| window == server_usage) {
            let mut client = ec.clone();
            client[at + 9] = 2;
            assert!(Certificate::parse(client).unwrap().allows_client_auth());
        }
    }
    let version_1 = include_bytes!("../../../transport/tests/fixtures/rsa-v1.crt");
    let [version_1] = &Certificate::parse_all_pem(version_1).unwrap()[..] else { panic!("one") };
    assert_eq!((version_1.version(), version_1.allows_client_auth()), (1, true));
}

#[test]
fn truncated_certificates_are_rejected() {
    let der = ec_certificate();
    for end in 0..der.len() {
        let error = Certificate::parse(der[..end].to_vec()).unwrap_err();
        assert_eq!(error, OpenError::Malformed { what: "an X.509 certificate" });
    }
}

#[test]
fn every_certificate_of_a_pem_text_is_found() {
    let text = [fixture("ec.pem"), fixture("rsa.pem")].concat();
    let found = Certificate::parse_all_pem(&text).unwrap();
    let ders: Vec<&[u8]> = found.iter().map(Certificate::der).collect();
    assert_eq!(ders, [ec_certificate(), section("rsa.pem", "CERTIFICATE")]);
    assert_eq!(Certificate::parse_all_pem(b"no certificate"), Ok(Vec::new()));
    for damaged in [
        "-----BEGIN CERTIFICATE-----\nMII",
        "-----BEGIN CERTIFICATE-----!-----END CERTIFICATE-----",
    ] {
        let error = Certificate::parse_all_pem(damaged.as_bytes()).unwrap_err();
        assert!(matches!(error, OpenError::DamagedPem { .. }), "{error:?}");
    }
}
