//! What the platform itself writes into a service configuration.

use roxmltree::{Document, Node};

use super::{Configuration, SERVICE_CONFIGURATION, child, invalid};
use crate::simulator::api_error::ApiError;
use crate::simulator::contract::parse;
use crate::simulator::edit::{self, Change, Nested};

impl Configuration {
    /// Writes another instance count for a role. When that fails, nothing has changed.
    pub(crate) fn set_count(&mut self, role: &str, count: u32) -> Result<(), ApiError> {
        let changed = self.with_change(|document| {
            let mut roles = document.root_element().children();
            let role = roles.find(|node| {
                node.has_tag_name((SERVICE_CONFIGURATION, "Role"))
                    && node.attribute("name") == Some(role)
            })?;
            let instances = child(role, "Instances")?;
            let attribute = instances.attribute_node("count")?;
            Some(Change::Attribute(instances, attribute, count.to_string()))
        })?;
        let own = changed.roles.iter().find(|own| own.name == role);
        if own.is_some_and(|own| own.instances != count) {
            return Err(invalid("its instance count cannot be written"));
        }
        *self = changed;
        Ok(())
    }

    /// Writes which reserved IP address the deployment has, if any. When that fails, nothing has
    /// changed.
    pub(crate) fn set_reserved_ip(&mut self, name: Option<&str>) -> Result<(), ApiError> {
        if self.network.reserved_ip.as_deref() == name {
            return Ok(());
        }
        let changed = self.with_change(|document| {
            let path = ElementPath::locate(document.root_element());
            match name {
                Some(name) => Some(path.with_reserved_ip(name)),
                None => path.without_reserved_ip(),
            }
        })?;
        if changed.network.reserved_ip.as_deref() != name {
            return Err(invalid("its reserved IP address cannot be written"));
        }
        *self = changed;
        Ok(())
    }

    /// What there is after a change, read back from the text that would be stored.
    fn with_change(
        &self,
        change: impl for<'d> FnOnce(&'d Document<'d>) -> Option<Change<'d>>,
    ) -> Result<Self, ApiError> {
        let document = parse(self.text.as_bytes()).map_err(invalid)?;
        let Some(change) = change(&document) else { return Ok(self.clone()) };
        let text = edit::apply(&self.text, &change).map_err(invalid)?;
        Self::try_from(text).map_err(ApiError::bad_request)
    }
}

/// The elements on the way to the list of reserved addresses, and what it lists.
const RESERVED_IP_PATH: [&str; 4] =
    ["NetworkConfiguration", "AddressAssignments", "ReservedIPs", "ReservedIP"];
const LIST_DEPTH: usize = 3;

/// The root, and the elements of the way that there are, down to the list.
struct ElementPath<'a>(Vec<Node<'a, 'a>>);

impl<'a> ElementPath<'a> {
    fn locate(root: Node<'a, 'a>) -> Self {
        let mut path = vec![root];
        for name in &RESERVED_IP_PATH[..LIST_DEPTH] {
            let Some(next) = path.last().and_then(|node| child(*node, name)) else { break };
            path.push(next);
        }
        Self(path)
    }

    /// A list of this address, in place of the one that is there or at the end of what is.
    fn with_reserved_ip(&self, name: &str) -> Change<'a> {
        let nodes = &self.0;
        let last = nodes[nodes.len() - 1];
        let attribute = Some(("name", name.to_owned()));
        if nodes.len() > LIST_DEPTH {
            return Change::Replace(
                last,
                Nested { names: &RESERVED_IP_PATH[LIST_DEPTH - 1..], attribute },
            );
        }
        Change::Append(last, Nested { names: &RESERVED_IP_PATH[nodes.len() - 1..], attribute })
    }

    /// Without the list, and without elements that hold nothing else.
    fn without_reserved_ip(&self) -> Option<Change<'a>> {
        let (list, above) = self.0.get(..=LIST_DEPTH)?.split_last()?;
        if !is_only_sibling(*list) {
            // The next one of its name would count in its place.
            return Some(Change::Replace(
                *list,
                Nested { names: &RESERVED_IP_PATH[LIST_DEPTH - 1..LIST_DEPTH], attribute: None },
            ));
        }
        let mut gone = *list;
        for node in above.iter().skip(1).rev() {
            let rest = node.children().filter(|child| *child != gone);
            let holds_more = |child: Node<'_, '_>| {
                !child.is_text() || child.text().is_some_and(|text| !text.trim().is_empty())
            };
            if !is_only_sibling(*node) || rest.into_iter().any(holds_more) {
                break;
            }
            gone = *node;
        }
        Some(Change::Remove(gone))
    }
}

/// Whether there is no other element of its name beside it.
fn is_only_sibling(node: Node<'_, '_>) -> bool {
    let mut siblings = node.parent().into_iter().flat_map(|parent| parent.children());
    !siblings.any(|other| other != node && other.tag_name() == node.tag_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Configuration {
        Configuration::parse(text.as_bytes(), 100).unwrap()
    }

    #[test]
    fn changes_only_the_count_of_the_role() {
        let text = |count: &str| {
            format!(
                "<s:ServiceConfiguration xmlns:s='{SERVICE_CONFIGURATION}'><!-- 3 -->\n\
                 <s:Role name='Batch'><s:Instances count='3'/></s:Role>\
                 <s:Role name='Web'><s:Instances  count = \"{count}\" /></s:Role></s:ServiceConfiguration>"
            )
        };
        let mut configuration = read(&text("3"));
        configuration.set_count("Web", 12).unwrap();
        assert_eq!(configuration, read(&text("12")));
    }

    #[test]
    fn adds_and_removes_reserved_ip() {
        const LIST: &str = "<ReservedIPs><ReservedIP name=\"a &amp; b\" /></ReservedIPs>";
        let whole = |network: &str| {
            format!(
                "<ServiceConfiguration xmlns='{SERVICE_CONFIGURATION}'><Role name='Web'>\
                 <Instances count='1'/></Role>{network}</ServiceConfiguration>"
            )
        };
        let within = |inner: &str| format!("<NetworkConfiguration>{inner}</NetworkConfiguration>");
        let assigned =
            |inner: &str| within(&format!("<AddressAssignments>{inner}</AddressAssignments>"));
        let site = "<VirtualNetworkSite name='n' />";
        let subnet = "<InstanceAddress roleName='Web' />";
        let other = "<ReservedIPs>\n<ReservedIP name='c'></ReservedIP></ReservedIPs>";
        for (before, with, after) in [
            (String::new(), assigned(LIST), String::new()),
            ("<NetworkConfiguration/>".to_owned(), assigned(LIST), String::new()),
            (
                within(site),
                within(&format!("{site}<AddressAssignments>{LIST}</AddressAssignments>")),
                within(site),
            ),
            (assigned(subnet), assigned(&format!("{subnet}{LIST}")), assigned(subnet)),
            (assigned(other), assigned(LIST), String::new()),
        ] {
            let mut configuration = read(&whole(&before));
            configuration.set_reserved_ip(Some("a & b")).unwrap();
            assert_eq!(configuration, read(&whole(&with)), "{before}");
            assert_eq!(configuration.network.reserved_ip.as_deref(), Some("a & b"));
            configuration.set_reserved_ip(None).unwrap();
            assert_eq!(configuration, read(&whole(&after)), "{before}");
        }
    }

    #[test]
    fn preserves_namespace_prefix() {
        let mut configuration = read(&format!(
            "<s:ServiceConfiguration xmlns:s='{SERVICE_CONFIGURATION}'><s:Role name='Web'>\
             <s:Instances count='1'/></s:Role><s:NetworkConfiguration/></s:ServiceConfiguration>"
        ));
        configuration.set_reserved_ip(Some("a")).unwrap();
        assert_eq!(read(&configuration.text).network.reserved_ip.as_deref(), Some("a"));
    }

    /// Documents whose namespaces, comments and layout invite mistakes. Each has a role Web with one
    /// instance.
    fn hostile_documents() -> Vec<String> {
        const N: &str = SERVICE_CONFIGURATION;
        let role = "<Role name='Web'><Instances count='1'/></Role>";
        let plain = |network: &str| {
            format!("<ServiceConfiguration xmlns='{N}'>{role}{network}</ServiceConfiguration>")
        };
        vec![
            // The root and the element have prefixes of their own.
            format!(
                "<a:ServiceConfiguration xmlns:a='{N}' xmlns='urn:b'><a:Role name='Web'><a:Instances \
                 count='1'/></a:Role><c:NetworkConfiguration xmlns:c='{N}' xmlns:a='urn:d'/>\
                 </a:ServiceConfiguration>"
            ),
            format!(
                "<a:ServiceConfiguration xmlns:a='{N}'><a:Role name='Web'><a:Instances count='1'/>\
                 </a:Role><NetworkConfiguration xmlns='{N}'><b:AddressAssignments xmlns='' \
                 xmlns:b='{N}' /></NetworkConfiguration></a:ServiceConfiguration>"
            ),
            format!(
                "<a:ServiceConfiguration xmlns:a='{N}' xmlns:b='{N}'><b:Role name='Web'><a:Instances \
                 count='1'/></b:Role><b:NetworkConfiguration></b:NetworkConfiguration  >\
                 </a:ServiceConfiguration >"
            ),
            // What looks like tags and is none.
            plain(
                "<NetworkConfiguration><!-- </NetworkConfiguration> /> --></NetworkConfiguration>",
            ),
            plain("<NetworkConfiguration><![CDATA[</]]></NetworkConfiguration\n>"),
            plain("<NetworkConfiguration><?a </NetworkConfiguration>?></NetworkConfiguration>"),
            plain("<NetworkConfiguration a='/>' b=\"/>/\"/>"),
            plain("<NetworkConfiguration\n\t/>"),
            plain("<!-- <NetworkConfiguration/> --><Other><NetworkConfiguration/></Other>"),
            plain("<NetworkConfiguration xmlns='urn:other'/><NetworkConfiguration/>"),
            // Several of one name: the first counts.
            plain(
                "<NetworkConfiguration/><NetworkConfiguration><AddressAssignments/></NetworkConfiguration>",
            ),
            plain(
                "<NetworkConfiguration><AddressAssignments><ReservedIPs/><ReservedIPs><ReservedIP \
                 name='z'/></ReservedIPs></AddressAssignments></NetworkConfiguration>",
            ),
            plain(
                "<NetworkConfiguration><AddressAssignments/><AddressAssignments><ReservedIPs>\
                 <ReservedIP name='z'/></ReservedIPs></AddressAssignments></NetworkConfiguration>",
            ),
            plain(
                "<NetworkConfiguration><AddressAssignments><!-- ours --></AddressAssignments></NetworkConfiguration>",
            ),
            format!(
                "<?xml version='1.0'?>\n<!-- > -->{}\n<!-- </ -->",
                plain("&#13;\n<a>\u{e9}\u{1f600}</a>")
            ),
        ]
    }

    #[test]
    fn preserves_hostile_documents_when_reserved_ip_changes() {
        for text in hostile_documents() {
            let before = read(&text);
            let mut configuration = before.clone();
            for name in [Some("a & b"), Some("<'\">"), None, Some("c"), None] {
                configuration
                    .set_reserved_ip(name)
                    .unwrap_or_else(|error| panic!("{text}: {}", error.body().message));
                assert_eq!(read(&configuration.text), configuration, "{text}");
                assert_eq!(configuration.network.reserved_ip.as_deref(), name, "{text}");
            }
            assert_eq!(configuration.roles, before.roles, "{text}");
            for comment in
                ["<!-- </NetworkConfiguration> /> -->", "<!-- ours -->", "<![CDATA[</]]>"]
            {
                assert_eq!(configuration.text.contains(comment), text.contains(comment), "{text}");
            }
        }
    }

    #[test]
    fn preserves_hostile_documents_when_count_changes() {
        for text in hostile_documents() {
            let before = read(&text);
            let mut configuration = before.clone();
            configuration.set_count("Web", 42).unwrap();
            assert_eq!(configuration.text, before.text.replace("count='1'", "count='42'"));
            configuration.set_count("Web", 1).unwrap();
            assert_eq!(configuration, before);
        }
    }
}
