//! Where roles are in the network, and whom their endpoints let in.

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, base64, change, create_deployment, create_service, cscfg,
};

const WEB: &[(&str, u32)] = &[("Web", 2)];

const NETWORK: &str = r#"<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration"><VirtualNetworkConfiguration><VirtualNetworkSites><VirtualNetworkSite name="shop" Location="West US"><AddressSpace><AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace><Subnets><Subnet name="front"><AddressPrefix>10.0.0.0/24</AddressPrefix></Subnet><Subnet name="back"><AddressPrefix>10.1.0.0/24</AddressPrefix></Subnet></Subnets></VirtualNetworkSite></VirtualNetworkSites></VirtualNetworkConfiguration></NetworkConfiguration>"#;

/// A configuration with this inside its network part.
fn configuration(network: &str) -> String {
    let end = "</ServiceConfiguration>";
    let network = format!("<NetworkConfiguration>{network}</NetworkConfiguration>{end}");
    cscfg(WEB).replace(end, &network)
}

fn with_configuration(request: &str, configuration: &str) -> String {
    request.replace(&base64(&cscfg(WEB)), &base64(configuration))
}

fn in_subnet(name: &str) -> String {
    format!(
        "<VirtualNetworkSite name=\"shop\"/><AddressAssignments><InstanceAddress roleName=\"Web\">\
         <Subnets><Subnet name=\"{name}\"/></Subnets></InstanceAddress></AddressAssignments>"
    )
}

/// A service in a place with the network `shop`.
fn new_harness() -> Harness {
    let mut harness = Harness::new();
    harness.put("/services/networking/media", NETWORK).expect(202);
    harness.settle();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    harness
}

fn deploy(harness: &mut Harness, parameters: &str, configuration: &str) {
    let body = create_deployment("first", "one", WEB, true).replace(".cspkg", parameters);
    harness.post(BY_SLOT, &with_configuration(&body, configuration)).expect(202);
    harness.settle();
}

#[test]
fn role_is_in_subnets_of_its_configuration() {
    let mut harness = new_harness();
    deploy(&mut harness, ".cspkg", &configuration(&in_subnet("front")));
    let subnet = "RoleList/Role/ConfigurationSets/ConfigurationSet/SubnetNames/SubnetName";
    let deployment = harness.get(BY_NAME);
    assert_eq!(deployment.texts_at(subnet), ["front"]);
    let sites = harness.get("/services/networking/virtualnetwork");
    assert_eq!(deployment.texts_at("VirtualNetworkId"), sites.texts_at("VirtualNetworkSite/Id"));

    let moved = configuration(&in_subnet("back").replace("\"shop\"", "\"Shop\""));
    let change_to = |harness: &mut Harness, configuration: &str| {
        let body = with_configuration(&change("Auto", WEB), configuration);
        let reply = harness.post(&format!("{BY_NAME}/?comp=config"), &body);
        harness.settle();
        reply
    };
    change_to(&mut harness, &moved).expect(202);
    assert_eq!(harness.get(BY_NAME).texts_at(subnet), ["back"]);

    let unknown = change_to(&mut harness, &configuration(&in_subnet("side")));
    assert_eq!(unknown.code(), "400 BadRequest");
    assert_eq!(unknown.message(), "Subnet 'side' not found in the virtual network 'shop'.");

    let without = NETWORK.replace("back", "rear");
    let refused = harness.put("/services/networking/media", &without);
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().starts_with("The subnet 'back'"), "{}", refused.message());
}

#[test]
fn endpoints_combine_package_and_configuration() {
    let mut harness = new_harness();
    let access = "<AccessControls><AccessControl name=\"us\"><Rule order=\"1\" action=\"permit\" \
                  remoteSubnet=\"198.51.100.0/24\"/></AccessControl></AccessControls><EndpointAcls>\
                  <EndpointAcl role=\"Web\" endPoint=\"In\" accessControl=\"us\"/></EndpointAcls>";
    let package =
        ".cspkg?endpoints=Web:In:tcp:80,Web:Dns:udp:53&amp;idleTimeout=9&amp;probe=tcp:81";
    deploy(&mut harness, package, &configuration(access));
    let probe = "<LoadBalancerProbe><Path i:nil=\"true\"/><Port>81</Port><Protocol>tcp</Protocol>\
                 <IntervalInSeconds>15</IntervalInSeconds><TimeoutInSeconds>31</TimeoutInSeconds>\
                 </LoadBalancerProbe>";
    let vip = "<Vip>203.0.113.1</Vip>";
    let name = "<VirtualIPName>contosoContractContract</VirtualIPName>";
    let expected = format!(
        "<InputEndpoints><InputEndpoint><Port>80</Port>{probe}<Protocol>tcp</Protocol>{vip}\
         <EndpointAcl><Rules><Rule><Order>1</Order><Action>permit</Action>\
         <RemoteSubnet>198.51.100.0/24</RemoteSubnet></Rule></Rules></EndpointAcl>\
         <IdleTimeoutInMinutes>9</IdleTimeoutInMinutes>{name}</InputEndpoint><InputEndpoint>\
         <Port>53</Port>{probe}<Protocol>udp</Protocol>{vip}{name}</InputEndpoint></InputEndpoints>"
    );
    let deployment = harness.get(BY_NAME);
    assert!(deployment.body().contains(&expected), "{}\n{expected}", deployment.body());
    assert_eq!(deployment.texts_in("InstanceEndpoint", "IdleTimeoutInMinutes"), ["9", "9"]);
}

#[test]
fn machines_use_names_of_configuration() {
    let mut harness = new_harness();
    deploy(&mut harness, ".cspkg", &cscfg(WEB).replace("<Role ", "<Role vmName=\"shop\" "));
    assert_eq!(harness.get(BY_NAME).texts("HostName"), ["shop0", "shop1"]);
}
