use std::fmt;

use serde::{Deserialize, Serialize};

/// The maximal number of upgrade domains of a deployment. The service allows 20; the rest is tolerance. It
/// bounds the memory that a response can make the driver allocate.
pub(crate) const MAX_DOMAINS: u32 = 100;

/// A part of a deployment that a response does not show, or that cannot be right.
///
/// A response with a gap is no evidence of health: see `docs/src/explanation/rollout.md`, "Evidence".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Gap {
    /// An instance that was listed before, or that the update adds, is not listed.
    Missing {
        /// The name of the instance.
        instance: String,
        /// Its upgrade domain.
        domain: u32,
    },
    /// A role has fewer or more instances than configured.
    Count {
        /// The name of the role.
        role: String,
        /// The configured number of instances.
        configured: u32,
        /// The listed number of instances.
        listed: usize,
    },
    /// An instance is listed more than once.
    Duplicate {
        /// The name of the instance.
        instance: String,
    },
    /// A listed instance belongs to neither version.
    Unknown {
        /// The name of the instance.
        instance: String,
    },
    /// An instance is in no upgrade domain, or in one that does not exist.
    NoSuchDomain {
        /// The name of the instance.
        instance: String,
        /// The listed upgrade domain.
        domain: Option<u32>,
        /// The number of upgrade domains.
        domains: u32,
    },
    /// An instance is in another upgrade domain than before.
    Moved {
        /// The name of the instance.
        instance: String,
        /// The previous upgrade domain.
        from: u32,
        /// The listed upgrade domain.
        to: u32,
    },
    /// The number of upgrade domains is absent, zero, above the limit, or has changed.
    DomainCount {
        /// The number in the response.
        found: Option<u32>,
        /// The previous number.
        before: Option<u32>,
    },
    /// The status says that an update is in progress, and `UpgradeStatus` is absent.
    UpgradeStatus,
    /// The update stands at an upgrade domain that does not exist.
    CurrentDomain {
        /// The upgrade domain in the response.
        found: Option<i64>,
        /// The number of upgrade domains.
        domains: u32,
    },
}

impl Gap {
    /// The instance whose facts cannot be right, if the gap concerns one.
    pub(crate) fn instance(&self) -> Option<&str> {
        match self {
            Self::Missing { instance, .. }
            | Self::Duplicate { instance }
            | Self::Unknown { instance }
            | Self::NoSuchDomain { instance, .. }
            | Self::Moved { instance, .. } => Some(instance),
            Self::Count { .. }
            | Self::DomainCount { .. }
            | Self::UpgradeStatus
            | Self::CurrentDomain { .. } => None,
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { instance, domain } => {
                write!(f, "{instance} of upgrade domain {domain} is not listed")
            }
            Self::Count { role, configured, listed } => write!(
                f,
                "the role {role} has {listed} instances, but its configuration has {configured}"
            ),
            Self::Duplicate { instance } => write!(f, "{instance} is listed more than once"),
            Self::Unknown { instance } => {
                write!(f, "{instance} is listed, and is of neither version")
            }
            Self::NoSuchDomain { instance, domain: None, .. } => {
                write!(f, "{instance} is in no upgrade domain")
            }
            Self::NoSuchDomain { instance, domain: Some(domain), domains } => write!(
                f,
                "{instance} is in upgrade domain {domain}, and there are domains 0 to {}",
                domains.saturating_sub(1)
            ),
            Self::Moved { instance, from, to } => {
                write!(f, "{instance} is in upgrade domain {to}, and was in {from}")
            }
            Self::DomainCount { found: None, .. } => f.write_str("UpgradeDomainCount is absent"),
            Self::DomainCount { found: Some(found), before: Some(before) } => {
                write!(f, "UpgradeDomainCount is {found}, and was {before}")
            }
            Self::DomainCount { found: Some(found), before: None } => {
                write!(f, "UpgradeDomainCount is {found}; from 1 to {MAX_DOMAINS} are supported")
            }
            Self::UpgradeStatus => {
                f.write_str("UpgradeStatus is absent although the status is that of an update")
            }
            Self::CurrentDomain { found: None, .. } => {
                f.write_str("CurrentUpgradeDomain is absent")
            }
            Self::CurrentDomain { found: Some(found), domains } => write!(
                f,
                "CurrentUpgradeDomain is {found}, and there are domains 0 to {}",
                domains.saturating_sub(1)
            ),
        }
    }
}
