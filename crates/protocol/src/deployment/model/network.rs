use serde::{Deserialize, Serialize};

use super::schema_type;
use crate::open_enum::open_enum;
use crate::xml;

/// A public address of a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "VirtualIP", rename_all = "PascalCase")]
pub struct VirtualIp {
    /// The address.
    pub address: Option<String>,
    /// Undocumented.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub is_dns_programmed: Option<bool>,
    /// Undocumented.
    pub name: Option<String>,
    /// Whether it is reserved; recorded responses have it only then. Since 2014-05-01.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub is_reserved: Option<bool>,
    /// The name of the reservation. Since 2014-05-01.
    #[serde(rename = "ReservedIPName")]
    pub reserved_ip_name: Option<String>,
    /// `Private` for internal load balancers. Since 2014-05-01.
    #[serde(rename = "Type")]
    pub kind: Option<String>,
}

/// An internal load balancer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LoadBalancer {
    /// Its name.
    pub name: Option<String>,
    /// Its address.
    pub frontend_ip_configuration: Option<FrontendIpConfiguration>,
}

/// The address of an internal load balancer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FrontendIpConfiguration {
    /// `Private`.
    #[serde(rename = "Type")]
    pub kind: Option<String>,
    /// The subnet.
    pub subnet_name: Option<String>,
    /// The fixed address.
    #[serde(rename = "StaticVirtualNetworkIPAddress")]
    pub static_virtual_network_ip_address: Option<String>,
}

/// Settings of a role: in responses, those of its network.
///
/// The service has other kinds of sets, which requests for virtual machines contain; no response with one has
/// been seen. Of such a set only the kind is read here;
/// [`Endpoint::response_with_unknown`](crate::Endpoint::response_with_unknown) reports the rest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConfigurationSet {
    /// The attribute `i:type`.
    #[serde(
        rename(serialize = "@i:type", deserialize = "@type"),
        default,
        deserialize_with = "schema_type"
    )]
    pub kind: Option<ConfigurationSetKind>,
    /// The value of `kind`, in another form.
    pub configuration_set_type: Option<ConfigurationSetType>,
    /// Input endpoints; absent when there are none.
    #[serde(default)]
    pub input_endpoints: Vec<InputEndpoint>,
    /// Subnets, usually none.
    #[serde(default)]
    pub subnet_names: Vec<SubnetName>,
    /// The fixed internal address. Since 2013-11-01.
    #[serde(rename = "StaticVirtualNetworkIPAddress")]
    pub static_virtual_network_ip_address: Option<String>,
    /// Further network interfaces. Since 2014-08-01.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub network_interfaces: Vec<NetworkInterface>,
    /// Public addresses. Since 2014-05-01.
    #[serde(rename = "PublicIPs", default, skip_serializing_if = "Vec::is_empty")]
    pub public_ips: Vec<PublicIp>,
    /// Undocumented here.
    pub network_security_group: Option<String>,
    /// Undocumented here.
    #[serde(rename = "IPForwarding")]
    pub ip_forwarding: Option<String>,
}

impl ConfigurationSet {
    /// Whether it is about the network, so that its other fields say something.
    pub fn is_network(&self) -> bool {
        self.kind == Some(ConfigurationSetKind::Network)
            || self.configuration_set_type == Some(ConfigurationSetType::Network)
    }
}

open_enum! {
    /// The kind of a configuration set, from its attribute `i:type`.
    pub enum ConfigurationSetKind {
        /// The network.
        Network = "NetworkConfigurationSet",
        /// The set-up of Windows; in requests.
        WindowsProvisioning = "WindowsProvisioningConfigurationSet",
        /// The set-up of Linux; in requests.
        LinuxProvisioning = "LinuxProvisioningConfigurationSet",
    }
}

open_enum! {
    /// The kind of a configuration set, from its element `ConfigurationSetType`.
    pub enum ConfigurationSetType {
        /// The network.
        Network = "NetworkConfiguration",
        /// The set-up of Windows; in requests.
        WindowsProvisioning = "WindowsProvisioningConfiguration",
        /// The set-up of Linux; in requests.
        LinuxProvisioning = "LinuxProvisioningConfiguration",
    }
}

/// The name of a subnet.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SubnetName(pub String);

/// An endpoint of a role that is open to the outside.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct InputEndpoint {
    /// The set of virtual machines that share it. Virtual machines only.
    pub load_balanced_endpoint_set_name: Option<String>,
    /// The internal port. Virtual machines only.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub local_port: Option<u16>,
    /// Virtual machines only: for web and worker roles the names stand with the instances.
    pub name: Option<String>,
    /// The external port.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub port: Option<u16>,
    /// How the load balancer finds out who is well.
    pub load_balancer_probe: Option<LoadBalancerProbe>,
    /// The internal load balancer that is used. Since 2014-05-01.
    pub load_balancer_name: Option<String>,
    /// `tcp`, `udp`, `http` or `https`, in any case.
    pub protocol: Option<String>,
    /// The public address; absent when deallocated.
    pub vip: Option<String>,
    /// Undocumented here.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub enable_direct_server_return: Option<bool>,
    /// Who may come in. Undocumented here.
    pub endpoint_acl: Option<EndpointAcl>,
    /// 4 to 30, TCP only; 4 when absent. Since 2014-06-01.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub idle_timeout_in_minutes: Option<u32>,
    /// Such as `sourceIP`. Undocumented here.
    pub load_balancer_distribution: Option<String>,
    /// Undocumented.
    #[serde(rename = "VirtualIPName")]
    pub virtual_ip_name: Option<String>,
}

/// How a load balancer finds out who is well.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LoadBalancerProbe {
    /// The requested path; absent for TCP.
    pub path: Option<String>,
    /// The port.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub port: Option<u16>,
    /// The protocol of the requests.
    pub protocol: Option<ProbeProtocol>,
    /// Undocumented here.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub interval_in_seconds: Option<u32>,
    /// Undocumented here.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub timeout_in_seconds: Option<u32>,
}

open_enum! {
    /// The protocol of a load balancer's probe.
    pub enum ProbeProtocol {
        /// By a request.
        Http = "http",
        /// By a connection.
        Tcp = "tcp",
    }
}

/// Who may come in through an endpoint. Undocumented here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EndpointAcl {
    /// The rules.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// A rule for who may come in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Rule {
    /// Its place among the rules; the service drops a zero.
    #[serde(default, deserialize_with = "xml::or_default")]
    pub order: i64,
    /// `permit` or `deny`.
    pub action: Option<String>,
    /// Whom it is about.
    pub remote_subnet: Option<String>,
    /// For people.
    pub description: Option<String>,
}

/// A further network interface of a virtual machine, as requested.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NetworkInterface {
    /// Its name.
    pub name: Option<String>,
    /// Its addresses; one today.
    #[serde(rename = "IPConfigurations", default)]
    pub ip_configurations: Vec<IpConfiguration>,
    /// Undocumented here.
    pub network_security_group: Option<String>,
    /// Undocumented here.
    #[serde(rename = "IPForwarding")]
    pub ip_forwarding: Option<String>,
}

/// An address of a network interface, as requested.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "IPConfiguration", rename_all = "PascalCase")]
pub struct IpConfiguration {
    /// The subnet.
    pub subnet_name: Option<String>,
    /// The fixed address. An instance has `Address` in its place.
    #[serde(rename = "StaticVirtualNetworkIPAddress")]
    pub static_virtual_network_ip_address: Option<String>,
}

/// A public address of a virtual machine, as requested.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "PublicIP", rename_all = "PascalCase")]
pub struct PublicIp {
    /// Its name.
    pub name: Option<String>,
    /// In a sample of the reference only.
    #[serde(rename = "StaticVirtualNetworkIPAddress")]
    pub static_virtual_network_ip_address: Option<String>,
    /// 4 to 30, TCP only; 4 when absent. Since 2014-06-01.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub idle_timeout_in_minutes: Option<u32>,
    /// The first part of its DNS name. Since 2015-03-01.
    pub domain_name_label: Option<String>,
}

/// An endpoint as the oldest versions listed it. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "InputEndpoint", rename_all = "PascalCase")]
pub struct LegacyInputEndpoint {
    /// The role that it belongs to.
    pub role_name: Option<String>,
    /// The public address.
    pub vip: Option<String>,
    /// The external port.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub port: Option<u16>,
    /// Undocumented here.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub idle_timeout_in_minutes: Option<u32>,
}
