//! What the platform itself writes into a service configuration.

use std::ops::Range;

use roxmltree::{Document, Node};

use super::{Configuration, SERVICE_CONFIGURATION, child};
use crate::cloud::contract::parse;

impl Configuration {
    /// Writes another instance count for a role.
    pub(crate) fn set_count(&mut self, role: &str, count: u32) {
        for settings in self.roles.iter_mut().filter(|settings| settings.name == role) {
            settings.instances = count;
        }
        self.rewrite(|document, _| {
            let mut roles = document.root_element().children();
            let role = roles.find(|node| {
                node.has_tag_name((SERVICE_CONFIGURATION, "Role"))
                    && node.attribute("name") == Some(role)
            })?;
            let place = child(role, "Instances")?.attribute_node("count")?.range_value();
            Some((place, count.to_string()))
        });
    }

    /// Writes which reserved IP address the deployment has, if any.
    pub(crate) fn set_reserved_ip(&mut self, name: Option<&str>) {
        if self.network.reserved_ip.as_deref() == name {
            return;
        }
        self.rewrite(|document, text| {
            let list = Path::find(document.root_element());
            match name {
                Some(name) => Some(list.with_reserved_ip(name, text)),
                None => list.without_reserved_ip(),
            }
        });
        self.network.reserved_ip = name.map(str::to_owned);
    }

    /// Replaces a part of the text.
    fn rewrite(
        &mut self,
        change: impl FnOnce(&Document<'_>, &str) -> Option<(Range<usize>, String)>,
    ) {
        let document = parse(self.text.as_bytes()).ok();
        if let Some((place, by)) = document.and_then(|it| change(&it, &self.text)) {
            self.text.replace_range(place, &by);
        }
    }
}

/// The elements on the way to the list of reserved addresses.
const WAY: [&str; 3] = ["NetworkConfiguration", "AddressAssignments", "ReservedIPs"];

/// The root, and as many elements of the way as there are.
struct Path<'a>(Vec<Node<'a, 'a>>);

impl<'a> Path<'a> {
    fn find(root: Node<'a, 'a>) -> Self {
        let mut path = vec![root];
        for name in WAY {
            let Some(next) = path.last().and_then(|node| child(*node, name)) else { break };
            path.push(next);
        }
        Self(path)
    }

    /// With a list of this address, in place of the one that is there or at the end of what is.
    fn with_reserved_ip(&self, name: &str, text: &str) -> (Range<usize>, String) {
        let nodes = &self.0;
        let prefix = prefix(nodes[0], text);
        let name = name.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        let mut written = format!("<{prefix}ReservedIP name=\"{name}\" />");
        let missing = WAY.iter().skip(nodes.len() - 1);
        let is_there = nodes.len() > WAY.len();
        for element in missing.chain(is_there.then_some(&WAY[2])).rev() {
            written = format!("<{prefix}{element}>{written}</{prefix}{element}>");
        }
        let last = nodes[nodes.len() - 1];
        if is_there {
            return (last.range(), written);
        }
        let own = &text[last.range()];
        if let Some(tag) = own.strip_suffix("/>") {
            let place = last.range().start + tag.len()..last.range().end;
            let name = last.tag_name().name();
            return (place, format!(">{written}</{prefix}{name}>"));
        }
        let end = last.range().start + own.rfind("</").unwrap_or(own.len());
        (end..end, written)
    }

    /// Without the list, and without elements that hold nothing else.
    fn without_reserved_ip(&self) -> Option<(Range<usize>, String)> {
        let (list, above) = self.0.get(..=WAY.len())?.split_last()?;
        let mut gone = *list;
        for node in above.iter().skip(1).rev() {
            if node.children().filter(Node::is_element).count() > 1 {
                break;
            }
            gone = *node;
        }
        Some((gone.range(), String::new()))
    }
}

/// The prefix of an element's name as it is written, with its colon.
fn prefix<'t>(node: Node<'_, '_>, text: &'t str) -> &'t str {
    let tag = &text[node.range()][1..];
    let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next();
    let name = name.unwrap_or_default();
    name.find(':').map_or("", |colon| &name[..=colon])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Configuration {
        Configuration::read(text.as_bytes(), 100).unwrap()
    }

    #[test]
    fn only_the_count_of_the_role_changes() {
        let text = |count: &str| {
            format!(
                "<s:ServiceConfiguration xmlns:s='{SERVICE_CONFIGURATION}'><!-- 3 -->\n\
                 <s:Role name='Batch'><s:Instances count='3'/></s:Role>\
                 <s:Role name='Web'><s:Instances  count = \"{count}\" /></s:Role></s:ServiceConfiguration>"
            )
        };
        let mut configuration = read(&text("3"));
        configuration.set_count("Web", 12);
        assert_eq!(configuration, read(&text("12")));
    }

    #[test]
    fn a_reserved_address_is_written_where_it_belongs_and_taken_away() {
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
            configuration.set_reserved_ip(Some("a & b"));
            assert_eq!(configuration, read(&whole(&with)), "{before}");
            assert_eq!(configuration.network.reserved_ip.as_deref(), Some("a & b"));
            configuration.set_reserved_ip(None);
            assert_eq!(configuration, read(&whole(&after)), "{before}");
        }
    }

    #[test]
    fn a_prefix_is_kept() {
        let mut configuration = read(&format!(
            "<s:ServiceConfiguration xmlns:s='{SERVICE_CONFIGURATION}'><s:Role name='Web'>\
             <s:Instances count='1'/></s:Role><s:NetworkConfiguration/></s:ServiceConfiguration>"
        ));
        configuration.set_reserved_ip(Some("a"));
        assert_eq!(read(&configuration.text).network.reserved_ip.as_deref(), Some("a"));
    }
}
