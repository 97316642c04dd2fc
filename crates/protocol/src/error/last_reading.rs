use std::any::Any;

use super::Error;

impl Error {
    /// Returns the last reading of a poll before its timeout: the output of its operation, such as
    /// [`Deployment`](crate::Deployment).
    ///
    /// `None` for other errors, for another type, and if nothing could be read.
    ///
    /// # Example
    ///
    /// ```
    /// use azure_classic_protocol::{Deployment, Error};
    ///
    /// fn describe(error: &Error) -> String {
    ///     match error.last_reading::<Deployment>() {
    ///         Some(deployment) => format!("{error}; the deployment was {}", deployment.status),
    ///         None => error.to_string(),
    ///     }
    /// }
    /// ```
    pub fn last_reading<T: Any>(&self) -> Option<&T> {
        self.0.last_reading.as_deref().and_then(|value| (value as &dyn Any).downcast_ref())
    }

    pub(crate) fn with_last_reading<T: Any + Send + Sync>(mut self, value: Option<T>) -> Self {
        self.0.last_reading = value.map(|value| Box::new(value) as _);
        self
    }
}
