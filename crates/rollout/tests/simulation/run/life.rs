//! What happens to drivers, and what people do.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use azure_classic_protocol::deployment::model::CurrentUpgradeDomainState;
use azure_classic_protocol::machine::{Instant, Machine as _, Poll, Reply};
use azure_classic_protocol::{Bytes, CloudServiceRef, Endpoint, Error, UpdateMode};
use azure_classic_rollout::{Outcome, Plan, Rollout, Stopped, Way};
use http::Request;

use super::{Driver, Happening, Kept, Simulation};
use crate::judge::{Sender, Verdict};
use crate::sabotage::Sabotage;
use crate::scenario::{Meddle, NEW, THEIRS, Task};
use crate::world::{PACKAGE, World};

impl Simulation<'_> {
    pub(super) fn reply(&mut self, flight: u64, reply: Reply) {
        let Some(driver) = self.driver.as_mut().filter(|it| it.flight == Some(flight)) else {
            return;
        };
        driver.flight = None;
        driver.wakes = self.now;
        let local = driver.clock + (self.now - driver.born);
        driver.rollout.receive(local, reply);
    }

    /// The driver dies. What it has sent is on its way all the same.
    pub(super) fn crash(&mut self) {
        self.driver = None;
        self.is_asked = false;
        let steps = self.steps;
        let down = self.scenario.crashes.iter().find(|(step, _)| *step == steps);
        let down = down.map_or(Duration::ZERO, |(_, down)| *down);
        self.log.line(self.now, || format!("the driver dies, for {down:?}"));
        self.after(down, Happening::TakesPlace);
    }

    /// A new driver: from the record that was kept, or from the beginning.
    pub(super) fn take_place(&mut self) -> Verdict {
        let kept = {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.record.clone()
        };
        let endpoint = self.world.endpoint.clone();
        self.judge.takes_place(self.now, kept.as_ref());
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
            None => self.begin(&endpoint),
        };
        let seed = self.scenario.seed;
        let poll = Poll {
            first_delay: Duration::from_secs(3),
            max_delay: Duration::from_secs(20),
            seed: Some(seed),
            ..Poll::default()
        };
        let (log, born) = (self.log.clone(), self.now);
        // Each driver counts from an origin of its own.
        let clock = Instant::from_origin(Duration::from_secs(self.rng.u64(..10_000)));
        let recorder = Arc::clone(&self.kept);
        let (unkept, sabotage) = (self.scenario.unkept, self.sabotage);
        let rollout = rollout
            .with_poll(poll)
            .reporting(move |now, event| {
                log.line(born + (now - clock), || format!("    {event:?}"));
            })
            .recording(move |record| {
                let mut kept = recorder.lock().unwrap_or_else(PoisonError::into_inner);
                kept.attempts += 1;
                if Some(kept.attempts) == unkept {
                    return Err("the disk is full".into());
                }
                if sabotage != Sabotage::KeepNoIntent || record.sent().is_none() {
                    kept.record = Some(record.clone());
                }
                Ok(())
            });
        self.log.line(self.now, || "a driver begins".to_owned());
        self.driver = Some(Driver { rollout, born, clock, flight: None, wakes: self.now });
        Ok(())
    }

    fn begin(&self, endpoint: &Endpoint) -> Rollout {
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
    pub(super) fn end(&mut self, outcome: &Outcome) -> Result<String, String> {
        self.log.line(self.now, || format!("driver: {outcome}"));
        self.judge.ends(outcome, self.scenario, &self.world)?;
        let ending = format!("{:?}", outcome.ending());
        if self.judge.expects_success(self.scenario) && ending != "Upgraded" {
            return Err(format!("nothing stood in the way, and it ends in {ending}"));
        }
        Ok(ending)
    }

    /// The driver stops. A person takes up what can be taken up, a few times.
    pub(super) fn stop(&mut self, stopped: &Stopped) -> Result<Option<String>, String> {
        self.log.line(self.now, || format!("driver: {stopped}"));
        self.judge.stops(stopped, self.scenario, &mut self.world)?;
        let is_kept = {
            let kept: &mut Kept = &mut self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.record.is_some()
        };
        let is_resumable = stopped.way_on() == Way::Resume
            || (stopped.way_on() == Way::StartAgain && !is_kept && !self.judge.is_aborted);
        if is_resumable && self.resumptions < 3 {
            self.resumptions += 1;
            let after = Duration::from_secs(self.rng.u64(..1200));
            self.after(after, Happening::TakesPlace);
            return Ok(None);
        }
        let why = format!("{:?}", stopped.why());
        let why = why.split(['(', ' ']).next().unwrap_or_default().to_owned();
        let is_fair =
            matches!(why.as_str(), "StartUnsettled" | "NotStarted" | "NeverStarted" | "Unreadable");
        if self.judge.expects_success(self.scenario) && !is_fair {
            return Err(format!("nothing stood in the way, and it stops: {stopped}"));
        }
        Ok(Some(why))
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
                endpoint.request(&first.upgrade(mode.clone(), PACKAGE, same, NEW))
            }
            Meddle::ChangeConfiguration(mode) => {
                endpoint.request(&first.change_configuration(theirs).mode(mode.clone()))
            }
            Meddle::WalkNext => {
                let truth = self.world.truth();
                let update = truth.and_then(|truth| truth.upgrade_status);
                let Some(update) = update else { return Ok(()) };
                endpoint.request(&first.walk_upgrade_domain(update.current_upgrade_domain))
            }
            Meddle::RollBack(mode) => endpoint.request(&first.rollback(mode.clone())),
            Meddle::Delete => endpoint.request(&first.delete()),
            Meddle::CreateAgain => endpoint.request(&World::creation(self.scenario)),
            Meddle::Promote => {
                // It goes by its name and is none of the rollout's concern: the judge excuses nothing.
                let swap = CloudServiceRef::new("contoso").promote("first");
                self.log.line(self.now, || "somebody: Promote".to_owned());
                self.world.ask(self.now, &swap);
                return Ok(());
            }
        };
        self.log.line(self.now, || format!("somebody: {meddle:?}"));
        let request = request.map_err(|error: Error| error.to_string())?;
        self.deliver(&request, Sender::Somebody).map(drop)
    }

    /// Sabotage: the next domain is walked as soon as the cloud takes it.
    pub(super) fn skip_gate(&mut self) -> Verdict {
        if self.sabotage != Sabotage::SkipGate {
            return Ok(());
        }
        let update = self.world.truth().and_then(|truth| truth.upgrade_status);
        let Some(update) = update.filter(|update| {
            update.upgrade_type == UpdateMode::Manual
                && update.current_upgrade_domain > 0
                && update.current_upgrade_domain_state == CurrentUpgradeDomainState::Before
        }) else {
            return Ok(());
        };
        let walk = World::deployment().walk_upgrade_domain(update.current_upgrade_domain);
        let request: Request<Bytes> =
            self.world.endpoint.request(&walk).map_err(|error| error.to_string())?;
        self.deliver(&request, Sender::Driver(0)).map(drop)
    }
}
