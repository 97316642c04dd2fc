use std::net::IpAddr;

/// Whether the host, as it stands in an address, is this machine by its spelling.
pub(crate) fn is_loopback(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost"
        || bare.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}
