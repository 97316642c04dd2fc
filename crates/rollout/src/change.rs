use std::fmt;

use azure_classic_protocol::RequestId;
use serde::{Deserialize, Serialize};

/// A write request of a rollout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Upgrade Deployment or Change Deployment Configuration, in manual mode.
    Start,
    /// Walk Upgrade Domain.
    Walk {
        /// The domain, counted from 0.
        domain: u32,
    },
    /// Rollback Update Or Upgrade.
    RollBack,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("the start of the update"),
            Self::Walk { domain } => write!(f, "the walk of upgrade domain {domain}"),
            Self::RollBack => f.write_str("the rollback"),
        }
    }
}

/// A change that the service has accepted, with the request id of its operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Accepted {
    pub(crate) change: Change,
    pub(crate) request_id: RequestId,
}

/// The state of an accepted operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperationProgress<'a> {
    /// There is no operation that could be polled.
    Unknown,
    /// The operation is in progress, as far as is known.
    InProgress,
    /// The operation has succeeded.
    Ended,
    /// The operation has failed, for this reason.
    Failed(&'a str),
}
