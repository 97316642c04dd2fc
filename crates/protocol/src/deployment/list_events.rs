use serde::{Deserialize, Serialize};

use super::DeploymentRef;
use crate::paged::CONTINUATION_TOKEN;
use crate::{
    ApiVersion, DateTime, Error, Idempotency, Metadata, Method, Model, Operation, Page, Paged,
    RequestBuilder,
};

/// Lists the reboots of a deployment's instances by planned maintenance, within a span of time.
///
/// The response has pages: [`machine::Pages`](crate::machine::Pages) reads them all, a single call only the
/// first. The reference says since 2009-10-01, but describes the features of 2014-06-01; this crate requires
/// the latter.
///
/// Reference page: *List Deployment Events* (`rest-list-deployment-events`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let august = CloudServiceRef::new("contoso")
///     .deployment("release-42")
///     .events("2016-08-01T00:00:00Z", "2016-09-01T00:00:00Z");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListDeploymentEvents {
    deployment: DeploymentRef,
    start: DateTime,
    end: DateTime,
    continuation_token: Option<String>,
}

impl DeploymentRef {
    /// Lists the events between two times. Both are in UTC and end with `Z`.
    pub fn events(
        &self,
        start: impl Into<DateTime>,
        end: impl Into<DateTime>,
    ) -> ListDeploymentEvents {
        ListDeploymentEvents {
            deployment: self.clone(),
            start: start.into(),
            end: end.into(),
            continuation_token: None,
        }
    }
}

/// The events of a deployment (`DeploymentEventCollection` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "DeploymentEventCollection", rename_all = "PascalCase")]
pub struct DeploymentEvents {
    /// Reboots of instances.
    #[serde(default)]
    pub reboot_events: Vec<RebootEvent>,
    /// Names the page after this one. The reference has it in a header, one client library reads it
    /// here; [`Paged::token`] takes it from either.
    pub continuation_token: Option<String>,
}

impl Model for DeploymentEvents {}

/// A reboot of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RebootEvent {
    /// The role.
    pub role_name: String,
    /// The instance, such as `Web_IN_0`.
    pub instance_name: String,
    /// Why: `PlannedMaintenance` in version 2014-06-01, a sentence in later ones.
    pub reboot_reason: Option<String>,
    /// When it started. Up to 7 fraction digits.
    #[serde(alias = "RebootStartedTime")]
    pub reboot_start_time: Option<DateTime>,
}

impl Operation for ListDeploymentEvents {
    type Output = Page<DeploymentEvents>;

    const METADATA: Metadata = Metadata {
        name: "List Deployment Events",
        method: Method::GET,
        route: "/services/hostedservices/{service}/{deployment}/events",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "rest-list-deployment-events",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.deployment.fill(request);
        request.requires(ApiVersion::V2014_06_01, "the list of events");
        let instants = [utc(request, "start", &self.start), utc(request, "end", &self.end)];
        if let [Some(start), Some(end)] = instants
            && start > end
        {
            request.reject(Error::invalid(format!(
                "the start {} is after the end {}; exchange them",
                self.start, self.end
            )));
        }
        request.query("starttime", self.start.as_str());
        request.query("endtime", self.end.as_str());
        if let Some(token) = &self.continuation_token {
            request.header(CONTINUATION_TOKEN, token);
        }
    }
}

/// The timestamp, unless the text is invalid or has no zone, which the service would have to guess.
fn utc(request: &mut RequestBuilder, what: &str, instant: &DateTime) -> Option<i128> {
    let nanoseconds = instant.unix_nanoseconds().filter(|_| instant.as_str().ends_with('Z'));
    if nanoseconds.is_none() {
        let shown: String = instant.as_str().chars().take(40).collect();
        request.reject(Error::invalid(format!(
            "the {what} {shown:?} is not a time in UTC; give one such as 2016-08-31T10:15:00Z"
        )));
    }
    nanoseconds
}

impl Paged for ListDeploymentEvents {
    fn token(page: &Page<DeploymentEvents>) -> Option<&str> {
        let of_header = page.continuation_token.as_deref().filter(|token| !token.is_empty());
        of_header.or(page.content.continuation_token.as_deref())
    }

    fn continued(&self, token: &str) -> Self {
        Self { continuation_token: Some(token.to_owned()), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::testing::golden;
    use crate::{CloudServiceRef, Endpoint, Slot};

    fn events() -> ListDeploymentEvents {
        CloudServiceRef::new("contoso")
            .deployment("release-42")
            .events("2016-08-01T00:00:00Z", "2016-08-31T10:15:00.0000000Z")
    }

    #[test]
    fn request_by_slot() {
        golden::request(
            &CloudServiceRef::new("contoso")
                .slot(Slot::Production)
                .events("2016-08-01T00:00:00Z", "2016-09-01T00:00:00.000Z"),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Production/events?starttime=2016-08-01T00%3A00%3A00Z&endtime=2016-09-01T00%3A00%3A00.000Z
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn request_by_name_of_a_further_page() {
        golden::request(
            &events().continued("1!8!MjAxNg=="),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/events?starttime=2016-08-01T00%3A00%3A00Z&endtime=2016-08-31T10%3A15%3A00.0000000Z
             x-ms-version: 2015-04-01
             x-ms-continuation-token: 1!8!MjAxNg==",
        );
    }

    const RESPONSE: &str = r#"<DeploymentEventCollection xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
             <RebootEvents>
               <RebootEvent>
                 <RoleName>Web</RoleName>
                 <InstanceName>Web_IN_0</InstanceName>
                 <RebootReason>PlannedMaintenance</RebootReason>
                 <RebootStartTime>2016-08-31T10:15:00.1234567Z</RebootStartTime>
               </RebootEvent>
               <RebootEvent>
                 <RoleName>Web</RoleName>
                 <InstanceName>Web_IN_1</InstanceName>
                 <RebootReason>The instance was rebooted by planned maintenance.</RebootReason>
                 <RebootStartedTime>2016-08-31T10:20:00Z</RebootStartedTime>
               </RebootEvent>
             </RebootEvents>
             <ContinuationToken>body</ContinuationToken>
           </DeploymentEventCollection>"#;

    #[test]
    fn response_with_a_token_in_the_body() {
        let page = golden::response::<ListDeploymentEvents>(RESPONSE);
        let event = |instance: &str, reason: &str, time: &str| RebootEvent {
            role_name: "Web".into(),
            instance_name: instance.into(),
            reboot_reason: Some(reason.into()),
            reboot_start_time: Some(time.into()),
        };
        assert_eq!(
            page.content.reboot_events,
            [
                event("Web_IN_0", "PlannedMaintenance", "2016-08-31T10:15:00.1234567Z"),
                event(
                    "Web_IN_1",
                    "The instance was rebooted by planned maintenance.",
                    "2016-08-31T10:20:00Z"
                ),
            ]
        );
        assert_eq!(page.content.continuation_token.as_deref(), Some("body"));
        assert_eq!(events().next(&page), Some(events().continued("body")));
    }

    #[test]
    fn response_with_a_token_in_the_header() {
        for (token, taken) in [("header", "header"), ("", "body")] {
            let mut response = golden::http_response(200, RESPONSE);
            response
                .headers_mut()
                .insert("x-ms-continuation-token", HeaderValue::from_static(token));
            let page = Endpoint::response::<ListDeploymentEvents>(&response).unwrap();
            assert_eq!(events().next(&page), Some(events().continued(taken)));
        }
    }

    #[test]
    fn response_without_events() {
        for body in ["", "<RebootEvents/>", "<RebootEvents/><ContinuationToken/>"] {
            let page = golden::response::<ListDeploymentEvents>(&format!(
                "<DeploymentEventCollection xmlns=\"http://schemas.microsoft.com/windowsazure\">{body}</DeploymentEventCollection>"
            ));
            assert_eq!(page.content.reboot_events, []);
            assert_eq!(events().next(&page), None);
        }
    }

    #[test]
    fn times_that_are_none_are_refused() {
        let deployment = CloudServiceRef::new("contoso").deployment("release-42");
        let time = "2016-08-31T10:15:00Z";
        golden::rejected(&deployment.events("yesterday", time), "the start \"yesterday\" is not");
        golden::rejected(&deployment.events(time, ""), "the end \"\" is not a time in UTC");
        for unclear in ["2016-08-31T10:15:00", "2016-08-31T10:15:00+02:00", "2016-08-31"] {
            golden::rejected(&deployment.events(unclear, time), "is not a time in UTC");
        }
        golden::rejected(
            &deployment.events(time, "2016-08-31T10:14:59.9999999Z"),
            "the start 2016-08-31T10:15:00Z is after the end 2016-08-31T10:14:59.9999999Z",
        );
    }

    #[test]
    fn an_older_version_is_not_taken_to_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2014_05_01);
        let error = older.request(&events()).unwrap_err().to_string();
        assert!(error.contains("the list of events needs x-ms-version 2014-06-01"), "{error}");
    }
}
