use std::cell::RefCell;

use super::truncate::truncate;

/// Observations about a request that its response does not show: skipped elements, nearly matching addresses.
/// The journal has them.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics(RefCell<Vec<String>>);

/// This many are enough to see the problem; a hostile body could cause millions.
const MAX_ENTRIES: usize = 20;
/// The bytes of one.
const MAX_CHARACTERS: usize = 2048;

impl Diagnostics {
    pub(crate) fn add(&self, text: impl FnOnce() -> String) {
        let mut diagnostics = self.0.borrow_mut();
        if diagnostics.len() < MAX_ENTRIES {
            diagnostics.push(truncate(&text(), MAX_CHARACTERS));
        }
    }

    pub(crate) fn into_list(self) -> Vec<String> {
        self.0.into_inner()
    }
}
