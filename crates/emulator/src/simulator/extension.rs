//! Extensions that were added to a cloud service, for deployments to refer to.

pub(super) mod catalogue;
pub(super) mod configuration;

use std::collections::BTreeMap;

use azure_classic_protocol::ApiVersion;
use serde::{Deserialize, Serialize};

use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::cloud_service::CloudService;
use super::contract::{Contract, Fields};
use super::route::Route;
use super::service_certificate::SHA1;
use super::tasks::Task;
use super::values;

pub(super) const ROUTES: &[Route] = &[
    Route::post("Add Extension", EXTENSIONS, ApiVersion::V2013_03_01, add),
    Route::get("List Extensions", EXTENSIONS, ApiVersion::V2013_03_01, list),
    Route::get("Get Extension", EXTENSION, ApiVersion::V2013_03_01, get),
    Route::delete("Delete Extension", EXTENSION, ApiVersion::V2013_03_01, delete),
];

const EXTENSIONS: &str = "/services/hostedservices/{service}/extensions";
const EXTENSION: &str = "/services/hostedservices/{service}/extensions/{extension}";

/// The extensions of a cloud service, by id in lower case.
pub(crate) type Extensions = BTreeMap<String, Extension>;

/// Never changed: who wants another configuration adds another extension. The private configuration
/// is not kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Extension {
    provider: String,
    #[serde(rename = "type")]
    kind: String,
    id: String,
    /// As it was asked for.
    version: Option<String>,
    /// What that meant when the extension was added.
    resolved_version: String,
    /// In upper case.
    thumbprint: Option<String>,
    /// Base64, as it came.
    public_configuration: Option<String>,
    is_json: bool,
}

fn add(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = simulator.service(call.argument("service"))?;
    let extension = call.read(&ADD, Extension::read)?;
    service.check_addition(&extension)?;
    let service = service.name.clone();
    simulator.start_task(call.id, Task::AddExtension { service, extension });
    Ok(ApiResponse::accepted())
}

fn list(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = simulator.service(call.argument("service"))?;
    let views = service.extensions.values().map(|extension| view(extension, call));
    ApiResponse::xml(&ExtensionList(views.collect()))
}

fn get(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = simulator.service(call.argument("service"))?;
    let id = call.argument("extension");
    ApiResponse::xml(&view(service.extension(id).ok_or_else(no_extension)?, call))
}

fn delete(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = simulator.service(call.argument("service"))?.name.clone();
    let id = call.argument("extension").to_owned();
    simulator.check_extension_unused(&service, &id)?;
    simulator.start_task(call.id, Task::DeleteExtension { service, id });
    Ok(ApiResponse::accepted())
}

fn no_extension() -> ApiError {
    ApiError::not_found("The extension was not found.")
}

impl Extension {
    fn read(fields: &Fields<'_>) -> Result<Self, ApiError> {
        let non_empty = |name| fields.text(name).filter(|text| !text.trim().is_empty());
        let base64 = |name| {
            let text = non_empty(name);
            let bytes = text.as_ref().map(|text| values::base64(name, text)).transpose()?;
            Ok::<_, ApiError>((text, bytes.unwrap_or_default()))
        };
        let (provider, kind) = (fields.required("ProviderNameSpace")?, fields.required("Type")?);
        let id = fields.required("Id")?;
        values::extension_id(&id)?;
        let thumbprint = non_empty("Thumbprint").map(|it| values::thumbprint(&it)).transpose()?;
        if non_empty("ThumbprintAlgorithm").is_some_and(|it| !it.trim().eq_ignore_ascii_case(SHA1))
        {
            return Err(ApiError::bad_request("The thumbprint algorithm must be sha1."));
        }
        let (public_configuration, public) = base64("PublicConfiguration")?;
        base64("PrivateConfiguration")?;
        let version = non_empty("Version");
        Ok(Self {
            resolved_version: catalogue::resolve_version(&provider, &kind, version.as_deref())?,
            provider,
            kind,
            id,
            version,
            thumbprint,
            public_configuration,
            is_json: public.trim_ascii_start().starts_with(b"{"),
        })
    }

    pub(super) fn thumbprint(&self) -> Option<&str> {
        self.thumbprint.as_deref()
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

impl CloudService {
    pub(super) fn extension(&self, id: &str) -> Option<&Extension> {
        self.extensions.get(&id.to_ascii_lowercase())
    }

    fn check_addition(&self, extension: &Extension) -> Result<(), ApiError> {
        if self.extension(&extension.id).is_some() {
            return Err(ApiError::conflict(format!(
                "The extension ID {} already exists.",
                extension.id
            )));
        }
        match extension.thumbprint() {
            Some(it) => self.check_certificate_exists(it),
            None => Ok(()),
        }
    }
}

impl Simulator {
    pub(super) fn add_extension(
        &mut self,
        service: &str,
        extension: Extension,
    ) -> Result<(), ApiError> {
        let service = self.service_mut(service)?;
        service.check_addition(&extension)?;
        service.extensions.insert(extension.id.to_ascii_lowercase(), extension);
        Ok(())
    }

    pub(super) fn delete_extension(&mut self, service: &str, id: &str) -> Result<(), ApiError> {
        self.check_extension_unused(service, id)?;
        self.service_mut(service)?.extensions.remove(&id.to_ascii_lowercase());
        Ok(())
    }

    /// Refuses an extension that does not exist or that a deployment refers to.
    fn check_extension_unused(&self, service: &str, id: &str) -> Result<(), ApiError> {
        let service = self.service(service)?;
        let extension = service.extension(id).ok_or_else(no_extension)?;
        let mut deployments = self.deployments_of(service);
        if deployments.any(|deployment| deployment.refers_to_extension(&extension.id)) {
            return Err(ApiError::conflict(format!(
                "The extension ID {} is already in use for this deployment.",
                extension.id
            )));
        }
        Ok(())
    }
}

fn view<'a>(extension: &'a Extension, call: &Call<'_>) -> ExtensionElement<'a> {
    ExtensionElement {
        provider_name_space: &extension.provider,
        kind: &extension.kind,
        id: &extension.id,
        version: extension.version.as_deref(),
        thumbprint: extension.thumbprint(),
        thumbprint_algorithm: extension.thumbprint().map(|_| SHA1),
        public_configuration: extension.public_configuration.as_deref(),
        is_json_extension: (extension.is_json && call.has_version(ApiVersion::V2014_06_01))
            .then_some(true),
    }
}

#[derive(Serialize)]
#[serde(rename = "Extensions")]
struct ExtensionList<'a>(Vec<ExtensionElement<'a>>);

#[derive(Serialize)]
#[serde(rename = "Extension", rename_all = "PascalCase")]
struct ExtensionElement<'a> {
    provider_name_space: &'a str,
    #[serde(rename = "Type")]
    kind: &'a str,
    id: &'a str,
    version: Option<&'a str>,
    thumbprint: Option<&'a str>,
    thumbprint_algorithm: Option<&'static str>,
    public_configuration: Option<&'a str>,
    is_json_extension: Option<bool>,
}

const ADD: Contract = Contract {
    root: "Extension",
    members: &[
        ("ProviderNameSpace", ApiVersion::V2013_03_01),
        ("Type", ApiVersion::V2013_03_01),
        ("Id", ApiVersion::V2013_03_01),
        ("Thumbprint", ApiVersion::V2013_03_01),
        ("ThumbprintAlgorithm", ApiVersion::V2013_03_01),
        ("PublicConfiguration", ApiVersion::V2013_03_01),
        ("PrivateConfiguration", ApiVersion::V2013_03_01),
        ("Version", ApiVersion::V2013_03_01),
    ],
};
