//! A client of the Azure Service Management ("classic") API of cloud services: deploy, upgrade domain
//! by domain, roll back, and wait until it is really so.
//!
//! **Microsoft retired the public service on 31 August 2024.** This crate is for those who keep, test,
//! migrate or study systems built on the API, or who reach an endpoint that still speaks it. The
//! `azure-classic-emulator` crate is one that runs on your own machine.
//!
//! # Example
//!
//! An update goes wrong half-way; bring the changed instances back:
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
//! `examples/roll_back.rs` plays the whole story against an emulator.
//!
//! # The parts
//!
//! - [`Client`] carries any [`Operation`], and has no method for a particular one. The things that
//!   operations act on make them: [`CloudServiceRef`], [`DeploymentRef`].
//! - [`protocol`] has everything that needs no I/O; its main items stand here too.
//! - [`Client::rollout`] drives a rolling upgrade that is watched and rolled back where it fails; its
//!   parts are in [`rollout`].
//! - [`Transport`] is what carries a request: [`HttpsTransport`], or your own.
//!
//! # Telemetry
//!
//! Each method of [`Client`] that sends something is a `tracing` span `azure_classic.call` (level INFO)
//! with `operation`, `request_id`, `outcome` (`Done`, or the [`ErrorKind`]), the service's error `code`
//! and `elapsed_ms`. Each request in it is a span `azure_classic.attempt` (DEBUG) with `operation`,
//! `attempt` (from 1 for each operation), `status`, `request_id`, `elapsed_ms`, and, where no answer
//! came, `lost` (`not sent`, `perhaps sent`) and `cause` (the [`TransportErrorKind`]). Bodies, headers,
//! addresses and credentials are in none of them. A call whose future was dropped has no `outcome`.
//!
//! # Features
//!
//! `ring` (default) or `aws-lc-rs`: the cryptography behind TLS. With both on, `aws-lc-rs` is used.
//!
//! `tower`: `TowerTransport`, which makes a transport of any `tower` service.

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

/// The examples of the README and of the guides are tests.
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
