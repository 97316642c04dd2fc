//! A role instance and the journeys that it makes from state to state.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::version::VersionId;
use crate::simulator::event_queue::Timer;
use crate::simulator::faults::InstanceFault;
use crate::simulator::shared_state::{Event, InstanceId, SharedState};
use crate::simulator::timing::{Delay, Timing};

/// The states that the emulator's instances pass through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Phase {
    CreatingVM,
    StartingVM,
    CreatingRole,
    StartingRole,
    BusyRole,
    ReadyRole,
    StoppingRole,
    StoppingVM,
    StoppedVM,
    DeletingVM,
    RestartingRole,
    CyclingRole,
    FailedStartingRole,
    UnresponsiveRole,
}

use Phase::{
    BusyRole, CreatingRole, CreatingVM, CyclingRole, DeletingVM, FailedStartingRole, ReadyRole,
    RestartingRole, StartingRole, StartingVM, StoppedVM, StoppingRole, StoppingVM,
    UnresponsiveRole,
};

/// The states on the way, first to last.
pub(crate) type StateSequence = &'static [Phase];

pub(crate) const CREATE: StateSequence =
    &[CreatingVM, StartingVM, CreatingRole, StartingRole, BusyRole, ReadyRole];
pub(crate) const CREATE_STOPPED: StateSequence = &[CreatingVM, StoppedVM];
pub(crate) const REMAIN_STOPPED: StateSequence = &[StoppedVM];
/// Another package.
pub(crate) const REPLACE: StateSequence =
    &[StoppingRole, CreatingRole, StartingRole, BusyRole, ReadyRole];
/// The same package with another configuration.
pub(crate) const RECONFIGURE: StateSequence = &[StoppingRole, StartingRole, BusyRole, ReadyRole];
pub(crate) const UPDATE_STOPPED: StateSequence = &[StoppedVM, StoppedVM];
/// The machine stops and starts again.
pub(crate) const REBOOT: StateSequence =
    &[StoppingRole, StoppingVM, StartingVM, StartingRole, BusyRole, ReadyRole];
/// Another machine, or the same with a new operating system.
pub(crate) const REIMAGE: StateSequence = &[
    StoppingRole,
    StoppingVM,
    CreatingVM,
    StartingVM,
    CreatingRole,
    StartingRole,
    BusyRole,
    ReadyRole,
];
pub(crate) const START: StateSequence = &[StartingVM, StartingRole, BusyRole, ReadyRole];
pub(crate) const STOP: StateSequence = &[StoppingRole, StoppingVM, StoppedVM];
/// The role has not begun to run.
pub(crate) const STOP_MACHINE: StateSequence = &[StoppingVM, StoppedVM];
pub(crate) const RESTART: StateSequence = &[StartingRole, BusyRole, ReadyRole];
pub(crate) const REMOVE: StateSequence = &[StoppingRole, StoppingVM, DeletingVM];
pub(crate) const REMOVE_STOPPED: StateSequence = &[DeletingVM];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Instance {
    pub(crate) phase: Phase,
    /// The states that are still before it, the last one first.
    remaining: Vec<Phase>,
    pub(super) timer: Option<Timer>,
    pub(crate) version: VersionId,
    /// It disappears at the end of its sequence.
    pub(crate) is_deleting: bool,
    /// The update (by number) that sent it on its way and waits for it.
    pub(crate) awaited_by: Option<u32>,
    pub(crate) address: Ipv4Addr,
    /// How often the operating system has been installed again.
    pub(crate) installs: u32,
    /// How often local storage has lost its content.
    pub(crate) wipes: u32,
    /// What a fault does to it.
    pub(super) fault: Option<InstanceFault>,
}

/// What has become of an instance that entered its next state.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TransitionResult {
    InProgress,
    Completed,
    Deleted,
}

impl Instance {
    pub(crate) fn new(version: VersionId, address: Ipv4Addr) -> Self {
        Self {
            phase: CreatingVM,
            remaining: Vec::new(),
            timer: None,
            version,
            is_deleting: false,
            awaited_by: None,
            address,
            installs: 0,
            wipes: 0,
            fault: None,
        }
    }

    /// Sets out on a sequence, wherever it was.
    pub(crate) fn run_sequence(
        &mut self,
        sequence: StateSequence,
        id: InstanceId,
        shared: &mut SharedState,
    ) {
        self.cancel_transitions(shared);
        self.remaining = sequence.iter().rev().copied().collect();
        self.phase = self.remaining.pop().expect("a sequence has a state");
        self.is_deleting = sequence.last() == Some(&DeletingVM);
        if !self.remaining.is_empty() || self.is_deleting {
            self.schedule_next(id, shared);
        }
    }

    /// Enters the next state of its sequence. With a fault it does not become ready, or not for
    /// long.
    pub(crate) fn advance(
        &mut self,
        id: InstanceId,
        shared: &mut SharedState,
        fault: Option<InstanceFault>,
    ) -> TransitionResult {
        self.timer = None;
        if let Some(fault) = self.fault {
            return self.advance_fault(fault, id, shared);
        }
        let Some(next) = self.remaining.pop() else { return TransitionResult::Deleted };
        if let Some(fault) = fault {
            return self.apply_fault(fault, id, shared);
        }
        self.phase = next;
        if self.remaining.is_empty() && !self.is_deleting {
            return TransitionResult::Completed;
        }
        self.schedule_next(id, shared);
        TransitionResult::InProgress
    }

    /// Whether the next state is the one in which it serves.
    pub(crate) fn is_about_to_be_ready(&self) -> bool {
        self.remaining.last() == Some(&ReadyRole)
    }

    /// Leaves it in the state that it is in.
    pub(crate) fn cancel_transitions(&mut self, shared: &mut SharedState) {
        shared.events.cancel(self.timer.take());
        self.remaining.clear();
        self.fault = None;
    }

    fn schedule_next(&mut self, id: InstanceId, shared: &mut SharedState) {
        let delay = self.phase.delay(&shared.settings.timing);
        self.timer = Some(shared.schedule_with_jitter(delay, Event::Instance(id)));
    }
}

impl Phase {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            CreatingVM => "CreatingVM",
            StartingVM => "StartingVM",
            CreatingRole => "CreatingRole",
            StartingRole => "StartingRole",
            BusyRole => "BusyRole",
            ReadyRole => "ReadyRole",
            StoppingRole => "StoppingRole",
            StoppingVM => "StoppingVM",
            StoppedVM => "StoppedVM",
            DeletingVM => "DeletingVM",
            RestartingRole => "RestartingRole",
            CyclingRole => "CyclingRole",
            FailedStartingRole => "FailedStartingRole",
            UnresponsiveRole => "UnresponsiveRole",
        }
    }

    pub(crate) fn power_state(self) -> &'static str {
        match self {
            CreatingVM | StartingVM => "Starting",
            StoppingVM | DeletingVM => "Stopping",
            StoppedVM => "Stopped",
            CreatingRole | StartingRole | BusyRole | ReadyRole | StoppingRole | RestartingRole
            | CyclingRole | FailedStartingRole | UnresponsiveRole => "Started",
        }
    }

    fn delay(self, timing: &Timing) -> Delay {
        if let Some(delay) = timing.states.get(self.as_str()) {
            return *delay;
        }
        match self {
            CreatingVM | StartingVM | StoppingVM | StoppedVM | DeletingVM => timing.machine,
            CreatingRole | StartingRole | BusyRole | ReadyRole | StoppingRole | RestartingRole
            | CyclingRole | FailedStartingRole | UnresponsiveRole => timing.role,
        }
    }
}
