//! The shell blocks of the README and the tutorial, run as a reader pastes them.
//!
//! The blocks of a file run in one shell from top to bottom, in a copy of the workspace with its own home.
//! `azure-classic` is the program that was built; `cargo` builds in the workspace.

pub(crate) mod blocks;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use clap::Args;

use self::blocks::Script;
use crate::program;
use crate::workspace::{TextFile, Workspace};

/// How long the blocks of one file may take after the build.
const TIME_LIMIT: Duration = Duration::from_secs(300);

/// How long the processes that a script leaves running have to end after the signal to do so.
const STOP_LIMIT: Duration = Duration::from_secs(5);

const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Which files are run.
#[derive(Debug, Default, Args)]
pub(crate) struct Options {
    /// Run the blocks of these Markdown files, instead of the README and the tutorial.
    files: Vec<String>,
}

/// Runs the blocks of each file; fails if one has failed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<(), String> {
    if cfg!(windows) || !succeeds(Command::new("bash").args(["-c", "true"])) {
        println!("SKIPPED: the shell blocks need bash and process groups");
        return Ok(());
    }
    let mut files = workspace.text_files()?;
    files.retain(|file| match options.files.as_slice() {
        [] => blocks::has_script(&file.path),
        named => named.contains(&file.path),
    });
    let program = program::build(workspace, "--package=azure-classic-cli")?;
    let failures: Vec<String> =
        files.iter().filter_map(|file| run_file(workspace, &program, file).err()).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("; ")) }
}

fn run_file(workspace: &Workspace, program: &Path, file: &TextFile) -> Result<(), String> {
    let script = blocks::script(file).map_err(|finding| finding.to_string())?;
    for (position, reason) in &script.not_run {
        println!("not run: {position}: {reason}");
    }
    if script.text.is_empty() {
        return Ok(());
    }
    let folder = tempfile::tempdir().map_err(|error| format!("a temporary directory: {error}"))?;
    let session = Session::prepare(workspace, program, folder.path())
        .map_err(|error| format!("{}: {error}", folder.path().display()))?;
    session.run(&file.path, &script, TIME_LIMIT)
}

/// The folders and the environment of a script.
struct Session {
    folder: PathBuf,
    environment: Vec<(&'static str, PathBuf)>,
}

impl Session {
    /// Copies the workspace, and makes a home and a folder of programs.
    fn prepare(workspace: &Workspace, program: &Path, folder: &Path) -> Result<Self, String> {
        let mut session = Self::empty(folder).map_err(|error| error.to_string())?;
        for path in workspace.files()? {
            let copy = session.copy().join(&path);
            let copied = fs::create_dir_all(copy.parent().unwrap_or(folder))
                .and_then(|()| fs::copy(workspace.path(&path), copy));
            match copied {
                // Deleted, but not yet staged.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                copied => drop(copied.map_err(|error| format!("{path}: {error}"))?),
            }
        }
        session.add_programs(workspace, program).map_err(|error| error.to_string())?;
        // As it is after a build in a clone.
        fs::create_dir_all(session.copy().join("target")).map_err(|error| error.to_string())?;
        // The toolchain is the user's, although the home is not.
        let home = env::home_dir().unwrap_or_default();
        for (name, default) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            let path = env::var_os(name).map_or_else(|| home.join(default), PathBuf::from);
            session.environment.push((name, path));
        }
        if let Some(target) = program.parent().and_then(Path::parent) {
            session.environment.push(("CARGO_TARGET_DIR", target.to_owned()));
        }
        Ok(session)
    }

    fn empty(folder: &Path) -> io::Result<Self> {
        let folder = folder.canonicalize()?;
        for name in ["copy", "home", "bin"] {
            fs::create_dir_all(folder.join(name))?;
        }
        let home = folder.join("home");
        Ok(Self { folder, environment: vec![("HOME", home)] })
    }

    fn copy(&self) -> PathBuf {
        self.folder.join("copy")
    }

    /// The built program, and a cargo that builds in the workspace, where the dependencies are built already.
    fn add_programs(&self, workspace: &Workspace, program: &Path) -> io::Result<()> {
        let programs = self.folder.join("bin");
        let name = program.file_name().unwrap_or_default();
        // A copy, because cargo may relink the program while it runs.
        fs::copy(program, programs.join(name))?;
        let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let manifest = workspace.path("Cargo.toml");
        let wrapper = format!(
            "#!/usr/bin/env bash\n\
             case \"${{1:-}}\" in\n\
             build | check | run | test) exec '{cargo}' \"$1\" --manifest-path '{}' \"${{@:2}}\" ;;\n\
             *) exec '{cargo}' \"$@\" ;;\n\
             esac\n",
            manifest.display()
        );
        let path = programs.join("cargo");
        fs::write(&path, wrapper)?;
        // The permissions of a program.
        fs::set_permissions(&path, fs::metadata(program)?.permissions())
    }

    fn run(&self, name: &str, script: &Script, limit: Duration) -> Result<(), String> {
        // Its own name is in the messages of the shell.
        let file = self.folder.join(Path::new(name).file_name().unwrap_or_default());
        let progress = self.folder.join("progress");
        let wrong = |error: io::Error| format!("{name}: {error}");
        fs::write(&file, &script.text).map_err(wrong)?;
        let mut bash = Command::new("bash");
        bash.args(["-c", PREAMBLE, name]).args([&file, &progress]);
        bash.current_dir(self.copy()).stdin(Stdio::piped());
        let path = env::var_os("PATH").unwrap_or_default();
        let programs = [self.folder.join("bin")].into_iter().chain(env::split_paths(&path));
        bash.env("PATH", env::join_paths(programs).map_err(|error| error.to_string())?);
        bash.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let mut group = Group::spawn(&mut bash).map_err(wrong)?;
        let outcome = group.wait(limit).map_err(wrong)?;
        drop(group);
        let block = || fs::read_to_string(&progress).unwrap_or_else(|_| name.to_owned());
        match outcome {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(format!("{}: the block failed with {status}", block().trim_end())),
            None => Err(format!("{}: timed out after {} s", block().trim_end(), limit.as_secs())),
        }
    }
}

/// Runs the script `$1`, which has the lines of the file `$0`, and writes the block in progress into `$2`.
/// At its end it stops all processes of its group and waits for them; the watchdog does so when the
/// other end of the standard input closes, because this program ended.
const PREAMBLE: &str = r#"
set -euo pipefail
script=$1
progress=$2
set --
block() {
  printf '==> %s\n' "$1"
  printf '%s\n' "$1" > "$progress"
}
exec 3<&0 < /dev/null
(read -r <&3 || kill -- "-$$") > /dev/null 2>&1 &
exec 3<&-
watchdog=$!
disown
stop() {
  trap '' TERM
  kill -- "-$$"
  wait
  while kill -0 "$watchdog"; do sleep 0.01; done
}
trap 'stop 2> /dev/null || true' EXIT
trap 'status=$?; echo "$0:$LINENO: exit status $status: $BASH_COMMAND" >&2' ERR
source "$script"
"#;

/// A process and its children, which are stopped when this is dropped.
struct Group {
    leader: Child,
}

impl Group {
    fn spawn(command: &mut Command) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        command.spawn().map(|leader| Self { leader })
    }

    /// How the leader ended; none if it is still running at the time limit.
    fn wait(&mut self, limit: Duration) -> io::Result<Option<std::process::ExitStatus>> {
        let start = Instant::now();
        loop {
            let status = self.leader.try_wait()?;
            if status.is_some() || start.elapsed() >= limit {
                return Ok(status);
            }
            thread::sleep(POLL_INTERVAL);
        }
    }

    fn signal(&self, signal: &str) -> bool {
        let kill = format!("kill -s {signal} -- -{} 2> /dev/null", self.leader.id());
        succeeds(Command::new("bash").args(["-c", &kill]))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let start = Instant::now();
        let mut is_running = self.signal("TERM");
        while is_running && start.elapsed() < STOP_LIMIT {
            thread::sleep(POLL_INTERVAL);
            // The leader counts as running until its status is read.
            is_running = matches!(self.leader.try_wait(), Ok(None)) || self.signal("0");
        }
        if is_running {
            self.signal("KILL");
        }
        // Without its own group there may be nothing to wait for.
        let _ = self.leader.try_wait();
    }
}

fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Runs the text of a README in an empty folder, and then reads a file there.
    fn run(text: &str, limit: Duration, read: &str) -> (Result<(), String>, Option<String>) {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let session = Session::empty(folder.path()).expect("the folders");
        let file = TextFile { path: "README.md".to_owned(), text: text.to_owned() };
        let script = blocks::script(&file).expect("the blocks are sound");
        let outcome = session.run("README.md", &script, limit);
        (outcome, fs::read_to_string(session.copy().join(read)).ok())
    }

    #[test]
    fn blocks_share_one_shell_and_a_home() {
        let text = "```sh\na=1\n```\n\n```sh\n[ \"$a\" = 1 ]\n[ \"$HOME\" = \"$(cd ..; pwd)/home\" ]\n\
                    echo b > \"$HOME/../copy/b\"\n```\n";
        assert_eq!(run(text, TIME_LIMIT, "b"), (Ok(()), Some("b\n".to_owned())));
    }

    #[test]
    fn the_block_that_fails_is_named_and_ends_the_script() {
        let failed = |text: &str| run(text, TIME_LIMIT, "b");
        let at = |line: u8, status: u8| {
            Err(format!("README.md:{line}: the block failed with exit status: {status}"))
        };
        assert_eq!(
            failed("```sh\ntrue\n```\n\n```sh\n(exit 3)\necho > b\n```\n"),
            (at(5, 3), None)
        );
        assert_eq!(failed("```sh\nfalse | true\n```\n```sh\necho > b\n```\n"), (at(1, 1), None));
        assert_eq!(failed("# A\n```sh\n: $unknown\n```\n"), (at(2, 1), None));
    }

    #[test]
    fn a_block_that_does_not_end_is_stopped_and_named() {
        let text = "```sh\ntrue\n```\n```sh\nwhile :; do :; done\n```\n";
        let (outcome, _) = run(text, Duration::from_secs(1), "b");
        assert_eq!(outcome, Err("README.md:4: timed out after 1 s".to_owned()));
    }

    #[test]
    fn processes_in_the_background_are_stopped_at_the_end() {
        let text = "```sh\n(trap 'echo stopped > b; exit' TERM; touch ready; while :; do sleep 0.01; done) &\n\
                    until [ -e ready ]; do :; done\n```\n";
        assert_eq!(run(text, TIME_LIMIT, "b"), (Ok(()), Some("stopped\n".to_owned())));
    }
}
