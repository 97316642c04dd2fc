//! Describes certificates and keys.

use std::error::Error as StdError;
use std::time::SystemTime;

use azure_classic::credentials::{Certificate, KeyKind, OpenError};
use azure_classic::{CredentialError, Identity};

use super::report::ExaminationReport;
use super::source::Source;
use crate::connection::shell_quoted;
use crate::credential::PASSPHRASE_HINT;

/// Describes the pair of certificate and key; without a pair, the certificates.
pub(super) fn add_identity(
    report: &mut ExaminationReport,
    identity: &Result<Identity, CredentialError>,
    certificates: &[Vec<u8>],
    now: SystemTime,
) {
    match identity {
        Ok(identity) => {
            certificate(report, identity.certificate(), now);
            if !identity.certificate().allows_client_auth() {
                report.warning(
                    "its extended key usage leaves out client authentication: endpoints may refuse it",
                );
            }
            report.fact("private key", "belongs to the certificate");
            if certificates.len() > 1 {
                report.fact("chain", format!("{} more", certificates.len() - 1));
            }
        }
        Err(error) => {
            add_certificates(report, certificates, now);
            problem(report, error);
        }
    }
}

/// Says what is wrong, with all causes, and how passwords are given if one may be missing.
pub(super) fn problem(report: &mut ExaminationReport, error: &CredentialError) {
    let mut text = error.to_string();
    // Of a key, the TLS library says no more than that it did not take it.
    let is_of_key = matches!(error, CredentialError::UnusablePrivateKey(_));
    let mut cause = if is_of_key { None } else { error.source() };
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    report.problem(text);
    if matches!(
        error,
        CredentialError::EncryptedPrivateKey
            | CredentialError::CannotOpen(OpenError::PasswordRequired | OpenError::WrongPassword)
    ) {
        report.fact("hint", PASSPHRASE_HINT);
    }
}

/// The file holds a private key.
pub(super) fn add_file_mode(report: &mut ExaminationReport, source: &Source) {
    if let Some(mode) = source.readable_mode {
        let name = shell_quoted(&source.name);
        let what = if mode & 0o022 == 0 { "read" } else { "read or change" };
        report.warning(format!("others can {what} it (mode {mode:04o}): chmod 600 {name}"));
    }
    if let Some((directory, mode)) = &source.open_directory {
        let name = shell_quoted(&directory.to_string_lossy());
        report.warning(format!(
            "others can replace it, because they can write its directory (mode {mode:04o}): chmod go-w {name}"
        ));
    }
}

pub(super) fn add_certificates(
    report: &mut ExaminationReport,
    certificates: &[Vec<u8>],
    now: SystemTime,
) {
    for der in certificates.iter().take(MAX_CERTIFICATES) {
        match Certificate::parse(der.clone()) {
            Ok(it) => certificate(report, &it, now),
            Err(error) => report.problem(error.to_string()),
        }
    }
    if certificates.len() > MAX_CERTIFICATES {
        report.fact("certificates", format!("{} more", certificates.len() - MAX_CERTIFICATES));
    }
}

/// Of many certificates without a key.
const MAX_CERTIFICATES: usize = 20;
/// In characters.
const MAX_NAME_CHARS: usize = 200;

/// A name that a file gives itself.
pub(super) fn truncated(name: &str) -> String {
    match name.char_indices().nth(MAX_NAME_CHARS) {
        None => name.to_owned(),
        Some((end, _)) => format!("{}…", &name[..end]),
    }
}

fn certificate(report: &mut ExaminationReport, certificate: &Certificate, now: SystemTime) {
    let name = |name: Option<&str>| match name {
        None => "a name that cannot be read".to_owned(),
        Some(name) => truncated(name),
    };
    report.fact("certificate", name(certificate.subject()));
    if certificate.issuer() == certificate.subject() {
        report.fact("signed by", "itself");
    } else {
        report.fact("signed by", name(certificate.issuer()));
    }
    report.fact("thumbprint", certificate.thumbprint());
    report.fact(
        "key",
        match certificate.key_kind() {
            KeyKind::Rsa { bits } => format!("RSA, {bits} bits"),
            KeyKind::Ec { bits } => format!("ECDSA, {bits} bits"),
            KeyKind::Ed25519 => "Ed25519".to_owned(),
            _ => "of a kind that is not known".to_owned(),
        },
    );
    if certificate.version() != 3 {
        report.fact("version", format!("{} of X.509, which old tools made", certificate.version()));
    }
    validity(report, certificate, now);
}

fn validity(report: &mut ExaminationReport, certificate: &Certificate, now: SystemTime) {
    let (Some(from), Some(until)) = (certificate.valid_from(), certificate.valid_until()) else {
        report.warning("its dates cannot be read: endpoints may refuse it");
        return;
    };
    let date = |time: SystemTime| humantime::format_rfc3339_seconds(time).to_string();
    // The library can write dates of 1970 and later only.
    let from_text = if from < SystemTime::UNIX_EPOCH { "before 1970".into() } else { date(from) };
    if until < SystemTime::UNIX_EPOCH {
        report.fact("valid", "until before 1970");
    } else {
        report.fact("valid", format!("{from_text} to {}", date(until)));
    }
    if now > until {
        report.warning("it has expired: endpoints may refuse it");
    } else if now < from {
        report.warning("it is not valid yet: endpoints may refuse it");
    }
}
