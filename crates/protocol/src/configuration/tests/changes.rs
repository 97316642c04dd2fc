//! A change writes what it says, and nothing else changes.

use super::*;
use crate::ErrorKind;

/// The text after a change of the configuration.
fn changed(change: impl FnOnce(&mut ServiceConfiguration) -> Result<(), Error>) -> String {
    let mut configuration = contoso();
    change(&mut configuration).unwrap();
    let text = configuration.write();
    // The written text reads as the intended value.
    assert_eq!(ServiceConfiguration::read(&text).unwrap().write(), text);
    text
}

#[test]
fn a_role_is_scaled() {
    let text = changed(|configuration| {
        configuration.role_mut("Web")?.instances = 5;
        Ok(())
    });
    assert_eq!(text, CONTOSO.replace("count=\" 2 \"", "count=\"5\""));
    let text = changed(|configuration| {
        for role in configuration.roles_mut() {
            role.instances += 1;
        }
        Ok(())
    });
    let expected = CONTOSO.replace("count=\"1\"", "count=\"2\"");
    assert_eq!(text, expected.replace("count=\" 2 \"", "count=\"3\""));
}

#[test]
fn the_operating_system_is_chosen() {
    let text = changed(|configuration| {
        configuration.set_os_family("5")?;
        configuration.set_os_version("WA-GUEST-OS-5.1_201701-01")
    });
    let expected = CONTOSO.replace("osFamily='4'", "osFamily=\"5\"");
    let version = "osVersion=\"WA-GUEST-OS-5.1_201701-01\"";
    assert_eq!(text, expected.replace("osVersion=\"*\"", version));

    let mut bare = ServiceConfiguration::read(&document("")).unwrap();
    bare.set_os_family("5").unwrap();
    assert_eq!(bare.os_family(), Some("5"));
    assert!(bare.write().contains(&format!("{NAMESPACE}\" osFamily=\"5\">")));
}

#[test]
fn a_setting_is_changed_added_and_removed() {
    let text = changed(|configuration| configuration.role_mut("Web")?.set_setting("Key", "a\"<\n"));
    let quoted = "value=\"a&quot;&lt;&#10;\"";
    assert_eq!(text, CONTOSO.replace("value='open sesame'", quoted));

    let text = changed(|configuration| configuration.role_mut("Web")?.add_setting("More", ""));
    let added = "x:note=\"secret\" />\n      <Setting name=\"More\" value=\"\" />";
    assert_eq!(text, CONTOSO.replace("x:note=\"secret\" />", added));

    let text = changed(|configuration| configuration.role_mut("Batch")?.add_setting("More", "1"));
    let added =
        "<ConfigurationSettings><Setting name=\"More\" value=\"1\" /></ConfigurationSettings>";
    assert_eq!(text, CONTOSO.replace("<ConfigurationSettings />", added));

    let text = changed(|configuration| {
        assert!(configuration.role_mut("Web")?.remove_setting("Key"));
        assert!(!configuration.role_mut("Web")?.remove_setting("Key"));
        Ok(())
    });
    let removed = "\n      <Setting name='Key' value='open sesame' x:note=\"secret\" />";
    assert_eq!(text, CONTOSO.replace(removed, ""));
}

#[test]
fn a_certificate_is_changed_added_and_removed() {
    let (old, new) = ("6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C", "A".repeat(40));
    let text = changed(|configuration| configuration.role_mut("Web")?.set_certificate("TLS", &new));
    assert_eq!(text, CONTOSO.replace(old, &new));

    let text = changed(|configuration| configuration.role_mut("Batch")?.add_certificate("A", &new));
    let certificate = format!(
        "<ConfigurationSettings /><Certificates><Certificate name=\"A\" thumbprint=\"{new}\" thumbprintAlgorithm=\"sha1\" /></Certificates>"
    );
    assert_eq!(text, CONTOSO.replace("<ConfigurationSettings />", &certificate));

    let text = changed(|configuration| {
        assert!(configuration.role_mut("Web")?.remove_certificate("TLS"));
        Ok(())
    });
    let removed = format!(
        "\n      <Certificate name=\"TLS\" thumbprint=\"{old}\" thumbprintAlgorithm=\"sha1\" />"
    );
    assert_eq!(text, CONTOSO.replace(&removed, ""));
}

#[test]
fn a_name_that_is_not_there_is_an_error_that_lists_those_that_are() {
    let mut configuration = contoso();
    let error = configuration.role_mut("web").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(
        error.to_string(),
        "the service configuration has no role \"web\"; it has \"Web\" and \"Batch\""
    );
    let web = configuration.role_mut("Web").unwrap();
    assert_eq!(
        web.set_setting("Keys", "sesame").unwrap_err().to_string(),
        "the role \"Web\" has no setting \"Keys\"; it has \"Greeting\" and \"Key\""
    );
    assert_eq!(
        web.set_certificate("SSL", "").unwrap_err().to_string(),
        "the role \"Web\" has no certificate \"SSL\"; it has \"TLS\""
    );
    assert_eq!(
        web.add_setting("Key", "sesame").unwrap_err().to_string(),
        "the role \"Web\" already has the setting \"Key\"; change it instead"
    );
    let empty = ServiceConfiguration::read(&document("")).unwrap();
    let error = empty.role("Web").unwrap_err().to_string();
    assert!(error.ends_with("it has none at all"), "{error}");
    assert_eq!(configuration.write(), CONTOSO);
}

#[test]
fn a_value_that_xml_cannot_carry_changes_nothing_and_is_not_repeated() {
    let mut configuration = contoso();
    let web = configuration.role_mut("Web").unwrap();
    let errors = [
        web.set_setting("Key", "sesame\0").unwrap_err(),
        web.add_setting("More", "sesame\u{ffff}").unwrap_err(),
        web.add_setting("sesame\u{1}", "").unwrap_err(),
        web.set_certificate("TLS", "sesame\u{1f}").unwrap_err(),
        configuration.set_os_version("sesame\u{8}").unwrap_err(),
    ];
    for error in errors {
        let reported = reported(&error);
        assert!(reported.contains("XML cannot contain the character"), "{reported}");
        assert!(!reported.contains("sesame"), "{reported}");
    }
    assert_eq!(configuration.write(), CONTOSO);
}
