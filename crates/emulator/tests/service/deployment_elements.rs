//! The whole answer of Get Deployment: every element, in the order of the wire.

use crate::harness::{BY_SLOT, Harness, base64, create_deployment, create_service, cscfg};

const WEB: &[(&str, u32)] = &[("Web", 1)];

/// With an endpoint and a property.
fn new_harness() -> Harness {
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("Contoso")).expect(201);
    let property = "<ExtendedProperty><Name>Team</Name><Value>blue</Value></ExtendedProperty>";
    let body = create_deployment("first", "one", WEB, true)
        .replace("1.cspkg", "1.cspkg?roleSize=Medium&amp;endpoints=Web:HttpIn:http:80:8080")
        .replace(
            "</StartDeployment>",
            &format!("</StartDeployment><ExtendedProperties>{property}</ExtendedProperties>"),
        );
    harness.post(BY_SLOT, &body).expect(202);
    harness.settle();
    harness
}

/// The answer without the parts that the seed decides.
fn deployment_xml(harness: &mut Harness, version: &'static str) -> String {
    harness.version = version;
    let reply = harness.get(BY_SLOT).expect(200);
    let id = reply.text("PrivateID");
    assert!(id.len() == 32 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{id}");
    let part = format!(".{}.internal", &id[..2]);
    reply.body().replace(&id, "PRIVATE").replace(&part, ".PART.internal")
}

fn expected(elements: &[&str]) -> String {
    let elements = elements
        .concat()
        .replace("LABEL", &base64("one"))
        .replace("CONFIGURATION", &base64(&cscfg(WEB)));
    format!(
        "<Deployment xmlns=\"http://schemas.microsoft.com/windowsazure\" \
         xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">{elements}</Deployment>"
    )
}

#[test]
fn newest_version_has_all_elements() {
    assert_eq!(
        deployment_xml(&mut new_harness(), "2018-06-01"),
        expected(&[
            "<Name>first</Name>",
            "<DeploymentSlot>Production</DeploymentSlot>",
            "<PrivateID>PRIVATE</PrivateID>",
            "<Status>Running</Status>",
            "<Label>LABEL</Label>",
            "<Url>http://Contoso.cloudapp.net/</Url>",
            "<Configuration>CONFIGURATION</Configuration>",
            "<RoleInstanceList><RoleInstance>",
            "<RoleName>Web</RoleName>",
            "<InstanceName>Web_IN_0</InstanceName>",
            "<InstanceStatus>ReadyRole</InstanceStatus>",
            "<InstanceUpgradeDomain>0</InstanceUpgradeDomain>",
            "<InstanceFaultDomain>0</InstanceFaultDomain>",
            "<InstanceSize>Medium</InstanceSize>",
            "<InstanceStateDetails/>",
            "<IpAddress>10.0.0.4</IpAddress>",
            "<InstanceEndpoints><InstanceEndpoint>",
            "<Name>HttpIn</Name>",
            "<Vip>203.0.113.1</Vip>",
            "<PublicPort>80</PublicPort>",
            "<LocalPort>8080</LocalPort>",
            "<Protocol>http</Protocol>",
            "</InstanceEndpoint></InstanceEndpoints>",
            "<PowerState>Started</PowerState>",
            "</RoleInstance></RoleInstanceList>",
            "<UpgradeDomainCount>5</UpgradeDomainCount>",
            "<RoleList><Role>",
            "<RoleName>Web</RoleName>",
            "<OsVersion>WA-GUEST-OS-4.21_201506-01</OsVersion>",
            "<ConfigurationSets><ConfigurationSet i:type=\"NetworkConfigurationSet\">",
            "<ConfigurationSetType>NetworkConfiguration</ConfigurationSetType>",
            "<InputEndpoints><InputEndpoint>",
            "<Port>80</Port>",
            "<Protocol>http</Protocol>",
            "<Vip>203.0.113.1</Vip>",
            "<VirtualIPName>ContosoContractContract</VirtualIPName>",
            "</InputEndpoint></InputEndpoints>",
            "<SubnetNames/>",
            "</ConfigurationSet></ConfigurationSets>",
            "</Role></RoleList>",
            "<SdkVersion>2.9.8699.20</SdkVersion>",
            "<Locked>false</Locked>",
            "<RollbackAllowed>false</RollbackAllowed>",
            "<CreatedTime>2015-01-01T00:00:00Z</CreatedTime>",
            "<LastModifiedTime>2015-01-01T00:00:10Z</LastModifiedTime>",
            "<ExtendedProperties><ExtendedProperty>",
            "<Name>Team</Name><Value>blue</Value>",
            "</ExtendedProperty></ExtendedProperties>",
            "<VirtualIPs><VirtualIP>",
            "<Address>203.0.113.1</Address>",
            "<IsDnsProgrammed>true</IsDnsProgrammed>",
            "<Name>ContosoContractContract</Name>",
            "</VirtualIP></VirtualIPs>",
            "<InternalDnsSuffix>contoso.PART.internal.cloudapp.net</InternalDnsSuffix>",
            "<LoadBalancers/>",
        ])
    );
}

#[test]
fn first_version_has_few_elements() {
    assert_eq!(
        deployment_xml(&mut new_harness(), "2009-10-01"),
        expected(&[
            "<Name>first</Name>",
            "<DeploymentSlot>Production</DeploymentSlot>",
            "<PrivateID>PRIVATE</PrivateID>",
            "<Status>Running</Status>",
            "<Label>LABEL</Label>",
            "<Url>http://Contoso.cloudapp.net/</Url>",
            "<Configuration>CONFIGURATION</Configuration>",
            "<RoleInstanceList><RoleInstance>",
            "<RoleName>Web</RoleName>",
            "<InstanceName>Web_IN_0</InstanceName>",
            "<InstanceStatus>ReadyRole</InstanceStatus>",
            "<InstanceEndpoints><InstanceEndpoint>",
            "<Name>HttpIn</Name>",
            "<PublicPort>80</PublicPort>",
            "<LocalPort>8080</LocalPort>",
            "<Protocol>http</Protocol>",
            "</InstanceEndpoint></InstanceEndpoints>",
            "</RoleInstance></RoleInstanceList>",
            "<RoleList><Role><RoleName>Web</RoleName><OsVersion>WA-GUEST-OS-4.21_201506-01</OsVersion></Role></RoleList>",
        ])
    );
}

#[test]
fn old_versions_have_separate_endpoint_list() {
    let list = "<InputEndpointList><InputEndpoint><RoleName>Web</RoleName><Vip>203.0.113.1</Vip>\
                <Port>80</Port></InputEndpoint></InputEndpointList><Locked>";
    let mut harness = new_harness();
    for version in ["2011-06-01", "2011-10-01", "2012-03-01"] {
        let deployment = deployment_xml(&mut harness, version);
        let list = if version < "2011-10-01" { list.trim_end_matches("<Locked>") } else { list };
        assert_eq!(deployment.contains(list), version < "2012-03-01", "{deployment}");
    }
}

#[test]
fn update_is_between_instances_and_domains() {
    let mut harness = new_harness();
    let body = crate::harness::change("Manual", WEB);
    harness.post(&format!("{BY_SLOT}/?comp=config"), &body).expect(202);
    let deployment = deployment_xml(&mut harness, "2015-04-01");
    let update = "</RoleInstanceList><UpgradeStatus><UpgradeType>Manual</UpgradeType>\
                  <CurrentUpgradeDomainState>Before</CurrentUpgradeDomainState>\
                  <CurrentUpgradeDomain>0</CurrentUpgradeDomain></UpgradeStatus><UpgradeDomainCount>";
    assert!(deployment.contains(update), "{deployment}");
}

#[test]
fn elements_require_their_version() {
    let young = [
        ("InstanceSize", "2011-06-01"),
        ("Vip", "2011-06-01"),
        ("SdkVersion", "2011-06-01"),
        ("ConfigurationSets", "2012-03-01"),
        ("IsDnsProgrammed", "2012-03-01"),
        ("InternalDnsSuffix", "2013-11-01"),
        ("LoadBalancers", "2014-05-01"),
    ];
    let mut harness = new_harness();
    for version in
        ["2009-10-01", "2011-06-01", "2012-03-01", "2013-08-01", "2013-11-01", "2014-05-01"]
    {
        harness.version = version;
        let reply = harness.get(BY_SLOT).expect(200);
        for (element, since) in young {
            assert_eq!(reply.has_element(element), version >= since, "{element} in {version}");
        }
    }
}
