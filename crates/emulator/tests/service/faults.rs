//! Faults by rule.

mod client_retries;
mod clock;
mod conditions;
mod files;
mod instances;
mod operations;
mod properties;
mod requests;
mod sockets;
