//! Clients that send valid requests over mutual TLS, each in a thread with its own services.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use tokio::runtime::{Builder, Runtime};

use crate::daemon::{Daemon, EmulatorInfo};
use crate::metrics::Metrics;
use crate::service::{Client, Service};

const SERVICES_EACH: u64 = 3;
/// A client makes a new connection after this many requests, as clients come and go.
const REQUESTS_EACH: u64 = 200;

pub(crate) struct Traffic {
    metrics: Arc<Metrics>,
    clients: Vec<Vec<Service>>,
    running: Vec<JoinHandle<Vec<Service>>>,
    /// The requests of earlier periods do not repeat in the same order.
    period: u64,
}

impl Traffic {
    pub(crate) fn new(clients: u64, metrics: &Arc<Metrics>) -> Self {
        let services = |client| {
            (0..SERVICES_EACH).map(|at| Service::new(format!("soak{client}x{at}"))).collect()
        };
        let clients = (0..clients).map(services).collect();
        Self { metrics: metrics.clone(), clients, running: Vec::new(), period: 0 }
    }

    /// Every change that was acknowledged is there.
    pub(crate) fn check(&mut self, daemon: &Daemon) -> Result<(), String> {
        let client = Client::connect(&daemon.address(), &self.metrics)?;
        runtime()?.block_on(async {
            for service in self.clients.iter_mut().flatten() {
                service.check(&client).await?;
            }
            Ok(())
        })
    }

    pub(crate) fn start(&mut self, daemon: &Daemon, stop: &Arc<AtomicBool>) {
        self.period += 1;
        for (number, services) in (0..).zip(std::mem::take(&mut self.clients)) {
            let (metrics, stop, address) = (self.metrics.clone(), stop.clone(), daemon.address());
            let random = Random(self.period << 32 | number << 16 | 1);
            self.running
                .push(thread::spawn(move || send(&address, &metrics, &stop, services, random)));
        }
    }

    pub(crate) fn finish(&mut self) {
        for client in self.running.drain(..) {
            match client.join() {
                Ok(services) => self.clients.push(services),
                Err(_) => self.metrics.fail("a client failed".to_owned()),
            }
        }
    }
}

/// Sends until it is to stop, and returns what is known of the services.
fn send(
    address: &EmulatorInfo,
    metrics: &Metrics,
    stop: &AtomicBool,
    mut services: Vec<Service>,
    mut random: Random,
) -> Vec<Service> {
    while !stop.load(Ordering::Relaxed) {
        let sent = runtime().and_then(|runtime| {
            let client = Client::connect(address, metrics)?;
            runtime.block_on(async {
                client.send_oversized().await;
                for _ in 0..REQUESTS_EACH {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let at = usize::try_from(random.next() % SERVICES_EACH).unwrap_or_default();
                    services[at].act(&client, random.next()).await;
                }
            });
            Ok(())
        });
        if let Err(failure) = sent {
            metrics.fail(failure);
            break;
        }
    }
    services
}

fn runtime() -> Result<Runtime, String> {
    Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())
}

/// Numbers that a seed decides: xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
