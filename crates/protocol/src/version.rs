use std::fmt;
use std::str::FromStr;

/// A value of the `x-ms-version` header: the date of a version of the API.
///
/// Versions are ordered by date, so "at least 2011-10-01" is `version >= ApiVersion::V2011_10_01`. The
/// service knows a fixed list ([`KNOWN`](Self::KNOWN)). It responds to any other version with
/// `MissingOrIncorrectVersionHeader`.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ApiVersion;
///
/// let version: ApiVersion = "2011-10-01".parse()?;
/// assert_eq!(version, ApiVersion::V2011_10_01);
/// assert!(version < ApiVersion::DEFAULT);
/// # Ok::<(), azure_classic_protocol::InvalidApiVersion>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    year: u16,
    month: u8,
    day: u8,
}

macro_rules! known {
    ($($name:ident = $year:literal - $month:literal - $day:literal, $what:literal;)+) => {
        impl ApiVersion {
            $(#[doc = $what] pub const $name: Self = Self::new($year, $month, $day);)+

            /// Every version in documentation, client libraries or recorded calls, oldest first.
            pub const KNOWN: &[Self] = &[$(Self::$name),+];
        }
    };
}

known! {
    V2009_10_01 = 2009-10-1, "The first version: deployments, swap, upgrade, walk, operation status.";
    V2010_04_01 = 2010-4-1, "Adds `StartDeployment`.";
    V2010_10_28 = 2010-10-28, "Adds create, update and delete of cloud services; reboot and reimage.";
    V2011_02_25 = 2011-2-25, "Adds affinity group changes and the operation log.";
    V2011_04_01 = 2011-4-1, "Adds `TreatWarningsAsError`.";
    V2011_06_01 = 2011-6-1, "Adds upgrade and fault domains of instances.";
    V2011_08_01 = 2011-8-1, "Adds `Mode` to Change Deployment Configuration.";
    V2011_10_01 = 2011-10-1, "Adds Rollback Update Or Upgrade, `Locked`, `RollbackAllowed` and `Force`.";
    V2012_03_01 = 2012-3-1, "Adds extended properties, virtual machines, management certificates.";
    V2012_08_01 = 2012-8-1, "Adds resource provider registration.";
    V2012_12_01 = 2012-12-1, "Adds `Simultaneous` upgrades, by one of two pages.";
    V2013_03_01 = 2013-3-1, "Adds extensions, and `Simultaneous` configuration changes.";
    V2013_06_01 = 2013-6-1, "Adds Rebuild Role Instance and deallocated deployments.";
    V2013_07_01 = 2013-7-1, "Named by one client library only.";
    V2013_08_01 = 2013-8-1, "Adds Delete Role Instances, role sizes and `comp=media`.";
    V2013_10_01 = 2013-10-1, "Named by one client library only.";
    V2013_11_01 = 2013-11-1, "Adds `InternalDnsSuffix` and static internal addresses.";
    V2014_02_01 = 2014-2-1, "The last version that reports `CyclingRole`.";
    V2014_04_01 = 2014-4-1, "Adds guest agent and extension states.";
    V2014_05_01 = 2014-5-1, "Adds reserved addresses, internal load balancers, compute capabilities.";
    V2014_06_01 = 2014-6-1, "Adds `ReverseDnsFqdn`, extension states, deployment events.";
    V2014_08_01 = 2014-8-1, "Adds several network interfaces.";
    V2014_10_01 = 2014-10-1, "The default of the last Python library.";
    V2015_02_01 = 2015-2-1, "Adds association of reserved addresses.";
    V2015_03_01 = 2015-3-1, "Adds domain name labels.";
    V2015_04_01 = 2015-4-1, "The last row of the documented history.";
    V2015_05_01 = 2015-5-1, "Adds `ExtendedInstanceStatus`; the newest that any page names.";
    V2015_09_01 = 2015-9-1, "Seen in recorded calls only.";
    V2016_03_01 = 2016-3-1, "Seen in recorded calls only.";
    V2016_07_01 = 2016-7-1, "Used by a network library.";
    V2017_01_01 = 2017-1-1, "Used by the last compute library for Node.js.";
    V2018_06_01 = 2018-6-1, "Adds service principals of a subscription; the newest known.";
}

impl ApiVersion {
    /// The version that an [`Endpoint`](crate::Endpoint) sends by default: 2015-04-01, the newest version
    /// whose changes are documented.
    pub const DEFAULT: Self = Self::V2015_04_01;

    const fn new(year: u16, month: u8, day: u8) -> Self {
        Self { year, month, day }
    }

    /// Whether the version is one of [`KNOWN`](Self::KNOWN).
    pub fn is_known(self) -> bool {
        Self::KNOWN.contains(&self)
    }
}

impl Default for ApiVersion {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiVersion({self})")
    }
}

impl FromStr for ApiVersion {
    type Err = InvalidApiVersion;

    fn from_str(text: &str) -> Result<Self, InvalidApiVersion> {
        let invalid = || InvalidApiVersion(text.chars().take(40).collect());
        let bytes = text.as_bytes();
        let shape = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shape {
            return Err(invalid());
        }
        let (year, month, day) = (text[..4].parse(), text[5..7].parse(), text[8..].parse());
        match (year, month, day) {
            (Ok(year), Ok(month @ 1..=12), Ok(day @ 1..=31)) => Ok(Self::new(year, month, day)),
            _ => Err(invalid()),
        }
    }
}

/// A text that is not a date of the form `2015-04-01`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidApiVersion(String);

impl fmt::Display for InvalidApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not an x-ms-version; give a date such as 2015-04-01", self.0)
    }
}

impl std::error::Error for InvalidApiVersion {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_versions_ascend_and_read_back() {
        assert!(ApiVersion::KNOWN.is_sorted());
        assert_eq!(ApiVersion::KNOWN.len(), 32);
        for version in ApiVersion::KNOWN {
            assert_eq!(version.to_string().parse(), Ok(*version));
        }
        assert_eq!(ApiVersion::V2011_10_01.to_string(), "2011-10-01");
    }

    #[test]
    fn what_is_no_date_is_refused_with_the_form_expected() {
        for text in [
            "",
            "2011-10-1",
            "2011/10/01",
            "2011-13-01",
            "2011-10-00",
            "2011-10-01 ",
            "２０１１-10-01",
        ] {
            let error = text.parse::<ApiVersion>().unwrap_err();
            assert!(error.to_string().contains("a date such as 2015-04-01"), "{error}");
        }
    }

    #[test]
    fn a_version_outside_the_list_is_possible_but_known_as_such() {
        let version: ApiVersion = "2030-01-01".parse().unwrap();
        assert!(!version.is_known());
        assert!(ApiVersion::DEFAULT.is_known());
    }
}
