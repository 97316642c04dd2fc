//! A command with everything that it starts.

use std::io;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::timeout;

/// The most that a command may write on stderr, in bytes. One that writes more is ended.
const MAX_STDERR_BYTES: usize = 1 << 20;

/// How long to wait for the end of stderr after the command has ended: only what has left the process
/// group can hold it open.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// Runs `$0` in this process group, beside a watch that ends the group when the pipe on stdin closes: so
/// the group ends even if the driver is killed.
#[cfg(unix)]
const WATCHDOG_SCRIPT: &str = "\
exec 3<&0 </dev/null
{ read -r _ <&3; kill -s KILL 0; } >/dev/null 2>&1 &
exec 3<&-
exec sh -c \"$0\"";

/// A running command. Dropped, it ends, with everything in its process group.
#[derive(Debug)]
pub(super) struct ProcessGroup {
    child: Child,
    /// Open as long as this process lives and the group is wanted.
    _lifeline: Option<ChildStdin>,
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

/// How a command ended.
#[derive(Debug)]
pub(super) struct CommandOutput {
    pub(super) status: ExitStatus,
    pub(super) stderr: String,
}

impl ProcessGroup {
    pub(super) fn start(
        command: &str,
        variables: impl IntoIterator<Item = (&'static str, String)>,
    ) -> io::Result<Self> {
        let mut shell = shell(command);
        let mut child = shell
            .envs(variables)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self {
            _lifeline: child.stdin.take(),
            #[cfg(unix)]
            leader: child
                .id()
                .and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?)),
            child,
        })
    }

    /// Waits until the command has ended, and kills what it has left behind.
    pub(super) async fn wait(&mut self) -> io::Result<CommandOutput> {
        let stderr = self.child.stderr.take();
        let mut read = pin!(async move {
            let mut text = Vec::new();
            if let Some(stderr) = stderr {
                // The output before an error is sufficient.
                let _ = stderr.take(MAX_STDERR_BYTES as u64).read_to_end(&mut text).await;
            }
            text
        });
        let mut text = None;
        let status = loop {
            tokio::select! {
                status = self.child.wait() => break status?,
                all = &mut read, if text.is_none() => {
                    if all.len() >= MAX_STDERR_BYTES {
                        let limit = MAX_STDERR_BYTES >> 20;
                        let error = format!("the command wrote more than {limit} MiB to stderr");
                        return Err(io::Error::other(error));
                    }
                    text = Some(all);
                }
            }
        };
        self.kill();
        let text = match text {
            Some(text) => text,
            None => timeout(DRAIN_TIMEOUT, read).await.unwrap_or_default(),
        };
        Ok(CommandOutput { status, stderr: String::from_utf8_lossy(&text).into_owned() })
    }

    /// Ends the command, if it still runs, and leaves no zombie.
    pub(super) async fn terminate(&mut self) {
        self.kill();
        // It is dead, and its parent is this process.
        let _ = self.child.kill().await;
    }

    /// Kills every process of the group. The watch keeps its id from being used again until then.
    fn kill(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.leader.take() {
            // It may have ended by itself.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.kill();
    }
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(WATCHDOG_SCRIPT).arg(command).stdin(Stdio::piped()).process_group(0);
    shell
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.arg("/C").arg(command).stdin(Stdio::null());
    shell
}
