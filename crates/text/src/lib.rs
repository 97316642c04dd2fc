//! Text from outside: [`decode`] reads it from files as users save them, and [`sanitize`] escapes it
//! before it reaches a terminal, a log line or a journal.
//!
//! Every crate of this toolkit that reads a text file or prints foreign text uses these two functions.
//! The crate has no dependencies and does no I/O.
//!
//! # Example
//!
//! ```
//! use azure_classic_text::{decode, sanitize};
//!
//! // Notepad's "Unicode" is UTF-16 with a byte order mark.
//! assert_eq!(decode(b"\xff\xfeO\0K\0")?, "OK");
//! assert_eq!(sanitize("green\u{1b}[31m\nred").to_string(), r"green\u{1b}[31m\nred");
//! # Ok::<(), azure_classic_text::DecodeError>(())
//! ```

mod decode;
mod sanitize;

pub use decode::{DecodeError, decode};
pub use sanitize::{Sanitized, sanitize};
