//! A cloud written down, and read again.

use std::collections::BTreeMap;
use std::time::Duration;

use azure_classic_protocol::SubscriptionId;
use azure_classic_protocol::machine::Instant;
use serde::{Deserialize, Serialize};

use super::affinity_group::AffinityGroup;
use super::cloud_service::CloudService;
use super::deployment::Deployment;
use super::management_certificate::ManagementCertificates;
use super::reserved_ip::ReservedIps;
use super::service_principal::ServicePrincipals;
use super::shared_state::{DeploymentId, SharedState};
use super::storage_account::StorageAccount;
use super::subscription::providers::Providers;
use super::tasks::Tasks;
use super::validation::{InvalidState, check_counter};
use super::{END_OF_TIME, Journal, Random, Settings, Simulator, values};

/// The form of the file. It changes when a file of before can no longer be read, or would be misread.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Saved<'a> {
    format: u32,
    #[serde(with = "Members")]
    simulator: &'a Simulator,
}

#[derive(Deserialize)]
struct Loaded {
    #[serde(with = "Members")]
    simulator: Simulator,
}

/// The serde form of a [`Simulator`], which has none itself, so that reading always includes the checks.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Simulator")]
struct Members {
    shared: SharedState,
    affinity_groups: BTreeMap<String, AffinityGroup>,
    services: BTreeMap<String, CloudService>,
    deployments: BTreeMap<DeploymentId, Deployment>,
    last_deployment: u64,
    management_certificates: ManagementCertificates,
    providers: Providers,
    reserved_ips: ReservedIps,
    service_principals: ServicePrincipals,
    storage_accounts: BTreeMap<String, StorageAccount>,
    tasks: Tasks,
    #[serde(skip)]
    journal: Journal,
}

#[derive(Deserialize)]
struct FormatHeader {
    format: u32,
}

/// Why a saved state could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The text is no JSON, or a part of it does not have the form that it should.
    #[error("cannot read the saved state at {place}: {reason}")]
    Json {
        /// The names of the members on the way there, with dots between them.
        place: String,
        /// The problem, with line and column.
        reason: String,
    },
    /// Another version of the emulator has written it.
    #[error("the saved state has format {0}; this version of the emulator reads format {FORMAT}")]
    Format(u32),
    /// It is the cloud of another subscription.
    #[error("the saved state belongs to subscription {saved}, not to {given}")]
    Subscription {
        /// The subscription in the file.
        saved: SubscriptionId,
        /// That in the settings.
        given: SubscriptionId,
    },
    /// Its parts contradict each other, or a limit of the settings.
    #[error("invalid saved state: {place} {what}")]
    Invalid {
        /// The names of the members on the way there, with dots between them.
        place: String,
        /// The problem, as the rest of a sentence that starts with the path.
        what: String,
    },
}

impl From<InvalidState> for LoadError {
    fn from(InvalidState { path: place, problem: what }: InvalidState) -> Self {
        Self::Invalid { place, what }
    }
}

/// # Keeping
impl Simulator {
    /// Returns the complete state, including operations in progress, as JSON with line breaks, which can be
    /// read and changed by hand. It contains the keys and passwords of the resources.
    #[expect(clippy::missing_panics_doc, reason = "every state has a JSON form")]
    pub fn save(&self) -> String {
        let saved = Saved { format: FORMAT, simulator: self };
        serde_json::to_string_pretty(&saved).expect("a cloud has a JSON form")
    }

    /// Reads what [`save`](Self::save) has written. The cloud goes on where it was.
    ///
    /// The settings apply from now on, except for the calendar time of the origin and the seed, which come
    /// from the saved state. Their certificates are added to those of the saved state; one of earlier
    /// settings that was deleted stays deleted. Operations in progress keep their delays. The journal is
    /// empty.
    ///
    /// ```
    /// # use azure_classic_emulator::{Simulator, Settings};
    /// # let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?;
    /// let settings = Settings::new(subscription);
    /// let saved = Simulator::new(settings.clone()).save();
    /// let simulator = Simulator::load(settings, &saved)?;
    /// assert_eq!(simulator.save(), saved);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the text cannot be read, contradicts itself, or is of another subscription. The error
    /// names the place.
    pub fn load(settings: Settings, saved: &str) -> Result<Self, LoadError> {
        let mut simulator = Self::read(saved)?;
        simulator.apply_settings(settings)?;
        Ok(simulator)
    }

    /// As [`save`](Self::save), but on one line.
    pub(crate) fn save_compact(&self) -> String {
        let saved = Saved { format: FORMAT, simulator: self };
        serde_json::to_string(&saved).expect("a cloud has a JSON form")
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Takes another cloud in place of this one. The journal stays.
    pub(crate) fn replace(&mut self, simulator: Self) {
        let journal = std::mem::take(&mut self.journal);
        *self = Self { journal, ..simulator };
    }

    /// The calendar time, in seconds since the start of 1970.
    pub(crate) fn calendar(&self) -> i64 {
        self.shared.settings.unix_seconds(self.shared.now)
    }

    /// When time begins to run for it, at this speed and calendar time: it never goes back, and does
    /// not lag behind the calendar, unless it moves by hand alone.
    pub(crate) fn start_time(&self, speed: f64, calendar: i64) -> Instant {
        if speed == 0.0 {
            return self.now();
        }
        let elapsed = u64::try_from(calendar.saturating_sub(self.shared.settings.origin));
        self.now().max(Instant::from_origin(Duration::from_secs(elapsed.unwrap_or_default())))
    }

    /// The random numbers that decide on the ids of the next requests.
    pub(crate) fn ids(&self) -> Random {
        self.shared.ids.clone()
    }

    pub(crate) fn set_ids(&mut self, ids: Random) {
        self.shared.ids = ids;
    }

    /// Leaves out ids, so that none is given twice.
    pub(crate) fn skip_ids(&mut self, count: u64) {
        self.shared.ids.skip(count);
    }

    /// Reads a saved state with its own settings.
    pub(crate) fn read(saved: &str) -> Result<Self, LoadError> {
        let FormatHeader { format } = read(saved)?;
        if format != FORMAT {
            return Err(LoadError::Format(format));
        }
        let Loaded { simulator } = read(saved)?;
        simulator.check()?;
        Ok(simulator)
    }

    /// Applies other settings, and checks whether the state is valid under them.
    pub(crate) fn apply_settings(&mut self, given: Settings) -> Result<(), LoadError> {
        let own = &mut self.shared.settings;
        if own.subscription != given.subscription {
            let (saved, given) = (own.subscription.clone(), given.subscription);
            return Err(LoadError::Subscription { saved, given });
        }
        *own = Settings { origin: own.origin, seed: own.seed, ..given.clone() };
        self.management_certificates.import(&given, self.shared.now);
        Ok(self.check()?)
    }

    /// Whether nothing that is there can make it fail later: each collection has its own check.
    fn check(&self) -> Result<(), InvalidState> {
        if self.shared.now > END_OF_TIME {
            return Err(InvalidState::new("shared.now", "is beyond the end of the emulated time"));
        }
        self.shared.faults.check().map_err(|it| it.inside("shared.faults"))?;
        self.shared.events.check().map_err(|it| it.inside("shared.events"))?;
        self.shared.operations.check().map_err(|it| it.inside("shared.operations"))?;
        self.tasks.check().map_err(|it| it.inside("tasks"))?;
        self.check_services()?;
        self.check_deployments()
    }

    fn check_services(&self) -> Result<(), InvalidState> {
        for (key, service) in &self.services {
            let place = format!("services.{key}");
            if !values::is_dns_label(&service.name) || *key != service.name.to_ascii_lowercase() {
                return Err(InvalidState::new(place, "is not its name in lower case"));
            }
            for id in service.slots.iter().flatten() {
                if !self.deployments.contains_key(id) {
                    let what = format!("names the deployment {}, which does not exist", id.0);
                    return Err(InvalidState::new(place + ".slots", what));
                }
            }
        }
        Ok(())
    }

    fn check_deployments(&self) -> Result<(), InvalidState> {
        check_counter(
            "last_deployment",
            self.last_deployment,
            self.deployments.keys().map(|id| id.0),
        )?;
        for (key, deployment) in &self.deployments {
            let place = format!("deployments.{}", key.0);
            if deployment.id != *key {
                return Err(InvalidState::new(place + ".id", "is another one"));
            }
            let service = self.services.get(&deployment.service.to_ascii_lowercase());
            if service.is_none_or(|it| it.slots[deployment.slot.index()] != Some(*key)) {
                let what =
                    format!("is not in the {} slot of its service", deployment.slot.as_str());
                return Err(InvalidState::new(place, what));
            }
            let limit = self.shared.settings.max_instances;
            deployment.check(limit).map_err(|invalid| invalid.inside(place))?;
        }
        Ok(())
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, LoadError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| LoadError::Json {
        place: error.path().to_string(),
        reason: error.inner().to_string(),
    })?;
    reader
        .end()
        .map_err(|error| LoadError::Json { place: ".".to_owned(), reason: error.to_string() })?;
    Ok(read)
}
