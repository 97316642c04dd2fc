use std::path::Path;

use azure_classic::protocol::Bytes;
use azure_classic::rollout::{Change, Gap, Meddling};
use azure_classic::{Client, Endpoint, Sending, Transport};
use http::Request;

use super::*;
use crate::arguments::{Cli, Command, DeploymentArgs, RolloutCommand};
use crate::commands::rollout::files::Files;
use crate::connection::Connection;

/// Nothing is sent for a hint.
struct NoTransport;

impl Transport for NoTransport {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        panic!("{} is sent", request.uri())
    }
}

const RESUME: &str = "azure-classic rollout resume --record r.json --emulator d";
const PROMOTE: &str = "azure-classic rollout promote --record r.json --emulator d";
const SHOW: &str = "azure-classic show deployment --service contoso --deployment shop";
const NO_RECORD: &str = "nothing was sent, and there is no record r.json to resume; start again";

/// The exit code and the hints of a stop; `is_kept`: whether there is a record.
fn concluded(why: &Why, way: Way, may_roll_back: bool, is_kept: bool) -> (Exit, Vec<String>) {
    let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap();
    let endpoint = Endpoint::new("https://127.0.0.1:8443", subscription).unwrap();
    let connection = Connection {
        client: Client::new(endpoint, NoTransport),
        thumbprint: None,
        proxy: None,
        again: " --emulator d".to_owned(),
    };
    let resume = ["azure-classic", "rollout", "resume", "--record", "r.json"];
    let Command::Rollout(rollout) = Cli::read(resume).unwrap().command else { panic!() };
    let RolloutCommand::Resume(options) = rollout.command else { panic!() };
    let rollback = ["azure-classic", "rollback", "--service", "contoso", "--deployment", "shop"];
    let Command::Rollback(rollback) = Cli::read(rollback).unwrap().command else { panic!() };
    let deployment: &DeploymentArgs = &rollback.deployment;
    let drive = Drive {
        connection: &connection,
        options: &options.drive,
        files: &Files::of(Path::new("r.json")),
        deployment,
        is_new: false,
    };
    (exit(why, way, is_kept), drive.ways(why, way, may_roll_back, is_kept))
}

/// Each reason that has a record, with every way that it may have.
#[test]
fn each_reason_names_its_exit_code_and_what_continues() {
    use Exit::{Failed, NeedsPerson, TimedOut};
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
    let failed = |change| Why::WorkFailed { change, reason: "quota".to_owned() };
    let warning = Finding::SingleInstance("Web".to_owned());
    let accept = vec!["these are warnings; --accept-warnings starts in spite of them".to_owned()];
    let not_recorded =
        "the record holds the step before; when r.json can be written again, go on: ";
    let rows = [
        (Why::Preflight(vec![warning.clone()]), Way::StartAgain, Failed, accept),
        (Why::Preflight(vec![warning, Finding::Locked]), Way::StartAgain, Failed, vec![]),
        (Why::Aborted, Way::StartAgain, Failed, vec![]),
        (Why::NotStarted, Way::StartAgain, Failed, vec![]),
        (Why::NeverStarted, Way::StartAgain, Failed, vec![]),
        (failed(Change::Start), Way::StartAgain, Failed, vec![]),
        (Why::NothingToAdopt, Way::StartAgain, Failed, vec![]),
        (Why::NotToBeResumed("it has ended".to_owned()), Way::StartAgain, Failed, vec![]),
        (Why::StartUnsettled, Way::Resume, NeedsPerson, to_resume()),
        (Why::NotToBeSeen(Change::Start), Way::Resume, NeedsPerson, to_resume()),
        (failed(walk), Way::Resume, NeedsPerson, to_resume()),
        (Why::Refused(walk), Way::Resume, NeedsPerson, to_resume()),
        (Why::Unhealthy(vec![]), Way::Resume, NeedsPerson, to_resume()),
        (Why::Incomplete(vec![Gap::UpgradeStatus]), Way::Resume, NeedsPerson, incomplete()),
        (Why::TooLong, Way::Resume, TimedOut, to_resume()),
        (Why::Unreadable, Way::Resume, NeedsPerson, to_resume()),
        (Why::NotRecorded, Way::Resume, NeedsPerson, vec![format!("{not_recorded}{RESUME}")]),
        (
            Why::RollbackNotAllowed,
            Way::GoForward,
            NeedsPerson,
            vec![format!("to walk on to the end: {PROMOTE}")],
        ),
        (Why::Overtaken(Meddling::OtherVersion), Way::Adopt, NeedsPerson, adopt()),
        (Why::Overtaken(Meddling::MovesByItself), Way::Watch, NeedsPerson, watch()),
        (Why::Overtaken(Meddling::RolledBack), Way::Look, NeedsPerson, look()),
        (Why::NotToBeSeen(walk), Way::Adopt, NeedsPerson, adopt()),
        (Why::Replaced, Way::Adopt, NeedsPerson, adopt()),
        (Why::Replaced, Way::Watch, NeedsPerson, watch()),
        (Why::Replaced, Way::Nothing, Failed, vec![]),
        (Why::Deleted, Way::Nothing, Failed, vec![]),
    ];
    for (why, way, exit, hints) in rows {
        assert_eq!(concluded(&why, way, true, true), (exit, hints), "{why}, {way:?}");
    }
}

#[test]
fn without_a_record_nothing_is_to_be_resumed() {
    for why in [Why::NotRecorded, Why::Unreadable, Why::Incomplete(vec![])] {
        for way in [Way::StartAgain, Way::Resume] {
            let expected = (Exit::Failed, vec![NO_RECORD.to_owned()]);
            assert_eq!(concluded(&why, way, true, false), expected, "{why}, {way:?}");
        }
    }
    // An update that moves by itself cannot be adopted, nor rolled back here.
    let (exit, hints) = concluded(&Why::MovesByItself, Way::Watch, false, false);
    assert_eq!(exit, Exit::Failed);
    assert_eq!(hints, [format!("to see how it goes on: {SHOW} --watch --emulator d")]);
}
