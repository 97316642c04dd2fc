//! The built program, from the outside.

mod connection;
mod crash_recovery;
mod credential;
mod daemon;
mod demo;
mod doctor;
mod emulator;
mod encodings;
mod file_kinds;
mod harness;
mod persistence;
mod proxy;
#[cfg(unix)]
mod readme;
mod rollback;
mod rollout;
mod show;
mod terminal;
