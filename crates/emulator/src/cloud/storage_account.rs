//! Storage accounts, as far as they are managed: nothing is stored in them.

mod account_type;
pub(super) mod answers;
mod keys;
mod requests;

use azure_classic_protocol::ApiVersion;
use azure_classic_protocol::machine::Instant;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};

use self::account_type::AccountType;
use self::answers::{StorageService, StorageServices};
use self::keys::Keys;
use super::Cloud;
use super::answer::Answer;
use super::call::Call;
use super::name_availability::AvailabilityResponse;
use super::place::Place;
use super::refusal::Refusal;
use super::route::Route;
use super::values::{self, Properties};
use super::work::{Task, UnderWay};
use super::world::Subject;

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
const MOST_PROPERTIES: usize = 50;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StorageAccount {
    name: String,
    label: String,
    description: Option<String>,
    pub(crate) place: Place,
    account_type: AccountType,
    properties: Properties,
    custom_domains: Vec<String>,
    created: Instant,
    keys: Keys,
    /// While it is being made.
    pub(crate) creation: Option<UnderWay>,
}

fn list(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let settings = &cloud.world.settings;
    let accounts = cloud.storage_accounts.values();
    let accounts = accounts.map(|account| StorageService::listed(account, settings, call));
    Answer::xml(&StorageServices(accounts.collect()))
}

fn get(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = call.argument("account");
    if let Some(creation) = &cloud.storage_account(name)?.creation {
        cloud.poll(Subject::Work(creation.id));
    }
    let account = cloud.storage_account(name)?;
    Answer::xml(&StorageService::detailed(account, &cloud.world.settings, call))
}

fn create(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let create = requests::create(call, cloud)?;
    let name = create.name.clone();
    if cloud.storage_accounts.contains_key(&name) {
        return Err(Refusal::conflict(format!(
            "The storage account named '{name}' is already taken."
        )));
    }
    cloud.storage_account_quota().check(1)?;
    let group = format!("Default-Storage-{}", create.place.location().replace(' ', ""));
    let account = StorageAccount {
        name: create.name,
        label: create.label,
        description: create.description,
        properties: values::with_platform_made(create.properties, group, &create.place),
        place: create.place,
        account_type: create.account_type,
        custom_domains: Vec::new(),
        created: cloud.world.now,
        keys: Keys::new(&mut cloud.world.random),
        creation: Some(cloud.begin_work(call.id, Task::CreateStorageAccount(name.clone()))),
    };
    let location = cloud.world.settings.created_at("storage", &name);
    cloud.storage_accounts.insert(name, account);
    Ok(Answer::accepted().with(header::LOCATION, location))
}

fn update(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = call.argument("account");
    let update = requests::update(call, cloud.storage_account(name)?)?;
    let account = cloud.storage_account_mut(name)?;
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
    Ok(Answer::empty(StatusCode::OK))
}

fn delete(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = call.argument("account");
    cloud.storage_account_mut(name)?;
    cloud.storage_accounts.remove(&name.to_ascii_lowercase());
    Ok(Answer::empty(StatusCode::OK))
}

fn check_name_availability(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = call.argument("account");
    check_name(name)?;
    let reason = cloud
        .storage_account(name)
        .is_ok()
        .then(|| format!("A storage account named '{name}' already exists in the subscription."));
    Answer::xml(&AvailabilityResponse::new(reason.as_deref()))
}

impl Cloud {
    fn storage_account(&self, name: &str) -> Result<&StorageAccount, Refusal> {
        self.storage_accounts.get(&name.to_ascii_lowercase()).ok_or_else(|| no_account(name))
    }

    /// The account, to change it: one that is still being made is not.
    fn storage_account_mut(&mut self, name: &str) -> Result<&mut StorageAccount, Refusal> {
        let account = self
            .storage_accounts
            .get_mut(&name.to_ascii_lowercase())
            .ok_or_else(|| no_account(name))?;
        match &account.creation {
            Some(creation) => Err(Refusal::locked(&creation.operation)),
            None => Ok(account),
        }
    }

    /// The end of a creation.
    pub(super) fn finish_storage_account(&mut self, name: &str) -> Result<(), Refusal> {
        let account = self.storage_accounts.get_mut(name).ok_or_else(|| no_account(name))?;
        account.creation = None;
        Ok(())
    }
}

fn no_account(name: &str) -> Refusal {
    Refusal::not_found(format!("The storage account '{name}' was not found."))
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let fits = (3..=24).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if fits {
        return Ok(());
    }
    Err(Refusal::bad_request(
        "The name is not a valid storage account name. Storage account names must be between 3 and \
         24 characters in length and use numbers and lower-case letters only.",
    ))
}
