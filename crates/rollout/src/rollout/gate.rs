use std::collections::BTreeSet;

use azure_classic_protocol::Deployment;
use azure_classic_protocol::machine::Instant;

use crate::health::ProbeResults;
use crate::observed::Observed;
use crate::{Gap, Record, UnhealthyInstance};

/// The observed health of the walked domains.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// Since when they have been healthy in every reading.
    since: Option<Instant>,
    /// The number of instances in them.
    instances: usize,
    /// Whether the settle time has passed, or there is nothing to wait for.
    pub(super) is_open: bool,
    pub(super) unhealthy_instances: Vec<UnhealthyInstance>,
    /// The first domain whose gate is not open yet.
    first: u32,
    probe_results: ProbeResults,
}

/// A reading with its times. Its content was true at some time between them.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    pub(super) requested: Instant,
    pub(super) read: Instant,
}

impl Gate {
    /// Judges a reading. A reading with gaps shows no health.
    pub(super) fn evaluate(
        &mut self,
        when: When,
        record: &Record,
        place: Observed,
        read: &Deployment,
        gaps: &[Gap],
    ) {
        let health = &record.policy.health;
        self.unhealthy_instances.clear();
        let walked = match place {
            Observed::Updating(moving) if moving.is_during => {
                // For operators who want to know why it takes so long.
                self.unhealthy_instances = health.problems(read, moving.domain);
                return self.reset();
            }
            Observed::Updating(moving) => Some(moving.domain),
            Observed::Idle(_) => None,
            Observed::Deleted | Observed::Replaced | Observed::Locked | Observed::Unknown => {
                return self.close();
            }
        };
        let judged = DomainRange::of(record, walked);
        let (first, verdicts) = (self.first, &self.probe_results);
        let is_probed = |domain: Option<u32>| domain.is_none_or(|domain| domain >= first);
        let verdicts = |domain| is_probed(domain).then_some(verdicts);
        self.unhealthy_instances =
            health.unhealthy(read, |domain| judged.contains(domain), verdicts);
        // An impossible fact about an instance proves neither health nor a problem.
        let doubtful: BTreeSet<&str> = gaps.iter().filter_map(Gap::instance).collect();
        self.unhealthy_instances
            .retain(|unhealthy| !doubtful.contains(unhealthy.instance.as_str()));
        let instances = read.role_instance_list.iter();
        let count = instances.filter(|it| judged.contains(it.instance_upgrade_domain)).count();
        let is_broken = !self.unhealthy_instances.is_empty() || !gaps.is_empty();
        if is_broken || count != self.instances {
            self.reset();
        }
        self.instances = count;
        if is_broken {
            return;
        }
        let since = *self.since.get_or_insert(when.read);
        // The time of the response does not count, because the response may have been in flight for long. A
        // single reading does not count either: it may be from before the change.
        let is_old = when.requested < since;
        let has_settled = count == 0 || when.requested - since >= record.policy.settle_time;
        self.is_open = !is_old && has_settled;
    }

    /// When a reading may find that the settle time has passed, if it is running.
    pub(super) fn due(&self, record: &Record) -> Option<Instant> {
        let since = self.since.filter(|_| !self.is_open)?;
        Some(since + record.policy.settle_time)
    }

    /// Nothing is known; earlier observations do not count any more.
    pub(super) fn close(&mut self) {
        self.unhealthy_instances.clear();
        self.reset();
    }

    /// The health was interrupted, or may have been.
    pub(super) fn reset(&mut self) {
        self.since = None;
        self.is_open = false;
    }

    /// The platform updates a domain: earlier observations are outdated, unless the domain is empty.
    pub(super) fn start(&mut self, is_empty: bool) {
        if !is_empty {
            self.restart();
        }
        self.is_open = false;
    }

    /// Earlier observations do not count.
    pub(super) fn restart(&mut self) {
        self.close();
        self.probe_results.clear();
    }

    /// The gates of the domains before this one are open.
    pub(super) fn pass(&mut self, before: u32) {
        self.first = before;
    }

    /// The started domains whose gate is not open yet.
    pub(super) fn new_domains(&self, record: &Record) -> std::ops::Range<u32> {
        self.first..record.started_domains
    }

    /// Takes the result of a probe. It interrupts the health of the domain if too few instances are healthy
    /// with it.
    pub(super) fn probed(
        &mut self,
        instance: &str,
        verdict: Result<(), String>,
        record: &Record,
        read: &Deployment,
    ) {
        let is_well = verdict.is_ok();
        self.probe_results.insert(instance.to_owned(), verdict);
        // Good news interrupts nothing, and bad news interrupts only once.
        if is_well || self.since.is_none() {
            return;
        }
        let mut all = read.role_instance_list.iter();
        let Some(found) = all.find(|found| found.instance_name == instance) else { return };
        let domain = found.instance_upgrade_domain;
        let is_judged = |it| it == domain && DomainRange::of(record, None).contains(it);
        let verdicts = |_| Some(&self.probe_results);
        if !record.policy.health.unhealthy(read, is_judged, verdicts).is_empty() {
            self.reset();
        }
    }
}

/// The domains to judge: the walked ones, except those that an operator promoted.
struct DomainRange {
    from: u32,
    /// `None`: to the last one, including instances without a domain.
    to: Option<u32>,
}

impl DomainRange {
    fn of(record: &Record, to: Option<u32>) -> Self {
        Self { from: record.promoted.unwrap_or(0), to }
    }

    fn contains(&self, domain: Option<u32>) -> bool {
        match (domain, self.to) {
            (Some(domain), Some(to)) => (self.from..to).contains(&domain),
            (Some(domain), None) => domain >= self.from,
            (None, to) => to.is_none(),
        }
    }
}
