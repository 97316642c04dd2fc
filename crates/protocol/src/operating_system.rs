//! Guest operating systems of web and worker roles.

mod list;
mod list_families;
mod model;

pub use self::list::{ListOperatingSystems, OperatingSystems};
pub use self::list_families::{
    ListOperatingSystemFamilies, OperatingSystemFamilies, OperatingSystemFamily,
};
pub use self::model::OperatingSystem;
