//! Service principals that may manage the subscription.

use std::collections::BTreeMap;

use azure_classic_protocol::ApiVersion;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::Cloud;
use super::answer::Answer;
use super::call::Call;
use super::contract::{Contract, Fields};
use super::refusal::Refusal;
use super::route::Route;
use super::values::{self, ExtendedProperty, Properties, listed};

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
const LONGEST: usize = 256;

/// The most extended properties; as of a cloud service.
const MOST_PROPERTIES: usize = 50;

/// By id in lower case.
pub(crate) type ServicePrincipals = BTreeMap<String, ServicePrincipal>;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ServicePrincipal {
    id: String,
    description: Option<String>,
    properties: Properties,
}

fn list(cloud: &mut Cloud, _: &Call<'_>) -> Result<Answer, Refusal> {
    Answer::xml(&ToldPrincipals(cloud.service_principals.values().map(told).collect()))
}

fn get(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.argument("principal").to_ascii_lowercase();
    Answer::xml(&told(cloud.service_principals.get(&id).ok_or_else(no_principal)?))
}

fn add(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let principal = call.read(&SERVICE_PRINCIPAL, ServicePrincipal::read)?;
    let key = principal.id.to_ascii_lowercase();
    if cloud.service_principals.contains_key(&key) {
        return Err(Refusal::conflict(format!(
            "The service principal {} already exists.",
            principal.id
        )));
    }
    cloud.service_principals.insert(key, principal);
    Ok(Answer::empty(StatusCode::OK))
}

fn delete(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.argument("principal").to_ascii_lowercase();
    cloud.service_principals.remove(&id).ok_or_else(no_principal)?;
    Ok(Answer::empty(StatusCode::OK))
}

fn no_principal() -> Refusal {
    Refusal::not_found("The service principal was not found.")
}

impl ServicePrincipal {
    fn read(fields: &Fields<'_>) -> Result<Self, Refusal> {
        let id = fields.required("ServicePrincipalId")?;
        values::service_principal_id(&id, LONGEST)?;
        let description = fields.text("Description");
        if description.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
            return Err(Refusal::bad_request(format!(
                "The description is longer than {LONGEST} characters."
            )));
        }
        let properties = values::properties(fields.node("ExtendedProperties"), MOST_PROPERTIES)?;
        Ok(Self { id, description, properties: values::initial(properties) })
    }
}

fn told(principal: &ServicePrincipal) -> Told<'_> {
    let properties = Some(&principal.properties).filter(|properties| !properties.is_empty());
    Told {
        service_principal_id: &principal.id,
        description: principal.description.as_deref(),
        extended_properties: properties.map(listed),
    }
}

#[derive(Serialize)]
#[serde(rename = "ServicePrincipals")]
struct ToldPrincipals<'a>(Vec<Told<'a>>);

#[derive(Serialize)]
#[serde(rename = "ServicePrincipal", rename_all = "PascalCase")]
struct Told<'a> {
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
