//! The reader ends for any bytes, and written values read as they were.

use proptest::prelude::*;
use quick_xml::events::Event;
use serde::{Deserialize, Serialize};

use crate::xml::{Reader, everything, from_slice, root_name, to_string};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Deployment {
    #[serde(rename(serialize = "@i:type", deserialize = "@type"))]
    kind: Option<String>,
    name: Option<String>,
    locked: Option<bool>,
    #[serde(default)]
    role_list: Vec<Role>,
    inner: Option<Box<Deployment>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Role {
    role_name: String,
    port: u16,
}

/// Any text that XML allows, with frequent special characters.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        Just('\r'),
        Just('\n'),
        Just('\t'),
        Just(' '),
        Just('&'),
        Just('<'),
        Just('>'),
        Just('"'),
        Just(']'),
        any::<char>(),
    ];
    prop::collection::vec(character, 1..20).prop_map(|characters| {
        let allowed = |&character: &char| match character {
            '\t' | '\n' | '\r' => true,
            other => other >= ' ' && !matches!(other, '\u{FFFE}' | '\u{FFFF}'),
        };
        let text: String = characters.into_iter().filter(allowed).collect();
        if text.is_empty() { "x".to_owned() } else { text }
    })
}

fn deployment() -> impl Strategy<Value = Deployment> {
    let role = (text(), any::<u16>()).prop_map(|(role_name, port)| Role { role_name, port });
    let leaf = (
        prop::option::of(text()),
        prop::option::of(text()),
        any::<Option<bool>>(),
        prop::collection::vec(role, 0..4),
    )
        .prop_map(|(kind, name, locked, role_list)| Deployment {
            kind,
            name,
            locked,
            role_list,
            inner: None,
        });
    leaf.prop_recursive(3, 8, 1, |inner| {
        (inner.clone(), inner).prop_map(|(mut outer, inner)| {
            outer.inner = Some(Box::new(inner));
            outer
        })
    })
}

/// The texts of the elements with this name, by another reading than ours.
fn texts_of(document: &str, name: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(document);
    let mut texts = Vec::new();
    let mut inside = false;
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return texts,
            Event::Start(start) if start.name().0 == name => {
                inside = true;
                texts.push(String::new());
            }
            Event::End(_) => inside = false,
            Event::Text(text) if inside => {
                texts.last_mut().unwrap().push_str(&text.xml10_content());
            }
            Event::GeneralRef(reference) if inside => {
                let escaped = format!("&{};", &*reference);
                let plain = quick_xml::escape::unescape(&escaped).unwrap().into_owned();
                texts.last_mut().unwrap().push_str(&plain);
            }
            _ => {}
        }
    }
}

/// Every function on a document; none of them may panic or run forever.
fn exhaust(document: &[u8]) {
    let _ = root_name(document);
    let _ = everything(document);
    let plain = from_slice::<Deployment>(document);
    let with_unknown =
        Reader::new().read_with_unknown::<Deployment>(document).map(|(model, _)| model);
    match (plain, with_unknown) {
        (Ok(plain), Ok(with_unknown)) => assert_eq!(plain, with_unknown),
        (plain, with_unknown) => {
            assert_eq!(plain.unwrap_err().to_string(), with_unknown.unwrap_err().to_string());
        }
    }
    let _ = from_slice::<Vec<Option<Deployment>>>(document);
    let _ = from_slice::<Vec<String>>(document);
    let _ = from_slice::<serde::de::IgnoredAny>(document);
}

proptest! {
    #[test]
    fn arbitrary_bytes_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        exhaust(&bytes);
    }

    #[test]
    fn arbitrary_markup_comes_to_an_end(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<", ">", "</", "/>", "<a>", "</a>", "<Deployment xmlns='http://schemas.microsoft.com/windowsazure'>",
            "<Name>", "</Name>", "<RoleList>", "<Role>", "</Role>", " i:nil='1'", " xmlns:i='", "'", "\"",
            "&", ";", "#x1B", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE", "[", "<?", "?>", " ",
            "\r", "=", ":", "x", "\u{FEFF}", "é",
        ]), 0..40),
    ) {
        exhaust(pieces.concat().as_bytes());
    }

    #[test]
    fn damaged_documents_come_to_an_end(
        model in deployment(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..4),
    ) {
        let mut bytes = to_string(&model).unwrap().into_bytes();
        for (at, byte, kind) in damage {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.drain(at..(at + usize::from(byte) % 20).min(bytes.len() - 1).max(at))),
            }
        }
        exhaust(&bytes);
    }

    #[test]
    fn a_stranger_is_reported_and_nothing_else(model in deployment(), place in any::<prop::sample::Index>()) {
        let document = to_string(&model).unwrap();
        let unknown_in = |document: &str| {
            let read = Reader::new().read_with_unknown::<Deployment>(document.as_bytes()).unwrap();
            prop_assert_eq!(&read.0, &model);
            Ok(read.1.paths)
        };
        prop_assert_eq!(unknown_in(&document)?, Vec::<String>::new());

        let tags: Vec<_> = document.match_indices('<').skip(1).map(|(at, _)| at).collect();
        let Some(&at) = tags.get(place.index(tags.len().max(1))) else { return Ok(()) };
        let with_stranger = format!("{}<Stranger/>{}", &document[..at], &document[at..]);
        let paths = unknown_in(&with_stranger)?;
        prop_assert_eq!(paths.len(), 1);
        prop_assert!(paths[0].ends_with("/Stranger"), "{}", paths[0]);
    }

    #[test]
    fn what_is_written_reads_as_it_was(model in deployment()) {
        let document = to_string(&model).unwrap();
        prop_assert_eq!(from_slice::<Deployment>(document.as_bytes()).unwrap(), model.clone());

        let mut names = Vec::new();
        let mut roles = Vec::new();
        let mut next = Some(&model);
        while let Some(deployment) = next {
            names.extend(deployment.name.clone());
            roles.extend(deployment.role_list.iter().map(|role| role.role_name.clone()));
            next = deployment.inner.as_deref();
        }
        prop_assert_eq!(texts_of(&document, "Name"), names);
        prop_assert_eq!(texts_of(&document, "RoleName"), roles);
    }
}
