//! The guest operating systems of the middle of 2015, with those of the half year before.

use super::State::{Active, Default, Disabled};
use super::{Family, Release};

#[rustfmt::skip]
pub(super) const FAMILIES: &[Family] = &[
    Family { name: "1", label: "Windows Server 2008 SP2", releases: &[
        Release { number: "1.42", patches: "201412-01", state: Disabled },
        Release { number: "1.43", patches: "201501-01", state: Disabled },
        Release { number: "1.44", patches: "201502-01", state: Disabled },
        Release { number: "1.45", patches: "201503-01", state: Disabled },
    ] },
    Family { name: "2", label: "Windows Server 2008 R2", releases: &[
        Release { number: "2.34", patches: "201412-01", state: Disabled },
        Release { number: "2.35", patches: "201501-01", state: Disabled },
        Release { number: "2.36", patches: "201502-01", state: Disabled },
        Release { number: "2.37", patches: "201503-01", state: Active },
        Release { number: "2.38", patches: "201504-01", state: Active },
        Release { number: "2.39", patches: "201505-01", state: Disabled },
        Release { number: "2.39", patches: "201505-02", state: Active },
        Release { number: "2.40", patches: "201506-01", state: Default },
    ] },
    Family { name: "3", label: "Windows Server 2012", releases: &[
        Release { number: "3.22", patches: "201412-01", state: Disabled },
        Release { number: "3.23", patches: "201501-01", state: Disabled },
        Release { number: "3.24", patches: "201502-01", state: Disabled },
        Release { number: "3.25", patches: "201503-01", state: Active },
        Release { number: "3.26", patches: "201504-01", state: Active },
        Release { number: "3.27", patches: "201505-01", state: Disabled },
        Release { number: "3.27", patches: "201505-02", state: Active },
        Release { number: "3.28", patches: "201506-01", state: Default },
    ] },
    Family { name: "4", label: "Windows Server 2012 R2", releases: &[
        Release { number: "4.15", patches: "201412-01", state: Disabled },
        Release { number: "4.16", patches: "201501-01", state: Disabled },
        Release { number: "4.17", patches: "201502-01", state: Disabled },
        Release { number: "4.18", patches: "201503-01", state: Active },
        Release { number: "4.19", patches: "201504-01", state: Active },
        Release { number: "4.20", patches: "201505-01", state: Disabled },
        Release { number: "4.20", patches: "201505-02", state: Active },
        Release { number: "4.21", patches: "201506-01", state: Default },
    ] },
];
