//! The actions of drivers, and the events that hit them.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use azure_classic_protocol::machine::{Instant, Machine as _, Poll, Step, TransportResult};
use azure_classic_protocol::{Bytes, Endpoint, SendError};
use azure_classic_rollout::{Change, NextStep, Plan, Rollout, RolloutError, RolloutOutcome};
use http::Request;

use super::driver_slot::{Driver, DriverSlot};
use super::{Happening, Simulation, is_of_deployment};
use crate::judge::{Sender, Verdict};
use crate::mutations::Mutation;
use crate::network::{Back, MayLie, is_redirected};
use crate::scenario::{NEW, Task};
use crate::world::{PACKAGE, World, change_of};

impl Simulation<'_> {
    /// Carries out the steps of a driver, as long as it has one at this time.
    pub(super) fn drive(&mut self, slot: usize) -> Verdict {
        loop {
            let now = self.now;
            let Some(driver) = &mut self.slots[slot].driver else { return Ok(()) };
            if driver.flight.is_some() || driver.wakes > now {
                return Ok(());
            }
            self.steps += 1;
            if self.crashes.remove(&self.steps) {
                self.crash(slot);
                return Ok(());
            }
            let local = driver.clock + (now - driver.born);
            match driver.rollout.step(local) {
                Step::Send(request) => self.send(slot, request)?,
                Step::WaitUntil(instant) => {
                    driver.wakes = now + (instant - local);
                    self.look_after(slot)?;
                    self.skip_gate()?;
                }
                Step::Done(Ok(Ok(outcome))) => return self.end(slot, &outcome),
                Step::Done(Ok(Err(stopped))) => return self.stop(slot, &stopped),
                Step::Done(Err(error)) => return Err(format!("the machine fails: {error}")),
            }
        }
    }

    /// Hands a request of the driver's to the network.
    fn send(&mut self, at: usize, request: Request<Bytes>) -> Verdict {
        let slot = &mut self.slots[at];
        self.requests += 1;
        let change = change_of(&request);
        if change.is_none() && is_of_deployment(&request) {
            slot.judge.requests(self.now);
        }
        if let Some(change) = change
            && !is_redirected(&request)
        {
            let kept = slot.record();
            slot.judge.sends(self.now, change, kept.as_ref(), self.scenario, &self.world)?;
        }
        let request = self.mutation.rewritten(request);
        let is_reading = change.is_none() && is_of_deployment(&request);
        // A driver that adopts an update knows only the first reading.
        let may_lie = is_reading
            && (slot.record().is_some() || !matches!(self.scenario.task, Task::Adopt(_)));
        let elapsed = self.now - self.started;
        let must_lie =
            self.scenario.lying.is_some_and(|(from, long)| (from..from + long).contains(&elapsed));
        // A driver without a record ends properly if the deployment does not exist.
        let may_be_absent = is_reading && slot.record().is_some() && !slot.is_denied;
        let lies = MayLie { may: may_lie, must: must_lie, may_be_absent };
        let fate = self.network.fate(&request, lies);
        self.sequence += 1;
        let flight = self.sequence;
        slot.flights.insert(flight);
        self.log.line(self.now, || match change {
            Some(change) => format!("driver {at}: sends {change}, which {}", fate.name),
            None if fate.name == "passes" => format!("driver {at}: reads"),
            None => format!("driver {at}: reads; the request {}", fate.name),
        });
        if let Some(driver) = &mut slot.driver {
            driver.flight = Some(flight);
        }
        if let Some(after) = fate.copy {
            self.after(after, Happening::Arrives(request.clone(), Sender::Copy, None));
        }
        let own = Sender::Driver(flight);
        let is_done = matches!(fate.back, Back::AsDone(_));
        match fate.back {
            Back::Reply(back) | Back::AsDone(back) => {
                let arrives = Happening::Arrives(request, own, Some((flight, back, is_done)));
                self.after(fate.arrives.unwrap_or_default(), arrives);
            }
            Back::Lie(back, lie) => {
                self.slots[at].is_denied |= lie.is_of_absence();
                let arrives = Happening::ArrivesAtLiar(request, flight, back, lie);
                self.after(fate.arrives.unwrap_or_default(), arrives);
            }
            Back::Old(back) => {
                let arrives = Happening::ArrivesHalfway(request, flight, back);
                self.after(fate.arrives.unwrap_or_default(), arrives);
            }
            Back::Instead(after, response) => {
                if let Some(arrives) = fate.arrives {
                    self.after(arrives, Happening::Arrives(request, own, None));
                }
                self.after(after, Happening::Reply(flight, Ok(response)));
            }
            Back::Lost(after, is_unsent) => {
                if let Some(arrives) = fate.arrives {
                    self.after(arrives, Happening::Arrives(request.clone(), own, None));
                }
                let lost = if is_unsent {
                    SendError::not_sent("down")
                } else {
                    SendError::ambiguous("cut")
                };
                self.after(after, Happening::Reply(flight, Err(lost)));
                if self.mutation == Mutation::RepeatStart && change == Some(Change::Start) {
                    let again = Happening::Arrives(request, Sender::Late(flight), None);
                    self.after(after + Duration::from_secs(40), again);
                }
            }
        }
        Ok(())
    }

    pub(super) fn reply(&mut self, flight: u64, reply: TransportResult) {
        let Some(slot) = self.seat_of(flight) else { return };
        if let (Ok(response), Some(own)) = (&reply, &self.world.private_id) {
            let text = String::from_utf8_lossy(response.body());
            self.slots[slot].is_denied &= !text.contains(&format!("<PrivateID>{own}<"));
        }
        let Some(driver) = &mut self.slots[slot].driver else { return };
        driver.flight = None;
        driver.wakes = self.now;
        let local = driver.clock + (self.now - driver.born);
        driver.rollout.receive(local, reply);
    }

    /// The driver dies. Its requests stay in flight.
    fn crash(&mut self, slot: usize) {
        self.slots[slot].driver = None;
        self.slots[slot].is_requested = false;
        let steps = self.steps;
        let down = self.scenario.crashes.iter().find(|(step, _)| *step == steps);
        let down = down.map_or(Duration::ZERO, |(_, down)| *down);
        self.log.line(self.now, || format!("the driver {slot} dies, for {down:?}"));
        self.after(down, Happening::TakesPlace(slot));
    }

    /// Another operator resumes the rollout on another machine, without knowing that it is being driven.
    pub(super) fn take_up_too(&mut self) -> Verdict {
        let Some(twin) = self.slots[0].twin() else { return Ok(()) };
        self.slots.push(twin);
        self.take_place(1)
    }

    /// A new driver: from the record that was kept, or from the beginning.
    pub(super) fn take_place(&mut self, slot: usize) -> Verdict {
        let kept = self.slots[slot].record();
        let endpoint = self.world.endpoint.clone();
        self.slots[slot].judge.takes_place(self.now, kept.as_ref());
        let rollout = match kept {
            Some(record) => {
                // As it is read from a file.
                let text = serde_json::to_string(&record).map_err(|error| error.to_string())?;
                let read = serde_json::from_str(&text).map_err(|error| error.to_string())?;
                if record != read {
                    return Err(format!("the record is not what was written: {text}"));
                }
                Rollout::resume(&endpoint, read).map_err(|stopped| stopped.to_string())?
            }
            None => self.start(&endpoint),
        };
        let seed = self.scenario.seed;
        let poll = Poll {
            first_delay: Duration::from_secs(3),
            max_delay: Duration::from_secs(20),
            seed: Some(seed),
            ..Poll::default()
        };
        let (log, born) = (self.log.clone(), self.now);
        // Each driver counts from its own origin.
        let clock = Instant::from_origin(Duration::from_secs(self.rng.u64(..10_000)));
        let recorder = Arc::clone(&self.slots[slot].kept);
        let (unkept, mutation) = (self.scenario.unkept, self.mutation);
        let rollout = rollout
            .with_poll(poll)
            .on_event(move |now, event| {
                log.line(born + (now - clock), || format!("  {slot} {event:?}"));
            })
            .persist_with(move |record| {
                let mut kept = recorder.lock().unwrap_or_else(PoisonError::into_inner);
                kept.attempts += 1;
                if Some(kept.attempts) == unkept {
                    return Err("the disk is full".into());
                }
                if mutation != Mutation::KeepNoIntent || record.sent().is_none() {
                    kept.record = Some(record.clone());
                }
                Ok(())
            });
        self.log.line(self.now, || format!("the driver {slot} begins"));
        self.slots[slot].driver =
            Some(Driver { rollout, born, clock, flight: None, wakes: self.now });
        Ok(())
    }

    fn start(&self, endpoint: &Endpoint) -> Rollout {
        let scenario = self.scenario;
        let (first, policy) = (World::deployment(), scenario.policy.clone());
        let configuration = scenario.new_configuration();
        let plan = match &scenario.task {
            Task::Adopt(_) => return Rollout::adopt(endpoint, first, policy),
            Task::Configuration => Plan::change_configuration(first, configuration),
            Task::Upgrade => Plan::upgrade(first, PACKAGE, configuration, NEW),
            Task::UpgradeRole(role) => Plan::upgrade(first, PACKAGE, configuration, NEW).role(role),
        };
        Rollout::new(endpoint, plan.policy(policy).accept_warnings(true))
    }

    /// The driver claims an end.
    fn end(&mut self, slot: usize, outcome: &RolloutOutcome) -> Verdict {
        let DriverSlot { driver, judge, end, .. } = &mut self.slots[slot];
        *driver = None;
        self.log.line(self.now, || format!("driver {slot}: {outcome}"));
        judge.ends(self.now, outcome, self.scenario, &self.world)?;
        let ending = format!("{:?}", outcome.final_state());
        if judge.expects_success(self.scenario) && ending != "Upgraded" {
            return Err(format!("nothing stood in the way, and it ends in {ending}"));
        }
        *end = Some(ending);
        Ok(())
    }

    /// The driver stops. A person takes up what can be taken up, a few times.
    fn stop(&mut self, at: usize, stopped: &RolloutError) -> Verdict {
        self.log.line(self.now, || format!("driver {at}: {stopped}"));
        let slot = &mut self.slots[at];
        slot.driver = None;
        slot.judge.stops(stopped, self.scenario, &mut self.world)?;
        let is_kept = slot.record().is_some();
        let is_resumable = stopped.next_step() == NextStep::Resume
            || (stopped.next_step() == NextStep::Restart && !is_kept && !slot.judge.is_aborted);
        if is_resumable && slot.resumptions < 3 {
            slot.resumptions += 1;
            let after = Duration::from_secs(self.rng.u64(..1200));
            self.after(after, Happening::TakesPlace(at));
            return Ok(());
        }
        let why = format!("{:?}", stopped.why());
        let why = why.split(['(', ' ']).next().unwrap_or_default().to_owned();
        let is_fair =
            matches!(why.as_str(), "StartUnsettled" | "NotStarted" | "NeverStarted" | "Unreadable")
                || (self.scenario.has_lies() && matches!(why.as_str(), "Incomplete" | "Preflight"));
        if slot.judge.expects_success(self.scenario) && !is_fair {
            return Err(format!("nothing stood in the way, and it stops: {stopped}"));
        }
        slot.end = Some(why);
        Ok(())
    }
}
