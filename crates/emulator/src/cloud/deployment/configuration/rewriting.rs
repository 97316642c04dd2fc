//! What the platform itself writes into a service configuration.

use super::{Configuration, SERVICE_CONFIGURATION, child};
use crate::cloud::contract::parse;

impl Configuration {
    /// Writes another instance count for a role.
    pub(crate) fn set_count(&mut self, role: &str, count: u32) {
        for settings in self.roles.iter_mut().filter(|settings| settings.name == role) {
            settings.instances = count;
        }
        let place = parse(self.text.as_bytes()).ok().and_then(|document| {
            let mut roles = document.root_element().children();
            let role = roles.find(|node| {
                node.has_tag_name((SERVICE_CONFIGURATION, "Role"))
                    && node.attribute("name") == Some(role)
            })?;
            Some(child(role, "Instances")?.attribute_node("count")?.range_value())
        });
        if let Some(place) = place {
            self.text.replace_range(place, &count.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_count_of_the_role_changes() {
        let text = |count: &str| {
            format!(
                "<s:ServiceConfiguration xmlns:s='{SERVICE_CONFIGURATION}'><!-- 3 -->\n\
                 <s:Role name='Batch'><s:Instances count='3'/></s:Role>\
                 <s:Role name='Web'><s:Instances  count = \"{count}\" /></s:Role></s:ServiceConfiguration>"
            )
        };
        let mut configuration = Configuration::read(text("3").as_bytes(), 100).unwrap();
        configuration.set_count("Web", 12);
        assert_eq!(configuration, Configuration::read(text("12").as_bytes(), 100).unwrap());
    }
}
