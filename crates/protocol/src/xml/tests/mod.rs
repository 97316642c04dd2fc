//! The dialect, rule by rule.

mod fields;
mod hostile;
mod lists;
mod namespaces;
mod places;
mod random;
mod texts;
mod unknown;
mod writing;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{ReadError, WINDOWS_AZURE, from_slice};

/// A root with one field of any type: `<Answer><Value>…</Value></Answer>`.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", bound = "T: Deserialize<'de>")]
struct Answer<T> {
    value: T,
}

/// Reads what stands inside the root `Answer` of the service's namespace.
fn answer<T: DeserializeOwned>(content: &str) -> Result<Answer<T>, ReadError> {
    from_slice(document("Answer", content).as_bytes())
}

/// Reads `Value` out of the root `Answer`.
fn value<T: DeserializeOwned>(content: &str) -> T {
    answer(content).unwrap_or_else(|error| panic!("{content}: {error}")).value
}

/// The words of the error that reading `Value` as a `T` ends in.
fn refusal<T: DeserializeOwned + std::fmt::Debug>(content: &str) -> String {
    answer::<T>(content).expect_err(content).to_string()
}

fn document(root: &str, content: &str) -> String {
    format!(
        "<{root} xmlns=\"{WINDOWS_AZURE}\" \
         xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">{content}</{root}>"
    )
}
