//! What the log tells of a request: what it is about, and what it said. No secret is among it.

use azure_classic_protocol::SubscriptionId;
use azure_classic_protocol::xml::WINDOWS_AZURE;
use roxmltree::Node;
use serde::{Deserialize, Serialize};

use crate::cloud::call::Call;
use crate::cloud::clip::clip;
use crate::cloud::contract::text_of;
use crate::cloud::route::Route;

/// Parameters by name, in the order of the contract: those of the path, of the query, then the body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Parameters(pub(crate) Vec<(String, String)>);

const SLOT: &str = "deploymentSlot";

/// What the contract calls the places of a path; other places keep their names.
const PLACES: &[(&str, &str)] = &[
    ("service", "serviceName"),
    ("deployment", "deploymentName"),
    ("slot", SLOT),
    ("instance", "roleInstanceName"),
    ("extension", "extensionId"),
];

/// Query parameters that say what is to be done. Others, such as the address of a container, hold
/// signatures.
const QUERY: &[&str] = &["overwriteExisting", "resources", "service"];

/// Elements whose text is told. Of all others only that they were there: whatever is not known to be
/// harmless may be a password, a key, a private configuration, or an address with a signature in it.
const HARMLESS: &[&str] = &[
    "AccountType",
    "Address",
    "AffinityGroup",
    "CertificateFormat",
    "DeploymentName",
    "Description",
    "Force",
    "GeoReplicationEnabled",
    "Id",
    "KeyType",
    "Label",
    "Location",
    "Mode",
    "Name",
    "Production",
    "ProviderNameSpace",
    "ReverseDnsFqdn",
    "RoleName",
    "RoleToUpgrade",
    "SecondaryReadEnabled",
    "ServiceName",
    "ServicePrincipalId",
    "SourceDeployment",
    "StartDeployment",
    "State",
    "Status",
    "SubscriptionCertificateThumbprint",
    "Thumbprint",
    "ThumbprintAlgorithm",
    "TreatWarningsAsError",
    "Type",
    "UpgradeDomain",
    "Version",
];

/// The elements by which a new thing is named in the request that makes it.
const NAMING: &[&str] =
    &["ServiceName", "Name", "Id", "ServicePrincipalId", "SubscriptionCertificateThumbprint"];

/// How deep and how long a body is told, in elements and in bytes: ten thousand of them are kept.
const DEEPEST: usize = 8;
const LONGEST: usize = 4096;

impl Parameters {
    pub(super) fn of(
        call: &Call<'_>,
        subscription: &SubscriptionId,
        body: Option<Node<'_, '_>>,
    ) -> Self {
        let mut all = vec![("subscriptionID".to_owned(), subscription.to_string())];
        for (place, value) in &call.arguments.0 {
            let name = PLACES.iter().find(|(own, _)| own == place).map_or(*place, |(_, name)| name);
            all.push((name.to_owned(), clip(value, LONGEST)));
        }
        for name in QUERY {
            all.extend(
                call.query.get(name).map(|value| ((*name).to_owned(), clip(&value, LONGEST))),
            );
        }
        all.extend(body.and_then(input).map(|input| ("input".to_owned(), input)));
        Self(all)
    }

    pub(crate) fn are_by_slot(&self) -> bool {
        self.0.iter().any(|(name, _)| name == SLOT)
    }
}

/// The path at which what the request is about is read: of a new thing, where it will be.
pub(super) fn object(path: &str, route: &Route, body: Option<Node<'_, '_>>) -> String {
    let path = path.trim_end_matches('/');
    match body.filter(|_| route.makes_an_item()).and_then(new_name) {
        Some(name) => format!("{path}/{name}"),
        None => path.to_owned(),
    }
}

fn new_name(body: Node<'_, '_>) -> Option<String> {
    let named = |name: &&str| {
        body.children().find(|child| child.has_tag_name((WINDOWS_AZURE, *name))).map(text_of)
    };
    NAMING.iter().find_map(named)
}

/// The body as the contract has it, without what could be secret; `None` where it is a long one.
fn input(body: Node<'_, '_>) -> Option<String> {
    let mut text = String::new();
    tell(body, 1, &mut text)?;
    Some(text)
}

fn tell(element: Node<'_, '_>, depth: usize, into: &mut String) -> Option<()> {
    let name = element.tag_name().name();
    into.extend(["<", name, ">"]);
    let mut children = element.children().filter(Node::is_element).peekable();
    if children.peek().is_none() && HARMLESS.contains(&name) {
        let text = text_of(element);
        if text.len() > LONGEST {
            return None;
        }
        *into += &escaped(&text);
    }
    for child in children.filter(|_| depth < DEEPEST) {
        tell(child, depth + 1, into)?;
    }
    into.extend(["</", name, ">"]);
    (into.len() <= LONGEST).then_some(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::contract::parse;

    fn told(body: &str) -> Option<String> {
        input(parse(body.as_bytes()).unwrap().root_element())
    }

    #[test]
    fn a_body_is_told_without_what_could_be_secret() {
        let body = "<Extension xmlns='http://schemas.microsoft.com/windowsazure'><Type>RDP</Type>\
                    <Id>a &lt; b</Id><PrivateConfiguration>aHVzaA==</PrivateConfiguration>\
                    <Inner>hush<Name>contoso</Name><Password>hush</Password></Inner></Extension>";
        assert_eq!(
            told(body).unwrap(),
            "<Extension><Type>RDP</Type><Id>a &lt; b</Id><PrivateConfiguration></PrivateConfiguration>\
             <Inner><Name>contoso</Name><Password></Password></Inner></Extension>"
        );
    }

    #[test]
    fn a_long_body_is_not_told_and_a_deep_one_not_to_its_ground() {
        assert_eq!(told(&format!("<A>{}</A>", "<Name>contoso</Name>".repeat(300))), None);
        let deep = format!("{}{}", "<A>".repeat(9), "</A>".repeat(9));
        assert_eq!(told(&deep).unwrap().len(), DEEPEST * "<A></A>".len());
    }

    #[test]
    fn a_new_thing_is_named_by_its_request() {
        let named = |inner: &str| {
            let body = format!("<A xmlns='{WINDOWS_AZURE}'>{inner}</A>");
            new_name(parse(body.as_bytes()).unwrap().root_element())
        };
        assert_eq!(named("<Label/><ServiceName>contoso</ServiceName>").as_deref(), Some("contoso"));
        assert_eq!(named("<Type>RDP</Type><Id>logon</Id>").as_deref(), Some("logon"));
        assert_eq!(named("<B><Name>contoso</Name></B>"), None);
    }
}
