use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use super::seconds;

/// When a [`FaultRule`](super::FaultRule) takes effect: all that is given must hold. The default is "always".
///
/// As JSON, durations are numbers of seconds and what is not given is left out:
///
/// ```
/// use std::time::Duration;
/// use azure_classic_emulator::faults::Condition;
///
/// let condition: Condition = serde_json::from_str(
///     r#"{ "operations": ["writes"], "service": "contoso", "every": 3, "for_seconds": 600 }"#,
/// )?;
/// assert_eq!(condition.every, Some(3));
/// assert_eq!(condition.duration, Some(Duration::from_secs(600)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// Only requests for one of these: names of operations as their reference pages are headed, in
    /// any case, or [`WRITES`](Self::WRITES) or [`READS`](Self::READS) for all of a kind.
    /// Empty: all.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "operations")]
    pub operations: Vec<String>,
    /// Only in the cloud service of this name, in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Only in the deployment of this name, in any case, in whichever slot. A request is about the
    /// deployment that its path leads to; one that creates a deployment is about none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment: Option<String>,
    /// Only for the role instance of this name (`WebRole_IN_1`), in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Only on versions whose deployment label (plain, not base64) is this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Only at the so-manyth match of everything above, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// Only at every so-manyth match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// Only the first matches, up to this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// Only from the so-manyth match on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
    /// How likely it is that a match counts, from 0 to 1. The cloud's seed decides, for each rule by
    /// itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Only after this much emulated time since the rule was added; earlier matches are not counted. In JSON
    /// `after_seconds`.
    #[serde(rename = "after_seconds", with = "seconds", skip_serializing_if = "Duration::is_zero")]
    pub after: Duration,
    /// Only for this much emulated time from then on; without a limit by default. At its end, affected
    /// instances and domains continue. In JSON `for_seconds`.
    #[serde(
        rename = "for_seconds",
        with = "seconds::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub duration: Option<Duration>,
    /// At most this many times in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
}

/// The subject of a condition: a request, a role instance, or an upgrade domain.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct FaultContext<'a> {
    /// The operation's name, and whether it only reads.
    pub(crate) operation: Option<(&'static str, bool)>,
    pub(crate) service: Option<&'a str>,
    pub(crate) deployment: Option<&'a str>,
    pub(crate) instance: Option<&'a str>,
    pub(crate) label: Option<&'a str>,
}

impl Condition {
    /// In [`operations`](Self::operations): all that change something.
    pub const WRITES: &'static str = "writes";
    /// In [`operations`](Self::operations): all that only read.
    pub const READS: &'static str = "reads";

    pub(super) fn is_open(&self, since_added: Duration) -> bool {
        since_added >= self.after && self.end().is_none_or(|closes| since_added < closes)
    }

    /// When the rule's time is over, counted from its adding.
    pub(super) fn end(&self) -> Option<Duration> {
        self.duration.map(|lasts| self.after.saturating_add(lasts))
    }

    pub(super) fn matches(&self, fault_context: &FaultContext<'_>) -> bool {
        let is_named = |only: &Option<String>, name: Option<&str>| {
            only.as_deref()
                .is_none_or(|only| name.is_some_and(|name| only.eq_ignore_ascii_case(name)))
        };
        self.matches_operation(fault_context.operation)
            && is_named(&self.service, fault_context.service)
            && is_named(&self.deployment, fault_context.deployment)
            && is_named(&self.instance, fault_context.instance)
            && self.label.as_deref().is_none_or(|only| fault_context.label == Some(only))
    }

    fn matches_operation(&self, operation: Option<(&str, bool)>) -> bool {
        let Some((name, reads)) = operation else { return self.operations.is_empty() };
        self.operations.is_empty()
            || self.operations.iter().any(|only| {
                only.eq_ignore_ascii_case(name)
                    || only.eq_ignore_ascii_case(if reads { Self::READS } else { Self::WRITES })
            })
    }

    /// Whether the match of this number counts.
    pub(super) fn selects(&self, number: u64) -> bool {
        self.nth.is_none_or(|nth| number == nth)
            && self.every.is_none_or(|every| number.is_multiple_of(every))
            && self.first.is_none_or(|first| number <= first)
            && self.from.is_none_or(|from| number >= from)
    }
}

/// Reads operations, and the kinds by their first names, which existing files use.
fn operations<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    let present_name = |name: String| match name.as_str() {
        "changing" => Condition::WRITES.to_owned(),
        "reading" => Condition::READS.to_owned(),
        _ => name,
    };
    Ok(names.into_iter().map(present_name).collect())
}
