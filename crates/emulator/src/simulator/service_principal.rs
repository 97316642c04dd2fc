//! Service principals that may manage the subscription.

use std::collections::BTreeMap;

use azure_classic_protocol::ApiVersion;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::contract::{Contract, Fields};
use super::route::Route;
use super::values::{self, ExtendedProperty, Properties, property_views};

pub(super) const ROUTES: &[Route] = &[
    Route::get("List Subscription Service Principals", PRINCIPALS, ApiVersion::V2018_06_01, list),
    Route::get("Get Subscription Service Principal", PRINCIPAL, ApiVersion::V2018_06_01, get),
    Route::post("Add Subscription Service Principal", PRINCIPALS, ApiVersion::V2018_06_01, add),
    Route::delete(
        "Delete Subscription Service Principal",
        PRINCIPAL,
        ApiVersion::V2018_06_01,
        delete,
    ),
];

const PRINCIPALS: &str = "/servicePrincipals";
const PRINCIPAL: &str = "/servicePrincipals/{principal}";

/// The most characters of an id and of a description.
const MAX_DESCRIPTION_LENGTH: usize = 256;

/// The most extended properties; as of a cloud service.
const MAX_PROPERTIES: usize = 50;

/// By id in lower case.
pub(crate) type ServicePrincipals = BTreeMap<String, ServicePrincipal>;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ServicePrincipal {
    id: String,
    description: Option<String>,
    properties: Properties,
}

fn list(simulator: &mut Simulator, _: &Call<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::xml(&ServicePrincipalList(
        simulator.service_principals.values().map(view).collect(),
    ))
}

fn get(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let id = call.argument("principal").to_ascii_lowercase();
    ApiResponse::xml(&view(simulator.service_principals.get(&id).ok_or_else(no_principal)?))
}

fn add(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let principal = call.read(&SERVICE_PRINCIPAL, ServicePrincipal::read)?;
    let key = principal.id.to_ascii_lowercase();
    if simulator.service_principals.contains_key(&key) {
        return Err(ApiError::conflict(format!(
            "The service principal {} already exists.",
            principal.id
        )));
    }
    simulator.service_principals.insert(key, principal);
    Ok(ApiResponse::empty(StatusCode::OK))
}

fn delete(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let id = call.argument("principal").to_ascii_lowercase();
    simulator.service_principals.remove(&id).ok_or_else(no_principal)?;
    Ok(ApiResponse::empty(StatusCode::OK))
}

fn no_principal() -> ApiError {
    ApiError::not_found("The service principal was not found.")
}

impl ServicePrincipal {
    fn read(fields: &Fields<'_>) -> Result<Self, ApiError> {
        let id = fields.required("ServicePrincipalId")?;
        values::service_principal_id(&id, MAX_DESCRIPTION_LENGTH)?;
        let description = fields.text("Description");
        if description.as_ref().is_some_and(|text| text.chars().count() > MAX_DESCRIPTION_LENGTH) {
            return Err(ApiError::bad_request(format!(
                "The description is longer than {MAX_DESCRIPTION_LENGTH} characters."
            )));
        }
        let properties = values::properties(fields.node("ExtendedProperties"), MAX_PROPERTIES)?;
        Ok(Self { id, description, properties: values::initial_properties(properties) })
    }
}

fn view(principal: &ServicePrincipal) -> ServicePrincipalElement<'_> {
    let properties = Some(&principal.properties).filter(|properties| !properties.is_empty());
    ServicePrincipalElement {
        service_principal_id: &principal.id,
        description: principal.description.as_deref(),
        extended_properties: properties.map(property_views),
    }
}

#[derive(Serialize)]
#[serde(rename = "ServicePrincipals")]
struct ServicePrincipalList<'a>(Vec<ServicePrincipalElement<'a>>);

#[derive(Serialize)]
#[serde(rename = "ServicePrincipal", rename_all = "PascalCase")]
struct ServicePrincipalElement<'a> {
    service_principal_id: &'a str,
    description: Option<&'a str>,
    extended_properties: Option<Vec<ExtendedProperty<'a>>>,
}

const SERVICE_PRINCIPAL: Contract = Contract {
    root: "ServicePrincipal",
    members: &[
        ("ServicePrincipalId", ApiVersion::V2018_06_01),
        ("Description", ApiVersion::V2018_06_01),
        ("ExtendedProperties", ApiVersion::V2018_06_01),
    ],
};
