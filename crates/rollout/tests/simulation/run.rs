//! One simulated rollout: driver, network, cloud, and a person, in one thread on one virtual clock.

mod life;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use azure_classic_protocol::machine::{Instant, Machine as _, Reply, Step};
use azure_classic_protocol::{Bytes, Lost, UpdateMode};
use azure_classic_rollout::{Change, Input, Pause, Record, Rollout};
use fastrand::Rng;
use http::{Request, Response, StatusCode};

use crate::judge::{Judge, LONGEST, Sender, Truth, Verdict};
use crate::log::Log;
use crate::network::{Back, Network, OLDEST, is_redirected};
use crate::sabotage::Sabotage;
use crate::scenario::{Meddle, NEW, Scenario, Task};
use crate::world::{PACKAGE, World, change_of};

/// What came of a simulated rollout.
#[derive(Debug)]
pub(crate) struct Report {
    /// How it ended, in a word; or the promise that was broken.
    pub(crate) outcome: Result<String, String>,
    pub(crate) log: Vec<String>,
    /// How many requests the driver sent.
    pub(crate) requests: u32,
}

/// Runs a seed. `is_logged`: whether to write down what happens.
pub(crate) fn run(seed: u64, sabotage: Sabotage, is_logged: bool) -> Report {
    let scenario = Scenario::of(seed);
    let log = Log::new(is_logged);
    let mut simulation = Simulation::new(&scenario, sabotage, log.clone());
    let outcome = simulation.go();
    let requests = simulation.requests;
    if let Err(broken) = &outcome {
        log.line(simulation.now, || format!("BROKEN: {broken}"));
    }
    Report { outcome, log: log.take(), requests }
}

/// What will happen at a moment.
enum Happening {
    /// With the flight that the answer is for, how long that takes, and whether it is said to be done.
    Arrives(Request<Bytes>, Sender, Option<(u64, Duration, bool)>),
    /// Something between driver and cloud answers a reading.
    ArrivesHalfway(Request<Bytes>, u64, Duration),
    Reply(u64, Reply),
    Meddles(Meddle),
    Unsticks(String),
    Says(Input),
    TakesPlace,
}

struct Driver {
    rollout: Rollout,
    /// When it was made, and what its clock said then.
    born: Instant,
    clock: Instant,
    /// The flight whose reply it waits for.
    flight: Option<u64>,
    wakes: Instant,
}

struct Simulation<'s> {
    scenario: &'s Scenario,
    sabotage: Sabotage,
    log: Log,
    rng: Rng,
    world: World,
    network: Network,
    judge: Judge,
    begun: Instant,
    now: Instant,
    queue: BTreeMap<(Instant, u64), Happening>,
    sequence: u64,
    driver: Option<Driver>,
    kept: Arc<Mutex<Kept>>,
    /// How the deployment was answered to be, the latest last.
    readings: Vec<Truth>,
    crashes: BTreeSet<u32>,
    steps: u32,
    requests: u32,
    /// How many times a person has taken up what had stopped, and has been asked to decide.
    resumptions: u32,
    decisions: u32,
    is_asked: bool,
}

/// Whether it reads the deployment, and not how some work stands.
fn is_of_deployment(request: &Request<Bytes>) -> bool {
    request.uri().path().contains("/deployments/")
}

/// What the driver's recorder has kept.
#[derive(Default)]
struct Kept {
    record: Option<Record>,
    attempts: u32,
}

const MOST_STEPS: u32 = 30_000;

impl<'s> Simulation<'s> {
    fn new(scenario: &'s Scenario, sabotage: Sabotage, log: Log) -> Self {
        let (world, begun) = World::new(scenario);
        let mut this = Self {
            scenario,
            sabotage,
            log,
            rng: Rng::with_seed(scenario.seed ^ 0x7065_7273_6f6e_0000),
            world,
            network: Network::new(scenario.seed, scenario.faults, scenario.is_forgetful),
            judge: Judge::new(),
            begun,
            now: begun,
            queue: BTreeMap::new(),
            sequence: 0,
            driver: None,
            kept: Arc::default(),
            readings: Vec::new(),
            crashes: scenario.crash_steps(),
            steps: 0,
            requests: 0,
            resumptions: 0,
            decisions: 0,
            is_asked: false,
        };
        this.log.line(begun, || format!("{scenario:#?}"));
        if let Task::Adopt(walked) = scenario.task {
            this.begin_for_somebody(walked);
        }
        for (after, meddle) in &scenario.meddling {
            this.after(*after, Happening::Meddles(meddle.clone()));
        }
        for (after, input) in &scenario.inputs {
            this.after(*after, Happening::Says(*input));
        }
        for stuck in &scenario.stuck {
            if let Some(until) = stuck.until {
                this.after(until, Happening::Unsticks(stuck.instance.clone()));
            }
        }
        this.after(Duration::ZERO, Happening::TakesPlace);
        this
    }

    /// Somebody else begins the update and walks some domains, before the simulation begins.
    fn begin_for_somebody(&mut self, walked: u32) {
        let first = World::deployment();
        let configuration = self.scenario.new_configuration();
        let upgrade = first.upgrade(UpdateMode::Manual, PACKAGE, configuration, NEW);
        self.world.ask(self.now, &upgrade);
        self.pass(Duration::from_secs(60));
        for domain in 0..walked {
            self.world.ask(self.now, &first.walk_upgrade_domain(domain));
            self.pass(Duration::from_secs(600));
        }
        self.begun = self.now;
        self.world.begun_at = self.now;
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
            if let Some(end) = self.drive()? {
                return Ok(end);
            }
            let due = self.queue.first_key_value().map(|((at, _), _)| *at);
            let wakes = self.driver.as_ref().filter(|it| it.flight.is_none()).map(|it| it.wakes);
            let Some(next) = due.into_iter().chain(wakes).min() else {
                return Err("nothing will ever happen".to_owned());
            };
            self.advance(next);
            self.now = self.now.max(next);
            if self.now - self.begun > LONGEST || self.steps > MOST_STEPS {
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
            Happening::Arrives(request, sender, answers) => {
                let waiting = self.driver.as_ref().and_then(|driver| driver.flight);
                let sender = match sender {
                    Sender::Driver(flight) if waiting != Some(flight) => Sender::Late(flight),
                    sender => sender,
                };
                let mut response = self.deliver(&request, sender)?;
                if let Some((flight, back, is_done)) = answers {
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
                        self.judge.read(self.now, old.clone());
                        old.answer
                    }
                    None => self.deliver(&request, Sender::Driver(flight))?,
                };
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
            Happening::Says(input) => {
                self.say(input);
                Ok(())
            }
            Happening::TakesPlace => self.take_place(),
        }
    }

    /// Brings a request to the cloud, and tells the judge.
    fn deliver(
        &mut self,
        request: &Request<Bytes>,
        sender: Sender,
    ) -> Result<Response<Bytes>, String> {
        let response = self.world.deliver(self.now, request);
        let change = change_of(request);
        let status = response.status().as_u16();
        if request.method() == http::Method::GET {
            if is_of_deployment(request) && matches!(sender, Sender::Driver(_)) {
                let truth = Truth::new(self.now, response.clone(), &self.world);
                if self.readings.len() == 3 {
                    self.readings.remove(0);
                }
                self.readings.push(truth.clone());
                self.judge.read(self.now, truth);
            }
            return Ok(response);
        }
        self.log.line(self.now, || match change {
            Some(change) => format!("cloud: {change} ({sender:?}) is answered {status}"),
            None => format!("cloud: something else ({sender:?}) is answered {status}"),
        });
        let (scenario, world) = (self.scenario, &self.world);
        self.judge.delivered(self.now, sender, change, status, scenario, world)?;
        Ok(response)
    }

    /// Does what the driver wants, as long as it wants something at this moment. Its end, if it came.
    fn drive(&mut self) -> Result<Option<String>, String> {
        loop {
            let now = self.now;
            let Some(driver) = &mut self.driver else { return Ok(None) };
            if driver.flight.is_some() || driver.wakes > now {
                return Ok(None);
            }
            self.steps += 1;
            if self.crashes.remove(&self.steps) {
                self.crash();
                return Ok(None);
            }
            let local = driver.clock + (now - driver.born);
            match driver.rollout.step(local) {
                Step::Send(request) => self.send(request)?,
                Step::WaitUntil(moment) => {
                    driver.wakes = now + (moment - local);
                    self.look_after(now)?;
                    self.skip_gate()?;
                }
                Step::Done(Ok(Ok(outcome))) => return self.end(&outcome).map(Some),
                Step::Done(Ok(Err(stopped))) => {
                    self.driver = None;
                    if let Some(end) = self.stop(&stopped)? {
                        return Ok(Some(end));
                    }
                    return Ok(None);
                }
                Step::Done(Err(error)) => return Err(format!("the machine fails: {error}")),
            }
        }
    }

    /// What is done between the driver's steps: probes, and decisions that it waits for.
    fn look_after(&mut self, now: Instant) -> Verdict {
        let Some(driver) = &mut self.driver else { return Ok(()) };
        let wanted: Vec<String> =
            driver.rollout.probes().map(|instance| instance.instance_name.clone()).collect();
        for name in wanted {
            let is_bad = self.scenario.bad_probe.as_ref().is_some_and(|(bad, until)| {
                *bad == name && until.is_none_or(|until| now - self.begun < until)
            });
            let verdict = if is_bad { Err("503".to_owned()) } else { Ok(()) };
            driver.rollout.probed(&name, verdict);
        }
        let pause = driver.rollout.record().and_then(Record::pause);
        let is_waiting = pause.is_some();
        let has_failed = matches!(pause, Some(Pause::Failed(_)));
        if is_waiting && !self.is_asked {
            self.is_asked = true;
            self.decisions += 1;
            let input = match self.rng.u32(..4) {
                0 | 1 if self.decisions < 4 => Input::Resume,
                2 => Input::Promote,
                _ if has_failed => Input::Abort,
                _ => Input::Resume,
            };
            let after = Duration::from_secs(self.rng.u64(..900));
            self.after(after, Happening::Says(input));
        }
        let record = self.driver.as_ref().and_then(|driver| driver.rollout.record());
        match record {
            Some(record) => self.judge.waits(now, record, self.scenario, &self.world),
            None => Ok(()),
        }
    }

    fn say(&mut self, input: Input) {
        self.is_asked = false;
        let Some(driver) = &mut self.driver else {
            // Nobody is there; it is said again to the next one.
            return self.after(Duration::from_secs(400), Happening::Says(input));
        };
        // A person promotes what has been walked.
        let is_back = driver.rollout.record().is_none();
        if is_back && input == Input::Promote {
            return;
        }
        self.log.line(self.now, || format!("person: {input:?}"));
        driver.rollout.input(input);
        if driver.flight.is_none() {
            driver.wakes = self.now;
        }
        let begun = self.world.begun();
        self.judge.given(input, begun);
    }

    /// Hands a request of the driver's to the network.
    fn send(&mut self, request: Request<Bytes>) -> Verdict {
        self.requests += 1;
        let change = change_of(&request);
        if change.is_none() && is_of_deployment(&request) {
            self.judge.asks(self.now);
        }
        if let Some(change) = change
            && !is_redirected(&request)
        {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            self.judge.sends(self.now, change, kept.record.as_ref(), self.scenario, &self.world)?;
        }
        let request = self.sabotage.rewritten(request);
        let fate = self.network.fate(&request);
        self.sequence += 1;
        let flight = self.sequence;
        self.log.line(self.now, || match change {
            Some(change) => format!("driver: sends {change}, which {}", fate.name),
            None if fate.name == "passes" => "driver: reads".to_owned(),
            None => format!("driver: reads; the request {}", fate.name),
        });
        if let Some(driver) = &mut self.driver {
            driver.flight = Some(flight);
        }
        if let Some(after) = fate.copy {
            self.after(after, Happening::Arrives(request.clone(), Sender::Copy, None));
        }
        let own = Sender::Driver(flight);
        let is_done = matches!(fate.back, Back::AsDone(_));
        match fate.back {
            Back::Answer(back) | Back::AsDone(back) => {
                let arrives = Happening::Arrives(request, own, Some((flight, back, is_done)));
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
                let lost = if is_unsent { Lost::not_sent("down") } else { Lost::maybe_sent("cut") };
                self.after(after, Happening::Reply(flight, Err(lost)));
                if self.sabotage == Sabotage::RepeatStart && change == Some(Change::Start) {
                    let again = Happening::Arrives(request, Sender::Late(flight + 1), None);
                    self.after(after + Duration::from_secs(40), again);
                }
            }
        }
        Ok(())
    }
}
