//! Where an update stands, as far as it decides which instances there should be.

use super::Expected;
use crate::observed::{Observed, VersionOwner};

/// How far an update is, and where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stage {
    /// Whether it leads to the version from before.
    pub(super) is_back: bool,
    /// The upgrade domain that is next; `None` when no update is in progress.
    pub(super) next: Option<u32>,
}

impl Stage {
    /// The stage at which a complete list of instances counts: not while a domain is in work, because
    /// its instances come and go then.
    pub(crate) fn of(place: Observed) -> Option<Self> {
        let (whose, next) = match place {
            Observed::Updating(moving) if !moving.is_during => (moving.owner, Some(moving.domain)),
            Observed::Idle(whose) => (whose, None),
            Observed::Updating(_)
            | Observed::Deleted
            | Observed::Replaced
            | Observed::Locked
            | Observed::Unknown => {
                return None;
            }
        };
        match whose {
            VersionOwner::Before => Some(Self { is_back: true, next }),
            VersionOwner::After => Some(Self { is_back: false, next }),
            VersionOwner::Other => None,
        }
    }

    /// Whether it is on the way to the new version, or there.
    pub(crate) fn is_forward(self) -> bool {
        !self.is_back
    }

    /// Whether an instance must be listed now.
    pub(super) fn requires(self, expected: &Expected) -> bool {
        let (old, new) = (expected.is_before, expected.is_after);
        let is_done = self.next.is_none_or(|next| expected.domain < next);
        match (self.is_back, is_done) {
            (false, true) => new,
            (true, true) => old,
            // One that comes with the update has not come yet, or is left from before it turned back; one
            // that leaves with it may have been deleted before by another operator.
            (_, false) => old && new,
        }
    }
}
