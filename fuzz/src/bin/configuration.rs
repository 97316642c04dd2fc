//! The service configuration: a changed document reads back with the change and nothing else.
#![cfg_attr(fuzzing, no_main)]

use azure_classic_protocol::configuration::{RoleConfiguration, ServiceConfiguration};
use roxmltree::Document;

azure_classic_fuzz::target!(check);

const THUMBPRINT: &str = "A9993E364706816ABA3E25717850C26C9CD0D89D";

fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(mut configuration) = ServiceConfiguration::read(text) else { return };
    let written = configuration.write();
    let again = reread(&written);
    assert_eq!(again.write(), written, "writing is not stable");
    let is_xml = Document::parse(&written).is_ok() && !has_empty_prefix(&written);

    let value = value_from(text);
    let has_family = configuration.set_os_family(&value).is_ok();
    let changed: Vec<Change> =
        configuration.roles_mut().iter_mut().map(|r| change(r, &value)).collect();
    let written = configuration.write();
    let again = reread(&written);
    if has_family {
        assert_eq!(again.os_family(), Some(value.as_str()), "{written}");
    }
    assert_eq!(again.service_name(), configuration.service_name());
    assert_eq!(again.roles().len(), changed.len(), "{written}");
    for ((read, role), change) in again.roles().iter().zip(configuration.roles()).zip(&changed) {
        assert_eq!(read.name(), role.name());
        assert_eq!(read.instances, role.instances);
        let settings = |role: &RoleConfiguration| {
            role.settings().map(|it| (it.name.to_owned(), it.value.to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(settings(read), settings(role), "{written}");
        if change.has_setting {
            assert_eq!(read.setting("Fuzz.Added"), Some(value.as_str()));
        }
        if change.has_certificate {
            assert!(
                read.certificates()
                    .any(|it| it.name == "Fuzz.Added" && it.thumbprint == THUMBPRINT)
            );
        }
    }
    if is_xml {
        Document::parse(&written).expect("it was XML before the change");
    }
}

/// Whether a name may begin with a colon, as in `:osFamily`. No XML with namespaces has one; roxmltree takes
/// it for the name without the colon, the reader for another name.
fn has_empty_prefix(text: &str) -> bool {
    [" :", "\t:", "\n:", "\r:", "<:"].iter().any(|start| text.contains(start))
}

/// What was changed in a role; what is there already is not added.
struct Change {
    has_setting: bool,
    has_certificate: bool,
}

fn change(role: &mut RoleConfiguration, value: &str) -> Change {
    role.instances ^= 1;
    let names: Vec<String> = role.settings().map(|setting| setting.name.to_owned()).collect();
    if let Some(first) = names.first() {
        let _ = role.set_setting(first, value);
    }
    if let Some(last) = names.last() {
        role.remove_setting(last);
    }
    let names: Vec<String> = role.certificates().map(|it| it.name.to_owned()).collect();
    if let Some(last) = names.last() {
        role.remove_certificate(last);
    }
    Change {
        has_setting: role.add_setting("Fuzz.Added", value).is_ok(),
        has_certificate: role.add_certificate("Fuzz.Added", THUMBPRINT).is_ok(),
    }
}

/// A value that has what the document has.
fn value_from(text: &str) -> String {
    text.chars().rev().take(12).collect()
}

fn reread(written: &str) -> ServiceConfiguration {
    ServiceConfiguration::read(written).unwrap_or_else(|error| panic!("{error:?}: {written}"))
}
