use std::path::Path;

use azure_classic::protocol::Bytes;
use azure_classic::rollout::{Change, ExternalChange, Gap};
use azure_classic::{Client, Endpoint, ResponseFuture, Transport};
use http::Request;

use super::*;
use crate::arguments::{Cli, Command, DeploymentArgs, RolloutCommand};
use crate::commands::rollout::files::RolloutFiles;
use crate::connection::Connection;

/// Nothing is sent for a hint.
struct NoTransport;

impl Transport for NoTransport {
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_> {
        panic!("{} is sent", request.uri())
    }
}

const RESUME: &str = "azure-classic rollout resume --record r.json --emulator d";
const PROMOTE: &str = "azure-classic rollout promote --record r.json --emulator d";
const SHOW: &str = "azure-classic show deployment --service contoso --deployment shop";
const NO_RECORD: &str = "nothing was sent, and there is no record r.json to resume; start again";

/// The exit code and the hints of a stop; `is_persisted`: whether there is a record.
fn exit_and_hints(
    reason: &StopReason,
    next_step: NextStep,
    may_roll_back: bool,
    is_persisted: bool,
) -> (Exit, Vec<String>) {
    let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap();
    let endpoint = Endpoint::new("https://127.0.0.1:8443", subscription).unwrap();
    let connection = Connection {
        client: Client::new(endpoint, NoTransport),
        thumbprint: None,
        proxy: None,
        repro_flags: " --emulator d".to_owned(),
    };
    let resume = ["azure-classic", "rollout", "resume", "--record", "r.json"];
    let Command::Rollout(rollout) = Cli::parse_from_args(resume).unwrap().command else { panic!() };
    let RolloutCommand::Resume(options) = rollout.command else { panic!() };
    let rollback = ["azure-classic", "rollback", "--service", "contoso", "--deployment", "shop"];
    let Command::Rollback(rollback) = Cli::parse_from_args(rollback).unwrap().command else {
        panic!()
    };
    let deployment: &DeploymentArgs = &rollback.deployment;
    let driver = Driver {
        connection: &connection,
        options: &options.drive,
        files: &RolloutFiles::new(Path::new("r.json")),
        deployment,
        is_new: false,
    };
    (
        exit_for(reason, next_step, is_persisted),
        driver.next_step_hints(reason, next_step, may_roll_back, is_persisted),
    )
}

/// Each reason that has a record, with every way that it may have.
#[test]
fn each_stop_reason_has_an_exit_code_and_hints() {
    use Exit::{Failed, NeedsDecision, TimedOut};
    let to_resume = || vec![format!("to go on: {RESUME}")];
    let look = || vec![format!("look at it: {SHOW} --emulator d")];
    let adopt = || {
        vec![
            format!("look at it first: {SHOW} --emulator d"),
            "to take up the update in progress as it is: azure-classic rollout adopt --service contoso \
             --deployment shop --record ANOTHER-FILE --emulator d"
                .to_owned(),
        ]
    };
    let watch = || {
        vec![
            format!("to see how it goes on: {SHOW} --watch --emulator d"),
            "to roll it back: azure-classic rollback --service contoso --deployment shop --emulator d"
                .to_owned(),
        ]
    };
    let incomplete =
        || [to_resume(), vec![format!("to go on although it is not shown: {PROMOTE}")]].concat();
    let walk = Change::Walk { domain: 1 };
    let failed = |change| StopReason::OperationFailed { change, reason: "quota".to_owned() };
    let warning = PreflightIssue::SingleInstance("Web".to_owned());
    let accept = vec!["these are warnings; --accept-warnings starts in spite of them".to_owned()];
    let not_recorded =
        "the record holds the step before; when r.json can be written again, go on: ";
    let rows = [
        (StopReason::Preflight(vec![warning.clone()]), NextStep::Restart, Failed, accept),
        (
            StopReason::Preflight(vec![warning, PreflightIssue::Locked]),
            NextStep::Restart,
            Failed,
            vec![],
        ),
        (StopReason::Aborted, NextStep::Restart, Failed, vec![]),
        (StopReason::NotStarted, NextStep::Restart, Failed, vec![]),
        (StopReason::NeverStarted, NextStep::Restart, Failed, vec![]),
        (failed(Change::Start), NextStep::Restart, Failed, vec![]),
        (StopReason::NothingToAdopt, NextStep::Restart, Failed, vec![]),
        (StopReason::CannotResume("it has ended".to_owned()), NextStep::Restart, Failed, vec![]),
        (StopReason::StartUnconfirmed, NextStep::Resume, NeedsDecision, to_resume()),
        (StopReason::ChangeNotVisible(Change::Start), NextStep::Resume, NeedsDecision, to_resume()),
        (failed(walk), NextStep::Resume, NeedsDecision, to_resume()),
        (StopReason::Rejected(walk), NextStep::Resume, NeedsDecision, to_resume()),
        (StopReason::Unhealthy(vec![]), NextStep::Resume, NeedsDecision, to_resume()),
        (
            StopReason::Incomplete(vec![Gap::UpgradeStatus]),
            NextStep::Resume,
            NeedsDecision,
            incomplete(),
        ),
        (StopReason::TimedOut, NextStep::Resume, TimedOut, to_resume()),
        (StopReason::InvalidResponse, NextStep::Resume, NeedsDecision, to_resume()),
        (
            StopReason::NotPersisted,
            NextStep::Resume,
            NeedsDecision,
            vec![format!("{not_recorded}{RESUME}")],
        ),
        (
            StopReason::RollbackNotAllowed,
            NextStep::CompleteForward,
            NeedsDecision,
            vec![format!("to walk on to the end: {PROMOTE}")],
        ),
        (
            StopReason::ExternalChange(ExternalChange::OtherVersion),
            NextStep::Adopt,
            NeedsDecision,
            adopt(),
        ),
        (
            StopReason::ExternalChange(ExternalChange::AutomaticUpdate),
            NextStep::Watch,
            NeedsDecision,
            watch(),
        ),
        (
            StopReason::ExternalChange(ExternalChange::RolledBack),
            NextStep::Inspect,
            NeedsDecision,
            look(),
        ),
        (StopReason::ChangeNotVisible(walk), NextStep::Adopt, NeedsDecision, adopt()),
        (StopReason::Replaced, NextStep::Adopt, NeedsDecision, adopt()),
        (StopReason::Replaced, NextStep::Watch, NeedsDecision, watch()),
        (StopReason::Replaced, NextStep::Nothing, Failed, vec![]),
        (StopReason::Deleted, NextStep::Nothing, Failed, vec![]),
    ];
    for (reason, next_step, exit, hints) in rows {
        assert_eq!(
            exit_and_hints(&reason, next_step, true, true),
            (exit, hints),
            "{reason}, {next_step:?}"
        );
    }
}

#[test]
fn without_a_record_nothing_can_be_resumed() {
    for reason in
        [StopReason::NotPersisted, StopReason::InvalidResponse, StopReason::Incomplete(vec![])]
    {
        for next_step in [NextStep::Restart, NextStep::Resume] {
            let expected = (Exit::Failed, vec![NO_RECORD.to_owned()]);
            assert_eq!(
                exit_and_hints(&reason, next_step, true, false),
                expected,
                "{reason}, {next_step:?}"
            );
        }
    }
    // An update that moves by itself cannot be adopted, nor rolled back here.
    let (exit, hints) = exit_and_hints(&StopReason::AutomaticUpdate, NextStep::Watch, false, false);
    assert_eq!(exit, Exit::Failed);
    assert_eq!(hints, [format!("to see how it goes on: {SHOW} --watch --emulator d")]);
}
