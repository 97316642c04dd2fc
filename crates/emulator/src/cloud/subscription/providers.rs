//! Which other services of the platform the subscription uses: nothing but their names.

use std::collections::BTreeSet;

use azure_classic_protocol::ApiVersion;

use crate::cloud::Cloud;
use crate::cloud::answer::Answer;
use crate::cloud::call::Call;
use crate::cloud::refusal::Refusal;
use crate::cloud::route::Route;
use crate::cloud::work::Task;

pub(in crate::cloud) const ROUTES: &[Route] = &[
    Route::put("Register Resource Provider", SERVICES, ApiVersion::V2012_08_01, register)
        .when("action", "register"),
    Route::put("Unregister Resource Provider", SERVICES, ApiVersion::V2012_08_01, unregister)
        .when("action", "unregister"),
];

const SERVICES: &str = "/services";

/// Recorded calls name the mobile service, the SQL server and the web site.
const KNOWN: &[&str] =
    &["hdinsight", "mediaservice", "mobileservice", "scheduler", "sqlserver", "website"];

/// The names of those that are registered.
pub(crate) type Providers = BTreeSet<String>;

fn register(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = named(call)?;
    if cloud.providers.contains(&name) {
        return Err(is_registered(&name));
    }
    cloud.begin_work(call.id, Task::RegisterProvider(name));
    Ok(Answer::accepted())
}

fn unregister(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = named(call)?;
    if !cloud.providers.contains(&name) {
        return Err(is_not_registered(&name));
    }
    cloud.begin_work(call.id, Task::UnregisterProvider(name));
    Ok(Answer::accepted())
}

fn named(call: &Call<'_>) -> Result<String, Refusal> {
    let name = call.query.required("service")?.to_ascii_lowercase();
    match KNOWN.contains(&name.as_str()) {
        true => Ok(name),
        false => Err(Refusal::not_found("The service name is unknown.")),
    }
}

fn is_registered(name: &str) -> Refusal {
    Refusal::conflict(format!(
        "The resource type {name} is already registered for this subscription."
    ))
}

fn is_not_registered(name: &str) -> Refusal {
    Refusal::not_found(format!("The resource type {name} is not registered for this subscription."))
}

impl Cloud {
    pub(in crate::cloud) fn register_provider(&mut self, name: String) -> Result<(), Refusal> {
        match self.providers.insert(name.clone()) {
            true => Ok(()),
            false => Err(is_registered(&name)),
        }
    }

    pub(in crate::cloud) fn unregister_provider(&mut self, name: &str) -> Result<(), Refusal> {
        match self.providers.remove(name) {
            true => Ok(()),
            false => Err(is_not_registered(name)),
        }
    }
}
