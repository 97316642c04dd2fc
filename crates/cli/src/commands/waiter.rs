//! Waiting within one time limit for several things in turn.

use std::io;

use azure_classic::rollout::DeploymentSummary;
use azure_classic::{Client, Deployment, Error, ErrorKind, OperationStatus, Poll, RequestId};
use tokio::time::Instant;

use crate::arguments::{DeploymentArgs, WaitArgs};
use crate::cli_error::{CliError, Exit};
use crate::connection::Connection;

/// A started wait, and its interval.
pub(crate) struct Waiter {
    started: Instant,
    options: WaitArgs,
}

impl Waiter {
    pub(crate) fn start(options: &WaitArgs) -> Self {
        Self { started: Instant::now(), options: options.clone() }
    }

    /// Until accepted work has ended; an error if it ended badly.
    pub(crate) async fn wait_for_operation(
        &self,
        connection: &Connection,
        operation: &RequestId,
        deployment: Option<&DeploymentArgs>,
    ) -> Result<OperationStatus, CliError> {
        let ended = self.client(connection).wait(operation).await;
        ended.map_err(|error| match deployment {
            // The service named the work so; the request has been accepted.
            Some(deployment) if error.kind() == ErrorKind::Invalid => {
                let show = connection.show_command(deployment, " --watch");
                CliError::with_exit(Exit::Failed, error.into())
                    .context("accepted, and cannot follow the operation".to_owned())
                    .hint(format!("to see how it goes: {show}"))
            }
            _ => connection.explain_for(error, deployment),
        })
    }

    /// Until no update is in progress and every instance is where it should be. Shows each state.
    pub(crate) async fn wait_until_settled(
        &self,
        connection: &Connection,
        deployment: &DeploymentArgs,
        mut show: impl FnMut(&Deployment) -> io::Result<()>,
    ) -> Result<Deployment, CliError> {
        let mut shown = Ok(());
        let until = |now: &Deployment| {
            shown = show(now);
            shown.is_err() || now.is_settled()
        };
        let settled = self.client(connection).poll_until(deployment.reference().get(), until).await;
        shown?;
        settled.map_err(|error: Error| {
            let last = error.last_reading::<Deployment>().map(DeploymentSummary::new);
            let failure = connection.explain_for(error, Some(deployment));
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
            deadline: Some(timeout.saturating_sub(self.started.elapsed())),
            ..Poll::default()
        })
    }
}
