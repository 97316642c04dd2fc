use std::fmt;

use azure_classic_text::sanitize;
use serde::{Deserialize, Serialize};

use crate::{Change, UnhealthyInstance};

/// The reason why a rollout rolls back or waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureReason {
    /// An operator aborted it.
    Aborted,
    /// An upgrade domain was not healthy in time.
    Unhealthy {
        /// The last domain that was walked.
        domain: u32,
        /// The unhealthy instances; empty if the domain was never updated.
        instances: Vec<UnhealthyInstance>,
    },
    /// An operation that the service had accepted failed.
    OperationFailed {
        /// The accepted change.
        change: Change,
        /// The error of the service.
        reason: String,
    },
    /// The timeout of the whole rollout expired.
    TimedOut,
}

impl fmt::Display for FailureReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aborted => f.write_str("an operator aborted it"),
            Self::Unhealthy { domain, instances } => {
                write!(f, "upgrade domain {domain} was not healthy in time")?;
                if !instances.is_empty() {
                    write!(f, ": {}", listing(instances))?;
                }
                Ok(())
            }
            Self::OperationFailed { change, reason } => {
                write!(f, "{change} was accepted and failed later: {}", truncated(reason))
            }
            Self::TimedOut => f.write_str("the timeout of the whole rollout expired"),
        }
    }
}

/// The maximal length of a service's text in a message, in characters.
const LONGEST: usize = 500;

/// Formats text of the service for a message: escaped, and truncated if it is long.
pub(crate) fn truncated(text: &str) -> impl fmt::Display {
    sanitize(text).truncated_to(LONGEST)
}

/// The maximal number of items in a message.
const LISTED: usize = 5;

/// Formats items with commas between them, and the number of further ones; each as [`shown`].
pub(crate) fn listing<T: fmt::Display>(things: &[T]) -> String {
    let mut list: Vec<String> =
        things.iter().take(LISTED).map(|it| truncated(&it.to_string()).to_string()).collect();
    if things.len() > LISTED {
        list.push(format!("and {} more", things.len() - LISTED));
    }
    list.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_domain_and_instances() {
        let instances = (0..7)
            .map(|at| UnhealthyInstance {
                instance: format!("Web_IN_{at}"),
                reason: "RestartingRole".into(),
            })
            .collect();
        assert_eq!(
            FailureReason::Unhealthy { domain: 2, instances }.to_string(),
            "upgrade domain 2 was not healthy in time: Web_IN_0 (RestartingRole), \
             Web_IN_1 (RestartingRole), Web_IN_2 (RestartingRole), Web_IN_3 (RestartingRole), \
             Web_IN_4 (RestartingRole), and 2 more"
        );
        let failure = FailureReason::OperationFailed {
            change: Change::Walk { domain: 1 },
            reason: "409".into(),
        };
        assert_eq!(
            failure.to_string(),
            "the walk of upgrade domain 1 was accepted and failed later: 409"
        );
    }
}
