use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use azure_classic_protocol::deployment::model::RoleInstance;

use super::RolloutControls;

/// The caller's probe, and the pause between two rounds.
pub(super) struct Probing {
    pub(super) pause: Duration,
    pub(super) probe: Box<dyn FnMut(RoleInstance) -> ProbeFuture + Send>,
}

/// The number of concurrent probes. Each wake polls all of them.
const MAX_OPEN: usize = 64;

type ProbeFuture = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

impl Probing {
    /// Probes the instances that need a verdict, round by round, until it is dropped.
    pub(super) async fn run(mut self, controls: &RolloutControls) {
        loop {
            let due: Vec<RoleInstance> = controls.machine().probes().cloned().collect();
            let mut due = due.into_iter();
            let mut open: Vec<(String, ProbeFuture)> = Vec::new();
            poll_fn(|context| {
                loop {
                    let room = MAX_OPEN - open.len();
                    let more = due.by_ref().take(room);
                    open.extend(more.map(|it| (it.instance_name.clone(), (self.probe)(it))));
                    open.retain_mut(|(instance, verdict)| match verdict.as_mut().poll(context) {
                        Poll::Ready(verdict) => {
                            controls.machine().probed(instance, verdict);
                            false
                        }
                        Poll::Pending => true,
                    });
                    if open.is_empty() && due.len() == 0 {
                        return Poll::Ready(());
                    }
                    // A new probe must be polled once, otherwise nothing wakes the task for it.
                    if open.len() == MAX_OPEN || due.len() == 0 {
                        return Poll::Pending;
                    }
                }
            })
            .await;
            tokio::time::sleep(self.pause).await;
        }
    }
}
