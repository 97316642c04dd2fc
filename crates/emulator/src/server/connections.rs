//! The connections of both ports: how many there are, and which of them does nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::{HANDSHAKE_TIMEOUT, REJECTION_TIMEOUT};

/// How many connections a port takes beyond its limit, to say that it is reached or to close them.
const EXTRA_CONNECTIONS: usize = 32;

/// All connections of an emulator. An idle one makes way for a new one.
#[derive(Debug, Default)]
pub(crate) struct Connections(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    ports: usize,
    last: u64,
    entries: BTreeMap<u64, Entry>,
}

#[derive(Debug)]
struct Entry {
    port: usize,
    /// Since when no request is in work; `None` while one is.
    idle: Option<Instant>,
    /// Whether it counts: it is served and not about to close.
    is_counted: bool,
    close: watch::Sender<bool>,
}

/// The connections of one port.
#[derive(Debug)]
pub(super) struct Port {
    connections: Arc<Connections>,
    number: usize,
    limit: usize,
}

/// A connection; leaves the table when dropped.
#[derive(Debug)]
pub(super) struct Connection {
    connections: Arc<Connections>,
    number: u64,
    is_rejected: bool,
    close: watch::Receiver<bool>,
}

/// A request in work; the connection is idle again when this is dropped.
pub(super) struct BusyGuard<'c>(&'c Connection);

impl Connections {
    pub(super) fn port(self: &Arc<Self>, limit: usize) -> Port {
        let mut table = self.lock();
        table.ports += 1;
        Port { connections: self.clone(), number: table.ports, limit }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Has the connection closed that has been idle for the longest time, of those that are meant.
    fn close_idle(&mut self, is_meant: impl Fn(&Entry) -> bool) -> bool {
        let idle = self.entries.values_mut().filter(|it| it.is_counted && is_meant(it));
        let longest = idle.filter(|it| it.idle.is_some()).min_by_key(|it| it.idle);
        let Some(entry) = longest else { return false };
        entry.is_counted = false;
        entry.close.send_replace(true);
        true
    }
}

impl Port {
    /// Takes in a connection. Where the limit is reached, an idle one is closed for it; where there is
    /// none, it is to be refused; and where many are refused already, there is no place for it.
    pub(super) fn enter(&self) -> Option<Connection> {
        let mut table = self.connections.lock();
        let own = table.entries.values().filter(|it| it.port == self.number);
        let (all, counted) =
            own.fold((0, 0), |(all, counted), it| (all + 1, counted + usize::from(it.is_counted)));
        if all >= self.limit + EXTRA_CONNECTIONS {
            return None;
        }
        let is_refused =
            counted >= self.limit && !table.close_idle(|entry| entry.port == self.number);
        table.last += 1;
        let number = table.last;
        let (send, close) = watch::channel(false);
        let idle = Some(Instant::now());
        let entry = Entry { port: self.number, idle, is_counted: !is_refused, close: send };
        table.entries.insert(number, entry);
        drop(table);
        Some(Connection {
            connections: self.connections.clone(),
            number,
            is_rejected: is_refused,
            close,
        })
    }

    /// Has an idle connection of any port closed.
    pub(super) fn make_room(&self) {
        self.connections.lock().close_idle(|_| true);
    }

    /// Has all connections closed, once they are idle.
    pub(super) fn close(&self) {
        let table = self.connections.lock();
        for entry in table.entries.values().filter(|entry| entry.port == self.number) {
            entry.close.send_replace(true);
        }
    }
}

impl Connection {
    pub(super) fn is_refused(&self) -> bool {
        self.is_rejected
    }

    /// How long the peer may take for its handshake, and for each head.
    pub(super) fn timeout(&self) -> Duration {
        if self.is_rejected { REJECTION_TIMEOUT } else { HANDSHAKE_TIMEOUT }
    }

    /// Waits until the connection is to be closed.
    pub(super) async fn closed(&self) {
        // The sender is in the table as long as this connection is.
        let _ = self.close.clone().wait_for(|close| *close).await;
    }

    pub(super) fn busy(&self) -> BusyGuard<'_> {
        self.set_idle(None);
        BusyGuard(self)
    }

    fn set_idle(&self, idle: Option<Instant>) {
        if let Some(entry) = self.connections.lock().entries.get_mut(&self.number) {
            entry.idle = idle;
        }
    }
}

impl Drop for BusyGuard<'_> {
    fn drop(&mut self) {
        self.0.set_idle(Some(Instant::now()));
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.connections.lock().entries.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn is_closed(connection: &Connection) -> bool {
        tokio::time::timeout(Duration::ZERO, connection.closed()).await.is_ok()
    }

    #[tokio::test]
    async fn the_longest_idle_connection_is_closed_first() {
        let port = Arc::new(Connections::default()).port(2);
        let [first, second] = [port.enter().unwrap(), port.enter().unwrap()];
        drop(first.busy());
        let third = port.enter().unwrap();
        assert!(!third.is_refused());
        assert!(is_closed(&second).await && !is_closed(&first).await);
        drop(second);
        let _fourth = port.enter().unwrap();
        assert!(is_closed(&first).await && !is_closed(&third).await);
    }

    #[tokio::test]
    async fn busy_connections_stay_and_new_ones_are_rejected() {
        let port = Arc::new(Connections::default()).port(1);
        let only = port.enter().unwrap();
        let busy = only.busy();
        let refused: Vec<_> = (0..EXTRA_CONNECTIONS).map(|_| port.enter().unwrap()).collect();
        assert!(refused.iter().all(Connection::is_refused));
        assert!(port.enter().is_none());
        assert!(!is_closed(&only).await);
        drop(refused);
        assert!(port.enter().unwrap().is_refused());
        drop(busy);
        assert!(!port.enter().unwrap().is_refused());
        assert!(is_closed(&only).await);
    }

    #[tokio::test]
    async fn ports_count_separately_and_make_room_for_each_other() {
        let connections = Arc::new(Connections::default());
        let [api, admin] = [connections.port(1), connections.port(1)];
        let one = api.enter().unwrap();
        let other = admin.enter().unwrap();
        assert!(!is_closed(&one).await && !is_closed(&other).await);
        admin.make_room();
        assert!(is_closed(&one).await && !is_closed(&other).await);
        admin.close();
        assert!(is_closed(&other).await);
    }
}
