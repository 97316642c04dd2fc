use serde::{Deserialize, Serialize};

use crate::deployment::UpdateMode;
use crate::open_enum::open_enum;
use crate::xml;

open_enum! {
    /// Where a deployment is in its life. Says nothing about its instances.
    pub enum DeploymentStatus {
        /// It runs; instances may still be starting.
        Running,
        /// It is stopped, and costs money all the same.
        Suspended,
        /// It runs, and an update moves through it.
        RunningTransitioning,
        /// It is stopped, and an update moves through it.
        SuspendedTransitioning,
        /// On the way from `Suspended` to `Running`.
        Starting,
        /// On the way from `Running` to `Suspended`.
        Suspending,
        /// Being made.
        Deploying,
        /// Being deleted.
        Deleting,
        /// Its state is unknown. Documented only.
        Unavailable,
    }
}

/// Where an update in progress stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpgradeStatus {
    /// How the update moves.
    #[serde(default)]
    pub upgrade_type: UpdateMode,
    /// Whether the current domain waits or is being worked on.
    #[serde(default)]
    pub current_upgrade_domain_state: CurrentUpgradeDomainState,
    /// The number of the domain that is next or being worked on, counted from 0, as it came: -1 occurs.
    /// [`domain`](Self::domain) is the number where it names a domain.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub current_upgrade_domain: Option<i64>,
}

impl UpgradeStatus {
    /// The domain that is next or being worked on, counted from 0; `None` when the response names none.
    pub fn domain(&self) -> Option<u32> {
        self.current_upgrade_domain.and_then(|number| u32::try_from(number).ok())
    }
}

open_enum! {
    /// Whether the current upgrade domain waits or is being worked on.
    pub enum CurrentUpgradeDomainState {
        /// The domain waits: for its turn, or for a walk.
        Before,
        /// The domain's instances are being changed.
        During,
    }
}

open_enum! {
    /// Where an instance is in its life.
    pub enum InstanceStatus {
        /// Not known.
        RoleStateUnknown,
        /// Unknown; a name on one reference page that recorded responses never contain.
        Unknown,
        /// Its virtual machine is being made.
        CreatingVm = "CreatingVM",
        /// Its virtual machine is starting.
        StartingVm = "StartingVM",
        /// Its role is being made.
        CreatingRole,
        /// Its role is starting.
        StartingRole,
        /// Started and serving.
        ReadyRole,
        /// Takes no requests, mostly while it is being made or stopped.
        BusyRole,
        /// Its role is stopping.
        StoppingRole,
        /// Its virtual machine is stopping.
        StoppingVm = "StoppingVM",
        /// Its virtual machine is being deleted.
        DeletingVm = "DeletingVM",
        /// Its virtual machine is off, and nothing follows.
        StoppedVm = "StoppedVM",
        /// Stopped unexpectedly or could not start.
        RestartingRole,
        /// Keeps failing after its start. Sent by versions up to 2014-02-01 only.
        CyclingRole,
        /// Failed to start again and again.
        FailedStartingRole,
        /// Its virtual machine failed to start again and again: trouble of the platform.
        FailedStartingVm = "FailedStartingVM",
        /// It does not respond.
        UnresponsiveRole,
        /// Stopped and released. Since 2013-06-01.
        StoppedDeallocated,
        /// Its disk is being copied. Since 2014-05-01.
        Preparing,
        /// Its operating system is being set up.
        Provisioning,
        /// Its operating system could not be set up.
        ProvisioningFailed,
        /// Setting up its operating system took too long.
        ProvisioningTimeout,
        /// Being stopped and released.
        StoppingAndDeallocating,
        /// A name of the oldest versions.
        Initializing,
        /// A name of the oldest versions.
        Ready,
        /// A name of the oldest versions.
        Busy,
        /// A name of the oldest versions.
        Stopping,
        /// A name of the oldest versions.
        Stopped,
        /// A name of the oldest versions.
        Unresponsive,
    }
}

open_enum! {
    /// Whether an instance's machine is on.
    pub enum PowerState {
        /// Going on.
        Starting,
        /// On.
        Started,
        /// Going off.
        Stopping,
        /// Off.
        Stopped,
        /// Not known.
        Unknown,
    }
}
