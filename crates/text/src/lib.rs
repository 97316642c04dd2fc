//! Handles text from outside: [`decode`] reads it from files as users save them, and [`sanitize`] escapes it
//! before it reaches a terminal, a log line or a journal; [`escape_json`] does the same in JSON.
//!
//! Every crate of this toolkit that reads a text file or prints foreign text uses these functions. The crate
//! has no dependencies, and does no I/O without the feature `file`. That feature adds `read_file` and
//! `read_text_file`, which read regular files up to a limit. A directory, a pipe without a writer or a device
//! is then an error instead of a hang.
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
#[cfg(feature = "file")]
mod file;
mod json;
mod sanitize;

pub use decode::{DecodeError, decode};
#[cfg(feature = "file")]
pub use file::{read_file, read_stream, read_text_file};
pub use json::escape_json;
pub use sanitize::{Sanitized, is_hidden, sanitize};
