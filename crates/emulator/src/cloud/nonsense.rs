//! What makes no sense in a file that a cloud is loaded from.

use std::fmt::Display;

/// Where in the file, and what.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Nonsense {
    /// The names of the members on the way to it, with dots between them.
    pub(crate) place: String,
    /// What is wrong there, as the rest of a sentence whose subject is the place.
    pub(crate) what: String,
}

impl Nonsense {
    pub(crate) fn new(place: impl Display, what: impl Into<String>) -> Self {
        Self { place: place.to_string(), what: what.into() }
    }

    /// The same as seen from the thing that holds the place.
    pub(crate) fn inside(self, outer: impl Display) -> Self {
        Self { place: format!("{outer}.{}", self.place), ..self }
    }
}

/// Numbers are given by counting on: past all that are in use, and never near the end of the type.
pub(crate) fn check_counter<N: Into<u64>>(
    place: &str,
    counter: N,
    used: impl IntoIterator<Item = N>,
) -> Result<(), Nonsense> {
    let most =
        if size_of::<N>() == size_of::<u32>() { u64::from(u32::MAX / 2) } else { u64::MAX / 2 };
    let counter = counter.into();
    let highest = used.into_iter().map(Into::into).max().unwrap_or_default();
    if counter < highest {
        return Err(Nonsense::new(place, format!("is {counter}, but {highest} is in use")));
    }
    if counter > most {
        return Err(Nonsense::new(place, format!("is {counter}; at most {most} makes sense")));
    }
    Ok(())
}
