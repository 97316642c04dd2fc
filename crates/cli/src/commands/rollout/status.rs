//! `azure-classic rollout status`.

use azure_classic::rollout::{DeploymentSummary, FinalState, Pause, Phase, Record};
use serde_json::json;

use super::files::RolloutFiles;
use super::lock::RolloutLock;
use super::start::files_error;
use crate::arguments::{DeploymentArgs, Format, StatusArgs};
use crate::cli_error::CliError;
use crate::connection::Connection;
use crate::output::{print, print_board, print_json_line};

pub(super) async fn status(connection: &Connection, options: &StatusArgs) -> Result<(), CliError> {
    let files = RolloutFiles::new(&options.record.record);
    let driver = RolloutLock::holder(&files).map_err(|error| files_error(&files, error))?;
    let record = files.read_existing()?;
    let named = DeploymentArgs::from_record(&record);
    let found = connection.get_deployment(&named).await?;
    match options.output {
        Format::Json => print_json_line(&json!({
            "phase": record.phase(),
            "started_domains": record.started_domains(),
            "pause": record.pause(),
            "rollback_reason": record.back(),
            "ended": record.ended(),
            "is_driven": driver.is_some(),
            "summary": DeploymentSummary::new(&found),
        }))?,
        Format::Text => {
            let who = match driver {
                Some(driver) => format!("{driver} drives it"),
                None => "no process drives it".to_owned(),
            };
            print(&format!("{}; {who}", summary(&record)))?;
            print_board(&named.service, &found)?;
        }
    }
    Ok(())
}

/// The record in one line.
pub(super) fn summary(record: &Record) -> String {
    let domains = match record.started_domains() {
        1 => "1 upgrade domain started".to_owned(),
        started => format!("{started} upgrade domains started"),
    };
    let back = record.back().map(|why| format!(", because {why}")).unwrap_or_default();
    let text = match (record.ended(), record.phase()) {
        (Some(FinalState::Upgraded), _) => return "upgraded".to_owned(),
        (Some(FinalState::RolledBack), _) => return format!("rolled back{back}"),
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
