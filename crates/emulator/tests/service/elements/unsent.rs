//! What is listed and never sent.

/// Elements, each with what is in it, and why they never come. An element that is in several places is
/// named by the last parts of its path.
pub(super) const UNSENT: &[(&[&str], &str)] = &[
    (
        &[
            "RoleInstance/RemoteAccessCertificateThumbprint",
            "RoleInstance/GuestAgentStatus",
            "RoleInstance/ExtendedInstanceStatus",
            "RoleInstance/NetworkInterfaces",
            "RoleInstance/MaintenanceStatus",
            "RoleList/Role/@i:type",
            "Role/RoleType",
            "InputEndpoint/LoadBalancedEndpointSetName",
            "ConfigurationSets/ConfigurationSet/InputEndpoints/InputEndpoint/LocalPort",
            "ConfigurationSets/ConfigurationSet/InputEndpoints/InputEndpoint/Name",
            "InputEndpoint/EnableDirectServerReturn",
            "InputEndpoint/LoadBalancerDistribution",
            "ConfigurationSet/StaticVirtualNetworkIPAddress",
            "ConfigurationSet/NetworkInterfaces",
            "ConfigurationSet/NetworkSecurityGroup",
            "ConfigurationSet/IPForwarding",
            "Role/ResourceExtensionReferences",
            "Role/VMImageName",
            "Role/MediaLocation",
            "Role/AvailabilitySetName",
            "Role/DataVirtualHardDisks",
            "Role/Label",
            "Role/OSVirtualHardDisk",
            "Role/RoleSize",
            "Role/DefaultWinRmCertificateThumbprint",
            "Role/ProvisionGuestAgent",
            "Role/VMImageInput",
            "Role/DebugSettings",
            "Role/LicenseType",
            "HostedService/DefaultWinRmCertificateThumbprint",
            "HostedServiceProperties/GuestAgentType",
        ],
        "belong to virtual machines, which there are none of",
    ),
    (
        &[
            "Role/MigrationState",
            "StorageService/MigrationState",
            "VirtualNetworkSite/MigrationState",
        ],
        "tell of the move to the service that came after this one",
    ),
    (
        &["GatewayOperation", "Gateway/VPNClientAddressPool", "Gateway/VnetNames"],
        "there are no gateways; a network tells what its configuration says of one",
    ),
    (
        &["Subnet/NetworkSecurityGroup", "Subnet/RouteTableName"],
        "there are neither security groups nor route tables",
    ),
    (
        &["RoleInstance/PublicIPs", "ConfigurationSet/PublicIPs"],
        "what a configuration says of public addresses of single instances is not looked at",
    ),
    (&["Deployment/PersistentVMDowntime"], "maintenance is made, and never planned"),
    (
        &["InputEndpoint/LoadBalancerName", "VirtualIP/Type"],
        "no package says which endpoints are those of a load balancer inside a virtual network",
    ),
    (
        &["InputEndpointList/InputEndpoint/IdleTimeoutInMinutes"],
        "is younger than the last version that has the list",
    ),
    (
        &[
            "ResourceExtensionStatus/Code",
            "ResourceExtensionStatus/Message",
            "ResourceExtensionStatus/FormattedMessage",
            "ResourceExtensionStatus/ExtensionSettingStatus",
        ],
        "are an extension's own words, and nothing runs that would say them",
    ),
    (
        &["Extension/SequenceNumber", "Extension/DisallowMajorVersionUpgrade"],
        "are dropped where they are zero or false, and no recording has them otherwise",
    ),
    (
        &[
            "ExtensionImage/BlockRoleUponFailure",
            "ExtensionImage/Eula",
            "ExtensionImage/PrivacyUri",
            "ExtensionImage/HomepageUri",
            "ExtensionImage/IsJsonExtension",
            "ExtensionImage/IsInternalExtension",
            "ExtensionImage/DisallowMajorVersionUpgrade",
            "ExtensionImage/Regions",
            "ExtensionImage/MediaLink",
            "ExtensionImage/PublisherName",
            "ExtensionImage/Certificate",
            "ExtensionImage/Endpoints",
            "ExtensionImage/LocalResources",
        ],
        "are optional; the extensions of the catalogue have none of them",
    ),
    (
        &["Get Affinity Group Properties: AffinityGroup/ComputeCapabilities"],
        "was recorded in the list alone",
    ),
    (&["HostedService/IsComplete"], "nobody knows when it comes"),
    (
        &["Error/ConflictingOperationId"],
        "is in the contract alone; recorded conflicts name the operation in their words",
    ),
    (&["StorageServiceProperties/LastGeoFailoverTime"], "no account has ever failed over"),
    (&["CustomDomain/UseSubDomainName"], "says how a name was proved, and nothing here proves one"),
    (
        &[
            "Subscription/OfferCategories",
            "Subscription/AADTenantID",
            "Subscription/CurrentExtraVIPCount",
            "Subscription/MaxExtraVIPCount",
        ],
        "the subscription has no offer, no tenant and no second address",
    ),
    (&["OperationCaller/UserEmailAddress"], "callers have a certificate, and no portal"),
];
