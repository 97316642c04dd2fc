use std::time::Duration;

use azure_classic_protocol::RequestId;
use http::Uri;
use serde::{Deserialize, Serialize};

use super::effect::Effect;
use super::reply::{Failure, Reply};
use crate::cloud::answer::Answer;
use crate::cloud::random::Random;
use crate::cloud::refusal::Refusal;

/// What the rules do to a request.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Verdict {
    /// The ids of the rules that took effect.
    pub(crate) rules: Vec<String>,
    /// How long nothing happens at first.
    pub(crate) wait: Duration,
    /// How long the answer is held back.
    pub(crate) delay: Duration,
    /// What comes instead of the answer.
    pub(crate) ending: Option<Ending>,
    /// How the work fails in the end.
    pub(crate) failure: Option<Failure>,
    /// How long the work takes.
    pub(crate) takes: Option<Duration>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Ending {
    Reply(Reply),
    Conflict(RequestId),
    Redirect { to: String },
    Cut { after_work: bool },
}

impl Verdict {
    /// Adds what a rule does; `false` when an earlier one has decided that already.
    pub(super) fn take(&mut self, effect: &Effect, random: &mut Random) -> bool {
        match effect {
            Effect::Slow { time, after_work } => {
                let sum = if *after_work { &mut self.delay } else { &mut self.wait };
                *sum = sum.saturating_add(*time);
                true
            }
            Effect::FailsLate(failure) => set(&mut self.failure, || failure.clone()),
            Effect::TakesLong { time } => set(&mut self.takes, || *time),
            Effect::Answer(reply) => set(&mut self.ending, || Ending::Reply(reply.clone())),
            Effect::Conflict { request_id } => set(&mut self.ending, || {
                let id = request_id.clone().unwrap_or_else(|| random.hex_id());
                Ending::Conflict(RequestId::new(&id))
            }),
            Effect::Redirect { to } => {
                set(&mut self.ending, || Ending::Redirect { to: to.clone() })
            }
            Effect::Cut { after_work } => {
                set(&mut self.ending, || Ending::Cut { after_work: *after_work })
            }
            _ => false,
        }
    }

    /// Whether the request is performed.
    pub(crate) fn performs(&self) -> bool {
        match &self.ending {
            None => true,
            Some(Ending::Reply(reply)) => reply.after_work,
            Some(Ending::Cut { after_work }) => *after_work,
            Some(Ending::Conflict(_) | Ending::Redirect { .. }) => false,
        }
    }
}

/// Sets what is not set yet; whether it did.
fn set<T>(place: &mut Option<T>, value: impl FnOnce() -> T) -> bool {
    let is_free = place.is_none();
    if is_free {
        *place = Some(value());
    }
    is_free
}

impl Ending {
    /// What is answered to a request for this address; `None` when the connection is cut.
    pub(crate) fn answer(&self, uri: &Uri) -> Option<Result<Answer, Refusal>> {
        Some(match self {
            Self::Cut { .. } => return None,
            Self::Conflict(holder) => Err(Refusal::locked(holder)),
            Self::Redirect { to } => {
                let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
                Ok(Answer::redirect(format!("{to}{path}")))
            }
            Self::Reply(reply) => match reply.refusal() {
                Some(refusal) => Err(refusal.retry_after(reply.retry_after)),
                None => Ok(Answer::empty(reply.status()).retry_after(reply.retry_after)),
            },
        })
    }
}
