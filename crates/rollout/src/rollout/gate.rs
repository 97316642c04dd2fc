use std::collections::BTreeSet;

use azure_classic_protocol::Deployment;
use azure_classic_protocol::deployment::model::RoleInstance;
use azure_classic_protocol::machine::Instant;

use crate::health::{Verdicts, instances};
use crate::place::Place;
use crate::{Record, Unwell};

/// What has been seen of the health of the domains that were walked.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// Since when they have been healthy in every reading.
    since: Option<Instant>,
    /// How many instances there are in them.
    instances: usize,
    /// The settle time has passed, or there is nothing to wait for.
    pub(super) is_open: bool,
    pub(super) unwell: Vec<Unwell>,
    /// The first domain whose gate has not been passed.
    first: u32,
    verdicts: Verdicts,
}

/// A reading and when it was made. What it shows was true at some moment in between.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    pub(super) asked: Instant,
    pub(super) read: Instant,
}

impl Gate {
    /// Judges a reading.
    pub(super) fn look(&mut self, when: When, record: &Record, place: Place, read: &Deployment) {
        let health = &record.policy.health;
        self.unwell.clear();
        let walked = match place {
            Place::Moving(moving) if moving.is_during => {
                // For whoever asks why it takes so long.
                self.unwell = health.complaints(read, Some(moving.domain), None);
                return self.break_off();
            }
            Place::Moving(moving) => Some(moving.domain),
            Place::Resting(_) => None,
            Place::Gone | Place::Held | Place::Unclear => return self.close(),
        };
        let judged = Judged { from: record.promoted.unwrap_or(0), to: walked };
        for domain in judged.domains(read) {
            let is_new = domain.is_none_or(|domain| domain >= self.first);
            let verdicts = is_new.then_some(&self.verdicts);
            self.unwell.extend(health.unwell(read, domain, verdicts));
        }
        let count = judged.instances(read).count();
        if !self.unwell.is_empty() || count != self.instances {
            self.break_off();
        }
        self.instances = count;
        if !self.unwell.is_empty() {
            return;
        }
        let since = *self.since.get_or_insert(when.read);
        // Not by the time at which the answer came: it may have been under way for long. And never by a
        // single reading: it may be of what was before.
        let is_old = when.asked < since;
        let has_settled = !is_old && when.asked - since >= record.policy.settle_time;
        self.is_open = count == 0 || has_settled;
    }

    /// When a reading may find the settle time passed, if it has begun and is not over.
    pub(super) fn due(&self, record: &Record) -> Option<Instant> {
        let since = self.since.filter(|_| !self.is_open)?;
        Some(since + record.policy.settle_time)
    }

    /// Nothing can be said; whatever was seen counts no more.
    pub(super) fn close(&mut self) {
        self.unwell.clear();
        self.break_off();
    }

    /// The health was interrupted, or may have been.
    pub(super) fn break_off(&mut self) {
        self.since = None;
        self.is_open = false;
    }

    /// A domain is in work: what was said of instances before is no more true, unless nobody is in it.
    pub(super) fn begin(&mut self, domain: u32, read: Option<&Deployment>) {
        let is_empty = read.is_some_and(|read| instances(read, Some(domain)).next().is_none());
        if !is_empty {
            self.begin_anew();
        }
        self.is_open = false;
    }

    /// Nothing that was seen before counts.
    pub(super) fn begin_anew(&mut self) {
        self.close();
        self.verdicts.clear();
    }

    /// The gates of the domains before this one are passed.
    pub(super) fn pass(&mut self, before: u32) {
        self.first = before;
    }

    /// The domains whose gate is to be passed, out of those that were begun.
    pub(super) fn new_domains(&self, record: &Record) -> std::ops::Range<u32> {
        self.first..record.begun
    }

    /// Takes what a probe has found of an instance. It interrupts the health of the domain if too few are
    /// well with it.
    pub(super) fn probed(
        &mut self,
        instance: &str,
        verdict: Result<(), String>,
        record: &Record,
        read: &Deployment,
    ) {
        self.verdicts.insert(instance.to_owned(), verdict);
        let mut all = read.role_instance_list.iter();
        let Some(found) = all.find(|found| found.instance_name == instance) else { return };
        let domain = found.instance_upgrade_domain;
        if !record.policy.health.unwell(read, domain, Some(&self.verdicts)).is_empty() {
            self.break_off();
        }
    }
}

/// The domains that are to be judged: those that were walked, but for those that a person let pass.
struct Judged {
    from: u32,
    /// `None`: to the last one, and with instances that are in none.
    to: Option<u32>,
}

impl Judged {
    fn instances<'a>(&self, read: &'a Deployment) -> impl Iterator<Item = &'a RoleInstance> {
        let (from, to) = (self.from, self.to);
        read.role_instance_list.iter().filter(move |instance| {
            match (instance.instance_upgrade_domain, to) {
                (Some(domain), Some(to)) => (from..to).contains(&domain),
                (Some(domain), None) => domain >= from,
                (None, to) => to.is_none(),
            }
        })
    }

    fn domains(&self, read: &Deployment) -> BTreeSet<Option<u32>> {
        self.instances(read).map(|instance| instance.instance_upgrade_domain).collect()
    }
}
