//! A local service that speaks the Azure Service Management (classic) API of cloud services.
//!
//! **Microsoft retired the public service on 31 August 2024.** This stands in for it: for tests of
//! programs that speak the API, for rehearsals, for demonstrations. It answers the operations on
//! cloud services and deployments and on what surrounds them, with state behind them: deployments come up
//! instance by instance, updates move through upgrade domains, operations succeed before instances
//! have settled. Nothing that is deployed runs.
//!
//! - [`Emulator`] is the service: HTTPS on a port, a client certificate required, time by the wall
//!   clock, scaled, or stepped by hand. It makes its own certificates.
//! - [`Simulator`] is the state machine inside: requests in, answers out, with the time as an argument.
//!   No socket, no clock, no runtime; for simulations that jump from event to event.
//! - [`faults`] make things go wrong by rule; the [`Journal`] tells what was decided about each request;
//!   [`Timing`] says how long things take.
//!
//! Every choice that the emulator makes where the sources about the service are silent is listed in
//! `docs/src/reference/emulator.md`.

mod admin;
mod builder;
mod caller;
mod clock;
mod directory;
mod emulator;
mod error;
mod fixture;
mod identity;
mod management;
mod observer;
mod persistence;
mod server;
mod shared;
mod simulator;
mod tls;

pub use builder::EmulatorBuilder;
pub use caller::Caller;
pub use emulator::Emulator;
pub use error::StartError;
pub use fixture::{Fixture, FixtureError};
pub use persistence::StateError;
pub use shared::SimulatorGuard;
pub use simulator::faults;
pub use simulator::{
    Advance, Delay, DelayedRequest, EmulatedInstance, Journal, JournalEntry, LoadError, Outcome,
    Settings, Simulator, SubscriptionLimits, Timing,
};
pub use simulator::{
    EmulatedDeployment, InstanceSummary, OperationSummary, ServiceSummary, Snapshot, UpdateSummary,
};
