//! The emulated service, seen from outside: requests in, answers out.

mod bench;
mod changes;
mod deeds;
mod keeping;
mod life;
mod promises;
mod properties;
mod refusals;
mod rollback;
mod socket;
mod story;
mod updates;
mod versions;
