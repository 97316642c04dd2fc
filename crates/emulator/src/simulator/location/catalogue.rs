//! The locations of the public cloud. The sizes are those of the middle of 2015.

use super::Location;
use crate::simulator::role_size::Series::{A, D, Ds, G, Hpc};

/// In the order of the service; those that opened later follow.
#[rustfmt::skip]
pub(super) const LOCATIONS: &[Location] = &[
    Location { name: "East US", paired_region: "West US", series: &[A, Hpc, D] },
    Location { name: "West US", paired_region: "East US", series: &[A, Hpc, D, Ds, G] },
    Location { name: "Central US", paired_region: "East US 2", series: &[A, D] },
    Location { name: "South Central US", paired_region: "North Central US", series: &[A, Hpc, D] },
    Location { name: "North Central US", paired_region: "South Central US", series: &[A, Hpc, D] },
    Location { name: "East US 2", paired_region: "Central US", series: &[A, D, Ds, G] },
    Location { name: "North Europe", paired_region: "West Europe", series: &[A, Hpc, D] },
    Location { name: "West Europe", paired_region: "North Europe", series: &[A, Hpc, D, Ds] },
    Location { name: "Southeast Asia", paired_region: "East Asia", series: &[A, D, Ds] },
    Location { name: "East Asia", paired_region: "Southeast Asia", series: &[A, D] },
    Location { name: "Japan West", paired_region: "Japan East", series: &[A, D, Ds] },
    Location { name: "Japan East", paired_region: "Japan West", series: &[A, Hpc, D] },
    Location { name: "Brazil South", paired_region: "South Central US", series: &[A] },
    Location { name: "Australia Southeast", paired_region: "Australia East", series: &[A, D] },
    Location { name: "Australia East", paired_region: "Australia Southeast", series: &[A, D, Ds] },
    Location { name: "Central India", paired_region: "South India", series: &[A] },
    Location { name: "South India", paired_region: "Central India", series: &[A] },
    Location { name: "West India", paired_region: "South India", series: &[A] },
    Location { name: "Canada Central", paired_region: "Canada East", series: &[A, D] },
    Location { name: "Canada East", paired_region: "Canada Central", series: &[A, D] },
    Location { name: "UK South", paired_region: "UK West", series: &[A, D] },
    Location { name: "UK West", paired_region: "UK South", series: &[A, D] },
    Location { name: "West Central US", paired_region: "West US 2", series: &[A, D] },
    Location { name: "West US 2", paired_region: "West Central US", series: &[A, D] },
    Location { name: "Korea Central", paired_region: "Korea South", series: &[A, D] },
    Location { name: "Korea South", paired_region: "Korea Central", series: &[A, D] },
];
