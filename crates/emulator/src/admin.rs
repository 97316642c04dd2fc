//! The admin port: plain HTTP on loopback, for people and test programs. JSON, and a page to look at.

mod admin_response;
mod guard;

use std::io;
use std::panic;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

pub(crate) use self::admin_response::{AdminError, AdminResponse};
use self::admin_response::{file, text};
use crate::Advance;
use crate::faults::FaultRule;
use crate::shared::Shared;
use crate::simulator::operation_names;

/// The admin port's view of the emulator.
#[derive(Debug)]
pub(crate) struct Admin {
    pub(crate) shared: Arc<Shared>,
    pub(crate) endpoint: String,
    pub(crate) subscription: String,
}

/// The largest saved state that is read: that of many deployments.
const MAX_STATE_BYTES: usize = 256 * 1024 * 1024;
/// The largest other body.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Every address, with what is done there.
const HELP: &str = "GET /, /health, /snapshot, /journal?after=N, /operations, /faults, /state; \
                    POST /step, /faults; PUT /state; DELETE /faults/{id}";

/// Returns the limit of the body in bytes, or an error. Decided by the head alone.
pub(crate) fn body_limit<B>(request: &Request<B>) -> Result<usize, AdminError> {
    guard::check(request)?;
    let is_state = (request.method(), request.uri().path()) == (&Method::PUT, "/state");
    Ok(if is_state { MAX_STATE_BYTES } else { MAX_BODY_BYTES })
}

/// The admin port gives full access, so it must be on a loopback address.
pub(crate) async fn bind(address: &str) -> io::Result<TcpListener> {
    let addresses: Vec<_> = tokio::net::lookup_host(address).await?.collect();
    if addresses.iter().all(|address| address.ip().is_loopback()) {
        TcpListener::bind(addresses.as_slice()).await
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{address} is no loopback address"),
        ))
    }
}

impl Admin {
    /// Performs a request. When this returns, what the response says is in the state file, if there is one.
    ///
    /// The health and the page need neither the simulator nor the disk: they are there whatever others do.
    pub(crate) async fn handle(self: &Arc<Self>, request: Request<Bytes>) -> AdminResponse {
        if let Err(error) = guard::check(&request) {
            return error.into_response();
        }
        if let Some(response) = static_file(&request) {
            return response.unwrap_or_else(AdminError::into_response);
        }
        if (request.method(), request.uri().path()) == (&Method::GET, "/health") {
            return self.health().await.unwrap_or_else(AdminError::into_response);
        }
        let admin = self.clone();
        let performed = spawn_blocking(move || {
            (
                admin.execute(&request).unwrap_or_else(AdminError::into_response),
                admin.shared.write_point(),
            )
        });
        let (response, point) =
            performed.await.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()));
        if let Some(point) = point
            && let Err(why) = point.reached().await
        {
            return not_persisted(&why).into_response();
        }
        response
    }

    fn execute(&self, request: &Request<Bytes>) -> Result<AdminResponse, AdminError> {
        let path = request.uri().path();
        match (request.method(), path) {
            (&Method::GET, "/snapshot") => self.snapshot(),
            (&Method::GET, "/journal") => self.journal(request.uri().query().unwrap_or_default()),
            (&Method::GET, "/faults") => self.faults(),
            (&Method::POST, "/faults") => self.add_fault(request.body()),
            (&Method::DELETE, path) if path.starts_with("/faults/") => self.remove_fault(path),
            (&Method::GET, "/state") => {
                // The copy is written down while others go on.
                let simulator = self.shared.simulator().clone();
                Ok(text(simulator.save()))
            }
            (&Method::PUT, "/state") => self.load(request.body()),
            (&Method::POST, "/step") => self.step(request.body()),
            (&Method::GET | &Method::POST | &Method::PUT | &Method::DELETE, _) => {
                Err(AdminError::new(
                    StatusCode::NOT_FOUND,
                    format!("{path} is nothing here; there are {HELP}"),
                ))
            }
            (method, _) => Err(AdminError::new(
                StatusCode::METHOD_NOT_ALLOWED,
                format!("{method} is not possible here; there are {HELP}"),
            )),
        }
    }

    async fn health(&self) -> Result<AdminResponse, AdminError> {
        if let Some(why) = self.shared.failure() {
            return Err(not_persisted(&why));
        }
        let vitals = self.shared.vitals().await;
        admin_response::json(&json!({
            "status": "ok",
            "version": env!("CARGO_PKG_VERSION"),
            "endpoint": self.endpoint,
            "subscription": self.subscription,
            "now": vitals.calendar_time,
            "elapsed_seconds": vitals.now.since_origin().as_secs_f64(),
            "speed": self.shared.clock.speed(),
            "dropped_seconds": self.shared.clock.dropped().as_secs_f64(),
            "services": vitals.services,
            "deployments": vitals.deployments,
            "instances": vitals.instances,
        }))
    }

    fn snapshot(&self) -> Result<AdminResponse, AdminError> {
        let snapshot = self.shared.simulator().snapshot();
        admin_response::json(&snapshot)
    }

    fn faults(&self) -> Result<AdminResponse, AdminError> {
        let faults = self.shared.simulator().faults();
        admin_response::json(&faults)
    }

    /// Returns the entries after the one with this number.
    fn journal(&self, query: &str) -> Result<AdminResponse, AdminError> {
        let after = query.split('&').find_map(|pair| pair.strip_prefix("after="));
        let after = after
            .unwrap_or("0")
            .parse()
            .map_err(|_| AdminError::bad_request("after is not the number of an entry"))?;
        let journal = self.shared.simulator().journal().clone();
        let entries: Vec<_> = journal.since(after).collect();
        admin_response::json(&json!({ "last": journal.last_number(), "entries": entries }))
    }

    /// Adds one rule, or replaces the one with its id; returns all rules.
    fn add_fault(&self, body: &Bytes) -> Result<AdminResponse, AdminError> {
        let rule: FaultRule = read(body)?;
        let added = self.shared.simulator().add_fault(rule);
        added.map_err(|invalid| AdminError::bad_request(invalid.to_string()))?;
        self.faults()
    }

    fn remove_fault(&self, path: &str) -> Result<AdminResponse, AdminError> {
        let id = path.trim_start_matches("/faults/");
        let id = percent_decode_str(id).decode_utf8_lossy();
        let was_there = self.shared.simulator().remove_fault(&id);
        if !was_there {
            let message = format!("there is no fault with the id {id:?}");
            return Err(AdminError::new(StatusCode::NOT_FOUND, message));
        }
        self.faults()
    }

    /// Replaces the state with a saved one; returns the snapshot.
    fn load(&self, body: &Bytes) -> Result<AdminResponse, AdminError> {
        let saved = std::str::from_utf8(body).map_err(|error| {
            AdminError::bad_request(format!("the saved simulator is not UTF-8: {error}"))
        })?;
        self.shared.load(saved).map_err(|error| AdminError::bad_request(error.to_string()))?;
        self.snapshot()
    }

    /// Advances time; returns the snapshot.
    fn step(&self, body: &Bytes) -> Result<AdminResponse, AdminError> {
        let ahead = match read(body)? {
            Step::Seconds(seconds) => Duration::try_from_secs_f64(seconds).map_err(|_| {
                AdminError::bad_request(format!(
                    "seconds: {seconds} is not a number of seconds from 0 up"
                ))
            })?,
            Step::Until(Until::NextEvent) => {
                let simulator = self.shared.simulator();
                simulator.next_event().map_or(Duration::ZERO, |next| next - simulator.now())
            }
        };
        let Advance { remaining, .. } = self.shared.step(ahead);
        if remaining.is_zero() {
            return self.snapshot();
        }
        let elapsed = self.shared.simulator().now().since_origin();
        let (elapsed, remaining) = (elapsed.as_secs_f64(), remaining.as_secs_f64());
        Err(AdminError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            format!(
                "the step ended early, at {elapsed} seconds: too many events came due, or the emulator \
                 shuts down; step by the remaining {remaining} seconds to go on"
            ),
        )
        .with(json!({ "elapsed_seconds": elapsed, "remaining_seconds": remaining })))
    }
}

/// The constant responses.
fn static_file(request: &Request<Bytes>) -> Option<Result<AdminResponse, AdminError>> {
    if request.method() != Method::GET {
        return None;
    }
    Some(match request.uri().path() {
        "/" => Ok(file("text/html; charset=utf-8", include_str!("admin/page/page.html"))),
        "/page.css" => Ok(file("text/css; charset=utf-8", include_str!("admin/page/page.css"))),
        "/page.js" => {
            Ok(file("text/javascript; charset=utf-8", include_str!("admin/page/page.js")))
        }
        "/operations" => admin_response::json(&operation_names()),
        _ => return None,
    })
}

fn not_persisted(why: &str) -> AdminError {
    AdminError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        format!(
            "the state file cannot be written any more: {why}; remedy that, then restart the emulator"
        ),
    )
}

/// `{"seconds": 60}` or `{"until": "next_event"}`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Step {
    Seconds(f64),
    Until(Until),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Until {
    NextEvent,
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, AdminError> {
    serde_json::from_slice(body)
        .map_err(|why| AdminError::bad_request(format!("the body cannot be used: {why}")))
}

#[cfg(test)]
mod tests;
