use crate::harness::{program, run};

/// Faster than the default, which is made to be watched.
const SPEED: [&str; 3] = ["demo", "--speed", "600"];

#[test]
fn scenario_runs_in_order_and_succeeds() {
    let outcome = run(program(&SPEED)).assert_exit_code(0);
    let mut rest = outcome.stdout.as_str();
    for step in [
        "] create the cloud service contoso\n",
        "] deploy Release 41 to production as shop\n",
        "] Release 41 runs on 10 instances in 5 upgrade domains\n",
        "] upgrade to Release 42 in manual mode",
        "] walk upgrade domain 0\n",
        "] upgrade domain 0 is healthy\n",
        "] walk upgrade domain 1\n",
        "✗ Web_IN_1 RestartingRole\n",
        "] Web_IN_1 is RestartingRole 6 minutes after the walk",
        "] roll back: RollbackAllowed is true\n",
        "● Web_IN_1 ReadyRole\n",
        "\"Release 41\"  Running  no update in progress\n",
        "] Release 41 runs again on all 10 instances: label, configuration and instances are as before\n",
        "Events:\n",
        "The upgrade to Release 42 stopped at upgrade domain 1: Web_IN_1 stayed RestartingRole.\n",
        "Release 41 runs on all 10 instances again.\n",
        "requests over mutual TLS",
    ] {
        let Some(at) = rest.find(step) else {
            panic!("{step:?} is not where it should be in:\n{}", outcome.stdout);
        };
        rest = &rest[at + step.len()..];
    }
    assert!(!outcome.stdout.contains("walk upgrade domain 2"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains('\u{1b}'), "there is no terminal to colour");
    assert_eq!(outcome.stderr, "");
}

#[test]
fn other_seeds_run_the_same_scenario_with_optional_colors() {
    let mut command = program(&SPEED);
    command.args(["--seed", "7"]).env("CLICOLOR_FORCE", "1");
    let outcome = run(command).assert_exit_code(0);
    assert!(outcome.stdout.contains("Release 41 runs on all 10 instances again."));
    assert!(outcome.stdout.contains("\u{1b}[32m"), "{}", outcome.stdout);
}
