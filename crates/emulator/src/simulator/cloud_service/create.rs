//! Create Cloud Service.

use azure_classic_protocol::ApiVersion;

use super::availability::is_reserved;
use super::{CloudService, MAX_PROPERTIES};
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::contract::Contract;
use crate::simulator::extension::Extensions;
use crate::simulator::resource_location::ResourceLocation;
use crate::simulator::service_certificate::ServiceCertificates;
use crate::simulator::values;

pub(super) fn create(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = call.read(&CREATE, |fields| {
        let name = fields.required("ServiceName")?;
        if !values::is_dns_label(&name) || is_reserved(&name) {
            return Err(ApiError::bad_request("The hosted service name is invalid."));
        }
        let place = ResourceLocation::read(fields, simulator)?;
        let description = fields.text("Description");
        values::description(description.as_deref())?;
        let properties = values::properties(fields.node("ExtendedProperties"), MAX_PROPERTIES)?;
        let properties =
            values::with_platform_properties(values::initial_properties(properties), &name, &place);
        Ok(CloudService {
            label: values::label(&fields.required("Label")?)?,
            name,
            description,
            placement: place,
            properties,
            reverse_dns_fqdn: fields.text("ReverseDnsFqdn").filter(|text| !text.is_empty()),
            created: simulator.shared.now,
            modified: simulator.shared.now,
            certificates: ServiceCertificates::new(),
            extensions: Extensions::new(),
            slots: [None, None],
            deletion: None,
        })
    })?;
    let key = service.name.to_ascii_lowercase();
    if simulator.services.contains_key(&key) {
        return Err(ApiError::conflict("The specified DNS name is already taken."));
    }
    simulator.service_quota().check(1)?;
    let location = simulator.shared.settings.created_at("compute", &service.name);
    simulator.services.insert(key, service);
    Ok(ApiResponse::created(location))
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
