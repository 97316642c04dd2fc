//! Update Cloud Service.

use azure_classic_protocol::ApiVersion;
use http::StatusCode;

use super::MAX_PROPERTIES;
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::contract::Contract;
use crate::simulator::values::{self, PropertyChanges};

/// Values that are `None` or not named stay unchanged.
struct Update {
    label: Option<String>,
    description: Option<String>,
    properties: PropertyChanges,
    reverse_dns_fqdn: Option<String>,
}

pub(super) fn update(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = call.argument("service");
    simulator.service(name)?;
    let update = read(call)?;
    let now = simulator.shared.now;
    let service = simulator.service_mut(name)?;
    service.properties =
        values::merged_properties(&service.properties, update.properties, MAX_PROPERTIES)?;
    if let Some(label) = update.label {
        service.label = label;
    }
    if let Some(description) = update.description {
        service.description = Some(description);
    }
    if let Some(name) = update.reverse_dns_fqdn {
        service.reverse_dns_fqdn = Some(name).filter(|name| !name.is_empty());
    }
    service.modified = now;
    Ok(ApiResponse::empty(StatusCode::OK))
}

fn read(call: &Call<'_>) -> Result<Update, ApiError> {
    call.read(&UPDATE, |fields| {
        let changeable = ["Label", "Description", "ExtendedProperties", "ReverseDnsFqdn"];
        if changeable.iter().all(|name| fields.node(name).is_none()) {
            return Err(ApiError::bad_request(
                "At least one of Label, Description, ExtendedProperties and ReverseDnsFqdn must be \
                 specified.",
            ));
        }
        let description = fields.text("Description");
        values::description(description.as_deref())?;
        Ok(Update {
            label: fields.text("Label").map(|text| values::label(&text)).transpose()?,
            description,
            properties: values::properties(fields.node("ExtendedProperties"), MAX_PROPERTIES)?,
            reverse_dns_fqdn: fields.text("ReverseDnsFqdn"),
        })
    })
}

const UPDATE: Contract = Contract {
    root: "UpdateHostedService",
    members: &[
        ("Label", ApiVersion::V2010_10_28),
        ("Description", ApiVersion::V2010_10_28),
        ("Location", ApiVersion::V2010_10_28),
        ("AffinityGroup", ApiVersion::V2010_10_28),
        ("ExtendedProperties", ApiVersion::V2012_03_01),
        ("GuestAgentType", ApiVersion::V2010_10_28),
        ("ReverseDnsFqdn", ApiVersion::V2014_06_01),
        // The last library for Node.js writes these two the other way round.
        ("ExtendedProperties", ApiVersion::V2012_03_01),
    ],
};
