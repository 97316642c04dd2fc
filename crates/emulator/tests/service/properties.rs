//! Whatever is sent, at whatever time: no panic, no broken promise.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use azure_classic_emulator::Caller;
use bytes::Bytes;
use http::Request;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::bench::{
    Bench, Reply, SUBSCRIPTION, THUMBPRINT, change, create_deployment, create_service, rollback,
    root, set_status, swap, upgrade, walk,
};

/// One thing that is done to the cloud.
#[derive(Debug, Clone)]
enum Deed {
    CreateService,
    DeleteService,
    DeleteServiceWithAll,
    Create { staging: bool, name: u8, roles: Vec<u32>, start: bool },
    Delete { target: u8 },
    Upgrade { target: u8, mode: u8, label: u8, roles: Vec<u32> },
    Change { target: u8, mode: u8, roles: Vec<u32> },
    Walk { target: u8, domain: u32 },
    WalkNext { target: u8 },
    RollBack { target: u8, mode: u8 },
    SetStatus { target: u8, start: bool },
    Swap { names: u8 },
    Renew { target: u8, index: u8, kind: u8 },
    Remove { target: u8, indices: Vec<u8> },
    Maintain { index: u8 },
    Reserve { name: u8, of: Option<u8> },
    Release { name: u8 },
    Associate { name: u8, with: u8, is_wanted: bool },
    Name { target: u8, server: u8 },
    Pass { seconds: u64 },
    Jump,
    Stick { index: u8, label: u8 },
    Unstick { index: u8 },
}

const MODES: [&str; 4] = ["Auto", "Manual", "Simultaneous", "manual"];
const SERVICE: &str = "/services/hostedservices/contoso";
const DOMAINS: u32 = 3;

fn deed() -> impl Strategy<Value = Deed> {
    let roles = || vec(1_u32..8, 1..3);
    prop_oneof![
        1 => Just(Deed::CreateService),
        1 => Just(Deed::DeleteService),
        1 => Just(Deed::DeleteServiceWithAll),
        4 => (any::<bool>(), 0..2_u8, roles(), any::<bool>())
            .prop_map(|(staging, name, roles, start)| Deed::Create { staging, name, roles, start }),
        1 => (0..4_u8).prop_map(|target| Deed::Delete { target }),
        4 => (0..4_u8, 0..4_u8, 0..3_u8, roles())
            .prop_map(|(target, mode, label, roles)| Deed::Upgrade { target, mode, label, roles }),
        3 => (0..4_u8, 0..4_u8, roles())
            .prop_map(|(target, mode, roles)| Deed::Change { target, mode, roles }),
        1 => (0..4_u8, 0..5_u32).prop_map(|(target, domain)| Deed::Walk { target, domain }),
        4 => (0..4_u8).prop_map(|target| Deed::WalkNext { target }),
        3 => (0..4_u8, 0..4_u8).prop_map(|(target, mode)| Deed::RollBack { target, mode }),
        2 => (0..4_u8, any::<bool>())
            .prop_map(|(target, start)| Deed::SetStatus { target, start }),
        2 => (0..5_u8).prop_map(|names| Deed::Swap { names }),
        2 => (0..4_u8, 0..8_u8, 0..3_u8)
            .prop_map(|(target, index, kind)| Deed::Renew { target, index, kind }),
        2 => (0..4_u8, vec(0..12_u8, 1..3))
            .prop_map(|(target, indices)| Deed::Remove { target, indices }),
        1 => (0..6_u8).prop_map(|index| Deed::Maintain { index }),
        1 => (0..2_u8, prop::option::of(0..2_u8))
            .prop_map(|(name, of)| Deed::Reserve { name, of }),
        1 => (0..2_u8).prop_map(|name| Deed::Release { name }),
        2 => (0..2_u8, 0..2_u8, any::<bool>())
            .prop_map(|(name, with, is_wanted)| Deed::Associate { name, with, is_wanted }),
        1 => (2..4_u8, 0..2_u8).prop_map(|(target, server)| Deed::Name { target, server }),
        6 => (0..40_u64).prop_map(|seconds| Deed::Pass { seconds }),
        2 => Just(Deed::Jump),
        1 => (0..6_u8, 0..3_u8).prop_map(|(index, label)| Deed::Stick { index, label }),
        1 => (0..6_u8).prop_map(|index| Deed::Unstick { index }),
    ]
}

const RESERVED: &str = "/services/networking/reservedips";

fn holder(deployment: u8) -> String {
    format!("<ServiceName>contoso</ServiceName><DeploymentName>d{deployment}</DeploymentName>")
}

fn path(target: u8, query: &str) -> String {
    let deployment = [
        "deploymentslots/production",
        "deploymentslots/Staging",
        "deployments/d0",
        "deployments/d1",
    ];
    format!("{SERVICE}/{}{query}", deployment[usize::from(target)])
}

fn named(counts: &[u32]) -> Vec<(&'static str, u32)> {
    ["Web", "Batch"].into_iter().zip(counts.iter().copied()).collect()
}

fn instance(index: u8) -> String {
    format!("{}_IN_{}", ["Web", "Batch"][usize::from(index % 2)], index / 2)
}

/// Does it; gives back the answer to a request.
fn perform(bench: &mut Bench, deed: &Deed) -> Option<Reply> {
    let mode = |at: &u8| MODES[usize::from(*at)];
    Some(match deed {
        Deed::CreateService => bench.post("/services/hostedservices", &create_service("contoso")),
        Deed::DeleteService => bench.delete(SERVICE),
        Deed::DeleteServiceWithAll => bench.delete(&format!("{SERVICE}?comp=media")),
        Deed::Create { staging, name, roles, start } => bench.post(
            &path(u8::from(*staging), ""),
            &create_deployment(&format!("d{name}"), "l0", &named(roles), *start),
        ),
        Deed::Delete { target } => bench.delete(&path(*target, "")),
        Deed::Upgrade { target, mode: at, label, roles } => bench.post(
            &path(*target, "/?comp=upgrade"),
            &upgrade(mode(at), &format!("l{label}"), &named(roles)),
        ),
        Deed::Change { target, mode: at, roles } => {
            bench.post(&path(*target, "/?comp=config"), &change(mode(at), &named(roles)))
        }
        Deed::Walk { target, domain } => {
            bench.post(&path(*target, "/?comp=walkupgradedomain"), &walk(*domain))
        }
        Deed::WalkNext { target } => {
            let next = bench.get(&path(*target, "")).text("CurrentUpgradeDomain");
            let next = next.parse().unwrap_or_default();
            bench.post(&path(*target, "?comp=walkupgradedomain"), &walk(next))
        }
        Deed::RollBack { target, mode: at } => {
            bench.post(&path(*target, "/?comp=rollback"), &rollback(mode(at)))
        }
        Deed::SetStatus { target, start } => {
            let status = set_status(if *start { "Running" } else { "Suspended" });
            bench.post(&path(*target, "/?comp=status"), &status)
        }
        Deed::Swap { names } => {
            let (production, source) =
                [("d0", "d1"), ("d1", "d0"), ("", "d0"), ("", "d1"), ("d0", "d0")]
                    [usize::from(*names)];
            bench.post(SERVICE, &swap(&format!("<Production>{production}</Production>"), source))
        }
        Deed::Renew { target, index, kind } => {
            let kind =
                ["reboot", "reimage", "rebuild&resources=allLocalDrives"][usize::from(*kind)];
            let query = format!("/roleinstances/{}?comp={kind}", instance(*index));
            bench.post(&path(*target, &query), "")
        }
        Deed::Remove { target, indices } => {
            let names: Vec<_> = indices.iter().map(|index| instance(*index)).collect();
            let list = format!("<Name>{}</Name>", names.join("</Name><Name>"));
            bench.post(&path(*target, "/roleinstances/?comp=delete"), &root("RoleInstances", &list))
        }
        Deed::Maintain { index } => {
            bench.cloud.reboot_for_maintenance("contoso", &instance(*index));
            return None;
        }
        Deed::Reserve { name, of } => {
            let of = of.map(holder).unwrap_or_default();
            let body = format!("<Name>r{name}</Name>{of}<Location>West US</Location>");
            bench.post(RESERVED, &root("ReservedIP", &body))
        }
        Deed::Release { name } => bench.delete(&format!("{RESERVED}/r{name}")),
        Deed::Associate { name, with, is_wanted } => {
            let what = if *is_wanted { "associate" } else { "disassociate" };
            let path = format!("{RESERVED}/r{name}/operations/{what}");
            bench.post(&path, &root("ReservedIPAssociation", &holder(*with)))
        }
        Deed::Name { target, server } => {
            let body = format!("<Name>s{server}</Name><Address>10.0.0.9</Address>");
            bench.post(&path(*target, "/dnsservers"), &root("DnsServer", &body))
        }
        Deed::Pass { seconds } => {
            bench.pass(*seconds);
            return None;
        }
        Deed::Jump => {
            let next = bench.cloud.next_event()?;
            bench.cloud.advance(next);
            return None;
        }
        Deed::Stick { index, label } => {
            bench.stick_on(&instance(*index), &format!("l{label}"));
            return None;
        }
        Deed::Unstick { index } => {
            bench.cloud.remove_fault(&instance(*index));
            return None;
        }
    })
}

fn new_bench(seed: u64) -> Bench {
    let mut bench = Bench::with(|settings| {
        settings.upgrade_domains = DOMAINS;
        settings.seed = seed;
        settings.pace.spread = 60;
    });
    perform(&mut bench, &Deed::CreateService);
    bench
}

/// What each deployment was last told to be: role by role, by what the configuration says.
fn configured(configuration: &str) -> BTreeMap<String, usize> {
    let text = crate::bench::unbase64(configuration);
    let document = roxmltree::Document::parse(&text).unwrap();
    document
        .descendants()
        .filter(|node| node.tag_name().name() == "Role")
        .map(|role| {
            let count = role.first_element_child().unwrap().attribute("count").unwrap();
            (role.attribute("name").unwrap().to_owned(), count.parse().unwrap())
        })
        .collect()
}

/// What must hold at any moment.
fn check(bench: &mut Bench) {
    for target in 0..2 {
        let reply = bench.get(&path(target, ""));
        if reply.0.status() == 404 {
            continue;
        }
        assert_eq!(reply.0.status(), 200);
        let has_update = reply.has("UpgradeStatus");
        let is_locked = reply.text("Locked") == "true";
        let is_rollback_allowed = reply.text("RollbackAllowed") == "true";
        let status = reply.text("Status");
        let is_passing =
            matches!(status.as_str(), "Deploying" | "Deleting" | "Starting" | "Suspending");
        assert!(is_passing || has_update == status.ends_with("Transitioning"), "{status}");
        assert!(!is_rollback_allowed || (has_update && !is_locked));
        assert!(is_locked || !is_passing, "{status}");

        let names = reply.all("InstanceName");
        for (name, domain) in names.iter().zip(reply.all("InstanceUpgradeDomain")) {
            let index: u32 = name.rsplit('_').next().unwrap().parse().unwrap();
            assert_eq!((index % DOMAINS).to_string(), domain, "{name}");
        }
        if !has_update && matches!(status.as_str(), "Running" | "Suspended") {
            let mut counts = BTreeMap::new();
            for name in names {
                *counts.entry(name.rsplit_once("_IN_").unwrap().0.to_owned()).or_insert(0) += 1;
            }
            assert_eq!(counts, configured(&reply.text("Configuration")));
        }
    }
    let service = bench.get(&format!("{SERVICE}?embed-detail=true"));
    assert!(service.all("DeploymentSlot").len() <= 2);
    let reserved = bench.get(RESERVED);
    // An address that is reserved is told twice: by itself and by the deployment that has it.
    let in_use = reserved.all("InUse").len();
    assert_eq!(in_use, service.within("Deployment", "ReservedIPName").len());
    let addresses: Vec<_> =
        [service.within("VirtualIP", "Address"), reserved.all("Address")].concat();
    let different: BTreeSet<_> = addresses.iter().collect();
    // One that is being reserved is told by its deployment alone.
    assert_eq!(different.len() + in_use, addresses.len(), "{addresses:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_life_keeps_the_promises(seed: u64, deeds in vec(deed(), 1..80)) {
        let mut bench = new_bench(seed);
        let mut accepted = Vec::new();
        for deed in &deeds {
            let before: Vec<_> = (0..4).map(|target| bench.get(&path(target, "")).text("RollbackAllowed")).collect();
            let Some(reply) = perform(&mut bench, deed) else { continue };
            let status = reply.0.status();
            prop_assert!(status.is_success() || matches!(status.as_u16(), 400 | 404 | 409), "{deed:?}: {status}");
            if let Deed::RollBack { target, mode } = deed
                && *mode != 2
            {
                prop_assert_eq!(status.is_success(), before[usize::from(*target)] == "true", "{:?}", deed);
            }
            if status.is_success() && !matches!(deed, Deed::CreateService | Deed::DeleteService) {
                accepted.push(reply.id());
            }
            check(&mut bench);
        }
        bench.settle();
        check(&mut bench);

        // Manual updates are the only thing that can be left; walk them to their end.
        for target in 0..2 {
            for _ in 0..DOMAINS {
                perform(&mut bench, &Deed::WalkNext { target });
                bench.settle();
            }
            prop_assert!(!bench.get(&path(target, "")).has("UpgradeStatus"));
        }
        check(&mut bench);
        for id in accepted {
            let end = bench.operation(&id);
            prop_assert!(matches!(end.as_str(), "Succeeded 200" | "Failed 409 ConflictError"), "{}", end);
        }
    }

    #[test]
    fn the_same_seed_and_the_same_deeds_get_the_same_answers(seed: u64, deeds in vec(deed(), 1..30)) {
        let run = || {
            let mut bench = new_bench(seed);
            let replies = deeds.iter().filter_map(|deed| perform(&mut bench, deed));
            let replies: Vec<_> = replies.map(|reply| (reply.id(), reply.0.into_body())).collect();
            (replies, bench.cloud.next_event())
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn time_in_one_leap_or_in_many_steps_is_the_same(seed: u64, deeds in vec(deed(), 1..30), seconds in 1..4000_u64) {
        let mut leap = new_bench(seed);
        let mut steps = new_bench(seed);
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
        let mut bench = new_bench(0);
        let now = bench.cloud.now();
        let outcome = bench.cloud.handle(now, &Caller::thumbprint(THUMBPRINT), &request);
        let reply = outcome.answer.unwrap();
        let status = reply.status().as_u16();
        prop_assert!(matches!(status, 200 | 201 | 202 | 400 | 403 | 404 | 409), "{}", status);
        prop_assert!(reply.headers().contains_key("x-ms-request-id"));
        prop_assert!(status < 400 || reply.body().starts_with(b"<Error "));
    }
}
