//! Things that are done to a cloud, in any order.

use azure_classic_emulator::{Pace, Settings, Takes};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::bench::{
    Bench, PACE, Reply, change, create_deployment, create_service, rollback, root, set_status,
    swap, upgrade, walk,
};
use crate::surroundings;

/// One thing that is done to the cloud.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
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
    Look { target: u8 },
    Surround { which: prop::sample::Index },
    Pass { seconds: u64 },
    Jump,
    Stick { index: u8, label: u8 },
    Unstick { index: u8 },
}

const MODES: [&str; 4] = ["Auto", "Manual", "Simultaneous", "manual"];
pub(crate) const SERVICE: &str = "/services/hostedservices/contoso";
pub(crate) const DOMAINS: u32 = 3;
pub(crate) const RESERVED: &str = "/services/networking/reservedips";

fn holder(deployment: u8) -> String {
    format!("<ServiceName>contoso</ServiceName><DeploymentName>d{deployment}</DeploymentName>")
}
/// How many ways there are to address a deployment: by slot, and by name.
pub(crate) const TARGETS: u8 = 4;

/// So many cases, or as many as `PROPTEST_CASES` says.
pub(crate) fn cases(usual: u32) -> ProptestConfig {
    let config = ProptestConfig::default();
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => config,
        None => ProptestConfig { cases: usual, ..config },
    }
}

pub(crate) fn deed() -> impl Strategy<Value = Deed> {
    let roles = || vec(1_u32..8, 1..3);
    prop_oneof![
        1 => Just(Deed::CreateService),
        1 => Just(Deed::DeleteService),
        1 => Just(Deed::DeleteServiceWithAll),
        4 => (any::<bool>(), 0..2_u8, roles(), any::<bool>())
            .prop_map(|(staging, name, roles, start)| Deed::Create { staging, name, roles, start }),
        1 => (0..TARGETS).prop_map(|target| Deed::Delete { target }),
        4 => (0..TARGETS, 0..4_u8, 0..3_u8, roles())
            .prop_map(|(target, mode, label, roles)| Deed::Upgrade { target, mode, label, roles }),
        3 => (0..TARGETS, 0..4_u8, roles())
            .prop_map(|(target, mode, roles)| Deed::Change { target, mode, roles }),
        1 => (0..TARGETS, 0..5_u32).prop_map(|(target, domain)| Deed::Walk { target, domain }),
        4 => (0..TARGETS).prop_map(|target| Deed::WalkNext { target }),
        3 => (0..TARGETS, 0..4_u8).prop_map(|(target, mode)| Deed::RollBack { target, mode }),
        2 => (0..TARGETS, any::<bool>())
            .prop_map(|(target, start)| Deed::SetStatus { target, start }),
        2 => (0..5_u8).prop_map(|names| Deed::Swap { names }),
        2 => (0..TARGETS, 0..8_u8, 0..3_u8)
            .prop_map(|(target, index, kind)| Deed::Renew { target, index, kind }),
        2 => (0..TARGETS, vec(0..12_u8, 1..3))
            .prop_map(|(target, indices)| Deed::Remove { target, indices }),
        1 => (0..6_u8).prop_map(|index| Deed::Maintain { index }),
        1 => (0..2_u8, prop::option::of(0..2_u8))
            .prop_map(|(name, of)| Deed::Reserve { name, of }),
        1 => (0..2_u8).prop_map(|name| Deed::Release { name }),
        2 => (0..2_u8, 0..2_u8, any::<bool>())
            .prop_map(|(name, with, is_wanted)| Deed::Associate { name, with, is_wanted }),
        1 => (2..4_u8, 0..2_u8).prop_map(|(target, server)| Deed::Name { target, server }),
        2 => (0..TARGETS).prop_map(|target| Deed::Look { target }),
        3 => any::<prop::sample::Index>().prop_map(|which| Deed::Surround { which }),
        6 => (0..40_u64).prop_map(|seconds| Deed::Pass { seconds }),
        2 => Just(Deed::Jump),
        1 => (0..6_u8, 0..3_u8).prop_map(|(index, label)| Deed::Stick { index, label }),
        1 => (0..6_u8).prop_map(|index| Deed::Unstick { index }),
    ]
}

/// Each transition at once, after some time, or after some polls.
pub(crate) fn pace() -> impl Strategy<Value = Pace> {
    let takes = || {
        prop_oneof![
            1 => Just(Takes::AT_ONCE),
            2 => (1..20_u64).prop_map(Takes::seconds),
            2 => (1..4_u32).prop_map(Takes::Polls),
        ]
    };
    (takes(), takes(), takes(), takes(), 0..=100_u8).prop_map(
        |(operation, machine, role, domain, spread)| Pace {
            operation,
            machine,
            role,
            domain,
            spread,
            ..PACE
        },
    )
}

/// With the service that the deeds are about.
pub(crate) fn new_bench(seed: u64, pace: &Pace) -> Bench {
    let mut bench = Bench::with(|settings| settle_on(settings, seed, pace));
    perform(&mut bench, &Deed::CreateService);
    bench
}

pub(crate) fn settle_on(settings: &mut Settings, seed: u64, pace: &Pace) {
    settings.upgrade_domains = DOMAINS;
    settings.seed = seed;
    settings.pace = pace.clone();
}

pub(crate) fn path(target: u8, query: &str) -> String {
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
pub(crate) fn perform(bench: &mut Bench, deed: &Deed) -> Option<Reply> {
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
        Deed::Surround { which } => surroundings::ask(bench, which),
        Deed::Look { target } => bench.get(&path(*target, "")),
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
