//! A client of the Azure Service Management ("classic") API of cloud services: deploy, upgrade one domain at
//! a time, roll back, and wait until the change is complete.
//!
//! **Microsoft retired the public service on 31 August 2024.** This crate is for users who keep, test,
//! migrate or study systems built on the API, or who reach an endpoint that still speaks it. The crate
//! `azure-classic-emulator` is a local server for the API.
//!
//! # Example
//!
//! Roll back an update that fails half-way:
//!
//! ```no_run
//! use azure_classic::{Client, CloudServiceRef, Deployment, Endpoint, Identity, RollbackMode, Slot};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?;
//! let endpoint = Endpoint::new("https://management.example.net", subscription)?;
//! let identity = Identity::from_pem(&std::fs::read("management.pem")?)?;
//! let azure = Client::connect(endpoint, identity)?;
//!
//! let production = CloudServiceRef::new("contoso").slot(Slot::Production);
//! azure.run(production.rollback(RollbackMode::Auto)).await?; // accepted, followed to its end
//! azure.poll_until(production.get(), Deployment::is_settled).await?; // until the instances are back
//! # Ok(())
//! # }
//! ```
//!
//! `examples/roll_back.rs` is the complete program, for an emulator.
//!
//! # The parts
//!
//! - [`Client`] sends any [`Operation`], and has no method for a particular one. References to resources
//!   create operations: [`CloudServiceRef`], [`DeploymentRef`].
//! - [`protocol`] contains everything that needs no I/O; its main items are re-exported here.
//! - [`Client::rollout`] drives a rolling upgrade, checks its health and rolls it back on failure; its parts
//!   are in [`rollout`].
//! - [`Transport`] sends a request: [`HttpsTransport`], or your own implementation.
//!
//! # Telemetry
//!
//! Each method of [`Client`] that sends requests records a `tracing` span `azure_classic.call` (level INFO)
//! with `operation`, `request_id`, `outcome` (`Done`, or the [`ErrorKind`]), the service's error `code` and
//! `elapsed_ms`. Each request in it is a span `azure_classic.attempt` (DEBUG) with `operation`, `attempt`
//! (from 1 for each operation), `status`, `request_id` and `elapsed_ms`. A request without a response has
//! `lost` (`not sent` or `ambiguous`) and `cause` (the [`TransportErrorKind`]). No span contains bodies,
//! headers, addresses or credentials. A call whose future was dropped has no `outcome`.
//!
//! # Features
//!
//! `ring` (default) or `aws-lc-rs`: the cryptography behind TLS. If both are on, `aws-lc-rs` is used.
//!
//! `tower`: `TowerTransport`, which turns any `tower` service into a transport.

mod client;
mod pages;
mod rollout_runner;
mod telemetry;

pub use azure_classic_protocol as protocol;
#[doc(inline)]
pub use azure_classic_protocol::{
    Accepted, ApiVersion, Base64Text, Cloud, CloudService, CloudServiceRef, DateTime, Deployment,
    DeploymentRef, Endpoint, Error, ErrorCode, ErrorKind, Operation, OperationState,
    OperationStatus, Page, Paged, Placement, RedirectRule, RequestId, RollbackMode, ServiceError,
    Slot, SubscriptionId, UpdateMode,
    machine::{
        Completed, Machine, OnConflict, OperationHandle, Poll, Progress, Retry, VerifiedOutcome,
    },
};
pub use azure_classic_rollout as rollout;
#[cfg(feature = "tower")]
pub use azure_classic_transport::TowerTransport;
pub use azure_classic_transport::{
    BearerTransport, CredentialError, HttpsTransport, HttpsTransportBuilder, Identity,
    InvalidProxy, Proxy, ResponseFuture, SendError, Token, TokenFuture, TokenSource, Transport,
    TransportError, TransportErrorKind, TransportResult, credentials,
};

pub use self::client::Client;
pub use self::pages::PageStream;
pub use self::rollout_runner::{RolloutBuilder, RolloutControls, RunningRollout};

/// Compiles the examples of the README and of the guides as tests.
#[cfg(doctest)]
mod manual {
    #[doc = include_str!("../../../README.md")]
    struct Readme;
    #[doc = include_str!("../../../docs/src/guides/embed.md")]
    struct Embed;
    #[doc = include_str!("../../../docs/src/guides/migrate.md")]
    struct Migrate;
    #[doc = include_str!("../../../docs/src/guides/roll-back.md")]
    struct RollBack;
    #[doc = include_str!("../../../docs/src/guides/rolling-upgrade.md")]
    struct RollingUpgrade;
    #[doc = include_str!("../../../docs/src/guides/test-rust.md")]
    struct TestRust;
}
