//! Remembers the instances of earlier responses, and parses their names.

use azure_classic_protocol::Deployment;
use serde::{Deserialize, Serialize};

/// An instance in an earlier response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnownInstance {
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) domain: u32,
    /// Whether it was first listed after the update had started.
    #[serde(default)]
    pub(crate) is_new: bool,
}

/// The remembered instances of a response.
pub(crate) fn known(deployment: &Deployment) -> Vec<KnownInstance> {
    let instances = deployment.role_instance_list.iter();
    let known = instances.filter_map(|instance| {
        Some(KnownInstance {
            name: instance.instance_name.clone(),
            role: instance.role_name.clone(),
            domain: instance.instance_upgrade_domain?,
            is_new: false,
        })
    });
    known.collect()
}

/// The name that the platform gives to an instance.
pub(crate) fn named(role: &str, number: u32) -> String {
    format!("{role}_IN_{number}")
}

/// The number at the end of an instance's name.
pub(crate) fn number(name: &str) -> Option<u64> {
    let digits = name.trim_end_matches(|character: char| character.is_ascii_digit()).len();
    name[digits..].parse().ok()
}
