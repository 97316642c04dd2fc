//! What each operation does, once a request is known to be one.

use azure_classic_protocol::{ApiVersion, RequestId};
use http::StatusCode;

use super::Cloud;
use super::answer::Answer;
use super::deployment::Deployment;
use super::describe::{Narrator, operation};
use super::operations::Progress;
use super::refusal::Refusal;
use super::requests::Body;
use super::route::{Action, Call, Slot, Which};
use super::service::Service;
use super::world::DeploymentId;

impl Cloud {
    pub(super) fn perform(
        &mut self,
        id: &RequestId,
        call: Call,
        body: &Body<'_>,
    ) -> Result<Answer, Refusal> {
        match call {
            Call::CreateService => self.create_service(id, body),
            Call::GetService { service, with_detail } => {
                self.get_service(&service, with_detail, body.version)
            }
            Call::DeleteService { service } => self.delete_service(id, &service),
            Call::CreateDeployment { service, slot } => {
                self.create_deployment(id, &service, slot, body)
            }
            Call::OnDeployment { service, which, action } => {
                let deployment = self.find(&service, &which)?;
                self.act(id, deployment, &which, action, body)
            }
            Call::GetOperationStatus { id } => {
                let progress =
                    self.world.operations.get(&id).ok_or_else(|| {
                        Refusal::not_found("The operation request ID was not found.")
                    })?;
                Answer::xml(StatusCode::OK, &operation(&id, progress))
            }
        }
    }

    fn create_service(&mut self, id: &RequestId, body: &Body<'_>) -> Result<Answer, Refusal> {
        let create = body.create_service()?;
        let key = create.name.to_ascii_lowercase();
        if self.services.contains_key(&key) {
            return Err(Refusal::conflict(format!(
                "The hosted service name {} is already taken.",
                create.name
            )));
        }
        let settings = &self.world.settings;
        let location = format!(
            "{}/subscriptions/{}/compute/{}",
            settings.endpoint, settings.subscription, create.name
        );
        self.services.insert(key, Service::new(create, self.world.now));
        self.world.operations.record(id, Progress::Succeeded(StatusCode::CREATED));
        Ok(Answer::created(location))
    }

    fn get_service(
        &self,
        name: &str,
        with_detail: bool,
        version: ApiVersion,
    ) -> Result<Answer, Refusal> {
        let service = self.service(name)?;
        let deployments = with_detail.then(|| {
            service.slots.iter().flatten().filter_map(|id| self.deployments.get(id)).collect()
        });
        let narrator = Narrator { settings: &self.world.settings, version };
        Answer::xml(StatusCode::OK, &narrator.service(service, deployments))
    }

    fn delete_service(&mut self, id: &RequestId, name: &str) -> Result<Answer, Refusal> {
        if self.service(name)?.slots.iter().any(Option::is_some) {
            return Err(Refusal::conflict(format!(
                "The hosted service {name} has deployments. Delete them first."
            )));
        }
        self.services.remove(&name.to_ascii_lowercase());
        self.world.operations.record(id, Progress::Succeeded(StatusCode::OK));
        Ok(Answer::empty(StatusCode::OK))
    }

    fn create_deployment(
        &mut self,
        id: &RequestId,
        service: &str,
        slot: Slot,
        body: &Body<'_>,
    ) -> Result<Answer, Refusal> {
        let of = self.service(service)?;
        if of.slots[slot.index()].is_some() {
            return Err(Refusal::conflict(format!(
                "The {} slot of the hosted service {service} already holds a deployment.",
                slot.as_str().to_ascii_lowercase()
            )));
        }
        let create = body.create_deployment()?;
        if self.find(service, &Which::Name(create.name.clone())).is_ok() {
            return Err(Refusal::conflict(format!(
                "The deployment name '{}' is already taken.",
                create.name
            )));
        }
        self.last_deployment += 1;
        let key = DeploymentId(self.last_deployment);
        let of =
            self.services.get_mut(&service.to_ascii_lowercase()).ok_or_else(Refusal::no_service)?;
        of.slots[slot.index()] = Some(key);
        let name = of.name.clone();
        let deployment = Deployment::create(key, &name, slot, create, id, &mut self.world);
        self.deployments.insert(key, deployment);
        Ok(Answer::empty(StatusCode::ACCEPTED))
    }

    fn act(
        &mut self,
        id: &RequestId,
        deployment: DeploymentId,
        which: &Which,
        action: Action,
        body: &Body<'_>,
    ) -> Result<Answer, Refusal> {
        let world = &mut self.world;
        let deployment = self.deployments.get_mut(&deployment).ok_or_else(no_deployment)?;
        match action {
            Action::Get => {
                let narrator = Narrator { settings: &world.settings, version: body.version };
                return Answer::xml(StatusCode::OK, &narrator.deployment(deployment));
            }
            Action::Delete => deployment.delete(id, world)?,
            Action::ChangeConfiguration => {
                deployment.change_configuration(id, body.change_configuration()?, world)?;
            }
            Action::Upgrade => deployment.upgrade(id, body.upgrade()?, world)?,
            Action::Walk => deployment.walk(id, body.walk()?, world)?,
            Action::RollBack => deployment.roll_back(id, body.rollback()?, world)?,
        }
        // An old client for Node.js takes nothing but 200 here, and nothing but 202 by slot.
        let is_plain = action == Action::RollBack && matches!(which, Which::Name(_));
        Ok(Answer::empty(if is_plain { StatusCode::OK } else { StatusCode::ACCEPTED }))
    }

    fn service(&self, name: &str) -> Result<&Service, Refusal> {
        self.services.get(&name.to_ascii_lowercase()).ok_or_else(Refusal::no_service)
    }

    fn find(&self, service: &str, which: &Which) -> Result<DeploymentId, Refusal> {
        let service = self.service(service)?;
        match which {
            Which::Slot(slot) => service.slots[slot.index()].ok_or_else(no_deployment),
            Which::Name(name) => {
                let is_meant = |id: &DeploymentId| {
                    self.deployments.get(id).is_some_and(|it| it.name.eq_ignore_ascii_case(name))
                };
                service.slots.into_iter().flatten().find(is_meant).ok_or_else(|| {
                    Refusal::not_found(format!("The deployment name '{name}' does not exist."))
                })
            }
        }
    }
}

fn no_deployment() -> Refusal {
    Refusal::not_found("No deployments were found.")
}
