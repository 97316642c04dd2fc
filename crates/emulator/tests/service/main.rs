//! The emulated service, seen from outside: requests in, answers out.

mod bench;
mod changes;
mod credentials;
mod extension_configuration;
mod extensions;
mod fixtures;
mod life;
mod management_certificates;
mod operation_log;
mod properties;
mod refusals;
mod rollback;
mod service_certificates;
mod service_principals;
mod socket;
mod story;
mod subscription;
mod updates;
mod versions;
