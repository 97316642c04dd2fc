//! Rolling upgrades of cloud services (classic) without I/O: starts an upgrade or a configuration change,
//! walks it through the upgrade domains, checks its health, and rolls it back on failure.
//!
//! A [`Plan`] describes the goal; a [`Rollout`] is the state machine that reaches it, built on
//! `azure_classic_protocol`'s [`Machine`](azure_classic_protocol::machine::Machine):
//!
//! - The [preflight](Plan::preflight) reports obstacles before anything changes.
//! - The rollout starts the update in manual mode and walks its domains in order. Before each walk, and at
//!   the end, all walked domains must have been [healthy](Health) for a settle time, within the timeouts of
//!   the [`Policy`].
//! - If a domain fails, the rollout rolls back, or pauses for a decision. It accepts [pause, resume, promote
//!   and abort](Input) at any time.
//! - The next step depends only on the state of the service and on a small [`Record`], which the rollout
//!   hands out before each write. A driver can be killed at any point, and another one continues from the
//!   record. After a lost response the rollout reads the state; it never sends the start twice.
//! - It ends with a [`RolloutOutcome`], which the state of the service proves, or stops with a
//!   [`RolloutError`], which contains the reason, the state of the deployment and the next step. It reports
//!   changes by other operators and never competes with them.
//!
//! The crate opens no socket, reads no clock and needs no runtime. `docs/src/explanation/rollout.md` explains
//! its decisions.
//!
//! # The loop
//!
//! Drive it with any HTTP client. An application on tokio passes the rollout to `azure_classic`'s
//! `Client::drive` instead.
//!
//! ```
//! use azure_classic_protocol::machine::{Instant, Machine, TransportResult, Step};
//! use azure_classic_protocol::{Bytes, CloudServiceRef, Endpoint};
//! use azure_classic_rollout::{RolloutOutcome, Plan, Rollout, RolloutError};
//!
//! fn upgrade(
//!     endpoint: &Endpoint,
//!     cscfg: &str,
//!     mut send: impl FnMut(http::Request<Bytes>) -> TransportResult,
//! ) -> Result<RolloutOutcome, RolloutError> {
//!     let first = CloudServiceRef::new("contoso").deployment("first");
//!     let package = "https://contoso.blob.core.windows.net/packages/43.cspkg";
//!     let plan = Plan::upgrade(first, package, cscfg, "Release 43 (build 4711)");
//!     let mut rollout = Rollout::new(endpoint, plan)
//!         .persist_with(|record| {
//!             let text = serde_json::to_string(record)?;
//!             // … store it where another driver finds it, and only then return …
//!             # drop(text);
//!             Ok(())
//!         })
//!         .on_event(|now, event| println!("{now:?} {event:?}"));
//!
//!     let origin = std::time::Instant::now();
//!     let now = || Instant::from_origin(origin.elapsed());
//!     loop {
//!         // Here a program may hand in what it wants: rollout.input(Input::Pause).
//!         match rollout.step(now()) {
//!             Step::Send(request) => {
//!                 let reply = send(request);
//!                 rollout.receive(now(), reply);
//!             }
//!             Step::WaitUntil(moment) => std::thread::sleep(moment - now()),
//!             Step::Done(outcome) => return outcome.expect("a rollout has an end of its own"),
//!         }
//!     }
//! }
//! ```

mod change;
mod decide;
mod event;
mod expectation;
mod failure;
mod gap;
mod health;
mod known;
mod observed;
mod outcome;
mod plan;
mod policy;
mod preflight;
mod preflight_issue;
mod record;
mod rollout;
mod rollout_error;
pub mod timeline;
mod version;

pub use self::change::Change;
pub use self::event::Event;
pub use self::failure::FailureReason;
pub use self::gap::Gap;
pub use self::health::{Health, UnhealthyInstance};
pub use self::outcome::{DeploymentSummary, RolloutOutcome};
pub use self::plan::Plan;
pub use self::policy::{OnFailure, Policy};
pub use self::preflight_issue::PreflightIssue;
pub use self::record::{FinalState, Pause, Phase, Record};
pub use self::rollout::{Input, Rollout};
pub use self::rollout_error::{ExternalChange, NextStep, RolloutError, StopReason};
pub use self::timeline::Timeline;
pub use self::version::Version;
