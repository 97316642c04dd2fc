//! How driving ends, in words, JSON and exit codes.

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
            _ => Err(Failure::with(Exit::NeedsPerson, because.into())
                .hint("the service does not roll back what is complete"))
            .map_err(|failure| self.hint_at_undo(failure, "to go back by another rollout")),
        }
    }

    /// Where the record holds what ran before.
    fn hint_at_undo(&self, failure: Failure, when: &str) -> Failure {
        let Ok(Some(record)) = self.files.read() else { return failure };
        match undo(&record, self.command("undo")) {
            Some(undo) => failure.hint(format!("{when}: {undo}")),
            None => failure.hint("to go back, start a rollout with the package that ran before"),
        }
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
        let exit = match (&why, way) {
            (Why::TooLong, _) => Exit::TimedOut,
            (_, Way::StartAgain | Way::Nothing) => Exit::Failed,
            _ if !is_kept => Exit::Failed,
            _ => Exit::NeedsPerson,
        };
        let failure = hints.into_iter().fold(Failure::with(exit, Box::new(stopped)), Failure::hint);
        let show = || self.connection.show_deployment(self.deployment, "");
        match way {
            Way::StartAgain => {
                if is_kept {
                    self.files.discard();
                }
                match &why {
                    Why::Preflight(findings) if !findings.iter().any(Finding::is_error) => failure
                        .hint("these are warnings; --accept-warnings starts in spite of them"),
                    Why::NotRecorded | Why::Unreadable | Why::Incomplete(_) => {
                        failure.hint(self.no_record())
                    }
                    _ => failure,
                }
            }
            Way::Resume if !is_kept => failure.hint(self.no_record()),
            Way::Resume if matches!(why, Why::NotRecorded) => failure.hint(format!(
                "the record holds the step before; when {} can be written again, go on: {}",
                self.files.record().display(),
                self.command("resume")
            )),
            Way::Resume => {
                let failure = failure.hint(format!("to go on: {}", self.command("resume")));
                match why {
                    Why::Incomplete(_) => failure.hint(format!(
                        "to go on although it is not shown: {}",
                        self.command("promote")
                    )),
                    _ => failure,
                }
            }
            Way::GoForward => {
                let failure =
                    failure.hint(format!("to walk on to the end: {}", self.command("promote")));
                self.hint_at_undo(failure, "and then back")
            }
            Way::Watch => {
                let watch = self.connection.show_deployment(self.deployment, " --watch");
                let failure = failure.hint(format!("to see how it goes on: {watch}"));
                if may_roll_back {
                    failure.hint(format!("to roll it back: {}", self.roll_back()))
                } else {
                    failure
                }
            }
            Way::Look => failure.hint(format!("look at it: {}", show())),
            Way::Adopt => failure.hint(format!("look at it first: {}", show())).hint(format!(
                "to take up the update in progress as it is: azure-classic rollout adopt {} --record \
                 ANOTHER-FILE{}",
                self.deployment, self.connection.again
            )),
            _ => failure,
        }
    }

    fn command(&self, verb: &str) -> String {
        let drive = (verb != "undo").then_some(self.options);
        command(self.connection, verb, self.files.record(), drive)
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
