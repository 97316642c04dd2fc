//! The network between the driver and the cloud: what becomes of a request on its way.

use std::time::Duration;

use azure_classic_protocol::Bytes;
use fastrand::Rng;
use http::{Request, Response};

use crate::lie::Lie;
use crate::scenario::Scenario;

/// The fate of one request.
#[derive(Debug)]
pub(crate) struct Fate {
    /// After how long it arrives, if it does.
    pub(crate) arrives: Option<Duration>,
    /// After how long a copy of it arrives.
    pub(crate) copy: Option<Duration>,
    /// The driver's result.
    pub(crate) back: Back,
    /// For the log.
    pub(crate) name: &'static str,
}

/// The driver's result.
#[derive(Debug)]
pub(crate) enum Back {
    /// The simulator's response, this long after the arrival of the request.
    Reply(Duration),
    /// The same, but that 202 has become 200: as if all were done.
    AsDone(Duration),
    /// Something that is not so, so long after the request has arrived.
    Lie(Duration, Lie),
    /// An earlier response to the same request, if there is one that is not too old.
    Old(Duration),
    /// This instead, after so long.
    Instead(Duration, Response<Bytes>),
    /// Nothing: after so long it gives up. Whether the request was certainly not sent.
    Lost(Duration, bool),
}

/// The false responses of a front end to a reading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MayLie {
    pub(crate) may: bool,
    pub(crate) must: bool,
    /// Whether it may be that the deployment is not there.
    pub(crate) may_be_absent: bool,
}

pub(crate) struct Network {
    rng: Rng,
    /// How many of a hundred requests meet a fault.
    faults: u32,
    /// Whether the status of accepted operations is unknown.
    is_forgetful: bool,
    /// The percentage of readings with a false response.
    lies: u32,
}

/// The maximal age of a response to a reading. A driver's confirmation period must be longer.
pub(crate) const OLDEST: Duration = Duration::from_secs(25);

/// The host to which requests are redirected, of the same cloud.
const REGIONAL: &str = "usnorth.management.example.net";

impl Network {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let rng = Rng::with_seed(scenario.seed ^ 0x6e65_7477_6f72_6b00);
        let (faults, lies) = (scenario.faults, scenario.lies);
        Self { rng, faults, is_forgetful: scenario.is_forgetful, lies }
    }

    pub(crate) fn fate(&mut self, request: &Request<Bytes>, lies: MayLie) -> Fate {
        let there = self.millis(5, 200);
        let back = self.millis(5, 200);
        if lies.may && (lies.must || self.rng.u32(..100) < self.lies) {
            let lie = Lie::of(&mut self.rng);
            return fate("gets a false response", Some(there), Back::Lie(back, lie));
        }
        if self.is_forgetful && is_about_work(request) {
            return fate("is about what is forgotten", None, Back::Instead(back, forgotten()));
        }
        if self.rng.u32(..100) >= self.faults {
            return fate("passes", Some(there), Back::Reply(back));
        }
        let is_change = request.method() != http::Method::GET;
        let gives_up = self.seconds(1, 100);
        match self.rng.u32(..if is_change { 12 } else { 10 }) {
            9 if is_about_work(request) => {
                fate("gets a response without content", None, Back::Instead(back, forgotten()))
            }
            9 if lies.may_be_absent => {
                let lie = Lie::of_absence(&mut self.rng);
                fate("gets a 404", Some(there), Back::Lie(back, lie))
            }
            9 if !is_change => fate("is slow", Some(there), Back::Reply(self.seconds(2, 90))),
            11 => fate("gets a response as if complete", Some(there), Back::AsDone(back)),
            8 if !is_change => fate("gets an old response", Some(there), Back::Old(back)),
            0 => fate("cannot be sent", None, Back::Lost(self.millis(1, 5000), true)),
            1 => fate("is lost", None, Back::Lost(gives_up, false)),
            2 => fate("loses its response", Some(there), Back::Lost(gives_up, false)),
            3 => fate("meets 503", None, Back::Instead(back, error(503, "ServerBusy", "Busy."))),
            4 => {
                let failed = error(500, "InternalError", "The server encountered an error.");
                // Some time before or after the execution.
                let arrives = self.rng.bool().then_some(there);
                fate("meets 500", arrives, Back::Instead(there + back, failed))
            }
            5 if !is_redirected(request) => {
                fate("is redirected", None, Back::Instead(back, redirect(request)))
            }
            5 | 6 => fate("is slow", Some(there), Back::Reply(self.seconds(2, 90))),
            7 => fate("is slow to arrive", Some(self.seconds(2, 60)), Back::Reply(back)),
            8 => {
                let late = gives_up + self.seconds(1, 200);
                fate("arrives after it was given up", Some(late), Back::Lost(gives_up, false))
            }
            9 => Fate {
                copy: Some(there + self.seconds(1, 150)),
                ..fate("arrives twice", Some(there), Back::Reply(back))
            },
            _ => fate("meets 409", None, Back::Instead(back, self.conflict())),
        }
    }

    /// The deployment is locked by an operation whose status is unknown.
    fn conflict(&mut self) -> Response<Bytes> {
        let id = format!("{:032x}", self.rng.u128(..));
        let message = format!(
            "Windows Azure is currently performing an operation with x-ms-requestid {id} on this \
             deployment that requires exclusive access."
        );
        error(409, "ConflictError", &message)
    }

    fn millis(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(self.rng.u64(from..=to))
    }

    fn seconds(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_secs(self.rng.u64(from..=to))
    }
}

fn fate(name: &'static str, arrives: Option<Duration>, back: Back) -> Fate {
    Fate { arrives, copy: None, back, name }
}

/// Whether it polls an operation.
fn is_about_work(request: &Request<Bytes>) -> bool {
    request.uri().path().contains("/operations/")
}

fn forgotten() -> Response<Bytes> {
    error(404, "ResourceNotFound", "The operation does not exist.")
}

/// Whether it goes to the host that it was redirected to: the same request once more.
pub(crate) fn is_redirected(request: &Request<Bytes>) -> bool {
    request.uri().host() == Some(REGIONAL)
}

fn redirect(request: &Request<Bytes>) -> Response<Bytes> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    Response::builder()
        .status(307)
        .header("location", format!("https://{REGIONAL}{path}"))
        .body(Bytes::new())
        .expect("it can be built")
}

fn error(status: u16, code: &str, message: &str) -> Response<Bytes> {
    let body = format!(
        "<Error xmlns=\"http://schemas.microsoft.com/windowsazure\"><Code>{code}</Code>\
         <Message>{message}</Message></Error>"
    );
    Response::builder().status(status).body(Bytes::from(body)).expect("it can be built")
}
