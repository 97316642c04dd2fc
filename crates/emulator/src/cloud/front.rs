//! From a request to what becomes of it: who may call, which operation it is, what the faults say.

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ApiVersion, ErrorBody, RequestId};
use bytes::Bytes;
use http::Request;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::call::{Arguments, Call, Query};
use super::faults::{Scene, Verdict};
use super::journal::JournalEntry;
use super::notes::Notes;
use super::operations::{Operation, Progress};
use super::outcome::{Held, Outcome};
use super::prepared::Prepared;
use super::refusal::Refusal;
use super::route::{Path, Route, Verb};
use super::world::World;
use super::{Cloud, api, route};
use crate::Caller;

/// A request on its way through the cloud.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) id: RequestId,
    pub(super) arrived: Instant,
    /// The operation, or why it is none.
    pub(super) recognised: Result<Recognised, Refusal>,
    pub(super) verdict: Verdict,
    pub(super) notes: Notes,
}

/// What was decided about a request that a fault delays: enough to repeat its second half from a state file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Decision {
    id: RequestId,
    arrived: Instant,
    verdict: Verdict,
}

/// Which operation a request is for, and on what.
#[derive(Debug)]
pub(super) struct Recognised {
    pub(super) route: &'static Route,
    arguments: Arguments,
    version: ApiVersion,
}

impl Visit {
    pub(super) fn decision(&self) -> Decision {
        let Self { id, arrived, verdict, .. } = self;
        Decision { id: id.clone(), arrived: *arrived, verdict: verdict.clone() }
    }
}

impl Cloud {
    /// Takes a request at a moment. Whatever is wrong with it is said in the answer.
    pub fn handle(&mut self, now: Instant, caller: &Caller, request: &Request<Bytes>) -> Outcome {
        self.handle_prepared(now, caller, request, None)
    }

    /// As [`handle`](Self::handle), with what was found in the request before; otherwise it is found
    /// when it is needed.
    pub(crate) fn handle_prepared(
        &mut self,
        now: Instant,
        caller: &Caller,
        request: &Request<Bytes>,
        prepared: Option<&Prepared<'_>>,
    ) -> Outcome {
        self.advance(now);
        let id = RequestId::new(&self.world.ids.hex_id());
        let notes = Notes::default();
        let recognised = self.admit(caller).and_then(|()| self.recognise(request, &notes));
        let verdict = recognised.as_ref().map(|it| self.judge(it)).unwrap_or_default();
        let visit = Visit { id, arrived: self.world.now, recognised, verdict, notes };
        if visit.verdict.wait.is_zero() {
            return self.conclude(visit, caller, request, prepared);
        }
        let delay = visit.verdict.wait;
        let held = Held { visit, caller: caller.clone(), request: request.clone() };
        Outcome { delay, answer: None, held: Some(held) }
    }

    /// Goes on with a request that a fault has held back.
    pub fn resume(&mut self, now: Instant, held: Held) -> Outcome {
        self.resume_prepared(now, held, None)
    }

    pub(crate) fn resume_prepared(
        &mut self,
        now: Instant,
        held: Held,
        prepared: Option<&Prepared<'_>>,
    ) -> Outcome {
        self.advance(now);
        self.conclude(held.visit, &held.caller, &held.request, prepared)
    }

    /// The request that was delayed with this decision.
    pub(crate) fn delayed(
        &self,
        decision: Decision,
        caller: Caller,
        request: Request<Bytes>,
    ) -> Held {
        let Decision { id, arrived, verdict } = decision;
        let notes = Notes::default();
        let recognised = self.recognise(&request, &notes);
        Held { visit: Visit { id, arrived, recognised, verdict, notes }, caller, request }
    }

    /// What is answered when nobody can promise that what was done lasts.
    pub(crate) fn unwritten(&self, outcome: Outcome, why: &str) -> Outcome {
        let answer = outcome.answer.map(|answer| {
            let id = answer.headers().get("x-ms-request-id").and_then(|id| id.to_str().ok());
            let id = RequestId::new(id.unwrap_or_default());
            let unix_seconds = self.world.settings.unix_seconds(self.world.now);
            Answer::refused(&Refusal::unwritten(why)).into_response(&id, unix_seconds)
        });
        Outcome { answer, ..outcome }
    }

    /// Performs a request to its end as if that had been long ago: nobody is asked who calls, no fault
    /// takes effect, and neither the journal nor the log of operations knows of it.
    pub(crate) fn perform_unnoticed(&mut self, request: &Request<Bytes>) -> Result<(), ErrorBody> {
        let id = RequestId::new(&self.world.ids.hex_id());
        let (arrived, verdict, notes) = (self.world.now, Verdict::default(), Notes::default());
        let recognised = self.recognise(request, &notes);
        let visit = Visit { id, arrived, recognised, verdict, notes };
        match &visit.recognised {
            Ok(recognised) => self.perform(&visit, recognised, &Caller::NOBODY, request, None),
            Err(refusal) => Err(refusal.clone()),
        }
        .map_err(|refusal| refusal.body())?;
        self.advance(self.world.now);
        match self.world.operations.forget(&visit.id).map(|it| it.progress) {
            Some(Progress::Failed(_, error)) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether a request would be performed now, so that its body is worth decoding. Changes nothing.
    pub(crate) fn performs(&mut self, caller: &Caller, request: &Request<Bytes>) -> bool {
        let recognised =
            self.admit(caller).and_then(|()| self.recognise(request, &Notes::default()));
        let Ok(recognised) = recognised else { return false };
        let (faults, revision) = (self.world.faults.clone(), self.world.revision);
        let verdict = self.judge(&recognised);
        (self.world.faults, self.world.revision) = (faults, revision);
        verdict.wait.is_zero() && verdict.performs()
    }

    fn admit(&self, caller: &Caller) -> Result<(), Refusal> {
        let is_listed = self.management_certificates.allow(caller);
        if is_listed { Ok(()) } else { Err(Refusal::forbidden()) }
    }

    fn recognise(&self, request: &Request<Bytes>, notes: &Notes) -> Result<Recognised, Refusal> {
        let settings = &self.world.settings;
        let path = Path::read(request.uri())?;
        if path.subscription.as_ref().is_some_and(|id| id != settings.subscription.as_str()) {
            return Err(Refusal::forbidden());
        }
        let version = version_of(request)?;
        let query = Query::of(request.uri());
        let (route, arguments) = route::find(api::routes(), &path, request.method(), query, notes)?;
        if version < route.since {
            return Err(Refusal::version_too_old(route.operation, route.since));
        }
        if request.body().len() > Self::BODY_LIMIT {
            return Err(Refusal::bad_request(format!(
                "The request body is larger than {} bytes.",
                Self::BODY_LIMIT
            )));
        }
        Ok(Recognised { route, arguments, version })
    }

    /// Asks the faults.
    fn judge(&mut self, recognised: &Recognised) -> Verdict {
        let Recognised { route, arguments, .. } = recognised;
        let given = |name| Some(arguments.get(name)).filter(|value| !value.is_empty());
        let which = arguments.which().ok();
        let id = which.and_then(|which| self.deployment_id(given("service")?, &which).ok());
        let scene = Scene {
            operation: Some((route.operation, route.verb == Verb::Get)),
            service: given("service"),
            deployment: id.and_then(|id| self.deployments.get(&id)).map(|it| it.name.as_str()),
            instance: given("instance"),
            label: None,
        };
        let counted = self.world.faults.counted();
        let verdict = self.world.faults.judge(self.world.now, &scene);
        if self.world.faults.counted() != counted {
            self.world.touch();
        }
        verdict
    }

    fn conclude(
        &mut self,
        visit: Visit,
        caller: &Caller,
        request: &Request<Bytes>,
        prepared: Option<&Prepared<'_>>,
    ) -> Outcome {
        let time = self.world.settings.date_time(visit.arrived);
        let origin = self.world.settings.origin;
        let skew = self.world.faults.skew(self.world.now);
        self.world.settings.origin = origin.saturating_add(skew);
        let answer = self.answer(&visit, caller, request, prepared);
        let unix_seconds = self.world.settings.unix_seconds(self.world.now);
        self.world.settings.origin = origin;

        let (id, delay) = (visit.id.clone(), visit.verdict.delay);
        let entry = JournalEntry::new(visit, time, caller, request, answer.as_ref());
        self.journal.add(entry, self.world.settings.journal_entries);
        let answer = answer.map(|answer| {
            answer
                .unwrap_or_else(|refusal| Answer::refused(&refusal))
                .into_response(&id, unix_seconds)
        });
        Outcome { delay, answer, held: None }
    }

    /// `None` when the connection is to be cut.
    fn answer(
        &mut self,
        visit: &Visit,
        caller: &Caller,
        request: &Request<Bytes>,
        prepared: Option<&Prepared<'_>>,
    ) -> Option<Result<Answer, Refusal>> {
        let recognised = match &visit.recognised {
            Ok(recognised) => recognised,
            Err(refusal) => return Some(Err(refusal.clone())),
        };
        let perform = || self.perform(visit, recognised, caller, request, prepared);
        let done = visit.verdict.performs().then(perform);
        match &visit.verdict.ending {
            Some(ending) => ending.answer(request.uri()),
            None => done,
        }
    }

    fn perform(
        &mut self,
        visit: &Visit,
        recognised: &Recognised,
        caller: &Caller,
        request: &Request<Bytes>,
        prepared: Option<&Prepared<'_>>,
    ) -> Result<Answer, Refusal> {
        let Recognised { route, arguments, version } = recognised;
        let late;
        let prepared = if let Some(prepared) = prepared {
            prepared
        } else {
            late = Prepared::of(request);
            &late
        };
        let call = Call {
            id: &visit.id,
            caller,
            version: *version,
            arguments: arguments.clone(),
            query: Query::of(request.uri()),
            headers: request.headers(),
            prepared,
            notes: &visit.notes,
        };
        if route.verb == Verb::Get {
            return (route.perform)(self, &call);
        }
        let World { settings, now, .. } = &self.world;
        let path = request.uri().path();
        let asked = Operation::asked(route, path, &call, &settings.subscription, *now);
        self.world.touch();
        self.world.operations.begin(asked);
        let answer = self.change(&call, route, &visit.verdict);
        match &answer {
            Ok(answer) if answer.goes_on => {}
            Ok(_) => self.world.operations.succeed(&visit.id, self.world.now),
            Err(_) => drop(self.world.operations.forget(&visit.id)),
        }
        answer
    }

    fn change(
        &mut self,
        call: &Call<'_>,
        route: &Route,
        verdict: &Verdict,
    ) -> Result<Answer, Refusal> {
        // What is scheduled for this request takes what this request takes.
        let pace = &mut self.world.settings.pace;
        let takes = verdict.takes.map(Into::into);
        let takes = takes.unwrap_or_else(|| pace.of_operation(route.operation));
        let usual = std::mem::replace(&mut pace.operation, takes);
        let answer = match &verdict.failure {
            Some(failure) => self.accept_in_vain(call, route.perform, failure),
            None => (route.perform)(self, call),
        };
        self.world.settings.pace.operation = usual;
        answer
    }
}

fn version_of(request: &Request<Bytes>) -> Result<ApiVersion, Refusal> {
    request
        .headers()
        .get("x-ms-version")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().parse().ok())
        .filter(|version: &ApiVersion| version.is_known())
        .ok_or_else(Refusal::no_version)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Settings;
    use crate::faults::{Effect, Rule};

    #[test]
    fn a_body_is_decoded_once_and_only_when_it_is_used() {
        let slow = Effect::Slow { time: Duration::from_secs(9), after_work: false };
        let caller = Caller::certificate(b"contoso");
        let id = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
        let mut cloud =
            Cloud::new(Settings::new(id.parse().unwrap()).allow_certificate(b"contoso"));
        cloud.add_fault(Rule::new("slow", slow).probability(0.5)).unwrap();
        let request = Request::post(format!("/{id}/services/hostedservices"))
            .header("x-ms-version", "2015-04-01")
            .body(Bytes::from_static(b"<a/>"))
            .unwrap();
        let mut counts = [0; 2];
        for _ in 0..64 {
            let before = cloud.save_compact();
            let performs = cloud.performs(&caller, &request);
            assert_eq!(cloud.save_compact(), before);
            let outcome = cloud.handle(Instant::ORIGIN, &caller, &request);
            assert_eq!(outcome.held.is_none(), performs);
            counts[usize::from(performs)] += 1;
        }
        assert!(counts.iter().all(|&count| count > 0), "{counts:?}");

        assert!(!cloud.performs(&Caller::certificate(b"fabrikam"), &request));
        let nowhere = Request::post(format!("/{id}/nowhere")).body(Bytes::new()).unwrap();
        assert!(!cloud.performs(&caller, &nowhere));
    }
}
