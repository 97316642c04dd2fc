use std::fmt;

use azure_classic_protocol::deployment::model::ExtensionConfiguration;
use azure_classic_protocol::{
    Base64Text, Bytes, ChangeDeploymentConfiguration, Deployment, DeploymentRef, Endpoint, Error,
    GetDeployment, UpdateMode, UpgradeDeployment,
};
use http::Request;

use crate::expectation::domain_count;
use crate::{Policy, Version};

/// The goal of a rollout: the deployment, the update and the [`Policy`].
///
/// # Example
///
/// A dry run that prints the obstacles and each request exactly as it would be sent:
///
/// ```
/// use azure_classic_protocol::{CloudServiceRef, Deployment, Endpoint, Slot};
/// use azure_classic_rollout::Plan;
///
/// # fn show(endpoint: &Endpoint, cscfg: &str, read: &Deployment) -> Result<(), azure_classic_protocol::Error> {
/// let production = CloudServiceRef::new("contoso").slot(Slot::Production);
/// let package = "https://contoso.blob.core.windows.net/packages/43.cspkg";
/// let plan = Plan::upgrade(production, package, cscfg, "Release 43");
/// // … send plan.read(), which gives `read`: &Deployment …
/// for finding in plan.preflight(endpoint, read) {
///     println!("{finding}");
/// }
/// for request in plan.requests(endpoint, read)? {
///     println!("{} {}", request.method(), request.uri());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Plan {
    pub(crate) deployment: DeploymentRef,
    pub(crate) update: Update,
    pub(crate) extensions: Option<ExtensionConfiguration>,
    pub(crate) policy: Policy,
    pub(crate) accepts_warnings: bool,
}

/// The content of the update.
#[derive(Clone)]
pub(crate) enum Update {
    Upgrade {
        package_url: String,
        configuration: Base64Text,
        label: Base64Text,
        role: Option<String>,
    },
    Configuration(Base64Text),
}

impl Plan {
    /// Plans an upgrade to a package with a configuration (`.cscfg`) under a new label. Takes the address of
    /// the package, the complete text of the configuration, and the label.
    ///
    /// The label must differ from the present one: after a lost response the driver recognizes the update by
    /// its label. A unique label, such as one with a build number, also distinguishes two rollouts that are
    /// started at the same time.
    ///
    /// A deployment given by its slot is read once; after that the rollout uses its name.
    pub fn upgrade(
        deployment: DeploymentRef,
        package_url: impl Into<String>,
        configuration: impl Into<Base64Text>,
        label: impl Into<Base64Text>,
    ) -> Self {
        Self::new(
            deployment,
            Update::Upgrade {
                package_url: package_url.into(),
                configuration: configuration.into(),
                label: label.into(),
                role: None,
            },
        )
    }

    /// Plans a change to a configuration (`.cscfg`), given as its complete text, for the package that runs.
    pub fn change_configuration(
        deployment: DeploymentRef,
        configuration: impl Into<Base64Text>,
    ) -> Self {
        Self::new(deployment, Update::Configuration(configuration.into()))
    }

    fn new(deployment: DeploymentRef, update: Update) -> Self {
        Self {
            deployment,
            update,
            extensions: None,
            policy: Policy::default(),
            accepts_warnings: false,
        }
    }

    /// Upgrades only this role. It has no effect on a configuration change, which applies to all roles. The
    /// other roles keep their instances, whatever the configuration says.
    pub fn role(mut self, only: impl Into<String>) -> Self {
        if let Update::Upgrade { role, .. } = &mut self.update {
            *role = Some(only.into());
        }
        self
    }

    /// Sets the extensions of all roles; they replace the present set. Without this call the effect on the
    /// present set is not known.
    pub fn extensions(mut self, extensions: ExtensionConfiguration) -> Self {
        self.extensions = Some(extensions);
        self
    }

    /// Sets the policy.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Starts even if the preflight reports warnings. Default: false.
    pub fn accept_warnings(mut self, yes: bool) -> Self {
        self.accepts_warnings = yes;
        self
    }

    /// Returns the read for the preflight, whose output [`preflight`](Self::preflight) and
    /// [`requests`](Self::requests) take.
    pub fn read(&self) -> GetDeployment {
        self.deployment.get()
    }

    /// Returns the requests of a rollout without failures, exactly as they would be sent and in order: the
    /// start of the update, and the walk of each upgrade domain.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](azure_classic_protocol::ErrorKind::Invalid) if a request cannot be built.
    pub fn requests(
        &self,
        endpoint: &Endpoint,
        read: &Deployment,
    ) -> Result<Vec<Request<Bytes>>, Error> {
        let deployment = self.deployment.by_name_of(read);
        let start = self.start(endpoint, &deployment)?;
        let domains = match domain_count(read, None) {
            Ok(domains) => 0..domains,
            // An endpoint with an old version does not return it; the preflight reports that.
            Err(_) if read.upgrade_domain_count.unwrap_or_default() == 0 => 0..0,
            Err(gap) => return Err(Error::invalid(gap.to_string())),
        };
        let walks = domains.map(|domain| endpoint.request(&deployment.walk_upgrade_domain(domain)));
        std::iter::once(Ok(start)).chain(walks).collect()
    }

    /// Returns the request that would roll this plan back, exactly as it would be sent.
    ///
    /// # Errors
    ///
    /// As for [`requests`](Self::requests).
    pub fn rollback_request(
        &self,
        endpoint: &Endpoint,
        read: &Deployment,
    ) -> Result<Request<Bytes>, Error> {
        let rollback = self.deployment.by_name_of(read).rollback(self.policy.rollback.clone());
        endpoint.request(&rollback.force(self.policy.force))
    }

    /// The request that starts the update.
    fn start(
        &self,
        endpoint: &Endpoint,
        deployment: &DeploymentRef,
    ) -> Result<Request<Bytes>, Error> {
        match self.operation(deployment) {
            Start::Upgrade(upgrade) => endpoint.request(&upgrade),
            Start::Configuration(change) => endpoint.request(&change),
        }
    }

    pub(crate) fn operation(&self, deployment: &DeploymentRef) -> Start {
        match &self.update {
            Update::Upgrade { package_url, configuration, label, role } => {
                let mut upgrade = deployment
                    .upgrade(UpdateMode::Manual, package_url, configuration.clone(), label.clone())
                    .force(self.policy.force);
                if let Some(role) = role {
                    upgrade = upgrade.role(role);
                }
                if let Some(extensions) = &self.extensions {
                    upgrade = upgrade.extensions(extensions.clone());
                }
                Start::Upgrade(upgrade)
            }
            Update::Configuration(configuration) => {
                let mut change =
                    deployment.change_configuration(configuration.clone()).mode(UpdateMode::Manual);
                if let Some(extensions) = &self.extensions {
                    change = change.extensions(extensions.clone());
                }
                Start::Configuration(change)
            }
        }
    }

    /// The single role to upgrade.
    pub(crate) fn only_role(&self) -> Option<&str> {
        match &self.update {
            Update::Upgrade { role, .. } => role.as_deref(),
            Update::Configuration(_) => None,
        }
    }

    pub(crate) fn configuration(&self) -> &Base64Text {
        match &self.update {
            Update::Upgrade { configuration, .. } | Update::Configuration(configuration) => {
                configuration
            }
        }
    }

    /// The update for a deployment in the state of this reading.
    pub(crate) fn version(&self, read: &Deployment) -> Version {
        let label = match &self.update {
            Update::Upgrade { label, .. } => label,
            Update::Configuration(_) => &read.label,
        };
        Version { label: label.clone(), configuration: self.configuration().clone() }
    }
}

/// The operation that starts an update.
pub(crate) enum Start {
    Upgrade(UpgradeDeployment),
    Configuration(ChangeDeploymentConfiguration),
}

/// Shows neither the configuration, which contains settings, nor the address of the package, which may
/// contain a signature.
impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Plan");
        shown.field("deployment", &self.deployment);
        if let Update::Upgrade { label, role, .. } = &self.update {
            shown.field("label", label).field("role", role);
        }
        shown.field("policy", &self.policy).finish_non_exhaustive()
    }
}
