//! A made Get Deployment answer, shaped as the documented one is.

use std::fmt::Write;

/// A deployment with this many role instances and roles, all kinds of elements among them.
pub(crate) fn deployment(instances: usize, roles: usize) -> String {
    let mut text = String::from(
        "<Deployment xmlns=\"http://schemas.microsoft.com/windowsazure\" \
         xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><Name>green</Name>\
         <DeploymentSlot>Production</DeploymentSlot>\
         <PrivateID>0f1e2d3c4b5a69788796a5b4c3d2e1f0</PrivateID><Status>Running</Status>\
         <Label>Y29udG9zbw==</Label><Url>http://contoso.cloudapp.net/</Url><Configuration>",
    );
    text.push_str(&"PFNlcnZpY2VDb25maWd1cmF0aW9u".repeat(400));
    text.push_str("</Configuration><RoleInstanceList>");
    for number in 0..instances {
        instance(&mut text, number, roles);
    }
    text.push_str(
        "</RoleInstanceList><UpgradeStatus><UpgradeType>Manual</UpgradeType>\
         <CurrentUpgradeDomainState>Before</CurrentUpgradeDomainState>\
         <CurrentUpgradeDomain>2</CurrentUpgradeDomain></UpgradeStatus>\
         <UpgradeDomainCount>5</UpgradeDomainCount><RoleList>",
    );
    for number in 0..roles {
        role(&mut text, number);
    }
    text.push_str(
        "</RoleList><SdkVersion>2.9.0.0</SdkVersion><Locked>false</Locked>\
         <RollbackAllowed>true</RollbackAllowed><CreatedTime>2017-03-02T10:11:12Z</CreatedTime>\
         <LastModifiedTime>2017-03-03T08:09:10Z</LastModifiedTime><ExtendedProperties/>\
         <PersistentVMDowntime i:nil=\"true\"/></Deployment>",
    );
    text
}

fn instance(text: &mut String, number: usize, roles: usize) {
    let role = number % roles;
    let (high, low) = (number / 250, number % 250 + 4);
    write!(
        text,
        "<RoleInstance><RoleName>WebRole{role}</RoleName>\
         <InstanceName>WebRole{role}_IN_{number}</InstanceName>\
         <InstanceStatus>ReadyRole</InstanceStatus>\
         <InstanceUpgradeDomain>{}</InstanceUpgradeDomain>\
         <InstanceFaultDomain>{}</InstanceFaultDomain><InstanceSize>Standard_D2_v2</InstanceSize>\
         <InstanceStateDetails/><InstanceErrorCode/><IpAddress>10.{high}.0.{low}</IpAddress>\
         <InstanceEndpoints><InstanceEndpoint><Name>Endpoint1</Name><Vip>40.68.0.{low}</Vip>\
         <PublicPort>443</PublicPort><LocalPort>443</LocalPort><Protocol>https</Protocol>\
         </InstanceEndpoint></InstanceEndpoints><PowerState>Started</PowerState>\
         <HostName>RD0003FF{number:06X}</HostName>\
         <RemoteAccessCertificateThumbprint i:nil=\"true\"/>",
        number % 5,
        number % 2,
    )
    .expect("a string takes all");
    if number.is_multiple_of(7) {
        text.push_str(
            "<PublicIPs><PublicIP><Name>ip</Name><Address>40.68.1.9</Address>\
             <IdleTimeoutInMinutes>4</IdleTimeoutInMinutes><DomainNameLabel i:nil=\"true\"/>\
             </PublicIP></PublicIPs>",
        );
    }
    text.push_str("</RoleInstance>");
}

fn role(text: &mut String, number: usize) {
    write!(
        text,
        "<Role i:type=\"PersistentVMRole\"><RoleName>WebRole{number}</RoleName>\
         <OsVersion>WA-GUEST-OS-2.59_201701-01</OsVersion><RoleType>PersistentVMRole</RoleType>\
         <ConfigurationSets><ConfigurationSet i:type=\"NetworkConfigurationSet\">\
         <ConfigurationSetType>NetworkConfiguration</ConfigurationSetType><InputEndpoints>\
         <InputEndpoint><LocalPort>443</LocalPort><Name>https</Name><Port>443</Port>\
         <LoadBalancerProbe><Path>/alive</Path><Port>80</Port><Protocol>http</Protocol>\
         <IntervalInSeconds>15</IntervalInSeconds><TimeoutInSeconds>31</TimeoutInSeconds>\
         </LoadBalancerProbe><Protocol>tcp</Protocol><Vip>40.68.0.1</Vip>\
         <EnableDirectServerReturn>false</EnableDirectServerReturn></InputEndpoint>\
         </InputEndpoints><SubnetNames/></ConfigurationSet></ConfigurationSets>\
         <DataVirtualHardDisks/><OSVirtualHardDisk><HostCaching>ReadWrite</HostCaching>\
         <DiskName>disk{number}</DiskName>\
         <MediaLink>https://contoso.blob.core.windows.net/vhds/disk{number}.vhd</MediaLink>\
         <OS>Windows</OS></OSVirtualHardDisk><RoleSize>Standard_D2_v2</RoleSize>\
         <ProvisionGuestAgent>true</ProvisionGuestAgent></Role>",
    )
    .expect("a string takes all");
}
