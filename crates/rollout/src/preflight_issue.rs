use std::fmt;

use serde::{Deserialize, Serialize};

use crate::failure::{listing, truncated};
use crate::{DeploymentSummary, Gap, UnhealthyInstance};

/// A result of the preflight for a plan and its deployment.
///
/// An [error](Self::is_error) prevents the start. A warning does so, too, unless the plan [accepts
/// warnings](crate::Plan::accept_warnings).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PreflightIssue {
    /// Error: the request that starts the update cannot be built because of an address, a label or a name.
    InvalidRequest(String),
    /// Error: the configuration cannot be parsed.
    UnreadableConfiguration(String),
    /// Error: an update is in progress. It can be adopted, walked or rolled back, but not replaced.
    UpdateInProgress(Box<DeploymentSummary>),
    /// Error: an operation holds the deployment.
    Locked,
    /// Error: the deployment is neither running nor suspended; contains its status.
    Status(String),
    /// Error: the response does not show the whole deployment, so its health could not be checked.
    Incomplete(Vec<Gap>),
    /// Error: the response lacks facts that drive an update: the deployment is being created, or the
    /// endpoint's `x-ms-version` is older than 2011-10-01.
    MissingEvidence,
    /// Error: it is a deployment of virtual machines.
    VirtualMachines,
    /// Error: the label is empty or equals the present one, so the update could not be recognized.
    Label,
    /// Error: the configuration equals the present one.
    NothingToChange,
    /// Error: the role to upgrade is not among the running roles.
    UnknownRole {
        /// The role in the plan.
        role: String,
        /// The running roles.
        present: Vec<String>,
    },
    /// Error: the update would add and remove roles at once, or an update of less than the whole package
    /// would change the set of roles. The service supports neither in place.
    Roles {
        /// Running roles that the configuration lacks.
        gone: Vec<String>,
        /// Configured roles that do not run.
        added: Vec<String>,
    },
    /// Error: a role would have no instances.
    NoInstances(String),
    /// Warning: roles would be removed with all their instances.
    RolesRemoved(Vec<String>),
    /// Warning: the upgrade is of another role alone, so this role would keep its instances although its
    /// configuration has another number.
    CountWithoutEffect {
        /// The name of the role.
        role: String,
        /// The number of instances that it keeps.
        present: u32,
        /// The number in the configuration of the plan.
        planned: u32,
    },
    /// Warning: a role would lose instances and their local data. Without
    /// [`Policy::force`](crate::Policy::force) the service may reject that.
    FewerInstances {
        /// The name of the role.
        role: String,
        /// The present number of instances.
        present: u32,
        /// The planned number of instances.
        planned: u32,
    },
    /// Warning: the family of the guest OS changes. Without [`Policy::force`](crate::Policy::force) the
    /// service may reject changes that lose local data.
    OsFamily {
        /// The present family.
        present: String,
        /// The planned family.
        planned: String,
    },
    /// Warning: a configuration change has other settings than the present configuration; the running package
    /// must declare them.
    Settings {
        /// The name of the role.
        role: String,
        /// The names of added and removed settings.
        names: Vec<String>,
    },
    /// Warning: a role will be down for a while, because it has a single instance.
    SingleInstance(String),
    /// Warning: a role will be down for a while, because all its instances are in one upgrade domain.
    SingleDomain {
        /// The name of the role.
        role: String,
        /// The upgrade domain.
        domain: u32,
    },
    /// Warning: instances are not up before the start.
    UnhealthyInstances(Vec<UnhealthyInstance>),
    /// Warning: the deployment has extensions, and the plan does not set them. The effect on them is not
    /// known.
    Extensions,
}

impl PreflightIssue {
    /// Whether it prevents the start in any case.
    pub fn is_error(&self) -> bool {
        !matches!(
            self,
            Self::RolesRemoved(_)
                | Self::FewerInstances { .. }
                | Self::CountWithoutEffect { .. }
                | Self::OsFamily { .. }
                | Self::Settings { .. }
                | Self::SingleInstance(_)
                | Self::SingleDomain { .. }
                | Self::UnhealthyInstances(_)
                | Self::Extensions
        )
    }
}

impl fmt::Display for PreflightIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(why) | Self::UnreadableConfiguration(why) => truncated(why).fmt(f),
            Self::UpdateInProgress(summary) => {
                write!(f, "an update is in progress, which this one would replace: {summary}")
            }
            Self::Locked => f.write_str("an operation holds the deployment (Locked)"),
            Self::Status(status) => {
                write!(f, "the deployment is {status}; it must be Running or Suspended")
            }
            Self::MissingEvidence => f.write_str(
                "the service returns neither configuration, upgrade domains nor lock; wait until the deployment is created, and use x-ms-version 2011-10-01 or newer",
            ),
            Self::Incomplete(gaps) => {
                write!(f, "the response does not show the whole deployment: {}", listing(gaps))
            }
            Self::VirtualMachines => f.write_str(
                "it is a deployment of virtual machines, which have no package to upgrade",
            ),
            Self::Label => f.write_str(
                "the label is empty or the present one; give a new one, by which the update is \
                 recognised",
            ),
            Self::NothingToChange => {
                f.write_str("the configuration equals the present one; nothing would change")
            }
            Self::UnknownRole { role, present } => {
                write!(f, "the role {} does not run; there are {}", truncated(&format!("{role:?}")), listing(present))
            }
            Self::Roles { gone, added } => {
                f.write_str("roles can be neither renamed nor, without the whole package, added or removed in place")?;
                if !gone.is_empty() {
                    write!(f, "; the configuration lacks {}", listing(gone))?;
                }
                if !added.is_empty() {
                    write!(f, "; it has {}, which do not run", listing(added))?;
                }
                Ok(())
            }
            Self::NoInstances(role) => write!(f, "the role {} would have no instances", truncated(role)),
            Self::RolesRemoved(roles) => {
                write!(f, "roles would be removed with all their instances: {}", listing(roles))
            }
            Self::FewerInstances { role, present, planned } => write!(
                f,
                "the role {} would have {planned} instances instead of {present}; local data of the \
                 others is lost, and the service may want Force for that",
                truncated(role)
            ),
            Self::CountWithoutEffect { role, present, planned } => write!(
                f,
                "the role {} is not upgraded and keeps its {present} instances; the configuration has \
                 {planned}",
                truncated(role)
            ),
            Self::OsFamily { present, planned } => write!(
                f,
                "the guest operating system would be of family {} instead of {}; the service may want \
                 Force for that",
                truncated(&format!("{planned:?}")),
                truncated(&format!("{present:?}"))
            ),
            Self::Settings { role, names } => write!(
                f,
                "settings of the role {} come or go, which the package that runs must declare: {}",
                truncated(role),
                listing(names)
            ),
            Self::SingleInstance(role) => {
                write!(f, "the role {} has a single instance, so it will be down for a while", truncated(role))
            }
            Self::SingleDomain { role, domain } => write!(
                f,
                "all instances of the role {} are in upgrade domain {domain}, so it will be down for a \
                 while",
                truncated(role)
            ),
            Self::UnhealthyInstances(unhealthy) => {
                write!(f, "instances are not up before the start: {}", listing(unhealthy))
            }
            Self::Extensions => f.write_str(
                "the deployment has extensions, and the plan does not say which apply; what becomes of \
                 them is not known",
            ),
        }
    }
}
