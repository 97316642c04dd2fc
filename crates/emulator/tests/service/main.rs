//! The emulated service, seen from outside: requests in, answers out.

mod affinity_groups;
mod bench;
mod catalogues;
mod changes;
mod cloud_services;
mod credentials;
mod life;
mod limits;
mod own_client;
mod properties;
mod refusals;
mod rollback;
mod socket;
mod storage_accounts;
mod story;
mod updates;
mod versions;
