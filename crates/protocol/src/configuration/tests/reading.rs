//! The content is readable, and written unchanged.

use super::*;

#[test]
fn what_is_known_is_reported() {
    let configuration = contoso();
    assert_eq!(configuration.service_name(), Some("Contoso"));
    assert_eq!(configuration.os_family(), Some("4"));
    assert_eq!(configuration.os_version(), Some("*"));
    assert_eq!(configuration.schema_version(), Some("2015-04.2.6"));

    let [web, batch] = configuration.roles() else { panic!("two roles: {configuration:?}") };
    assert_eq!((web.name(), web.instances), ("Web", 2));
    let settings: Vec<_> = web.settings().map(|setting| (setting.name, setting.value)).collect();
    assert_eq!(settings, [("Greeting", "Fish & \"chips\" <3"), ("Key", "open sesame")]);
    assert_eq!(web.setting("Key"), Some("open sesame"));
    assert_eq!(web.setting("key"), None);
    let certificate = RoleCertificate {
        name: "TLS",
        thumbprint: "6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C",
        thumbprint_algorithm: "sha1",
    };
    assert_eq!(web.certificates().collect::<Vec<_>>(), [certificate]);

    assert_eq!((batch.name(), batch.instances), ("Batch", 1));
    assert_eq!(batch.settings().count() + batch.certificates().count(), 0);
}

#[test]
fn what_was_not_changed_writes_as_it_was() {
    assert_eq!(contoso().write(), CONTOSO);
    assert_eq!(Base64Text::from(contoso()).as_str(), CONTOSO);
    let windows = CONTOSO.replace('\n', "\r\n");
    assert_eq!(ServiceConfiguration::read(&windows).unwrap().write(), windows);
}

#[test]
fn a_byte_order_mark_is_not_written() {
    for count in 1..4 {
        let marked = "\u{feff}".repeat(count) + CONTOSO;
        assert_eq!(ServiceConfiguration::read(&marked).unwrap().write(), CONTOSO, "{count} marks");
    }
}

#[test]
fn a_declaration_of_another_encoding_is_not_believed_and_not_written() {
    let utf_16 = CONTOSO.replacen("\"utf-8\"", "\"utf-16\" standalone='yes'", 1);
    assert_ne!(utf_16, CONTOSO);
    let configuration = ServiceConfiguration::read(&utf_16).unwrap();
    assert_eq!(configuration.roles().len(), 2);
    assert_eq!(configuration.write(), CONTOSO);

    for declaration in ["", "<?xml version='1.0'?>", "<?xml version='1.0' encoding='UTF-8' ?>\n"] {
        let text = format!("{declaration}{}", document(""));
        assert_eq!(ServiceConfiguration::read(&text).unwrap().write(), text);
    }
}

#[test]
fn the_namespace_may_have_a_prefix() {
    let text = format!(
        "<c:ServiceConfiguration xmlns:c=\"{NAMESPACE}\"><c:Role name=\"Web\"><c:Instances count=\"1\"/></c:Role><Role name=\"other\"/></c:ServiceConfiguration>"
    );
    let mut configuration = ServiceConfiguration::read(&text).unwrap();
    assert_eq!(configuration.roles().len(), 1);
    configuration.role_mut("Web").unwrap().add_setting("A", "1").unwrap();
    let with_setting = text.replace(
        "count=\"1\"/>",
        "count=\"1\"/><c:ConfigurationSettings><c:Setting name=\"A\" value=\"1\" /></c:ConfigurationSettings>",
    );
    assert_eq!(configuration.write(), with_setting);
}

#[test]
fn a_configuration_does_not_show_its_settings() {
    let configuration = contoso();
    let shown = format!("{configuration:?} {:?}", configuration.roles()[0].settings().last());
    assert!(!shown.contains("sesame"), "{shown}");
    assert!(shown.contains("\"Web\"") && shown.contains("instances: 2"), "{shown}");
}
