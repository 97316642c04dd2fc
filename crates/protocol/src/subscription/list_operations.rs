use super::SubscriptionOperations;
use crate::{
    ApiVersion, DateTime, Error, Idempotency, Metadata, Method, Operation, OperationState, Paged,
    RequestBuilder,
};

/// Lists what was done with the subscription in a span of time, by whom, and how it went.
///
/// The span may start at most 90 days ago. The response has pages: [`machine::Pages`](crate::machine::Pages)
/// reads them all, a single call only the first. Since 2011-02-25, as far as can be inferred; versions below
/// 2011-06-01 do not return the times.
///
/// Reference page: *List Subscription Operations* (`list-subscription-operations`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{ListSubscriptionOperations, OperationState};
///
/// let list = ListSubscriptionOperations::between("2016-08-30", "2016-08-31T10:15:00Z")
///     .result(OperationState::Failed);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSubscriptionOperations {
    start: DateTime,
    end: DateTime,
    object_id: Option<String>,
    result: Option<OperationState>,
    continuation_token: Option<String>,
}

impl ListSubscriptionOperations {
    /// Lists what was done between two times in UTC: `2016-08-31`, `2016-08-31T10:15:00Z`, or with 7
    /// fraction digits. Begins with the first page.
    pub fn between(start: impl Into<DateTime>, end: impl Into<DateTime>) -> Self {
        Self {
            start: start.into(),
            end: end.into(),
            object_id: None,
            result: None,
            continuation_token: None,
        }
    }

    /// Lists only what was done with this object, named as in
    /// [`operation_object_id`](super::SubscriptionOperation::operation_object_id).
    pub fn object(mut self, id: impl Into<String>) -> Self {
        self.object_id = Some(id.into());
        self
    }

    /// Lists only what ended this way, or goes on.
    pub fn result(mut self, result: OperationState) -> Self {
        self.result = Some(result);
        self
    }
}

impl Operation for ListSubscriptionOperations {
    type Output = SubscriptionOperations;

    const METADATA: Metadata = Metadata {
        name: "List Subscription Operations",
        method: Method::GET,
        route: "/operations",
        min_version: ApiVersion::V2011_02_25,
        docs_slug: "list-subscription-operations",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        let start = check_time(request, "start time", &self.start);
        let end = check_time(request, "end time", &self.end);
        if end < start {
            request.reject(Error::invalid(format!(
                "the end time {} is before the start time {}",
                self.end, self.start
            )));
        }
        request.query("StartTime", self.start.as_str());
        request.query("EndTime", self.end.as_str());
        if let Some(id) = &self.object_id {
            request.query("ObjectIdFilter", id);
        }
        if let Some(result) = &self.result {
            if let OperationState::Other(word) = result {
                request.reject(Error::invalid(format!(
                    "{word:?} is not a result of an operation; it is Succeeded, Failed or InProgress"
                )));
            }
            request.query("OperationResultFilter", result.as_str());
        }
        if let Some(token) = &self.continuation_token {
            request.query("ContinuationToken", token);
        }
    }
}

/// Refuses a time in another form than the three that the service takes.
fn check_time(request: &mut RequestBuilder, what: &str, time: &DateTime) -> Option<i128> {
    let text = time.as_str();
    let instant = match (text.len(), text.ends_with('Z')) {
        (10, false) => DateTime::from(format!("{text}T00:00:00Z").as_str()).unix_nanoseconds(),
        (20 | 28, true) => time.unix_nanoseconds(),
        _ => None,
    };
    if instant.is_none() {
        let shown: String = text.chars().take(40).collect();
        request.reject(Error::invalid(format!(
            "the {what} {shown:?} is not in a form that the service takes; write it like \
             2016-08-31, 2016-08-31T10:15:00Z or 2016-08-31T10:15:00.1234567Z"
        )));
    }
    instant
}

impl Paged for ListSubscriptionOperations {
    fn token(page: &SubscriptionOperations) -> Option<&str> {
        page.continuation_token.as_deref()
    }

    fn continued(&self, token: &str) -> Self {
        Self { continuation_token: Some(token.to_owned()), ..self.clone() }
    }
}

#[cfg(test)]
mod tests;
