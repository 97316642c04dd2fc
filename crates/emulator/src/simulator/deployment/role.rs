//! A role of a deployment: the instances that it has, and those that it should have.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::instance::Instance;
use super::version::VersionId;
use crate::simulator::validation::InvalidState;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) name: String,
    /// What it ran when the last update ended; `None` while the role is being added.
    pub(crate) stable: Option<RoleTarget>,
    /// What it is to run; `None` when the role is to go.
    pub(crate) target: Option<RoleTarget>,
    pub(crate) instances: BTreeMap<u32, Instance>,
}

/// What a role is to run, and in which instances.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RoleTarget {
    pub(crate) version: VersionId,
    pub(crate) indices: Indices,
}

/// The numbers of instances: all below an end, but for those that were deleted by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Indices {
    end: u32,
    gaps: BTreeSet<u32>,
}

impl Role {
    pub(crate) fn new(name: String) -> Self {
        Self { name, stable: None, target: None, instances: BTreeMap::new() }
    }

    /// The indices of one upgrade domain, of instances that are there or should be.
    pub(crate) fn indices(&self, domain: u32, domains: u32) -> impl Iterator<Item = u32> + use<> {
        let last = self.instances.last_key_value().map_or(0, |(index, _)| index + 1);
        let end = self.target.as_ref().map_or(0, |goal| goal.indices.end);
        let domains = usize::try_from(domains).unwrap_or(usize::MAX);
        (domain..last.max(end)).step_by(domains)
    }

    /// Whether an instance has yet to get what the update (by number) brings, or to arrive with it.
    pub(crate) fn has_pending_instances(&self, update: u32) -> bool {
        let Some(goal) = &self.target else { return !self.instances.is_empty() };
        self.instances.len() != goal.indices.count() as usize
            || self.instances.values().any(|instance| {
                instance.awaited_by == Some(update) || instance.version != goal.version
            })
    }

    pub(crate) fn instance_name(&self, index: u32) -> String {
        format!("{}_IN_{index}", self.name)
    }

    /// The index of the instance of this name, in any case.
    pub(crate) fn find_instance(&self, name: &str) -> Option<u32> {
        let index = name.rsplit('_').next()?.parse().ok()?;
        let is_match = self.instance_name(index).eq_ignore_ascii_case(name);
        (is_match && self.instances.contains_key(&index)).then_some(index)
    }
}

impl Indices {
    /// Whether they make sense, as read from a file.
    pub(super) fn check(&self, most: u32) -> Result<(), InvalidState> {
        if self.end > most {
            let what = format!("is {}; at most {most} instances are allowed", self.end);
            return Err(InvalidState::new("indices.end", what));
        }
        // The last number below the end is no gap.
        match self.gaps.last() {
            Some(gap) if gap.saturating_add(1) >= self.end => {
                let what = format!("names {gap}, but the numbers end below {}", self.end);
                Err(InvalidState::new("indices.gaps", what))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn count(&self) -> u32 {
        let gaps = u32::try_from(self.gaps.len()).unwrap_or(u32::MAX);
        self.end - gaps
    }

    pub(crate) fn contains(&self, index: u32) -> bool {
        index < self.end && !self.gaps.contains(&index)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        (0..self.end).filter(|index| !self.gaps.contains(index))
    }

    pub(crate) fn remove(&mut self, index: u32) {
        if index < self.end {
            self.gaps.insert(index);
        }
        while self.end > 0 && self.gaps.remove(&(self.end - 1)) {
            self.end -= 1;
        }
    }

    /// So many of them: more fill the gaps first, of fewer the last ones go.
    pub(crate) fn with_count(mut self, count: u32) -> Self {
        while self.count() < count {
            if self.gaps.pop_first().is_none() {
                self.end += count - self.count();
            }
        }
        while self.count() > count {
            self.remove(self.end - 1);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_in_gaps_first_and_removes_from_the_end() {
        let listed = |indices: &Indices| indices.iter().collect::<Vec<_>>();
        let mut indices = Indices::default().with_count(5);
        assert_eq!(listed(&indices), [0, 1, 2, 3, 4]);
        indices.remove(1);
        indices.remove(3);
        indices.remove(9);
        assert_eq!((listed(&indices), indices.count()), (vec![0, 2, 4], 3));
        assert!(indices.contains(2) && !indices.contains(3) && !indices.contains(5));

        assert_eq!(listed(&indices.clone().with_count(2)), [0, 2]);
        assert_eq!(listed(&indices.clone().with_count(4)), [0, 1, 2, 4]);
        assert_eq!(listed(&indices.clone().with_count(7)), [0, 1, 2, 3, 4, 5, 6]);

        indices.remove(4);
        assert_eq!(indices.end, 3);
        assert!(listed(&indices.with_count(0)).is_empty());
    }
}
