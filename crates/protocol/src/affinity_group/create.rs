use serde::Serialize;

use super::{AffinityGroupRef, check_texts};
use crate::{
    ApiVersion, Base64Text, Body, Idempotency, Metadata, Method, Operation, RequestBuilder,
};

/// Creates an empty affinity group in a location.
///
/// Synchronous: the response is 201. The address in its `Location` header is not an address of the API. Since
/// 2011-02-25.
///
/// Reference page: *Create Affinity Group* (`create-affinity-group`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::AffinityGroupRef;
///
/// let create = AffinityGroupRef::new("contoso-group")
///     .create("West Europe", "Contoso group")
///     .description("keeps the shop together");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateAffinityGroup {
    name: String,
    label: Base64Text,
    description: Option<String>,
    location: String,
}

impl AffinityGroupRef {
    /// Creates this affinity group. The label is for people: at most 100 characters.
    pub fn create(
        &self,
        location: impl Into<String>,
        label: impl Into<Base64Text>,
    ) -> CreateAffinityGroup {
        CreateAffinityGroup {
            name: self.name().to_owned(),
            label: label.into(),
            description: None,
            location: location.into(),
        }
    }
}

impl CreateAffinityGroup {
    /// Adds a description: at most 1024 characters.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

impl Operation for CreateAffinityGroup {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "Create Affinity Group",
        method: Method::POST,
        route: "/affinitygroups",
        min_version: ApiVersion::V2011_02_25,
        docs_slug: "create-affinity-group",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        request.check_name("affinity group name", &self.name);
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

    fn create(name: &str) -> CreateAffinityGroup {
        AffinityGroupRef::new(name).create("West Europe", "Contoso group")
    }

    #[test]
    fn request_with_what_is_required() {
        golden::request(
            &create("contoso-group"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/affinitygroups
             x-ms-version: 2015-04-01
             content-type: application/xml

             <CreateAffinityGroup xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Name>contoso-group</Name>
               <Label>Q29udG9zbyBncm91cA==</Label>
               <Location>West Europe</Location>
             </CreateAffinityGroup>",
        );
    }

    #[test]
    fn request_with_everything() {
        golden::request(
            &create("contoso-group").description("shop & till"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/affinitygroups
             x-ms-version: 2015-04-01
             content-type: application/xml

             <CreateAffinityGroup xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Name>contoso-group</Name>
               <Label>Q29udG9zbyBncm91cA==</Label>
               <Description>shop &amp; till</Description>
               <Location>West Europe</Location>
             </CreateAffinityGroup>",
        );
    }

    #[test]
    fn response_is_created_without_a_body() {
        golden::empty::<CreateAffinityGroup>(201);
    }

    #[test]
    fn limits_are_named() {
        golden::rejected(
            &create("contoso-group").description("é".repeat(1025)),
            "the description has 1025 characters, more than the allowed 1024",
        );
        golden::rejected(
            &AffinityGroupRef::new("contoso-group").create("West Europe", "é".repeat(101)),
            "the label has 101 characters, more than the allowed 100",
        );
        let widest = AffinityGroupRef::new("contoso-group")
            .create("West Europe", "é".repeat(100))
            .description("é".repeat(1024));
        assert!(golden::endpoint().request(&widest).is_ok());
    }

    #[test]
    fn names_that_could_not_be_addressed_are_refused() {
        for (name, why) in [("", "is empty"), ("..", "change the path"), ("a b", "has ' '")] {
            golden::rejected(&create(name), why);
        }
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2010_10_28);
        let error = older.request(&create("contoso-group")).unwrap_err().to_string();
        assert!(error.contains("needs x-ms-version 2011-02-25"), "{error}");
    }
}
