//! `azure-classic emulator`.

use std::error::Error;
use std::path::{Path, absolute};

use azure_classic::ApiVersion;
use azure_classic_emulator::{Emulator, Fixture, StartError, Timing, faults};
use azure_classic_text::{read_text_file, sanitize};

use super::journal::journal;
use super::sample;
use super::shutdown::ShutdownSignals;
use crate::arguments::EmulatorArgs;
use crate::cli_error::CliError;
use crate::connection::{ConnectionArgs, shell_quoted};
use crate::input;
use crate::output::print_lines;

/// The subscription of the sample, unless another is given.
const SAMPLE_SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";

/// Runs until a signal stops it.
pub(crate) async fn emulator(
    options: &EmulatorArgs,
    connection: &ConnectionArgs,
) -> Result<(), CliError> {
    // Before anything else, so that no signal is missed once the directory says that we are there.
    let mut stop = ShutdownSignals::listen()?;
    let mut builder = Emulator::builder()
        .dir(&options.dir)
        .listen(&options.listen)
        .speed(if options.manual_clock { 0.0 } else { options.speed })
        .timing(read_timing(&options.timing)?)
        .upgrade_domains(options.upgrade_domains)
        .seed(options.seed);
    if options.admin != "none" {
        builder = builder.admin(&options.admin);
    }
    if let Some(subscription) = &connection.subscription {
        builder = builder.subscription(subscription.as_str());
    }
    if options.sample {
        let subscription = match &connection.subscription {
            Some(subscription) => subscription.clone(),
            None => SAMPLE_SUBSCRIPTION.parse().map_err(CliError::new)?,
        };
        let saved = sample::saved_state(&subscription)?;
        builder = builder.subscription(subscription.as_str()).load(saved);
    }
    if let Some(file) = &options.state {
        builder = builder.state(file);
    }
    if let Some(file) = &options.fixture {
        let fixture = Fixture::read(file).map_err(|error| invalid_file("fixture", file, error))?;
        builder = builder.fixture(fixture);
    }
    if let Some(file) = &options.load {
        let saved = read_text_file(file, input::MAX_ARCHIVE_BYTES)
            .map_err(|error| invalid_file("cloud", file, error))?;
        builder = builder.load(saved);
    }
    if let Some(file) = &options.faults {
        let rules = faults::read(file).map_err(|error| invalid_file("faults", file, error))?;
        builder = builder.faults(rules);
    }
    if let Some(file) = &options.journal {
        builder = builder.on_request(journal(file)?);
    }
    builder = builder.on_rejected_client(|why| {
        eprintln!("azure-classic: a client failed the handshake: {}", sanitize(why));
    });
    let emulator = builder.start().await.map_err(start_failure)?;
    // The commands are to work from any directory.
    for notice in emulator.notices() {
        eprintln!("azure-classic: {}", sanitize(notice));
    }
    let printed = absolute(&options.dir).and_then(|dir| print_lines(instructions(&emulator, &dir)));
    if printed.is_ok() {
        stop.requested().await;
    }
    emulator.shutdown().await.map_err(|error| {
        let file = options.state.as_deref().unwrap_or(Path::new("a state file"));
        CliError::new(error)
            .context(format!("the emulator cannot keep its state in {}", file.display()))
    })?;
    Ok(printed?)
}

/// A pace by its name, or from a file.
fn read_timing(name: &str) -> Result<Timing, CliError> {
    match name {
        "brisk" => Ok(Timing::BRISK),
        "realistic" => Ok(Timing::REALISTIC),
        "immediate" => Ok(Timing::IMMEDIATE),
        file => {
            let file = Path::new(file);
            let text = read_text_file(file, input::MAX_TEXT_BYTES)
                .map_err(|error| invalid_file("timing", file, error))?;
            serde_json::from_str(&text).map_err(|error| invalid_file("timing", file, error))
        }
    }
}

fn invalid_file(what: &str, file: &Path, error: impl Into<Box<dyn Error>>) -> CliError {
    CliError::usage(error).context(format!("the {what} in {} cannot be used", file.display()))
}

fn start_failure(error: StartError) -> CliError {
    match error {
        StartError::State { .. }
        | StartError::Fixture(_)
        | StartError::Load(_)
        | StartError::Speed(_)
        | StartError::UpgradeDomains(_)
        | StartError::Fault(_) => CliError::usage(error),
        other => CliError::new(other),
    }
}

/// How to use it, in lines.
fn instructions(emulator: &Emulator, dir: &Path) -> Vec<String> {
    let file = |name: &str| shell_quoted(&dir.join(name).to_string_lossy());
    let dir = shell_quoted(&dir.to_string_lossy());
    let (endpoint, subscription) = (emulator.endpoint(), emulator.subscription());
    let page = emulator.admin_url().map(|url| {
        [
            "To look at it in a browser:".to_owned(),
            String::new(),
            format!("  {url}/"),
            String::new(),
        ]
    });
    let mut lines = vec![
        format!("listening on {endpoint} for the subscription {subscription}; Ctrl-C stops it"),
        String::new(),
    ];
    lines.extend(page.into_iter().flatten());
    lines.extend([
        format!("With this program, give --emulator {dir}, or"),
        String::new(),
        format!("  export AZURE_CLASSIC_EMULATOR={dir}"),
        "  azure-classic show service contoso --deployments".to_owned(),
        String::new(),
        format!(
            "Old tools import {}, or {}, whose password is empty.",
            file("emulator.publishsettings"),
            file("management.pfx")
        ),
        String::new(),
        "With curl:".to_owned(),
        String::new(),
        format!(
            "  curl --cacert {} --cert {} -H 'x-ms-version: {}' \
             {endpoint}/{subscription}/services/hostedservices/contoso",
            file("ca.pem"),
            file("management.pem"),
            ApiVersion::DEFAULT
        ),
        String::new(),
    ]);
    lines
}
