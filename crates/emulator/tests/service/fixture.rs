//! A cloud that begins with what stands in a file.

use std::fs;

use azure_classic_emulator::{Cloud, Fixture, FixtureError};

use crate::bench::{Bench, cscfg, settings, unbase64};
use crate::fixtures::{RSA, RSA_PEM, der};

fn furnished(json: &str, folder: &std::path::Path) -> Result<Bench, FixtureError> {
    let fixture = Fixture::parse(json, folder)?;
    let mut bench = Bench { cloud: Cloud::new(settings()), version: "2015-04-01" };
    bench.cloud.furnish(&fixture)?;
    Ok(bench)
}

const EVERYTHING: &str = r#"{
  "affinity_groups": [
    { "name": "shops", "label": "All shops", "description": "near each other", "location": "West Europe" }
  ],
  "storage_accounts": [
    { "name": "contosodisks", "affinity_group": "shops", "type": "Standard_GRS" },
    { "name": "contosologs", "label": "Logs", "description": "of contoso", "location": "West US" }
  ],
  "services": [
    {
      "name": "contoso",
      "label": "Contoso shop",
      "description": "sells things",
      "affinity_group": "shops",
      "properties": { "Owner": "sales" },
      "certificates": [{ "file": "shop.cer" }],
      "deployments": [
        {
          "slot": "production",
          "name": "first",
          "label": "release 1",
          "package": "https://contoso.example.net/shop.cspkg?upgradeDomainCount=2",
          "configuration_file": "shop.cscfg",
          "properties": { "Build": "17" }
        },
        {
          "slot": "staging",
          "name": "next",
          "roles": [{ "name": "Web & more", "instances": 3 }, { "name": "Batch", "instances": 1 }],
          "status": "suspended"
        }
      ]
    },
    { "name": "fabrikam", "location": "West US" }
  ]
}"#;

#[test]
fn everything_is_there_as_if_it_had_always_been() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("shop.cscfg"), cscfg(&[("Web", 2)])).unwrap();
    fs::write(folder.path().join("shop.cer"), der(RSA_PEM)).unwrap();
    let mut bench = furnished(EVERYTHING, folder.path()).unwrap();

    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
    let first = bench.get("/services/hostedservices/contoso/deploymentslots/production");
    assert_eq!(unbase64(&first.text("Label")), "release 1");
    assert_eq!(unbase64(&first.text("Configuration")), cscfg(&[("Web", 2)]));
    assert_eq!(first.all("InstanceUpgradeDomain"), ["0", "1"]);
    assert!(first.body().contains("<Name>Build</Name><Value>17</Value>"));

    let next = bench.get("/services/hostedservices/contoso/deploymentslots/staging");
    assert_eq!((next.text("Name"), next.text("Status")), ("next".into(), "Suspended".into()));
    assert_eq!(unbase64(&next.text("Label")), "next");
    assert_eq!(next.all("InstanceStatus"), ["StoppedVM"; 4]);
    assert_eq!(next.all("InstanceName")[0], "Web & more_IN_0");

    let service = bench.get("/services/hostedservices/contoso");
    assert_eq!(unbase64(&service.text("Label")), "Contoso shop");
    assert_eq!(service.text("Description"), "sells things");
    assert_eq!(service.text("AffinityGroup"), "shops");
    assert!(service.body().contains("<Name>Owner</Name><Value>sales</Value>"));
    let certificates = bench.get("/services/hostedservices/contoso/certificates");
    assert_eq!(certificates.all("Thumbprint"), [RSA]);
    let fabrikam = bench.get("/services/hostedservices/fabrikam");
    assert_eq!(unbase64(&fabrikam.text("Label")), "fabrikam");

    let disks = bench.get("/services/storageservices/contosodisks");
    assert_eq!(
        (disks.text("Status"), disks.text("AccountType")),
        ("Created".into(), "Standard_GRS".into())
    );
    let logs = bench.get("/services/storageservices/contosologs");
    assert_eq!(
        (unbase64(&logs.text("Label")), logs.text("Location")),
        ("Logs".into(), "West US".into())
    );
    let group = bench.get("/affinitygroups/shops");
    assert_eq!(unbase64(&group.text("Label")), "All shops");

    assert_eq!(bench.seconds(), 0);
    assert_eq!(bench.cloud.next_event(), None);
    assert!(bench.cloud.journal().entries().all(|entry| entry.method == "GET"));
    let log = bench.get("/operations?StartTime=2014-12-31T00:00:00Z&EndTime=2015-01-02T00:00:00Z");
    assert!(!log.has("SubscriptionOperation"), "{}", log.body());
    // From now on everything takes its time.
    bench.upgrade("Auto", "release 2", &[("Web", 2)]).expect(202);
    assert!(bench.board().starts_with("RunningTransitioning locked"), "{}", bench.board());
}

#[test]
fn what_cannot_be_is_named_with_its_place() {
    let service = |inner: &str| {
        format!(r#"{{"services": [{{"name": "a", "location": "West US", {inner}}}]}}"#)
    };
    let deployment = |inner: &str| {
        service(&format!(r#""deployments": [{{"slot": "staging", "name": "d", {inner}}}]"#))
    };
    for (json, expected) in [
        (String::new(), "EOF while parsing a value at line 1 column 0"),
        ("{} {}".to_owned(), "trailing characters at line 1 column 4"),
        (r#"{"service": []}"#.to_owned(), "service: unknown field `service`, expected one of `affinity_groups`, `storage_accounts`, `services`"),
        (r#"{"services": [{}]}"#.to_owned(), "services[0]: missing field `name`"),
        (service(r#""lable": "x""#), "services[0].lable: unknown field `lable`, expected one of `name`, `label`"),
        (
            service(r#""deployments": [{"slot": "prod", "name": "d"}]"#),
            "services[0].deployments[0].slot: unknown variant `prod`, expected `production` or `staging`",
        ),
        (deployment(r#""status": "off", "roles": []"#), "services[0].deployments[0].status: unknown variant `off`, expected `running` or `suspended`"),
        (deployment(r#""status": "running""#), "services[0].deployments[0]: give exactly one of roles, configuration and configuration_file"),
        (deployment(r#""roles": [], "configuration": """#), "services[0].deployments[0]: give exactly one of"),
        (deployment(r#""roles": []"#), "services[0].deployments[0]: BadRequest: The service configuration is not valid: it has no Role."),
        (
            deployment(r#""roles": [{"name": "Web", "instances": 0}]"#),
            "services[0].deployments[0]: BadRequest: The service configuration is not valid: the role Web has no instance count",
        ),
        (deployment(r#""roles": [{"name": "Web", "instances": -1}]"#), "services[0].deployments[0].roles[0].instances: invalid value: integer `-1`, expected u32"),
        (deployment(r#""configuration_file": "none.cscfg""#), "services[0].deployments[0].configuration_file: "),
        (service(r#""certificates": [{"file": "none.cer"}]"#), "services[0].certificates[0].file: "),
        (service(r#""affinity_group": "g""#), "services[0]: give exactly one of location and affinity_group"),
        (r#"{"services": [{"name": "a"}]}"#.to_owned(), "services[0]: give exactly one of location and affinity_group"),
        (r#"{"services": [{"name": "a b", "location": "West US"}]}"#.to_owned(), "services[0]: "),
        (r#"{"services": [{"name": "a", "affinity_group": "g"}]}"#.to_owned(), "services[0]: "),
        (
            r#"{"services": [{"name": "a", "location": "West US"}, {"name": "A", "location": "West US"}]}"#.to_owned(),
            "services[1]: ConflictError: ",
        ),
        (
            service(r#""deployments": [
                {"slot": "staging", "name": "d", "roles": [{"name": "Web", "instances": 1}]},
                {"slot": "staging", "name": "e", "roles": [{"name": "Web", "instances": 1}]}]"#),
            "services[0].deployments[1]: ConflictError: The staging slot of the hosted service a already holds a deployment.",
        ),
    ] {
        let error = furnished(&json, "nowhere".as_ref()).err().expect(&json).to_string();
        assert!(error.starts_with(expected), "{json}\n{error}");
    }
}

#[test]
fn a_fixture_that_is_not_there_is_named() {
    let error = Fixture::read("nowhere/fixture.json").unwrap_err().to_string();
    assert_eq!(error, "nowhere/fixture.json cannot be read");
}
