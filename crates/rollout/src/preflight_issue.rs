use std::fmt;

use serde::{Deserialize, Serialize};

use crate::failure::{listing, truncated};
use crate::{DeploymentSummary, Gap, UnhealthyInstance};

/// What the preflight says about a plan and the deployment that it is for.
///
/// An [error](Self::is_error) stands in the way. A warning does, too, unless the plan
/// [accepts warnings](crate::Plan::accept_warnings).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PreflightIssue {
    /// Error: the request that starts the update cannot be built: an address, a label, a name.
    InvalidRequest(String),
    /// Error: the configuration cannot be read.
    UnreadableConfiguration(String),
    /// Error: an update is in progress. It can be adopted, walked or rolled back, but not replaced.
    UpdateInProgress(Box<DeploymentSummary>),
    /// Error: an operation holds the deployment.
    Locked,
    /// Error: the deployment is neither running nor suspended; with its status.
    Status(String),
    /// Error: the response does not show the whole deployment, so its health could not be judged.
    Incomplete(Vec<Gap>),
    /// Error: the service tells too little to drive an update: the deployment is being made, or the
    /// endpoint's `x-ms-version` is older than 2011-10-01.
    MissingEvidence,
    /// Error: it is a deployment of virtual machines.
    VirtualMachines,
    /// Error: the label is the present one, or empty, so that the update could not be recognised.
    Label,
    /// Error: the configuration says what the present one says.
    NothingToChange,
    /// Error: the role to upgrade is not among those that run.
    UnknownRole {
        /// The role that the plan names.
        role: String,
        /// Those that there are.
        present: Vec<String>,
    },
    /// Error: roles would come and go at once, which is a renaming, or an update that is not of the
    /// whole package would change the set of roles. Neither can be made in place.
    Roles {
        /// Those that the configuration lacks.
        gone: Vec<String>,
        /// Those that do not run.
        added: Vec<String>,
    },
    /// Error: a role would have no instances.
    NoInstances(String),
    /// Warning: roles would be removed with all their instances.
    RolesRemoved(Vec<String>),
    /// Warning: the upgrade of another role alone would leave this one its instances, and its configuration
    /// would ask for another number.
    CountWithoutEffect {
        /// The role.
        role: String,
        /// How many instances it keeps.
        present: u32,
        /// How many the configuration of the plan asks for.
        planned: u32,
    },
    /// Warning: a role would lose instances and their local data. Without
    /// [`Policy::force`](crate::Policy::force) the service may refuse that.
    FewerInstances {
        /// The role.
        role: String,
        /// How many instances it has.
        present: u32,
        /// How many it would have.
        planned: u32,
    },
    /// Warning: another family of the guest operating system; without
    /// [`Policy::force`](crate::Policy::force) the service may refuse what loses local data.
    OsFamily {
        /// The present family.
        present: String,
        /// The planned one.
        planned: String,
    },
    /// Warning: a change of configuration with other settings than the present one; the package that
    /// runs must declare them.
    Settings {
        /// The role.
        role: String,
        /// Settings that come or go.
        names: Vec<String>,
    },
    /// Warning: a role will be down for a while, because it has a single instance.
    SingleInstance(String),
    /// Warning: a role will be down for a while, because all its instances are in one upgrade domain.
    SingleDomain {
        /// The role.
        role: String,
        /// The domain.
        domain: u32,
    },
    /// Warning: instances are not up before anything has begun.
    UnhealthyInstances(Vec<UnhealthyInstance>),
    /// Warning: the deployment has extensions, and the plan does not say which apply. What becomes of
    /// them is not known.
    Extensions,
}

impl PreflightIssue {
    /// Whether it stands in the way whatever the plan accepts.
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
            Self::UpdateInProgress(standing) => {
                write!(f, "an update is in progress, which this one would replace: {standing}")
            }
            Self::Locked => f.write_str("an operation holds the deployment (Locked)"),
            Self::Status(status) => {
                write!(f, "the deployment is {status}; it must be Running or Suspended")
            }
            Self::MissingEvidence => f.write_str(
                "the service tells neither configuration, upgrade domains nor lock; wait until the \
                 deployment is made, and use x-ms-version 2011-10-01 or newer",
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
                f.write_str("the configuration says what the present one says; nothing would change")
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
                "the role {} is not upgraded and keeps its {present} instances; the configuration asks for \
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
                write!(f, "instances are not up before anything has begun: {}", listing(unhealthy))
            }
            Self::Extensions => f.write_str(
                "the deployment has extensions, and the plan does not say which apply; what becomes of \
                 them is not known",
            ),
        }
    }
}
