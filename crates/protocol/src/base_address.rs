//! The address of an endpoint, as users write it.

use std::net::Ipv6Addr;

use http::Uri;
use http::uri::{Authority, Scheme};

use crate::redirect_rule::is_loopback;
use crate::{Error, SubscriptionId};

/// A parsed and normalized address: errors print what requests use.
pub(crate) struct BaseAddress {
    pub(crate) scheme: Scheme,
    /// In lower case, without a dot at the end of the name and without an empty port.
    pub(crate) authority: Authority,
    /// The path, without the slash at its end and without the subscription.
    pub(crate) prefix: String,
}

impl BaseAddress {
    pub(crate) fn parse(base: &str, subscription: &SubscriptionId) -> Result<Self, Error> {
        let base = base.trim();
        if base.split('/').nth(2).is_some_and(|authority| authority.contains('@')) {
            return Err(Error::invalid(
                "the address contains user information, which is never sent; leave it out",
            ));
        }
        let has_query = base.contains('?');
        let has_fragment = base.contains('#');
        // The removed part may be a secret.
        let shown = base.split(['?', '#']).next().unwrap_or_default();
        let wrong = |why: &str| {
            Error::invalid(format!(
                "the address {shown:?} {why}; give one such as https://127.0.0.1:8443"
            ))
        };
        let uri: Uri = shown.parse().map_err(|_| wrong("is not a URI"))?;
        let parts = uri.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(wrong("is not absolute"));
        };
        let authority = normalised(&authority).map_err(wrong)?;
        if scheme != Scheme::HTTPS && !(scheme == Scheme::HTTP && is_loopback(authority.host())) {
            return Err(wrong("is not an https address"));
        }
        if has_query {
            return Err(wrong("has a query"));
        }
        if has_fragment {
            return Err(wrong("has a fragment"));
        }
        let path = parts.path_and_query.as_ref().map_or("", |path| path.path());
        if let Some(prefix) = before_request_path(path) {
            return Err(Error::invalid(format!(
                "the address {shown:?} contains the path of a request, but requests add the subscription and their path themselves; give {scheme}://{authority}{prefix}"
            )));
        }
        let prefix = without_subscription(path.trim_end_matches('/'), subscription)
            .map_err(|why| wrong(&why))?;
        Ok(Self { scheme, authority, prefix: prefix.to_owned() })
    }
}

fn normalised(authority: &Authority) -> Result<Authority, &'static str> {
    let host = authority.host().to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    if let Some(address) = host.strip_prefix('[') {
        let address = address.strip_suffix(']').unwrap_or(address);
        if address.contains('%') {
            return Err("has an IPv6 zone, which a certificate cannot name");
        }
        if address.parse::<Ipv6Addr>().is_err() {
            return Err("has an invalid IPv6 address");
        }
    } else if host.is_empty() || host.split('.').any(str::is_empty) || !host.chars().all(is_of_name)
    {
        return Err("has an invalid host name");
    }
    let after_host =
        authority.as_str().rsplit_once(']').map_or(authority.as_str(), |(_, rest)| rest);
    let port = match after_host.rsplit_once(':').map(|(_, port)| port) {
        None | Some("") => String::new(),
        Some(port) => match port.parse::<u16>() {
            Ok(number) if number > 0 => format!(":{number}"),
            _ => return Err("has a port that is not a number from 1 to 65535"),
        },
    };
    format!("{host}{port}").parse().map_err(|_| "has an invalid host name")
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')
}

/// The part before the path of a request, if the address contains one: a subscription with more after it, or
/// the segments that follow a subscription.
///
/// `services` alone may be a folder of a gateway, except at the end.
fn before_request_path(path: &str) -> Option<&str> {
    let path = path.trim_end_matches('/');
    let is = |segment: &str, name: &str| segment.eq_ignore_ascii_case(name);
    let mut start = 0;
    for segment in path.split('/') {
        let end = start + segment.len();
        let is_last = end == path.len();
        let is_subscription = segment.parse::<SubscriptionId>().is_ok();
        let rest = path[end..].trim_start_matches('/');
        let next = rest.split('/').next().unwrap_or_default();
        let is_of_request = is_subscription && !is_last
            || is(segment, "services") && (is_last || is(next, "hostedservices"))
            // The Resource Manager has this form for subscriptions.
            || is(segment, "subscriptions") && (is_last || next.parse::<SubscriptionId>().is_ok());
        if is_of_request {
            return Some(path[..start].trim_end_matches('/'));
        }
        start = end + 1;
    }
    None
}

/// Requests add the subscription themselves, so an address that ends in it would contain it twice.
fn without_subscription<'a>(
    path: &'a str,
    subscription: &SubscriptionId,
) -> Result<&'a str, String> {
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err("has a path with . or ..".to_owned());
    }
    let Some((before, last)) = path.rsplit_once('/') else { return Ok(path) };
    match last.parse::<SubscriptionId>() {
        Ok(found) if found == *subscription => Ok(before.trim_end_matches('/')),
        Ok(found) => Err(format!(
            "ends in the subscription {found}, but requests are for the subscription {subscription}"
        )),
        Err(_) => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";

    fn parse(base: &str) -> Result<String, Error> {
        let found = BaseAddress::parse(base, &SUBSCRIPTION.parse().unwrap())?;
        Ok(format!("{}://{}{}", found.scheme, found.authority, found.prefix))
    }

    #[test]
    fn all_spellings_of_an_address_are_normalized() {
        for (base, normal) in [
            ("https://management.example.net", "https://management.example.net"),
            (" https://management.example.net/ \n", "https://management.example.net"),
            ("HTTPS://Management.Example.NET", "https://management.example.net"),
            ("https://management.example.net.:8443/", "https://management.example.net:8443"),
            ("https://localhost:", "https://localhost"),
            ("https://localhost:/azure//", "https://localhost/azure"),
            ("https://127.0.0.1:08443", "https://127.0.0.1:8443"),
            ("https://[::1]:", "https://[::1]"),
            ("https://[FD00::1]:8443", "https://[fd00::1]:8443"),
            ("http://LOCALHOST:8080", "http://localhost:8080"),
            ("http://127.8.0.1", "http://127.8.0.1"),
            ("http://[::1]:80", "http://[::1]:80"),
        ] {
            assert_eq!(parse(base).unwrap(), normal, "{base}");
        }
    }

    #[test]
    fn the_subscription_at_the_end_of_the_path_is_removed() {
        for base in [
            "https://example.net/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10",
            "https://example.net/8A1E2F44-0C5B-4D0E-9A57-3F1F0F6F2B10/",
            "https://example.net//8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10//",
        ] {
            assert_eq!(parse(base).unwrap(), "https://example.net", "{base}");
        }
        let below = "https://example.net/azure/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";
        assert_eq!(parse(below).unwrap(), "https://example.net/azure");
        let other = parse("https://example.net/00000000-0c5b-4d0e-9a57-3f1f0f6f2b10").unwrap_err();
        let why = format!("requests are for the subscription {SUBSCRIPTION}");
        assert!(other.to_string().contains(&why), "{other}");
    }

    #[test]
    fn an_address_with_the_path_of_a_request_is_rejected_with_the_right_form() {
        let id = SUBSCRIPTION;
        let other = "00000000-0c5b-4d0e-9a57-3f1f0f6f2b10";
        for (path, form) in [
            (format!("/{id}/services"), ""),
            (format!("/{id}/services/hostedservices/contoso?embed-detail=true"), ""),
            (format!("/{}/Services/", id.to_uppercase()), ""),
            (format!("//{id}//locations"), ""),
            (format!("/{other}/services"), ""),
            (format!("/azure/{id}/operations"), "/azure"),
            ("/SUBSCRIPTION/services".to_owned(), "/SUBSCRIPTION"),
            ("/services".to_owned(), ""),
            ("/services/hostedservices".to_owned(), ""),
            (format!("/subscriptions/{id}"), ""),
            ("/subscriptions".to_owned(), ""),
        ] {
            let base = format!("https://Example.net:8443{path}");
            let error = parse(&base).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid);
            let way_out = format!("themselves; give https://example.net:8443{form}");
            let has_query = path.contains('?');
            assert_eq!(error.to_string().ends_with(&way_out), !has_query, "{base}: {error}");
        }
        for base in [
            "https://example.net/services/azure",
            "https://example.net/subscriptions/azure",
            "https://example.net/my-services",
        ] {
            assert_eq!(parse(base).unwrap(), base);
        }
    }

    #[test]
    fn other_addresses_are_rejected_with_the_reason() {
        for (base, why) in [
            ("", "is not a URI"),
            ("https://", "is not a URI"),
            ("https://exa mple.net", "is not a URI"),
            ("management.core.windows.net", "is not absolute"),
            ("localhost:8443", "is not absolute"),
            ("http://management.core.windows.net", "is not an https address"),
            ("http://localhost.example.net", "is not an https address"),
            ("ftp://127.0.0.1", "is not an https address"),
            ("https://127.0.0.1/?token=secret", "has a query"),
            ("https://127.0.0.1/#secret", "has a fragment"),
            ("https://[fe80::1%25eth0]:8443", "zone"),
            ("https://a..example.net", "has an invalid host name"),
            ("https://127.0.0.1:0", "has a port that is not"),
            ("https://127.0.0.1:99999", "port"),
            ("https://127.0.0.1/a/../b", "has a path with . or .."),
        ] {
            let error = parse(base).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid);
            assert!(error.to_string().contains(why), "{base}: {error}");
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
        for base in
            ["https://user:secret@127.0.0.1", "ftp://user:secret@h", "https://u:secret@h h/"]
        {
            let error = parse(base).unwrap_err();
            assert!(error.to_string().contains("user information"), "{error}");
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
    }
}
