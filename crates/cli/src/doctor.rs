//! `azure-classic doctor`: what is in a credential's file, and how far a connection goes.

mod connect;
mod describe;
mod examine;
mod report;
mod source;

use std::time::SystemTime;

use self::report::ExaminationReport;
use self::source::Source;
use crate::arguments::DoctorArgs;
use crate::cli_error::CliError;
use crate::connection::ConnectionArgs;
use crate::credential::passphrase;
use crate::output::print_escaped;

pub(crate) async fn run(
    options: &DoctorArgs,
    mut connection: ConnectionArgs,
) -> Result<(), CliError> {
    let passphrase = passphrase(connection.passphrase_stdin)?;
    let sources: Result<Vec<_>, _> =
        options.files.iter().map(|path| Source::read(path, "the file")).collect();
    let sources = sources?;
    let mut reports = examine::credentials(&sources, passphrase.as_deref(), SystemTime::now());
    if let Some(ca) = &connection.ca {
        let ca = Source::read(ca, "the root certificate")?;
        reports.push(examine::roots(&ca, SystemTime::now()));
    }
    for report in &reports {
        print_escaped(&report.to_string())?;
    }
    if options.connect {
        if let (Some(path), Some(source)) = (options.files.first(), sources.first()) {
            connection = connection.with_default_file(path, source.file.kind());
        }
        connect::probe(&connection.open_with(passphrase.as_deref())?).await?;
    }
    match reports.iter().map(ExaminationReport::problems).sum() {
        0_usize => Ok(()),
        1 => Err(CliError::new("there is a problem")),
        count => Err(CliError::new(format!("there are {count} problems"))),
    }
}
