//! How driving ends, in words, JSON and exit codes.

use azure_classic::rollout::{Failure as Because, Finding, Outcome, Standing, Stopped, Way, Why};
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
                .hint("the service does not roll back what is complete")
                .hint(format!(
                    "to go back by another rollout: {} --package URL",
                    self.command("undo")
                ))),
        }
    }

    fn stopped(&self, stopped: Stopped, teller: &Teller, is_kept: bool) -> Failure {
        let (way, why) = (stopped.way_on(), stopped.why().clone());
        teller.conclude(
            "stopped",
            json!({ "why": why, "way_on": way, "standing": stopped.standing() }),
        );
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
                    _ => failure,
                }
            }
            Way::Resume if !is_kept => failure.hint(format!(
                "nothing was sent, and there is no record {} to resume; start again",
                self.files.record().display()
            )),
            Way::Resume if matches!(why, Why::NotRecorded) => failure.hint(format!(
                "the record holds the step before; when {} can be written again, go on: {}",
                self.files.record().display(),
                self.command("resume")
            )),
            Way::Resume => failure.hint(format!("to go on: {}", self.command("resume"))),
            Way::GoForward => failure
                .hint(format!("to walk on to the end: {}", self.command("promote")))
                .hint(format!("and then back: {} --package URL", self.command("undo"))),
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

/// What a person can decide.
pub(super) fn ways_on(failure: Failure, command: impl Fn(&str) -> String) -> Failure {
    failure
        .hint(format!("to give it its time once more: {}", command("resume")))
        .hint(format!("to go on whatever the health: {}", command("promote")))
        .hint(format!("to roll back: {}", command("abort")))
}
