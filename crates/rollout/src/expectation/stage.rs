//! The stage of an update, which decides which instances must exist.

use super::Expected;
use crate::observed::{Observed, VersionOwner};

/// The progress of an update, and its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stage {
    /// Whether it leads back to the old version.
    pub(super) is_rollback: bool,
    /// The upgrade domain that is next; `None` if no update is in progress.
    pub(super) next: Option<u32>,
}

impl Stage {
    /// The stage at which the list of instances must be complete. None while the platform updates a domain,
    /// because its instances are added and removed then.
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
            VersionOwner::Before => Some(Self { is_rollback: true, next }),
            VersionOwner::After => Some(Self { is_rollback: false, next }),
            VersionOwner::Other => None,
        }
    }

    /// Whether it leads to the new version, or has reached it.
    pub(crate) fn is_forward(self) -> bool {
        !self.is_rollback
    }

    /// Whether an instance must be listed now.
    pub(super) fn requires(self, expected: &Expected) -> bool {
        let (old, new) = (expected.is_before, expected.is_after);
        let is_done = self.next.is_none_or(|next| expected.domain < next);
        match (self.is_rollback, is_done) {
            (false, true) => new,
            (true, true) => old,
            // An instance that the update adds has not been added yet, or is left from before the rollback
            // started; one that the update removes may have been deleted before by another operator.
            (_, false) => old && new,
        }
    }
}
