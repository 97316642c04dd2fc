//! A request with its matched operation, its object and its content.

use azure_classic_protocol::xml::WINDOWS_AZURE;
use azure_classic_protocol::{ApiVersion, RequestId};
use http::Uri;
use percent_encoding::percent_decode_str;
use roxmltree::Document;

use super::api_error::ApiError;
use super::contract::{Contract, Fields, is_nil, root_of, text_of};
use super::diagnostics::Diagnostics;
use super::prepared_body::PreparedBody;
use crate::Caller;

pub(crate) struct Call<'a> {
    pub(crate) id: &'a RequestId,
    pub(crate) caller: &'a Caller,
    pub(crate) version: ApiVersion,
    pub(crate) arguments: Arguments,
    pub(crate) query: Query<'a>,
    pub(crate) headers: &'a http::HeaderMap,
    pub(crate) prepared: &'a PreparedBody<'a>,
    pub(crate) diagnostics: &'a Diagnostics,
}

impl Call<'_> {
    /// The values of the placeholders in the path.
    pub(crate) fn argument(&self, name: &str) -> &str {
        self.arguments.get(name)
    }

    /// The deployment that the path names.
    pub(crate) fn deployment_selector(&self) -> Result<DeploymentSelector, ApiError> {
        self.arguments.deployment_selector()
    }

    pub(crate) fn has_version(&self, since: ApiVersion) -> bool {
        self.version >= since
    }

    /// Reads the body as a data contract does.
    pub(crate) fn read<T>(
        &self,
        contract: &Contract,
        read: impl FnOnce(&Fields<'_>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        read(&contract.read(self.document()?, self.version, self.diagnostics)?)
    }

    /// Reads a body that is a list of texts.
    pub(crate) fn read_list(&self, list: &str, item: &str) -> Result<Vec<String>, ApiError> {
        let items = root_of(self.document()?, list)?.children();
        let items = items.filter(|node| node.has_tag_name((WINDOWS_AZURE, item)) && !is_nil(*node));
        Ok(items.map(text_of).collect())
    }

    fn document(&self) -> Result<&Document<'_>, ApiError> {
        self.prepared.document().map_err(|error| {
            ApiError::bad_xml(format!(
                "The request body's XML was invalid or not correctly specified: {error}."
            ))
        })
    }
}

/// The values of the placeholders in a path, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Arguments(pub(super) Vec<(&'static str, String)>);

impl Arguments {
    /// Empty when the path has no such place.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| *own == name).map_or("", |(_, value)| value)
    }

    /// The deployment that the path names.
    pub(crate) fn deployment_selector(&self) -> Result<DeploymentSelector, ApiError> {
        match self.get("slot") {
            "" => Ok(DeploymentSelector::Name(self.get("deployment").to_owned())),
            slot => Slot::read(slot).map(DeploymentSelector::Slot),
        }
    }
}

/// The query of a request; its names count in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    pub(crate) fn of(uri: &'a Uri) -> Self {
        Self(uri.query().unwrap_or_default())
    }

    /// The decoded value of a parameter; an empty one is as good as none.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        self.0
            .split('&')
            .find_map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                decode(key).eq_ignore_ascii_case(name).then(|| decode(value))
            })
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn required(&self, name: &str) -> Result<String, ApiError> {
        self.get(name).ok_or_else(|| {
            ApiError::bad_query(format!("The required query parameter {name} is missing."))
        })
    }

    /// A parameter that is true or false, in any case; false when it is missing.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, ApiError> {
        match self.get(name).map(|value| value.to_ascii_lowercase()).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(ApiError::bad_query(format!(
                "The query parameter {name} must be true or false."
            ))),
        }
    }
}

/// Which deployment of a cloud service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DeploymentSelector {
    Slot(Slot),
    Name(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Slot {
    Production,
    Staging,
}

impl Slot {
    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Production => 0,
            Self::Staging => 1,
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "Production",
            Self::Staging => "Staging",
        }
    }

    pub(crate) fn read(text: &str) -> Result<Self, ApiError> {
        [Self::Production, Self::Staging]
            .into_iter()
            .find(|slot| slot.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| ApiError::bad_request("A parameter was incorrect"))
    }
}
