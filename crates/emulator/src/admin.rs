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
use serde_json::{Value, json};
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
    /// The answer goes out when what it tells is in the state file, if there is one. Nobody else is held
    /// up meanwhile.
    pub(crate) async fn promise(self: &Arc<Self>, request: Request<Bytes>) -> Answer {
        let admin = self.clone();
        let answer = spawn_blocking(move || admin.answer(&request)).await;
        let answer = answer.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()));
        match self.shared.written().await {
            Ok(()) => answer,
            Err(why) => {
                let message = format!("the state file cannot be written any more: {why}");
                Trouble::new(StatusCode::INTERNAL_SERVER_ERROR, message).answer()
            }
        }
    }

    fn answer(&self, request: &Request<Bytes>) -> Answer {
        guard::check(request).and_then(|()| self.perform(request)).unwrap_or_else(Trouble::answer)
    }

    fn perform(&self, request: &Request<Bytes>) -> Result<Answer, Trouble> {
        let path = request.uri().path();
        match (request.method(), path) {
            (&Method::GET, "/") => {
                Ok(file("text/html; charset=utf-8", include_str!("admin/page/page.html")))
            }
            (&Method::GET, "/page.css") => {
                Ok(file("text/css; charset=utf-8", include_str!("admin/page/page.css")))
            }
            (&Method::GET, "/page.js") => {
                Ok(file("text/javascript; charset=utf-8", include_str!("admin/page/page.js")))
            }
            (&Method::GET, "/health") => answer::json(&self.health()),
            (&Method::GET, "/board") => answer::json(&self.shared.cloud().board()),
            (&Method::GET, "/journal") => self.journal(request.uri().query().unwrap_or_default()),
            (&Method::GET, "/operations") => answer::json(&operation_names()),
            (&Method::GET, "/faults") => answer::json(&self.shared.cloud().faults()),
            (&Method::POST, "/faults") => self.add_fault(request.body()),
            (&Method::DELETE, path) if path.starts_with("/faults/") => self.remove_fault(path),
            (&Method::GET, "/state") => Ok(text(self.shared.cloud().save())),
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

    fn health(&self) -> Value {
        let speed = self.shared.clock.speed();
        let cloud = self.shared.cloud();
        let (services, deployments, instances) = cloud.sizes();
        json!({
            "status": "ok",
            "version": env!("CARGO_PKG_VERSION"),
            "endpoint": self.endpoint,
            "subscription": self.subscription,
            "now": cloud.calendar_time(),
            "elapsed_seconds": cloud.now().since_origin().as_secs_f64(),
            "speed": speed,
            "dropped_seconds": self.shared.clock.dropped().as_secs_f64(),
            "services": services,
            "deployments": deployments,
            "instances": instances,
        })
    }

    /// What has come after the entry of this number.
    fn journal(&self, query: &str) -> Result<Answer, Trouble> {
        let after = query.split('&').find_map(|pair| pair.strip_prefix("after="));
        let after = after
            .unwrap_or("0")
            .parse()
            .map_err(|_| Trouble::bad("after is not the number of an entry"))?;
        let cloud = self.shared.cloud();
        let entries: Vec<_> = cloud.journal().since(after).collect();
        answer::json(&json!({ "last": cloud.journal().last_number(), "entries": entries }))
    }

    /// Adds one rule, or takes the place of the one with its id; tells the rules afterwards.
    fn add_fault(&self, body: &Bytes) -> Result<Answer, Trouble> {
        let rule: Rule = read(body)?;
        let mut cloud = self.shared.cloud();
        cloud.add_fault(rule).map_err(|invalid| Trouble::bad(invalid.to_string()))?;
        answer::json(&cloud.faults())
    }

    fn remove_fault(&self, path: &str) -> Result<Answer, Trouble> {
        let id = path.trim_start_matches("/faults/");
        let id = percent_decode_str(id).decode_utf8_lossy();
        let mut cloud = self.shared.cloud();
        if !cloud.remove_fault(&id) {
            let message = format!("there is no fault with the id {id:?}");
            return Err(Trouble::new(StatusCode::NOT_FOUND, message));
        }
        answer::json(&cloud.faults())
    }

    /// Takes a saved cloud in place of the one that there is; tells the board afterwards.
    fn load(&self, body: &Bytes) -> Result<Answer, Trouble> {
        let saved = std::str::from_utf8(body)
            .map_err(|error| Trouble::bad(format!("the saved cloud is not UTF-8: {error}")))?;
        self.shared.load(saved).map_err(|error| Trouble::bad(error.to_string()))?;
        answer::json(&self.shared.cloud().board())
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
            return answer::json(&self.shared.cloud().board());
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
