use super::AffinityGroupRef;
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Deletes an affinity group, which must be empty.
///
/// Synchronous: the response is 200. Since 2011-02-25, by inference.
///
/// Reference page: *Delete Affinity Group* (`delete-affinity-group`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::AffinityGroupRef;
///
/// let delete = AffinityGroupRef::new("contoso-group").delete();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteAffinityGroup {
    group: AffinityGroupRef,
}

impl AffinityGroupRef {
    /// Deletes this affinity group, which must be empty.
    pub fn delete(&self) -> DeleteAffinityGroup {
        DeleteAffinityGroup { group: self.clone() }
    }
}

impl Operation for DeleteAffinityGroup {
    type Output = ();

    const METADATA: Metadata = Metadata {
        name: "Delete Affinity Group",
        method: Method::DELETE,
        route: "/affinitygroups/{group}",
        min_version: ApiVersion::V2011_02_25,
        docs_slug: "delete-affinity-group",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.group.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &AffinityGroupRef::new("contoso-group").delete(),
            "DELETE /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/affinitygroups/contoso-group
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_has_no_body() {
        golden::empty::<DeleteAffinityGroup>(200);
    }

    #[test]
    fn a_name_that_is_a_folder_is_refused() {
        golden::rejected(&AffinityGroupRef::new("..").delete(), "would change the path");
    }
}
