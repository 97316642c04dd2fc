use super::Subscription;
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation};

/// Reads the subscription: its state, and how much of its limits is in use.
///
/// The cheapest request to check that address, subscription and credential match. Since 2011-10-01.
///
/// Reference page: *Get Subscription* (`get-subscription`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::GetSubscription;
///
/// let get = GetSubscription::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct GetSubscription;

impl GetSubscription {
    /// Reads the endpoint's subscription.
    pub fn new() -> Self {
        Self
    }
}

impl Operation for GetSubscription {
    type Output = Subscription;

    const METADATA: Metadata = Metadata {
        name: "Get Subscription",
        method: Method::GET,
        route: "",
        min_version: ApiVersion::V2011_10_01,
        docs_slug: "get-subscription",
        idempotency: Idempotency::Idempotent,
    };
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::subscription::SubscriptionStatus;
    use crate::testing::golden;

    const EVERY_ELEMENT: &str = include_str!("every_element.xml");

    #[test]
    fn request() {
        golden::request(
            &GetSubscription::new(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10
             x-ms-version: 2015-04-01",
        );
    }

    pub(in crate::subscription) fn every_element() -> Subscription {
        Subscription {
            subscription_id: "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".into(),
            subscription_name: "Contoso production".into(),
            subscription_status: SubscriptionStatus::Active,
            account_admin_live_email_id: Some("accounts@contoso.example".into()),
            service_admin_live_email_id: Some("admin@contoso.example".into()),
            max_core_count: Some(20),
            max_storage_accounts: Some(100),
            max_hosted_services: Some(21),
            current_core_count: Some(3),
            current_hosted_services: Some(2),
            current_storage_accounts: Some(0),
            max_virtual_network_sites: Some(50),
            current_virtual_network_sites: 4,
            max_local_network_sites: Some(22),
            current_local_network_sites: 5,
            max_dns_servers: Some(23),
            current_dns_servers: 6,
            offer_categories: Some("AZR_MSDN;AZR_TRIAL".into()),
            current_extra_vip_count: 7,
            max_extra_vip_count: Some(8),
            aad_tenant_id: Some("11111111-2222-3333-4444-555555555555".into()),
            created_time: Some("2013-04-05T06:07:08Z".into()),
            max_reserved_ips: Some(24),
            current_reserved_ips: Some(9),
            max_public_ip_count: Some(10),
            current_network_security_groups: Some(11),
            max_network_security_groups: Some(101),
            max_network_security_rules_per_group: Some(200),
            max_route_tables: Some(102),
            max_routes_per_route_table: Some(103),
        }
    }

    #[test]
    fn response_with_every_element() {
        assert_eq!(golden::response::<GetSubscription>(EVERY_ELEMENT), every_element());
    }

    #[test]
    fn dropped_zeros_are_zero() {
        let subscription = golden::response::<GetSubscription>(
            r#"<Subscription xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <SubscriptionID>8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10</SubscriptionID>
                 <SubscriptionName>Contoso</SubscriptionName>
                 <SubscriptionStatus>PastDue</SubscriptionStatus>
                 <CurrentDnsServers i:nil="true"/>
               </Subscription>"#,
        );
        assert_eq!(
            subscription,
            Subscription {
                subscription_id: "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".into(),
                subscription_name: "Contoso".into(),
                subscription_status: SubscriptionStatus::Other("PastDue".into()),
                ..Subscription::default()
            }
        );
    }
}
