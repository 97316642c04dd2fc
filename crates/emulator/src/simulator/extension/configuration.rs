//! Which extensions apply to which roles of a deployment (`ExtensionConfiguration`).

mod views;

use azure_classic_protocol::ApiVersion;
use serde::{Deserialize, Serialize};

pub(in crate::simulator) use self::views::ExtensionConfigurationView;
use super::Extension;
use crate::simulator::api_error::ApiError;
use crate::simulator::cloud_service::CloudService;
use crate::simulator::contract::{Contract, Fields};

/// A full statement: what is not in it does not apply.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct ExtensionConfiguration {
    all_roles: Vec<ExtensionReference>,
    named_roles: Vec<NamedRole>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct NamedRole {
    name: String,
    extensions: Vec<ExtensionReference>,
}

/// An extension that applies.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ExtensionReference {
    id: String,
    /// As it is told: `enable`, whatever the case in which it was sent, or what was sent.
    state: Option<String>,
    /// What runs it: provider and type.
    pub(crate) handler: String,
    pub(crate) resolved_version: String,
}

impl ExtensionConfiguration {
    /// Reads the element from a request about a deployment of the service that is to have these roles;
    /// `None` when it is not there.
    pub(crate) fn read(
        fields: &Fields<'_>,
        service: &CloudService,
        roles: &[&str],
    ) -> Result<Option<Self>, ApiError> {
        let Some(fields) = fields.inner(&EXTENSION_CONFIGURATION) else { return Ok(None) };
        let mut configuration =
            Self { all_roles: references(&fields, "AllRoles", service)?, named_roles: Vec::new() };
        for role in fields.items("NamedRoles", &ROLE) {
            let name = role.required("RoleName")?;
            if !roles.contains(&name.as_str()) {
                return Err(ApiError::not_found(format!(
                    "The role name {name} in the extension configuration is invalid."
                )));
            }
            configuration.named_role_mut(&name).extend(references(&role, "Extensions", service)?);
        }
        configuration.expand_uninstalls(roles);
        configuration.check_no_duplicates()?;
        Ok(Some(configuration))
    }

    /// What stays of it when the deployment is to have these roles.
    pub(crate) fn for_roles(&self, roles: &[&str]) -> Self {
        let mut retained = self.clone();
        retained.named_roles.retain(|own| roles.contains(&own.name.as_str()));
        retained
    }

    /// An uninstallation is told role by role, though it was asked for all roles at once.
    fn expand_uninstalls(&mut self, roles: &[&str]) {
        let uninstalled: Vec<_> =
            self.all_roles.extract_if(.., |it| it.has_state(UNINSTALL)).collect();
        if !uninstalled.is_empty() {
            for role in roles {
                self.named_role_mut(role).extend(uninstalled.iter().cloned());
            }
        }
    }

    fn check_no_duplicates(&self) -> Result<(), ApiError> {
        let named_roles = self.named_roles.iter().map(|role| &role.extensions);
        for list in named_roles.chain([&self.all_roles]) {
            for (index, reference) in list.iter().enumerate() {
                if list[..index].iter().any(|other| other.id == reference.id) {
                    return Err(ApiError::bad_request(format!(
                        "The extension {} is given twice for the same role.",
                        reference.id
                    )));
                }
            }
        }
        Ok(())
    }

    fn named_role_mut(&mut self, name: &str) -> &mut Vec<ExtensionReference> {
        let index = self.named_roles.iter().position(|role| role.name == name);
        let index = index.unwrap_or_else(|| {
            self.named_roles.push(NamedRole { name: name.to_owned(), extensions: Vec::new() });
            self.named_roles.len() - 1
        });
        &mut self.named_roles[index].extensions
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.references().next().is_none()
    }

    pub(crate) fn refers_to(&self, id: &str) -> bool {
        self.references().any(|reference| reference.id == id)
    }

    fn references(&self) -> impl Iterator<Item = &ExtensionReference> {
        self.named_roles.iter().flat_map(|role| &role.extensions).chain(&self.all_roles)
    }

    /// What applies to a role; what is said of it by name takes precedence.
    pub(crate) fn for_role(&self, role: &str) -> Vec<&ExtensionReference> {
        let named = self.named_roles.iter().find(|named| named.name == role);
        let mut found: Vec<_> = named.into_iter().flat_map(|named| &named.extensions).collect();
        for general in &self.all_roles {
            if !found.iter().any(|reference| reference.id == general.id) {
                found.push(general);
            }
        }
        found
    }
}

impl ExtensionReference {
    fn new(extension: &Extension, state: Option<String>) -> Self {
        Self {
            id: extension.id.clone(),
            state,
            handler: format!("{}.{}", extension.provider, extension.kind),
            resolved_version: extension.resolved_version.clone(),
        }
    }

    pub(crate) fn is_disabled(&self) -> bool {
        self.has_state(DISABLE)
    }

    pub(crate) fn is_uninstalled(&self) -> bool {
        self.has_state(UNINSTALL)
    }

    fn has_state(&self, state: &str) -> bool {
        self.state.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(state))
    }
}

const ENABLE: &str = "enable";
const DISABLE: &str = "Disable";
const UNINSTALL: &str = "Uninstall";

fn references(
    fields: &Fields<'_>,
    list: &str,
    service: &CloudService,
) -> Result<Vec<ExtensionReference>, ApiError> {
    let read = |fields: &Fields<'_>| {
        let id = fields.required("Id")?;
        let extension = service.extension(&id).ok_or_else(|| {
            ApiError::bad_request(format!(
                "The extension with id {id} was not found in the hosted service {}. Add it first.",
                service.name
            ))
        })?;
        let state = fields.text("State").filter(|text| !text.trim().is_empty());
        Ok(ExtensionReference::new(extension, state.as_deref().map(parse_state).transpose()?))
    };
    fields.items(list, &EXTENSION).iter().map(read).collect()
}

fn parse_state(text: &str) -> Result<String, ApiError> {
    match text.trim() {
        state if state.eq_ignore_ascii_case(ENABLE) => Ok(ENABLE.to_owned()),
        state if [DISABLE, UNINSTALL].iter().any(|it| it.eq_ignore_ascii_case(state)) => {
            Ok(state.to_owned())
        }
        _ => Err(ApiError::bad_xml("The element State must be Enable, Disable or Uninstall.")),
    }
}

const EXTENSION_CONFIGURATION: Contract = Contract {
    root: "ExtensionConfiguration",
    members: &[("AllRoles", ApiVersion::V2013_03_01), ("NamedRoles", ApiVersion::V2013_03_01)],
};

const EXTENSION: Contract = Contract {
    root: "Extension",
    members: &[("Id", ApiVersion::V2013_03_01), ("State", ApiVersion::V2014_06_01)],
};

const ROLE: Contract = Contract {
    root: "Role",
    members: &[("RoleName", ApiVersion::V2013_03_01), ("Extensions", ApiVersion::V2013_03_01)],
};
