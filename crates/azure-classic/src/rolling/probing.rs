use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use azure_classic_protocol::deployment::model::RoleInstance;

use super::RolloutControls;

/// How the caller looks at instances, and the pause between two rounds.
pub(super) struct Probing {
    pub(super) pause: Duration,
    pub(super) probe: Box<dyn FnMut(RoleInstance) -> Verdict + Send>,
}

type Verdict = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

impl Probing {
    /// Probes whatever is to be probed, round by round, for ever.
    pub(super) async fn go_on(mut self, controls: &RolloutControls) {
        loop {
            let due: Vec<RoleInstance> = controls.machine().probes().cloned().collect();
            let mut open: Vec<(String, Verdict)> = due
                .into_iter()
                .map(|instance| (instance.instance_name.clone(), (self.probe)(instance)))
                .collect();
            poll_fn(|context| {
                open.retain_mut(|(instance, verdict)| match verdict.as_mut().poll(context) {
                    Poll::Ready(verdict) => {
                        controls.machine().probed(instance, verdict);
                        false
                    }
                    Poll::Pending => true,
                });
                if open.is_empty() { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            tokio::time::sleep(self.pause).await;
        }
    }
}
