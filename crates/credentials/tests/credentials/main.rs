//! Credentials of every kind that people have, as public tools wrote them.

mod certificate;
mod fixtures;
mod pkcs12;
mod pkcs8;
mod publish_settings;
