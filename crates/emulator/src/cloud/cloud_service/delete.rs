//! Delete Cloud Service: an empty one, or one with everything in it.

use http::StatusCode;

use super::no_service;
use crate::cloud::Cloud;
use crate::cloud::answer::Answer;
use crate::cloud::call::Call;
use crate::cloud::refusal::Refusal;
use crate::cloud::work::Task;
use crate::cloud::world::DeploymentId;

pub(super) fn delete(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = call.argument("service");
    let service = cloud.service_mut(name)?;
    if service.slots.iter().any(Option::is_some) {
        return Err(Refusal::conflict(format!(
            "The hosted service {} has deployments. Delete them first.",
            service.name
        )));
    }
    cloud.services.remove(&name.to_ascii_lowercase());
    Ok(Answer::empty(StatusCode::OK))
}

pub(super) fn delete_all(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = call.argument("service");
    let slots = cloud.service_mut(name)?.slots;
    let deployments: Vec<DeploymentId> = slots.into_iter().flatten().collect();
    for deployment in deployments.iter().filter_map(|id| cloud.deployments.get(id)) {
        deployment.check_unlocked()?;
    }
    for id in deployments {
        if let Some(deployment) = cloud.deployments.get_mut(&id) {
            deployment.go_with_service(call.id, &mut cloud.world);
        }
    }
    let deletion = cloud.begin_work(call.id, Task::DeleteCloudService(name.to_ascii_lowercase()));
    cloud.service_mut(name)?.deletion = Some(deletion);
    Ok(Answer::accepted())
}

impl Cloud {
    /// The end of a deletion with everything in it.
    pub(in crate::cloud) fn remove_service(&mut self, key: &str) -> Result<(), Refusal> {
        let slots = self.services.get(key).ok_or_else(no_service)?.slots;
        for deployment in slots.into_iter().flatten() {
            self.forget(deployment);
        }
        self.services.remove(key);
        Ok(())
    }
}
