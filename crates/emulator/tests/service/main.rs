//! The emulated service, seen from outside: requests in, answers out.

mod affinity_groups;
mod bench;
mod catalogues;
mod changes;
mod cloud_services;
mod credentials;
mod extension_configuration;
mod extensions;
mod fixtures;
mod life;
mod limits;
mod management_certificates;
mod operation_log;
mod own_client;
mod properties;
mod refusals;
mod rollback;
mod service_certificates;
mod service_principals;
mod socket;
mod storage_accounts;
mod story;
mod subscription;
mod updates;
mod versions;
