//! Any document is written as it was read, and never makes the reader panic.

use proptest::prelude::*;

use super::*;

/// Possible contents of a role, with frequent traps.
fn content() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<!-- <a> & -->".to_owned()),
        Just("<?pi <a?>".to_owned()),
        Just("<![CDATA[</Role>]]>".to_owned()),
        Just("&#65;&amp;&lt;".to_owned()),
        Just("<Setting name=\"a\" value='&quot;>'/>".to_owned()),
        Just("<x:y xmlns:x=\"urn:a\" x:z = '1'\t/>".to_owned()),
        Just("<Certificates\n></Certificates >".to_owned()),
        "[ \\r\\n\\t]{1,4}",
        "[^<&\\]]{1,8}",
    ];
    let pieces = prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat());
    pieces.prop_recursive(4, 24, 4, |inner| {
        (prop::collection::vec(inner, 1..4), "[A-Za-z][A-Za-z0-9.-]{0,6}")
            .prop_map(|(inner, name)| format!("<{name} a=\"1\">{}</{name}>", inner.concat()))
    })
}

proptest! {
    #[test]
    fn an_unchanged_document_writes_as_it_was(
        before in content(), inside in content(), after in content(), instances in any::<u32>()
    ) {
        // An additional role would have to be valid.
        prop_assume!(![&before, &after].iter().any(|text| text.contains("<Role ")));
        prop_assume!(!inside.contains("<Instances "));
        let text = document(&format!(
            "{before}<Role name=\"Web\"><Instances count=\"{instances}\"/>{inside}</Role>{after}"
        ));
        let mut configuration = ServiceConfiguration::read(&text).unwrap();
        prop_assert_eq!(&configuration.write(), &text);

        let web = configuration.role_mut("Web").unwrap();
        prop_assert_eq!(web.instances, instances);
        web.instances = instances ^ 1;
        let count = |instances: u32| format!("<Instances count=\"{instances}\"/>");
        let scaled = text.replace(&count(instances), &count(instances ^ 1));
        prop_assert_eq!(configuration.write(), scaled);
    }

    #[test]
    fn bytes_that_mean_nothing_are_an_error_or_read(
        text in "[<>/!?&;='\" a:\\-\\[\\]\u{feff}]{0,40}", at in any::<prop::sample::Index>()
    ) {
        let mut mangled = CONTOSO.to_owned();
        let places: Vec<usize> = mangled.char_indices().map(|(place, _)| place).collect();
        mangled.insert_str(places[at.index(places.len())], &text);
        for text in [text, mangled] {
            if let Ok(configuration) = ServiceConfiguration::read(&text) {
                let written = configuration.write();
                let again = ServiceConfiguration::read(&written).unwrap();
                prop_assert_eq!(again.write(), written);
            }
        }
    }
}
