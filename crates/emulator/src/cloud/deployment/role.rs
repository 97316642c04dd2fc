//! A role of a deployment: the instances that it has, and those that it should have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::instance::Instance;
use super::version::VersionId;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) name: String,
    /// What it ran when the last update ended; `None` while the role is being added.
    pub(crate) settled: Option<Goal>,
    /// What it is to run; `None` when the role is to go.
    pub(crate) goal: Option<Goal>,
    pub(crate) instances: BTreeMap<u32, Instance>,
}

/// What a role is to run, and how many times.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Goal {
    pub(crate) version: VersionId,
    pub(crate) count: u32,
}

impl Role {
    pub(crate) fn new(name: String) -> Self {
        Self { name, settled: None, goal: None, instances: BTreeMap::new() }
    }

    /// How many instances there should be in the end.
    pub(crate) fn count(&self) -> u32 {
        self.goal.as_ref().map_or(0, |goal| goal.count)
    }

    /// The indices of one upgrade domain, of instances that are there or should be.
    pub(crate) fn indices(&self, domain: u32, domains: u32) -> impl Iterator<Item = u32> + use<> {
        let last = self.instances.last_key_value().map_or(0, |(index, _)| index + 1);
        let domains = usize::try_from(domains).unwrap_or(usize::MAX);
        (domain..last.max(self.count())).step_by(domains)
    }

    /// Whether an instance has yet to get what the update (by number) brings, or to arrive with it.
    pub(crate) fn is_behind(&self, update: u32) -> bool {
        let Some(goal) = &self.goal else { return !self.instances.is_empty() };
        self.instances.len() != goal.count as usize
            || self.instances.values().any(|instance| {
                instance.awaited_by == Some(update) || instance.version != goal.version
            })
    }

    pub(crate) fn instance_name(&self, index: u32) -> String {
        format!("{}_IN_{index}", self.name)
    }
}
