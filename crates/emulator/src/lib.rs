//! A local service that speaks the Azure Service Management (classic) API of cloud services.
//!
//! **Microsoft retired the public service on 31 August 2024.** This crate replaces it for tests of programs
//! that use the API, for rehearsals and for demonstrations. It implements the operations on cloud services,
//! deployments and related resources, with state behind them: deployments start instance by instance, updates
//! move through upgrade domains, and operations succeed before instances have settled. It runs no deployed
//! code.
//!
//! - [`Emulator`] is the service: HTTPS on a port, a client certificate required, time by the wall
//!   clock, scaled, or stepped by hand. It makes its own certificates.
//! - [`Simulator`] is the state machine inside: requests in, responses out, with the time as an argument. It
//!   has no socket, clock or runtime, for simulations that jump from event to event.
//! - [`faults`] inject failures by rule; the [`Journal`] has the decision about each request; [`Timing`] sets
//!   the delays.
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
