//! The bodies of requests about storage accounts.

use azure_classic_protocol::ApiVersion;

use super::account_type::AccountType;
use super::{MOST_PROPERTIES, StorageAccount, check_name};
use crate::cloud::Cloud;
use crate::cloud::call::Call;
use crate::cloud::contract::{Contract, Fields};
use crate::cloud::location;
use crate::cloud::place::Place;
use crate::cloud::refusal::Refusal;
use crate::cloud::values::{self, Properties, PropertyChanges};

pub(super) struct Create {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) description: Option<String>,
    pub(super) place: Place,
    pub(super) account_type: AccountType,
    pub(super) properties: Properties,
}

/// What is `None` stays; the others are as they will be.
pub(super) struct Update {
    pub(super) label: Option<String>,
    pub(super) description: Option<String>,
    pub(super) account_type: AccountType,
    pub(super) properties: Properties,
    pub(super) custom_domains: Option<Vec<String>>,
}

pub(super) fn create(call: &Call<'_>, cloud: &Cloud) -> Result<Create, Refusal> {
    call.read(&CREATE, |fields| {
        let name = fields.required("ServiceName")?;
        check_name(&name)?;
        let place = Place::read(fields, cloud)?;
        let account_type = AccountType::StandardGrs.read(fields)?;
        account_type.check_location(location::named(place.location())?)?;
        Ok(Create {
            name,
            label: values::label(&fields.required("Label")?)?,
            description: description(fields)?,
            place,
            account_type,
            properties: values::initial(properties(fields)?),
        })
    })
}

pub(super) fn update(call: &Call<'_>, account: &StorageAccount) -> Result<Update, Refusal> {
    call.read(&UPDATE, |fields| {
        let account_type = account.account_type.read(fields)?;
        account.account_type.check_change(account_type)?;
        Ok(Update {
            label: fields.text("Label").map(|text| values::label(&text)).transpose()?,
            description: description(fields)?,
            account_type,
            properties: values::merged(&account.properties, properties(fields)?, MOST_PROPERTIES)?,
            custom_domains: custom_domains(fields)?,
        })
    })
}

fn description(fields: &Fields<'_>) -> Result<Option<String>, Refusal> {
    let description = fields.text("Description");
    values::description(description.as_deref())?;
    Ok(description)
}

fn properties(fields: &Fields<'_>) -> Result<PropertyChanges, Refusal> {
    values::properties(fields.node("ExtendedProperties"), MOST_PROPERTIES)
}

/// `None` when they are not mentioned.
fn custom_domains(fields: &Fields<'_>) -> Result<Option<Vec<String>>, Refusal> {
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
        return Err(Refusal::bad_request("A storage account can have one custom domain."));
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
