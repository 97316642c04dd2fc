//! The daemon: the program's own `emulator`, as a process.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use azure_classic::{Endpoint, HttpsTransport, Identity};
use serde_json::Value;

/// How long an orderly stop may take.
const STOP: Duration = Duration::from_secs(10);

/// A running emulator. It is killed when dropped.
pub(crate) struct Daemon {
    child: Child,
    dir: PathBuf,
    address: EmulatorInfo,
}

/// The content of `emulator.json`.
#[derive(Debug, Clone)]
pub(crate) struct EmulatorInfo(Value);

impl Daemon {
    /// Starts it in this folder, from the state that is there, and waits until it serves.
    pub(crate) fn start(folder: &Path) -> Result<Self, String> {
        let dir = folder.join("emulator");
        let mut child = Command::new(env!("CARGO_BIN_EXE_azure-classic"))
            .args(["emulator", "--speed", "60", "--dir"])
            .arg(&dir)
            .arg("--state")
            .arg(folder.join("state"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| format!("the emulator cannot be started: {error}"))?;
        let output = child.stdout.take().ok_or("the emulator has no output")?;
        let mut daemon = Self { child, dir, address: EmulatorInfo(Value::Null) };
        let mut output = BufReader::new(output);
        let mut first = String::new();
        output.read_line(&mut first).map_err(|error| error.to_string())?;
        if !first.starts_with("listening on ") {
            return Err(format!("the emulator did not start from its state: {first:?}"));
        }
        // A pipe without a reader would block it in time.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        let text = fs::read(daemon.dir.join("emulator.json")).map_err(|error| error.to_string())?;
        daemon.address =
            EmulatorInfo(serde_json::from_slice(&text).map_err(|error| error.to_string())?);
        Ok(daemon)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.dir.with_file_name("state")
    }

    pub(crate) fn address(&self) -> EmulatorInfo {
        self.address.clone()
    }

    /// Kills it as a power cut would.
    pub(crate) fn kill(mut self) -> Result<(), String> {
        self.child.kill().map_err(|error| format!("the emulator cannot be killed: {error}"))?;
        self.child.wait().map(drop).map_err(|error| error.to_string())
    }

    /// Stops it with a signal, and fails unless it exits properly.
    pub(crate) fn stop(mut self) -> Result<(), String> {
        let status = Command::new("kill").arg(self.id().to_string()).status();
        if !status.is_ok_and(|status| status.success()) {
            return self.kill();
        }
        let start = Instant::now();
        while start.elapsed() < STOP {
            if let Some(status) = self.child.try_wait().map_err(|error| error.to_string())? {
                let failed = || format!("the emulator stopped with {status}");
                return status.success().then_some(()).ok_or_else(failed);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(format!("the emulator did not stop within {} s", STOP.as_secs()))
    }
}

impl EmulatorInfo {
    fn text(&self, field: &str) -> &str {
        self.0[field].as_str().unwrap_or_default()
    }

    /// Host and port of the API (`endpoint`) or of the admin port (`admin`).
    pub(crate) fn authority(&self, field: &str) -> String {
        let address = self.text(field);
        let after = address.split_once("://").map_or(address, |(_, after)| after);
        after.trim_end_matches('/').to_owned()
    }

    /// The address for a client with its own connections.
    pub(crate) fn connect(&self) -> Result<(Endpoint, HttpsTransport), String> {
        let read = |field| fs::read(self.text(field)).map_err(|error| error.to_string());
        let identity = Identity::from_pem(&read("management_certificate")?);
        let transport = HttpsTransport::builder()
            .identity(identity.map_err(|error| error.to_string())?)
            .root_certificates_pem(&read("certificate_authority")?)
            .build()
            .map_err(|error| error.to_string())?;
        let subscription = self.text("subscription").parse().map_err(|_| "not a subscription")?;
        let endpoint = Endpoint::new(self.text("endpoint"), subscription);
        Ok((endpoint.map_err(|error| error.to_string())?, transport))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
