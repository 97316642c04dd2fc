//! Faults by rule: the effect, the condition and the frequency, as plain data.
//!
//! A [`FaultRule`] has a name, a [`Condition`] and an [`Effect`]. Rules come from a program
//! ([`Simulator::add_fault`](crate::Simulator::add_fault), [`EmulatorBuilder::faults`](crate::EmulatorBuilder::faults)) or
//! from a file ([`read`]). Each counts for itself, and the cloud's seed decides for each by itself, so
//! the same requests at the same times meet the same faults, whatever other rules there are.
//!
//! Rules for requests apply to known operations from a known certificate. If several apply to one request,
//! their delays add up, and the first one with a response (or a disconnect) decides; it is also the only one
//! of these whose [`times`](Condition::times) are used up.

mod applied_faults;
mod async_failure;
mod check;
mod condition;
mod effect;
mod fault_response;
mod file;
mod instance_fault;
mod rule;
pub(crate) mod seconds;

use azure_classic_protocol::machine::Instant;
use serde::{Deserialize, Serialize};

pub(crate) use self::applied_faults::AppliedFaults;
pub use self::check::InvalidRule;
pub use self::condition::Condition;
pub(crate) use self::condition::FaultContext;
pub use self::effect::Effect;
use self::effect::EffectKind;
pub use self::fault_response::{AsyncFailure, FaultResponse};
pub use self::file::{FaultFileError, parse, read};
pub(crate) use self::instance_fault::InstanceFault;
pub use self::rule::FaultRule;
use super::Simulator;
use super::random::Random;
use super::shared_state::Event;
use super::validation::{InvalidState, check_counter};

/// A rule that is there, and how often it mattered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RuleStatus {
    /// The rule.
    pub rule: FaultRule,
    /// Whether it can take effect now: its time has come and is not over, and it is not used up.
    pub is_active: bool,
    /// How often there was what it is about, while its time had come.
    pub matched: u64,
    /// How often it took effect.
    pub applied: u64,
}

/// Names a rule for as long as it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct RuleNumber(u64);

/// The rules, in the order of their adding.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Faults {
    rules: Vec<ActiveRule>,
    last: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ActiveRule {
    number: RuleNumber,
    rule: FaultRule,
    added: Instant,
    matched: u64,
    applied: u64,
    random: Random,
}

impl ActiveRule {
    fn is_open(&self, now: Instant) -> bool {
        self.rule.when.is_open(now - self.added)
    }

    fn is_exhausted(&self) -> bool {
        self.rule.when.times.is_some_and(|times| self.applied >= times)
    }

    /// Counts a match, if it is one, and says whether the rule takes effect at it.
    fn applies(&mut self, now: Instant, fault_context: &FaultContext<'_>) -> bool {
        let when = &self.rule.when;
        if !self.is_open(now) || !when.matches(fault_context) {
            return false;
        }
        self.matched += 1;
        let is_drawn = when.probability.is_none_or(|probability| self.random.draw() < probability);
        is_drawn && when.selects(self.matched) && !self.is_exhausted()
    }
}

impl Faults {
    fn add(&mut self, rule: FaultRule, now: Instant, seed: u64) -> RuleNumber {
        self.last += 1;
        let number = RuleNumber(self.last);
        let random = Random::for_name(seed, &rule.id);
        self.rules.push(ActiveRule { number, rule, added: now, matched: 0, applied: 0, random });
        number
    }

    fn remove(&mut self, id: &str) -> bool {
        let before = self.rules.len();
        self.rules.retain(|active| active.rule.id != id);
        self.rules.len() < before
    }

    /// Whether the rule is still there and its time is not over.
    pub(crate) fn is_active(&self, number: RuleNumber, now: Instant) -> bool {
        self.rules.iter().any(|active| active.number == number && active.is_open(now))
    }

    /// Validates the rules, as read from a file.
    pub(crate) fn check(&self) -> Result<(), InvalidState> {
        check_counter("last", self.last, self.rules.iter().map(|active| active.number.0))?;
        for (at, active) in self.rules.iter().enumerate() {
            let place = format!("rules.{at}");
            let invalid =
                |it: InvalidRule| InvalidState::new(format!("{place}.rule"), it.to_string());
            active.rule.check().map_err(invalid)?;
            check_counter("matched", active.matched, [active.applied])
                .map_err(|it| it.inside(place))?;
        }
        Ok(())
    }

    /// How often there was what the rules are about.
    pub(crate) fn total_matched(&self) -> u64 {
        self.rules.iter().fold(0, |sum, active| sum.wrapping_add(active.matched))
    }

    /// The effects of the rules on a request.
    pub(crate) fn evaluate(
        &mut self,
        now: Instant,
        fault_context: &FaultContext<'_>,
    ) -> AppliedFaults {
        let reads = fault_context.operation.is_some_and(|(_, reads)| reads);
        let mut verdict = AppliedFaults::default();
        for active in &mut self.rules {
            let concerns = match active.rule.effect.kind() {
                EffectKind::Request => true,
                EffectKind::Operation => !reads,
                EffectKind::Instance | EffectKind::Domain | EffectKind::Clock => false,
            };
            if concerns
                && active.applies(now, fault_context)
                && verdict.add(&active.rule.effect, &mut active.random)
            {
                active.applied += 1;
                verdict.rules.push(active.rule.id.clone());
            }
        }
        verdict
    }

    /// Whether any rule is about role instances.
    pub(crate) fn affect_instances(&self) -> bool {
        self.rules.iter().any(|active| active.rule.effect.kind() == EffectKind::Instance)
    }

    /// The fault of an instance that is about to become ready.
    pub(crate) fn instance_fault(
        &mut self,
        now: Instant,
        fault_context: &FaultContext<'_>,
    ) -> Option<InstanceFault> {
        self.rules.iter_mut().find_map(|active| active.instance_fault(now, fault_context))
    }

    /// The effect of this rule on a ready instance.
    pub(crate) fn fault_of_ready_instance(
        &mut self,
        number: RuleNumber,
        now: Instant,
        fault_context: &FaultContext<'_>,
    ) -> Option<InstanceFault> {
        self.rules
            .iter_mut()
            .find(|active| active.number == number && active.rule.effect.affects_ready_instances())
            .and_then(|active| active.instance_fault(now, fault_context))
    }

    /// The rule that keeps an upgrade domain from finishing.
    pub(crate) fn stuck_domain(
        &mut self,
        now: Instant,
        fault_context: &FaultContext<'_>,
        domain: u32,
    ) -> Option<RuleNumber> {
        let about_it = Effect::StuckDomain { domain };
        self.rules.iter_mut().filter(|active| active.rule.effect == about_it).find_map(|active| {
            let is_struck = active.applies(now, fault_context);
            active.applied += u64::from(is_struck);
            is_struck.then_some(active.number)
        })
    }

    /// By how many seconds the service's clock is ahead.
    pub(crate) fn skew(&self, now: Instant) -> i64 {
        let skews = self.rules.iter().filter(|active| active.is_open(now));
        skews.fold(0, |sum: i64, active| match active.rule.effect {
            Effect::ClockSkew { seconds } => sum.saturating_add(seconds),
            _ => sum,
        })
    }
}

impl ActiveRule {
    fn instance_fault(
        &mut self,
        now: Instant,
        fault_context: &FaultContext<'_>,
    ) -> Option<InstanceFault> {
        if self.rule.effect.kind() != EffectKind::Instance || !self.applies(now, fault_context) {
            return None;
        }
        self.applied += 1;
        InstanceFault::from_effect(&self.rule.effect, self.number)
    }
}

impl Simulator {
    /// Adds a fault. It counts from zero, and takes the place of one with the same id; the very same
    /// rule again changes nothing.
    ///
    /// # Errors
    ///
    /// When the rule makes no sense: a condition that its effect cannot have, an unknown operation, a
    /// number out of its range.
    pub fn add_fault(&mut self, rule: FaultRule) -> Result<(), InvalidRule> {
        rule.check()?;
        if self.shared.faults.rules.iter().any(|active| active.rule == rule) {
            return Ok(());
        }
        self.remove_fault(&rule.id);
        let now = self.shared.now;
        let (kind, after, closes) = (rule.effect.kind(), rule.when.after, rule.when.end());
        let number = self.shared.faults.add(rule, now, self.shared.settings.seed);
        if matches!(kind, EffectKind::Instance | EffectKind::Domain) {
            for passed in [Some(after), closes].into_iter().flatten() {
                self.shared.events.schedule(now + passed, Event::Rule(number));
            }
            self.advance(now);
        }
        Ok(())
    }

    /// Takes back the fault of this id, and lets go what it held: instances that it kept from
    /// starting start again, an upgrade domain that it kept from finishing finishes. Whether there
    /// was one.
    pub fn remove_fault(&mut self, id: &str) -> bool {
        let was_there = self.shared.faults.remove(id);
        if was_there {
            self.release_instances();
        }
        was_there
    }

    /// The faults, in the order of their adding, with what they have done.
    pub fn faults(&self) -> Vec<RuleStatus> {
        let now = self.shared.now;
        let active = self.shared.faults.rules.iter();
        active
            .map(|active| RuleStatus {
                rule: active.rule.clone(),
                is_active: active.is_open(now) && !active.is_exhausted(),
                matched: active.matched,
                applied: active.applied,
            })
            .collect()
    }

    /// The time of a rule has come, or is over.
    pub(super) fn on_rule(&mut self, number: RuleNumber) {
        if !self.shared.faults.is_active(number, self.shared.now) {
            return self.release_instances();
        }
        for deployment in self.deployments.values_mut() {
            deployment.inject(number, &mut self.shared);
        }
    }

    /// Lets everything go on that is held by rules which are in force no more.
    fn release_instances(&mut self) {
        for deployment in self.deployments.values_mut() {
            deployment.release_expired_faults(&mut self.shared);
        }
    }
}
