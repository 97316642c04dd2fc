//! What the journal keeps of requests.

use std::time::Duration;

use azure_classic_emulator::faults::{Effect, Reply, Rule};
use azure_classic_emulator::{Caller, JournalEntry};

use crate::bench::{Bench, SUBSCRIPTION, THUMBPRINT, base64, create_service, root};

const SERVICES: &str = "/services/hostedservices";
const CONTOSO: &str = "/services/hostedservices/contoso";

fn last(bench: &Bench) -> JournalEntry {
    bench.cloud.journal().entries().next_back().unwrap().clone()
}

#[test]
fn a_request_leaves_an_entry() {
    let mut bench = Bench::new();
    bench.pass(90);
    let body = create_service("contoso");
    let reply = bench.post(SERVICES, &body).expect(201);
    let told = serde_json::to_value(last(&bench)).unwrap();
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
        "notes": [],
        "body_size": body.len(),
        "delay_seconds": 0.0,
    });
    assert_eq!(told, expected);
}

#[test]
fn a_refusal_says_its_words_and_what_it_nearly_was() {
    let mut bench = Bench::new();
    bench.get(CONTOSO).expect(404);
    let entry = last(&bench);
    assert_eq!(entry.operation, Some("Get Cloud Service Properties"));
    assert_eq!(entry.status, Some(404));
    assert_eq!(entry.code.as_deref(), Some("ResourceNotFound"));
    assert_eq!(entry.message.as_deref(), Some("The hosted service does not exist."));

    bench.post(&format!("{CONTOSO}/deployments/first?comp=upgrad"), "").expect(400);
    let entry = last(&bench);
    assert_eq!(entry.operation, None);
    assert_eq!(entry.code.as_deref(), Some("MissingOrInvalidRequiredQueryParameter"));
    assert!(entry.notes[0].contains("comp=upgrade (Upgrade Deployment)"), "{:?}", entry.notes);

    let label = base64("a label");
    let late = format!(
        "<Label>{label}</Label><ServiceName>contoso</ServiceName><Location>West US</Location>"
    );
    bench.post(SERVICES, &root("CreateHostedService", &late)).expect(400);
    let entry = last(&bench);
    assert_eq!(
        entry.notes,
        ["CreateHostedService/ServiceName is skipped: it comes twice or too late"]
    );
    assert_eq!(entry.number, 3);
    assert_eq!(
        entry.to_string(),
        format!(
            "3 +0ns POST /{SUBSCRIPTION}{SERVICES} (Create Cloud Service): 400 InvalidXmlRequest: {}; {}",
            entry.message.as_ref().unwrap(),
            entry.notes[0]
        )
    );
}

#[test]
fn strangers_are_named_and_nobody_is_nobody() {
    let mut bench = Bench::new();
    let request = bench.request("GET", CONTOSO, "");
    let callers = [Caller::thumbprint("00aa"), Caller::NOBODY];
    for caller in &callers {
        bench.cloud.handle(bench.cloud.now(), caller, &request);
    }
    let told: Vec<_> = bench.cloud.journal().entries().map(|it| it.caller.as_deref()).collect();
    assert_eq!(told, [Some("00AA"), None]);
    assert!(bench.cloud.journal().entries().all(|it| it.status == Some(403)));

    let request = http::Request::get("/").body(bytes::Bytes::new()).unwrap();
    bench.handle(&request);
    let entry = last(&bench);
    assert_eq!((entry.path.as_str(), entry.version), ("/", None));
}

#[test]
fn faults_are_named() {
    let slow = |after_work, seconds| {
        let time = Duration::from_secs(seconds);
        Rule::new(format!("slow {seconds}"), Effect::Slow { time, after_work })
    };
    let mut bench = Bench::new();
    bench.fault(slow(true, 2));
    bench.fault(slow(false, 3));
    bench.fault(Rule::new("busy", Reply::new(503, "ServerBusy")).times(1));
    bench.fault(Rule::new("cut", Effect::Cut { after_work: false }));
    let request = bench.request("GET", CONTOSO, "");
    for expected in [Some(503), None] {
        let held = bench.outcome(&request).held.unwrap();
        bench.pass(3);
        let before = bench.cloud.journal().last_number();
        bench.cloud.resume(bench.cloud.now(), held);
        let entry = last(&bench);
        assert_eq!((entry.number, entry.status), (before + 1, expected));
        assert_eq!(entry.delay, Duration::from_secs(5));
        assert_eq!(entry.at + Duration::from_secs(3), bench.cloud.now());
    }
    let told: Vec<_> = bench.cloud.journal().entries().map(|it| it.faults.join(", ")).collect();
    assert_eq!(told, ["slow 2, slow 3, busy", "slow 2, slow 3, cut"]);
    assert!(
        last(&bench)
            .to_string()
            .ends_with(": cut; fault \"slow 2\"; fault \"slow 3\"; fault \"cut\"")
    );
}

#[test]
fn the_last_are_kept_and_can_be_asked_for_by_number() {
    let mut bench = Bench::with(|settings| settings.journal_entries = 5);
    assert_eq!(bench.cloud.journal().last_number(), 0);
    for _ in 0..12 {
        bench.get(CONTOSO);
    }
    let since =
        |number| bench.cloud.journal().since(number).map(|entry| entry.number).collect::<Vec<_>>();
    assert_eq!(bench.cloud.journal().last_number(), 12);
    assert_eq!(since(0), [8, 9, 10, 11, 12]);
    assert_eq!(since(9), [10, 11, 12]);
    assert_eq!(since(12), [0; 0]);
    assert_eq!(since(99), [0; 0]);
    assert_eq!(bench.cloud.journal().entries().count(), 5);

    let mut none = Bench::with(|settings| settings.journal_entries = 0);
    none.get(CONTOSO);
    assert_eq!(none.cloud.journal().last_number(), 1);
    assert_eq!(none.cloud.journal().entries().count(), 0);
}

#[test]
fn it_is_no_part_of_the_state() {
    let mut bench = Bench::new();
    let before = bench.cloud.save();
    assert!(!before.contains("\"journal\""));
    bench.get(CONTOSO);
    bench.reload();
    assert_eq!(bench.cloud.journal().last_number(), 0);
    assert_eq!(bench.cloud.journal().entries().count(), 0);
}
