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
A FILE holds the body of one response. Its operation is told from its root element, unless --operation
names it; an Error is decoded as one in any case. The model is printed as JSON, without what the
response leaves out. With several files one JSON document follows the other; a file that cannot be
decoded is reported, and the others are decoded still.

With --unknown each line is the path of an element, an attribute or a text that the response holds and
the model does not, such as Deployment/RoleList/Role[2]/@type: each kind once, where it occurs first.
Nothing is printed if the model carries everything.

With --jsonl each line of standard input is a JSON object that holds
  status            of the response
  response_body     the body, as a string; null, \"\" or absent for none
and, where known,
  method, path      of the request; with or without the subscription, or a whole address
  query             as a string or an object
  response_headers  an object of strings, or of lists of strings
and each line of the output is one that holds
  operation         the name of the operation, or null if it cannot be told
  ok                whether the response was decoded
  error             why not, or null
  unknown           the paths that --unknown prints
The operation is told from method, path and query, else from the root element. A status from 400 up
is decoded as an Error. A line has at most 32 MiB. A summary goes to stderr at the end.

Secrets in a response, such as keys of storage accounts, are printed as they are.

Exit codes: 0 done (with --jsonl: whatever the answers were), 1 a file could not be decoded or the
output not be written, 2 wrong command line, or the file cannot be read.";

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
    /// Print what the model does not carry, and not the model
    #[arg(long)]
    unknown: bool,
    /// Decode an archive of one response in each line, from standard input to standard output
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
