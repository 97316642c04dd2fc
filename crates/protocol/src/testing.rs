//! What the tests of this crate share.

pub(crate) mod conversation;
pub(crate) mod golden;
