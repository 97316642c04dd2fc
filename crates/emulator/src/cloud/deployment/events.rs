//! Reboots for planned maintenance, and List Deployment Events.

use std::collections::VecDeque;
use std::time::Duration;

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ApiVersion, DateTime};
use http::HeaderName;
use serde::{Deserialize, Serialize};

use super::role_instance::Renewal;
use super::{Deployment, Stage};
use crate::cloud::Cloud;
use crate::cloud::answer::Answer;
use crate::cloud::call::Call;
use crate::cloud::cloud_service::no_deployment;
use crate::cloud::nonsense::{Nonsense, check_counter};
use crate::cloud::refusal::Refusal;
use crate::cloud::route::Route;
use crate::cloud::world::World;

pub(in crate::cloud) const ROUTES: &[Route] =
    &[Route::get("List Deployment Events", EVENTS, ApiVersion::V2009_10_01, list)];

const EVENTS: &str = "/services/hostedservices/{service}/{which}/events";

/// How many events a deployment remembers; the oldest are forgotten first.
const KEPT: usize = 1000;
/// How many events one answer lists.
const PAGE: usize = 100;

const CONTINUATION: HeaderName = HeaderName::from_static("x-ms-continuation-token");

/// The reboots of a deployment, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Events {
    reboots: VecDeque<Reboot>,
    /// How many came before the first that is remembered.
    forgotten: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Reboot {
    role: String,
    instance: String,
    at: Instant,
}

impl Events {
    /// Whether they make sense, as read from a file.
    pub(super) fn check(&self) -> Result<(), Nonsense> {
        check_counter("forgotten", self.forgotten as u64, [])
    }

    fn add(&mut self, reboot: Reboot) {
        self.reboots.push_back(reboot);
        if self.reboots.len() > KEPT {
            self.reboots.pop_front();
            self.forgotten += 1;
        }
    }
}

impl Cloud {
    /// Reboots a role instance for planned maintenance, which List Deployment Events then tells.
    /// `false` when no such instance is up.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let emulator = azure_classic_emulator::Emulator::start().await?;
    /// let is_rebooting = emulator.cloud().reboot_for_maintenance("contoso", "WebRole_IN_0");
    /// assert!(!is_rebooting, "nothing is deployed yet");
    /// # Ok::<(), azure_classic_emulator::StartError>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reboot_for_maintenance(&mut self, service: &str, instance: &str) -> bool {
        let world = &mut self.world;
        let of_service = self.deployments.values_mut();
        let of_service = of_service.filter(|it| it.service.eq_ignore_ascii_case(service));
        let rebooted = of_service.map(|it| it.reboot_for_maintenance(instance, world));
        rebooted.fold(false, |any, this| any | this)
    }
}

impl Deployment {
    fn reboot_for_maintenance(&mut self, name: &str, world: &mut World) -> bool {
        let Ok(id) = self.find_instance(name) else { return false };
        let is_up = self.stage == Stage::Live && self.is_started;
        if !is_up || self.renew(id, Renewal::Reboot, world).is_err() {
            return false;
        }
        // The host went down within the last second; the digits of the fraction are for clients to read.
        let ago = Duration::from_nanos(world.random.next() % 10_000_000 * 100);
        let at = world.now.since_origin().saturating_sub(ago);
        let role = &self.roles[&id.role];
        self.events.add(Reboot {
            role: role.name.clone(),
            instance: role.instance_name(id.index),
            at: Instant::from_origin(at),
        });
        true
    }
}

fn list(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = cloud.deployment_id(call.argument("service"), &call.which()?)?;
    let (start, end) = (time(call, "starttime")?, time(call, "endtime")?);
    let token = match call.headers.get(CONTINUATION) {
        Some(token) => {
            token.to_str().ok().and_then(|token| token.parse().ok()).ok_or_else(|| {
                Refusal::bad_request(
                    "The header x-ms-continuation-token holds no token of this service.",
                )
            })?
        }
        None => 0,
    };
    let events = &cloud.deployments.get(&id).ok_or_else(no_deployment)?.events;
    let settings = &cloud.world.settings;
    let mut asked = (events.forgotten..)
        .zip(&events.reboots)
        .skip_while(|(number, _)| *number < token)
        .map(|(number, reboot)| (number, reboot, settings.unix_nanoseconds(reboot.at)))
        .filter(|(.., at)| (start..=end).contains(at));
    let page = asked.by_ref().take(PAGE).map(|(_, reboot, _)| RebootEvent {
        role_name: &reboot.role,
        instance_name: &reboot.instance,
        reboot_reason: if call.knows(ApiVersion::V2014_08_01) {
            "Virtual machine rebooted due to planned maintenance event."
        } else {
            "PlannedMaintenance"
        },
        reboot_start_time: settings.exact_date_time(reboot.at),
    });
    let page: Vec<_> = page.collect();
    let next = asked.next().map(|(number, ..)| number.to_string());
    let collection =
        DeploymentEventCollection { reboot_events: page, continuation_token: next.clone() };
    let answer = Answer::xml(&collection)?;
    Ok(match next {
        Some(next) => answer.with(CONTINUATION, next),
        None => answer,
    })
}

/// A moment in the query, in nanoseconds since the start of 1970.
fn time(call: &Call<'_>, name: &str) -> Result<i128, Refusal> {
    let text = call.query.required(name)?;
    DateTime::from(text.as_str()).unix_nanoseconds().ok_or_else(|| {
        Refusal::bad_query(format!("The query parameter {name} must be a date and time in UTC."))
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DeploymentEventCollection<'a> {
    reboot_events: Vec<RebootEvent<'a>>,
    continuation_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RebootEvent<'a> {
    role_name: &'a str,
    instance_name: &'a str,
    reboot_reason: &'static str,
    reboot_start_time: DateTime,
}
