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
//! - [`Cloud`] is the state machine inside: requests in, answers out, with the time as an argument.
//!   No socket, no clock, no runtime; for simulations that jump from event to event.
//! - [`faults`] make things go wrong by rule; the [`Journal`] tells what was decided about each request;
//!   [`Pace`] says how long things take.
//!
//! Every choice that the emulator makes where the sources about the service are silent is listed in
//! `docs/src/reference/emulator.md`.

mod admin;
mod builder;
mod caller;
mod clock;
mod cloud;
mod directory;
mod emulator;
mod error;
mod fixture;
mod identity;
mod keeping;
mod management;
mod observer;
mod server;
mod shared;
mod tls;

pub use builder::Builder;
pub use caller::Caller;
pub use cloud::faults;
pub use cloud::{
    Advance, Cloud, Held, InstanceView, Journal, JournalEntry, Limits, LoadError, Outcome, Pace,
    Settings, Takes,
};
pub use cloud::{Board, DeploymentBoard, InstanceTile, OperationView, ServiceBoard, UpdateView};
pub use emulator::Emulator;
pub use error::StartError;
pub use fixture::{Fixture, FixtureError};
pub use keeping::StateError;
pub use shared::CloudGuard;
