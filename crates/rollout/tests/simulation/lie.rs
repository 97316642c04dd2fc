//! Responses to a reading of the deployment that do not show what is: from a front end that has half of
//! the state, an old cache, or a proxy that mangles. Only the response is changed; the judge knows what
//! is true, and whether the change hides something that a health check must not do without.

use azure_classic_protocol::Bytes;
use fastrand::Rng;
use http::{Response, StatusCode};

use crate::scenario::Scenario;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    /// No instance is listed.
    Empty,
    /// Some instance is not listed.
    Missing,
    /// Those that are not ready are not listed.
    HidesUnready,
    /// An instance is listed twice.
    Duplicate,
    /// An instance is listed in the place of another one.
    Replaced,
    /// An instance is listed that there is not.
    Stranger,
    /// The instances come in another order.
    Reordered,
    /// An instance is in an upgrade domain that cannot be, or in none.
    ImpossibleDomain,
    /// An instance is in another upgrade domain than it is.
    Moved,
    /// The number of upgrade domains is another, or absent.
    DomainCount,
    /// The update stands at an upgrade domain that cannot be.
    CurrentDomain,
    /// The response omits the update in progress, but not the status.
    NoUpgradeStatus,
    /// `Running` instead of `RunningTransitioning`, or the other way round.
    StatusFlaps,
    /// There is no such deployment. Once, because what is read for long is believed.
    Absent,
    /// It is another deployment of the same name. Once, too.
    OtherDeployment,
}

const ALL: [Lie; 13] = [
    Lie::Empty,
    Lie::Missing,
    Lie::HidesUnready,
    Lie::Duplicate,
    Lie::Replaced,
    Lie::Stranger,
    Lie::Reordered,
    Lie::ImpossibleDomain,
    Lie::Moved,
    Lie::DomainCount,
    Lie::CurrentDomain,
    Lie::NoUpgradeStatus,
    Lie::StatusFlaps,
];

const NOT_FOUND: &str = "<Error xmlns=\"http://schemas.microsoft.com/windowsazure\">\
    <Code>ResourceNotFound</Code><Message>The deployment does not exist.</Message></Error>";

/// A response as it is changed.
pub(crate) struct Reported {
    pub(crate) response: Response<Bytes>,
    /// Whether it is no evidence of health: it hides or contradicts something that the driver knows.
    pub(crate) is_gap: bool,
}

impl Lie {
    pub(crate) fn of(rng: &mut Rng) -> Self {
        ALL[rng.usize(..ALL.len())]
    }

    /// That the deployment is not there.
    pub(crate) fn of_absence(rng: &mut Rng) -> Self {
        if rng.bool() { Self::Absent } else { Self::OtherDeployment }
    }

    pub(crate) fn is_of_absence(self) -> bool {
        matches!(self, Self::Absent | Self::OtherDeployment)
    }

    /// Changes the response to a reading; `None` where there is nothing to change.
    pub(crate) fn report(
        self,
        response: &Response<Bytes>,
        scenario: &Scenario,
        rng: &mut Rng,
    ) -> Option<Reported> {
        let text = String::from_utf8_lossy(response.body()).into_owned();
        let list = List::of(&text)?;
        let is_rolling = text.contains("<UpgradeStatus>");
        let (changed, is_gap) = match self {
            Self::Empty => (list.with(&[]), list.items.iter().any(|it| is_in_both(it, scenario))),
            Self::Missing => list.without(|at| at == rng.usize(..list.items.len()), scenario)?,
            Self::HidesUnready => {
                let is_up = |item: &&str| {
                    item.contains("<InstanceStatus>ReadyRole<")
                        || item.contains("<InstanceStatus>StoppedVM<")
                };
                list.without(|at| !is_up(&list.items[at]), scenario)?
            }
            Self::Duplicate => {
                let mut items = list.items.clone();
                items.push(items[rng.usize(..items.len())]);
                (list.with(&items), true)
            }
            Self::Replaced => {
                let mut items = list.items.clone();
                let (one, other) = (rng.usize(..items.len()), rng.usize(..items.len()));
                items[one] = items[other];
                (list.with(&items), one != other)
            }
            Self::Stranger => {
                let name = value(list.items[0], "InstanceName")?;
                let stranger = list.items[0].replace(&name, "Stranger_IN_7");
                let mut items = list.items.clone();
                items.push(&stranger);
                (list.with(&items), true)
            }
            Self::Reordered => {
                let mut items = list.items.clone();
                rng.shuffle(&mut items);
                (list.with(&items), false)
            }
            Self::ImpossibleDomain => {
                let domain = ["4294967295".to_owned(), scenario.domains.to_string()];
                list.moved(rng.choice(domain).filter(|_| rng.bool()), rng)?
            }
            Self::Moved => {
                let domain = rng.u32(..scenario.domains).to_string();
                list.moved(Some(domain), rng)?
            }
            Self::DomainCount => {
                let most = scenario.domains + 2;
                let count = if rng.bool() { rng.u32(..most) } else { u32::MAX };
                let new = format!("<UpgradeDomainCount>{count}</UpgradeDomainCount>");
                let old = element(&text, "UpgradeDomainCount")?;
                let new = if rng.u32(..4) == 0 { String::new() } else { new };
                (text.replace(old, &new), count != scenario.domains || new.is_empty())
            }
            Self::CurrentDomain => {
                let old = element(&text, "CurrentUpgradeDomain")?;
                let domain = if rng.bool() { scenario.domains } else { u32::MAX };
                let new = format!("<CurrentUpgradeDomain>{domain}</CurrentUpgradeDomain>");
                (text.replace(old, &new), true)
            }
            Self::NoUpgradeStatus => (text.replace(element(&text, "UpgradeStatus")?, ""), true),
            Self::StatusFlaps => {
                let old = element(&text, "Status")?;
                let status = value(old, "Status")?;
                let new = match status.strip_suffix("Transitioning") {
                    Some(status) => status.to_owned(),
                    None => format!("{status}Transitioning"),
                };
                (text.replacen(old, &format!("<Status>{new}</Status>"), 1), !is_rolling)
            }
            Self::Absent => (NOT_FOUND.to_owned(), true),
            Self::OtherDeployment => {
                let own = value(&text, "PrivateID")?;
                (text.replace(&own, "00000000000000000000000000000000"), true)
            }
        };
        let mut response = response.clone().map(|_| Bytes::from(changed));
        if self == Self::Absent {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        Some(Reported { response, is_gap })
    }
}

/// The list of instances in a response.
struct List<'t> {
    text: &'t str,
    items: Vec<&'t str>,
}

const START: &str = "<RoleInstanceList>";
const END: &str = "</RoleInstanceList>";

impl<'t> List<'t> {
    /// `None` where there is no instance.
    fn of(text: &'t str) -> Option<Self> {
        let (_, rest) = text.split_once(START)?;
        let (list, _) = rest.split_once(END)?;
        let items: Vec<&str> = list.split_inclusive("</RoleInstance>").collect();
        (!list.is_empty()).then_some(Self { text, items })
    }

    fn with(&self, items: &[&str]) -> String {
        let (before, rest) = self.text.split_once(START).unwrap_or_default();
        let (_, after) = rest.split_once(END).unwrap_or_default();
        format!("{before}{START}{}{END}{after}", items.concat())
    }

    fn without(
        &self,
        mut is_left_out: impl FnMut(usize) -> bool,
        scenario: &Scenario,
    ) -> Option<(String, bool)> {
        let out: Vec<bool> = (0..self.items.len()).map(&mut is_left_out).collect();
        let pairs = || self.items.iter().zip(&out);
        let rest: Vec<&str> = pairs().filter(|(_, out)| !**out).map(|(item, _)| *item).collect();
        let is_gap = pairs().any(|(item, out)| *out && is_in_both(item, scenario));
        (rest.len() < self.items.len()).then(|| (self.with(&rest), is_gap))
    }

    /// An instance in this domain, or in none.
    fn moved(&self, domain: Option<String>, rng: &mut Rng) -> Option<(String, bool)> {
        let at = rng.usize(..self.items.len());
        let old = element(self.items[at], "InstanceUpgradeDomain")?;
        let new = domain.map(|it| format!("<InstanceUpgradeDomain>{it}</InstanceUpgradeDomain>"));
        let item = self.items[at].replace(old, new.as_deref().unwrap_or_default());
        let mut items = self.items.clone();
        items[at] = &item;
        Some((self.with(&items), new.as_deref() != Some(old)))
    }
}

/// Whether an instance is of both versions: then it must be listed whatever the stage of an update.
fn is_in_both(item: &str, scenario: &Scenario) -> bool {
    let Some((role, number)) = value(item, "InstanceName").and_then(|name| {
        Some((
            name.split_once("_IN_")?.0.to_owned(),
            name.split_once("_IN_")?.1.parse::<u32>().ok()?,
        ))
    }) else {
        return false;
    };
    let has =
        |roles: &[(String, u32)]| roles.iter().any(|(it, count)| *it == role && number < *count);
    has(&scenario.roles) && has(&scenario.new_counts())
}

/// An element with its tags, the first of its name.
fn element<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let start = text.find(&format!("<{name}>"))?;
    let end = format!("</{name}>");
    let length = text[start..].find(&end)? + end.len();
    Some(&text[start..start + length])
}

fn value(text: &str, name: &str) -> Option<String> {
    let element = element(text, name)?;
    let inner = element.strip_prefix(&format!("<{name}>"))?;
    Some(inner.strip_suffix(&format!("</{name}>"))?.to_owned())
}
