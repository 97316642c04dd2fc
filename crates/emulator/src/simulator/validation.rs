//! The problems of a file that a simulator is loaded from.

use std::fmt::Display;

/// Where in the file, and what.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InvalidState {
    /// The names of the members on the way to it, with dots between them.
    pub(crate) path: String,
    /// The problem, as the rest of a sentence that starts with the path.
    pub(crate) problem: String,
}

impl InvalidState {
    pub(crate) fn new(place: impl Display, what: impl Into<String>) -> Self {
        Self { path: place.to_string(), problem: what.into() }
    }

    /// The same as seen from the thing that holds the place.
    pub(crate) fn inside(self, outer: impl Display) -> Self {
        Self { path: format!("{outer}.{}", self.path), ..self }
    }
}

/// Numbers are given by counting on: past all that are in use, and never near the end of the type.
pub(crate) fn check_counter<N: Into<u64>>(
    place: &str,
    counter: N,
    used: impl IntoIterator<Item = N>,
) -> Result<(), InvalidState> {
    let most =
        if size_of::<N>() == size_of::<u32>() { u64::from(u32::MAX / 2) } else { u64::MAX / 2 };
    let counter = counter.into();
    let highest = used.into_iter().map(Into::into).max().unwrap_or_default();
    if counter < highest {
        return Err(InvalidState::new(place, format!("is {counter}, but {highest} is in use")));
    }
    if counter > most {
        return Err(InvalidState::new(place, format!("is {counter}; at most {most} is allowed")));
    }
    Ok(())
}
