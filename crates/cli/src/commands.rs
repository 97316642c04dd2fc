//! What the program does, one file for each command.

mod emulator;
mod journal;
mod rollback;
mod show;
mod waiting;

pub(crate) use self::emulator::emulator;
pub(crate) use self::rollback::rollback;
pub(crate) use self::show::show;
