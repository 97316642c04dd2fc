//! The admin port: plain HTTP on loopback, for people and test programs. JSON, and a page to look at.

mod answer;
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

pub(crate) use self::answer::{Answer, Trouble};
use self::answer::{file, text};
use crate::Advance;
use crate::cloud::operation_names;
use crate::faults::Rule;
use crate::shared::Shared;

/// What the admin port knows of the emulator around it.
#[derive(Debug)]
pub(crate) struct Admin {
    pub(crate) shared: Arc<Shared>,
    pub(crate) endpoint: String,
    pub(crate) subscription: String,
}

/// The largest saved cloud that is read: that of many deployments.
const STATE_LIMIT: usize = 256 * 1024 * 1024;
/// The largest other body.
const BODY_LIMIT: usize = 1024 * 1024;

/// Every address, with what is done there.
const HELP: &str = "GET /, /health, /board, /journal?after=N, /operations, /faults, /state; \
                    POST /step, /faults; PUT /state; DELETE /faults/{id}";

/// How many bytes the body may have, or why there is no answer. Decided by the head alone.
pub(crate) fn admit<B>(request: &Request<B>) -> Result<usize, Trouble> {
    guard::check(request)?;
    let is_state = (request.method(), request.uri().path()) == (&Method::PUT, "/state");
    Ok(if is_state { STATE_LIMIT } else { BODY_LIMIT })
}

/// Everybody who reaches the admin port may do everything, so nobody else's machine may.
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
    pub(crate) async fn promise(self: &Arc<Self>, request: Request<Bytes>) -> Answer {
        if let Err(trouble) = guard::check(&request) {
            return trouble.answer();
        }
        if let Some(answer) = fixed(&request) {
            return answer.unwrap_or_else(Trouble::answer);
        }
        if (request.method(), request.uri().path()) == (&Method::GET, "/health") {
            return self.health().await.unwrap_or_else(Trouble::answer);
        }
        let admin = self.clone();
        let performed = spawn_blocking(move || {
            (admin.perform(&request).unwrap_or_else(Trouble::answer), admin.shared.point())
        });
        let (answer, point) =
            performed.await.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()));
        if let Some(point) = point
            && let Err(why) = point.reached().await
        {
            return unwritten(&why).answer();
        }
        answer
    }

    fn perform(&self, request: &Request<Bytes>) -> Result<Answer, Trouble> {
        let path = request.uri().path();
        match (request.method(), path) {
            (&Method::GET, "/board") => self.board(),
            (&Method::GET, "/journal") => self.journal(request.uri().query().unwrap_or_default()),
            (&Method::GET, "/faults") => self.faults(),
            (&Method::POST, "/faults") => self.add_fault(request.body()),
            (&Method::DELETE, path) if path.starts_with("/faults/") => self.remove_fault(path),
            (&Method::GET, "/state") => {
                // The copy is written down while others go on.
                let cloud = self.shared.cloud().clone();
                Ok(text(cloud.save()))
            }
            (&Method::PUT, "/state") => self.load(request.body()),
            (&Method::POST, "/step") => self.step(request.body()),
            (&Method::GET | &Method::POST | &Method::PUT | &Method::DELETE, _) => {
                Err(Trouble::new(
                    StatusCode::NOT_FOUND,
                    format!("{path} is nothing here; there are {HELP}"),
                ))
            }
            (method, _) => Err(Trouble::new(
                StatusCode::METHOD_NOT_ALLOWED,
                format!("{method} is not possible here; there are {HELP}"),
            )),
        }
    }

    async fn health(&self) -> Result<Answer, Trouble> {
        if let Some(why) = self.shared.failure() {
            return Err(unwritten(&why));
        }
        let vitals = self.shared.vitals().await;
        answer::json(&json!({
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

    fn board(&self) -> Result<Answer, Trouble> {
        let board = self.shared.cloud().board();
        answer::json(&board)
    }

    fn faults(&self) -> Result<Answer, Trouble> {
        let faults = self.shared.cloud().faults();
        answer::json(&faults)
    }

    /// What has come after the entry of this number.
    fn journal(&self, query: &str) -> Result<Answer, Trouble> {
        let after = query.split('&').find_map(|pair| pair.strip_prefix("after="));
        let after = after
            .unwrap_or("0")
            .parse()
            .map_err(|_| Trouble::bad("after is not the number of an entry"))?;
        let journal = self.shared.cloud().journal().clone();
        let entries: Vec<_> = journal.since(after).collect();
        answer::json(&json!({ "last": journal.last_number(), "entries": entries }))
    }

    /// Adds one rule, or takes the place of the one with its id; tells the rules afterwards.
    fn add_fault(&self, body: &Bytes) -> Result<Answer, Trouble> {
        let rule: Rule = read(body)?;
        let added = self.shared.cloud().add_fault(rule);
        added.map_err(|invalid| Trouble::bad(invalid.to_string()))?;
        self.faults()
    }

    fn remove_fault(&self, path: &str) -> Result<Answer, Trouble> {
        let id = path.trim_start_matches("/faults/");
        let id = percent_decode_str(id).decode_utf8_lossy();
        let was_there = self.shared.cloud().remove_fault(&id);
        if !was_there {
            let message = format!("there is no fault with the id {id:?}");
            return Err(Trouble::new(StatusCode::NOT_FOUND, message));
        }
        self.faults()
    }

    /// Takes a saved cloud in place of the one that there is; tells the board afterwards.
    fn load(&self, body: &Bytes) -> Result<Answer, Trouble> {
        let saved = std::str::from_utf8(body)
            .map_err(|error| Trouble::bad(format!("the saved cloud is not UTF-8: {error}")))?;
        self.shared.load(saved).map_err(|error| Trouble::bad(error.to_string()))?;
        self.board()
    }

    /// Moves time ahead, and tells the board afterwards.
    fn step(&self, body: &Bytes) -> Result<Answer, Trouble> {
        let ahead = match read(body)? {
            Step::Seconds(seconds) => Duration::try_from_secs_f64(seconds).map_err(|_| {
                Trouble::bad(format!("seconds: {seconds} is not a number of seconds from 0 up"))
            })?,
            Step::Until(Until::NextEvent) => {
                let cloud = self.shared.cloud();
                cloud.next_event().map_or(Duration::ZERO, |next| next - cloud.now())
            }
        };
        let Advance { remaining, .. } = self.shared.step(ahead);
        if remaining.is_zero() {
            return self.board();
        }
        let elapsed = self.shared.cloud().now().since_origin();
        let (elapsed, remaining) = (elapsed.as_secs_f64(), remaining.as_secs_f64());
        Err(Trouble::new(
            StatusCode::SERVICE_UNAVAILABLE,
            format!(
                "the step ended early, at {elapsed} seconds: too many events came due, or the emulator \
                 shuts down; step by the remaining {remaining} seconds to go on"
            ),
        )
        .with(json!({ "elapsed_seconds": elapsed, "remaining_seconds": remaining })))
    }
}

/// What is the same at any time.
fn fixed(request: &Request<Bytes>) -> Option<Result<Answer, Trouble>> {
    if request.method() != Method::GET {
        return None;
    }
    Some(match request.uri().path() {
        "/" => Ok(file("text/html; charset=utf-8", include_str!("admin/page/page.html"))),
        "/page.css" => Ok(file("text/css; charset=utf-8", include_str!("admin/page/page.css"))),
        "/page.js" => {
            Ok(file("text/javascript; charset=utf-8", include_str!("admin/page/page.js")))
        }
        "/operations" => answer::json(&operation_names()),
        _ => return None,
    })
}

fn unwritten(why: &str) -> Trouble {
    Trouble::new(
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

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Trouble> {
    serde_json::from_slice(body)
        .map_err(|why| Trouble::bad(format!("the body cannot be used: {why}")))
}

#[cfg(test)]
mod tests;
