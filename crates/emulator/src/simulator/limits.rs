use serde::{Deserialize, Serialize};

use super::Simulator;
use super::api_error::ApiError;
use super::deployment::Deployment;

/// The limits of the subscription. The simulator rejects requests beyond them with 400 `BadRequest` and the
/// service's message.
///
/// The default leaves room for experiments with thousands of instances.
///
/// ```
/// use azure_classic_emulator::{Emulator, SubscriptionLimits};
///
/// let like_a_new_subscription = Emulator::builder().limits(SubscriptionLimits::NEW_SUBSCRIPTION);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SubscriptionLimits {
    /// Cores of all role instances, which are `Small` and have one each; those of suspended
    /// deployments count. Default: 1,000,000.
    pub cores: u32,
    /// Cloud services. Default: 100,000.
    pub cloud_services: u32,
    /// Storage accounts. Default: 100,000.
    pub storage_accounts: u32,
}

impl SubscriptionLimits {
    /// The default limits of a real subscription: 20 cores, 20 cloud services, 100 storage accounts.
    pub const NEW_SUBSCRIPTION: Self =
        Self { cores: 20, cloud_services: 20, storage_accounts: 100 };
}

impl Default for SubscriptionLimits {
    fn default() -> Self {
        Self { cores: 1_000_000, cloud_services: 100_000, storage_accounts: 100_000 }
    }
}

/// The use of a limited resource, and its limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quota {
    /// As the service calls it when it is exceeded.
    kind: &'static str,
    limit: u32,
    pub(crate) used: u32,
}

impl Quota {
    /// Checks whether this many more are allowed.
    pub(crate) fn check(&self, more: u32) -> Result<(), ApiError> {
        let Self { kind, limit, used } = *self;
        if more == 0 || used.saturating_add(more) <= limit {
            return Ok(());
        }
        Err(ApiError::bad_request(format!(
            "The subscription policy limit for resource type '{kind}' was exceeded. The limit for \
             resource type '{kind}' is {limit} per subscription, the current count is {used}, and \
             the requested increment is {more}."
        )))
    }
}

impl Simulator {
    pub(super) fn cores(&self) -> Quota {
        let used = self.deployments.values().map(Deployment::cores);
        Quota { kind: "cores count", limit: self.limits().cores, used: used.sum() }
    }

    pub(super) fn service_quota(&self) -> Quota {
        Quota {
            kind: "hosted service count",
            limit: self.limits().cloud_services,
            used: count(self.services.len()),
        }
    }

    pub(super) fn storage_account_quota(&self) -> Quota {
        Quota {
            kind: "storage account count",
            limit: self.limits().storage_accounts,
            used: count(self.storage_accounts.len()),
        }
    }

    fn limits(&self) -> &SubscriptionLimits {
        &self.shared.settings.limits
    }
}

fn count(things: usize) -> u32 {
    u32::try_from(things).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unchanged_use_is_allowed_beyond_the_limit() {
        let quota = |used| Quota { kind: "cores count", limit: 20, used };
        assert!(quota(19).check(1).is_ok() && quota(20).check(1).is_err());
        assert!(quota(30).check(0).is_ok() && quota(1).check(u32::MAX).is_err());
    }
}
