//! Lists that distinguish empty from absent.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Visitor};

/// The name with which [`present_list`] requests, from this module's deserializer, an option that only
/// absence and nil make `None`.
pub(super) const PRESENT: &str = "$azure_classic::xml::Present";

/// Reads an `Option<Vec<T>>` for which an empty element is `Some` of an empty list. Absent (with `default`)
/// and nil are `None`.
///
/// Without it, an empty element is `None`, as for every other type. Use it for responses that omit a list
/// unless it was requested. Formats other than this module's read the option as usual.
///
/// # Errors
///
/// Those of the items.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::xml;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Deployment {}
///
/// #[derive(Deserialize)]
/// #[serde(rename_all = "PascalCase")]
/// struct HostedService {
///     #[serde(default, deserialize_with = "xml::present_list")]
///     deployments: Option<Vec<Deployment>>,
/// }
///
/// let document = br#"<HostedService xmlns="http://schemas.microsoft.com/windowsazure"><Deployments/></HostedService>"#;
/// let service: HostedService = xml::from_slice(document)?;
/// assert!(service.deployments.is_some_and(|deployments| deployments.is_empty()));
/// # Ok::<(), xml::ReadError>(())
/// ```
pub fn present_list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_newtype_struct(PRESENT, Present(PhantomData))
}

struct Present<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Present<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Vec::deserialize(deserializer).map(Some)
    }

    /// Any other format: it ignores the newtype.
    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        Option::deserialize(deserializer)
    }
}
