use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::mpsc::Receiver;
use std::task::{Context, Poll};

use azure_classic_rollout::{Event, RolloutError, RolloutOutcome};
use futures_core::Stream;

use super::RolloutControls;
use super::controls::Controlled;
use super::probing::Probing;
use crate::Client;

/// A running rollout, created by [`RolloutBuilder::start`](crate::RolloutBuilder::start): a [`Stream`] of
/// events until it ends, then an [outcome](Self::outcome).
///
/// It makes progress only while it is polled for either. Dropping it stops the driver, not the update: the
/// update stays as it is at the service, and can be resumed from the record.
#[must_use = "nothing is sent until its events or its outcome are polled for"]
pub struct RunningRollout {
    controls: RolloutControls,
    events: Receiver<Event>,
    state: RunState,
}

enum RunState {
    Running(Pin<Box<dyn Future<Output = RolloutResult> + Send>>),
    Done(Box<RolloutResult>),
}

type RolloutResult = Result<RolloutOutcome, RolloutError>;

impl RunningRollout {
    pub(super) fn start(
        client: Client,
        controls: RolloutControls,
        probing: Option<Probing>,
        events: Receiver<Event>,
    ) -> Self {
        let driving = drive(client, controls.clone(), probing);
        Self { controls, events, state: RunState::Running(Box::pin(driving)) }
    }

    /// Returns the controls of the rollout, usable from any task.
    pub fn controls(&self) -> RolloutControls {
        self.controls.clone()
    }

    /// Returns the next event, or `None` after the end of the rollout. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Event> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Drives the rollout to its end and returns the outcome. Events that were not received are dropped.
    ///
    /// # Errors
    ///
    /// [`RolloutError`] if the rollout needs a decision by an operator. It contains the reason, the state of
    /// the deployment, and the recommended next step.
    pub async fn outcome(self) -> Result<RolloutOutcome, RolloutError> {
        match self.state {
            RunState::Running(driving) => driving.await,
            RunState::Done(end) => *end,
        }
    }
}

async fn drive(
    client: Client,
    controls: RolloutControls,
    probing: Option<Probing>,
) -> RolloutResult {
    let machine = Controlled(controls.clone());
    let mut driving = pin!(client.drive_awake(machine, controls.woken()));
    let mut probing = pin!(async {
        match probing {
            Some(probing) => probing.run(&controls).await,
            None => std::future::pending().await,
        }
    });
    poll_fn(|context| {
        let driven = driving.as_mut().poll(context);
        // The probing never ends by itself.
        let _ = driven.is_pending() && probing.as_mut().poll(context).is_ready();
        driven
    })
    .await?
}

impl Stream for RunningRollout {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        if let Ok(event) = self.events.try_recv() {
            return Poll::Ready(Some(event));
        }
        if let RunState::Running(driving) = &mut self.state
            && let Poll::Ready(end) = driving.as_mut().poll(context)
        {
            self.state = RunState::Done(Box::new(end));
        }
        match (self.events.try_recv(), &self.state) {
            (Ok(event), _) => Poll::Ready(Some(event)),
            (Err(_), RunState::Done(_)) => Poll::Ready(None),
            (Err(_), RunState::Running(_)) => Poll::Pending,
        }
    }
}

impl fmt::Debug for RunningRollout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunningRollout")
            .field("controls", &self.controls)
            .field("is_over", &matches!(self.state, RunState::Done(_)))
            .finish_non_exhaustive()
    }
}
