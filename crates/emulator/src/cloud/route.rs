//! What a request asks for: method, path and query, read as tolerantly as the service did.

use azure_classic_protocol::{ApiVersion, RequestId};
use http::{Method, Uri};
use percent_encoding::percent_decode_str;

use super::refusal::Refusal;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Production,
    Staging,
}

impl Slot {
    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Production => 0,
            Self::Staging => 1,
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "Production",
            Self::Staging => "Staging",
        }
    }
}

/// Which deployment of a cloud service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Which {
    Slot(Slot),
    Name(String),
}

/// One of the eleven operations, on what it acts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Call {
    CreateService,
    GetService { service: String, with_detail: bool },
    DeleteService { service: String },
    CreateDeployment { service: String, slot: Slot },
    OnDeployment { service: String, which: Which, action: Action },
    GetOperationStatus { id: RequestId },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Get,
    Delete,
    ChangeConfiguration,
    Upgrade,
    Walk,
    RollBack,
}

/// The path of a request: which subscription, and which thing in it.
pub(crate) struct Target {
    pub(crate) subscription: String,
    thing: Thing,
}

enum Thing {
    Services,
    Service(String),
    Deployment(String, Which),
    Operation(String),
}

impl Target {
    /// Splits and decodes the path. A slash at the end, and the case of the fixed segments, do not
    /// matter.
    pub(crate) fn read(uri: &Uri) -> Result<Self, Refusal> {
        let unknown = || Refusal::not_found("The requested resource does not exist.");
        let path = uri.path().strip_prefix('/').unwrap_or_default();
        let path = path.strip_suffix('/').unwrap_or(path);
        let segments = path
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8().map(String::from))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| Refusal::bad_request("The path is not percent-encoded UTF-8."))?;
        let is = |at: usize, word: &str| {
            segments.get(at).is_some_and(|segment: &String| segment.eq_ignore_ascii_case(word))
        };
        let are_services = is(1, "services") && is(2, "hostedservices");
        let thing = match segments.as_slice() {
            [_, _, _] if are_services => Thing::Services,
            [_, _, _, service] if are_services => Thing::Service(service.clone()),
            [_, _, _, service, _, slot] if are_services && is(4, "deploymentslots") => {
                Thing::Deployment(service.clone(), Which::Slot(Slot::read(slot)?))
            }
            [_, _, _, service, _, name] if are_services && is(4, "deployments") => {
                Thing::Deployment(service.clone(), Which::Name(name.clone()))
            }
            [_, _, id] if is(1, "operations") => Thing::Operation(id.clone()),
            _ => return Err(unknown()),
        };
        Ok(Self { subscription: segments[0].to_ascii_lowercase(), thing })
    }

    /// What is asked of the thing.
    pub(crate) fn call(self, method: &Method, query: Option<&str>) -> Result<Call, Refusal> {
        let query = query.unwrap_or_default();
        let comp = parameter(query, "comp").map(|comp| comp.to_ascii_lowercase());
        let comp = comp.as_deref().filter(|comp| !comp.is_empty());
        let bad_comp = || Err(Refusal::bad_query(bad_comp(comp)));
        match (self.thing, method, comp) {
            (Thing::Services, &Method::POST, None) => Ok(Call::CreateService),
            (Thing::Service(service), &Method::GET, None) => {
                Ok(Call::GetService { service, with_detail: embed_detail(query)? })
            }
            (Thing::Service(service), &Method::DELETE, None) => Ok(Call::DeleteService { service }),
            (Thing::Deployment(service, Which::Slot(slot)), &Method::POST, None) => {
                Ok(Call::CreateDeployment { service, slot })
            }
            (Thing::Deployment(service, which), method, comp) => {
                let action = match (method, comp) {
                    (&Method::GET, None) => Action::Get,
                    (&Method::DELETE, None | Some("media")) => Action::Delete,
                    (&Method::POST, Some("config")) => Action::ChangeConfiguration,
                    (&Method::POST, Some("upgrade")) => Action::Upgrade,
                    (&Method::POST, Some("walkupgradedomain")) => Action::Walk,
                    (&Method::POST, Some("rollback")) => Action::RollBack,
                    (&Method::GET | &Method::DELETE | &Method::POST, _) => return bad_comp(),
                    _ => return Err(Refusal::bad_verb(method)),
                };
                Ok(Call::OnDeployment { service, which, action })
            }
            (Thing::Operation(id), &Method::GET, None) => {
                Ok(Call::GetOperationStatus { id: RequestId::new(&id) })
            }
            (_, &Method::GET | &Method::DELETE | &Method::POST, Some(_)) => bad_comp(),
            (_, method, _) => Err(Refusal::bad_verb(method)),
        }
    }
}

fn bad_comp(comp: Option<&str>) -> String {
    match comp {
        Some(comp) => format!("The query parameter comp={comp} is not known for this resource."),
        None => "The required query parameter comp is missing.".to_owned(),
    }
}

impl Slot {
    fn read(text: &str) -> Result<Self, Refusal> {
        [Self::Production, Self::Staging]
            .into_iter()
            .find(|slot| slot.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| Refusal::bad_request("A parameter was incorrect"))
    }
}

fn embed_detail(query: &str) -> Result<bool, Refusal> {
    match parameter(query, "embed-detail").map(|value| value.to_ascii_lowercase()).as_deref() {
        None | Some("" | "false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => {
            Err(Refusal::bad_query("The query parameter embed-detail must be true or false."))
        }
    }
}

fn parameter(query: &str, name: &str) -> Option<String> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        decode(key).eq_ignore_ascii_case(name).then(|| decode(value))
    })
}

impl Call {
    /// The operation's name and the oldest version that knows it.
    pub(crate) fn since(&self) -> (&'static str, ApiVersion) {
        match self {
            Self::CreateService => ("Create Cloud Service", ApiVersion::V2010_10_28),
            Self::GetService { .. } => ("Get Cloud Service Properties", ApiVersion::V2009_10_01),
            Self::DeleteService { .. } => ("Delete Cloud Service", ApiVersion::V2010_10_28),
            Self::CreateDeployment { .. } => ("Create Deployment", ApiVersion::V2009_10_01),
            Self::GetOperationStatus { .. } => ("Get Operation Status", ApiVersion::V2009_10_01),
            Self::OnDeployment { action, .. } => match action {
                Action::Get => ("Get Deployment", ApiVersion::V2009_10_01),
                Action::Delete => ("Delete Deployment", ApiVersion::V2009_10_01),
                Action::ChangeConfiguration => {
                    ("Change Deployment Configuration", ApiVersion::V2009_10_01)
                }
                Action::Upgrade => ("Upgrade Deployment", ApiVersion::V2009_10_01),
                Action::Walk => ("Walk Upgrade Domain", ApiVersion::V2009_10_01),
                Action::RollBack => ("Rollback Update Or Upgrade", ApiVersion::V2011_10_01),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUB: &str = "8A1E2F44-0c5b-4d0e-9a57-3f1f0f6f2b10";

    fn call(method: &str, rest: &str) -> Result<Call, String> {
        let uri: Uri = format!("/{SUB}{rest}").parse().unwrap();
        let refused =
            |refusal: Refusal| format!("{} {}", refusal.status().as_u16(), refusal.body().code);
        Target::read(&uri)
            .map_err(refused)?
            .call(&method.parse().unwrap(), uri.query())
            .map_err(refused)
    }

    fn on(which: Which, action: Action) -> Call {
        Call::OnDeployment { service: "contoso".into(), which, action }
    }

    #[test]
    fn every_operation_is_found_in_every_spelling() {
        let production = || Which::Slot(Slot::Production);
        let name = || Which::Name("release 42".into());
        for (method, rest, expected) in [
            ("POST", "/services/hostedservices", Ok(Call::CreateService)),
            ("POST", "/Services/HostedServices/", Ok(Call::CreateService)),
            (
                "DELETE",
                "/services/hostedservices/contoso",
                Ok(Call::DeleteService { service: "contoso".into() }),
            ),
            (
                "GET",
                "/services/hostedservices/contoso",
                Ok(Call::GetService { service: "contoso".into(), with_detail: false }),
            ),
            (
                "GET",
                "/services/hostedservices/contoso?embed-detail=True",
                Ok(Call::GetService { service: "contoso".into(), with_detail: true }),
            ),
            (
                "GET",
                "/services/hostedservices/contoso?a=b&Embed-Detail=true",
                Ok(Call::GetService { service: "contoso".into(), with_detail: true }),
            ),
            (
                "POST",
                "/services/hostedservices/contoso/deploymentslots/staging",
                Ok(Call::CreateDeployment { service: "contoso".into(), slot: Slot::Staging }),
            ),
            (
                "GET",
                "/services/hostedservices/contoso/deploymentslots/PRODUCTION",
                Ok(on(production(), Action::Get)),
            ),
            (
                "GET",
                "/services/hostedservices/contoso/Deployments/release%2042",
                Ok(on(name(), Action::Get)),
            ),
            (
                "DELETE",
                "/services/hostedservices/contoso/deployments/release%2042?comp=media",
                Ok(on(name(), Action::Delete)),
            ),
            (
                "POST",
                "/services/hostedservices/contoso/deploymentslots/production/?comp=rollback",
                Ok(on(production(), Action::RollBack)),
            ),
            (
                "POST",
                "/services/hostedservices/contoso/deployments/release%2042?comp=walkupgradedomain",
                Ok(on(name(), Action::Walk)),
            ),
            (
                "POST",
                "/services/hostedservices/contoso/deployments/release%2042/?COMP=Upgrade",
                Ok(on(name(), Action::Upgrade)),
            ),
            (
                "POST",
                "/services/hostedservices/contoso/deploymentslots/production?comp=config",
                Ok(on(production(), Action::ChangeConfiguration)),
            ),
            (
                "GET",
                "/operations/4f3a9cbde01c4d24a6b1ca5ed9a3a2b1",
                Ok(Call::GetOperationStatus {
                    id: RequestId::new("4f3a9cbde01c4d24a6b1ca5ed9a3a2b1"),
                }),
            ),
        ] {
            assert_eq!(call(method, rest), expected, "{method} {rest}");
        }
    }

    #[test]
    fn what_is_unknown_is_refused_by_kind() {
        for (method, rest, expected) in [
            ("GET", "", "404 ResourceNotFound"),
            ("GET", "/services", "404 ResourceNotFound"),
            ("GET", "/services/disks", "404 ResourceNotFound"),
            ("GET", "/services/hostedservices/contoso/x/y", "404 ResourceNotFound"),
            ("GET", "/services//hostedservices", "404 ResourceNotFound"),
            ("GET", "/services/hostedservices/%ff", "400 BadRequest"),
            ("GET", "/services/hostedservices/contoso/deploymentslots/canary", "400 BadRequest"),
            ("PUT", "/services/hostedservices/contoso", "400 InvalidHttpVerb"),
            (
                "PATCH",
                "/services/hostedservices/contoso/deployments/a?comp=upgrade",
                "400 InvalidHttpVerb",
            ),
            ("DELETE", "/operations/1", "400 InvalidHttpVerb"),
            (
                "POST",
                "/services/hostedservices/contoso/deployments/a",
                "400 MissingOrInvalidRequiredQueryParameter",
            ),
            (
                "POST",
                "/services/hostedservices/contoso/deployments/a?comp=swim",
                "400 MissingOrInvalidRequiredQueryParameter",
            ),
            (
                "POST",
                "/services/hostedservices/contoso/deploymentslots/staging?comp=swim",
                "400 MissingOrInvalidRequiredQueryParameter",
            ),
            (
                "GET",
                "/services/hostedservices/contoso/deployments/a?comp=upgrade",
                "400 MissingOrInvalidRequiredQueryParameter",
            ),
            (
                "DELETE",
                "/services/hostedservices/contoso?comp=media",
                "400 MissingOrInvalidRequiredQueryParameter",
            ),
            (
                "GET",
                "/services/hostedservices/contoso?embed-detail=yes",
                "400 MissingOrInvalidRequiredQueryParameter",
            ),
        ] {
            assert_eq!(call(method, rest).unwrap_err(), expected, "{method} {rest}");
        }
    }
}
