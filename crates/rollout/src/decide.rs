//! What to do next, from what is recorded and what was just read. The centre of the crate, and pure: no
//! time passes in here, nothing is sent and nothing is changed.

use crate::change::Work;
use crate::place::{Moving, Place, Whose};
use crate::stopped::DoubtKind;
use crate::stopped::Meddling;
use crate::{Change, Ending, Failure, Gap, Phase, Record, Unwell, Why};

/// What is known besides the record.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each says something of its own")]
pub(crate) struct Seen<'a> {
    /// What the deployment says; read after everything else in here was known.
    pub(crate) place: Place,
    /// How the work of [`Record::accepted`] stands.
    pub(crate) work: Work<'a>,
    /// Whether all domains that were walked have been healthy for the settle time.
    pub(crate) is_healthy: bool,
    /// The instances that are not well in them.
    pub(crate) unwell: &'a [Unwell],
    /// What the reading lacks; with any gap it is no evidence of health.
    pub(crate) gaps: &'a [Gap],
    /// Whether the time for the present domain is up.
    pub(crate) is_late: bool,
    /// Whether the time for the whole way is up, forward or back.
    pub(crate) is_overdue: bool,
    /// Whether the time for the present domain has been up for so long that it cannot settle any more.
    pub(crate) is_exhausted: bool,
    /// How many readings in a row have not shown the change of [`Record::sent`].
    pub(crate) denials: u32,
    /// Whether nobody is in the domains that have not been begun.
    pub(crate) is_rest_empty: bool,
    /// The doubt that all readings of the confirmation period share.
    pub(crate) confirmed: Option<DoubtKind>,
    /// Whether the readings before said that the update has started again.
    pub(crate) seems_restarted: bool,
    /// Whether the update is being completed, because it can be rolled back no more.
    pub(crate) is_completing: bool,
}

impl Seen<'_> {
    fn confirms(&self, why: &Why) -> bool {
        self.confirmed == Some(DoubtKind::of(why))
    }
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Move {
    /// Read the deployment again after a pause.
    Wait,
    /// Ask how the accepted work stands, and read the deployment again.
    Ask,
    /// The update has begun: note it, and decide anew.
    Started,
    /// The deployment has turned back: note it, and decide anew.
    Turned,
    /// Record the intent, and send this.
    Send(Change),
    /// Roll back or pause, as the policy says.
    Fail(Failure),
    /// Stop for this reason if it still holds after a while. Send nothing until then.
    Doubt(Why),
    /// Stop for this reason.
    Stop(Why),
    /// It has ended so.
    End(Ending),
}

/// How many readings must not show a walk or a rollback whose answer was lost before it is sent again.
///
/// That is harmless for these two: the service takes a walk only for the domain that is next, and a
/// rollback only while there is something to roll back. The start is never sent again.
const DENIALS: u32 = 2;

pub(crate) fn decide(record: &Record, seen: &Seen<'_>) -> Move {
    let next = match (record.phase, seen.place) {
        (_, Place::Gone) => Move::Doubt(Why::Deleted),
        (_, Place::Replaced) => Move::Doubt(Why::Replaced),
        // Label and configuration are not to be believed, and nothing would be accepted.
        (_, Place::Held | Place::Unclear) => Move::Wait,
        (Phase::Starting, Place::Resting(whose)) => starting(record, seen, whose),
        (Phase::Starting, Place::Moving(moving)) => started(record, seen, moving),
        (Phase::Walking, Place::Resting(whose)) => complete(record, seen, whose),
        (Phase::Walking, Place::Moving(moving)) => walking(record, seen, moving),
        (Phase::RollingBack, Place::Resting(whose)) => returned(record, seen, whose),
        (Phase::RollingBack, Place::Moving(moving)) => returning(record, seen, moving),
    };
    in_time(record, seen, with_evidence(record, seen, next))
}

/// A gate is passed, and an end claimed, only by a reading that shows the whole deployment. One that does
/// not is no failure either: it is read again, and if it stays so, a person must look.
fn with_evidence(record: &Record, seen: &Seen<'_>, next: Move) -> Move {
    let is_promoted = is_promoted(record);
    // What cannot be rolled back any more is completed, if nobody is in the rest; a promotion says nothing
    // about that.
    let is_called_off = record.phase == Phase::RollingBack && !record.has_turned;
    let needs_evidence = match next {
        Move::Send(Change::Walk { .. }) | Move::End(_) => !is_promoted || is_called_off,
        Move::Wait => record.pause.is_none() && !is_promoted && is_at_gate(record, seen.place),
        _ => false,
    };
    if seen.gaps.is_empty() || !needs_evidence {
        return next;
    }
    let why = Why::Incomplete(seen.gaps.to_vec());
    if seen.is_overdue || seen.is_exhausted { Move::Stop(why) } else { Move::Doubt(why) }
}

/// Whether the health of the instances is what is waited for.
fn is_at_gate(record: &Record, place: Place) -> bool {
    let is_ours = |whose| match record.phase {
        Phase::Starting => false,
        Phase::Walking => whose == Whose::After,
        Phase::RollingBack => record.has_turned && whose == Whose::Before,
    };
    match place {
        Place::Gone | Place::Replaced | Place::Held => false,
        Place::Unclear => true,
        Place::Resting(whose) => is_ours(whose),
        Place::Moving(moving) => !moving.is_during && moving.is_manual && is_ours(moving.whose),
    }
}

/// Waiting and going on end with the time for it; a pause stops the clock.
fn in_time(record: &Record, seen: &Seen<'_>, next: Move) -> Move {
    let goes_on =
        matches!(next, Move::Wait | Move::Ask | Move::Send(Change::Start | Change::Walk { .. }));
    match &record.back {
        _ if !goes_on || !seen.is_overdue || record.pause.is_some() => next,
        None => Move::Fail(Failure::OutOfTime),
        Some(_) => Move::Stop(Why::TooLong),
    }
}

/// No update is to be seen, and the start has been sent, or is to be.
fn starting(record: &Record, seen: &Seen<'_>, whose: Whose) -> Move {
    match (whose, seen.work) {
        (Whose::Other, _) => Move::Doubt(Why::Overtaken(Meddling::OtherVersion)),
        (_, Work::Going) => Move::Ask,
        // Somebody has walked it to its end, or another update brought the same.
        (Whose::After, _) => Move::Started,
        (Whose::Before, Work::Failed(reason)) => {
            Move::Stop(Why::WorkFailed { change: Change::Start, reason: reason.to_owned() })
        }
        (Whose::Before, Work::Ended) => Move::Doubt(Why::NotToBeSeen(Change::Start)),
        (Whose::Before, Work::Unknown) => match record.sent {
            Some(_) => Move::Doubt(Why::StartUnsettled),
            None if record.is_start_accepted => Move::Doubt(Why::NotToBeSeen(Change::Start)),
            None if record.back.is_some() => Move::Stop(Why::Aborted),
            None if record.pause.is_some() => Move::Wait,
            None => Move::Send(Change::Start),
        },
    }
}

/// An update is to be seen, and the start has been sent, or is to be.
fn started(record: &Record, seen: &Seen<'_>, moving: Moving) -> Move {
    let is_untouched = record.sent.is_none() && !record.is_start_accepted;
    match moving.whose {
        Whose::After if !moving.is_manual => Move::Doubt(Why::Overtaken(Meddling::MovesByItself)),
        Whose::After => match seen.work {
            Work::Going => Move::Ask,
            Work::Failed(reason) if record.back.is_none() => fail(record, Change::Start, reason),
            _ => Move::Started,
        },
        // The preflight, which is made again before each attempt, says what is in the way.
        _ if is_untouched && record.back.is_none() => Move::Send(Change::Start),
        _ if is_untouched => Move::Stop(Why::Aborted),
        _ => Move::Doubt(Why::Overtaken(Meddling::OtherVersion)),
    }
}

/// The update moves through the domains.
fn walking(record: &Record, seen: &Seen<'_>, moving: Moving) -> Move {
    match moving.whose {
        Whose::Before => Move::Doubt(Why::Overtaken(Meddling::RolledBack)),
        Whose::Other => Move::Doubt(Why::Overtaken(Meddling::OtherVersion)),
        Whose::After if !moving.is_manual => Move::Doubt(Why::Overtaken(Meddling::MovesByItself)),
        Whose::After => match walk(record, seen, moving) {
            Ok(next) => next,
            Err(Trouble::Failed { change, reason }) => fail(record, change, reason),
            Err(Trouble::Late) if record.pause.is_some() => Move::Wait,
            Err(Trouble::Late) => late(record, seen),
        },
    }
}

/// No update is in progress any more, and all domains have been walked, or something else happened.
fn complete(record: &Record, seen: &Seen<'_>, whose: Whose) -> Move {
    match whose {
        Whose::Before => Move::Doubt(Why::Overtaken(Meddling::RolledBack)),
        Whose::Other => Move::Doubt(Why::Overtaken(Meddling::OtherVersion)),
        Whose::After => match seen.work {
            Work::Going => Move::Ask,
            Work::Failed(reason) => {
                let change = record.accepted.as_ref().map_or(Change::Start, |it| it.change);
                fail(record, change, reason)
            }
            _ if record.pause.is_some() => Move::Wait,
            _ if seen.is_healthy || is_promoted(record) => Move::End(Ending::Upgraded),
            _ if is_late(seen) => late(record, seen),
            _ => Move::Wait,
        },
    }
}

/// The deployment is on its way back, or is there, and this rollout has not asked for it: somebody else
/// has, or the reading is from before the update.
fn turned_by_another(seen: &Seen<'_>) -> Move {
    let why = Why::Overtaken(Meddling::RolledBack);
    if seen.confirms(&why) { Move::Turned } else { Move::Doubt(why) }
}

/// An update is in progress, and it is to go back.
fn returning(record: &Record, seen: &Seen<'_>, moving: Moving) -> Move {
    match moving.whose {
        Whose::Other => Move::Doubt(Why::Overtaken(Meddling::OtherVersion)),
        Whose::After => not_yet_returning(record, seen, moving),
        Whose::Before if !record.has_turned => turned_by_another(seen),
        Whose::Before if !moving.is_manual => Move::Wait,
        Whose::Before => match walk(record, seen, moving) {
            Ok(next) => next,
            Err(Trouble::Failed { change, reason }) => {
                Move::Stop(Why::WorkFailed { change, reason: reason.to_owned() })
            }
            // In this reading nothing is ill that could be named; another one may show it, or the way ends.
            Err(Trouble::Late) if seen.unwell.is_empty() => Move::Wait,
            Err(Trouble::Late) => Move::Stop(Why::Unhealthy(seen.unwell.to_vec())),
        },
    }
}

/// The update is in progress, and it is to go back.
fn not_yet_returning(record: &Record, seen: &Seen<'_>, moving: Moving) -> Move {
    let is_accepted = record.accepted.as_ref().is_some_and(|it| it.change == Change::RollBack);
    match seen.work {
        _ if record.sent == Some(Change::RollBack) && seen.denials < DENIALS => Move::Wait,
        Work::Going => Move::Ask,
        Work::Failed(reason) if is_accepted => {
            Move::Stop(Why::WorkFailed { change: Change::RollBack, reason: reason.to_owned() })
        }
        _ if record.has_turned => Move::Doubt(Why::Overtaken(Meddling::Restarted)),
        _ if record.pause.is_some() => Move::Wait,
        _ if moving.may_roll_back => Move::Send(Change::RollBack),
        _ if is_to_be_completed(seen, moving) => complete_the_rest(record, seen, moving),
        _ if !seen.gaps.is_empty() => Move::Doubt(Why::Incomplete(seen.gaps.to_vec())),
        _ => Move::Doubt(Why::RollbackNotAllowed),
    }
}

/// Whether every instance is updated, and only domains are left in which nobody is: then nothing can be
/// rolled back any more, and the update is as good as complete.
fn is_to_be_completed(seen: &Seen<'_>, moving: Moving) -> bool {
    let is_waiting = moving.is_manual && !moving.is_during;
    let is_certain = seen.is_completing || seen.confirms(&Why::RollbackNotAllowed);
    is_certain && seen.is_rest_empty && seen.gaps.is_empty() && is_waiting
}

/// Walks a domain in which nobody is, so that the update is complete and another can follow.
fn complete_the_rest(record: &Record, seen: &Seen<'_>, moving: Moving) -> Move {
    let walk = Change::Walk { domain: moving.domain };
    if record.sent == Some(walk) && seen.denials < DENIALS { Move::Wait } else { Move::Send(walk) }
}

/// No update is in progress, and it was to go back.
fn returned(record: &Record, seen: &Seen<'_>, whose: Whose) -> Move {
    match (whose, seen.work) {
        (Whose::Other, _) => Move::Doubt(Why::Overtaken(Meddling::OtherVersion)),
        (Whose::Before, _) if !record.has_turned => turned_by_another(seen),
        (_, Work::Going) => Move::Ask,
        (Whose::After, _) if record.has_turned => Move::Doubt(Why::Overtaken(Meddling::Restarted)),
        (Whose::After, _) => Move::End(Ending::CompletedBeforeRollback),
        (Whose::Before, _) if seen.is_healthy || is_promoted(record) => {
            Move::End(Ending::RolledBack)
        }
        (Whose::Before, _) if is_late(seen) => Move::Stop(Why::Unhealthy(seen.unwell.to_vec())),
        (Whose::Before, _) => Move::Wait,
    }
}

/// What keeps a walk from going on.
enum Trouble<'a> {
    /// The accepted work of this change failed.
    Failed { change: Change, reason: &'a str },
    /// The time for the domain is up.
    Late,
}

/// Walks a manual update, there or back: the next domain when those before are healthy.
fn walk<'a>(record: &Record, seen: &Seen<'a>, moving: Moving) -> Result<Move, Trouble<'a>> {
    let accepted = record.accepted.as_ref().map(|it| it.change);
    let failed = match (seen.work, accepted) {
        (Work::Failed(reason), Some(change @ Change::Walk { .. })) => {
            Some(Trouble::Failed { change, reason })
        }
        _ => None,
    };
    if moving.begun() < record.begun {
        // A walk that failed may have left its domain as it was, and a walk that was just accepted may not
        // be visible yet. Anything else has started again, and an update that has reaches the same domain
        // when another operator walks it.
        let is_one_less =
            moving.begun() + 1 == record.begun && !moving.is_during && !seen.seems_restarted;
        let why = match failed {
            Some(failed) if is_one_less => return Err(failed),
            None if is_one_less && seen.work == Work::Going => return Ok(Move::Ask),
            // It may have failed, and nobody knows of it.
            None if is_one_less => Why::NotToBeSeen(Change::Walk { domain: moving.domain }),
            _ => Why::Overtaken(Meddling::Restarted),
        };
        return Ok(Move::Doubt(why));
    }
    if let Some(failed) = failed {
        return Err(failed);
    }
    if moving.is_during {
        let is_late = seen.is_late && !is_promoted(record);
        return if is_late { Err(Trouble::Late) } else { Ok(Move::Wait) };
    }
    if seen.work == Work::Going {
        return Ok(Move::Ask);
    }
    let next = Change::Walk { domain: moving.domain };
    let is_in_doubt = record.sent == Some(next) && seen.denials < DENIALS;
    if is_in_doubt || record.pause.is_some() {
        return Ok(Move::Wait);
    }
    let is_first = moving.domain == 0;
    if is_first || seen.is_healthy || is_promoted(record) {
        return Ok(Move::Send(next));
    }
    if is_late(seen) { Err(Trouble::Late) } else { Ok(Move::Wait) }
}

/// Whether domains that are done have had their time. Those that are healthy when it is up may finish
/// their settle time.
fn is_late(seen: &Seen<'_>) -> bool {
    seen.is_late && !seen.unwell.is_empty()
}

/// Whether a person lets the present gate be passed whatever the health.
fn is_promoted(record: &Record) -> bool {
    record.promoted == Some(record.begun)
}

fn late(record: &Record, seen: &Seen<'_>) -> Move {
    let domain = record.begun.saturating_sub(1);
    Move::Fail(Failure::Unhealthy { domain, instances: seen.unwell.to_vec() })
}

/// Accepted work failed. A person who is to decide is not told again.
fn fail(record: &Record, change: Change, reason: &str) -> Move {
    if record.pause.is_some() {
        return Move::Wait;
    }
    Move::Fail(Failure::WorkFailed { change, reason: reason.to_owned() })
}

#[cfg(test)]
mod tests;
