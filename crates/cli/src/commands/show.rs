//! `azure-classic show`.

use azure_classic::protocol::GetOperationStatus;
use azure_classic::protocol::cloud_service::CloudServiceStatus;
use azure_classic::{
    CloudService, CloudServiceRef, DateTime, Deployment, OperationState, OperationStatus, RequestId,
};

use super::waiter::Waiter;
use crate::arguments::{DeploymentArgs, Format, ShowArgs, ShowCommand, WaitArgs};
use crate::cli_error::CliError;
use crate::connection::Connection;
use crate::output::{print, print_board, print_json, print_json_line, print_lines};
use crate::screen::Screen;

pub(crate) async fn show(connection: &Connection, options: &ShowArgs) -> Result<(), CliError> {
    let format = options.output;
    match &options.resource {
        ShowCommand::Service { name, service, deployments } => {
            let name = name.as_deref().or(service.as_deref()).unwrap_or_default();
            show_service(connection, name, *deployments, format).await
        }
        ShowCommand::Deployment { deployment, watch: false, .. } => {
            let found = connection.get_deployment(deployment).await?;
            match format {
                Format::Text => print_board(&deployment.service, &found)?,
                Format::Json => print_json(&found)?,
            }
            Ok(())
        }
        ShowCommand::Deployment { deployment, watch: true, wait_options: wait } => {
            watch_deployment(connection, deployment, wait, format).await
        }
        ShowCommand::Operation { request_id, wait, wait_options: waiting } => {
            let waiting = wait.then(|| Waiter::start(waiting));
            show_operation(connection, request_id, waiting, format).await
        }
    }
}

async fn show_service(
    connection: &Connection,
    name: &str,
    deployments: bool,
    format: Format,
) -> Result<(), CliError> {
    let get = CloudServiceRef::new(name).get();
    let get = if deployments { get.with_deployments() } else { get };
    let service = connection.client.send(get).await.map_err(|error| {
        if error.is_not_found() {
            connection.service_not_found(error, name)
        } else {
            connection.explain(error)
        }
    })?;
    if format == Format::Json {
        return Ok(print_json(&service)?);
    }
    print_lines(service_lines(&service))?;
    match &service.deployments {
        Some(deployments) if deployments.is_empty() => print("no deployments")?,
        deployments => {
            for deployment in deployments.iter().flatten() {
                print("")?;
                print_board(&service.service_name, deployment)?;
            }
        }
    }
    Ok(())
}

/// One line for each resource.
fn service_lines(service: &CloudService) -> Vec<String> {
    let properties = &service.properties;
    let facts = [
        ("label", Some(properties.label.as_str())),
        ("description", properties.description.as_deref()),
        ("location", properties.location.as_deref()),
        ("affinity group", properties.affinity_group.as_deref()),
        ("status", properties.status.as_ref().map(CloudServiceStatus::as_str)),
        ("created", properties.date_created.as_ref().map(DateTime::as_str)),
        ("changed", properties.date_last_modified.as_ref().map(DateTime::as_str)),
    ];
    let facts = facts.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let facts = facts.map(|(name, value)| format!("  {name:14}  {value}"));
    std::iter::once(service.service_name.clone()).chain(facts).collect()
}

/// Shows every change until the deployment has settled. It is looked up once and followed by its name.
async fn watch_deployment(
    connection: &Connection,
    requested: &DeploymentArgs,
    wait: &WaitArgs,
    format: Format,
) -> Result<(), CliError> {
    let waiting = Waiter::start(wait);
    let found = connection.get_deployment(requested).await?;
    let named = requested.with_name(&found.name);
    match format {
        Format::Text => {
            let mut screen = Screen::stdout(&requested.service);
            waiting.wait_until_settled(connection, &named, |now| screen.show(now)).await?;
        }
        Format::Json => {
            let mut shown: Option<Deployment> = None;
            let show = |now: &Deployment| {
                let is_news = shown.as_ref() != Some(now);
                shown = Some(now.clone());
                if is_news { print_json_line(now) } else { Ok(()) }
            };
            waiting.wait_until_settled(connection, &named, show).await?;
        }
    }
    Ok(())
}

async fn show_operation(
    connection: &Connection,
    request_id: &RequestId,
    waiting: Option<Waiter>,
    format: Format,
) -> Result<(), CliError> {
    let status = if let Some(waiting) = waiting {
        waiting.wait_for_operation(connection, request_id, None).await?
    } else {
        let get = GetOperationStatus::new(request_id.clone());
        connection.client.send(get).await.map_err(|error| connection.explain(error))?
    };
    match format {
        Format::Text => print_lines(operation_lines(&status))?,
        Format::Json => print_json(&status)?,
    }
    Ok(())
}

fn operation_lines(operation: &OperationStatus) -> Vec<String> {
    let code = operation.http_status_code.map(|status| format!(" ({status})"));
    let mut lines =
        vec![format!("{}  {}{}", operation.id, operation.status, code.unwrap_or_default())];
    if operation.status == OperationState::Failed
        && let Some(error) = &operation.error
    {
        lines.push(format!("  {}: {}", error.code, error.message.trim()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use azure_classic::ErrorCode;
    use azure_classic::protocol::ErrorBody;

    use super::*;

    #[test]
    fn a_failed_operation_says_why() {
        let operation = OperationStatus {
            id: RequestId::new("4f3a9cbde01c4d24a6b1ca5ed9a3a2b1"),
            status: OperationState::Failed,
            http_status_code: Some(400),
            error: Some(ErrorBody {
                code: ErrorCode::BadRequest,
                message: "No".to_owned(),
                configuration_warnings: Vec::new(),
                conflicting_operation_id: None,
            }),
        };
        assert_eq!(
            operation_lines(&operation),
            ["4f3a9cbde01c4d24a6b1ca5ed9a3a2b1  Failed (400)", "  BadRequest: No"]
        );
    }
}
