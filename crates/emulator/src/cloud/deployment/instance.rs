//! A role instance and the journeys that it makes from state to state.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::version::VersionId;
use crate::cloud::faults::Ailment;
use crate::cloud::pace::{Pace, Takes};
use crate::cloud::timeline::Timer;
use crate::cloud::world::{Event, InstanceId, World};

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
pub(crate) type Journey = &'static [Phase];

pub(crate) const CREATE: Journey =
    &[CreatingVM, StartingVM, CreatingRole, StartingRole, BusyRole, ReadyRole];
pub(crate) const CREATE_STOPPED: Journey = &[CreatingVM, StoppedVM];
pub(crate) const STAND_STOPPED: Journey = &[StoppedVM];
/// Another package.
pub(crate) const REPLACE: Journey =
    &[StoppingRole, CreatingRole, StartingRole, BusyRole, ReadyRole];
/// The same package with another configuration.
pub(crate) const RECONFIGURE: Journey = &[StoppingRole, StartingRole, BusyRole, ReadyRole];
pub(crate) const CHANGE_STOPPED: Journey = &[StoppedVM, StoppedVM];
/// The machine stops and starts again.
pub(crate) const REBOOT: Journey =
    &[StoppingRole, StoppingVM, StartingVM, StartingRole, BusyRole, ReadyRole];
/// Another machine, or the same with a new operating system.
pub(crate) const REIMAGE: Journey = &[
    StoppingRole,
    StoppingVM,
    CreatingVM,
    StartingVM,
    CreatingRole,
    StartingRole,
    BusyRole,
    ReadyRole,
];
pub(crate) const START: Journey = &[StartingVM, StartingRole, BusyRole, ReadyRole];
pub(crate) const STOP: Journey = &[StoppingRole, StoppingVM, StoppedVM];
/// The role has not begun to run.
pub(crate) const STOP_MACHINE: Journey = &[StoppingVM, StoppedVM];
pub(crate) const RESTART: Journey = &[StartingRole, BusyRole, ReadyRole];
pub(crate) const REMOVE: Journey = &[StoppingRole, StoppingVM, DeletingVM];
pub(crate) const REMOVE_STOPPED: Journey = &[DeletingVM];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Instance {
    pub(crate) phase: Phase,
    /// The states that are still before it, the last one first.
    rest: Vec<Phase>,
    pub(super) timer: Option<Timer>,
    pub(crate) version: VersionId,
    /// It disappears at the end of its journey.
    pub(crate) is_leaving: bool,
    /// The update (by number) that sent it on its way and waits for it.
    pub(crate) awaited_by: Option<u32>,
    pub(crate) address: Ipv4Addr,
    /// How often the operating system has been installed again.
    pub(crate) installs: u32,
    /// How often local storage has lost its content.
    pub(crate) wipes: u32,
    /// What a fault does to it.
    pub(super) ailment: Option<Ailment>,
}

/// What has become of an instance that entered its next state.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Moved {
    OnTheWay,
    Arrived,
    Gone,
}

impl Instance {
    pub(crate) fn new(version: VersionId, address: Ipv4Addr) -> Self {
        Self {
            phase: CreatingVM,
            rest: Vec::new(),
            timer: None,
            version,
            is_leaving: false,
            awaited_by: None,
            address,
            installs: 0,
            wipes: 0,
            ailment: None,
        }
    }

    /// Sets out on a journey, wherever it was.
    pub(crate) fn set_out(&mut self, journey: Journey, id: InstanceId, world: &mut World) {
        self.halt(world);
        self.rest = journey.iter().rev().copied().collect();
        self.phase = self.rest.pop().expect("a journey has a state");
        self.is_leaving = journey.last() == Some(&DeletingVM);
        if !self.rest.is_empty() || self.is_leaving {
            self.await_next(id, world);
        }
    }

    /// Enters the next state of its journey. With an ailment it does not become ready, or not for
    /// long.
    pub(crate) fn advance(
        &mut self,
        id: InstanceId,
        world: &mut World,
        ailment: Option<Ailment>,
    ) -> Moved {
        self.timer = None;
        if let Some(ailment) = self.ailment {
            return self.suffer(ailment, id, world);
        }
        let Some(next) = self.rest.pop() else { return Moved::Gone };
        if let Some(ailment) = ailment {
            return self.fall_ill(ailment, id, world);
        }
        self.phase = next;
        if self.rest.is_empty() && !self.is_leaving {
            return Moved::Arrived;
        }
        self.await_next(id, world);
        Moved::OnTheWay
    }

    /// Whether the next state is the one in which it serves.
    pub(crate) fn is_about_to_be_ready(&self) -> bool {
        self.rest.last() == Some(&ReadyRole)
    }

    /// Leaves it in the state that it is in.
    pub(crate) fn halt(&mut self, world: &mut World) {
        world.timeline.cancel(self.timer.take());
        self.rest.clear();
        self.ailment = None;
    }

    fn await_next(&mut self, id: InstanceId, world: &mut World) {
        let lasts = self.phase.lasts(&world.settings.pace);
        self.timer = Some(world.schedule_about(lasts, Event::Instance(id)));
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

    fn lasts(self, pace: &Pace) -> Takes {
        if let Some(takes) = pace.states.get(self.as_str()) {
            return *takes;
        }
        match self {
            CreatingVM | StartingVM | StoppingVM | StoppedVM | DeletingVM => pace.machine,
            CreatingRole | StartingRole | BusyRole | ReadyRole | StoppingRole | RestartingRole
            | CyclingRole | FailedStartingRole | UnresponsiveRole => pace.role,
        }
    }
}
