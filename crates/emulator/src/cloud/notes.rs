use std::cell::RefCell;

use super::clip::clip;

/// What was noticed about a request and told to nobody who asks: elements that were skipped, addresses
/// that are nearly right. The journal has it.
#[derive(Debug, Default)]
pub(crate) struct Notes(RefCell<Vec<String>>);

/// So many are enough to see what is wrong; a hostile body could cause millions.
const KEPT: usize = 20;
/// The bytes of one.
const LONGEST: usize = 2048;

impl Notes {
    pub(crate) fn note(&self, text: impl FnOnce() -> String) {
        let mut notes = self.0.borrow_mut();
        if notes.len() < KEPT {
            notes.push(clip(&text(), LONGEST));
        }
    }

    pub(crate) fn into_list(self) -> Vec<String> {
        self.0.into_inner()
    }
}
