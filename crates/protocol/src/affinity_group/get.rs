use super::{AffinityGroup, AffinityGroupRef};
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Reads an affinity group, and which cloud services and storage accounts are in it.
///
/// Since 2009-10-01.
///
/// Reference page: *Get Affinity Group Properties* (`get-affinity-group-properties`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::AffinityGroupRef;
///
/// let get = AffinityGroupRef::new("contoso-group").get();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetAffinityGroupProperties {
    group: AffinityGroupRef,
}

impl AffinityGroupRef {
    /// Reads this affinity group.
    pub fn get(&self) -> GetAffinityGroupProperties {
        GetAffinityGroupProperties { group: self.clone() }
    }
}

impl Operation for GetAffinityGroupProperties {
    type Output = AffinityGroup;

    const METADATA: Metadata = Metadata {
        name: "Get Affinity Group Properties",
        method: Method::GET,
        route: "/affinitygroups/{group}",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "get-affinity-group-properties",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.group.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::affinity_group::Capability;
    use crate::cloud_service::{CloudServiceStatus, RoleSize};
    use crate::testing::golden;
    use crate::{ExtendedProperty, xml};

    const EVERY_ELEMENT: &str = include_str!("every_element.xml");

    #[test]
    fn request() {
        golden::request(
            &AffinityGroupRef::new("contoso-group").get(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/affinitygroups/contoso-group
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let group = golden::response::<GetAffinityGroupProperties>(EVERY_ELEMENT);
        assert_eq!(group.name, "contoso-group");
        assert_eq!(group.label.as_str(), "Contoso group");
        assert_eq!(group.description.as_deref(), Some("keeps the shop together"));
        assert_eq!(group.location, "West Europe");
        assert_eq!(group.capabilities, [Capability("PersistentVMRole".into())]);
        assert_eq!(group.created_time.as_ref().unwrap().as_str(), "2014-10-02T07:18:33Z");
        let sizes = group.compute_capabilities.as_ref().unwrap();
        assert_eq!(sizes.web_worker_role_sizes, [RoleSize("Small".into())]);

        let services = group.hosted_services.as_ref().unwrap();
        let [service] = services.as_slice() else { panic!("one service, not {services:?}") };
        assert!(service.url.ends_with("/services/hostedservices/contoso"));
        assert_eq!(service.service_name, "contoso");
        let properties = service.properties.as_ref().unwrap();
        assert_eq!(properties.description.as_deref(), Some("the shop"));
        assert_eq!(properties.affinity_group.as_deref(), Some("contoso-group"));
        assert_eq!(properties.label.as_str(), "Contoso shop");
        assert_eq!(properties.status, Some(CloudServiceStatus::Created));
        assert_eq!(properties.date_created.as_ref().unwrap().as_str(), "2014-10-02T07:20:00Z");
        assert_eq!(
            properties.date_last_modified.as_ref().unwrap().as_str(),
            "2014-10-03T08:00:00Z"
        );
        assert_eq!(properties.extended_properties, [ExtendedProperty::new("Team", "shop")]);

        let accounts = group.storage_services.as_ref().unwrap();
        let [account] = accounts.as_slice() else { panic!("one account, not {accounts:?}") };
        assert!(account.url.ends_with("/services/storageservices/contosodisks"));
        assert_eq!(account.service_name, "contosodisks");
        assert_eq!(account.extended_properties, [ExtendedProperty::new("ResourceGroup", "disks")]);
    }

    /// The document is typed from the reference in the order of the wire.
    #[test]
    fn every_element_has_its_place() {
        let group = golden::response::<GetAffinityGroupProperties>(EVERY_ELEMENT);
        let written = xml::to_string(&group).unwrap();
        let mut rest = written.as_str();
        for tag in EVERY_ELEMENT.lines().map(str::trim_start).skip(1) {
            let at = rest.find(tag).unwrap_or_else(|| panic!("{tag} is not in {rest}"));
            rest = &rest[at + tag.len()..];
        }
    }

    #[test]
    fn response_of_an_empty_group() {
        let group = golden::response::<GetAffinityGroupProperties>(
            r#"<AffinityGroup xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <Name>contoso-group</Name>
                 <Label>eA==</Label>
                 <Description/>
                 <Location>West Europe</Location>
                 <HostedServices/>
                 <StorageServices/>
               </AffinityGroup>"#,
        );
        assert_eq!(group.description, None);
        assert_eq!(group.hosted_services, Some(Vec::new()));
        assert_eq!(group.storage_services, Some(Vec::new()));
        assert!(group.capabilities.is_empty());
    }

    #[test]
    fn hostile_names_are_refused() {
        for (name, why) in [
            ("", "the affinity group name is empty"),
            ("..", "would change the path"),
            ("a/b", "has '/' as its character 2"),
            ("a?comp=media", "has '?' as its character 2"),
            ("größe", "has 'ö' as its character 3"),
        ] {
            golden::rejected(&AffinityGroupRef::new(name).get(), why);
        }
    }
}
