//! Waiting within one time limit for several things in turn.

use std::io;

use azure_classic::rollout::Standing;
use azure_classic::{Client, Deployment, Error, ErrorKind, OperationStatus, Poll, RequestId};
use tokio::time::Instant;

use crate::arguments::{DeploymentArgs, WaitArgs};
use crate::connection::Connection;
use crate::failure::{Exit, Failure};

/// A wait that has begun, and how often to ask in it.
pub(crate) struct Waiting {
    began: Instant,
    options: WaitArgs,
}

impl Waiting {
    pub(crate) fn begin(options: &WaitArgs) -> Self {
        Self { began: Instant::now(), options: options.clone() }
    }

    /// Until accepted work has ended; an error if it ended badly.
    pub(crate) async fn ended(
        &self,
        connection: &Connection,
        work: &RequestId,
        deployment: Option<&DeploymentArgs>,
    ) -> Result<OperationStatus, Failure> {
        let ended = self.client(connection).wait(work).await;
        ended.map_err(|error| match deployment {
            // The service named the work so; the request has been accepted.
            Some(deployment) if error.kind() == ErrorKind::Invalid => {
                let show = connection.show_deployment(deployment, " --watch");
                Failure::with(Exit::Failed, error.into())
                    .while_doing("accepted, and cannot follow the operation".to_owned())
                    .hint(format!("to see how it goes: {show}"))
            }
            _ => connection.explain_about(error, deployment),
        })
    }

    /// Until no update is in progress and every instance is where it should be. Shows each state.
    pub(crate) async fn settled(
        &self,
        connection: &Connection,
        deployment: &DeploymentArgs,
        mut show: impl FnMut(&Deployment) -> io::Result<()>,
    ) -> Result<Deployment, Failure> {
        let mut shown = Ok(());
        let until = |now: &Deployment| {
            shown = show(now);
            shown.is_err() || now.is_settled()
        };
        let settled = self.client(connection).watch(deployment.reference().get(), until).await;
        shown?;
        settled.map_err(|error: Error| {
            let last = error.last_reading::<Deployment>().map(Standing::of);
            let failure = connection.explain_about(error, Some(deployment));
            match last {
                Some(last) => failure.hint(format!("the last reading: {last}")),
                None => failure,
            }
        })
    }

    /// The client with what is left of the time.
    fn client(&self, connection: &Connection) -> Client {
        let WaitArgs { timeout, interval } = self.options;
        connection.client.clone().with_poll(Poll {
            first_delay: interval,
            growth: 1.0,
            max_delay: interval,
            deadline: Some(timeout.saturating_sub(self.began.elapsed())),
            ..Poll::default()
        })
    }
}
