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

/// A root with one field of any type: `<Root><Value>…</Value></Root>`.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", bound = "T: Deserialize<'de>")]
struct Root<T> {
    value: T,
}

/// Reads what stands inside the root `Root` of the service's namespace.
fn read_root<T: DeserializeOwned>(content: &str) -> Result<Root<T>, ReadError> {
    from_slice(document("Root", content).as_bytes())
}

/// Reads `Value` out of the root `Root`.
fn value<T: DeserializeOwned>(content: &str) -> T {
    read_root(content).unwrap_or_else(|error| panic!("{content}: {error}")).value
}

/// The error of reading `Value` as a `T`, as text.
fn refusal<T: DeserializeOwned + std::fmt::Debug>(content: &str) -> String {
    read_root::<T>(content).expect_err(content).to_string()
}

fn document(root: &str, content: &str) -> String {
    format!(
        "<{root} xmlns=\"{WINDOWS_AZURE}\" \
         xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">{content}</{root}>"
    )
}
