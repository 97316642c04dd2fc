use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::xml;

/// A data disk of a virtual machine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DataVirtualHardDisk {
    /// How the host caches it.
    pub host_caching: Option<HostCaching>,
    /// Undocumented here.
    pub disk_label: Option<String>,
    /// Its name in the subscription.
    pub disk_name: Option<String>,
    /// Its logical unit number, 0 to 31; the service drops the element when it is 0.
    #[serde(default, deserialize_with = "xml::or_default")]
    pub lun: i64,
    /// Its size.
    #[serde(rename = "LogicalDiskSizeInGB")]
    #[serde(default, deserialize_with = "xml::lenient")]
    pub logical_disk_size_in_gb: Option<u32>,
    /// The blob that holds it.
    pub media_link: Option<String>,
    /// Undocumented here.
    pub source_media_link: Option<String>,
    /// The kind of its storage. Since 2014-10-01.
    #[serde(rename = "IOType")]
    pub io_type: Option<IoType>,
}

/// The system disk of a virtual machine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "OSVirtualHardDisk", rename_all = "PascalCase")]
pub struct OsVirtualHardDisk {
    /// How the host caches it.
    pub host_caching: Option<HostCaching>,
    /// Undocumented here.
    pub disk_label: Option<String>,
    /// Its name in the subscription.
    pub disk_name: Option<String>,
    /// The blob that holds it.
    pub media_link: Option<String>,
    /// The image that it was made of.
    pub source_image_name: Option<String>,
    /// The operating system on it.
    #[serde(rename = "OS")]
    pub os: Option<Os>,
    /// The image elsewhere that it was made of. Since 2014-05-01.
    pub remote_source_image_link: Option<String>,
    /// The kind of its storage. Since 2014-10-01.
    #[serde(rename = "IOType")]
    pub io_type: Option<IoType>,
    /// Undocumented here.
    #[serde(rename = "ResizedSizeInGB")]
    #[serde(default, deserialize_with = "xml::lenient")]
    pub resized_size_in_gb: Option<u32>,
}

open_enum! {
    /// How a host caches a disk.
    pub enum HostCaching {
        /// Not at all; data disks only.
        None,
        /// For reading.
        ReadOnly,
        /// For reading and writing.
        ReadWrite,
    }
}

open_enum! {
    /// The kind of storage under a disk.
    pub enum IoType {
        /// With a guaranteed rate.
        Provisioned,
        /// Without.
        Standard,
    }
}

open_enum! {
    /// The operating system on a disk.
    pub enum Os {
        /// Windows.
        Windows,
        /// Linux.
        Linux,
    }
}

/// How the disks of an image are resized. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "VMImageInput", rename_all = "PascalCase")]
pub struct VmImageInput {
    /// The system disk.
    #[serde(rename = "OSDiskConfiguration")]
    pub os_disk_configuration: Option<OsDiskConfiguration>,
    /// The data disks.
    #[serde(default)]
    pub data_disk_configurations: Vec<DataDiskConfiguration>,
}

/// How the system disk of an image is resized. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "OSDiskConfiguration", rename_all = "PascalCase")]
pub struct OsDiskConfiguration {
    /// Its new size.
    #[serde(rename = "ResizedSizeInGB")]
    #[serde(default, deserialize_with = "xml::lenient")]
    pub resized_size_in_gb: Option<u32>,
}

/// How a data disk of an image is resized. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DataDiskConfiguration {
    /// Names the disk.
    pub name: Option<String>,
    /// Its new size.
    #[serde(rename = "ResizedSizeInGB")]
    #[serde(default, deserialize_with = "xml::lenient")]
    pub resized_size_in_gb: Option<u32>,
}
