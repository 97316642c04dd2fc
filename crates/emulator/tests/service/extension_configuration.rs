//! Which extensions apply to a deployment's roles, from request to instance.

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, Reply, change, create_deployment, create_service, upgrade,
};
use crate::extensions::{add, extension};

const EXTENSIONS: &str = "/services/hostedservices/contoso/extensions";
const ROLES: &[(&str, u32)] = &[("Web", 1), ("Batch", 1)];
const CONFIG: &str = "/services/hostedservices/contoso/deployments/first?comp=config";

/// A request about a deployment, with an extension configuration.
fn with(request: &str, inner: &str) -> String {
    let end = request.rfind("</").unwrap();
    let (body, end) = request.split_at(end);
    format!("{body}<ExtensionConfiguration>{inner}</ExtensionConfiguration>{end}")
}

fn refer(id: &str, state: &str) -> String {
    let state = if state.is_empty() { String::new() } else { format!("<State>{state}</State>") };
    format!("<Extension><Id>{id}</Id>{state}</Extension>")
}

fn all(extensions: &str) -> String {
    format!("<AllRoles>{extensions}</AllRoles><NamedRoles/>")
}

fn named(role: &str, extensions: &str) -> String {
    format!(
        "<NamedRoles><Role><RoleName>{role}</RoleName><Extensions>{extensions}</Extensions></Role></NamedRoles>"
    )
}

/// The element as it is told, without the namespaces; empty when it is not.
fn told(reply: &Reply) -> String {
    let body = reply.body();
    let inner = body.split_once("<ExtensionConfiguration>").map_or("", |(_, rest)| rest);
    inner.split_once("</ExtensionConfiguration>").map_or("", |(inner, _)| inner).to_owned()
}

/// What each instance says of its extensions: `Web: RDP 1.2 Ready`.
fn states(bench: &mut Bench) -> Vec<String> {
    let reply = bench.get(BY_NAME).expect(200);
    let document = roxmltree::Document::parse(reply.body()).unwrap();
    let instances = document.descendants().filter(|it| it.tag_name().name() == "RoleInstance");
    let mut states = Vec::new();
    for instance in instances {
        let texts = |name: &str| -> Vec<String> {
            let nodes = instance.descendants().filter(|it| it.tag_name().name() == name);
            nodes.map(|it| it.text().unwrap_or_default().to_owned()).collect()
        };
        let role = &texts("RoleName")[0];
        let handlers = texts("HandlerName").into_iter().zip(texts("Version")).zip(texts("Status"));
        for ((handler, version), status) in handlers {
            let kind = handler.strip_prefix("Microsoft.Windows.Azure.Extensions.").unwrap();
            states.push(format!("{role}: {kind} {version} {status}"));
        }
    }
    states
}

/// With the extensions `logon` (RDP 1.0) and `logs` (the newest Diagnostics), and no deployment.
fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    add(&mut bench, &extension("RDP", "logon", "<Version>1.0</Version>"));
    add(&mut bench, &extension("Diagnostics", "logs", ""));
    bench
}

/// With a running deployment besides.
fn running(inner: &str) -> Bench {
    let mut bench = bench();
    let create = create_deployment("first", "one", ROLES, true);
    bench.post(BY_SLOT, &with(&create, inner)).expect(202);
    bench.settle();
    bench
}

#[test]
fn a_configuration_is_told_as_recorded() {
    let mut bench = running(&all(&refer("LOGON", "")));
    assert_eq!(
        told(&bench.get(BY_NAME)),
        "<AllRoles><Extension><Id>logon</Id><State i:nil=\"true\"/></Extension></AllRoles>\
         <NamedRoles/>"
    );
    let enabled = with(&change("Auto", ROLES), &all(&refer("logon", "Enable")));
    bench.post(CONFIG, &enabled).expect(202);
    bench.settle();
    assert!(told(&bench.get(BY_NAME)).contains("<State>enable</State>"));

    let by_name = named("Batch", &(refer("logs", "disable") + &refer("logon", "ENABLE")));
    bench.post(CONFIG, &with(&change("Auto", ROLES), &by_name)).expect(202);
    bench.settle();
    assert_eq!(
        told(&bench.get(BY_NAME)),
        "<NamedRoles><Role><RoleName>Batch</RoleName><Extensions>\
         <Extension><Id>logs</Id><State>disable</State></Extension>\
         <Extension><Id>logon</Id><State>enable</State></Extension>\
         </Extensions></Role></NamedRoles>"
    );
    assert_eq!(states(&mut bench), ["Batch: Diagnostics 1.1 NotReady", "Batch: RDP 1.0 Ready"]);
}

#[test]
fn it_is_a_full_statement_and_keeps_when_it_is_absent() {
    let mut bench = running(&all(&refer("logon", "")));
    let before = told(&bench.get(BY_NAME));
    for request in [
        change("Auto", ROLES),
        change("Auto", ROLES).replace(
            "</Change",
            "<ExtensionConfiguration i:nil=\"true\" \
             xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"/></Change",
        ),
    ] {
        bench.post(CONFIG, &request).expect(202);
        bench.settle();
        assert_eq!(told(&bench.get(BY_NAME)), before);
    }
    bench.upgrade("Auto", "two", ROLES).expect(202);
    bench.settle();
    assert_eq!(told(&bench.get(BY_NAME)), before);

    bench.post(CONFIG, &with(&change("Auto", ROLES), &all(&refer("logs", "")))).expect(202);
    bench.settle();
    assert_eq!(states(&mut bench), ["Web: Diagnostics 1.1 Ready", "Batch: Diagnostics 1.1 Ready"]);
    bench.post(CONFIG, &with(&change("Auto", ROLES), "<AllRoles/><NamedRoles/>")).expect(202);
    bench.settle();
    let reply = bench.get(BY_NAME);
    assert!(!reply.has("ExtensionConfiguration") && !reply.has("ResourceExtensionStatusList"));
}

#[test]
fn an_uninstallation_is_told_role_by_role() {
    let both = refer("logon", "") + &refer("logs", "");
    let mut bench = running(&all(&both));
    let uninstall = all(&(refer("logon", "Uninstall") + &refer("logs", "")));
    let upgrade = upgrade("Auto", "two", ROLES);
    bench.post(&format!("{BY_NAME}?comp=upgrade"), &with(&upgrade, &uninstall)).expect(202);
    bench.settle();
    let gone =
        "<Extensions><Extension><Id>logon</Id><State>Uninstall</State></Extension></Extensions>";
    assert_eq!(
        told(&bench.get(BY_NAME)),
        format!(
            "<AllRoles><Extension><Id>logs</Id><State i:nil=\"true\"/></Extension></AllRoles>\
             <NamedRoles><Role><RoleName>Web</RoleName>{gone}</Role>\
             <Role><RoleName>Batch</RoleName>{gone}</Role></NamedRoles>"
        )
    );
    assert_eq!(states(&mut bench), ["Web: Diagnostics 1.1 Ready", "Batch: Diagnostics 1.1 Ready"]);
    assert_eq!(bench.delete(&format!("{EXTENSIONS}/logon")).code(), "409 ConflictError");
}

#[test]
fn what_is_said_of_a_role_by_name_takes_precedence() {
    let configuration = format!(
        "<AllRoles>{}</AllRoles>{}",
        refer("logon", ""),
        named("Web", &refer("logon", "Disable"))
    );
    let mut bench = running(&configuration);
    assert_eq!(states(&mut bench), ["Web: RDP 1.0 NotReady", "Batch: RDP 1.0 Ready"]);
}

#[test]
fn a_rollback_brings_it_back() {
    let roles = &[("Web", 2)];
    let mut bench = bench();
    let create = create_deployment("first", "one", roles, true);
    bench.post(BY_SLOT, &with(&create, &all(&refer("logon", "")))).expect(202);
    bench.settle();
    let change = with(&change("Manual", roles), &all(&refer("logs", "")));
    bench.post(CONFIG, &change).expect(202);
    bench.settle();
    bench.walk(0).expect(202);
    bench.settle();
    assert!(told(&bench.get(BY_NAME)).contains("<Id>logs</Id>"));
    assert_eq!(states(&mut bench), ["Web: Diagnostics 1.1 Ready", "Web: RDP 1.0 Ready"]);

    bench.roll_back("Auto").expect(202);
    bench.settle();
    assert!(told(&bench.get(BY_NAME)).contains("<Id>logon</Id>"));
    assert_eq!(states(&mut bench), ["Web: RDP 1.0 Ready", "Web: RDP 1.0 Ready"]);
}

#[test]
fn instances_report_while_they_run() {
    let mut bench = bench();
    bench.stick("Batch_IN_0");
    let create = create_deployment("first", "one", ROLES, true);
    bench.post(BY_SLOT, &with(&create, &all(&refer("logon", "")))).expect(202);
    let both = |web: &str, batch: &str| {
        [format!("Web: RDP 1.0 {web}"), format!("Batch: RDP 1.0 {batch}")].to_vec()
    };
    bench.pass(5);
    assert_eq!(states(&mut bench), [""; 0], "nobody has begun");
    assert!(bench.get(BY_NAME).has("ResourceExtensionStatusList"));
    bench.pass(5);
    assert_eq!(states(&mut bench), both("Installing", "Installing"));
    bench.settle();
    assert_eq!(states(&mut bench), both("Ready", "NotReady"));
    bench.delete(BY_NAME).expect(202);
    assert_eq!(states(&mut bench), [""; 0], "the machines go");
}

#[test]
fn what_does_not_exist_is_refused() {
    let mut bench = running(&all(&refer("logon", "")));
    for (inner, code, reason) in [
        (all(&refer("unknown", "")), "400 BadRequest", "extension with id unknown"),
        (
            named("Unknown", &refer("logon", "")),
            "404 ResourceNotFound",
            "The role name Unknown in the extension configuration is invalid.",
        ),
        (
            named("web", &refer("logon", "")),
            "404 ResourceNotFound",
            "The role name web in the extension configuration is invalid.",
        ),
        (all(&refer("logon", "Sleep")), "400 InvalidXmlRequest", "State"),
        (all("<Extension/>"), "400 InvalidXmlRequest", "Id"),
        (
            named("Web", "").replace("<RoleName>Web</RoleName>", ""),
            "400 InvalidXmlRequest",
            "RoleName",
        ),
        (all(&refer("logon", "").repeat(2)), "400 BadRequest", "given twice"),
        (
            named("Web", &(refer("logon", "") + &refer("LOGON", "Disable"))),
            "400 BadRequest",
            "given twice",
        ),
    ] {
        let upgrade = with(&upgrade("Auto", "two", ROLES), &inner);
        for (path, request) in [
            (CONFIG.to_owned(), with(&change("Auto", ROLES), &inner)),
            (format!("{BY_NAME}?comp=upgrade"), upgrade),
            (
                BY_SLOT.replace("production", "staging"),
                with(&create_deployment("second", "two", ROLES, true), &inner),
            ),
        ] {
            let reply = bench.post(&path, &request);
            assert_eq!(reply.code(), code, "{reason}");
            assert!(reply.message().contains(reason), "{}", reply.message());
        }
    }
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
}

#[test]
fn a_role_that_goes_takes_its_part_along() {
    let mut bench = running(&named("Batch", &refer("logon", "")));
    bench.upgrade("Auto", "two", &[("Web", 1)]).expect(202);
    bench.settle();
    assert!(!bench.get(BY_NAME).has("ExtensionConfiguration"));
    bench.delete(&format!("{EXTENSIONS}/logon")).expect(202);
}

#[test]
fn an_upgrade_of_one_role_leaves_the_others_their_extensions() {
    let mut bench = running(&all(&refer("logon", "")));
    let upgrade = with(&upgrade("Auto", "two", ROLES), &all(&refer("logs", "")))
        .replace("<Force>", "<RoleToUpgrade>Web</RoleToUpgrade><Force>");
    bench.post(&format!("{BY_NAME}?comp=upgrade"), &upgrade).expect(202);
    bench.settle();
    assert_eq!(states(&mut bench), ["Web: Diagnostics 1.1 Ready", "Batch: RDP 1.0 Ready"]);
    assert_eq!(bench.delete(&format!("{EXTENSIONS}/logon")).code(), "409 ConflictError");
}

#[test]
fn what_a_deployment_refers_to_stays() {
    let mut bench = running("");
    let is_free =
        |bench: &mut Bench| bench.delete(&format!("{EXTENSIONS}/LOGON")).0.status() == 202;
    bench.post(CONFIG, &with(&change("Manual", ROLES), &all(&refer("logon", "")))).expect(202);
    assert!(!is_free(&mut bench), "it is about to apply");
    bench.settle();
    assert!(!is_free(&mut bench), "it applies");
    bench.post(CONFIG, &with(&change("Auto", ROLES), &all(&refer("logs", "")))).expect(202);
    bench.settle();
    assert!(is_free(&mut bench), "nothing leads back to it any more");
}

#[test]
fn younger_elements_are_neither_told_nor_taken() {
    let mut bench = running(&all(&refer("logon", "Disable")));
    for (version, configuration, state, list) in [
        ("2012-12-01", false, false, false),
        ("2013-03-01", true, false, false),
        ("2014-04-01", true, false, true),
        ("2014-06-01", true, true, true),
    ] {
        bench.version = version;
        let reply = bench.get(BY_NAME);
        assert_eq!(reply.has("ExtensionConfiguration"), configuration, "{version}");
        assert_eq!(reply.has("State"), state, "{version}");
        assert_eq!(reply.has("ResourceExtensionStatusList"), list, "{version}");
    }
    bench.version = "2012-12-01";
    bench.post(CONFIG, &with(&change("Auto", ROLES), "")).expect(202);
    bench.settle();
    bench.version = "2014-04-01";
    bench.post(CONFIG, &with(&change("Auto", ROLES), &all(&refer("logs", "Disable")))).expect(202);
    bench.settle();
    bench.version = "2015-04-01";
    let told = told(&bench.get(BY_NAME));
    assert!(told.contains("<Id>logs</Id><State i:nil=\"true\"/>"), "{told}");
}
