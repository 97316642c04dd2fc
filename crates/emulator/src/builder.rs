use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use azure_classic_protocol::SubscriptionId;
use tokio::net::TcpListener;

use crate::admin::{self, Admin};
use crate::clock::Clock;
use crate::directory::{Directory, tighten};
use crate::emulator::{Closing, Emulator};
use crate::error::StartError;
use crate::faults::FaultRule;
use crate::identity::Identity;
use crate::observer::Observer;
use crate::persistence::{self, Recorder};
use crate::server::{Connections, PortLimits, Server};
use crate::shared::Shared;
use crate::simulator::UPGRADE_DOMAINS;
use crate::{Fixture, JournalEntry, Settings, Simulator, StateError, SubscriptionLimits, Timing};

/// The settings of an [`Emulator`], created by [`Emulator::builder`].
#[derive(Debug, Clone)]
pub struct EmulatorBuilder {
    dir: Option<PathBuf>,
    state: Option<PathBuf>,
    initial_state: InitialState,
    listen: String,
    admin: Option<String>,
    subscription: String,
    allowed: Vec<String>,
    upgrade_domains: u32,
    limits: SubscriptionLimits,
    timing: Timing,
    speed: f64,
    seed: u64,
    faults: Vec<FaultRule>,
    journal_entries: usize,
    observer: Observer,
    max_connections: usize,
    body_timeout: Duration,
}

/// The initial state of the simulator.
#[derive(Clone)]
enum InitialState {
    Empty,
    Fixture(Box<Fixture>),
    Saved(String),
}

/// Keys that are in a saved state do not show.
impl fmt::Debug for InitialState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Fixture(fixture) => f.debug_tuple("Fixture").field(fixture).finish(),
            Self::Saved(_) => f.write_str("Saved(..)"),
        }
    }
}

/// The default subscription.
const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";

/// How many connections the admin port serves at a time.
const ADMIN_CONNECTIONS: usize = 64;

impl Default for EmulatorBuilder {
    fn default() -> Self {
        Self {
            dir: None,
            state: None,
            initial_state: InitialState::Empty,
            listen: "127.0.0.1:0".to_owned(),
            admin: None,
            subscription: SUBSCRIPTION.to_owned(),
            allowed: Vec::new(),
            upgrade_domains: 5,
            limits: SubscriptionLimits::default(),
            timing: Timing::default(),
            speed: 1.0,
            seed: 0,
            faults: Vec::new(),
            journal_entries: 1_000,
            observer: Observer::default(),
            max_connections: 512,
            body_timeout: Duration::from_secs(30),
        }
    }
}

impl EmulatorBuilder {
    /// Keeps certificates and keys in this directory and announces the emulator there, in
    /// `emulator.json`. Certificates of an earlier run are used again while they are whole and
    /// valid. Without a directory nothing touches the disk.
    ///
    /// Old tools find credentials there that they can import, with an RSA key. To make it takes some
    /// 50 milliseconds, and in a debug build up to a second, unless your `Cargo.toml` has
    /// `profile.dev.package.crypto-bigint.opt-level = 3`.
    pub fn dir(mut self, path: impl AsRef<Path>) -> Self {
        self.dir = Some(path.as_ref().to_owned());
        self
    }

    /// Keeps the state in this file, so that it survives the end of the process, including a crash: the
    /// emulator responds only after the change is on the disk. An existing file continues with its resources,
    /// its calendar and its random numbers; the other settings apply again. Emulated time continues from its
    /// last value, and skips ahead to the wall clock if it is behind, unless the clock is
    /// [manual](Self::manual_clock). The file contains the keys and passwords of the resources; only its
    /// owner can read it. Default: the state is in memory only.
    ///
    /// ```
    /// use azure_classic_emulator::Emulator;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// let file = folder.path().join("emulator.state");
    /// let emulator = Emulator::builder().state(&file).start().await?;
    /// // … contoso is deployed, and then …
    /// emulator.shutdown().await?;
    ///
    /// let emulator = Emulator::builder().state(&file).start().await?;
    /// // … it is there again.
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn state(mut self, path: impl AsRef<Path>) -> Self {
        self.state = Some(path.as_ref().to_owned());
        self
    }

    /// Begins with what is in a fixture. A [state file](Self::state) that is there already comes first.
    pub fn fixture(mut self, fixture: Fixture) -> Self {
        self.initial_state = InitialState::Fixture(Box::new(fixture));
        self
    }

    /// Begins with a cloud that [`Simulator::save`] or the admin port has written, instead of a fixture. A
    /// [state file](Self::state) that is there already comes first.
    pub fn load(mut self, saved: impl Into<String>) -> Self {
        self.initial_state = InitialState::Saved(saved.into());
        self
    }

    /// Listens here. Port 0 takes any free port. Default: `127.0.0.1:0`. The server certificate is
    /// for `localhost`, `127.0.0.1` and `::1`.
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.listen = address.into();
        self
    }

    /// Opens the admin port at this loopback address: plain HTTP, with a page for browsers and JSON for
    /// programs. It gives full access. Port 0 means any free port. Default: no admin port.
    pub fn admin(mut self, address: impl Into<String>) -> Self {
        self.admin = Some(address.into());
        self
    }

    /// The id of the one subscription, a GUID with hyphens.
    pub fn subscription(mut self, id: impl Into<String>) -> Self {
        self.subscription = id.into();
        self
    }

    /// Lets one more management certificate call, besides the emulator's own: SHA-1 of its DER form
    /// in hexadecimal digits.
    pub fn allow(mut self, thumbprint: impl Into<String>) -> Self {
        self.allowed.push(thumbprint.into());
        self
    }

    /// How many upgrade domains a deployment has whose package address does not say, 1 to 20.
    /// Default: 5.
    pub fn upgrade_domains(mut self, count: u32) -> Self {
        self.upgrade_domains = count;
        self
    }

    /// How much the subscription may have. Default: room for thousands of instances.
    pub fn limits(mut self, limits: SubscriptionLimits) -> Self {
        self.limits = limits;
        self
    }

    /// How long things take. Default: [`Timing::BRISK`].
    pub fn timing(mut self, timing: Timing) -> Self {
        self.timing = timing;
        self
    }

    /// Lets time run this many times as fast as the wall clock. Default: 1.
    pub fn speed(mut self, times: f64) -> Self {
        self.speed = times;
        self
    }

    /// Lets time stand still but for [`Emulator::step`].
    pub fn manual_clock(self) -> Self {
        self.speed(0.0)
    }

    /// Sets the seed of request ids, jitter and fault probabilities: the same requests at the same times get
    /// the same responses. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Adds faults; [`faults::read`](crate::faults::read) reads them from a file.
    pub fn faults(mut self, rules: impl IntoIterator<Item = FaultRule>) -> Self {
        self.faults.extend(rules);
        self
    }

    /// How many requests the journal keeps. Default: 1,000.
    pub fn journal_entries(mut self, count: usize) -> Self {
        self.journal_entries = count;
        self
    }

    /// Calls this with each new entry of the journal, in their order. Requests wait meanwhile.
    ///
    /// ```
    /// # use azure_classic_emulator::Emulator;
    /// let builder = Emulator::builder().on_request(|entry| println!("{entry}"));
    /// ```
    pub fn on_request(mut self, see: impl Fn(&JournalEntry) + Send + Sync + 'static) -> Self {
        self.observer.on_request(see);
        self
    }

    /// Calls this with the reason when a client's certificate or key fails the handshake: such a client
    /// learns little, and is in no journal. At most once in ten seconds.
    pub fn on_rejected_client(mut self, see: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.observer.on_rejected_client(see);
        self
    }

    /// Limits the concurrent connections of the service's port. A further connection closes the one that has
    /// been idle for the longest time; if none is idle, the new one gets 503 `ServerBusy` and is closed. The
    /// admin port has 64. Default: 512.
    pub fn connections(mut self, count: usize) -> Self {
        self.max_connections = count;
        self
    }

    /// Limits the time for a body, on both ports; each received 16 KiB add one second. A slower body gets
    /// 408. Default: 30 seconds.
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.body_timeout = timeout;
        self
    }

    /// Starts the emulator, which accepts requests when this returns.
    ///
    /// # Errors
    ///
    /// If a setting or a fault rule is invalid, the address is not available, the directory is not writable,
    /// or the state file, the fixture or the saved state cannot be used.
    pub async fn start(self) -> Result<Emulator, StartError> {
        let subscription: SubscriptionId =
            self.subscription.parse().map_err(StartError::Subscription)?;
        if !self.speed.is_finite() || self.speed < 0.0 {
            return Err(StartError::Speed(self.speed));
        }
        if !UPGRADE_DOMAINS.contains(&self.upgrade_domains) {
            return Err(StartError::UpgradeDomains(self.upgrade_domains));
        }

        let directory = self.dir.as_deref().map(Directory::open).transpose()?;
        let identity = match &directory {
            Some(directory) => directory.identity()?,
            None => Identity::generate()?,
        };
        let management = identity.management()?;
        let thumbprint = management.thumbprint();
        let tls = identity.server_config().map_err(StartError::certificate)?;

        let cannot_listen = |source| StartError::Listen { address: self.listen.clone(), source };
        let listener = TcpListener::bind(&self.listen).await.map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let endpoint = format!("https://{}", reachable(address));
        let admin = match &self.admin {
            Some(address) => Some(admin::bind(address).await.map_err(StartError::Admin)?),
            None => None,
        };

        let mut settings = Settings::new(subscription.clone()).allow_certificate(management.der());
        settings.management_certificates.extend(self.allowed);
        settings.endpoint.clone_from(&endpoint);
        settings.upgrade_domains = self.upgrade_domains;
        settings.limits = self.limits;
        settings.timing = self.timing;
        settings.seed = self.seed;
        settings.journal_entries = self.journal_entries;
        if self.speed > 0.0 {
            settings.origin = unix_seconds();
        }
        let mut notices = directory.as_ref().map_or(&[][..], Directory::notices).to_vec();
        if let Some(file) = &self.state {
            let found = tighten(file).map_err(|source| StartError::State {
                file: file.clone(),
                source: StateError::Io(source),
            })?;
            notices.extend(found);
        }
        let new = |settings| self.initial_state.simulator(settings);
        let (file, mut simulator) = match &self.state {
            Some(path) => {
                persistence::open(path, settings, new).map(|(file, it)| (Some(file), it))?
            }
            None => (None, new(settings)?),
        };
        for rule in self.faults {
            simulator.add_fault(rule)?;
        }
        let recorder = file.map(|file| Recorder::start(file, &simulator)).transpose();
        let recorder = recorder
            .map_err(|source| StartError::State { file: self.state.unwrap_or_default(), source })?;
        let clock = Clock::new(self.speed, simulator.start_time(self.speed, unix_seconds()));
        let shared = Arc::new(Shared::new(simulator, recorder, clock, self.observer));
        let connections = Arc::new(Connections::default());
        let limits = PortLimits { connections: self.max_connections, body: self.body_timeout };
        let server = Server::start(listener, tls, shared.clone(), &connections, limits);
        let admin = match admin {
            Some(listener) => {
                let address = listener.local_addr().map_err(StartError::Admin)?;
                let admin = Admin {
                    shared: shared.clone(),
                    endpoint: endpoint.clone(),
                    subscription: subscription.to_string(),
                };
                let limits = PortLimits { connections: ADMIN_CONNECTIONS, ..limits };
                Some((address, Server::start_admin(listener, admin, &connections, limits)))
            }
            None => None,
        };

        if let Some(directory) = &directory {
            let admin = admin.as_ref().map(|(address, _)| format!("http://{address}"));
            directory.announce(&endpoint, admin.as_deref(), &subscription, &management)?;
        }
        Ok(Emulator {
            address,
            endpoint,
            subscription,
            thumbprint,
            identity,
            closing: Closing(shared.clone()),
            management,
            shared,
            server,
            admin,
            directory,
            notices,
        })
    }
}

impl InitialState {
    fn simulator(self, settings: Settings) -> Result<Simulator, StartError> {
        if let Self::Saved(saved) = self {
            return Ok(Simulator::load(settings, &saved)?);
        }
        let mut simulator = Simulator::new(settings);
        if let Self::Fixture(fixture) = self {
            simulator.apply_fixture(&fixture)?;
        }
        Ok(simulator)
    }
}

/// An address that can be connected to, where the one listened on means "all of them".
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

fn unix_seconds() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}
