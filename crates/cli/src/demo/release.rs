//! The two releases of the demonstration's service.

pub(super) const SERVICE: &str = "contoso";
pub(super) const DEPLOYMENT: &str = "shop";
/// Five instances of each of two roles, over the emulator's five upgrade domains.
pub(super) const INSTANCES: usize = 10;

/// The deployed release: a package, and a configuration that names the release.
pub(super) struct Release {
    pub(super) label: &'static str,
    pub(super) package_url: &'static str,
    setting: &'static str,
}

pub(super) const OLD: Release = Release {
    label: "Release 41",
    package_url: "https://contoso.blob.core.windows.net/packages/41.cspkg",
    setting: "41",
};

pub(super) const NEW: Release = Release {
    label: "Release 42",
    package_url: "https://contoso.blob.core.windows.net/packages/42.cspkg",
    setting: "42",
};

impl Release {
    /// The service configuration (`.cscfg`).
    pub(super) fn configuration(&self) -> String {
        let setting = self.setting;
        format!(
            r#"<?xml version="1.0" encoding="utf-8"?>
<ServiceConfiguration serviceName="Contoso" osFamily="6" osVersion="*"
    xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration">
  <Role name="Web">
    <Instances count="5" />
    <ConfigurationSettings><Setting name="Release" value="{setting}" /></ConfigurationSettings>
  </Role>
  <Role name="Worker">
    <Instances count="5" />
    <ConfigurationSettings><Setting name="Release" value="{setting}" /></ConfigurationSettings>
  </Role>
</ServiceConfiguration>"#
        )
    }
}
