mod changes;
mod hostile;
mod random;
mod reading;

use super::*;

/// Everything that this crate knows of, and much that it does not, laid out as people do.
const CONTOSO: &str = include_str!("tests/contoso.cscfg");

fn contoso() -> ServiceConfiguration {
    ServiceConfiguration::read(CONTOSO).unwrap()
}

/// A configuration with this content.
fn document(content: &str) -> String {
    format!("<ServiceConfiguration xmlns=\"{NAMESPACE}\">{content}</ServiceConfiguration>")
}

/// An error with its cause.
fn reported(error: &Error) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string);
    format!("{error}: {}", source.unwrap_or_default())
}
