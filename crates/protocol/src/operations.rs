use serde::Serialize;

use crate::{Metadata, Operation};

/// Declares the list of all operations of this crate, in the order of the reference.
macro_rules! operations {
    ($($operation:ident,)+) => {
        /// The constant facts of every operation of this crate.
        pub const OPERATIONS: &[&Metadata] = &[$(&crate::$operation::METADATA),+];

        /// Calls the visitor with every operation's type, in the order of [`OPERATIONS`].
        ///
        /// # Example
        ///
        /// Handles all operations without naming them:
        ///
        /// ```
        /// use azure_classic_protocol::{Operation, OperationVisitor, visit_operations};
        ///
        /// struct CountReads(usize);
        ///
        /// impl OperationVisitor for CountReads {
        ///     fn visit<O: Operation>(&mut self) {
        ///         self.0 += usize::from(!O::METADATA.changes_state());
        ///     }
        /// }
        ///
        /// let mut reads = CountReads(0);
        /// visit_operations(&mut reads);
        /// assert!(reads.0 > 0);
        /// ```
        pub fn visit_operations<V: OperationVisitor>(visitor: &mut V) {
            $(visitor.visit::<crate::$operation>();)+
        }
    };
}

operations! {
    AddDnsServer,
    AddExtension,
    AddManagementCertificate,
    AddServiceCertificate,
    AddSubscriptionServicePrincipal,
    AssociateReservedIpAddress,
    ChangeDeploymentConfiguration,
    CheckCloudServiceNameAvailability,
    CheckStaticIpAvailability,
    CheckStorageAccountNameAvailability,
    CreateAffinityGroup,
    CreateCloudService,
    CreateDeployment,
    CreateReservedIpAddress,
    CreateStorageAccount,
    DeleteAffinityGroup,
    DeleteCloudService,
    DeleteCloudServiceWithDisks,
    DeleteDeployment,
    DeleteDnsServer,
    DeleteExtension,
    DeleteManagementCertificate,
    DeleteReservedIpAddress,
    DeleteRoleInstances,
    DeleteServiceCertificate,
    DeleteStorageAccount,
    DeleteSubscriptionServicePrincipal,
    DisassociateReservedIpAddress,
    GetAffinityGroupProperties,
    GetCloudServiceProperties,
    GetDeployment,
    GetExtension,
    GetGatewayOperationStatus,
    GetManagementCertificate,
    GetNetworkConfiguration,
    GetOperationStatus,
    GetPackage,
    GetReservedIpAddress,
    GetServiceCertificate,
    GetStorageAccountKeys,
    GetStorageAccountProperties,
    GetSubscription,
    GetSubscriptionServicePrincipal,
    ListAffinityGroups,
    ListAvailableExtensions,
    ListCloudServices,
    ListDeploymentEvents,
    ListExtensionVersions,
    ListExtensions,
    ListLocations,
    ListManagementCertificates,
    ListOperatingSystemFamilies,
    ListOperatingSystems,
    ListReservedIpAddresses,
    ListRoleSizes,
    ListServiceCertificates,
    ListStorageAccounts,
    ListSubscriptionOperations,
    ListSubscriptionServicePrincipals,
    ListSubscriptions,
    ListVirtualNetworkSites,
    RebootRoleInstance,
    RebuildRoleInstance,
    RegenerateStorageAccountKeys,
    RegisterResourceProvider,
    ReimageRoleInstance,
    RollbackUpdateOrUpgrade,
    SetNetworkConfiguration,
    SwapDeployment,
    UnregisterResourceProvider,
    UpdateAffinityGroup,
    UpdateCloudService,
    UpdateDeploymentStatus,
    UpdateDnsServer,
    UpdateStorageAccount,
    UpgradeDeployment,
    WalkUpgradeDomain,
}

/// A visitor that [`visit_operations`] calls with the type of every operation.
pub trait OperationVisitor {
    /// Visits one operation.
    fn visit<O: Operation>(&mut self)
    where
        O::Output: Serialize;
}
