//! Credentials of every kind that people have, as public tools wrote them; and ours, as public tools
//! read them.

mod certificate;
mod damage;
mod file_kinds;
mod fixtures;
mod openssl;
mod pkcs12;
mod pkcs12_writer;
mod pkcs8;
mod publish_settings;
