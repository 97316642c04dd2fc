//! The emulated service, seen from outside: requests in, answers out.

mod bench;
mod changes;
mod credentials;
mod extension_configuration;
mod extensions;
mod fixtures;
mod life;
mod management_certificates;
mod properties;
mod refusals;
mod rollback;
mod service_certificates;
mod socket;
mod story;
mod updates;
mod versions;
