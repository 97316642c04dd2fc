//! The configuration as it is told with a deployment.

use azure_classic_protocol::ApiVersion;
use serde::Serialize;

use super::{ExtensionConfiguration, NamedRole, Reference};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::cloud) struct Told<'a> {
    all_roles: Option<Vec<Extension<'a>>>,
    named_roles: Vec<Role<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Role<'a> {
    role_name: &'a str,
    extensions: Vec<Extension<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Extension<'a> {
    id: &'a str,
    state: Option<State<'a>>,
}

/// Nil where none was sent.
#[derive(Serialize)]
#[serde(untagged)]
enum State<'a> {
    Unsaid(()),
    Said(&'a str),
}

impl ExtensionConfiguration {
    /// `None` while no extension applies.
    pub(crate) fn told(&self, version: ApiVersion) -> Option<Told<'_>> {
        if self.is_empty() {
            return None;
        }
        let all_roles = Some(listed(&self.all_roles, version)).filter(|list| !list.is_empty());
        let role = |role| Role::told(role, version);
        Some(Told { all_roles, named_roles: self.named_roles.iter().map(role).collect() })
    }
}

impl<'a> Role<'a> {
    fn told(role: &'a NamedRole, version: ApiVersion) -> Self {
        Self { role_name: &role.name, extensions: listed(&role.extensions, version) }
    }
}

impl<'a> Extension<'a> {
    fn told(reference: &'a Reference, version: ApiVersion) -> Self {
        let state = reference.state.as_deref().map_or(State::Unsaid(()), State::Said);
        Self { id: &reference.id, state: (version >= ApiVersion::V2014_06_01).then_some(state) }
    }
}

fn listed(references: &[Reference], version: ApiVersion) -> Vec<Extension<'_>> {
    references.iter().map(|reference| Extension::told(reference, version)).collect()
}
