//! Single documents.

use std::io;
use std::path::Path;

use azure_classic::protocol::Bytes;
use azure_classic::protocol::xml::Limits;
use azure_classic_text::{DecodeError, decode, read_file, read_stream};

use super::catalogue::{Catalogue, HttpResponse, KnownOperation};
use super::response::DecodeResult;
use crate::cli_error::CliError;
use crate::output::{print_json, print_lines, warn};

/// Decodes documents, one after the other.
#[derive(Debug)]
pub(crate) struct DocumentDecoder<'c> {
    pub(crate) catalogue: &'c Catalogue,
    /// The operation of the responses, if it was given.
    pub(crate) operation: Option<&'c KnownOperation>,
    /// Whether to print what the model does not carry, and not the model.
    pub(crate) unknown: bool,
    /// Whether lines have to say which file they are about.
    pub(crate) prefixes_names: bool,
}

impl DocumentDecoder<'_> {
    /// Decodes a file; `-` is standard input.
    pub(crate) fn decode(&self, file: &Path) -> Result<(), CliError> {
        let from_stdin = file == Path::new("-");
        let name = if from_stdin { "standard input".into() } else { file.to_string_lossy() };
        let read =
            if from_stdin { read_stream(io::stdin(), limit()) } else { read_file(file, limit()) };
        let body =
            read.map_err(|error| CliError::usage(error).context(format!("cannot read {name}")))?;
        let response = HttpResponse::new(
            as_utf_8(body)
                .map_err(|error| CliError::new(error).context(format!("cannot decode {name}")))?,
        );
        let failed = |error: Box<dyn std::error::Error>| {
            CliError::new(error).context(format!("cannot decode {name}"))
        };

        let reading = DecodeResult::from_document(self.catalogue, self.operation, &response);
        let decoded = reading.outcome.map_err(|error| failed(error.into()))?;
        if self.unknown {
            let prefix = if self.prefixes_names { format!("{name}: ") } else { String::new() };
            let lines = decoded.unknown_paths().into_iter().map(|path| format!("{prefix}{path}"));
            return Ok(print_lines(lines)?);
        }
        let model = (decoded.model)(&response).map_err(|error| failed(error.into()))?;
        Ok(print_json(&model)?)
    }

    /// Decodes all of them, whatever becomes of some.
    pub(crate) fn decode_all(&self, files: &[impl AsRef<Path>]) -> Result<(), CliError> {
        let mut failed = 0;
        for file in files {
            match self.decode(file.as_ref()) {
                Err(failure) if failure.is_broken_pipe() => return Err(failure),
                Err(failure) => {
                    failed += 1;
                    warn(&failure);
                }
                Ok(()) => {}
            }
        }
        if failed == 0 {
            return Ok(());
        }
        Err(CliError::new(format!("{failed} of {} files could not be decoded", files.len())))
    }
}

/// The limits of the XML reader.
fn limit() -> usize {
    Limits::default().bytes
}

/// The body as the service sent it, of a file that was saved in another encoding.
fn as_utf_8(body: Vec<u8>) -> Result<Bytes, DecodeError> {
    // UTF-8 stays as it is: the reader of XML knows what services get wrong in it.
    if body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff") {
        return decode(&body).map(|text| Bytes::from(text.into_owned()));
    }
    Ok(Bytes::from(body))
}
