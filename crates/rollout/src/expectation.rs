//! The instances that a response must show before it counts as evidence of health, and their upgrade domains.
//!
//! The sources are the configured counts of both versions and the instances that earlier responses listed.
//! This module ignores the states of instances; see [`Health`](crate::Health).

use std::collections::{BTreeMap, BTreeSet};

use azure_classic_protocol::Deployment;
use azure_classic_protocol::configuration::ServiceConfiguration;
use azure_classic_protocol::deployment::model::{InstanceStatus, RoleInstance};

use crate::gap::MAX_DOMAINS;
use crate::known::{KnownInstance, named, number};
use crate::{Gap, Record};

mod stage;

pub(crate) use self::stage::Stage;

/// The instances that a rollout expects in both of its versions.
#[derive(Debug, Default)]
pub(crate) struct Expectation {
    domains: Option<u32>,
    /// The configured counts by role; `None` if the configuration cannot be parsed.
    before: Option<Counts>,
    after: Option<Counts>,
    /// The instance counts of roles that the update does not include; they keep their instances, whatever the
    /// configurations say.
    kept: Counts,
    instances: BTreeMap<String, Expected>,
    /// Whether no other instances can exist.
    is_complete: bool,
}

type Counts = BTreeMap<String, u32>;

#[derive(Debug)]
struct Expected {
    role: String,
    domain: u32,
    is_before: bool,
    is_after: bool,
}

impl Expectation {
    pub(crate) fn of(record: &Record) -> Self {
        let before = record.before.as_ref().and_then(|it| counts(it.configuration.as_str()));
        let after = counts(record.after.configuration.as_str());
        let kept = kept(record, before.iter().chain(&after));
        let mut this = Self { domains: record.domains, before, after, kept, ..Self::default() };
        this.expect_known(&record.instances);
        this.expect_added(&record.instances);
        this.is_complete = this.has_all_names();
        this
    }

    /// The gaps of a deployment without an update in progress, without further knowledge.
    pub(crate) fn gaps_at_rest(deployment: &Deployment) -> Vec<Gap> {
        match domains(deployment, None) {
            Err(gap) => vec![gap],
            Ok(domains) => {
                let this = Self { domains: Some(domains), ..Self::default() };
                this.gaps(deployment, Stage { is_rollback: false, next: None })
            }
        }
    }

    /// If a version has fewer instances of a role, those with the highest numbers are removed.
    fn expect_known(&mut self, known: &[KnownInstance]) {
        let mut by_role: BTreeMap<&str, Vec<&KnownInstance>> = BTreeMap::new();
        for instance in known {
            by_role.entry(&instance.role).or_default().push(instance);
        }
        for (role, mut instances) in by_role {
            instances.sort_by_key(|it| (it.is_new, number(&it.name), &it.name));
            let most = |counts: &Option<Counts>| {
                let size = counts.as_ref().map(|counts| self.size(counts, role));
                size.map_or(usize::MAX, |size| usize::try_from(size).unwrap_or(usize::MAX))
            };
            let (before, after) = (most(&self.before), most(&self.after));
            // An adopted update may have added instances, and it is not known which.
            let are_before = instances.iter().filter(|it| !it.is_new).count() <= before;
            for (rank, instance) in instances.into_iter().enumerate() {
                let expected = Expected {
                    role: role.to_owned(),
                    domain: instance.domain,
                    is_before: are_before && !instance.is_new,
                    is_after: rank < after,
                };
                self.instances.insert(instance.name.clone(), expected);
            }
        }
    }

    /// If the known instances are numbered without holes and spread over the upgrade domains in turn, added
    /// instances will be, too. Otherwise their names and domains cannot be predicted, and only their number
    /// counts, at the end.
    fn expect_added(&mut self, known: &[KnownInstance]) {
        let (Some(domains @ 1..), Some(after)) = (self.domains, &self.after) else { return };
        let mut next: BTreeMap<&str, u32> = BTreeMap::new();
        let mut old: Vec<&KnownInstance> = known.iter().filter(|it| !it.is_new).collect();
        old.sort_by_key(|instance| number(&instance.name));
        for instance in old {
            let number = next.entry(&instance.role).or_default();
            let is_regular = instance.name == named(&instance.role, *number)
                && instance.domain == *number % domains;
            if !is_regular {
                return;
            }
            *number += 1;
        }
        if next.is_empty() {
            return;
        }
        let mut rest = MAX_ADDED;
        for (role, count) in after.iter().filter(|(role, _)| !self.kept.contains_key(*role)) {
            let first = next.get(role.as_str()).copied().unwrap_or(0);
            let added = count.saturating_sub(first);
            // A count beyond any deployment needs no list of names; it is still compared.
            let Some(left) = rest.checked_sub(added) else { continue };
            rest = left;
            for number in first..*count {
                let domain = number % domains;
                let expected =
                    Expected { role: role.clone(), domain, is_before: false, is_after: true };
                self.instances.entry(named(role, number)).or_insert(expected);
            }
        }
    }

    /// Whether every instance of both versions is expected by its name.
    fn has_all_names(&self) -> bool {
        let (Some(before), Some(after)) = (&self.before, &self.after) else { return false };
        let mut named: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        for expected in self.instances.values() {
            let (old, new) = named.entry(&expected.role).or_default();
            *old += u32::from(expected.is_before);
            *new += u32::from(expected.is_after);
        }
        let named = |role: &str| named.get(role).copied().unwrap_or_default();
        before.keys().all(|role| named(role).0 == self.size(before, role))
            && after.keys().all(|role| named(role).1 == self.size(after, role))
    }

    /// The expected number of instances of a role under a configuration with these counts.
    fn size(&self, configured: &Counts, role: &str) -> u32 {
        self.kept.get(role).or_else(|| configured.get(role)).copied().unwrap_or(0)
    }

    /// The parts that a response lacks, or that cannot be right, at a stage.
    ///
    /// `current`: the configuration in the response. If it has fewer instances than the version, another
    /// operator has deleted some, and that many may be missing.
    pub(crate) fn gaps(&self, deployment: &Deployment, stage: Stage) -> Vec<Gap> {
        let mut gaps = Vec::new();
        let listed = self.listed(deployment, &mut gaps);
        let configured = if stage.is_rollback { &self.before } else { &self.after };
        let current = deployment.configuration.as_ref().and_then(|it| counts(it.as_str()));
        let deleted = |role: &str| match (configured, &current) {
            (Some(configured), Some(current)) => {
                let count = |of: &Counts| of.get(role).copied().unwrap_or(0);
                usize::try_from(count(configured).saturating_sub(count(current))).unwrap_or(0)
            }
            _ => 0,
        };
        self.compare_names(&listed, stage, deleted, &mut gaps);
        match (stage.next, current.as_ref().or(configured.as_ref())) {
            (None, Some(counts)) => {
                let mut counts = counts.clone();
                counts.extend(self.kept.iter().map(|(role, count)| {
                    let deleted = u32::try_from(deleted(role)).unwrap_or(u32::MAX);
                    (role.clone(), count.saturating_sub(deleted))
                }));
                compare_counts(&listed, &counts, &mut gaps);
            }
            (None, None) => {}
            (Some(_), _) => self.compare_bounds(&listed, deleted, &mut gaps),
        }
        gaps
    }

    /// The plausible instances of a response, by name.
    fn listed<'d>(
        &self,
        deployment: &'d Deployment,
        gaps: &mut Vec<Gap>,
    ) -> BTreeMap<&'d str, &'d RoleInstance> {
        let mut listed = BTreeMap::new();
        let mut duplicates = BTreeSet::new();
        for instance in &deployment.role_instance_list {
            let name = instance.instance_name.as_str();
            if let Some(domains) = self.domains
                && instance.instance_upgrade_domain.is_none_or(|domain| domain >= domains)
            {
                let domain = instance.instance_upgrade_domain;
                gaps.push(Gap::NoSuchDomain { instance: name.to_owned(), domain, domains });
            }
            if self.is_complete && !self.instances.contains_key(name) {
                gaps.push(Gap::Unknown { instance: name.to_owned() });
            }
            if listed.insert(name, instance).is_some() && duplicates.insert(name) {
                gaps.push(Gap::Duplicate { instance: name.to_owned() });
            }
        }
        listed
    }

    fn compare_names(
        &self,
        listed: &BTreeMap<&str, &RoleInstance>,
        stage: Stage,
        deleted: impl Fn(&str) -> usize,
        gaps: &mut Vec<Gap>,
    ) {
        let mut missing: BTreeMap<&str, Vec<Gap>> = BTreeMap::new();
        for (name, expected) in &self.instances {
            let domain = listed.get(name.as_str()).map(|it| it.instance_upgrade_domain);
            match domain {
                None if stage.requires(expected) => {
                    let gap = Gap::Missing { instance: name.clone(), domain: expected.domain };
                    missing.entry(&expected.role).or_default().push(gap);
                }
                Some(Some(to)) if to != expected.domain => {
                    gaps.push(Gap::Moved { instance: name.clone(), from: expected.domain, to });
                }
                _ => {}
            }
        }
        let missing = missing.into_iter().filter(|(role, gaps)| gaps.len() > deleted(role));
        gaps.extend(missing.flat_map(|(_, gaps)| gaps));
    }

    /// During an update a role has no more instances than in the larger version, and no fewer than in the
    /// smaller one. If all of these are expected by name, the names show what is missing.
    fn compare_bounds(
        &self,
        listed: &BTreeMap<&str, &RoleInstance>,
        deleted: impl Fn(&str) -> usize,
        gaps: &mut Vec<Gap>,
    ) {
        let (Some(before), Some(after)) = (&self.before, &self.after) else { return };
        let listed = by_role(listed);
        let mut staying: BTreeMap<&str, u32> = BTreeMap::new();
        for expected in self.instances.values().filter(|it| it.is_before && it.is_after) {
            *staying.entry(&expected.role).or_default() += 1;
        }
        let roles: BTreeSet<&str> = listed.keys().copied().chain(names(before)).collect();
        for role in roles {
            let count = |of: &Counts| self.size(of, role);
            let (least, most) = (count(before).min(count(after)), count(before).max(count(after)));
            let listed = listed.get(role).copied().unwrap_or(0);
            let size = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
            let has_names = staying.get(role).is_some_and(|names| *names >= least);
            let is_less = !has_names && listed + deleted(role) < size(least);
            if is_less || listed > size(most) {
                let configured = if is_less { least } else { most };
                gaps.push(Gap::Count { role: role.to_owned(), configured, listed });
            }
        }
    }

    /// Whether no instance is in an upgrade domain or expected there.
    pub(crate) fn is_empty(&self, deployment: &Deployment, domain: u32) -> bool {
        let mut listed = deployment.role_instance_list.iter();
        listed.all(|instance| instance.instance_upgrade_domain != Some(domain))
            && self.instances.values().all(|expected| expected.domain != domain)
    }

    /// Whether no instance of the old version is expected in this upgrade domain or a later one.
    pub(crate) fn is_rest_empty(&self, next: u32) -> bool {
        self.instances.values().all(|expected| !expected.is_before || expected.domain < next)
    }

    /// The instances that an update has added under unpredictable names, within the configured counts. Only
    /// valid for a response without a gap.
    pub(crate) fn added(&self, deployment: &Deployment) -> Vec<KnownInstance> {
        let mut room = self.after.clone().unwrap_or_default();
        room.retain(|role, _| !self.kept.contains_key(role));
        for expected in self.instances.values().filter(|expected| expected.is_after) {
            if let Some(room) = room.get_mut(&expected.role) {
                *room = room.saturating_sub(1);
            }
        }
        let mut added = Vec::new();
        for instance in &deployment.role_instance_list {
            let (name, role) = (&instance.instance_name, &instance.role_name);
            let Some(domain) = instance.instance_upgrade_domain else { continue };
            let Some(room @ 1..) = room.get_mut(role) else { continue };
            if !self.instances.contains_key(name) {
                *room -= 1;
                let (name, role) = (name.clone(), role.clone());
                added.push(KnownInstance { name, role, domain, is_new: true });
            }
        }
        added
    }
}

/// At the end of an update the counts equal those of the configuration.
fn compare_counts(
    listed: &BTreeMap<&str, &RoleInstance>,
    configured: &Counts,
    gaps: &mut Vec<Gap>,
) {
    let staying = listed.iter().filter(|(_, it)| it.instance_status != InstanceStatus::DeletingVm);
    let staying = staying.map(|(name, instance)| (*name, *instance)).collect();
    let staying = by_role(&staying);
    let roles: BTreeSet<&str> = names(configured).chain(staying.keys().copied()).collect();
    for role in roles {
        let configured = configured.get(role).copied().unwrap_or(0);
        let listed = staying.get(role).copied().unwrap_or(0);
        if usize::try_from(configured) != Ok(listed) {
            gaps.push(Gap::Count { role: role.to_owned(), configured, listed });
        }
    }
}

fn by_role<'d>(listed: &BTreeMap<&'d str, &'d RoleInstance>) -> BTreeMap<&'d str, usize> {
    let mut counts = BTreeMap::new();
    for instance in listed.values() {
        *counts.entry(instance.role_name.as_str()).or_default() += 1;
    }
    counts
}

fn names(counts: &Counts) -> impl Iterator<Item = &str> {
    counts.keys().map(String::as_str)
}

/// The number of upgrade domains in a response, if it is plausible. `before`: the earlier number, which never
/// changes.
pub(crate) fn domain_count(deployment: &Deployment, before: Option<u32>) -> Result<u32, Gap> {
    let found = deployment.upgrade_domain_count;
    match (found, before) {
        (Some(found @ 1..=MAX_DOMAINS), None) => Ok(found),
        (Some(found), Some(before)) if found == before => Ok(found),
        _ => Err(Gap::DomainCount { found, before }),
    }
}

/// The same, if the current domain of an update in progress is plausible as well.
pub(crate) fn domains(deployment: &Deployment, before: Option<u32>) -> Result<u32, Gap> {
    let domains = domain_count(deployment, before)?;
    match &deployment.upgrade_status {
        Some(update) if update.domain().is_none_or(|domain| domain >= domains) => {
            Err(Gap::CurrentDomain { found: update.current_upgrade_domain, domains })
        }
        _ => Ok(domains),
    }
}

/// The instance counts of roles that an upgrade of another role alone does not include.
fn kept<'c>(record: &Record, configured: impl Iterator<Item = &'c Counts>) -> Counts {
    let Some(only) = &record.role else { return Counts::new() };
    let others = configured.flat_map(Counts::keys).filter(|role| *role != only);
    let mut kept: Counts = others.map(|role| (role.clone(), 0)).collect();
    for instance in record.instances.iter().filter(|it| !it.is_new) {
        if let Some(count) = kept.get_mut(&instance.role) {
            *count += 1;
        }
    }
    kept
}

/// The configured number of instances of each role; `None` if it is not a service configuration.
fn counts(configuration: &str) -> Option<Counts> {
    let configuration = ServiceConfiguration::read(configuration).ok()?;
    Some(configuration.roles().iter().map(|it| (it.name().to_owned(), it.instances)).collect())
}

/// The maximal number of instances that are expected by name before they are listed.
const MAX_ADDED: u32 = 100_000;

#[cfg(test)]
mod tests;
