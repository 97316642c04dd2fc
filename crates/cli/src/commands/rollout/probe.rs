//! A command that looks at an instance.

mod group;

use std::sync::Arc;
use std::time::Duration;

use azure_classic::protocol::deployment::model::RoleInstance;
use azure_classic_text::sanitize;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use self::group::Group;

/// How long a command may take.
const LIMIT: Duration = Duration::from_secs(30);

/// How many commands run at a time.
const AT_A_TIME: usize = 16;

/// The longest value that a command finds in its environment, in bytes. Systems refuse longer ones at
/// limits of their own.
const LONGEST_VALUE: usize = 8 << 10;

/// How much of what a command says goes into its verdict, in characters.
const LONGEST_VERDICT: usize = 500;

/// Runs a command for each instance.
#[derive(Debug, Clone)]
pub(super) struct Probes {
    command: String,
    limit: Duration,
    places: Arc<Semaphore>,
}

impl Probes {
    pub(super) fn new(command: String) -> Self {
        Self { command, limit: LIMIT, places: Arc::new(Semaphore::new(AT_A_TIME)) }
    }

    /// Whether the command ends with 0; else the last line of what it says on stderr.
    ///
    /// Whatever the command started ends with it, except what left its process group.
    pub(super) async fn run(self, instance: RoleInstance) -> Result<(), String> {
        let variables = [
            ("AZURE_CLASSIC_INSTANCE", instance.instance_name),
            ("AZURE_CLASSIC_INSTANCE_ROLE", instance.role_name),
            ("AZURE_CLASSIC_INSTANCE_ADDRESS", instance.ip_address.unwrap_or_default()),
        ];
        for (name, value) in &variables {
            check(name, value)?;
        }
        // It is never closed.
        let _place = self.places.acquire().await;
        let mut group = Group::start(&self.command, variables)
            .map_err(|error| format!("cannot run the command: {error}"))?;
        let ended = timeout(self.limit, group.ended()).await;
        group.end().await;
        match ended {
            Ok(Ok(ended)) if ended.status.success() => Ok(()),
            Ok(Ok(ended)) => match ended.stderr.trim().lines().last() {
                Some(last) => {
                    let last = sanitize(last.trim()).at_most(LONGEST_VERDICT);
                    Err(format!("{} ({last})", ended.status))
                }
                None => Err(ended.status.to_string()),
            },
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {}", humantime::format_duration(self.limit))),
        }
    }
}

/// Whether an environment can hold the value.
fn check(name: &str, value: &str) -> Result<(), String> {
    if value.contains('\0') {
        return Err(format!("the service's value for {name} holds a NUL character"));
    }
    if value.len() > LONGEST_VALUE {
        let bytes = value.len();
        return Err(format!(
            "the service's value for {name} has {bytes} bytes, and at most {LONGEST_VALUE} are passed on"
        ));
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests;
