//! The operations that Get Operation Status knows, and their log.

pub(super) mod name;
mod request;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::Bound;

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ErrorBody, RequestId, SubscriptionId};
use roxmltree::Document;
use serde::{Deserialize, Serialize};

use self::request::Parameters;
use super::api_error::ApiError;
use super::call::Call;
use super::route::Route;
use super::shared_state::Subject;
use super::truncate::truncate;
use super::validation::{InvalidState, check_counter};

/// How many operations are remembered, and how many bytes they may take; the oldest are forgotten first.
const MAX_OPERATIONS: usize = 10_000;
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// How many bytes of a path are remembered.
const MAX_PATH_CHARACTERS: usize = 2048;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Log")]
pub(crate) struct Operations {
    /// By the number of their beginning.
    log: BTreeMap<u64, Operation>,
    #[serde(skip)]
    numbers_by_id: BTreeMap<RequestId, u64>,
    last: u64,
    /// The total size of all operations.
    #[serde(skip)]
    bytes: usize,
}

/// The operations as they are written down.
#[derive(Deserialize)]
struct Log {
    log: BTreeMap<u64, Operation>,
    last: u64,
}

impl From<Log> for Operations {
    fn from(Log { log, last }: Log) -> Self {
        let numbers =
            log.iter().map(|(number, operation)| (operation.id.clone(), *number)).collect();
        let bytes = log.values().map(Operation::size).sum();
        Self { log, numbers_by_id: numbers, last, bytes }
    }
}

/// A request that changes something, and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Operation {
    pub(crate) id: RequestId,
    /// The name of the operation on its reference page.
    pub(crate) name: String,
    /// The path of what it acts on, from the subscription on.
    pub(crate) object: String,
    pub(crate) parameters: Parameters,
    /// The thumbprint of the caller's certificate.
    pub(crate) caller: Option<String>,
    /// The address of the caller.
    pub(crate) address: Option<IpAddr>,
    pub(crate) started: Instant,
    pub(crate) ended: Option<Instant>,
    pub(crate) progress: Progress,
    /// The subject that a status poll counts for.
    pub(crate) subject: Option<Subject>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Progress {
    Running,
    Succeeded,
    Failed(u16, ErrorBody),
}

impl Progress {
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Running => "InProgress",
            Self::Succeeded => "Succeeded",
            Self::Failed(..) => "Failed",
        }
    }
}

impl Operation {
    /// The requested operation, at its start.
    pub(crate) fn requested(
        route: &Route,
        path: &str,
        call: &Call<'_>,
        subscription: &SubscriptionId,
        now: Instant,
    ) -> Self {
        let body = call.prepared.document().ok().map(Document::root_element);
        Self {
            id: call.id.clone(),
            name: route.operation.to_owned(),
            object: truncate(&request::object(path, route, body), MAX_PATH_CHARACTERS),
            parameters: Parameters::from_request(call, subscription, body),
            caller: call.caller.as_thumbprint().map(str::to_owned),
            address: call.caller.address(),
            started: now,
            ended: None,
            progress: Progress::Running,
            subject: None,
        }
    }

    fn size(&self) -> usize {
        let parameters = self.parameters.0.iter().map(|(name, value)| name.len() + value.len());
        let error = match &self.progress {
            Progress::Failed(_, error) => {
                let warnings = error.configuration_warnings.iter();
                error.message.len() + warnings.map(|it| it.warning_message.len()).sum::<usize>()
            }
            Progress::Running | Progress::Succeeded => 0,
        };
        size_of::<Self>() + self.object.len() + parameters.sum::<usize>() + error
    }
}

impl Operations {
    pub(crate) fn start(&mut self, operation: Operation) {
        self.last += 1;
        self.numbers_by_id.insert(operation.id.clone(), self.last);
        self.bytes += operation.size();
        self.log.insert(self.last, operation);
        while self.log.len() > MAX_OPERATIONS || self.bytes > MAX_BYTES {
            let Some((_, oldest)) = self.log.pop_first() else { break };
            self.bytes -= oldest.size();
            self.numbers_by_id.remove(&oldest.id);
        }
    }

    /// Validates the operations, as read from a file.
    pub(crate) fn check(&self) -> Result<(), InvalidState> {
        check_counter("last", self.last, self.log.keys().copied())
    }

    /// Sets the subject that a status poll counts for.
    pub(crate) fn set_subject(&mut self, id: &RequestId, subject: Subject) {
        if let Some(operation) = self.get_mut(id) {
            operation.subject = Some(subject);
        }
    }

    pub(crate) fn succeed(&mut self, id: &RequestId, now: Instant) {
        self.end(id, Progress::Succeeded, now);
    }

    pub(crate) fn fail(&mut self, id: &RequestId, api_error: &ApiError, now: Instant) {
        self.end(id, Progress::Failed(api_error.status().as_u16(), api_error.body()), now);
    }

    /// Ends an operation in progress; an end is final.
    pub(crate) fn end(&mut self, id: &RequestId, end: Progress, now: Instant) {
        if let Some(operation) = self.get_mut(id)
            && matches!(operation.progress, Progress::Running)
        {
            let before = operation.size();
            operation.progress = end;
            operation.ended = Some(now);
            let after = operation.size();
            self.bytes = self.bytes - before + after;
        }
    }

    /// Removes an operation that never started, because the request was rejected.
    pub(crate) fn remove(&mut self, id: &RequestId) -> Option<Operation> {
        let operation =
            self.numbers_by_id.remove(id).and_then(|number| self.log.remove(&number))?;
        self.bytes -= operation.size();
        Some(operation)
    }

    pub(crate) fn get(&self, id: &RequestId) -> Option<&Operation> {
        self.log.get(self.numbers_by_id.get(id)?)
    }

    /// Those with a higher number than this, oldest first, by their numbers.
    pub(crate) fn since(&self, number: u64) -> impl Iterator<Item = (u64, &Operation)> {
        let later = self.log.range((Bound::Excluded(number), Bound::Unbounded));
        later.map(|(number, operation)| (*number, operation))
    }

    /// Those that are remembered, the youngest first.
    pub(crate) fn latest(&self) -> impl Iterator<Item = &Operation> {
        self.log.values().rev()
    }

    fn get_mut(&mut self, id: &RequestId) -> Option<&mut Operation> {
        self.log.get_mut(self.numbers_by_id.get(id)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_removed_and_an_end_is_final() {
        let mut operations = Operations::default();
        let id = |at: usize| RequestId::new(&format!("{at:032x}"));
        for at in 0..=MAX_OPERATIONS {
            operations.start(Operation {
                id: id(at),
                name: "Delete Deployment".to_owned(),
                object: String::new(),
                parameters: Parameters::default(),
                caller: None,
                address: None,
                started: Instant::ORIGIN,
                ended: None,
                progress: Progress::Running,
                subject: None,
            });
        }
        assert!(operations.get(&id(0)).is_none());
        let progress = |operations: &Operations| {
            operations.get(&id(1)).map(|operation| operation.progress.as_str())
        };
        assert_eq!(progress(&operations), Some("InProgress"));

        operations.succeed(&id(1), Instant::ORIGIN);
        operations.fail(&id(1), &ApiError::bad_request("too late"), Instant::ORIGIN);
        assert_eq!(progress(&operations), Some("Succeeded"));
        operations.succeed(&id(0), Instant::ORIGIN);
        assert!(operations.get(&id(0)).is_none());
        operations.remove(&id(1));
        assert_eq!(progress(&operations), None);
    }
}
