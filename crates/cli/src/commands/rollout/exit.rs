//! The end of a rollout, as text, JSON and exit code.

use std::iter;

use azure_classic::rollout::{
    DeploymentSummary, FailureReason, NextStep, PreflightIssue, Record, RolloutError,
    RolloutOutcome, StopReason,
};
use azure_classic::{Error, RolloutControls};
use serde_json::json;

use super::command;
use super::driver::Driver;
use super::reporter::Reporter;
use crate::cli_error::{CliError, Exit};
use crate::output::print;

pub(super) enum DriverEnd {
    Finished(Box<Result<RolloutOutcome, RolloutError>>),
    /// Something failed, and a person is to decide.
    Paused(FailureReason),
    /// A signal came.
    Interrupted,
}

impl Driver<'_> {
    /// `is_persisted`: whether there is a record of this rollout.
    pub(super) fn finish(
        &self,
        end: DriverEnd,
        controls: &RolloutControls,
        reporter: &Reporter,
        is_persisted: bool,
    ) -> Result<(), CliError> {
        match end {
            DriverEnd::Finished(end) => match *end {
                Ok(outcome) => self.finish_with_outcome(&outcome, reporter),
                Err(stopped) => Err(self.finish_with_error(stopped, reporter, is_persisted)),
            },
            DriverEnd::Paused(reason) => {
                let summary = controls.deployment().as_deref().map(DeploymentSummary::new);
                reporter.report_result("paused", json!({ "reason": reason, "summary": summary }));
                let stands = summary.map(|it| format!("; {it}")).unwrap_or_default();
                let text = format!("a person has to decide, because {reason}{stands}");
                let failure = CliError::with_exit(Exit::NeedsDecision, text.into());
                Err(with_decision_hints(failure, |verb| self.command(verb)))
            }
            DriverEnd::Interrupted => {
                let summary = controls.deployment().as_deref().map(DeploymentSummary::new);
                reporter.report_result("interrupted", json!({ "summary": summary }));
                let interrupted =
                    |text: String| CliError::with_exit(Exit::Interrupted, text.into());
                if !is_persisted {
                    return Err(interrupted("ended by a signal before anything was sent".into()));
                }
                let stands = summary.map(|it| format!(": {it}")).unwrap_or_default();
                Err(interrupted(format!("ended by a signal; nothing was rolled back{stands}"))
                    .hint(format!("to go on: {}", self.command("resume")))
                    .hint(format!("to roll back: {}", self.command("abort"))))
            }
        }
    }

    fn finish_with_outcome(
        &self,
        outcome: &RolloutOutcome,
        reporter: &Reporter,
    ) -> Result<(), CliError> {
        let summary = outcome.summary();
        let (result, reason) = match outcome {
            RolloutOutcome::Upgraded(_) => ("upgraded", None),
            RolloutOutcome::RolledBack { reason, .. } => ("rolled_back", Some(reason)),
            RolloutOutcome::CompletedBeforeRollback { reason, .. } => {
                ("completed_before_rollback", Some(reason))
            }
            _ => ("ended", None),
        };
        reporter.report_result(result, json!({ "reason": reason, "summary": summary }));
        if reporter.is_text() {
            // A closed output loses the text; the exit code remains.
            let _ = print(&match outcome {
                RolloutOutcome::RolledBack { .. } => format!("rolled back: {summary}"),
                outcome => outcome.to_string(),
            });
        }
        let reason = reason.map(ToString::to_string).unwrap_or_default();
        match outcome {
            RolloutOutcome::Upgraded(_) => Ok(()),
            RolloutOutcome::RolledBack { .. } => {
                Err(CliError::with_exit(Exit::RolledBack, reason.into()))
            }
            _ => {
                let failure = CliError::with_exit(Exit::NeedsDecision, reason.into())
                    .hint("the service does not roll back what is complete");
                let revert = self.revert_hint("to go back by another rollout");
                Err(revert.into_iter().fold(failure, CliError::hint))
            }
        }
    }

    /// How to go back; `None` where there is no record.
    fn revert_hint(&self, when: &str) -> Option<String> {
        let record = self.files.read().ok()??;
        Some(match revert_command(&record, self.command("revert")) {
            Some(revert) => format!("{when}: {revert}"),
            None => "to go back, start a rollout with the package that ran before".to_owned(),
        })
    }

    fn no_record_hint(&self) -> String {
        let record = self.files.record().display();
        format!("nothing was sent, and there is no record {record} to resume; start again")
    }

    fn rollback_command(&self) -> String {
        format!("azure-classic rollback {}{}", self.deployment, self.connection.repro_flags)
    }

    fn finish_with_error(
        &self,
        stopped: RolloutError,
        reporter: &Reporter,
        is_persisted: bool,
    ) -> CliError {
        let (next_step, reason) = (stopped.next_step(), stopped.why().clone());
        reporter.report_result(
            "stopped",
            json!({ "reason": reason, "next_step": next_step, "summary": stopped.summary() }),
        );
        let may_roll_back = stopped.summary().is_some_and(|summary| summary.may_roll_back);
        let source = std::error::Error::source(&stopped).and_then(|it| it.downcast_ref::<Error>());
        let hints = source
            .map(|error| self.connection.hints(error, Some(self.deployment)))
            .unwrap_or_default();
        if next_step == NextStep::Restart && is_persisted {
            self.files.discard();
        }
        let failure =
            CliError::with_exit(exit_for(&reason, next_step, is_persisted), Box::new(stopped));
        let ways = self.next_step_hints(&reason, next_step, may_roll_back, is_persisted);
        hints.into_iter().chain(ways).fold(failure, CliError::hint)
    }

    /// The possible actions after a stop, as hints.
    fn next_step_hints(
        &self,
        reason: &StopReason,
        next_step: NextStep,
        may_roll_back: bool,
        is_persisted: bool,
    ) -> Vec<String> {
        let show = |options| self.connection.show_command(self.deployment, options);
        match (next_step, reason) {
            (NextStep::Restart, StopReason::Preflight(issues))
                if !issues.iter().any(PreflightIssue::is_error) =>
            {
                vec!["these are warnings; --accept-warnings starts in spite of them".to_owned()]
            }
            (
                NextStep::Restart,
                StopReason::NotPersisted | StopReason::InvalidResponse | StopReason::Incomplete(_),
            ) => {
                vec![self.no_record_hint()]
            }
            (NextStep::Resume, _) if !is_persisted => vec![self.no_record_hint()],
            (NextStep::Resume, StopReason::NotPersisted) => vec![format!(
                "the record holds the step before; when {} can be written again, go on: {}",
                self.files.record().display(),
                self.command("resume")
            )],
            (NextStep::Resume, reason) => {
                let promote =
                    || format!("to go on although it is not shown: {}", self.command("promote"));
                let is_incomplete = matches!(reason, StopReason::Incomplete(_));
                let resume = format!("to go on: {}", self.command("resume"));
                iter::once(resume).chain(is_incomplete.then(promote)).collect()
            }
            (NextStep::CompleteForward, _) => {
                let promote = format!("to walk on to the end: {}", self.command("promote"));
                iter::once(promote).chain(self.revert_hint("and then back")).collect()
            }
            (NextStep::Watch, _) => {
                let roll_back = || format!("to roll it back: {}", self.rollback_command());
                let watch = format!("to see how it goes on: {}", show(" --watch"));
                iter::once(watch).chain(may_roll_back.then(roll_back)).collect()
            }
            (NextStep::Inspect, _) => vec![format!("look at it: {}", show(""))],
            (NextStep::Adopt, _) => vec![
                format!("look at it first: {}", show("")),
                format!(
                    "to take up the update in progress as it is: azure-classic rollout adopt {} \
                     --record ANOTHER-FILE{}",
                    self.deployment, self.connection.repro_flags
                ),
            ],
            _ => Vec::new(),
        }
    }

    fn command(&self, verb: &str) -> String {
        let drive = (verb != "revert").then_some(self.options);
        command(self.connection, verb, self.files.record(), drive)
    }
}

/// The exit code of a stop.
fn exit_for(reason: &StopReason, next_step: NextStep, is_persisted: bool) -> Exit {
    match (reason, next_step) {
        (StopReason::TimedOut, _) => Exit::TimedOut,
        (_, NextStep::Restart | NextStep::Nothing) => Exit::Failed,
        _ if !is_persisted => Exit::Failed,
        _ => Exit::NeedsDecision,
    }
}

/// The command that undoes a rollout; `None` where the record does not hold what ran before.
pub(super) fn revert_command(record: &Record, command: String) -> Option<String> {
    let before = record.before()?;
    let is_same_package = before.label == record.after().label;
    Some(if is_same_package { command } else { format!("{command} --package URL") })
}

/// The possible decisions of an operator.
pub(super) fn with_decision_hints(failure: CliError, command: impl Fn(&str) -> String) -> CliError {
    failure
        .hint(format!("to give it its time once more: {}", command("resume")))
        .hint(format!("to go on whatever the health: {}", command("promote")))
        .hint(format!("to roll back: {}", command("abort")))
}

#[cfg(test)]
mod tests;
