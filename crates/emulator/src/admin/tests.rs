use std::time::Duration;

use azure_classic_protocol::machine::Instant;
use http::header;
use serde_json::Value;

use super::*;
use crate::clock::Clock;
use crate::observer::Observer;
use crate::{Settings, Simulator};

const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";

fn admin() -> Arc<Admin> {
    let simulator = Simulator::new(Settings::new(SUBSCRIPTION.parse().unwrap()).allow("00"));
    Arc::new(Admin {
        shared: Arc::new(Shared::new(
            simulator,
            None,
            Clock::new(0.0, Instant::ORIGIN),
            Observer::default(),
        )),
        endpoint: "https://127.0.0.1:8443".to_owned(),
        subscription: SUBSCRIPTION.to_owned(),
    })
}

async fn send(admin: &Arc<Admin>, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1:9000")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap();
    let response = admin.handle(request).await;
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or_default())
}

#[tokio::test]
async fn health_has_the_address_and_the_state() {
    let (status, health) = send(&admin(), "GET", "/health", "").await;
    assert_eq!(status, 200);
    assert_eq!(health["status"], "ok");
    assert_eq!(health["endpoint"], "https://127.0.0.1:8443");
    assert_eq!(health["subscription"], SUBSCRIPTION);
    assert_eq!(health["now"], "2015-01-01T00:00:00Z");
    assert_eq!(health["speed"], 0.0);
}

#[tokio::test]
async fn steps_advance_time() {
    let admin = admin();
    let (status, snapshot) = send(&admin, "POST", "/step", r#"{"seconds": 90.5}"#).await;
    assert_eq!((status, &snapshot["elapsed_seconds"]), (200, &json!(90.5)));
    let time = Instant::from_origin(Duration::from_millis(90_500));
    assert_eq!(admin.shared.simulator().now(), time);
    // No event is scheduled, so there is nothing to step to.
    let (status, snapshot) = send(&admin, "POST", "/step", r#"{"until": "next_event"}"#).await;
    assert_eq!((status, &snapshot["elapsed_seconds"]), (200, &json!(90.5)));
}

#[tokio::test]
async fn errors_name_the_problem() {
    for (method, path, body, status, part) in [
        ("POST", "/step", "", 400, "the body cannot be used"),
        ("POST", "/step", r#"{"minutes": 1}"#, 400, "minutes"),
        ("POST", "/step", r#"{"seconds": -1}"#, 400, "seconds: -1"),
        ("GET", "/journal?after=x", "", 400, "after is not the number"),
        ("POST", "/faults", r#"{"id": "a", "effect": {"explode": {}}}"#, 400, "explode"),
        ("POST", "/faults", r#"{"id": "", "effect": "never_starts"}"#, 400, "id"),
        ("PUT", "/state", "{}", 400, "cannot read the saved state at .: missing field `format`"),
        ("DELETE", "/faults/busy", "", 404, "there is no fault with the id \"busy\""),
        ("GET", "/snapshots", "", 404, "/snapshots is nothing here; there are GET /"),
        ("PATCH", "/snapshot", "", 405, "PATCH is not possible here"),
    ] {
        let (got, response) = send(&admin(), method, path, body).await;
        assert_eq!(got, status, "{method} {path}");
        let error = response["error"].as_str().unwrap();
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn faults_are_added_and_removed_and_the_journal_shows_their_effects() {
    let admin = admin();
    let busy = json!({
        "id": "it is busy",
        "when": { "operations": ["Get Operation Status"] },
        "effect": { "respond": { "status": 503, "code": "ServerBusy" } },
    });
    let (status, faults) = send(&admin, "POST", "/faults", &busy.to_string()).await;
    assert_eq!((status, faults.as_array().map(Vec::len)), (200, Some(1)));

    let caller = crate::Caller::thumbprint("00");
    let request = Request::get(format!("/{SUBSCRIPTION}/operations/1"))
        .header("x-ms-version", "2015-04-01")
        .body(Bytes::new())
        .unwrap();
    let response = admin.shared.handle(&caller, request.clone()).await.response.unwrap();
    assert_eq!(response.status(), 503);

    let (_, journal) = send(&admin, "GET", "/journal?after=0", "").await;
    assert_eq!(journal["last"], 1);
    assert_eq!(journal["entries"][0]["faults"], json!(["it is busy"]));
    assert_eq!(send(&admin, "GET", "/journal?after=1", "").await.1["entries"], json!([]));

    assert_eq!(send(&admin, "DELETE", "/faults/it%20is%20busy", "").await, (200, json!([])));
    let response = admin.shared.handle(&caller, request.clone()).await.response.unwrap();
    assert_eq!(response.status(), 404);
}

#[tokio::test]
async fn the_state_is_saved_and_loaded() {
    let admin = admin();
    send(&admin, "POST", "/step", r#"{"seconds": 60}"#).await;
    let (status, saved) = send(&admin, "GET", "/state", "").await;
    assert_eq!((status, &saved["format"]), (200, &json!(1)));

    let stuck = json!({ "id": "stuck", "effect": "never_starts" });
    send(&admin, "POST", "/faults", &stuck.to_string()).await;
    send(&admin, "POST", "/step", r#"{"seconds": 60}"#).await;
    let (status, snapshot) = send(&admin, "PUT", "/state", &saved.to_string()).await;
    // Time that moves by hand goes back, too.
    assert_eq!((status, &snapshot["elapsed_seconds"]), (200, &json!(60.0)));
    assert_eq!(send(&admin, "GET", "/faults", "").await.1, json!([]));
    assert_eq!(send(&admin, "GET", "/state", "").await.1, saved);
}

#[tokio::test]
async fn the_page_loads_nothing_from_other_hosts() {
    for path in ["/", "/page.css", "/page.js"] {
        let request =
            Request::get(path).header(header::HOST, "localhost").body(Bytes::new()).unwrap();
        let response = admin().handle(request).await;
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        let text = std::str::from_utf8(response.body()).unwrap();
        assert!(!text.contains("http://") && !text.contains("https://"), "{path}");
    }
}

/// The API, a time step or a person with a debugger keeps the simulator.
#[tokio::test]
async fn health_and_page_do_not_lock_the_simulator() {
    let admin = admin();
    send(&admin, "POST", "/step", r#"{"seconds": 60}"#).await;
    let busy = admin.shared.simulator();
    for path in ["/health", "/health?verbose", "/", "/page.js", "/operations"] {
        let (status, body) = send(&admin, "GET", path, "").await;
        assert_eq!(status, 200, "{path}");
        if path.starts_with("/health") {
            assert_eq!(body["elapsed_seconds"], json!(60.0));
        }
    }
    drop(busy);
}

/// The forms of the page know effects by their JSON names, which no compiler compares.
#[test]
fn the_page_knows_the_names_of_its_effects() {
    let script = include_str!("page/page.js");
    let names: Vec<_> = script
        .split("effect: ")
        .skip(1)
        .filter_map(|rest| rest.strip_prefix("{ ").or_else(|| rest.strip_prefix('\'')))
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
        .collect();
    assert!(names.len() >= 8, "{names:?}");
    for name in names {
        let json = format!(r#"{{ "{name}": {{}} }}"#);
        let error = serde_json::from_str::<crate::faults::Effect>(&json).err();
        let error = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(!error.contains("unknown variant"), "{name}: {error}");
    }
}
