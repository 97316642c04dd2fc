use super::manifest::{Manifests, Member, identifier};
use crate::Finding;
use crate::rust_text::has_word;
use crate::workspace::TextFile;

/// Versions and dependencies are declared once, in the root, and every declaration is used.
pub(crate) fn check(manifests: &Manifests, files: &[TextFile]) -> Vec<Finding> {
    let mut findings = check_root(manifests);
    for member in &manifests.members {
        let manifest = member.manifest();
        let mut report = |message: String| findings.push(Finding::in_file(&manifest, message));
        if !inherits(&member.package.version) {
            report("the version must be the workspace's: version.workspace = true".to_owned());
        }
        for (name, declaration) in member.all_dependencies() {
            if !inherits(declaration) {
                report(format!(
                    "declare {name} in the root's [workspace.dependencies], and here say \
                     {name}.workspace = true"
                ));
            }
            if !is_used(member, name, files) {
                report(format!("{name} is not used by any source of this crate"));
            }
        }
    }
    findings
}

fn check_root(manifests: &Manifests) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut report = |message: String| findings.push(Finding::in_file("Cargo.toml", message));
    let version = &manifests.root.workspace.package.version;
    for (name, declaration) in &manifests.root.workspace.dependencies {
        let mut members = manifests.members.iter();
        if !members.any(|member| member.all_dependencies().any(|(used, _)| used == name)) {
            report(format!("no crate uses the workspace's dependency {name}"));
        }
        let own = declaration.get("path").is_some();
        let required = declaration.get("version").and_then(toml::Value::as_str);
        if own && required != Some(version) {
            report(format!("{name} must be required in the workspace's version, {version}"));
        }
    }
    findings
}

fn inherits(declaration: &toml::Value) -> bool {
    declaration.get("workspace").and_then(toml::Value::as_bool) == Some(true)
}

fn is_used(member: &Member, dependency: &str, files: &[TextFile]) -> bool {
    let word = identifier(dependency);
    let sources =
        files.iter().filter(|file| file.path.starts_with(&member.directory) && file.is_rust());
    sources.into_iter().any(|file| has_word(&file.text, &word))
}

#[cfg(test)]
mod tests {
    use super::super::manifest::sample;
    use super::*;
    use crate::finding::assert_found;

    fn source(text: &str) -> [TextFile; 1] {
        [TextFile { path: "crates/a/src/lib.rs".into(), text: text.into() }]
    }

    #[test]
    fn a_sound_workspace_passes() {
        let manifests = sample(
            "http-body = \"1\"\na = { path = \"crates/a\", version = \"0.1.0\" }",
            &[
                ("a", "[dependencies]\nhttp-body.workspace = true"),
                ("b", "[dev-dependencies]\na = { workspace = true, features = [\"x\"] }"),
            ],
        );
        let files = [
            TextFile { path: "crates/a/src/lib.rs".into(), text: "use http_body::Body;".into() },
            TextFile { path: "crates/b/tests/b.rs".into(), text: "a::f()".into() },
        ];
        assert_found(&check(&manifests, &files), &[]);
    }

    #[test]
    fn dependencies_of_a_platform_count() {
        let manifest = "[target.'cfg(unix)'.dependencies]\nhttp.workspace = true";
        let manifests = sample("http = \"1\"", &[("a", manifest)]);
        assert_found(&check(&manifests, &source("use http::Uri;")), &[]);
    }

    #[test]
    fn unused_dependency_is_reported() {
        let manifests =
            sample("http = \"1\"\nurl = \"2\"", &[("a", "[dependencies]\nhttp.workspace = true")]);
        assert_found(
            &check(&manifests, &source("// https")),
            &[
                "Cargo.toml: no crate uses the workspace's dependency url",
                "crates/a/Cargo.toml: http is not used by any source of this crate",
            ],
        );
    }

    #[test]
    fn versions_stand_in_the_root() {
        let manifests = sample(
            "a = { path = \"crates/a\", version = \"0.2.0\" }",
            &[("a", "[dependencies]\na.workspace = true\nhttp = \"1\"")],
        );
        assert_found(
            &check(&manifests, &source("a::b(); http::c();")),
            &[
                "Cargo.toml: a must be required in the workspace's version, 0.1.0",
                "crates/a/Cargo.toml: declare http in the root's [workspace.dependencies], and \
                 here say http.workspace = true",
            ],
        );
        let mut manifests = sample("", &[("a", "")]);
        manifests.members[0].package.version = toml::Value::String("0.1.1".into());
        assert_found(
            &check(&manifests, &[]),
            &["crates/a/Cargo.toml: the version must be the workspace's: version.workspace = true"],
        );
    }
}
