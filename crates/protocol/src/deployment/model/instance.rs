use serde::{Deserialize, Serialize};

use super::{InstanceStatus, PowerState};
use crate::DateTime;
use crate::open_enum::open_enum;
use crate::xml;

/// One instance of a role.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RoleInstance {
    /// The role that it is an instance of.
    pub role_name: String,
    /// Its name, such as `Web_IN_0`.
    pub instance_name: String,
    /// Where it is in its life.
    #[serde(default)]
    pub instance_status: InstanceStatus,
    /// Its upgrade domain, counted from 0; absent when deallocated. Since 2011-06-01.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub instance_upgrade_domain: Option<u32>,
    /// Its fault domain, counted from 0; absent when deallocated. Since 2011-06-01.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub instance_fault_domain: Option<u32>,
    /// Its role size. Since 2011-06-01.
    pub instance_size: Option<String>,
    /// Details of the state as text, usually empty. Since 2011-06-01 or 2011-10-01.
    pub instance_state_details: Option<String>,
    /// Why it last failed to start: `WaitTimeout`, `VhdTooLarge`, `AzureInternalError` for virtual
    /// machines, a code for support otherwise. Since 2011-10-01.
    pub instance_error_code: Option<String>,
    /// Its internal address. Since 2012-03-01.
    pub ip_address: Option<String>,
    /// Its endpoints; absent when it has none.
    #[serde(default)]
    pub instance_endpoints: Vec<InstanceEndpoint>,
    /// Whether its machine is on. Since 2012-03-01.
    pub power_state: Option<PowerState>,
    /// The host name, for virtual machines and for roles that request one.
    pub host_name: Option<String>,
    /// The certificate of its remote access. Since 2012-08-01.
    pub remote_access_certificate_thumbprint: Option<String>,
    /// The report of the agent on a virtual machine. Since 2014-04-01.
    pub guest_agent_status: Option<GuestAgentStatus>,
    /// The report of each extension on a virtual machine. Since 2014-04-01.
    #[serde(default)]
    pub resource_extension_status_list: Vec<ResourceExtensionStatus>,
    /// More about the state, such as the share copied while `Preparing`. Since 2015-05-01.
    pub extended_instance_status: Option<String>,
    /// Its further network interfaces. Since 2014-08-01.
    #[serde(default)]
    pub network_interfaces: Vec<InstanceNetworkInterface>,
    /// Its own public addresses. Since 2014-05-01.
    #[serde(rename = "PublicIPs", default)]
    pub public_ips: Vec<InstancePublicIp>,
    /// Where maintenance that the customer starts stands. Undocumented.
    pub maintenance_status: Option<MaintenanceStatus>,
}

/// An endpoint of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct InstanceEndpoint {
    /// Its name in the service definition.
    pub name: String,
    /// The public address. Since 2011-06-01.
    pub vip: Option<String>,
    /// The external port.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub public_port: Option<u16>,
    /// The internal port.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub local_port: Option<u16>,
    /// `tcp`, `udp`, `http` or `https`, in any case.
    pub protocol: Option<String>,
    /// Undocumented here; 4 to 30 elsewhere.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub idle_timeout_in_minutes: Option<u32>,
}

/// The agent's report about itself on a virtual machine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GuestAgentStatus {
    /// The version in which it reports.
    pub protocol_version: Option<String>,
    /// When it reported.
    pub timestamp: Option<DateTime>,
    /// Its own version; `Unknown` is possible.
    pub guest_agent_version: Option<String>,
    /// Whether it is ready.
    pub status: Option<GuestAgentState>,
    /// Undocumented.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub code: Option<i64>,
    /// The message as an id with parameters. Undocumented.
    pub message: Option<ResourceMessage>,
    /// The message as text.
    pub formatted_message: Option<FormattedMessage>,
}

open_enum! {
    /// Whether the agent on a virtual machine is ready.
    pub enum GuestAgentState {
        /// It is.
        Ready,
        /// It is not.
        NotReady,
    }
}

/// A message as an id with parameters. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "Message", rename_all = "PascalCase")]
pub struct ResourceMessage {
    /// Names the message.
    pub message_resource_id: Option<String>,
    /// The values of its parameters.
    #[serde(default)]
    pub param_list: Vec<Param>,
}

/// A parameter of a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Param(pub String);

/// A message as text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FormattedMessage {
    /// Its language, such as `en-US`.
    pub language: Option<String>,
    /// The text.
    pub message: Option<String>,
}

/// The report of an extension on a virtual machine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResourceExtensionStatus {
    /// The program that handles it.
    pub handler_name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Whether the handler is ready.
    pub status: Option<ExtensionHandlerState>,
    /// A number from the handler.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub code: Option<i64>,
    /// The message as an id with parameters. Undocumented.
    pub message: Option<ResourceMessage>,
    /// The message as text.
    pub formatted_message: Option<FormattedMessage>,
    /// The result of applying the settings.
    pub extension_setting_status: Option<ExtensionSettingStatus>,
}

open_enum! {
    /// Whether the handler of an extension is ready.
    pub enum ExtensionHandlerState {
        /// Being installed.
        Installing,
        /// Ready.
        Ready,
        /// Not ready.
        NotReady,
        /// It does not respond.
        Unresponsive,
    }
}

/// The result of applying the settings of an extension.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ExtensionSettingStatus {
    /// When it was reported.
    pub timestamp: Option<DateTime>,
    /// When the settings were applied. Undocumented.
    pub configuration_applied_time: Option<DateTime>,
    /// The setting's name.
    pub name: Option<String>,
    /// The operation of the handler.
    pub operation: Option<String>,
    /// How it went.
    pub status: Option<SettingState>,
    /// A number from the handler.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub code: Option<i64>,
    /// The message as an id with parameters. Undocumented.
    pub message: Option<ResourceMessage>,
    /// The message as text.
    pub formatted_message: Option<FormattedMessage>,
    /// The same for parts of the setting.
    #[serde(default)]
    pub sub_status_list: Vec<SubStatus>,
}

/// The result of a part of a setting.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SubStatus {
    /// Names the part.
    pub name: Option<String>,
    /// How it went.
    pub status: Option<SettingState>,
    /// A number from the handler. Undocumented.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub code: Option<i64>,
    /// The message as an id with parameters. Undocumented.
    pub message: Option<ResourceMessage>,
    /// The message as text.
    pub formatted_message: Option<FormattedMessage>,
}

open_enum! {
    /// How the settings of an extension went.
    pub enum SettingState {
        /// Being applied.
        Transitioning,
        /// Not applied.
        Error,
        /// Applied.
        Success,
        /// Applied with doubts.
        Warning,
    }
}

/// A further network interface of an instance, as it runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "NetworkInterface", rename_all = "PascalCase")]
pub struct InstanceNetworkInterface {
    /// Its name.
    pub name: Option<String>,
    /// 12 hexadecimal digits without separators.
    pub mac_address: Option<String>,
    /// Its addresses; one today.
    #[serde(rename = "IPConfigurations", default)]
    pub ip_configurations: Vec<InstanceIpConfiguration>,
    /// `Enabled` or `Disabled`. Undocumented.
    #[serde(rename = "IPForwarding")]
    pub ip_forwarding: Option<String>,
}

/// An address of a network interface, as it runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "IPConfiguration", rename_all = "PascalCase")]
pub struct InstanceIpConfiguration {
    /// The subnet.
    pub subnet_name: Option<String>,
    /// The internal address that was assigned.
    pub address: Option<String>,
}

/// A public address of an instance, as it runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "PublicIP", rename_all = "PascalCase")]
pub struct InstancePublicIp {
    /// Its name.
    pub name: Option<String>,
    /// The address.
    pub address: Option<String>,
    /// 4 to 30, TCP only; 4 when absent. Since 2014-06-01.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub idle_timeout_in_minutes: Option<u32>,
    /// The first part of its DNS name. Since 2015-03-01.
    pub domain_name_label: Option<String>,
    /// Its DNS names. Since 2015-03-01.
    #[serde(default)]
    pub fqdns: Vec<Fqdn>,
}

/// A DNS name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fqdn(pub String);

/// Where maintenance that the customer starts stands. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MaintenanceStatus {
    /// Whether the customer may start it.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub is_customer_initiated_maintenance_allowed: Option<bool>,
    /// When the customer may first start it.
    pub pre_maintenance_window_start_time: Option<DateTime>,
    /// Until when the customer may start it.
    pub pre_maintenance_window_end_time: Option<DateTime>,
    /// When the platform begins.
    pub maintenance_window_start_time: Option<DateTime>,
    /// When the platform ends.
    pub maintenance_window_end_time: Option<DateTime>,
    /// Such as `MaintenanceCompleted`.
    pub last_operation_result_code: Option<String>,
    /// The same as text. One client library looks for it as `LastOperationMessage`.
    #[serde(alias = "LastOperationMessage")]
    pub last_operation_result_string: Option<String>,
}
