//! Reserved IP addresses: made, given to deployments, taken back.

use azure_classic_emulator::Takes;

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, Reply, SERVICE, STAGING, base64, create_deployment, create_service,
    cscfg, root, swap, unbase64,
};

const WEB: &[(&str, u32)] = &[("Web", 1)];
const ALL: &str = "/services/networking/reservedips";
const FRONT: &str = "/services/networking/reservedips/front";
const LIST: &str = r#"<ReservedIPs><ReservedIP name="front" /></ReservedIPs>"#;

fn reservation(name: &str, rest: &str, location: &str) -> String {
    root("ReservedIP", &format!("<Name>{name}</Name>{rest}<Location>{location}</Location>"))
}

fn create(bench: &mut Bench, name: &str) -> Reply {
    let created = bench.post(ALL, &reservation(name, "<Label>for the shop</Label>", "West US"));
    bench.settle();
    created
}

fn holder(deployment: &str) -> String {
    root(
        "ReservedIPAssociation",
        &format!("<ServiceName>contoso</ServiceName><DeploymentName>{deployment}</DeploymentName>"),
    )
}

fn associate(bench: &mut Bench, name: &str, deployment: &str) -> Reply {
    bench.post(&format!("{ALL}/{name}/operations/associate"), &holder(deployment))
}

fn disassociate(bench: &mut Bench, name: &str, deployment: &str) -> Reply {
    bench.post(&format!("{ALL}/{name}/operations/disassociate"), &holder(deployment))
}

/// The configuration with this list of reserved addresses.
fn with_list(list: &str) -> String {
    let network = format!(
        "<NetworkConfiguration><AddressAssignments>{list}</AddressAssignments></NetworkConfiguration>"
    );
    cscfg(WEB).replace("</ServiceConfiguration>", &format!("{network}</ServiceConfiguration>"))
}

#[test]
fn an_address_is_reserved_listed_and_given_back() {
    let mut bench = Bench::new();
    assert_eq!(bench.get(ALL).expect(200).all("ReservedIP").len(), 0);
    let accepted = bench
        .post(ALL, &reservation("Front", "<Label>for the shop</Label>", "West US"))
        .expect(202);
    assert_eq!(accepted.body(), "");
    let creating = bench.get(FRONT).expect(200);
    assert_eq!(creating.text("State"), "Creating");
    assert!(!creating.has("Address"));
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");

    let read = bench.get(FRONT).expect(200);
    let id = read.text("Id");
    assert_eq!(id.len(), 36);
    let element = format!(
        "<Name>Front</Name><Address>203.0.113.1</Address><Id>{id}</Id><Label>for the shop</Label>\
         <State>Created</State><Location>West US</Location>"
    );
    assert!(read.body().ends_with(&format!(">{element}</ReservedIP>")), "{}", read.body());
    create(&mut bench, "back").expect(202);
    let list = bench.get(ALL).expect(200);
    assert_eq!(list.all("Name"), ["back", "Front"]);
    assert!(list.body().ends_with(&format!("<ReservedIP>{element}</ReservedIP></ReservedIPs>")));

    let deleted = bench.delete(FRONT).expect(202);
    assert_eq!(bench.get(FRONT).text("State"), "Deleting");
    assert_eq!(bench.delete(FRONT).code(), "409 ConflictError");
    bench.settle();
    assert_eq!(bench.operation(&deleted.id()), "Succeeded 200");
    assert_eq!(bench.get(FRONT).code(), "404 ResourceNotFound");
    assert_eq!(bench.delete(FRONT).code(), "404 ResourceNotFound");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let mut bench = Bench::running(WEB);
    create(&mut bench, "front").expect(202);
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
        assert_eq!(bench.post(ALL, &body).code(), code, "{body}");
    }
    let vip = reservation("new", &of(service, deployment), "West US")
        .replace("</Location>", "</Location><VirtualIPName>other</VirtualIPName>");
    assert_eq!(bench.post(ALL, &vip).code(), "400 BadRequest");
    bench.post(ALL, &vip.replace("other", "contosoContractContract")).expect(202);
}

#[test]
fn a_deployment_gets_the_address_and_its_configuration_tells() {
    let mut bench = Bench::running(WEB);
    create(&mut bench, "front").expect(202);
    let own = bench.get(BY_NAME).text("Address");
    let reserved = bench.get(FRONT).text("Address");
    assert_ne!(own, reserved);

    let accepted = associate(&mut bench, "FRONT", "first").expect(202);
    assert_eq!(bench.board(), "Running locked [ReadyRole]");
    assert!(!bench.get(FRONT).has("InUse"));
    assert_eq!(bench.delete(FRONT).code(), "409 ConflictError");
    bench.pass(10);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");

    let told = bench.get(FRONT).expect(200);
    assert!(told.body().ends_with(
        "<State>Created</State><InUse>true</InUse><ServiceName>contoso</ServiceName>\
         <DeploymentName>first</DeploymentName><Location>West US</Location>\
         <VirtualIPName>contosoContractContract</VirtualIPName></ReservedIP>"
    ));
    let deployment = bench.get(BY_NAME);
    assert_eq!(unbase64(&deployment.text("Configuration")), with_list(LIST));
    let vip = format!(
        "<VirtualIPs><VirtualIP><Address>{reserved}</Address><IsDnsProgrammed>true</IsDnsProgrammed>\
         <Name>contosoContractContract</Name><IsReserved>true</IsReserved>\
         <ReservedIPName>front</ReservedIPName></VirtualIP></VirtualIPs>\
         <ReservedIPName>front</ReservedIPName><InternalDnsSuffix>"
    );
    assert!(deployment.body().contains(&vip), "{}", deployment.body());
    bench.version = "2014-04-01";
    let old = bench.get(BY_NAME);
    assert!(!old.has("ReservedIPName") && !old.has("IsReserved"));
    bench.version = "2015-04-01";

    assert_eq!(bench.delete(FRONT).code(), "409 ConflictError");
    assert_eq!(associate(&mut bench, "front", "first").code(), "409 ConflictError");
    let accepted = disassociate(&mut bench, "front", "first").expect(202);
    bench.settle();
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
    let deployment = bench.get(BY_NAME);
    assert_ne!(deployment.text("Address"), reserved);
    assert!(!deployment.has("ReservedIPName") && !deployment.has("IsReserved"));
    assert_eq!(unbase64(&deployment.text("Configuration")), cscfg(WEB));
    bench.delete(FRONT).expect(202);
}

#[test]
fn associations_have_conditions() {
    let mut bench = Bench::running(WEB).with_staging("https://contoso.example.net/p");
    create(&mut bench, "front").expect(202);
    create(&mut bench, "back").expect(202);
    bench.post(ALL, &reservation("far", "", "North Europe")).expect(202);
    bench.settle();
    assert_eq!(associate(&mut bench, "none", "first").code(), "404 ResourceNotFound");
    assert_eq!(associate(&mut bench, "front", "third").code(), "404 ResourceNotFound");
    assert_eq!(associate(&mut bench, "far", "first").code(), "400 BadRequest");
    assert_eq!(disassociate(&mut bench, "front", "first").code(), "400 BadRequest");
    assert_eq!(
        bench
            .post(&format!("{FRONT}/operations/associate"), &root("ReservedIPAssociation", ""))
            .code(),
        "400 InvalidXmlRequest"
    );
    bench.set_status("Running").expect(202);
    let held = associate(&mut bench, "front", "first");
    assert!(held.message().contains("exclusive access"), "{}", held.message());
    bench.settle();

    associate(&mut bench, "front", "first").expect(202);
    assert_eq!(associate(&mut bench, "front", "second").code(), "409 ConflictError");
    bench.settle();
    assert_eq!(associate(&mut bench, "front", "second").code(), "409 ConflictError");
    assert_eq!(associate(&mut bench, "back", "first").code(), "409 ConflictError");
    assert_eq!(disassociate(&mut bench, "back", "first").code(), "400 BadRequest");
    assert_eq!(disassociate(&mut bench, "front", "second").code(), "400 BadRequest");

    bench.version = "2014-10-01";
    assert_eq!(
        associate(&mut bench, "back", "second").code(),
        "400 MissingOrIncorrectVersionHeader"
    );
    bench.version = "2014-04-01";
    assert_eq!(bench.get(ALL).code(), "400 MissingOrIncorrectVersionHeader");
}

#[test]
fn the_address_of_a_deployment_can_be_kept() {
    let mut bench = Bench::running(WEB);
    let own = bench.get(BY_NAME).text("Address");
    let of = "<ServiceName>contoso</ServiceName><DeploymentName>first</DeploymentName>";
    let accepted = bench.post(ALL, &reservation("front", of, "west us")).expect(202);
    assert_eq!(bench.get(FRONT).text("State"), "Creating");
    assert_eq!(bench.board(), "Running locked [ReadyRole]");
    bench.settle();
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
    let told = bench.get(FRONT);
    assert_eq!([told.text("Address"), told.text("InUse")], [own.clone(), "true".to_owned()]);
    assert_eq!(bench.get(BY_NAME).text("Address"), own);

    // It outlives the deployment.
    bench.delete(BY_SLOT).expect(202);
    bench.settle();
    let told = bench.get(FRONT);
    assert_eq!(told.text("Address"), own);
    assert!(!told.has("InUse") && !told.has("DeploymentName"));
    bench.post(BY_SLOT, &create_deployment("next", "one", WEB, true)).expect(202);
    bench.settle();
    assert_ne!(bench.get(BY_SLOT).text("Address"), own);
}

#[test]
fn a_deployment_is_made_with_the_address_that_its_configuration_names() {
    let mut bench = Bench::new();
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let body = create_deployment("first", "one", WEB, true)
        .replace(&base64(&cscfg(WEB)), &base64(&with_list(&LIST.replace("front", "Front"))));
    let refused = bench.post(BY_SLOT, &body);
    assert_eq!(refused.code(), "400 BadRequest");
    assert!(refused.message().contains("'Front'"), "{}", refused.message());
    create(&mut bench, "front").expect(202);
    bench.post(BY_SLOT, &body).expect(202);
    assert_eq!(bench.post(STAGING, &body.replace("first", "second")).code(), "409 ConflictError");
    bench.settle();
    assert_eq!(bench.get(BY_SLOT).text("Address"), bench.get(FRONT).text("Address"));
    assert_eq!(bench.get(FRONT).text("DeploymentName"), "first");

    bench.post(ALL, &reservation("far", "", "North Europe")).expect(202);
    bench.settle();
    let far = create_deployment("second", "one", WEB, true)
        .replace(&base64(&cscfg(WEB)), &base64(&with_list(&LIST.replace("front", "far"))));
    assert_eq!(bench.post(STAGING, &far).code(), "400 BadRequest");
}

#[test]
fn updates_keep_the_address_and_swaps_leave_it_in_its_slot() {
    let mut bench = Bench::running(WEB).with_staging("https://contoso.example.net/p");
    create(&mut bench, "front").expect(202);
    associate(&mut bench, "front", "first").expect(202);
    bench.settle();
    let reserved = bench.get(FRONT).text("Address");

    // A configuration without the list gets it; one with another is refused.
    bench.upgrade("Auto", "two", WEB).expect(202);
    bench.settle();
    assert_eq!(unbase64(&bench.get(BY_NAME).text("Configuration")), with_list(LIST));
    let other = crate::bench::change("Auto", WEB)
        .replace(&base64(&cscfg(WEB)), &base64(&with_list(&LIST.replace("front", "back"))));
    assert_eq!(bench.post(&format!("{BY_NAME}/?comp=config"), &other).code(), "400 BadRequest");
    let same = other
        .replace(&base64(&with_list(&LIST.replace("front", "back"))), &base64(&with_list(LIST)));
    bench.post(&format!("{BY_NAME}/?comp=config"), &same).expect(202);
    bench.settle();

    bench.post(SERVICE, &swap("<Production>first</Production>", "second")).expect(202);
    bench.settle();
    assert_eq!(bench.get(FRONT).text("DeploymentName"), "second");
    let production = bench.get(BY_SLOT);
    assert_eq!(
        [production.text("Address"), production.text("ReservedIPName")],
        [reserved, "front".to_owned()]
    );
    assert_eq!(unbase64(&production.text("Configuration")), with_list(LIST));
    let staging = bench.get(STAGING);
    assert!(!staging.has("ReservedIPName"));
    assert_eq!(unbase64(&staging.text("Configuration")), cscfg(WEB));
}

#[test]
fn a_rollback_tells_of_the_address_that_came_meanwhile() {
    let mut bench = Bench::running(WEB);
    create(&mut bench, "front").expect(202);
    bench.upgrade("Manual", "two", WEB).expect(202);
    bench.settle();
    associate(&mut bench, "front", "first").expect(202);
    bench.settle();
    bench.roll_back("Auto").expect(202);
    bench.settle();
    assert_eq!(unbase64(&bench.get(BY_NAME).text("Configuration")), with_list(LIST));
}

#[test]
fn an_address_can_wait_for_questions() {
    let mut bench = Bench::with(|settings| settings.pace.operation = Takes::Polls(2));
    let states = |bench: &mut Bench| {
        let states: Vec<_> = (0..2).map(|_| bench.get(FRONT)).collect();
        states.iter().map(|reply| reply.text("State") + &reply.text("Code")).collect::<Vec<_>>()
    };
    bench.post(ALL, &reservation("front", "", "West US")).expect(202);
    assert_eq!(states(&mut bench), ["Creating", "Created"]);
    bench.delete(FRONT).expect(202);
    assert_eq!(states(&mut bench), ["Deleting", "ResourceNotFound"]);
}
