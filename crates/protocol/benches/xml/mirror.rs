//! The crate's model of a deployment once more, as quick-xml's own deserializer wants it: a struct
//! around each list, and for each text a word that what is empty is nothing. Parts that the document does not
//! have, and parts that read alike in both, are the crate's own.

use azure_classic_protocol::deployment::model::DataVirtualHardDisk;
use azure_classic_protocol::deployment::model::{
    ConfigurationSetKind, ConfigurationSetType, DebugSettings, DeploymentStatus, Dns, EndpointAcl,
    ExtensionConfiguration, GuestAgentStatus, InstanceEndpoint, InstanceNetworkInterface,
    InstancePublicIp, InstanceStatus, LegacyInputEndpoint, LicenseType, LoadBalancer,
    LoadBalancerProbe, MaintenanceStatus, NetworkInterface, OsVirtualHardDisk,
    PersistentVmDowntime, PowerState, PublicIp, ResourceExtensionReference,
    ResourceExtensionStatus, RoleKind, SubnetName, UpgradeStatus, VirtualIp, VmImageInput,
};
use azure_classic_protocol::{Base64Text, DateTime, ExtendedProperty, Slot};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What is empty is `None` in the other model; here it must be asked for.
fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

macro_rules! lists {
    ($($list:ident of $item:ident as $name:literal,)*) => {$(
        #[derive(Default, Deserialize)]
        pub(crate) struct $list {
            #[serde(rename = $name, default)]
            items: Vec<$item>,
        }

        impl Serialize for $list {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.items.serialize(serializer)
            }
        }
    )*};
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Deployment {
    name: String,
    #[serde(default)]
    deployment_slot: Slot,
    #[serde(rename = "PrivateID", default, deserialize_with = "filled")]
    private_id: Option<String>,
    status: DeploymentStatus,
    #[serde(default)]
    label: Base64Text,
    #[serde(default, deserialize_with = "filled")]
    url: Option<String>,
    configuration: Option<Base64Text>,
    #[serde(default)]
    role_instance_list: RoleInstanceList,
    upgrade_status: Option<UpgradeStatus>,
    upgrade_domain_count: Option<u32>,
    #[serde(default)]
    role_list: RoleList,
    #[serde(default, deserialize_with = "filled")]
    sdk_version: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    input_endpoint_list: Vec<LegacyInputEndpoint>,
    locked: Option<bool>,
    rollback_allowed: Option<bool>,
    #[serde(default, deserialize_with = "filled")]
    virtual_network_name: Option<String>,
    created_time: Option<DateTime>,
    last_modified_time: Option<DateTime>,
    #[serde(default)]
    extended_properties: ExtendedPropertyList,
    dns: Option<Dns>,
    #[serde(rename = "PersistentVMDowntime")]
    persistent_vm_downtime: Option<PersistentVmDowntime>,
    extension_configuration: Option<ExtensionConfiguration>,
    #[serde(rename = "VirtualIPs", default)]
    virtual_ips: Vec<VirtualIp>,
    #[serde(rename = "ReservedIPName", default, deserialize_with = "filled")]
    reserved_ip_name: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    internal_dns_suffix: Option<String>,
    #[serde(default)]
    load_balancers: Vec<LoadBalancer>,
    #[serde(default, deserialize_with = "filled")]
    virtual_network_id: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RoleInstance {
    role_name: String,
    instance_name: String,
    #[serde(default)]
    instance_status: InstanceStatus,
    instance_upgrade_domain: Option<u32>,
    instance_fault_domain: Option<u32>,
    #[serde(default, deserialize_with = "filled")]
    instance_size: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    instance_state_details: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    instance_error_code: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    ip_address: Option<String>,
    #[serde(default)]
    instance_endpoints: InstanceEndpointList,
    power_state: Option<PowerState>,
    #[serde(default, deserialize_with = "filled")]
    host_name: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    remote_access_certificate_thumbprint: Option<String>,
    guest_agent_status: Option<GuestAgentStatus>,
    #[serde(default)]
    resource_extension_status_list: Vec<ResourceExtensionStatus>,
    #[serde(default, deserialize_with = "filled")]
    extended_instance_status: Option<String>,
    #[serde(default)]
    network_interfaces: Vec<InstanceNetworkInterface>,
    #[serde(rename = "PublicIPs", default)]
    public_ips: PublicIpList,
    maintenance_status: Option<MaintenanceStatus>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Role {
    #[serde(rename(serialize = "@i:type", deserialize = "@type"))]
    kind: Option<RoleKind>,
    role_name: String,
    #[serde(default, deserialize_with = "filled")]
    os_version: Option<String>,
    role_type: Option<RoleKind>,
    #[serde(default)]
    configuration_sets: ConfigurationSetList,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    resource_extension_references: Vec<ResourceExtensionReference>,
    #[serde(rename = "VMImageName", default, deserialize_with = "filled")]
    vm_image_name: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    media_location: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    availability_set_name: Option<String>,
    #[serde(default, skip_serializing_if = "DataVirtualHardDiskList::is_empty")]
    data_virtual_hard_disks: DataVirtualHardDiskList,
    #[serde(default, deserialize_with = "filled")]
    label: Option<String>,
    #[serde(rename = "OSVirtualHardDisk")]
    os_virtual_hard_disk: Option<OsVirtualHardDisk>,
    #[serde(default, deserialize_with = "filled")]
    role_size: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    default_win_rm_certificate_thumbprint: Option<String>,
    provision_guest_agent: Option<bool>,
    #[serde(rename = "VMImageInput")]
    vm_image_input: Option<VmImageInput>,
    debug_settings: Option<DebugSettings>,
    license_type: Option<LicenseType>,
    #[serde(default, deserialize_with = "filled")]
    migration_state: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConfigurationSet {
    #[serde(rename(serialize = "@i:type", deserialize = "@type"))]
    kind: Option<ConfigurationSetKind>,
    configuration_set_type: Option<ConfigurationSetType>,
    #[serde(default)]
    input_endpoints: InputEndpointList,
    #[serde(default)]
    subnet_names: SubnetNameList,
    #[serde(rename = "StaticVirtualNetworkIPAddress", default, deserialize_with = "filled")]
    static_virtual_network_ip_address: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    network_interfaces: Vec<NetworkInterface>,
    #[serde(rename = "PublicIPs", default, skip_serializing_if = "Vec::is_empty")]
    public_ips: Vec<PublicIp>,
    #[serde(default, deserialize_with = "filled")]
    network_security_group: Option<String>,
    #[serde(rename = "IPForwarding", default, deserialize_with = "filled")]
    ip_forwarding: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct InputEndpoint {
    #[serde(default, deserialize_with = "filled")]
    load_balanced_endpoint_set_name: Option<String>,
    local_port: Option<u16>,
    #[serde(default, deserialize_with = "filled")]
    name: Option<String>,
    port: Option<u16>,
    load_balancer_probe: Option<LoadBalancerProbe>,
    #[serde(default, deserialize_with = "filled")]
    load_balancer_name: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    protocol: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    vip: Option<String>,
    enable_direct_server_return: Option<bool>,
    endpoint_acl: Option<EndpointAcl>,
    idle_timeout_in_minutes: Option<u32>,
    #[serde(default, deserialize_with = "filled")]
    load_balancer_distribution: Option<String>,
    #[serde(rename = "VirtualIPName", default, deserialize_with = "filled")]
    virtual_ip_name: Option<String>,
}

lists! {
    RoleInstanceList of RoleInstance as "RoleInstance",
    RoleList of Role as "Role",
    ExtendedPropertyList of ExtendedProperty as "ExtendedProperty",
    InstanceEndpointList of InstanceEndpoint as "InstanceEndpoint",
    PublicIpList of InstancePublicIp as "PublicIP",
    ConfigurationSetList of ConfigurationSet as "ConfigurationSet",
    DataVirtualHardDiskList of DataVirtualHardDisk as "DataVirtualHardDisk",
    InputEndpointList of InputEndpoint as "InputEndpoint",
    SubnetNameList of SubnetName as "SubnetName",
}

impl DataVirtualHardDiskList {
    fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
