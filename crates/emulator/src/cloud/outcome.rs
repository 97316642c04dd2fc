use std::time::Duration;

use bytes::Bytes;
use http::Response;

/// What becomes of a request.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// How long the answer is held back, in the emulator's own time.
    pub delay: Duration,
    /// The answer; `None` when a fault cuts the connection instead.
    pub answer: Option<Response<Bytes>>,
}

impl Outcome {
    pub(crate) fn answer(answer: Response<Bytes>) -> Self {
        Self { delay: Duration::ZERO, answer: Some(answer) }
    }
}
