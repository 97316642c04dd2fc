use serde::Deserialize;

use crate::Finding;

pub(crate) const PATH: &str = "docs/operations.toml";

/// The operations of the API, as `docs/operations.toml` lists them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Catalogue {
    #[serde(rename = "operation")]
    pub(crate) operations: Vec<Entry>,
}

/// One operation; the head of the file explains the fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) method: String,
    pub(crate) path: Vec<String>,
    #[serde(default)]
    pub(crate) query: Vec<String>,
    #[serde(default)]
    pub(crate) optional: Vec<String>,
    pub(crate) since: Option<String>,
    #[serde(default)]
    pub(crate) inferred: bool,
    pub(crate) accepted: bool,
    pub(crate) page: Option<String>,
    evidence: Option<Evidence>,
    pub(crate) note: Option<String>,
}

/// The facts about an operation whose reference page has no known name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Evidence {
    #[serde(rename = "documented")]
    Documented,
    #[serde(rename = "name and URI only")]
    NameAndUriOnly,
}

impl Entry {
    /// Whether it is an entry of the Cloud Services reference. One is filed elsewhere there, so its page
    /// has another name; the reference is not complete without it.
    pub(crate) fn is_in_reference(&self) -> bool {
        self.page.is_some() || self.name == "Get Operation Status"
    }

    /// Whether it is an operation that others need, known from more than its name.
    pub(crate) fn is_supporting(&self) -> bool {
        self.evidence == Some(Evidence::Documented)
    }

    /// Whether the bodies are known too.
    pub(crate) fn is_documented(&self) -> bool {
        self.evidence != Some(Evidence::NameAndUriOnly)
    }
}

impl Catalogue {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| format!("{PATH} is not as expected: {error}"))
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Entry> {
        self.operations.iter().find(|entry| entry.name == name)
    }

    /// Finds problems that make the file ambiguous or unstable.
    pub(crate) fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut report = |message: String| findings.push(Finding::in_file(PATH, message));
        let key = |entry: &Entry| (entry.group.to_lowercase(), entry.name.clone());
        for pair in self.operations.windows(2) {
            if key(&pair[0]) >= key(&pair[1]) {
                report(format!(
                    "{:?} stands after {:?}; sort by group, then by name, and use a name once",
                    pair[1].name, pair[0].name
                ));
            }
        }
        for entry in &self.operations {
            let name = &entry.name;
            if self.operations.iter().filter(|other| other.name == *name).count() > 1 {
                report(format!("{name:?} is there more than once"));
            }
            if entry.path.is_empty() {
                report(format!("{name:?} has no path"));
            }
            if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&entry.method.as_str()) {
                report(format!("{name:?} has the unknown method {:?}", entry.method));
            }
            if entry.page.is_some() == entry.evidence.is_some() {
                report(format!("{name:?} needs a page or the kind of evidence, and not both"));
            }
            if entry.inferred && entry.since.is_none() {
                report(format!("{name:?} has no `since` that could be inferred"));
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::assert_found;

    const TWO: &str = r#"
        [[operation]]
        name = "Get Deployment"
        group = "Deployments"
        method = "GET"
        path = ["/a/{service}"]
        since = "2009-10-01"
        accepted = false
        page = "rest-get-deployment"

        [[operation]]
        name = "Disk.List"
        group = "Disks"
        method = "GET"
        path = ["/services/disks"]
        accepted = false
        evidence = "name and URI only"
    "#;

    fn findings(text: &str) -> Vec<Finding> {
        Catalogue::parse(text).expect("parses").check()
    }

    #[test]
    fn a_sound_catalogue_passes() {
        assert_found(&findings(TWO), &[]);
        let catalogue = Catalogue::parse(TWO).expect("parses");
        assert!(catalogue.find("Get Deployment").expect("is there").is_documented());
        assert!(!catalogue.find("Disk.List").expect("is there").is_documented());
    }

    #[test]
    fn order_and_repetition_are_checked() {
        assert_found(
            &findings(&TWO.replace("\"Disks\"", "\"Affinity groups\"")),
            &["docs/operations.toml: \"Disk.List\" stands after \"Get Deployment\"; \
               sort by group, then by name, and use a name once"],
        );
        assert_found(
            &findings(&TWO.replace("Disk.List", "Get Deployment")),
            &["docs/operations.toml: \"Get Deployment\" is there more than once"; 2],
        );
    }

    #[test]
    fn fields_are_checked() {
        let broken = TWO.replace("\"GET\"", "\"FETCH\"").replace("[\"/services/disks\"]", "[]");
        let broken = broken.replace("page = \"rest-get-deployment\"", "");
        let broken = broken.replace("\"name and URI only\"", "\"documented\"\ninferred = true");
        assert_found(
            &findings(&broken),
            &[
                "docs/operations.toml: \"Get Deployment\" has the unknown method \"FETCH\"",
                "docs/operations.toml: \"Get Deployment\" needs a page or the kind of evidence, \
                 and not both",
                "docs/operations.toml: \"Disk.List\" has no path",
                "docs/operations.toml: \"Disk.List\" has the unknown method \"FETCH\"",
                "docs/operations.toml: \"Disk.List\" has no `since` that could be inferred",
            ],
        );
        let error = Catalogue::parse(&TWO.replace("accepted", "acepted")).expect_err("is misspelt");
        assert!(error.contains("acepted"), "{error}");
    }
}
