use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::JournalEntry;

type OnRequest = dyn Fn(&JournalEntry) + Send + Sync;
type OnRejection = dyn Fn(&str) + Send + Sync;

/// At most one rejected client is reported in this time.
const INTERVAL: Duration = Duration::from_secs(10);

/// The callbacks for each new entry of the journal, and for clients that are rejected before.
#[derive(Clone, Default)]
pub(crate) struct Observer {
    notify: Option<Arc<OnRequest>>,
    rejections: Option<Arc<Rejections>>,
}

struct Rejections {
    see: Box<OnRejection>,
    last: Mutex<Option<Instant>>,
}

impl Observer {
    pub(crate) fn on_request(&mut self, see: impl Fn(&JournalEntry) + Send + Sync + 'static) {
        self.notify = Some(Arc::new(see));
    }

    pub(crate) fn on_rejected_client(&mut self, see: impl Fn(&str) + Send + Sync + 'static) {
        let rejections = Rejections { see: Box::new(see), last: Mutex::default() };
        self.rejections = Some(Arc::new(rejections));
    }

    pub(crate) fn see(&self, entry: &JournalEntry) {
        if let Some(see) = &self.notify {
            see(entry);
        }
    }

    /// Reports a client whose certificate or key failed the handshake.
    pub(crate) fn reject(&self, why: &str) {
        let Some(Rejections { see, last }) = self.rejections.as_deref() else { return };
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|last| last.elapsed() >= INTERVAL) {
            *last = Some(Instant::now());
            see(why);
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.notify.is_some() { "Observer" } else { "nobody" })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_flood_of_rejected_clients_is_logged_once() {
        let (send, seen) = channel();
        let mut observer = Observer::default();
        observer.reject("unseen");
        observer.on_rejected_client(move |why| send.send(why.to_owned()).unwrap());
        for why in ["one", "two", "three"] {
            observer.clone().reject(why);
        }
        assert_eq!(seen.try_iter().collect::<Vec<_>>(), ["one"]);
    }
}
