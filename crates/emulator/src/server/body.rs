//! Bodies: limited in bytes and in time.

use std::io;
use std::time::Duration;

use bytes::{Buf as _, Bytes, BytesMut};

use http_body_util::BodyExt as _;
use hyper::body::Body;
use tokio::time::{Instant, timeout_at};

/// Whoever sends this many bytes in a second is never cut off.
const SLOWEST: u32 = 16 * 1024;

pub(super) enum BodyError {
    /// It took longer than it may.
    Slow,
    /// It broke off.
    Lost(io::Error),
}

/// Reads a body to its end, or until it is larger than the limit. It may take as long as the patience,
/// and as long as its bytes take at [`SLOWEST`].
pub(super) async fn read<B>(
    mut body: B,
    limit: usize,
    patience: Duration,
) -> Result<Bytes, BodyError>
where
    B: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Unpin,
{
    let start = Instant::now();
    let mut bytes = BytesMut::new();
    loop {
        let received = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let deadline = start + patience + Duration::from_secs(1) * received / SLOWEST;
        match timeout_at(deadline, body.frame()).await {
            Err(_) => return Err(BodyError::Slow),
            Ok(None) => break,
            Ok(Some(Err(error))) => return Err(BodyError::Lost(io::Error::other(error))),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    bytes.extend_from_slice(data.chunk());
                }
            }
        }
        if bytes.len() > limit {
            break;
        }
    }
    Ok(bytes.freeze())
}
