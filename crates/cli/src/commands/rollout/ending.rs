//! How driving ends, in words, JSON and exit codes.

use std::iter;

use azure_classic::rollout::{
    Failure as Because, Finding, Outcome, Record, Standing, Stopped, Way, Why,
};
use azure_classic::{Error, RolloutControls};
use serde_json::json;

use super::command;
use super::drive::Drive;
use super::teller::Teller;
use crate::failure::{Exit, Failure};
use crate::output::print;

pub(super) enum End {
    Over(Box<Result<Outcome, Stopped>>),
    /// Something failed, and a person is to decide.
    Paused(Because),
    /// A signal came.
    Interrupted,
}

impl Drive<'_> {
    /// `is_kept`: whether there is a record of this rollout.
    pub(super) fn conclude(
        &self,
        end: End,
        controls: &RolloutControls,
        teller: &Teller,
        is_kept: bool,
    ) -> Result<(), Failure> {
        match end {
            End::Over(end) => match *end {
                Ok(outcome) => self.reached(&outcome, teller),
                Err(stopped) => Err(self.stopped(stopped, teller, is_kept)),
            },
            End::Paused(because) => {
                let standing = controls.deployment().as_deref().map(Standing::of);
                teller.conclude("paused", json!({ "because": because, "standing": standing }));
                let stands = standing.map(|it| format!("; {it}")).unwrap_or_default();
                let text = format!("a person has to decide, because {because}{stands}");
                let failure = Failure::with(Exit::NeedsPerson, text.into());
                Err(ways_on(failure, |verb| self.command(verb)))
            }
            End::Interrupted => {
                let standing = controls.deployment().as_deref().map(Standing::of);
                teller.conclude("interrupted", json!({ "standing": standing }));
                let interrupted = |text: String| Failure::with(Exit::Interrupted, text.into());
                if !is_kept {
                    return Err(interrupted("ended by a signal before anything was sent".into()));
                }
                let stands = standing.map(|it| format!(": {it}")).unwrap_or_default();
                Err(interrupted(format!("ended by a signal; nothing was rolled back{stands}"))
                    .hint(format!("to go on: {}", self.command("resume")))
                    .hint(format!("to roll back: {}", self.command("abort"))))
            }
        }
    }

    fn reached(&self, outcome: &Outcome, teller: &Teller) -> Result<(), Failure> {
        let standing = outcome.standing();
        let (result, because) = match outcome {
            Outcome::Upgraded(_) => ("upgraded", None),
            Outcome::RolledBack { because, .. } => ("rolled_back", Some(because)),
            Outcome::CompletedBeforeRollback { because, .. } => {
                ("completed_before_rollback", Some(because))
            }
            _ => ("ended", None),
        };
        teller.conclude(result, json!({ "because": because, "standing": standing }));
        if teller.is_text() {
            // Whoever does not read it has the exit code.
            let _ = print(&match outcome {
                Outcome::RolledBack { .. } => format!("rolled back: {standing}"),
                outcome => outcome.to_string(),
            });
        }
        let because = because.map(ToString::to_string).unwrap_or_default();
        match outcome {
            Outcome::Upgraded(_) => Ok(()),
            Outcome::RolledBack { .. } => Err(Failure::with(Exit::RolledBack, because.into())),
            _ => {
                let failure = Failure::with(Exit::NeedsPerson, because.into())
                    .hint("the service does not roll back what is complete");
                let undo = self.how_to_undo("to go back by another rollout");
                Err(undo.into_iter().fold(failure, Failure::hint))
            }
        }
    }

    /// How to go back; `None` where there is no record.
    fn how_to_undo(&self, when: &str) -> Option<String> {
        let record = self.files.read().ok()??;
        Some(match undo(&record, self.command("undo")) {
            Some(undo) => format!("{when}: {undo}"),
            None => "to go back, start a rollout with the package that ran before".to_owned(),
        })
    }

    fn no_record(&self) -> String {
        let record = self.files.record().display();
        format!("nothing was sent, and there is no record {record} to resume; start again")
    }

    fn roll_back(&self) -> String {
        format!("azure-classic rollback {}{}", self.deployment, self.connection.again)
    }

    fn stopped(&self, stopped: Stopped, teller: &Teller, is_kept: bool) -> Failure {
        let (way, why) = (stopped.way_on(), stopped.why().clone());
        teller.conclude(
            "stopped",
            json!({ "why": why, "way_on": way, "standing": stopped.standing() }),
        );
        let may_roll_back = stopped.standing().is_some_and(|standing| standing.may_roll_back);
        let source = std::error::Error::source(&stopped).and_then(|it| it.downcast_ref::<Error>());
        let hints = source
            .map(|error| self.connection.hints(error, Some(self.deployment)))
            .unwrap_or_default();
        if way == Way::StartAgain && is_kept {
            self.files.discard();
        }
        let failure = Failure::with(exit(&why, way, is_kept), Box::new(stopped));
        let ways = self.ways(&why, way, may_roll_back, is_kept);
        hints.into_iter().chain(ways).fold(failure, Failure::hint)
    }

    /// What can be done after a stop, as hints.
    fn ways(&self, why: &Why, way: Way, may_roll_back: bool, is_kept: bool) -> Vec<String> {
        let show = |options| self.connection.show_deployment(self.deployment, options);
        match (way, why) {
            (Way::StartAgain, Why::Preflight(findings))
                if !findings.iter().any(Finding::is_error) =>
            {
                vec!["these are warnings; --accept-warnings starts in spite of them".to_owned()]
            }
            (Way::StartAgain, Why::NotRecorded | Why::Unreadable | Why::Incomplete(_)) => {
                vec![self.no_record()]
            }
            (Way::Resume, _) if !is_kept => vec![self.no_record()],
            (Way::Resume, Why::NotRecorded) => vec![format!(
                "the record holds the step before; when {} can be written again, go on: {}",
                self.files.record().display(),
                self.command("resume")
            )],
            (Way::Resume, why) => {
                let promote =
                    || format!("to go on although it is not shown: {}", self.command("promote"));
                let is_incomplete = matches!(why, Why::Incomplete(_));
                let resume = format!("to go on: {}", self.command("resume"));
                iter::once(resume).chain(is_incomplete.then(promote)).collect()
            }
            (Way::GoForward, _) => {
                let promote = format!("to walk on to the end: {}", self.command("promote"));
                iter::once(promote).chain(self.how_to_undo("and then back")).collect()
            }
            (Way::Watch, _) => {
                let roll_back = || format!("to roll it back: {}", self.roll_back());
                let watch = format!("to see how it goes on: {}", show(" --watch"));
                iter::once(watch).chain(may_roll_back.then(roll_back)).collect()
            }
            (Way::Look, _) => vec![format!("look at it: {}", show(""))],
            (Way::Adopt, _) => vec![
                format!("look at it first: {}", show("")),
                format!(
                    "to take up the update in progress as it is: azure-classic rollout adopt {} \
                     --record ANOTHER-FILE{}",
                    self.deployment, self.connection.again
                ),
            ],
            _ => Vec::new(),
        }
    }

    fn command(&self, verb: &str) -> String {
        let drive = (verb != "undo").then_some(self.options);
        command(self.connection, verb, self.files.record(), drive)
    }
}

/// The exit code of a stop.
fn exit(why: &Why, way: Way, is_kept: bool) -> Exit {
    match (why, way) {
        (Why::TooLong, _) => Exit::TimedOut,
        (_, Way::StartAgain | Way::Nothing) => Exit::Failed,
        _ if !is_kept => Exit::Failed,
        _ => Exit::NeedsPerson,
    }
}

/// The command that undoes a rollout; `None` where the record does not hold what ran before.
pub(super) fn undo(record: &Record, command: String) -> Option<String> {
    let before = record.before()?;
    let is_same_package = before.label == record.after().label;
    Some(if is_same_package { command } else { format!("{command} --package URL") })
}

/// What a person can decide.
pub(super) fn ways_on(failure: Failure, command: impl Fn(&str) -> String) -> Failure {
    failure
        .hint(format!("to give it its time once more: {}", command("resume")))
        .hint(format!("to go on whatever the health: {}", command("promote")))
        .hint(format!("to roll back: {}", command("abort")))
}

#[cfg(test)]
mod tests;
