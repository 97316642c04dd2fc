use serde::{Deserialize, Serialize};

use super::OperatingSystem;
use crate::{ApiVersion, Idempotency, Metadata, Method, Model, Operation};

/// Lists the guest operating systems that deployments have or may request.
///
/// Since 2010-04-01. The family of each is returned since 2010-10-28.
///
/// Reference page: *List Operating Systems* (`list-operating-systems`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListOperatingSystems;
///
/// let list = ListOperatingSystems::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ListOperatingSystems;

impl ListOperatingSystems {
    /// Lists them.
    pub fn new() -> Self {
        Self
    }
}

impl Operation for ListOperatingSystems {
    type Output = OperatingSystems;

    const METADATA: Metadata = Metadata {
        name: "List Operating Systems",
        method: Method::GET,
        route: "/operatingsystems",
        min_version: ApiVersion::V2010_04_01,
        docs_slug: "list-operating-systems",
        idempotency: Idempotency::Idempotent,
    };
}

/// Guest operating systems of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OperatingSystems(pub Vec<OperatingSystem>);

impl Model for OperatingSystems {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ListOperatingSystems::new(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/operatingsystems
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let systems = golden::response::<ListOperatingSystems>(
            r#"<OperatingSystems xmlns="http://schemas.microsoft.com/windowsazure">
                 <OperatingSystem>
                   <Version>WA-GUEST-OS-4.42_201704-01</Version>
                   <Label>UmVsZWFzZSAyMDE3MDQtMDE=</Label>
                   <IsDefault>true</IsDefault>
                   <IsActive>false</IsActive>
                   <Family>4</Family>
                   <FamilyLabel>V2luZG93cyBTZXJ2ZXIgMjAxMiBSMg==</FamilyLabel>
                 </OperatingSystem>
               </OperatingSystems>"#,
        );
        let system = OperatingSystem {
            version: "WA-GUEST-OS-4.42_201704-01".into(),
            label: "Release 201704-01".into(),
            is_default: Some(true),
            is_active: Some(false),
            family: Some("4".into()),
            family_label: Some("Windows Server 2012 R2".into()),
        };
        assert_eq!(systems, OperatingSystems(vec![system]));
    }

    #[test]
    fn response_of_an_older_version_has_no_families() {
        let systems = golden::response::<ListOperatingSystems>(
            r#"<OperatingSystems xmlns="http://schemas.microsoft.com/windowsazure">
                 <OperatingSystem>
                   <Version>WA-GUEST-OS-1.1_201001-01</Version>
                   <Label>eA==</Label>
                   <IsDefault>false</IsDefault>
                   <IsActive>true</IsActive>
                 </OperatingSystem>
               </OperatingSystems>"#,
        );
        assert_eq!(systems.0[0].family, None);
        assert_eq!(systems.0[0].family_label, None);
    }
}
