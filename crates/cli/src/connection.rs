//! Which endpoint to talk to, as whom: from flags, the environment, or an emulator's directory.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use azure_classic::credentials::FileKind;
use azure_classic::protocol::InvalidSubscriptionId;
use azure_classic::{
    ApiVersion, BearerTransport, Client, Cloud, Endpoint, HttpsTransport, HttpsTransportBuilder,
    SubscriptionId, Token,
};
use azure_classic_text::read_text_file;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args};
use serde::Deserialize;

use crate::cli_error::CliError;
use crate::credential::{Credential, passphrase, read_publish_settings};
use crate::proxy::{self, ProxyRoute};
use crate::{input, token};

/// The options of this group may come before or after the command.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = crate::arguments::CONNECTION)]
pub(crate) struct ConnectionArgs {
    /// Address of an endpoint for the API
    #[arg(long, global = true, value_name = "URL", env = "AZURE_CLASSIC_ENDPOINT")]
    endpoint: Option<String>,
    /// Name of a cloud, for its address: public, china, us-government, germany
    #[arg(long, global = true, value_name = "NAME", env = "AZURE_CLASSIC_CLOUD")]
    cloud: Option<Cloud>,
    /// Subscription id
    #[arg(long, global = true, value_name = "GUID", env = "AZURE_CLASSIC_SUBSCRIPTION")]
    pub(crate) subscription: Option<SubscriptionId>,
    /// Management certificate: PKCS#12 (.pfx), or PEM with or without its private key
    #[arg(long, global = true, value_name = "FILE", env = "AZURE_CLASSIC_CERTIFICATE")]
    certificate: Option<PathBuf>,
    /// Private key, if the certificate file has none
    #[arg(long, global = true, value_name = "FILE", env = "AZURE_CLASSIC_KEY")]
    key: Option<PathBuf>,
    #[arg(
        long,
        global = true,
        value_name = "VARIABLE",
        help = "Variable with a bearer token, instead of a certificate [default: AZURE_CLASSIC_TOKEN]"
    )]
    token_env: Option<String>,
    /// File from a portal, with the endpoint, the subscription and the certificate
    #[arg(long, global = true, value_name = "FILE", env = "AZURE_CLASSIC_PUBLISH_SETTINGS")]
    publish_settings: Option<PathBuf>,
    /// Read the password of the certificate from the first line of stdin
    #[arg(long, global = true)]
    pub(crate) passphrase_stdin: bool,
    /// Root certificate to trust instead of the system's
    #[arg(long, global = true, value_name = "FILE", env = "AZURE_CLASSIC_CA")]
    pub(crate) ca: Option<PathBuf>,
    /// Directory of a running emulator, instead of all of the above
    #[arg(long, global = true, value_name = "DIR", env = "AZURE_CLASSIC_EMULATOR")]
    emulator: Option<PathBuf>,
    /// x-ms-version to send [default: 2015-04-01]
    #[arg(long, global = true, value_name = "DATE", env = "AZURE_CLASSIC_API_VERSION")]
    api_version: Option<ApiVersion>,
    /// The flags of this group that were on the command line, to be typed again.
    #[arg(skip)]
    repro_flags: String,
}

/// The options that `--emulator` replaces.
const CONNECTION_SETTINGS: [&str; 8] = [
    "endpoint",
    "cloud",
    "subscription",
    "certificate",
    "key",
    "token_env",
    "publish_settings",
    "ca",
];

/// One or the other.
const ALTERNATIVES: [(&str, &str); 6] = [
    ("cloud", "endpoint"),
    ("token_env", "certificate"),
    ("token_env", "key"),
    ("token_env", "publish_settings"),
    ("certificate", "publish_settings"),
    ("key", "publish_settings"),
];

impl ConnectionArgs {
    /// Decides between an emulator's directory and the pieces that it stands for.
    ///
    /// The command line takes precedence: a directory there overrides the variables of the single options,
    /// and a single option there overrides the variable of the directory. Both on the command line are a
    /// contradiction; among the variables, the directory takes precedence.
    pub(crate) fn resolve_precedence(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        let is_flag = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
        let conflict = |message: String| {
            Err(clap::Error::raw(clap::error::ErrorKind::ArgumentConflict, message))
        };
        let part = CONNECTION_SETTINGS.into_iter().find(|part| is_flag(part));
        match (is_flag("emulator"), part) {
            (true, Some(part)) => {
                let part = part.replace('_', "-");
                return conflict(format!(
                    "--{part} cannot be used with --emulator, which stands for it"
                ));
            }
            (false, Some(_)) => self.emulator = None,
            (_, None) if self.emulator.is_some() => {
                *self = Self {
                    emulator: self.emulator.take(),
                    api_version: self.api_version,
                    passphrase_stdin: self.passphrase_stdin,
                    ..Self::default()
                };
            }
            (_, None) => {}
        }
        for (one, other) in ALTERNATIVES {
            if is_flag(one) && is_flag(other) {
                let (one, other) = (one.replace('_', "-"), other.replace('_', "-"));
                return conflict(format!("--{one} cannot be used with --{other}"));
            }
        }
        // Of the variables, the address wins: it says more.
        if is_flag("cloud") {
            self.endpoint = None;
        } else if self.endpoint.is_some() {
            self.cloud = None;
        }
        if is_flag("token_env") {
            (self.certificate, self.key, self.publish_settings) = (None, None, None);
        }
        let is_certificate = is_flag("certificate") || is_flag("key");
        if is_flag("publish_settings") {
            (self.certificate, self.key) = (None, None);
            self.endpoint.take_if(|_| !is_flag("endpoint"));
            self.cloud.take_if(|_| !is_flag("cloud"));
        } else if is_certificate || self.certificate.is_some() {
            // Of the variables, the certificate wins: it says less, and so was meant.
            self.publish_settings = None;
        }
        if self.passphrase_stdin {
            self.repro_flags.push_str(" --passphrase-stdin");
        }
        for id in CONNECTION_SETTINGS
            .into_iter()
            .chain(["emulator", "api_version"])
            .filter(|id| is_flag(id))
        {
            let values = matches.get_raw(id).into_iter().flatten();
            for value in values {
                let flag = id.replace('_', "-");
                // Writing to a String cannot fail.
                let _ = write!(
                    self.repro_flags,
                    " --{flag} {}",
                    shell_quoted(&value.to_string_lossy())
                );
            }
        }
        Ok(())
    }

    /// Makes a client of it. Opens no connection.
    pub(crate) fn open(&self) -> Result<Connection, CliError> {
        self.open_with(passphrase(self.passphrase_stdin)?.as_deref())
    }

    /// The same with a password that was read before.
    pub(crate) fn open_with(&self, passphrase: Option<&str>) -> Result<Connection, CliError> {
        let found = match &self.emulator {
            Some(dir) => ConnectionTarget::from_emulator(dir)?,
            None => self.resolve_target()?,
        };
        let endpoint = Endpoint::new(&found.endpoint, found.subscription)
            .map_err(CliError::usage)?
            .with_version(self.api_version.unwrap_or_default());

        let mut transport = HttpsTransport::builder();
        if let Some(path) = &found.ca {
            transport = transport.root_certificates_pem(&input::read_bytes(
                path,
                input::MAX_CREDENTIAL_BYTES,
                "the root certificate",
            )?);
        }
        let (transport, proxy) = proxy::apply_proxy(transport, &endpoint);
        let (client, thumbprint) = match found.credential {
            AccessCredential::Token(token) => {
                let transport = BearerTransport::new(build(transport)?, &endpoint, token);
                (Client::new(endpoint, transport), None)
            }
            AccessCredential::Certificate(certificate) => {
                let identity = certificate.identity(passphrase)?;
                let thumbprint = identity.thumbprint();
                (Client::new(endpoint, build(transport.identity(identity))?), Some(thumbprint))
            }
        };
        Ok(Connection { client, thumbprint, proxy, repro_flags: self.repro_flags.clone() })
    }

    /// Takes a file for the credential, where no flag and no variable gives one.
    pub(crate) fn with_default_file(mut self, file: &Path, kind: FileKind) -> Self {
        let sources = [&self.emulator, &self.certificate, &self.publish_settings];
        if sources.iter().all(|source| source.is_none()) {
            let source = match kind {
                FileKind::PublishSettings => &mut self.publish_settings,
                _ => &mut self.certificate,
            };
            *source = Some(file.to_owned());
        }
        self
    }

    fn resolve_target(&self) -> Result<ConnectionTarget, CliError> {
        let named = self.cloud.map(|cloud| cloud.address().to_owned());
        let endpoint = self.endpoint.clone().or(named);
        if let Some(path) = &self.publish_settings {
            let subscription = read_publish_settings(path, self.subscription.as_ref())?;
            return Ok(ConnectionTarget {
                endpoint: endpoint.unwrap_or(subscription.management_url.clone()),
                subscription: subscription.id.parse().map_err(|error: InvalidSubscriptionId| {
                    CliError::usage(error).context(format!("cannot use {}", path.display()))
                })?,
                credential: AccessCredential::Certificate(Credential::PublishSettings {
                    path: path.clone(),
                    subscription,
                }),
                ca: self.ca.clone(),
            });
        }
        let Some(endpoint) = endpoint else {
            return Err(CliError::usage(
                "no endpoint is given, and there is no default: Microsoft retired the public service \
                 on 31 August 2024",
            )
            .hint(
                "give --emulator DIR (AZURE_CLASSIC_EMULATOR) for a local emulator; \
                 `azure-classic emulator --dir DIR` starts one",
            )
            .hint(
                "give --endpoint URL (AZURE_CLASSIC_ENDPOINT), or --cloud NAME (AZURE_CLASSIC_CLOUD), for an \
                 endpoint that still speaks the API",
            ));
        };
        let missing = |what: &str, way: &str| {
            CliError::usage(format!("{what} is given for the endpoint {endpoint}")).hint(way)
        };
        let subscription = self.subscription.clone().ok_or_else(|| {
            missing("no subscription", "give --subscription GUID (AZURE_CLASSIC_SUBSCRIPTION)")
        })?;
        let access = if let Some(certificate) = self.certificate.clone() {
            AccessCredential::Certificate(Credential::Files { certificate, key: self.key.clone() })
        } else {
            let token = token::from_environment(self.token_env.as_deref())?;
            AccessCredential::Token(token.ok_or_else(|| {
                missing(
                    "no management certificate",
                    "give --certificate FILE (AZURE_CLASSIC_CERTIFICATE): a .pfx file, or a PEM file with \
                     the certificate and its private key, or the key apart with --key FILE \
                     (AZURE_CLASSIC_KEY)",
                )
                .hint("or a bearer token in the variable AZURE_CLASSIC_TOKEN")
            })?)
        };
        Ok(ConnectionTarget { endpoint, subscription, credential: access, ca: self.ca.clone() })
    }
}

fn build(settings: HttpsTransportBuilder) -> Result<HttpsTransport, CliError> {
    settings.build().map_err(|error| {
        CliError::usage(error).context("cannot use the root certificates".to_owned())
    })
}

/// An open way to the service, and what hints need to know about it.
pub(crate) struct Connection {
    pub(crate) client: Client,
    /// Of the management certificate, where there is one.
    pub(crate) thumbprint: Option<String>,
    /// Where the environment names a proxy: whether it is used.
    pub(crate) proxy: Option<ProxyRoute>,
    /// The connection's flags, to be typed again: each with a space before it.
    pub(crate) repro_flags: String,
}

struct ConnectionTarget {
    endpoint: String,
    subscription: SubscriptionId,
    credential: AccessCredential,
    ca: Option<PathBuf>,
}

/// As whom.
enum AccessCredential {
    Certificate(Credential),
    Token(Token),
}

/// The content of an emulator's `emulator.json`.
#[derive(Deserialize)]
struct EmulatorInfo {
    endpoint: String,
    subscription: String,
    certificate_authority: PathBuf,
    management_certificate: PathBuf,
}

impl ConnectionTarget {
    fn from_emulator(dir: &Path) -> Result<Self, CliError> {
        let path = dir.join("emulator.json");
        let about = |failure: CliError| {
            failure.context(format!("cannot read {}", path.display())).hint(format!(
                "start an emulator first: azure-classic emulator --dir {}",
                shell_quoted(&dir.to_string_lossy())
            ))
        };
        wait_for_start(dir, &path);
        let text = read_text_file(&path, input::MAX_TEXT_BYTES)
            .map_err(|error| about(CliError::usage(error)))?;
        let info: EmulatorInfo =
            serde_json::from_str(&text).map_err(|error| about(CliError::usage(error)))?;
        let subscription = info
            .subscription
            .parse()
            .map_err(|error: InvalidSubscriptionId| about(CliError::usage(error)))?;
        Ok(Self {
            endpoint: info.endpoint,
            subscription,
            credential: AccessCredential::Certificate(Credential::Files {
                certificate: info.management_certificate,
                key: None,
            }),
            ca: Some(info.certificate_authority),
        })
    }
}

/// Waits a little for an emulator that was started just before, as by `azure-classic emulator … &`.
fn wait_for_start(dir: &Path, announcement: &Path) {
    let started = Instant::now();
    while !announcement.exists() {
        let timeout = if dir.exists() { START_TIMEOUT } else { DIRECTORY_TIMEOUT };
        if started.elapsed() > timeout {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// How long an emulator may take from its first file to its announcement.
const START_TIMEOUT: Duration = Duration::from_secs(5);
/// How long it may take to its first file.
const DIRECTORY_TIMEOUT: Duration = Duration::from_secs(1);

/// Quotes an argument for a shell.
pub(crate) fn shell_quoted(argument: &str) -> String {
    let is_plain = |character: char| {
        character.is_alphanumeric()
            || "-_./:".contains(character)
            || cfg!(windows) && character == '\\'
    };
    if !argument.is_empty() && argument.chars().all(is_plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests;
