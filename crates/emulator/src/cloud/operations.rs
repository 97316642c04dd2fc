//! The operations that Get Operation Status can be asked about.

use std::collections::{HashMap, VecDeque};

use azure_classic_protocol::{ErrorBody, RequestId};
use http::StatusCode;

use super::refusal::Refusal;

/// How many operations are remembered; the oldest are forgotten first.
const KEPT: usize = 10_000;

#[derive(Debug, Default)]
pub(crate) struct Operations {
    by_id: HashMap<RequestId, Progress>,
    order: VecDeque<RequestId>,
}

#[derive(Debug, Clone)]
pub(crate) enum Progress {
    Running,
    Succeeded(StatusCode),
    Failed(StatusCode, ErrorBody),
}

impl Progress {
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Running => "InProgress",
            Self::Succeeded(_) => "Succeeded",
            Self::Failed(..) => "Failed",
        }
    }
}

impl Operations {
    pub(crate) fn begin(&mut self, id: &RequestId) {
        self.record(id, Progress::Running);
    }

    /// Records work that was done before the answer was sent.
    pub(crate) fn record(&mut self, id: &RequestId, progress: Progress) {
        self.by_id.insert(id.clone(), progress);
        self.order.push_back(id.clone());
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_id.remove(&oldest);
        }
    }

    pub(crate) fn succeed(&mut self, id: &RequestId) {
        self.end(id, Progress::Succeeded(StatusCode::OK));
    }

    pub(crate) fn fail(&mut self, id: &RequestId, refusal: &Refusal) {
        self.end(id, Progress::Failed(refusal.status(), refusal.body()));
    }

    fn end(&mut self, id: &RequestId, end: Progress) {
        if let Some(progress @ Progress::Running) = self.by_id.get_mut(id) {
            *progress = end;
        }
    }

    pub(crate) fn get(&self, id: &RequestId) -> Option<&Progress> {
        self.by_id.get(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten_and_an_end_is_final() {
        let mut operations = Operations::default();
        let id = |at: usize| RequestId::new(&format!("{at:032x}"));
        for at in 0..=KEPT {
            operations.begin(&id(at));
        }
        assert!(operations.get(&id(0)).is_none());
        assert_eq!(operations.get(&id(1)).unwrap().as_str(), "InProgress");

        operations.succeed(&id(1));
        operations.fail(&id(1), &Refusal::bad_request("too late"));
        assert_eq!(operations.get(&id(1)).unwrap().as_str(), "Succeeded");
        operations.succeed(&id(0));
        assert!(operations.get(&id(0)).is_none());
    }
}
