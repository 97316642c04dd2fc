//! The names of operations in the service's own log.

/// Operations whose names in the log are not those of their reference pages: most are in the list of
/// names that the last .NET library had, the others are methods of the data contract.
const NAMES: &[(&str, &str)] = &[
    ("Add Extension", "AddHostedServiceExtension"),
    ("Add Management Certificate", "AddSubscriptionCertificate"),
    ("Add Service Certificate", "AddCertificates"),
    ("Create Cloud Service", "CreateHostedService"),
    ("Create Storage Account", "CreateStorageService"),
    ("Delete Cloud Service", "DeleteHostedService"),
    ("Delete Cloud Service (comp=media)", "DeleteHostedService"),
    ("Delete Extension", "DeleteHostedServiceExtension"),
    ("Delete Management Certificate", "RemoveSubscriptionCertificate"),
    ("Delete Service Certificate", "DeleteCertificate"),
    ("Delete Storage Account", "DeleteStorageService"),
    ("Reboot Role Instance", "RebootDeploymentRoleInstance"),
    ("Rebuild Role Instance", "RebuildDeploymentRoleInstance"),
    ("Regenerate Storage Account Keys", "RegenerateStorageServiceKeys"),
    ("Reimage Role Instance", "ReimageDeploymentRoleInstance"),
    ("Rollback Update Or Upgrade", "RollbackDeploymentUpdateOrUpgrade"),
    ("Update Cloud Service", "UpdateHostedService"),
    ("Update Storage Account", "UpdateStorageService"),
];

/// The name of an operation, which by a slot is another one than by a deployment's name.
pub(crate) fn log_name(operation: &str, by_slot: bool) -> String {
    let listed = NAMES.iter().find(|(page, _)| *page == operation);
    let mut name =
        listed.map_or_else(|| operation.replace(' ', ""), |(_, name)| (*name).to_owned());
    if by_slot {
        name.push_str("BySlot");
    }
    name
}

#[cfg(test)]
mod tests {
    use azure_classic_protocol::OPERATIONS;

    use super::*;

    #[test]
    fn operations_have_their_documented_names() {
        for (operation, by_slot, name) in [
            ("Create Cloud Service", false, "CreateHostedService"),
            ("Create Deployment", true, "CreateDeploymentBySlot"),
            ("Walk Upgrade Domain", false, "WalkUpgradeDomain"),
            ("Rollback Update Or Upgrade", true, "RollbackDeploymentUpdateOrUpgradeBySlot"),
        ] {
            assert_eq!(log_name(operation, by_slot), name);
        }
    }

    #[test]
    fn only_existing_operations_have_other_names() {
        for (page, _) in NAMES {
            assert!(OPERATIONS.iter().any(|spec| spec.name == *page), "{page}");
        }
    }
}
