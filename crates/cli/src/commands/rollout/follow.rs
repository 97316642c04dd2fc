//! `azure-classic rollout watch`.

use azure_classic::rollout::{Ending, Pause, Record};
use azure_classic::{Deployment, Poll};

use super::command;
use super::ending::{undo, ways_on};
use super::events::Tail;
use super::files::Files;
use super::lock::Lock;
use super::status::summary;
use super::teller::Teller;
use crate::arguments::{DeploymentArgs, Format, WatchArgs};
use crate::connection::Connection;
use crate::failure::{Exit, Failure};
use crate::output::print;

pub(super) async fn watch(connection: &Connection, options: &WatchArgs) -> Result<(), Failure> {
    let files = Files::of(&options.record.record);
    let named = DeploymentArgs::of_record(&files.read_present()?);
    let mut teller = Teller::of(&named.service, options.output);
    let mut tail = Tail::of(&files);
    let mut last: Result<Option<Record>, Failure> = Ok(None);
    let until = |now: &Deployment| {
        // In this order: what the process that drives has written last is seen, too.
        let is_driven = Lock::holder(&files).map(|driver| driver.is_some());
        last = files.read_present().map(Some);
        for line in tail.news().unwrap_or_default() {
            teller.tell_again(&line);
        }
        teller.show(Some(now));
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
    let watched = client.watch(named.reference().get(), until).await;
    watched.map_err(|error| connection.explain_about(error, Some(&named)))?;
    let Some(record) = last? else { return Ok(()) };
    conclude(connection, &files, &record, options.output)
}

/// As the process that drove has ended it.
fn conclude(
    connection: &Connection,
    files: &Files,
    record: &Record,
    output: Format,
) -> Result<(), Failure> {
    let text = summary(record);
    let verb = |verb: &str| command(connection, verb, files.record(), None);
    let ended = |exit: Exit, text: String| Failure::with(exit, text.into());
    match (record.ended(), record.pause()) {
        (Some(Ending::Upgraded), _) => {
            if output == Format::Text {
                print(&text)?;
            }
            Ok(())
        }
        (Some(Ending::RolledBack), _) => Err(ended(Exit::RolledBack, text)),
        (Some(_), _) => {
            let failure = ended(Exit::NeedsPerson, text);
            Err(match undo(record, verb("undo")) {
                Some(undo) => failure.hint(format!("to go back by another rollout: {undo}")),
                None => failure,
            })
        }
        (None, Some(Pause::Failed(_))) => Err(ways_on(ended(Exit::NeedsPerson, text), verb)),
        (None, _) => Err(ended(Exit::NeedsPerson, format!("{text}; nobody drives it"))
            .hint(format!("to go on: {}", verb("resume")))),
    }
}
