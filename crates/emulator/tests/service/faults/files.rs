//! Rules as JSON.

use std::time::Duration;

use azure_classic_emulator::faults::{AsyncFailure, Effect, FaultResponse, FaultRule, parse, read};

#[test]
fn parses_every_effect() {
    let seconds = Duration::from_secs;
    let rules = parse(
        r#"[
  { "id": "answer", "effect": { "respond": { "status": 500, "code": "OperationTimedOut", "message": "Slow.", "retry_after": 7, "after_processing": true } } },
  { "id": "bare", "effect": { "respond": { "status": 502 } } },
  { "id": "conflict", "effect": { "conflict": { "request_id": "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1" } } },
  { "id": "someone", "effect": { "conflict": {} } },
  { "id": "redirect", "effect": { "redirect": { "to": "https://127.0.0.1:8443" } } },
  { "id": "cut", "effect": { "disconnect": {} } },
  { "id": "cut after", "effect": { "disconnect": { "after_processing": true } } },
  { "id": "slow", "effect": { "slow": { "seconds": 2.5 } } },
  { "id": "slow after", "effect": { "slow": { "seconds": 3, "after_processing": true } } },
  { "id": "late", "effect": { "fail_async": { "status": 400, "code": "BadRequest", "message": "No." } } },
  { "id": "long", "effect": { "slow_operation": { "seconds": 600 } } },
  { "id": "never", "effect": "never_starts" },
  { "id": "failed", "effect": "fails_to_start" },
  { "id": "silent", "effect": "unresponsive" },
  { "id": "recycles", "effect": { "recycles": { "seconds": 30 } } },
  { "id": "flaps", "effect": { "flaps": { "ready_seconds": 60, "down_seconds": 20 } } },
  { "id": "dies", "effect": { "dies": { "after_seconds": 90 } } },
  { "id": "domain", "effect": { "stuck_domain": { "domain": 2 } } },
  { "id": "skew", "when": { "after_seconds": 0.5, "for_seconds": 10 }, "effect": { "clock_skew": { "seconds": -300 } } }
]"#,
    )
    .unwrap();
    let reply = FaultResponse::new(500, "OperationTimedOut")
        .message("Slow.")
        .retry_after(7)
        .after_processing();
    let holder = "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1".to_owned();
    let skew = FaultRule::new("skew", Effect::ClockSkew { seconds: -300 });
    let expected = [
        FaultRule::new("answer", reply),
        FaultRule::new("bare", FaultResponse::without_body(502)),
        FaultRule::new("conflict", Effect::Conflict { request_id: Some(holder) }),
        FaultRule::new("someone", Effect::Conflict { request_id: None }),
        FaultRule::new("redirect", Effect::Redirect { to: "https://127.0.0.1:8443".to_owned() }),
        FaultRule::new("cut", Effect::Disconnect { after_processing: false }),
        FaultRule::new("cut after", Effect::Disconnect { after_processing: true }),
        FaultRule::new(
            "slow",
            Effect::Slow { time: Duration::from_millis(2500), after_processing: false },
        ),
        FaultRule::new("slow after", Effect::Slow { time: seconds(3), after_processing: true }),
        FaultRule::new("late", AsyncFailure::new(400, "BadRequest").message("No.")),
        FaultRule::new("long", Effect::SlowOperation { time: seconds(600) }),
        FaultRule::new("never", Effect::NeverStarts),
        FaultRule::new("failed", Effect::FailsToStart),
        FaultRule::new("silent", Effect::Unresponsive),
        FaultRule::new("recycles", Effect::Recycles { down: seconds(30) }),
        FaultRule::new("flaps", Effect::Flaps { ready: seconds(60), down: seconds(20) }),
        FaultRule::new("dies", Effect::Dies { after: seconds(90) }),
        FaultRule::new("domain", Effect::StuckDomain { domain: 2 }),
        skew.after(Duration::from_millis(500)).duration(seconds(10)),
    ];
    assert_eq!(rules, expected);
    let text = serde_json::to_string(&rules).unwrap();
    assert_eq!(parse(&text).unwrap(), rules);
    assert!(!text.contains("null"), "{text}");
}

#[test]
fn parses_every_condition() {
    let json = r#"{"id":"a","when":{"operations":["Get Deployment","writes"],"service":"contoso","deployment":"first","instance":"Web_IN_1","nth":1,"every":2,"first":3,"from":4,"probability":0.25,"after_seconds":5.0,"for_seconds":6.0,"times":7},"effect":{"disconnect":{}}}"#;
    let rule = FaultRule::new("a", Effect::Disconnect { after_processing: false })
        .on("Get Deployment")
        .on_writes()
        .service("contoso")
        .deployment("first")
        .instance("Web_IN_1")
        .nth(1)
        .every(2)
        .first(3)
        .from(4)
        .probability(0.25)
        .after(Duration::from_secs(5))
        .duration(Duration::from_secs(6))
        .times(7);
    assert_eq!(serde_json::to_string(&rule).unwrap(), json);
    assert_eq!(parse(&format!("[{json}]")).unwrap(), [rule]);
}

#[test]
fn error_names_entry_field_and_options() {
    let good = r#"{ "id": "good", "effect": "never_starts" }"#;
    for (second, expected) in [
        (r#"{ "effect": "never_starts" }"#, "entry 2: missing field `id`"),
        (r#"{ "id": "a" }"#, "entry 2: missing field `effect`"),
        (
            r#"{ "id": "a", "effect": "never" }"#,
            "entry 2: effect: unknown variant `never`, expected one of `answer`, `respond`, `conflict`, ",
        ),
        (
            r#"{ "id": "a", "effect": { "disconnect": { "when": 1 } } }"#,
            "entry 2: effect.disconnect.when: unknown field `when`, expected `after_processing`",
        ),
        (
            r#"{ "id": "a", "effect": { "respond": { "status": "503" } } }"#,
            "entry 2: effect.respond.status: invalid type: string \"503\", expected u16",
        ),
        (
            r#"{ "id": "a", "when": { "nth": -1 }, "effect": "never_starts" }"#,
            "entry 2: when.nth: invalid value: integer `-1`, expected u64",
        ),
        (
            r#"{ "id": "a", "when": { "for_seconds": -1 }, "effect": "never_starts" }"#,
            "entry 2: when.for_seconds: -1 is not a number of seconds from 0 up",
        ),
        (
            r#"{ "id": "a", "effect": { "slow": { "seconds": 1e300 } } }"#,
            "entry 2: effect.slow.seconds: ",
        ),
        (
            r#"{ "id": "a", "when": { "operations": ["Reboot"] }, "effect": { "disconnect": {} } }"#,
            "entry 2: the fault \"a\" cannot be used: when.operations: \"Reboot\" is not possible here; possible are ",
        ),
        (good, "entry 2: id: an earlier rule has the id \"good\" as well"),
    ] {
        let error = parse(&format!("[{good},\n{second}]")).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}\n{expected}");
    }
    let error = parse("{}").unwrap_err().to_string();
    assert!(error.starts_with("the list of faults: invalid type: map"), "{error}");
    let error = parse(&format!("[{good}] x")).unwrap_err().to_string();
    assert!(error.starts_with("after the list: trailing characters"), "{error}");
}

#[test]
fn reads_rules_from_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("faults.json");
    std::fs::write(&path, r#"[{ "id": "stuck", "effect": "never_starts" }]"#).unwrap();
    assert_eq!(read(&path).unwrap(), [FaultRule::new("stuck", Effect::NeverStarts)]);
    let missing = dir.path().join("missing.json");
    let error = read(&missing).unwrap_err().to_string();
    assert_eq!(error, format!("{} cannot be read", missing.display()));
}

#[test]
fn parses_documented_example() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/reference/faults.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, example) = text.split_once("```json\n[").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let ids: Vec<_> = parse(&format!("[{example}")).unwrap().into_iter().map(|it| it.id).collect();
    assert_eq!(ids, ["busy", "lost response", "bad release", "unreliable hour"]);
}

#[test]
fn parses_files_with_the_first_names() {
    let first = r#"[
        { "id": "a", "when": { "operations": ["changing", "reading"] }, "effect": { "answer": { "status": 503, "after_work": true } } },
        { "id": "b", "effect": { "cut": { "after_work": true } } },
        { "id": "c", "effect": { "fails_late": { "status": 500, "code": "InternalError" } } },
        { "id": "d", "effect": { "takes_long": { "seconds": 60 } } }
    ]"#;
    let present = r#"[
        { "id": "a", "when": { "operations": ["writes", "reads"] }, "effect": { "respond": { "status": 503, "after_processing": true } } },
        { "id": "b", "effect": { "disconnect": { "after_processing": true } } },
        { "id": "c", "effect": { "fail_async": { "status": 500, "code": "InternalError" } } },
        { "id": "d", "effect": { "slow_operation": { "seconds": 60 } } }
    ]"#;
    assert_eq!(parse(first).unwrap(), parse(present).unwrap());
}
