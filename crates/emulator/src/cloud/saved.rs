//! A cloud written down, and read again.

use std::collections::BTreeMap;
use std::time::Duration;

use azure_classic_protocol::SubscriptionId;
use azure_classic_protocol::machine::Instant;
use serde::{Deserialize, Serialize};

use super::affinity_group::AffinityGroup;
use super::cloud_service::Service;
use super::deployment::Deployment;
use super::management_certificate::ManagementCertificates;
use super::nonsense::{Nonsense, check_counter};
use super::reserved_ip::ReservedIps;
use super::service_principal::ServicePrincipals;
use super::storage_account::StorageAccount;
use super::subscription::providers::Providers;
use super::work::Works;
use super::world::{DeploymentId, World};
use super::{Cloud, END_OF_TIME, Journal, Random, Settings, values};

/// The form of the file. It changes when a file of before can no longer be read, or would be misread.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Saved<'a> {
    format: u32,
    #[serde(with = "Members")]
    cloud: &'a Cloud,
}

#[derive(Deserialize)]
struct Loaded {
    #[serde(with = "Members")]
    cloud: Cloud,
}

/// The form of a [`Cloud`], which has none of its own: whoever reads one has to go through its checks.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Cloud")]
struct Members {
    world: World,
    affinity_groups: BTreeMap<String, AffinityGroup>,
    services: BTreeMap<String, Service>,
    deployments: BTreeMap<DeploymentId, Deployment>,
    last_deployment: u64,
    management_certificates: ManagementCertificates,
    providers: Providers,
    reserved_ips: ReservedIps,
    service_principals: ServicePrincipals,
    storage_accounts: BTreeMap<String, StorageAccount>,
    works: Works,
    #[serde(skip)]
    journal: Journal,
}

#[derive(Deserialize)]
struct Form {
    format: u32,
}

/// Why a saved cloud could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The text is no JSON, or a part of it does not have the form that it should.
    #[error("the saved cloud cannot be read at {place}: {reason}")]
    Form {
        /// The names of the members on the way there, with dots between them.
        place: String,
        /// What is wrong, with line and column.
        reason: String,
    },
    /// Another version of the emulator has written it.
    #[error("the saved cloud has the format {0}; this version of the emulator reads {FORMAT}")]
    Format(u32),
    /// It is the cloud of another subscription.
    #[error("the saved cloud is of the subscription {saved}, not of {given}")]
    Subscription {
        /// The subscription in the file.
        saved: SubscriptionId,
        /// That in the settings.
        given: SubscriptionId,
    },
    /// Its parts contradict each other, or a limit of the settings.
    #[error("the saved cloud makes no sense: {place} {what}")]
    Sense {
        /// The names of the members on the way there, with dots between them.
        place: String,
        /// What is wrong there, to be read after the place.
        what: String,
    },
}

impl From<Nonsense> for LoadError {
    fn from(Nonsense { place, what }: Nonsense) -> Self {
        Self::Sense { place, what }
    }
}

/// # Keeping
impl Cloud {
    /// Writes everything down, also what is under way: JSON with line breaks, to be read and changed
    /// by hand. Keys and passwords that the cloud holds are in it.
    #[expect(clippy::missing_panics_doc, reason = "every state has a JSON form")]
    pub fn save(&self) -> String {
        let saved = Saved { format: FORMAT, cloud: self };
        serde_json::to_string_pretty(&saved).expect("a cloud has a JSON form")
    }

    /// Reads what [`save`](Self::save) has written. The cloud goes on where it was.
    ///
    /// The settings count from now on, but for the calendar time of the origin and the seed, which
    /// the saved cloud has. Their certificates may call besides those that the saved cloud knows; one
    /// that came with earlier settings and was deleted since stays deleted. Things that were under way
    /// take as long as they were to take. The journal is empty.
    ///
    /// ```
    /// # use azure_classic_emulator::{Cloud, Settings};
    /// # let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?;
    /// let settings = Settings::new(subscription);
    /// let saved = Cloud::new(settings.clone()).save();
    /// let cloud = Cloud::load(settings, &saved)?;
    /// assert_eq!(cloud.save(), saved);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the text cannot be read, contradicts itself, or is of another subscription. The error
    /// names the place.
    pub fn load(settings: Settings, saved: &str) -> Result<Self, LoadError> {
        let mut cloud = Self::read(saved)?;
        cloud.adopt(settings)?;
        Ok(cloud)
    }

    /// As [`save`](Self::save), but on one line.
    pub(crate) fn save_compact(&self) -> String {
        let saved = Saved { format: FORMAT, cloud: self };
        serde_json::to_string(&saved).expect("a cloud has a JSON form")
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.world.settings
    }

    /// Takes another cloud in place of this one. The journal stays.
    pub(crate) fn replace(&mut self, cloud: Self) {
        let journal = std::mem::take(&mut self.journal);
        *self = Self { journal, ..cloud };
    }

    /// The calendar time, in seconds since the start of 1970.
    pub(crate) fn calendar(&self) -> i64 {
        self.world.settings.unix_seconds(self.world.now)
    }

    /// When time begins to run for it, at this speed and calendar time: it never goes back, and does
    /// not lag behind the calendar, unless it moves by hand alone.
    pub(crate) fn begins(&self, speed: f64, calendar: i64) -> Instant {
        if speed == 0.0 {
            return self.now();
        }
        let elapsed = u64::try_from(calendar.saturating_sub(self.world.settings.origin));
        self.now().max(Instant::from_origin(Duration::from_secs(elapsed.unwrap_or_default())))
    }

    /// The random numbers that decide on the ids of the next requests.
    pub(crate) fn ids(&self) -> Random {
        self.world.ids.clone()
    }

    pub(crate) fn set_ids(&mut self, ids: Random) {
        self.world.ids = ids;
    }

    /// Leaves out ids, so that none is given twice.
    pub(crate) fn skip_ids(&mut self, count: u64) {
        self.world.ids.skip(count);
    }

    /// Reads a saved cloud with its own settings.
    pub(crate) fn read(saved: &str) -> Result<Self, LoadError> {
        let Form { format } = read(saved)?;
        if format != FORMAT {
            return Err(LoadError::Format(format));
        }
        let Loaded { cloud } = read(saved)?;
        cloud.check()?;
        Ok(cloud)
    }

    /// Takes other settings, and sees whether the cloud makes sense under them.
    pub(crate) fn adopt(&mut self, given: Settings) -> Result<(), LoadError> {
        let own = &mut self.world.settings;
        if own.subscription != given.subscription {
            let (saved, given) = (own.subscription.clone(), given.subscription);
            return Err(LoadError::Subscription { saved, given });
        }
        *own = Settings { origin: own.origin, seed: own.seed, ..given.clone() };
        self.management_certificates.admit(&given, self.world.now);
        Ok(self.check()?)
    }

    /// Whether nothing that is there can make it fail later: each collection has its own check.
    fn check(&self) -> Result<(), Nonsense> {
        if self.world.now > END_OF_TIME {
            return Err(Nonsense::new("world.now", "is beyond the end of the emulated time"));
        }
        self.world.faults.check().map_err(|it| it.inside("world.faults"))?;
        self.world.timeline.check().map_err(|it| it.inside("world.timeline"))?;
        self.world.operations.check().map_err(|it| it.inside("world.operations"))?;
        self.works.check().map_err(|it| it.inside("works"))?;
        self.check_services()?;
        self.check_deployments()
    }

    fn check_services(&self) -> Result<(), Nonsense> {
        for (key, service) in &self.services {
            let place = format!("services.{key}");
            if !values::is_dns_label(&service.name) || *key != service.name.to_ascii_lowercase() {
                return Err(Nonsense::new(place, "is not its name in lower case"));
            }
            for id in service.slots.iter().flatten() {
                if !self.deployments.contains_key(id) {
                    let what = format!("names the deployment {}, which does not exist", id.0);
                    return Err(Nonsense::new(place + ".slots", what));
                }
            }
        }
        Ok(())
    }

    fn check_deployments(&self) -> Result<(), Nonsense> {
        check_counter(
            "last_deployment",
            self.last_deployment,
            self.deployments.keys().map(|id| id.0),
        )?;
        for (key, deployment) in &self.deployments {
            let place = format!("deployments.{}", key.0);
            if deployment.id != *key {
                return Err(Nonsense::new(place + ".id", "is another one"));
            }
            let service = self.services.get(&deployment.service.to_ascii_lowercase());
            if service.is_none_or(|it| it.slots[deployment.slot.index()] != Some(*key)) {
                let what =
                    format!("is not in the {} slot of its service", deployment.slot.as_str());
                return Err(Nonsense::new(place, what));
            }
            let limit = self.world.settings.most_instances;
            deployment.check(limit).map_err(|nonsense| nonsense.inside(place))?;
        }
        Ok(())
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, LoadError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| LoadError::Form {
        place: error.path().to_string(),
        reason: error.inner().to_string(),
    })?;
    reader
        .end()
        .map_err(|error| LoadError::Form { place: ".".to_owned(), reason: error.to_string() })?;
    Ok(read)
}
