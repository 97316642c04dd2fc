use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::effect::Effect;

/// A fault rule: an effect and its condition. Plain data, in a file or in a program.
///
/// A rule without a condition always takes effect.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use azure_classic_emulator::faults::{Effect, FaultResponse, FaultRule};
///
/// let busy = FaultRule::new("busy", FaultResponse::new(503, "ServerBusy")).on("Get Deployment").every(3);
/// let lost = FaultRule::new("lost", Effect::Disconnect { after_processing: true }).on("Upgrade Deployment").first(1);
/// let stuck = FaultRule::new("stuck", Effect::NeverStarts)
///     .instance("WebRole_IN_1")
///     .label("release 2")
///     .duration(Duration::from_secs(3600));
///
/// let same: FaultRule = serde_json::from_str(
///     r#"{ "id": "busy",
///          "when": { "operations": ["Get Deployment"], "every": 3 },
///          "effect": { "respond": { "status": 503, "code": "ServerBusy" } } }"#,
/// )?;
/// assert_eq!(same, busy);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The id, for removal and for the journal.
    pub id: String,
    /// When it takes effect. Default: always.
    #[serde(default, skip_serializing_if = "is_always")]
    pub when: Condition,
    /// The effect.
    pub effect: Effect,
}

impl FaultRule {
    /// Always does this.
    pub fn new(id: impl Into<String>, effect: impl Into<Effect>) -> Self {
        Self { id: id.into(), when: Condition::default(), effect: effect.into() }
    }

    /// Only on requests for the operation of this name, or one of those that were named before. See
    /// [`Condition::operations`].
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.when.operations.push(operation.into());
        self
    }

    /// Only on requests that change something.
    pub fn on_writes(self) -> Self {
        self.on(Condition::WRITES)
    }

    /// Only on requests that read.
    pub fn on_reads(self) -> Self {
        self.on(Condition::READS)
    }

    /// Only in this cloud service.
    pub fn service(mut self, name: impl Into<String>) -> Self {
        self.when.service = Some(name.into());
        self
    }

    /// Only in the deployment of this name.
    pub fn deployment(mut self, name: impl Into<String>) -> Self {
        self.when.deployment = Some(name.into());
        self
    }

    /// Only for the role instance of this name.
    pub fn instance(mut self, name: impl Into<String>) -> Self {
        self.when.instance = Some(name.into());
        self
    }

    /// Only on versions with this deployment label.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.when.label = Some(label.into());
        self
    }

    /// Only at the nth match, counted from 1.
    pub fn nth(mut self, nth: u64) -> Self {
        self.when.nth = Some(nth);
        self
    }

    /// Only at every nth match.
    pub fn every(mut self, nth: u64) -> Self {
        self.when.every = Some(nth);
        self
    }

    /// Applies only to the first matches, up to this number.
    pub fn first(mut self, count: u64) -> Self {
        self.when.first = Some(count);
        self
    }

    /// Only from the nth match on.
    pub fn from(mut self, nth: u64) -> Self {
        self.when.from = Some(nth);
        self
    }

    /// Only as often as chance has it: 0 is never, 1 always.
    pub fn probability(mut self, probability: f64) -> Self {
        self.when.probability = Some(probability);
        self
    }

    /// Applies only after this much emulated time since the rule was added.
    pub fn after(mut self, time: Duration) -> Self {
        self.when.after = time;
        self
    }

    /// Applies only for this much emulated time.
    pub fn duration(mut self, time: Duration) -> Self {
        self.when.duration = Some(time);
        self
    }

    /// Applies at most this many times.
    pub fn times(mut self, count: u64) -> Self {
        self.when.times = Some(count);
        self
    }
}

fn is_always(condition: &Condition) -> bool {
    *condition == Condition::default()
}
