use std::collections::BTreeMap;

use serde::Deserialize;

use crate::workspace::TextFile;

/// The manifests of the workspace, as far as the checks read them.
#[derive(Debug)]
pub(crate) struct Manifests {
    pub(crate) root: Root,
    pub(crate) members: Vec<Member>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Root {
    pub(crate) workspace: WorkspaceTable,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct WorkspaceTable {
    pub(crate) package: WorkspacePackage,
    pub(crate) dependencies: Table,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WorkspacePackage {
    pub(crate) version: String,
}

/// Dependencies by name.
pub(crate) type Table = BTreeMap<String, toml::Value>;

/// A crate of the workspace.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Member {
    /// The directory, with a slash at its end.
    #[serde(skip)]
    pub(crate) directory: String,
    pub(crate) package: Package,
    #[serde(default)]
    pub(crate) dependencies: Table,
    #[serde(default)]
    pub(crate) dev_dependencies: Table,
    #[serde(default)]
    pub(crate) build_dependencies: Table,
    /// Dependencies of some platforms, by `cfg(…)`.
    #[serde(default)]
    target: BTreeMap<String, Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    #[serde(default)]
    dependencies: Table,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: toml::Value,
    #[serde(default = "published")]
    pub(crate) publish: bool,
}

fn published() -> bool {
    true
}

impl Member {
    pub(crate) fn manifest(&self) -> String {
        format!("{}Cargo.toml", self.directory)
    }

    /// Every dependency, of whatever kind.
    pub(crate) fn all_dependencies(&self) -> impl Iterator<Item = (&String, &toml::Value)> {
        let of_platforms = self.target.values().flat_map(|target| &target.dependencies);
        self.dependencies
            .iter()
            .chain(&self.dev_dependencies)
            .chain(&self.build_dependencies)
            .chain(of_platforms)
    }
}

/// The name by which source refers to a crate.
pub(crate) fn identifier(package: &str) -> String {
    package.replace('-', "_")
}

/// Reads the root's manifest and those of `crates/*` and `xtask`.
pub(crate) fn read(files: &[TextFile]) -> Result<Manifests, String> {
    let mut root = None;
    let mut members = Vec::new();
    for file in files {
        let wrong = |error| format!("{} is not as expected: {error}", file.path);
        match file.path.strip_suffix("Cargo.toml") {
            Some("") => root = Some(toml::from_str(&file.text).map_err(wrong)?),
            Some(directory) if directory == "xtask/" || is_crate(directory) => {
                let member: Member = toml::from_str(&file.text).map_err(wrong)?;
                members.push(Member { directory: directory.to_owned(), ..member });
            }
            _ => {}
        }
    }
    let root = root.ok_or("there is no Cargo.toml in the root")?;
    Ok(Manifests { root, members })
}

fn is_crate(directory: &str) -> bool {
    directory.strip_prefix("crates/").is_some_and(|rest| rest.matches('/').count() == 1)
}

/// Manifests of a root with these dependencies and of members with these names and tables.
#[cfg(test)]
pub(crate) fn sample(root: &str, members: &[(&str, &str)]) -> Manifests {
    let root =
        format!("[workspace.package]\nversion = \"0.1.0\"\n[workspace.dependencies]\n{root}");
    let mut files = vec![TextFile { path: "Cargo.toml".into(), text: root }];
    files.extend(members.iter().map(|(name, tables)| TextFile {
        path: format!("crates/{name}/Cargo.toml"),
        text: format!("[package]\nname = \"{name}\"\nversion.workspace = true\n{tables}"),
    }));
    read(&files).expect("the sample is sound")
}
