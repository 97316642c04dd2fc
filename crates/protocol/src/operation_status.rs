//! The status of accepted operations.

use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::xml;
use crate::{
    ApiVersion, ErrorBody, Idempotency, Metadata, Method, Model, Operation, RequestBuilder,
    RequestId,
};

/// Reads the status of the operation that a request started.
///
/// The response is 200 even if the operation has failed. "Succeeded" means that the platform has taken over
/// the change; instances may still be starting, so poll the deployment if that matters. How long the service
/// keeps a status is not known. Since 2009-10-01.
///
/// [`OperationPoller`](crate::machine::OperationPoller) polls until the operation has ended.
///
/// Reference page: *Get Operation Status* (`get-operation-status`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{GetOperationStatus, RequestId};
///
/// let get = GetOperationStatus::new(RequestId::new("4f3a9cbde01c4d24a6b1ca5ed9a3a2b1"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetOperationStatus {
    request_id: RequestId,
}

impl GetOperationStatus {
    /// Reads the status of the operation that this request started.
    pub fn new(request_id: RequestId) -> Self {
        Self { request_id }
    }
}

impl Operation for GetOperationStatus {
    type Output = OperationStatus;

    const METADATA: Metadata = Metadata {
        name: "Get Operation Status",
        method: Method::GET,
        route: "/operations/{request-id}",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "get-operation-status",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        request.segment("request-id", "request id", self.request_id.as_str());
    }
}

/// The status of an operation (`Operation` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "Operation", rename_all = "PascalCase")]
pub struct OperationStatus {
    /// The id; equal to the header of the first response, in another spelling.
    #[serde(rename = "ID")]
    pub id: RequestId,
    /// Whether it is in progress, or how it ended.
    pub status: OperationState,
    /// The HTTP status of the operation; absent while it is in progress.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub http_status_code: Option<u16>,
    /// Why it failed; only present then.
    pub error: Option<ErrorBody>,
}

impl Model for OperationStatus {}

open_enum! {
    /// The state of an accepted operation.
    pub enum OperationState {
        /// In progress.
        InProgress,
        /// The platform has taken over the change.
        Succeeded,
        /// The operation has failed.
        Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;
    use crate::testing::golden;

    const ID: &str = "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1";

    #[test]
    fn request() {
        golden::request(
            &GetOperationStatus::new(RequestId::new("4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1")),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/operations/4f3a9cbde01c4d24a6b1ca5ed9a3a2b1
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_in_progress() {
        let status = golden::response::<GetOperationStatus>(
            r#"<Operation xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID><Status>InProgress</Status></Operation>"#,
        );
        assert_eq!(status.id, RequestId::new(ID));
        assert_eq!(status.status, OperationState::InProgress);
        assert_eq!(status.http_status_code, None);
        assert_eq!(status.error, None);
    }

    #[test]
    fn response_succeeded() {
        let status = golden::response::<GetOperationStatus>(
            r#"<Operation xmlns="http://schemas.microsoft.com/windowsazure"><ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID><Status>Succeeded</Status><HttpStatusCode>200</HttpStatusCode></Operation>"#,
        );
        assert_eq!(status.status, OperationState::Succeeded);
        assert_eq!(status.http_status_code, Some(200));
    }

    #[test]
    fn response_failed() {
        let status = golden::response::<GetOperationStatus>(
            r#"<Operation xmlns="http://schemas.microsoft.com/windowsazure">
                 <ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID>
                 <Status>Failed</Status>
                 <HttpStatusCode>400</HttpStatusCode>
                 <Error>
                   <Code>Compute.OverconstrainedAllocationRequest</Code>
                   <Message>The requested size is not available here.</Message>
                   <ConfigurationWarnings>
                     <ConfigurationWarning>
                       <WarningCode>W1</WarningCode>
                       <WarningMessage>a setting is not used</WarningMessage>
                     </ConfigurationWarning>
                   </ConfigurationWarnings>
                   <ConflictingOperationId>00000000-e01c-4d24-a6b1-ca5ed9a3a2b1</ConflictingOperationId>
                 </Error>
               </Operation>"#,
        );
        let error = status.error.unwrap();
        assert_eq!(error.code, ErrorCode::Other("Compute.OverconstrainedAllocationRequest".into()));
        assert_eq!(error.message, "The requested size is not available here.");
        assert_eq!(error.configuration_warnings[0].warning_code, "W1");
        assert_eq!(
            error.conflicting_operation_id,
            Some(RequestId::new("00000000e01c4d24a6b1ca5ed9a3a2b1"))
        );
    }
}
