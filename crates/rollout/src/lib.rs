//! Rolling upgrades of Azure cloud services (classic), without any I/O.
#![doc = ""]
mod change;
mod decide;
mod event;
mod failure;
mod finding;
mod health;
mod outcome;
mod place;
mod plan;
mod policy;
mod preflight;
mod record;
mod rollout;
mod stopped;
pub mod timeline;
mod version;

pub use self::change::Change;
pub use self::event::Event;
pub use self::failure::Failure;
pub use self::finding::Finding;
pub use self::health::{Health, Unwell};
pub use self::outcome::{Outcome, Standing};
pub use self::plan::Plan;
pub use self::policy::{OnFailure, Policy};
pub use self::record::{Ending, Pause, Phase, Record};
pub use self::rollout::{Input, Rollout};
pub use self::stopped::{Meddling, Stopped, Way, Why};
pub use self::timeline::Timeline;
pub use self::version::Version;
