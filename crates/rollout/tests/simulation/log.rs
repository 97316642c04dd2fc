use std::sync::{Arc, Mutex, PoisonError};

use azure_classic_protocol::machine::Instant;

/// Events, line by line; nothing unless requested.
#[derive(Debug, Clone)]
pub(crate) struct Log(Option<Arc<Mutex<Vec<String>>>>);

impl Log {
    pub(crate) fn new(is_kept: bool) -> Self {
        Self(is_kept.then(Arc::default))
    }

    pub(crate) fn line(&self, now: Instant, text: impl FnOnce() -> String) {
        if let Some(lines) = &self.0 {
            let seconds = now.since_origin().as_secs_f64();
            let line = format!("{seconds:>9.1}  {}", text());
            lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    }

    pub(crate) fn take(&self) -> Vec<String> {
        self.0.as_ref().map_or_else(Vec::new, |lines| {
            std::mem::take(&mut *lines.lock().unwrap_or_else(PoisonError::into_inner))
        })
    }
}
