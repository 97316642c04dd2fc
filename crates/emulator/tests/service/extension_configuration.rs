//! Which extensions apply to a deployment's roles, from request to instance.

use crate::extensions::{add, extension};
use crate::harness::{
    BY_NAME, BY_SLOT, Harness, TestResponse, change, create_deployment, create_service, upgrade,
};

const EXTENSIONS: &str = "/services/hostedservices/contoso/extensions";
const ROLES: &[(&str, u32)] = &[("Web", 1), ("Batch", 1)];
const CONFIG: &str = "/services/hostedservices/contoso/deployments/first?comp=config";

/// A request about a deployment, with an extension configuration.
fn with_extensions(request: &str, inner: &str) -> String {
    let end = request.rfind("</").unwrap();
    let (body, end) = request.split_at(end);
    format!("{body}<ExtensionConfiguration>{inner}</ExtensionConfiguration>{end}")
}

fn extension_ref(id: &str, state: &str) -> String {
    let state = if state.is_empty() { String::new() } else { format!("<State>{state}</State>") };
    format!("<Extension><Id>{id}</Id>{state}</Extension>")
}

fn all_roles(extensions: &str) -> String {
    format!("<AllRoles>{extensions}</AllRoles><NamedRoles/>")
}

fn named_role(role: &str, extensions: &str) -> String {
    format!(
        "<NamedRoles><Role><RoleName>{role}</RoleName><Extensions>{extensions}</Extensions></Role></NamedRoles>"
    )
}

/// The element as it is told, without the namespaces; empty when it is not.
fn extension_configuration(reply: &TestResponse) -> String {
    let body = reply.body();
    let inner = body.split_once("<ExtensionConfiguration>").map_or("", |(_, rest)| rest);
    inner.split_once("</ExtensionConfiguration>").map_or("", |(inner, _)| inner).to_owned()
}

/// What each instance says of its extensions: `Web: RDP 1.2 Ready`.
fn extension_states(harness: &mut Harness) -> Vec<String> {
    let reply = harness.get(BY_NAME).expect(200);
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
fn new_harness() -> Harness {
    let mut harness = Harness::new();
    harness.post("/services/hostedservices", &create_service("contoso")).expect(201);
    add(&mut harness, &extension("RDP", "logon", "<Version>1.0</Version>"));
    add(&mut harness, &extension("Diagnostics", "logs", ""));
    harness
}

/// With a running deployment besides.
fn running(inner: &str) -> Harness {
    let mut harness = new_harness();
    let create = create_deployment("first", "one", ROLES, true);
    harness.post(BY_SLOT, &with_extensions(&create, inner)).expect(202);
    harness.settle();
    harness
}

#[test]
fn configuration_matches_recording() {
    let mut harness = running(&all_roles(&extension_ref("LOGON", "")));
    assert_eq!(
        extension_configuration(&harness.get(BY_NAME)),
        "<AllRoles><Extension><Id>logon</Id><State i:nil=\"true\"/></Extension></AllRoles>\
         <NamedRoles/>"
    );
    let enabled =
        with_extensions(&change("Auto", ROLES), &all_roles(&extension_ref("logon", "Enable")));
    harness.post(CONFIG, &enabled).expect(202);
    harness.settle();
    assert!(extension_configuration(&harness.get(BY_NAME)).contains("<State>enable</State>"));

    let by_name = named_role(
        "Batch",
        &(extension_ref("logs", "disable") + &extension_ref("logon", "ENABLE")),
    );
    harness.post(CONFIG, &with_extensions(&change("Auto", ROLES), &by_name)).expect(202);
    harness.settle();
    assert_eq!(
        extension_configuration(&harness.get(BY_NAME)),
        "<NamedRoles><Role><RoleName>Batch</RoleName><Extensions>\
         <Extension><Id>logs</Id><State>disable</State></Extension>\
         <Extension><Id>logon</Id><State>enable</State></Extension>\
         </Extensions></Role></NamedRoles>"
    );
    assert_eq!(
        extension_states(&mut harness),
        ["Batch: Diagnostics 1.1 NotReady", "Batch: RDP 1.0 Ready"]
    );
}

#[test]
fn configuration_is_replaced_or_kept_when_absent() {
    let mut harness = running(&all_roles(&extension_ref("logon", "")));
    let before = extension_configuration(&harness.get(BY_NAME));
    for request in [
        change("Auto", ROLES),
        change("Auto", ROLES).replace(
            "</Change",
            "<ExtensionConfiguration i:nil=\"true\" \
             xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"/></Change",
        ),
    ] {
        harness.post(CONFIG, &request).expect(202);
        harness.settle();
        assert_eq!(extension_configuration(&harness.get(BY_NAME)), before);
    }
    harness.upgrade("Auto", "two", ROLES).expect(202);
    harness.settle();
    assert_eq!(extension_configuration(&harness.get(BY_NAME)), before);

    harness
        .post(
            CONFIG,
            &with_extensions(&change("Auto", ROLES), &all_roles(&extension_ref("logs", ""))),
        )
        .expect(202);
    harness.settle();
    assert_eq!(
        extension_states(&mut harness),
        ["Web: Diagnostics 1.1 Ready", "Batch: Diagnostics 1.1 Ready"]
    );
    harness
        .post(CONFIG, &with_extensions(&change("Auto", ROLES), "<AllRoles/><NamedRoles/>"))
        .expect(202);
    harness.settle();
    let reply = harness.get(BY_NAME);
    assert!(
        !reply.has_element("ExtensionConfiguration")
            && !reply.has_element("ResourceExtensionStatusList")
    );
}

#[test]
fn uninstall_is_listed_per_role() {
    let both = extension_ref("logon", "") + &extension_ref("logs", "");
    let mut harness = running(&all_roles(&both));
    let uninstall = all_roles(&(extension_ref("logon", "Uninstall") + &extension_ref("logs", "")));
    let upgrade = upgrade("Auto", "two", ROLES);
    harness
        .post(&format!("{BY_NAME}?comp=upgrade"), &with_extensions(&upgrade, &uninstall))
        .expect(202);
    harness.settle();
    let gone =
        "<Extensions><Extension><Id>logon</Id><State>Uninstall</State></Extension></Extensions>";
    assert_eq!(
        extension_configuration(&harness.get(BY_NAME)),
        format!(
            "<AllRoles><Extension><Id>logs</Id><State i:nil=\"true\"/></Extension></AllRoles>\
             <NamedRoles><Role><RoleName>Web</RoleName>{gone}</Role>\
             <Role><RoleName>Batch</RoleName>{gone}</Role></NamedRoles>"
        )
    );
    assert_eq!(
        extension_states(&mut harness),
        ["Web: Diagnostics 1.1 Ready", "Batch: Diagnostics 1.1 Ready"]
    );
    assert_eq!(harness.delete(&format!("{EXTENSIONS}/logon")).code(), "409 ConflictError");
}

#[test]
fn named_role_takes_precedence() {
    let configuration = format!(
        "<AllRoles>{}</AllRoles>{}",
        extension_ref("logon", ""),
        named_role("Web", &extension_ref("logon", "Disable"))
    );
    let mut harness = running(&configuration);
    assert_eq!(extension_states(&mut harness), ["Web: RDP 1.0 NotReady", "Batch: RDP 1.0 Ready"]);
}

#[test]
fn rollback_restores_configuration() {
    let roles = &[("Web", 2)];
    let mut harness = new_harness();
    let create = create_deployment("first", "one", roles, true);
    harness
        .post(BY_SLOT, &with_extensions(&create, &all_roles(&extension_ref("logon", ""))))
        .expect(202);
    harness.settle();
    let change = with_extensions(&change("Manual", roles), &all_roles(&extension_ref("logs", "")));
    harness.post(CONFIG, &change).expect(202);
    harness.settle();
    harness.walk(0).expect(202);
    harness.settle();
    assert!(extension_configuration(&harness.get(BY_NAME)).contains("<Id>logs</Id>"));
    assert_eq!(
        extension_states(&mut harness),
        ["Web: Diagnostics 1.1 Ready", "Web: RDP 1.0 Ready"]
    );

    harness.roll_back("Auto").expect(202);
    harness.settle();
    assert!(extension_configuration(&harness.get(BY_NAME)).contains("<Id>logon</Id>"));
    assert_eq!(extension_states(&mut harness), ["Web: RDP 1.0 Ready", "Web: RDP 1.0 Ready"]);
}

#[test]
fn running_instances_report_extension_status() {
    let mut harness = new_harness();
    harness.block_start("Batch_IN_0");
    let create = create_deployment("first", "one", ROLES, true);
    harness
        .post(BY_SLOT, &with_extensions(&create, &all_roles(&extension_ref("logon", ""))))
        .expect(202);
    let both = |web: &str, batch: &str| {
        [format!("Web: RDP 1.0 {web}"), format!("Batch: RDP 1.0 {batch}")].to_vec()
    };
    harness.advance(5);
    assert_eq!(extension_states(&mut harness), [""; 0], "nobody has started");
    assert!(harness.get(BY_NAME).has_element("ResourceExtensionStatusList"));
    harness.advance(5);
    assert_eq!(extension_states(&mut harness), both("Installing", "Installing"));
    harness.settle();
    assert_eq!(extension_states(&mut harness), both("Ready", "NotReady"));
    harness.delete(BY_NAME).expect(202);
    assert_eq!(extension_states(&mut harness), [""; 0], "the machines go");
}

#[test]
fn rejects_unknown_references() {
    let mut harness = running(&all_roles(&extension_ref("logon", "")));
    for (inner, code, reason) in [
        (all_roles(&extension_ref("unknown", "")), "400 BadRequest", "extension with id unknown"),
        (
            named_role("Unknown", &extension_ref("logon", "")),
            "404 ResourceNotFound",
            "The role name Unknown in the extension configuration is invalid.",
        ),
        (
            named_role("web", &extension_ref("logon", "")),
            "404 ResourceNotFound",
            "The role name web in the extension configuration is invalid.",
        ),
        (all_roles(&extension_ref("logon", "Sleep")), "400 InvalidXmlRequest", "State"),
        (all_roles("<Extension/>"), "400 InvalidXmlRequest", "Id"),
        (
            named_role("Web", "").replace("<RoleName>Web</RoleName>", ""),
            "400 InvalidXmlRequest",
            "RoleName",
        ),
        (all_roles(&extension_ref("logon", "").repeat(2)), "400 BadRequest", "given twice"),
        (
            named_role("Web", &(extension_ref("logon", "") + &extension_ref("LOGON", "Disable"))),
            "400 BadRequest",
            "given twice",
        ),
    ] {
        let upgrade = with_extensions(&upgrade("Auto", "two", ROLES), &inner);
        for (path, request) in [
            (CONFIG.to_owned(), with_extensions(&change("Auto", ROLES), &inner)),
            (format!("{BY_NAME}?comp=upgrade"), upgrade),
            (
                BY_SLOT.replace("production", "staging"),
                with_extensions(&create_deployment("second", "two", ROLES, true), &inner),
            ),
        ] {
            let reply = harness.post(&path, &request);
            assert_eq!(reply.code(), code, "{reason}");
            assert!(reply.message().contains(reason), "{}", reply.message());
        }
    }
    assert_eq!(harness.summary(), "Running [ReadyRole ReadyRole]");
}

#[test]
fn removed_role_loses_its_configuration() {
    let mut harness = running(&named_role("Batch", &extension_ref("logon", "")));
    harness.upgrade("Auto", "two", &[("Web", 1)]).expect(202);
    harness.settle();
    assert!(!harness.get(BY_NAME).has_element("ExtensionConfiguration"));
    harness.delete(&format!("{EXTENSIONS}/logon")).expect(202);
}

#[test]
fn single_role_upgrade_keeps_extensions_of_others() {
    let mut harness = running(&all_roles(&extension_ref("logon", "")));
    let upgrade =
        with_extensions(&upgrade("Auto", "two", ROLES), &all_roles(&extension_ref("logs", "")))
            .replace("<Force>", "<RoleToUpgrade>Web</RoleToUpgrade><Force>");
    harness.post(&format!("{BY_NAME}?comp=upgrade"), &upgrade).expect(202);
    harness.settle();
    assert_eq!(
        extension_states(&mut harness),
        ["Web: Diagnostics 1.1 Ready", "Batch: RDP 1.0 Ready"]
    );
    assert_eq!(harness.delete(&format!("{EXTENSIONS}/logon")).code(), "409 ConflictError");
}

#[test]
fn rejects_deletion_of_referenced_extension() {
    let mut harness = running("");
    let is_free =
        |harness: &mut Harness| harness.delete(&format!("{EXTENSIONS}/LOGON")).0.status() == 202;
    harness
        .post(
            CONFIG,
            &with_extensions(&change("Manual", ROLES), &all_roles(&extension_ref("logon", ""))),
        )
        .expect(202);
    assert!(!is_free(&mut harness), "it is about to apply");
    harness.settle();
    assert!(!is_free(&mut harness), "it applies");
    harness
        .post(
            CONFIG,
            &with_extensions(&change("Auto", ROLES), &all_roles(&extension_ref("logs", ""))),
        )
        .expect(202);
    harness.settle();
    assert!(is_free(&mut harness), "nothing leads back to it any more");
}

#[test]
fn ignores_and_omits_newer_elements() {
    let mut harness = running(&all_roles(&extension_ref("logon", "Disable")));
    for (version, configuration, state, list) in [
        ("2012-12-01", false, false, false),
        ("2013-03-01", true, false, false),
        ("2014-04-01", true, false, true),
        ("2014-06-01", true, true, true),
    ] {
        harness.version = version;
        let reply = harness.get(BY_NAME);
        assert_eq!(reply.has_element("ExtensionConfiguration"), configuration, "{version}");
        assert_eq!(reply.has_element("State"), state, "{version}");
        assert_eq!(reply.has_element("ResourceExtensionStatusList"), list, "{version}");
    }
    harness.version = "2012-12-01";
    harness.post(CONFIG, &with_extensions(&change("Auto", ROLES), "")).expect(202);
    harness.settle();
    harness.version = "2014-04-01";
    harness
        .post(
            CONFIG,
            &with_extensions(&change("Auto", ROLES), &all_roles(&extension_ref("logs", "Disable"))),
        )
        .expect(202);
    harness.settle();
    harness.version = "2015-04-01";
    let configuration = extension_configuration(&harness.get(BY_NAME));
    assert!(configuration.contains("<Id>logs</Id><State i:nil=\"true\"/>"), "{configuration}");
}
