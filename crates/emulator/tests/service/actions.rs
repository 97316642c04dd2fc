//! Things that are done to a cloud, in any order.

use azure_classic_emulator::{Delay, Settings, Timing};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::harness::{
    Harness, TIMING, TestResponse, change, create_deployment, create_service, rollback, root,
    set_status, swap, upgrade, walk,
};
use crate::other_requests;

/// One thing that is done to the cloud.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    CreateService,
    DeleteService,
    DeleteServiceWithDeployments,
    Create { staging: bool, name: u8, roles: Vec<u32>, start: bool },
    Delete { target: u8 },
    Upgrade { target: u8, mode: u8, label: u8, roles: Vec<u32> },
    Change { target: u8, mode: u8, roles: Vec<u32> },
    Walk { target: u8, domain: u32 },
    WalkNext { target: u8 },
    RollBack { target: u8, mode: u8 },
    SetStatus { target: u8, start: bool },
    Swap { names: u8 },
    ActOnInstance { target: u8, index: u8, kind: u8 },
    DeleteInstances { target: u8, indices: Vec<u8> },
    RebootForMaintenance { index: u8 },
    ReserveAddress { name: u8, of: Option<u8> },
    ReleaseAddress { name: u8 },
    Associate { name: u8, with: u8, is_wanted: bool },
    AddDnsServer { target: u8, server: u8 },
    ReadDeployment { target: u8 },
    OtherRequest { which: prop::sample::Index },
    Advance { seconds: u64 },
    AdvanceToNextEvent,
    BlockStart { index: u8, label: u8 },
    UnblockStart { index: u8 },
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

pub(crate) fn action() -> impl Strategy<Value = Action> {
    let roles = || vec(1_u32..8, 1..3);
    prop_oneof![
        1 => Just(Action::CreateService),
        1 => Just(Action::DeleteService),
        1 => Just(Action::DeleteServiceWithDeployments),
        4 => (any::<bool>(), 0..2_u8, roles(), any::<bool>())
            .prop_map(|(staging, name, roles, start)| Action::Create { staging, name, roles, start }),
        1 => (0..TARGETS).prop_map(|target| Action::Delete { target }),
        4 => (0..TARGETS, 0..4_u8, 0..3_u8, roles())
            .prop_map(|(target, mode, label, roles)| Action::Upgrade { target, mode, label, roles }),
        3 => (0..TARGETS, 0..4_u8, roles())
            .prop_map(|(target, mode, roles)| Action::Change { target, mode, roles }),
        1 => (0..TARGETS, 0..5_u32).prop_map(|(target, domain)| Action::Walk { target, domain }),
        4 => (0..TARGETS).prop_map(|target| Action::WalkNext { target }),
        3 => (0..TARGETS, 0..4_u8).prop_map(|(target, mode)| Action::RollBack { target, mode }),
        2 => (0..TARGETS, any::<bool>())
            .prop_map(|(target, start)| Action::SetStatus { target, start }),
        2 => (0..5_u8).prop_map(|names| Action::Swap { names }),
        2 => (0..TARGETS, 0..8_u8, 0..3_u8)
            .prop_map(|(target, index, kind)| Action::ActOnInstance { target, index, kind }),
        2 => (0..TARGETS, vec(0..12_u8, 1..3))
            .prop_map(|(target, indices)| Action::DeleteInstances { target, indices }),
        1 => (0..6_u8).prop_map(|index| Action::RebootForMaintenance { index }),
        1 => (0..2_u8, prop::option::of(0..2_u8))
            .prop_map(|(name, of)| Action::ReserveAddress { name, of }),
        1 => (0..2_u8).prop_map(|name| Action::ReleaseAddress { name }),
        2 => (0..2_u8, 0..2_u8, any::<bool>())
            .prop_map(|(name, with, is_wanted)| Action::Associate { name, with, is_wanted }),
        1 => (2..4_u8, 0..2_u8).prop_map(|(target, server)| Action::AddDnsServer { target, server }),
        2 => (0..TARGETS).prop_map(|target| Action::ReadDeployment { target }),
        3 => any::<prop::sample::Index>().prop_map(|which| Action::OtherRequest { which }),
        6 => (0..40_u64).prop_map(|seconds| Action::Advance { seconds }),
        2 => Just(Action::AdvanceToNextEvent),
        1 => (0..6_u8, 0..3_u8).prop_map(|(index, label)| Action::BlockStart { index, label }),
        1 => (0..6_u8).prop_map(|index| Action::UnblockStart { index }),
    ]
}

/// Each transition at once, after some time, or after some polls.
pub(crate) fn timing() -> impl Strategy<Value = Timing> {
    let delay = || {
        prop_oneof![
            1 => Just(Delay::IMMEDIATE),
            2 => (1..20_u64).prop_map(Delay::seconds),
            2 => (1..4_u32).prop_map(Delay::Polls),
        ]
    };
    (delay(), delay(), delay(), delay(), 0..=100_u8).prop_map(
        |(operation, machine, role, domain, spread)| Timing {
            operation,
            machine,
            role,
            domain,
            jitter_percent: spread,
            ..TIMING
        },
    )
}

/// With the service that the actions are about.
pub(crate) fn new_harness(seed: u64, timing: &Timing) -> Harness {
    let mut harness = Harness::with(|settings| configure(settings, seed, timing));
    perform(&mut harness, &Action::CreateService);
    harness
}

pub(crate) fn configure(settings: &mut Settings, seed: u64, timing: &Timing) {
    settings.upgrade_domains = DOMAINS;
    settings.seed = seed;
    settings.timing = timing.clone();
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

fn role_counts(counts: &[u32]) -> Vec<(&'static str, u32)> {
    ["Web", "Batch"].into_iter().zip(counts.iter().copied()).collect()
}

fn instance(index: u8) -> String {
    format!("{}_IN_{}", ["Web", "Batch"][usize::from(index % 2)], index / 2)
}

/// Does it; gives back the answer to a request.
pub(crate) fn perform(harness: &mut Harness, action: &Action) -> Option<TestResponse> {
    let mode = |at: &u8| MODES[usize::from(*at)];
    Some(match action {
        Action::CreateService => {
            harness.post("/services/hostedservices", &create_service("contoso"))
        }
        Action::DeleteService => harness.delete(SERVICE),
        Action::DeleteServiceWithDeployments => harness.delete(&format!("{SERVICE}?comp=media")),
        Action::Create { staging, name, roles, start } => harness.post(
            &path(u8::from(*staging), ""),
            &create_deployment(&format!("d{name}"), "l0", &role_counts(roles), *start),
        ),
        Action::Delete { target } => harness.delete(&path(*target, "")),
        Action::Upgrade { target, mode: at, label, roles } => harness.post(
            &path(*target, "/?comp=upgrade"),
            &upgrade(mode(at), &format!("l{label}"), &role_counts(roles)),
        ),
        Action::Change { target, mode: at, roles } => {
            harness.post(&path(*target, "/?comp=config"), &change(mode(at), &role_counts(roles)))
        }
        Action::Walk { target, domain } => {
            harness.post(&path(*target, "/?comp=walkupgradedomain"), &walk(*domain))
        }
        Action::WalkNext { target } => {
            let next = harness.get(&path(*target, "")).text("CurrentUpgradeDomain");
            let next = next.parse().unwrap_or_default();
            harness.post(&path(*target, "?comp=walkupgradedomain"), &walk(next))
        }
        Action::RollBack { target, mode: at } => {
            harness.post(&path(*target, "/?comp=rollback"), &rollback(mode(at)))
        }
        Action::SetStatus { target, start } => {
            let status = set_status(if *start { "Running" } else { "Suspended" });
            harness.post(&path(*target, "/?comp=status"), &status)
        }
        Action::Swap { names } => {
            let (production, source) =
                [("d0", "d1"), ("d1", "d0"), ("", "d0"), ("", "d1"), ("d0", "d0")]
                    [usize::from(*names)];
            harness.post(SERVICE, &swap(&format!("<Production>{production}</Production>"), source))
        }
        Action::ActOnInstance { target, index, kind } => {
            let kind =
                ["reboot", "reimage", "rebuild&resources=allLocalDrives"][usize::from(*kind)];
            let query = format!("/roleinstances/{}?comp={kind}", instance(*index));
            harness.post(&path(*target, &query), "")
        }
        Action::DeleteInstances { target, indices } => {
            let names: Vec<_> = indices.iter().map(|index| instance(*index)).collect();
            let list = format!("<Name>{}</Name>", names.join("</Name><Name>"));
            harness
                .post(&path(*target, "/roleinstances/?comp=delete"), &root("RoleInstances", &list))
        }
        Action::RebootForMaintenance { index } => {
            harness.simulator.reboot_for_maintenance("contoso", &instance(*index));
            return None;
        }
        Action::OtherRequest { which } => other_requests::send_random(harness, *which),
        Action::ReadDeployment { target } => harness.get(&path(*target, "")),
        Action::ReserveAddress { name, of } => {
            let of = of.map(holder).unwrap_or_default();
            let body = format!("<Name>r{name}</Name>{of}<Location>West US</Location>");
            harness.post(RESERVED, &root("ReservedIP", &body))
        }
        Action::ReleaseAddress { name } => harness.delete(&format!("{RESERVED}/r{name}")),
        Action::Associate { name, with, is_wanted } => {
            let what = if *is_wanted { "associate" } else { "disassociate" };
            let path = format!("{RESERVED}/r{name}/operations/{what}");
            harness.post(&path, &root("ReservedIPAssociation", &holder(*with)))
        }
        Action::AddDnsServer { target, server } => {
            let body = format!("<Name>s{server}</Name><Address>10.0.0.9</Address>");
            harness.post(&path(*target, "/dnsservers"), &root("DnsServer", &body))
        }
        Action::Advance { seconds } => {
            harness.advance(*seconds);
            return None;
        }
        Action::AdvanceToNextEvent => {
            let next = harness.simulator.next_event()?;
            harness.simulator.advance(next);
            return None;
        }
        Action::BlockStart { index, label } => {
            harness.block_start_of_label(&instance(*index), &format!("l{label}"));
            return None;
        }
        Action::UnblockStart { index } => {
            harness.simulator.remove_fault(&instance(*index));
            return None;
        }
    })
}
