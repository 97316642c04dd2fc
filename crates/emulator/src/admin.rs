//! The admin port: plain HTTP on loopback, for people and test programs. JSON, and a page to look at.

mod answer;
mod guard;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use self::answer::{Answer, error, file, json as answer_json};
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
const HELP: &str = "GET /, /health, /board, /journal, /faults, /state; POST /step, /faults; PUT /state; \
                    DELETE /faults, /faults/{id}";

impl Admin {
    pub(crate) fn answer(&self, request: &Request<Bytes>) -> Answer {
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
