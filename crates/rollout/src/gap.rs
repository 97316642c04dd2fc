use std::fmt;

use serde::{Deserialize, Serialize};

/// The most upgrade domains that a deployment may have here. The service allows 20; the rest is
/// tolerance. It bounds what a response can make the driver allocate.
pub(crate) const MAX_DOMAINS: u32 = 100;

/// A part of a deployment that a response does not show, or shows in a way that cannot be right.
///
/// A response with a gap is no evidence of health: see `docs/src/explanation/rollout.md`, "Evidence".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Gap {
    /// An instance that was listed before, or that the update brings, is not listed.
    Missing {
        /// Its name.
        instance: String,
        /// Its upgrade domain.
        domain: u32,
    },
    /// A role has fewer or more instances than the configuration asks for.
    Count {
        /// The role.
        role: String,
        /// How many instances the configuration asks for.
        configured: u32,
        /// How many are listed.
        listed: usize,
    },
    /// An instance is listed more than once.
    Duplicate {
        /// Its name.
        instance: String,
    },
    /// An instance is listed that neither version has.
    Unknown {
        /// Its name.
        instance: String,
    },
    /// An instance is in no upgrade domain, or in one that does not exist.
    NoSuchDomain {
        /// Its name.
        instance: String,
        /// The upgrade domain that is listed for it.
        domain: Option<u32>,
        /// How many upgrade domains there are.
        domains: u32,
    },
    /// An instance is in another upgrade domain than before.
    Moved {
        /// Its name.
        instance: String,
        /// The upgrade domain that it was in.
        from: u32,
        /// The upgrade domain that is listed for it.
        to: u32,
    },
    /// The number of upgrade domains is absent, zero, above the limit, or not what it was.
    DomainCount {
        /// The number in the response.
        found: Option<u32>,
        /// The number that there was before.
        before: Option<u32>,
    },
    /// The status says that an update is in progress, and `UpgradeStatus` is absent.
    UpgradeStatus,
    /// The update stands at an upgrade domain that does not exist.
    CurrentDomain {
        /// The upgrade domain in the response.
        found: Option<i64>,
        /// How many upgrade domains there are.
        domains: u32,
    },
}

impl Gap {
    /// The instance of which the response says what cannot be right, if it is one.
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
                "the role {role} has {listed} instances and its configuration asks for {configured}"
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
