use serde::{Deserialize, Serialize};

use super::OperatingSystem;
use crate::{ApiVersion, Base64Text, Idempotency, Metadata, Method, Model, Operation};

/// Lists the families of guest operating systems, each with its versions.
///
/// Since 2010-10-28.
///
/// Reference page: *List Operating System Families* (`list-operating-system-families`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListOperatingSystemFamilies;
///
/// let list = ListOperatingSystemFamilies::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ListOperatingSystemFamilies;

impl ListOperatingSystemFamilies {
    /// Lists them.
    pub fn new() -> Self {
        Self
    }
}

impl Operation for ListOperatingSystemFamilies {
    type Output = OperatingSystemFamilies;

    const METADATA: Metadata = Metadata {
        name: "List Operating System Families",
        method: Method::GET,
        route: "/operatingsystemfamilies",
        min_version: ApiVersion::V2010_10_28,
        docs_slug: "list-operating-system-families",
        idempotency: Idempotency::Idempotent,
    };
}

/// Families of guest operating systems of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OperatingSystemFamilies(pub Vec<OperatingSystemFamily>);

impl Model for OperatingSystemFamilies {}

/// A family of guest operating systems.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OperatingSystemFamily {
    /// The number that `osFamily` of a configuration names it by.
    pub name: String,
    /// For people.
    #[serde(default)]
    pub label: Base64Text,
    /// The versions of the family.
    #[serde(default)]
    pub operating_systems: Vec<OperatingSystem>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ListOperatingSystemFamilies::new(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/operatingsystemfamilies
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let families = golden::response::<ListOperatingSystemFamilies>(
            r#"<OperatingSystemFamilies xmlns="http://schemas.microsoft.com/windowsazure">
                 <OperatingSystemFamily>
                   <Name>4</Name>
                   <Label>V2luZG93cyBTZXJ2ZXIgMjAxMiBSMg==</Label>
                   <OperatingSystems>
                     <OperatingSystem>
                       <Version>WA-GUEST-OS-4.42_201704-01</Version>
                       <Label>UmVsZWFzZSAyMDE3MDQtMDE=</Label>
                       <IsDefault>true</IsDefault>
                       <IsActive>true</IsActive>
                     </OperatingSystem>
                   </OperatingSystems>
                 </OperatingSystemFamily>
                 <OperatingSystemFamily><Name>5</Name><Label/><OperatingSystems/></OperatingSystemFamily>
               </OperatingSystemFamilies>"#,
        );
        let system = OperatingSystem {
            version: "WA-GUEST-OS-4.42_201704-01".into(),
            label: "Release 201704-01".into(),
            is_default: Some(true),
            is_active: Some(true),
            family: None,
            family_label: None,
        };
        let fourth = OperatingSystemFamily {
            name: "4".into(),
            label: "Windows Server 2012 R2".into(),
            operating_systems: vec![system],
        };
        let fifth = OperatingSystemFamily { name: "5".into(), ..OperatingSystemFamily::default() };
        assert_eq!(families, OperatingSystemFamilies(vec![fourth, fifth]));
    }
}
