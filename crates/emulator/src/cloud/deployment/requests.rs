//! The bodies of requests about deployments.

use azure_classic_protocol::ApiVersion;

use serde::{Deserialize, Serialize};

use super::configuration::Configuration;
use crate::cloud::call::Call;
use crate::cloud::cloud_service::Service;
use crate::cloud::contract::{Contract, Fields};
use crate::cloud::extension::configuration::ExtensionConfiguration;
use crate::cloud::refusal::Refusal;
use crate::cloud::settings::Settings;
use crate::cloud::values::{self, Package, PropertyChanges};

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
    pub(crate) properties: PropertyChanges,
    pub(crate) extensions: Option<ExtensionConfiguration>,
}

pub(crate) struct Upgrade {
    pub(crate) mode: Mode,
    pub(crate) package: Package,
    pub(crate) configuration: Configuration,
    pub(crate) label: String,
    pub(crate) only_role: Option<String>,
    pub(crate) properties: PropertyChanges,
    pub(crate) extensions: Option<ExtensionConfiguration>,
}

pub(crate) struct ChangeConfiguration {
    pub(crate) configuration: Configuration,
    pub(crate) mode: Mode,
    pub(crate) properties: PropertyChanges,
    pub(crate) extensions: Option<ExtensionConfiguration>,
}

/// The most extended properties in a request about a deployment.
const MOST_PROPERTIES: usize = 25;

pub(crate) fn create_deployment(
    call: &Call<'_>,
    settings: &Settings,
    service: &Service,
) -> Result<CreateDeployment, Refusal> {
    call.read(&CREATE_DEPLOYMENT, |fields| {
        let name = fields.required("Name")?;
        values::deployment_name(&name)?;
        fields.boolean("TreatWarningsAsError")?;
        let package = Package::read(&fields.required("PackageUrl")?)?;
        let label = values::label(&fields.required("Label")?)?;
        let configuration = configuration(fields, settings, service)?;
        Ok(CreateDeployment {
            name,
            package,
            label,
            extensions: extensions(fields, service, &configuration)?,
            configuration,
            start: fields.boolean("StartDeployment")?.unwrap_or(false),
            properties: properties(fields)?,
        })
    })
}

pub(crate) fn upgrade(
    call: &Call<'_>,
    settings: &Settings,
    service: &Service,
) -> Result<Upgrade, Refusal> {
    call.read(&UPGRADE_DEPLOYMENT, |fields| {
        fields.boolean("TreatWarningsAsError")?;
        fields.boolean("Force")?;
        let mode = mode(call, fields, ApiVersion::V2012_12_01)?.unwrap_or(Mode::Auto);
        let package = Package::read(&fields.required("PackageUrl")?)?;
        let configuration = configuration(fields, settings, service)?;
        Ok(Upgrade {
            mode,
            package,
            extensions: extensions(fields, service, &configuration)?,
            configuration,
            label: values::label(&fields.required("Label")?)?,
            only_role: fields.text("RoleToUpgrade"),
            properties: properties(fields)?,
        })
    })
}

pub(crate) fn change_configuration(
    call: &Call<'_>,
    settings: &Settings,
    service: &Service,
) -> Result<ChangeConfiguration, Refusal> {
    call.read(&CHANGE_CONFIGURATION, |fields| {
        fields.boolean("TreatWarningsAsError")?;
        let configuration = configuration(fields, settings, service)?;
        Ok(ChangeConfiguration {
            extensions: extensions(fields, service, &configuration)?,
            configuration,
            mode: mode(call, fields, ApiVersion::V2013_03_01)?.unwrap_or(Mode::Auto),
            properties: properties(fields)?,
        })
    })
}

/// The upgrade domain to walk.
pub(crate) fn walk(call: &Call<'_>) -> Result<u32, Refusal> {
    call.read(&WALK_UPGRADE_DOMAIN, |fields| {
        let text = fields.required("UpgradeDomain")?;
        text.trim().parse().map_err(|_| {
            Refusal::bad_xml("The element UpgradeDomain must be a number that is not negative.")
        })
    })
}

/// The mode in which to roll back; never simultaneous.
pub(crate) fn rollback(call: &Call<'_>) -> Result<Mode, Refusal> {
    call.read(&ROLLBACK, |fields| {
        fields.boolean("Force")?;
        match mode(call, fields, ApiVersion::V2011_10_01)? {
            Some(mode @ (Mode::Auto | Mode::Manual)) => Ok(mode),
            Some(Mode::Simultaneous) => Err(bad_mode()),
            None => Err(Refusal::bad_xml("The element Mode is missing or not in its place.")),
        }
    })
}

fn configuration(
    fields: &Fields<'_>,
    settings: &Settings,
    service: &Service,
) -> Result<Configuration, Refusal> {
    let bytes = values::base64("Configuration", &fields.required("Configuration")?)?;
    let configuration = Configuration::read(&bytes, settings.most_instances)?;
    for role in &configuration.roles {
        for thumbprint in &role.certificates {
            service.check_certificate(thumbprint, &format!("the role {}", role.name))?;
        }
    }
    Ok(configuration)
}

fn extensions(
    fields: &Fields<'_>,
    service: &Service,
    configuration: &Configuration,
) -> Result<Option<ExtensionConfiguration>, Refusal> {
    ExtensionConfiguration::read(fields, service, &configuration.role_names())
}

fn properties(fields: &Fields<'_>) -> Result<PropertyChanges, Refusal> {
    values::properties(fields.node("ExtendedProperties"), MOST_PROPERTIES)
}

fn mode(
    call: &Call<'_>,
    fields: &Fields<'_>,
    simultaneous: ApiVersion,
) -> Result<Option<Mode>, Refusal> {
    let Some(text) = fields.text("Mode") else { return Ok(None) };
    match text.trim().to_ascii_lowercase().as_str() {
        "auto" => Ok(Some(Mode::Auto)),
        "manual" => Ok(Some(Mode::Manual)),
        "simultaneous" if call.knows(simultaneous) => Ok(Some(Mode::Simultaneous)),
        _ => Err(bad_mode()),
    }
}

fn bad_mode() -> Refusal {
    Refusal::bad_xml("The element Mode has a value that is not possible here.")
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
