//! Signals that stop the program.

use std::io;

/// Ctrl-C, the signal by which supervisors end a program, and that of a terminal that closes.
pub(crate) struct ShutdownSignals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    /// `None` under `nohup`.
    #[cfg(unix)]
    hangup: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl ShutdownSignals {
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: if is_hangup_ignored() { None } else { Some(signal(SignalKind::hangup())?) },
        })
    }

    pub(crate) async fn requested(&mut self) {
        std::future::poll_fn(|context| {
            if self.terminate.poll_recv(context).is_ready()
                || self.interrupt.poll_recv(context).is_ready()
                || self.hangup.as_mut().is_some_and(|it| it.poll_recv(context).is_ready())
            {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }
}

/// Whether the program was started to survive its terminal, as `nohup` does it: a handler would undo
/// that. Only Linux says so without unsafe code.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    const HANG_UP: u64 = 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & HANG_UP != 0)
}

#[cfg(not(unix))]
impl ShutdownSignals {
    #[expect(clippy::unnecessary_wraps, reason = "listening to signals can fail on Unix")]
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    pub(crate) async fn requested(&mut self) {
        // Without a handler Ctrl-C ends the program at once, which is what is wanted, too.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
