//! What the program does, one file for each command.

mod emulator;
mod journal;
mod rollback;
mod rollout;
mod sample;
mod show;
mod stop;
mod waiting;
mod written;

pub(crate) use self::emulator::emulator;
pub(crate) use self::rollback::rollback;
pub(crate) use self::rollout::rollout;
pub(crate) use self::show::show;
