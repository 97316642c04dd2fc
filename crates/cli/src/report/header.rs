//! The record's facts about the whole rollout.

use azure_classic_rollout::Record;
use serde::Serialize;

/// Which deployment it was about, and the labels before and after.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Header {
    pub(crate) service: Option<String>,
    pub(crate) deployment: Option<String>,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

impl Header {
    /// A record that cannot be read costs the names, not the report.
    pub(crate) fn read(record: &[u8]) -> Self {
        let Ok(record) = serde_json::from_slice::<Record>(record) else { return Self::default() };
        let deployment = record.deployment();
        Self {
            service: Some(deployment.service().name().to_owned()),
            deployment: deployment.name().map(str::to_owned),
            before: record.before().map(|version| version.label.as_str().to_owned()),
            after: Some(record.after().label.as_str().to_owned()),
        }
    }

    pub(crate) fn title(&self) -> String {
        let subject: Vec<&str> =
            [&self.service, &self.deployment].into_iter().flatten().map(String::as_str).collect();
        let subject = if subject.is_empty() { "A rollout".to_owned() } else { subject.join(" / ") };
        match (&self.before, &self.after) {
            (Some(before), Some(after)) if before == after => {
                format!("{subject}: {after}, another configuration")
            }
            (Some(before), Some(after)) => format!("{subject}: {before} → {after}"),
            (None, Some(after)) => format!("{subject}: → {after}"),
            _ => subject,
        }
    }

    /// The version that a domain is brought to.
    pub(crate) fn version(&self, is_rollback: bool) -> &str {
        let label = if is_rollback { &self.before } else { &self.after };
        label.as_deref().unwrap_or(if is_rollback { "the old version" } else { "the new version" })
    }
}
