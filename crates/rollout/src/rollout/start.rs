//! The start of a rollout: the preflight of a plan, or an adopted update.

use std::ops::ControlFlow;
use std::sync::Arc;

use azure_classic_protocol::Deployment;
use azure_classic_protocol::deployment::model::DeploymentStatus;
use azure_classic_protocol::machine::Instant;

use super::{Flow, Origin, Rollout};
use crate::expectation::{Expectation, domains};
use crate::observed::{UpdateProgress, VersionOwner};
use crate::{Event, Phase, Plan, Policy, Record, StopReason, Version};

impl Rollout {
    /// Creates the record if the reading allows it. Returns whether it exists now.
    pub(super) fn start(&mut self, now: Instant, read: &Deployment) -> Flow<bool> {
        let record = match &self.origin {
            Origin::Plan(plan) => {
                let plan = plan.clone();
                self.check(now, &plan, read)?;
                let (before, after) = (Version::of(read), plan.version(read));
                let record = self.new_record(read, plan.policy.clone(), before, after);
                Some(Record { role: plan.only_role().map(str::to_owned), ..record })
            }
            Origin::Adopted(policy) => {
                let policy = policy.clone();
                self.adopted(now, read, policy)?
            }
            Origin::Record => None,
        };
        let is_started = record.is_some();
        if let Some(record) = record {
            self.deployment = record.deployment();
            self.expectation = Expectation::of(&record);
            self.record = Some(record);
            self.is_dirty = true;
        }
        ControlFlow::Continue(is_started)
    }

    fn new_record(
        &self,
        read: &Deployment,
        policy: Policy,
        before: Option<Version>,
        after: Version,
    ) -> Record {
        let subscription = self.endpoint.subscription().as_str().to_owned();
        Record::new(subscription, &self.deployment, read, policy, before, after)
    }

    /// Creates the record of an update in progress; `None` while an operation holds the deployment.
    fn adopted(&mut self, now: Instant, read: &Deployment, policy: Policy) -> Flow<Option<Record>> {
        let is_held = read.locked == Some(true) && read.status != DeploymentStatus::Deleting;
        if is_held && self.clock.way < policy.deadline {
            return ControlFlow::Continue(None);
        }
        self.read = Some(Arc::new(read.clone()));
        if let (Some(_), Err(gap)) = (&read.upgrade_status, domains(read, None)) {
            return self.stop(now, StopReason::Incomplete(vec![gap]), None);
        }
        let parts = UpdateProgress::read(read, VersionOwner::After).zip(Version::of(read));
        let Some((moving, present)) = parts else {
            return self.stop(now, StopReason::NothingToAdopt, None);
        };
        if !moving.is_manual {
            return self.stop(now, StopReason::AutomaticUpdate, None);
        }
        let mut record = self.new_record(read, policy, None, present);
        record.phase = Phase::Walking;
        record.started_domains = moving.started_domains();
        ControlFlow::Continue(Some(record))
    }

    /// Runs the preflight; it runs again before each further attempt to start.
    pub(super) fn check(&mut self, now: Instant, plan: &Plan, read: &Deployment) -> Flow<()> {
        let issues = plan.preflight(&self.endpoint, read);
        let is_hindered = plan.is_blocked_by(&issues);
        if self.record.is_none() || is_hindered {
            self.emit(now, &Event::Checked { issues: issues.clone() });
        }
        if is_hindered {
            self.read = Some(Arc::new(read.clone()));
            return self.stop(now, StopReason::Preflight(issues), None);
        }
        ControlFlow::Continue(())
    }
}
