//! A command that looks at an instance.

use std::process::Stdio;
use std::time::Duration;

use azure_classic::protocol::deployment::model::RoleInstance;
use tokio::process::Command;
use tokio::time::timeout;

/// How long a command may take.
const LIMIT: Duration = Duration::from_secs(30);

/// Whether the command ends with 0; else what it says on stderr.
pub(super) async fn probe(command: String, instance: RoleInstance) -> Result<(), String> {
    let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    let child = shell
        .arg(if cfg!(windows) { "/C" } else { "-c" })
        .arg(command)
        .env("AZURE_CLASSIC_INSTANCE", &instance.instance_name)
        .env("AZURE_CLASSIC_INSTANCE_ROLE", &instance.role_name)
        .env("AZURE_CLASSIC_INSTANCE_ADDRESS", instance.ip_address.as_deref().unwrap_or_default())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    match timeout(LIMIT, child).await {
        Ok(Ok(output)) if output.status.success() => Ok(()),
        Ok(Ok(output)) => {
            let said = String::from_utf8_lossy(&output.stderr);
            match said.trim().lines().last() {
                Some(last) => Err(format!("{} ({last})", output.status)),
                None => Err(output.status.to_string()),
            }
        }
        Ok(Err(error)) => Err(format!("the command cannot be run: {error}")),
        Err(_) => Err(format!("no answer within {} seconds", LIMIT.as_secs())),
    }
}
