//! The status of operations on virtual network gateways and application gateways, which have their own form.

use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::{
    ApiVersion, DateTime, ErrorBody, Idempotency, Metadata, Method, Model, Operation,
    RequestBuilder,
};

/// Reads the status of an operation on a gateway.
///
/// [`GetOperationStatus`](crate::GetOperationStatus) does not know operations on virtual network gateways and
/// application gateways. Their response has the id in its body ([`GatewayOperationAsyncResponse`]), success
/// is [`Successful`](GatewayOperationState), and statuses are texts instead of numbers. Since 2012-03-01, as
/// far as can be inferred. [`GatewayOperationPoller`](crate::machine::GatewayOperationPoller) polls until the
/// operation has ended.
///
/// Reference page: *Get Gateway (networking) Operation Status* (`get-gateway-operation-status`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::GetGatewayOperationStatus;
///
/// let get = GetGatewayOperationStatus::new("4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetGatewayOperationStatus {
    id: String,
}

impl GetGatewayOperationStatus {
    /// Reads the status of the operation with this id, as in the first response, with its hyphens.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into() }
    }
}

impl Operation for GetGatewayOperationStatus {
    type Output = GatewayOperation;

    const METADATA: Metadata = Metadata {
        name: "Get Gateway (networking) Operation Status",
        method: Method::GET,
        route: "/services/networking/operation/{operation-id}",
        min_version: ApiVersion::V2012_03_01,
        docs_slug: "get-gateway-operation-status",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        request.segment("operation-id", "id of the gateway operation", &self.id);
    }
}

/// The first response to an operation on a gateway: it is accepted, and has this id.
///
/// Poll it with a [`GatewayOperationPoller`](crate::machine::GatewayOperationPoller).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[must_use = "the operation has only been accepted; poll it to learn its result"]
pub struct GatewayOperationAsyncResponse {
    /// The id for [`GetGatewayOperationStatus`], with hyphens.
    #[serde(rename = "ID")]
    pub id: String,
}

impl Model for GatewayOperationAsyncResponse {}

/// The status of an operation on a gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GatewayOperation {
    /// Undocumented; empty while it is not used.
    pub data: Option<String>,
    /// Undocumented; empty or nil while it is not used.
    pub health_status: Option<String>,
    /// The HTTP status of the operation, as text: `OK`.
    pub http_status_code: Option<String>,
    /// The id of the operation.
    #[serde(rename = "ID")]
    pub id: String,
    /// When it ended, in UTC without a zone.
    pub operation_completed_time: Option<DateTime>,
    /// The kind: `CreateGateway`, `DeleteGateway`, `ResetSharedKey`, …; absent for application gateways.
    pub operation_name: Option<String>,
    /// When it started, in UTC without a zone.
    pub operation_started_time: Option<DateTime>,
    /// Whether it is in progress, or how it ended.
    pub status: GatewayOperationState,
    /// Why it failed; never seen in recorded calls.
    pub error: Option<ErrorBody>,
}

impl Model for GatewayOperation {}

open_enum! {
    /// The state of an operation on a gateway.
    pub enum GatewayOperationState {
        /// In progress.
        InProgress,
        /// Succeeded. Not `Succeeded`, as in all other operations.
        Successful,
        /// Failed.
        Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;
    use crate::{ErrorCode, FromResponse};

    const ID: &str = "4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1";

    #[test]
    fn request_keeps_the_hyphens() {
        golden::request(
            &GetGatewayOperationStatus::new(ID),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/operation/4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn the_first_response_has_the_id_in_its_body() {
        let body = "<GatewayOperationAsyncResponse xmlns=\"http://schemas.microsoft.com/windowsazure\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID></GatewayOperationAsyncResponse>";
        let accepted: GatewayOperationAsyncResponse =
            FromResponse::read(&golden::http_response(202, body)).unwrap();
        assert_eq!(accepted.id, ID);
    }

    #[test]
    fn response_in_progress() {
        let operation = golden::response::<GetGatewayOperationStatus>(
            r#"<GatewayOperation xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <Data/>
                 <HealthStatus i:nil="true"/>
                 <ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID>
                 <OperationStartedTime>2014-10-02T07:18:33.4523417</OperationStartedTime>
                 <Status>InProgress</Status>
               </GatewayOperation>"#,
        );
        assert_eq!(
            operation,
            GatewayOperation {
                data: None,
                health_status: None,
                http_status_code: None,
                id: ID.into(),
                operation_completed_time: None,
                operation_name: None,
                operation_started_time: Some("2014-10-02T07:18:33.4523417".into()),
                status: GatewayOperationState::InProgress,
                error: None,
            }
        );
        let started = operation.operation_started_time.unwrap();
        assert_eq!(started.unix_nanoseconds(), Some(1_412_234_313_452_341_700));
    }

    #[test]
    fn response_successful() {
        let operation = golden::response::<GetGatewayOperationStatus>(
            r#"<GatewayOperation xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <Data>10.0.0.4</Data>
                 <HealthStatus>Healthy</HealthStatus>
                 <HttpStatusCode>OK</HttpStatusCode>
                 <ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID>
                 <OperationCompletedTime>2014-10-02T07:40:00</OperationCompletedTime>
                 <OperationName>CreateGateway</OperationName>
                 <OperationStartedTime>2014-10-02T07:18:33</OperationStartedTime>
                 <Status>Successful</Status>
               </GatewayOperation>"#,
        );
        assert_eq!(operation.data.as_deref(), Some("10.0.0.4"));
        assert_eq!(operation.health_status.as_deref(), Some("Healthy"));
        assert_eq!(operation.http_status_code.as_deref(), Some("OK"));
        assert_eq!(operation.operation_completed_time, Some("2014-10-02T07:40:00".into()));
        assert_eq!(operation.operation_name.as_deref(), Some("CreateGateway"));
        assert_eq!(operation.status, GatewayOperationState::Successful);
    }

    #[test]
    fn response_failed() {
        let operation = golden::response::<GetGatewayOperationStatus>(
            r#"<GatewayOperation xmlns="http://schemas.microsoft.com/windowsazure">
                 <HttpStatusCode>BadRequest</HttpStatusCode>
                 <ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID>
                 <Status>Failed</Status>
                 <Error><Code>BadRequest</Code><Message>The gateway is wrong.</Message></Error>
               </GatewayOperation>"#,
        );
        assert_eq!(operation.status, GatewayOperationState::Failed);
        let error = operation.error.unwrap();
        assert_eq!(error.code, ErrorCode::BadRequest);
        assert_eq!(error.message, "The gateway is wrong.");
    }

    #[test]
    fn hostile_ids_are_refused() {
        for (id, why) in [
            ("", "the id of the gateway operation is empty"),
            ("..", "would change the path"),
            ("a/b", "has '/'"),
        ] {
            golden::rejected(&GetGatewayOperationStatus::new(id), why);
        }
    }
}
