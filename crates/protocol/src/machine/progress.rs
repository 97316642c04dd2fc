use serde::{Deserialize, Serialize};

use crate::{Error, OperationStatus, RequestId};

/// What a wait has just learnt; shown to the observer of a [`LongRunningCall`](super::LongRunningCall) or
/// [`OperationPoller`](super::OperationPoller).
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// The call waits for the work of this request, which blocks it. Nothing has begun.
    Blocked(&'a RequestId),
    /// The service has accepted the work. From here on it goes on by itself: store the handle.
    Accepted(&'a OperationHandle),
    /// How the work stands; also at its end.
    Read(&'a OperationStatus),
    /// A question went wrong for a reason that may pass; it will be asked again.
    Failed(&'a Error),
}

pub(super) type Observer = Box<dyn FnMut(Progress<'_>) + Send>;

/// A handle of accepted work, to be stored and taken up later, by this process or another:
/// [`OperationPoller::resume`](super::OperationPoller::resume).
///
/// It is good for the endpoint and the subscription that accepted the work, for as long as the service
/// keeps its status; how long that is, is not known.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::machine::{Poll, Retry, OperationPoller, OperationHandle};
/// use azure_classic_protocol::Endpoint;
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let stored = r#"{
///     "request_id": "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1",
///     "operation": "Rollback Update Or Upgrade"
/// }"#;
/// let handle: OperationHandle = serde_json::from_str(stored)?;
/// let poller = OperationPoller::resume(&endpoint, &handle, &Poll::default(), &Retry::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OperationHandle {
    /// Names the request that started the work.
    pub request_id: RequestId,
    /// The operation that started it, by its name as the reference has it; for people, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}
