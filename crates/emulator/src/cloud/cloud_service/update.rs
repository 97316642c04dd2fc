//! Update Cloud Service.

use azure_classic_protocol::ApiVersion;
use http::StatusCode;

use super::MOST_PROPERTIES;
use crate::cloud::Cloud;
use crate::cloud::answer::Answer;
use crate::cloud::call::Call;
use crate::cloud::contract::Contract;
use crate::cloud::refusal::Refusal;
use crate::cloud::values::{self, PropertyChanges};

/// What is `None` or not named stays.
struct Update {
    label: Option<String>,
    description: Option<String>,
    properties: PropertyChanges,
    reverse_dns_fqdn: Option<String>,
}

pub(super) fn update(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = call.argument("service");
    cloud.service(name)?;
    let update = read(call)?;
    let now = cloud.world.now;
    let service = cloud.service_mut(name)?;
    service.properties = values::merged(&service.properties, update.properties, MOST_PROPERTIES)?;
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
    Ok(Answer::empty(StatusCode::OK))
}

fn read(call: &Call<'_>) -> Result<Update, Refusal> {
    call.read(&UPDATE, |fields| {
        let changeable = ["Label", "Description", "ExtendedProperties", "ReverseDnsFqdn"];
        if changeable.iter().all(|name| fields.node(name).is_none()) {
            return Err(Refusal::bad_request(
                "At least one of Label, Description, ExtendedProperties and ReverseDnsFqdn must be \
                 specified.",
            ));
        }
        let description = fields.text("Description");
        values::description(description.as_deref())?;
        Ok(Update {
            label: fields.text("Label").map(|text| values::label(&text)).transpose()?,
            description,
            properties: values::properties(fields.node("ExtendedProperties"), MOST_PROPERTIES)?,
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
