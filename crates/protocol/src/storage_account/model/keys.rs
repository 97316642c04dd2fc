use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::{Base64Bytes, Model, Secret};

/// The keys of a storage account (`StorageService` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "StorageService", rename_all = "PascalCase")]
pub struct StorageAccountKeys {
    /// The management address of the account. Informational: the host may be a regional one.
    #[serde(default)]
    pub url: String,
    /// The keys.
    #[serde(rename = "StorageServiceKeys", default)]
    pub keys: KeyPair,
}

impl Model for StorageAccountKeys {}

/// Two keys of equal power, so that one can be renewed while the other is in use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "StorageServiceKeys", rename_all = "PascalCase")]
pub struct KeyPair {
    /// The first.
    pub primary: Option<Secret<Base64Bytes>>,
    /// The second.
    pub secondary: Option<Secret<Base64Bytes>>,
}

open_enum! {
    /// One of the two keys.
    pub enum KeyType {
        /// The first.
        Primary,
        /// The second.
        Secondary,
    }
}
