//! Runs the program `openssl`, if it is installed.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

pub(crate) struct Openssl {
    /// Whether RC2 needs the legacy provider, as since version 3.
    has_providers: bool,
}

/// Finds the program on the path, or prints why it is not used.
pub(crate) fn find() -> Option<Openssl> {
    let Ok(output) = Command::new("openssl").arg("version").output() else {
        skipped("there is no program openssl on the path");
        return None;
    };
    let version = String::from_utf8_lossy(&output.stdout);
    let major = version.strip_prefix("OpenSSL ").and_then(|rest| rest.split('.').next());
    let Some(major) = major.and_then(|major| major.parse::<u32>().ok()) else {
        skipped(&format!("the program on the path is {}", version.trim()));
        return None;
    };
    Some(Openssl { has_providers: major >= 3 })
}

/// Writes past the test harness, which captures the output of passing tests.
fn skipped(reason: &str) {
    let _ = writeln!(io::stderr(), "SKIPPED: opening PKCS#12 with openssl, because {reason}");
}

impl Openssl {
    /// Returns the contents of a file in PEM; `None` if its build does not support RC2.
    pub(crate) fn open_pkcs12(&self, file: &[u8], password: &str, has_rc2: bool) -> Option<String> {
        let mut command = Command::new("openssl");
        command.args(["pkcs12", "-nodes", "-passin"]).arg(format!("pass:{password}"));
        if has_rc2 && self.has_providers {
            command.arg("-legacy");
        }
        let pipe = Stdio::piped;
        let mut child = command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
        // The process may have ended already; the exit status below shows why.
        let _ = child.stdin.take().unwrap().write_all(file);
        let output = child.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        if has_rc2 && !output.status.success() && error.contains("provider") {
            skipped("its legacy provider, and with it RC2, is not installed");
            return None;
        }
        assert!(output.status.success(), "{password:?}: {error}");
        Some(String::from_utf8(output.stdout).unwrap())
    }
}
