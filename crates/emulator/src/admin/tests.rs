use std::time::Duration;

use azure_classic_protocol::machine::Instant;
use http::header;
use serde_json::Value;

use super::*;
use crate::clock::Clock;
use crate::observer::Observer;
use crate::{Cloud, Settings};

const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";

fn admin() -> Arc<Admin> {
    let cloud = Cloud::new(Settings::new(SUBSCRIPTION.parse().unwrap()).allow("00"));
    Arc::new(Admin {
        shared: Arc::new(Shared::new(
            cloud,
            None,
            Clock::new(0.0, Instant::ORIGIN),
            Observer::default(),
        )),
        endpoint: "https://127.0.0.1:8443".to_owned(),
        subscription: SUBSCRIPTION.to_owned(),
    })
}

async fn ask(admin: &Arc<Admin>, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1:9000")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap();
    let answer = admin.promise(request).await;
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or_default())
}

#[tokio::test]
async fn health_tells_where_and_how_the_emulator_runs() {
    let (status, health) = ask(&admin(), "GET", "/health", "").await;
    assert_eq!(status, 200);
    assert_eq!(health["status"], "ok");
    assert_eq!(health["endpoint"], "https://127.0.0.1:8443");
    assert_eq!(health["subscription"], SUBSCRIPTION);
    assert_eq!(health["now"], "2015-01-01T00:00:00Z");
    assert_eq!(health["speed"], 0.0);
}

#[tokio::test]
async fn time_is_stepped() {
    let admin = admin();
    let (status, board) = ask(&admin, "POST", "/step", r#"{"seconds": 90.5}"#).await;
    assert_eq!((status, &board["elapsed_seconds"]), (200, &json!(90.5)));
    let moment = Instant::from_origin(Duration::from_millis(90_500));
    assert_eq!(admin.shared.cloud().now(), moment);
    // Nothing is under way: there is nothing to step to.
    let (status, board) = ask(&admin, "POST", "/step", r#"{"until": "next_event"}"#).await;
    assert_eq!((status, &board["elapsed_seconds"]), (200, &json!(90.5)));
}

#[tokio::test]
async fn what_cannot_be_done_is_said() {
    for (method, path, body, status, part) in [
        ("POST", "/step", "", 400, "the body cannot be used"),
        ("POST", "/step", r#"{"minutes": 1}"#, 400, "minutes"),
        ("POST", "/step", r#"{"seconds": -1}"#, 400, "seconds: -1"),
        ("GET", "/journal?after=x", "", 400, "after is not the number"),
        ("POST", "/faults", r#"{"id": "a", "effect": {"explode": {}}}"#, 400, "explode"),
        ("POST", "/faults", r#"{"id": "", "effect": "never_starts"}"#, 400, "id"),
        ("PUT", "/state", "{}", 400, "cannot be read at .: missing field `format`"),
        ("DELETE", "/faults/busy", "", 404, "there is no fault with the id \"busy\""),
        ("GET", "/boards", "", 404, "/boards is nothing here; there are GET /"),
        ("PATCH", "/board", "", 405, "PATCH is not possible here"),
    ] {
        let (got, response) = ask(&admin(), method, path, body).await;
        assert_eq!(got, status, "{method} {path}");
        let error = response["error"].as_str().unwrap();
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn faults_come_and_go_and_the_journal_tells_what_they_did() {
    let admin = admin();
    let busy = json!({
        "id": "it is busy",
        "when": { "operations": ["Get Operation Status"] },
        "effect": { "answer": { "status": 503, "code": "ServerBusy" } },
    });
    let (status, faults) = ask(&admin, "POST", "/faults", &busy.to_string()).await;
    assert_eq!((status, faults.as_array().map(Vec::len)), (200, Some(1)));

    let caller = crate::Caller::thumbprint("00");
    let request = Request::get(format!("/{SUBSCRIPTION}/operations/1"))
        .header("x-ms-version", "2015-04-01")
        .body(Bytes::new())
        .unwrap();
    let answer = admin.shared.handle(&caller, request.clone()).await.answer.unwrap();
    assert_eq!(answer.status(), 503);

    let (_, journal) = ask(&admin, "GET", "/journal?after=0", "").await;
    assert_eq!(journal["last"], 1);
    assert_eq!(journal["entries"][0]["faults"], json!(["it is busy"]));
    assert_eq!(ask(&admin, "GET", "/journal?after=1", "").await.1["entries"], json!([]));

    assert_eq!(ask(&admin, "DELETE", "/faults/it%20is%20busy", "").await, (200, json!([])));
    let answer = admin.shared.handle(&caller, request.clone()).await.answer.unwrap();
    assert_eq!(answer.status(), 404);
}

#[tokio::test]
async fn the_state_is_read_and_put_back() {
    let admin = admin();
    ask(&admin, "POST", "/step", r#"{"seconds": 60}"#).await;
    let (status, saved) = ask(&admin, "GET", "/state", "").await;
    assert_eq!((status, &saved["format"]), (200, &json!(1)));

    let stuck = json!({ "id": "stuck", "effect": "never_starts" });
    ask(&admin, "POST", "/faults", &stuck.to_string()).await;
    ask(&admin, "POST", "/step", r#"{"seconds": 60}"#).await;
    let (status, board) = ask(&admin, "PUT", "/state", &saved.to_string()).await;
    // Time that moves by hand goes back, too.
    assert_eq!((status, &board["elapsed_seconds"]), (200, &json!(60.0)));
    assert_eq!(ask(&admin, "GET", "/faults", "").await.1, json!([]));
    assert_eq!(ask(&admin, "GET", "/state", "").await.1, saved);
}

#[tokio::test]
async fn the_page_takes_nothing_from_elsewhere() {
    for path in ["/", "/page.css", "/page.js"] {
        let request =
            Request::get(path).header(header::HOST, "localhost").body(Bytes::new()).unwrap();
        let answer = admin().promise(request).await;
        assert_eq!(answer.status(), 200, "{path}");
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        let text = std::str::from_utf8(answer.body()).unwrap();
        assert!(!text.contains("http://") && !text.contains("https://"), "{path}");
    }
}

/// The API, a time step or a person with a debugger keeps the simulator.
#[tokio::test]
async fn the_health_and_the_page_need_no_simulator() {
    let admin = admin();
    ask(&admin, "POST", "/step", r#"{"seconds": 60}"#).await;
    let busy = admin.shared.cloud();
    for path in ["/health", "/health?verbose", "/", "/page.js", "/operations"] {
        let (status, body) = ask(&admin, "GET", path, "").await;
        assert_eq!(status, 200, "{path}");
        if path.starts_with("/health") {
            assert_eq!(body["elapsed_seconds"], json!(60.0));
        }
    }
    drop(busy);
}
