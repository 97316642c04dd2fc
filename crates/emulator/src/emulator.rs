use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use azure_classic_protocol::SubscriptionId;
use azure_classic_protocol::machine::Instant;

use crate::directory::Directory;
use crate::error::StartError;
use crate::identity::Identity;
use crate::server::Server;
use crate::shared::Shared;
use crate::{Builder, CloudGuard};

/// A running emulator: a [`Cloud`](crate::Cloud) behind HTTPS with a client certificate. Stops when dropped.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use azure_classic_emulator::{Emulator, Stick};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let emulator = Emulator::builder().stepped().start().await?;
/// println!("{} serves {}", emulator.endpoint(), emulator.subscription());
///
/// // … a client connects with `emulator.management_pem()`, trusting `emulator.ca_pem()` …
///
/// emulator.cloud().stick(Stick::instance("WebRole_IN_1").on_label("release 2"));
/// emulator.step(Duration::from_secs(60));
/// emulator.shutdown().await;
/// # Ok::<(), azure_classic_emulator::StartError>(())
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
    pub(crate) shared: Arc<Shared>,
    pub(crate) server: Server,
    pub(crate) closing: Closing,
    pub(crate) directory: Option<Directory>,
}

impl Emulator {
    /// Says how an emulator is to be.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Starts an emulator as [`builder`](Self::builder) has it: on a free port of `127.0.0.1`, by
    /// the wall clock, with nothing on the disk.
    ///
    /// # Errors
    ///
    /// As [`Builder::start`].
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Where it answers: `https://127.0.0.1:40123`, without a slash at the end.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The socket's address.
    pub fn address(&self) -> SocketAddr {
        self.address
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

    /// The management certificate's thumbprint: SHA-1 of its DER form, in 40 upper-case digits.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// How long the emulator has run, in its own time.
    pub fn now(&self) -> Instant {
        self.shared.now()
    }

    /// Moves time ahead, in addition to what the clock does, and lets happen what comes due.
    pub fn step(&self, duration: Duration) {
        self.shared.step(duration);
    }

    /// The cloud itself, brought up to the present: to look at instances, to make one stick.
    ///
    /// Requests wait while the guard is held; do not hold it across an `await`.
    pub fn cloud(&self) -> CloudGuard<'_> {
        self.shared.cloud()
    }

    /// Stops: takes no more connections, lets answers under way go out for at most two seconds.
    /// The announcement in the directory goes first; certificates stay, and so does the state file.
    pub async fn shutdown(self) {
        let Self { server, directory, closing, .. } = self;
        drop(directory);
        server.stop().await;
        drop(closing);
    }
}

/// Closes the state file at the end of the emulator, even while connections still hold what it shares.
#[derive(Debug)]
pub(crate) struct Closing(pub(crate) Arc<Shared>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}
