//! Reboots for planned maintenance, and List Deployment Events.

use std::collections::VecDeque;
use std::time::Duration;

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ApiVersion, DateTime};
use http::HeaderName;
use serde::{Deserialize, Serialize};

use super::role_instance::InstanceAction;
use super::{Deployment, Stage};
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::cloud_service::no_deployment;
use crate::simulator::route::Route;
use crate::simulator::shared_state::SharedState;
use crate::simulator::validation::{InvalidState, check_counter};

pub(in crate::simulator) const ROUTES: &[Route] =
    &[Route::get("List Deployment Events", EVENTS, ApiVersion::V2009_10_01, list)];

const EVENTS: &str = "/services/hostedservices/{service}/{which}/events";

/// How many events a deployment remembers; the oldest are forgotten first.
const MAX_EVENTS: usize = 1000;
/// How many events one answer lists.
const PAGE_SIZE: usize = 100;

const CONTINUATION_TOKEN: HeaderName = HeaderName::from_static("x-ms-continuation-token");

/// The reboots of a deployment, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct MaintenanceEvents {
    reboots: VecDeque<Reboot>,
    /// How many came before the first that is remembered.
    dropped: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Reboot {
    role: String,
    instance: String,
    time: Instant,
}

impl MaintenanceEvents {
    /// Whether they make sense, as read from a file.
    pub(super) fn check(&self) -> Result<(), InvalidState> {
        check_counter("dropped", self.dropped as u64, [])
    }

    fn add(&mut self, reboot: Reboot) {
        self.reboots.push_back(reboot);
        if self.reboots.len() > MAX_EVENTS {
            self.reboots.pop_front();
            self.dropped += 1;
        }
    }
}

impl Simulator {
    /// Reboots a role instance for planned maintenance, which List Deployment Events then tells.
    /// `false` when no such instance is up.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let emulator = azure_classic_emulator::Emulator::start().await?;
    /// let is_rebooting = emulator.simulator().reboot_for_maintenance("contoso", "WebRole_IN_0");
    /// assert!(!is_rebooting, "nothing is deployed yet");
    /// # Ok::<(), azure_classic_emulator::StartError>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reboot_for_maintenance(&mut self, service: &str, instance: &str) -> bool {
        let shared = &mut self.shared;
        let deployments = self.deployments.values_mut();
        let of_service = deployments.filter(|it| it.service.eq_ignore_ascii_case(service));
        let rebooted = of_service.map(|it| it.reboot_for_maintenance(instance, shared));
        rebooted.fold(false, |any, this| any | this)
    }
}

impl Deployment {
    fn reboot_for_maintenance(&mut self, name: &str, shared: &mut SharedState) -> bool {
        let Ok(id) = self.find_instance(name) else { return false };
        let is_up = self.stage == Stage::Active && self.is_started;
        if !is_up || self.apply_instance_action(id, InstanceAction::Reboot, shared).is_err() {
            return false;
        }
        // The host went down within the last second; the digits of the fraction are for clients to read.
        let ago = Duration::from_nanos(shared.random.next() % 10_000_000 * 100);
        let at = shared.now.since_origin().saturating_sub(ago);
        let role = &self.roles[&id.role];
        self.events.add(Reboot {
            role: role.name.clone(),
            instance: role.instance_name(id.index),
            time: Instant::from_origin(at),
        });
        true
    }
}

fn list(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let id = simulator.deployment_id(call.argument("service"), &call.deployment_selector()?)?;
    let (start, end) = (parse_time(call, "starttime")?, parse_time(call, "endtime")?);
    let token = match call.headers.get(CONTINUATION_TOKEN) {
        Some(token) => {
            token.to_str().ok().and_then(|token| token.parse().ok()).ok_or_else(|| {
                ApiError::bad_request(
                    "The header x-ms-continuation-token holds no token of this service.",
                )
            })?
        }
        None => 0,
    };
    let events = &simulator.deployments.get(&id).ok_or_else(no_deployment)?.events;
    let settings = &simulator.shared.settings;
    let mut matching = (events.dropped..)
        .zip(&events.reboots)
        .skip_while(|(number, _)| *number < token)
        .map(|(number, reboot)| (number, reboot, settings.unix_nanoseconds(reboot.time)))
        .filter(|(.., at)| (start..=end).contains(at));
    let page = matching.by_ref().take(PAGE_SIZE).map(|(_, reboot, _)| RebootEvent {
        role_name: &reboot.role,
        instance_name: &reboot.instance,
        reboot_reason: if call.has_version(ApiVersion::V2014_08_01) {
            "Virtual machine rebooted due to planned maintenance event."
        } else {
            "PlannedMaintenance"
        },
        reboot_start_time: settings.exact_date_time(reboot.time),
    });
    let page: Vec<_> = page.collect();
    let next = matching.next().map(|(number, ..)| number.to_string());
    let collection =
        DeploymentEventCollection { reboot_events: page, continuation_token: next.clone() };
    let response = ApiResponse::xml(&collection)?;
    Ok(match next {
        Some(next) => response.with(CONTINUATION_TOKEN, next),
        None => response,
    })
}

/// A moment in the query, in nanoseconds since the start of 1970.
fn parse_time(call: &Call<'_>, name: &str) -> Result<i128, ApiError> {
    let text = call.query.required(name)?;
    DateTime::from(text.as_str()).unix_nanoseconds().ok_or_else(|| {
        ApiError::bad_query(format!("The query parameter {name} must be a date and time in UTC."))
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
