//! The summary at the end of the demonstration.

use std::time::Duration;

use super::counting_transport::CountingTransport;
use super::release::{INSTANCES, NEW, OLD, SERVICE};
use super::scenario::{ScenarioResult, minutes};
use crate::cli_error::CliError;
use crate::output;

/// Prints what happened, what it took, and where to go on.
pub(super) fn print(
    result: &ScenarioResult,
    requests: &CountingTransport,
    service_time: Duration,
    wall_time: Duration,
) -> Result<(), CliError> {
    let text = text(result, requests.requests(), service_time, wall_time);
    Ok(output::print_lines(text.lines())?)
}

fn text(
    result: &ScenarioResult,
    requests: usize,
    service_time: Duration,
    wall_time: Duration,
) -> String {
    format!(
        "\nEvents:\n  \
         {old} ran on {INSTANCES} instances of {SERVICE}/production.\n  \
         The upgrade to {new} stopped at upgrade domain {domain}: {instance} stayed {status}.\n  \
         The rollback took {rollback}; {old} runs on all {INSTANCES} instances again.\n  \
         {requests} requests over mutual TLS, {total} of the service's time in {wall:.1} s.\n\
         \nTo try it by hand: azure-classic emulator --dir DIR",
        old = OLD.label,
        new = NEW.label,
        domain = result.bad_domain,
        instance = result.bad_instance,
        status = result.bad_status,
        rollback = minutes(result.rollback_took),
        total = minutes(service_time),
        wall = wall_time.as_secs_f64(),
    )
}
