//! The emulated service, seen from outside: requests in, answers out.

mod bench;
mod changes;
mod credentials;
mod faults;
mod journal;
mod life;
mod properties;
mod refusals;
mod rollback;
mod socket;
mod somebody;
mod story;
mod updates;
mod versions;
