use serde::{Deserialize, Serialize};

use crate::{ApiVersion, Error, RequestBuilder};

/// A name and a value that a user attaches to a cloud service or a deployment. Since 2012-03-01.
///
/// A cloud service has at most 50, a request for a deployment at most 25. The platform adds some itself
/// (`ResourceGroup`, `ResourceLocation`, …), so the set never contains only yours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ExtendedProperty {
    /// A letter, then letters, digits and underscores; at most 64 characters.
    pub name: String,
    /// At most 255 characters. In a write, `None` deletes the property; the empty text does not.
    pub value: Option<String>,
}

impl ExtendedProperty {
    /// Creates a property with a value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: Some(value.into()) }
    }

    /// Deletes the property of this name, in a write to a cloud service or a deployment.
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
                "its name has {} characters, more than the allowed 64",
                self.name.len()
            ));
        }
        match self.value.as_deref().map(|value| value.chars().count()) {
            Some(length) if length > 255 => {
                Err(format!("its value has {length} characters, more than the allowed 255"))
            }
            _ => Ok(()),
        }
    }
}

/// The maximal number of properties in a request for a cloud service.
pub(crate) const PER_CLOUD_SERVICE: usize = 50;
/// The maximal number of properties in a request for a deployment.
pub(crate) const PER_DEPLOYMENT: usize = 25;

/// Checks the documented limits, and the version.
pub(crate) fn check(request: &mut RequestBuilder, properties: &[ExtendedProperty], most: usize) {
    if properties.is_empty() {
        return;
    }
    request.requires(ApiVersion::V2012_03_01, "ExtendedProperties");
    if properties.len() > most {
        request.reject(Error::invalid(format!(
            "there are {} extended properties, more than the allowed {most}",
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
