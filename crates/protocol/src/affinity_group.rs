//! Affinity groups: the platform keeps the members of a group close together in one location.

mod create;
mod delete;
mod get;
mod list;
mod model;
mod update;

pub use self::create::CreateAffinityGroup;
pub use self::delete::DeleteAffinityGroup;
pub use self::get::GetAffinityGroupProperties;
pub use self::list::{AffinityGroups, ListAffinityGroups};
pub use self::model::{AffinityGroup, Capability, MemberCloudService, MemberStorageAccount};
pub use self::update::UpdateAffinityGroup;
use crate::{Base64Text, RequestBuilder};

/// Refers to an affinity group of the subscription.
///
/// A name consists of letters, digits, `-`, `_` and `.`. Building a request with any other name fails.
///
/// ```
/// use azure_classic_protocol::AffinityGroupRef;
///
/// let get = AffinityGroupRef::new("contoso-group").get();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AffinityGroupRef {
    name: String,
}

impl AffinityGroupRef {
    /// Refers to the group with this name (not its label).
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Fills the placeholder `{group}`.
    fn fill(&self, request: &mut RequestBuilder) {
        request.segment("group", "affinity group name", &self.name);
    }
}

/// Checks the limits of label and description.
fn check_texts(request: &mut RequestBuilder, label: &Base64Text, description: Option<&str>) {
    request.max_length("label", label.as_str(), 100);
    if let Some(description) = description {
        request.max_length("description", description, 1024);
    }
}
