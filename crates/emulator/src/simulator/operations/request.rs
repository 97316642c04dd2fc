//! The log's record of a request: its object and its content, without secrets.

use azure_classic_protocol::SubscriptionId;
use azure_classic_protocol::xml::WINDOWS_AZURE;
use roxmltree::Node;
use serde::{Deserialize, Serialize};

use crate::simulator::call::Call;
use crate::simulator::contract::text_of;
use crate::simulator::route::Route;
use crate::simulator::truncate::truncate;

/// Parameters by name, in the order of the contract: those of the path, of the query, then the body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Parameters(pub(crate) Vec<(String, String)>);

const SLOT: &str = "deploymentSlot";

/// The contract's names for placeholders of the path; other placeholders keep their names.
const SEGMENT_PARAMETERS: &[(&str, &str)] = &[
    ("service", "serviceName"),
    ("deployment", "deploymentName"),
    ("slot", SLOT),
    ("instance", "roleInstanceName"),
    ("extension", "extensionId"),
];

/// Query parameters that select the action. Others, such as the address of a container, contain signatures.
const QUERY_PARAMETERS: &[&str] = &["overwriteExisting", "resources", "service"];

/// Elements whose text is logged. Only the presence of all others is logged: they may contain a password, a
/// key, a private configuration, or an address with a signature.
const LOGGED_ELEMENTS: &[&str] = &[
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
const NAME_ELEMENTS: &[&str] =
    &["ServiceName", "Name", "Id", "ServicePrincipalId", "SubscriptionCertificateThumbprint"];

/// The maximal depth and length of a logged body, in elements and in bytes, because ten thousand bodies are
/// kept.
const MAX_DEPTH: usize = 8;
const MAX_CHARACTERS: usize = 4096;

impl Parameters {
    pub(super) fn from_request(
        call: &Call<'_>,
        subscription: &SubscriptionId,
        body: Option<Node<'_, '_>>,
    ) -> Self {
        let mut all = vec![("subscriptionID".to_owned(), subscription.to_string())];
        for (place, value) in &call.arguments.0 {
            let name = SEGMENT_PARAMETERS
                .iter()
                .find(|(own, _)| own == place)
                .map_or(*place, |(_, name)| name);
            all.push((name.to_owned(), truncate(value, MAX_CHARACTERS)));
        }
        for name in QUERY_PARAMETERS {
            all.extend(
                call.query
                    .get(name)
                    .map(|value| ((*name).to_owned(), truncate(&value, MAX_CHARACTERS))),
            );
        }
        all.extend(body.and_then(body_parameter).map(|input| ("input".to_owned(), input)));
        Self(all)
    }

    pub(crate) fn are_by_slot(&self) -> bool {
        self.0.iter().any(|(name, _)| name == SLOT)
    }
}

/// The path at which what the request is about is read: of a new thing, where it will be.
pub(super) fn object(path: &str, route: &Route, body: Option<Node<'_, '_>>) -> String {
    let path = path.trim_end_matches('/');
    match body.filter(|_| route.creates_resource()).and_then(new_name) {
        Some(name) => format!("{path}/{name}"),
        None => path.to_owned(),
    }
}

fn new_name(body: Node<'_, '_>) -> Option<String> {
    let named = |name: &&str| {
        body.children().find(|child| child.has_tag_name((WINDOWS_AZURE, *name))).map(text_of)
    };
    NAME_ELEMENTS.iter().find_map(named)
}

/// The body as the contract has it, without what could be secret; `None` where it is a long one.
fn body_parameter(body: Node<'_, '_>) -> Option<String> {
    let mut text = String::new();
    write_element(body, 1, &mut text)?;
    Some(text)
}

fn write_element(element: Node<'_, '_>, depth: usize, into: &mut String) -> Option<()> {
    let name = element.tag_name().name();
    into.extend(["<", name, ">"]);
    let mut children = element.children().filter(Node::is_element).peekable();
    if children.peek().is_none() && LOGGED_ELEMENTS.contains(&name) {
        let text = text_of(element);
        if text.len() > MAX_CHARACTERS {
            return None;
        }
        *into += &escape(&text);
    }
    for child in children.filter(|_| depth < MAX_DEPTH) {
        write_element(child, depth + 1, into)?;
    }
    into.extend(["</", name, ">"]);
    (into.len() <= MAX_CHARACTERS).then_some(())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::contract::parse;

    fn logged(body: &str) -> Option<String> {
        body_parameter(parse(body.as_bytes()).unwrap().root_element())
    }

    #[test]
    fn bodies_are_logged_without_possible_secrets() {
        let body = "<Extension xmlns='http://schemas.microsoft.com/windowsazure'><Type>RDP</Type>\
                    <Id>a &lt; b</Id><PrivateConfiguration>aHVzaA==</PrivateConfiguration>\
                    <Inner>hush<Name>contoso</Name><Password>hush</Password></Inner></Extension>";
        assert_eq!(
            logged(body).unwrap(),
            "<Extension><Type>RDP</Type><Id>a &lt; b</Id><PrivateConfiguration></PrivateConfiguration>\
             <Inner><Name>contoso</Name><Password></Password></Inner></Extension>"
        );
    }

    #[test]
    fn long_bodies_are_not_logged_and_deep_ones_are_truncated() {
        assert_eq!(logged(&format!("<A>{}</A>", "<Name>contoso</Name>".repeat(300))), None);
        let deep = format!("{}{}", "<A>".repeat(9), "</A>".repeat(9));
        assert_eq!(logged(&deep).unwrap().len(), MAX_DEPTH * "<A></A>".len());
    }

    #[test]
    fn the_object_of_a_creation_is_the_new_name() {
        let named = |inner: &str| {
            let body = format!("<A xmlns='{WINDOWS_AZURE}'>{inner}</A>");
            new_name(parse(body.as_bytes()).unwrap().root_element())
        };
        assert_eq!(named("<Label/><ServiceName>contoso</ServiceName>").as_deref(), Some("contoso"));
        assert_eq!(named("<Type>RDP</Type><Id>logon</Id>").as_deref(), Some("logon"));
        assert_eq!(named("<B><Name>contoso</Name></B>"), None);
    }
}
