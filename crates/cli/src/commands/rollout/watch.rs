//! `azure-classic rollout watch`.

use azure_classic::rollout::{FinalState, Pause, Record};
use azure_classic::{Deployment, Poll};

use super::command;
use super::event_log::EventLogTail;
use super::exit::{revert_command, with_decision_hints};
use super::files::RolloutFiles;
use super::lock::RolloutLock;
use super::reporter::Reporter;
use super::status::summary;
use crate::arguments::{DeploymentArgs, Format, WatchArgs};
use crate::cli_error::{CliError, Exit};
use crate::connection::Connection;
use crate::output::print;

pub(super) async fn watch(connection: &Connection, options: &WatchArgs) -> Result<(), CliError> {
    let files = RolloutFiles::new(&options.record.record);
    let named = DeploymentArgs::from_record(&files.read_existing()?);
    let mut reporter = Reporter::new(&named.service, options.output);
    let mut tail = EventLogTail::new(&files);
    let mut last: Result<Option<Record>, CliError> = Ok(None);
    let until = |now: &Deployment| {
        // In this order: what the process that drives has written last is seen, too.
        let is_driven = RolloutLock::holder(&files).map(|driver| driver.is_some());
        last = files.read_existing().map(Some);
        for line in tail.read_new_lines().unwrap_or_default() {
            reporter.report_logged_line(&line);
        }
        reporter.show(Some(now));
        let is_over = |record: &Record| {
            record.ended().is_some() || matches!(record.pause(), Some(Pause::Failed(_)))
        };
        !matches!(is_driven, Ok(true)) || !matches!(&last, Ok(Some(record)) if !is_over(record))
    };
    let client = connection.client.clone().with_poll(Poll {
        first_delay: options.interval,
        growth: 1.0,
        max_delay: options.interval,
        deadline: Some(options.timeout),
        ..Poll::default()
    });
    let watched = client.poll_until(named.reference().get(), until).await;
    watched.map_err(|error| connection.explain_for(error, Some(&named)))?;
    let Some(record) = last? else { return Ok(()) };
    finish(connection, &files, &record, options.output)
}

/// As the process that drove has ended it.
fn finish(
    connection: &Connection,
    files: &RolloutFiles,
    record: &Record,
    output: Format,
) -> Result<(), CliError> {
    let text = summary(record);
    let verb = |verb: &str| command(connection, verb, files.record(), None);
    let ended = |exit: Exit, text: String| CliError::with_exit(exit, text.into());
    match (record.ended(), record.pause()) {
        (Some(FinalState::Upgraded), _) => {
            if output == Format::Text {
                print(&text)?;
            }
            Ok(())
        }
        (Some(FinalState::RolledBack), _) => Err(ended(Exit::RolledBack, text)),
        (Some(_), _) => {
            let failure = ended(Exit::NeedsDecision, text);
            Err(match revert_command(record, verb("revert")) {
                Some(revert) => failure.hint(format!("to go back by another rollout: {revert}")),
                None => failure,
            })
        }
        (None, Some(Pause::Failed(_))) => {
            Err(with_decision_hints(ended(Exit::NeedsDecision, text), verb))
        }
        (None, _) => Err(ended(Exit::NeedsDecision, format!("{text}; no process drives it"))
            .hint(format!("to go on: {}", verb("resume")))),
    }
}
