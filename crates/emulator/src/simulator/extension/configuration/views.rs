//! The configuration as it is told with a deployment.

use azure_classic_protocol::ApiVersion;
use serde::Serialize;

use super::{ExtensionConfiguration, ExtensionReference, NamedRole};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::simulator) struct ExtensionConfigurationView<'a> {
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
    Nil(()),
    Value(&'a str),
}

impl ExtensionConfiguration {
    /// `None` while no extension applies.
    pub(crate) fn view(&self, version: ApiVersion) -> Option<ExtensionConfigurationView<'_>> {
        if self.is_empty() {
            return None;
        }
        let all_roles =
            Some(extension_views(&self.all_roles, version)).filter(|list| !list.is_empty());
        let role = |role| Role::new(role, version);
        Some(ExtensionConfigurationView {
            all_roles,
            named_roles: self.named_roles.iter().map(role).collect(),
        })
    }
}

impl<'a> Role<'a> {
    fn new(role: &'a NamedRole, version: ApiVersion) -> Self {
        Self { role_name: &role.name, extensions: extension_views(&role.extensions, version) }
    }
}

impl<'a> Extension<'a> {
    fn new(reference: &'a ExtensionReference, version: ApiVersion) -> Self {
        let state = reference.state.as_deref().map_or(State::Nil(()), State::Value);
        Self { id: &reference.id, state: (version >= ApiVersion::V2014_06_01).then_some(state) }
    }
}

fn extension_views(references: &[ExtensionReference], version: ApiVersion) -> Vec<Extension<'_>> {
    references.iter().map(|reference| Extension::new(reference, version)).collect()
}
