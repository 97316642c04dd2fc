//! A place at which one driver after the other works, each from the record of the one before.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use azure_classic_protocol::machine::Instant;
use azure_classic_rollout::{Record, Rollout};

use crate::judge::{Judge, Sender};

pub(super) struct DriverSlot {
    pub(super) driver: Option<Driver>,
    /// Its storage: another slot is on another machine.
    pub(super) kept: Arc<Mutex<Kept>>,
    /// The judge that watches it, and counts the other slot as another operator.
    pub(super) judge: Judge,
    /// Its requests.
    pub(super) flights: BTreeSet<u64>,
    /// How many times a person has taken up what had stopped.
    pub(super) resumptions: u32,
    /// Whether the driver has got wrong that the deployment is not there, and nothing better since.
    pub(super) is_denied: bool,
    /// Whether an operator has to decide.
    pub(super) is_requested: bool,
    /// Its end in short.
    pub(super) end: Option<String>,
}

pub(super) struct Driver {
    pub(super) rollout: Rollout,
    /// When it was made, and what its clock said then.
    pub(super) born: Instant,
    pub(super) clock: Instant,
    /// The flight whose reply it waits for.
    pub(super) flight: Option<u64>,
    pub(super) wakes: Instant,
}

/// The records that the driver has handed out.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) record: Option<Record>,
    pub(super) attempts: u32,
}

impl DriverSlot {
    pub(super) fn new(judge: Judge) -> Self {
        Self {
            driver: None,
            kept: Arc::default(),
            judge,
            flights: BTreeSet::new(),
            resumptions: 0,
            is_denied: false,
            is_requested: false,
            end: None,
        }
    }

    /// A slot whose driver has the present record of this one; `None` where there is nothing to take up.
    pub(super) fn twin(&self) -> Option<Self> {
        let record = self.record().filter(|record| record.ended().is_none())?;
        let twin = Self::new(self.judge.of_a_twin());
        let kept = Kept { record: Some(record), attempts: 0 };
        Some(Self { kept: Arc::new(Mutex::new(kept)), ..twin })
    }

    pub(super) fn record(&self) -> Option<Record> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).record.clone()
    }

    /// Who sent something, as it is seen from here.
    pub(super) fn sees(&self, sender: Sender) -> Sender {
        match sender {
            Sender::Driver(flight) | Sender::Late(flight) if !self.flights.contains(&flight) => {
                Sender::Somebody
            }
            sender => sender,
        }
    }
}
