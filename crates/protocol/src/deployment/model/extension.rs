use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::{ApiVersion, Error, RequestBuilder, xml};

/// Which extensions of a cloud service apply to which roles of a deployment. Since 2013-03-01.
///
/// In a request it states the whole set: read the present one, change it, send all of it back. Each
/// extension must have been added to the cloud service before.
///
/// ```
/// use azure_classic_protocol::deployment::model::{
///     ExtensionConfiguration, ExtensionReference, ExtensionState,
/// };
///
/// let extensions = ExtensionConfiguration::default()
///     .all_roles(["RDP-1"])
///     .role("Web", [ExtensionReference::new("Diagnostics-1").state(ExtensionState::Disable)]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ExtensionConfiguration {
    /// Extensions for every role. A response may omit it although roles have extensions.
    #[serde(default, deserialize_with = "xml::present_list")]
    pub all_roles: Option<Vec<ExtensionReference>>,
    /// Extensions for single roles.
    #[serde(default, deserialize_with = "xml::present_list")]
    pub named_roles: Option<Vec<RoleExtensions>>,
}

impl ExtensionConfiguration {
    /// No extension for any role: removes all that are there.
    pub fn none() -> Self {
        Self { all_roles: Some(Vec::new()), named_roles: Some(Vec::new()) }
    }

    /// Adds extensions for every role.
    pub fn all_roles<E: Into<ExtensionReference>>(
        mut self,
        extensions: impl IntoIterator<Item = E>,
    ) -> Self {
        let extensions = extensions.into_iter().map(Into::into);
        self.all_roles.get_or_insert_default().extend(extensions);
        self
    }

    /// Adds extensions for one role.
    pub fn role<E: Into<ExtensionReference>>(
        mut self,
        role: impl Into<String>,
        extensions: impl IntoIterator<Item = E>,
    ) -> Self {
        let extensions = extensions.into_iter().map(Into::into).collect();
        let role = RoleExtensions { role_name: role.into(), extensions };
        self.named_roles.get_or_insert_default().push(role);
        self
    }

    /// Refuses what the service would not take.
    pub(in crate::deployment) fn check(this: Option<&Self>, request: &mut RequestBuilder) {
        let Some(this) = this else { return };
        request.requires(ApiVersion::V2013_03_01, "ExtensionConfiguration");
        let roles = this.named_roles.iter().flatten();
        let all = this.all_roles.iter().flatten();
        for extension in all.chain(roles.clone().flat_map(|role| &role.extensions)) {
            if extension.id.is_empty() {
                request.reject(Error::invalid(
                    "an extension has an empty id; give the id it was added with",
                ));
            }
            if extension.state.is_some() {
                request.requires(ApiVersion::V2014_06_01, "the State of an extension");
            }
        }
        for role in roles {
            if role.role_name.is_empty() {
                request.reject(Error::invalid("a role with extensions has an empty name"));
            }
            if role.extensions.is_empty() {
                request.reject(Error::invalid(format!(
                    "the role {:?} is named without an extension; leave the role out",
                    role.role_name
                )));
            }
        }
    }
}

/// An extension that applies, by the id that it was added to the cloud service with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "Extension", rename_all = "PascalCase")]
pub struct ExtensionReference {
    /// The id.
    pub id: String,
    /// The number of the applied configuration; the service omits a zero. In responses only, since
    /// 2014-06-01.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub sequence_number: Option<u32>,
    /// Whether it is on; on when absent. Since 2014-06-01.
    pub state: Option<ExtensionState>,
}

impl ExtensionReference {
    /// Takes the id that the extension was added with; it is on.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Turns it on or off, or takes it from the instances. Since 2014-06-01.
    pub fn state(mut self, state: ExtensionState) -> Self {
        self.state = Some(state);
        self
    }
}

impl From<&str> for ExtensionReference {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl From<String> for ExtensionReference {
    fn from(id: String) -> Self {
        Self::new(id)
    }
}

/// The extensions of one role.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "Role", rename_all = "PascalCase")]
pub struct RoleExtensions {
    /// The role.
    pub role_name: String,
    /// Its extensions.
    #[serde(default)]
    pub extensions: Vec<ExtensionReference>,
}

open_enum! {
    /// Whether an extension is enabled. The service returns the spelling that it received, or lower case.
    pub enum ExtensionState {
        /// On.
        Enable,
        /// Off.
        Disable,
        /// Removed from the instances.
        Uninstall,
    }
}
