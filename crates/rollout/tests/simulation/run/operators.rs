//! The actions of operators: those who drive the rollout, and those who interfere with it.

use std::time::Duration;

use azure_classic_protocol::deployment::model::CurrentUpgradeDomainState;
use azure_classic_protocol::{Bytes, CloudServiceRef, Error, UpdateMode};
use azure_classic_rollout::{Input, Pause, Record};
use http::Request;

use super::driver_slot::DriverSlot;
use super::{Happening, Simulation};
use crate::judge::{Sender, Verdict};
use crate::mutations::Mutation;
use crate::scenario::{Meddle, NEW, THEIRS, Task};
use crate::world::{PACKAGE, World};

impl Simulation<'_> {
    /// Actions between the driver's steps: probes, and the decisions that it waits for.
    pub(super) fn look_after(&mut self, slot: usize) -> Verdict {
        let now = self.now;
        let Some(driver) = &mut self.slots[slot].driver else { return Ok(()) };
        let wanted: Vec<String> =
            driver.rollout.probes().map(|instance| instance.instance_name.clone()).collect();
        for name in wanted {
            let is_bad = self.scenario.bad_probe.as_ref().is_some_and(|(bad, until)| {
                *bad == name && until.is_none_or(|until| now - self.started < until)
            });
            let verdict = if is_bad { Err("503".to_owned()) } else { Ok(()) };
            driver.rollout.probed(&name, verdict);
        }
        let pause = driver.rollout.record().and_then(Record::pause);
        let is_waiting = pause.is_some();
        let has_failed = matches!(pause, Some(Pause::Failed(_)));
        if is_waiting && !self.slots[slot].is_requested {
            self.slots[slot].is_requested = true;
            self.decisions += 1;
            let input = match self.rng.u32(..4) {
                0 | 1 if self.decisions < 4 => Input::Resume,
                2 => Input::Promote,
                _ if has_failed => Input::Abort,
                _ => Input::Resume,
            };
            let after = Duration::from_secs(self.rng.u64(..900));
            self.after(after, Happening::Says(slot, input));
        }
        let DriverSlot { driver, judge, .. } = &mut self.slots[slot];
        match driver.as_ref().and_then(|driver| driver.rollout.record()) {
            Some(record) => judge.waits(now, record, self.scenario, &self.world),
            None => Ok(()),
        }
    }

    pub(super) fn say(&mut self, at: usize, input: Input) {
        let slot = &mut self.slots[at];
        slot.is_requested = false;
        let Some(driver) = &mut slot.driver else {
            // No driver is running; the next one gets the input again.
            if slot.end.is_none() {
                self.after(Duration::from_secs(400), Happening::Says(at, input));
            }
            return;
        };
        // A person promotes what has been walked.
        let is_rollback = driver.rollout.record().is_none();
        if is_rollback && input == Input::Promote {
            return;
        }
        self.log.line(self.now, || format!("person: {input:?}"));
        driver.rollout.input(input);
        if driver.flight.is_none() {
            driver.wakes = self.now;
        }
        let started = self.world.started();
        self.slots[at].judge.given(input, started);
    }

    pub(super) fn meddle(&mut self, meddle: &Meddle) -> Verdict {
        let first = World::deployment();
        let (theirs, same) =
            (self.scenario.their_configuration(), self.scenario.new_configuration());
        let endpoint = self.world.endpoint.clone();
        let request = match meddle {
            Meddle::Upgrade(mode) => {
                endpoint.request(&first.upgrade(mode.clone(), PACKAGE, theirs, THEIRS))
            }
            Meddle::SameUpgrade(mode) => {
                let upgrade = first.upgrade(mode.clone(), PACKAGE, same, NEW);
                // One of all roles would be another update under the same label.
                endpoint.request(&match &self.scenario.task {
                    Task::UpgradeRole(role) => upgrade.role(role),
                    _ => upgrade,
                })
            }
            Meddle::ChangeConfiguration(mode) => {
                endpoint.request(&first.change_configuration(theirs).mode(mode.clone()))
            }
            Meddle::WalkNext => {
                let truth = self.world.truth();
                let update = truth.and_then(|truth| truth.upgrade_status);
                let Some(update) = update else { return Ok(()) };
                endpoint.request(&first.walk_upgrade_domain(update.domain().unwrap()))
            }
            Meddle::RollBack(mode) => endpoint.request(&first.rollback(mode.clone())),
            Meddle::DeleteInstance(name) => {
                endpoint.request(&first.delete_instances([name.as_str()]))
            }
            Meddle::Delete => endpoint.request(&first.delete()),
            Meddle::CreateAgain => endpoint.request(&World::creation(self.scenario)),
            Meddle::Promote => {
                // It goes by its name and is none of the rollout's concern: the judge excuses nothing.
                let swap = CloudServiceRef::new("contoso").promote("first");
                self.log.line(self.now, || "somebody: Promote".to_owned());
                self.world.send(self.now, &swap);
                return Ok(());
            }
        };
        self.log.line(self.now, || format!("somebody: {meddle:?}"));
        let request = request.map_err(|error: Error| error.to_string())?;
        self.deliver(&request, Sender::Somebody).map(drop)
    }

    /// Mutation: the next domain is walked as soon as the cloud takes it.
    pub(super) fn skip_gate(&mut self) -> Verdict {
        if self.mutation != Mutation::SkipGate {
            return Ok(());
        }
        let update = self.world.truth().and_then(|truth| truth.upgrade_status);
        let Some(update) = update.filter(|update| {
            update.upgrade_type == UpdateMode::Manual
                && update.domain() > Some(0)
                && update.current_upgrade_domain_state == CurrentUpgradeDomainState::Before
        }) else {
            return Ok(());
        };
        let walk = World::deployment().walk_upgrade_domain(update.domain().unwrap());
        let request: Request<Bytes> =
            self.world.endpoint.request(&walk).map_err(|error| error.to_string())?;
        self.slots[0].flights.insert(NO_FLIGHT);
        self.deliver(&request, Sender::Driver(NO_FLIGHT)).map(drop)
    }
}

/// Of what a saboteur sends in the driver's name.
const NO_FLIGHT: u64 = 0;
