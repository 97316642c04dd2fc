//! The bodies of requests about storage accounts.

use azure_classic_protocol::ApiVersion;

use super::account_type::AccountType;
use super::{MAX_PROPERTIES, StorageAccount, check_name};
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::call::Call;
use crate::simulator::contract::{Contract, Fields};
use crate::simulator::location;
use crate::simulator::resource_location::ResourceLocation;
use crate::simulator::values::{self, Properties, PropertyChanges};

pub(super) struct CreateRequest {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) description: Option<String>,
    pub(super) placement: ResourceLocation,
    pub(super) account_type: AccountType,
    pub(super) properties: Properties,
}

/// Values that are `None` stay unchanged.
pub(super) struct UpdateRequest {
    pub(super) label: Option<String>,
    pub(super) description: Option<String>,
    pub(super) account_type: AccountType,
    pub(super) properties: Properties,
    pub(super) custom_domains: Option<Vec<String>>,
}

pub(super) fn create(call: &Call<'_>, simulator: &Simulator) -> Result<CreateRequest, ApiError> {
    call.read(&CREATE, |fields| {
        let name = fields.required("ServiceName")?;
        check_name(&name)?;
        let place = ResourceLocation::read(fields, simulator)?;
        let account_type = AccountType::StandardGrs.read(fields)?;
        account_type.check_location(location::find(place.location())?)?;
        Ok(CreateRequest {
            name,
            label: values::label(&fields.required("Label")?)?,
            description: description(fields)?,
            placement: place,
            account_type,
            properties: values::initial_properties(properties(fields)?),
        })
    })
}

pub(super) fn update(call: &Call<'_>, account: &StorageAccount) -> Result<UpdateRequest, ApiError> {
    call.read(&UPDATE, |fields| {
        let account_type = account.account_type.read(fields)?;
        account.account_type.check_change(account_type)?;
        Ok(UpdateRequest {
            label: fields.text("Label").map(|text| values::label(&text)).transpose()?,
            description: description(fields)?,
            account_type,
            properties: values::merged_properties(
                &account.properties,
                properties(fields)?,
                MAX_PROPERTIES,
            )?,
            custom_domains: custom_domains(fields)?,
        })
    })
}

fn description(fields: &Fields<'_>) -> Result<Option<String>, ApiError> {
    let description = fields.text("Description");
    values::description(description.as_deref())?;
    Ok(description)
}

fn properties(fields: &Fields<'_>) -> Result<PropertyChanges, ApiError> {
    values::properties(fields.node("ExtendedProperties"), MAX_PROPERTIES)
}

/// `None` when they are not mentioned.
fn custom_domains(fields: &Fields<'_>) -> Result<Option<Vec<String>>, ApiError> {
    if fields.node("CustomDomains").is_none() {
        return Ok(None);
    }
    let domains = fields.items("CustomDomains", &CUSTOM_DOMAIN);
    let names = domains.iter().map(|domain| {
        domain.boolean("UseSubDomainName")?;
        domain.required("Name")
    });
    let names = names.collect::<Result<Vec<_>, _>>()?;
    if names.len() > 1 {
        return Err(ApiError::bad_request("A storage account can have one custom domain."));
    }
    Ok(Some(names))
}

const CREATE: Contract = Contract {
    root: "CreateStorageServiceInput",
    members: &[
        ("ServiceName", ApiVersion::V2011_06_01),
        ("Description", ApiVersion::V2011_06_01),
        ("Label", ApiVersion::V2011_06_01),
        ("AffinityGroup", ApiVersion::V2011_06_01),
        ("Location", ApiVersion::V2011_06_01),
        ("GeoReplicationEnabled", ApiVersion::V2011_06_01),
        ("ExtendedProperties", ApiVersion::V2012_03_01),
        ("SecondaryReadEnabled", ApiVersion::V2013_11_01),
        ("AccountType", ApiVersion::V2014_06_01),
    ],
};

const UPDATE: Contract = Contract {
    root: "UpdateStorageServiceInput",
    members: &[
        ("Description", ApiVersion::V2011_06_01),
        ("Label", ApiVersion::V2011_06_01),
        ("GeoReplicationEnabled", ApiVersion::V2011_06_01),
        ("ExtendedProperties", ApiVersion::V2012_03_01),
        ("CustomDomains", ApiVersion::V2011_06_01),
        ("SecondaryReadEnabled", ApiVersion::V2013_11_01),
        ("AccountType", ApiVersion::V2014_06_01),
    ],
};

const CUSTOM_DOMAIN: Contract = Contract {
    root: "CustomDomain",
    members: &[("Name", ApiVersion::V2011_06_01), ("UseSubDomainName", ApiVersion::V2011_06_01)],
};
