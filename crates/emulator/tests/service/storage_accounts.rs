//! Storage accounts: made, read, changed, and their keys.

use std::collections::BTreeSet;

use azure_classic_emulator::Delay;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::harness::{Harness, SUBSCRIPTION, base64, decode_base64, root};

const ACCOUNTS: &str = "/services/storageservices";
const STORE: &str = "/services/storageservices/contosostore";
const KEYS: &str = "/services/storageservices/contosostore/keys";
const REGENERATE: &str = "/services/storageservices/contosostore/keys?action=regenerate";

fn create_account(rest: &str) -> String {
    let label = base64("store");
    root(
        "CreateStorageServiceInput",
        &format!(
            "<ServiceName>contosostore</ServiceName>\
             <Description xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:nil=\"true\"/>\
             <Label>{label}</Label><Location>West US</Location>{rest}"
        ),
    )
}

fn update_account(children: &str) -> String {
    root("UpdateStorageServiceInput", children)
}

fn account_type(name: &str) -> String {
    format!("<AccountType>{name}</AccountType>")
}

fn properties(pairs: &[(&str, &str)]) -> String {
    let property = |(name, value): &(&str, &str)| {
        format!("<ExtendedProperty><Name>{name}</Name><Value>{value}</Value></ExtendedProperty>")
    };
    let all = pairs.iter().map(property).collect::<String>();
    format!("<ExtendedProperties>{all}</ExtendedProperties>")
}

/// With the account, made.
fn new_harness(rest: &str) -> Harness {
    let mut harness = Harness::new();
    harness.post(ACCOUNTS, &create_account(rest)).expect(202);
    harness.settle();
    harness
}

fn keys(harness: &mut Harness) -> [String; 2] {
    let response = harness.get(KEYS).expect(200);
    [response.text("Primary"), response.text("Secondary")]
}

#[test]
fn creation_takes_operation_time() {
    let mut harness = Harness::new();
    let accepted =
        harness.post(ACCOUNTS, &create_account(&account_type("Standard_LRS"))).expect(202);
    assert_eq!(accepted.body(), "");
    assert_eq!(
        accepted.header("location"),
        format!("https://management.example.net/subscriptions/{SUBSCRIPTION}/storage/contosostore")
    );
    harness.advance(9);
    assert_eq!(harness.operation(&accepted.id()), "InProgress");
    let during = harness.get(STORE).expect(200);
    assert_eq!(during.text("Status"), "Creating");
    assert!(during.has_element("Endpoints") && !during.has_element("Endpoint"));
    harness.advance(1);
    assert_eq!(harness.operation(&accepted.id()), "Succeeded 200");
    assert_eq!(harness.get(STORE).text("Status"), "Created");

    let deleted = harness.delete(STORE).expect(200);
    assert_eq!(harness.operation(&deleted.id()), "Succeeded 200");
    assert_eq!(harness.get(STORE).message(), "The storage account 'contosostore' was not found.");
    assert_eq!(harness.get(KEYS).code(), "404 ResourceNotFound");
}

#[test]
fn account_elements_follow_wire_order() {
    let rest = properties(&[("Stage", "test")]) + &account_type("Standard_RAGRS");
    let mut harness = new_harness(&rest);
    let response = harness.get("/Services/StorageServices/ContosoStore").expect(200);
    let with_capabilities =
        "<Capabilities><Capability>PersistentVMRole</Capability></Capabilities>";
    let listed = response.inner_xml().strip_suffix(with_capabilities).unwrap();
    assert_eq!(
        listed,
        format!(
            "<Url>https://management.example.net/{SUBSCRIPTION}/services/storageservices/contosostore</Url>\
             <ServiceName>contosostore</ServiceName><StorageServiceProperties>\
             <Description i:nil=\"true\"/><Location>West US</Location><Label>c3RvcmU=</Label>\
             <Status>Created</Status><Endpoints>\
             <Endpoint>https://contosostore.blob.core.windows.net/</Endpoint>\
             <Endpoint>https://contosostore.queue.core.windows.net/</Endpoint>\
             <Endpoint>https://contosostore.table.core.windows.net/</Endpoint>\
             <Endpoint>https://contosostore.file.core.windows.net/</Endpoint></Endpoints>\
             <GeoPrimaryRegion>West US</GeoPrimaryRegion>\
             <StatusOfPrimary>Available</StatusOfPrimary>\
             <GeoSecondaryRegion>East US</GeoSecondaryRegion>\
             <StatusOfSecondary>Available</StatusOfSecondary>\
             <CreationTime>2015-01-01T00:00:00Z</CreationTime><CustomDomains/>\
             <SecondaryEndpoints>\
             <Endpoint>https://contosostore-secondary.blob.core.windows.net/</Endpoint>\
             <Endpoint>https://contosostore-secondary.queue.core.windows.net/</Endpoint>\
             <Endpoint>https://contosostore-secondary.table.core.windows.net/</Endpoint>\
             </SecondaryEndpoints><AccountType>Standard_RAGRS</AccountType>\
             </StorageServiceProperties><ExtendedProperties>\
             <ExtendedProperty><Name>ResourceGroup</Name>\
             <Value>Default-Storage-WestUS</Value></ExtendedProperty>\
             <ExtendedProperty><Name>ResourceLocation</Name><Value>West US</Value></ExtendedProperty>\
             <ExtendedProperty><Name>Stage</Name><Value>test</Value></ExtendedProperty>\
             </ExtendedProperties>"
        )
    );
    let list = harness.get(ACCOUNTS).expect(200);
    assert_eq!(list.inner_xml(), format!("<StorageService>{listed}</StorageService>"));
}

#[test]
fn regions_depend_on_account_type() {
    for (name, primary, secondary) in [
        ("Standard_LRS", vec!["West US", "Available"], vec!["", ""]),
        ("Premium_LRS", vec!["West US", "Available"], vec!["", ""]),
        ("Standard_ZRS", vec!["West US", "Available"], vec![]),
        ("standard_grs", vec!["West US", "Available"], vec!["East US", "Available"]),
    ] {
        let mut harness = new_harness(&account_type(name));
        let response = harness.get(STORE).expect(200);
        let both = |one: &str, other: &str| [response.texts(one), response.texts(other)].concat();
        assert_eq!(both("GeoPrimaryRegion", "StatusOfPrimary"), primary, "{name}");
        assert_eq!(both("GeoSecondaryRegion", "StatusOfSecondary"), secondary, "{name}");
        assert!(response.text("AccountType").eq_ignore_ascii_case(name));
        assert!(!response.has_element("SecondaryEndpoints"), "{name}");
    }
}

#[test]
fn older_versions_use_flags_instead_of_type() {
    let geo = |it| format!("<GeoReplicationEnabled>{it}</GeoReplicationEnabled>");
    let read = |it| format!("<SecondaryReadEnabled>{it}</SecondaryReadEnabled>");
    for (version, rest, account_type, flags) in [
        ("2011-06-01", String::new(), "Standard_GRS", "true"),
        ("2012-03-01", geo(true), "Standard_GRS", "true"),
        ("2012-03-01", geo(false), "Standard_LRS", "false"),
        ("2013-11-01", geo(true) + &read(true), "Standard_RAGRS", "true true"),
        ("2013-11-01", read(false), "Standard_GRS", "true false"),
        // Too young for these elements, which then mean nothing.
        ("2013-08-01", read(true), "Standard_GRS", "true"),
        ("2013-11-01", geo(false) + &account_type("Standard_GRS"), "Standard_LRS", "false false"),
        // Where both are known, the younger decides.
        ("2014-06-01", geo(false) + &account_type("Standard_ZRS"), "Standard_ZRS", ""),
        ("2014-06-01", geo(false), "Standard_LRS", ""),
    ] {
        let mut harness = Harness::new();
        harness.version = version;
        harness.post(ACCOUNTS, &create_account(&rest)).expect(202);
        let response = harness.get(STORE).expect(200);
        let flags_sent =
            [response.texts("GeoReplicationEnabled"), response.texts("SecondaryReadEnabled")]
                .concat();
        assert_eq!(flags_sent.join(" "), flags, "{version} {rest}");
        harness.version = "2015-04-01";
        assert_eq!(harness.get(STORE).text("AccountType"), account_type, "{version} {rest}");
    }
}

#[test]
fn omits_newer_elements() {
    let mut harness = new_harness("");
    for (element, since) in [
        ("ExtendedProperties", "2012-03-01"),
        ("Capabilities", "2012-03-01"),
        ("AccountType", "2014-06-01"),
        ("CreationTime", "2009-10-01"),
    ] {
        for version in ["2009-10-01", "2012-03-01", "2014-06-01", "2018-06-01"] {
            harness.version = version;
            let response = harness.get(STORE).expect(200);
            assert_eq!(response.has_element(element), version >= since, "{element} in {version}");
        }
    }
    harness.version = "2011-04-01";
    for reply in [
        harness.post(ACCOUNTS, &create_account("")),
        harness.put(STORE, &update_account("")),
        harness.delete(STORE),
        harness.get(&format!("{ACCOUNTS}/operations/isavailable/fabrikam")),
    ] {
        assert_eq!(reply.code(), "400 MissingOrIncorrectVersionHeader");
    }
}

#[test]
fn update_changes_only_given_elements() {
    let mut harness =
        new_harness(&(properties(&[("A", "1"), ("B", "2")]) + &account_type("Standard_GRS")));
    let changes = format!(
        "<Description>new</Description><Label>{}</Label>{}{}",
        base64("new store"),
        properties(&[("B", "3"), ("C", "4")]),
        account_type("Standard_LRS")
    );
    let updated = harness.put(STORE, &update_account(&changes)).expect(200);
    assert_eq!((updated.body(), harness.operation(&updated.id()).as_str()), ("", "Succeeded 200"));
    let response = harness.get(STORE);
    assert_eq!(response.text("Description"), "new");
    assert_eq!(decode_base64(&response.text("Label")), "new store");
    assert_eq!(response.text("AccountType"), "Standard_LRS");
    assert_eq!(
        response.texts_at("ExtendedProperties/ExtendedProperty/Value"),
        ["1", "3", "4", "Default-Storage-WestUS", "West US"]
    );

    // What is not named stays; a property without a value goes.
    let gone = "<ExtendedProperties><ExtendedProperty><Name>A</Name></ExtendedProperty></ExtendedProperties>";
    harness.put(STORE, &update_account(gone)).expect(200);
    let response = harness.get(STORE);
    assert_eq!(
        (&*response.text("Description"), &*response.text("AccountType")),
        ("new", "Standard_LRS")
    );
    assert_eq!(response.texts_at("ExtendedProperties/ExtendedProperty/Name")[0], "B");
}

#[test]
fn sets_custom_domain() {
    let mut harness = new_harness("");
    let domain = |name: &str| {
        format!(
            "<CustomDomain><Name>{name}</Name><UseSubDomainName>false</UseSubDomainName></CustomDomain>"
        )
    };
    let one = format!("<CustomDomains>{}</CustomDomains>", domain("files.contoso.com"));
    harness.put(STORE, &update_account(&one)).expect(200);
    let path = "StorageServiceProperties/CustomDomains/CustomDomain/Name";
    assert_eq!(harness.get(STORE).texts_at(path), ["files.contoso.com"]);
    let two = format!("<CustomDomains>{}{}</CustomDomains>", domain("a.net"), domain("b.net"));
    assert_eq!(harness.put(STORE, &update_account(&two)).code(), "400 BadRequest");
    harness.put(STORE, &update_account("<Description>d</Description>")).expect(200);
    assert_eq!(harness.get(STORE).texts_at(path), ["files.contoso.com"]);
    harness.put(STORE, &update_account("<CustomDomains/>")).expect(200);
    assert_eq!(harness.get(STORE).texts_at(path), [""; 0]);
}

#[test]
fn type_changes_only_between_compatible_types() {
    let types = ["Standard_LRS", "Standard_GRS", "Standard_RAGRS", "Standard_ZRS", "Premium_LRS"];
    for from in types {
        for to in types {
            let mut harness = new_harness(&account_type(from));
            let reply = harness.put(STORE, &update_account(&account_type(to)));
            let is_final = |name: &str| matches!(name, "Standard_ZRS" | "Premium_LRS");
            let may = from == to || !is_final(from) && !is_final(to);
            let status = if may { 200 } else { 400 };
            assert_eq!(reply.0.status().as_u16(), status, "{from} -> {to}");
            assert_eq!(harness.get(STORE).text("AccountType"), if may { to } else { from });
        }
    }
    let mut harness = new_harness(&account_type("Standard_RAGRS"));
    harness.version = "2013-11-01";
    let flag = "<GeoReplicationEnabled>false</GeoReplicationEnabled>";
    harness.put(STORE, &update_account(flag)).expect(200);
    harness.version = "2015-04-01";
    assert_eq!(harness.get(STORE).text("AccountType"), "Standard_LRS");
}

#[test]
fn rejects_invalid_accounts() {
    let mut harness = new_harness("");
    let good = create_account(&account_type("Standard_LRS")).replace("contosostore", "fabrikam");
    let label = base64("store");
    for (from, to, code) in [
        ("fabrikam", "contosostore", "409 ConflictError"),
        ("fabrikam", "ab", "400 BadRequest"),
        ("fabrikam", "Fabrikam", "400 BadRequest"),
        ("fabrikam", "fabrikam-store", "400 BadRequest"),
        ("fabrikam", &"a".repeat(25), "400 BadRequest"),
        ("West US", "Moon", "400 BadRequest"),
        ("<Location>West US</Location>", "", "400 BadRequest"),
        ("<Location>", "<AffinityGroup>a</AffinityGroup><Location>", "400 BadRequest"),
        ("Standard_LRS", "Standard_XRS", "400 InvalidXmlRequest"),
        (&label, &base64(&"x".repeat(101)), "400 BadRequest"),
        ("<Label>", "<Lable>", "400 InvalidXmlRequest"),
    ] {
        let reply = harness.post(ACCOUNTS, &good.replace(from, to));
        assert_eq!(reply.code(), code, "{from} -> {to}");
    }
    let taken = harness.post(ACCOUNTS, &create_account(""));
    assert_eq!(taken.message(), "The storage account named 'contosostore' is already taken.");

    let premium = good.replace("Standard_LRS", "Premium_LRS");
    let refused = harness.post(ACCOUNTS, &premium.replace("West US", "Brazil South"));
    assert_eq!(refused.code(), "400 BadRequest");
    harness.post(ACCOUNTS, &premium).expect(202);
    harness.version = "2013-11-01";
    let flags = "<GeoReplicationEnabled>false</GeoReplicationEnabled><SecondaryReadEnabled>true</SecondaryReadEnabled>";
    let body = create_account(flags).replace("contosostore", "woodgrove");
    assert_eq!(harness.post(ACCOUNTS, &body).code(), "400 BadRequest");
}

#[test]
fn missing_accounts_are_not_found() {
    let mut harness = Harness::new();
    let regenerate = root("RegenerateKeys", "<KeyType>Primary</KeyType>");
    for reply in [
        harness.get(STORE),
        harness.put(STORE, &update_account("")),
        harness.delete(STORE),
        harness.get(KEYS),
        harness.post(REGENERATE, &regenerate),
    ] {
        assert_eq!(reply.code(), "404 ResourceNotFound");
        assert_eq!(reply.message(), "The storage account 'contosostore' was not found.");
    }
}

#[test]
fn rejects_changes_to_account_being_created() {
    let mut harness = Harness::new();
    let id = harness.post(ACCOUNTS, &create_account("")).expect(202).id();
    let regenerate = root("RegenerateKeys", "<KeyType>Primary</KeyType>");
    for reply in [
        harness.put(STORE, &update_account("")),
        harness.delete(STORE),
        harness.post(REGENERATE, &regenerate),
    ] {
        assert_eq!(reply.code(), "409 ConflictError");
        assert!(reply.message().contains(&id), "{}", reply.message());
    }
    harness.settle();
    harness.delete(STORE).expect(200);
}

#[test]
fn poll_timed_creation_completes_for_any_reader() {
    let mut harness = Harness::with(|settings| settings.timing.operation = Delay::Polls(2));
    let id = harness.post(ACCOUNTS, &create_account("")).expect(202).id();
    assert_eq!(harness.get(STORE).text("Status"), "Creating");
    assert_eq!(harness.get(STORE).text("Status"), "Created");
    assert_eq!(harness.operation(&id), "Succeeded 200");
}

#[test]
fn keys_are_random_and_regenerated_individually() {
    let mut harness = new_harness("");
    let response = harness.get(KEYS).expect(200);
    assert_eq!(
        response.text("Url"),
        format!(
            "https://management.example.net/{SUBSCRIPTION}/services/storageservices/contosostore"
        )
    );
    let old = keys(&mut harness);
    for key in &old {
        assert_eq!(STANDARD.decode(key).unwrap().len(), 64);
    }
    let regenerate = |key: &str| root("RegenerateKeys", &format!("<KeyType>{key}</KeyType>"));
    let regenerated = harness.post(REGENERATE, &regenerate("Primary")).expect(200);
    assert_eq!(harness.operation(&regenerated.id()), "Succeeded 200");
    let new = keys(&mut harness);
    assert_eq!([regenerated.text("Primary"), regenerated.text("Secondary")], new);
    assert!(new[0] != old[0] && new[1] == old[1]);
    harness.post(REGENERATE, &regenerate("secondary")).expect(200);
    let newest = keys(&mut harness);
    assert!(newest[0] == new[0] && newest[1] != new[1]);
    assert_eq!([&old[..], &new, &newest].concat().iter().collect::<BTreeSet<_>>().len(), 4);

    assert_eq!(harness.post(REGENERATE, &regenerate("Both")).code(), "400 InvalidXmlRequest");
    assert_eq!(keys(&mut harness), newest);
    let without = harness.post(KEYS, &regenerate("Primary"));
    assert_eq!(without.code(), "400 MissingOrInvalidRequiredQueryParameter");
    assert!(!format!("{:?}", harness.simulator).contains(&newest[0]), "the key shows in Debug");
}

#[test]
fn keys_depend_on_seed() {
    let keys_of = |seed| {
        let mut harness = Harness::with(|settings| settings.seed = seed);
        harness.post(ACCOUNTS, &create_account("")).expect(202);
        keys(&mut harness)
    };
    assert_eq!(keys_of(1), keys_of(1));
    assert_ne!(keys_of(1), keys_of(2));
}

#[test]
fn checks_name_availability() {
    let mut harness = new_harness("");
    let check = "/services/storageservices/operations/isavailable";
    assert_eq!(
        harness.get(&format!("{check}/fabrikam")).expect(200).inner_xml(),
        "<Result>true</Result><Reason i:nil=\"true\"/>"
    );
    assert_eq!(
        harness.get(&format!("{check}/contosostore")).expect(200).inner_xml(),
        "<Result>false</Result><Reason>A storage account named 'contosostore' already exists in \
         the subscription.</Reason>"
    );
    for name in ["ab", "Fabrikam", "fabrikam-store"] {
        let refused = harness.get(&format!("{check}/{name}"));
        assert_eq!(refused.code(), "400 BadRequest", "{name}");
        assert!(refused.message().contains("between 3 and 24 characters"));
    }
}
