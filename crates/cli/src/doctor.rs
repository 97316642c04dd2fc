//! `azure-classic doctor`: what is in a credential's file, and how far a connection goes.

mod connect;
mod examine;
mod report;

use std::time::SystemTime;

use self::report::Report;
use crate::arguments::DoctorArgs;
use crate::connection::ConnectionArgs;
use crate::credential::{Kind, passphrase, read};
use crate::failure::Failure;
use crate::output::print_escaped;

pub(crate) async fn run(
    options: &DoctorArgs,
    mut connection: ConnectionArgs,
) -> Result<(), Failure> {
    let passphrase = passphrase(connection.passphrase_stdin)?;
    let mut files = Vec::new();
    for path in &options.files {
        files.push((path.clone(), read(path, "the file")?));
    }
    let reports = examine::all(&files, passphrase.as_deref(), SystemTime::now());
    for report in &reports {
        print_escaped(&report.to_string())?;
    }
    if options.connect {
        if let Some((path, text)) = files.first() {
            connection = connection.or_file(path, Kind::of(text));
        }
        connect::probe(&connection.open_with(passphrase.as_deref())?).await?;
    }
    match reports.iter().map(Report::problems).sum() {
        0_usize => Ok(()),
        1 => Err(Failure::new("there is a problem")),
        count => Err(Failure::new(format!("there are {count} problems"))),
    }
}
