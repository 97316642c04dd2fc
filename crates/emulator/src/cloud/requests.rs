//! The bodies of the six requests that have one.

use azure_classic_protocol::ApiVersion;

use super::configuration::Configuration;
use super::contract::{Contract, Fields, parse};
use super::refusal::Refusal;
use super::values::{self, Package, PropertyChanges};

/// How an update moves through the upgrade domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// One domain after the other, by itself.
    Auto,
    /// One domain for each walk.
    Manual,
    /// All domains at once.
    Simultaneous,
}

/// What is needed to read a body.
pub(crate) struct Body<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) version: ApiVersion,
    pub(crate) most_instances: u32,
}

pub(crate) struct CreateService {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) description: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) affinity_group: Option<String>,
    pub(crate) properties: PropertyChanges,
    pub(crate) reverse_dns_fqdn: Option<String>,
}

pub(crate) struct CreateDeployment {
    pub(crate) name: String,
    pub(crate) package: Package,
    pub(crate) label: String,
    pub(crate) configuration: Configuration,
    pub(crate) start: bool,
    pub(crate) properties: PropertyChanges,
}

pub(crate) struct Upgrade {
    pub(crate) mode: Mode,
    pub(crate) package: Package,
    pub(crate) configuration: Configuration,
    pub(crate) label: String,
    pub(crate) only_role: Option<String>,
    pub(crate) properties: PropertyChanges,
}

pub(crate) struct ChangeConfiguration {
    pub(crate) configuration: Configuration,
    pub(crate) mode: Mode,
    pub(crate) properties: PropertyChanges,
}

/// The most extended properties on a cloud service, and in a request about a deployment.
const PER_SERVICE: usize = 50;
const PER_DEPLOYMENT: usize = 25;

impl Body<'_> {
    fn read<T>(
        &self,
        contract: &Contract,
        read: impl FnOnce(&Fields<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let document = parse(self.bytes).map_err(|error| {
            Refusal::bad_xml(format!(
                "The request body's XML was invalid or not correctly specified: {error}."
            ))
        })?;
        read(&contract.read(&document, self.version)?)
    }

    fn configuration(&self, fields: &Fields<'_>) -> Result<Configuration, Refusal> {
        let bytes = values::base64("Configuration", &fields.required("Configuration")?)?;
        Configuration::read(&bytes, self.most_instances)
    }

    pub(crate) fn create_service(&self) -> Result<CreateService, Refusal> {
        self.read(&CREATE_HOSTED_SERVICE, |fields| {
            let name = fields.required("ServiceName")?;
            values::service_name(&name)?;
            let given = |name| fields.text(name).filter(|text| !text.is_empty());
            let (location, affinity_group) = (given("Location"), given("AffinityGroup"));
            if location.is_some() == affinity_group.is_some() {
                return Err(Refusal::bad_request(
                    "Exactly one of Location and AffinityGroup must be specified.",
                ));
            }
            let description = fields.text("Description");
            if description.as_ref().is_some_and(|text| text.chars().count() > 1024) {
                return Err(Refusal::bad_request(
                    "The description is longer than 1024 characters.",
                ));
            }
            Ok(CreateService {
                name,
                label: values::label(&fields.required("Label")?)?,
                description,
                location,
                affinity_group,
                properties: values::properties(fields.node("ExtendedProperties"), PER_SERVICE)?,
                reverse_dns_fqdn: given("ReverseDnsFqdn"),
            })
        })
    }

    pub(crate) fn create_deployment(&self) -> Result<CreateDeployment, Refusal> {
        self.read(&CREATE_DEPLOYMENT, |fields| {
            let name = fields.required("Name")?;
            values::deployment_name(&name)?;
            fields.boolean("TreatWarningsAsError")?;
            Ok(CreateDeployment {
                name,
                package: Package::read(&fields.required("PackageUrl")?)?,
                label: values::label(&fields.required("Label")?)?,
                configuration: self.configuration(fields)?,
                start: fields.boolean("StartDeployment")?.unwrap_or(false),
                properties: values::properties(fields.node("ExtendedProperties"), PER_DEPLOYMENT)?,
            })
        })
    }

    pub(crate) fn upgrade(&self) -> Result<Upgrade, Refusal> {
        self.read(&UPGRADE_DEPLOYMENT, |fields| {
            fields.boolean("TreatWarningsAsError")?;
            fields.boolean("Force")?;
            Ok(Upgrade {
                mode: self.mode(fields, ApiVersion::V2012_12_01)?.unwrap_or(Mode::Auto),
                package: Package::read(&fields.required("PackageUrl")?)?,
                configuration: self.configuration(fields)?,
                label: values::label(&fields.required("Label")?)?,
                only_role: fields.text("RoleToUpgrade"),
                properties: values::properties(fields.node("ExtendedProperties"), PER_DEPLOYMENT)?,
            })
        })
    }

    pub(crate) fn change_configuration(&self) -> Result<ChangeConfiguration, Refusal> {
        self.read(&CHANGE_CONFIGURATION, |fields| {
            fields.boolean("TreatWarningsAsError")?;
            Ok(ChangeConfiguration {
                configuration: self.configuration(fields)?,
                mode: self.mode(fields, ApiVersion::V2013_03_01)?.unwrap_or(Mode::Auto),
                properties: values::properties(fields.node("ExtendedProperties"), PER_DEPLOYMENT)?,
            })
        })
    }

    /// The upgrade domain to walk.
    pub(crate) fn walk(&self) -> Result<u32, Refusal> {
        self.read(&WALK_UPGRADE_DOMAIN, |fields| {
            let text = fields.required("UpgradeDomain")?;
            text.trim().parse().map_err(|_| {
                Refusal::bad_xml("The element UpgradeDomain must be a number that is not negative.")
            })
        })
    }

    /// The mode in which to roll back; never simultaneous.
    pub(crate) fn rollback(&self) -> Result<Mode, Refusal> {
        self.read(&ROLLBACK, |fields| {
            fields.boolean("Force")?;
            match self.mode(fields, ApiVersion::V2011_10_01)? {
                Some(mode @ (Mode::Auto | Mode::Manual)) => Ok(mode),
                Some(Mode::Simultaneous) => Err(bad_mode()),
                None => Err(Refusal::bad_xml("The element Mode is missing or not in its place.")),
            }
        })
    }

    fn mode(&self, fields: &Fields<'_>, simultaneous: ApiVersion) -> Result<Option<Mode>, Refusal> {
        let Some(text) = fields.text("Mode") else { return Ok(None) };
        match text.trim().to_ascii_lowercase().as_str() {
            "auto" => Ok(Some(Mode::Auto)),
            "manual" => Ok(Some(Mode::Manual)),
            "simultaneous" if self.version >= simultaneous => Ok(Some(Mode::Simultaneous)),
            _ => Err(bad_mode()),
        }
    }
}

fn bad_mode() -> Refusal {
    Refusal::bad_xml("The element Mode has a value that is not possible here.")
}

const CREATE_HOSTED_SERVICE: Contract = Contract {
    root: "CreateHostedService",
    members: &[
        ("ServiceName", ApiVersion::V2010_10_28),
        ("Label", ApiVersion::V2010_10_28),
        ("Description", ApiVersion::V2010_10_28),
        ("Location", ApiVersion::V2010_10_28),
        ("AffinityGroup", ApiVersion::V2010_10_28),
        ("ExtendedProperties", ApiVersion::V2012_03_01),
        ("ReverseDnsFqdn", ApiVersion::V2014_06_01),
    ],
};

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
