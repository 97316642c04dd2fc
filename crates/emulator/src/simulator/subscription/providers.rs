//! Which other services of the platform the subscription uses: nothing but their names.

use std::collections::BTreeSet;

use azure_classic_protocol::ApiVersion;

use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::route::Route;
use crate::simulator::tasks::Task;

pub(in crate::simulator) const ROUTES: &[Route] = &[
    Route::put("Register Resource Provider", SERVICES, ApiVersion::V2012_08_01, register)
        .when("action", "register"),
    Route::put("Unregister Resource Provider", SERVICES, ApiVersion::V2012_08_01, unregister)
        .when("action", "unregister"),
];

const SERVICES: &str = "/services";

/// Recorded calls name the mobile service, the SQL server and the web site.
const KNOWN_PROVIDERS: &[&str] =
    &["hdinsight", "mediaservice", "mobileservice", "scheduler", "sqlserver", "website"];

/// The names of those that are registered.
pub(crate) type Providers = BTreeSet<String>;

fn register(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = provider_argument(call)?;
    simulator.check_registration(&name, false)?;
    simulator.start_task(call.id, Task::RegisterProvider(name));
    Ok(ApiResponse::accepted())
}

fn unregister(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = provider_argument(call)?;
    simulator.check_registration(&name, true)?;
    simulator.start_task(call.id, Task::UnregisterProvider(name));
    Ok(ApiResponse::accepted())
}

fn provider_argument(call: &Call<'_>) -> Result<String, ApiError> {
    let name = call.query.required("service")?.to_ascii_lowercase();
    if KNOWN_PROVIDERS.contains(&name.as_str()) {
        Ok(name)
    } else {
        Err(ApiError::not_found("The service name is unknown."))
    }
}

impl Simulator {
    pub(in crate::simulator) fn register_provider(&mut self, name: String) -> Result<(), ApiError> {
        self.check_registration(&name, false)?;
        self.providers.insert(name);
        Ok(())
    }

    pub(in crate::simulator) fn unregister_provider(&mut self, name: &str) -> Result<(), ApiError> {
        self.check_registration(name, true)?;
        self.providers.remove(name);
        Ok(())
    }

    /// Refuses unless the provider is, or is not, registered.
    fn check_registration(&self, name: &str, wanted: bool) -> Result<(), ApiError> {
        match (self.providers.contains(name), wanted) {
            (true, false) => Err(ApiError::conflict(format!(
                "The resource type {name} is already registered for this subscription."
            ))),
            (false, true) => Err(ApiError::not_found(format!(
                "The resource type {name} is not registered for this subscription."
            ))),
            _ => Ok(()),
        }
    }
}
