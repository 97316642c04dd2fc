use super::ListSubscriptionOperations;
use crate::subscription::{
    OperationCaller, OperationParameter, SubscriptionOperation, SubscriptionOperations,
};
use crate::testing::golden;
use crate::{ErrorCode, OperationState, Paged, RequestId, Secret};

const EVERY_ELEMENT: &str = include_str!("every_element.xml");

#[test]
fn request_with_the_least() {
    golden::request(
        &ListSubscriptionOperations::between("2016-08-30", "2016-08-31"),
        "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/operations?StartTime=2016-08-30&EndTime=2016-08-31
         x-ms-version: 2015-04-01",
    );
}

#[test]
fn request_with_everything() {
    golden::request(
        &ListSubscriptionOperations::between("2016-08-30T00:00:00Z", "2016-08-31T10:15:00.1234567Z")
            .result(OperationState::InProgress)
            .object("/8a1e2f44/services/hostedservices/contoso")
            .continued("a+b/c="),
        "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/operations?StartTime=2016-08-30T00%3A00%3A00Z&EndTime=2016-08-31T10%3A15%3A00.1234567Z&ObjectIdFilter=%2F8a1e2f44%2Fservices%2Fhostedservices%2Fcontoso&OperationResultFilter=InProgress&ContinuationToken=a%2Bb%2Fc%3D
         x-ms-version: 2015-04-01",
    );
}

#[test]
fn response_with_every_element() {
    let page = golden::response::<ListSubscriptionOperations>(EVERY_ELEMENT);
    assert_eq!(page.continuation_token.as_deref(), Some("a+b/c="));
    let [failed, bare] = page.subscription_operations.as_slice() else {
        panic!("two operations, not {page:?}");
    };
    assert_eq!(failed.operation_id, RequestId::new("4f3a9cbde01c4d24a6b1ca5ed9a3a2b1"));
    assert_eq!(
        failed.operation_object_id,
        "/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso"
    );
    assert_eq!(failed.operation_name, "CreateHostedService");
    let parameter = |name: &str, value: &str| OperationParameter {
        name: name.into(),
        value: Secret::new(value),
    };
    assert_eq!(
        failed.operation_parameters,
        [
            parameter("subscriptionID", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10"),
            parameter("input", "<CreateHostedService>…</CreateHostedService>"),
        ]
    );
    assert_eq!(
        failed.operation_caller,
        Some(OperationCaller {
            used_service_management_api: true,
            user_email_address: Some("admin@contoso.example".into()),
            subscription_certificate_thumbprint: Some(
                "6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C".into()
            ),
            client_ip: Some("192.0.2.7".into()),
        })
    );
    let status = failed.operation_status.as_ref().unwrap();
    assert_eq!(status.id, failed.operation_id);
    assert_eq!(status.status, OperationState::Failed);
    assert_eq!(status.http_status_code, Some(409));
    let error = status.error.as_ref().unwrap();
    assert_eq!(error.code, ErrorCode::ConflictError);
    assert_eq!(error.message, "The name is taken.");
    assert_eq!(failed.operation_started_time, Some("2016-08-31T10:15:00Z".into()));
    assert_eq!(failed.operation_completed_time, Some("2016-08-31T10:15:02Z".into()));

    assert_eq!(
        *bare,
        SubscriptionOperation {
            operation_id: RequestId::new("0123456789abcdef0123456789abcdef"),
            operation_object_id: "/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".into(),
            operation_name: "ListHostedServices".into(),
            operation_parameters: Vec::new(),
            operation_caller: Some(OperationCaller::default()),
            operation_status: None,
            operation_started_time: None,
            operation_completed_time: None,
        }
    );
}

#[test]
fn what_requests_said_does_not_show() {
    let page = golden::response::<ListSubscriptionOperations>(EVERY_ELEMENT);
    assert!(!format!("{page:?}").contains("<CreateHostedService>"));
}

#[test]
fn the_token_of_the_body_leads_to_the_next_page() {
    let list = ListSubscriptionOperations::between("2016-08-30", "2016-08-31")
        .result(OperationState::Failed);
    let next = list.next(&golden::response::<ListSubscriptionOperations>(EVERY_ELEMENT));
    golden::request(
        &next.unwrap(),
        "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/operations?StartTime=2016-08-30&EndTime=2016-08-31&OperationResultFilter=Failed&ContinuationToken=a%2Bb%2Fc%3D
         x-ms-version: 2015-04-01",
    );
    let final_page = golden::response::<ListSubscriptionOperations>(
        r#"<SubscriptionOperationCollection xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><SubscriptionOperations/><ContinuationToken i:nil="true"/></SubscriptionOperationCollection>"#,
    );
    assert_eq!(final_page, SubscriptionOperations::default());
    assert_eq!(list.next(&final_page), None);
}

#[test]
fn other_forms_of_a_time_are_refused() {
    for start in [
        "",
        "yesterday",
        "2016-13-01",
        "2016-08-31T10:15:00",
        "2016-08-31T10:15:00.5Z",
        "2016-08-31T10:15:00+02:00",
    ] {
        golden::rejected(
            &ListSubscriptionOperations::between(start, "2016-08-31"),
            &format!("the start time {start:?} is not in a form that the service takes"),
        );
    }
    golden::rejected(
        &ListSubscriptionOperations::between("2016-08-31", "2016-08-31T25:00:00Z"),
        "the end time \"2016-08-31T25:00:00Z\" is not in a form",
    );
}

#[test]
fn an_end_before_the_start_and_a_strange_result_are_refused() {
    golden::rejected(
        &ListSubscriptionOperations::between("2016-08-31T00:00:01Z", "2016-08-31"),
        "the end time 2016-08-31 is before the start time 2016-08-31T00:00:01Z",
    );
    golden::rejected(
        &ListSubscriptionOperations::between("2016-08-30", "2016-08-31").result("Done".into()),
        "\"Done\" is not a result of an operation",
    );
}
