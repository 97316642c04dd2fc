//! `azure-classic rollout watch`.

use azure_classic::Deployment;
use azure_classic::Poll;
use azure_classic::rollout::{Ending, Pause, Record};
use serde_json::Value;

use super::command;
use super::events::{Entry, Tail};
use super::files::Files;
use super::lock::Lock;
use super::status::summary;
use super::teller::Teller;
use crate::arguments::{DeploymentArgs, Format, WatchArgs};
use crate::connection::Connection;
use crate::failure::{Exit, Failure};
use crate::output::{print, print_json_line};

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
            match options.output {
                Format::Json => {
                    drop(serde_json::from_str(&line).map(|it: Value| print_json_line(&it)))
                }
                // Another version may have other events.
                Format::Text => drop(serde_json::from_str(&line).map(|it: Entry| teller.tell(&it))),
            }
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
    let text = summary(&record);
    let ended = |exit: Exit| Failure::with(exit, text.clone().into());
    let verb = |verb: &str| command(connection, verb, files.record(), None);
    match (record.ended(), record.pause()) {
        (Some(Ending::Upgraded), _) => {
            if options.output == Format::Text {
                print(&text)?;
            }
            Ok(())
        }
        (Some(Ending::RolledBack), _) => Err(ended(Exit::RolledBack)),
        (Some(_), _) => Err(ended(Exit::NeedsPerson)
            .hint(format!("to go back by another rollout: {} --package URL", verb("undo")))),
        (None, Some(Pause::Failed(_))) => Err(ended(Exit::NeedsPerson)
            .hint(format!("to give it its time once more: {}", verb("resume")))
            .hint(format!("to go on whatever the health: {}", verb("promote")))
            .hint(format!("to roll back: {}", verb("abort")))),
        (None, _) => {
            Err(Failure::with(Exit::NeedsPerson, format!("{text}; nobody drives it").into())
                .hint(format!("to go on: {}", verb("resume"))))
        }
    }
}
