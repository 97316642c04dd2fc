//! Bodies: limited in bytes and in time, each and all together.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf as _, Bytes, BytesMut};

use http_body_util::BodyExt as _;
use hyper::body::Body;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

/// A peer that sends this many bytes per second is never disconnected.
const MIN_BYTES_PER_SECOND: u32 = 16 * 1024;
/// This much of each body does not count, so that large bodies do not keep small ones out.
const FREE_BYTES: usize = 64 * 1024;

/// The number of bytes beyond the limit that are read and discarded: a peer reads the response only after it
/// has sent everything.
const MAX_DRAINED_BYTES: usize = 32 * 1024 * 1024;
/// A peer that sends nothing for this long gets its response at once.
const LINGER: Duration = Duration::from_secs(1);

/// How many bytes of bodies a port holds at a time.
#[derive(Debug, Clone)]
pub(super) struct ByteBudget(Arc<Semaphore>);

impl ByteBudget {
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))))
    }
}

/// The share of the budget that a body uses, until this is dropped.
#[derive(Default)]
pub(super) struct BudgetShare(Option<OwnedSemaphorePermit>);

impl BudgetShare {
    /// Takes what a body of this length needs; false when the budget does not have it.
    fn grow(&mut self, budget: &ByteBudget, length: usize) -> bool {
        let taken = self.0.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = length.saturating_sub(FREE_BYTES).saturating_sub(taken);
        let Ok(missing) = u32::try_from(missing) else { return false };
        match (budget.0.clone().try_acquire_many_owned(missing), &mut self.0) {
            (Err(_), _) => return false,
            (Ok(more), Some(share)) => share.merge(more),
            (Ok(more), share) => *share = Some(more),
        }
        true
    }
}

pub(super) enum BodyError {
    /// It took longer than it may.
    Slow,
    /// The budget is used up by other bodies.
    Busy,
    /// It broke off.
    Lost(io::Error),
}

/// Reads a body to its end; of one that is larger than the limit, a little more than that. It may take as
/// long as the patience, and as long as its bytes take at [`SLOWEST`].
pub(super) async fn read<B>(
    mut body: B,
    limit: usize,
    patience: Duration,
    budget: &ByteBudget,
) -> Result<(Bytes, BudgetShare), BodyError>
where
    B: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Unpin,
{
    let start = Instant::now();
    let (mut bytes, mut share) = (BytesMut::new(), BudgetShare::default());
    let (mut length, mut is_kept) = (0, true);
    while length <= limit.saturating_add(MAX_DRAINED_BYTES) {
        let received = u32::try_from(length).unwrap_or(u32::MAX);
        let deadline = start + patience + Duration::from_secs(1) * received / MIN_BYTES_PER_SECOND;
        let is_drained = !is_kept || bytes.len() > limit;
        let end = if is_drained { deadline.min(Instant::now() + LINGER) } else { deadline };
        let frame = match timeout_at(end, body.frame()).await {
            Err(_) if is_drained => break,
            Err(_) => return Err(BodyError::Slow),
            Ok(None) => break,
            Ok(Some(Err(error))) => return Err(BodyError::Lost(io::Error::other(error))),
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if is_drained {
            continue;
        }
        is_kept = share.grow(budget, length);
        if is_kept {
            bytes.extend_from_slice(data.chunk());
        } else {
            (bytes, share) = (BytesMut::new(), BudgetShare::default());
        }
    }
    if is_kept { Ok((bytes.freeze(), share)) } else { Err(BodyError::Busy) }
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;

    use super::*;

    async fn read_all(
        length: usize,
        budget: &ByteBudget,
    ) -> Result<(Bytes, BudgetShare), BodyError> {
        let body = Full::new(Bytes::from(vec![b'a'; length]));
        read(body, 1_000_000, Duration::from_secs(1), budget).await
    }

    #[tokio::test]
    async fn bodies_share_a_budget_until_they_are_dropped() {
        let budget = ByteBudget::new(100_000);
        let Ok((bytes, first)) = read_all(FREE_BYTES + 60_000, &budget).await else {
            panic!("busy")
        };
        assert_eq!(bytes.len(), FREE_BYTES + 60_000);
        assert!(matches!(read_all(FREE_BYTES + 40_001, &budget).await, Err(BodyError::Busy)));
        let Ok((_, second)) = read_all(FREE_BYTES + 40_000, &budget).await else { panic!("busy") };
        assert!(matches!(read_all(FREE_BYTES + 1, &budget).await, Err(BodyError::Busy)));
        assert!(read_all(FREE_BYTES, &budget).await.is_ok());
        drop((first, second));
        assert!(read_all(FREE_BYTES + 100_000, &budget).await.is_ok());
        assert!(matches!(read_all(FREE_BYTES + 100_001, &budget).await, Err(BodyError::Busy)));
    }
}
