//! Faults by rule: what goes wrong, when, and how often; as plain data.
//!
//! A [`Rule`] has a name, a [`Condition`] and an [`Effect`]. Rules come from a program
//! ([`Cloud::add_fault`](crate::Cloud::add_fault), [`Builder::faults`](crate::Builder::faults)) or
//! from a file ([`read`]). Each counts for itself, and the cloud's seed decides for each by itself, so
//! the same requests at the same times meet the same faults, whatever other rules there are.
//!
//! Rules on requests concern those that are known to be an operation and come from a known
//! certificate. If several take effect on one request, their delays add up, and the first that has
//! an answer (or cuts the connection) decides; it is also the only one of these whose
//! [`times`](Condition::times) are used up.

mod ailment;
mod check;
mod condition;
mod effect;
mod file;
mod late_failure;
mod reply;
mod rule;
pub(crate) mod seconds;
mod verdict;

use azure_classic_protocol::machine::Instant;
use serde::{Deserialize, Serialize};

pub(crate) use self::ailment::Ailment;
pub use self::check::InvalidRule;
pub use self::condition::Condition;
pub(crate) use self::condition::Scene;
pub use self::effect::Effect;
use self::effect::Kind;
pub use self::file::{ReadError, parse, read};
pub use self::reply::{Failure, Reply};
pub use self::rule::Rule;
pub(crate) use self::verdict::Verdict;
use super::Cloud;
use super::nonsense::{Nonsense, check_counter};
use super::random::Random;
use super::world::Event;

/// A rule that is there, and how often it mattered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Standing {
    /// The rule.
    pub rule: Rule,
    /// Whether it can take effect now: its time has come and is not over, and it is not used up.
    pub is_in_force: bool,
    /// How often there was what it is about, while its time had come.
    pub matched: u64,
    /// How often it took effect.
    pub taken: u64,
}

/// Names a rule for as long as it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct RuleNumber(u64);

/// The rules, in the order of their adding.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Faults {
    armed: Vec<Armed>,
    last: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Armed {
    number: RuleNumber,
    rule: Rule,
    added: Instant,
    matched: u64,
    taken: u64,
    random: Random,
}

impl Armed {
    fn is_open(&self, now: Instant) -> bool {
        self.rule.when.is_open(now - self.added)
    }

    fn is_used_up(&self) -> bool {
        self.rule.when.times.is_some_and(|times| self.taken >= times)
    }

    /// Counts a match, if it is one, and says whether the rule takes effect at it.
    fn strikes(&mut self, now: Instant, scene: &Scene<'_>) -> bool {
        let when = &self.rule.when;
        if !self.is_open(now) || !when.fits(scene) {
            return false;
        }
        self.matched += 1;
        let is_drawn = when.probability.is_none_or(|probability| self.random.draw() < probability);
        is_drawn && when.counts(self.matched) && !self.is_used_up()
    }
}

impl Faults {
    fn add(&mut self, rule: Rule, now: Instant, seed: u64) -> RuleNumber {
        self.last += 1;
        let number = RuleNumber(self.last);
        let random = Random::named(seed, &rule.id);
        self.armed.push(Armed { number, rule, added: now, matched: 0, taken: 0, random });
        number
    }

    fn remove(&mut self, id: &str) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.rule.id != id);
        self.armed.len() < before
    }

    /// Whether the rule is still there and its time is not over.
    pub(crate) fn holds(&self, number: RuleNumber, now: Instant) -> bool {
        self.armed.iter().any(|armed| armed.number == number && armed.is_open(now))
    }

    /// Whether they make sense, as read from a file.
    pub(crate) fn check(&self) -> Result<(), Nonsense> {
        check_counter("last", self.last, self.armed.iter().map(|armed| armed.number.0))?;
        for (at, armed) in self.armed.iter().enumerate() {
            let place = format!("armed.{at}");
            let invalid = |it: InvalidRule| Nonsense::new(format!("{place}.rule"), it.to_string());
            armed.rule.check().map_err(invalid)?;
            check_counter("matched", armed.matched, [armed.taken])
                .map_err(|it| it.inside(place))?;
        }
        Ok(())
    }

    /// How often there was what the rules are about.
    pub(crate) fn counted(&self) -> u64 {
        self.armed.iter().fold(0, |sum, armed| sum.wrapping_add(armed.matched))
    }

    /// What the rules do to a request.
    pub(crate) fn judge(&mut self, now: Instant, scene: &Scene<'_>) -> Verdict {
        let reads = scene.operation.is_some_and(|(_, reads)| reads);
        let mut verdict = Verdict::default();
        for armed in &mut self.armed {
            let concerns = match armed.rule.effect.kind() {
                Kind::Request => true,
                Kind::Work => !reads,
                Kind::Instance | Kind::Domain | Kind::Clock => false,
            };
            if concerns
                && armed.strikes(now, scene)
                && verdict.take(&armed.rule.effect, &mut armed.random)
            {
                armed.taken += 1;
                verdict.rules.push(armed.rule.id.clone());
            }
        }
        verdict
    }

    /// Whether any rule is about role instances.
    pub(crate) fn concern_instances(&self) -> bool {
        self.armed.iter().any(|armed| armed.rule.effect.kind() == Kind::Instance)
    }

    /// What an instance comes down with that is about to become ready.
    pub(crate) fn ailment(&mut self, now: Instant, scene: &Scene<'_>) -> Option<Ailment> {
        self.armed.iter_mut().find_map(|armed| armed.ailment(now, scene))
    }

    /// What this rule does to an instance that is ready.
    pub(crate) fn ailment_of_ready(
        &mut self,
        number: RuleNumber,
        now: Instant,
        scene: &Scene<'_>,
    ) -> Option<Ailment> {
        self.armed
            .iter_mut()
            .find(|armed| armed.number == number && armed.rule.effect.strikes_ready_ones())
            .and_then(|armed| armed.ailment(now, scene))
    }

    /// The rule that keeps an upgrade domain from finishing.
    pub(crate) fn stuck_domain(
        &mut self,
        now: Instant,
        scene: &Scene<'_>,
        domain: u32,
    ) -> Option<RuleNumber> {
        let about_it = Effect::StuckDomain { domain };
        self.armed.iter_mut().filter(|armed| armed.rule.effect == about_it).find_map(|armed| {
            let is_struck = armed.strikes(now, scene);
            armed.taken += u64::from(is_struck);
            is_struck.then_some(armed.number)
        })
    }

    /// By how many seconds the service's clock is ahead.
    pub(crate) fn skew(&self, now: Instant) -> i64 {
        let skews = self.armed.iter().filter(|armed| armed.is_open(now));
        skews.fold(0, |sum: i64, armed| match armed.rule.effect {
            Effect::ClockSkew { seconds } => sum.saturating_add(seconds),
            _ => sum,
        })
    }
}

impl Armed {
    fn ailment(&mut self, now: Instant, scene: &Scene<'_>) -> Option<Ailment> {
        if self.rule.effect.kind() != Kind::Instance || !self.strikes(now, scene) {
            return None;
        }
        self.taken += 1;
        Ailment::of(&self.rule.effect, self.number)
    }
}

impl Cloud {
    /// Adds a fault. It counts from zero, and takes the place of one with the same id; the very same
    /// rule again changes nothing.
    ///
    /// # Errors
    ///
    /// When the rule makes no sense: a condition that its effect cannot have, an unknown operation, a
    /// number out of its range.
    pub fn add_fault(&mut self, rule: Rule) -> Result<(), InvalidRule> {
        rule.check()?;
        if self.world.faults.armed.iter().any(|armed| armed.rule == rule) {
            return Ok(());
        }
        self.remove_fault(&rule.id);
        let now = self.world.now;
        let (kind, after, closes) = (rule.effect.kind(), rule.when.after, rule.when.closes());
        let number = self.world.faults.add(rule, now, self.world.settings.seed);
        if matches!(kind, Kind::Instance | Kind::Domain) {
            for passed in [Some(after), closes].into_iter().flatten() {
                self.world.timeline.schedule(now + passed, Event::Rule(number));
            }
            self.advance(now);
        }
        Ok(())
    }

    /// Takes back the fault of this id, and lets go what it held: instances that it kept from
    /// starting start again, an upgrade domain that it kept from finishing finishes. Whether there
    /// was one.
    pub fn remove_fault(&mut self, id: &str) -> bool {
        let was_there = self.world.faults.remove(id);
        if was_there {
            self.release();
        }
        was_there
    }

    /// The faults, in the order of their adding, with what they have done.
    pub fn faults(&self) -> Vec<Standing> {
        let now = self.world.now;
        let armed = self.world.faults.armed.iter();
        armed
            .map(|armed| Standing {
                rule: armed.rule.clone(),
                is_in_force: armed.is_open(now) && !armed.is_used_up(),
                matched: armed.matched,
                taken: armed.taken,
            })
            .collect()
    }

    /// The time of a rule has come, or is over.
    pub(super) fn on_rule(&mut self, number: RuleNumber) {
        if !self.world.faults.holds(number, self.world.now) {
            return self.release();
        }
        for deployment in self.deployments.values_mut() {
            deployment.strike(number, &mut self.world);
        }
    }

    /// Lets everything go on that is held by rules which are in force no more.
    fn release(&mut self) {
        for deployment in self.deployments.values_mut() {
            deployment.release(&mut self.world);
        }
    }
}
