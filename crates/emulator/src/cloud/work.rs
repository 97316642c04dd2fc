//! Asynchronous work on things that are no deployments: accepted now, done when its time has come.

use std::collections::BTreeMap;

use azure_classic_protocol::RequestId;
use serde::{Deserialize, Serialize};

use super::Cloud;
use super::nonsense::{Nonsense, check_counter};
use super::refusal::Refusal;
use super::world::{Event, Subject};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct WorkId(u64);

/// The work under way.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Works {
    under_way: BTreeMap<WorkId, Work>,
    last: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Work {
    operation: RequestId,
    task: Task,
}

/// What is done in the end.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Task {}

impl Works {
    /// Whether it makes sense, as read from a file.
    pub(super) fn check(&self) -> Result<(), Nonsense> {
        check_counter("last", self.last, self.under_way.keys().map(|id| id.0))
    }
}

impl Cloud {
    /// Begins work for an operation, which ends with it.
    pub(crate) fn begin_work(&mut self, operation: &RequestId, task: Task) {
        self.works.last += 1;
        let id = WorkId(self.works.last);
        self.works.under_way.insert(id, Work { operation: operation.clone(), task });
        self.world.operations.concerns(operation, Subject::Work(id));
        self.world.schedule_about(self.world.settings.pace.operation, Event::Work(id));
    }

    pub(super) fn on_work(&mut self, id: WorkId) {
        let Some(work) = self.works.under_way.remove(&id) else { return };
        match self.finish(work.task) {
            Ok(()) => self.world.operations.succeed(&work.operation, self.world.now),
            Err(refusal) => self.world.operations.fail(&work.operation, &refusal, self.world.now),
        }
    }

    fn finish(&mut self, task: Task) -> Result<(), Refusal> {
        match task {}
    }
}
