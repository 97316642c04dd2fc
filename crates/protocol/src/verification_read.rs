/// The name of the read that shows whether a write, given by name, took effect.
///
/// `None` for writes without an effect that a read shows.
pub(crate) fn verification_read(operation: &str) -> Option<&'static str> {
    let read = match operation {
        "Create Deployment"
        | "Delete Deployment"
        | "Swap Deployment"
        | "Upgrade Deployment"
        | "Change Deployment Configuration"
        | "Rollback Update Or Upgrade"
        | "Walk Upgrade Domain"
        | "Update Deployment Status"
        | "Delete Role Instances"
        | "Add DNS Server"
        | "Update DNS Server"
        | "Delete DNS Server" => "Get Deployment",
        "Create Cloud Service"
        | "Update Cloud Service"
        | "Delete Cloud Service"
        | "Delete Cloud Service (comp=media)" => "Get Cloud Service Properties",
        "Add Service Certificate" | "Delete Service Certificate" => "List Service Certificates",
        "Add Extension" | "Delete Extension" => "List Extensions",
        "Create Reserved IP Address"
        | "Delete Reserved IP Address"
        | "Associate Reserved IP Address"
        | "Disassociate Reserved IP Address" => "Get Reserved IP Address",
        "Create Storage Account" | "Update Storage Account" | "Delete Storage Account" => {
            "Get Storage Account Properties"
        }
        "Regenerate Storage Account Keys" => "Get Storage Account Keys",
        "Create Affinity Group" | "Update Affinity Group" | "Delete Affinity Group" => {
            "Get Affinity Group Properties"
        }
        "Add Management Certificate" | "Delete Management Certificate" => {
            "List Management Certificates"
        }
        "Set Network Configuration" => "Get Network Configuration",
        "Add Subscription Service Principal" | "Delete Subscription Service Principal" => {
            "List Subscription Service Principals"
        }
        // The operation log of the subscription is the only trace of these.
        "Register Resource Provider" | "Unregister Resource Provider" => {
            "List Subscription Operations"
        }
        _ => return None,
    };
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Method, OPERATIONS};

    /// No read shows restarts and installations, or a copy into a blob container outside this API.
    const WITHOUT_TRACE: [&str; 4] =
        ["Get Package", "Reboot Role Instance", "Rebuild Role Instance", "Reimage Role Instance"];

    #[test]
    fn every_write_has_a_verification_read_or_leaves_no_trace() {
        for spec in OPERATIONS {
            let read = verification_read(spec.name);
            let is_expected = spec.changes_state() && !WITHOUT_TRACE.contains(&spec.name);
            assert_eq!(read.is_some(), is_expected, "{}", spec.name);
            if let Some(read) = read {
                let is_read = |other: &&&crate::Metadata| other.name == read;
                let read = OPERATIONS.iter().find(is_read).expect("the read is an operation");
                assert_eq!(read.method, Method::GET);
            }
        }
    }
}
