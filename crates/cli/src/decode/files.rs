//! Single documents.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::Path;

use azure_classic::protocol::Bytes;
use azure_classic::protocol::xml::Limits;

use super::answer::Reading;
use super::catalogue::{Answer, Catalogue, Known};
use crate::failure::Failure;
use crate::output::{print, print_json};

/// Decodes documents, one after the other.
#[derive(Debug)]
pub(crate) struct Documents<'c> {
    pub(crate) catalogue: &'c Catalogue,
    /// The operation whose answers they are, where it was named.
    pub(crate) operation: Option<&'c Known>,
    /// Whether to print what the model does not carry, and not the model.
    pub(crate) unknown: bool,
    /// Whether lines have to say which file they are about.
    pub(crate) named: bool,
}

impl Documents<'_> {
    /// Decodes a file; `-` is standard input.
    pub(crate) fn decode(&self, file: &Path) -> Result<(), Failure> {
        let from_stdin = file == Path::new("-");
        let name = if from_stdin { "standard input".into() } else { file.to_string_lossy() };
        let read = if from_stdin { read(io::stdin()) } else { File::open(file).and_then(read) };
        let body =
            read.map_err(|error| Failure::usage(error).while_doing(format!("cannot read {name}")))?;
        let answer = Answer::new(body);
        let failed = |error: Box<dyn std::error::Error>| {
            Failure::new(error).while_doing(format!("cannot decode {name}"))
        };

        let reading = Reading::of_document(self.catalogue, self.operation, &answer);
        let decoded = reading.outcome.map_err(|trouble| failed(trouble.into()))?;
        if self.unknown {
            let prefix = if self.named { format!("{name}: ") } else { String::new() };
            for path in decoded.listed() {
                print(&format!("{prefix}{path}"))?;
            }
            return Ok(());
        }
        let model = (decoded.model)(&answer).map_err(|error| failed(error.into()))?;
        Ok(print_json(&model)?)
    }

    /// Decodes all of them, whatever becomes of some.
    pub(crate) fn decode_all(&self, files: &[impl AsRef<Path>]) -> Result<(), Failure> {
        let mut failed = 0;
        for file in files {
            match self.decode(file.as_ref()) {
                Err(failure) if failure.is_broken_pipe() => return Err(failure),
                Err(failure) => {
                    failed += 1;
                    // Where stderr is closed, the exit code is left to say it.
                    let _ = write!(io::stderr(), "{failure}");
                }
                Ok(()) => {}
            }
        }
        if failed == 0 {
            return Ok(());
        }
        Err(Failure::new(format!("{failed} of {} files could not be decoded", files.len())))
    }
}

/// Reads no more than what the reader of XML refuses for its size.
fn read(input: impl Read) -> io::Result<Bytes> {
    let limit = Limits::default().bytes;
    let mut body = Vec::new();
    input.take(limit as u64 + 1).read_to_end(&mut body)?;
    if body.len() > limit {
        let what = format!("it has more than {} MiB, which no answer has", limit >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
    }
    Ok(Bytes::from(body))
}
