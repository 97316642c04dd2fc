//! What must hold at any moment, whatever is done to a cloud.

use std::collections::{BTreeMap, BTreeSet};

use azure_classic_protocol::deployment::model::InstanceStatus;

use crate::actions::{Action, DOMAINS, RESERVED, SERVICE, path, perform};
use crate::harness::{Harness, TestResponse, decode_base64};

/// A cloud with somebody who remembers what was accepted, and compares.
pub(crate) struct InvariantChecker {
    pub(crate) harness: Harness,
    /// By the names of the deployments.
    histories: BTreeMap<String, ExpectedState>,
}

/// What was accepted for a deployment.
#[derive(Debug, Clone, Copy)]
struct ExpectedState {
    /// The number of the version that the last upgrade or configuration change brings.
    version: u32,
    is_rolling_back: bool,
    /// Instances were sent on their way by something else than the update.
    is_disturbed: bool,
}

impl ExpectedState {
    fn with_version(version: u32) -> Self {
        Self { version, is_rolling_back: false, is_disturbed: false }
    }
}

impl InvariantChecker {
    pub(crate) fn new(harness: Harness) -> Self {
        Self { harness, histories: BTreeMap::new() }
    }

    /// Does it, and looks whether the cloud keeps what it promised.
    pub(crate) fn perform(&mut self, action: &Action) -> Option<TestResponse> {
        let before = match action {
            Action::Upgrade { target, .. }
            | Action::Change { target, .. }
            | Action::RollBack { target, .. }
            | Action::SetStatus { target, .. }
            | Action::ActOnInstance { target, .. } => Some(self.harness.get(&path(*target, ""))),
            _ => None,
        };
        if matches!(action, Action::RebootForMaintenance { .. }) {
            self.histories.values_mut().for_each(|history| history.is_disturbed = true);
        }
        let reply = perform(&mut self.harness, action)?;
        let status = reply.0.status();
        assert!(
            status.is_success() || matches!(status.as_u16(), 400 | 404 | 409),
            "{action:?}: {status}"
        );
        if let (Action::RollBack { mode, .. }, Some(before)) = (action, &before)
            && *mode != 2
        {
            let is_allowed = before.text("RollbackAllowed") == "true";
            assert_eq!(status.is_success(), is_allowed, "{action:?}");
        }
        if status.is_success() {
            self.record_accepted(action, before.as_ref());
        }
        Some(reply)
    }

    fn record_accepted(&mut self, action: &Action, before: Option<&TestResponse>) {
        let name = before.map(|reply| reply.text("Name")).unwrap_or_default();
        if let Action::Create { name, .. } = action {
            self.histories.insert(format!("d{name}"), ExpectedState::with_version(1));
        }
        let Some(history) = self.histories.get_mut(&name) else { return };
        match action {
            Action::Upgrade { .. } | Action::Change { .. } => {
                *history = ExpectedState::with_version(history.version + 1);
            }
            Action::RollBack { .. } => history.is_rolling_back = true,
            Action::SetStatus { .. } | Action::ActOnInstance { .. } => history.is_disturbed = true,
            _ => {}
        }
    }

    pub(crate) fn check(&mut self) {
        for target in 0..2 {
            let reply = self.harness.get(&path(target, ""));
            if reply.0.status() == 404 {
                continue;
            }
            assert_eq!(reply.0.status(), 200);
            self.check_deployment(&reply);
        }
        let service = self.harness.get(&format!("{SERVICE}?embed-detail=true"));
        let slots = service.texts("DeploymentSlot");
        assert!(slots.len() <= 2 && (slots.len() < 2 || slots[0] != slots[1]), "{slots:?}");
        // No deployment lives on outside the slots.
        for instance in self.harness.instances() {
            assert!(service.body().contains(&format!("<Name>{}</Name>", instance.deployment)));
        }
        let reserved = self.harness.get(RESERVED);
        // An address that is reserved is told twice: by itself and by the deployment that has it.
        let in_use = reserved.texts("InUse").len();
        assert_eq!(in_use, service.texts_in("Deployment", "ReservedIPName").len());
        let addresses: Vec<_> =
            [service.texts_in("VirtualIP", "Address"), reserved.texts("Address")].concat();
        let different: BTreeSet<_> = addresses.iter().collect();
        // One that is being reserved is told by its deployment alone.
        assert_eq!(different.len() + in_use, addresses.len(), "{addresses:?}");
    }

    fn check_deployment(&self, reply: &TestResponse) {
        let has_update = reply.has_element("UpgradeStatus");
        let is_locked = reply.text("Locked") == "true";
        let is_rollback_allowed = reply.text("RollbackAllowed") == "true";
        let status = reply.text("Status");
        let is_transitional =
            matches!(status.as_str(), "Deploying" | "Deleting" | "Starting" | "Suspending");
        assert!(is_transitional || has_update == status.ends_with("Transitioning"), "{status}");
        assert!(!is_rollback_allowed || (has_update && !is_locked));
        assert!(is_locked || !is_transitional, "{status}");

        let names = reply.texts("InstanceName");
        for (name, domain) in names.iter().zip(reply.texts("InstanceUpgradeDomain")) {
            assert_eq!((instance_index(name) % DOMAINS).to_string(), domain, "{name}");
        }
        if !has_update && matches!(status.as_str(), "Running" | "Suspended") {
            let statuses = reply.texts("InstanceStatus");
            for (role, count) in configured_counts(&reply.text("Configuration")) {
                let own = names.iter().zip(&statuses);
                let own = own.filter(|(name, _)| name.rsplit_once("_IN_").unwrap().0 == role);
                // One that leaves may be there still: the update has lost its patience with it.
                let (leaving, staying): (Vec<_>, Vec<_>) =
                    own.partition(|(_, it)| it.starts_with("Stopping") || *it == "DeletingVM");
                let possible = staying.len()..=staying.len() + leaving.len();
                assert!(possible.contains(&(count as usize)), "{role}: {count} {statuses:?}");
            }
        }
        if has_update && !is_locked {
            let expected = self.expects_rollback_allowed(reply);
            if let Some(expected) = expected {
                assert_eq!(
                    is_rollback_allowed,
                    expected,
                    "{status} {:?}",
                    self.harness.instances()
                );
            }
        }
    }

    /// Whether an update moves of which an instance has not got its part, judged by what the
    /// instances run; `None` where they do not tell.
    fn expects_rollback_allowed(&self, reply: &TestResponse) -> Option<bool> {
        let name = reply.text("Name");
        let history = self.histories[&name];
        if history.is_rolling_back {
            return Some(false);
        }
        let domain: u32 = reply.text("CurrentUpgradeDomain").parse().unwrap();
        let is_in_progress = reply.text("CurrentUpgradeDomainState") == "During";
        let mut missing = configured_counts(&reply.text("Configuration"));
        let mut is_unclear = false;
        for instance in self.harness.instances().iter().filter(|it| it.deployment == name) {
            // Given up, or complete.
            let is_passed = instance.upgrade_domain < domain;
            let is_there = instance.status == InstanceStatus::ReadyRole;
            // A stopped instance that is being changed looks like one that has been.
            let is_stopped = instance.status == InstanceStatus::StoppedVm;
            is_unclear |= is_stopped && is_in_progress;
            if instance.version != history.version {
                return Some(true);
            }
            if !(is_passed || is_there || is_stopped) {
                if !history.is_disturbed {
                    return Some(true);
                }
                is_unclear = true;
            }
            match missing.get_mut(&instance.role) {
                Some(count) if *count > 0 => *count -= 1,
                _ => return Some(true),
            }
        }
        if missing.values().any(|count| *count > 0) {
            return Some(true);
        }
        (!is_unclear).then_some(false)
    }

    /// Lets everything happen that time, questions and walks bring.
    pub(crate) fn finish(&mut self) {
        self.settle();
        for target in 0..2 {
            for _ in 0..DOMAINS {
                self.perform(&Action::WalkNext { target });
                self.settle();
            }
            assert!(!self.harness.get(&path(target, "")).has_element("UpgradeStatus"));
        }
    }

    /// Nothing waits for more questions in a row than a journey has states.
    fn settle(&mut self) {
        let mut quiet = 0;
        while quiet < 4 {
            self.harness.settle();
            let before = self.harness.simulator.revision();
            for target in 0..2 {
                self.harness.get(&path(target, ""));
            }
            quiet = if self.harness.simulator.revision() == before { quiet + 1 } else { 0 };
        }
    }
}

fn instance_index(instance: &str) -> u32 {
    instance.rsplit('_').next().unwrap().parse().unwrap()
}

/// What a deployment was last told to be: role by role, by what the configuration says.
fn configured_counts(configuration: &str) -> BTreeMap<String, u32> {
    let text = decode_base64(configuration);
    let document = roxmltree::Document::parse(&text).unwrap();
    document
        .descendants()
        .filter(|node| node.tag_name().name() == "Role")
        .map(|role| {
            let count = role.first_element_child().unwrap().attribute("count").unwrap();
            (role.attribute("name").unwrap().to_owned(), count.parse().unwrap())
        })
        .collect()
}
