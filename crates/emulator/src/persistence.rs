//! What survives the process: a cloud in a state file.
//!
//! A cloud is a deterministic machine. The file holds the cloud as it was at some moment, and what it
//! was told since: requests that changed something, and steps of the time. Whoever opens the file
//! tells the cloud the same again.

mod error;
mod file;
mod input;
mod recorder;
#[cfg(test)]
mod tests;

use std::path::Path;

pub use self::error::StateError;
pub(crate) use self::file::StateFile;
pub(crate) use self::input::Input;
pub(crate) use self::recorder::{Recorder, WritePoint, WriteProgress};
use crate::{Settings, Simulator, StartError};

/// How many numbers for request ids a restart leaves out, because requests of before may have had
/// ids of which the file knows nothing: reads change nothing. Nobody reads as often within one run.
const IDS_PER_RUN: u64 = 1 << 40;

/// Opens a state file, or begins one with a new cloud.
pub(crate) fn open(
    path: &Path,
    settings: Settings,
    new: impl FnOnce(Settings) -> Result<Simulator, StartError>,
) -> Result<(StateFile, Simulator), StartError> {
    let failed = |source| StartError::State { file: path.to_owned(), source };
    let is_there = path.try_exists().map_err(|error| failed(StateError::Io(error)))?;
    if is_there {
        return restore(path, settings).map_err(failed);
    }
    let simulator = new(settings)?;
    let file = StateFile::create(path, &simulator.save_compact()).map_err(failed)?;
    Ok((file, simulator))
}

fn restore(path: &Path, settings: Settings) -> Result<(StateFile, Simulator), StateError> {
    let (file, kept) = StateFile::open(path)?;
    let mut simulator = Simulator::read(&kept.saved).map_err(StateError::Load)?;
    for (number, input) in kept.inputs {
        input.replay(number, &mut simulator)?;
    }
    simulator.apply_settings(settings).map_err(StateError::Load)?;
    if !kept.was_stopped {
        simulator.skip_ids(IDS_PER_RUN);
    }
    Ok((file, simulator))
}
