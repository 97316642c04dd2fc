//! Rolling upgrades of cloud services (classic), without any I/O: an upgrade or a change of configuration
//! that is walked through the upgrade domains, watched, and rolled back where it fails.
//!
//! A [`Plan`] says what a deployment gets; a [`Rollout`] is the state machine that carries it out on
//! `azure_classic_protocol`'s [`Machine`](azure_classic_protocol::machine::Machine):
//!
//! - The [preflight](Plan::preflight) says what stands in the way before anything is touched.
//! - The update is started in manual mode, and its domains are walked in order. Before each walk, and at
//!   the end, all domains that were walked must have been [healthy](Health) for a settle time, within
//!   deadlines: the [`Policy`].
//! - When a domain fails it rolls back, or pauses for a decision; [pause, resume, promote and
//!   abort](Input) are taken at any time.
//! - What to do next follows from what the service says and from a small [`Record`], which is handed out
//!   before each request that changes something. A driver can be killed at any point, and another one
//!   goes on from the record. A lost answer is settled by reading; the start is never sent twice.
//! - It ends in an [`RolloutOutcome`], which is what the service's state shows, or has [`RolloutError`] and says why,
//!   what it left behind, and what continues. Whatever somebody else does to the deployment is named and
//!   not fought.
//!
//! It opens no socket, reads no clock and needs no runtime. `docs/src/explanation/rollout.md` says how it decides.
//!
//! # The loop
//!
//! With whatever carries requests; an application on tokio hands the rollout to `azure_classic`'s
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
