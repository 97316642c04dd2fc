//! The same structs, as quick-xml's own deserializer wants them: a struct around each list.

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
    deployment_slot: String,
    #[serde(rename = "PrivateID")]
    private_id: String,
    status: String,
    label: String,
    #[serde(default, deserialize_with = "filled")]
    url: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    configuration: Option<String>,
    #[serde(default)]
    role_instance_list: RoleInstanceList,
    upgrade_status: Option<UpgradeStatus>,
    upgrade_domain_count: Option<u32>,
    #[serde(default)]
    role_list: RoleList,
    #[serde(default, deserialize_with = "filled")]
    sdk_version: Option<String>,
    locked: Option<bool>,
    rollback_allowed: Option<bool>,
    #[serde(default, deserialize_with = "filled")]
    created_time: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    last_modified_time: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    virtual_network_name: Option<String>,
    #[serde(rename = "ReservedIPName", default, deserialize_with = "filled")]
    reserved_ip_name: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RoleInstance {
    role_name: String,
    instance_name: String,
    instance_status: String,
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
    #[serde(default, deserialize_with = "filled")]
    power_state: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    host_name: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    remote_access_certificate_thumbprint: Option<String>,
    #[serde(rename = "PublicIPs", default)]
    public_ips: PublicIpList,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct InstanceEndpoint {
    name: String,
    #[serde(default, deserialize_with = "filled")]
    vip: Option<String>,
    public_port: u16,
    local_port: u16,
    protocol: String,
    idle_timeout_in_minutes: Option<u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "PublicIP", rename_all = "PascalCase")]
pub(crate) struct PublicIp {
    name: String,
    address: String,
    idle_timeout_in_minutes: Option<u32>,
    #[serde(default, deserialize_with = "filled")]
    domain_name_label: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UpgradeStatus {
    upgrade_type: String,
    current_upgrade_domain_state: String,
    current_upgrade_domain: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Role {
    #[serde(rename = "@type", default, deserialize_with = "filled")]
    kind: Option<String>,
    role_name: String,
    #[serde(default, deserialize_with = "filled")]
    os_version: Option<String>,
    #[serde(default, deserialize_with = "filled")]
    role_type: Option<String>,
    #[serde(default)]
    configuration_sets: ConfigurationSetList,
    #[serde(default)]
    data_virtual_hard_disks: DataVirtualHardDiskList,
    #[serde(rename = "OSVirtualHardDisk")]
    os_virtual_hard_disk: Option<OsVirtualHardDisk>,
    #[serde(default, deserialize_with = "filled")]
    role_size: Option<String>,
    provision_guest_agent: Option<bool>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConfigurationSet {
    #[serde(rename = "@type", default, deserialize_with = "filled")]
    kind: Option<String>,
    configuration_set_type: String,
    #[serde(default)]
    input_endpoints: InputEndpointList,
    #[serde(rename = "StaticVirtualNetworkIPAddress", default, deserialize_with = "filled")]
    static_virtual_network_ip_address: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct InputEndpoint {
    local_port: Option<u16>,
    #[serde(default, deserialize_with = "filled")]
    name: Option<String>,
    port: u16,
    load_balancer_probe: Option<LoadBalancerProbe>,
    protocol: String,
    #[serde(default, deserialize_with = "filled")]
    vip: Option<String>,
    enable_direct_server_return: Option<bool>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LoadBalancerProbe {
    #[serde(default, deserialize_with = "filled")]
    path: Option<String>,
    port: u16,
    protocol: String,
    interval_in_seconds: Option<u32>,
    timeout_in_seconds: Option<u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DataVirtualHardDisk {
    #[serde(default, deserialize_with = "filled")]
    host_caching: Option<String>,
    disk_name: String,
    lun: Option<u32>,
    #[serde(rename = "LogicalDiskSizeInGB")]
    logical_disk_size_in_gb: u32,
    media_link: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "OSVirtualHardDisk", rename_all = "PascalCase")]
pub(crate) struct OsVirtualHardDisk {
    #[serde(default, deserialize_with = "filled")]
    host_caching: Option<String>,
    disk_name: String,
    media_link: String,
    #[serde(default, deserialize_with = "filled")]
    source_image_name: Option<String>,
    #[serde(rename = "OS")]
    os: String,
}

lists! {
    RoleInstanceList of RoleInstance as "RoleInstance",
    RoleList of Role as "Role",
    InstanceEndpointList of InstanceEndpoint as "InstanceEndpoint",
    PublicIpList of PublicIp as "PublicIP",
    ConfigurationSetList of ConfigurationSet as "ConfigurationSet",
    DataVirtualHardDiskList of DataVirtualHardDisk as "DataVirtualHardDisk",
    InputEndpointList of InputEndpoint as "InputEndpoint",
}
