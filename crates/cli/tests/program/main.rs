//! The built program, from the outside.

mod connection;
mod credential;
mod daemon;
mod demo;
mod doctor;
mod emulator;
mod encodings;
mod harness;
mod keeping;
mod killing;
mod kinds;
mod proxy;
#[cfg(unix)]
mod readme;
mod rollback;
mod rollout;
mod show;
mod terminal;
