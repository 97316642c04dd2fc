//! What files contain, without any network.

use std::path::PathBuf;
use std::time::SystemTime;

use azure_classic::credentials::{
    Certificate, KeyKind, OpenError, Pkcs12, PublishSettings, PublishedSubscription,
};
use azure_classic::{Cloud, CredentialError, Identity};

use super::report::Report;
use crate::credential::{Kind, PASSPHRASE_HINT};

/// A report for each credential: one for all PEM files, one for each subscription of publish settings.
pub(super) fn all(
    files: &[(PathBuf, Vec<u8>)],
    passphrase: Option<&str>,
    now: SystemTime,
) -> Vec<Report> {
    let mut reports = Vec::new();
    let (mut pem, mut pem_names) = (Vec::new(), Vec::new());
    for (path, file) in files {
        let name = path.display().to_string();
        match Kind::of(file) {
            Kind::Pem => {
                pem.extend_from_slice(file);
                pem.push(b'\n');
                pem_names.push(name);
            }
            Kind::Der => reports.push(der(&name, file, passphrase.unwrap_or_default(), now)),
            Kind::PublishSettings => match PublishSettings::read(file) {
                Ok(settings) => {
                    let all = settings.subscriptions.iter();
                    reports.extend(all.map(|subscription| published(&name, subscription, now)));
                }
                Err(error) => {
                    let mut report = Report::new(format!("{name}: publish settings"));
                    report.problem(error.to_string());
                    reports.push(report);
                }
            },
        }
    }
    if !pem_names.is_empty() {
        let mut report = Report::new(format!("{}: PEM", pem_names.join(", ")));
        let identity = match passphrase {
            Some(passphrase) => Identity::from_encrypted_pem(&pem, &pem, passphrase),
            None => Identity::from_pem(&pem),
        };
        let certificates = Certificate::all_in_pem(&pem).unwrap_or_default();
        describe(&mut report, &identity, &certificates, now);
        reports.push(report);
    }
    reports
}

fn der(name: &str, file: &[u8], password: &str, now: SystemTime) -> Report {
    if let Ok(certificate) = Certificate::parse(file.to_vec()) {
        let mut report = Report::new(format!("{name}: a certificate alone"));
        describe_certificate(&mut report, &certificate, now);
        report.problem("there is no private key: this is the half that the service is given");
        return report;
    }
    let mut report = Report::new(format!("{name}: PKCS#12"));
    pkcs12(&mut report, Pkcs12::open(file, password), now);
    report
}

fn published(name: &str, subscription: &PublishedSubscription, now: SystemTime) -> Report {
    let mut report = Report::new(format!("{name}: publish settings"));
    report.fact("subscription", format!("{} {}", subscription.id, subscription.name));
    report.fact("endpoint", &*subscription.management_url);
    if Cloud::Public
        .address()
        .trim_end_matches('/')
        .eq_ignore_ascii_case(&subscription.management_url)
    {
        report.warning("the public service was retired on 31 August 2024");
    }
    match (subscription.certificate(), subscription.certificate_unverified()) {
        (Err(OpenError::PasswordNeeded), Ok(file)) => {
            report.problem(
                "the certificate's checksum is wrong, although it opens: the file was changed after \
                 the portal made it",
            );
            pkcs12(&mut report, Ok(file), now);
        }
        (file, _) => pkcs12(&mut report, file, now),
    }
    report
}

fn pkcs12(report: &mut Report, file: Result<Pkcs12, OpenError>, now: SystemTime) {
    let file = match file {
        Ok(file) => file,
        Err(error) => {
            report.problem(error.to_string());
            if matches!(error, OpenError::PasswordNeeded | OpenError::WrongPassword) {
                report.fact("hint", PASSPHRASE_HINT);
            }
            return;
        }
    };
    let certificates: Vec<Certificate> =
        file.certificates.iter().filter_map(|der| Certificate::parse(der.clone()).ok()).collect();
    describe(report, &Identity::from_opened(&file), &certificates, now);
}

/// What the pair of certificate and key is; where there is none, what the certificates are.
fn describe(
    report: &mut Report,
    identity: &Result<Identity, CredentialError>,
    certificates: &[Certificate],
    now: SystemTime,
) {
    match identity {
        Ok(identity) => {
            describe_certificate(report, identity.certificate(), now);
            report.fact("private key", "belongs to the certificate");
            if certificates.len() > 1 {
                report.fact("chain", format!("{} more", certificates.len() - 1));
            }
        }
        Err(error) => {
            for certificate in certificates {
                describe_certificate(report, certificate, now);
            }
            report.problem(error.to_string());
            if matches!(
                error,
                CredentialError::EncryptedPrivateKey
                    | CredentialError::Unopened(
                        OpenError::PasswordNeeded | OpenError::WrongPassword
                    )
            ) {
                report.fact("hint", PASSPHRASE_HINT);
            }
        }
    }
}

fn describe_certificate(report: &mut Report, certificate: &Certificate, now: SystemTime) {
    let name = |name: Option<&str>| name.unwrap_or("a name that cannot be read").to_owned();
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
    let date = |time: SystemTime| humantime::format_rfc3339_seconds(time).to_string();
    if let (Some(from), Some(until)) = (certificate.valid_from(), certificate.valid_until()) {
        // The library can write dates of 1970 and later only.
        let from_text =
            if from < SystemTime::UNIX_EPOCH { "before 1970".into() } else { date(from) };
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
}

#[cfg(test)]
mod tests;
