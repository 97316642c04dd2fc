use std::fmt;

use azure_classic_protocol::deployment::model::ExtensionConfiguration;
use azure_classic_protocol::{
    Base64Text, Bytes, ChangeDeploymentConfiguration, Deployment, DeploymentRef, Endpoint, Error,
    GetDeployment, UpdateMode, UpgradeDeployment,
};
use http::Request;

use crate::expectation::domain_count;
use crate::{Policy, Version};

/// What a rollout is to do: which deployment gets what, and under which [`Policy`].
///
/// # Example
///
/// A dry run: what stands in the way, and each request exactly as it would be sent.
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

/// What the update brings.
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
    /// A new package with a new configuration (`.cscfg`), under a new label: by the address of the
    /// package, the complete text of the configuration, and the label.
    ///
    /// The label must differ from the present one, because by it the update is recognised when an answer
    /// is lost. One that no other rollout has, such as one with the number of a build, also tells two
    /// rollouts apart that are started at the same time.
    ///
    /// A deployment given by its slot is read once, and then goes by its name.
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

    /// A new configuration (`.cscfg`) for the package that runs, as its complete text.
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

    /// Upgrades only this role; without effect on a change of configuration, which is for all roles. The
    /// other roles keep their instances, whatever the configuration asks for.
    pub fn role(mut self, only: impl Into<String>) -> Self {
        if let Update::Upgrade { role, .. } = &mut self.update {
            *role = Some(only.into());
        }
        self
    }

    /// Says which extensions apply to which roles: the whole set. What becomes of the present set when
    /// nothing is said is not known.
    pub fn extensions(mut self, extensions: ExtensionConfiguration) -> Self {
        self.extensions = Some(extensions);
        self
    }

    /// Judges and waits as this says instead of by the default.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Starts in spite of warnings of the preflight. Default false.
    pub fn accept_warnings(mut self, yes: bool) -> Self {
        self.accepts_warnings = yes;
        self
    }

    /// The read that the preflight is about, for [`findings`](Self::preflight) and
    /// [`requests`](Self::requests).
    pub fn read(&self) -> GetDeployment {
        self.deployment.get()
    }

    /// The requests of a rollout in which nothing fails, exactly as they would be sent, in their order:
    /// the start of the update, and the walk of each upgrade domain.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](azure_classic_protocol::ErrorKind::Invalid) when one cannot be built.
    pub fn requests(
        &self,
        endpoint: &Endpoint,
        read: &Deployment,
    ) -> Result<Vec<Request<Bytes>>, Error> {
        let deployment = self.deployment.by_name_of(read);
        let start = self.start(endpoint, &deployment)?;
        let domains = match domain_count(read, None) {
            Ok(domains) => 0..domains,
            // An endpoint of an old version does not say; the preflight does.
            Err(_) if read.upgrade_domain_count.unwrap_or_default() == 0 => 0..0,
            Err(gap) => return Err(Error::invalid(gap.to_string())),
        };
        let walks = domains.map(|domain| endpoint.request(&deployment.walk_upgrade_domain(domain)));
        std::iter::once(Ok(start)).chain(walks).collect()
    }

    /// The request by which a rollout of this plan would be rolled back, exactly as it would be sent.
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

    /// The role that is upgraded alone.
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

    /// What the update brings to a deployment that is as read.
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

/// Neither the configuration, which holds settings, nor the package's address, which may hold a
/// signature.
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
