use std::time::Duration;

use azure_classic_protocol::RollbackMode;
use serde::{Deserialize, Serialize};

use crate::Health;

/// How a rollout judges, how long it waits, and what it does when an upgrade domain fails.
///
/// It is kept in the [`Record`](crate::Record), so that whoever takes a rollout up goes on as it was
/// begun. Deadlines count the time that a driver watched: neither a pause nor the time between a crash
/// and the next driver.
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
    /// For how long the domains that were walked must be healthy without a break before the next one is
    /// walked, and at the end. Default 1 minute.
    pub settle_time: Duration,
    /// How long a domain may take from its walk until it is healthy; when it is healthy then, it may
    /// finish its settle time. Default 20 minutes. After 30 minutes the platform itself goes on without an instance that does not start.
    pub domain_deadline: Duration,
    /// How long the way forward may take in all. Default 6 hours.
    pub deadline: Duration,
    /// How long the way back may take in all. Default 2 hours.
    pub rollback_deadline: Duration,
    /// For how long what is read must contradict what is known before it is believed: that another
    /// update is in progress, that the start did not arrive, that the service allows no rollback, that
    /// the deployment is gone.
    /// Nothing is sent meanwhile. Default 2 minutes.
    pub confirm_after: Duration,
    /// What to do when a domain fails. Default: roll back.
    pub on_failure: OnFailure,
    /// How to roll back: `Auto` leaves the domains to the platform, `Manual` walks them as on the way
    /// forward, each when the one before is healthy. Default `Auto`.
    pub rollback: RollbackMode,
    /// Goes on even if local data of instances is lost, there and back. Default false: the service
    /// refuses such an update.
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

/// What to do when an upgrade domain is not healthy in time, when accepted work fails, or when the time
/// is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// Roll back.
    RollBack,
    /// Send nothing more until a person has decided: [`Input::Promote`](crate::Input::Promote),
    /// [`Input::Resume`](crate::Input::Resume) or [`Input::Abort`](crate::Input::Abort).
    Pause,
}
