//! Drives the rollout machine of `azure-classic-rollout` with a [`Client`].

mod controls;
mod probing;
mod running;

use std::error::Error as StdError;
use std::fmt;
use std::sync::mpsc;
use std::time::Duration;

use azure_classic_protocol::DeploymentRef;
use azure_classic_protocol::deployment::model::RoleInstance;
use azure_classic_rollout::{Plan, Policy, Record, Rollout, RolloutError};

pub use self::controls::RolloutControls;
use self::probing::Probing;
pub use self::running::RunningRollout;
use crate::Client;

impl Client {
    /// Drives a rolling upgrade: checks the plan, starts the update in manual mode, walks the upgrade domains
    /// in order, waits until each is healthy, and rolls back if one is not.
    ///
    /// It polls with the intervals of [`Poll`](crate::Poll); the deadline there does not apply, because the
    /// plan's [`Policy`] has its own. Nothing is sent before the rollout is [started](RolloutBuilder::start)
    /// and polled for its events or its outcome.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use azure_classic::rollout::{RolloutOutcome, Plan};
    /// use azure_classic::{Client, CloudServiceRef, Slot};
    ///
    /// # async fn example(azure: &Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let package = "https://contoso.blob.core.windows.net/packages/43.cspkg";
    /// let configuration = std::fs::read_to_string("ServiceConfiguration.cscfg")?;
    /// let production = CloudServiceRef::new("contoso").slot(Slot::Production);
    /// let plan = Plan::upgrade(production, package, configuration, "Release 43");
    ///
    /// let keep = |record: &_| Ok(std::fs::write("rollout.json", serde_json::to_vec(record)?)?);
    /// let mut rollout = azure.rollout(plan).persist_with(keep).start();
    /// let controls = rollout.controls(); // for another task: controls.input(Input::Pause)
    /// while let Some(event) = rollout.next().await {
    ///     println!("{event:?}");
    /// }
    /// match rollout.outcome().await? {
    ///     RolloutOutcome::Upgraded(standing) => println!("{standing}"),
    ///     other => println!("look at this: {other}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn rollout(&self, plan: Plan) -> RolloutBuilder {
        self.rollout_builder(Rollout::new(self.endpoint(), plan))
    }

    /// Resumes a rollout from its record, after a crash or on another machine. It continues from the state of
    /// the service. A paused rollout stays paused until it gets
    /// [`Input::Resume`](azure_classic_rollout::Input::Resume).
    ///
    /// # Errors
    ///
    /// Those of [`Rollout::resume`]: the record is of a rollout that has ended, of another subscription, or
    /// of a newer version of this crate.
    pub fn resume_rollout(&self, record: Record) -> Result<RolloutBuilder, RolloutError> {
        Ok(self.rollout_builder(Rollout::resume(self.endpoint(), record)?))
    }

    /// Takes over a manual update in progress that another tool or operator started; see [`Rollout::adopt`].
    pub fn adopt_rollout(&self, deployment: DeploymentRef, policy: Policy) -> RolloutBuilder {
        self.rollout_builder(Rollout::adopt(self.endpoint(), deployment, policy))
    }

    fn rollout_builder(&self, machine: Rollout) -> RolloutBuilder {
        let machine = machine.with_poll(self.poll.clone()).with_retry(self.retry.clone());
        RolloutBuilder { client: self.clone(), machine, probe_with: None }
    }
}

/// A rollout that has not started, created by [`Client::rollout`], [`Client::resume_rollout`] or
/// [`Client::adopt_rollout`].
#[must_use = "nothing is sent before it is started"]
pub struct RolloutBuilder {
    client: Client,
    machine: Rollout,
    probe_with: Option<Probing>,
}

impl RolloutBuilder {
    /// Persists the record, so that the rollout can be [resumed](Client::resume_rollout); see
    /// [`Rollout::persist_with`]. The closure must not use the rollout's [`RolloutControls`]: that would
    /// deadlock.
    pub fn persist_with(
        mut self,
        keep: impl FnMut(&Record) -> Result<(), Box<dyn StdError + Send + Sync>> + Send + 'static,
    ) -> Self {
        self.machine = self.machine.persist_with(keep);
        self
    }

    /// Probes new instances as well, if the policy's [`Health::probe`](azure_classic_rollout::Health::probe)
    /// is on. Each round calls the probe for every new instance, 64 at a time, and the next round follows
    /// after `pause`. The probe returns the problem of an instance, or `None` if it is healthy. Give the
    /// probe a time limit: one that never returns blocks the others.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use azure_classic::{Client, rollout::Plan};
    /// # fn example(azure: &Client, plan: Plan) {
    /// let rollout = azure
    ///     .rollout(plan)
    ///     .probe_with(Duration::from_secs(5), async |instance| match instance.ip_address {
    ///         Some(address) => answers(&address).await,
    ///         None => Err("it has no address".to_owned()),
    ///     })
    ///     .start();
    /// # }
    /// # async fn answers(address: &str) -> Result<(), String> { Ok(()) }
    /// ```
    pub fn probe_with<F, V>(mut self, pause: Duration, mut probe: F) -> Self
    where
        F: FnMut(RoleInstance) -> V + Send + 'static,
        V: Future<Output = Result<(), String>> + Send + 'static,
    {
        let probe = Box::new(move |instance| Box::pin(probe(instance)) as _);
        self.probe_with = Some(Probing { pause, probe });
        self
    }

    /// Starts the rollout. Nothing is sent before it is polled for its events or its outcome.
    pub fn start(self) -> RunningRollout {
        let (sender, events) = mpsc::channel();
        // The receiver is gone if the caller has dropped the rollout or its stream.
        let machine = self.machine.on_event(move |_, event| drop(sender.send(event.clone())));
        RunningRollout::start(self.client, RolloutControls::new(machine), self.probe_with, events)
    }
}

impl fmt::Debug for RolloutBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RolloutBuilder").field("machine", &self.machine).finish_non_exhaustive()
    }
}
