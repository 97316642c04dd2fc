//! Storage accounts: made, read, changed, and their keys.

use std::collections::BTreeSet;

use azure_classic_emulator::Takes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::bench::{Bench, SUBSCRIPTION, base64, root, unbase64};

const ACCOUNTS: &str = "/services/storageservices";
const STORE: &str = "/services/storageservices/contosostore";
const KEYS: &str = "/services/storageservices/contosostore/keys";
const REGENERATE: &str = "/services/storageservices/contosostore/keys?action=regenerate";

fn create(rest: &str) -> String {
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

fn update(children: &str) -> String {
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
fn bench(rest: &str) -> Bench {
    let mut bench = Bench::new();
    bench.post(ACCOUNTS, &create(rest)).expect(202);
    bench.settle();
    bench
}

fn keys(bench: &mut Bench) -> [String; 2] {
    let told = bench.get(KEYS).expect(200);
    [told.text("Primary"), told.text("Secondary")]
}

#[test]
fn an_account_is_made_in_its_time() {
    let mut bench = Bench::new();
    let accepted = bench.post(ACCOUNTS, &create(&account_type("Standard_LRS"))).expect(202);
    assert_eq!(accepted.body(), "");
    assert_eq!(
        accepted.header("location"),
        format!("https://management.example.net/subscriptions/{SUBSCRIPTION}/storage/contosostore")
    );
    bench.pass(9);
    assert_eq!(bench.operation(&accepted.id()), "InProgress");
    let during = bench.get(STORE).expect(200);
    assert_eq!(during.text("Status"), "Creating");
    assert!(during.has("Endpoints") && !during.has("Endpoint"));
    bench.pass(1);
    assert_eq!(bench.operation(&accepted.id()), "Succeeded 200");
    assert_eq!(bench.get(STORE).text("Status"), "Created");

    let deleted = bench.delete(STORE).expect(200);
    assert_eq!(bench.operation(&deleted.id()), "Succeeded 200");
    assert_eq!(bench.get(STORE).message(), "The storage account 'contosostore' was not found.");
    assert_eq!(bench.get(KEYS).code(), "404 ResourceNotFound");
}

#[test]
fn an_account_is_told_in_the_order_of_the_wire() {
    let rest = properties(&[("Stage", "test")]) + &account_type("Standard_RAGRS");
    let mut bench = bench(&rest);
    let told = bench.get("/Services/StorageServices/ContosoStore").expect(200);
    let with_capabilities =
        "<Capabilities><Capability>PersistentVMRole</Capability></Capabilities>";
    let listed = told.inner().strip_suffix(with_capabilities).unwrap();
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
    let list = bench.get(ACCOUNTS).expect(200);
    assert_eq!(list.inner(), format!("<StorageService>{listed}</StorageService>"));
}

#[test]
fn the_regions_follow_from_the_type() {
    for (name, primary, secondary) in [
        ("Standard_LRS", vec!["West US", "Available"], vec!["", ""]),
        ("Premium_LRS", vec!["West US", "Available"], vec!["", ""]),
        ("Standard_ZRS", vec!["West US", "Available"], vec![]),
        ("standard_grs", vec!["West US", "Available"], vec!["East US", "Available"]),
    ] {
        let mut bench = bench(&account_type(name));
        let told = bench.get(STORE).expect(200);
        let both = |one: &str, other: &str| [told.all(one), told.all(other)].concat();
        assert_eq!(both("GeoPrimaryRegion", "StatusOfPrimary"), primary, "{name}");
        assert_eq!(both("GeoSecondaryRegion", "StatusOfSecondary"), secondary, "{name}");
        assert!(told.text("AccountType").eq_ignore_ascii_case(name));
        assert!(!told.has("SecondaryEndpoints"), "{name}");
    }
}

#[test]
fn older_versions_have_flags_in_the_place_of_the_type() {
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
        let mut bench = Bench::new();
        bench.version = version;
        bench.post(ACCOUNTS, &create(&rest)).expect(202);
        let told = bench.get(STORE).expect(200);
        let told = [told.all("GeoReplicationEnabled"), told.all("SecondaryReadEnabled")].concat();
        assert_eq!(told.join(" "), flags, "{version} {rest}");
        bench.version = "2015-04-01";
        assert_eq!(bench.get(STORE).text("AccountType"), account_type, "{version} {rest}");
    }
}

#[test]
fn younger_elements_are_not_told() {
    let mut bench = bench("");
    for (element, since) in [
        ("ExtendedProperties", "2012-03-01"),
        ("Capabilities", "2012-03-01"),
        ("AccountType", "2014-06-01"),
        ("CreationTime", "2009-10-01"),
    ] {
        for version in ["2009-10-01", "2012-03-01", "2014-06-01", "2018-06-01"] {
            bench.version = version;
            let told = bench.get(STORE).expect(200);
            assert_eq!(told.has(element), version >= since, "{element} in {version}");
        }
    }
    bench.version = "2011-04-01";
    for reply in [
        bench.post(ACCOUNTS, &create("")),
        bench.put(STORE, &update("")),
        bench.delete(STORE),
        bench.get(&format!("{ACCOUNTS}/operations/isavailable/fabrikam")),
    ] {
        assert_eq!(reply.code(), "400 MissingOrIncorrectVersionHeader");
    }
}

#[test]
fn an_update_changes_what_it_names() {
    let mut bench = bench(&(properties(&[("A", "1"), ("B", "2")]) + &account_type("Standard_GRS")));
    let changes = format!(
        "<Description>new</Description><Label>{}</Label>{}{}",
        base64("new store"),
        properties(&[("B", "3"), ("C", "4")]),
        account_type("Standard_LRS")
    );
    let updated = bench.put(STORE, &update(&changes)).expect(200);
    assert_eq!((updated.body(), bench.operation(&updated.id()).as_str()), ("", "Succeeded 200"));
    let told = bench.get(STORE);
    assert_eq!(told.text("Description"), "new");
    assert_eq!(unbase64(&told.text("Label")), "new store");
    assert_eq!(told.text("AccountType"), "Standard_LRS");
    assert_eq!(
        told.at("ExtendedProperties/ExtendedProperty/Value"),
        ["1", "3", "4", "Default-Storage-WestUS", "West US"]
    );

    // What is not named stays; a property without a value goes.
    let gone = "<ExtendedProperties><ExtendedProperty><Name>A</Name></ExtendedProperty></ExtendedProperties>";
    bench.put(STORE, &update(gone)).expect(200);
    let told = bench.get(STORE);
    assert_eq!((&*told.text("Description"), &*told.text("AccountType")), ("new", "Standard_LRS"));
    assert_eq!(told.at("ExtendedProperties/ExtendedProperty/Name")[0], "B");
}

#[test]
fn an_account_can_have_a_domain_of_its_own() {
    let mut bench = bench("");
    let domain = |name: &str| {
        format!(
            "<CustomDomain><Name>{name}</Name><UseSubDomainName>false</UseSubDomainName></CustomDomain>"
        )
    };
    let one = format!("<CustomDomains>{}</CustomDomains>", domain("files.contoso.com"));
    bench.put(STORE, &update(&one)).expect(200);
    let path = "StorageServiceProperties/CustomDomains/CustomDomain/Name";
    assert_eq!(bench.get(STORE).at(path), ["files.contoso.com"]);
    let two = format!("<CustomDomains>{}{}</CustomDomains>", domain("a.net"), domain("b.net"));
    assert_eq!(bench.put(STORE, &update(&two)).code(), "400 BadRequest");
    bench.put(STORE, &update("<Description>d</Description>")).expect(200);
    assert_eq!(bench.get(STORE).at(path), ["files.contoso.com"]);
    bench.put(STORE, &update("<CustomDomains/>")).expect(200);
    assert_eq!(bench.get(STORE).at(path), [""; 0]);
}

#[test]
fn the_type_changes_between_those_that_are_alike() {
    let types = ["Standard_LRS", "Standard_GRS", "Standard_RAGRS", "Standard_ZRS", "Premium_LRS"];
    for from in types {
        for to in types {
            let mut bench = bench(&account_type(from));
            let reply = bench.put(STORE, &update(&account_type(to)));
            let is_final = |name: &str| matches!(name, "Standard_ZRS" | "Premium_LRS");
            let may = from == to || !is_final(from) && !is_final(to);
            let status = if may { 200 } else { 400 };
            assert_eq!(reply.0.status().as_u16(), status, "{from} -> {to}");
            assert_eq!(bench.get(STORE).text("AccountType"), if may { to } else { from });
        }
    }
    let mut bench = bench(&account_type("Standard_RAGRS"));
    bench.version = "2013-11-01";
    let flag = "<GeoReplicationEnabled>false</GeoReplicationEnabled>";
    bench.put(STORE, &update(flag)).expect(200);
    bench.version = "2015-04-01";
    assert_eq!(bench.get(STORE).text("AccountType"), "Standard_LRS");
}

#[test]
fn accounts_that_make_no_sense_are_refused() {
    let mut bench = bench("");
    let good = create(&account_type("Standard_LRS")).replace("contosostore", "fabrikam");
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
        let reply = bench.post(ACCOUNTS, &good.replace(from, to));
        assert_eq!(reply.code(), code, "{from} -> {to}");
    }
    let taken = bench.post(ACCOUNTS, &create(""));
    assert_eq!(taken.message(), "The storage account named 'contosostore' is already taken.");

    let premium = good.replace("Standard_LRS", "Premium_LRS");
    let refused = bench.post(ACCOUNTS, &premium.replace("West US", "Brazil South"));
    assert_eq!(refused.code(), "400 BadRequest");
    bench.post(ACCOUNTS, &premium).expect(202);
    bench.version = "2013-11-01";
    let flags = "<GeoReplicationEnabled>false</GeoReplicationEnabled><SecondaryReadEnabled>true</SecondaryReadEnabled>";
    let body = create(flags).replace("contosostore", "woodgrove");
    assert_eq!(bench.post(ACCOUNTS, &body).code(), "400 BadRequest");
}

#[test]
fn what_is_not_there_is_not_found() {
    let mut bench = Bench::new();
    let regenerate = root("RegenerateKeys", "<KeyType>Primary</KeyType>");
    for reply in [
        bench.get(STORE),
        bench.put(STORE, &update("")),
        bench.delete(STORE),
        bench.get(KEYS),
        bench.post(REGENERATE, &regenerate),
    ] {
        assert_eq!(reply.code(), "404 ResourceNotFound");
        assert_eq!(reply.message(), "The storage account 'contosostore' was not found.");
    }
}

#[test]
fn an_account_that_is_being_made_is_not_changed() {
    let mut bench = Bench::new();
    let id = bench.post(ACCOUNTS, &create("")).expect(202).id();
    let regenerate = root("RegenerateKeys", "<KeyType>Primary</KeyType>");
    for reply in
        [bench.put(STORE, &update("")), bench.delete(STORE), bench.post(REGENERATE, &regenerate)]
    {
        assert_eq!(reply.code(), "409 ConflictError");
        assert!(reply.message().contains(&id), "{}", reply.message());
    }
    bench.settle();
    bench.delete(STORE).expect(200);
}

#[test]
fn a_creation_by_polls_ends_for_whoever_asks() {
    let mut bench = Bench::with(|settings| settings.pace.operation = Takes::Polls(2));
    let id = bench.post(ACCOUNTS, &create("")).expect(202).id();
    assert_eq!(bench.get(STORE).text("Status"), "Creating");
    assert_eq!(bench.get(STORE).text("Status"), "Created");
    assert_eq!(bench.operation(&id), "Succeeded 200");
}

#[test]
fn keys_are_random_and_made_anew_one_by_one() {
    let mut bench = bench("");
    let told = bench.get(KEYS).expect(200);
    assert_eq!(
        told.text("Url"),
        format!(
            "https://management.example.net/{SUBSCRIPTION}/services/storageservices/contosostore"
        )
    );
    let old = keys(&mut bench);
    for key in &old {
        assert_eq!(STANDARD.decode(key).unwrap().len(), 64);
    }
    let regenerate = |key: &str| root("RegenerateKeys", &format!("<KeyType>{key}</KeyType>"));
    let answer = bench.post(REGENERATE, &regenerate("Primary")).expect(200);
    assert_eq!(bench.operation(&answer.id()), "Succeeded 200");
    let new = keys(&mut bench);
    assert_eq!([answer.text("Primary"), answer.text("Secondary")], new);
    assert!(new[0] != old[0] && new[1] == old[1]);
    bench.post(REGENERATE, &regenerate("secondary")).expect(200);
    let newest = keys(&mut bench);
    assert!(newest[0] == new[0] && newest[1] != new[1]);
    assert_eq!([&old[..], &new, &newest].concat().iter().collect::<BTreeSet<_>>().len(), 4);

    assert_eq!(bench.post(REGENERATE, &regenerate("Both")).code(), "400 InvalidXmlRequest");
    assert_eq!(keys(&mut bench), newest);
    let without = bench.post(KEYS, &regenerate("Primary"));
    assert_eq!(without.code(), "400 MissingOrInvalidRequiredQueryParameter");
    assert!(!format!("{:?}", bench.cloud).contains(&newest[0]), "the key shows in Debug");
}

#[test]
fn keys_follow_from_the_seed() {
    let keys_of = |seed| {
        let mut bench = Bench::with(|settings| settings.seed = seed);
        bench.post(ACCOUNTS, &create("")).expect(202);
        keys(&mut bench)
    };
    assert_eq!(keys_of(1), keys_of(1));
    assert_ne!(keys_of(1), keys_of(2));
}

#[test]
fn a_name_can_be_had_or_not() {
    let mut bench = bench("");
    let check = "/services/storageservices/operations/isavailable";
    assert_eq!(
        bench.get(&format!("{check}/fabrikam")).expect(200).inner(),
        "<Result>true</Result><Reason i:nil=\"true\"/>"
    );
    assert_eq!(
        bench.get(&format!("{check}/contosostore")).expect(200).inner(),
        "<Result>false</Result><Reason>A storage account named 'contosostore' already exists in \
         the subscription.</Reason>"
    );
    for name in ["ab", "Fabrikam", "fabrikam-store"] {
        let refused = bench.get(&format!("{check}/{name}"));
        assert_eq!(refused.code(), "400 BadRequest", "{name}");
        assert!(refused.message().contains("between 3 and 24 characters"));
    }
}
