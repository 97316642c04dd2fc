//! Reserved IP addresses: made, given to deployments, taken back.

use azure_classic_emulator::Delay;

use crate::harness::{
    BY_NAME, BY_SLOT, Harness, SERVICE, STAGING, TestResponse, base64, create_deployment,
    create_service, cscfg, decode_base64, root, swap,
};

const WEB: &[(&str, u32)] = &[("Web", 1)];
const RESERVED_IPS: &str = "/services/networking/reservedips";
const FRONT: &str = "/services/networking/reservedips/front";
const RESERVED_IP_LIST: &str = r#"<ReservedIPs><ReservedIP name="front" /></ReservedIPs>"#;

fn reservation(name: &str, rest: &str, location: &str) -> String {
    root("ReservedIP", &format!("<Name>{name}</Name>{rest}<Location>{location}</Location>"))
}

fn create(harness: &mut Harness, name: &str) -> TestResponse {
    let created =
        harness.post(RESERVED_IPS, &reservation(name, "<Label>for the shop</Label>", "West US"));
    harness.settle();
    created
}

fn holder(deployment: &str) -> String {
    root(
        "ReservedIPAssociation",
        &format!("<ServiceName>contoso</ServiceName><DeploymentName>{deployment}</DeploymentName>"),
    )
}

fn associate(harness: &mut Harness, name: &str, deployment: &str) -> TestResponse {
    harness.post(&format!("{RESERVED_IPS}/{name}/operations/associate"), &holder(deployment))
}

fn disassociate(harness: &mut Harness, name: &str, deployment: &str) -> TestResponse {
    harness.post(&format!("{RESERVED_IPS}/{name}/operations/disassociate"), &holder(deployment))
}

/// The configuration with this list of reserved addresses.
fn with_list(list: &str) -> String {
    let network = format!(
        "<NetworkConfiguration><AddressAssignments>{list}</AddressAssignments></NetworkConfiguration>"
    );
    cscfg(WEB).replace("</ServiceConfiguration>", &format!("{network}</ServiceConfiguration>"))
}

#[test]
fn reserves_lists_and_releases_address() {
    let mut harness = Harness::new();
    assert_eq!(harness.get(RESERVED_IPS).expect(200).texts("ReservedIP").len(), 0);
    let accepted = harness
        .post(RESERVED_IPS, &reservation("Front", "<Label>for the shop</Label>", "West US"))
        .expect(202);
    assert_eq!(accepted.body(), "");
    let creating = harness.get(FRONT).expect(200);
    assert_eq!(creating.text("State"), "Creating");
    assert!(!creating.has_element("Address"));
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");

    let read = harness.get(FRONT).expect(200);
    let id = read.text("Id");
    assert_eq!(id.len(), 36);
    let element = format!(
        "<Name>Front</Name><Address>203.0.113.1</Address><Id>{id}</Id><Label>for the shop</Label>\
         <State>Created</State><Location>West US</Location>"
    );
    assert!(read.body().ends_with(&format!(">{element}</ReservedIP>")), "{}", read.body());
    create(&mut harness, "back").expect(202);
    let list = harness.get(RESERVED_IPS).expect(200);
    assert_eq!(list.texts("Name"), ["back", "Front"]);
    assert!(list.body().ends_with(&format!("<ReservedIP>{element}</ReservedIP></ReservedIPs>")));

    let deleted = harness.delete(FRONT).expect(202);
    assert_eq!(harness.get(FRONT).text("State"), "Deleting");
    assert_eq!(harness.delete(FRONT).code(), "409 ConflictError");
    harness.settle();
    assert_eq!(harness.operation(&deleted.id()), "Succeeded 200");
    assert_eq!(harness.get(FRONT).code(), "404 ResourceNotFound");
    assert_eq!(harness.delete(FRONT).code(), "404 ResourceNotFound");
}

#[test]
fn rejects_invalid_reservations() {
    let mut harness = Harness::with_deployment(WEB);
    create(&mut harness, "front").expect(202);
    let of = |service: &str, deployment: &str| format!("{service}{deployment}");
    let service = "<ServiceName>contoso</ServiceName>";
    let deployment = "<DeploymentName>first</DeploymentName>";
    for (body, code) in [
        (reservation("FRONT", "", "West US"), "409 ConflictError"),
        (reservation("", "", "West US"), "400 BadRequest"),
        (reservation("a/b", "", "West US"), "400 BadRequest"),
        (reservation("new", "", ""), "400 BadRequest"),
        (
            reservation("new", &format!("<Label>{}</Label>", "x".repeat(101)), "West US"),
            "400 BadRequest",
        ),
        (reservation("new", &of(service, ""), "West US"), "400 BadRequest"),
        (reservation("new", &of("", deployment), "West US"), "400 BadRequest"),
        (reservation("new", &of(service, deployment), "North Europe"), "400 BadRequest"),
        (
            reservation("new", &of(service, "<DeploymentName>second</DeploymentName>"), "West US"),
            "404 ResourceNotFound",
        ),
        (
            reservation("new", &of("<ServiceName>fabrikam</ServiceName>", deployment), "West US"),
            "404 ResourceNotFound",
        ),
        (root("ReservedIP", "<Name>new</Name>"), "400 InvalidXmlRequest"),
        (root("ReservedIP", "<Location>West US</Location>"), "400 InvalidXmlRequest"),
        (root("ReservedIPs", ""), "400 InvalidXmlRequest"),
    ] {
        assert_eq!(harness.post(RESERVED_IPS, &body).code(), code, "{body}");
    }
    let vip = reservation("new", &of(service, deployment), "West US")
        .replace("</Location>", "</Location><VirtualIPName>other</VirtualIPName>");
    assert_eq!(harness.post(RESERVED_IPS, &vip).code(), "400 BadRequest");
    harness.post(RESERVED_IPS, &vip.replace("other", "contosoContractContract")).expect(202);
}

#[test]
fn associating_updates_deployment_and_configuration() {
    let mut harness = Harness::with_deployment(WEB);
    create(&mut harness, "front").expect(202);
    let own = harness.get(BY_NAME).text("Address");
    let reserved = harness.get(FRONT).text("Address");
    assert_ne!(own, reserved);

    let accepted = associate(&mut harness, "FRONT", "first").expect(202);
    assert_eq!(harness.summary(), "Running locked [ReadyRole]");
    assert!(!harness.get(FRONT).has_element("InUse"));
    assert_eq!(harness.delete(FRONT).code(), "409 ConflictError");
    harness.advance(10);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");

    let in_use = harness.get(FRONT).expect(200);
    assert!(in_use.body().ends_with(
        "<State>Created</State><InUse>true</InUse><ServiceName>contoso</ServiceName>\
         <DeploymentName>first</DeploymentName><Location>West US</Location>\
         <VirtualIPName>contosoContractContract</VirtualIPName></ReservedIP>"
    ));
    let deployment = harness.get(BY_NAME);
    assert_eq!(decode_base64(&deployment.text("Configuration")), with_list(RESERVED_IP_LIST));
    let vip = format!(
        "<VirtualIPs><VirtualIP><Address>{reserved}</Address><IsDnsProgrammed>true</IsDnsProgrammed>\
         <Name>contosoContractContract</Name><IsReserved>true</IsReserved>\
         <ReservedIPName>front</ReservedIPName></VirtualIP></VirtualIPs>\
         <ReservedIPName>front</ReservedIPName><InternalDnsSuffix>"
    );
    assert!(deployment.body().contains(&vip), "{}", deployment.body());
    harness.version = "2014-04-01";
    let old = harness.get(BY_NAME);
    assert!(!old.has_element("ReservedIPName") && !old.has_element("IsReserved"));
    harness.version = "2015-04-01";

    assert_eq!(harness.delete(FRONT).code(), "409 ConflictError");
    assert_eq!(associate(&mut harness, "front", "first").code(), "409 ConflictError");
    let accepted = disassociate(&mut harness, "front", "first").expect(202);
    harness.settle();
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
    let deployment = harness.get(BY_NAME);
    assert_ne!(deployment.text("Address"), reserved);
    assert!(!deployment.has_element("ReservedIPName") && !deployment.has_element("IsReserved"));
    assert_eq!(decode_base64(&deployment.text("Configuration")), cscfg(WEB));
    harness.delete(FRONT).expect(202);
}

#[test]
fn rejects_invalid_associations() {
    let mut harness = Harness::with_deployment(WEB).with_staging("https://contoso.example.net/p");
    create(&mut harness, "front").expect(202);
    create(&mut harness, "back").expect(202);
    harness.post(RESERVED_IPS, &reservation("far", "", "North Europe")).expect(202);
    harness.settle();
    assert_eq!(associate(&mut harness, "none", "first").code(), "404 ResourceNotFound");
    assert_eq!(associate(&mut harness, "front", "third").code(), "404 ResourceNotFound");
    assert_eq!(associate(&mut harness, "far", "first").code(), "400 BadRequest");
    assert_eq!(disassociate(&mut harness, "front", "first").code(), "400 BadRequest");
    assert_eq!(
        harness
            .post(&format!("{FRONT}/operations/associate"), &root("ReservedIPAssociation", ""))
            .code(),
        "400 InvalidXmlRequest"
    );
    harness.set_status("Running").expect(202);
    let delayed = associate(&mut harness, "front", "first");
    assert!(delayed.message().contains("exclusive access"), "{}", delayed.message());
    harness.settle();

    associate(&mut harness, "front", "first").expect(202);
    assert_eq!(associate(&mut harness, "front", "second").code(), "409 ConflictError");
    harness.settle();
    assert_eq!(associate(&mut harness, "front", "second").code(), "409 ConflictError");
    assert_eq!(associate(&mut harness, "back", "first").code(), "409 ConflictError");
    assert_eq!(disassociate(&mut harness, "back", "first").code(), "400 BadRequest");
    assert_eq!(disassociate(&mut harness, "front", "second").code(), "400 BadRequest");

    harness.version = "2014-10-01";
    assert_eq!(
        associate(&mut harness, "back", "second").code(),
        "400 MissingOrIncorrectVersionHeader"
    );
    harness.version = "2014-04-01";
    assert_eq!(harness.get(RESERVED_IPS).code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn reserves_address_of_deployment() {
    let mut harness = Harness::with_deployment(WEB);
    let own = harness.get(BY_NAME).text("Address");
    let of = "<ServiceName>contoso</ServiceName><DeploymentName>first</DeploymentName>";
    let accepted = harness.post(RESERVED_IPS, &reservation("front", of, "west us")).expect(202);
    assert_eq!(harness.get(FRONT).text("State"), "Creating");
    assert_eq!(harness.summary(), "Running locked [ReadyRole]");
    harness.settle();
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
    let reserved = harness.get(FRONT);
    assert_eq!(
        [reserved.text("Address"), reserved.text("InUse")],
        [own.clone(), "true".to_owned()]
    );
    assert_eq!(harness.get(BY_NAME).text("Address"), own);

    // It outlives the deployment.
    harness.delete(BY_SLOT).expect(202);
    harness.settle();
    let reserved = harness.get(FRONT);
    assert_eq!(reserved.text("Address"), own);
    assert!(!reserved.has_element("InUse") && !reserved.has_element("DeploymentName"));
    harness.post(BY_SLOT, &create_deployment("next", "one", WEB, true)).expect(202);
    harness.settle();
    assert_ne!(harness.get(BY_SLOT).text("Address"), own);
}

#[test]
fn deployment_uses_address_of_its_configuration() {
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let body = create_deployment("first", "one", WEB, true).replace(
        &base64(&cscfg(WEB)),
        &base64(&with_list(&RESERVED_IP_LIST.replace("front", "Front"))),
    );
    let refused = harness.post(BY_SLOT, &body);
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().contains("'Front'"), "{}", refused.message());
    create(&mut harness, "front").expect(202);
    harness.post(BY_SLOT, &body).expect(202);
    assert_eq!(harness.post(STAGING, &body.replace("first", "second")).code(), "409 ConflictError");
    harness.settle();
    assert_eq!(harness.get(BY_SLOT).text("Address"), harness.get(FRONT).text("Address"));
    assert_eq!(harness.get(FRONT).text("DeploymentName"), "first");

    harness.post(RESERVED_IPS, &reservation("far", "", "North Europe")).expect(202);
    harness.settle();
    let far = create_deployment("second", "one", WEB, true).replace(
        &base64(&cscfg(WEB)),
        &base64(&with_list(&RESERVED_IP_LIST.replace("front", "far"))),
    );
    assert_eq!(harness.post(STAGING, &far).code(), "400 BadRequest");
}

#[test]
fn updates_keep_address_and_swaps_keep_it_in_slot() {
    let mut harness = Harness::with_deployment(WEB).with_staging("https://contoso.example.net/p");
    create(&mut harness, "front").expect(202);
    associate(&mut harness, "front", "first").expect(202);
    harness.settle();
    let reserved = harness.get(FRONT).text("Address");

    // A configuration without the list gets it; one with another is refused.
    harness.upgrade("Auto", "two", WEB).expect(202);
    harness.settle();
    assert_eq!(
        decode_base64(&harness.get(BY_NAME).text("Configuration")),
        with_list(RESERVED_IP_LIST)
    );
    let other = crate::harness::change("Auto", WEB).replace(
        &base64(&cscfg(WEB)),
        &base64(&with_list(&RESERVED_IP_LIST.replace("front", "back"))),
    );
    assert_eq!(harness.post(&format!("{BY_NAME}/?comp=config"), &other).code(), "400 BadRequest");
    let same = other.replace(
        &base64(&with_list(&RESERVED_IP_LIST.replace("front", "back"))),
        &base64(&with_list(RESERVED_IP_LIST)),
    );
    harness.post(&format!("{BY_NAME}/?comp=config"), &same).expect(202);
    harness.settle();

    harness.post(SERVICE, &swap("<Production>first</Production>", "second")).expect(202);
    harness.settle();
    assert_eq!(harness.get(FRONT).text("DeploymentName"), "second");
    let production = harness.get(BY_SLOT);
    assert_eq!(
        [production.text("Address"), production.text("ReservedIPName")],
        [reserved, "front".to_owned()]
    );
    assert_eq!(decode_base64(&production.text("Configuration")), with_list(RESERVED_IP_LIST));
    let staging = harness.get(STAGING);
    assert!(!staging.has_element("ReservedIPName"));
    assert_eq!(decode_base64(&staging.text("Configuration")), cscfg(WEB));
}

#[test]
fn rollback_keeps_address_associated_during_update() {
    let mut harness = Harness::with_deployment(WEB);
    create(&mut harness, "front").expect(202);
    harness.upgrade("Manual", "two", WEB).expect(202);
    harness.settle();
    associate(&mut harness, "front", "first").expect(202);
    harness.settle();
    harness.roll_back("Auto").expect(202);
    harness.settle();
    assert_eq!(
        decode_base64(&harness.get(BY_NAME).text("Configuration")),
        with_list(RESERVED_IP_LIST)
    );
}

#[test]
fn reservation_can_wait_for_polls() {
    let mut harness = Harness::with(|settings| settings.timing.operation = Delay::Polls(2));
    let states = |harness: &mut Harness| {
        let states: Vec<_> = (0..2).map(|_| harness.get(FRONT)).collect();
        states.iter().map(|reply| reply.text("State") + &reply.text("Code")).collect::<Vec<_>>()
    };
    harness.post(RESERVED_IPS, &reservation("front", "", "West US")).expect(202);
    assert_eq!(states(&mut harness), ["Creating", "Created"]);
    harness.delete(FRONT).expect(202);
    assert_eq!(states(&mut harness), ["Deleting", "ResourceNotFound"]);
}
