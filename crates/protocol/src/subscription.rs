//! The subscription: its limits, its operation log, and its registered resource providers.

use std::fmt;
use std::str::FromStr;

mod get;
mod list;
mod list_operations;
mod model;
mod operation_log;
mod register_provider;
mod unregister_provider;

pub use self::get::GetSubscription;
pub use self::list::ListSubscriptions;
pub use self::list_operations::ListSubscriptionOperations;
pub use self::model::{Subscription, SubscriptionStatus, Subscriptions};
pub use self::operation_log::{
    OperationCaller, OperationParameter, SubscriptionOperation, SubscriptionOperations,
};
pub use self::register_provider::RegisterResourceProvider;
pub use self::unregister_provider::UnregisterResourceProvider;
use crate::{Error, RequestBuilder};

/// The id of a subscription: a GUID with hyphens, the first segment of every path.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SubscriptionId(Box<str>);

impl SubscriptionId {
    /// Returns the id, in lower case with hyphens.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SubscriptionId {
    type Err = InvalidSubscriptionId;

    fn from_str(text: &str) -> Result<Self, InvalidSubscriptionId> {
        let text = text.trim();
        // Registries and portals write a GUID in braces.
        let text = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
        let is_guid = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        if is_guid {
            Ok(Self(text.to_ascii_lowercase().into()))
        } else {
            Err(InvalidSubscriptionId(text.chars().take(60).collect()))
        }
    }
}

impl fmt::Display for SubscriptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SubscriptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubscriptionId({self})")
    }
}

/// Refers to a resource provider: a family of services that a subscription can use, such as `website`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ResourceProviderRef {
    name: String,
}

impl ResourceProviderRef {
    /// Refers to the provider with this name, in lower case: `website`, `sqlserver`, `mobileservice`, …
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Adds the query parameter `service`.
    fn query(&self, request: &mut RequestBuilder) {
        if self.name.is_empty() {
            request.reject(Error::invalid("the name of the resource provider is empty; give it"));
        }
        request.query("service", &self.name);
    }
}

/// A text that is not a GUID with hyphens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSubscriptionId(String);

impl fmt::Display for InvalidSubscriptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a subscription id; give a GUID with hyphens such as 8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10",
            self.0
        )
    }
}

impl std::error::Error for InvalidSubscriptionId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_are_parsed_in_every_spelling_with_hyphens() {
        for text in [
            "8A1E2F44-0C5B-4D0E-9A57-3F1F0F6F2B10",
            " 8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10\r\n",
            "{8A1E2F44-0C5B-4D0E-9A57-3F1F0F6F2B10}",
        ] {
            let id: SubscriptionId = text.parse().unwrap();
            assert_eq!(id.as_str(), "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10");
        }
    }

    #[test]
    fn other_text_is_rejected() {
        for text in [
            "",
            "..",
            "{}",
            "{8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10",
            "8a1e2f440c5b4d0e9a573f1f0f6f2b10",
            "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b1/",
        ] {
            let error = text.parse::<SubscriptionId>().unwrap_err().to_string();
            assert!(error.contains("GUID with hyphens"), "{error}");
        }
    }
}
