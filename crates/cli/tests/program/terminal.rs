//! Foreign text on the terminal: from the service, from files and from the command line.

use std::fs;

use serde_json::Value;

use crate::daemon::Daemon;
use crate::harness::{CommandResult, program, run, run_at};

/// Terminal commands, forged lines, turned and hidden text.
const HOSTILE: [&str; 4] = [
    "a\u{1b}]52;c;cHduZWQ=\u{7}b",
    "a\r\nerror: b",
    "a\u{9d}0;b\u{9c}\u{85}c",
    "a\u{2067}b\u{200b}c\u{2029}\u{feff}d",
];

/// Whether output holds nothing but text and its own line ends.
#[track_caller]
fn check(outcome: &CommandResult) {
    for text in [&outcome.stdout, &outcome.stderr] {
        for line in text.lines() {
            assert_eq!(azure_classic_text::sanitize(line).to_string(), line, "{text:?}");
            assert!(!line.starts_with("error: b"), "{text}");
        }
    }
}

/// As XML and JSON can carry it.
fn without_c0(text: &str) -> String {
    text.chars().filter(|it| !it.is_ascii_control() || "\r\n".contains(*it)).collect()
}

#[test]
fn messages_of_the_service_are_escaped() {
    for hostile in HOSTILE {
        let text = without_c0(hostile);
        let rule = serde_json::json!([{
            "id": "hostile", "when": { "operations": ["Get Deployment", "Get Operation Status"] },
            "effect": { "respond": { "status": 400, "code": "BadRequest", "message": text } }
        }]);
        let dir = tempfile::tempdir().unwrap();
        let faults = dir.path().join("faults.json");
        fs::write(&faults, rule.to_string()).unwrap();
        let daemon = Daemon::start(&["--sample", "--faults", faults.to_str().unwrap()]);
        let shop = ["--service", "contoso", "--slot", "production"];
        for command in [
            [&["show", "deployment"][..], &shop].concat(),
            [&["rollback"][..], &shop].concat(),
            [&["rollout", "adopt"][..], &shop].concat(),
            vec!["show", "operation", "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1"],
        ] {
            let outcome = run_at(&daemon, &command).assert_exit_code(1);
            check(&outcome);
            let shown = azure_classic_text::sanitize(&text).to_string();
            assert!(outcome.stderr.contains(&shown), "{}", outcome.stderr);
        }
    }
}

#[test]
fn values_of_the_service_are_escaped_as_text_and_as_json() {
    for hostile in HOSTILE {
        let label = without_c0(hostile).replace(['\r', '\n'], "");
        let fixture = serde_json::json!({ "services": [{
            "name": "contoso", "location": "West Europe", "description": label,
            "deployments": [{ "slot": "production", "name": "shop", "label": label,
                "roles": [{ "name": "Web", "instances": 2 }] }]
        }] });
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("fixture.json");
        fs::write(&file, fixture.to_string()).unwrap();
        let daemon = Daemon::start(&["--fixture", file.to_str().unwrap()]);
        let shown = azure_classic_text::sanitize(&label).to_string();
        for command in [
            &["show", "service", "contoso", "--deployments"][..],
            &["show", "deployment", "--service", "contoso", "--slot", "production"],
            &["show", "deployment", "--service", "contoso", "--slot", "production", "--watch"],
        ] {
            let outcome = run_at(&daemon, command).assert_exit_code(0);
            check(&outcome);
            assert!(outcome.stdout.contains(&shown), "{}", outcome.stdout);
            let outcome =
                run_at(&daemon, &[command, &["--output", "json"]].concat()).assert_exit_code(0);
            check(&outcome);
            let json: Value = serde_json::from_str(&outcome.stdout).unwrap();
            let json = json.get("Deployments").map_or(&json, |deployments| &deployments[0]);
            assert_eq!(json["Label"], label);
        }
    }
}

#[test]
fn files_and_arguments_are_escaped() {
    for hostile in HOSTILE {
        let dir = tempfile::tempdir().unwrap();
        let xml = without_c0(hostile).replace('\r', "&#13;");
        let file = dir.path().join(format!("{hostile}.xml"));
        fs::write(
            &file,
            format!(
                "<Deployment xmlns=\"http://schemas.microsoft.com/windowsazure\" a=\"{xml}\">\
                 <Name>{xml}</Name><UpgradeDomainCount>{xml}</UpgradeDomainCount></Deployment>"
            ),
        )
        .unwrap();
        let record = dir.path().join("record.json");
        fs::write(dir.path().join("record.json.events.jsonl"), format!("{hostile}\n")).unwrap();
        let missing = format!("{hostile}.pfx");
        let variable = |name: &str| {
            let mut command = program(&["show", "service", "contoso"]);
            command.env(name, hostile);
            run(command)
        };
        let at = |arguments: &[&str]| run(program(arguments));
        let (file, record) = (file.to_str().unwrap(), record.to_str().unwrap());
        for outcome in [
            at(&["decode", file]),
            at(&["decode", "--unknown", file, file]),
            at(&["decode", "--operation", hostile, file]),
            at(&["doctor", &missing]),
            at(&["rollout", "report", record]),
            at(&["rollout", "report", record, "--svg", "-"]),
            at(&["rollout", "report", record, "--json", "-"]),
            at(&["show", "operation", hostile]),
            at(&["show", "service", hostile]),
            at(&["show", hostile]),
            at(&["demo", "--speed", hostile]),
            at(&["emulator", "--dir", dir.path().to_str().unwrap(), "--timing", hostile]),
            variable("AZURE_CLASSIC_ENDPOINT"),
            variable("AZURE_CLASSIC_SUBSCRIPTION"),
            variable("AZURE_CLASSIC_CLOUD"),
        ] {
            check(&outcome);
        }
    }
}

#[test]
fn durations_and_speeds_out_of_range_name_the_flag() {
    let show = |flag, value| ["show", "operation", "a", "--wait", flag, value];
    for arguments in [
        &show("--timeout", "18446744073709551615s")[..],
        &show("--timeout", "366days"),
        &show("--interval", "0s"),
        &show("--interval", "584542046090years"),
        &["demo", "--speed", "NaN"],
        &["demo", "--speed", "1e300"],
        &["emulator", "--dir", "x", "--speed", "inf"],
        &["emulator", "--dir", "x", "--speed", "1e-300"],
        &["rollout", "watch", "--record", "x", "--timeout", "99999999999999999999h"],
    ] {
        let stderr = run(program(arguments)).assert_exit_code(2).stderr;
        let flag = arguments.iter().rfind(|it| it.starts_with("--")).unwrap();
        assert!(stderr.contains(&format!("'{flag} ")), "{stderr}");
        assert!(stderr.contains("expected a "), "{stderr}");
    }
}

#[test]
fn names_with_a_domain_are_refused_with_the_name_alone() {
    for name in [
        "contoso.cloudapp.net",
        "contoso.chinacloudapp.cn",
        "contoso.",
        "https://contoso.cloudapp.net/",
        "http://contoso.cloudapp.net:8080",
    ] {
        for arguments in [
            &["show", "service", name][..],
            &["show", "service", "--service", name],
            &["rollback", "--slot", "staging", "--service", name],
        ] {
            let stderr = run(program(arguments)).assert_exit_code(2).stderr;
            assert!(stderr.contains("without the domain: contoso\n"), "{stderr}");
        }
    }
}

#[test]
fn hints_lead_to_what_exists() {
    let daemon = Daemon::start(&["--sample"]);
    let slot = ["--slot", "staging"];
    let unknown =
        run_at(&daemon, &[&["show", "deployment", "--service", "fabrikam"][..], &slot].concat());
    let stderr = unknown.assert_exit_code(1).stderr;
    assert!(stderr.contains("has no cloud service fabrikam"), "{stderr}");
    assert!(!stderr.contains("azure-classic show service"), "{stderr}");
    let stderr = run_at(&daemon, &["show", "service", "fabrikam"]).assert_exit_code(1).stderr;
    assert!(stderr.contains("has no cloud service fabrikam"), "{stderr}");

    let empty =
        run_at(&daemon, &[&["show", "deployment", "--service", "contoso"][..], &slot].concat());
    let stderr = empty.assert_exit_code(1).stderr;
    assert!(stderr.contains("azure-classic show service contoso --deployments"), "{stderr}");

    run_at(&daemon, &["show", "service", "--service", "contoso"]).assert_exit_code(0);
    let shop = ["--service", "contoso", "--slot", "production"];
    run_at(&daemon, &[&["rollback"][..], &shop].concat()).assert_exit_code(0);
    let again = run_at(&daemon, &[&["rollback"][..], &shop].concat()).assert_exit_code(1).stderr;
    assert!(again.contains("no update is in progress"), "{again}");
    assert!(!again.contains("--watch"), "{again}");
}
