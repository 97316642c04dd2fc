//! List Subscription Operations: the log of what was changed, by whom, and how it went.

use std::ops::RangeInclusive;

use azure_classic_protocol::{ApiVersion, DateTime};
use serde::Serialize;

use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::{Call, Query};
use crate::simulator::operation_status;
use crate::simulator::operations::{Operation, name};
use crate::simulator::route::Route;
use crate::simulator::settings::Settings;

pub(in crate::simulator) const ROUTES: &[Route] =
    &[Route::get("List Subscription Operations", "/operations", ApiVersion::V2011_02_25, list)];

/// How many operations a page has.
const PAGE_SIZE: usize = 100;

const NANOSECONDS_OF_A_DAY: i128 = 24 * 60 * 60 * 1_000_000_000;

/// The maximal age of the span, in days.
const MAX_AGE_DAYS: i128 = 90;

/// The requested span and filter.
struct LogQuery {
    /// In nanoseconds since the start of 1970.
    span: RangeInclusive<i128>,
    object: Option<String>,
    result: Option<String>,
    /// The number of the last operation of the page before.
    after: u64,
}

fn list(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let shared = &simulator.shared;
    let query = LogQuery::read(call.query, shared.settings.unix_nanoseconds(shared.now))?;
    let found = shared.operations.since(query.after);
    let mut found = found.filter(|(_, it)| query.matches(it, &shared.settings));
    let page: Vec<_> = found.by_ref().take(PAGE_SIZE).collect();
    let last = page.last().map(|(number, _)| *number).filter(|_| found.next().is_some());
    let operations = page
        .into_iter()
        .map(|(_, it)| operation_view(it, &shared.settings, call.version))
        .collect();
    ApiResponse::xml(&SubscriptionOperationCollection {
        namespace: PARAMETERS,
        subscription_operations: operations,
        continuation_token: last.map(|number| format!("{number:016x}")),
    })
}

impl LogQuery {
    fn read(query: Query<'_>, now: i128) -> Result<Self, ApiError> {
        let start = parse_time("StartTime", &query.required("StartTime")?)?;
        let end = parse_time("EndTime", &query.required("EndTime")?)?;
        let today = now.div_euclid(NANOSECONDS_OF_A_DAY) * NANOSECONDS_OF_A_DAY;
        if start < today - MAX_AGE_DAYS * NANOSECONDS_OF_A_DAY {
            return Err(ApiError::bad_query(format!(
                "The query parameter StartTime lies more than {MAX_AGE_DAYS} days back."
            )));
        }
        if end < start {
            return Err(ApiError::bad_query("The query parameter EndTime lies before StartTime."));
        }
        let result = query.get("OperationResultFilter");
        let is_known = |filter: &String| {
            ["Succeeded", "Failed", "InProgress"].iter().any(|it| it.eq_ignore_ascii_case(filter))
        };
        if result.as_ref().is_some_and(|filter| !is_known(filter)) {
            return Err(ApiError::bad_query(
                "The query parameter OperationResultFilter must be Succeeded, Failed or InProgress.",
            ));
        }
        let after = query.get("ContinuationToken").map(|token| u64::from_str_radix(&token, 16));
        let after = after.unwrap_or(Ok(0)).map_err(|_| {
            ApiError::bad_query(
                "The query parameter ContinuationToken is not one that was given out.",
            )
        })?;
        Ok(Self { span: start..=end, object: query.get("ObjectIdFilter"), result, after })
    }

    fn matches(&self, operation: &Operation, settings: &Settings) -> bool {
        let is_about =
            |object: &String| object.trim_end_matches('/').eq_ignore_ascii_case(&operation.object);
        self.span.contains(&settings.unix_nanoseconds(operation.started))
            && self.object.as_ref().is_none_or(is_about)
            && self
                .result
                .as_ref()
                .is_none_or(|result| result.eq_ignore_ascii_case(operation.progress.as_str()))
    }
}

/// `2016-08-31`, or `2016-08-31T10:15:00Z` with or without fraction digits.
fn parse_time(name: &str, text: &str) -> Result<i128, ApiError> {
    let text = text.trim();
    let whole = if text.len() == "2016-08-31".len() {
        format!("{text}T00:00:00Z")
    } else {
        text.to_owned()
    };
    let read = Some(whole).filter(|text| text.ends_with('Z'));
    read.and_then(|text| DateTime::from(text.as_str()).unix_nanoseconds()).ok_or_else(|| {
        ApiError::bad_query(format!(
            "The query parameter {name} must be a time in UTC, such as 2016-08-31 or \
             2016-08-31T10:15:00Z."
        ))
    })
}

fn operation_view<'a>(
    operation: &'a Operation,
    settings: &Settings,
    version: ApiVersion,
) -> SubscriptionOperation<'a> {
    let has_times = version >= ApiVersion::V2011_06_01;
    let time = |timestamp| has_times.then(|| settings.date_time(timestamp));
    let parameters = &operation.parameters;
    SubscriptionOperation {
        id: operation.id.as_str(),
        object_id: &operation.object,
        name: name::log_name(&operation.name, parameters.are_by_slot()),
        parameters: parameters
            .0
            .iter()
            .map(|(name, value)| OperationParameter { name, value })
            .collect(),
        caller: OperationCaller {
            used_service_management_api: true,
            subscription_certificate_thumbprint: operation.caller.as_deref(),
            client_ip: operation.address.map(|address| address.to_string()),
        },
        status: operation_status::Operation::new(&operation.id, &operation.progress),
        started_time: time(operation.started),
        completed_time: operation.ended.and_then(time),
    }
}

/// The namespace of what a parameter consists of.
const PARAMETERS: &str =
    "http://schemas.datacontract.org/2004/07/Microsoft.WindowsAzure.ServiceManagement";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SubscriptionOperationCollection<'a> {
    #[serde(rename = "@xmlns:a")]
    namespace: &'static str,
    subscription_operations: Vec<SubscriptionOperation<'a>>,
    continuation_token: Option<String>,
}

#[derive(Serialize)]
struct SubscriptionOperation<'a> {
    #[serde(rename = "OperationId")]
    id: &'a str,
    #[serde(rename = "OperationObjectId")]
    object_id: &'a str,
    #[serde(rename = "OperationName")]
    name: String,
    #[serde(rename = "OperationParameters")]
    parameters: Vec<OperationParameter<'a>>,
    #[serde(rename = "OperationCaller")]
    caller: OperationCaller<'a>,
    #[serde(rename = "OperationStatus")]
    status: operation_status::Operation,
    #[serde(rename = "OperationStartedTime")]
    started_time: Option<DateTime>,
    #[serde(rename = "OperationCompletedTime")]
    completed_time: Option<DateTime>,
}

/// An old client for Python finds the two by their prefix, which it takes for a part of the name.
#[derive(Serialize)]
struct OperationParameter<'a> {
    #[serde(rename = "a:Name")]
    name: &'a str,
    #[serde(rename = "a:Value")]
    value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OperationCaller<'a> {
    used_service_management_api: bool,
    subscription_certificate_thumbprint: Option<&'a str>,
    #[serde(rename = "ClientIP")]
    client_ip: Option<String>,
}
