//! Whatever is sent, at whatever time: no panic, no broken promise.

use std::time::Duration;

use azure_classic_emulator::Caller;
use bytes::Bytes;
use http::Request;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::bench::{PACE, SUBSCRIPTION, THUMBPRINT};
use crate::deeds::{Deed, cases, deed, new_bench, pace, perform};
use crate::promises::Witness;

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn any_life_keeps_the_promises(seed: u64, pace in pace(), deeds in vec(deed(), 1..80)) {
        let mut witness = Witness::new(new_bench(seed, &pace));
        let mut accepted = Vec::new();
        for deed in &deeds {
            let Some(reply) = witness.perform(deed) else { continue };
            if reply.0.status().is_success()
                && !matches!(
                    deed,
                    Deed::CreateService
                        | Deed::DeleteService
                        | Deed::Look { .. }
                        | Deed::Surround { .. }
                )
            {
                accepted.push(reply.id());
            }
            witness.check();
        }
        witness.finish();
        witness.check();
        for id in accepted {
            let end = witness.bench.operation(&id);
            prop_assert!(matches!(end.as_str(), "Succeeded 200" | "Failed 409 ConflictError"), "{}", end);
        }
    }

    #[test]
    fn the_same_seed_and_the_same_deeds_get_the_same_answers(
        seed: u64, pace in pace(), deeds in vec(deed(), 1..30),
    ) {
        let run = || {
            let mut bench = new_bench(seed, &pace);
            let replies = deeds.iter().filter_map(|deed| perform(&mut bench, deed));
            let replies: Vec<_> = replies.map(|reply| (reply.id(), reply.0.into_body())).collect();
            (replies, bench.cloud.next_event())
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn time_in_one_leap_or_in_many_steps_is_the_same(
        seed: u64, pace in pace(), deeds in vec(deed(), 1..30), seconds in 1..4000_u64,
    ) {
        let mut leap = new_bench(seed, &pace);
        let mut steps = new_bench(seed, &pace);
        for deed in &deeds {
            perform(&mut leap, deed);
            perform(&mut steps, deed);
        }
        let end = leap.cloud.now() + Duration::from_secs(seconds);
        leap.cloud.advance(end);
        while let Some(next) = steps.cloud.next_event().filter(|next| *next <= end) {
            steps.cloud.advance(next);
        }
        steps.cloud.advance(end);
        prop_assert_eq!(leap.instances(), steps.instances());
        prop_assert_eq!(leap.cloud.next_event(), steps.cloud.next_event());
    }

    #[test]
    fn any_request_is_answered(
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
        let mut bench = new_bench(0, &PACE);
        let now = bench.cloud.now();
        let outcome = bench.cloud.handle(now, &Caller::thumbprint(THUMBPRINT), &request);
        let reply = outcome.answer.unwrap();
        let status = reply.status().as_u16();
        prop_assert!(matches!(status, 200 | 201 | 202 | 400 | 403 | 404 | 409), "{}", status);
        prop_assert!(reply.headers().contains_key("x-ms-request-id"));
        prop_assert!(status < 400 || reply.body().starts_with(b"<Error "));
    }
}
