//! Runs the program, and prepares what it is to find.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use azure_classic::{
    Client, CloudServiceRef, Deployment, DeploymentRef, Endpoint, HttpsTransport, Identity,
    Placement, Poll, Slot, UpdateMode,
};
use serde_json::Value;

use crate::daemon::Daemon;

/// The program with no connection from the environment.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_azure-classic"));
    for name in [
        "ENDPOINT",
        "SUBSCRIPTION",
        "CERTIFICATE",
        "KEY",
        "PUBLISH_SETTINGS",
        "PASSPHRASE",
        "CA",
        "EMULATOR",
        "API_VERSION",
    ] {
        command.env_remove(format!("AZURE_CLASSIC_{name}"));
    }
    for name in ["https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

pub(crate) struct CommandResult {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl CommandResult {
    #[track_caller]
    pub(crate) fn assert_exit_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// Runs a command to its end.
pub(crate) fn run(mut command: Command) -> CommandResult {
    let output = command.output().unwrap();
    CommandResult {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs the program against an emulator.
pub(crate) fn run_at(daemon: &Daemon, arguments: &[&str]) -> CommandResult {
    let mut command = program(arguments);
    command.arg("--emulator").arg(daemon.dir());
    run(command)
}

/// The content of `emulator.json`.
pub(crate) fn emulator_json_field(dir: &Path, field: &str) -> String {
    let text = std::fs::read(dir.join("emulator.json")).unwrap();
    let announcement: Value = serde_json::from_slice(&text).unwrap();
    announcement[field].as_str().unwrap().to_owned()
}

pub(crate) const CONFIGURATION: &str = r#"<ServiceConfiguration serviceName="Contoso"
    xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <Role name="Web"><Instances count="2" /></Role>
</ServiceConfiguration>"#;

/// Deploys `shop` with the label "old" to production of contoso, with instances in two upgrade domains.
pub(crate) fn deploy(daemon: &Daemon) {
    deploy_with_domains(daemon, DOMAINS);
}

/// The same with this number of upgrade domains.
pub(crate) fn deploy_with_domains(daemon: &Daemon, domains: u32) {
    let contoso = CloudServiceRef::new("contoso");
    let package = format!("{PACKAGE}?upgradeDomainCount={domains}");
    let create = contoso
        .create_deployment(Slot::Production, "shop", package, CONFIGURATION)
        .label("old")
        .start(true);
    with_client(daemon, async |azure| {
        azure
            .send(contoso.create(Placement::Location("West Europe".into()), "Contoso shop"))
            .await?;
        azure.run(create).await?;
        azure.poll_until(shop().get(), Deployment::is_settled).await?;
        Ok(())
    });
}

/// Begins an upgrade to the label "new", and lets it into this many upgrade domains.
pub(crate) fn upgrade(daemon: &Daemon, domains: u32) {
    with_client(daemon, async |azure| {
        azure.run(shop().upgrade(UpdateMode::Manual, PACKAGE, CONFIGURATION, "new")).await?;
        for domain in 0..domains {
            azure.run(shop().walk_upgrade_domain(domain)).await?;
        }
        Ok(())
    });
}

/// How many upgrade domains the emulator gives a deployment.
pub(crate) const DOMAINS: u32 = 5;

pub(crate) const PACKAGE: &str = "https://contoso.blob.core.windows.net/packages/shop.cspkg";

fn shop() -> DeploymentRef {
    CloudServiceRef::new("contoso").deployment("shop")
}

/// Where a daemon is, and how it is reached.
pub(crate) fn connect(daemon: &Daemon) -> (Endpoint, HttpsTransport) {
    let read = |field: &str| std::fs::read(emulator_json_field(daemon.dir(), field)).unwrap();
    let transport = HttpsTransport::builder()
        .identity(Identity::from_pem(&read("management_certificate")).unwrap())
        .root_certificates_pem(&read("certificate_authority"))
        .build()
        .unwrap();
    let subscription = emulator_json_field(daemon.dir(), "subscription").parse().unwrap();
    (
        Endpoint::new(&emulator_json_field(daemon.dir(), "endpoint"), subscription).unwrap(),
        transport,
    )
}

fn with_client(
    daemon: &Daemon,
    work: impl AsyncFnOnce(Client) -> Result<(), azure_classic::Error>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (endpoint, transport) = connect(daemon);
    let often = Poll { first_delay: Duration::from_millis(10), growth: 1.0, ..Poll::default() };
    runtime.block_on(work(Client::new(endpoint, transport).with_poll(often))).unwrap();
}
