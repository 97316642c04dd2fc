use std::fmt;
use std::str::FromStr;

/// The clouds that had a management service, by name: where it was, and for whom a token had to be made.
///
/// Each name stands for addresses and nothing more. Microsoft retired the public service on
/// 31 August 2024, and that any of these hosts still speaks the API is not claimed here. There is no
/// default; other addresses go to [`Endpoint::new`](crate::Endpoint::new).
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
    /// China, operated by 21Vianet. The public service is retired; what is left here is not known.
    China,
    /// US Government. The public service is retired; what is left here is not known.
    UsGovernment,
    /// Germany, a cloud that was closed as a whole. The public service is retired as well.
    Germany,
}

impl Cloud {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Public, Self::China, Self::UsGovernment, Self::Germany];

    /// The name that [`FromStr`] takes: `public`, `china`, `us-government`, `germany`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::China => "china",
            Self::UsGovernment => "us-government",
            Self::Germany => "germany",
        }
    }

    /// The name in Microsoft's own tools, which [`FromStr`] takes as well.
    fn other_name(self) -> &'static str {
        match self {
            Self::Public => "AzureCloud",
            Self::China => "AzureChinaCloud",
            Self::UsGovernment => "AzureUSGovernment",
            Self::Germany => "AzureGermanCloud",
        }
    }

    /// The management service's host.
    pub(crate) fn host(self) -> &'static str {
        let (_, host) = self.address().split_at("https://".len());
        host
    }

    /// The management service's base address, as [`Endpoint::new`](crate::Endpoint::new) takes it.
    pub fn address(self) -> &'static str {
        match self {
            Self::Public => "https://management.core.windows.net",
            Self::China => "https://management.core.chinacloudapi.cn",
            Self::UsGovernment => "https://management.core.usgovcloudapi.net",
            Self::Germany => "https://management.core.cloudapi.de",
        }
    }

    /// For whom a bearer token must be made: the address with the slash at its end, which belongs to it.
    ///
    /// It is the `resource` of a request for a token (version 1 of the token service). With version 2
    /// the scope is this text followed by `/.default`, and the double slash is meant:
    /// `https://management.core.windows.net//.default`. A token for the Resource Manager is refused.
    pub fn token_audience(self) -> &'static str {
        match self {
            Self::Public => "https://management.core.windows.net/",
            Self::China => "https://management.core.chinacloudapi.cn/",
            Self::UsGovernment => "https://management.core.usgovcloudapi.net/",
            Self::Germany => "https://management.core.cloudapi.de/",
        }
    }

    /// What follows a cloud service's name in its host name, where a recorded answer shows it: known for
    /// the public cloud only. Elsewhere read the deployment's `Url`.
    pub fn dns_suffix(self) -> Option<&'static str> {
        (self == Self::Public).then_some("cloudapp.net")
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is not one of a [`Cloud`]. `Display` lists those that are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCloud(String);

impl fmt::Display for UnknownCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [public, china, us_government, germany] = Cloud::ALL;
        write!(
            f,
            "{:?} is no cloud: {public}, {china}, {us_government} and {germany} are; any other \
             endpoint is given by its address",
            self.0
        )
    }
}

impl std::error::Error for UnknownCloud {}

impl FromStr for Cloud {
    type Err = UnknownCloud;

    /// Takes a name in any case, ours or that of Microsoft's tools: `AzureChinaCloud`.
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
    fn each_cloud_is_found_by_both_of_its_names() {
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
            "\"mars\" is no cloud: public, china, us-government and germany are; any other endpoint \
             is given by its address"
        );
    }

    #[test]
    fn a_cloud_by_name_and_its_address_by_hand_are_the_same_endpoint() {
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
