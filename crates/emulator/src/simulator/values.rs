//! Values of requests: labels, names, extended properties.

use std::collections::BTreeMap;

use azure_classic_protocol::xml::WINDOWS_AZURE;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::Node;
use serde::Serialize;

use super::api_error::ApiError;
use super::contract::{is_nil, text_of};
use super::resource_location::ResourceLocation;

/// Extended properties by name.
pub(crate) type Properties = BTreeMap<String, String>;

/// The extended properties in a request; `None` deletes one.
pub(crate) type PropertyChanges = BTreeMap<String, Option<String>>;

/// The properties that a new thing begins with: there is nothing to delete yet.
pub(crate) fn initial_properties(properties: PropertyChanges) -> Properties {
    properties.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// The properties after the changes, of which `None` deletes: at most this many, besides those of the
/// platform.
pub(crate) fn merged_properties(
    properties: &Properties,
    changes: PropertyChanges,
    most: usize,
) -> Result<Properties, ApiError> {
    let mut properties = properties.clone();
    for (name, value) in changes {
        match value {
            Some(value) => properties.insert(name, value),
            None => properties.remove(&name),
        };
    }
    let own = properties.keys().filter(|name| !PLATFORM_PROPERTIES.contains(&name.as_str()));
    check_count(own.count(), most)?;
    Ok(properties)
}

/// The properties that the platform adds to resources with a resource group.
const PLATFORM_PROPERTIES: [&str; 2] = ["ResourceGroup", "ResourceLocation"];

/// The properties of a new thing, with those that the platform adds unless they are given.
pub(crate) fn with_platform_properties(
    mut properties: Properties,
    group: impl Into<String>,
    place: &ResourceLocation,
) -> Properties {
    for (name, value) in
        PLATFORM_PROPERTIES.into_iter().zip([group.into(), place.location().to_owned()])
    {
        properties.entry(name.to_owned()).or_insert(value);
    }
    properties
}

fn check_count(count: usize, most: usize) -> Result<(), ApiError> {
    if count > most {
        return Err(ApiError::bad_request(format!(
            "There are more than {most} extended properties."
        )));
    }
    Ok(())
}

/// An extended property in a response.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExtendedProperty<'a> {
    name: &'a str,
    value: &'a str,
}

pub(crate) fn property_views(properties: &Properties) -> Vec<ExtendedProperty<'_>> {
    properties.iter().map(|(name, value)| ExtendedProperty { name, value }).collect()
}

/// Decodes base64; line breaks and blanks in it do no harm.
pub(crate) fn base64(name: &str, text: &str) -> Result<Vec<u8>, ApiError> {
    let compact: String = text.split_ascii_whitespace().collect();
    STANDARD
        .decode(compact)
        .map_err(|_| ApiError::bad_xml(format!("The element {name} is not base64.")))
}

/// The thumbprint of a certificate, in upper case: SHA-1 in 40 hexadecimal digits.
pub(crate) fn thumbprint(text: &str) -> Result<String, ApiError> {
    let thumbprint = text.trim().to_ascii_uppercase();
    if thumbprint.len() == 40 && thumbprint.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(thumbprint)
    } else {
        Err(ApiError::bad_request(
            "The thumbprint of a certificate must be 40 hexadecimal digits without blanks.",
        ))
    }
}

/// A label: base64 of at most 100 characters.
pub(crate) fn label(text: &str) -> Result<String, ApiError> {
    let label = String::from_utf8(base64("Label", text)?)
        .map_err(|_| ApiError::bad_request("The label is not base64 of UTF-8."))?;
    match label.chars().count() {
        0 => Err(ApiError::bad_request("The label is empty.")),
        1..=100 => Ok(label),
        _ => Err(ApiError::bad_request("The label is longer than 100 characters.")),
    }
}

/// A description: at most 1,024 characters.
pub(crate) fn description(text: Option<&str>) -> Result<(), ApiError> {
    if text.is_some_and(|text| text.chars().count() > 1024) {
        return Err(ApiError::bad_request("The description is longer than 1024 characters."));
    }
    Ok(())
}

/// The valid names of cloud services and affinity groups.
pub(crate) fn is_dns_label(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// A deployment name: anything that is a path segment without control characters.
pub(crate) fn deployment_name(name: &str) -> Result<(), ApiError> {
    if is_segment(name, 260) {
        Ok(())
    } else {
        Err(ApiError::bad_request("The deployment name is invalid."))
    }
}

/// The id of an extension: at most 60 letters, digits and hyphens, as Azure PowerShell made them after
/// the service had refused others.
pub(crate) fn extension_id(id: &str) -> Result<(), ApiError> {
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if (1..=60).contains(&id.len()) && id.bytes().all(is_legal) {
        Ok(())
    } else {
        Err(ApiError::bad_request(format!("The extension ID {id} is invalid.")))
    }
}

/// The id of a service principal: any name that fits into a path, usually a GUID.
pub(crate) fn service_principal_id(id: &str, longest: usize) -> Result<(), ApiError> {
    if is_segment(id, longest) {
        Ok(())
    } else {
        Err(ApiError::bad_request("The service principal id is invalid."))
    }
}

/// Whether XML 1.0 allows a character. Characters from a document are always allowed; percent-encoded or
/// base64 text may contain others.
pub(crate) fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

pub(crate) fn is_segment(name: &str, longest: usize) -> bool {
    (1..=longest).contains(&name.chars().count())
        && !name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\' | '?' | '#'))
        && !matches!(name, "." | "..")
}

/// Reads `ExtendedProperties`, with at most this many of them.
pub(crate) fn properties(
    list: Option<Node<'_, '_>>,
    most: usize,
) -> Result<PropertyChanges, ApiError> {
    let mut properties = PropertyChanges::new();
    let items = list.into_iter().flat_map(|list| list.children());
    for item in items.filter(|item| item.has_tag_name((WINDOWS_AZURE, "ExtendedProperty"))) {
        let child = |name| {
            item.children()
                .find(|child| child.has_tag_name((WINDOWS_AZURE, name)) && !is_nil(*child))
                .map(text_of)
        };
        let name = child("Name").unwrap_or_default();
        let value = child("Value");
        check_property(&name, value.as_deref())?;
        if properties.insert(name.clone(), value).is_some() {
            return Err(ApiError::bad_request(format!(
                "The extended property name {name} is given twice."
            )));
        }
    }
    check_count(properties.len(), most)?;
    Ok(properties)
}

fn check_property(name: &str, value: Option<&str>) -> Result<(), ApiError> {
    let is_word = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_word || name.len() > 64 {
        return Err(ApiError::bad_request(
            "The extended property name must be a letter followed by letters, digits and \
             underscores, at most 64 in all.",
        ));
    }
    if value.is_some_and(|value| value.chars().count() > 255) {
        return Err(ApiError::bad_request(format!(
            "The value of the extended property {name} is longer than 255 characters."
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_decoded_once_and_counted_in_characters() {
        assert_eq!(label("cmVsZWFzZSAx").unwrap(), "release 1");
        assert_eq!(label("cmVs\n ZWFzZSAx").unwrap(), "release 1");
        assert!(label(&STANDARD.encode("ü".repeat(100))).is_ok());
        assert!(label(&STANDARD.encode("ü".repeat(101))).is_err());
        for text in ["", "?", "cmV", "/w=="] {
            assert!(label(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_are_validated() {
        for name in ["contoso", "c", "Contoso-2", &"a".repeat(63)] {
            assert!(is_dns_label(name), "{name}");
        }
        for name in ["", "-a", "a-", "a.b", "a b", "ü", "..", &"a".repeat(64)] {
            assert!(!is_dns_label(name), "{name}");
        }
        for name in ["release 42", "ü", "a.b", &"a".repeat(260)] {
            assert!(deployment_name(name).is_ok(), "{name}");
        }
        for name in ["", ".", "..", "a/b", "a?b", "a\nb", &"a".repeat(261)] {
            assert!(deployment_name(name).is_err(), "{name}");
        }
    }
}
