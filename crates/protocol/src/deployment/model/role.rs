use serde::{Deserialize, Serialize};

use super::{ConfigurationSet, DataVirtualHardDisk, OsVirtualHardDisk, VmImageInput, schema_type};
use crate::Base64Text;
use crate::open_enum::open_enum;
use crate::xml;

/// A role of a deployment: a web or worker role, or a virtual machine.
///
/// One struct for both, because the most important parts are equal; elements of virtual machines only are
/// absent or empty for the others. [`is_virtual_machine`](Self::is_virtual_machine) distinguishes them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Role {
    /// The attribute `i:type`; web and worker roles have none.
    #[serde(
        rename(serialize = "@i:type", deserialize = "@type"),
        default,
        deserialize_with = "schema_type"
    )]
    pub kind: Option<RoleKind>,
    /// Its name.
    pub role_name: String,
    /// The release of the guest operating system; empty for virtual machines.
    #[serde(alias = "OSVersion")]
    pub os_version: Option<String>,
    /// The value of `kind` again; web and worker roles have none. Since 2012-03-01.
    pub role_type: Option<RoleKind>,
    /// Network settings.
    #[serde(default)]
    pub configuration_sets: Vec<ConfigurationSet>,
    /// The requested extensions of a virtual machine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource_extension_references: Vec<ResourceExtensionReference>,
    /// Undocumented here.
    #[serde(rename = "VMImageName")]
    pub vm_image_name: Option<String>,
    /// Undocumented here.
    pub media_location: Option<String>,
    /// Virtual machines only.
    pub availability_set_name: Option<String>,
    /// Virtual machines only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_virtual_hard_disks: Vec<DataVirtualHardDisk>,
    /// Plain text, unlike other labels. Undocumented here.
    pub label: Option<String>,
    /// Virtual machines only.
    #[serde(rename = "OSVirtualHardDisk")]
    pub os_virtual_hard_disk: Option<OsVirtualHardDisk>,
    /// Virtual machines only.
    pub role_size: Option<String>,
    /// Undocumented here.
    #[serde(alias = "DefaultWinRMCertificateThumbprint")]
    pub default_win_rm_certificate_thumbprint: Option<String>,
    /// Whether an agent is wanted on the virtual machine.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub provision_guest_agent: Option<bool>,
    /// Undocumented.
    #[serde(rename = "VMImageInput")]
    pub vm_image_input: Option<VmImageInput>,
    /// Undocumented.
    pub debug_settings: Option<DebugSettings>,
    /// The licence that is brought along.
    pub license_type: Option<LicenseType>,
    /// Undocumented.
    pub migration_state: Option<String>,
}

impl Role {
    /// Whether it is a virtual machine and not a web or worker role.
    pub fn is_virtual_machine(&self) -> bool {
        [&self.kind, &self.role_type].contains(&&Some(RoleKind::PersistentVm))
    }
}

open_enum! {
    /// The kind of a role that is neither a web nor a worker role; the service returns no kind for those.
    pub enum RoleKind {
        /// A virtual machine.
        PersistentVm = "PersistentVMRole",
    }
}

/// A requested extension of a virtual machine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResourceExtensionReference {
    /// Names the reference.
    pub reference_name: Option<String>,
    /// Who made the extension.
    pub publisher: Option<String>,
    /// The extension's name.
    pub name: Option<String>,
    /// Such as `1.*`.
    pub version: Option<String>,
    /// At most one public and one private value.
    #[serde(default)]
    pub resource_extension_parameter_values: Vec<ResourceExtensionParameterValue>,
    /// Whether it is on; on when absent.
    pub state: Option<ResourceExtensionState>,
    /// Undocumented.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub force_update: Option<bool>,
}

/// Settings of an extension of a virtual machine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResourceExtensionParameterValue {
    /// Names the value.
    pub key: Option<String>,
    /// The settings. The service never returns private ones.
    pub value: Option<Base64Text>,
    /// Whether they are public.
    #[serde(rename = "Type")]
    pub kind: Option<ParameterType>,
}

open_enum! {
    /// Whether settings of an extension may be read back.
    pub enum ParameterType {
        /// They may.
        Public,
        /// They may not.
        Private,
    }
}

open_enum! {
    /// Whether an extension of a virtual machine is on.
    pub enum ResourceExtensionState {
        /// On.
        Enable,
        /// Off.
        Disable,
    }
}

/// Where a virtual machine leaves traces of its start. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DebugSettings {
    /// Whether it does.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub boot_diagnostics_enabled: Option<bool>,
    /// A picture of its console.
    pub console_screenshot_blob_uri: Option<String>,
    /// The output on its serial port.
    pub serial_output_blob_uri: Option<String>,
}

open_enum! {
    /// A licence that is brought along.
    pub enum LicenseType {
        /// A client's.
        WindowsClient = "Windows_Client",
        /// A server's.
        WindowsServer = "Windows_Server",
    }
}
