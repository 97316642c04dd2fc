//! The extensions that there are to add, in all their versions.

mod images;

use azure_classic_protocol::{ApiVersion, Base64Text};
use serde::Serialize;

use self::images::IMAGES;
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::route::Route;

pub(in crate::simulator) const ROUTES: &[Route] = &[
    Route::get("List Available Extensions", "/services/extensions", ApiVersion::V2013_03_01, list),
    Route::get(
        "List Extension Versions",
        "/services/extensions/{provider}/{type}",
        ApiVersion::V2013_03_01,
        list_versions,
    ),
];

/// A kind of extension.
struct Image {
    provider: &'static str,
    kind: &'static str,
    /// Major and minor number; oldest first.
    versions: &'static [&'static str],
    label: &'static str,
    description: &'static str,
    public_schema: Option<&'static str>,
    private_schema: Option<&'static str>,
    sample: Option<&'static str>,
}

/// The version that an extension gets: `*` or none is the newest, `1.*` the newest of a major version,
/// `1.2` exactly that. Nothing is known of extensions whose provider is not in the catalogue; they
/// have every version, and `1.0` is the newest.
pub(super) fn resolve_version(
    provider: &str,
    kind: &str,
    requested: Option<&str>,
) -> Result<String, ApiError> {
    let requested = requested.unwrap_or("*").trim();
    let (major, minor) = parse_version(requested).ok_or_else(|| {
        ApiError::bad_request(format!(
            "The extension version '{requested}' must be *, or a number and * (1.*), or two numbers (1.0)."
        ))
    })?;
    if !IMAGES.iter().any(|image| is_same_provider(image.provider, provider)) {
        return Ok(format!("{}.{}", major.unwrap_or(1), minor.unwrap_or(0)));
    }
    let image = find_image(provider, kind).ok_or_else(|| {
        ApiError::bad_request(format!("The extension {kind} of {provider} does not exist."))
    })?;
    let matches = |version: &&&str| {
        let own = parse_version(version);
        own.is_some_and(|(own_major, own_minor)| {
            major.is_none_or(|_| major == own_major) && minor.is_none_or(|_| minor == own_minor)
        })
    };
    image.versions.iter().rfind(matches).map(|version| (*version).to_owned()).ok_or_else(|| {
        ApiError::bad_request(format!(
            "The extension {kind} of {provider} has no version {requested}."
        ))
    })
}

/// Major and minor number, where they are not left open by `*`.
fn parse_version(version: &str) -> Option<(Option<u32>, Option<u32>)> {
    if version == "*" {
        return Some((None, None));
    }
    let (major, minor) = version.split_once('.')?;
    let minor = if minor == "*" { None } else { Some(minor.parse().ok()?) };
    Some((Some(major.parse().ok()?), minor))
}

fn find_image(provider: &str, kind: &str) -> Option<&'static Image> {
    IMAGES.iter().find(|image| {
        is_same_provider(image.provider, provider) && image.kind.eq_ignore_ascii_case(kind)
    })
}

/// Two pages of the reference leave a dot out: `Microsoft.WindowsAzure.Extensions`.
fn is_same_provider(own: &str, named: &str) -> bool {
    own.eq_ignore_ascii_case(named)
        || own.replace("Windows.Azure", "WindowsAzure").eq_ignore_ascii_case(named)
}

fn list(_: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let newest = IMAGES.iter().filter_map(|image| Some((image, *image.versions.last()?)));
    ApiResponse::xml(&ExtensionImages(
        newest.map(|(image, it)| image_view(image, it, call)).collect(),
    ))
}

fn list_versions(_: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let image = find_image(call.argument("provider"), call.argument("type"))
        .ok_or_else(|| ApiError::not_found("The extension was not found."))?;
    let versions = image.versions.iter();
    ApiResponse::xml(&ExtensionImages(
        versions.map(|version| image_view(image, version, call)).collect(),
    ))
}

fn image_view(image: &Image, version: &'static str, call: &Call<'_>) -> ExtensionImage {
    let has_company = call.has_version(ApiVersion::V2014_06_01);
    ExtensionImage {
        provider_name_space: image.provider,
        kind: image.kind,
        version,
        label: image.label,
        description: image.description,
        hosting_resources: "WebRole|WorkerRole",
        thumbprint_algorithm: super::SHA1,
        public_configuration_schema: image.public_schema.map(Base64Text::from),
        private_configuration_schema: image.private_schema.map(Base64Text::from),
        sample_config: image
            .sample
            .filter(|_| call.has_version(ApiVersion::V2013_11_01))
            .map(Base64Text::from),
        replication_completed: call.has_version(ApiVersion::V2014_04_01).then_some(true),
        supported_os: has_company.then_some("Windows"),
        company_name: has_company.then_some("Microsoft"),
        published_date: has_company.then_some("2014-06-01T00:00:00Z"),
    }
}

#[derive(Serialize)]
struct ExtensionImages(Vec<ExtensionImage>);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ExtensionImage {
    provider_name_space: &'static str,
    #[serde(rename = "Type")]
    kind: &'static str,
    version: &'static str,
    label: &'static str,
    description: &'static str,
    hosting_resources: &'static str,
    thumbprint_algorithm: &'static str,
    public_configuration_schema: Option<Base64Text>,
    private_configuration_schema: Option<Base64Text>,
    sample_config: Option<Base64Text>,
    replication_completed: Option<bool>,
    #[serde(rename = "SupportedOS")]
    supported_os: Option<&'static str>,
    company_name: Option<&'static str>,
    published_date: Option<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_exact_and_wildcard_versions() {
        for (provider, kind, requested, expected) in [
            ("Microsoft.Windows.Azure.Extensions", "RDP", None, Some("1.2")),
            ("microsoft.windowsazure.extensions", "rdp", Some("*"), Some("1.2")),
            ("Microsoft.Windows.Azure.Extensions", "RDP", Some("1.*"), Some("1.2")),
            ("Microsoft.Windows.Azure.Extensions", "RDP", Some(" 1.0 "), Some("1.0")),
            ("Microsoft.Windows.Azure.Extensions", "RDP", Some("1.9"), None),
            ("Microsoft.Windows.Azure.Extensions", "RDP", Some("2.*"), None),
            ("Microsoft.Windows.Azure.Extensions", "Teleport", None, None),
            ("Contoso.Extensions", "Audit", None, Some("1.0")),
            ("Contoso.Extensions", "Audit", Some("3.*"), Some("3.0")),
            ("Contoso.Extensions", "Audit", Some("3.14"), Some("3.14")),
            ("Contoso.Extensions", "Audit", Some("*.*"), None),
            ("Contoso.Extensions", "Audit", Some("1"), None),
            ("Contoso.Extensions", "Audit", Some("1.2.3"), None),
            ("Contoso.Extensions", "Audit", Some(""), None),
        ] {
            let found = resolve_version(provider, kind, requested).ok();
            assert_eq!(found.as_deref(), expected, "{provider} {kind} {requested:?}");
        }
    }

    #[test]
    fn catalogue_versions_are_valid_and_sorted() {
        for image in IMAGES {
            let read = |version: &&str| parse_version(version).unwrap();
            let versions: Vec<_> = image.versions.iter().map(read).collect();
            assert!(!versions.is_empty() && versions.is_sorted(), "{}", image.kind);
            assert!(versions.iter().all(|(_, minor)| minor.is_some()), "{}", image.kind);
        }
    }
}
