use std::fs;
use std::path::Path;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process_group};

use super::*;

fn instance(name: &str) -> RoleInstance {
    RoleInstance { instance_name: name.to_owned(), ..RoleInstance::default() }
}

fn run(command: &str, limit: Duration, instance: RoleInstance) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let probes = ProbeRunner { timeout: limit, ..ProbeRunner::new(command.to_owned()) };
    runtime.block_on(probes.run(instance))
}

/// The command, after it has written the id of its process group to the file.
fn noting(file: &Path, command: &str) -> String {
    format!("echo $$ > '{}'; {command}", file.display())
}

/// Returns when no process of the group is left; else the test never ends.
fn wait_for_the_end_of(file: &Path) {
    let id: i32 = fs::read_to_string(file).unwrap().trim().parse().unwrap();
    while test_kill_process_group(Pid::from_raw(id).unwrap()) != Err(Errno::SRCH) {
        std::thread::yield_now();
    }
}

#[test]
fn exit_code_and_last_stderr_line_are_the_result() {
    assert_eq!(run("echo fine >&2", PROBE_TIMEOUT, instance("Web_IN_0")), Ok(()));
    let cases = [
        ("exit 3", "exit status: 3"),
        ("echo one >&2; echo two >&2; exit 1", "exit status: 1 (two)"),
        (r"printf 'a\033[2Jb\342\200\256' >&2; exit 1", r"exit status: 1 (a\u{1b}[2Jb\u{202e})"),
        ("kill -s TERM $$", "signal: 15 (SIGTERM)"),
        (
            "head -c 5000 /dev/zero | tr '\\0' x >&2; exit 1",
            &format!("exit status: 1 ({}… (5000 characters))", "x".repeat(500)),
        ),
    ];
    for (command, verdict) in cases {
        assert_eq!(run(command, PROBE_TIMEOUT, instance("Web_IN_0")), Err(verdict.to_owned()));
    }
}

#[test]
fn the_environment_names_the_instance_and_stdin_is_empty() {
    let mut web = instance("Web\nIN=$(exit 1)");
    web.role_name = "Web".to_owned();
    let command = "test \"$AZURE_CLASSIC_INSTANCE\" = 'Web\nIN=$(exit 1)' && \
                   test \"$AZURE_CLASSIC_INSTANCE_ROLE\" = Web && test -z \"$(cat)\"";
    assert_eq!(run(command, PROBE_TIMEOUT, web), Ok(()));
}

#[test]
fn names_that_no_environment_holds_have_a_verdict() {
    let cases = [
        ("a\0b".to_owned(), "holds a NUL character"),
        ("x".repeat(8193), "has 8193 bytes"),
        ("ß".repeat(1 << 20), "has 2097152 bytes"),
    ];
    for (name, expected) in cases {
        let verdict = run("true", PROBE_TIMEOUT, instance(&name)).unwrap_err();
        assert!(verdict.contains("AZURE_CLASSIC_INSTANCE"), "{verdict}");
        assert!(verdict.contains(expected), "{verdict}");
    }
}

#[test]
fn children_end_with_a_command_that_takes_too_long() {
    let commands = ["sleep 1000; true", "sleep 1000 & wait", "(sleep 1000; true) | sleep 1000"];
    for command in commands {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("group");
        let limit = Duration::from_secs(1);
        let verdict = run(&noting(&file, command), limit, instance("Web_IN_0"));
        assert_eq!(verdict, Err("no result within 1s".to_owned()));
        wait_for_the_end_of(&file);
    }
}

#[test]
fn children_end_with_a_command_that_ends() {
    for (command, verdict) in [
        ("sleep 1000 & exit 0", Ok(())),
        ("sleep 1000 >/dev/null 2>&1 & exit 2", Err("exit status: 2".to_owned())),
        ("yes >&2 & sleep 1000 & kill -s KILL $$", Err(String::new())),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("group");
        let found = run(&noting(&file, command), PROBE_TIMEOUT, instance("Web_IN_0"));
        assert_eq!(found.is_ok(), verdict.is_ok(), "{command}: {found:?}");
        wait_for_the_end_of(&file);
    }
}

#[test]
fn a_command_that_floods_stderr_is_ended() {
    for command in ["yes >&2", "yes nothing >&2 & sleep 1000", "cat /dev/zero >&2"] {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("group");
        let verdict = run(&noting(&file, command), PROBE_TIMEOUT, instance("Web_IN_0"));
        assert_eq!(verdict, Err("the command wrote more than 1 MiB to stderr".to_owned()));
        wait_for_the_end_of(&file);
    }
}

#[test]
fn a_flood_on_stdout_is_dropped() {
    assert_eq!(run("head -c 100000000 /dev/zero", PROBE_TIMEOUT, instance("Web_IN_0")), Ok(()));
}
