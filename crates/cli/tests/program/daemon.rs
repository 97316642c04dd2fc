//! `azure-classic emulator` as a separate process.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::rc::Rc;

use tempfile::TempDir;

/// A running emulator, ended with the test.
pub(crate) struct Daemon {
    dir: Rc<TempDir>,
    pub(crate) child: Child,
    /// Kept open, so that the daemon can write to it.
    pub(crate) stdout: BufReader<ChildStdout>,
}

impl Daemon {
    /// Starts an emulator on a free port, and waits until it is ready.
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::start_in(&Rc::new(tempfile::tempdir().unwrap()), options)
    }

    /// The same in a folder that others use, too.
    pub(crate) fn start_in(dir: &Rc<TempDir>, options: &[&str]) -> Self {
        Self::start_with(dir, options, Stdio::inherit())
    }

    /// The same with another destination of its errors and notices.
    pub(crate) fn start_with(
        dir: &Rc<TempDir>,
        options: &[&str],
        stderr: impl Into<Stdio>,
    ) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_azure-classic"))
            .arg("emulator")
            .arg("--dir")
            .arg(dir.path())
            .args(options)
            .env_remove("AZURE_CLASSIC_SUBSCRIPTION")
            .env_remove("AZURE_CLASSIC_EMULATOR")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut daemon = Self { dir: dir.clone(), child, stdout };
        let first = daemon.read_line();
        assert!(first.starts_with("listening on https://127.0.0.1:"), "{first:?}");
        daemon
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The next line of its output, or nothing at the end.
    pub(crate) fn read_line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended before, as some tests want it to.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
