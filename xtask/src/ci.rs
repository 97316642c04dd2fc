use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::workspace::{Workspace, run_command};
use crate::{docs, fuzz, shell, simulate, tidy};

/// Which jobs are run, and whether a failure ends the run.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Run the other jobs although one has failed.
    #[arg(long)]
    keep_going: bool,
    /// Leave a job out; may be given several times.
    #[arg(long, value_name = "JOB")]
    skip: Vec<Job>,
}

/// How many seconds of simulation a change must pass. It begins with the same seeds each time, so that
/// a change is not refused for what another one did; `cargo xtask simulate --from` goes farther.
const SIMULATE_SECONDS: u64 = 60;

/// How many seconds of fuzzing a change must pass, all targets together.
const FUZZ_SECONDS: u64 = 60;

/// The jobs, in the order in which they run: what fails fast comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Job {
    /// The source is formatted.
    Fmt,
    /// The house rules hold.
    Tidy,
    /// The generated documentation is fresh, and the catalogue agrees with the code.
    Docs,
    /// Clippy is clean: libraries, programs, tests, examples, benchmarks and fuzz targets.
    Clippy,
    /// Every test passes.
    Test,
    /// The shell blocks of the README and the tutorial work as pasted; skipped where there is no bash.
    Shell,
    /// No rollout breaks a promise in the simulation, for as many seeds as there is time for.
    Simulate,
    /// Every input of the fuzz targets' corpora passes, in a plain build.
    Replay,
    /// The fuzz targets find nothing; skipped where there is no C++ compiler for libFuzzer.
    Fuzz,
    /// The documentation builds, and its links lead somewhere.
    Rustdoc,
    /// The protocol and the rollout crate build where there is no clock, no socket and no thread.
    Wasm,
    /// The facade and its transport build with each cryptography provider by itself.
    Features,
}

/// Runs the jobs and ends with a table of them; fails if one has failed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<(), String> {
    let wanted = Job::value_variants().iter().filter(|job| !options.skip.contains(job));
    let done = run_each(wanted.copied(), options.keep_going, |job| {
        println!("\n=== {}", job.name());
        job.run(workspace)
    });
    print!("\n{}", table(&done));
    overall_result(&done)
}

/// How a job ended, and after how long.
struct JobResult {
    job: Job,
    time: Duration,
    passed: bool,
}

fn run_each(
    jobs: impl Iterator<Item = Job>,
    keep_going: bool,
    mut run: impl FnMut(Job) -> Result<(), String>,
) -> Vec<JobResult> {
    let mut done = Vec::new();
    for job in jobs {
        let start = Instant::now();
        let outcome = run(job);
        let time = start.elapsed();
        let passed = outcome.is_ok();
        match outcome {
            Ok(()) => println!("--- {} passed in {:.1} s", job.name(), time.as_secs_f64()),
            Err(message) => {
                println!("--- {} FAILED in {:.1} s: {message}", job.name(), time.as_secs_f64());
            }
        }
        done.push(JobResult { job, time, passed });
        if !passed && !keep_going {
            break;
        }
    }
    done
}

impl Job {
    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    fn run(self, workspace: &Workspace) -> Result<(), String> {
        let cargo = |arguments: &str| {
            let mut cargo = workspace.cargo();
            cargo.args(arguments.split(' '));
            cargo
        };
        let deny_warnings = ["--", "-D", "warnings"];
        match self {
            Self::Fmt => {
                run_command(&mut cargo("fmt --all --check"))?;
                run_command(&mut cargo("fmt --check --manifest-path fuzz/Cargo.toml"))
            }
            Self::Tidy => tidy::run(workspace),
            Self::Docs => docs::check(workspace),
            Self::Clippy => {
                let clippy =
                    "clippy --locked --workspace --all-targets --features azure-classic/tower";
                run_command(cargo(clippy).args(deny_warnings))?;
                fuzz::clippy(workspace)
            }
            // Features that are off by default are tested as well.
            Self::Test => {
                run_command(&mut cargo("test --workspace --features azure-classic/tower"))
            }
            Self::Shell => shell::run(workspace, &shell::Options::default()),
            Self::Simulate => {
                simulate::run(workspace, &simulate::Options::for_seconds(SIMULATE_SECONDS))
            }
            Self::Replay => fuzz::run(workspace, &fuzz::Options::replay()),
            Self::Fuzz if fuzz::has_compiler() => {
                fuzz::run(workspace, &fuzz::Options::for_seconds(FUZZ_SECONDS))
            }
            Self::Fuzz => {
                println!("SKIPPED: libFuzzer needs a C++ compiler, and there is no `c++`");
                Ok(())
            }
            Self::Rustdoc => {
                let doc = "doc --locked --workspace --no-deps --features azure-classic/tower";
                run_command(cargo(doc).env("RUSTDOCFLAGS", "-D warnings"))
            }
            Self::Wasm => {
                let build = "build --locked --package azure-classic-protocol \
                     --package azure-classic-rollout --target wasm32-unknown-unknown";
                run_command(&mut cargo(build))
            }
            Self::Features => ["ring", "aws-lc-rs"].iter().try_for_each(|provider| {
                run_command(
                    cargo("check --locked --package azure-classic --no-default-features")
                        .args(["--features", provider]),
                )
            }),
        }
    }
}

fn table(done: &[JobResult]) -> String {
    let row = |JobResult { job, time, passed }: &JobResult| {
        let outcome = if *passed { "passed" } else { "FAILED" };
        format!("{:<8}  {:>7.1}  {outcome}\n", job.name(), time.as_secs_f64())
    };
    let rows: String = done.iter().map(row).collect();
    let total: Duration = done.iter().map(|done| done.time).sum();
    format!("job       seconds  outcome\n{rows}total     {:>7.1}\n", total.as_secs_f64())
}

fn overall_result(done: &[JobResult]) -> Result<(), String> {
    let failed: Vec<String> =
        done.iter().filter(|done| !done.passed).map(|done| done.job.name()).collect();
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail_at_tidy(job: Job) -> Result<(), String> {
        if job == Job::Tidy { Err("1 finding".to_owned()) } else { Ok(()) }
    }

    fn names(done: &[JobResult]) -> Vec<String> {
        done.iter().map(|done| done.job.name()).collect()
    }

    #[test]
    fn the_first_failure_ends_the_run() {
        let done = run_each([Job::Fmt, Job::Tidy, Job::Docs].into_iter(), false, fail_at_tidy);
        assert_eq!(names(&done), ["fmt", "tidy"]);
        assert_eq!(overall_result(&done), Err("failed: tidy".to_owned()));
    }

    #[test]
    fn keep_going_runs_all_jobs_and_still_fails() {
        let done = run_each([Job::Fmt, Job::Tidy, Job::Docs].into_iter(), true, fail_at_tidy);
        assert_eq!(names(&done), ["fmt", "tidy", "docs"]);
        assert_eq!(overall_result(&done), Err("failed: tidy".to_owned()));
    }

    #[test]
    fn the_table_has_times_and_outcomes() {
        let done = [
            JobResult { job: Job::Fmt, time: Duration::from_millis(1250), passed: true },
            JobResult { job: Job::Clippy, time: Duration::from_secs(100), passed: false },
        ];
        assert_eq!(
            table(&done),
            "job       seconds  outcome\n\
             fmt           1.2  passed\n\
             clippy      100.0  FAILED\n\
             total       101.2\n"
        );
        assert_eq!(overall_result(&done[..1]), Ok(()));
    }
}
