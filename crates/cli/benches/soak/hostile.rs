//! Connections that no client would make.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::daemon::Daemon;
use crate::metrics::Metrics;

/// The threads that make them.
pub(crate) struct HostileClients(Vec<JoinHandle<()>>);

/// One kind of hostility: what it is called, and what it does with the two addresses.
type Kind = (&'static str, fn(&str, &str) -> std::io::Result<()>);

const KINDS: [Kind; 7] = [
    ("garbage", garbage),
    ("aborted handshake", aborted_handshake),
    ("many connections", many_connections),
    ("garbage to the admin port", admin_garbage),
    ("oversized body", oversized_body),
    ("slow body", slow_body),
    ("foreign host", foreign_host),
];

/// Between two of a kind.
const PAUSE: Duration = Duration::from_millis(300);
const TIMEOUT: Duration = Duration::from_secs(2);

impl HostileClients {
    /// Starts one thread for each kind.
    pub(crate) fn start(daemon: &Daemon, stop: &Arc<AtomicBool>, metrics: &Arc<Metrics>) -> Self {
        let address = daemon.address();
        let (api, admin) = (address.authority("endpoint"), address.authority("admin"));
        let thread = |(name, act): Kind| {
            let (api, admin) = (api.clone(), admin.clone());
            let (stop, metrics) = (stop.clone(), metrics.clone());
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    // The daemon may close the connection at any time.
                    let _ = act(&api, &admin);
                    metrics.hostile(name);
                    thread::sleep(PAUSE);
                }
            })
        };
        Self(KINDS.map(thread).into())
    }

    pub(crate) fn finish(self) {
        for thread in self.0 {
            // One that panicked has nothing to say about the daemon.
            let _ = thread.join();
        }
    }
}

fn connect(address: &str) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    Ok(stream)
}

fn garbage(api: &str, _: &str) -> std::io::Result<()> {
    let mut stream = connect(api)?;
    stream.write_all(&[0xA5; 4096])?;
    stream.read_to_end(&mut Vec::new()).map(drop)
}

/// The beginning of a record of TLS that promises more than comes.
fn aborted_handshake(api: &str, _: &str) -> std::io::Result<()> {
    let mut stream = connect(api)?;
    stream.write_all(&[0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03])?;
    thread::sleep(Duration::from_millis(100));
    stream.shutdown(Shutdown::Both)
}

fn many_connections(api: &str, admin: &str) -> std::io::Result<()> {
    let addresses = (0..100).map(|at| if at % 10 == 0 { admin } else { api });
    let open = addresses.map(connect).collect::<Result<Vec<_>, _>>()?;
    thread::sleep(PAUSE);
    drop(open);
    Ok(())
}

fn admin_garbage(_: &str, admin: &str) -> std::io::Result<()> {
    let mut stream = connect(admin)?;
    stream.write_all(b"GET /\x00\xFF HTTP/9.9\r\nHost\r\n\r\n")?;
    stream.read_to_end(&mut Vec::new()).map(drop)
}

/// As much of a body without end as the daemon takes.
fn oversized_body(_: &str, admin: &str) -> std::io::Result<()> {
    let mut stream = connect(admin)?;
    write!(
        stream,
        "PUT /state HTTP/1.1\r\nHost: {admin}\r\nContent-Type: application/json\r\n\
         Content-Length: 99999999999\r\n\r\n"
    )?;
    for _ in 0..64 {
        stream.write_all(&[b' '; 16 << 10])?;
    }
    Ok(())
}

fn slow_body(_: &str, admin: &str) -> std::io::Result<()> {
    let mut stream = connect(admin)?;
    write!(
        stream,
        "POST /faults HTTP/1.1\r\nHost: {admin}\r\nContent-Type: application/json\r\n\
         Content-Length: 1000\r\n\r\n"
    )?;
    for _ in 0..20 {
        stream.write_all(b" ")?;
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn foreign_host(_: &str, admin: &str) -> std::io::Result<()> {
    let mut stream = connect(admin)?;
    stream
        .write_all(b"GET /state HTTP/1.1\r\nHost: contoso.example\r\nConnection: close\r\n\r\n")?;
    stream.read_to_end(&mut Vec::new()).map(drop)
}
