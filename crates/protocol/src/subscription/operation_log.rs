use serde::{Deserialize, Serialize};

use crate::xml::or_default;
use crate::{DateTime, Model, OperationStatus, RequestId, Secret, xml};

/// One page of a subscription's operation log (`SubscriptionOperationCollection` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "SubscriptionOperationCollection", rename_all = "PascalCase")]
pub struct SubscriptionOperations {
    /// The operations, those of this page.
    #[serde(default)]
    pub subscription_operations: Vec<SubscriptionOperation>,
    /// Names the page after this one; `None` on the last.
    pub continuation_token: Option<String>,
}

impl Model for SubscriptionOperations {
    /// Name and value of a parameter are in a separate namespace.
    fn reader() -> xml::Reader<'static> {
        let parameters =
            "http://schemas.datacontract.org/2004/07/Microsoft.WindowsAzure.ServiceManagement";
        xml::Reader::new().also(parameters)
    }
}

/// An operation that was called, by whom, on what, and how it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SubscriptionOperation {
    /// Names the request.
    pub operation_id: RequestId,
    /// The object of the operation: its path in this API.
    #[serde(default)]
    pub operation_object_id: String,
    /// The operation, by the service's own name: `CreateHostedService`.
    #[serde(default)]
    pub operation_name: String,
    /// The content of the request.
    #[serde(default)]
    pub operation_parameters: Vec<OperationParameter>,
    /// Who called.
    pub operation_caller: Option<OperationCaller>,
    /// How it went.
    pub operation_status: Option<OperationStatus>,
    /// When it started. Since 2011-06-01.
    pub operation_started_time: Option<DateTime>,
    /// When it ended. Since 2011-06-01.
    pub operation_completed_time: Option<DateTime>,
}

/// A part of what a request said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OperationParameter {
    /// Its value.
    #[serde(default)]
    pub name: String,
    /// Its value; often XML, the body of the request, with whatever secrets that held.
    #[serde(default)]
    pub value: Secret,
}

/// Who called an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OperationCaller {
    /// Whether the call came through this API, and not from the portal.
    #[serde(default, deserialize_with = "or_default")]
    pub used_service_management_api: bool,
    /// The person, for calls from the portal.
    pub user_email_address: Option<String>,
    /// The management certificate, for calls through this API.
    pub subscription_certificate_thumbprint: Option<String>,
    /// Where the call came from.
    #[serde(rename = "ClientIP")]
    pub client_ip: Option<String>,
}
