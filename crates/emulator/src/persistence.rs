//! Persists a simulator in a state file.
//!
//! A simulator is deterministic. The file contains its state at some time, and its inputs since then: write
//! requests, and steps of the time. Opening the file replays the inputs.

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

/// The number of request ids that a restart skips, because earlier requests may have had ids that the file
/// does not contain: reads change nothing. No run has that many reads.
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
