//! One simulated rollout: drivers, network, cloud, and operators, in one thread on one virtual clock.

mod driver_slot;
mod drivers;
mod operators;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use azure_classic_protocol::machine::{Instant, TransportResult};
use azure_classic_protocol::{Bytes, UpdateMode};
use azure_classic_rollout::Input;
use fastrand::Rng;
use http::{Request, Response, StatusCode};

use self::driver_slot::DriverSlot;
use crate::judge::{Judge, LONGEST, Sender, Truth, Verdict};
use crate::lie::Lie;
use crate::log::Log;
use crate::mutations::Mutation;
use crate::network::{Network, OLDEST};
use crate::scenario::{Meddle, NEW, Scenario, Task};
use crate::world::{PACKAGE, World, change_of};

/// The result of a simulated rollout.
#[derive(Debug)]
pub(crate) struct Report {
    /// Its end in short, or the broken promise.
    pub(crate) outcome: Result<String, String>,
    pub(crate) log: Vec<String>,
    /// How many requests the driver sent.
    pub(crate) requests: u32,
}

/// Runs a seed. `is_logged`: whether to write down what happens.
pub(crate) fn run(seed: u64, mutation: Mutation, is_logged: bool) -> Report {
    let scenario = Scenario::of(seed);
    let log = Log::new(is_logged);
    let mut simulation = Simulation::new(&scenario, mutation, log.clone());
    let outcome = simulation.go();
    let requests = simulation.requests;
    if let Err(broken) = &outcome {
        log.line(simulation.now, || format!("BROKEN: {broken}"));
    }
    Report { outcome, log: log.take(), requests }
}

/// The future events of a time.
enum Happening {
    /// With the flight of the response, its duration, and whether it reports success.
    Arrives(Request<Bytes>, Sender, Option<(u64, Duration, bool)>),
    /// An intermediary responds to a reading.
    ArrivesHalfway(Request<Bytes>, u64, Duration),
    /// An intermediary changes the response to a reading.
    ArrivesAtLiar(Request<Bytes>, u64, Duration, Lie),
    Reply(u64, TransportResult),
    Meddles(Meddle),
    Unsticks(String),
    /// To the driver of this slot.
    Says(usize, Input),
    /// A driver begins, at this slot.
    TakesPlace(usize),
    /// A second driver takes up the record of the first, wherever that one is.
    TakesUpToo,
}

struct Simulation<'s> {
    scenario: &'s Scenario,
    mutation: Mutation,
    log: Log,
    rng: Rng,
    world: World,
    network: Network,
    started: Instant,
    now: Instant,
    queue: BTreeMap<(Instant, u64), Happening>,
    sequence: u64,
    /// Where drivers work: one, and beside it for some rollouts another one of the same record.
    slots: Vec<DriverSlot>,
    /// The reported states of the deployment, the latest last.
    readings: Vec<Truth>,
    crashes: BTreeSet<u32>,
    steps: u32,
    requests: u32,
    /// How many times an operator had to decide.
    decisions: u32,
}

/// Whether it reads the deployment, and not how some work stands.
fn is_of_deployment(request: &Request<Bytes>) -> bool {
    request.uri().path().contains("/deployments/")
}

const MOST_STEPS: u32 = 30_000;

impl<'s> Simulation<'s> {
    fn new(scenario: &'s Scenario, mutation: Mutation, log: Log) -> Self {
        let (world, started) = World::new(scenario);
        let mut this = Self {
            scenario,
            mutation,
            log,
            rng: Rng::with_seed(scenario.seed ^ 0x7065_7273_6f6e_0000),
            world,
            network: Network::new(scenario),
            started,
            now: started,
            queue: BTreeMap::new(),
            sequence: 0,
            slots: vec![DriverSlot::new(Judge::new())],
            readings: Vec::new(),
            crashes: scenario.crash_steps(),
            steps: 0,
            requests: 0,
            decisions: 0,
        };
        this.log.line(started, || format!("{scenario:#?}"));
        if let Task::Adopt(walked) = scenario.task {
            this.start_for_another_operator(walked);
        }
        for (after, meddle) in &scenario.meddling {
            this.after(*after, Happening::Meddles(meddle.clone()));
        }
        for (after, input) in &scenario.inputs {
            this.after(*after, Happening::Says(0, *input));
        }
        for stuck in &scenario.stuck {
            if let Some(until) = stuck.until {
                this.after(until, Happening::Unsticks(stuck.instance.clone()));
            }
        }
        this.after(Duration::ZERO, Happening::TakesPlace(0));
        if let Some(after) = scenario.twin {
            this.after(after, Happening::TakesUpToo);
        }
        this
    }

    /// Another operator starts the update and walks some domains, before the simulation starts.
    fn start_for_another_operator(&mut self, walked: u32) {
        let first = World::deployment();
        let configuration = self.scenario.new_configuration();
        let upgrade = first.upgrade(UpdateMode::Manual, PACKAGE, configuration, NEW);
        self.world.send(self.now, &upgrade);
        self.pass(Duration::from_secs(60));
        for domain in 0..walked {
            self.world.send(self.now, &first.walk_upgrade_domain(domain));
            self.pass(Duration::from_secs(600));
        }
        self.started = self.now;
        self.world.started_at = self.now;
    }

    fn pass(&mut self, duration: Duration) {
        let until = self.now + duration;
        self.advance(until);
        self.now = until;
    }

    fn after(&mut self, duration: Duration, happening: Happening) {
        self.sequence += 1;
        self.queue.insert((self.now + duration, self.sequence), happening);
    }

    /// Until the end, or until a promise is broken.
    fn go(&mut self) -> Result<String, String> {
        loop {
            for slot in 0..self.slots.len() {
                self.drive(slot)?;
            }
            if self.slots.iter().all(|slot| slot.end.is_some()) {
                return Ok(self.slots[0].end.take().unwrap_or_default());
            }
            let due = self.queue.first_key_value().map(|((at, _), _)| *at);
            let drivers = self.slots.iter().filter_map(|slot| slot.driver.as_ref());
            let wakes = drivers.filter(|it| it.flight.is_none()).map(|it| it.wakes);
            let Some(next) = due.into_iter().chain(wakes).min() else {
                return Err("nothing will ever happen".to_owned());
            };
            self.advance(next);
            self.now = self.now.max(next);
            if self.now - self.started > LONGEST || self.steps > MOST_STEPS {
                return Err("it does not end".to_owned());
            }
            while let Some(entry) = self.queue.first_entry().filter(|it| it.key().0 <= next) {
                let happening = entry.remove();
                self.happen(happening)?;
            }
        }
    }

    /// Lets the cloud go on, from event to event.
    fn advance(&mut self, to: Instant) {
        while let Some(next) = self.world.next_event().filter(|next| *next <= to) {
            self.world.advance(next);
        }
        self.world.advance(to);
    }

    fn happen(&mut self, happening: Happening) -> Verdict {
        match happening {
            Happening::Arrives(request, sender, responses) => {
                let sender = match sender {
                    Sender::Driver(flight) if self.seat_of(flight).is_none() => {
                        Sender::Late(flight)
                    }
                    sender => sender,
                };
                let mut response = self.deliver(&request, sender)?;
                if let Some((flight, back, is_done)) = responses {
                    if is_done && response.status() == StatusCode::ACCEPTED {
                        *response.status_mut() = StatusCode::OK;
                    }
                    self.after(back, Happening::Reply(flight, Ok(response)));
                }
                Ok(())
            }
            Happening::ArrivesHalfway(request, flight, back) => {
                let old = self.readings.first().filter(|_| is_of_deployment(&request)).cloned();
                let old = old.filter(|old| self.now - old.at <= OLDEST);
                let response = match old {
                    Some(old) => {
                        if let Some(slot) = self.seat_of(flight) {
                            self.slots[slot].judge.read(self.now, old.clone());
                        }
                        old.response
                    }
                    None => self.deliver(&request, Sender::Driver(flight))?,
                };
                self.after(back, Happening::Reply(flight, Ok(response)));
                Ok(())
            }
            Happening::ArrivesAtLiar(request, flight, back, lie) => {
                let response = self.deliver(&request, Sender::Driver(flight))?;
                let reported = lie.report(&response, self.scenario, &mut self.rng);
                if let (Some(reported), Some(slot)) = (&reported, self.seat_of(flight)) {
                    self.log
                        .line(self.now, || format!("a liar: {lie:?}, a gap: {}", reported.is_gap));
                    let judge = &mut self.slots[slot].judge;
                    // Where the names of added instances cannot be known, a stranger may be one of them.
                    let may_be_added = lie == Lie::Stranger
                        && (matches!(self.scenario.task, Task::Adopt(_))
                            || self.scenario.loses_instances());
                    judge.was_lied_to(self.now, reported.is_gap && !may_be_added);
                    judge.is_misled |= may_be_added;
                }
                let response = reported.map_or(response, |reported| reported.response);
                self.after(back, Happening::Reply(flight, Ok(response)));
                Ok(())
            }
            Happening::Reply(flight, reply) => {
                self.reply(flight, reply);
                Ok(())
            }
            Happening::Meddles(meddle) => self.meddle(&meddle),
            Happening::Unsticks(instance) => {
                self.log.line(self.now, || format!("{instance} can start again"));
                self.world.unstick(&instance);
                Ok(())
            }
            Happening::Says(slot, input) => {
                self.say(slot, input);
                Ok(())
            }
            Happening::TakesPlace(slot) => self.take_place(slot),
            Happening::TakesUpToo => self.take_up_too(),
        }
    }

    /// The slot of the driver that waits for the response to this flight.
    fn seat_of(&self, flight: u64) -> Option<usize> {
        let waits =
            |slot: &DriverSlot| slot.driver.as_ref().and_then(|it| it.flight) == Some(flight);
        self.slots.iter().position(waits)
    }

    /// Sends a request to the simulator, and informs the judges.
    fn deliver(
        &mut self,
        request: &Request<Bytes>,
        sender: Sender,
    ) -> Result<Response<Bytes>, String> {
        let response = self.world.deliver(self.now, request);
        let change = change_of(request);
        let status = response.status().as_u16();
        if request.method() == http::Method::GET {
            if let Sender::Driver(flight) = sender
                && is_of_deployment(request)
            {
                let truth = Truth::new(self.now, response.clone(), &self.world);
                if self.readings.len() == 3 {
                    self.readings.remove(0);
                }
                self.readings.push(truth.clone());
                if let Some(slot) = self.seat_of(flight) {
                    self.slots[slot].judge.read(self.now, truth);
                }
            }
            return Ok(response);
        }
        self.log.line(self.now, || match change {
            Some(change) => format!("simulator: {change} ({sender:?}) gets {status}"),
            None => format!("simulator: another request ({sender:?}) gets {status}"),
        });
        let (now, scenario, world) = (self.now, self.scenario, &self.world);
        for slot in &mut self.slots {
            let sender = slot.sees(sender);
            slot.judge.delivered(now, sender, change, status, scenario, world)?;
        }
        Ok(response)
    }
}
