use std::collections::BTreeSet;

use azure_classic_protocol::{Metadata, OPERATIONS};

use crate::Finding;
use crate::catalogue::{self, Catalogue, Entry};

/// The facts about an operation in the protocol crate.
#[derive(Debug, Clone)]
pub(crate) struct ImplementedOperation {
    pub(crate) name: String,
    method: String,
    route: String,
    since: String,
    page: String,
}

impl From<&Metadata> for ImplementedOperation {
    fn from(spec: &Metadata) -> Self {
        Self {
            name: spec.name.to_owned(),
            method: spec.method.to_string(),
            route: spec.route.to_owned(),
            since: spec.min_version.to_string(),
            page: spec.docs_slug.to_owned(),
        }
    }
}

/// The operations that the protocol crate lists.
pub(crate) fn all() -> Vec<ImplementedOperation> {
    OPERATIONS.iter().copied().map(ImplementedOperation::from).collect()
}

/// Where the protocol crate and the catalogue disagree.
pub(crate) fn mismatches(
    catalogue: &Catalogue,
    implemented: &[ImplementedOperation],
) -> Vec<Finding> {
    let mut messages = Vec::new();
    for (index, operation) in implemented.iter().enumerate() {
        let name = &operation.name;
        if implemented[..index].iter().any(|earlier| earlier.name == *name) {
            messages.push(format!("OPERATIONS has {name:?} more than once"));
        }
        match catalogue.find(name) {
            None => messages.push(format!("OPERATIONS has {name:?}, which is not listed here")),
            Some(entry) => messages.extend(
                differences(entry, operation).into_iter().map(|what| format!("{name:?}: {what}")),
            ),
        }
    }
    messages.into_iter().map(|message| Finding::in_file(catalogue::PATH, message)).collect()
}

fn differences(entry: &Entry, operation: &ImplementedOperation) -> Vec<String> {
    let mut differences = Vec::new();
    let mut compare = |what: &str, listed: &str, said: &str| {
        if listed != said {
            differences.push(format!("{what} is {listed} here and {said} in its METADATA"));
        }
    };
    compare("the method", &entry.method, &operation.method);
    compare("since", entry.since.as_deref().unwrap_or("not known"), &operation.since);
    if let Some(page) = &entry.page {
        compare("the page", page, &operation.page);
    }
    let (path, query) = operation.route.split_once('?').unwrap_or((&operation.route, ""));
    let listed: BTreeSet<String> = entry.path.iter().map(|form| without_names(form)).collect();
    // `{deployment}` may say more than is listed: Create Deployment takes a slot and refuses a name.
    let said = path_forms(path);
    if said.len() == 1 || !listed.is_subset(&said) {
        compare("the path", &listing(&listed), &listing(&said));
    }
    compare("the fixed query", &listing(&fixed_query(entry)), &listing(&parts(query)));
    differences
}

/// The forms that a route's path stands for, without the names of its placeholders.
///
/// A `{deployment}` that is a whole segment is a deployment by slot or by name.
fn path_forms(path: &str) -> BTreeSet<String> {
    match path.split_once("/{deployment}") {
        Some((before, after)) if !before.ends_with("/deployments") => {
            ["/deploymentslots/{slot}", "/deployments/{name}"]
                .map(|reference| without_names(&format!("{before}{reference}{after}")))
                .into()
        }
        _ => [without_names(path)].into(),
    }
}

/// The path with every placeholder as `{}`.
fn without_names(path: &str) -> String {
    let mut pieces = path.split('{');
    let mut erased = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.split_once('}').map_or("", |(_, rest)| rest);
        erased.push_str("{}");
        erased.push_str(rest);
    }
    erased
}

/// The constant parts of the request; the call adds values in braces.
fn fixed_query(entry: &Entry) -> BTreeSet<String> {
    entry.query.iter().filter(|pair| !pair.contains('{')).cloned().collect()
}

fn parts(query: &str) -> BTreeSet<String> {
    query.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect()
}

fn listing(items: &BTreeSet<String>) -> String {
    if items.is_empty() {
        return "none".to_owned();
    }
    items.iter().map(String::as_str).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::assert_found;

    fn catalogue() -> Catalogue {
        let text = r#"
            [[operation]]
            name = "Rollback Update Or Upgrade"
            group = "Deployments"
            method = "POST"
            path = [
              "/services/hostedservices/{service}/deploymentslots/{slot}/",
              "/services/hostedservices/{service}/deployments/{deployment}/",
            ]
            query = ["comp=rollback", "reason={text}"]
            since = "2011-10-01"
            accepted = true
            page = "rest-rollback-update-or-upgrade"
        "#;
        Catalogue::parse(text).expect("parses")
    }

    fn rollback() -> ImplementedOperation {
        ImplementedOperation {
            name: "Rollback Update Or Upgrade".into(),
            method: "POST".into(),
            route: "/services/hostedservices/{service}/{deployment}/?comp=rollback".into(),
            since: "2011-10-01".into(),
            page: "rest-rollback-update-or-upgrade".into(),
        }
    }

    #[test]
    fn one_route_stands_for_both_forms() {
        assert_found(&mismatches(&catalogue(), &[rollback()]), &[]);
    }

    #[test]
    fn every_fact_is_compared() {
        let wrong = ImplementedOperation {
            method: "PUT".into(),
            route: "/services/hostedservices/{service}/{deployment}?comp=undo".into(),
            since: "2011-08-01".into(),
            page: "rest-rollback".into(),
            ..rollback()
        };
        let name = "docs/operations.toml: \"Rollback Update Or Upgrade\"";
        let both = |slash: &str| {
            format!(
                "/services/hostedservices/{{}}/deployments/{{}}{slash} and \
                 /services/hostedservices/{{}}/deploymentslots/{{}}{slash}"
            )
        };
        assert_found(
            &mismatches(&catalogue(), &[wrong]),
            &[
                &format!("{name}: the method is POST here and PUT in its METADATA"),
                &format!("{name}: since is 2011-10-01 here and 2011-08-01 in its METADATA"),
                &format!(
                    "{name}: the page is rest-rollback-update-or-upgrade here and rest-rollback \
                     in its METADATA"
                ),
                &format!("{name}: the path is {} here and {} in its METADATA", both("/"), both("")),
                &format!(
                    "{name}: the fixed query is comp=rollback here and comp=undo in its METADATA"
                ),
            ],
        );
    }

    #[test]
    fn a_route_by_slot_only_is_not_both_forms() {
        let by_slot = ImplementedOperation {
            route: "/services/hostedservices/{service}/deploymentslots/{slot}/?comp=rollback"
                .into(),
            ..rollback()
        };
        assert_eq!(mismatches(&catalogue(), &[by_slot]).len(), 1);
    }

    #[test]
    fn a_route_of_both_forms_covers_a_form_by_slot() {
        let mut catalogue = catalogue();
        catalogue.operations[0].path.truncate(1);
        assert_found(&mismatches(&catalogue, &[rollback()]), &[]);
    }

    #[test]
    fn unknown_and_duplicate_operations_are_reported() {
        let stranger = ImplementedOperation { name: "Undo".into(), ..rollback() };
        assert_found(
            &mismatches(&catalogue(), &[rollback(), stranger, rollback()]),
            &[
                "docs/operations.toml: OPERATIONS has \"Undo\", which is not listed here",
                "docs/operations.toml: OPERATIONS has \"Rollback Update Or Upgrade\" more than once",
            ],
        );
    }
}
