//! The `azure-classic` program: shows, rolls back, emulates and demonstrates cloud services of the
//! Azure Service Management ("classic") API.
//!
//! It is a library so that fuzz targets reach its readers; it promises no API. Results go to stdout; progress, errors and hints go to stderr. `azure-classic --help` lists the exit
//! codes.

mod arguments;
mod board;
mod cli_error;
mod commands;
mod connection;
mod credential;
mod decode;
mod demo;
mod doctor;
mod explain;
mod input;
#[cfg(test)]
mod manual;
mod output;
mod proxy;
mod report;
mod screen;
mod token;

use std::io;
use std::process::ExitCode;

use self::arguments::{Cli, Command, RolloutArgs, RolloutCommand};
use self::cli_error::CliError;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = Cli::parse_or_exit();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        // Who reads our output has seen enough, as in `azure-classic show … | head`.
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            output::warn(&failure);
            failure.exit_code()
        }
    }
}

fn run(cli: Cli) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let Cli { connection, command } = cli;
    let result = runtime.block_on(async {
        match command {
            Command::Demo(options) => demo::run(&options).await,
            Command::Rollback(options) => commands::rollback(&connection.open()?, &options).await,
            // A report needs no connection.
            Command::Rollout(RolloutArgs { command: RolloutCommand::Report(options) }) => {
                report::run(&options)
            }
            Command::Rollout(options) => commands::rollout(&connection.open()?, &options).await,
            Command::Decode(options) => decode::run(&options),
            Command::Show(options) => commands::show(&connection.open()?, &options).await,
            Command::Doctor(options) => doctor::run(&options, connection).await,
            Command::Emulator(options) => commands::emulator(&options, &connection).await,
        }
    });
    // A request that the emulator still works on holds up no end: its response can go nowhere.
    runtime.shutdown_background();
    result
}

/// Decodes lines as `azure-classic decode --jsonl` does, and drops what that would print.
///
/// # Errors
///
/// The message of the failure that would end the command.
#[doc(hidden)]
pub fn decode_jsonl(lines: &[u8]) -> Result<(), String> {
    decode::decode_jsonl(lines, io::sink()).map(drop).map_err(|failure| failure.to_string())
}
