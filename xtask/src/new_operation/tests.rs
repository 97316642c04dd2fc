use std::fs;

use super::*;
use crate::workspace::TextFile;

const CATALOGUE: &str = r#"
    [[operation]]
    name = "Delete Role Instances"
    group = "Role instances"
    method = "POST"
    path = ["/services/hostedservices/{service}/deployments/{deployment}/roleinstances/"]
    query = ["comp=delete"]
    since = "2013-08-01"
    accepted = true
    page = "rest-delete-role-instances"

    [[operation]]
    name = "Shift Role Instance"
    group = "Role instances"
    method = "POST"
    path = [
      "/services/hostedservices/{service}/deploymentslots/{slot}/roleinstances/{instance}",
      "/services/hostedservices/{service}/deployments/{deployment}/roleinstances/{instance}",
    ]
    query = ["comp=shift", "reason={text}"]
    optional = ["wait=true"]
    since = "2010-10-28"
    accepted = true
    page = "rest-shift-role-instance"

    [[operation]]
    name = "List Role Instance Shifts"
    group = "Role instances"
    method = "GET"
    path = ["/services/shifts"]
    since = "2018-06-01"
    accepted = false
    evidence = "documented"

    [[operation]]
    name = "Disk.List"
    group = "Disks"
    method = "GET"
    path = ["/services/disks"]
    accepted = false
    evidence = "name and URI only"
"#;

const LISTS: &str = "\
request: Shift Role Instance
ShiftInstance  2010-10-28
  To  text
  Label?  base64  2012-03-01
  ExtendedProperties?
    ExtendedProperty*
      Name  text
  IPs
    IP*  address

response: List Role Instance Shifts
Shifts  2018-06-01
  Shift*
    Name  text
    OSVersion?  text
    Instances?
      Instance*  text
    Times?  2018-06-01
      Begin  date
";

const PRESENT: &str = "impl Operation for DeleteRoleInstances {\n    const METADATA: Metadata = Metadata {\n        \
                       name: \"Delete Role Instances\",\n    };\n}\n";

/// Plans the operation and does something with the plan.
fn with_plan<T>(name: &str, then: impl FnOnce(&OperationPlan) -> T) -> Result<T, String> {
    let file = |path: &str, text: &str| TextFile { path: path.into(), text: text.into() };
    let files = [
        file("crates/protocol/src/role_instance/delete.rs", PRESENT),
        file("docs/elements/role-instances.txt", LISTS),
    ];
    let catalogue = Catalogue::parse(CATALOGUE)?;
    let lists = elements::read(&files)?;
    let plan = OperationPlan::new(name, None, &catalogue, &lists, &operation_file::find(&files))?;
    Ok(then(&plan))
}

fn text(name: &str) -> String {
    with_plan(name, skeleton::text).expect("can be planned")
}

#[track_caller]
fn assert_has(text: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(text.contains(piece), "{text}\n   does not have\n{piece}");
    }
}

#[test]
fn the_file_is_written_where_its_group_is_and_never_twice() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let workspace = Workspace::at(folder.path());
    let write = || with_plan("shift role instance", |plan| plan.write(&workspace));

    assert_eq!(write(), Ok(Ok(())));
    let path = folder.path().join("crates/protocol/src/role_instance/shift.rs");
    assert_eq!(fs::read_to_string(&path).expect("is written"), text("Shift Role Instance"));

    fs::write(&path, "mine").expect("can be changed");
    let error = write().expect("can be planned").expect_err("is there already");
    assert!(error.contains("role_instance/shift.rs is there already"), "{error}");
    assert_eq!(fs::read_to_string(&path).expect("is there"), "mine");
}

#[test]
fn the_address_and_the_body_come_from_the_facts() {
    let text = text("Shift Role Instance");
    assert_has(
        &text,
        &[
            "/// Since 2010-10-28.\n///\n/// Reference page: *Shift Role Instance* (`rest-shift-role-instance`).\n",
            "the query may carry `wait=true`",
            "#[serde(rename = \"ShiftInstance\", rename_all = \"PascalCase\")]\n\
             pub struct ShiftRoleInstance {\n    \
             #[serde(skip)]\n    deployment: DeploymentRef,\n    \
             #[serde(skip)]\n    instance: String,\n    \
             #[serde(skip)]\n    reason: String,\n    \
             to: String,\n    \
             label: Option<Base64Text>,\n    \
             #[serde(skip_serializing_if = \"Vec::is_empty\")]\n    \
             extended_properties: Vec<ExtendedProperty>,\n    \
             #[serde(rename = \"IPs\")]\n    ips: Vec<Ip>,\n}\n",
            "#[serde(rename = \"IP\")]\npub struct Ip(pub String);",
            "impl DeploymentRef {",
            "pub fn shift(&self, instance: impl Into<String>, reason: impl Into<String>, \
             to: impl Into<String>, ips: Vec<Ip>) -> ShiftRoleInstance {",
            "pub fn label(mut self, label: impl Into<Base64Text>) -> Self {\n        \
             self.label = Some(label.into());\n",
            "type Output = Accepted;",
            "route: \"/services/hostedservices/{service}/{deployment}/roleinstances/{instance}?comp=shift\",",
            "min_version: ApiVersion::V2010_10_28,",
            "idempotency: Idempotency::NonIdempotent,",
            "self.deployment.fill(request);",
            "request.segment(\"instance\", \"instance\", &self.instance);",
            "request.query(\"reason\", &self.reason);",
            "if self.label.is_some() {\n            request.requires(ApiVersion::V2012_03_01, \"Label\");",
            "Body::xml(self)",
        ],
    );
}

#[test]
fn goldens_are_laid_out_and_fail() {
    let text = text("Shift Role Instance");
    assert_has(
        &text,
        &[
            "&CloudServiceRef::new(\"contoso\").slot(Slot::Production).shift(",
            "/services/hostedservices/contoso/deployments/release-42/roleinstances/fabrikam?comp=shift&reason=fabrikam\n",
            "             x-ms-version: 2015-04-01\n             content-type: application/xml\n\n             \
             <ShiftInstance xmlns=\\\"http://schemas.microsoft.com/windowsazure\\\">\n",
            &format!("               <To>{FILL_IN}</To>\n"),
            "golden::accepted::<ShiftRoleInstance>();",
        ],
    );
}

#[test]
fn an_response_gets_its_model() {
    let text = text("List Role Instance Shifts");
    assert_has(
        &text,
        &[
            "use serde::{Deserialize, Serialize};\n\nuse crate::{ApiVersion, DateTime, Idempotency, Metadata, Method, Model, Operation};",
            "#[derive(Debug, Clone, PartialEq, Eq, Default)]\npub struct ListRoleInstanceShifts {\n}",
            "pub fn new() -> Self {",
            "type Output = Shifts;",
            "idempotency: Idempotency::Idempotent,",
            "docs_slug: \"list-role-instance-shifts\",",
            "pub struct Shifts(pub Vec<Shift>);",
            "    pub name: String,\n",
            "    #[serde(rename = \"OSVersion\")]\n    pub os_version: Option<String>,\n",
            "    #[serde(default)]\n    pub instances: Vec<Instance>,\n",
            "pub struct Instance(pub String);",
            "    pub begin: Option<DateTime>,\n",
            "impl Model for Shifts {}",
            "x-ms-version: 2018-06-01\"",
            "golden::response::<ListRoleInstanceShifts>(",
        ],
    );
    assert!(!text.contains("fn build") && !text.contains("fn body"), "{text}");
}

#[test]
fn tidy_does_not_let_a_skeleton_pass() {
    let file = TextFile { path: "a.rs".into(), text: text("Shift Role Instance") };
    let findings: Vec<String> =
        crate::tidy::text::check(&[file]).iter().map(ToString::to_string).collect();
    assert!(findings.iter().any(|finding| finding.contains(FILL_IN)), "{findings:?}");
}

#[test]
fn what_is_left_to_do_is_said() {
    let steps = with_plan("Shift Role Instance", |plan| plan.next_steps(false));
    assert_has(
        &steps.expect("can be planned"),
        &[
            "crates/protocol/src/role_instance.rs: `mod shift;` and `pub use self::shift::ShiftRoleInstance;`",
            "crates/protocol/src/operations.rs, in `operations!` by the alphabet: `ShiftRoleInstance,`",
            "crates/protocol/src/lib.rs, among the `pub use` of role_instance: `ShiftRoleInstance`",
        ],
    );
    let steps = with_plan("List Role Instance Shifts", |plan| plan.next_steps(true));
    assert_has(
        &steps.expect("can be planned"),
        &[
            "role_instance.rs (a new file; `pub mod` it in lib.rs): `mod list_shifts;`",
            "the response is Shifts (docs/elements/role-instances.txt:12)",
        ],
    );
}

#[test]
fn what_cannot_be_planned_is_explained() {
    let refused = |name: &str| with_plan(name, |_| ()).expect_err("cannot be planned");
    assert_eq!(
        refused("Shift Instance"),
        "docs/operations.toml has no \"Shift Instance\"; these are like it: Shift Role Instance"
    );
    assert_eq!(
        refused("Undo"),
        "docs/operations.toml has no \"Undo\"; the operations are in docs/src/reference/operations.md"
    );
    assert_eq!(
        refused("Disk.List"),
        "docs/operations.toml does not say since when there is \"Disk.List\"; find that out first"
    );
}

#[test]
fn files_are_named_without_the_words_of_their_folder() {
    for (name, folder, expected) in [
        ("Reboot Role Instance", "role_instance", "reboot"),
        ("List Deployment Events", "deployment", "list_events"),
        ("Delete Cloud Service (comp=media)", "cloud_service", "delete_comp_media"),
        ("Locations", "location", "locations"),
    ] {
        assert_eq!(method_name(name, folder), expected);
    }
}
