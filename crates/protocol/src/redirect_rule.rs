use std::net::IpAddr;

use http::Uri;
use http::uri::{Authority, Scheme};

/// The hosts to which redirects are followed, with body and credential.
///
/// All rules require https and allow the endpoint's own host. A loopback endpoint may redirect to other ports
/// of itself, and an `http` one over `http`, because local services do so.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{Endpoint, RedirectRule};
///
/// let partner = "management.fabrikam.example:8443".parse()?;
/// let endpoint = Endpoint::new(
///     "https://management.contoso.example",
///     "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?,
/// )?
/// .with_redirects(RedirectRule::Hosts(vec![partner]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RedirectRule {
    /// Only the endpoint's own host and port.
    SameHost,
    /// The hosts of the same cloud, whose names have labels before its name:
    /// `usnorth.management.core.windows.net` for `management.core.windows.net`; with the endpoint's port. The
    /// default.
    #[default]
    SameCloud,
    /// These hosts, each with its port unless that is 443.
    Hosts(Vec<Authority>),
}

impl RedirectRule {
    /// Whether a redirect may lead from this endpoint to that address.
    pub(crate) fn check(
        &self,
        scheme: &Scheme,
        own: &Authority,
        uri: &Uri,
    ) -> Result<(), &'static str> {
        let (Some(to_scheme), Some(to)) = (uri.scheme(), uri.authority()) else {
            return Err("it is not an absolute address");
        };
        if to_scheme != scheme && *to_scheme != Scheme::HTTPS {
            return Err("it is not an https address");
        }
        if to.host().eq_ignore_ascii_case(own.host())
            && (port(to) == port(own) || is_loopback(own.host()))
        {
            return Ok(());
        }
        match self {
            // Other hosts are reached over https only: an http endpoint is a local one.
            _ if *to_scheme != Scheme::HTTPS => Err("it is not an https address"),
            Self::Hosts(hosts) if hosts.iter().any(|host| is_same(host, to)) => Ok(()),
            Self::Hosts(_) => Err("it is not among the hosts of the endpoint's rule"),
            _ if to.host().eq_ignore_ascii_case(own.host()) => Err("it has another port"),
            Self::SameHost => Err("it is another host, which the endpoint's rule does not allow"),
            Self::SameCloud if !is_same_cloud(own.host(), to.host()) => {
                Err("it is not a host of the same cloud, and the credential is sent nowhere else")
            }
            Self::SameCloud if port(to) != port(own) => Err("it has another port"),
            Self::SameCloud => Ok(()),
        }
    }
}

fn is_same(one: &Authority, other: &Authority) -> bool {
    one.host().eq_ignore_ascii_case(other.host()) && port(one) == port(other)
}

fn port(authority: &Authority) -> u16 {
    authority.port_u16().unwrap_or(443)
}

/// Whether both hosts end with the same cloud's name, at the start of a label.
fn is_same_cloud(own: &str, to: &str) -> bool {
    let (own, to) = (own.to_ascii_lowercase(), to.to_ascii_lowercase());
    let cloud = own
        .match_indices("management.")
        .find(|(at, _)| *at == 0 || own[..*at].ends_with('.'))
        .map_or(own.as_str(), |(at, _)| &own[at..]);
    to == cloud || to.strip_suffix(cloud).is_some_and(|front| front.ends_with('.'))
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: &RedirectRule, own: &str, to: &str) -> Result<(), &'static str> {
        let own: Uri = own.parse().unwrap();
        rule.check(own.scheme().unwrap(), own.authority().unwrap(), &to.parse().unwrap())
    }

    const CLOUD: &str = "https://management.example.net";
    const REGION: &str = "https://eu.management.example.net/x";

    #[test]
    fn the_own_host_is_always_allowed() {
        let hosts = RedirectRule::Hosts(Vec::new());
        for rule in [RedirectRule::SameHost, RedirectRule::SameCloud, hosts] {
            for to in ["https://management.example.net/x", "https://Management.Example.net:443/x"] {
                assert_eq!(check(&rule, CLOUD, to), Ok(()));
            }
            assert_eq!(check(&rule, "http://127.0.0.1:80", "http://127.0.0.1:81/x"), Ok(()));
            for to in
                ["/x", "http://management.example.net/x", "https://management.example.net:8443/x"]
            {
                check(&rule, CLOUD, to).unwrap_err();
            }
        }
    }

    #[test]
    fn a_region_may_redirect_to_another_region_and_to_the_cloud() {
        let rule = RedirectRule::SameCloud;
        assert_eq!(check(&rule, CLOUD, REGION), Ok(()));
        assert_eq!(check(&rule, "https://us.management.example.net", REGION), Ok(()));
        assert_eq!(check(&rule, "https://us.management.example.net", CLOUD), Ok(()));
        for to in
            ["https://management.example.net.evil.net/x", "https://evilmanagement.example.net/x"]
        {
            let why = check(&rule, CLOUD, to).unwrap_err();
            assert!(why.starts_with("it is not a host of the same cloud"), "{why}");
        }
    }

    /// The cloud's name must start at a label of the endpoint's own name, too.
    #[test]
    fn a_name_with_the_suffix_of_a_cloud_is_not_its_region() {
        for to in ["https://management.example.net/x", REGION] {
            let why = check(&RedirectRule::SameCloud, "https://mymanagement.example.net", to);
            assert!(why.unwrap_err().starts_with("it is not a host of the same cloud"));
        }
    }

    #[test]
    fn a_region_has_the_port_of_the_endpoint() {
        let to = "https://eu.management.example.net:8443/x";
        assert_eq!(check(&RedirectRule::SameCloud, CLOUD, to), Err("it has another port"));
        let own = "https://management.example.net:8443";
        assert_eq!(check(&RedirectRule::SameCloud, own, to), Ok(()));
    }

    #[test]
    fn the_rule_for_the_same_host_excludes_regions() {
        let why = check(&RedirectRule::SameHost, CLOUD, REGION).unwrap_err();
        assert_eq!(why, "it is another host, which the endpoint's rule does not allow");
    }

    #[test]
    fn a_list_allows_only_its_hosts_with_their_ports() {
        let rule = RedirectRule::Hosts(vec![
            "fabrikam.example:8443".parse().unwrap(),
            "contoso.example".parse().unwrap(),
        ]);
        assert_eq!(check(&rule, CLOUD, "https://FABRIKAM.example:8443/x"), Ok(()));
        assert_eq!(check(&rule, CLOUD, "https://contoso.example/x"), Ok(()));
        for to in [REGION, "https://fabrikam.example/x", "http://contoso.example/x"] {
            check(&rule, CLOUD, to).unwrap_err();
        }
        let why = check(&rule, "http://localhost:1", "http://contoso.example/x").unwrap_err();
        assert_eq!(why, "it is not an https address");
    }
}
