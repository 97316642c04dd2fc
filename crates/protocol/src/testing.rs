//! Shared parts of this crate's tests.

pub(crate) mod conversation;
pub(crate) mod golden;
