//! Prints the requests without sending them.

use azure_classic::Deployment;
use azure_classic::protocol::Bytes;
use azure_classic::rollout::{Plan, PreflightIssue};
use http::Request;
use serde_json::{Value, json};

use super::event_text::issue_text;
use crate::arguments::{Format, StartArgs};
use crate::cli_error::CliError;
use crate::commands::http_dump::http_dump;
use crate::connection::Connection;
use crate::output::{print, print_json_line, print_lines};

pub(super) fn dry_run(
    connection: &Connection,
    plan: &Plan,
    found: &Deployment,
    options: &StartArgs,
) -> Result<(), CliError> {
    let endpoint = connection.client.endpoint();
    let issues = plan.preflight(endpoint, found);
    let mut steps = Vec::new();
    let requests = plan.requests(endpoint, found);
    if let (Ok(requests), Ok(rollback)) = (requests, plan.rollback_request(endpoint, found)) {
        let walks =
            (0..).map(|domain| format!("when all before is healthy, upgrade domain {domain}"));
        let when = std::iter::once("first, the start of the update".to_owned()).chain(walks);
        steps.extend(when.zip(requests));
        steps.push(("where a domain fails, the rollback".to_owned(), rollback));
    }
    match options.drive.output {
        Format::Json => {
            print_json_line(&json!({ "issues": issues }))?;
            for (when, request) in &steps {
                print_json_line(&request_json(when, request))?;
            }
        }
        Format::Text => {
            match issues.as_slice() {
                [] => print("the preflight finds nothing")?,
                issues => print_lines(issues.iter().map(issue_text))?,
            }
            for (when, request) in &steps {
                print_lines(["", &format!("{when}:"), ""])?;
                print_lines(http_dump(request))?;
            }
        }
    }
    let is_error = issues.iter().any(PreflightIssue::is_error);
    if is_error {
        return Err(CliError::new("the update would not be started"));
    }
    if !issues.is_empty() && !options.accept_warnings {
        return Err(CliError::new("the update would not be started, because of warnings")
            .hint("--accept-warnings starts in spite of them"));
    }
    Ok(())
}

fn request_json(when: &str, request: &Request<Bytes>) -> Value {
    let headers = request.headers().iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into())
    });
    json!({
        "when": when,
        "method": request.method().as_str(),
        "url": request.uri().to_string(),
        "headers": Value::Object(headers.collect()),
        "body": String::from_utf8_lossy(request.body()),
    })
}
