//! Where a cloud service or a storage account lies.

use serde::{Deserialize, Serialize};

use super::Simulator;
use super::affinity_group::AffinityGroup;
use super::api_error::ApiError;
use super::contract::Fields;
use super::location;

/// A location, chosen by itself or with an affinity group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ResourceLocation {
    /// As the service spells it.
    location: String,
    affinity_group: Option<String>,
}

impl ResourceLocation {
    /// Reads the elements `Location` and `AffinityGroup`, of which there must be one.
    pub(crate) fn read(fields: &Fields<'_>, simulator: &Simulator) -> Result<Self, ApiError> {
        let given = |name| fields.text(name).filter(|text| !text.is_empty());
        match (given("Location"), given("AffinityGroup")) {
            (Some(name), None) => {
                Ok(Self { location: location::find(&name)?.name.to_owned(), affinity_group: None })
            }
            (None, Some(name)) => {
                let group = simulator.affinity_group(&name)?;
                Ok(Self {
                    location: group.location.clone(),
                    affinity_group: Some(group.name.clone()),
                })
            }
            _ => Err(ApiError::bad_request(
                "Exactly one of Location and AffinityGroup must be specified.",
            )),
        }
    }

    /// Where it is, however that was chosen.
    pub(crate) fn location(&self) -> &str {
        &self.location
    }

    /// The location in responses, unless it follows from the affinity group.
    pub(crate) fn own_location(&self) -> Option<&str> {
        self.affinity_group.is_none().then_some(&self.location)
    }

    pub(crate) fn affinity_group(&self) -> Option<&str> {
        self.affinity_group.as_deref()
    }

    pub(crate) fn is_in(&self, group: &AffinityGroup) -> bool {
        self.affinity_group.as_ref() == Some(&group.name)
    }
}
