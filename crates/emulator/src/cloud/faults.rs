use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A rule: this role instance never starts.
///
/// The rule takes effect when the instance is about to become ready: it turns to `RestartingRole`
/// instead and stays there, until an update puts it on a version to which the rule does not apply or
/// the rule is taken back. An instance that is ready already is not touched.
///
/// ```
/// use azure_classic_emulator::Stick;
///
/// let stick = Stick::instance("WebRole_IN_1").on_label("release 2");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stick {
    instance: String,
    service: Option<String>,
    label: Option<String>,
}

impl Stick {
    /// The instance of this name (`WebRole_IN_1`) never starts, in any deployment, on any version.
    pub fn instance(name: impl Into<String>) -> Self {
        Self { instance: name.into(), service: None, label: None }
    }

    /// Only in the cloud service of this name.
    pub fn in_service(self, service: impl Into<String>) -> Self {
        Self { service: Some(service.into()), ..self }
    }

    /// Only on versions whose deployment label (plain, not base64) is this.
    pub fn on_label(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }

    fn applies(&self, service: &str, label: &str) -> bool {
        self.service.as_deref().is_none_or(|only| only.eq_ignore_ascii_case(service))
            && self.label.as_deref().is_none_or(|only| only == label)
    }
}

/// The rules in force, by instance name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Faults {
    sticks: BTreeMap<String, Vec<Stick>>,
}

impl Faults {
    pub(crate) fn stick(&mut self, stick: Stick) {
        self.sticks.entry(stick.instance.clone()).or_default().push(stick);
    }

    pub(crate) fn unstick(&mut self, instance: &str) {
        self.sticks.remove(instance);
    }

    pub(crate) fn is_stuck(
        &self,
        service: &str,
        instance: impl Fn() -> String,
        label: &str,
    ) -> bool {
        !self.sticks.is_empty()
            && self
                .sticks
                .get(&instance())
                .is_some_and(|rules| rules.iter().any(|rule| rule.applies(service, label)))
    }
}
