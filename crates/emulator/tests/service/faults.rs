//! Faults by rule.

mod clock;
mod conditions;
mod files;
mod instances;
mod machines;
mod properties;
mod requests;
mod sockets;
mod work;
