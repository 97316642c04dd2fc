//! The elements of the document, as models of this crate.

use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Deployment {
    name: String,
    deployment_slot: String,
    #[serde(rename = "PrivateID")]
    private_id: String,
    status: String,
    label: String,
    url: Option<String>,
    configuration: Option<String>,
    #[serde(default)]
    role_instance_list: Vec<RoleInstance>,
    upgrade_status: Option<UpgradeStatus>,
    upgrade_domain_count: Option<u32>,
    #[serde(default)]
    role_list: Vec<Role>,
    sdk_version: Option<String>,
    locked: Option<bool>,
    rollback_allowed: Option<bool>,
    created_time: Option<String>,
    last_modified_time: Option<String>,
    virtual_network_name: Option<String>,
    #[serde(rename = "ReservedIPName")]
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
    instance_size: Option<String>,
    instance_state_details: Option<String>,
    instance_error_code: Option<String>,
    ip_address: Option<String>,
    #[serde(default)]
    instance_endpoints: Vec<InstanceEndpoint>,
    power_state: Option<String>,
    host_name: Option<String>,
    remote_access_certificate_thumbprint: Option<String>,
    #[serde(rename = "PublicIPs", default)]
    public_ips: Vec<PublicIp>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct InstanceEndpoint {
    name: String,
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
    #[serde(rename = "@type")]
    kind: Option<String>,
    role_name: String,
    os_version: Option<String>,
    role_type: Option<String>,
    #[serde(default)]
    configuration_sets: Vec<ConfigurationSet>,
    #[serde(default)]
    data_virtual_hard_disks: Vec<DataVirtualHardDisk>,
    #[serde(rename = "OSVirtualHardDisk")]
    os_virtual_hard_disk: Option<OsVirtualHardDisk>,
    role_size: Option<String>,
    provision_guest_agent: Option<bool>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConfigurationSet {
    #[serde(rename = "@type")]
    kind: Option<String>,
    configuration_set_type: String,
    #[serde(default)]
    input_endpoints: Vec<InputEndpoint>,
    #[serde(rename = "StaticVirtualNetworkIPAddress")]
    static_virtual_network_ip_address: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct InputEndpoint {
    local_port: Option<u16>,
    name: Option<String>,
    port: u16,
    load_balancer_probe: Option<LoadBalancerProbe>,
    protocol: String,
    vip: Option<String>,
    enable_direct_server_return: Option<bool>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LoadBalancerProbe {
    path: Option<String>,
    port: u16,
    protocol: String,
    interval_in_seconds: Option<u32>,
    timeout_in_seconds: Option<u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DataVirtualHardDisk {
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
    host_caching: Option<String>,
    disk_name: String,
    media_link: String,
    source_image_name: Option<String>,
    #[serde(rename = "OS")]
    os: String,
}
