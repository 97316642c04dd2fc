//! Certificates of a cloud service, which its roles and extensions refer to by thumbprint.

mod file;

use std::collections::BTreeMap;

use azure_classic_protocol::ApiVersion;
use serde::Serialize;

use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::cloud_service::CloudService;
use super::contract::{Contract, Fields};
use super::management_certificate::no_certificate;
use super::route::Route;
use super::tasks::Task;
use super::values;

pub(super) const ROUTES: &[Route] = &[
    Route::get("List Service Certificates", CERTIFICATES, ApiVersion::V2009_10_01, list),
    Route::get("Get Service Certificate", CERTIFICATE, ApiVersion::V2009_10_01, get),
    Route::post("Add Service Certificate", CERTIFICATES, ApiVersion::V2009_10_01, add),
    Route::delete("Delete Service Certificate", CERTIFICATE, ApiVersion::V2009_10_01, delete),
];

const CERTIFICATES: &str = "/services/hostedservices/{service}/certificates";
const CERTIFICATE: &str = "/services/hostedservices/{service}/certificates/{certificate}";

/// The only algorithm of thumbprints.
pub(super) const SHA1: &str = "sha1";

/// By thumbprint in upper case; of each certificate the base64 of its DER form. Private keys are not
/// kept.
pub(crate) type ServiceCertificates = BTreeMap<String, String>;

fn list(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = simulator.service(call.argument("service"))?;
    let url = |thumbprint| {
        let path = format!("services/hostedservices/{}/certificates", service.name);
        simulator.shared.settings.url(&format!("{path}/{SHA1}-{thumbprint}"))
    };
    let views = service.certificates.iter().map(|(thumbprint, data)| Certificate {
        url: Some(url(thumbprint)),
        thumbprint: Some(thumbprint),
        thumbprint_algorithm: Some(SHA1),
        data,
    });
    ApiResponse::xml(&Certificates(views.collect()))
}

fn get(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = simulator.service(call.argument("service"))?;
    let data = service.certificates.get(&thumbprint_argument(call)?).ok_or_else(no_certificate)?;
    ApiResponse::xml(&Certificate { url: None, thumbprint: None, thumbprint_algorithm: None, data })
}

fn add(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = simulator.service(call.argument("service"))?.name.clone();
    let certificates = call.read(&CERTIFICATE_FILE, |fields| call.prepared.certificates(fields))?;
    simulator.start_task(call.id, Task::AddServiceCertificates { service, certificates });
    Ok(ApiResponse::accepted())
}

fn delete(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = simulator.service(call.argument("service"))?.name.clone();
    let thumbprint = thumbprint_argument(call)?;
    simulator.check_certificate_unused(&service, &thumbprint)?;
    simulator.start_task(call.id, Task::DeleteServiceCertificate { service, thumbprint });
    Ok(ApiResponse::accepted())
}

/// Opens the file in a body. That may take long.
pub(super) fn parse_certificates(fields: &Fields<'_>) -> Result<ServiceCertificates, ApiError> {
    let data = values::base64("Data", &fields.required("Data")?)?;
    let format = fields.required("CertificateFormat")?;
    file::parse(&data, &format, &fields.text("Password").unwrap_or_default())
}

impl Simulator {
    pub(super) fn add_service_certificates(
        &mut self,
        service: &str,
        certificates: ServiceCertificates,
    ) -> Result<(), ApiError> {
        self.service_mut(service)?.certificates.extend(certificates);
        Ok(())
    }

    pub(super) fn delete_service_certificate(
        &mut self,
        service: &str,
        thumbprint: &str,
    ) -> Result<(), ApiError> {
        self.check_certificate_unused(service, thumbprint)?;
        self.service_mut(service)?.certificates.remove(thumbprint);
        Ok(())
    }

    /// Refuses a certificate that does not exist or that something refers to.
    fn check_certificate_unused(&self, service: &str, thumbprint: &str) -> Result<(), ApiError> {
        let service = self.service(service)?;
        if !service.certificates.contains_key(thumbprint) {
            return Err(no_certificate());
        }
        let used_by = |user: String| {
            Err(ApiError::conflict(format!(
                "The certificate with thumbprint {thumbprint} is used by the {user}."
            )))
        };
        let mut deployments = self.deployments_of(service);
        if let Some(it) = deployments.find(|it| it.refers_to_certificate(thumbprint)) {
            return used_by(format!("deployment '{}'", it.name));
        }
        let mut extensions = service.extensions.values();
        match extensions.find(|extension| extension.thumbprint() == Some(thumbprint)) {
            Some(extension) => used_by(format!("extension '{}'", extension.id())),
            None => Ok(()),
        }
    }
}

impl CloudService {
    /// Refuses a thumbprint, in any case, of a certificate that was not uploaded.
    pub(super) fn check_certificate_exists(&self, thumbprint: &str) -> Result<(), ApiError> {
        if self.certificates.contains_key(&thumbprint.to_ascii_uppercase()) {
            return Ok(());
        }
        let message = format!("The certificate with thumbprint {thumbprint} was not found.");
        Err(ApiError::bad_request(message))
    }
}

/// The thumbprint in the path, in upper case: `sha1-…`.
fn thumbprint_argument(call: &Call<'_>) -> Result<String, ApiError> {
    call.argument("certificate")
        .split_once('-')
        .filter(|(algorithm, _)| algorithm.eq_ignore_ascii_case(SHA1))
        .and_then(|(_, thumbprint)| values::thumbprint(thumbprint).ok())
        .ok_or_else(|| ApiError::bad_request("A parameter was incorrect"))
}

#[derive(Serialize)]
struct Certificates<'a>(Vec<Certificate<'a>>);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Certificate<'a> {
    #[serde(rename = "CertificateUrl")]
    url: Option<String>,
    thumbprint: Option<&'a str>,
    thumbprint_algorithm: Option<&'static str>,
    data: &'a str,
}

pub(super) const CERTIFICATE_FILE: Contract = Contract {
    root: "CertificateFile",
    members: &[
        ("Data", ApiVersion::V2009_10_01),
        ("CertificateFormat", ApiVersion::V2009_10_01),
        ("Password", ApiVersion::V2009_10_01),
    ],
};
