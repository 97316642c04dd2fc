//! Service principals of a subscription: directory applications in its list.
//!
//! Microsoft never documented these operations; they are known from one client library and from calls
//! recorded in July 2018. It is not known which id is meant (that of the object or of the application), and
//! what exactly the list grants.

mod add;
mod delete;
mod get;
mod list;
mod model;

pub use self::add::AddSubscriptionServicePrincipal;
pub use self::delete::DeleteSubscriptionServicePrincipal;
pub use self::get::GetSubscriptionServicePrincipal;
pub use self::list::ListSubscriptionServicePrincipals;
pub use self::model::{ServicePrincipal, ServicePrincipals};
use crate::RequestBuilder;

/// The maximal number of characters of an id and of a description.
const MOST: usize = 256;

/// Refers to a service principal of the subscription by an id of at most 256 characters; recorded ones are
/// GUIDs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServicePrincipalRef {
    id: String,
}

impl ServicePrincipalRef {
    /// Refers to the service principal with this id.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into() }
    }

    /// Returns the id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Rejects an id that the service would reject.
    fn check(&self, request: &mut RequestBuilder) {
        request.check_name("id of the service principal", &self.id);
        request.max_length("id of the service principal", &self.id, MOST);
    }

    /// Fills the placeholder `{service-principal-id}`.
    fn fill(&self, request: &mut RequestBuilder) {
        self.check(request);
        request.segment("service-principal-id", "id of the service principal", &self.id);
    }
}
