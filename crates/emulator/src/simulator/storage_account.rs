//! Storage accounts, as far as they are managed: nothing is stored in them.

mod account_type;
mod keys;
mod requests;
pub(super) mod views;

use azure_classic_protocol::ApiVersion;
use azure_classic_protocol::machine::Instant;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};

use self::account_type::AccountType;
use self::keys::Keys;
use self::views::{StorageService, StorageServices};
use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::name_availability::AvailabilityResponse;
use super::resource_location::ResourceLocation;
use super::route::Route;
use super::shared_state::Subject;
use super::tasks::{Task, TaskRef};
use super::values::{self, Properties};

pub(super) const ROUTES: &[Route] = &[
    Route::get("List Storage Accounts", ACCOUNTS, ApiVersion::V2009_10_01, list),
    Route::get("Get Storage Account Properties", ACCOUNT, ApiVersion::V2009_10_01, get),
    Route::post("Create Storage Account", ACCOUNTS, ApiVersion::V2011_06_01, create),
    Route::put("Update Storage Account", ACCOUNT, ApiVersion::V2011_06_01, update),
    Route::delete("Delete Storage Account", ACCOUNT, ApiVersion::V2011_06_01, delete),
    Route::get("Get Storage Account Keys", KEYS, ApiVersion::V2009_10_01, keys::get),
    Route::post("Regenerate Storage Account Keys", KEYS, ApiVersion::V2009_10_01, keys::regenerate)
        .when("action", "regenerate"),
    Route::get(
        "Check Storage Account Name Availability",
        "/services/storageservices/operations/isavailable/{account}",
        ApiVersion::V2012_03_01,
        check_name_availability,
    ),
];

const ACCOUNTS: &str = "/services/storageservices";
const ACCOUNT: &str = "/services/storageservices/{account}";
const KEYS: &str = "/services/storageservices/{account}/keys";

/// The most extended properties on an account, besides those that the platform makes.
const MAX_PROPERTIES: usize = 50;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StorageAccount {
    name: String,
    label: String,
    description: Option<String>,
    pub(crate) placement: ResourceLocation,
    account_type: AccountType,
    properties: Properties,
    custom_domains: Vec<String>,
    created: Instant,
    keys: Keys,
    /// While it is being made.
    pub(crate) creation: Option<TaskRef>,
}

fn list(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let settings = &simulator.shared.settings;
    let accounts = simulator.storage_accounts.values();
    let accounts = accounts.map(|account| StorageService::listed(account, settings, call));
    ApiResponse::xml(&StorageServices(accounts.collect()))
}

fn get(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = call.argument("account");
    if let Some(creation) = &simulator.storage_account(name)?.creation {
        simulator.count_poll(Subject::Task(creation.id));
    }
    let account = simulator.storage_account(name)?;
    ApiResponse::xml(&StorageService::detailed(account, &simulator.shared.settings, call))
}

fn create(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let create = requests::create(call, simulator)?;
    let name = create.name.clone();
    if simulator.storage_accounts.contains_key(&name) {
        return Err(ApiError::conflict(format!(
            "The storage account named '{name}' is already taken."
        )));
    }
    simulator.storage_account_quota().check(1)?;
    let group = format!("Default-Storage-{}", create.placement.location().replace(' ', ""));
    let account = StorageAccount {
        name: create.name,
        label: create.label,
        description: create.description,
        properties: values::with_platform_properties(create.properties, group, &create.placement),
        placement: create.placement,
        account_type: create.account_type,
        custom_domains: Vec::new(),
        created: simulator.shared.now,
        keys: Keys::new(&mut simulator.shared.random),
        creation: Some(simulator.start_task(call.id, Task::CreateStorageAccount(name.clone()))),
    };
    let location = simulator.shared.settings.created_at("storage", &name);
    simulator.storage_accounts.insert(name, account);
    Ok(ApiResponse::accepted().with(header::LOCATION, location))
}

fn update(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = call.argument("account");
    let update = requests::update(call, simulator.storage_account(name)?)?;
    let account = simulator.storage_account_mut(name)?;
    account.properties = update.properties;
    account.account_type = update.account_type;
    if let Some(description) = update.description {
        account.description = Some(description);
    }
    if let Some(label) = update.label {
        account.label = label;
    }
    if let Some(domains) = update.custom_domains {
        account.custom_domains = domains;
    }
    Ok(ApiResponse::empty(StatusCode::OK))
}

fn delete(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = call.argument("account");
    simulator.storage_account_mut(name)?;
    simulator.storage_accounts.remove(&name.to_ascii_lowercase());
    Ok(ApiResponse::empty(StatusCode::OK))
}

fn check_name_availability(
    simulator: &mut Simulator,
    call: &Call<'_>,
) -> Result<ApiResponse, ApiError> {
    let name = call.argument("account");
    check_name(name)?;
    let reason = simulator
        .storage_account(name)
        .is_ok()
        .then(|| format!("A storage account named '{name}' already exists in the subscription."));
    ApiResponse::xml(&AvailabilityResponse::new(reason.as_deref()))
}

impl Simulator {
    fn storage_account(&self, name: &str) -> Result<&StorageAccount, ApiError> {
        self.storage_accounts.get(&name.to_ascii_lowercase()).ok_or_else(|| no_account(name))
    }

    /// The account, to change it: one that is still being made is not.
    fn storage_account_mut(&mut self, name: &str) -> Result<&mut StorageAccount, ApiError> {
        let account = self
            .storage_accounts
            .get_mut(&name.to_ascii_lowercase())
            .ok_or_else(|| no_account(name))?;
        match &account.creation {
            Some(creation) => Err(ApiError::locked(&creation.operation)),
            None => Ok(account),
        }
    }

    /// The end of a creation.
    pub(super) fn finish_storage_account_creation(&mut self, name: &str) -> Result<(), ApiError> {
        let account = self.storage_accounts.get_mut(name).ok_or_else(|| no_account(name))?;
        account.creation = None;
        Ok(())
    }
}

fn no_account(name: &str) -> ApiError {
    ApiError::not_found(format!("The storage account '{name}' was not found."))
}

fn check_name(name: &str) -> Result<(), ApiError> {
    let fits = (3..=24).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if fits {
        return Ok(());
    }
    Err(ApiError::bad_request(
        "The name is not a valid storage account name. Storage account names must be between 3 and \
         24 characters in length and use numbers and lower-case letters only.",
    ))
}
