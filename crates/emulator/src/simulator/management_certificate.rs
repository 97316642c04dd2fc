//! Management certificates: who may call.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use azure_classic_credentials::Certificate;
use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ApiVersion, DateTime};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::contract::Contract;
use super::route::Route;
use super::settings::Settings;
use super::values;
use crate::Caller;
use crate::caller::thumbprint;

pub(super) const ROUTES: &[Route] = &[
    Route::get("List Management Certificates", CERTIFICATES, ApiVersion::V2012_03_01, list),
    Route::get("Get Management Certificate", CERTIFICATE, ApiVersion::V2012_03_01, get),
    Route::post("Add Management Certificate", CERTIFICATES, ApiVersion::V2012_03_01, add),
    Route::delete("Delete Management Certificate", CERTIFICATE, ApiVersion::V2012_03_01, delete),
];

const CERTIFICATES: &str = "/certificates";
const CERTIFICATE: &str = "/certificates/{thumbprint}";

/// The most that a subscription has.
const MAX_CERTIFICATES: usize = 100;

/// The certificates that may call.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct ManagementCertificates {
    /// By thumbprint in upper case, which is also the order in responses.
    by_thumbprint: BTreeMap<String, ManagementCertificate>,
    /// The thumbprints that came with the settings, whether they are still among them or not.
    imported: BTreeSet<String>,
}

/// A certificate as it was uploaded, which need not be one: some have uploaded PKCS#12 with a key.
#[derive(Clone, Serialize, Deserialize)]
struct ManagementCertificate {
    /// Base64.
    public_key: String,
    /// Base64.
    data: String,
    created: Instant,
}

impl ManagementCertificates {
    pub(super) fn allows(&self, caller: &Caller) -> bool {
        caller.as_thumbprint().is_some_and(|thumbprint| self.by_thumbprint.contains_key(thumbprint))
    }

    /// Adds the certificates of the settings. Those of earlier settings keep their state: a deleted one stays
    /// deleted.
    pub(super) fn import(&mut self, settings: &Settings, now: Instant) {
        let complete = settings.full_certificates.iter().filter_map(|data| {
            let der = STANDARD.decode(data).ok()?;
            let certificate = Certificate::parse(der.clone()).ok();
            let key = certificate.as_ref().and_then(Certificate::bare_public_key);
            let public_key = key.map(|key| STANDARD.encode(key)).unwrap_or_default();
            Some((thumbprint(&der), public_key, data.clone()))
        });
        let named = settings.management_certificates.iter();
        let named = named.map(|it| (it.to_ascii_uppercase(), String::new(), String::new()));
        for (thumbprint, public_key, data) in complete.chain(named) {
            if self.imported.insert(thumbprint.clone()) {
                let certificate = ManagementCertificate { public_key, data, created: now };
                self.by_thumbprint.entry(thumbprint).or_insert(certificate);
            }
        }
    }
}

/// `Debug` does not show the uploaded data.
impl fmt::Debug for ManagementCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagementCertificate")
            .field("created", &self.created)
            .finish_non_exhaustive()
    }
}

fn list(simulator: &mut Simulator, _: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let all = simulator.management_certificates.by_thumbprint.iter();
    let views =
        all.map(|(thumbprint, it)| view(thumbprint, it, &simulator.shared.settings)).collect();
    ApiResponse::xml(&SubscriptionCertificates(views))
}

fn get(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let thumbprint = call.argument("thumbprint").to_ascii_uppercase();
    let all = &simulator.management_certificates.by_thumbprint;
    let (thumbprint, certificate) = all.get_key_value(&thumbprint).ok_or_else(no_certificate)?;
    ApiResponse::xml(&view(thumbprint, certificate, &simulator.shared.settings))
}

fn add(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let (thumbprint, certificate) = call.read(&SUBSCRIPTION_CERTIFICATE, |fields| {
        let base64 = |name| {
            let text = fields.required(name)?;
            values::base64(name, &text).map(|bytes| (text, bytes))
        };
        let (public_key, _) = base64("SubscriptionCertificatePublicKey")?;
        let named = fields.required("SubscriptionCertificateThumbprint")?;
        let (data, bytes) = base64("SubscriptionCertificateData")?;
        let thumbprint = values::thumbprint(&named)?;
        if Certificate::parse(bytes).is_ok_and(|own| own.thumbprint() != thumbprint) {
            return Err(ApiError::bad_request(format!(
                "The certificate does not have the thumbprint {thumbprint}."
            )));
        }
        let created = simulator.shared.now;
        Ok((thumbprint, ManagementCertificate { public_key, data, created }))
    })?;
    let all = &mut simulator.management_certificates.by_thumbprint;
    if all.contains_key(&thumbprint) {
        return Err(ApiError::conflict(format!(
            "The certificate with thumbprint {thumbprint} already exists."
        )));
    }
    if all.len() >= MAX_CERTIFICATES {
        return Err(ApiError::bad_request(format!(
            "The subscription has {MAX_CERTIFICATES} management certificates, which is the most. Delete one first."
        )));
    }
    let location = simulator.shared.settings.created_at("certificates", &thumbprint);
    all.insert(thumbprint, certificate);
    Ok(ApiResponse::created(location))
}

fn delete(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let thumbprint = call.argument("thumbprint").to_ascii_uppercase();
    simulator
        .management_certificates
        .by_thumbprint
        .remove(&thumbprint)
        .ok_or_else(no_certificate)?;
    Ok(ApiResponse::empty(StatusCode::OK))
}

pub(super) fn no_certificate() -> ApiError {
    ApiError::not_found("The certificate was not found.")
}

fn view<'a>(
    thumbprint: &'a str,
    certificate: &'a ManagementCertificate,
    settings: &Settings,
) -> SubscriptionCertificate<'a> {
    SubscriptionCertificate {
        public_key: &certificate.public_key,
        thumbprint,
        data: &certificate.data,
        created: settings.exact_date_time(certificate.created),
    }
}

#[derive(Serialize)]
struct SubscriptionCertificates<'a>(Vec<SubscriptionCertificate<'a>>);

#[derive(Serialize)]
struct SubscriptionCertificate<'a> {
    #[serde(rename = "SubscriptionCertificatePublicKey")]
    public_key: &'a str,
    #[serde(rename = "SubscriptionCertificateThumbprint")]
    thumbprint: &'a str,
    #[serde(rename = "SubscriptionCertificateData")]
    data: &'a str,
    #[serde(rename = "Created")]
    created: DateTime,
}

const SUBSCRIPTION_CERTIFICATE: Contract = Contract {
    root: "SubscriptionCertificate",
    members: &[
        ("SubscriptionCertificatePublicKey", ApiVersion::V2012_03_01),
        ("SubscriptionCertificateThumbprint", ApiVersion::V2012_03_01),
        ("SubscriptionCertificateData", ApiVersion::V2012_03_01),
    ],
};
