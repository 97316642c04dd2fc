use serde::{Deserialize, Serialize};

use crate::{Error, OperationStatus, RequestId};

/// An event of a wait, for the observer of a [`LongRunningCall`](super::LongRunningCall) or
/// [`OperationPoller`](super::OperationPoller).
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// The call waits for the operation of this request, which blocks it. Nothing has started.
    Blocked(&'a RequestId),
    /// The service has accepted the operation, which now continues by itself: store the handle.
    Accepted(&'a OperationHandle),
    /// The status of the operation; also at its end.
    Read(&'a OperationStatus),
    /// A poll failed with a transient error, and will be repeated.
    Failed(&'a Error),
}

pub(super) type Observer = Box<dyn FnMut(Progress<'_>) + Send>;

/// The handle of an accepted operation, to be stored and polled later by this process or another:
/// [`OperationPoller::resume`](super::OperationPoller::resume).
///
/// It is valid for the endpoint and the subscription that accepted the operation, as long as the service
/// keeps its status; that time is not known.
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
    /// Returns the id of the request that started the operation.
    pub request_id: RequestId,
    /// Returns the name of the operation, as in the reference, if it is known; for display.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}
