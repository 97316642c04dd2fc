//! The management certificate, from whatever file it is in.

use std::env;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use azure_classic::credentials::{OpenError, PublishSettings, PublishedSubscription};
use azure_classic::{CredentialError, Identity, SubscriptionId};
use azure_classic_text::decode;

use crate::cli_error::CliError;
use crate::input;

/// Where the management certificate and its key are.
pub(crate) enum Credential {
    Files { certificate: PathBuf, key: Option<PathBuf> },
    PublishSettings { path: PathBuf, subscription: PublishedSubscription },
}

impl Credential {
    pub(crate) fn identity(&self, passphrase: Option<&str>) -> Result<Identity, CliError> {
        match self {
            Self::Files { certificate, key } => {
                let text = read_credential_file(certificate, "the certificate")?;
                let key_text = key
                    .as_deref()
                    .map(|path| read_credential_file(path, "the private key"))
                    .transpose()?;
                let opened = match key_text {
                    None => Identity::from_file(&text, passphrase),
                    Some(key_text) => Identity::from_files(&text, &key_text, passphrase),
                };
                opened.map_err(|error| {
                    let hint = credential_hint(&error, key.as_ref());
                    let context = format!("cannot use the certificate {}", certificate.display());
                    hint.into_iter().fold(CliError::usage(error).context(context), CliError::hint)
                })
            }
            Self::PublishSettings { path, subscription } => {
                let file = subscription.certificate().map_err(CredentialError::from);
                file.and_then(|file| Identity::from_opened(&file)).map_err(|error| {
                    // The certificate has no password, so there is no prompt.
                    CliError::usage(error)
                        .context(format!(
                            "cannot use the ManagementCertificate of the subscription {} in {}",
                            subscription.id,
                            path.display()
                        ))
                        .hint("download the publish settings again, or name another subscription")
                })
            }
        }
    }
}

fn credential_hint(error: &CredentialError, key: Option<&PathBuf>) -> Option<String> {
    match (error, key) {
        (
            CredentialError::EncryptedPrivateKey
            | CredentialError::CannotOpen(OpenError::PasswordRequired | OpenError::WrongPassword),
            _,
        ) => Some(PASSPHRASE_HINT.to_owned()),
        (_, Some(key)) => Some(format!("the private key is from {}", key.display())),
        (CredentialError::NoPrivateKey | CredentialError::KeyMismatch, None) => Some(
            "give a private key in another file with --key FILE (AZURE_CLASSIC_KEY)".to_owned(),
        ),
        _ => None,
    }
}

/// How passwords are given. Not as an argument, which every user of the machine can read.
pub(crate) const PASSPHRASE_HINT: &str =
    "the password is read from AZURE_CLASSIC_PASSPHRASE, or from stdin with --passphrase-stdin";

/// The password that was given, if one was.
pub(crate) fn passphrase(from_stdin: bool) -> Result<Option<String>, CliError> {
    if !from_stdin {
        return Ok(env::var("AZURE_CLASSIC_PASSPHRASE").ok());
    }
    read_password(io::stdin().lock())
        .map(Some)
        .map_err(|error| CliError::usage(error).context("cannot read the password".to_owned()))
}

/// In bytes.
const MAX_PASSWORD_BYTES: u64 = 64 << 10;

/// The first line of the input, without the byte order mark that PowerShell sends before it.
fn read_password(input: impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    input.take(MAX_PASSWORD_BYTES).read_until(b'\n', &mut line)?;
    if line.len() as u64 == MAX_PASSWORD_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it has 64 KiB or more"));
    }
    let text = decode(&line).map_err(io::Error::other)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The subscription of a `.publishsettings` file that is meant: the one named, or the only one.
pub(crate) fn read_publish_settings(
    path: &Path,
    subscription: Option<&SubscriptionId>,
) -> Result<PublishedSubscription, CliError> {
    let settings = PublishSettings::read(&read_credential_file(path, "the publish settings")?)
        .map_err(|error| {
            CliError::usage(error).context(format!("cannot use {}", path.display()))
        })?;
    let found = match (subscription, &settings.subscriptions[..]) {
        (Some(id), _) => settings.subscription(id.as_str()),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    found.cloned().ok_or_else(|| {
        let which = match subscription {
            Some(id) => format!("the subscription {id} is not in {}", path.display()),
            None => format!("{} has several subscriptions, and none is named", path.display()),
        };
        let ids: Vec<&str> = settings.subscriptions.iter().map(|found| &*found.id).collect();
        CliError::usage(which).hint(format!(
            "give --subscription GUID (AZURE_CLASSIC_SUBSCRIPTION), one of: {}",
            ids.join(", ")
        ))
    })
}

pub(crate) fn read_credential_file(path: &Path, what: &str) -> Result<Vec<u8>, CliError> {
    input::read_bytes(path, input::MAX_CREDENTIAL_BYTES, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_first_line_without_a_mark() {
        for (input, expected) in [
            (&b"secret\nmore"[..], "secret"),
            (b"secret\r\n", "secret"),
            (b"\xef\xbb\xbfsecret", "secret"),
            (b" se cret ", " se cret "),
            (b"", ""),
        ] {
            assert_eq!(read_password(input).unwrap(), expected);
        }
        let error = read_password(&b"gr\xf6\xdfe\n"[..]).unwrap_err();
        assert!(error.to_string().starts_with("not UTF-8"), "{error}");
        let endless = io::BufReader::new(io::repeat(b'a'));
        assert_eq!(read_password(endless).unwrap_err().to_string(), "it has 64 KiB or more");
    }
}
