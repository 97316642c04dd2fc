//! The facts about a request that need no simulator: its body, parsed and decoded.
//!
//! This is the expensive part of a request, and it needs no lock: the server prepares a request first,
//! and hands it to the cloud with what was found.

use azure_classic_protocol::ApiVersion;
use azure_classic_protocol::xml::WINDOWS_AZURE;
use bytes::Bytes;
use http::{Method, Request};
use roxmltree::{Document, Node, NodeId};

use super::Simulator;
use super::api_error::ApiError;
use super::contract::{Fields, is_nil, parse, text_of};
use super::deployment::configuration::Configuration;
use super::diagnostics::Diagnostics;
use super::network_configuration::{self, NetworkConfiguration};
use super::service_certificate::{self, CERTIFICATE_FILE, ServiceCertificates};
use super::values;

/// A body, parsed once. Its parts are decoded by what the root element is, whatever the operation.
pub(crate) struct PreparedBody<'r> {
    document: Result<Document<'r>, String>,
    /// The service configuration inside the Base64 of this element.
    configuration: Option<(NodeId, Result<Configuration, ApiError>)>,
    certificates: Option<Result<ServiceCertificates, ApiError>>,
    network: Option<Result<NetworkConfiguration, ApiError>>,
}

impl<'r> PreparedBody<'r> {
    /// Parses and decodes the body of a request that changes something. A read has none, and a body
    /// beyond the limit is refused unread.
    pub(crate) fn new(request: &'r Request<Bytes>) -> Self {
        let is_wanted =
            request.method() != Method::GET && request.body().len() <= Simulator::MAX_BODY_BYTES;
        let document = parse(if is_wanted { request.body() } else { b"" });
        let mut prepared =
            Self { document, configuration: None, certificates: None, network: None };
        let Ok(document) = &prepared.document else { return prepared };
        let root = document.root_element();
        match root.tag_name().name() {
            "CertificateFile" => {
                // The notes are those of the operation, which reads the same once more.
                let diagnostics = Diagnostics::default();
                let fields = CERTIFICATE_FILE.read(document, ApiVersion::DEFAULT, &diagnostics);
                prepared.certificates =
                    Some(fields.and_then(|it| service_certificate::parse_certificates(&it)));
            }
            "NetworkConfiguration" => {
                prepared.network = Some(network_configuration::parse(document));
            }
            _ => {
                prepared.configuration =
                    first_configuration(root).map(|node| (node.id(), configuration_in(node)));
            }
        }
        prepared
    }

    pub(crate) fn document(&self) -> Result<&Document<'r>, &str> {
        self.document.as_ref().map_err(String::as_str)
    }

    /// The service configuration in the element `Configuration`, with at most this many instances.
    pub(crate) fn configuration(
        &self,
        fields: &Fields<'_>,
        most_instances: u32,
    ) -> Result<Configuration, ApiError> {
        let node = fields.required_node("Configuration")?;
        let configuration = match &self.configuration {
            Some((id, read)) if *id == node.id() => read.clone()?,
            _ => configuration_in(node)?,
        };
        configuration.check_instances(most_instances)?;
        Ok(configuration)
    }

    /// The certificates of a body that is a `CertificateFile`.
    pub(crate) fn certificates(
        &self,
        fields: &Fields<'_>,
    ) -> Result<ServiceCertificates, ApiError> {
        let prepared = self.certificates.clone();
        prepared.unwrap_or_else(|| service_certificate::parse_certificates(fields))
    }

    /// The network configuration that the body is.
    pub(crate) fn network(&self) -> Result<NetworkConfiguration, ApiError> {
        match (&self.network, &self.document) {
            (Some(network), _) => network.clone(),
            (None, Ok(document)) => network_configuration::parse(document),
            (None, Err(why)) => Err(ApiError::bad_xml(format!(
                "The network configuration is not valid XML: {why}."
            ))),
        }
    }
}

/// The only element of this name that an operation can take: a contract skips a second one.
fn first_configuration<'a>(root: Node<'a, 'a>) -> Option<Node<'a, 'a>> {
    let mut children = root.children();
    children.find(|child| child.has_tag_name((WINDOWS_AZURE, "Configuration")) && !is_nil(*child))
}

fn configuration_in(node: Node<'_, '_>) -> Result<Configuration, ApiError> {
    let bytes = values::base64("Configuration", &text_of(node))?;
    Configuration::parse(&bytes, u32::MAX)
}
