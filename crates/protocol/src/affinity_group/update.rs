use serde::Serialize;

use super::{AffinityGroupRef, check_texts};
use crate::{
    ApiVersion, Base64Text, Body, Idempotency, Metadata, Method, Operation, RequestBuilder,
};

/// Changes label and description of an affinity group.
///
/// It is not known whether an omitted description is kept; give it again to be sure. The location stays.
/// Synchronous: the response is 200. Since 2011-02-25, by inference.
///
/// Reference page: *Update Affinity Group* (`update-affinity-group`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::AffinityGroupRef;
///
/// let update = AffinityGroupRef::new("contoso-group")
///     .update("Contoso group (old)")
///     .description("keeps the shop together");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateAffinityGroup {
    #[serde(skip)]
    group: AffinityGroupRef,
    label: Base64Text,
    description: Option<String>,
    location_constraint: Option<String>,
}

impl AffinityGroupRef {
    /// Changes this affinity group. The label is for people: at most 100 characters.
    pub fn update(&self, label: impl Into<Base64Text>) -> UpdateAffinityGroup {
        UpdateAffinityGroup {
            group: self.clone(),
            label: label.into(),
            description: None,
            location_constraint: None,
        }
    }
}

impl UpdateAffinityGroup {
    /// Sets the description: at most 1024 characters.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sends a location constraint. Contract only: no client library sent it, and what it does is not
    /// known.
    pub fn location_constraint(mut self, location: impl Into<String>) -> Self {
        self.location_constraint = Some(location.into());
        self
    }
}

impl Operation for UpdateAffinityGroup {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "Update Affinity Group",
        method: Method::PUT,
        route: "/affinitygroups/{group}",
        min_version: ApiVersion::V2011_02_25,
        docs_slug: "update-affinity-group",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.group.fill(request);
        check_texts(request, &self.label, self.description.as_deref());
    }

    fn body(&self) -> Body {
        Body::xml(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    fn update() -> UpdateAffinityGroup {
        AffinityGroupRef::new("contoso-group").update("Contoso group")
    }

    #[test]
    fn request_with_what_is_required() {
        golden::request(
            &update(),
            "PUT /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/affinitygroups/contoso-group
             x-ms-version: 2015-04-01
             content-type: application/xml

             <UpdateAffinityGroup xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Label>Q29udG9zbyBncm91cA==</Label>
             </UpdateAffinityGroup>",
        );
    }

    #[test]
    fn request_with_everything() {
        golden::request(
            &update().location_constraint("West Europe").description(""),
            "PUT /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/affinitygroups/contoso-group
             x-ms-version: 2015-04-01
             content-type: application/xml

             <UpdateAffinityGroup xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Label>Q29udG9zbyBncm91cA==</Label>
               <Description/>
               <LocationConstraint>West Europe</LocationConstraint>
             </UpdateAffinityGroup>",
        );
    }

    #[test]
    fn response_has_no_body() {
        golden::empty::<UpdateAffinityGroup>(200);
    }

    #[test]
    fn limits_are_named() {
        golden::rejected(
            &update().description("x".repeat(1025)),
            "the description has 1025 characters, more than the allowed 1024",
        );
        let group = AffinityGroupRef::new("contoso-group");
        golden::rejected(&group.update("x".repeat(101)), "the label has 101 characters");
        golden::rejected(&AffinityGroupRef::new("a/b").update("x"), "has '/' as its character 2");
    }
}
