//! Create Cloud Service.

use azure_classic_protocol::ApiVersion;

use super::availability::is_reserved;
use super::{MOST_PROPERTIES, Service};
use crate::cloud::Cloud;
use crate::cloud::answer::Answer;
use crate::cloud::call::Call;
use crate::cloud::contract::Contract;
use crate::cloud::extension::Extensions;
use crate::cloud::place::Place;
use crate::cloud::refusal::Refusal;
use crate::cloud::service_certificate::ServiceCertificates;
use crate::cloud::values;

pub(super) fn create(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let service = call.read(&CREATE, |fields| {
        let name = fields.required("ServiceName")?;
        if !values::is_dns_label(&name) || is_reserved(&name) {
            return Err(Refusal::bad_request("The hosted service name is invalid."));
        }
        let place = Place::read(fields, cloud)?;
        let description = fields.text("Description");
        values::description(description.as_deref())?;
        let properties = values::properties(fields.node("ExtendedProperties"), MOST_PROPERTIES)?;
        let properties = values::with_platform_made(values::initial(properties), &name, &place);
        Ok(Service {
            label: values::label(&fields.required("Label")?)?,
            name,
            description,
            place,
            properties,
            reverse_dns_fqdn: fields.text("ReverseDnsFqdn").filter(|text| !text.is_empty()),
            created: cloud.world.now,
            modified: cloud.world.now,
            certificates: ServiceCertificates::new(),
            extensions: Extensions::new(),
            slots: [None, None],
            deletion: None,
        })
    })?;
    let key = service.name.to_ascii_lowercase();
    if cloud.services.contains_key(&key) {
        return Err(Refusal::conflict("The specified DNS name is already taken."));
    }
    cloud.service_quota().check(1)?;
    let location = cloud.world.settings.created_at("compute", &service.name);
    cloud.services.insert(key, service);
    Ok(Answer::created(location))
}

const CREATE: Contract = Contract {
    root: "CreateHostedService",
    members: &[
        ("ServiceName", ApiVersion::V2010_10_28),
        ("Label", ApiVersion::V2010_10_28),
        ("Description", ApiVersion::V2010_10_28),
        ("Location", ApiVersion::V2010_10_28),
        ("AffinityGroup", ApiVersion::V2010_10_28),
        ("ExtendedProperties", ApiVersion::V2012_03_01),
        ("ReverseDnsFqdn", ApiVersion::V2014_06_01),
    ],
};
