//! A command that looks at an instance.

mod process_group;

use std::sync::Arc;
use std::time::Duration;

use azure_classic::protocol::deployment::model::RoleInstance;
use azure_classic_text::sanitize;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use self::process_group::ProcessGroup;

/// How long a command may take.
const PROBE_TIMEOUT: Duration = Duration::from_secs(30);

/// How many commands run at a time.
const MAX_CONCURRENT: usize = 16;

/// The longest value in a command's environment, in bytes. Systems reject longer ones at their own limits.
const MAX_VALUE_BYTES: usize = 8 << 10;

/// How much of what a command says goes into its verdict, in characters.
const MAX_REASON_CHARS: usize = 500;

/// Runs a command for each instance.
#[derive(Debug, Clone)]
pub(super) struct ProbeRunner {
    command: String,
    timeout: Duration,
    permits: Arc<Semaphore>,
}

impl ProbeRunner {
    pub(super) fn new(command: String) -> Self {
        Self { command, timeout: PROBE_TIMEOUT, permits: Arc::new(Semaphore::new(MAX_CONCURRENT)) }
    }

    /// Whether the command ends with 0; else the last line of what it says on stderr.
    ///
    /// All processes of the command end with it, except those that left its process group.
    pub(super) async fn run(self, instance: RoleInstance) -> Result<(), String> {
        let variables = [
            ("AZURE_CLASSIC_INSTANCE", instance.instance_name),
            ("AZURE_CLASSIC_INSTANCE_ROLE", instance.role_name),
            ("AZURE_CLASSIC_INSTANCE_ADDRESS", instance.ip_address.unwrap_or_default()),
        ];
        for (name, value) in &variables {
            check_variable(name, value)?;
        }
        // It is never closed.
        let _place = self.permits.acquire().await;
        let mut group = ProcessGroup::start(&self.command, variables)
            .map_err(|error| format!("cannot run the command: {error}"))?;
        let ended = timeout(self.timeout, group.wait()).await;
        group.terminate().await;
        match ended {
            Ok(Ok(ended)) if ended.status.success() => Ok(()),
            Ok(Ok(ended)) => match ended.stderr.trim().lines().last() {
                Some(last) => {
                    let last = sanitize(last.trim()).truncated_to(MAX_REASON_CHARS);
                    Err(format!("{} ({last})", ended.status))
                }
                None => Err(ended.status.to_string()),
            },
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no result within {}", humantime::format_duration(self.timeout))),
        }
    }
}

/// Whether an environment can hold the value.
fn check_variable(name: &str, value: &str) -> Result<(), String> {
    if value.contains('\0') {
        return Err(format!("the service's value for {name} holds a NUL character"));
    }
    if value.len() > MAX_VALUE_BYTES {
        let bytes = value.len();
        return Err(format!(
            "the service's value for {name} has {bytes} bytes, and at most {MAX_VALUE_BYTES} are passed on"
        ));
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests;
