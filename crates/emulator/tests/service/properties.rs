//! Whatever is sent, at whatever time: no panic, no broken promise.

use std::time::Duration;

use azure_classic_emulator::Caller;
use bytes::Bytes;
use http::Request;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::actions::{Action, action, cases, new_harness, perform, timing};
use crate::harness::{SUBSCRIPTION, THUMBPRINT, TIMING};
use crate::invariants::InvariantChecker;

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn invariants_hold_for_any_actions(seed: u64, timing in timing(), actions in vec(action(), 1..80)) {
        let mut checker = InvariantChecker::new(new_harness(seed, &timing));
        let mut accepted = Vec::new();
        for action in &actions {
            let Some(reply) = checker.perform(action) else { continue };
            if reply.0.status().is_success()
                && !matches!(
                    action,
                    Action::CreateService
                        | Action::DeleteService
                        | Action::ReadDeployment { .. }
                        | Action::OtherRequest { .. }
                )
            {
                accepted.push(reply.id());
            }
            checker.check();
        }
        checker.finish();
        checker.check();
        for id in accepted {
            // Work on other things than deployments waits for questions about itself.
            let mut ends = (0..8).map(|_| checker.harness.operation(&id));
            let end = ends.find(|end| end != "InProgress").unwrap_or_default();
            prop_assert!(matches!(end.as_str(), "Succeeded 200" | "Failed 409 ConflictError"), "{}", end);
        }
    }

    #[test]
    fn same_seed_and_actions_give_same_responses(
        seed: u64, timing in timing(), actions in vec(action(), 1..30),
    ) {
        let run = || {
            let mut harness = new_harness(seed, &timing);
            let replies = actions.iter().filter_map(|action| perform(&mut harness, action));
            let replies: Vec<_> = replies.map(|reply| (reply.id(), reply.0.into_body())).collect();
            (replies, harness.simulator.next_event())
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn one_advance_equals_many_steps(
        seed: u64, timing in timing(), actions in vec(action(), 1..30), seconds in 1..4000_u64,
    ) {
        let mut leap = new_harness(seed, &timing);
        let mut steps = new_harness(seed, &timing);
        for action in &actions {
            perform(&mut leap, action);
            perform(&mut steps, action);
        }
        let end = leap.simulator.now() + Duration::from_secs(seconds);
        leap.simulator.advance(end);
        while let Some(next) = steps.simulator.next_event().filter(|next| *next <= end) {
            steps.simulator.advance(next);
        }
        steps.simulator.advance(end);
        prop_assert_eq!(leap.instances(), steps.instances());
        prop_assert_eq!(leap.simulator.next_event(), steps.simulator.next_event());
    }

    #[test]
    fn every_request_gets_a_response(
        method in "GET|POST|PUT|DELETE|HEAD|PATCH|BREW",
        path in prop_oneof![
            "/[ -~&&[^ #?\"<>\\\\^`{|}]]{0,60}",
            "(/services|/hostedservices|/contoso|/deploymentslots|/deployments|/production|/operations|/events|/package|/roleinstances|/dnsservers|/networking|/reservedips|/media|/associate|/%2e%2e|/){1,7}"
                .prop_map(|rest| format!("/{SUBSCRIPTION}{rest}")),
        ],
        query in "(\\?(comp|embed-detail|x)=(upgrade|config|rollback|true|%00|%ff|))?",
        body in prop_oneof![
            vec(any::<u8>(), 0..200),
            "(<[A-Za-z]{1,9}( xmlns='http://schemas.microsoft.com/windowsazure')?/?>|</?Mode>|<!DOCTYPE x>|&#?[a-z0-9]{1,3};|x){0,12}"
                .prop_map(String::into_bytes),
        ],
    ) {
        let Ok(request) = Request::builder()
            .method(method.as_str())
            .uri(format!("{path}{query}"))
            .header("x-ms-version", "2015-04-01")
            .body(Bytes::from(body)) else { return Ok(()) };
        let mut harness = new_harness(0, &TIMING);
        let now = harness.simulator.now();
        let outcome = harness.simulator.handle(now, &Caller::thumbprint(THUMBPRINT), &request);
        let reply = outcome.response.unwrap();
        let status = reply.status().as_u16();
        prop_assert!(matches!(status, 200 | 201 | 202 | 400 | 403 | 404 | 409), "{}", status);
        prop_assert!(reply.headers().contains_key("x-ms-request-id"));
        prop_assert!(status < 400 || reply.body().starts_with(b"<Error "));
    }
}
