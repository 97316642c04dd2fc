//! How often and where an account's data is kept.

use serde::{Deserialize, Serialize};

use crate::simulator::api_error::ApiError;
use crate::simulator::contract::Fields;
use crate::simulator::location::Location;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum AccountType {
    /// Three times in one data centre.
    StandardLrs,
    /// Across data centres.
    StandardZrs,
    /// Also in the secondary location.
    StandardGrs,
    /// The same, readable there.
    StandardRagrs,
    /// On solid state disks.
    PremiumLrs,
}

const ALL: [AccountType; 5] = [
    AccountType::StandardLrs,
    AccountType::StandardZrs,
    AccountType::StandardGrs,
    AccountType::StandardRagrs,
    AccountType::PremiumLrs,
];

impl AccountType {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::StandardLrs => "Standard_LRS",
            Self::StandardZrs => "Standard_ZRS",
            Self::StandardGrs => "Standard_GRS",
            Self::StandardRagrs => "Standard_RAGRS",
            Self::PremiumLrs => "Premium_LRS",
        }
    }

    pub(super) fn is_geo_replicated(self) -> bool {
        matches!(self, Self::StandardGrs | Self::StandardRagrs)
    }

    /// Reads this type from a request: from the element of newer versions, or from the two flags of older
    /// ones.
    pub(super) fn read(self, fields: &Fields<'_>) -> Result<Self, ApiError> {
        if let Some(text) = fields.text("AccountType") {
            return ALL
                .into_iter()
                .find(|known| known.as_str().eq_ignore_ascii_case(text.trim()))
                .ok_or_else(|| ApiError::bad_xml("The element AccountType has an unknown value."));
        }
        let replicated = fields.boolean("GeoReplicationEnabled")?;
        let readable = fields.boolean("SecondaryReadEnabled")?;
        if replicated.is_none() && readable.is_none() {
            return Ok(self);
        }
        let replicated = replicated.unwrap_or(self.is_geo_replicated());
        let readable = readable.unwrap_or(replicated && self == Self::StandardRagrs);
        match (replicated, readable) {
            (true, true) => Ok(Self::StandardRagrs),
            (true, false) => Ok(Self::StandardGrs),
            (false, false) => Ok(Self::StandardLrs),
            (false, true) => Err(ApiError::bad_request(
                "SecondaryReadEnabled is possible only with geo replication.",
            )),
        }
    }

    /// An account stays zone-redundant or premium for its life.
    pub(super) fn check_change(self, new: Self) -> Result<(), ApiError> {
        let is_immutable = |it| matches!(it, Self::StandardZrs | Self::PremiumLrs);
        if self != new && (is_immutable(self) || is_immutable(new)) {
            return Err(ApiError::bad_request(format!(
                "The account type cannot be changed from {} to {}.",
                self.as_str(),
                new.as_str()
            )));
        }
        Ok(())
    }

    pub(super) fn check_location(self, location: &Location) -> Result<(), ApiError> {
        if self == Self::PremiumLrs && !location.has_premium_storage() {
            return Err(ApiError::bad_request(format!(
                "The account type {} is not available in {}.",
                self.as_str(),
                location.name
            )));
        }
        Ok(())
    }
}
