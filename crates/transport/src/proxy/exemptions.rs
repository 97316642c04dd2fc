use std::net::IpAddr;

/// Hosts that are reached without the proxy: the list of `NO_PROXY`.
#[derive(Debug, Clone, Default)]
pub(super) struct Exemptions(Vec<Exemption>);

#[derive(Debug, Clone)]
struct Exemption {
    host: Host,
    /// `None` means every port.
    port: Option<u16>,
}

#[derive(Debug, Clone)]
enum Host {
    Any,
    /// In lower case, without dots at either end.
    Domain(String),
    Network(IpAddr, u8),
}

impl Exemptions {
    /// Invalid entries match nothing.
    pub(super) fn parse(list: &str) -> Self {
        let entries = list.split([',', ' ', '\t', '\n', '\r', ';']);
        Self(entries.filter_map(Exemption::parse).collect())
    }

    /// Whether the list contains the host, given with or without the brackets of an IPv6 address.
    pub(super) fn contain(&self, host: &str, port: u16) -> bool {
        let name = host.trim_end_matches('.').to_ascii_lowercase();
        let address = address_of(&name);
        self.0.iter().any(|exemption| {
            exemption.port.is_none_or(|own| own == port)
                && match (&exemption.host, address) {
                    (Host::Any, _) => true,
                    (Host::Network(network, bits), Some(address)) => {
                        is_inside(address, *network, *bits)
                    }
                    (Host::Domain(domain), None) => is_within(&name, domain),
                    _ => false,
                }
        })
    }
}

impl Exemption {
    fn parse(entry: &str) -> Option<Self> {
        if let Some(network) = network_of(entry) {
            return Some(Self { host: network, port: None });
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (entry, None),
        };
        let host = match host {
            "*" => Host::Any,
            host => network_of(host).or_else(|| domain_of(host))?,
        };
        Some(Self { host, port })
    }
}

/// `contoso.example`, `.contoso.example` and `*.contoso.example` mean the same.
fn domain_of(host: &str) -> Option<Host> {
    let host = host.strip_prefix('*').unwrap_or(host);
    let domain = host.trim_matches('.').to_ascii_lowercase();
    (!domain.is_empty()).then_some(Host::Domain(domain))
}

/// An address, or a network with the length of its prefix.
fn network_of(text: &str) -> Option<Host> {
    let (address, bits) =
        text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address = address_of(address)?;
    let all = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(all), |bits| bits.parse().ok().filter(|bits| *bits <= all))?;
    Some(Host::Network(address, bits))
}

fn address_of(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

fn is_inside(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            let differing = one.to_bits() ^ other.to_bits();
            differing.leading_zeros() >= u32::from(bits)
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => {
            let differing = one.to_bits() ^ other.to_bits();
            differing.leading_zeros() >= u32::from(bits)
        }
        _ => false,
    }
}

/// Whether the name is the domain or one of its subdomains.
fn is_within(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}
