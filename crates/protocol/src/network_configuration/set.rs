use super::NetworkConfiguration;
use super::model::NAMESPACE;
use crate::{
    Accepted, ApiVersion, Body, Bytes, Error, Idempotency, Metadata, Method, Operation,
    RequestBuilder, xml,
};

/// Replaces the network configuration of the subscription: what it does not say is gone afterwards.
///
/// A configuration that was read and of whose document the model lacks a part is refused, because
/// that part would be lost: change its text and send that ([`file`](Self::file)), or make a new
/// configuration of the fields. The service takes no part of a configuration and offers no guard
/// against a change in between. Since 2012-03-01.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Set Network Configuration* (`set-network-configuration`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::SetNetworkConfiguration;
/// use azure_classic_protocol::network_configuration::{NetworkConfiguration, ConfiguredSubnet};
///
/// fn widen(mut present: NetworkConfiguration) -> SetNetworkConfiguration {
///     for site in &mut present.virtual_network_configuration.virtual_network_sites {
///         let address_prefix = Some("10.0.9.0/24".to_owned());
///         site.subnets.push(ConfiguredSubnet { name: "more".to_owned(), address_prefix });
///     }
///     SetNetworkConfiguration::new(present)
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetNetworkConfiguration {
    content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Model(NetworkConfiguration),
    File(String),
}

impl SetNetworkConfiguration {
    /// Replaces it by this configuration.
    pub fn new(configuration: NetworkConfiguration) -> Self {
        Self { content: Content::Model(configuration) }
    }

    /// Replaces it by the text of a configuration file (`.netcfg`), whatever is in it.
    ///
    /// The text is sent as it is, but for a byte order mark and the XML declaration, which become
    /// none and one of UTF-8. A text that is not a network configuration is refused.
    pub fn file(text: impl Into<String>) -> Self {
        Self { content: Content::File(text.into()) }
    }
}

impl Operation for SetNetworkConfiguration {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Set Network Configuration",
        method: Method::PUT,
        route: "/services/networking/media",
        min_version: ApiVersion::V2012_03_01,
        docs_slug: "set-network-configuration",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        match &self.content {
            Content::Model(configuration) => {
                if let Some(path) = configuration.unknown().paths.first() {
                    request.reject(Error::invalid(format!(
                        "the configuration was read from a document with more than its fields, \
                         {path} first, which would be lost; send the document's text, or a \
                         NetworkConfiguration::new of the fields"
                    )));
                }
            }
            Content::File(text) => {
                if let Err(error) = NetworkConfiguration::read(text) {
                    let what = "the text is not a network configuration";
                    request.reject(Error::invalid_because(what, error));
                }
            }
        }
    }

    fn body(&self) -> Body {
        Body::try_octet_stream(match &self.content {
            Content::Model(configuration) => {
                xml::to_file(configuration, NAMESPACE).map(Bytes::from)
            }
            Content::File(text) => Ok(xml::as_utf_8(text).into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network_configuration::{ConfiguredVirtualNetworkSite, VirtualNetworkConfiguration};
    use crate::testing::golden;

    const EVERY_ELEMENT: &str = include_str!("every_element.xml");

    #[test]
    fn request() {
        let head = "PUT /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/media
                    x-ms-version: 2015-04-01
                    content-type: application/octet-stream";
        let configuration = NetworkConfiguration::read(EVERY_ELEMENT).unwrap();
        golden::request(
            &SetNetworkConfiguration::new(configuration),
            &format!("{head}\n\n{EVERY_ELEMENT}"),
        );
    }

    #[test]
    fn request_with_the_least() {
        golden::request(
            &SetNetworkConfiguration::new(NetworkConfiguration::default()),
            "PUT /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/media
             x-ms-version: 2015-04-01
             content-type: application/octet-stream

             <?xml version=\"1.0\" encoding=\"utf-8\"?>
             <NetworkConfiguration xmlns=\"http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration\">
               <VirtualNetworkConfiguration>
                 <Dns/>
               </VirtualNetworkConfiguration>
             </NetworkConfiguration>",
        );
    }

    #[test]
    fn request_with_a_file_keeps_what_the_model_does_not_know() {
        let text = "<!-- ours -->\n<NetworkConfiguration xmlns='http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration'><Other/></NetworkConfiguration>\n";
        let sent = |file: String| {
            let request = golden::endpoint().request(&SetNetworkConfiguration::file(file)).unwrap();
            String::from_utf8(request.into_body().to_vec()).unwrap()
        };
        let declared = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{text}");
        assert_eq!(sent(text.to_owned()), declared);
        assert_eq!(sent(declared.clone()), declared);
        let utf_16 = format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-16\" ?>{text}");
        assert_eq!(sent(utf_16), declared);
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<SetNetworkConfiguration>();
    }

    #[test]
    fn what_would_be_lost_is_refused_with_the_way_out() {
        let text = EVERY_ELEMENT.replace("<Gateway>", "<Gateway profile=\"Small\">");
        let read = NetworkConfiguration::read(&text).unwrap();
        golden::rejected(
            &SetNetworkConfiguration::new(read.clone()),
            "VirtualNetworkSite[1]/Gateway/@profile first, which would be lost",
        );
        let fields = NetworkConfiguration::new(read.virtual_network_configuration);
        assert!(golden::endpoint().request(&SetNetworkConfiguration::new(fields)).is_ok());
    }

    #[test]
    fn what_is_no_configuration_is_refused() {
        for text in ["", "<html/>", "<NetworkConfiguration/>", "<!DOCTYPE a><a/>"] {
            let set = SetNetworkConfiguration::file(text);
            golden::rejected(&set, "the text is not a network configuration");
        }
        let control = ConfiguredVirtualNetworkSite {
            name: "\u{1}".into(),
            ..ConfiguredVirtualNetworkSite::default()
        };
        let configuration = NetworkConfiguration::new(VirtualNetworkConfiguration {
            virtual_network_sites: vec![control],
            ..VirtualNetworkConfiguration::default()
        });
        golden::rejected(
            &SetNetworkConfiguration::new(configuration),
            "cannot write the body of the request as XML",
        );
    }
}
