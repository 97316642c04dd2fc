use std::error::Error;
use std::io;
use std::path::PathBuf;

use azure_classic_protocol::InvalidSubscriptionId;

use crate::faults::InvalidRule;
use crate::{FixtureError, LoadError, StateError};

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The subscription id is none.
    #[error("the emulator's subscription id is not usable")]
    Subscription(#[source] InvalidSubscriptionId),
    /// The speed is negative, infinite or not a number.
    #[error("the emulator cannot run at a speed of {0}; give a number from 0 (stands still) up")]
    Speed(f64),
    /// The number of upgrade domains is not one that a deployment can have.
    #[error("a deployment cannot have {0} upgrade domains; give a number from 1 to 20")]
    UpgradeDomains(u32),
    /// A fault rule is invalid.
    #[error(transparent)]
    Fault(#[from] InvalidRule),
    /// The address cannot be listened on.
    #[error("the emulator cannot listen on {address}")]
    Listen {
        /// The address as it was given.
        address: String,
        /// Why not.
        source: io::Error,
    },
    /// The admin port cannot be opened.
    #[error("the emulator's admin port cannot be opened; it wants a loopback address")]
    Admin(#[source] io::Error),
    /// The directory cannot be used.
    #[error("the emulator cannot keep its files in {}", directory.display())]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The fixture cannot be used.
    #[error("the fixture cannot be used")]
    Fixture(#[from] FixtureError),
    /// The saved state cannot be loaded.
    #[error("the saved state cannot be loaded")]
    Load(#[from] LoadError),
    /// The state file cannot be used.
    #[error("the emulator cannot keep its state in {}", file.display())]
    State {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: StateError,
    },
    /// The certificates cannot be made or used.
    #[error("the emulator's certificates cannot be made")]
    Certificate(#[source] Box<dyn Error + Send + Sync>),
}

impl StartError {
    pub(crate) fn certificate(source: impl Error + Send + Sync + 'static) -> Self {
        Self::Certificate(Box::new(source))
    }
}
