//! From nothing to a running deployment and back to nothing.

use azure_classic_protocol::machine::Instant;

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, SUBSCRIPTION, base64, create_deployment, create_service, cscfg, root,
    unbase64,
};

const SERVICES: &str = "/services/hostedservices";
const CONTOSO: &str = "/services/hostedservices/contoso";

#[test]
fn a_service_is_made_read_and_deleted() {
    let mut bench = Bench::new();
    let created = bench.post(SERVICES, &create_service("Contoso")).expect(201);
    assert_eq!(created.body(), "");
    assert_eq!(
        created.header("location"),
        format!("https://management.example.net/subscriptions/{SUBSCRIPTION}/compute/Contoso")
    );
    assert_eq!(bench.operation(&created.id()), "Succeeded 200");

    let read = bench.get(CONTOSO).expect(200);
    assert_eq!(read.text("ServiceName"), "Contoso");
    assert_eq!(unbase64(&read.text("Label")), "a label");
    assert_eq!(read.text("Location"), "West US");
    assert_eq!(read.text("Status"), "Created");
    assert_eq!(read.text("DateCreated"), "2015-01-01T00:00:00Z");
    assert!(!read.has("Deployments") && !read.has("AffinityGroup"));
    let detailed = bench.get("/services/hostedservices/contoso?embed-detail=true").expect(200);
    assert!(detailed.has("Deployments") && !detailed.has("Deployment"));

    let deleted = bench.delete(CONTOSO).expect(200);
    assert_eq!(bench.operation(&deleted.id()), "Succeeded 200");
    assert_eq!(bench.get(CONTOSO).message(), "The hosted service does not exist.");
}

#[test]
fn every_answer_has_the_headers_of_the_service() {
    let mut bench = Bench::new();
    let created = bench.post(SERVICES, &create_service("contoso"));
    let read = bench.get(CONTOSO);
    let refused = bench.get("/services/hostedservices/fabrikam");
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
fn a_started_deployment_comes_up_step_by_step() {
    let mut bench = Bench::new();
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    let accepted =
        bench.post(BY_SLOT, &create_deployment("first", "one", &[("Web", 2)], true)).expect(202);
    assert_eq!(accepted.body(), "");

    for (seconds, operation, board) in [
        (0, "InProgress", "Deploying locked []"),
        (5, "InProgress", "Deploying locked [RoleStateUnknown RoleStateUnknown]"),
        (10, "Succeeded 200", "Running [CreatingVM CreatingVM]"),
        (20, "Succeeded 200", "Running [StartingVM StartingVM]"),
        (30, "Succeeded 200", "Running [CreatingRole CreatingRole]"),
        (40, "Succeeded 200", "Running [StartingRole StartingRole]"),
        (50, "Succeeded 200", "Running [BusyRole BusyRole]"),
        (60, "Succeeded 200", "Running [ReadyRole ReadyRole]"),
    ] {
        bench.pass(seconds - bench.seconds());
        assert_eq!(bench.operation(&accepted.id()), operation, "after {seconds} s");
        assert_eq!(bench.board(), board, "after {seconds} s");
    }
    assert_eq!(bench.cloud.next_event(), None);
}

#[test]
fn what_is_not_known_yet_is_not_said() {
    let mut bench = Bench::new();
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    bench.post(BY_SLOT, &create_deployment("first", "one", &[("Web", 2)], true)).expect(202);

    let present = |bench: &mut Bench| {
        let reply = bench.get(BY_SLOT);
        ["Url", "Configuration", "UpgradeDomainCount", "Role", "VirtualIP"]
            .into_iter()
            .filter(|name| reply.has(name))
            .collect::<Vec<_>>()
    };
    assert!(bench.get(BY_SLOT).has("RoleInstanceList") && bench.get(BY_SLOT).has("RoleList"));
    assert_eq!(present(&mut bench), [""; 0]);
    bench.pass(5);
    assert_eq!(present(&mut bench), ["Configuration", "UpgradeDomainCount", "Role"]);
    bench.pass(5);
    assert_eq!(
        present(&mut bench),
        ["Url", "Configuration", "UpgradeDomainCount", "Role", "VirtualIP"]
    );
}

#[test]
fn instances_have_names_domains_and_addresses() {
    let mut bench = Bench::running(&[("Web", 7), ("Batch", 1)]);
    let reply = bench.get(BY_SLOT).expect(200);
    assert_eq!(reply.text("UpgradeDomainCount"), "5");
    assert_eq!(
        reply.all("InstanceName"),
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
    assert_eq!(reply.all("InstanceUpgradeDomain"), ["0", "1", "2", "3", "4", "0", "1", "0"]);
    assert_eq!(reply.all("InstanceFaultDomain"), ["0", "1", "0", "1", "0", "1", "0", "0"]);
    assert_eq!(reply.all("IpAddress")[..2], ["10.0.0.4", "10.0.0.5"]);
    assert_eq!(reply.text("Url"), "http://contoso.cloudapp.net/");
    assert_eq!(reply.text("DeploymentSlot"), "Production");
    assert_eq!(reply.text("PowerState"), "Started");
    assert_eq!(reply.body(), bench.get(BY_NAME).body());
}

#[test]
fn time_does_not_go_back() {
    let mut bench = Bench::running(&[("Web", 1)]);
    let (now, board) = (bench.cloud.now(), bench.board());
    bench.cloud.advance(Instant::ORIGIN);
    assert_eq!((bench.cloud.now(), bench.board()), (now, board));
}

#[test]
fn a_deployment_that_is_not_started_stands_stopped() {
    let mut bench = Bench::new();
    bench.post(SERVICES, &create_service("contoso")).expect(201);
    bench.post(BY_SLOT, &create_deployment("first", "one", &[("Web", 2)], false)).expect(202);
    bench.settle();
    assert_eq!(bench.board(), "Suspended [StoppedVM StoppedVM]");
    assert_eq!(bench.get(BY_SLOT).text("PowerState"), "Stopped");
}

#[test]
fn a_configuration_comes_back_with_plain_line_feeds_and_the_same_meaning() {
    let mut bench = Bench::new();
    bench.post(SERVICES, &create_service("contoso")).expect(201);
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
    bench.post(BY_SLOT, &body).expect(202);
    bench.settle();
    let reply = bench.get(BY_NAME);
    assert_eq!(unbase64(&reply.text("Configuration")), sent.replace("\r\n", "\n"));
    assert_eq!(reply.text("UpgradeDomainCount"), "3");
}

#[test]
fn a_deployment_is_deleted_with_its_instances() {
    let mut bench = Bench::running(&[("Web", 2)]);
    assert_eq!(bench.delete(CONTOSO).code(), "409 ConflictError");
    let accepted = bench.delete(BY_NAME).expect(202);
    assert_eq!(bench.board(), "Deleting locked [DeletingVM DeletingVM]");
    bench.pass(9);
    assert_eq!(bench.operation(&accepted.id()), "InProgress");
    bench.pass(1);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
    assert_eq!(bench.get(BY_SLOT).expect(404).message(), "No deployments were found.");
    assert_eq!(
        bench.get(BY_NAME).expect(404).message(),
        "The deployment name 'first' does not exist."
    );
    assert!(bench.instances().is_empty());
    bench.delete(CONTOSO).expect(200);
}

#[test]
fn both_slots_are_told_with_the_service() {
    let mut bench = Bench::running(&[("Web", 1)]);
    let staging = "/services/hostedservices/contoso/deploymentslots/STAGING";
    bench.post(staging, &create_deployment("second", "two", &[("Web", 1)], true)).expect(202);
    bench.settle();
    let reply = bench.get("/services/hostedservices/contoso?embed-detail=True").expect(200);
    assert_eq!(reply.all("DeploymentSlot"), ["Production", "Staging"]);
    assert_eq!(reply.at("Deployments/Deployment/Name"), ["first", "second"]);
    let private_id = &reply.all("PrivateID")[1];
    assert_eq!(reply.all("Url").last().unwrap(), &format!("http://{private_id}.cloudapp.net/"));
}

#[test]
fn extended_properties_are_kept_changed_and_deleted() {
    let mut bench = Bench::running(&[("Web", 1)]);
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
        bench.post(&format!("{BY_NAME}/?comp=config"), &body).expect(202);
        bench.settle();
        let reply = bench.get(BY_NAME);
        let values = reply.all("Value");
        reply.all("Name").into_iter().skip(1).zip(values).collect::<Vec<_>>()
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let both = property("Team", "<Value>blue</Value>") + &property("Empty", "<Value/>");
    assert_eq!(change(&both), [pair("Empty", ""), pair("Team", "blue")]);
    assert_eq!(change(&property("Team", "")), [pair("Empty", "")]);
    let nil = "<Value i:nil='true' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'/>";
    assert_eq!(change(&property("Empty", nil)), []);
}
