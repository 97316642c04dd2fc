use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::uri::{Authority, Scheme};
use http::{HeaderValue, Uri};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use self::exemptions::Exemptions;
use crate::loopback::is_loopback;

mod exemptions;

/// An HTTP proxy for requests, and the hosts that are exempt from it.
///
/// The transport opens a tunnel (`CONNECT`) through the proxy and uses TLS with the server end to end. The
/// proxy sees the server's name and port, but neither the requests nor the client certificate. The proxy
/// resolves the server's name. Loopback hosts are exempt unless [`with_loopback`](Self::with_loopback) is on.
/// `Debug` and errors show the proxy's host and port, never its credentials.
///
/// # Example
///
/// ```
/// use azure_classic_transport::{HttpsTransport, Proxy};
///
/// let proxy = Proxy::new("http://contoso:secret@proxy.contoso.example:3128")?
///     .exempt("intranet.contoso.example, 10.0.0.0/8");
/// let server = "https://management.example.net/".parse()?;
/// assert_eq!(proxy.server_for(&server).as_deref(), Some("proxy.contoso.example:3128"));
/// let builder = HttpsTransport::builder().proxy(proxy);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Proxy {
    /// An unusable value of a variable becomes an error when a request needs the proxy.
    server: Result<Server, InvalidProxy>,
    exemptions: Exemptions,
    with_loopback: bool,
}

/// The proxy's address and credentials.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) authority: Authority,
    pub(crate) authorization: Option<HeaderValue>,
}

/// An unusable proxy address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidProxy(Arc<str>);

/// In curl's order: the first one that is not empty is used.
const SERVER: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const EXEMPT: [&str; 2] = ["no_proxy", "NO_PROXY"];

impl Proxy {
    /// Creates a proxy from an address such as `http://user:password@proxy.contoso.example:3128`.
    ///
    /// The scheme defaults to `http` and the port to 80. User and password are percent-decoded and sent
    /// as Basic credentials.
    ///
    /// # Errors
    ///
    /// [`InvalidProxy`] for an address without a host, and for `https` and SOCKS proxies, which are not
    /// supported.
    pub fn new(address: &str) -> Result<Self, InvalidProxy> {
        Server::parse(address, "the proxy").map(|server| Self::of(Ok(server)))
    }

    /// Creates a proxy from variables as curl does: `https_proxy`, otherwise `all_proxy`, and `no_proxy`,
    /// each in lower case, otherwise in upper case. Empty variables count as absent. Returns `None` without a
    /// proxy.
    ///
    /// The library does not read the environment: `lookup` returns the value of a variable. An unusable value
    /// is reported by the first request that needs the proxy.
    ///
    /// # Example
    ///
    /// ```
    /// use azure_classic_transport::{HttpsTransport, Proxy};
    ///
    /// let mut builder = HttpsTransport::builder();
    /// if let Some(proxy) = Proxy::from_variables(|name| std::env::var(name).ok()) {
    ///     builder = builder.proxy(proxy);
    /// }
    /// ```
    pub fn from_variables(lookup: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let first = |names: &[&'static str]| {
            names.iter().find_map(|name| {
                let value = lookup(name)?;
                (!value.trim().is_empty()).then_some((*name, value))
            })
        };
        let (name, address) = first(&SERVER)?;
        let address = Zeroizing::new(address);
        let server = Server::parse(&address, &format!("the proxy in {name}"));
        let exempt = first(&EXEMPT).map(|(_, list)| list).unwrap_or_default();
        Some(Self::of(server).exempt(&exempt))
    }

    fn of(server: Result<Server, InvalidProxy>) -> Self {
        Self { server, exemptions: Exemptions::default(), with_loopback: false }
    }

    /// Exempts hosts, separated by commas or spaces. A second call replaces the first.
    ///
    /// - `contoso.example` and `.contoso.example`: the domain and its subdomains
    /// - `10.0.0.4`, `[fd00::4]`, `10.0.0.0/8`: addresses and networks, compared with addresses only
    /// - `contoso.example:8443`: with this port only
    /// - `*`: every host
    pub fn exempt(mut self, list: &str) -> Self {
        self.exemptions = Exemptions::parse(list);
        self
    }

    /// Uses the proxy for loopback hosts as well. Default: off.
    pub fn with_loopback(mut self, on: bool) -> Self {
        self.with_loopback = on;
        self
    }

    /// Whether a request to this address goes through the proxy, or fails because the proxy's address is
    /// unusable.
    pub fn is_for(&self, address: &Uri) -> bool {
        self.intercept(address).is_some()
    }

    /// Returns host and port of the proxy if a request to this address goes through it.
    pub fn server_for(&self, address: &Uri) -> Option<String> {
        self.intercept(address)?.as_ref().ok().map(Server::to_string)
    }

    /// The proxy for this address, unless it is exempt.
    pub(crate) fn intercept(&self, address: &Uri) -> Option<&Result<Server, InvalidProxy>> {
        // `http` is for loopback only, and needs no tunnel.
        if address.scheme() != Some(&Scheme::HTTPS) {
            return None;
        }
        let host = address.host()?;
        let port = address.port_u16().unwrap_or(443);
        let is_exempt =
            self.exemptions.contain(host, port) || (!self.with_loopback && is_loopback(host));
        (!is_exempt).then_some(&self.server)
    }
}

impl Server {
    /// `what` names the address in errors; they do not show the address, which may contain a password.
    fn parse(address: &str, what: &str) -> Result<Self, InvalidProxy> {
        let invalid = |why: &str| {
            Err(InvalidProxy(
                format!("{what} {why}; give an address such as http://proxy.contoso.example:3128")
                    .into(),
            ))
        };
        let address = address.trim();
        let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
        match scheme.to_ascii_lowercase().as_str() {
            "http" => {}
            "https" => return invalid("is reached over TLS (https), which is not supported"),
            "socks" | "socks4" | "socks4a" | "socks5" | "socks5h" => {
                return invalid("is a SOCKS proxy, which is not supported");
            }
            _ => return invalid("has a scheme other than http"),
        }
        // A password may contain any character, so the host starts after the last @.
        let (credentials, rest) = match rest.rsplit_once('@') {
            Some((credentials, rest)) => (Some(credentials), rest),
            None => (None, rest),
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if host.is_empty() || host.starts_with(':') || host.ends_with(':') {
            return invalid("has an address without host or port");
        }
        let with_port = match host.parse::<Authority>() {
            Ok(authority) if authority.port().is_none() => format!("{host}:80"),
            _ => host.to_owned(),
        };
        match with_port.parse::<Authority>() {
            Ok(authority) if authority.port_u16().is_some_and(|port| port > 0) => {
                Ok(Self { authority, authorization: credentials.map(basic) })
            }
            _ => invalid("has an invalid host or port"),
        }
    }
}

/// `Authorization` of RFC 7617, marked so that HTTP libraries do not show it.
fn basic(credentials: &str) -> HeaderValue {
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    let mut plain = Zeroizing::new(percent_decode_str(user).collect::<Vec<u8>>());
    plain.push(b':');
    plain.extend(percent_decode_str(password));
    let encoded = Zeroizing::new(format!("Basic {}", STANDARD.encode(&*plain)));
    let mut value = HeaderValue::from_str(&encoded).expect("Base64 is visible ASCII");
    value.set_sensitive(true);
    value
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.authority.as_str())
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("authority", &self.authority)
            .field("has_credentials", &self.authorization.is_some())
            .finish()
    }
}

impl fmt::Display for InvalidProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidProxy {}

#[cfg(test)]
mod tests;
