//! `azure-classic rollout status`.

use azure_classic::rollout::{Ending, Pause, Phase, Record, Standing};
use serde_json::json;

use super::files::Files;
use super::lock::Lock;
use super::start::no_files;
use crate::arguments::{DeploymentArgs, Format, StatusArgs};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::output::{print, print_board, print_json_line};

pub(super) async fn status(connection: &Connection, options: &StatusArgs) -> Result<(), Failure> {
    let files = Files::of(&options.record.record);
    let driver = Lock::holder(&files).map_err(|error| no_files(&files, error))?;
    let record = files.read_present()?;
    let named = DeploymentArgs::of_record(&record);
    let found = connection.look_up(&named).await?;
    match options.output {
        Format::Json => print_json_line(&json!({
            "phase": record.phase(),
            "begun": record.begun(),
            "pause": record.pause(),
            "back": record.back(),
            "ended": record.ended(),
            "is_driven": driver.is_some(),
            "standing": Standing::of(&found),
        }))?,
        Format::Text => {
            let who = match driver {
                Some(driver) => format!("{driver} drives it"),
                None => "nobody drives it".to_owned(),
            };
            print(&format!("{}; {who}", summary(&record)))?;
            print_board(&named.service, &found)?;
        }
    }
    Ok(())
}

/// What the record says, in a line.
pub(super) fn summary(record: &Record) -> String {
    let domains = match record.begun() {
        1 => "1 upgrade domain begun".to_owned(),
        begun => format!("{begun} upgrade domains begun"),
    };
    let back = record.back().map(|why| format!(", because {why}")).unwrap_or_default();
    let text = match (record.ended(), record.phase()) {
        (Some(Ending::Upgraded), _) => return "upgraded".to_owned(),
        (Some(Ending::RolledBack), _) => return format!("rolled back{back}"),
        (Some(_), _) => return format!("complete before it could be rolled back{back}"),
        (None, Phase::Starting) => "the update is being started".to_owned(),
        (None, Phase::RollingBack) => format!("rolling back, {domains}{back}"),
        (None, _) => format!("walking, {domains}"),
    };
    match record.pause() {
        Some(Pause::Failed(why)) => format!("{text}; a person has to decide, because {why}"),
        Some(_) => format!("{text}; paused"),
        None => text,
    }
}
