use std::fmt;

use azure_classic_protocol::RequestId;
use serde::{Deserialize, Serialize};

/// A request of a rollout that changes something at the service.
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

/// A change that the service has accepted, and the name of the work that it started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Accepted {
    pub(crate) change: Change,
    pub(crate) request_id: RequestId,
}

/// How accepted work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperationProgress<'a> {
    /// There is none that could be asked about.
    Unknown,
    /// It goes on, as far as is known.
    InProgress,
    /// It has ended well.
    Ended,
    /// It has failed, for this reason.
    Failed(&'a str),
}
