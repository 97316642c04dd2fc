//! The bodies of requests about deployments.

use azure_classic_protocol::ApiVersion;

use serde::{Deserialize, Serialize};

use super::configuration::Configuration;
use super::package::Package;
use crate::simulator::api_error::ApiError;
use crate::simulator::call::Call;
use crate::simulator::cloud_service::CloudService;
use crate::simulator::contract::{Contract, Fields};
use crate::simulator::extension::configuration::ExtensionConfiguration;
use crate::simulator::settings::Settings;
use crate::simulator::values::{self, PropertyChanges};

/// How an update moves through the upgrade domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Mode {
    /// One domain after the other, by itself.
    Auto,
    /// One domain for each walk.
    Manual,
    /// All domains at once.
    Simultaneous,
}

pub(crate) struct CreateDeployment {
    pub(crate) name: String,
    pub(crate) package: Package,
    pub(crate) label: String,
    pub(crate) configuration: Configuration,
    pub(crate) start: bool,
    pub(crate) warnings_are_errors: bool,
    pub(crate) properties: PropertyChanges,
    pub(crate) extensions: Option<ExtensionConfiguration>,
}

pub(crate) struct Upgrade {
    pub(crate) mode: Mode,
    pub(crate) package: Package,
    pub(crate) configuration: Configuration,
    pub(crate) label: String,
    pub(crate) only_role: Option<String>,
    pub(crate) warnings_are_errors: bool,
    /// Go on though local data is lost.
    pub(crate) force: bool,
    pub(crate) properties: PropertyChanges,
    pub(crate) extensions: Option<ExtensionConfiguration>,
}

pub(crate) struct ChangeConfiguration {
    pub(crate) configuration: Configuration,
    pub(crate) warnings_are_errors: bool,
    pub(crate) mode: Mode,
    pub(crate) properties: PropertyChanges,
    pub(crate) extensions: Option<ExtensionConfiguration>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Rollback {
    /// Never simultaneous.
    pub(crate) mode: Mode,
    pub(crate) force: bool,
}

/// The most extended properties in a request about a deployment.
const MAX_PROPERTIES: usize = 25;

pub(crate) fn create_deployment(
    call: &Call<'_>,
    settings: &Settings,
    service: &CloudService,
) -> Result<CreateDeployment, ApiError> {
    call.read(&CREATE_DEPLOYMENT, |fields| {
        let name = fields.required("Name")?;
        values::deployment_name(&name)?;
        let (package, configuration) = package(call, fields, settings, service)?;
        Ok(CreateDeployment {
            name,
            package,
            label: values::label(&fields.required("Label")?)?,
            extensions: extensions(fields, service, &configuration)?,
            configuration,
            start: flag(fields, "StartDeployment")?,
            warnings_are_errors: flag(fields, "TreatWarningsAsError")?,
            properties: properties(fields)?,
        })
    })
}

pub(crate) fn upgrade(
    call: &Call<'_>,
    settings: &Settings,
    service: &CloudService,
) -> Result<Upgrade, ApiError> {
    call.read(&UPGRADE_DEPLOYMENT, |fields| {
        let (package, configuration) = package(call, fields, settings, service)?;
        Ok(Upgrade {
            mode: mode(call, fields, ApiVersion::V2012_12_01)?.unwrap_or(Mode::Auto),
            package,
            extensions: extensions(fields, service, &configuration)?,
            configuration,
            label: values::label(&fields.required("Label")?)?,
            only_role: fields.text("RoleToUpgrade"),
            warnings_are_errors: flag(fields, "TreatWarningsAsError")?,
            force: flag(fields, "Force")?,
            properties: properties(fields)?,
        })
    })
}

pub(crate) fn change_configuration(
    call: &Call<'_>,
    settings: &Settings,
    service: &CloudService,
) -> Result<ChangeConfiguration, ApiError> {
    call.read(&CHANGE_CONFIGURATION, |fields| {
        let configuration = configuration(call, fields, settings, service)?;
        Ok(ChangeConfiguration {
            extensions: extensions(fields, service, &configuration)?,
            configuration,
            warnings_are_errors: flag(fields, "TreatWarningsAsError")?,
            mode: mode(call, fields, ApiVersion::V2013_03_01)?.unwrap_or(Mode::Auto),
            properties: properties(fields)?,
        })
    })
}

/// The upgrade domain to walk.
pub(crate) fn walk_domain(call: &Call<'_>) -> Result<u32, ApiError> {
    call.read(&WALK_UPGRADE_DOMAIN, |fields| {
        let text = fields.required("UpgradeDomain")?;
        text.trim().parse().map_err(|_| {
            ApiError::bad_xml("The element UpgradeDomain must be a number that is not negative.")
        })
    })
}

pub(crate) fn rollback(call: &Call<'_>) -> Result<Rollback, ApiError> {
    call.read(&ROLLBACK, |fields| {
        let force = flag(fields, "Force")?;
        match mode(call, fields, ApiVersion::V2011_10_01)? {
            Some(mode @ (Mode::Auto | Mode::Manual)) => Ok(Rollback { mode, force }),
            Some(Mode::Simultaneous) => Err(invalid_mode()),
            None => Err(ApiError::bad_xml("The element Mode is missing or not in its place.")),
        }
    })
}

/// Whether the deployment is to be started, or stopped.
pub(crate) fn requested_status(call: &Call<'_>) -> Result<bool, ApiError> {
    call.read(&UPDATE_DEPLOYMENT_STATUS, |fields| {
        match fields.required("Status")?.trim().to_ascii_lowercase().as_str() {
            "running" => Ok(true),
            "suspended" => Ok(false),
            _ => Err(ApiError::bad_xml("The element Status must be Running or Suspended.")),
        }
    })
}

/// The names of the deployments to swap: that in production, if any, and the other.
pub(crate) fn swap(call: &Call<'_>) -> Result<(Option<String>, String), ApiError> {
    call.read(&SWAP, |fields| {
        let production = fields.text("Production").filter(|name| !name.is_empty());
        Ok((production, fields.required("SourceDeployment")?))
    })
}

fn flag(fields: &Fields<'_>, name: &str) -> Result<bool, ApiError> {
    Ok(fields.boolean(name)?.unwrap_or(false))
}

/// A package with the configuration for it.
fn package(
    call: &Call<'_>,
    fields: &Fields<'_>,
    settings: &Settings,
    service: &CloudService,
) -> Result<(Package, Configuration), ApiError> {
    let package = Package::parse(&fields.required("PackageUrl")?)?;
    let configuration = configuration(call, fields, settings, service)?;
    let has_role = |name| configuration.roles.iter().any(|role| role.name == name);
    match package.definition.endpoints.iter().find(|endpoint| !has_role(endpoint.role.as_str())) {
        Some(endpoint) => Err(ApiError::bad_request(format!(
            "The endpoint '{}' belongs to the role '{}', which the configuration does not have.",
            endpoint.name, endpoint.role
        ))),
        None => Ok((package, configuration)),
    }
}

fn configuration(
    call: &Call<'_>,
    fields: &Fields<'_>,
    settings: &Settings,
    service: &CloudService,
) -> Result<Configuration, ApiError> {
    let configuration = call.prepared.configuration(fields, settings.max_instances)?;
    for role in &configuration.roles {
        for thumbprint in &role.certificates {
            service.check_certificate_exists(thumbprint)?;
        }
    }
    Ok(configuration)
}

fn extensions(
    fields: &Fields<'_>,
    service: &CloudService,
    configuration: &Configuration,
) -> Result<Option<ExtensionConfiguration>, ApiError> {
    ExtensionConfiguration::read(fields, service, &configuration.role_names())
}

fn properties(fields: &Fields<'_>) -> Result<PropertyChanges, ApiError> {
    values::properties(fields.node("ExtendedProperties"), MAX_PROPERTIES)
}

fn mode(
    call: &Call<'_>,
    fields: &Fields<'_>,
    simultaneous: ApiVersion,
) -> Result<Option<Mode>, ApiError> {
    let Some(text) = fields.text("Mode") else { return Ok(None) };
    match text.trim().to_ascii_lowercase().as_str() {
        "auto" => Ok(Some(Mode::Auto)),
        "manual" => Ok(Some(Mode::Manual)),
        "simultaneous" if call.has_version(simultaneous) => Ok(Some(Mode::Simultaneous)),
        _ => Err(invalid_mode()),
    }
}

fn invalid_mode() -> ApiError {
    ApiError::bad_xml("The element Mode has a value that is not possible here.")
}

const CREATE_DEPLOYMENT: Contract = Contract {
    root: "CreateDeployment",
    members: &[
        ("Name", ApiVersion::V2009_10_01),
        ("PackageUrl", ApiVersion::V2009_10_01),
        ("Label", ApiVersion::V2009_10_01),
        ("Configuration", ApiVersion::V2009_10_01),
        ("StartDeployment", ApiVersion::V2010_04_01),
        ("TreatWarningsAsError", ApiVersion::V2011_04_01),
        ("ExtendedProperties", ApiVersion::V2012_03_01),
        ("ExtensionConfiguration", ApiVersion::V2013_03_01),
    ],
};

const UPGRADE_DEPLOYMENT: Contract = Contract {
    root: "UpgradeDeployment",
    members: &[
        ("Mode", ApiVersion::V2009_10_01),
        ("PackageUrl", ApiVersion::V2009_10_01),
        ("Configuration", ApiVersion::V2009_10_01),
        ("Label", ApiVersion::V2009_10_01),
        ("RoleToUpgrade", ApiVersion::V2009_10_01),
        ("TreatWarningsAsError", ApiVersion::V2011_04_01),
        ("Force", ApiVersion::V2011_10_01),
        ("ExtendedProperties", ApiVersion::V2012_03_01),
        ("ExtensionConfiguration", ApiVersion::V2013_03_01),
    ],
};

const CHANGE_CONFIGURATION: Contract = Contract {
    root: "ChangeConfiguration",
    members: &[
        ("Configuration", ApiVersion::V2009_10_01),
        ("TreatWarningsAsError", ApiVersion::V2011_04_01),
        ("Mode", ApiVersion::V2011_08_01),
        ("ExtendedProperties", ApiVersion::V2012_03_01),
        ("ExtensionConfiguration", ApiVersion::V2013_03_01),
    ],
};

const WALK_UPGRADE_DOMAIN: Contract =
    Contract { root: "WalkUpgradeDomain", members: &[("UpgradeDomain", ApiVersion::V2009_10_01)] };

const ROLLBACK: Contract = Contract {
    root: "RollbackUpdateOrUpgrade",
    members: &[("Mode", ApiVersion::V2011_10_01), ("Force", ApiVersion::V2011_10_01)],
};

const UPDATE_DEPLOYMENT_STATUS: Contract =
    Contract { root: "UpdateDeploymentStatus", members: &[("Status", ApiVersion::V2009_10_01)] };

const SWAP: Contract = Contract {
    root: "Swap",
    members: &[
        ("Production", ApiVersion::V2009_10_01),
        ("SourceDeployment", ApiVersion::V2009_10_01),
    ],
};
