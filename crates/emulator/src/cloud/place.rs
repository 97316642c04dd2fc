//! Where a cloud service or a storage account lies.

use serde::{Deserialize, Serialize};

use super::Cloud;
use super::affinity_group::AffinityGroup;
use super::contract::Fields;
use super::location;
use super::refusal::Refusal;

/// A location, chosen by itself or with an affinity group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Place {
    /// As the service spells it.
    location: String,
    affinity_group: Option<String>,
}

impl Place {
    /// Reads the elements `Location` and `AffinityGroup`, of which there must be one.
    pub(crate) fn read(fields: &Fields<'_>, cloud: &Cloud) -> Result<Self, Refusal> {
        let given = |name| fields.text(name).filter(|text| !text.is_empty());
        match (given("Location"), given("AffinityGroup")) {
            (Some(name), None) => {
                Ok(Self { location: location::named(&name)?.name.to_owned(), affinity_group: None })
            }
            (None, Some(name)) => {
                let group = cloud.affinity_group(&name)?;
                Ok(Self {
                    location: group.location.clone(),
                    affinity_group: Some(group.name.clone()),
                })
            }
            _ => Err(Refusal::bad_request(
                "Exactly one of Location and AffinityGroup must be specified.",
            )),
        }
    }

    /// Where it is, however that was chosen.
    pub(crate) fn location(&self) -> &str {
        &self.location
    }

    /// What is told: the location unless it follows from the affinity group.
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
