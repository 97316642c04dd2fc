//! The emulated service, seen from outside: requests in, answers out.

mod bench;
mod changes;
mod credentials;
mod events;
mod force;
mod life;
mod packages;
mod properties;
mod refusals;
mod role_instances;
mod rollback;
mod shape;
mod socket;
mod status;
mod story;
mod swap;
mod transitions;
mod updates;
mod versions;
