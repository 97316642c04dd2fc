//! Opens credentials of every kind, written by public tools, and lets public tools read those of this crate.

mod certificate;
mod damage;
mod file_kinds;
mod fixtures;
mod openssl;
mod pkcs12;
mod pkcs12_writer;
mod pkcs8;
mod publish_settings;
