//! The admin port: plain HTTP on loopback, for people and test programs. JSON, and a page to look at.

mod answer;
mod guard;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Value, json};

use self::answer::{Answer, error, file, json as answer_json, text};
use crate::faults::Rule;
use crate::shared::Shared;

/// What the admin port knows of the emulator around it.
#[derive(Debug)]
pub(crate) struct Admin {
    pub(crate) shared: Arc<Shared>,
    pub(crate) endpoint: String,
    pub(crate) subscription: String,
}

/// The largest body that is read: a saved state of many deployments.
pub(crate) const BODY_LIMIT: usize = 256 * 1024 * 1024;

/// Every address, with what is done there.
const HELP: &str = "GET /, /health, /board, /journal?after=N, /operations, /faults, /state; \
                    POST /step, /faults; PUT /state; DELETE /faults/{id}";

impl Admin {
    /// The answer goes out when what it tells is in the state file, if there is one.
    pub(crate) async fn promise(&self, request: &Request<Bytes>) -> Answer {
        let answer = self.answer(request);
        match self.shared.written().await {
            Ok(()) => answer,
            Err(why) => {
                let message = format!("the state file cannot be written any more: {why}");
                error(StatusCode::INTERNAL_SERVER_ERROR, message)
            }
        }
    }

    fn answer(&self, request: &Request<Bytes>) -> Answer {
        if let Err(refused) = guard::check(request) {
            return refused;
        }
        let path = request.uri().path();
        match (request.method(), path) {
            (&Method::GET, "/") => {
                file("text/html; charset=utf-8", include_str!("admin/page/page.html"))
            }
            (&Method::GET, "/page.css") => {
                file("text/css; charset=utf-8", include_str!("admin/page/page.css"))
            }
            (&Method::GET, "/page.js") => {
                file("text/javascript; charset=utf-8", include_str!("admin/page/page.js"))
            }
            (&Method::GET, "/health") => answer_json(&self.health()),
            (&Method::GET, "/board") => answer_json(&self.shared.cloud().board()),
            (&Method::GET, "/journal") => self.journal(request.uri().query().unwrap_or_default()),
            (&Method::GET, "/operations") => answer_json(&crate::cloud::operation_names()),
            (&Method::GET, "/faults") => answer_json(&self.shared.cloud().faults()),
            (&Method::POST, "/faults") => self.add_fault(request.body()),
            (&Method::DELETE, path) if path.starts_with("/faults/") => self.remove_fault(path),
            (&Method::GET, "/state") => text(self.shared.cloud().save()),
            (&Method::PUT, "/state") => self.load(request.body()),
            (&Method::POST, "/step") => self.step(request.body()),
            (&Method::GET | &Method::POST | &Method::PUT | &Method::DELETE, _) => {
                error(StatusCode::NOT_FOUND, format!("{path} is nothing here; there are {HELP}"))
            }
            (method, _) => error(
                StatusCode::METHOD_NOT_ALLOWED,
                format!("{method} is not possible here; there are {HELP}"),
            ),
        }
    }

    fn health(&self) -> Value {
        let speed = self.shared.clock.speed();
        let cloud = self.shared.cloud();
        let board = cloud.board();
        let deployments = board.services.iter().map(|service| service.deployments.len());
        json!({
            "status": "ok",
            "version": env!("CARGO_PKG_VERSION"),
            "endpoint": self.endpoint,
            "subscription": self.subscription,
            "now": board.now,
            "elapsed_seconds": board.elapsed_seconds,
            "speed": speed,
            "services": board.services.len(),
            "deployments": deployments.sum::<usize>(),
            "instances": cloud.instances().len(),
        })
    }

    /// What has come after the entry of this number.
    fn journal(&self, query: &str) -> Answer {
        let after = query.split('&').find_map(|pair| pair.strip_prefix("after="));
        let Ok(after) = after.unwrap_or("0").parse() else {
            return error(
                StatusCode::BAD_REQUEST,
                "after is not the number of an entry".to_owned(),
            );
        };
        let cloud = self.shared.cloud();
        let entries: Vec<_> = cloud.journal().since(after).collect();
        answer_json(&json!({ "last": cloud.journal().last_number(), "entries": entries }))
    }

    /// Adds one rule, or takes the place of the one with its id; tells the rules afterwards.
    fn add_fault(&self, body: &Bytes) -> Answer {
        let rule: Rule = match read(body) {
            Ok(rule) => rule,
            Err(refused) => return refused,
        };
        let mut cloud = self.shared.cloud();
        match cloud.add_fault(rule) {
            Ok(()) => answer_json(&cloud.faults()),
            Err(invalid) => error(StatusCode::BAD_REQUEST, invalid.to_string()),
        }
    }

    fn remove_fault(&self, path: &str) -> Answer {
        let id = path.trim_start_matches("/faults/");
        let id = percent_decode_str(id).decode_utf8_lossy();
        let mut cloud = self.shared.cloud();
        if cloud.remove_fault(&id) {
            answer_json(&cloud.faults())
        } else {
            error(StatusCode::NOT_FOUND, format!("there is no fault with the id {id:?}"))
        }
    }

    /// Takes a saved cloud in place of the one that there is; tells the board afterwards.
    fn load(&self, body: &Bytes) -> Answer {
        let loaded = match std::str::from_utf8(body) {
            Ok(saved) => self.shared.load(saved).map_err(|error| error.to_string()),
            Err(error) => Err(format!("the saved cloud is not UTF-8: {error}")),
        };
        match loaded {
            Ok(()) => answer_json(&self.shared.cloud().board()),
            Err(why) => error(StatusCode::BAD_REQUEST, why),
        }
    }

    /// Moves time ahead, and tells the board afterwards.
    fn step(&self, body: &Bytes) -> Answer {
        let step: Step = match read(body) {
            Ok(step) => step,
            Err(refused) => return refused,
        };
        match step {
            Step::Seconds(seconds) => {
                let Ok(duration) = Duration::try_from_secs_f64(seconds) else {
                    return error(
                        StatusCode::BAD_REQUEST,
                        format!("seconds: {seconds} is not a number of seconds from 0 up"),
                    );
                };
                self.shared.step(duration);
            }
            Step::Until(Until::NextEvent) => {
                let ahead = {
                    let cloud = self.shared.cloud();
                    cloud.next_event().map(|next| next - cloud.now())
                };
                if let Some(ahead) = ahead {
                    self.shared.step(ahead);
                }
            }
        }
        answer_json(&self.shared.cloud().board())
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

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Answer> {
    serde_json::from_slice(body)
        .map_err(|why| error(StatusCode::BAD_REQUEST, format!("the body cannot be used: {why}")))
}

#[cfg(test)]
mod tests;
