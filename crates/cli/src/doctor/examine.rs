//! Examines files, without a network.

use std::time::SystemTime;

use azure_classic::credentials::{
    CredentialContents, FileKind, OpenError, PublishSettings, PublishedSubscription,
};
use azure_classic::{Cloud, CredentialError, Endpoint, HttpsTransport, Identity, SubscriptionId};

use super::describe;
use super::report::ExaminationReport;
use super::source::Source;

/// A report for each credential. Files that hold a part of one each, such as `.cer` and `.key`, share a
/// report; publish settings have one for each subscription.
pub(super) fn credentials(
    sources: &[Source],
    passphrase: Option<&str>,
    now: SystemTime,
) -> Vec<ExaminationReport> {
    let mut reports = Vec::new();
    let mut parts = Vec::new();
    for source in sources {
        match source.file.kind() {
            FileKind::PublishSettings => reports.extend(publish_settings(source, now)),
            FileKind::Pkcs12 => {
                reports.push(identity_report(&[OpenedSource::open(source, passphrase)], now));
            }
            _ => match OpenedSource::open(source, passphrase) {
                OpenedSource {
                    opened: Err(error @ CredentialError::CannotOpen(OpenError::WrongKind { .. })),
                    ..
                } => {
                    let mut report =
                        ExaminationReport::new(format!("{}: {}", source.name, source.kind()));
                    describe::problem(&mut report, &error);
                    reports.push(report);
                }
                part => parts.push(part),
            },
        }
    }
    if parts.iter().all(OpenedSource::is_pair) {
        reports.extend(parts.iter().map(|part| identity_report(std::slice::from_ref(part), now)));
    } else {
        reports.push(identity_report(&parts, now));
    }
    reports
}

struct OpenedSource<'s> {
    source: &'s Source,
    opened: Result<CredentialContents, CredentialError>,
}

impl<'s> OpenedSource<'s> {
    fn open(source: &'s Source, passphrase: Option<&str>) -> Self {
        Self { source, opened: source.file.open(passphrase).map_err(CredentialError::from) }
    }

    /// Whether it needs no other file.
    fn is_pair(&self) -> bool {
        self.opened.as_ref().is_ok_and(|it| Identity::from_contents(it).is_ok())
    }
}

/// A report on files that make one credential together.
fn identity_report(parts: &[OpenedSource<'_>], now: SystemTime) -> ExaminationReport {
    let names: Vec<&str> = parts.iter().map(|part| &*part.source.name).collect();
    let mut kinds: Vec<String> = parts.iter().map(|part| part.source.kind()).collect();
    kinds.dedup();
    let mut report = ExaminationReport::new(format!("{}: {}", names.join(", "), kinds.join(", ")));
    let mut certificates = Vec::new();
    let mut keys = Vec::new();
    for part in parts {
        match &part.opened {
            Ok(opened) => {
                certificates.extend(opened.certificates.iter().cloned());
                if !opened.private_keys.is_empty() || opened.key_error.is_some() {
                    keys.push((part.source, opened.clone()));
                }
            }
            Err(error) => describe::problem(&mut report, error),
        }
    }
    if report.problems() > 0 {
        // The content of a damaged file does not count as missing.
        describe::add_certificates(&mut report, &certificates, now);
        return report;
    }
    let mut identity = Err(CredentialError::NoPrivateKey);
    let sources: Vec<&Source> = keys.iter().map(|(source, _)| *source).collect();
    for (_, mut key) in keys {
        // Each file's key must belong: given as --key, it is the only one that counts.
        key.certificates.clone_from(&certificates);
        identity = Identity::from_contents(&key);
        if identity.is_err() {
            break;
        }
    }
    describe::add_identity(&mut report, &identity, &certificates, now);
    for source in sources {
        describe::add_file_mode(&mut report, source);
    }
    report
}

fn publish_settings(source: &Source, now: SystemTime) -> Vec<ExaminationReport> {
    let report = || ExaminationReport::new(format!("{}: {}", source.name, source.kind()));
    match PublishSettings::read(&source.bytes) {
        Err(error) => {
            let mut report = report();
            report.problem(error.to_string());
            vec![report]
        }
        Ok(settings) => {
            let count = settings.subscriptions.len();
            let examined = settings.subscriptions.iter().enumerate().map(|(at, subscription)| {
                let mut report = report();
                add_subscription(&mut report, subscription, now);
                if count > 1 {
                    let way = "name it with --subscription";
                    report.fact("note", format!("it is one of {count} in the file: {way}"));
                }
                if at == 0 {
                    describe::add_file_mode(&mut report, source);
                }
                report
            });
            examined.collect()
        }
    }
}

fn add_subscription(
    report: &mut ExaminationReport,
    subscription: &PublishedSubscription,
    now: SystemTime,
) {
    let [id, name, url] = [&subscription.id, &subscription.name, &subscription.management_url]
        .map(|text| describe::truncated(text));
    report.fact("subscription", format!("{id} {name}"));
    report.fact("endpoint", url);
    match subscription.id.parse::<SubscriptionId>() {
        Err(error) => report.problem(error.to_string()),
        Ok(id) => {
            if let Err(error) = Endpoint::new(&subscription.management_url, id) {
                report.problem(error.to_string());
            }
        }
    }
    if Cloud::Public
        .address()
        .trim_end_matches('/')
        .eq_ignore_ascii_case(&subscription.management_url)
    {
        report.warning("the public service was retired on 31 August 2024");
    }
    let mut opened = subscription.certificate();
    if opened.as_ref().is_err_and(|error| *error == OpenError::PasswordRequired)
        && let Ok(file) = subscription.certificate_unverified()
    {
        report.problem(
            "the certificate's checksum is wrong, although it opens: the file was changed after the \
             portal made it",
        );
        opened = Ok(file);
    }
    match opened {
        Ok(file) => {
            describe::add_identity(report, &Identity::from_opened(&file), &file.certificates, now);
        }
        Err(error) => describe::problem(report, &error.into()),
    }
}

/// A report on the authorities that a connection is to trust.
pub(super) fn roots(source: &Source, now: SystemTime) -> ExaminationReport {
    let mut report =
        ExaminationReport::new(format!("{}: root certificates, {}", source.name, source.kind()));
    if let Ok(contents) = source.file.open(None) {
        describe::add_certificates(&mut report, &contents.certificates, now);
    }
    let transport = HttpsTransport::builder().root_certificates_pem(&source.bytes).build();
    if let Err(error) = transport {
        describe::problem(&mut report, &error);
    }
    report
}

#[cfg(test)]
mod tests;
