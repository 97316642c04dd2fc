use super::*;

fn server(address: &str) -> Server {
    Server::parse(address, "the proxy").unwrap()
}

fn rejection(address: &str) -> String {
    Proxy::new(address).unwrap_err().to_string()
}

fn is_proxied(proxy: &Proxy, address: &str) -> bool {
    proxy.server_for(&address.parse().unwrap()).is_some()
}

fn exempting(list: &str) -> Proxy {
    Proxy::new("proxy.contoso.example").unwrap().exempt(list)
}

#[test]
fn addresses_are_read_in_all_common_forms() {
    for (address, authority) in [
        ("http://proxy.contoso.example:3128", "proxy.contoso.example:3128"),
        ("HTTP://proxy.contoso.example:3128/", "proxy.contoso.example:3128"),
        ("proxy.contoso.example:3128", "proxy.contoso.example:3128"),
        (" http://proxy.contoso.example ", "proxy.contoso.example:80"),
        ("http://[fd00::1]:3128", "[fd00::1]:3128"),
        ("http://[fd00::1]", "[fd00::1]:80"),
        ("http://user:secret@10.0.0.4:8080/ignored?x", "10.0.0.4:8080"),
    ] {
        assert_eq!(server(address).to_string(), authority, "{address}");
    }
}

#[test]
fn credentials_are_decoded_and_sent_as_basic() {
    for (credentials, plain) in [
        ("user:secret", "user:secret"),
        ("user", "user:"),
        ("user:", "user:"),
        ("CONTOSO%5Cuser:p%40ss%3Aword", "CONTOSO\\user:p@ss:word"),
        ("user:p@ss/w#rd:x", "user:p@ss/w#rd:x"),
        ("user:gr%C3%BC%C3%9Fe", "user:grüße"),
        ("user:100%", "user:100%"),
    ] {
        let found = server(&format!("http://{credentials}@proxy:1")).authorization.unwrap();
        assert_eq!(found, format!("Basic {}", STANDARD.encode(plain)), "{credentials}");
        assert!(found.is_sensitive());
    }
    assert_eq!(server("http://proxy:1").authorization, None);
}

#[test]
fn unusable_addresses_are_rejected_without_showing_their_password() {
    for (address, why) in [
        ("socks5://user:secret@proxy:1080", "is a SOCKS proxy"),
        ("socks5h://proxy:1080", "is a SOCKS proxy"),
        ("SOCKS://proxy", "is a SOCKS proxy"),
        ("https://user:secret@proxy:443", "is reached over TLS"),
        ("ftp://proxy:21", "a scheme other than http"),
        ("", "without host or port"),
        ("http://", "without host or port"),
        ("http://user:secret@", "without host or port"),
        ("http://user:secret@proxy:", "without host or port"),
        ("http://user:secret@proxy:99999", "an invalid host or port"),
        ("http://user:secret@proxy:0", "an invalid host or port"),
        ("http://user:secret@pro xy:1", "an invalid host or port"),
        ("http://user:secret@[fd00::1:1", "an invalid host or port"),
    ] {
        let message = rejection(address);
        assert!(message.contains(why), "{address}: {message}");
        assert!(message.contains("http://proxy.contoso.example:3128"), "{message}");
        assert!(!message.contains("secret"), "{message}");
    }
}

#[test]
fn debug_and_server_do_not_show_credentials() {
    let proxy = Proxy::new("http://user:secret@proxy:3128").unwrap();
    let shown = format!("{proxy:?} {:?}", proxy.server_for(&"https://a.example".parse().unwrap()));
    assert!(shown.contains("proxy:3128"), "{shown}");
    assert!(!shown.contains("secret") && !shown.contains("dXNlcjpzZWNyZXQ"), "{shown}");
}

#[test]
fn variables_are_read_in_the_order_of_curl() {
    let found = |variables: &[(&str, &str)]| {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let proxy = Proxy::from_variables(lookup)?;
        proxy.server_for(&"https://management.example.net/".parse().unwrap())
    };
    let some = |server: &str| Some(server.to_owned());
    assert_eq!(found(&[]), None);
    assert_eq!(found(&[("HTTP_PROXY", "a:1"), ("http_proxy", "b:1")]), None);
    assert_eq!(found(&[("HTTPS_PROXY", "a:1"), ("ALL_PROXY", "b:1")]), some("a:1"));
    assert_eq!(found(&[("HTTPS_PROXY", "a:1"), ("https_proxy", "b:1")]), some("b:1"));
    assert_eq!(found(&[("HTTPS_PROXY", "a:1"), ("all_proxy", "b:1")]), some("a:1"));
    assert_eq!(found(&[("https_proxy", " "), ("ALL_PROXY", "b:1")]), some("b:1"));
    assert_eq!(found(&[("ALL_PROXY", "b:1"), ("all_proxy", "c:1")]), some("c:1"));
    let exempt = ("NO_PROXY", "example.net");
    assert_eq!(found(&[("HTTPS_PROXY", "a:1"), exempt]), None);
    assert_eq!(found(&[("HTTPS_PROXY", "a:1"), exempt, ("no_proxy", "other")]), some("a:1"));
    assert_eq!(found(&[("HTTPS_PROXY", "a:1"), exempt, ("no_proxy", "")]), None);
}

#[test]
fn an_unusable_variable_fails_only_requests_that_need_the_proxy() {
    let lookup = |name: &str| (name == "ALL_PROXY").then(|| "socks5://proxy:1080".to_owned());
    let proxy = Proxy::from_variables(lookup).unwrap();
    assert!(proxy.intercept(&"https://127.0.0.1:8443/".parse().unwrap()).is_none());
    let address = "https://management.example.net/".parse().unwrap();
    let error = proxy.intercept(&address).unwrap().as_ref().unwrap_err().to_string();
    assert!(error.starts_with("the proxy in ALL_PROXY is a SOCKS proxy"), "{error}");
}

#[test]
fn loopback_and_plain_http_bypass_the_proxy() {
    let proxy = exempting("");
    for address in [
        "https://127.0.0.1:8443/",
        "https://127.9.9.9/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "http://127.0.0.1/",
    ] {
        assert!(!is_proxied(&proxy, address), "{address}");
    }
    assert!(is_proxied(&proxy, "https://localhost.contoso.example/"));
    let proxy = proxy.with_loopback(true);
    assert!(is_proxied(&proxy, "https://127.0.0.1:8443/"));
    assert!(!is_proxied(&proxy, "http://127.0.0.1:8443/"));
    assert!(!is_proxied(&proxy.exempt("127.0.0.1"), "https://127.0.0.1:8443/"));
}

#[test]
fn exemptions_are_domains_addresses_networks_and_ports() {
    for (list, exempt, proxied) in [
        ("*", &["https://a.example", "https://10.0.0.1", "https://[fd00::1]"][..], &[][..]),
        (
            "example.net",
            &["https://example.net", "https://EU.Example.Net:8443", "https://example.net."],
            &["https://notexample.net", "https://example.net.contoso.example", "https://net"],
        ),
        (
            ".example.net",
            &["https://example.net", "https://a.example.net"],
            &["https://bexample.net"],
        ),
        ("*.example.net", &["https://a.example.net"], &["https://example.com"]),
        ("Example.NET.", &["https://example.net"], &["https://example.com"]),
        (
            "a.example,b.example",
            &["https://a.example", "https://b.example"],
            &["https://c.example"],
        ),
        (" a.example  b.example ", &["https://a.example", "https://b.example"], &[]),
        ("10.0.0.4", &["https://10.0.0.4:8443"], &["https://10.0.0.40", "https://x10.0.0.4"]),
        ("10.0.0.0/8", &["https://10.255.0.1"], &["https://11.0.0.1", "https://ten.example"]),
        ("10.0.0.0/0", &["https://192.0.2.1"], &["https://[fd00::1]"]),
        ("fd00::/8", &["https://[fd12::1]"], &["https://[fe80::1]", "https://10.0.0.1"]),
        ("[fd00::1]:8443", &["https://[fd00::1]:8443"], &["https://[fd00::1]"]),
        ("a.example:8443", &["https://a.example:8443"], &["https://a.example"]),
        (
            "a.example:443",
            &["https://a.example", "https://b.a.example"],
            &["https://a.example:8443"],
        ),
        ("10.0.0.0/33,:1,/,.,,http://a.example", &[], &["https://a.example", "https://10.0.0.1"]),
    ] {
        let proxy = exempting(list);
        for address in exempt {
            assert!(!is_proxied(&proxy, address), "{list:?} exempts {address}");
        }
        for address in proxied {
            assert!(is_proxied(&proxy, address), "{list:?} does not exempt {address}");
        }
    }
}
