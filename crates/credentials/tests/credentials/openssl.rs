//! The program `openssl`, where there is one.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

pub(crate) struct Openssl {
    /// Whether RC2 is with its legacy provider, as since version 3.
    has_providers: bool,
}

/// The program on the path. Says so where there is none.
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

/// Past the test harness, which keeps what a test that passes prints.
fn skipped(reason: &str) {
    let _ = writeln!(io::stderr(), "SKIPPED: opening PKCS#12 with openssl, because {reason}");
}

impl Openssl {
    /// What it finds in a file, in PEM. None where its build does not know RC2.
    pub(crate) fn open_pkcs12(&self, file: &[u8], password: &str, has_rc2: bool) -> Option<String> {
        let mut command = Command::new("openssl");
        command.args(["pkcs12", "-nodes", "-passin"]).arg(format!("pass:{password}"));
        if has_rc2 && self.has_providers {
            command.arg("-legacy");
        }
        let pipe = Stdio::piped;
        let mut child = command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
        // It may be gone already, and says below why.
        let _ = child.stdin.take().unwrap().write_all(file);
        let output = child.wait_with_output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        if has_rc2 && !output.status.success() && complaint.contains("provider") {
            skipped("its legacy provider, and with it RC2, is not installed");
            return None;
        }
        assert!(output.status.success(), "{password:?}: {complaint}");
        Some(String::from_utf8(output.stdout).unwrap())
    }
}
