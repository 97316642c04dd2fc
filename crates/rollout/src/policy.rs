use std::time::Duration;

use azure_classic_protocol::RollbackMode;
use serde::{Deserialize, Serialize};

use crate::Health;

/// The limits of a rollout: its health condition, its timeouts, and its reaction to a failed domain.
///
/// The [`Record`](crate::Record) contains it, so a resumed rollout continues with the same policy. Timeouts
/// count only while a driver runs: neither a pause nor the time between a crash and the next driver counts.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use azure_classic_rollout::{OnFailure, Policy};
///
/// let patient = Policy {
///     settle_time: Duration::from_secs(600),
///     on_failure: OnFailure::Pause,
///     ..Policy::default()
/// };
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// When an upgrade domain is healthy. Default: when all its instances are `ReadyRole`.
    pub health: Health,
    /// How long the walked domains must be healthy without interruption before the next walk, and at the end.
    /// Default: 1 minute.
    pub settle_time: Duration,
    /// How long a domain may take from its walk until it is healthy. A domain that is healthy by then may
    /// finish its settle time. Default: 20 minutes. After 30 minutes the platform itself continues without an
    /// instance that does not start.
    pub domain_deadline: Duration,
    /// How long the whole update may take. Default: 6 hours.
    pub deadline: Duration,
    /// How long the whole rollback may take. Default: 2 hours.
    pub rollback_deadline: Duration,
    /// How long readings must contradict the known facts before the rollout believes them: that another
    /// update is in progress, that the start did not arrive, that the service allows no rollback, or that the
    /// deployment is gone. The rollout sends nothing during that time. Default: 2 minutes.
    pub confirm_after: Duration,
    /// The reaction to a failed domain. Default: roll back.
    pub on_failure: OnFailure,
    /// The mode of the rollback: with `Auto` the platform moves through the domains, with `Manual` the
    /// rollout walks them as in the update, each when the previous one is healthy. Default: `Auto`.
    pub rollback: RollbackMode,
    /// Continues even if local data of instances is lost, in the update and in the rollback. Default: false:
    /// the service rejects such an update.
    pub force: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            health: Health::default(),
            settle_time: Duration::from_secs(60),
            domain_deadline: Duration::from_secs(20 * 60),
            deadline: Duration::from_secs(6 * 3600),
            rollback_deadline: Duration::from_secs(2 * 3600),
            confirm_after: Duration::from_secs(120),
            on_failure: OnFailure::RollBack,
            rollback: RollbackMode::Auto,
            force: false,
        }
    }
}

/// The reaction to a domain that is not healthy in time, an accepted operation that fails, or an expired
/// timeout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// Roll back.
    RollBack,
    /// Pause, and send nothing until an operator decides: [`Input::Promote`](crate::Input::Promote),
    /// [`Input::Resume`](crate::Input::Resume) or [`Input::Abort`](crate::Input::Abort).
    Pause,
}
