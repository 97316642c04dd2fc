use std::fmt;
use std::str::FromStr;

/// The clouds that had a management service: the address of each, and the audience of its tokens.
///
/// A name stands for addresses only. Microsoft retired the public service on 31 August 2024, and this type
/// does not claim that any of these hosts still speaks the API. There is no default. Pass other addresses to
/// [`Endpoint::new`](crate::Endpoint::new).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{Cloud, Endpoint};
///
/// let cloud: Cloud = "china".parse()?;
/// assert_eq!(cloud.token_audience(), "https://management.core.chinacloudapi.cn/");
///
/// let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?;
/// let endpoint = Endpoint::for_cloud(cloud, subscription);
/// assert_eq!(endpoint.authority().host(), "management.core.chinacloudapi.cn");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cloud {
    /// The public cloud. Its service was retired on 31 August 2024.
    Public,
    /// China, operated by 21Vianet. The public service is retired; the state of this one is not known.
    China,
    /// US Government. The public service is retired; the state of this one is not known.
    UsGovernment,
    /// Germany, a cloud that was closed as a whole. The public service is retired as well.
    Germany,
}

impl Cloud {
    /// All clouds.
    pub const ALL: [Self; 4] = [Self::Public, Self::China, Self::UsGovernment, Self::Germany];

    /// Returns the name that [`FromStr`] takes: `public`, `china`, `us-government`, `germany`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::China => "china",
            Self::UsGovernment => "us-government",
            Self::Germany => "germany",
        }
    }

    /// Returns the name in Microsoft's own tools, which [`FromStr`] takes as well.
    fn other_name(self) -> &'static str {
        match self {
            Self::Public => "AzureCloud",
            Self::China => "AzureChinaCloud",
            Self::UsGovernment => "AzureUSGovernment",
            Self::Germany => "AzureGermanCloud",
        }
    }

    /// Returns the host of the management service.
    pub(crate) fn host(self) -> &'static str {
        let (_, host) = self.address().split_at("https://".len());
        host
    }

    /// Returns the base address of the management service, as [`Endpoint::new`](crate::Endpoint::new) takes
    /// it.
    pub fn address(self) -> &'static str {
        match self {
            Self::Public => "https://management.core.windows.net",
            Self::China => "https://management.core.chinacloudapi.cn",
            Self::UsGovernment => "https://management.core.usgovcloudapi.net",
            Self::Germany => "https://management.core.cloudapi.de",
        }
    }

    /// Returns the audience of bearer tokens: the address with a slash at the end, which is part of it.
    ///
    /// It is the `resource` in a token request (version 1 of the token service). With version 2, the scope is
    /// this text followed by `/.default`, including the double slash:
    /// `https://management.core.windows.net//.default`. The service rejects a token for the Resource Manager.
    pub fn token_audience(self) -> &'static str {
        match self {
            Self::Public => "https://management.core.windows.net/",
            Self::China => "https://management.core.chinacloudapi.cn/",
            Self::UsGovernment => "https://management.core.usgovcloudapi.net/",
            Self::Germany => "https://management.core.cloudapi.de/",
        }
    }

    /// Returns the suffix of a cloud service's host name, if a recorded response shows it: known for the
    /// public cloud only. For the others, read the deployment's `Url`.
    pub fn dns_suffix(self) -> Option<&'static str> {
        (self == Self::Public).then_some("cloudapp.net")
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is not the name of a [`Cloud`]. `Display` lists the valid names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCloud(String);

impl fmt::Display for UnknownCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [public, china, us_government, germany] = Cloud::ALL;
        write!(
            f,
            "unknown cloud {:?}; use {public}, {china}, {us_government} or {germany}, or give another endpoint by its address",
            self.0
        )
    }
}

impl std::error::Error for UnknownCloud {}

impl FromStr for Cloud {
    type Err = UnknownCloud;

    /// Takes a name in any case, this crate's or that of Microsoft's tools: `AzureChinaCloud`.
    fn from_str(text: &str) -> Result<Self, UnknownCloud> {
        let is_meant = |cloud: &Self| {
            text.eq_ignore_ascii_case(cloud.name()) || text.eq_ignore_ascii_case(cloud.other_name())
        };
        Self::ALL.into_iter().find(is_meant).ok_or_else(|| UnknownCloud(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CloudServiceRef, Endpoint};

    const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";

    #[test]
    fn both_names_of_each_cloud_are_parsed() {
        for (name, other, cloud) in [
            ("public", "AzureCloud", Cloud::Public),
            ("China", "azurechinacloud", Cloud::China),
            ("us-government", "AzureUSGovernment", Cloud::UsGovernment),
            ("GERMANY", "AzureGermanCloud", Cloud::Germany),
        ] {
            assert_eq!(name.parse(), Ok(cloud));
            assert_eq!(other.parse(), Ok(cloud));
        }
        assert_eq!(
            "mars".parse::<Cloud>().unwrap_err().to_string(),
            "unknown cloud \"mars\"; use public, china, us-government or germany, or give another \
             endpoint by its address"
        );
    }

    #[test]
    fn a_cloud_and_its_address_are_the_same_endpoint() {
        let get = CloudServiceRef::new("contoso").get();
        for cloud in Cloud::ALL {
            let by_name = Endpoint::for_cloud(cloud, SUBSCRIPTION.parse().unwrap());
            let by_hand = Endpoint::new(cloud.address(), SUBSCRIPTION.parse().unwrap()).unwrap();
            let [named, given] = [by_name, by_hand].map(|endpoint| endpoint.request(&get).unwrap());
            assert_eq!(named.uri(), given.uri());
            assert_eq!(cloud.token_audience(), format!("{}/", cloud.address()));
        }
    }
}
