//! Elements younger than the `x-ms-version` of a request are neither sent nor taken.

use crate::bench::{BY_NAME, BY_SLOT, Bench, change, create_deployment, create_service};

const WEB: &[(&str, u32)] = &[("Web", 1)];

#[test]
fn answers_hold_what_the_version_knows() {
    let mut bench = Bench::running(WEB);
    let young = [
        ("InstanceUpgradeDomain", "2011-06-01"),
        ("InstanceSize", "2011-06-01"),
        ("UpgradeDomainCount", "2011-06-01"),
        ("CreatedTime", "2011-06-01"),
        ("InstanceStateDetails", "2011-10-01"),
        ("Locked", "2011-10-01"),
        ("RollbackAllowed", "2011-10-01"),
        ("PowerState", "2012-03-01"),
        ("IpAddress", "2012-03-01"),
        ("VirtualIPs", "2012-03-01"),
        ("ExtendedProperties", "2012-03-01"),
    ];
    for version in ["2009-10-01", "2011-06-01", "2011-10-01", "2012-03-01", "2018-06-01"] {
        bench.version = version;
        let reply = bench.get(BY_NAME).expect(200);
        assert!(reply.has("Name") && reply.has("Configuration") && reply.has("InstanceStatus"));
        for (element, since) in young {
            assert_eq!(reply.has(element), version >= since, "{element} in {version}");
        }
        let service = bench.get("/services/hostedservices/contoso").expect(200);
        assert_eq!(service.has("DateCreated"), version >= "2012-03-01");
    }
}

#[test]
fn younger_elements_of_a_request_are_ignored() {
    let mut bench = Bench::new();
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    bench.version = "2009-10-01";
    bench.post(BY_SLOT, &create_deployment("first", "one", WEB, true)).expect(202);
    bench.settle();
    bench.version = "2015-04-01";
    assert_eq!(bench.board(), "Suspended [StoppedVM]");

    bench.version = "2011-06-01";
    bench.post(&format!("{BY_NAME}/?comp=config"), &change("Manual", WEB)).expect(202);
    bench.version = "2015-04-01";
    assert!(bench.board().contains(" Auto Before 0"), "{}", bench.board());
}

#[test]
fn simultaneous_is_as_young_as_its_pages_say() {
    let mut bench = Bench::running(WEB);
    bench.version = "2012-12-01";
    assert_eq!(bench.change("Simultaneous", WEB).code(), "400 InvalidXmlRequest");
    bench.upgrade("Simultaneous", "two", WEB).expect(202);
    bench.settle();
    bench.version = "2013-03-01";
    bench.change("simultaneous", WEB).expect(202);
}

#[test]
fn elements_in_the_wrong_place_are_not_seen() {
    let mut bench = Bench::running(WEB);
    let body = change("Manual", WEB);
    let mode = "<Mode>Manual</Mode>";
    let swapped =
        body.replace(mode, "").replace("<Configuration>", &format!("{mode}<Configuration>"));
    let refused = bench.post(&format!("{BY_NAME}/?comp=config"), &swapped);
    assert_eq!(refused.code(), "400 InvalidXmlRequest");
    assert!(refused.message().contains("Configuration"), "{}", refused.message());
}
