//! From a request to what becomes of it: who may call, which operation it is, what the faults say.

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ApiVersion, ErrorBody, RequestId};
use bytes::Bytes;
use http::Request;
use serde::{Deserialize, Serialize};

use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::{Arguments, Call, Query};
use super::diagnostics::Diagnostics;
use super::faults::{AppliedFaults, FaultContext};
use super::journal::JournalEntry;
use super::operations::{Operation, Progress};
use super::outcome::{DelayedRequest, Outcome};
use super::prepared_body::PreparedBody;
use super::route::{Path, Route, Verb};
use super::shared_state::SharedState;
use super::{Simulator, route, routes};
use crate::Caller;

/// A request on its way through the cloud.
#[derive(Debug)]
pub(super) struct RequestContext {
    pub(super) id: RequestId,
    pub(super) received_at: Instant,
    /// The operation, or why it is none.
    pub(super) route: Result<MatchedRoute, ApiError>,
    pub(super) verdict: AppliedFaults,
    pub(super) diagnostics: Diagnostics,
}

/// The decision about a request that a fault delays: sufficient to replay its second half from a state file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Decision {
    id: RequestId,
    received_at: Instant,
    verdict: AppliedFaults,
}

/// Which operation a request is for, and on what.
#[derive(Debug)]
pub(super) struct MatchedRoute {
    pub(super) route: &'static Route,
    arguments: Arguments,
    version: ApiVersion,
}

impl RequestContext {
    pub(super) fn decision(&self) -> Decision {
        let Self { id, received_at: arrived, verdict, .. } = self;
        Decision { id: id.clone(), received_at: *arrived, verdict: verdict.clone() }
    }
}

impl Simulator {
    /// Handles a request at a time. The response contains any problem with it.
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
        prepared: Option<&PreparedBody<'_>>,
    ) -> Outcome {
        self.advance(now);
        let id = RequestId::new(&self.shared.ids.hex_id());
        let diagnostics = Diagnostics::default();
        let matched = self.authorize(caller).and_then(|()| self.route(request, &diagnostics));
        let verdict = matched.as_ref().map(|it| self.apply_faults(it)).unwrap_or_default();
        let context = RequestContext {
            id,
            received_at: self.shared.now,
            route: matched,
            verdict,
            diagnostics,
        };
        if context.verdict.delay_before.is_zero() {
            return self.respond(context, caller, request, prepared);
        }
        let delay = context.verdict.delay_before;
        let delayed = DelayedRequest { context, caller: caller.clone(), request: request.clone() };
        Outcome { delay, response: None, delayed: Some(delayed) }
    }

    /// Goes on with a request that a fault has held back.
    pub fn resume(&mut self, now: Instant, delayed: DelayedRequest) -> Outcome {
        self.resume_prepared(now, delayed, None)
    }

    pub(crate) fn resume_prepared(
        &mut self,
        now: Instant,
        delayed: DelayedRequest,
        prepared: Option<&PreparedBody<'_>>,
    ) -> Outcome {
        self.advance(now);
        self.respond(delayed.context, &delayed.caller, &delayed.request, prepared)
    }

    /// The request that was delayed with this decision.
    pub(crate) fn delayed(
        &self,
        decision: Decision,
        caller: Caller,
        request: Request<Bytes>,
    ) -> DelayedRequest {
        let Decision { id, received_at: arrived, verdict } = decision;
        let diagnostics = Diagnostics::default();
        let matched = self.route(&request, &diagnostics);
        DelayedRequest {
            context: RequestContext {
                id,
                received_at: arrived,
                route: matched,
                verdict,
                diagnostics,
            },
            caller,
            request,
        }
    }

    /// The response if the change could not be persisted.
    pub(crate) fn not_persisted(&self, outcome: Outcome, why: &str) -> Outcome {
        let response = outcome.response.map(|response| {
            let id = response.headers().get("x-ms-request-id").and_then(|id| id.to_str().ok());
            let id = RequestId::new(id.unwrap_or_default());
            let unix_seconds = self.shared.settings.unix_seconds(self.shared.now);
            ApiResponse::from_error(&ApiError::not_persisted(why)).into_response(&id, unix_seconds)
        });
        Outcome { response, ..outcome }
    }

    /// Executes a request completely, as if long ago: without authorization and faults, and without entries
    /// in the journal and the operation log.
    pub(crate) fn execute_silently(&mut self, request: &Request<Bytes>) -> Result<(), ErrorBody> {
        let id = RequestId::new(&self.shared.ids.hex_id());
        let (arrived, verdict, diagnostics) =
            (self.shared.now, AppliedFaults::default(), Diagnostics::default());
        let matched = self.route(request, &diagnostics);
        let context =
            RequestContext { id, received_at: arrived, route: matched, verdict, diagnostics };
        match &context.route {
            Ok(matched) => self.execute(&context, matched, &Caller::ANONYMOUS, request, None),
            Err(api_error) => Err(api_error.clone()),
        }
        .map_err(|api_error| api_error.body())?;
        self.advance(self.shared.now);
        match self.shared.operations.remove(&context.id).map(|it| it.progress) {
            Some(Progress::Failed(_, error)) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether a request would be performed now, so that its body is worth decoding. Changes nothing.
    pub(crate) fn would_execute(&mut self, caller: &Caller, request: &Request<Bytes>) -> bool {
        let matched =
            self.authorize(caller).and_then(|()| self.route(request, &Diagnostics::default()));
        let Ok(matched) = matched else { return false };
        let (faults, revision) = (self.shared.faults.clone(), self.shared.revision);
        let verdict = self.apply_faults(&matched);
        (self.shared.faults, self.shared.revision) = (faults, revision);
        verdict.delay_before.is_zero() && verdict.executes()
    }

    fn authorize(&self, caller: &Caller) -> Result<(), ApiError> {
        let is_listed = self.management_certificates.allows(caller);
        if is_listed { Ok(()) } else { Err(ApiError::forbidden()) }
    }

    fn route(
        &self,
        request: &Request<Bytes>,
        diagnostics: &Diagnostics,
    ) -> Result<MatchedRoute, ApiError> {
        let settings = &self.shared.settings;
        let path = Path::read(request.uri())?;
        if path.subscription.as_ref().is_some_and(|id| id != settings.subscription.as_str()) {
            return Err(ApiError::forbidden());
        }
        let version = requested_version(request)?;
        let query = Query::of(request.uri());
        let (route, arguments) =
            route::find(routes::routes(), &path, request.method(), query, diagnostics)?;
        if version < route.since {
            return Err(ApiError::version_too_old(route.operation, route.since));
        }
        if request.body().len() > Self::MAX_BODY_BYTES {
            return Err(ApiError::bad_request(format!(
                "The request body is larger than {} bytes.",
                Self::MAX_BODY_BYTES
            )));
        }
        Ok(MatchedRoute { route, arguments, version })
    }

    /// Evaluates the fault rules.
    fn apply_faults(&mut self, matched: &MatchedRoute) -> AppliedFaults {
        let MatchedRoute { route, arguments, .. } = matched;
        let given = |name| Some(arguments.get(name)).filter(|value| !value.is_empty());
        let which = arguments.deployment_selector().ok();
        let id = which.and_then(|which| self.deployment_id(given("service")?, &which).ok());
        let fault_context = FaultContext {
            operation: Some((route.operation, route.verb == Verb::Get)),
            service: given("service"),
            deployment: id.and_then(|id| self.deployments.get(&id)).map(|it| it.name.as_str()),
            instance: given("instance"),
            label: None,
        };
        let counted = self.shared.faults.total_matched();
        let verdict = self.shared.faults.evaluate(self.shared.now, &fault_context);
        if self.shared.faults.total_matched() != counted {
            self.shared.mark_changed();
        }
        verdict
    }

    fn respond(
        &mut self,
        context: RequestContext,
        caller: &Caller,
        request: &Request<Bytes>,
        prepared: Option<&PreparedBody<'_>>,
    ) -> Outcome {
        let time = self.shared.settings.date_time(context.received_at);
        let origin = self.shared.settings.origin;
        let skew = self.shared.faults.skew(self.shared.now);
        self.shared.settings.origin = origin.saturating_add(skew);
        let response = self.response(&context, caller, request, prepared);
        let unix_seconds = self.shared.settings.unix_seconds(self.shared.now);
        self.shared.settings.origin = origin;

        let (id, delay) = (context.id.clone(), context.verdict.delay_after);
        let entry = JournalEntry::new(context, time, caller, request, response.as_ref());
        self.journal.add(entry, self.shared.settings.journal_entries);
        let response = response.map(|response| {
            response
                .unwrap_or_else(|api_error| ApiResponse::from_error(&api_error))
                .into_response(&id, unix_seconds)
        });
        Outcome { delay, response, delayed: None }
    }

    /// `None` if the connection must be closed.
    fn response(
        &mut self,
        context: &RequestContext,
        caller: &Caller,
        request: &Request<Bytes>,
        prepared: Option<&PreparedBody<'_>>,
    ) -> Option<Result<ApiResponse, ApiError>> {
        let matched = match &context.route {
            Ok(matched) => matched,
            Err(api_error) => return Some(Err(api_error.clone())),
        };
        let perform = || self.execute(context, matched, caller, request, prepared);
        let done = context.verdict.executes().then(perform);
        match &context.verdict.response {
            Some(ending) => ending.response(request.uri()),
            None => done,
        }
    }

    fn execute(
        &mut self,
        context: &RequestContext,
        matched: &MatchedRoute,
        caller: &Caller,
        request: &Request<Bytes>,
        prepared: Option<&PreparedBody<'_>>,
    ) -> Result<ApiResponse, ApiError> {
        let MatchedRoute { route, arguments, version } = matched;
        let late;
        let prepared = if let Some(prepared) = prepared {
            prepared
        } else {
            late = PreparedBody::new(request);
            &late
        };
        let call = Call {
            id: &context.id,
            caller,
            version: *version,
            arguments: arguments.clone(),
            query: Query::of(request.uri()),
            headers: request.headers(),
            prepared,
            diagnostics: &context.diagnostics,
        };
        if route.verb == Verb::Get {
            return (route.handler)(self, &call);
        }
        let SharedState { settings, now, .. } = &self.shared;
        let path = request.uri().path();
        let requested = Operation::requested(route, path, &call, &settings.subscription, *now);
        self.shared.mark_changed();
        self.shared.operations.start(requested);
        let response = self.change(&call, route, &context.verdict);
        match &response {
            Ok(response) if response.has_accepted_operation => {}
            Ok(_) => self.shared.operations.succeed(&context.id, self.shared.now),
            Err(_) => drop(self.shared.operations.remove(&context.id)),
        }
        response
    }

    fn change(
        &mut self,
        call: &Call<'_>,
        route: &Route,
        verdict: &AppliedFaults,
    ) -> Result<ApiResponse, ApiError> {
        // Events of this request use the delay of this request.
        let timing = &mut self.shared.settings.timing;
        let takes = verdict.operation_delay.map(Into::into);
        let takes = takes.unwrap_or_else(|| timing.operation_delay(route.operation));
        let usual = std::mem::replace(&mut timing.operation, takes);
        let response = match &verdict.failure {
            Some(failure) => self.accept_then_fail(call, route.handler, failure),
            None => (route.handler)(self, call),
        };
        self.shared.settings.timing.operation = usual;
        response
    }
}

fn requested_version(request: &Request<Bytes>) -> Result<ApiVersion, ApiError> {
    request
        .headers()
        .get("x-ms-version")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().parse().ok())
        .filter(|version: &ApiVersion| version.is_known())
        .ok_or_else(ApiError::no_version)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Settings;
    use crate::faults::{Effect, FaultRule};

    #[test]
    fn bodies_are_decoded_once_and_only_on_use() {
        let slow = Effect::Slow { time: Duration::from_secs(9), after_processing: false };
        let caller = Caller::certificate(b"contoso");
        let id = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
        let mut simulator =
            Simulator::new(Settings::new(id.parse().unwrap()).allow_certificate(b"contoso"));
        simulator.add_fault(FaultRule::new("slow", slow).probability(0.5)).unwrap();
        let request = Request::post(format!("/{id}/services/hostedservices"))
            .header("x-ms-version", "2015-04-01")
            .body(Bytes::from_static(b"<a/>"))
            .unwrap();
        let mut counts = [0; 2];
        for _ in 0..64 {
            let before = simulator.save_compact();
            let performs = simulator.would_execute(&caller, &request);
            assert_eq!(simulator.save_compact(), before);
            let outcome = simulator.handle(Instant::ORIGIN, &caller, &request);
            assert_eq!(outcome.delayed.is_none(), performs);
            counts[usize::from(performs)] += 1;
        }
        assert!(counts.iter().all(|&count| count > 0), "{counts:?}");

        assert!(!simulator.would_execute(&Caller::certificate(b"fabrikam"), &request));
        let nowhere = Request::post(format!("/{id}/nowhere")).body(Bytes::new()).unwrap();
        assert!(!simulator.would_execute(&caller, &nowhere));
    }
}
