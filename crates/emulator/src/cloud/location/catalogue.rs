//! The locations of the public cloud. The sizes are those of the middle of 2015.

use super::Location;
use crate::cloud::role_size::Series::{A, D, Ds, G, Hpc};

/// In the order of the service; those that opened later follow.
#[rustfmt::skip]
pub(super) const LOCATIONS: &[Location] = &[
    Location { name: "East US", secondary: "West US", series: &[A, Hpc, D] },
    Location { name: "West US", secondary: "East US", series: &[A, Hpc, D, Ds, G] },
    Location { name: "Central US", secondary: "East US 2", series: &[A, D] },
    Location { name: "South Central US", secondary: "North Central US", series: &[A, Hpc, D] },
    Location { name: "North Central US", secondary: "South Central US", series: &[A, Hpc, D] },
    Location { name: "East US 2", secondary: "Central US", series: &[A, D, Ds, G] },
    Location { name: "North Europe", secondary: "West Europe", series: &[A, Hpc, D] },
    Location { name: "West Europe", secondary: "North Europe", series: &[A, Hpc, D, Ds] },
    Location { name: "Southeast Asia", secondary: "East Asia", series: &[A, D, Ds] },
    Location { name: "East Asia", secondary: "Southeast Asia", series: &[A, D] },
    Location { name: "Japan West", secondary: "Japan East", series: &[A, D, Ds] },
    Location { name: "Japan East", secondary: "Japan West", series: &[A, Hpc, D] },
    Location { name: "Brazil South", secondary: "South Central US", series: &[A] },
    Location { name: "Australia Southeast", secondary: "Australia East", series: &[A, D] },
    Location { name: "Australia East", secondary: "Australia Southeast", series: &[A, D, Ds] },
    Location { name: "Central India", secondary: "South India", series: &[A] },
    Location { name: "South India", secondary: "Central India", series: &[A] },
    Location { name: "West India", secondary: "South India", series: &[A] },
    Location { name: "Canada Central", secondary: "Canada East", series: &[A, D] },
    Location { name: "Canada East", secondary: "Canada Central", series: &[A, D] },
    Location { name: "UK South", secondary: "UK West", series: &[A, D] },
    Location { name: "UK West", secondary: "UK South", series: &[A, D] },
    Location { name: "West Central US", secondary: "West US 2", series: &[A, D] },
    Location { name: "West US 2", secondary: "West Central US", series: &[A, D] },
    Location { name: "Korea Central", secondary: "Korea South", series: &[A, D] },
    Location { name: "Korea South", secondary: "Korea Central", series: &[A, D] },
];
