//! `azure-classic rollback`.

use azure_classic::{Accepted, Deployment, RollbackMode};

use super::http_dump::http_dump;
use super::waiter::Waiter;
use crate::arguments::{DeploymentArgs, Mode, RollbackArgs};
use crate::cli_error::CliError;
use crate::connection::Connection;
use crate::output::{print, print_lines};
use crate::screen::Screen;

pub(crate) async fn rollback(
    connection: &Connection,
    options: &RollbackArgs,
) -> Result<(), CliError> {
    let requested = &options.deployment;
    let mut screen = Screen::stderr(&requested.service);
    let found = connection.get_deployment(requested).await?;
    let named = requested.with_name(&found.name);
    screen.print_message(&format!(
        "the deployment is {} in {} of {}",
        found.name,
        found.deployment_slot.as_str().to_lowercase(),
        requested.service
    ))?;
    check_allowed(connection, &named, &found, options.force)?;

    let waiting = Waiter::start(&options.wait_options);
    let rollback =
        named.reference().rollback(RollbackMode::from(options.mode)).force(options.force);
    let accepted = connection.client.send(rollback).await;
    let accepted = accepted.map_err(|error| connection.explain_for(error, Some(&named)))?;
    if options.no_wait {
        return print_accepted(connection, &mut screen, &named, &accepted);
    }
    if let Some(id) = accepted.request_id() {
        screen.print_message(&format!("the rollback is accepted: request id {id}"))?;
        if !accepted.is_finished() {
            waiting.wait_for_operation(connection, id, Some(&named)).await?;
        }
    }
    match options.mode {
        Mode::Manual => print_walk_instructions(connection, &named).await,
        Mode::Auto => {
            let settled =
                waiting.wait_until_settled(connection, &named, |now| screen.show(now)).await?;
            print(&format!(
                "rolled back: {} of {} is \"{}\" again, {}",
                settled.name,
                requested.service,
                settled.label.as_str(),
                status_summary(&settled)
            ))?;
            Ok(())
        }
    }
}

/// Checks only what the service itself reports. If an old version does not report it, the service decides.
fn check_allowed(
    connection: &Connection,
    named: &DeploymentArgs,
    found: &Deployment,
    force: bool,
) -> Result<(), CliError> {
    if found.rollback_allowed != Some(false) {
        return Ok(());
    }
    let why = match (&found.upgrade_status, found.locked) {
        (None, Some(true)) => "an operation holds the deployment (Locked)",
        (None, _) => "no update is in progress",
        (Some(_), Some(true)) => {
            "an update is in progress, and an operation holds the deployment (Locked)"
        }
        (Some(_), _) => {
            "the update in progress is a rollback itself, or has reached every instance, or has \
             enlarged local storage"
        }
    };
    let mut failure = CliError::new(format!(
        "the service does not allow a rollback of {} now (RollbackAllowed is false): {why}",
        found.name
    ));
    if force {
        failure = failure.hint("--force accepts the loss of local data; it does not change this");
    }
    let is_moving = found.upgrade_status.is_some() || found.locked == Some(true);
    Err(failure.hint(if is_moving {
        format!("to see how it goes on: {}", connection.show_command(named, " --watch"))
    } else {
        format!("to see what runs: {}", connection.show_command(named, ""))
    }))
}

/// `--no-wait`: the id is the result.
fn print_accepted(
    connection: &Connection,
    screen: &mut Screen,
    named: &DeploymentArgs,
    accepted: &Accepted,
) -> Result<(), CliError> {
    screen.print_message(&format!(
        "the rollback is accepted; to see how it goes: {}",
        connection.show_command(named, " --watch")
    ))?;
    match accepted.request_id() {
        Some(id) => print(id.as_str())?,
        None => screen.print_message("the service gave the request no id")?,
    }
    Ok(())
}

/// A manual rollback moves only when the domains are walked, which this program does not do.
async fn print_walk_instructions(
    connection: &Connection,
    named: &DeploymentArgs,
) -> Result<(), CliError> {
    let found = connection.get_deployment(named).await?;
    let Some(update) = &found.upgrade_status else {
        print("the rollback is accepted, and no update is in progress any more")?;
        return Ok(());
    };
    let Some(first) = update.domain() else {
        print(
            "the rollback is accepted; the service does not report which upgrade domain to walk first",
        )?;
        return Ok(());
    };
    let last = found.upgrade_domain_count.map_or(first, |count| count.saturating_sub(1));
    let walk = named.reference().walk_upgrade_domain(first);
    let request = connection.client.endpoint().request(&walk);
    let request = request.map_err(|error| connection.explain_for(error, Some(named)))?;
    print_lines([
        &format!(
            "the rollback is accepted, and nothing moves until its upgrade domains are walked: {first} to \
             {last}, in this order, each when the operation of the one before has ended."
        ),
        "",
        "In Rust, with the crate azure-classic:",
        "",
        &format!(
            "  client.run(CloudServiceRef::new({:?}).deployment({:?}).walk_upgrade_domain({first})).await?;",
            named.service, found.name
        ),
        "",
        "With any other client:",
        "",
    ])?;
    print_lines(http_dump(&request))?;
    let wait = connection.wait_command("REQUEST-ID");
    print_lines(["", &format!("The answer's x-ms-request-id names the operation: {wait}")])?;
    Ok(())
}

fn status_summary(deployment: &Deployment) -> String {
    let count = deployment.role_instance_list.len();
    match count {
        1 => format!("{} with its one instance", deployment.status),
        _ => format!("{} with all {count} instances", deployment.status),
    }
}
