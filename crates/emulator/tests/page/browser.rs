//! A real browser, driven as its makers foresee it for tests.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

pub(crate) struct Browser {
    driver: Child,
    client: Client<HttpConnector, Full<Bytes>>,
    session: String,
    profile: tempfile::TempDir,
}

/// As root, and without asking for anything on any network.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1500",
];

impl Browser {
    /// `None` where there is no Chromium with its driver.
    pub(crate) async fn start() -> Option<Self> {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            line.strip_prefix("ChromeDriver was started successfully on port ")
                .map(|port| port.trim_end_matches('.').to_owned())
        });
        // It goes on talking, and would wait if nobody listened.
        std::thread::spawn(move || lines.for_each(drop));
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self {
            driver,
            client: Client::builder(TokioExecutor::new()).build_http(),
            session: format!(
                "http://127.0.0.1:{}/session",
                port.expect("the driver says its port")
            ),
            profile,
        };
        let mut flags: Vec<_> = FLAGS.map(str::to_owned).into();
        flags.push(format!("--user-data-dir={}", browser.profile.path().display()));
        let options = json!({ "args": flags });
        let wanted =
            json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": options } } });
        let session = browser.request("POST", "", &wanted).await;
        browser.session = format!("{}/{}", browser.session, session["sessionId"].as_str().unwrap());
        Some(browser)
    }

    pub(crate) async fn open(&self, url: &str) {
        self.request("POST", "/url", &json!({ "url": url })).await;
    }

    /// Waits until the expression is true, and says what the page looked like if it never is.
    pub(crate) async fn wait_until(&self, expression: &str) {
        let script = format!(
            "const done = arguments[0];\
             const look = () => ({expression}) ? done('') : setTimeout(look, 50);\
             look(); setTimeout(() => done(document.body.innerText), 15000);"
        );
        let seen =
            self.request("POST", "/execute/async", &json!({ "script": script, "args": [] })).await;
        assert_eq!(seen, "", "{expression} never came true");
    }

    pub(crate) async fn evaluate(&self, expression: &str) -> Value {
        let script = format!("return {expression};");
        self.request("POST", "/execute/sync", &json!({ "script": script, "args": [] })).await
    }

    /// Clicks as a person does: on what is there to be seen.
    pub(crate) async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        self.request("POST", &format!("/element/{element}/click"), &json!({})).await;
    }

    pub(crate) async fn type_into(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        self.request("POST", &format!("/element/{element}/value"), &json!({ "text": text })).await;
    }

    pub(crate) async fn screenshot(&self) -> Vec<u8> {
        let picture = self.request("GET", "/screenshot", &Value::Null).await;
        STANDARD.decode(picture.as_str().unwrap()).unwrap()
    }

    async fn find(&self, selector: &str) -> String {
        let how = json!({ "using": "css selector", "value": selector });
        let found = self.request("POST", "/element", &how).await;
        let element = found.as_object().and_then(|element| element.values().next());
        element.and_then(Value::as_str).unwrap_or_else(|| panic!("{selector}: {found}")).to_owned()
    }

    async fn request(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.session))
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))
            .unwrap();
        let response = self.client.request(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let mut reply: Value = serde_json::from_slice(&body).unwrap();
        let value = reply["value"].take();
        assert!(value.get("error").is_none(), "{method} {path}: {value}");
        value
    }

    pub(crate) async fn stop(self) {
        self.request("DELETE", "", &Value::Null).await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
