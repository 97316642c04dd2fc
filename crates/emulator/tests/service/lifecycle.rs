//! From nothing to a running deployment and back to nothing.

use azure_classic_protocol::machine::Instant;

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, SUBSCRIPTION, base64, create_deployment, create_service, cscfg,
    decode_base64, root,
};

const SERVICES: &str = "/services/hostedservices";
const CONTOSO: &str = "/services/hostedservices/contoso";

#[test]
fn creates_reads_and_deletes_service() {
    let mut harness = Harness::new();
    let created = harness.post(SERVICES, &create_service("Contoso")).expect(201);
    assert_eq!(created.body(), "");
    assert_eq!(
        created.header("location"),
        format!("https://management.example.net/subscriptions/{SUBSCRIPTION}/compute/Contoso")
    );
    assert_eq!(harness.operation(&created.id()), "Succeeded 200");

    let read = harness.get(CONTOSO).expect(200);
    assert_eq!(read.text("ServiceName"), "Contoso");
    assert_eq!(decode_base64(&read.text("Label")), "a label");
    assert_eq!(read.text("Location"), "West US");
    assert_eq!(read.text("Status"), "Created");
    assert_eq!(read.text("DateCreated"), "2015-01-01T00:00:00Z");
    assert!(!read.has_element("Deployments") && !read.has_element("AffinityGroup"));
    let detailed = harness.get("/services/hostedservices/contoso?embed-detail=true").expect(200);
    assert!(detailed.has_element("Deployments") && !detailed.has_element("Deployment"));

    let deleted = harness.delete(CONTOSO).expect(200);
    assert_eq!(harness.operation(&deleted.id()), "Succeeded 200");
    assert_eq!(harness.get(CONTOSO).message(), "The hosted service does not exist.");
}

#[test]
fn responses_have_service_headers() {
    let mut harness = Harness::new();
    let created = harness.post(SERVICES, &create_service("contoso"));
    let read = harness.get(CONTOSO);
    let refused = harness.get("/services/hostedservices/fabrikam");
    for reply in [&created, &read, &refused] {
        let id = reply.id();
        assert!(
            id.len() == 32 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')),
            "{id}"
        );
        assert_eq!(reply.header("cache-control"), "no-cache");
        assert_eq!(reply.header("date"), "Thu, 01 Jan 2015 00:00:00 GMT");
        assert!(reply.header("server").starts_with("azure-classic-emulator/"));
    }
    assert_eq!(created.header("content-type"), "");
    for reply in [&read, &refused] {
        assert_eq!(reply.header("content-type"), "application/xml; charset=utf-8");
        let start = "xmlns=\"http://schemas.microsoft.com/windowsazure\" \
                     xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">";
        let name_ends = reply.body().find(' ').unwrap();
        assert!(reply.body()[name_ends + 1..].starts_with(start), "{}", reply.body());
    }
}

#[test]
fn started_deployment_passes_through_states() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    let accepted =
        harness.post(BY_SLOT, &create_deployment("first", "one", &[("Web", 2)], true)).expect(202);
    assert_eq!(accepted.body(), "");

    for (seconds, operation, snapshot) in [
        (0, "InProgress", "Deploying locked []"),
        (5, "InProgress", "Deploying locked [RoleStateUnknown RoleStateUnknown]"),
        (10, "Succeeded 200", "Running [CreatingVM CreatingVM]"),
        (20, "Succeeded 200", "Running [StartingVM StartingVM]"),
        (30, "Succeeded 200", "Running [CreatingRole CreatingRole]"),
        (40, "Succeeded 200", "Running [StartingRole StartingRole]"),
        (50, "Succeeded 200", "Running [BusyRole BusyRole]"),
        (60, "Succeeded 200", "Running [ReadyRole ReadyRole]"),
    ] {
        harness.advance(seconds - harness.seconds());
        assert_eq!(harness.operation(&accepted.id()), operation, "after {seconds} s");
        assert_eq!(harness.summary(), snapshot, "after {seconds} s");
    }
    assert_eq!(harness.simulator.next_event(), None);
}

#[test]
fn omits_elements_not_known_yet() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    harness.post(BY_SLOT, &create_deployment("first", "one", &[("Web", 2)], true)).expect(202);

    let present = |harness: &mut Harness| {
        let reply = harness.get(BY_SLOT);
        ["Url", "Configuration", "UpgradeDomainCount", "Role", "VirtualIP"]
            .into_iter()
            .filter(|name| reply.has_element(name))
            .collect::<Vec<_>>()
    };
    assert!(
        harness.get(BY_SLOT).has_element("RoleInstanceList")
            && harness.get(BY_SLOT).has_element("RoleList")
    );
    assert_eq!(present(&mut harness), [""; 0]);
    harness.advance(5);
    assert_eq!(present(&mut harness), ["Configuration", "UpgradeDomainCount", "Role"]);
    harness.advance(5);
    assert_eq!(
        present(&mut harness),
        ["Url", "Configuration", "UpgradeDomainCount", "Role", "VirtualIP"]
    );
}

#[test]
fn instances_have_names_domains_and_addresses() {
    let mut harness = Harness::with_deployment(&[("Web", 7), ("Batch", 1)]);
    let reply = harness.get(BY_SLOT).expect(200);
    assert_eq!(reply.text("UpgradeDomainCount"), "5");
    assert_eq!(
        reply.texts("InstanceName"),
        [
            "Web_IN_0",
            "Web_IN_1",
            "Web_IN_2",
            "Web_IN_3",
            "Web_IN_4",
            "Web_IN_5",
            "Web_IN_6",
            "Batch_IN_0"
        ]
    );
    assert_eq!(reply.texts("InstanceUpgradeDomain"), ["0", "1", "2", "3", "4", "0", "1", "0"]);
    assert_eq!(reply.texts("InstanceFaultDomain"), ["0", "1", "0", "1", "0", "1", "0", "0"]);
    assert_eq!(reply.texts("IpAddress")[..2], ["10.0.0.4", "10.0.0.5"]);
    assert_eq!(reply.text("Url"), "http://contoso.cloudapp.net/");
    assert_eq!(reply.text("DeploymentSlot"), "Production");
    assert_eq!(reply.text("PowerState"), "Started");
    assert_eq!(reply.body(), harness.get(BY_NAME).body());
}

#[test]
fn clock_is_monotonic() {
    let mut harness = Harness::with_deployment(&[("Web", 1)]);
    let (now, snapshot) = (harness.simulator.now(), harness.summary());
    harness.simulator.advance(Instant::ORIGIN);
    assert_eq!((harness.simulator.now(), harness.summary()), (now, snapshot));
}

#[test]
fn unstarted_deployment_stays_stopped() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    harness.post(BY_SLOT, &create_deployment("first", "one", &[("Web", 2)], false)).expect(202);
    harness.settle();
    assert_eq!(harness.summary(), "Suspended [StoppedVM StoppedVM]");
    assert_eq!(harness.get(BY_SLOT).text("PowerState"), "Stopped");
}

#[test]
fn configuration_is_returned_with_normalized_line_feeds() {
    let mut harness = Harness::new();
    harness.post(SERVICES, &create_service("contoso")).expect(201);
    let sent = cscfg(&[("Web", 1)]).replace('\n', "\r\n").replace("utf-8", "utf-16");
    let body = root(
        "CreateDeployment",
        &format!(
            "<Name>first</Name><PackageUrl>https://contoso.example.net/p?a=1&amp;upgradeDomainCount=3</PackageUrl>\
             <Label>{}</Label><Configuration>{}</Configuration>",
            base64("one"),
            base64(&sent)
        ),
    );
    harness.post(BY_SLOT, &body).expect(202);
    harness.settle();
    let reply = harness.get(BY_NAME);
    assert_eq!(decode_base64(&reply.text("Configuration")), sent.replace("\r\n", "\n"));
    assert_eq!(reply.text("UpgradeDomainCount"), "3");
}

#[test]
fn deletes_deployment_with_instances() {
    let mut harness = Harness::with_deployment(&[("Web", 2)]);
    assert_eq!(harness.delete(CONTOSO).code(), "409 ConflictError");
    let accepted = harness.delete(BY_NAME).expect(202);
    assert_eq!(harness.summary(), "Deleting locked [DeletingVM DeletingVM]");
    harness.advance(9);
    assert_eq!(harness.operation(&accepted.id()), "InProgress");
    harness.advance(1);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
    assert_eq!(harness.get(BY_SLOT).expect(404).message(), "No deployments were found.");
    assert_eq!(
        harness.get(BY_NAME).expect(404).message(),
        "The deployment name 'first' does not exist."
    );
    assert!(harness.instances().is_empty());
    harness.delete(CONTOSO).expect(200);
}

#[test]
fn service_lists_both_slots() {
    let mut harness = Harness::with_deployment(&[("Web", 1)]);
    let staging = "/services/hostedservices/contoso/deploymentslots/STAGING";
    harness.post(staging, &create_deployment("second", "two", &[("Web", 1)], true)).expect(202);
    harness.settle();
    let reply = harness.get("/services/hostedservices/contoso?embed-detail=True").expect(200);
    assert_eq!(reply.texts("DeploymentSlot"), ["Production", "Staging"]);
    assert_eq!(reply.texts_at("Deployments/Deployment/Name"), ["first", "second"]);
    let private_id = &reply.texts("PrivateID")[1];
    assert_eq!(reply.texts("Url").last().unwrap(), &format!("http://{private_id}.cloudapp.net/"));
}

#[test]
fn stores_updates_and_deletes_extended_properties() {
    let mut harness = Harness::with_deployment(&[("Web", 1)]);
    let property = |name: &str, value: &str| {
        format!("<ExtendedProperty><Name>{name}</Name>{value}</ExtendedProperty>")
    };
    let mut change = |properties: &str| {
        let body = root(
            "ChangeConfiguration",
            &format!(
                "<Configuration>{}</Configuration><ExtendedProperties>{properties}</ExtendedProperties>",
                base64(&cscfg(&[("Web", 1)]))
            ),
        );
        harness.post(&format!("{BY_NAME}/?comp=config"), &body).expect(202);
        harness.settle();
        let reply = harness.get(BY_NAME);
        let values = reply.texts("Value");
        reply.texts("Name").into_iter().skip(1).zip(values).collect::<Vec<_>>()
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let both = property("Team", "<Value>blue</Value>") + &property("Empty", "<Value/>");
    assert_eq!(change(&both), [pair("Empty", ""), pair("Team", "blue")]);
    assert_eq!(change(&property("Team", "")), [pair("Empty", "")]);
    let nil = "<Value i:nil='true' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'/>";
    assert_eq!(change(&property("Empty", nil)), []);
}
