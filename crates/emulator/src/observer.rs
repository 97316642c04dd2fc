use std::fmt;
use std::sync::Arc;

use crate::JournalEntry;

type See = dyn Fn(&JournalEntry) + Send + Sync;

/// What is called with each new entry of the journal.
#[derive(Clone, Default)]
pub(crate) struct Observer(Option<Arc<See>>);

impl Observer {
    pub(crate) fn new(see: impl Fn(&JournalEntry) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(see)))
    }

    pub(crate) fn see(&self, entry: &JournalEntry) {
        if let Some(see) = &self.0 {
            see(entry);
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Observer" } else { "nobody" })
    }
}
