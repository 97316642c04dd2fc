//! Whether what happens is what a rollout promises, by what only the cloud knows.

mod claims;

use std::collections::BTreeMap;
use std::time::Duration;

use azure_classic_emulator::EmulatedInstance;
use azure_classic_protocol::Bytes;
use azure_classic_protocol::machine::Instant;
use azure_classic_rollout::{Change, Input, Record};
use http::Response;

use crate::scenario::{OLD, Scenario, Task};
use crate::world::World;

#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent fact")]
pub(crate) struct Judge {
    /// Whether another operator, or the network, has changed the deployment since the start.
    pub(crate) disturbed: bool,
    /// The flights of the driver's that started an update, and when the first did.
    started: Vec<u64>,
    pub(crate) started_at: Option<Instant>,
    /// The version that ran when the update started, as the simulator counts; `None` if there were several.
    base: Option<u32>,
    base_label: String,
    /// Whether the last update that was accepted is a rollback.
    is_rollback: bool,
    has_rolled_back: bool,
    /// How many domains of the present update the driver has walked.
    walked: u32,
    /// When another operator, or the network, replaced the update after enough walks that the driver must
    /// notice.
    replaced_at: Option<Instant>,
    /// How many domains of the present update a person let pass whatever their health.
    excused: u32,
    /// Since when the driver has waited for the domain that it walked last, without a pause.
    waits_since: Option<Instant>,
    is_paused: bool,
    pub(crate) is_aborted: bool,
    /// Until when a reading may get an old response.
    stale_until: Option<Instant>,
    /// How the cloud stood when the deployment was read last.
    last_read: Option<Truth>,
    /// When the driver requested it, and how many times.
    requested: Option<Instant>,
    requests: u32,
    /// How many readings have shown the walked domains to be up, since the last walk.
    well_readings: u32,
    /// Whether the driver has taken up a record.
    has_taken_up: bool,
    /// Whether the last reading got a false response, and whether that hid something.
    is_lied_to: bool,
    is_gap: bool,
    /// Whether the update was started from a reading that was not so, or not so any more, so that the
    /// driver expects what is not.
    pub(crate) is_misled: bool,
    /// When the last reading was made that hid something.
    last_gap: Option<Instant>,
}

/// The state of the simulator at a time.
#[derive(Clone)]
pub(crate) struct Truth {
    pub(crate) at: Instant,
    pub(crate) response: Response<Bytes>,
    instances: Vec<EmulatedInstance>,
    up_since: BTreeMap<String, Instant>,
}

impl Truth {
    pub(crate) fn new(at: Instant, response: Response<Bytes>, world: &World) -> Self {
        Self { at, response, instances: world.instances(), up_since: world.all_up_since() }
    }

    /// Whether an element of the deployment has this text.
    fn says(&self, element: &str, text: &str) -> bool {
        let body = String::from_utf8_lossy(self.response.body());
        body.contains(&format!("<{element}>{text}</{element}>"))
    }
}

/// Who sent what arrives at the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// The driver that waits for the response.
    Driver(u64),
    /// The driver, which has given it up, or is dead.
    Late(u64),
    /// The network, once more.
    Copy,
    Somebody,
}

pub(crate) type Verdict = Result<(), String>;

/// The time that a driver may need beyond its timeout to give a domain up, on a bad network.
const SLACK: Duration = Duration::from_secs(1800);

impl Judge {
    pub(crate) fn new() -> Self {
        Self {
            disturbed: false,
            started: Vec::new(),
            started_at: None,
            base: Some(1),
            base_label: OLD.to_owned(),
            is_rollback: false,
            has_rolled_back: false,
            walked: 0,
            replaced_at: None,
            excused: 0,
            waits_since: None,
            is_paused: false,
            is_aborted: false,
            stale_until: None,
            last_read: None,
            requested: None,
            requests: 0,
            well_readings: 0,
            has_taken_up: false,
            is_lied_to: false,
            is_gap: false,
            is_misled: false,
            last_gap: None,
        }
    }

    /// For a second driver that resumes the same record: all earlier changes count as another operator's.
    pub(crate) fn of_a_twin(&self) -> Self {
        Self { disturbed: true, last_read: None, requested: None, ..self.clone() }
    }

    /// A living driver has taken an input, after this many started domains.
    pub(crate) fn given(&mut self, input: Input, walked: u32) {
        match input {
            Input::Pause => self.is_paused = true,
            Input::Resume => self.is_paused = false,
            Input::Promote => {
                self.excused = walked;
                self.is_paused = false;
            }
            Input::Abort => {
                self.is_aborted = true;
                self.is_paused = false;
            }
        }
    }

    /// A new driver has been made, from the record if there is one; what the one before did not keep is
    /// forgotten.
    pub(crate) fn takes_place(&mut self, now: Instant, kept: Option<&Record>) {
        self.is_paused = kept.is_some_and(|record| record.pause().is_some());
        self.is_aborted = kept.is_some_and(|record| record.back().is_some());
        self.has_taken_up = kept.is_some();
        self.waits_since = self.waits_since.map(|_| now);
        self.requests = 0;
        self.well_readings = 0;
    }

    /// The driver requests the deployment.
    pub(crate) fn requests(&mut self, now: Instant) {
        self.requested = Some(now);
        self.requests += 1;
    }

    /// The driver has read the deployment: as it is, or as it was.
    pub(crate) fn read(&mut self, now: Instant, truth: Truth) {
        if truth.at < now {
            self.stale_until = Some(now + Duration::from_secs(120));
        }
        let judged = self.excused..self.walked;
        let mut done = truth.instances.iter().filter(|it| judged.contains(&it.upgrade_domain));
        let is_well = done.all(|view| truth.up_since.contains_key(&view.name));
        self.well_readings = if is_well { self.well_readings + 1 } else { 0 };
        self.last_read = Some(truth);
        (self.is_lied_to, self.is_gap) = (false, false);
    }

    /// The reading of the driver is false. `is_gap`: whether it is no evidence of health.
    pub(crate) fn was_lied_to(&mut self, now: Instant, is_gap: bool) {
        self.is_lied_to = true;
        self.is_gap = is_gap;
        if is_gap {
            self.well_readings = 0;
            self.last_gap = Some(now);
        }
    }

    /// The driver hands out a change. `kept`: the record that was kept last.
    pub(crate) fn sends(
        &mut self,
        now: Instant,
        change: Change,
        kept: Option<&Record>,
        scenario: &Scenario,
        world: &World,
    ) -> Verdict {
        if kept.and_then(Record::sent) != Some(change) {
            return Err(format!("{change} is sent, and the record that was kept does not say so"));
        }
        if self.is_paused {
            return Err(format!("{change} is sent in a pause"));
        }
        if change == Change::Start && (self.has_taken_up || !self.started.is_empty()) {
            return Err("the update is started a second time".to_owned());
        }
        if change == Change::Start {
            self.is_misled |= self.is_lied_to;
        }
        let Some(read) = &self.last_read else {
            return Err(format!("{change} is sent without a reading"));
        };
        let is_right = read.says("Locked", "false")
            && match change {
                Change::Start => read.says("Status", "Running") || read.says("Status", "Suspended"),
                Change::RollBack => read.says("RollbackAllowed", "true"),
                Change::Walk { domain } => {
                    read.says("UpgradeType", "Manual")
                        && read.says("CurrentUpgradeDomainState", "Before")
                        && read.says("CurrentUpgradeDomain", &domain.to_string())
                }
            };
        if !is_right {
            return Err(format!("{change} is sent, and the previous reading does not justify it"));
        }
        if !kept.and_then(private_id).is_none_or(|id| read.says("PrivateID", &id)) {
            return Err(format!("{change} is sent to another deployment of the same name"));
        }
        let is_old = self.requested.is_none_or(|requested| now - requested > FRESH);
        if change == Change::Start && is_old && self.requests <= REREADINGS {
            return Err("the update is started from an old reading".to_owned());
        }
        let Change::Walk { domain } = change else { return Ok(()) };
        if self.is_gap && domain > self.excused && !self.disturbed && !self.is_misled {
            return Err(format!(
                "{change} is sent, and the reading before did not show everything"
            ));
        }
        let views = world.instances();
        let is_gated = domain > self.excused
            && views.iter().any(|view| view.upgrade_domain + 1 == domain)
            && views.iter().any(|view| view.upgrade_domain >= domain)
            && domain == self.walked
            && scenario.is_strict()
            && !self.disturbed;
        if is_gated && self.well_readings < 2 {
            return Err(format!("{change} is sent after a single reading"));
        }
        let is_noticed = self.replaced_at.is_some_and(|at| at < read.at);
        if is_noticed {
            return Err(format!("{change} is sent, and the update is another operator's"));
        }
        let is_forward = self.is_aborted && !self.is_rollback && !self.disturbed;
        if is_forward && world.instances().iter().any(|view| view.upgrade_domain >= domain) {
            return Err(format!("{change} is sent although an operator aborted it"));
        }
        Ok(())
    }

    /// A change has reached the simulator, which responded with this status.
    pub(crate) fn delivered(
        &mut self,
        now: Instant,
        sender: Sender,
        change: Option<Change>,
        status: u16,
        scenario: &Scenario,
        world: &World,
    ) -> Verdict {
        let is_accepted = status < 300;
        let is_driver = matches!(sender, Sender::Driver(_));
        let is_stale = self.stale_until.is_some_and(|until| now < until);
        if let Some(Change::Walk { domain }) = change
            && is_driver
        {
            if is_accepted {
                self.is_gated(now, domain, scenario, world)?;
                self.walked = domain + 1;
                if world.instances().iter().any(|view| view.upgrade_domain == domain) {
                    self.well_readings = 0;
                }
                self.waits_since = Some(now);
            } else if !self.disturbed && !is_stale {
                return Err(format!("the walk of domain {domain} is refused with {status}"));
            }
        }
        if !is_accepted {
            return Ok(());
        }
        // Between the last reading and the arrival of the start: the driver expects what was before.
        self.is_misled |= sender == Sender::Somebody
            && change.is_none()
            && self.started_at.is_none()
            && !matches!(scenario.task, Task::Adopt(_));
        match (sender, change) {
            (Sender::Driver(flight) | Sender::Late(flight), Some(Change::Start)) => {
                self.starts(now, flight, world)?;
            }
            (Sender::Driver(_) | Sender::Late(_), Some(Change::RollBack)) => {
                if self.has_rolled_back && !self.disturbed {
                    return Err("two rollbacks of the driver's took effect".to_owned());
                }
                self.has_rolled_back = true;
                self.walk_starts(true);
            }
            (Sender::Copy | Sender::Somebody, Some(Change::Start)) => {
                self.disturbed = true;
                // A driver that adopts an update does not know where a rollback leads.
                if self.walked >= 2 && !matches!(scenario.task, Task::Adopt(_)) {
                    self.replaced_at = Some(now);
                }
                self.walk_starts(false);
            }
            (Sender::Copy | Sender::Somebody, Some(Change::RollBack)) => {
                self.disturbed = true;
                self.walk_starts(true);
            }
            (Sender::Driver(_), _) => {}
            (Sender::Late(_) | Sender::Copy | Sender::Somebody, _) => self.disturbed = true,
        }
        Ok(())
    }

    fn starts(&mut self, now: Instant, flight: u64, world: &World) -> Verdict {
        let views = world.instances();
        if let (true, Some(first)) = (self.started.is_empty(), views.first()) {
            let is_uniform = views.iter().all(|view| view.version == first.version);
            // If another operator was faster, a rollback may lead behind that operator's update.
            self.base = (is_uniform && !self.disturbed).then_some(first.version);
            self.base_label.clone_from(&first.label);
        }
        self.started.push(flight);
        self.started_at.get_or_insert(now);
        self.replaced_at = None;
        self.walk_starts(false);
        match self.started.len() {
            1 => Ok(()),
            count => Err(format!("{count} starts of the driver's took effect")),
        }
    }

    /// Another update is in progress.
    fn walk_starts(&mut self, is_rollback: bool) {
        self.is_rollback = is_rollback;
        if is_rollback {
            self.replaced_at = None;
        }
        self.walked = 0;
        self.excused = 0;
        self.waits_since = None;
        self.well_readings = 0;
    }

    /// Before a domain is walked, those before it must have been healthy for the settle time.
    fn is_gated(&self, now: Instant, domain: u32, scenario: &Scenario, world: &World) -> Verdict {
        let views = world.instances();
        let is_anybody_left = views.iter().any(|view| view.upgrade_domain >= domain);
        if self.disturbed || !is_anybody_left {
            return Ok(());
        }
        let policy = &scenario.policy;
        let has_settled =
            |since: Option<Instant>| since.is_some_and(|since| now - since >= policy.settle_time);
        // Failures after the last reading, and recoveries between two, are invisible.
        let read = self.last_read.as_ref();
        let up_since = |name: &str| {
            let since = world.up_since(name);
            since.or_else(|| read.and_then(|read| read.up_since.get(name).copied()))
        };
        let is_anybody_judged =
            views.iter().any(|view| (self.excused..domain).contains(&view.upgrade_domain));
        let is_recent = |gap: Instant| now - gap < policy.settle_time;
        if is_anybody_judged && !self.is_misled && self.last_gap.is_some_and(is_recent) {
            return Err(format!(
                "domain {domain} is walked, and the settle time did not restart after a gap"
            ));
        }
        let flapping = scenario.ailing.as_ref().filter(|ailing| ailing.down.is_some());
        let flaps = |view: &EmulatedInstance| flapping.is_some_and(|it| it.instance == view.name);
        let down = (self.excused..domain).find(|before| {
            let of_domain: Vec<&EmulatedInstance> =
                views.iter().filter(|view| view.upgrade_domain == *before).collect();
            let settled =
                of_domain.iter().filter(|view| flaps(view) || has_settled(up_since(&view.name)));
            settled.count() * 100 < of_domain.len() * usize::from(policy.health.min_healthy)
        });
        if let Some(down) = down {
            return Err(format!(
                "domain {domain} is walked, and domain {down} has not been healthy for the settle time"
            ));
        }
        let bad = scenario.bad_probe.as_ref().and_then(|(name, until)| {
            let view = views.iter().find(|view| view.name == *name)?;
            let well_since = until.map(|until| world.started_at + until);
            let is_judged = (self.excused..domain).contains(&view.upgrade_domain);
            (is_judged && policy.health.min_healthy == 100 && !has_settled(well_since))
                .then_some(name)
        });
        match bad {
            Some(bad) => Err(format!("domain {domain} is walked, and the probe of {bad} fails")),
            None => Ok(()),
        }
    }

    /// A driver must give up a domain that does not come up.
    pub(crate) fn waits(
        &mut self,
        now: Instant,
        record: &Record,
        scenario: &Scenario,
        world: &World,
    ) -> Verdict {
        let is_waiting = record.pause().is_none() && record.back().is_none() && !self.disturbed;
        if !is_waiting {
            self.waits_since = self.waits_since.map(|_| now);
            return Ok(());
        }
        let Some(since) = self.waits_since else { return Ok(()) };
        let is_over = now - since > scenario.policy.domain_deadline + SLACK;
        let is_down = |view: &EmulatedInstance| {
            view.upgrade_domain + 1 == self.walked
                && view.upgrade_domain >= self.excused
                && !world.is_up(view)
        };
        let must_give_up = is_over && scenario.policy.health.min_healthy == 100;
        if must_give_up && world.instances().iter().any(is_down) {
            return Err(format!("domain {} is never given up", self.walked - 1));
        }
        Ok(())
    }
}

/// Which deployment of its name the rollout is about.
fn private_id(record: &Record) -> Option<String> {
    let record = serde_json::to_value(record).ok()?;
    record["private_id"].as_str().map(str::to_owned)
}

/// No update is started from an older reading, unless several in a row were slow.
const FRESH: Duration = Duration::from_secs(10);
const REREADINGS: u32 = 3;

/// The longest that a rollout may take, in the cloud's time.
pub(crate) const LONGEST: Duration = Duration::from_secs(72 * 3600);
