//! What the journal keeps of requests.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, FaultResponse, FaultRule};
use azure_classic_emulator::{Caller, JournalEntry};

use crate::harness::{Harness, SUBSCRIPTION, THUMBPRINT, base64, create_service, root};

const SERVICES: &str = "/services/hostedservices";
const CONTOSO: &str = "/services/hostedservices/contoso";

fn last_entry(harness: &Harness) -> JournalEntry {
    harness.simulator.journal().entries().next_back().unwrap().clone()
}

#[test]
fn records_request() {
    let mut harness = Harness::new();
    harness.advance(90);
    let body = create_service("contoso");
    let reply = harness.post(SERVICES, &body).expect(201);
    let entry = serde_json::to_value(last_entry(&harness)).unwrap();
    let expected = serde_json::json!({
        "number": 1,
        "time": "2015-01-01T00:01:30Z",
        "at_seconds": 90.0,
        "method": "POST",
        "path": format!("/{SUBSCRIPTION}{SERVICES}"),
        "version": "2015-04-01",
        "caller": THUMBPRINT,
        "operation": "Create Cloud Service",
        "request_id": reply.id(),
        "status": 201,
        "code": null,
        "message": null,
        "faults": [],
        "diagnostics": [],
        "body_size": body.len(),
        "delay_seconds": 0.0,
    });
    assert_eq!(entry, expected);
}

#[test]
fn records_error_message_and_nearest_operation() {
    let mut harness = Harness::new();
    harness.get(CONTOSO).expect(404);
    let entry = last_entry(&harness);
    assert_eq!(entry.operation, Some("Get Cloud Service Properties"));
    assert_eq!(entry.status, Some(404));
    assert_eq!(entry.code.as_deref(), Some("ResourceNotFound"));
    assert_eq!(entry.message.as_deref(), Some("The hosted service does not exist."));

    harness.post(&format!("{CONTOSO}/deployments/first?comp=upgrad"), "").expect(400);
    let entry = last_entry(&harness);
    assert_eq!(entry.operation, None);
    assert_eq!(entry.code.as_deref(), Some("MissingOrInvalidRequiredQueryParameter"));
    assert!(
        entry.diagnostics[0].contains("comp=upgrade (Upgrade Deployment)"),
        "{:?}",
        entry.diagnostics
    );

    let label = base64("a label");
    let late = format!(
        "<Label>{label}</Label><ServiceName>contoso</ServiceName><Location>West US</Location>"
    );
    harness.post(SERVICES, &root("CreateHostedService", &late)).expect(400);
    let entry = last_entry(&harness);
    assert_eq!(
        entry.diagnostics,
        ["CreateHostedService/ServiceName is skipped: it comes twice or too late"]
    );
    assert_eq!(entry.number, 3);
    assert_eq!(
        entry.to_string(),
        format!(
            "3 +0ns POST /{SUBSCRIPTION}{SERVICES} (Create Cloud Service): 400 InvalidXmlRequest: {}; {}",
            entry.message.as_ref().unwrap(),
            entry.diagnostics[0]
        )
    );
}

#[test]
fn records_unknown_and_anonymous_callers() {
    let mut harness = Harness::new();
    let request = harness.request("GET", CONTOSO, "");
    let callers = [Caller::thumbprint("00aa"), Caller::ANONYMOUS];
    for caller in &callers {
        harness.simulator.handle(harness.simulator.now(), caller, &request);
    }
    let callers: Vec<_> =
        harness.simulator.journal().entries().map(|it| it.caller.as_deref()).collect();
    assert_eq!(callers, [Some("00AA"), None]);
    assert!(harness.simulator.journal().entries().all(|it| it.status == Some(403)));

    let request = http::Request::get("/").body(bytes::Bytes::new()).unwrap();
    harness.handle(&request);
    let entry = last_entry(&harness);
    assert_eq!((entry.path.as_str(), entry.version), ("/", None));
}

#[test]
fn records_faults() {
    let slow = |after_processing, seconds| {
        let time = Duration::from_secs(seconds);
        FaultRule::new(format!("slow {seconds}"), Effect::Slow { time, after_processing })
    };
    let mut harness = Harness::new();
    harness.add_fault(slow(true, 2));
    harness.add_fault(slow(false, 3));
    harness.add_fault(FaultRule::new("busy", FaultResponse::new(503, "ServerBusy")).times(1));
    harness.add_fault(FaultRule::new("cut", Effect::Disconnect { after_processing: false }));
    let request = harness.request("GET", CONTOSO, "");
    for expected in [Some(503), None] {
        let delayed = harness.outcome(&request).delayed.unwrap();
        harness.advance(3);
        let before = harness.simulator.journal().last_number();
        harness.simulator.resume(harness.simulator.now(), delayed);
        let entry = last_entry(&harness);
        assert_eq!((entry.number, entry.status), (before + 1, expected));
        assert_eq!(entry.delay, Duration::from_secs(5));
        assert_eq!(entry.at + Duration::from_secs(3), harness.simulator.now());
    }
    let faults: Vec<_> =
        harness.simulator.journal().entries().map(|it| it.faults.join(", ")).collect();
    assert_eq!(faults, ["slow 2, slow 3, busy", "slow 2, slow 3, cut"]);
    assert!(
        last_entry(&harness)
            .to_string()
            .ends_with(": cut; fault \"slow 2\"; fault \"slow 3\"; fault \"cut\"")
    );
}

#[test]
fn keeps_latest_entries_by_number() {
    let mut harness = Harness::with(|settings| settings.journal_entries = 5);
    assert_eq!(harness.simulator.journal().last_number(), 0);
    for _ in 0..12 {
        harness.get(CONTOSO);
    }
    let since = |number| {
        harness.simulator.journal().since(number).map(|entry| entry.number).collect::<Vec<_>>()
    };
    assert_eq!(harness.simulator.journal().last_number(), 12);
    assert_eq!(since(0), [8, 9, 10, 11, 12]);
    assert_eq!(since(9), [10, 11, 12]);
    assert_eq!(since(12), [0; 0]);
    assert_eq!(since(99), [0; 0]);
    assert_eq!(harness.simulator.journal().entries().count(), 5);

    let mut none = Harness::with(|settings| settings.journal_entries = 0);
    none.get(CONTOSO);
    assert_eq!(none.simulator.journal().last_number(), 1);
    assert_eq!(none.simulator.journal().entries().count(), 0);
}

#[test]
fn is_not_part_of_saved_state() {
    let mut harness = Harness::new();
    let before = harness.simulator.save();
    assert!(!before.contains("\"journal\""));
    harness.get(CONTOSO);
    harness.reload();
    assert_eq!(harness.simulator.journal().last_number(), 0);
    assert_eq!(harness.simulator.journal().entries().count(), 0);
}
