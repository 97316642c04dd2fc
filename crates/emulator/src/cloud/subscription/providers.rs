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
    cloud.check_registration(&name, false)?;
    cloud.begin_work(call.id, Task::RegisterProvider(name));
    Ok(Answer::accepted())
}

fn unregister(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = named(call)?;
    cloud.check_registration(&name, true)?;
    cloud.begin_work(call.id, Task::UnregisterProvider(name));
    Ok(Answer::accepted())
}

fn named(call: &Call<'_>) -> Result<String, Refusal> {
    let name = call.query.required("service")?.to_ascii_lowercase();
    if KNOWN.contains(&name.as_str()) {
        Ok(name)
    } else {
        Err(Refusal::not_found("The service name is unknown."))
    }
}

impl Cloud {
    pub(in crate::cloud) fn register_provider(&mut self, name: String) -> Result<(), Refusal> {
        self.check_registration(&name, false)?;
        self.providers.insert(name);
        Ok(())
    }

    pub(in crate::cloud) fn unregister_provider(&mut self, name: &str) -> Result<(), Refusal> {
        self.check_registration(name, true)?;
        self.providers.remove(name);
        Ok(())
    }

    /// Refuses unless the provider is, or is not, registered.
    fn check_registration(&self, name: &str, wanted: bool) -> Result<(), Refusal> {
        match (self.providers.contains(name), wanted) {
            (true, false) => Err(Refusal::conflict(format!(
                "The resource type {name} is already registered for this subscription."
            ))),
            (false, true) => Err(Refusal::not_found(format!(
                "The resource type {name} is not registered for this subscription."
            ))),
            _ => Ok(()),
        }
    }
}
