use std::collections::BTreeMap;

use azure_classic_protocol::Deployment;
use azure_classic_protocol::deployment::model::{InstanceStatus, RoleInstance};

use crate::Event;

/// Reports the changes from one reading to the next.
pub(super) fn differences(before: Option<&Deployment>, after: &Deployment) -> Vec<Event> {
    let mut events = Vec::new();
    if before.is_some_and(|before| before.deployment_slot != after.deployment_slot) {
        events.push(Event::Swapped { slot: after.deployment_slot.clone() });
    }
    let instances = before.map(|before| before.role_instance_list.as_slice()).unwrap_or_default();
    let mut known: BTreeMap<&str, &RoleInstance> =
        instances.iter().map(|instance| (instance.instance_name.as_str(), instance)).collect();
    for instance in &after.role_instance_list {
        let from = known.remove(instance.instance_name.as_str()).map(|it| &it.instance_status);
        if from != Some(&instance.instance_status) {
            let to = Some(instance.instance_status.clone());
            events.push(moved(instance, from.cloned(), to));
        }
    }
    events.extend(
        known.into_values().map(|gone| moved(gone, Some(gone.instance_status.clone()), None)),
    );
    events
}

fn moved(
    instance: &RoleInstance,
    from: Option<InstanceStatus>,
    to: Option<InstanceStatus>,
) -> Event {
    Event::Instance {
        instance: instance.instance_name.clone(),
        role: instance.role_name.clone(),
        domain: instance.instance_upgrade_domain,
        from,
        to,
    }
}
