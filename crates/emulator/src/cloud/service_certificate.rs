//! Certificates of a cloud service, which its roles and extensions refer to by thumbprint.

mod file;

use std::collections::BTreeMap;

use azure_classic_protocol::ApiVersion;
use serde::Serialize;

use super::Cloud;
use super::answer::Answer;
use super::call::Call;
use super::cloud_service::Service;
use super::contract::{Contract, Fields};
use super::management_certificate::no_certificate;
use super::refusal::Refusal;
use super::route::Route;
use super::values;
use super::work::Task;

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

fn list(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let service = cloud.service(call.argument("service"))?;
    let url = |thumbprint| {
        let path = format!("services/hostedservices/{}/certificates", service.name);
        cloud.world.settings.url(&format!("{path}/{SHA1}-{thumbprint}"))
    };
    let told = service.certificates.iter().map(|(thumbprint, data)| Certificate {
        url: Some(url(thumbprint)),
        thumbprint: Some(thumbprint),
        thumbprint_algorithm: Some(SHA1),
        data,
    });
    Answer::xml(&Certificates(told.collect()))
}

fn get(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let service = cloud.service(call.argument("service"))?;
    let data = service.certificates.get(&named(call)?).ok_or_else(no_certificate)?;
    Answer::xml(&Certificate { url: None, thumbprint: None, thumbprint_algorithm: None, data })
}

fn add(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let service = cloud.service(call.argument("service"))?.name.clone();
    let certificates = call.read(&CERTIFICATE_FILE, |fields| call.prepared.certificates(fields))?;
    cloud.begin_work(call.id, Task::AddServiceCertificates { service, certificates });
    Ok(Answer::accepted())
}

fn delete(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let service = cloud.service(call.argument("service"))?.name.clone();
    let thumbprint = named(call)?;
    cloud.check_certificate_is_free(&service, &thumbprint)?;
    cloud.begin_work(call.id, Task::DeleteServiceCertificate { service, thumbprint });
    Ok(Answer::accepted())
}

/// Opens the file in a body. That may take long.
pub(super) fn read(fields: &Fields<'_>) -> Result<ServiceCertificates, Refusal> {
    let data = values::base64("Data", &fields.required("Data")?)?;
    let format = fields.required("CertificateFormat")?;
    file::certificates(&data, &format, &fields.text("Password").unwrap_or_default())
}

impl Cloud {
    pub(super) fn add_service_certificates(
        &mut self,
        service: &str,
        certificates: ServiceCertificates,
    ) -> Result<(), Refusal> {
        self.service_mut(service)?.certificates.extend(certificates);
        Ok(())
    }

    pub(super) fn delete_service_certificate(
        &mut self,
        service: &str,
        thumbprint: &str,
    ) -> Result<(), Refusal> {
        self.check_certificate_is_free(service, thumbprint)?;
        self.service_mut(service)?.certificates.remove(thumbprint);
        Ok(())
    }

    /// Refuses a certificate that does not exist or that something refers to.
    fn check_certificate_is_free(&self, service: &str, thumbprint: &str) -> Result<(), Refusal> {
        let service = self.service(service)?;
        if !service.certificates.contains_key(thumbprint) {
            return Err(no_certificate());
        }
        let used_by = |user: String| {
            Err(Refusal::conflict(format!(
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

impl Service {
    /// Refuses a thumbprint, in any case, of a certificate that was not uploaded.
    pub(super) fn check_certificate(&self, thumbprint: &str) -> Result<(), Refusal> {
        if self.certificates.contains_key(&thumbprint.to_ascii_uppercase()) {
            return Ok(());
        }
        let message = format!("The certificate with thumbprint {thumbprint} was not found.");
        Err(Refusal::bad_request(message))
    }
}

/// The thumbprint in the path, in upper case: `sha1-…`.
fn named(call: &Call<'_>) -> Result<String, Refusal> {
    call.argument("certificate")
        .split_once('-')
        .filter(|(algorithm, _)| algorithm.eq_ignore_ascii_case(SHA1))
        .and_then(|(_, thumbprint)| values::thumbprint(thumbprint).ok())
        .ok_or_else(|| Refusal::bad_request("A parameter was incorrect"))
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
