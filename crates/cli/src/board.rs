//! A deployment as a board: its state, and one row of instances for each upgrade domain.

use std::collections::BTreeMap;

use azure_classic::Deployment;
use azure_classic::protocol::deployment::model::{InstanceStatus, RoleInstance};
use azure_classic_text::sanitize;
use console::Style;

/// A line of differently toned pieces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Line(Vec<(Tone, String)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Strong,
    Faint,
    Good,
    Moving,
    Bad,
}

impl Line {
    /// Adds a piece. Its text is escaped here; only its tone is ours.
    pub(crate) fn with(mut self, tone: Tone, text: impl AsRef<str>) -> Self {
        self.0.push((tone, sanitize(text.as_ref()).to_string()));
        self
    }

    #[cfg(test)]
    pub(crate) fn pieces(&self) -> &[(Tone, String)] {
        &self.0
    }

    /// The line as it is printed.
    pub(crate) fn render(&self, colours: bool) -> String {
        self.0
            .iter()
            .map(|(tone, text)| {
                let style = match tone {
                    Tone::Plain => Style::new(),
                    Tone::Strong => Style::new().bold(),
                    Tone::Faint => Style::new().dim(),
                    Tone::Good => Style::new().green(),
                    Tone::Moving => Style::new().yellow(),
                    Tone::Bad => Style::new().red().bold(),
                };
                style.force_styling(colours).apply_to(text).to_string()
            })
            .collect()
    }
}

/// The whole board. Rows that are longer than `width` columns go on in the next line.
pub(crate) fn board(service: &str, deployment: &Deployment, width: usize) -> Vec<Line> {
    let mut lines =
        vec![headline(service, deployment), Line::default().with(Tone::Plain, facts(deployment))];
    let domains = by_domain(deployment);
    if domains.is_empty() {
        lines.push(Line::default().with(Tone::Faint, "  no role instances"));
        return lines;
    }
    let longest = |length: fn(&RoleInstance) -> usize| {
        deployment.role_instance_list.iter().map(length).max().unwrap_or_default()
    };
    let names = longest(|instance| console::measure_text_width(&shown(&instance.instance_name)));
    let statuses =
        longest(|instance| console::measure_text_width(&status_of(instance))).max(STATUS_WIDTH);
    let labels = domains.keys().map(|domain| label(*domain).len()).max().unwrap_or_default();

    let cell_width = "  ● ".chars().count() + names + " ".len() + statuses;
    let per_line = (width.saturating_sub(labels) / cell_width).max(1);
    for (domain, instances) in domains {
        for (at, chunk) in instances.chunks(per_line).enumerate() {
            let label = if at == 0 { label(domain) } else { String::new() };
            let mut line = Line::default().with(Tone::Faint, format!("{label:labels$}"));
            for (column, instance) in chunk.iter().enumerate() {
                let is_last = column + 1 == chunk.len();
                line = cell(line, instance, names, if is_last { 0 } else { statuses });
            }
            lines.push(line);
        }
    }
    lines
}

/// What has changed from one reading to the next: a line for the deployment, a line for each instance.
pub(crate) fn changes(service: &str, before: &Deployment, after: &Deployment) -> Vec<Line> {
    let mut lines = Vec::new();
    let is_moved = before.status != after.status
        || before.label != after.label
        || before.deployment_slot != after.deployment_slot
        || facts(before) != facts(after);
    if is_moved {
        lines.push(headline(service, after).with(Tone::Plain, format!("  {}", facts(after))));
    }
    let seen: BTreeMap<&str, &RoleInstance> = by_name(before);
    for (domain, instances) in by_domain(after) {
        for instance in instances {
            let was = seen.get(instance.instance_name.as_str()).map(|was| &was.instance_status);
            if was != Some(&instance.instance_status) {
                let line = Line::default().with(Tone::Faint, label(domain));
                lines.push(cell(line, instance, 0, 0));
            }
        }
    }
    let present = by_name(after);
    for (domain, instances) in by_domain(before) {
        for instance in
            instances.iter().filter(|was| !present.contains_key(was.instance_name.as_str()))
        {
            let text = format!("{}    {} is gone", label(domain), shown(&instance.instance_name));
            lines.push(Line::default().with(Tone::Faint, text));
        }
    }
    lines
}

/// The longest name, label or status that a board shows, in characters. All rows are as wide as the
/// longest.
const LONGEST: usize = 100;

/// A text of the service as it stands on a board.
fn shown(text: &str) -> String {
    sanitize(text).at_most(LONGEST).to_string()
}

/// As wide as the longest status that is met often, so that columns stand still while states change.
const STATUS_WIDTH: usize = "RestartingRole".len();

fn headline(service: &str, deployment: &Deployment) -> Line {
    let slot = deployment.deployment_slot.as_str().to_ascii_lowercase();
    Line::default().with(Tone::Strong, format!("{}/{}", shown(service), shown(&slot))).with(
        Tone::Plain,
        format!(
            "  {} \"{}\"  {}",
            shown(&deployment.name),
            shown(deployment.label.as_str()),
            shown(deployment.status.as_str())
        ),
    )
}

/// Update, rollback and lock in words.
fn facts(deployment: &Deployment) -> String {
    let mut facts = match &deployment.upgrade_status {
        None => "no update in progress".to_owned(),
        Some(update) => format!(
            "{} update, {} domain {}",
            shown(update.upgrade_type.as_str()),
            shown(update.current_upgrade_domain_state.as_str()).to_lowercase(),
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

fn label(domain: u32) -> String {
    if domain == NO_DOMAIN { "  no domain".to_owned() } else { format!("  domain {domain}") }
}

/// `  ● Web_IN_0 ReadyRole`, its name and its status filled up to their widths.
fn cell(line: Line, instance: &RoleInstance, name_width: usize, status_width: usize) -> Line {
    let (mark, tone) = mark(&instance.instance_status);
    let name = shown(&instance.instance_name);
    let status = status_of(instance);
    let pad = |text: &str, width: usize| {
        " ".repeat(width.saturating_sub(console::measure_text_width(text)))
    };
    line.with(tone, format!("  {mark} "))
        .with(Tone::Plain, format!("{name}{} ", pad(&name, name_width)))
        .with(tone, format!("{status}{}", pad(&status, status_width)))
}

fn status_of(instance: &RoleInstance) -> String {
    match instance.instance_status.as_str() {
        "" => "?".to_owned(),
        status => shown(status),
    }
}

fn mark(status: &InstanceStatus) -> (char, Tone) {
    use InstanceStatus as S;
    match status {
        S::ReadyRole | S::Ready => ('●', Tone::Good),
        S::RestartingRole
        | S::CyclingRole
        | S::FailedStartingRole
        | S::FailedStartingVm
        | S::UnresponsiveRole
        | S::Unresponsive
        | S::ProvisioningFailed
        | S::ProvisioningTimeout => ('✗', Tone::Bad),
        S::StoppedVm | S::StoppedDeallocated | S::Stopped => ('○', Tone::Faint),
        S::RoleStateUnknown | S::Unknown | S::Other(_) => ('?', Tone::Plain),
        _ => ('◐', Tone::Moving),
    }
}

#[cfg(test)]
mod tests;
