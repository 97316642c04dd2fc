//! Affinity groups: what is in one is kept close together in one location.

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

/// Names an affinity group of the subscription.
///
/// A name consists of letters, digits, `-`, `_` and `.`; another name is refused when a request is
/// built.
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
    /// Takes the name, not the label.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Fills the placeholder `{group}`.
    fn fill(&self, request: &mut RequestBuilder) {
        request.segment("group", "affinity group name", &self.name);
    }
}

/// Checks the limits of what people read.
fn check_texts(request: &mut RequestBuilder, label: &Base64Text, description: Option<&str>) {
    request.max_length("label", label.as_str(), 100);
    if let Some(description) = description {
        request.max_length("description", description, 1024);
    }
}
