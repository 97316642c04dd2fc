//! The proxy that the environment names: `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`.

use std::env;

use azure_classic::{Endpoint, HttpsTransportBuilder, Proxy};

/// How a proxy that the environment names takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProxyRoute {
    /// Requests go through the proxy with this host and port.
    Proxied(String),
    /// The endpoint is exempt: on loopback, or listed in `NO_PROXY`.
    Exempt,
    /// The proxy's address cannot be used.
    InvalidProxy,
}

/// Gives the transport the proxy, if there is one, and says what that means for the endpoint.
pub(crate) fn apply_proxy(
    transport: HttpsTransportBuilder,
    endpoint: &Endpoint,
) -> (HttpsTransportBuilder, Option<ProxyRoute>) {
    match Proxy::from_variables(|name| env::var(name).ok()) {
        Some(proxy) => {
            let route = ProxyRoute::new(&proxy, endpoint);
            (transport.proxy(proxy), Some(route))
        }
        None => (transport, None),
    }
}

impl ProxyRoute {
    fn new(proxy: &Proxy, endpoint: &Endpoint) -> Self {
        let Ok(address) = format!("https://{}/", endpoint.authority()).parse() else {
            return Self::Exempt;
        };
        match proxy.server_for(&address) {
            Some(server) => Self::Proxied(server),
            None if proxy.is_for(&address) => Self::InvalidProxy,
            None => Self::Exempt,
        }
    }
}
