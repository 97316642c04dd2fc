use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use azure_classic_protocol::SubscriptionId;
use azure_classic_protocol::machine::Instant;

use crate::directory::Directory;
use crate::error::StartError;
use crate::identity::Identity;
use crate::management::Management;
use crate::server::Server;
use crate::shared::Shared;
use crate::{Advance, EmulatorBuilder, SimulatorGuard, StateError};

/// A running emulator: a [`Simulator`](crate::Simulator) behind HTTPS with a client certificate. Stops when dropped.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use azure_classic_emulator::Emulator;
/// use azure_classic_emulator::faults::{Effect, FaultRule};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let emulator = Emulator::builder().manual_clock().start().await?;
/// println!("{} serves {}", emulator.endpoint(), emulator.subscription());
///
/// // … a client connects with `emulator.management_pem()`, trusting `emulator.ca_pem()` …
///
/// let stuck = FaultRule::new("stuck", Effect::NeverStarts).instance("WebRole_IN_1").label("release 2");
/// emulator.simulator().add_fault(stuck)?;
/// emulator.step(Duration::from_secs(60));
/// emulator.shutdown().await?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Emulator {
    pub(crate) address: SocketAddr,
    pub(crate) endpoint: String,
    pub(crate) subscription: SubscriptionId,
    pub(crate) thumbprint: String,
    pub(crate) identity: Identity,
    pub(crate) management: Management,
    pub(crate) shared: Arc<Shared>,
    pub(crate) server: Server,
    pub(crate) admin: Option<(SocketAddr, Server)>,
    pub(crate) closing: Closing,
    pub(crate) directory: Option<Directory>,
    pub(crate) notices: Vec<String>,
}

impl Emulator {
    /// Returns a builder for an emulator.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// Starts an emulator as [`builder`](Self::builder) has it: on a free port of `127.0.0.1`, by
    /// the wall clock, with nothing on the disk.
    ///
    /// # Errors
    ///
    /// As [`EmulatorBuilder::start`].
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Returns the address of the service: `https://127.0.0.1:40123`, without a slash at the end.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The socket's address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the address of the admin port, if there is one: `http://127.0.0.1:40124`. It shows a page in a
    /// browser.
    pub fn admin_url(&self) -> Option<String> {
        self.admin.as_ref().map(|(address, _)| format!("http://{address}"))
    }

    /// The one subscription.
    pub fn subscription(&self) -> &SubscriptionId {
        &self.subscription
    }

    /// The certificate of the authority that signed the server's, in PEM: what a client must trust.
    pub fn ca_pem(&self) -> &str {
        &self.identity.ca
    }

    /// The management certificate and its key, in PEM: what a client presents.
    pub fn management_pem(&self) -> &str {
        &self.identity.management
    }

    /// The management certificate and its key as PKCS#12 with the empty password, in 3DES: old tools
    /// know that, and OpenSSL 3 opens it without its legacy provider.
    ///
    /// The key is RSA, 2048 bits, where the emulator has a [directory](EmulatorBuilder::dir), and else ECDSA
    /// P-256, which is made faster and which old tools do not know.
    pub fn management_pfx(&self) -> Vec<u8> {
        self.management.pfx()
    }

    /// A `.publishsettings` file of version 2 for this emulator: endpoint, subscription, and the
    /// management certificate with its key as PKCS#12 in the portal's shape, without a password. Its RC2
    /// of 40 bits wants the legacy provider of OpenSSL 3.
    ///
    /// The key is as in [`management_pfx`](Self::management_pfx).
    pub fn publish_settings(&self) -> String {
        self.management.publish_settings(&self.endpoint, &self.subscription)
    }

    /// The management certificate's thumbprint: SHA-1 of its DER form, in 40 upper-case digits.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// Returns notices of the start for the user: files with keys that others could read, a directory that
    /// others can write. One line each; usually empty.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// How long the emulator has run, in its own time.
    pub fn now(&self) -> Instant {
        self.shared.clock.now()
    }

    /// Moves time ahead, in addition to what the clock does, and lets happen what comes due: at most
    /// 250,000 events. Returns how far time came; step by what remains to go on.
    pub fn step(&self, duration: Duration) -> Advance {
        self.shared.step(duration)
    }

    /// The cloud itself, brought up to the present: to look at instances and at the journal, to add
    /// and remove faults.
    ///
    /// Requests wait while the guard is held; do not hold it across an `await`.
    pub fn simulator(&self) -> SimulatorGuard<'_> {
        self.shared.simulator()
    }

    /// Stops: takes no more connections, and lets responses in flight go out for at most half a second.
    /// The announcement in the directory goes first; certificates stay, and so does the state file.
    ///
    /// # Errors
    ///
    /// When the last state could not be written. The state file, if it is still there, holds an earlier one.
    pub async fn shutdown(self) -> Result<(), StateError> {
        let Self { server, admin, directory, closing, shared, .. } = self;
        drop(directory);
        shared.interrupt();
        match admin {
            Some((_, admin)) => drop(tokio::join!(server.stop(), admin.stop())),
            None => server.stop().await,
        }
        closing.0.close()
    }
}

/// Closes the state file at the end of the emulator, even while connections still hold what it shares.
#[derive(Debug)]
pub(crate) struct Closing(pub(crate) Arc<Shared>);

impl Drop for Closing {
    fn drop(&mut self) {
        // Who wants to hear of a failure calls `shutdown`; nothing is written twice.
        let _ = self.0.close();
    }
}
