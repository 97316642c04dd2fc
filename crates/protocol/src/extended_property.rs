use serde::{Deserialize, Serialize};

use crate::{ApiVersion, Error, RequestBuilder};

/// A name and a value that people attach to a cloud service or a deployment. Since 2012-03-01.
///
/// A cloud service has at most 50, a request about a deployment at most 25. The platform adds some
/// of its own (`ResourceGroup`, `ResourceLocation`, …), so never take the set for yours alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ExtendedProperty {
    /// A letter, then letters, digits and underscores; at most 64 characters.
    pub name: String,
    /// At most 255 characters. `None` in a request that changes something deletes the property; the
    /// empty text does not.
    pub value: Option<String>,
}

impl ExtendedProperty {
    /// A property with a value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: Some(value.into()) }
    }

    /// Deletes the property of this name, in a request that changes a cloud service or a deployment.
    pub fn delete(name: impl Into<String>) -> Self {
        Self { name: name.into(), value: None }
    }

    fn check(&self) -> Result<(), String> {
        let mut characters = self.name.chars();
        let is_word = characters.next().is_some_and(|first| first.is_ascii_alphabetic())
            && characters.all(|next| next.is_ascii_alphanumeric() || next == '_');
        if !is_word {
            return Err("a name is a letter followed by letters, digits and underscores".to_owned());
        }
        if self.name.len() > 64 {
            return Err(format!(
                "its name has {} characters, and at most 64 are allowed",
                self.name.len()
            ));
        }
        match self.value.as_deref().map(|value| value.chars().count()) {
            Some(length) if length > 255 => {
                Err(format!("its value has {length} characters, and at most 255 are allowed"))
            }
            _ => Ok(()),
        }
    }
}

/// The most properties that a request about a cloud service may carry.
pub(crate) const PER_CLOUD_SERVICE: usize = 50;
/// The most properties that a request about a deployment may carry.
pub(crate) const PER_DEPLOYMENT: usize = 25;

/// Checks the limits that the reference gives, and the version.
pub(crate) fn check(request: &mut RequestBuilder, properties: &[ExtendedProperty], most: usize) {
    if properties.is_empty() {
        return;
    }
    request.requires(ApiVersion::V2012_03_01, "ExtendedProperties");
    if properties.len() > most {
        request.reject(Error::invalid(format!(
            "there are {} extended properties, and at most {most} are allowed here",
            properties.len()
        )));
    }
    for (at, property) in properties.iter().enumerate() {
        if let Err(why) = property.check() {
            let name: String = property.name.chars().take(70).collect();
            request.reject(Error::invalid(format!("the extended property {name:?}: {why}")));
        }
        if properties[..at].iter().any(|earlier| earlier.name == property.name) {
            request.reject(Error::invalid(format!(
                "the extended property {:?} is given twice",
                property.name
            )));
        }
    }
}
