//! Writes whose response was lost, and the reads that verify them.

use std::time::Duration;

use super::{endpoint, play};
use crate::machine::{Evidence, Poll, Retry, VerifiedCall};
use crate::{CloudServiceRef, CreateDeployment, DeleteDeployment, Deployment, Placement, Slot};

const CREATE: &str = "POST /services/hostedservices/c/deploymentslots/Staging";
const GET_SLOT: &str = "GET /services/hostedservices/c/deploymentslots/Staging";
const DELETE: &str = "DELETE /services/hostedservices/c/deployments/a";
const GET: &str = super::GET;
const LOST: &str = "no response; the request may have reached the service";

fn create(name: &str) -> CreateDeployment {
    let package = "https://contoso.blob.core.windows.net/p.cspkg";
    CloudServiceRef::new("c").create_deployment(Slot::Staging, name, package, "<x/>")
}

fn delete() -> DeleteDeployment {
    CloudServiceRef::new("c").deployment("a").delete()
}

fn reconcile<O>(operation: &O) -> impl crate::machine::Machine
where
    O: crate::machine::Verifiable + Clone + Send + 'static,
{
    let poll = Poll { deadline: Some(Duration::from_secs(10)), ..Poll::default() };
    VerifiedCall::for_operation(&endpoint(), operation, &poll, &Retry::never())
}

#[test]
fn an_response_needs_no_read() {
    play(reconcile(&create("a")), &format!("0s > {CREATE}\n< 202\n0s done"));
    play(
        reconcile(&create("a")),
        &format!(
            "0s > {CREATE}
             < 400 BadRequest
             0s Rejected: Create Deployment: the service responded with 400 BadRequest: words (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1)"
        ),
    );
    play(
        reconcile(&create("a")),
        &format!(
            "0s > {CREATE}
             < unsent
             0s NotSent: Create Deployment: cannot send the request
             because connection refused"
        ),
    );
}

#[test]
fn a_lost_response_is_made_good_by_a_read() {
    play(
        reconcile(&create("a")),
        &format!(
            "0s > {CREATE}
             < lost
             2s > {GET_SLOT}
             < 200 deployment
             2s done"
        ),
    );
    play(
        reconcile(&delete()),
        &format!(
            "0s > {DELETE}
             < 500 InternalError
             2s > {GET}
             < 404 ResourceNotFound
             2s done"
        ),
    );
}

#[test]
fn that_nothing_happened_takes_two_reads_in_a_row() {
    play(
        reconcile(&create("another")),
        &format!(
            "0s > {CREATE}
             < lost
             2s > {GET_SLOT}
             < 404 ResourceNotFound
             5s > {GET_SLOT}
             < 200 deployment
             5s MaybeSent: Create Deployment: {LOST}, and reading the state shows that it had no effect
             because connection reset"
        ),
    );
    play(
        reconcile(&create("a")),
        &format!(
            "0s > {CREATE}
             < lost
             2s > {GET_SLOT}
             < 404 ResourceNotFound
             5s > {GET_SLOT}
             < 200 deployment
             5s done"
        ),
    );
}

#[test]
fn without_a_verdict_it_may_have_happened() {
    let by_slot = CloudServiceRef::new("c").slot(Slot::Staging).delete();
    play(
        reconcile(&by_slot),
        "0s > DELETE /services/hostedservices/c/deploymentslots/Staging
         < lost
         2s > GET /services/hostedservices/c/deploymentslots/Staging
         < 200 deployment
         5s > GET /services/hostedservices/c/deploymentslots/Staging
         < lost
         9.5s > GET /services/hostedservices/c/deploymentslots/Staging
         < 200 deployment
         10s > GET /services/hostedservices/c/deploymentslots/Staging
         < 200 deployment
         10s MaybeSent: Delete Deployment: no response; the request may have reached the service [may have happened]
         because Get Deployment: timed out before a reading showed whether it took effect",
    );
}

#[test]
fn a_read_that_is_refused_leaves_the_doubt() {
    play(
        reconcile(&delete()),
        &format!(
            "0s > {DELETE}
             < lost
             2s > {GET}
             < 403 ForbiddenError
             2s MaybeSent: Delete Deployment: {LOST} [may have happened]
             because Get Deployment: the service responded with 403 ForbiddenError: words (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1)"
        ),
    );
}

#[test]
fn a_caller_can_judge_for_itself() {
    let deployment = CloudServiceRef::new("c").deployment("a");
    let judge = |found: Option<&Deployment>| match found {
        Some(deployment) if deployment.is_settled() => Evidence::Applied,
        _ => Evidence::Inconclusive,
    };
    let rollback = super::rollback();
    let poll = Poll::default();
    play(
        VerifiedCall::new(&endpoint(), &rollback, deployment.get(), judge, &poll, &Retry::never()),
        &format!(
            "0s > {}
             < lost
             2s > {GET}
             < 200 deployment
             5s > {GET}
             < 200 settled
             5s done",
            super::ROLLBACK
        ),
    );
}

mod verdicts {
    use super::*;
    use crate::cloud_service::{CloudServiceProperties, CloudServiceStatus};
    use crate::deployment::model::DeploymentStatus;
    use crate::machine::Verifiable;
    use crate::{CloudService, xml};

    fn service(properties: CloudServiceProperties) -> CloudService {
        CloudService { properties, ..CloudService::default() }
    }

    #[test]
    fn on_the_creation_of_a_cloud_service() {
        let place = Placement::Location("West Europe".into());
        let create = CloudServiceRef::new("c").create(place, "shop");
        let verdict = |label: &str, location: &str| {
            create.evidence(Some(&service(CloudServiceProperties {
                label: label.into(),
                location: Some(location.into()),
                ..CloudServiceProperties::default()
            })))
        };
        assert_eq!(verdict("shop", "West Europe"), Evidence::Applied);
        assert_eq!(verdict("till", "West Europe"), Evidence::Inconclusive);
        assert_eq!(verdict("shop", "North Europe"), Evidence::Inconclusive);
        assert_eq!(create.evidence(None), Evidence::NotApplied);
    }

    #[test]
    fn on_the_deletion_of_a_cloud_service() {
        let delete = CloudServiceRef::new("c").delete();
        let verdict = |status| {
            let properties = CloudServiceProperties { status, ..Default::default() };
            delete.evidence(Some(&service(properties)))
        };
        assert_eq!(verdict(Some(CloudServiceStatus::Created)), Evidence::NotApplied);
        assert_eq!(verdict(Some(CloudServiceStatus::Deleting)), Evidence::Inconclusive);
        assert_eq!(verdict(None), Evidence::NotApplied);
        assert_eq!(delete.evidence(None), Evidence::Applied);
    }

    #[test]
    fn on_the_deletion_of_a_deployment() {
        let found = "<Deployment xmlns='http://schemas.microsoft.com/windowsazure'><Name>a</Name><Status>Running</Status></Deployment>";
        let found: Deployment = xml::from_slice(found.as_bytes()).unwrap();
        let deleting = Deployment { status: DeploymentStatus::Deleting, ..found.clone() };
        let locked = Deployment { locked: Some(true), ..found.clone() };
        assert_eq!(delete().evidence(Some(&found)), Evidence::NotApplied);
        assert_eq!(delete().evidence(Some(&deleting)), Evidence::Applied);
        assert_eq!(delete().evidence(Some(&locked)), Evidence::Inconclusive);
        assert_eq!(delete().evidence(None), Evidence::Applied);
        let by_slot = CloudServiceRef::new("c").slot(Slot::Staging).delete();
        assert_eq!(by_slot.evidence(Some(&found)), Evidence::Inconclusive);
    }
}
