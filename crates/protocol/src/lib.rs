//! The Azure Service Management API (the "classic" API of cloud services) without any I/O.
//!
//! This crate builds `http::Request` values, reads `http::Response` values, and implements every decision
//! over time (retry, redirect, poll, wait) as a state machine that gets the time as an argument. It opens no
//! socket, reads no clock, starts no thread and needs no runtime. It works in a blocking program, any async
//! runtime, a test harness and on `wasm32-unknown-unknown`. For an application on tokio, use the crate
//! `azure-classic`, which adds a transport.
//!
//! **Microsoft retired the public service on 31 August 2024.** This crate is for users who keep, test,
//! migrate or study systems built on the API, or who reach an endpoint that still speaks it, such as the
//! crate `azure-classic-emulator`.
//!
//! # A rollback, by hand
//!
//! ```
//! use azure_classic_protocol::{Accepted, CloudServiceRef, Endpoint, RollbackMode, RollbackUpdateOrUpgrade, Slot};
//! # use azure_classic_protocol::Bytes;
//!
//! let endpoint = Endpoint::new(
//!     "https://127.0.0.1:8443",
//!     "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?,
//! )?;
//! let production = CloudServiceRef::new("contoso").slot(Slot::Production);
//! let request = endpoint.request(&production.rollback(RollbackMode::Auto))?;
//!
//! // … send it with whatever is at hand …
//! # let response = http::Response::builder().status(202)
//! #     .header("x-ms-request-id", "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1").body(Bytes::new())?;
//!
//! let accepted: Accepted = Endpoint::response::<RollbackUpdateOrUpgrade>(&response)?;
//! println!("follow {}", accepted.request_id().expect("a 202 has one"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The parts
//!
//! - [`Operation`]: one call as a plain value, created by a reference to a resource ([`CloudServiceRef`],
//!   [`DeploymentRef`]); [`Endpoint`] builds its request and reads its response.
//! - [`machine`]: state machines, from one call with its retries to a long-running call that ends with its
//!   operation.
//! - Models ([`CloudService`], [`Deployment`], [`OperationStatus`]): plain structs with every element that
//!   the service is known to send. Unknown elements are skipped, and [`Endpoint::response_with_unknown`]
//!   reports them; enumerations keep unknown values.
//! - [`configuration`]: the service configuration (`.cscfg`), changed in place: scale a role, change a
//!   setting.
//! - [`xml`]: the service's dialect of XML, for your own types.

pub mod affinity_group;
mod as_long_running;
mod base64_bytes;
mod base64_text;
mod base_address;
mod cloud;
pub mod cloud_service;
pub mod configuration;
mod date_time;
pub mod deployment;
pub mod dns_server;
mod endpoint;
mod error;
mod extended_property;
pub mod extension;
pub mod gateway_operation;
mod likely_cause;
pub mod location;
pub mod machine;
pub mod management_certificate;
mod name_availability;
pub mod network_configuration;
mod open_enum;
pub mod operating_system;
mod operation;
pub mod operation_status;
mod operations;
mod paged;
mod redirect_rule;
mod request_builder;
mod request_id;
pub mod reserved_ip;
pub mod role_instance;
pub mod role_size;
mod secret;
mod send_error;
pub mod service_certificate;
mod service_error;
pub mod service_principal;
pub mod storage_account;
pub mod subscription;
#[cfg(test)]
mod testing;
mod thumbprint;
mod verification_read;
mod version;
pub mod virtual_network;
pub mod xml;

pub use bytes::Bytes;
pub use http::Method;

pub use self::affinity_group::{
    AffinityGroup, AffinityGroupRef, CreateAffinityGroup, DeleteAffinityGroup,
    GetAffinityGroupProperties, ListAffinityGroups, UpdateAffinityGroup,
};
pub use self::as_long_running::AsLongRunning;
pub use self::base64_bytes::Base64Bytes;
pub use self::base64_text::Base64Text;
pub use self::cloud::{Cloud, UnknownCloud};
pub use self::cloud_service::{
    CheckCloudServiceNameAvailability, CloudService, CloudServiceRef, CloudServices,
    CreateCloudService, DeleteCloudService, DeleteCloudServiceWithDisks, GetCloudServiceProperties,
    ListCloudServices, Placement, SwapDeployment, UpdateCloudService,
};
pub use self::date_time::DateTime;
pub use self::deployment::{
    ChangeDeploymentConfiguration, CreateDeployment, DeleteDeployment, Deployment, DeploymentRef,
    GetDeployment, GetPackage, ListDeploymentEvents, RollbackMode, RollbackUpdateOrUpgrade, Slot,
    UpdateDeploymentStatus, UpdateMode, UpgradeDeployment, WalkUpgradeDomain,
};
pub use self::dns_server::{AddDnsServer, DeleteDnsServer, DnsServerRef, UpdateDnsServer};
pub use self::endpoint::Endpoint;
pub use self::error::{Error, ErrorKind};
pub use self::extended_property::ExtendedProperty;
pub use self::extension::{
    AddExtension, DeleteExtension, ExtensionRef, ExtensionTypeRef, GetExtension,
    ListAvailableExtensions, ListExtensionVersions, ListExtensions,
};
pub use self::gateway_operation::{
    GatewayOperation, GatewayOperationAsyncResponse, GatewayOperationState,
    GetGatewayOperationStatus,
};
pub use self::likely_cause::LikelyCause;
pub use self::location::{ListLocations, Location};
pub use self::management_certificate::{
    AddManagementCertificate, DeleteManagementCertificate, GetManagementCertificate,
    ListManagementCertificates, ManagementCertificateRef,
};
pub use self::name_availability::NameAvailability;
pub use self::network_configuration::{GetNetworkConfiguration, SetNetworkConfiguration};
pub use self::operating_system::{ListOperatingSystemFamilies, ListOperatingSystems};
pub use self::operation::{Accepted, Body, FromResponse, Idempotency, Metadata, Model, Operation};
pub use self::operation_status::{GetOperationStatus, OperationState, OperationStatus};
pub use self::operations::{OPERATIONS, OperationVisitor, visit_operations};
pub use self::paged::{Page, Paged};
pub use self::redirect_rule::RedirectRule;
pub use self::request_builder::RequestBuilder;
pub use self::request_id::RequestId;
pub use self::reserved_ip::{
    AssociateReservedIpAddress, CreateReservedIpAddress, DeleteReservedIpAddress,
    DisassociateReservedIpAddress, GetReservedIpAddress, ListReservedIpAddresses, ReservedIpRef,
};
pub use self::role_instance::{
    DeleteRoleInstances, RebootRoleInstance, RebuildRoleInstance, ReimageRoleInstance,
    RoleInstanceRef,
};
pub use self::role_size::ListRoleSizes;
pub use self::secret::Secret;
pub use self::send_error::SendError;
pub use self::service_certificate::{
    AddServiceCertificate, DeleteServiceCertificate, GetServiceCertificate,
    ListServiceCertificates, ServiceCertificateRef,
};
pub use self::service_error::{ConfigurationWarning, ErrorBody, ErrorCode, ServiceError};
pub use self::service_principal::{
    AddSubscriptionServicePrincipal, DeleteSubscriptionServicePrincipal,
    GetSubscriptionServicePrincipal, ListSubscriptionServicePrincipals, ServicePrincipalRef,
};
pub use self::storage_account::{
    CheckStorageAccountNameAvailability, CreateStorageAccount, DeleteStorageAccount,
    GetStorageAccountKeys, GetStorageAccountProperties, ListStorageAccounts,
    RegenerateStorageAccountKeys, StorageAccount, StorageAccountRef, UpdateStorageAccount,
};
pub use self::subscription::{
    GetSubscription, InvalidSubscriptionId, ListSubscriptionOperations, ListSubscriptions,
    RegisterResourceProvider, ResourceProviderRef, Subscription, SubscriptionId,
    UnregisterResourceProvider,
};
pub use self::version::{ApiVersion, InvalidApiVersion};
pub use self::virtual_network::{
    CheckStaticIpAvailability, ListVirtualNetworkSites, VirtualNetworkRef,
};
