use super::Subscriptions;
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation};

/// Lists the subscriptions that a token reaches, each with its directory.
///
/// For callers with a token, not with a certificate. The address has no subscription, so that of the
/// endpoint does not matter. To work with a subscription of the list takes a token of its directory
/// ([`aad_tenant_id`](super::Subscription::aad_tenant_id)). Since 2013-08-01, as far as can be
/// inferred from one client library.
///
/// Reference page: *List Subscriptions (token callers)* (`list-subscriptions`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListSubscriptions;
///
/// let list = ListSubscriptions::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ListSubscriptions;

impl ListSubscriptions {
    /// Lists them.
    pub fn new() -> Self {
        Self
    }
}

impl Operation for ListSubscriptions {
    type Output = Subscriptions;

    const METADATA: Metadata = Metadata {
        name: "List Subscriptions (token callers)",
        method: Method::GET,
        route: "//subscriptions",
        min_version: ApiVersion::V2013_08_01,
        docs_slug: "list-subscriptions",
        idempotency: Idempotency::Idempotent,
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subscription::Subscription;
    use crate::subscription::get::tests::every_element;
    use crate::testing::golden;

    #[test]
    fn request_has_no_subscription() {
        golden::request(
            &ListSubscriptions::new(),
            "GET /subscriptions
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let document = format!(
            r#"<Subscriptions xmlns="http://schemas.microsoft.com/windowsazure">{}<Subscription><SubscriptionID>11111111-2222-3333-4444-555555555555</SubscriptionID></Subscription></Subscriptions>"#,
            include_str!("every_element.xml"),
        );
        let bare = Subscription {
            subscription_id: "11111111-2222-3333-4444-555555555555".into(),
            ..Subscription::default()
        };
        assert_eq!(
            golden::response::<ListSubscriptions>(&document),
            Subscriptions(vec![every_element(), bare])
        );
    }
}
