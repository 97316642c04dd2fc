//! The keys of a storage account: Get Storage Account Keys, Regenerate Storage Account Keys.

use azure_classic_protocol::{ApiVersion, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::StorageAccount;
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::contract::Contract;
use crate::simulator::random::Random;
use crate::simulator::settings::Settings;

/// Each is base64 of 64 random bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Keys {
    primary: Secret,
    secondary: Secret,
}

impl Keys {
    pub(super) fn new(random: &mut Random) -> Self {
        Self { primary: new_key(random), secondary: new_key(random) }
    }
}

fn new_key(random: &mut Random) -> Secret {
    let bytes: Vec<u8> = (0..8).flat_map(|_| random.next().to_le_bytes()).collect();
    Secret::new(STANDARD.encode(bytes))
}

pub(super) fn get(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let account = simulator.storage_account(call.argument("account"))?;
    ApiResponse::xml(&StorageService::new(account, &simulator.shared.settings))
}

pub(super) fn regenerate(
    simulator: &mut Simulator,
    call: &Call<'_>,
) -> Result<ApiResponse, ApiError> {
    let name = call.argument("account");
    simulator.storage_account(name)?;
    let key_type = call.read(&REGENERATE, |fields| fields.required("KeyType"))?;
    let new = new_key(&mut simulator.shared.random);
    let keys = &mut simulator.storage_account_mut(name)?.keys;
    match key_type.trim().to_ascii_lowercase().as_str() {
        "primary" => keys.primary = new,
        "secondary" => keys.secondary = new,
        _ => return Err(ApiError::bad_xml("The element KeyType must be Primary or Secondary.")),
    }
    get(simulator, call)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StorageService<'a> {
    url: String,
    storage_service_keys: StorageServiceKeys<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StorageServiceKeys<'a> {
    primary: &'a str,
    secondary: &'a str,
}

impl<'a> StorageService<'a> {
    fn new(account: &'a StorageAccount, settings: &Settings) -> Self {
        Self {
            url: account.url(settings),
            storage_service_keys: StorageServiceKeys {
                primary: account.keys.primary.expose(),
                secondary: account.keys.secondary.expose(),
            },
        }
    }
}

const REGENERATE: Contract =
    Contract { root: "RegenerateKeys", members: &[("KeyType", ApiVersion::V2009_10_01)] };
