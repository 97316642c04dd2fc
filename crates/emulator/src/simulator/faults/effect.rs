use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::fault_response::{AsyncFailure, FaultResponse};
use super::seconds;

/// The effect of a [`FaultRule`](super::FaultRule) when its condition holds.
///
/// In JSON, an effect with settings is an object with one member, and one without settings is a string;
/// durations are numbers of seconds:
///
/// ```
/// use std::time::Duration;
/// use azure_classic_emulator::faults::{Effect, FaultResponse};
///
/// let effects: Vec<Effect> = serde_json::from_str(
///     r#"[ { "respond": { "status": 503, "code": "ServerBusy", "retry_after": 30 } },
///          { "flaps": { "ready_seconds": 60, "down_seconds": 20 } },
///          "never_starts" ]"#,
/// )?;
/// assert_eq!(effects[0], FaultResponse::new(503, "ServerBusy").retry_after(30).into());
/// let flaps =
///     Effect::Flaps { ready: Duration::from_secs(60), down: Duration::from_secs(20) };
/// assert_eq!(effects[1..], [flaps, Effect::NeverStarts]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Effect {
    /// On a request: this response instead of the service's own.
    #[serde(alias = "answer")]
    Respond(FaultResponse),
    /// On a request: 409 `ConflictError` with the message for a deployment that another operation holds.
    /// Nothing is executed.
    Conflict {
        /// The request id of the other operation. Default: a generated id, which Get Operation Status does
        /// not know.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
    },
    /// On a request: 307 to the same path and query at another host. Nothing is done.
    Redirect {
        /// Where to: `https://127.0.0.1:8443`.
        to: String,
    },
    /// On a request: the connection is closed without a response.
    #[serde(alias = "cut")]
    Disconnect {
        /// Whether the request is executed first. Default: no.
        #[serde(default, alias = "after_work", skip_serializing_if = "is_false")]
        after_processing: bool,
    },
    /// On a request: the usual response, but after this much emulated time.
    Slow {
        /// How long. As JSON `seconds`.
        #[serde(rename = "seconds", with = "seconds")]
        time: Duration,
        /// Whether the request is executed before the delay, so that only the response is late. Default: no.
        #[serde(default, alias = "after_work", skip_serializing_if = "is_false")]
        after_processing: bool,
    },
    /// On an accepted operation: it fails at its end, without any change. It has no effect on requests that
    /// are rejected or complete at once.
    #[serde(alias = "fails_late")]
    FailAsync(AsyncFailure),
    /// On an accepted operation: it ends after this much emulated time. Walks end with their instances and
    /// are not affected.
    #[serde(alias = "takes_long")]
    SlowOperation {
        /// How long. As JSON `seconds`.
        #[serde(rename = "seconds", with = "seconds")]
        time: Duration,
    },
    /// On a role instance: it does not start. It turns to `RestartingRole` when it should become
    /// ready, and stays so.
    NeverStarts,
    /// On a role instance: it turns to `FailedStartingRole` when it should become ready, and stays
    /// so.
    FailsToStart,
    /// On a role instance: it turns to `UnresponsiveRole` when it should become ready, or at once
    /// when it is, and stays so.
    Unresponsive,
    /// On a role instance: it crashes when it should become ready, restarts after this much emulated time,
    /// and so on. In the meantime it is in `CyclingRole`, which requests with a version after 2014-02-01 see
    /// as `RestartingRole`.
    Recycles {
        /// How long it is down each time. As JSON `seconds`.
        #[serde(rename = "seconds", with = "seconds")]
        down: Duration,
    },
    /// On a role instance: it becomes ready, turns to `RestartingRole` after a while, starts again,
    /// and so on. It also takes hold of an instance that is ready already.
    Flaps {
        /// How long it is ready each time. As JSON `ready_seconds`.
        #[serde(rename = "ready_seconds", with = "seconds")]
        ready: Duration,
        /// How long it is down each time. As JSON `down_seconds`.
        #[serde(rename = "down_seconds", with = "seconds")]
        down: Duration,
    },
    /// On a role instance: it becomes ready, and turns to `RestartingRole` for good after a while. It
    /// also takes hold of an instance that is ready already.
    Dies {
        /// How long it is ready. As JSON `after_seconds`.
        #[serde(rename = "after_seconds", with = "seconds")]
        after: Duration,
    },
    /// On an update: this upgrade domain never finishes, whatever its instances do and however long
    /// it takes.
    StuckDomain {
        /// The domain, counted from 0.
        domain: u32,
    },
    /// On all responses: the service's clock is wrong, in the `Date` header and in all times.
    ClockSkew {
        /// By how many seconds it is ahead; below 0, behind.
        seconds: i64,
    },
}

/// The subject of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EffectKind {
    Request,
    /// The asynchronous operation of a write.
    Operation,
    Instance,
    Domain,
    Clock,
}

impl Effect {
    pub(super) fn kind(&self) -> EffectKind {
        match self {
            Self::Respond(_)
            | Self::Conflict { .. }
            | Self::Redirect { .. }
            | Self::Disconnect { .. }
            | Self::Slow { .. } => EffectKind::Request,
            Self::FailAsync(_) | Self::SlowOperation { .. } => EffectKind::Operation,
            Self::NeverStarts
            | Self::FailsToStart
            | Self::Unresponsive
            | Self::Recycles { .. }
            | Self::Flaps { .. }
            | Self::Dies { .. } => EffectKind::Instance,
            Self::StuckDomain { .. } => EffectKind::Domain,
            Self::ClockSkew { .. } => EffectKind::Clock,
        }
    }

    /// Whether it takes hold of an instance that is ready already.
    pub(super) fn affects_ready_instances(&self) -> bool {
        matches!(self, Self::Unresponsive | Self::Flaps { .. } | Self::Dies { .. })
    }
}

impl From<FaultResponse> for Effect {
    fn from(reply: FaultResponse) -> Self {
        Self::Respond(reply)
    }
}

impl From<AsyncFailure> for Effect {
    fn from(failure: AsyncFailure) -> Self {
        Self::FailAsync(failure)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands in a reference")]
pub(super) fn is_false(flag: &bool) -> bool {
    !flag
}
