//! The commands of the README, as a reader pastes them.

use std::path::Path;
use std::process::Command;

use crate::harness::run;

#[test]
fn the_commands_of_the_readme_run_as_pasted() {
    let readme = include_str!("../../../../README.md");
    let block = readme.split_once("## Command line").expect("the heading").1;
    let block = block.split_once("```sh\n").expect("a block").1;
    let block = block.split_once("```").expect("its end").0;
    let (build, block) = block.split_once('\n').expect("lines");
    assert!(build.starts_with("cargo build -p azure-classic-cli "), "built already: {build}");
    assert!(block.contains("rollback --service contoso"), "{block}");

    let dir = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_azure-classic")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(program.to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(format!("trap 'kill $!' EXIT; set -e\n{block}"))
        .env("PATH", path.unwrap())
        .env_remove("AZURE_CLASSIC_EMULATOR")
        .env_remove("AZURE_CLASSIC_SUBSCRIPTION")
        .current_dir(dir.path());
    let outcome = run(shell).assert_exit_code(0);
    for part in [
        "shop \"Release 42\"  RunningTransitioning",
        "Manual update, before domain 2, rollback allowed",
        "rolled back: shop of contoso is \"Release 41\" again, Running with all 10 instances",
    ] {
        assert!(outcome.stdout.contains(part), "{part}: {}", outcome.stdout);
    }
}
