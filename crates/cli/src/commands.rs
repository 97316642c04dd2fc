//! The commands of the program, one file each.

mod emulator;
mod http_dump;
mod journal;
mod rollback;
mod rollout;
mod sample;
mod show;
mod shutdown;
mod waiter;

pub(crate) use self::emulator::emulator;
pub(crate) use self::rollback::rollback;
pub(crate) use self::rollout::rollout;
pub(crate) use self::show::show;
