//! `azure-classic decode`: reads stored responses of the service.

mod archive_line;
mod catalogue;
mod decode_error;
mod documents;
mod jsonl;
mod request_line;
mod response;
mod route;
mod summary;

use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;

use clap::Args;

use self::catalogue::{Catalogue, KnownOperation};
use self::documents::DocumentDecoder;
use self::summary::Summary;
use crate::cli_error::CliError;
use crate::output::{print_lines, warn};

const HELP: &str = "\
A FILE contains the body of one response. Its root element identifies the operation, unless --operation
names it; an Error is always decoded as one. The model is printed as JSON, without absent elements. With
several files there is one JSON document per file; a file that cannot be decoded is reported, and the others
are still decoded.

With --unknown each line is the path of an element, an attribute or a text that the model lacks, such as
Deployment/RoleList/Role[2]/@type: each kind once, at its first place. Nothing is printed if the model is
complete.

With --jsonl each line of standard input is a JSON object with
  status            of the response
  response_body     the body, as a string; null, \"\" or absent for none
and, if known,
  method, path      of the request; with or without the subscription, or an absolute address
  query             as a string or an object
  response_headers  an object of strings, or of lists of strings
and each line of the output is a JSON object with
  operation         the name of the operation, or null if it is unknown
  ok                whether the response was decoded
  error             the reason if not, or null
  unknown           the paths that --unknown prints
Method, path and query identify the operation, otherwise the root element. A status from 400 up is decoded
as an Error. A line has at most 32 MiB. A summary goes to stderr at the end.

Secrets in a response, such as keys of storage accounts, are printed unchanged.

Exit codes: 0 done (with --jsonl: for any responses), 1 a file could not be decoded or the output could not
be written, 2 invalid command line, or an unreadable file.";

/// Needs no connection.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct DecodeArgs {
    /// Files with the bodies of responses; `-` or none for standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The operation of the responses, such as "Get Deployment"; `help` lists them
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,
    /// Print the parts that the model lacks, instead of the model
    #[arg(long)]
    unknown: bool,
    /// Decode an archive with one response per line, from standard input to standard output
    #[arg(long, conflicts_with_all = ["files", "operation"])]
    jsonl: bool,
}

pub(crate) fn run(options: &DecodeArgs) -> Result<(), CliError> {
    if options.jsonl {
        return decode_stdin();
    }
    let catalogue = Catalogue::new();
    let operation = match &options.operation {
        Some(help) if help.eq_ignore_ascii_case("help") => {
            return Ok(print_lines(catalogue.names())?);
        }
        Some(name) => Some(named(&catalogue, name)?),
        None => None,
    };
    let documents = DocumentDecoder {
        catalogue: &catalogue,
        operation,
        unknown: options.unknown,
        prefixes_names: options.files.len() > 1,
    };
    match &options.files[..] {
        [] => documents.decode("-".as_ref()),
        [file] => documents.decode(file),
        files => documents.decode_all(files),
    }
}

fn named<'c>(catalogue: &'c Catalogue, name: &str) -> Result<&'c KnownOperation, CliError> {
    catalogue.named(name).ok_or_else(|| {
        let names: Vec<_> = catalogue.names().collect();
        CliError::usage(format!("no operation is called {name:?}"))
            .hint(format!("the operations are {}", names.join(", ")))
    })
}

fn decode_stdin() -> Result<(), CliError> {
    let output = BufWriter::new(io::stdout().lock());
    let summary = decode_jsonl(io::stdin().lock(), output)?;
    warn(&summary);
    Ok(())
}

/// Decodes an archive of one response in each line.
pub(crate) fn decode_jsonl(input: impl Read, output: impl Write) -> Result<Summary, CliError> {
    jsonl::decode(&Catalogue::new(), input, output)
}
