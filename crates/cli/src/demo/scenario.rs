//! The story, step by step.

use std::io;
use std::time::Duration;

use azure_classic::protocol::deployment::model::InstanceStatus;
use azure_classic::{
    Accepted, Client, CloudServiceRef, Deployment, DeploymentRef, Error, ErrorKind, Operation,
    Placement, Poll, RollbackMode, Slot, UpdateMode,
};
use azure_classic_emulator::Emulator;

use super::release::{DEPLOYMENT, NEW, OLD, SERVICE};
use super::verify;
use crate::cli_error::CliError;
use crate::screen::Screen;

/// How long the instances of an upgrade domain may take to come up, in the service's time. A healthy
/// one needs about three minutes.
const DOMAIN_TIMEOUT: Duration = Duration::from_secs(6 * 60);
/// How long anything else may take, in the service's time.
const MAX_WAIT: Duration = Duration::from_secs(2 * 60 * 60);
/// How often to look, in the service's time.
const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// How often to look at the most, by the wall clock.
const MIN_POLL_INTERVAL: Duration = Duration::from_millis(5);

pub(super) struct Scenario<'a> {
    client: Client,
    emulator: &'a Emulator,
    speed: f64,
    screen: Screen,
    contoso: CloudServiceRef,
    /// By name, because a swap would move the deployment to the other slot.
    shop: DeploymentRef,
}

/// The events for the summary.
pub(super) struct ScenarioResult {
    /// The instance that did not come up, and the state in which it was found.
    pub(super) bad_instance: String,
    pub(super) bad_status: InstanceStatus,
    pub(super) bad_domain: u32,
    /// From the request to the last instance, in the service's time.
    pub(super) rollback_took: Duration,
}

impl<'a> Scenario<'a> {
    pub(super) fn new(client: Client, emulator: &'a Emulator, speed: f64, screen: Screen) -> Self {
        let contoso = CloudServiceRef::new(SERVICE);
        let shop = contoso.deployment(DEPLOYMENT);
        Self { client, emulator, speed, screen, contoso, shop }
    }

    pub(super) async fn run(&mut self) -> Result<ScenarioResult, CliError> {
        let before = self.deploy().await?;
        self.start_upgrade().await?;
        let (bad_domain, found) = self.walk_until_one_fails().await?;
        let bad = found
            .role_instance_list
            .iter()
            .find(|it| {
                it.instance_upgrade_domain == Some(bad_domain)
                    && it.instance_status != InstanceStatus::ReadyRole
            })
            .ok_or_else(|| {
                CliError::new("an upgrade domain is late, and all its instances are ready")
            })?;
        self.print_message(&format!(
            "{} is {} {} after the walk: it does not come up on {}",
            bad.instance_name,
            bad.instance_status,
            minutes(DOMAIN_TIMEOUT),
            NEW.label
        ))?;
        let rollback_took = self.roll_back(&found).await?;
        self.verify(&before).await?;
        Ok(ScenarioResult {
            bad_instance: bad.instance_name.clone(),
            bad_status: bad.instance_status.clone(),
            bad_domain,
            rollback_took,
        })
    }

    async fn deploy(&mut self) -> Result<Deployment, CliError> {
        self.print_message(&format!("create the cloud service {SERVICE}"))?;
        let create =
            self.contoso.create(Placement::Location("West Europe".to_owned()), "Contoso shop");
        self.client.send(create).await.map_err(CliError::new)?;

        self.print_message(&format!("deploy {} to production as {DEPLOYMENT}", OLD.label))?;
        let create = self
            .contoso
            .create_deployment(Slot::Production, DEPLOYMENT, OLD.package_url, OLD.configuration())
            .label(OLD.label)
            .start(true);
        self.run_operation(create).await?;
        let before = self.poll_until(MAX_WAIT, Deployment::is_settled).await?;
        self.print_message(&format!(
            "{} runs on {} instances in {} upgrade domains",
            OLD.label,
            before.role_instance_list.len(),
            before.upgrade_domain_count.unwrap_or_default()
        ))?;
        Ok(before)
    }

    async fn start_upgrade(&mut self) -> Result<(), CliError> {
        self.print_message(&format!(
            "upgrade to {} in manual mode: nothing moves until walked",
            NEW.label
        ))?;
        let upgrade =
            self.shop.upgrade(UpdateMode::Manual, NEW.package_url, NEW.configuration(), NEW.label);
        self.run_operation(upgrade).await
    }

    /// Walks domain after domain. Returns the one that was not healthy in time, and what was seen.
    async fn walk_until_one_fails(&mut self) -> Result<(u32, Deployment), CliError> {
        let mut domain = 0;
        loop {
            self.print_message(&format!("walk upgrade domain {domain}"))?;
            let walk = self.shop.walk_upgrade_domain(domain);
            let accepted = self.client.send(walk).await.map_err(CliError::new)?;
            let is_healthy =
                |now: &Deployment| is_past_domain(now, domain) && is_domain_ready(now, domain);
            if let Err(error) = self.try_poll_until(DOMAIN_TIMEOUT, is_healthy).await? {
                if error.kind() != ErrorKind::TimedOut {
                    return Err(CliError::new(error));
                }
                let found = self.client.send(self.shop.get()).await.map_err(CliError::new)?;
                return Ok((domain, found));
            }
            self.wait_for_operation(accepted).await?;
            self.print_message(&format!("upgrade domain {domain} is healthy"))?;
            domain += 1;
            let now = self.client.send(self.shop.get()).await.map_err(CliError::new)?;
            if now.upgrade_status.is_none() {
                return Err(CliError::new(
                    "the upgrade went through, although it was made to fail",
                ));
            }
        }
    }

    /// Back to the old release; returns how long it took in the service's time.
    async fn roll_back(&mut self, found: &Deployment) -> Result<Duration, CliError> {
        if found.rollback_allowed != Some(true) {
            return Err(CliError::new("the service does not allow a rollback (RollbackAllowed)"));
        }
        self.print_message("roll back: RollbackAllowed is true")?;
        let started = self.emulator.now();
        self.run_operation(self.shop.rollback(RollbackMode::Auto)).await?;
        self.poll_until(MAX_WAIT, Deployment::is_settled).await?;
        Ok(self.emulator.now() - started)
    }

    /// Reads what production holds, and compares it with what it held before.
    async fn verify(&mut self, before: &Deployment) -> Result<(), CliError> {
        let production = self.contoso.slot(Slot::Production);
        let after = self.client.send(production.get()).await.map_err(CliError::new)?;
        verify::verify_restored(before, &after).map_err(|difference| {
            CliError::new(difference)
                .context("the rollback did not restore what ran before".to_owned())
        })?;
        self.print_message(&format!(
            "{} runs again on all {} instances: label, configuration and instances are as before",
            OLD.label,
            after.role_instance_list.len()
        ))
    }

    /// Makes a call and follows its work to the end.
    async fn run_operation<O: Operation<Output = Accepted>>(
        &mut self,
        operation: O,
    ) -> Result<(), CliError> {
        self.client_with_deadline(MAX_WAIT).run(operation).await.map_err(CliError::new)?;
        Ok(())
    }

    async fn wait_for_operation(&self, accepted: Accepted) -> Result<(), CliError> {
        if let Some(id) = accepted.request_id() {
            self.client_with_deadline(MAX_WAIT).wait(id).await.map_err(CliError::new)?;
        }
        Ok(())
    }

    async fn poll_until(
        &mut self,
        timeout: Duration,
        until: impl Fn(&Deployment) -> bool,
    ) -> Result<Deployment, CliError> {
        self.try_poll_until(timeout, until).await?.map_err(CliError::new)
    }

    /// Shows every change of the deployment until the condition holds. The outer failure is one of
    /// showing, the inner one of reading.
    async fn try_poll_until(
        &mut self,
        timeout: Duration,
        until: impl Fn(&Deployment) -> bool,
    ) -> Result<Result<Deployment, Error>, CliError> {
        let client = self.client_with_deadline(timeout);
        let screen = &mut self.screen;
        let mut shown = Ok(());
        let show_until = |now: &Deployment| {
            shown = screen.show(now);
            shown.is_err() || until(now)
        };
        let outcome = client.poll_until(self.shop.get(), show_until).await;
        shown?;
        Ok(outcome)
    }

    /// The client, with a timeout that is given in the service's time.
    fn client_with_deadline(&self, timeout: Duration) -> Client {
        let interval = POLL_INTERVAL.div_f64(self.speed).max(MIN_POLL_INTERVAL);
        self.client.clone().with_poll(Poll {
            first_delay: interval,
            growth: 1.0,
            max_delay: interval,
            deadline: Some(timeout.div_f64(self.speed)),
            ..Poll::default()
        })
    }

    /// Prints a step, preceded by the service's time.
    fn print_message(&mut self, text: &str) -> Result<(), CliError> {
        let seconds = self.emulator.now().since_origin().as_secs();
        let shown: io::Result<()> =
            self.screen.print_message(&format!("[{:02}:{:02}] {text}", seconds / 60, seconds % 60));
        Ok(shown?)
    }
}

/// Whether the update has left the domain behind it.
fn is_past_domain(deployment: &Deployment, domain: u32) -> bool {
    deployment.upgrade_status.as_ref().is_none_or(|update| update.domain() > Some(domain))
}

fn is_domain_ready(deployment: &Deployment, domain: u32) -> bool {
    deployment
        .role_instance_list
        .iter()
        .filter(|instance| instance.instance_upgrade_domain == Some(domain))
        .all(|instance| instance.instance_status == InstanceStatus::ReadyRole)
}

/// A duration of the service's time, in whole minutes.
pub(super) fn minutes(duration: Duration) -> String {
    match (duration.as_secs() + 30) / 60 {
        1 => "1 minute".to_owned(),
        count => format!("{count} minutes"),
    }
}
