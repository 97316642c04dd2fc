//! Packages, of which the emulator sees only the address.

use std::ops::RangeInclusive;

use http::Uri;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use super::configuration::Configuration;
use crate::simulator::api_error::ApiError;
use crate::simulator::role_size;
use crate::simulator::settings::UPGRADE_DOMAINS;
use crate::simulator::values;

/// A package that a request names. It is never fetched; what would stand in its service definition
/// can stand in parameters of its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) upgrade_domains: Option<u32>,
    pub(crate) definition: ServiceDefinition,
}

/// What the service definition in a package says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ServiceDefinition {
    /// Of all roles.
    pub(crate) role_size: String,
    pub(crate) sdk_version: String,
    /// In each instance, in megabytes.
    pub(crate) local_storage: u32,
    pub(crate) endpoints: Vec<InputEndpoint>,
    /// What the platform would warn of.
    pub(crate) warnings: Vec<String>,
}

/// Where the load balancer lets something in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InputEndpoint {
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) protocol: String,
    pub(crate) port: u16,
    pub(crate) local_port: u16,
    /// After how many minutes an idle connection ends; none over UDP.
    pub(crate) idle_timeout: Option<u8>,
    /// How the load balancer finds out who is up.
    pub(crate) probe: Option<Probe>,
}

/// What the load balancer asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Probe {
    pub(crate) protocol: String,
    pub(crate) port: u16,
    pub(crate) path: Option<String>,
}

/// In minutes.
const IDLE_TIMEOUTS: RangeInclusive<u8> = 4..=30;

impl Default for ServiceDefinition {
    fn default() -> Self {
        Self {
            role_size: "Small".to_owned(),
            sdk_version: "2.9.8699.20".to_owned(),
            local_storage: 0,
            endpoints: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

impl ServiceDefinition {
    /// How many cores the instances of a configuration have.
    pub(crate) fn cores_of(&self, configuration: &Configuration) -> u32 {
        let each = role_size::cores(&self.role_size).unwrap_or(1);
        configuration.instances().saturating_mul(each)
    }
}

impl Package {
    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        let invalid = || {
            ApiError::bad_request("The package URL must be an absolute address with http or https.")
        };
        let uri: Uri = text.trim().parse().map_err(|_| invalid())?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        if !is_web || uri.host().is_none_or(str::is_empty) {
            return Err(invalid());
        }
        let mut package = Self { upgrade_domains: None, definition: ServiceDefinition::default() };
        let (mut idle_timeout, mut probe) = (None, None);
        for pair in uri.query().unwrap_or_default().split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = percent_decode_str(value).decode_utf8_lossy();
            // It is told again in answers, which are XML.
            if !value.chars().all(values::is_xml) {
                return Err(ApiError::bad_request(
                    "A parameter of the package URL has a character that XML cannot carry.",
                ));
            }
            match name.to_ascii_lowercase().as_str() {
                "idletimeout" => {
                    let minutes = value.parse().ok().filter(|it| IDLE_TIMEOUTS.contains(it));
                    idle_timeout = Some(minutes.ok_or_else(|| invalid_parameter("idleTimeout"))?);
                }
                "probe" => {
                    probe = Some(Probe::parse(&value).ok_or_else(|| invalid_parameter("probe"))?);
                }
                name => package.apply_parameter(name, &value)?,
            }
        }
        for endpoint in &mut package.definition.endpoints {
            endpoint.idle_timeout = idle_timeout.filter(|_| endpoint.protocol != "udp");
            endpoint.probe.clone_from(&probe);
        }
        Ok(package)
    }

    fn apply_parameter(&mut self, parameter: &str, value: &str) -> Result<(), ApiError> {
        let definition = &mut self.definition;
        match parameter {
            "upgradedomaincount" => {
                let count = value.parse().ok().filter(|count| UPGRADE_DOMAINS.contains(count));
                self.upgrade_domains = Some(count.ok_or_else(|| {
                    ApiError::bad_request("The upgrade domain count must be a number from 1 to 20.")
                })?);
            }
            "rolesize" if role_size::cores(value).is_some() => {
                value.clone_into(&mut definition.role_size);
            }
            "sdkversion" if is_identifier(value) => value.clone_into(&mut definition.sdk_version),
            "localstorage" => {
                definition.local_storage =
                    value.parse().map_err(|_| invalid_parameter("localStorage"))?;
            }
            "endpoints" => {
                let endpoints = value.split(',').map(InputEndpoint::parse).collect::<Option<_>>();
                definition.endpoints = endpoints.ok_or_else(|| invalid_parameter("endpoints"))?;
            }
            "warning" if !value.is_empty() => definition.warnings.push(value.to_owned()),
            "rolesize" => {
                return Err(ApiError::bad_request(format!(
                    "The role size '{value}' is none that web and worker roles can have."
                )));
            }
            "sdkversion" => return Err(invalid_parameter("sdkVersion")),
            _ => {}
        }
        Ok(())
    }
}

impl InputEndpoint {
    /// `Role:Name:protocol:port`, and the local port if it is another one.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let mut next_part = || parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
        let (role, name, protocol) = (next_part()?, next_part()?, next_part()?);
        let port = |text: &str| text.parse().ok().filter(|port| *port > 0);
        let public = port(parts.next()?)?;
        let local = parts.next().map_or(Some(public), port)?;
        let is_known = ["http", "https", "tcp", "udp"].contains(&protocol.as_str());
        (is_known && parts.next().is_none()).then_some(Self {
            role,
            name,
            protocol,
            port: public,
            local_port: local,
            idle_timeout: None,
            probe: None,
        })
    }
}

impl Probe {
    /// `http:port:path` or `tcp:port`.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let (protocol, port) = (parts.next()?, parts.next()?);
        let port = port.parse().ok().filter(|port| *port > 0)?;
        let path = parts.next();
        let fits = match protocol {
            "http" => path.is_some_and(|path| !path.is_empty()),
            "tcp" => path.is_none(),
            _ => false,
        };
        fits.then(|| Self { protocol: protocol.to_owned(), port, path: path.map(str::to_owned) })
    }
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
}

fn invalid_parameter(parameter: &str) -> ApiError {
    ApiError::bad_request(format!("The parameter {parameter} of the package URL is not valid."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://contoso.example.net/web.cspkg";

    #[test]
    fn parses_absolute_urls_with_definition_parameters() {
        let plain = Package::parse(ADDRESS).unwrap();
        assert_eq!(plain.upgrade_domains, None);
        assert_eq!(plain.definition, ServiceDefinition::default());

        let package = Package::parse(&format!(
            "{ADDRESS}?sv=1&UpgradeDomainCount=3&rolesize=Standard_D1&SdkVersion=2.5&localStorage=100\
             &idleTimeout=15&probe=http:8080:%2Fup%3Fa=b\
             &endpoints=Web:HttpIn:http:80,Web:Dns:udp:53:5353&warning=old%20SDK&warning=b"
        ))
        .unwrap();
        assert_eq!(package.upgrade_domains, Some(3));
        let ServiceDefinition { role_size, sdk_version, local_storage, endpoints, warnings } =
            package.definition;
        assert_eq!((role_size.as_str(), sdk_version.as_str()), ("Standard_D1", "2.5"));
        assert_eq!((local_storage, warnings), (100, vec!["old SDK".to_owned(), "b".to_owned()]));
        let ports: Vec<_> =
            endpoints.iter().map(|it| (it.name.as_str(), it.port, it.local_port)).collect();
        assert_eq!(ports, [("HttpIn", 80, 80), ("Dns", 53, 5353)]);
        let timeouts: Vec<_> = endpoints.iter().map(|it| it.idle_timeout).collect();
        assert_eq!(timeouts, [Some(15), None]);
        let probe = endpoints[0].probe.as_ref().unwrap();
        assert_eq!((probe.port, probe.path.as_deref()), (8080, Some("/up?a=b")));
    }

    #[test]
    fn rejects_invalid_parameters() {
        for text in [
            "",
            "web.cspkg",
            "/web.cspkg",
            "ftp://contoso.example.net/p",
            "https://",
            "https:///p",
            "file:///p",
            "https://contoso.example.net/a b",
        ] {
            assert!(Package::parse(text).is_err(), "{text}");
        }
        for parameter in [
            "upgradeDomainCount=0",
            "upgradeDomainCount=21",
            "upgradeDomainCount=x",
            "roleSize=",
            "roleSize=Tiny",
            "sdkVersion=a%20b",
            "localStorage=-1",
            "endpoints=",
            "endpoints=Web:HttpIn:http",
            "endpoints=Web:HttpIn:gopher:70",
            "endpoints=Web:HttpIn:http:0",
            "endpoints=Web:HttpIn:http:80:80:80",
            "endpoints=Web:HttpIn:http:80,",
            "idleTimeout=3",
            "idleTimeout=31",
            "probe=http:80",
            "probe=tcp:80:/",
            "probe=udp:80",
            "probe=tcp:0",
        ] {
            assert!(Package::parse(&format!("{ADDRESS}?{parameter}")).is_err(), "{parameter}");
        }
    }
}
