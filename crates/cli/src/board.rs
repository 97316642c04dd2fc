//! A deployment as a board: its state, and one row of instances for each upgrade domain.

use std::collections::BTreeMap;

use azure_classic::Deployment;
use azure_classic::protocol::deployment::model::{InstanceStatus, RoleInstance};
use azure_classic_text::sanitize;
use console::Style;

/// A line of differently toned pieces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct StyledLine(Vec<(Emphasis, String)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Emphasis {
    Plain,
    Strong,
    Dim,
    Good,
    InProgress,
    Bad,
}

impl StyledLine {
    /// Adds a piece. Its text is escaped here; only its emphasis is ours.
    pub(crate) fn with(mut self, emphasis: Emphasis, text: impl AsRef<str>) -> Self {
        self.0.push((emphasis, sanitize(text.as_ref()).to_string()));
        self
    }

    #[cfg(test)]
    pub(crate) fn pieces(&self) -> &[(Emphasis, String)] {
        &self.0
    }

    /// The line as it is printed.
    pub(crate) fn render(&self, colours: bool) -> String {
        self.0
            .iter()
            .map(|(emphasis, text)| {
                let style = match emphasis {
                    Emphasis::Plain => Style::new(),
                    Emphasis::Strong => Style::new().bold(),
                    Emphasis::Dim => Style::new().dim(),
                    Emphasis::Good => Style::new().green(),
                    Emphasis::InProgress => Style::new().yellow(),
                    Emphasis::Bad => Style::new().red().bold(),
                };
                style.force_styling(colours).apply_to(text).to_string()
            })
            .collect()
    }
}

/// The whole board. Rows that are longer than `width` columns go on in the next line.
pub(crate) fn board(service: &str, deployment: &Deployment, width: usize) -> Vec<StyledLine> {
    let mut lines = vec![
        headline(service, deployment),
        StyledLine::default().with(Emphasis::Plain, update_summary(deployment)),
    ];
    let domains = by_domain(deployment);
    if domains.is_empty() {
        lines.push(StyledLine::default().with(Emphasis::Dim, "  no role instances"));
        return lines;
    }
    let longest = |length: fn(&RoleInstance) -> usize| {
        deployment.role_instance_list.iter().map(length).max().unwrap_or_default()
    };
    let names = longest(|instance| console::measure_text_width(&clipped(&instance.instance_name)));
    let statuses =
        longest(|instance| console::measure_text_width(&status_text(instance))).max(STATUS_WIDTH);
    let labels = domains.keys().map(|domain| domain_label(*domain).len()).max().unwrap_or_default();

    let cell_width = "  ● ".chars().count() + names + " ".len() + statuses;
    let per_line = (width.saturating_sub(labels) / cell_width).max(1);
    for (domain, instances) in domains {
        for (at, chunk) in instances.chunks(per_line).enumerate() {
            let label = if at == 0 { domain_label(domain) } else { String::new() };
            let mut line = StyledLine::default().with(Emphasis::Dim, format!("{label:labels$}"));
            for (column, instance) in chunk.iter().enumerate() {
                let is_last = column + 1 == chunk.len();
                line = instance_cell(line, instance, names, if is_last { 0 } else { statuses });
            }
            lines.push(line);
        }
    }
    lines
}

/// The changes from one reading to the next: a line for the deployment, and a line for each instance.
pub(crate) fn changes(service: &str, before: &Deployment, after: &Deployment) -> Vec<StyledLine> {
    let mut lines = Vec::new();
    let is_moved = before.status != after.status
        || before.label != after.label
        || before.deployment_slot != after.deployment_slot
        || update_summary(before) != update_summary(after);
    if is_moved {
        lines.push(
            headline(service, after).with(Emphasis::Plain, format!("  {}", update_summary(after))),
        );
    }
    let seen: BTreeMap<&str, &RoleInstance> = by_name(before);
    for (domain, instances) in by_domain(after) {
        for instance in instances {
            let was = seen.get(instance.instance_name.as_str()).map(|was| &was.instance_status);
            if was != Some(&instance.instance_status) {
                let line = StyledLine::default().with(Emphasis::Dim, domain_label(domain));
                lines.push(instance_cell(line, instance, 0, 0));
            }
        }
    }
    let present = by_name(after);
    for (domain, instances) in by_domain(before) {
        for instance in
            instances.iter().filter(|was| !present.contains_key(was.instance_name.as_str()))
        {
            let text =
                format!("{}    {} is gone", domain_label(domain), clipped(&instance.instance_name));
            lines.push(StyledLine::default().with(Emphasis::Dim, text));
        }
    }
    lines
}

/// The longest name, label or status that a board shows, in characters. All rows are as wide as the
/// longest.
const MAX_VALUE_CHARS: usize = 100;

/// A text of the service as it stands on a board.
fn clipped(text: &str) -> String {
    sanitize(text).truncated_to(MAX_VALUE_CHARS).to_string()
}

/// As wide as the longest status that is met often, so that columns stand still while states change.
const STATUS_WIDTH: usize = "RestartingRole".len();

fn headline(service: &str, deployment: &Deployment) -> StyledLine {
    let slot = deployment.deployment_slot.as_str().to_ascii_lowercase();
    StyledLine::default()
        .with(Emphasis::Strong, format!("{}/{}", clipped(service), clipped(&slot)))
        .with(
            Emphasis::Plain,
            format!(
                "  {} \"{}\"  {}",
                clipped(&deployment.name),
                clipped(deployment.label.as_str()),
                clipped(deployment.status.as_str())
            ),
        )
}

/// Describes update, rollback and lock.
fn update_summary(deployment: &Deployment) -> String {
    let mut facts = match &deployment.upgrade_status {
        None => "no update in progress".to_owned(),
        Some(update) => format!(
            "{} update, {} domain {}",
            clipped(update.upgrade_type.as_str()),
            clipped(update.current_upgrade_domain_state.as_str()).to_lowercase(),
            update.current_upgrade_domain.map_or("unknown".to_owned(), |domain| domain.to_string())
        ),
    };
    if deployment.rollback_allowed == Some(true) {
        facts.push_str(", rollback allowed");
    }
    if deployment.locked == Some(true) {
        facts.push_str(", locked");
    }
    facts
}

/// Instances in the service's order; those without a domain come last.
fn by_domain(deployment: &Deployment) -> BTreeMap<u32, Vec<&RoleInstance>> {
    let mut domains: BTreeMap<u32, Vec<&RoleInstance>> = BTreeMap::new();
    for instance in &deployment.role_instance_list {
        let domain = instance.instance_upgrade_domain.unwrap_or(NO_DOMAIN);
        domains.entry(domain).or_default().push(instance);
    }
    domains
}

const NO_DOMAIN: u32 = u32::MAX;

fn by_name(deployment: &Deployment) -> BTreeMap<&str, &RoleInstance> {
    let instances = deployment.role_instance_list.iter();
    instances.map(|instance| (instance.instance_name.as_str(), instance)).collect()
}

fn domain_label(domain: u32) -> String {
    if domain == NO_DOMAIN { "  no domain".to_owned() } else { format!("  domain {domain}") }
}

/// `  ● Web_IN_0 ReadyRole`, its name and its status filled up to their widths.
fn instance_cell(
    line: StyledLine,
    instance: &RoleInstance,
    name_width: usize,
    status_width: usize,
) -> StyledLine {
    let (mark, emphasis) = status_mark(&instance.instance_status);
    let name = clipped(&instance.instance_name);
    let status = status_text(instance);
    let pad = |text: &str, width: usize| {
        " ".repeat(width.saturating_sub(console::measure_text_width(text)))
    };
    line.with(emphasis, format!("  {mark} "))
        .with(Emphasis::Plain, format!("{name}{} ", pad(&name, name_width)))
        .with(emphasis, format!("{status}{}", pad(&status, status_width)))
}

fn status_text(instance: &RoleInstance) -> String {
    match instance.instance_status.as_str() {
        "" => "?".to_owned(),
        status => clipped(status),
    }
}

fn status_mark(status: &InstanceStatus) -> (char, Emphasis) {
    use InstanceStatus as S;
    match status {
        S::ReadyRole | S::Ready => ('●', Emphasis::Good),
        S::RestartingRole
        | S::CyclingRole
        | S::FailedStartingRole
        | S::FailedStartingVm
        | S::UnresponsiveRole
        | S::Unresponsive
        | S::ProvisioningFailed
        | S::ProvisioningTimeout => ('✗', Emphasis::Bad),
        S::StoppedVm | S::StoppedDeallocated | S::Stopped => ('○', Emphasis::Dim),
        S::RoleStateUnknown | S::Unknown | S::Other(_) => ('?', Emphasis::Plain),
        _ => ('◐', Emphasis::InProgress),
    }
}

#[cfg(test)]
mod tests;
