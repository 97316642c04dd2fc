//! The checks and generators of this workspace. `cargo xtask help` lists them.

mod catalogue;
mod ci;
mod clients;
mod deny;
mod docs;
mod elements;
mod finding;
mod fuzz;
mod implemented;
mod lexer;
mod markdown;
mod new_operation;
mod operation_file;
mod program;
mod rust_literals;
mod rust_text;
mod shell;
mod simulate;
mod soak;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::finding::Finding;
use self::workspace::Workspace;

/// The checks and generators of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate the pages of operations and commands, the counts of the README, and the pictures.
    Docs {
        /// Write nothing; fail if a generated text is stale.
        #[arg(long)]
        check: bool,
    },
    /// Write the source file of an operation from the catalogue and the lists of elements
    NewOperation {
        /// As docs/operations.toml names it, such as "Reboot Role Instance".
        name: String,
        /// The module of the resource; that of the operation's group where there is one.
        #[arg(long)]
        folder: Option<String>,
    },
    /// Check the house rules that neither rustc nor clippy checks.
    Tidy,
    /// Count the uses of denied words, or list the uses that some rules deny
    Words(tidy::words::Options),
    /// Run the shell blocks of the README and the tutorial against the emulator.
    Shell(shell::Options),
    /// Simulate rollouts on a virtual clock with injected failures
    Simulate(simulate::Options),
    /// Check licences, sources, duplicates and advisories of all dependencies with cargo-deny.
    Deny,
    /// Fuzz the readers and the emulator, guided by coverage, or replay the corpora.
    Fuzz(fuzz::Options),
    /// Drive a daemon under mixed, faulty and hostile traffic, and print its memory over time.
    Soak(soak::Options),
    /// Run every check in order, as a change must pass them.
    Ci(ci::Options),
    /// Drive the emulator with old clients of other makers, which are installed into a temporary place.
    Clients(clients::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = Workspace::find().and_then(|workspace| match arguments.command {
        Command::Docs { check: false } => docs::write(&workspace),
        Command::Docs { check: true } => docs::check(&workspace),
        Command::NewOperation { name, folder } => {
            new_operation::run(&workspace, &name, folder.as_deref())
        }
        Command::Tidy => tidy::run(&workspace),
        Command::Words(options) => tidy::words::run(&workspace, &options),
        Command::Shell(options) => shell::run(&workspace, &options),
        Command::Simulate(options) => simulate::run(&workspace, &options),
        Command::Deny => deny::run(&workspace),
        Command::Fuzz(options) => fuzz::run(&workspace, &options),
        Command::Soak(options) => soak::run(&workspace, &options),
        Command::Ci(options) => ci::run(&workspace, &options),
        Command::Clients(options) => clients::run(&workspace, &options),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Prints what was found; an error if that is anything.
fn report(findings: &[Finding]) -> Result<(), String> {
    for finding in findings {
        eprintln!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => Err("1 finding".to_owned()),
        count => Err(format!("{count} findings")),
    }
}
